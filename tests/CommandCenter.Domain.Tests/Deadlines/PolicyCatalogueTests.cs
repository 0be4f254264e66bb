using System.Text.Json.Nodes;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>The catalogue of matters in the policy, and what holds for one of them.</summary>
public class PolicyCatalogueTests
{
    private static readonly string Shipped = RepositoryFiles.Read("src", "CommandCenter.Host", "Deadlines", "policies", "default-2.json");

    private static DeadlinePolicy Catalogue { get; } = DeadlinePolicyReader.Read(Shipped).Policy!;

    [Fact]
    public void The_shipped_catalogue_has_at_least_120_matters_over_the_four_sectors_and_marks_every_limit()
    {
        var counts = PolicyCounts.Of(Catalogue);

        counts.Matters.Values.Sum().ShouldBeGreaterThanOrEqualTo(120);
        counts.Matters.ShouldAllBe(sector => sector.Value >= 10);
        counts.Unmarked.ShouldBe(0);
        counts.Limits.ShouldAllBe(basis => basis.Value > 0);
        // The numbers that the verb prints; a change of the catalogue changes them on purpose.
        (counts.Rules, counts.Matters[Sector.PartyBuilding], counts.Matters[Sector.Economy], counts.Matters[Sector.Livelihood], counts.Matters[Sector.SafetyAndLaw]).ShouldBe((24, 12, 83, 26, 26));
        (counts.Limits[LimitBasis.Sourced], counts.Limits[LimitBasis.Derived], counts.Limits[LimitBasis.Assumed]).ShouldBe((90, 33, 61));
    }

