using System.Text.Json.Nodes;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

public class DeadlinePolicyReaderTests
{
    private static readonly string Shipped = RepositoryFiles.Read("src", "CommandCenter.Host", "Deadlines", "policies", "default-1.json");

    [Fact]
    public void The_shipped_policies_are_read_without_error()
    {
        foreach (var file in RepositoryFiles.Below("src/CommandCenter.Host/Deadlines/policies", "*.json"))
        {
            var (policy, errors) = DeadlinePolicyReader.Read(RepositoryFiles.Read("src", "CommandCenter.Host", "Deadlines", "policies", file));

            errors.ShouldBeEmpty(file);
            policy!.Version.ShouldBe(Path.GetFileNameWithoutExtension(file), "a policy file is named for its version");
        }
    }

    [Fact]
    public void The_shipped_policy_has_one_rule_for_every_clock_and_urgency()
    {
        foreach (var clock in Enum.GetValues<Clock>())
        {
            foreach (var urgency in Enum.GetValues<Urgency>())
                Policy.RuleFor(clock, urgency).Ladder.ShouldNotBeEmpty($"{clock} {urgency}");
        }

        Policy.Rules.Count.ShouldBe(Enum.GetValues<Clock>().Length * Enum.GetValues<Urgency>().Length);
    }

    [Fact]
    public void The_shipped_hard_limit_is_thirty_natural_days_and_ends_in_listed_supervision()
    {
        foreach (var urgency in Enum.GetValues<Urgency>())
        {
            var rule = Rule(Clock.HardLimit, urgency);
            rule.Limit.ShouldBe(new Limit(30, TimeUnit.NaturalDays));
            rule.Ladder[^1].Level.ShouldBe(EscalationLevel.ListedSupervision);
            rule.Ladder[^1].Offset.Amount.ShouldBe(0);
        }
    }

    [Fact]
    public void A_rule_that_a_policy_does_not_have_is_named() =>
        Should.Throw<KeyNotFoundException>(() => new DeadlinePolicy("empty", []).RuleFor(Clock.Handle, Urgency.Urgent)).Message.ShouldContain("Handle of Urgent");

    [Fact]
    public void A_missing_rule_is_an_error() => Error(p => Rules(p).RemoveAt(0)).ShouldBe("Accept of Normal cases has 0 rules instead of one.");

    [Fact]
    public void A_second_rule_for_the_same_cases_is_an_error() =>
        Error(p => Rules(p).Add(Rules(p)[0]!.DeepClone())).ShouldBe("Accept of Normal cases has 2 rules instead of one.");

    [Fact]
    public void An_empty_version_is_an_error() => Error(p => p["version"] = "").ShouldBe("The version has 1 to 50 characters.");

    [Fact]
    public void A_version_of_51_characters_is_an_error() => Error(p => p["version"] = new string('v', 51)).ShouldBe("The version has 1 to 50 characters.");

    [Theory]
    [InlineData(0)]
    [InlineData(-15)]
    public void A_limit_that_is_not_positive_is_an_error(int amount) =>
        Errors(p => Rules(p)[0]!["limit"]!["amount"] = amount).ShouldContain(error => error.EndsWith("Accept of Normal cases: a limit is positive.", StringComparison.Ordinal));

