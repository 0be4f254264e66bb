using CommandCenter.FaultNode;

namespace CommandCenter.EventStore.Tests.History;

/// <summary>A checker that cannot fail is worth nothing: each rule is broken once, and the checker says so.</summary>
public sealed class HistoryCheckerTests
{
    private static readonly DateTimeOffset T0 = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    private static readonly RunHistory Sound = new(
        [
            new Attempt("a", 1, Told.Acknowledged, 1),
            new Attempt("b", 2, Told.Unknown), new Attempt("b", 2, Told.Acknowledged, 3),
            new Attempt("c", 1, Told.Refused), new Attempt("d", 1, Told.Failed), new Attempt("e", 1, Told.Unknown),
            new Attempt("cancel t2", 1, Told.Acknowledged, 4), new Attempt("fired t1", 1, Told.Acknowledged, 5),
        ],
        [E(1, "x", 1, "a", 0), E(2, "y", 1, "b", 0), E(3, "x", 2, "b", 1), E(4, "y", 2, "cancel t2", 0) with { Message = true }, E(5, "z", 1, "fired t1", 0)],
        [[.. Enumerable.Range(1, 5).Select(n => ((long)n, Id(n)))]],
        [(1, "x", 1), (2, "y", 1), (3, "x", 2), (4, "y", 2), (5, "z", 1)],
        5,
        [new TimerLife("t1", "a", null), new TimerLife("t2", "a", "cancel t2"), new TimerLife("t3", "c", null)],
        ["cancel t2"]);

    [Fact]
    public void A_sound_history_breaks_no_promise() => HistoryChecker.Check(Sound).ShouldBeEmpty();

    [Fact]
    public void A_lost_event_is_found() => Broken(Sound with { Log = [.. Sound.Log.Take(4)] }, "fired t1 was acknowledged and does not stand");

    [Fact]
    public void A_doubled_event_is_found() => Broken(Sound with { Log = [.. Sound.Log, E(6, "x", 3, "a", 0)] }, "a stands in part or twice");

    [Fact]
    public void Half_of_an_append_is_found() =>
        Broken(Sound with { Log = [.. Sound.Log.Where(e => e.Position != 3)], Attempts = [.. Sound.Attempts.Where(attempt => attempt != new Attempt("b", 2, Told.Acknowledged, 3))] }, "b stands in part or twice");

    [Fact]
    public void What_was_refused_and_stands_is_found() => Broken(Sound with { Log = [.. Sound.Log, E(6, "x", 3, "c", 0)] }, "c was refused or failed and stands");

    [Fact]
    public void What_failed_and_stands_is_found() => Broken(Sound with { Log = [.. Sound.Log, E(6, "x", 3, "d", 0)] }, "d was refused or failed and stands");

    [Fact]
    public void What_is_unknown_may_stand() => HistoryChecker.Check(With(E(6, "x", 3, "e", 0))).ShouldBeEmpty();

    [Fact]
    public void What_nobody_asked_for_is_found() => Broken(With(E(6, "x", 3, "ghost", 0)), "ghost stands and nobody asked for it");

    [Fact]
    public void A_gap_in_the_positions_is_found() => Broken(Sound with { Log = [.. Sound.Log.Take(4), E(6, "z", 1, "fired t1", 0)] }, "positions are not dense");

    [Fact]
    public void A_time_that_stands_still_is_found() => Broken(Sound with { Log = [.. Sound.Log.Take(4), Sound.Log[4] with { RecordedAt = Sound.Log[3].RecordedAt }] }, "recorded time does not rise");

    [Fact]
    public void A_gap_in_the_versions_is_found() => Broken(Sound with { Log = [.. Sound.Log.Take(4), Sound.Log[4] with { Version = 2 }] }, "versions of z are not dense");

    [Fact]
    public void A_receipt_of_another_place_is_found() => Broken(Sound with { Attempts = [.. Sound.Attempts, new Attempt("a", 1, Told.Acknowledged, 2)] }, "a stands at 1 and its receipt says 2");

