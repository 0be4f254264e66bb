using CommandCenter.Benchmarks;

namespace CommandCenter.EventStore.Tests;

/// <summary>What a soak is judged by: an hour of made-up samples, each test with one thing wrong.</summary>
public sealed class SoakVerdictTests
{
    private const int Rate = 200;
    private const long Megabyte = 1 << 20;

    [Fact]
    public void A_sound_hour_passes_every_rule()
    {
        var figures = SoakVerdict.Judge(Hour(), Rate);

        Broken(figures).ShouldBeEmpty();
        figures.Count(figure => figure.Holds == true).ShouldBe(17);
    }

    [Fact]
    public void A_heap_that_leaks_a_small_object_for_each_command_is_named() =>
        // 24 bytes for each of 200 commands a second.
        Broken(Hour((sample, seconds) => sample with { Heap = sample.Heap + seconds * Rate * 24 })).ShouldBe(["managed heap"]);

    [Fact]
    public void A_heap_that_grows_only_while_it_warms_up_passes() =>
        Broken(Hour((sample, seconds) => sample with { Heap = sample.Heap + Math.Min(seconds, 900) * 100_000 })).ShouldBeEmpty();

    [Fact]
    public void A_working_set_that_grows_beside_a_flat_heap_is_named() =>
        Broken(Hour((sample, seconds) => sample with { WorkingSet = sample.WorkingSet + seconds * Megabyte / 30 })).ShouldBe(["working set"]);

    [Fact]
    public void Each_queue_that_grows_is_named()
    {
        // One a second more comes in than goes out.
        Broken(Hour((sample, seconds) => sample with { AppendsWaiting = (int)seconds })).ShouldBe(["appends waiting"]);
        Broken(Hour((sample, seconds) => sample with { FollowerLag = seconds })).ShouldBe(["follower behind"]);
        Broken(Hour((sample, seconds) => sample with { ProjectionLag = seconds })).ShouldBe(["projection behind"]);
        Broken(Hour((sample, seconds) => sample with { OutboxWaiting = seconds })).ShouldBe(["outbox waiting"]);
        Broken(Hour((sample, seconds) => sample with { TimerLateness = seconds * 10 })).ShouldBe(["oldest due timer"]);
    }

    [Fact]
    public void A_pause_of_a_second_is_no_growth() =>
        Broken(Hour((sample, seconds) => seconds == 3_500
            ? sample with { AppendsWaiting = Rate, FollowerLag = Rate, ProjectionLag = 2 * Rate, OutboxWaiting = Rate / 4, TimerLateness = 1_000, P99 = 1_000 }
            : sample)).ShouldBeEmpty();

    [Fact]
    public void Appends_that_get_slower_are_named() =>
        Broken(Hour((sample, seconds) => sample with { P99 = 10 + seconds / 60.0 })).ShouldBe(["append p99"]);

    [Theory]
    [InlineData("cc_log")]
    [InlineData("mt_event_progression")]
    [InlineData("cc_timers")]
    [InlineData("cc_outbox")]
    public void A_queue_or_a_hot_row_whose_table_grows_is_named(string table) =>
        Broken(Hour((sample, seconds) => With(sample, table, pages => pages + seconds / 2))).ShouldBe([table]);

    [Fact]
    public void A_queue_that_is_too_large_from_the_beginning_is_named() =>
        Broken(Hour((sample, _) => With(sample, "cc_timers", _ => 20_000))).ShouldBe(["cc_timers"]);

    [Fact]
    public void A_hot_row_that_spreads_over_a_page_a_minute_is_named() =>
        Broken(Hour((sample, seconds) => With(sample, "cc_log", pages => pages + seconds / 60))).ShouldBe(["cc_log"]);

    [Theory]
    [InlineData("mt_events")]
    [InlineData("mt_streams")]
    [InlineData("cc_leaves")]
    [InlineData("cc_commands")]
    public void A_table_that_needs_ever_more_room_for_a_row_is_named(string table) =>
        Broken(Hour((sample, seconds) => With(sample, table, pages => pages + pages * seconds / 3_600))).ShouldBe([table]);

    [Fact]
    public void Too_few_samples_are_no_verdict() =>
        Should.Throw<ArgumentException>(() => SoakVerdict.Judge([.. Hour().Take(7)], Rate));

    private static List<SoakSample> Hour(Func<SoakSample, long, SoakSample>? change = null) =>
        [.. Enumerable.Range(1, 360).Select(n => n * 10L).Select(seconds => (change ?? ((sample, _) => sample))(Sound(seconds), seconds))];

    // Everything goes up and down a little, as it does.
    private static SoakSample Sound(long seconds)
    {
        var wave = seconds / 10 % 7;
        var rows = seconds * Rate;
        return new SoakSample(
            TimeSpan.FromSeconds(seconds), 12 * Megabyte + wave * 100_000, 140 * Megabyte + wave * Megabyte, (int)wave, wave, 2 * wave, wave, wave, 3, 10 + wave,
            new Dictionary<string, SoakTable>
            {
                ["cc_log"] = Table(3 + wave % 2, 1),
                ["mt_event_progression"] = Table(4, 1),
                ["cc_timers"] = Table(1_200 + 10 * wave, 2_000),
                ["cc_outbox"] = Table(150, 0),
                ["mt_events"] = Table(rows / 8, rows),
                ["mt_streams"] = Table(rows / 60, rows / 2),
                ["cc_leaves"] = Table(rows / 70, rows),
                ["cc_nodes"] = Table(4 + rows / 256 / 70, rows / 256),
                ["cc_commands"] = Table(rows / 25, rows),
            });
    }

    private static SoakTable Table(long pages, long live) => new(pages, pages, live, Dead: 0, Updates: 0, HotUpdates: 0, Vacuums: 0, Analyzes: 0);

    private static SoakSample With(SoakSample sample, string table, Func<long, long> pages) =>
        sample with { Tables = new Dictionary<string, SoakTable>(sample.Tables) { [table] = sample.Tables[table] with { TotalPages = pages(sample.Tables[table].TotalPages) } } };

    private static List<string> Broken(List<SoakSample> samples) => Broken(SoakVerdict.Judge(samples, Rate));

    private static List<string> Broken(IEnumerable<Figure> figures) =>
        [.. figures.Where(figure => figure.Holds == false).Select(figure => figure.Name["soak/".Length..].Split(',')[0])];
}
