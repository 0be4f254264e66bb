using System.Collections.Concurrent;
using CommandCenter.Testing.Clock;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

public sealed class TimerWorkerTests : IDisposable
{
    private readonly VirtualClock _clock = new();
    private readonly InMemoryEventLog _log;
    private readonly ConcurrentQueue<(string Name, DateTimeOffset FiredAt)> _fired = new();
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));
    private readonly Pulse _handled = new();

    public TimerWorkerTests() => _log = new InMemoryEventLog(_clock);

    public void Dispose() => _limit.Dispose();

    [Fact]
    public async Task Timers_fire_in_order_each_at_its_own_due_time()
    {
        await SetAsync("b", 20);
        await SetAsync("a", 10);
        var worker = Worker(ConsumeAsync);

        foreach (var _ in Enumerable.Range(0, 2))
        {
            _clock.AdvanceTo((await _log.NextDueAsync()).ShouldNotBeNull());
            (await worker.DrainAsync()).ShouldBe(1);
        }

        _fired.ShouldBe([("a", T0.AddSeconds(10)), ("b", T0.AddSeconds(20))]);
    }

    [Fact]
    public async Task A_drain_goes_on_until_nothing_is_due_also_with_what_its_handlers_set()
    {
        for (var n = 0; n < 7; n++)
            await SetAsync($"t{n}", 1);
        var worker = Worker(async (timer, firedAt, cancellation) =>
        {
            await ConsumeAsync(timer, firedAt, cancellation);
            if (timer.Key.Name == "t3")
                await SetAsync("next", 0);
        }, new TimerWorkerOptions { AtMost = 2 });
        _clock.Advance(TimeSpan.FromSeconds(1));

        (await worker.DrainAsync()).ShouldBe(8);

        _fired.Select(fired => fired.Name).ShouldBe(["t0", "t1", "t2", "t3", "next", "t4", "t5", "t6"]);
    }

    [Fact]
    public async Task A_failed_handler_holds_up_no_other_and_is_tried_again_after_its_lease()
    {
        await SetAsync("bad", 0);
        await SetAsync("good", 0);
        var failing = true;
        var worker = Worker((timer, firedAt, cancellation) =>
            timer.Key.Name == "bad" && failing ? throw new InvalidOperationException("no") : ConsumeAsync(timer, firedAt, cancellation));

        await worker.DrainAsync();
        _fired.Select(fired => fired.Name).ShouldBe(["good"]);
        failing = false;
        _clock.Advance(TimeSpan.FromSeconds(29));
        (await worker.DrainAsync()).ShouldBe(0);
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await worker.DrainAsync()).ShouldBe(1);

        _fired.ShouldBe([("good", T0), ("bad", T0.AddSeconds(30))]);
    }

    [Fact]
    public async Task A_handler_that_found_no_moment_between_other_writers_gets_its_timer_again_after_a_second()
    {
        await SetAsync("a", 0);
        var contended = true;
        var worker = Worker((timer, firedAt, cancellation) => contended ? throw new TimerContendedException("others came first") : ConsumeAsync(timer, firedAt, cancellation));

        await worker.DrainAsync();
        contended = false;
        _clock.Advance(TimeSpan.FromSeconds(0.999));
        (await worker.DrainAsync()).ShouldBe(0);
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        (await worker.DrainAsync()).ShouldBe(1);

        _fired.ShouldBe([("a", T0.AddSeconds(1))]);
    }

    [Fact]
    public async Task Where_a_timer_cannot_be_given_back_its_lease_ends_all_the_same()
    {
        await SetAsync("a", 0);
        var store = new FailingStore(_log);
        var worker = new TimerWorker(store, _clock, (timer, firedAt, cancellation) =>
        {
            if (firedAt == T0)
            {
                store.Fails = true;
                throw new TimerContendedException("others came first");
            }

            return ConsumeAsync(timer, firedAt, cancellation);
        });

        store.Fails = false;
        _ = await Should.ThrowAsync<IOException>(() => worker.DrainAsync());
        store.Fails = false;
        _clock.Advance(TimeSpan.FromSeconds(29));
        (await worker.DrainAsync()).ShouldBe(0);
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await worker.DrainAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_worker_that_outlived_its_lease_leaves_the_rest_to_others()
    {
        await SetAsync("a", 0);
        await SetAsync("b", 0);
        var handled = new List<DueTimer>();
        var worker = Worker((timer, _, _) =>
        {
            handled.Add(timer);
            if (handled.Count == 1)
                _clock.Advance(TimeSpan.FromSeconds(31));
            return _log.AppendedAsync(new AppendRequest([], Fired: timer));
        });

        await worker.DrainAsync();

        handled.Select(timer => timer.Key.Name).ShouldBe(["a", "b"]);
        handled[1].Lease.ShouldNotBe(handled[0].Lease);
    }

    [Fact]
    public async Task A_running_worker_sleeps_until_the_next_timer_is_due()
    {
        await SetAsync("a", 0.4);
        var running = Worker(ConsumeAsync).RunAsync(_limit.Token);
        await _clock.WhenTimersWaitAsync(cancellation: _limit.Token);

        var handled = _handled.Next;
        _clock.Advance(TimeSpan.FromSeconds(0.399));
        _fired.ShouldBeEmpty();
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        await handled.WaitAsync(_limit.Token);

        _fired.ShouldBe([("a", T0.AddSeconds(0.4))]);
        await StopAsync(running);
    }

    [Fact]
    public async Task A_running_worker_wakes_when_a_timer_is_set()
    {
        var running = Worker(ConsumeAsync).RunAsync(_limit.Token);
        await _clock.WhenTimersWaitAsync(cancellation: _limit.Token);

        var handled = _handled.Next;
        await SetAsync("now", 0);
        await handled.WaitAsync(_limit.Token);

        _fired.ShouldBe([("now", T0)]);
        await StopAsync(running);
    }

    [Fact]
    public async Task Without_a_hint_the_poll_finds_what_was_set()
    {
        var running = new TimerWorker(_log, _clock, ConsumeAsync).RunAsync(_limit.Token);
        await _clock.WhenTimersWaitAsync(cancellation: _limit.Token);

        var handled = _handled.Next;
        await SetAsync("unannounced", 0);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await handled.WaitAsync(_limit.Token);

        _fired.ShouldBe([("unannounced", T0.AddSeconds(1))]);
        await StopAsync(running);
    }

    [Fact]
    public async Task A_store_that_fails_is_asked_again_and_the_last_completed_cycle_shows_it()
    {
        var store = new FailingStore(_log) { Fails = true };
        var worker = new TimerWorker(store, _clock, ConsumeAsync, _log.TimersChanged);
        worker.LastCompletedCycleAt.ShouldBeNull();
        await SetAsync("a", 0);
        var running = worker.RunAsync(_limit.Token);
        await _clock.WhenTimersWaitAsync(cancellation: _limit.Token);
        worker.LastCompletedCycleAt.ShouldBeNull();

        store.Fails = false;
        var handled = _handled.Next;
        _clock.Advance(TimeSpan.FromSeconds(1));
        await handled.WaitAsync(_limit.Token);
        await _clock.WhenTimersWaitAsync(cancellation: _limit.Token);

        worker.LastCompletedCycleAt.ShouldBe(T0.AddSeconds(1));
        await StopAsync(running);
    }

    [Fact]
    public async Task A_hanging_handler_holds_up_only_its_own_saga_and_is_cancelled_when_its_lease_ends()
    {
        foreach (var saga in new[] { "c1", "c2", "c3" })
            await _log.AppendedAsync(new AppendRequest([], Timers: [new TimerChange.Set(new TimerKey("case_deadlines", saga, "first", 1), T0), new TimerChange.Set(new TimerKey("case_deadlines", saga, "second", 1), T0.AddSeconds(1))]));
        _clock.Advance(TimeSpan.FromSeconds(1));
        var (hangs, hanging) = (new TaskCompletionSource(), new TaskCompletionSource());
        var handled = new ConcurrentQueue<string>();
        var worker = new TimerWorker(_log, _clock, async (timer, firedAt, cancellation) =>
        {
            if (timer.Key is { SagaId: "c1", Name: "first" } && !hanging.Task.IsCompleted)
            {
                await using var ended = cancellation.Register(() => hanging.TrySetResult());
                hangs.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            }

            await ConsumeAsync(timer, firedAt, cancellation);
            handled.Enqueue($"{timer.Key.SagaId} {timer.Key.Name}");
            _handled.Send();
        }, options: new TimerWorkerOptions { Parallel = 4 });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token);
        var running = worker.RunAsync(stop.Token);

        await UntilAsync(() => handled.Count == 4);
        // The others may be done before it was even called.
        await hangs.Task.WaitAsync(_limit.Token);
        handled.Where(name => name.StartsWith("c2", StringComparison.Ordinal)).ShouldBe(["c2 first", "c2 second"]);
        handled.Where(name => name.StartsWith("c1", StringComparison.Ordinal)).ShouldBeEmpty();

        _clock.Advance(TimeSpan.FromSeconds(30));
        await hanging.Task.WaitAsync(_limit.Token);
        while (handled.Count < 6)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
            _limit.Token.ThrowIfCancellationRequested();
        }

        (await _log.NextDueAsync()).ShouldBeNull();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    [Fact]
    public async Task Timers_of_many_sagas_are_handled_side_by_side_up_to_the_limit_and_each_once()
    {
        for (var n = 0; n < 100; n++)
            await _log.AppendedAsync(new AppendRequest([], Timers: [new TimerChange.Set(new TimerKey("case_deadlines", $"c{n}", "due", 1), T0)]));
        int now = 0, most = 0;
        var worker = new TimerWorker(_log, _clock, async (timer, firedAt, cancellation) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref now));
            await Task.Yield();
            await ConsumeAsync(timer, firedAt, cancellation);
            Interlocked.Decrement(ref now);
        }, options: new TimerWorkerOptions { Parallel = 5, AtMost = 20 });

        (await worker.DrainAsync()).ShouldBe(100);

        _fired.Count.ShouldBe(100);
        most.ShouldBeInRange(1, 5);
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
            _limit.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task A_worker_that_is_stopped_while_its_store_fails_ends_as_stopped_and_leaves_no_handler_behind()
    {
        using var stop = new CancellationTokenSource();
        var let = new TaskCompletionSource();
        var ended = false;
        await SetAsync("long", 0);
        var store = new FailingStore(_log);
        var worker = new TimerWorker(store, _clock, async (_, _, _) =>
        {
            store.Failing = stop.Cancel;
            _handled.Send();
            await let.Task;
            ended = true;
        }, options: new TimerWorkerOptions { Parallel = 2 });
        var handled = _handled.Next;
        var running = worker.RunAsync(stop.Token);
        await handled.WaitAsync(_limit.Token);
        while (!stop.IsCancellationRequested)
        {
            _limit.Token.ThrowIfCancellationRequested();
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        running.IsCompleted.ShouldBeFalse();
        let.SetResult();
        await Should.ThrowAsync<OperationCanceledException>(running);
        ended.ShouldBeTrue();
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen;)
            seen = Interlocked.CompareExchange(ref most, value, seen) is var before && before == seen ? value : before;
    }

    private TimerWorker Worker(Func<DueTimer, DateTimeOffset, CancellationToken, Task> handle, TimerWorkerOptions? options = null) =>
        new(_log, _clock, handle, _log.TimersChanged, options);

    private async Task ConsumeAsync(DueTimer timer, DateTimeOffset firedAt, CancellationToken cancellation)
    {
        await _log.AppendedAsync(new AppendRequest([], Fired: timer));
        _fired.Enqueue((timer.Key.Name, firedAt));
        _handled.Send();
    }

    private Task SetAsync(string name, double dueInSeconds) =>
        _log.AppendedAsync(new AppendRequest([], Timers: [new TimerChange.Set(Timer(name), T0.AddSeconds(dueInSeconds))]));

    private async Task StopAsync(Task running)
    {
        await _limit.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    private sealed class FailingStore(ITimerStore store) : ITimerStore
    {
        public bool Fails { get; set; }

        /// <summary>Called before it fails; set, it makes the store fail.</summary>
        public Action? Failing { get; set; }

        public Task<IReadOnlyList<DueTimer>> ClaimDueAsync(DateTimeOffset now, int atMost, TimeSpan leaseFor, CancellationToken cancellation = default)
        {
            Failing?.Invoke();
            return Fails || Failing is not null ? throw new IOException("away") : store.ClaimDueAsync(now, atMost, leaseFor, cancellation);
        }

        public Task<bool> DeferAsync(DueTimer timer, DateTimeOffset until, CancellationToken cancellation = default) =>
            Fails ? throw new IOException("away") : store.DeferAsync(timer, until, cancellation);

        public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellation = default) => store.NextDueAsync(cancellation);

        public Task<DateTimeOffset?> OldestDueAsync(CancellationToken cancellation = default) => store.OldestDueAsync(cancellation);

        public Task<IReadOnlyList<(TimerKey Key, DateTimeOffset DueAt)>> ListAsync(string saga, string sagaId, CancellationToken cancellation = default) =>
            store.ListAsync(saga, sagaId, cancellation);
    }
}