    [Fact]
    public void Every_category_of_the_demo_district_is_a_matter_of_the_catalogue_in_the_same_sector()
    {
        var categories = RepositoryFiles.Read("src", "CommandCenter.Host", "Organization", "demo-district", "categories.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1);

        foreach (var code in categories.Select(line => line.Split(',')[0]))
            Catalogue.Matters!.Select(matter => matter.Code).ShouldContain(code);
    }

    /// <summary>久拖不决的事: whatever is late long enough comes onto the committee's list, how urgent it ever was (S3-10).</summary>
    [Fact]
    public void Every_ladder_that_climbs_reaches_the_party_work_committee()
    {
        Catalogue.Ladders!.ShouldAllBe(ladder => ladder.Steps.Any(step => step.Level == EscalationLevel.Committee));
        Catalogue.Rules.Where(rule => rule.Clock is not (Clock.Rate or Clock.HardLimit)).ShouldAllBe(rule => rule.Ladder.Any(step => step.Level == EscalationLevel.Committee));
        foreach (var matter in Catalogue.Matters!)
        {
            foreach (var urgency in Enum.GetValues<Urgency>())
                Catalogue.RuleFor(Clock.Handle, urgency, matter.Code).Ladder[^1].Level.ShouldBe(EscalationLevel.Committee, $"{matter.Code} {urgency}");
        }
    }

    [Fact]
    public void No_matter_may_take_longer_than_the_hard_limit()
    {
        var hard = Calendar.At(Town.Code, Town.Shanghai).After(T0, new Limit(30, TimeUnit.NaturalDays));

        Catalogue.Matters!.SelectMany(matter => matter.Limits).ShouldAllBe(limit => Time.After(T0, limit.Limit) <= hard);
    }

    [Fact]
    public void A_matter_has_its_own_limit_and_ladder_and_the_others_the_general_ones()
    {
        var manhole = Catalogue.RuleFor(Clock.Handle, Urgency.Normal, "manhole-missing");

        manhole.Limit.ShouldBe(new Limit(120, TimeUnit.UrgentMinutes));
        (manhole.Basis, manhole.Source).ShouldBe((LimitBasis.Sourced, "yuncheng"));
        manhole.Ladder[0].Offset.ShouldBe(new Limit(-20, TimeUnit.UrgentMinutes));
        Catalogue.RuleFor(Clock.Handle, Urgency.Normal, "something-else").Limit.ShouldBe(new Limit(7, TimeUnit.NaturalDays));
        Catalogue.RuleFor(Clock.Accept, Urgency.Normal, "manhole-missing").Limit.ShouldBe(new Limit(15, TimeUnit.UrgentMinutes));
    }

    [Fact]
    public void What_is_more_urgent_is_never_given_more_time()
    {
        foreach (var matter in Catalogue.Matters!)
        {
            var dues = Enum.GetValues<Urgency>().Select(urgency => Time.After(T0, Catalogue.RuleFor(Clock.Handle, urgency, matter.Code).Limit)).ToList();

            dues.SequenceEqual(dues.OrderDescending()).ShouldBeTrue(matter.Code);
        }

        Catalogue.RuleFor(Clock.Handle, Urgency.Urgent, "manhole-missing").Limit.ShouldBe(new Limit(120, TimeUnit.UrgentMinutes), "its two hours are shorter than the general day");
        Catalogue.RuleFor(Clock.Handle, Urgency.Urgent, "damaged-road").Limit.ShouldBe(new Limit(1440, TimeUnit.UrgentMinutes), "the general day is shorter than its five");
        Catalogue.RuleFor(Clock.Handle, Urgency.Emergency, "fire-hazard").Limit.ShouldBe(new Limit(60, TimeUnit.UrgentMinutes));
        (Catalogue.MatterOf(Clock.Handle, Urgency.Urgent, "damaged-road"), Catalogue.MatterOf(Clock.Handle, Urgency.Normal, "damaged-road")).ShouldBe((null, "damaged-road"));
    }

    [Fact]
    public void A_case_runs_under_the_limit_and_ladder_of_its_matter()
    {
        var missing = Reported() with { Category = "manhole-missing" };
        var filed = Filed() with { Category = "manhole-missing" };

        Deadlines.Under(new PolicyBook(Catalogue, [], Calendar), Town.Organization, missing.At(T0), filed.At(T0))
            .When(Dispatched(), T0)
            .ThenOnly(
                new CaseClockStarted(Clock.Handle, 1, T0, Urgency.Normal, new Limit(120, TimeUnit.UrgentMinutes), T0 + 2.Hours(), "default-2", "manhole-missing"),
                new CaseClockStarted(Clock.HardLimit, 1, T0, Urgency.Normal, new Limit(30, TimeUnit.NaturalDays), T0 + 30.Days(), "default-2"))
            .AndTimer("handle/warning", T0 + 100.Minutes())
            .WhenTime(T0 + 100.Minutes())
            .AndTimer("handle/overdue", T0 + 2.Hours());
    }

    [Fact]
    public void A_limit_in_working_days_is_counted_by_the_calendar_of_the_town()
    {
        var road = Reported() with { Category = "damaged-road" };
        var at = Local("2026-09-28T10:20");

        Deadlines.Under(new PolicyBook(Catalogue, [], Calendar), Town.Organization, road.At(at), (Filed() with { Category = "damaged-road" }).At(at))
            .When(Dispatched(), at)
            .AndTimer("handle/warning", Local("2026-10-09T10:20"))
            .World.File.Clocks[Clock.Handle].DueAt.ShouldBe(Local("2026-10-10T10:20"), "a Saturday that is worked");
    }

    [Fact]
    public void The_published_schema_is_current() =>
        GoldenFiles.ShouldEqual(DeadlinePolicySchema.Text(), Path.Combine("..", "..", "..", "src", "CommandCenter.Host", "Deadlines", "policy.schema.json"));

    [Fact]
    public void The_schema_knows_every_word_of_the_shipped_policies()
    {
        var schema = JsonNode.Parse(DeadlinePolicySchema.Text())!;

        schema["properties"]!.AsObject().Select(property => property.Key).ShouldBe(["version", "rules", "sources", "ladders", "matters", "whistles", "$schema", "agenda", "supervision", "review"]);
        schema["required"]!.AsArray().Select(name => (string)name!).ShouldBe(["version", "rules"]);
        schema["properties"]!["rules"]!["items"]!["properties"]!["clock"]!["enum"]!.AsArray().Count.ShouldBe(Enum.GetValues<Clock>().Length);
    }

    [Theory]
    [InlineData("matters", 0, "code", "\"Manhole\"", "Manhole: a matter's code is lower-case ASCII with dashes.")]
    [InlineData("matters", 0, "nameEn", "\"\"", "manhole-missing: a matter has a name in both languages.")]
    [InlineData("matters", 0, "limits", "[]", "manhole-missing: a matter without limits of its own says nothing; leave it out.")]
    [InlineData("matters", 0, "limits", "[null]", "manhole-missing: a limit is missing.")]
    [InlineData("matters", 1, "code", "\"manhole-noisy\"", "manhole-noisy: the matter stands twice.")]
    [InlineData("sources", 0, "title", "\"\"", "a source has an id, a title and the place where it was read.")]
    [InlineData("ladders", 0, "name", "\"Urgent\"", "a ladder's name is lower-case ASCII with dashes.")]
    public void A_defect_of_a_list_is_told_with_its_line(string list, int index, string property, string value, string error)
    {
        var (text, line) = Broken(list, index, element => element[property] = JsonNode.Parse(value));

        DeadlinePolicyReader.Read(text).Errors.ShouldContain($"line {line}: {error}");
    }

    [Theory]
    [InlineData("ladder", "\"nowhere\"", "there is no ladder nowhere.")]
    [InlineData("source", "\"nowhere\"", "there is no source nowhere.")]
    [InlineData("source", null, "what is sourced or derived names its source.")]
    [InlineData("basis", "\"assumed\"", "what names a source is sourced or derived.")]
    [InlineData("clock", "\"hard_limit\"", "the hard limit is the same for every matter.")]
    [InlineData("limit", """{"amount":0,"unit":"working_days"}""", "Handle of Normal cases: a limit is positive.")]
    [InlineData("limit", """{"amount":10,"unit":"urgent_minutes"}""", "Handle of Normal cases: a warning would come before the clock starts.")]
    public void A_defect_of_a_matters_limit_is_told_with_the_line_of_the_matter(string property, string? value, string error)
    {
        var (text, line) = Broken("matters", 0, matter =>
        {
            var limit = matter["limits"]![0]!.AsObject();
            if (value is null)
                limit.Remove(property);
            else
                limit[property] = JsonNode.Parse(value);
        });

        DeadlinePolicyReader.Read(text).Errors.ShouldContain($"line {line}: manhole-missing: {error}");
    }

    [Fact]
    public void Nulls_in_its_lists_are_errors_and_no_crash()
    {
        var policy = JsonNode.Parse(Shipped)!;
        foreach (var list in (string[])["sources", "ladders", "matters"])
            policy[list]!.AsArray().Add(null);

        DeadlinePolicyReader.Read(policy.ToJsonString()).Errors.ShouldBe(["line 1: a source is missing.", "line 1: a ladder is missing.", "line 1: a matter is missing."]);
    }

    /// <summary>The shipped policy with one line of a list changed, and which line that is.</summary>
    private static (string Text, int Line) Broken(string list, int index, Action<JsonObject> defect)
    {
        var lines = Shipped.Split('\n');
        var line = Array.FindIndex(lines, text => text.TrimStart().StartsWith($"\"{list}\": [", StringComparison.Ordinal)) + 1 + index;
        var element = JsonNode.Parse(lines[line].TrimEnd(','))!.AsObject();
        defect(element);
        lines[line] = element.ToJsonString() + (lines[line].EndsWith(',') ? "," : "");
        return (string.Join('\n', lines), line + 1);
    }
}
