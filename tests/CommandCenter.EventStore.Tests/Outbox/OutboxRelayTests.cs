using System.Collections.Concurrent;
using CommandCenter.Testing.Clock;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

public sealed class OutboxRelayTests : IDisposable
{
    private static readonly OutboxRelayOptions Options = new() { MostAttempts = 4 };

    private readonly VirtualClock _clock = new();
    private readonly InMemoryEventLog _log;
    private readonly ConcurrentQueue<(string Text, Guid Token, DateTimeOffset At)> _tried = new();
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));
    private readonly Pulse _handled = new();

    public OutboxRelayTests() => _log = new InMemoryEventLog(_clock);

    private InMemoryOutbox Outbox => _log.Outbox;

    public void Dispose() => _limit.Dispose();

    [Fact]
    public async Task A_message_is_delivered_once_and_gone()
    {
        await PutAsync(Message("a"), Message("b"), Message("c", key: "c2"));
        var relay = Relay(TakeAsync);

        (await relay.DrainAsync()).ShouldBe(3);
        (await relay.DrainAsync()).ShouldBe(0);

        Texts.Order(StringComparer.Ordinal).ShouldBe(["a", "b", "c"]);
        (await Outbox.CountAsync()).ShouldBe(new OutboxCounts(0, 0, null));
    }

    [Fact]
    public async Task A_message_that_fails_is_tried_again_after_growing_waits_under_one_token_and_then_is_a_dead_letter_that_says_why()
    {
        await PutAsync(Message());
        var row = (await Outbox.ReadAsync(0, 1)).Single();
        var relay = Relay(_ => throw new DeliveryFailedException("the gateway is busy"));

        await RunThroughAsync(relay);

        var expected = new List<DateTimeOffset> { T0 };
        for (var attempt = 1; attempt < Options.MostAttempts; attempt++)
            expected.Add(Instants.RoundUp(expected[^1] + Options.WaitAfter(row.Id, attempt)));
        _tried.ShouldBe(expected.Select(at => (row.Text(), row.Token, at)));
        var dead = (await Outbox.ListDeadAsync(0, 10)).ShouldHaveSingleItem();
        (dead.Attempts, dead.Reason, dead.DeadAt).ShouldBe((4, "Given up after 4 attempts. the gateway is busy", expected[^1]));
    }

    [Fact]
    public void Waits_double_up_to_the_longest_and_are_spread_the_same_way_every_time()
    {
        var options = new OutboxRelayOptions { FirstWait = TimeSpan.FromSeconds(5), LongestWait = TimeSpan.FromMinutes(10) };
        for (var id = 1; id <= 200; id++)
            for (var attempt = 1; attempt <= 70; attempt++)
            {
                var longest = Math.Min(5 * Math.Pow(2, attempt - 1), 600);
                options.WaitAfter(id, attempt).TotalSeconds.ShouldBeInRange(longest / 2, longest);
            }

        options.WaitAfter(7, 3).ShouldBe(new OutboxRelayOptions { FirstWait = TimeSpan.FromSeconds(5) }.WaitAfter(7, 3));
        Enumerable.Range(1, 200).Select(id => options.WaitAfter(id, 1)).Distinct().Count().ShouldBe(200);
        Enumerable.Range(1, 200).Average(id => options.WaitAfter(id, 1).TotalSeconds).ShouldBe(3.75, 0.2);
    }

    [Fact]
    public async Task A_message_that_can_never_be_delivered_is_a_dead_letter_at_once()
    {
        await PutAsync(Message("a"), Message("b"));
        var relay = Relay(due => due.Row.Text() == "a" ? throw new UndeliverableException("no such number") : Task.CompletedTask);

        (await relay.DrainAsync()).ShouldBe(2);

        Texts.ShouldBe(["a", "b"]);
        var dead = (await Outbox.ListDeadAsync(0, 10)).ShouldHaveSingleItem();
        (dead.Row.Text(), dead.Attempts, dead.Reason).ShouldBe(("a", 1, "no such number"));
    }

    [Theory]
    [InlineData(90, 90)]
    [InlineData(1_000_000, 86_400)]
    public async Task A_receiver_that_says_when_to_come_again_is_left_alone_until_then_but_not_for_ever(int askedSeconds, int grantedSeconds)
    {
        await PutAsync(Message());
        var busy = true;
        var relay = Relay(_ =>
        {
            var throws = busy;
            busy = false;
            return throws ? throw new DeliveryFailedException("too many requests", TimeSpan.FromSeconds(askedSeconds)) : Task.CompletedTask;
        });

        await RunThroughAsync(relay);

        _tried.Select(tried => tried.At).ShouldBe([T0, T0.AddSeconds(grantedSeconds)]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(1)]
    public async Task A_receiver_that_asks_for_no_wait_is_not_asked_sooner_than_by_itself_so_that_its_attempts_last(int askedSeconds)
    {
        await PutAsync(Message());
        var row = (await Outbox.ClaimDueAsync(["sms"], T0.AddDays(-1), 1, TimeSpan.Zero)).Single().Row;
        await RunThroughAsync(Relay(_ => throw new DeliveryFailedException("restarting", TimeSpan.FromSeconds(askedSeconds)), Options with { MostAttempts = 5 }));

        var dead = (await Outbox.ListDeadAsync(0, 10)).ShouldHaveSingleItem();
        (dead.DeadAt - T0).ShouldBeGreaterThan(Options.WaitAfter(row.Id, 2) + Options.WaitAfter(row.Id, 3) + Options.WaitAfter(row.Id, 4));
    }

    [Fact]
    public async Task What_another_library_throws_is_stored_by_its_type_alone_because_its_words_may_be_personal()
    {
        await PutAsync(Message());
        await RunThroughAsync(Relay(_ => throw new FormatException("13800138000 is not a number")));

        (await Outbox.ListDeadAsync(0, 10)).ShouldHaveSingleItem().Reason.ShouldBe("Given up after 4 attempts. FormatException");
    }

    [Fact]
    public async Task A_replayed_dead_letter_wakes_the_relay_and_has_all_its_attempts_again()
    {
        await PutAsync(Message());
        var failing = true;
        var relay = Relay(_ => failing ? throw new UndeliverableException("closed on Sundays") : Task.CompletedTask);
        await relay.DrainAsync();
        var running = relay.RunAsync(_limit.Token);
        await _clock.WhenTimersWaitAsync(cancellation: _limit.Token);
        failing = false;

        var handled = _handled.Next;
        (await Outbox.ReplayAllAsync("sms")).ShouldBe(1);
        await handled.WaitAsync(_limit.Token);

        await UntilAsync(async () => await Outbox.CountAsync() == new OutboxCounts(0, 0, null));
        _tried.Select(tried => tried.Token).Distinct().Count().ShouldBe(1);
        _tried.Count.ShouldBe(2);
        await StopAsync(running);
    }

    [Fact]
    public async Task A_key_whose_first_message_fails_waits_in_order_while_another_key_goes_on()
    {
        await PutAsync(Message("a1", key: "a"), Message("a2", key: "a"), Message("b1", key: "b"), Message("b2", key: "b"));
        var failing = true;
        var relay = Relay(due => failing && due.Row.Text() == "a1" ? throw new IOException("away") : Task.CompletedTask);

        await relay.DrainAsync();
        Texts.ShouldBe(["a1", "b1", "b2"], ignoreOrder: true);
        failing = false;
        _clock.AdvanceTo((await Outbox.NextDueAsync(["sms"])).ShouldNotBeNull());
        await relay.DrainAsync();

        Texts.Where(text => text[0] == 'a').ShouldBe(["a1", "a1", "a2"]);
        Texts.Where(text => text[0] == 'b').ShouldBe(["b1", "b2"]);
    }

    [Fact]
    public async Task Kinds_without_a_handler_are_left_to_others()
    {
        await PutAsync(Message("a", "webhook"), Message("b", "sms"));

        (await Relay(TakeAsync).DrainAsync()).ShouldBe(1);

        Texts.ShouldBe(["b"]);
        (await Outbox.ReadAsync(0, 10)).ShouldHaveSingleItem().Message.Kind.ShouldBe("webhook");
    }

    [Fact]
    public async Task Keys_are_delivered_side_by_side_up_to_the_limit_and_each_in_order()
    {
        await PutAsync([.. Enumerable.Range(0, 90).Select(n => Message($"{n:00}", key: $"k{n % 9}"))]);
        int now = 0, most = 0;
        var relay = Relay(async _ =>
        {
            var others = Interlocked.Increment(ref now);
            for (var seen = Volatile.Read(ref most); others > seen;)
                seen = Interlocked.CompareExchange(ref most, others, seen);
            await Task.Yield();
            Interlocked.Decrement(ref now);
        }, Options with { Parallel = 4 });

        (await relay.DrainAsync()).ShouldBe(90);

        most.ShouldBeInRange(1, 4);
        foreach (var key in Texts.GroupBy(text => int.Parse(text) % 9))
            key.ShouldBe(key.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_slow_delivery_that_lost_its_lease_is_delivered_by_another_and_settles_nothing()
    {
        await PutAsync(Message());
        var slow = new TaskCompletionSource();
        var first = Relay(_ => slow.Task).DrainAsync(_limit.Token);
        await UntilAsync(() => Task.FromResult(!_tried.IsEmpty));
        _clock.Advance(TimeSpan.FromSeconds(30));
        var second = new TaskCompletionSource();
        var other = Relay(_ => second.Task).DrainAsync(_limit.Token);
        await UntilAsync(() => Task.FromResult(_tried.Count == 2));

        // Its completion meets another's lease, so the message stays until that one completes it.
        slow.SetResult();
        (await first).ShouldBe(1);
        (await Outbox.CountAsync()).Pending.ShouldBe(1);
        second.SetResult();
        (await other).ShouldBe(1);

        (await Outbox.CountAsync()).Pending.ShouldBe(0);
        _tried.Select(tried => tried.Token).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_delivery_is_cancelled_before_its_lease_ends_and_waits_like_any_that_failed()
    {
        await PutAsync(Message());
        var row = (await Outbox.ReadAsync(0, 1)).Single();
        var running = Relay(async (_, cancellation) => await Task.Delay(Timeout.InfiniteTimeSpan, cancellation)).RunAsync(_limit.Token);
        await UntilAsync(() => Task.FromResult(!_tried.IsEmpty));
        var leaseEnds = await Outbox.NextDueAsync(["sms"]);

        _clock.Advance(Options.LeaseFor - Options.SettleWithin);
        await UntilAsync(async () => await Outbox.NextDueAsync(["sms"]) != leaseEnds);

        (await Outbox.NextDueAsync(["sms"])).ShouldBe(Instants.RoundUp(T0 + Options.LeaseFor - Options.SettleWithin + Options.WaitAfter(row.Id, 1)));
        _tried.Count.ShouldBe(1);
        await StopAsync(running);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(-1)]
    public void A_lease_that_leaves_its_handler_no_time_is_refused(int settleWithin) =>
        Should.Throw<ArgumentException>(() => Relay(TakeAsync, Options with { SettleWithin = TimeSpan.FromSeconds(settleWithin) })).Message.ShouldContain("less than LeaseFor");

    [Fact]
    public async Task A_delivery_that_never_ends_in_time_is_given_up_after_its_last_attempt_and_says_so()
    {
        await PutAsync(Message());
        var relay = Relay(async (_, cancellation) => await Task.Delay(Timeout.InfiniteTimeSpan, cancellation), Options with { MostAttempts = 1 });
        var running = relay.RunAsync(_limit.Token);
        await UntilAsync(() => Task.FromResult(!_tried.IsEmpty));

        _clock.Advance(Options.LeaseFor - Options.SettleWithin);

        await UntilAsync(async () => (await Outbox.CountAsync()).Dead == 1);
        (await Outbox.ListDeadAsync(0, 1)).Single().Reason.ShouldBe("Given up after 1 attempts. It did not end within 00:00:25.");
        await StopAsync(running);
    }

    [Fact]
    public async Task A_relay_that_is_stopped_in_the_middle_leaves_the_message_to_come_back_after_its_lease()
    {
        await PutAsync(Message());
        var running = Relay(async (_, cancellation) => await Task.Delay(Timeout.InfiniteTimeSpan, cancellation)).RunAsync(_limit.Token);
        await UntilAsync(() => Task.FromResult(!_tried.IsEmpty));
        await StopAsync(running);
        var next = Relay(TakeAsync);

        (await next.DrainAsync()).ShouldBe(0);
        _clock.Advance(TimeSpan.FromSeconds(30));
        (await next.DrainAsync()).ShouldBe(1);

        _tried.Select(tried => tried.Token).Distinct().Count().ShouldBe(1);
        (await Outbox.CountAsync()).Pending.ShouldBe(0);
    }

    [Fact]
    public async Task A_message_that_takes_its_process_down_each_time_is_given_up_too()
    {
        await PutAsync(Message());
        for (var crash = 0; crash < Options.MostAttempts; crash++)
        {
            // Claimed, and never heard of again.
            (await Outbox.ClaimDueAsync(["sms"], _clock.GetUtcNow(), 1, TimeSpan.FromSeconds(30))).Count.ShouldBe(1);
            _clock.Advance(TimeSpan.FromSeconds(30));
        }

        await Relay(TakeAsync).DrainAsync();

        _tried.ShouldBeEmpty();
        (await Outbox.ListDeadAsync(0, 1)).Single().Reason.ShouldBe("Given up: attempt 4 never came to an end.");
    }

    [Fact]
    public async Task A_running_relay_sleeps_until_the_next_attempt_is_due()
    {
        await PutAsync(Message());
        var failing = true;
        var relay = Relay(_ => failing ? throw new DeliveryFailedException("later", TimeSpan.FromSeconds(0.4)) : Task.CompletedTask, Options with { FirstWait = TimeSpan.FromSeconds(0.1) });
        await relay.DrainAsync();
        failing = false;
        var running = relay.RunAsync(_limit.Token);
        await _clock.WhenTimersWaitAsync(cancellation: _limit.Token);

        var handled = _handled.Next;
        _clock.Advance(TimeSpan.FromSeconds(0.399));
        _tried.Count.ShouldBe(1);
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        await handled.WaitAsync(_limit.Token);

        _tried.Last().At.ShouldBe(T0.AddSeconds(0.4));
        await StopAsync(running);
    }

    [Fact]
    public async Task A_running_relay_wakes_when_a_message_comes()
    {
        var running = Relay(TakeAsync, Options with { PollEvery = TimeSpan.FromHours(1) }).RunAsync(_limit.Token);
        await _clock.WhenTimersWaitAsync(cancellation: _limit.Token);

        var handled = _handled.Next;
        await PutAsync(Message("now"));
        await handled.WaitAsync(_limit.Token);

        Texts.ShouldBe(["now"]);
        await StopAsync(running);
    }

    [Fact]
    public async Task Without_a_hint_the_poll_finds_what_came()
    {
        var running = new OutboxRelay(Outbox, _clock, Handlers((_, _) => Task.CompletedTask)).RunAsync(_limit.Token);
        await _clock.WhenTimersWaitAsync(cancellation: _limit.Token);

        var handled = _handled.Next;
        await PutAsync(Message("unannounced"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await handled.WaitAsync(_limit.Token);

        _tried.Single().At.ShouldBe(T0.AddSeconds(1));
        await StopAsync(running);
    }

    [Fact]
    public async Task An_outbox_that_fails_is_asked_again_and_the_last_completed_cycle_shows_it()
    {
        var outbox = new FailingOutbox(Outbox) { ClaimsFail = true };
        var relay = new OutboxRelay(outbox, _clock, Handlers((_, _) => Task.CompletedTask), Outbox.Changed, Options);
        await PutAsync(Message());
        var running = relay.RunAsync(_limit.Token);
        await _clock.WhenTimersWaitAsync(cancellation: _limit.Token);
        relay.LastCompletedCycleAt.ShouldBeNull();

        outbox.ClaimsFail = false;
        var handled = _handled.Next;
        _clock.Advance(PostgresEventLogOptions.Backoff(1));
        await handled.WaitAsync(_limit.Token);

        await UntilAsync(async () => (await Outbox.CountAsync()).Pending == 0);
        relay.LastCompletedCycleAt.ShouldBe(T0 + PostgresEventLogOptions.Backoff(1));
        await StopAsync(running);
    }

    [Fact]
    public async Task What_was_delivered_while_the_outbox_was_away_is_completed_once_it_is_back_and_not_delivered_again()
    {
        var outbox = new FailingOutbox(Outbox) { CompletionsToFail = 2 };
        await PutAsync(Message());
        var running = new OutboxRelay(outbox, _clock, Handlers((_, _) => Task.CompletedTask), Outbox.Changed, Options).RunAsync(_limit.Token);

        await UntilAsync(async () =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(50));
            return (await Outbox.CountAsync()).Pending == 0;
        });

        _tried.Count.ShouldBe(1);
        outbox.CompletionsToFail.ShouldBe(0);
        await StopAsync(running);
    }

    private IEnumerable<string> Texts => _tried.Select(tried => tried.Text);

    private static Task TakeAsync(DueMessage due) => Task.CompletedTask;

    private OutboxRelay Relay(Func<DueMessage, Task> deliver, OutboxRelayOptions? options = null) => Relay((due, _) => deliver(due), options);

    private OutboxRelay Relay(OutboxHandler deliver, OutboxRelayOptions? options = null) => new(Outbox, _clock, Handlers(deliver), Outbox.Changed, options ?? Options);

    private Dictionary<string, OutboxHandler> Handlers(OutboxHandler deliver) => new()
    {
        ["sms"] = async (due, cancellation) =>
        {
            _tried.Enqueue((due.Row.Text(), due.Row.Token, _clock.GetUtcNow()));
            try
            {
                await deliver(due, cancellation);
            }
            finally
            {
                _handled.Send();
            }
        },
    };

    // Goes from one due instant to the next until nothing is pending.
    private async Task RunThroughAsync(OutboxRelay relay)
    {
        await relay.DrainAsync();
        while (await Outbox.NextDueAsync(["sms"]) is { } next)
        {
            _clock.AdvanceTo(next);
            await relay.DrainAsync();
        }
    }

    private Task PutAsync(params OutboxMessage[] messages) => _log.AppendedAsync(new AppendRequest([], Outbox: messages));

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Yield();
            _limit.Token.ThrowIfCancellationRequested();
        }
    }

    private async Task StopAsync(Task running)
    {
        await _limit.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    private sealed class FailingOutbox(IOutbox outbox) : IOutbox
    {
        public bool ClaimsFail { get; set; }
        public int CompletionsToFail { get; set; }

        public Task<IReadOnlyList<DueMessage>> ClaimDueAsync(
            IReadOnlyCollection<string> kinds, DateTimeOffset now, int atMost, TimeSpan leaseFor, CancellationToken cancellation = default) =>
            ClaimsFail ? throw new IOException("away") : outbox.ClaimDueAsync(kinds, now, atMost, leaseFor, cancellation);

        public Task<DateTimeOffset?> NextDueAsync(IReadOnlyCollection<string> kinds, CancellationToken cancellation = default) => outbox.NextDueAsync(kinds, cancellation);

        public Task<bool> CompleteAsync(DueMessage message, CancellationToken cancellation = default) =>
            CompletionsToFail-- > 0 ? throw new IOException("away") : CompleteWithNoMoreFailuresAsync(message, cancellation);

        public Task<bool> FailAsync(DueMessage message, string reason, DateTimeOffset nextAttemptAt, CancellationToken cancellation = default) =>
            outbox.FailAsync(message, reason, nextAttemptAt, cancellation);

        public Task<bool> BuryAsync(DueMessage message, string reason, DateTimeOffset deadAt, CancellationToken cancellation = default) =>
            outbox.BuryAsync(message, reason, deadAt, cancellation);

        public Task<IReadOnlyList<DeadLetter>> ListDeadAsync(long afterId, int atMost, CancellationToken cancellation = default) => outbox.ListDeadAsync(afterId, atMost, cancellation);

        public Task<bool> ReplayAsync(long id, CancellationToken cancellation = default) => outbox.ReplayAsync(id, cancellation);

        public Task<int> ReplayAllAsync(string? kind = null, CancellationToken cancellation = default) => outbox.ReplayAllAsync(kind, cancellation);

        public Task<OutboxCounts> CountAsync(CancellationToken cancellation = default) => outbox.CountAsync(cancellation);

        private Task<bool> CompleteWithNoMoreFailuresAsync(DueMessage message, CancellationToken cancellation)
        {
            CompletionsToFail = 0;
            return outbox.CompleteAsync(message, cancellation);
        }
    }
}
