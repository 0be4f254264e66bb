using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Tasks;
using CommandCenter.Domain.Whistles;
using CommandCenter.EventStore;
using CommandCenter.Host.Board;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Testing.Clock;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;
using Case = CommandCenter.Domain.Cases.Case;

namespace CommandCenter.Host.Tests.Simulation;

/// <summary>Some days of a small district, played into a real log, and a host that goes on with it.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Days = 6;
    private const int FewDays = 1;
    private static readonly DateTimeOffset From = new(2025, 3, 2, 16, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Some_days_of_a_district_are_legal_lives_that_a_host_goes_on_with_and_the_same_seed_plays_the_same()
    {
        await using var town = await Town.NewAsync(new VirtualClock(From.AddDays(Days)));
        var played = await SimulateAsync(town, Days);
        played.Code.ShouldBe(0);
        played.Output.ShouldContain("Played 6 days with seed 141");
        played.Messages.ShouldContain("seed 141");
        played.Messages.ShouldContain("events/s");
        output.WriteLine(played.Output + played.Messages);

        // Into a log that is not empty nothing is played.
        var head = await town.HeadAsync();
        (await Should.ThrowAsync<StartRefusedException>(() => SimulateAsync(town, Days))).Message.ShouldSatisfyAllConditions(said => said.ShouldContain("empty"), said => said.ShouldContain("空库"));
        (await town.HeadAsync()).ShouldBe(head);

        await town.StartAgainAsync();
        await town.CaughtUpAsync();
        var log = await LogAsync(town);
        CheckLives(town, log);
        CheckDeadlines(town, log);
        (await town.Services.GetRequiredService<CoverageAudit>().SweepAsync()).ShouldBeEmpty();

        // What the board counts is what the lists hold.
        await town.BoardSpeaksOfNowAsync();
        var board = await town.As("district-supervisor-01").GetAsync<BoardView>("/api/board?scope=500153");
        board.Open.ShouldBe((int)await town.AskAsync<long>($"select count(*) from {TableNames.Cases} where open"));
        board.Open.ShouldBeGreaterThan(0);

        // The same seed, and fewer days of it.
        await using var again = await Town.NewAsync(new VirtualClock(From.AddDays(FewDays)));
        (await SimulateAsync(again, FewDays)).Code.ShouldBe(0);
        await again.StartAgainAsync();
        var until = From.AddDays(FewDays).AddMinutes(-10);
        Told(await LogAsync(again), until).ShouldBe(Told(log, until));
    }

    [Fact]
    public async Task What_is_played_live_happens_on_the_host_in_everybodys_own_name()
    {
        await using var town = await Town.StartAsync();

        var played = await RunAsync("simulate", "--live", town.Address.ToString(), "--speed", "40000", "--days", "5", "--seed", "141", "--share", "0.5");

        output.WriteLine(played.Output + played.Messages);
        played.Code.ShouldBe(0);
        played.Messages.ShouldContain("at 40000 times the speed");
        var reported = await town.AskAsync<long>("select count(*) from mt_events where type = 'case_reported'");
        played.Output.ShouldStartWith(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Played 5 days with seed 141: {reported:N0} cases"));
        reported.ShouldBeGreaterThan(10);
        // How far the cases come hangs on how fast the machine is.
        (await town.AskAsync<long>("select count(distinct headers ->> 'actor') from mt_events where type = 'case_reported'")).ShouldBeGreaterThan(1);
        (await town.AskAsync<long>("select count(*) from mt_events where type = 'case_filed'")).ShouldBeGreaterThan(0);
        // Nobody does what a person may not.
        played.Messages.ShouldNotContain("access.denied");
    }

    [Fact]
    public async Task What_cannot_be_simulated_is_said_in_both_languages()
    {
        foreach (var (arguments, word) in ((string[], string)[])
        [
            (["--towns", "22"], "21"), (["--share", "0"], "--share"), (["--days", "0"], "--days"), (["--from", "tomorrow"], "--from"), (["--seed", "x"], "--seed"), (["--live", "here"], "--live"),
            (["--live", "http://127.0.0.1:1", "--towns", "2"], "--towns"), (["--live", "http://127.0.0.1:1", "--speed", "-1"], "--speed"), (["--live", "http://127.0.0.1:1"], "http://127.0.0.1:1"),
        ])
        {
            var said = (await Should.ThrowAsync<StartRefusedException>(() => RunAsync(["simulate", .. arguments]))).Message;
            said.ShouldContain(word);
            said.Any(letter => letter is >= '\u4e00' and <= '\u9fff').ShouldBeTrue(said);
        }
    }

    private static Task<(int? Code, string Output, string Messages)> SimulateAsync(Town town, int days) => RunAsync(
        "simulate", "--days", days.ToString(System.Globalization.CultureInfo.InvariantCulture), "--from", "2025-03-03", "--seed", "141", "--towns=2",
        $"--ConnectionStrings:CommandCenter={town.ConnectionString}", $"--CommandCenter:DataFolder={town.DataFolder}", "--Logging:LogLevel:Default=Warning");

    private static async Task<(int? Code, string Output, string Messages)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var messages = new StringWriter();
        var code = await Verbs.Verbs.RunAsync(arguments, TimeProvider.System, output, messages);
        return (code, output.ToString(), messages.ToString());
    }

    private static async Task<IReadOnlyList<StoredEvent>> LogAsync(Town town)
    {
        var log = town.Services.GetRequiredService<IEventLog>();
        var all = new List<StoredEvent>();
        while (await log.ReadLogAsync(all.Count, 1_000) is { Count: > 0 } events)
            all.AddRange(events);
        return all;
    }

    /// <summary>What happened, up to ids: when, where, by whom and what, as often as it did.</summary>
    private static List<string> Told(IReadOnlyList<StoredEvent> log, DateTimeOffset until) =>
    [
        .. log.Where(stored => stored.Stream.Category is "case" or "task" or "task_list" or "whistle" or "meeting" && stored.Origin.HappenedAt >= From && stored.Origin.HappenedAt < until)
            .Select(stored => $"{stored.Origin.HappenedAt:O} {stored.Origin.Place} {stored.Origin.Actor} {stored.Type}").Order(StringComparer.Ordinal),
    ];

    private static void CheckLives(Town town, IReadOnlyList<StoredEvent> log)
    {
        var commands = town.Services.GetRequiredService<StreamCommands>();
        var streams = log.GroupBy(stored => stored.Stream.Category).ToDictionary(group => group.Key, group => group.GroupBy(stored => stored.Stream).ToList(), StringComparer.Ordinal);
        var cases = streams["case"].Select(stream => stream.Aggregate(Case.None, (state, stored) => state.Apply(commands.FactOf<CaseEvent>(stored)))).ToList();
        cases.ShouldAllBe(state => state is Case.Known);
        cases.Count(state => state is Case.Closed).ShouldBeGreaterThan(10);
        var tasks = streams["task"].Select(stream => stream.Aggregate(GridTask.None, (state, stored) => state.Apply(commands.FactOf<TaskEvent>(stored)))).ToList();
        tasks.Count(state => state is GridTask.Accepted).ShouldBeGreaterThan(10);
        streams["task_list"].Select(stream => stream.Aggregate(TaskList.None, (state, stored) => state.Apply(commands.FactOf<TaskListEvent>(stored)))).ShouldAllBe(state => state is TaskList.Known);
        streams["meeting"].Select(stream => stream.Aggregate(Meeting.None, (state, stored) => state.Apply(commands.FactOf<MeetingEvent>(stored)))).ShouldContain(state => state is Meeting.Listed || state is Meeting.StruckOff);
        streams["whistle"].Select(stream => stream.Aggregate(Whistle.None, (state, stored) => state.Apply(commands.FactOf<WhistleEvent>(stored)))).ShouldAllBe(state => state is Whistle.Known);
        streams["agenda"].Select(stream => stream.Aggregate(Agenda.None, (state, stored) => state.Apply(commands.FactOf<AgendaEvent>(stored)))).ShouldContain(state => state.Meetings.Count > 0);
        // Nothing is recorded before it happened, and nothing long after.
        log.Where(stored => stored.Origin.HappenedAt >= From && stored.Stream.Category == "case").ShouldAllBe(stored => stored.RecordedAt >= stored.Origin.HappenedAt);
    }

    private static void CheckDeadlines(Town town, IReadOnlyList<StoredEvent> log)
    {
        var commands = town.Services.GetRequiredService<StreamCommands>();
        var climbed = log.Where(stored => stored.Type == "case_escalated").Select(stored => (Stored: stored, Event: (CaseEscalated)commands.FactOf<CaseEvent>(stored).Event)).ToList();
        climbed.ShouldNotBeEmpty();
        // Each at its own instant, recorded at the end of its slot.
        climbed.ShouldAllBe(row => row.Event.FiredAt == row.Event.StepDueAt && row.Stored.RecordedAt - row.Event.FiredAt <= TimeSpan.FromMinutes(2.1));
        log.ShouldContain(stored => stored.Type == "notice_read");
    }
}
