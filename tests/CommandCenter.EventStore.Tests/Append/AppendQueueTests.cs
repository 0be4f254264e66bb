using CommandCenter.Testing.Clock;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

public sealed class AppendQueueTests
{
    private readonly VirtualClock _clock = new();

    [Fact]
    public async Task What_waits_is_taken_in_its_order_and_at_most_so_many()
    {
        var queue = Queue(new PostgresEventLogOptions { MostInBatch = 3 });
        var appends = Enumerable.Range(1, 5).Select(n => queue.Add(Prepared(n), default)).ToList();

        (await queue.TakeAsync()).ShouldBe(appends[..3]);
        (await queue.TakeAsync()).ShouldBe(appends[3..]);
        queue.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Whoever_waits_for_an_answer_does_not_wait_behind_timers()
    {
        var queue = Queue(new PostgresEventLogOptions());
        var timers = Enumerable.Range(1, 3).Select(n => queue.Add(Fired(n), default)).ToList();
        var command = queue.Add(Prepared(4), default);

        (await queue.TakeAsync()).ShouldBe([command]);

        var next = queue.Add(Prepared(5), default);
        (await queue.TakeAsync()).ShouldBe([.. timers, next]);
    }

    [Fact]
    public async Task Timers_come_to_their_turn_however_many_commands_wait()
    {
        var queue = Queue(new PostgresEventLogOptions { MostInBatch = 2 });
        var commands = Enumerable.Range(1, 7).Select(n => queue.Add(Prepared(n), default)).ToList();
        var timers = Enumerable.Range(11, 3).Select(n => queue.Add(Fired(n), default)).ToList();

        (await queue.TakeAsync()).ShouldBe(commands[..2]);
        (await queue.TakeAsync()).ShouldBe(timers[..2]);
        (await queue.TakeAsync()).ShouldBe(commands[2..4]);
        (await queue.TakeAsync()).ShouldBe([timers[2], commands[4]]);
        (await queue.TakeAsync()).ShouldBe(commands[5..]);
        queue.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Timers_whose_commands_have_all_left_are_taken_at_once()
    {
        var queue = Queue(new PostgresEventLogOptions());
        var timer = queue.Add(Fired(1), default);
        queue.Add(Prepared(2), default).Cancel();

        (await queue.TakeAsync()).ShouldBe([timer]);
    }

    [Fact]
    public async Task A_batch_ends_at_its_bytes_but_holds_one_append_however_large()
    {
        var bytes = Prepared(1).Bytes;
        var queue = Queue(new PostgresEventLogOptions { MostBytesInBatch = (2 * bytes) + 1 });
        var appends = Enumerable.Range(1, 3).Select(n => queue.Add(Prepared(n), default)).ToList();
        (await queue.TakeAsync()).ShouldBe(appends[..2]);

        var narrow = Queue(new PostgresEventLogOptions { MostBytesInBatch = 1, MostWaitingBytes = 1 });
        var large = narrow.Add(Prepared(1), default);
        (await narrow.TakeAsync()).ShouldBe([large]);
    }

    [Fact]
    public async Task One_more_than_may_wait_is_refused_and_told_when_to_come_again()
    {
        var queue = Queue(new PostgresEventLogOptions { MostWaiting = 2 });
        queue.Add(Prepared(1), default);
        queue.Add(Prepared(2), default);

        Should.Throw<LogBusyException>(() => queue.Add(Prepared(3), default)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(5));

        (await queue.TakeAsync())!.Count.ShouldBe(2);
        queue.Add(Prepared(3), default).IsOver.ShouldBeFalse();
    }

    [Fact]
    public void The_time_to_come_again_follows_from_how_fast_the_queue_empties()
    {
        var queue = Queue(new PostgresEventLogOptions { MostWaiting = 12 });
        queue.Answered(count: 6, TimeSpan.FromSeconds(2));
        for (var n = 1; n <= 12; n++)
            queue.Add(Prepared(n), default);

        Should.Throw<LogBusyException>(() => queue.Add(Prepared(13), default)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task More_bytes_than_may_wait_are_refused()
    {
        var queue = Queue(new PostgresEventLogOptions { MostWaitingBytes = Prepared(1).Bytes });
        queue.Add(Prepared(1), default);

        Should.Throw<LogBusyException>(() => queue.Add(Prepared(2), default));

        await queue.TakeAsync();
        queue.Add(Prepared(2), default).IsOver.ShouldBeFalse();
    }

    [Fact]
    public async Task Who_waited_too_long_is_refused_and_those_behind_are_taken()
    {
        var queue = Queue(new PostgresEventLogOptions { WaitFor = TimeSpan.FromSeconds(20) });
        var late = queue.Add(Prepared(1), default);
        _clock.Advance(TimeSpan.FromSeconds(21));
        var fresh = queue.Add(Prepared(2), default);

        (await queue.TakeAsync()).ShouldBe([fresh]);
        await Should.ThrowAsync<LogBusyException>(late.Answer);
    }

    [Fact]
    public async Task Who_waited_too_long_is_told_though_nobody_takes_the_next_batch()
    {
        var queue = Queue(new PostgresEventLogOptions { WaitFor = TimeSpan.FromSeconds(20) });
        var late = queue.Add(Prepared(1), default);
        _clock.Advance(TimeSpan.FromSeconds(15));
        var fresh = queue.Add(Prepared(2), default);
        queue.Sweep();
        late.IsOver.ShouldBeFalse();

        _clock.Advance(TimeSpan.FromSeconds(6));
        queue.Sweep();

        await Should.ThrowAsync<LogBusyException>(late.Answer);
        queue.Since.ShouldBe(fresh.Since);
        (await queue.TakeAsync()).ShouldBe([fresh]);
        queue.Since.ShouldBeNull();
    }

    [Fact]
    public async Task Who_left_is_passed_over()
    {
        var queue = Queue(new PostgresEventLogOptions());
        var left = queue.Add(Prepared(1), default);
        var stays = queue.Add(Prepared(2), default);
        left.Cancel();

        (await queue.TakeAsync()).ShouldBe([stays]);
        await Should.ThrowAsync<OperationCanceledException>(left.Answer);
    }

    [Fact]
    public async Task What_is_decided_cannot_be_left_until_it_is_known_that_nothing_was_written()
    {
        using var leave = new CancellationTokenSource();
        var append = Queue(new PostgresEventLogOptions()).Add(Prepared(1), leave.Token);

        append.TryDecide().ShouldBeTrue();
        await leave.CancelAsync();
        append.Cancel();
        append.IsOver.ShouldBeFalse();

        append.Undecide();
        await Should.ThrowAsync<OperationCanceledException>(append.Answer);
        append.TryDecide().ShouldBeFalse();
    }

    [Fact]
    public async Task A_closed_queue_lets_nobody_in_and_gives_out_what_it_holds()
    {
        var queue = Queue(new PostgresEventLogOptions());
        var waits = queue.Add(Prepared(1), default);
        queue.Close();

        Should.Throw<ObjectDisposedException>(() => queue.Add(Prepared(2), default));
        (await queue.TakeAsync()).ShouldBe([waits]);
        (await queue.TakeAsync()).ShouldBeNull();
    }

    private AppendQueue Queue(PostgresEventLogOptions options) => new(options, _clock);

    private static PreparedAppend Fired(int number) =>
        PreparedAppend.From(Request(New(Case(number))) with { Fired = new DueTimer(new TimerKey("case_deadlines", Case(number).Id, "handle/overdue", 1), DateTimeOffset.UnixEpoch, Guid.CreateVersion7()) });

    private static PreparedAppend Prepared(int number) => PreparedAppend.From(Request(New(Case(number))));
}
