using System.Reflection;
using System.Text;
using System.Text.Json;
using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Listings;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Reviews;
using CommandCenter.Domain.Tasks;
using CommandCenter.Domain.Whistles;

namespace CommandCenter.Domain.Tests;

public class GoldenTests
{
    public static TheoryData<string> Aliases => [.. DomainEvents.All.Select(name => name.Alias)];

    [Theory]
    [MemberData(nameof(Aliases))]
    public void An_event_is_written_as_its_golden_file_says(string alias)
    {
        var (full, minimal) = EventInstances.Of(TypeOf(alias));

        GoldenFiles.ShouldEqual($"{{\n\"full\": {Json.Of(full)},\n\"minimal\": {Json.Of(minimal)}\n}}\n", $"events/{alias}.golden.json");
    }

    [Theory]
    [MemberData(nameof(Aliases))]
    public void An_event_that_was_written_is_read_without_loss(string alias)
    {
        using var golden = JsonDocument.Parse(GoldenFiles.Read($"events/{alias}.golden.json"));
        foreach (var instance in golden.RootElement.EnumerateObject())
        {
            var stored = instance.Value.GetRawText();
            Json.Of(Json.Read(stored, TypeOf(alias))).ShouldBe(stored, instance.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Aliases))]
    public void The_full_instance_leaves_no_field_out(string alias)
    {
        var full = EventInstances.Of(TypeOf(alias)).Full;
        foreach (var property in full.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var value = property.GetValue(full);
            if (property.Name == nameof(Attaching.Attachments) && full is not IBringsAttachments)
                continue;
            value.ShouldNotBeNull(property.Name);
            if (value is System.Collections.ICollection list)
                list.Count.ShouldBeGreaterThan(0, property.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Aliases))]
    public void What_is_stored_survives_jsonb_because_it_has_neither_nulls_nor_fractions(string alias)
    {
        using var golden = JsonDocument.Parse(GoldenFiles.Read($"events/{alias}.golden.json"));
        Values(golden.RootElement).ShouldAllBe(value =>
            value.ValueKind != JsonValueKind.Null && (value.ValueKind != JsonValueKind.Number || value.GetRawText().All(c => char.IsAsciiDigit(c) || c == '-')));
    }

    [Fact]
    public void Every_golden_file_belongs_to_an_event() =>
        RepositoryFiles.Below("tests/CommandCenter.Domain.Tests/golden/events", "*").Order(StringComparer.Ordinal)
            .ShouldBe(DomainEvents.All.Select(name => $"{name.Alias}.golden.json").Order(StringComparer.Ordinal));

    [Fact]
    public void The_names_of_events_are_frozen()
    {
        var list = new StringBuilder("| alias | version | mt_dotnet_type |\n|---|---|---|\n");
        foreach (var name in DomainEvents.All)
            list.Append($"| {name.Alias} | {name.Version} | {name.DotnetType} |\n");

        list.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
    }

    [Fact]
    public void The_names_of_commands_are_frozen() =>
        GoldenFiles.ShouldEqual(Lines(CaseLives.Commands.Select(way => $"{way.Command.GetType().Name} {way.Command.Name}").Distinct()), "commands.golden.txt");

    [Fact]
    public void The_names_of_commands_on_tasks_are_frozen() =>
        GoldenFiles.ShouldEqual(
            Lines(
                TaskLives.ListCommands.Select(way => $"{way.Command.GetType().Name} {way.Command.Name}")
                    .Concat(TaskLives.Commands.Select(way => $"{way.Command.GetType().Name} {way.Command.Name}"))
                    .Concat(AdmissionTests.Commands.Select(way => $"{way.Command.GetType().Name} {way.Command.Name}")).Distinct()),
            "task-commands.golden.txt");

    [Fact]
    public void The_codes_of_refusals_on_tasks_are_frozen_with_their_words() =>
        GoldenFiles.ShouldEqual(
            Lines(
                TaskListRefusals.All.Concat(TaskListRefusals.AllLines).Concat(TaskRefusals.All).Concat(AdmissionRefusals.All)
                    .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} | {pair.Value.Zh} | {pair.Value.En}")),
            "task-refusals.golden.txt");