    [Fact]
    public void A_follower_that_skips_is_found() => Broken(Sound with { Followers = [[.. Sound.Followers[0].Where(seen => seen.Position != 3)]] }, "follower 0 saw another order");

    [Fact]
    public void A_follower_that_swaps_is_found() => Broken(Sound with { Followers = [[Sound.Followers[0][1], Sound.Followers[0][0], .. Sound.Followers[0].Skip(2)]] }, "follower 0 saw another order");

    [Fact]
    public void A_follower_that_repeats_is_found() => Broken(Sound with { Followers = [[.. Sound.Followers[0], Sound.Followers[0][4]]] }, "follower 0 saw another order");

    [Fact]
    public void A_follower_that_stops_is_found() => Broken(Sound with { Followers = [[.. Sound.Followers[0].Take(4)]] }, "follower 0 saw another order");

    [Fact]
    public void A_row_that_a_projection_lacks_is_found() => Broken(Sound with { Projected = [.. Sound.Projected.Skip(1)] }, "the projection's rows are not the log's events");

    [Fact]
    public void A_checkpoint_past_the_log_is_found() => Broken(Sound with { Checkpoint = 6 }, "the checkpoint is 6");

    [Fact]
    public void A_timer_without_an_outcome_is_found() =>
        Broken(Sound with { Log = [.. Sound.Log.Take(4)], Attempts = [.. Sound.Attempts.SkipLast(1)], Timers = Sound.Timers }, "timer t1 was set and never fired");

    [Fact]
    public void A_timer_with_two_outcomes_is_found() => Broken(With(E(6, "z", 2, "fired t1", 0)), "timer t1 had 2 outcomes");

    [Fact]
    public void A_timer_that_fires_after_its_end_is_found() => Broken(With(E(6, "z", 2, "fired t2", 0), new Attempt("fired t2", 1, Told.Acknowledged, 6)), "timer t2 fired after it was cancelled");

    [Fact]
    public void A_timer_that_was_never_set_and_fires_is_found() => Broken(With(E(6, "z", 2, "fired t3", 0), new Attempt("fired t3", 1, Told.Acknowledged, 6)), "timer t3 fired and was never set");

    [Fact]
    public void A_message_that_is_gone_is_found() => Broken(Sound with { Messages = [] }, "cancel t2 stands and its message is gone");

    [Fact]
    public void A_message_that_waits_twice_is_found() => Broken(Sound with { Messages = ["cancel t2", "cancel t2"] }, "the message of cancel t2 waits 2 times");

    [Fact]
    public void A_message_without_its_event_is_found() => Broken(Sound with { Messages = ["cancel t2", "d"] }, "the message of d waits and its event does not stand");

    private static void Broken(RunHistory history, string promise) => HistoryChecker.Check(history).ShouldContain(violation => violation.StartsWith(promise, StringComparison.Ordinal));

    [Fact]
    public void A_timer_that_was_cancelled_before_it_was_set_fires() =>
        Broken(Sound with { Timers = [new TimerLife("t4", "cancel t2", "a")] }, "timer t4 was set and never fired");

    // One event more that everybody who follows has seen too.
    private static RunHistory With(Standing added, Attempt? attempt = null) => Sound with
    {
        Attempts = attempt is null ? Sound.Attempts : [.. Sound.Attempts, attempt],
        Log = [.. Sound.Log, added],
        Followers = [[.. Sound.Followers[0], (added.Position, added.Id)]],
        Projected = [.. Sound.Projected, (added.Position, added.Stream, added.Version)],
        Checkpoint = 6,
    };

    private static Standing E(int position, string stream, long version, string operation, int number) =>
        new(position, Id(position), stream, version, T0.AddSeconds(position), operation, number);

    private static Guid Id(int n) => new(n, 0, 0, new byte[8]);
}
