using CommandCenter.Testing.Postgres;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

/// <summary>What every timer store does, together with its event log.</summary>
public abstract class TimerStoreContract : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private Engine? _engine;

    protected abstract Task<Engine> StartAsync();

    private IEventLog Log => _engine!.Log;
    private ITimerStore Store => _engine!.Timers;

    public async Task InitializeAsync() => _engine = await StartAsync();

    public async Task DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
    }

    [PostgresFact]
    public async Task Without_timers_nothing_is_due()
    {
        (await Store.ClaimDueAsync(T0.AddYears(10), 10, Lease)).ShouldBeEmpty();
        (await Store.NextDueAsync()).ShouldBeNull();
        (await Store.ListAsync("case_deadlines", "c1")).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task A_timer_is_claimed_once_it_is_due_and_not_before()
    {
        await SetAsync(Timer(), T0.AddHours(1));

        (await Store.NextDueAsync()).ShouldBe(T0.AddHours(1));
        (await Store.ClaimDueAsync(T0.AddHours(1).AddMicroseconds(-1), 10, Lease)).ShouldBeEmpty();
        var due = (await Store.ClaimDueAsync(T0.AddHours(1), 10, Lease)).ShouldHaveSingleItem();
        due.Key.ShouldBe(Timer());
        due.DueAt.ShouldBe(T0.AddHours(1));
        due.Lease.ShouldNotBe(Guid.Empty);
    }

    [PostgresFact]
    public async Task Timers_are_claimed_earliest_first_ties_by_key_and_at_most_so_many()
    {
        await Log.AppendedAsync(new AppendRequest([], Timers:
        [
            new TimerChange.Set(Timer("c"), T0.AddMinutes(2)), new TimerChange.Set(Timer("b"), T0.AddMinutes(1)), new TimerChange.Set(Timer("a", 10), T0.AddMinutes(2)),
            new TimerChange.Set(Timer("a", 9), T0.AddMinutes(2)), new TimerChange.Set(Timer("Z"), T0.AddMinutes(2)),
        ]));

        (await Store.ClaimDueAsync(T0.AddHours(1), 2, Lease)).Select(timer => timer.Key).ShouldBe([Timer("b"), Timer("Z")]);
        (await Store.ClaimDueAsync(T0.AddHours(1), 9, Lease)).Select(timer => timer.Key).ShouldBe([Timer("a", 9), Timer("a", 10), Timer("c")]);
    }

    [PostgresFact]
    public async Task A_leased_timer_is_not_claimed_until_its_lease_ends()
    {
        await SetAsync(Timer(), T0);
        var first = (await Store.ClaimDueAsync(T0, 10, Lease)).Single();

        (await Store.ClaimDueAsync(T0.AddSeconds(29), 10, Lease)).ShouldBeEmpty();
        (await Store.NextDueAsync()).ShouldBe(T0.AddSeconds(30));
        var second = (await Store.ClaimDueAsync(T0.AddSeconds(30), 10, Lease)).Single();
        second.Lease.ShouldNotBe(first.Lease);
        second.DueAt.ShouldBe(T0);
    }

    [PostgresFact]
    public async Task The_append_of_a_fired_timer_consumes_it()
    {
        await SetAsync(Timer(), T0);
        var due = (await Store.ClaimDueAsync(T0, 10, Lease)).Single();

        await Log.AppendedAsync(Request(New(Case(1))) with { Fired = due });

        (await Store.NextDueAsync()).ShouldBeNull();
        (await Log.AppendAsync(Request(New(Case(2))) with { Fired = due })).ShouldBe(new AppendResult.TimerLost(Timer()));
        (await Log.ReadStreamAsync(Case(2))).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task A_fired_timer_may_be_consumed_without_an_event()
    {
        await SetAsync(Timer(), T0);
        var due = (await Store.ClaimDueAsync(T0, 10, Lease)).Single();

        await Log.AppendedAsync(new AppendRequest([], Fired: due));

        (await Store.ListAsync("case_deadlines", "c1")).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task A_timer_whose_lease_ended_is_lost_only_once_another_leased_it()
    {
        await SetAsync(Timer("a"), T0);
        await SetAsync(Timer("b"), T0);
        var mine = await Store.ClaimDueAsync(T0, 10, Lease);
        var another = (await Store.ClaimDueAsync(T0.AddSeconds(30), 1, Lease)).Single();
        another.Key.ShouldBe(Timer("a"));

        (await Log.AppendAsync(new AppendRequest([], Fired: mine[0]))).ShouldBe(new AppendResult.TimerLost(Timer("a")));
        await Log.AppendedAsync(new AppendRequest([], Fired: mine[1]));
        await Log.AppendedAsync(new AppendRequest([], Fired: another));
    }

    [PostgresFact]
    public async Task A_timer_that_was_given_back_is_claimed_again_from_the_instant_named_and_is_its_workers_no_more()
    {
        await SetAsync(Timer(), T0);
        var mine = (await Store.ClaimDueAsync(T0, 10, Lease)).Single();

        (await Store.DeferAsync(mine, T0.AddSeconds(1))).ShouldBeTrue();

        (await Log.AppendAsync(new AppendRequest([], Fired: mine))).ShouldBe(new AppendResult.TimerLost(Timer()));
        (await Store.DeferAsync(mine, T0.AddSeconds(9))).ShouldBeFalse();
        (await Store.NextDueAsync()).ShouldBe(T0.AddSeconds(1));
        (await Store.OldestDueAsync()).ShouldBe(T0);
        (await Store.ClaimDueAsync(T0.AddSeconds(1).AddMicroseconds(-1), 10, Lease)).ShouldBeEmpty();
        var again = (await Store.ClaimDueAsync(T0.AddSeconds(1), 10, Lease)).Single();
        (again.Key, again.DueAt).ShouldBe((Timer(), T0));
        await Log.AppendedAsync(new AppendRequest([], Fired: again));
        (await Store.DeferAsync(again, T0)).ShouldBeFalse();
    }

    [PostgresFact]
    public async Task Setting_a_timer_again_moves_it_and_takes_it_from_whoever_leased_it()
    {
        await SetAsync(Timer(), T0);
        var due = (await Store.ClaimDueAsync(T0, 10, Lease)).Single();

        await SetAsync(Timer(), T0.AddHours(2));

        (await Store.ListAsync("case_deadlines", "c1")).ShouldBe([(Timer(), T0.AddHours(2))]);
        (await Store.NextDueAsync()).ShouldBe(T0.AddHours(2));
        (await Log.AppendAsync(new AppendRequest([], Fired: due))).ShouldBe(new AppendResult.TimerLost(Timer()));
    }

    [PostgresFact]
    public async Task A_cancelled_timer_is_gone_and_cancelling_what_is_not_set_changes_nothing()
    {
        await SetAsync(Timer("a"), T0);
        await SetAsync(Timer("b"), T0);
        var due = await Store.ClaimDueAsync(T0, 1, Lease);

        await Log.AppendedAsync(new AppendRequest([], Timers: [new TimerChange.Cancel(Timer("a")), new TimerChange.Cancel(Timer("never"))]));

        (await Store.ListAsync("case_deadlines", "c1")).ShouldBe([(Timer("b"), T0)]);
        (await Log.AppendAsync(new AppendRequest([], Fired: due.Single()))).ShouldBe(new AppendResult.TimerLost(Timer("a")));
    }

    [PostgresFact]
    public async Task The_fired_timer_may_be_set_anew_in_the_same_append()
    {
        await SetAsync(Timer(), T0);
        var due = (await Store.ClaimDueAsync(T0, 10, Lease)).Single();

        await Log.AppendedAsync(new AppendRequest([], Timers: [new TimerChange.Set(Timer(), T0.AddHours(1))], Fired: due));

        (await Store.ClaimDueAsync(T0.AddHours(1), 10, Lease)).ShouldHaveSingleItem().Key.ShouldBe(Timer());
    }

    [PostgresFact]
    public async Task Of_several_changes_to_one_timer_the_last_counts()
    {
        await Log.AppendedAsync(new AppendRequest([], Timers:
        [
            new TimerChange.Set(Timer("a"), T0), new TimerChange.Cancel(Timer("a")), new TimerChange.Cancel(Timer("b")), new TimerChange.Set(Timer("b"), T0), new TimerChange.Set(Timer("b"), T0.AddHours(1)),
        ]));

        (await Store.ListAsync("case_deadlines", "c1")).ShouldBe([(Timer("b"), T0.AddHours(1))]);
    }

    [PostgresFact]
    public async Task A_lost_timer_changes_no_timer()
    {
        await SetAsync(Timer("a"), T0);

        (await Log.AppendAsync(new AppendRequest([], Timers: [new TimerChange.Cancel(Timer("a"))], Fired: new DueTimer(Timer("x"), T0, Guid.Empty)))).ShouldBe(new AppendResult.TimerLost(Timer("x")));
        // A timer that nobody leased is not anybody's to fire.
        (await Log.AppendAsync(new AppendRequest([], Fired: new DueTimer(Timer("a"), T0, Guid.Empty)))).ShouldBe(new AppendResult.TimerLost(Timer("a")));

        (await Store.ListAsync("case_deadlines", "c1")).ShouldBe([(Timer("a"), T0)]);
    }

    [PostgresFact]
    public async Task A_repeated_command_is_answered_although_its_timer_is_gone_and_its_stream_moved()
    {
        await SetAsync(Timer(), T0);
        var due = (await Store.ClaimDueAsync(T0, 10, Lease)).Single();
        var request = Request(New(Case(1))) with { Fired = due, Command = Command() };
        await Log.AppendedAsync(request);

        (await Log.AppendAsync(request)).ShouldBeOfType<AppendResult.Repeated>();
    }

    [PostgresFact]
    public async Task A_lost_timer_is_told_before_a_version_conflict()
    {
        await Log.AppendedAsync(Request(New(Case(1))));

        (await Log.AppendAsync(Request(New(Case(1))) with { Fired = new DueTimer(Timer(), T0, Guid.Empty) })).ShouldBe(new AppendResult.TimerLost(Timer()));
    }

    [PostgresFact]
    public async Task Only_one_of_many_workers_claims_a_timer_and_only_one_append_fires_it()
    {
        await Log.AppendedAsync(new AppendRequest([], Timers: [.. Enumerable.Range(1, 40).Select(n => new TimerChange.Set(Timer("t", n), T0))]));

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Store.ClaimDueAsync(T0, 10, Lease))));

        var claimed = claims.SelectMany(claim => claim).ToList();
        claimed.Select(timer => timer.Key).Distinct().Count().ShouldBe(claimed.Count);
        var fired = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Log.AppendAsync(Request(To(Case(1), new ExpectedVersion.Any())) with { Fired = claimed[0] }))));
        fired.Count(result => result is AppendResult.Appended).ShouldBe(1);
        fired.Count(result => result is AppendResult.TimerLost).ShouldBe(7);
    }

    [PostgresFact]
    public async Task A_due_instant_finer_than_a_microsecond_is_never_early()
    {
        await SetAsync(Timer(), T0.AddTicks(3));

        (await Store.NextDueAsync()).ShouldBe(T0.AddMicroseconds(1));
    }

    [PostgresFact]
    public async Task The_oldest_due_instant_is_seen_whether_the_timer_is_leased_or_not()
    {
        (await Store.OldestDueAsync()).ShouldBeNull();
        await SetAsync(Timer("b"), T0.AddMinutes(2));
        await SetAsync(Timer("a"), T0.AddMinutes(1));
        await Store.ClaimDueAsync(T0.AddMinutes(1), 1, Lease);

        (await Store.OldestDueAsync()).ShouldBe(T0.AddMinutes(1));
    }

    // wolverine#1095: a time-out that was leased before its saga completed decides nothing after.
    [PostgresFact]
    public async Task A_timer_that_is_cancelled_while_it_is_leased_loses_its_append()
    {
        await SetAsync(Timer(), T0);
        var due = (await Store.ClaimDueAsync(T0, 1, TimeSpan.FromMinutes(1))).Single();
        await Log.AppendedAsync(new AppendRequest([New(Case(1))], Timers: [new TimerChange.Cancel(due.Key)]));

        (await Log.AppendAsync(new AppendRequest([To(Case(1), new ExpectedVersion.Any())], Fired: due))).ShouldBe(new AppendResult.TimerLost(due.Key));

        (await Log.ReadStreamAsync(Case(1))).Count.ShouldBe(1);
    }

    // wolverine#1272: after downtime one matter must not be told of three times.
    [PostgresFact]
    public async Task After_downtime_three_workers_fire_each_timer_once()
    {
        await Log.AppendedAsync(new AppendRequest([], Timers: [.. Enumerable.Range(0, 50).Select(n => new TimerChange.Set(Timer($"t{n}"), T0.AddSeconds(n)))]));
        _engine!.Clock.Advance(TimeSpan.FromDays(3));
        var workers = Enumerable.Range(0, 3).Select(_ => new TimerWorker(Store, _engine.Clock, async (timer, _, cancellation) =>
            await Log.AppendAsync(Request(To(Case(1), new ExpectedVersion.Any(), Event(data: $$"""{"text":"{{timer.Key.Name}}"}"""))) with { Fired = timer }, cancellation)));

        await Task.WhenAll(workers.Select(worker => Task.Run(() => worker.DrainAsync())));

        (await Log.ReadStreamAsync(Case(1))).Select(e => e.Text()).Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, 50).Select(n => $$"""{"text":"t{{n}}"}""").Order(StringComparer.Ordinal));
        (await Store.OldestDueAsync()).ShouldBeNull();
    }

    private Task<AppendReceipt> SetAsync(TimerKey key, DateTimeOffset dueAt) => Log.AppendedAsync(new AppendRequest([], Timers: [new TimerChange.Set(key, dueAt)]));
}