    [Fact]
    public void The_names_of_commands_on_rosters_and_absences_are_frozen() =>
        GoldenFiles.ShouldEqual(
            Lines(DutyTests.Commands.Select(way => $"{way.Command.GetType().Name} {way.Command.Name}").Concat(AbsenceTests.Commands.Select(way => $"{way.Command.GetType().Name} {way.Command.Name}")).Distinct()),
            "duty-commands.golden.txt");

    [Fact]
    public void The_codes_of_refusals_on_rosters_and_absences_are_frozen_with_their_words() =>
        GoldenFiles.ShouldEqual(
            Lines(
                DutyRefusals.All.Concat(DutyRefusals.AllLines).Concat(AbsenceRefusals.All).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} | {pair.Value.Zh} | {pair.Value.En}")),
            "duty-refusals.golden.txt");

    [Fact]
    public void The_names_of_commands_on_whistles_are_frozen() =>
        GoldenFiles.ShouldEqual(Lines(WhistleLives.Commands.Select(way => $"{way.Command.GetType().Name} {way.Command.Name}").Distinct()), "whistle-commands.golden.txt");

    [Fact]
    public void The_codes_of_refusals_on_whistles_are_frozen_with_their_words() =>
        GoldenFiles.ShouldEqual(
            Lines(WhistleRefusals.All.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} | {pair.Value.Zh} | {pair.Value.En}")), "whistle-refusals.golden.txt");

    [Fact]
    public void The_names_of_commands_at_the_top_of_the_ladder_are_frozen() =>
        GoldenFiles.ShouldEqual(Lines(AgendaDeciderTests.Commands.Select(way => $"{way.Command.GetType().Name} {way.Command.Name}").Concat(ListingTests.Commands.Select(way => $"{way.Command.GetType().Name} {way.Command.Name}"))
                .Concat(ReviewTests.GuidanceCommands.Select(way => $"{way.Command.GetType().Name} {way.Command.Name}")).Concat(ReviewTests.Commands.Select(way => $"{way.Command.GetType().Name} {way.Command.Name}")).Distinct()), "ladder-commands.golden.txt");

    [Fact]
    public void The_codes_of_refusals_at_the_top_of_the_ladder_are_frozen_with_their_words() =>
        GoldenFiles.ShouldEqual(
            Lines(AgendaRefusals.All.Concat(AgendaRefusals.AllLines).Concat(ListingRefusals.All).Concat(GuidanceDecider.All).Concat(ReviewDecider.All).Concat(ReviewDecider.AllLines).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} | {pair.Value.Zh} | {pair.Value.En}")),
            "ladder-refusals.golden.txt");

    [Fact]
    public void The_codes_of_refusals_are_frozen_with_their_words() =>
        GoldenFiles.ShouldEqual(
            Lines(CaseRefusals.All.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} | {pair.Value.Zh} | {pair.Value.En}")), "refusals.golden.txt");

    [Fact]
    public void The_words_of_enumerations_are_frozen() =>
        GoldenFiles.ShouldEqual(
            Lines(Enumerations().SelectMany(type => Enum.GetValues(type).Cast<object>().Select(member => $"{type.Name}.{member} {Json.Of(member).Trim('"')}"))), "enumerations.golden.txt");

    [Fact]
    public void The_names_of_timers_are_frozen() =>
        GoldenFiles.ShouldEqual(
            Lines(Enum.GetValues<Clock>().SelectMany(clock => Enum.GetValues<Urgency>().SelectMany(urgency => TimerNames(clock, urgency))).Distinct()), "timers.golden.txt");

    [Theory]
    [InlineData("2026-03-02T01:02:03.456789+00:00", "2026-03-02T01:02:03.456789Z")]
    [InlineData("2026-03-02T09:02:03.456789+08:00", "2026-03-02T01:02:03.456789Z")]
    [InlineData("2026-03-02T01:02:03Z", "2026-03-02T01:02:03.000000Z")]
    [InlineData("2026-03-02T01:02:03.4567899Z", "2026-03-02T01:02:03.456789Z")]
    [InlineData("2026-12-31T23:30:00-02:00", "2027-01-01T01:30:00.000000Z")]
    public void An_instant_is_text_in_utc_with_six_digits(string given, string stored)
    {
        Json.Of(Json.Read<DateTimeOffset>($"\"{given}\"")).ShouldBe($"\"{stored}\"");
        DomainJson.Text(DateTimeOffset.Parse(given, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(stored);
    }

    [Theory]
    [InlineData("\"2026-03-02T01:02:03\"")]
    [InlineData("\"2026-03-02\"")]
    [InlineData("\"2026-03-02 01:02:03Z\"")]
    [InlineData("\"02/03/2026\"")]
    [InlineData("\"\"")]
    [InlineData("1772413323")]
    [InlineData("null")]
    public void An_instant_without_its_zone_or_form_is_not_guessed(string json) =>
        Should.Throw<JsonException>(() => Json.Read<DateTimeOffset>(json));

    [Theory]
    [InlineData("\"NORMAL\"")]
    [InlineData("\"Normal\"")]
    [InlineData("\" normal\"")]
    [InlineData("\"normal,urgent\"")]
    [InlineData("\"0\"")]
    [InlineData("0")]
    [InlineData("\"\"")]
    [InlineData("\"none\"")]
    public void An_enumeration_is_its_one_word_and_no_other_spelling(string json) =>
        Should.Throw<JsonException>(() => Json.Read<Urgency>(json));

    [Theory]
    [InlineData("""{"post":"a","extra":1}""")]
    [InlineData("""{"post":"a","post":"a"}""")]
    [InlineData("""{"Post":"a"}""")]
    [InlineData("""{"post":null}""")]
    [InlineData("""{"post":1}""")]
    [InlineData("{}")]
    [InlineData("""{"post":"a",}""")]
    [InlineData("""{"post":"a"/**/}""")]
    public void A_stored_event_with_other_members_than_its_own_is_not_read(string json) =>
        Should.Throw<JsonException>(() => Json.Read<CaseClaimed>(json));

    private static Type TypeOf(string alias) => DomainEvents.All.Single(name => name.Alias == alias).Type;

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => $"{line}\n"));

    private static IEnumerable<Type> Enumerations() =>
        typeof(DomainEvents).Assembly.GetExportedTypes().Where(type => type.IsEnum).OrderBy(type => type.FullName, StringComparer.Ordinal);

    private static IEnumerable<string> TimerNames(Clock clock, Urgency urgency)
    {
        // A clock that has just begun tells the name of each step's timer when it climbs.
        CaseEvent[] life = clock switch
        {
            Clock.Assess => [Sample.ReportedToVillage() with { Urgency = urgency }],
            Clock.Accept => [Sample.Reported(urgency)],
            Clock.Check => [Sample.Reported(urgency), Sample.CheckOrdered()],
            Clock.Dispatch => [Sample.Reported(urgency), Sample.Filed(urgency)],
            Clock.Verify => [Sample.Reported(urgency), Sample.Filed(urgency), Sample.Dispatched(), Sample.Claimed(), Sample.Completed()],
            Clock.Rate => [Sample.Reported(urgency), Sample.Filed(urgency), Sample.Dispatched(), Sample.Claimed(), Sample.Completed(), Sample.Verified()],
            _ => [Sample.Reported(urgency), Sample.Filed(urgency), Sample.Dispatched()],
        };
        var world = new World();
        foreach (var happened in life)
            world.Happen(happened, Sample.T0);
        var prefix = JsonNamingPolicy.SnakeCaseLower.ConvertName($"{clock}");
        for (var step = 0; step < Sample.Rule(clock, urgency).Ladder.Count; step++)
        {
            var key = world.Timers.Keys.Single(key => key.Name.StartsWith($"{prefix}/", StringComparison.Ordinal));
            yield return $"{DeadlineSaga.Name} {key.Name}";
            world.Fire(key.Name, key.Attempt, Sample.T0, Sample.T0);
        }
    }

    private static IEnumerable<JsonElement> Values(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Values(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Values),
        _ => [element],
    };
}