    [Theory]
    [InlineData("urgent_minutes")]
    [InlineData("natural_days")]
    [InlineData("working_minutes")]
    [InlineData("working_days")]
    public void A_limit_of_more_than_ten_years_is_an_error_and_no_crash(string unit)
    {
        Errors(p => Rules(p)[0]!["limit"] = Span(int.MaxValue, unit)).ShouldContain(error => error.EndsWith("Accept of Normal cases: a limit is at most ten years.", StringComparison.Ordinal));
        Errors(p => Step(p, 0, 0)["offset"] = Span(int.MaxValue, unit)).ShouldContain(error => error.EndsWith("Accept of Normal cases: a step lies at most ten years from the deadline.", StringComparison.Ordinal));
        Errors(p => Step(p, 6, 0)["offset"] = Span(int.MinValue, unit)).ShouldContain(error => error.EndsWith("Handle of Normal cases: a step lies at most ten years from the deadline.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_ladder_without_steps_is_an_error() =>
        Error(p => Rules(p)[0]!["ladder"] = new JsonArray()).ShouldEndWith("Accept of Normal cases: the ladder has no escalation, so lateness would climb to nobody.");

    [Fact]
    public void A_ladder_with_a_warning_only_is_an_error() =>
        Error(p => Rules(p)[6]!["ladder"] = new JsonArray(Step(p, 6, 0).DeepClone())).ShouldEndWith("Handle of Normal cases: the ladder has no escalation, so lateness would climb to nobody.");

    [Fact]
    public void Two_steps_of_one_name_are_an_error() =>
        Error(p => Step(p, 0, 1)["name"] = "overdue").ShouldEndWith("Accept of Normal cases: two steps have the same name.");

    [Theory]
    [InlineData("")]
    [InlineData("Sector")]
    [InlineData("sector/lead")]
    [InlineData("sector_lead")]
    [InlineData("板块")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void A_step_name_that_no_timer_can_have_is_an_error(string name) =>
        Error(p => Step(p, 0, 1)["name"] = name).ShouldEndWith("Accept of Normal cases: a step's name is lower-case ASCII with dashes.");

    [Fact]
    public void A_warning_with_a_level_is_an_error() =>
        Error(p => Step(p, 6, 0)["level"] = "responsible").ShouldContain("a warning lies before the deadline and has no level");

    [Fact]
    public void An_escalation_without_a_level_is_an_error() =>
        Error(p => Step(p, 0, 1).AsObject().Remove("level")).ShouldContain("an escalation lies at or after it and has one");

    [Fact]
    public void A_ladder_for_rating_that_does_not_end_with_a_closed_case_is_an_error()
    {
        Errors(p => Step(p, Rate(p), 1).AsObject().Remove("closes")).ShouldContain(error => error.EndsWith("Rate of Normal cases: a ladder for rating ends with the one step that closes the case, and no other ladder has one.", StringComparison.Ordinal));
        Errors(p => Step(p, 0, 2)["closes"] = true).ShouldContain(error => error.EndsWith("Accept of Normal cases: a ladder for rating ends with the one step that closes the case, and no other ladder has one.", StringComparison.Ordinal));
        Error(p => Step(p, Rate(p), 1)["level"] = "responsible").ShouldContain("a step that closes lies at or after it and has none");
    }

    [Fact]
    public void A_policy_without_limits_for_whistles_is_an_error() => Error(p => p.AsObject().Remove("whistles")).ShouldBe("The policy has no limits for whistles.");

    [Theory]
    [InlineData("route", 0, "a limit is positive.")]
    [InlineData("advise", 99_999, "a limit is at most ten years.")]
    public void A_limit_for_whistles_that_cannot_be_is_an_error_with_its_line(string step, int amount, string error)
    {
        var line = Array.FindIndex(Shipped.Split('\n'), text => text.StartsWith("  \"whistles\"", StringComparison.Ordinal)) + 1;
        var text = Shipped.Replace($"\"{step}\": {{\"limit\": {{\"amount\": {(step == "route" ? 10 : 1)}", $"\"{step}\": {{\"limit\": {{\"amount\": {amount}", StringComparison.Ordinal);

        DeadlinePolicyReader.Read(text).Errors.ShouldBe([$"line {line}: {step}: {error}"]);
        DeadlinePolicyReader.Read(Shipped.Replace("\"minimumSample\": 5", "\"minimumSample\": 0", StringComparison.Ordinal)).Errors.ShouldBe([$"line {line}: the smallest sample is 1 to 1000 calls."]);
    }

    private static int Rate(JsonNode policy) => Rules(policy).ToList().FindIndex(rule => (string?)rule!["clock"] == "rate");

    [Fact]
    public void Steps_out_of_order_are_an_error() =>
        Error(p => Step(p, 0, 1)["offset"]!["amount"] = 100).ShouldEndWith("Accept of Normal cases: the steps are not in the order of their instants.");

    [Fact]
    public void A_ladder_that_climbs_down_is_an_error() =>
        Error(p => (Step(p, 0, 1)["level"], Step(p, 0, 2)["level"]) = ("town_leader", "sector_lead")).ShouldEndWith("Accept of Normal cases: a later step climbs lower.");

    [Fact]
    public void A_warning_before_the_start_of_its_clock_is_an_error() =>
        Error(p => Step(p, 6, 0)["offset"]!["amount"] = -7).ShouldEndWith("Handle of Normal cases: a warning would come before the clock starts.");

    [Fact]
    public void An_error_of_a_rule_tells_the_line_where_the_rule_begins()
    {
        var lines = Shipped.Split('\n');
        var line = Array.FindIndex(lines, text => text.Contains("\"handle\", \"urgency\": \"urgent\"", StringComparison.Ordinal));
        lines[line] = lines[line].Replace("\"amount\": 1440", "\"amount\": 0", StringComparison.Ordinal);

        DeadlinePolicyReader.Read(string.Join('\n', lines)).Errors.ShouldContain($"line {line + 1}: Handle of Urgent cases: a limit is positive.");
    }

    [Fact]
    public void What_is_no_json_is_an_error_with_its_line() =>
        DeadlinePolicyReader.Read("{\n  \"version\": }").Errors.ShouldHaveSingleItem().ShouldStartWith("line 2: ");

    [Theory]
    [InlineData("null", "The policy is empty.")]
    [InlineData("""{"version":"1","rules":[null]}""", "line 1: a rule is missing.")]
    [InlineData("""{"version":"1","rules":[{"clock":"accept","urgency":"normal","limit":{"amount":1,"unit":"natural_days"},"ladder":[null]}]}""", "line 1: Accept of Normal cases: a step is missing.")]
    [InlineData("""{"version":"1","rules":[],"ladders":[null,{"name":"long","steps":[null]}],"matters":[{"code":"pothole","name":"坑洞","nameEn":"Pothole","sector":"economy","limits":[{"clock":"handle","urgency":"normal","limit":{"amount":1,"unit":"natural_days"},"ladder":"long","basis":"assumed"}]}]}""", "line 1: a ladder is missing.")]
    [InlineData("""{"version":"1","rules":[],"ladders":[{"name":"long","steps":[null]}],"matters":[{"code":"pothole","name":"坑洞","nameEn":"Pothole","sector":"economy","limits":[{"clock":"handle","urgency":"normal","limit":{"amount":1,"unit":"natural_days"},"ladder":"long","basis":"assumed"}]}]}""", "line 1: pothole: Handle of Normal cases: a step is missing.")]
    public void What_is_null_is_an_error_and_no_crash(string json, string error) =>
        DeadlinePolicyReader.Read(json).Errors.ShouldContain(error);

    [Theory]
    [InlineData("""{"version":"1"}""")]
    [InlineData("""{"version":"1","rules":[],"extra":1}""")]
    [InlineData("""{"version":"1","version":"2","rules":[]}""")]
    [InlineData("""{"version":null,"rules":[]}""")]
    [InlineData("""{"version":"1","rules":[{"clock":"accept","urgency":"normal","limit":{"amount":1.5,"unit":"natural_days"},"ladder":[]}]}""")]
    [InlineData("""{"version":"1","rules":[{"clock":"accept","urgency":"normal","limit":{"amount":1,"unit":"work_days"},"ladder":[]}]}""")]
    [InlineData("""{"version":"1","rules":[{"clock":"accept","urgency":"urgent,emergency","limit":{"amount":1,"unit":"natural_days"},"ladder":[]}]}""")]
    public void What_is_not_of_a_policys_form_is_an_error(string json) =>
        DeadlinePolicyReader.Read(json).Errors.ShouldHaveSingleItem().ShouldStartWith("line 1: ");

    private static string Error(Action<JsonNode> defect) => Errors(defect).ShouldHaveSingleItem();

    private static IReadOnlyList<string> Errors(Action<JsonNode> defect)
    {
        var policy = JsonNode.Parse(Shipped)!;
        defect(policy);
        var (read, errors) = DeadlinePolicyReader.Read(policy.ToJsonString());
        read.ShouldBeNull();
        return errors;
    }

    private static JsonArray Rules(JsonNode policy) => policy["rules"]!.AsArray();

    private static JsonNode Step(JsonNode policy, int rule, int step) => Rules(policy)[rule]!["ladder"]![step]!;

    private static JsonObject Span(int amount, string unit) => new() { ["amount"] = amount, ["unit"] = unit };
}
