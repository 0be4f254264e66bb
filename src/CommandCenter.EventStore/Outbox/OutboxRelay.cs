using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CommandCenter.EventStore;

/// <summary>
/// Delivers one message to the outside world. It returns once the receiver has taken the message, and throws when it has not: <see cref="UndeliverableException"/> when it never
/// will, <see cref="DeliveryFailedException"/> to say why or when to come again, anything else to be tried again later. The receiver is given <see cref="OutboxRow.Token"/> and
/// takes what it was given before for done, because a message is delivered at least once: whoever loses its answer sends it again.
/// </summary>
/// <param name="cancellation">Cancelled shortly before the lease ends (<see cref="OutboxRelayOptions.SettleWithin"/>), or when the relay is stopped. A handler that does not heed it keeps its place among those under way.</param>
public delegate Task OutboxHandler(DueMessage message, CancellationToken cancellation);

/// <summary>
/// Hands outbox messages to the handler of their kind, several keys side by side and each key in order, and sleeps until the next is due. What a handler fails to deliver comes
/// again after a wait that doubles, and after so many attempts it is a dead letter. Kinds without a handler here are left to other relays.
/// </summary>
/// <param name="clock">Says what is due, and is what sleeps are measured by.</param>
/// <param name="handlers">By kind.</param>
/// <param name="outboxChanged">Wakes the relay when messages come, such as <see cref="PostgresEventLog.OutboxChanged"/>; null: only the poll does.</param>
public sealed partial class OutboxRelay(
    IOutbox outbox,
    TimeProvider clock,
    IReadOnlyDictionary<string, OutboxHandler> handlers,
    Pulse? outboxChanged = null,
    OutboxRelayOptions? options = null,
    ILogger<OutboxRelay>? logger = null)
{
    private static readonly Task Never = new TaskCompletionSource().Task;

    private readonly OutboxRelayOptions _options = Checked(options ?? new OutboxRelayOptions());
    private readonly ILogger _logger = logger ?? NullLogger<OutboxRelay>.Instance;
    private readonly string[] _kinds = [.. handlers.Keys];
    private long _lastCompletedTicks;

    /// <summary>When the relay last asked for due messages and got an answer; null before the first time. One that stands still for long is a fault to report.</summary>
    public DateTimeOffset? LastCompletedCycleAt => Interlocked.Read(ref _lastCompletedTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Works until cancelled. A failing outbox is tried again, for ever.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var running = new Lanes(_options.Parallel);
        var failures = 0;
        while (!cancellation.IsCancellationRequested)
        {
            var changed = outboxChanged?.Next ?? Never;
            var finished = running.Finished.Next;
            TimeSpan sleep;
            try
            {
                // With every handler busy there is nothing to claim: the next that ends makes room.
                var room = _options.Parallel - running.Count;
                if (room <= 0)
                {
                    await Waiting.OrStoppedAsync(finished, Never, _options.PollEvery, clock, cancellation);
                    continue;
                }

                if (await ClaimAsync(running, room, cancellation) > 0)
                    continue;
                sleep = Waiting.Until(await outbox.NextDueAsync(_kinds, cancellation), _options.PollEvery, clock);
                failures = 0;
            }
            catch (Exception e)
            {
                // An outbox that goes while the relay is stopped changes nothing about its end.
                if (cancellation.IsCancellationRequested)
                    break;
                failures++;
                LogOutboxFailed(_logger, e, failures);
                changed = Never;
                finished = Never;
                sleep = PostgresEventLogOptions.Backoff(failures);
            }

            await Waiting.OrStoppedAsync(changed, finished, sleep, clock, cancellation);
        }

        // Handlers under way were cancelled with the relay; none outlives it.
        while (running.Count > 0)
            await running.FinishOneAsync(CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Tries everything that is due now and returns how many attempts that were; for those who move the clock themselves.</summary>
    public async Task<int> DrainAsync(CancellationToken cancellation = default)
    {
        using var running = new Lanes(_options.Parallel);
        while (true)
        {
            // Counted before the claim: what ends after it may have held up a later message of its key.
            var underWay = running.Count;
            if (underWay < _options.Parallel && await ClaimAsync(running, _options.Parallel - underWay, cancellation) > 0)
                continue;
            if (underWay == 0)
                return running.Handled;
            await running.FinishOneAsync(cancellation);
        }
    }

    // No more than there is room for: a message that waited for a place would use up its lease, and its attempt, without a try.
    private async Task<int> ClaimAsync(Lanes running, int room, CancellationToken cancellation)
    {
        var claimedAt = clock.GetUtcNow();
        var due = await outbox.ClaimDueAsync(_kinds, claimedAt, room, _options.LeaseFor, cancellation);
        Interlocked.Exchange(ref _lastCompletedTicks, clock.GetUtcNow().UtcTicks);
        foreach (var message in due)
            running.Start((message.Row.Message.Kind, message.Row.Message.Key), () => DeliverAsync(message, claimedAt, cancellation));
        return due.Count;
    }

    private static OutboxRelayOptions Checked(OutboxRelayOptions options) => options.SettleWithin >= TimeSpan.Zero && options.SettleWithin < options.LeaseFor
        ? options
        : throw new ArgumentException($"{nameof(options.SettleWithin)} is {options.SettleWithin}: give it less than {nameof(options.LeaseFor)}, which is {options.LeaseFor}, or no handler has any time.", nameof(options));

    /// <summary>True when the attempt was made.</summary>
    private async Task<bool> DeliverAsync(DueMessage message, DateTimeOffset claimedAt, CancellationToken stop)
    {
        // Past the lease the message may be another relay's; delivering it here too would only be a repeat.
        var left = _options.LeaseFor - (clock.GetUtcNow() - claimedAt);
        if (left <= TimeSpan.Zero || stop.IsCancellationRequested)
            return false;
        using var lease = new CancellationTokenSource(left, clock);
        using var time = new CancellationTokenSource(TimeSpan.FromTicks(Math.Max(0, (left - _options.SettleWithin).Ticks)), clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(time.Token, stop);
        Exception? failure = null;
        // One that never ended so often, because its process died of it each time, is not let loose again.
        if (message.Attempt <= _options.MostAttempts)
        {
            try
            {
                await handlers[message.Row.Message.Kind](message, limit.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The relay is being stopped; the message comes back after its lease.
                return true;
            }
            catch (Exception e)
            {
                failure = e;
            }
        }

        using var held = CancellationTokenSource.CreateLinkedTokenSource(lease.Token, stop);
        await SettleAsync(message, Settling(message, failure, time.IsCancellationRequested), held.Token);
        return true;
    }

    /// <summary>What becomes of the message after this attempt.</summary>
    private Func<Task<bool>> Settling(DueMessage message, Exception? failure, bool timeIsUp)
    {
        var (row, now) = (message.Row, clock.GetUtcNow());
        if (message.Attempt > _options.MostAttempts)
            return Dead($"Given up: attempt {message.Attempt - 1} never came to an end.");
        if (failure is null)
            return () => outbox.CompleteAsync(message);

        // Another's words may hold what the message holds, and a reason is stored in the clear: of those only the type.
        var reason = failure is UndeliverableException or DeliveryFailedException ? failure.Message
            : timeIsUp && failure is OperationCanceledException ? $"It did not end within {_options.LeaseFor - _options.SettleWithin}."
            : failure.GetType().Name;
        if (failure is UndeliverableException)
            return Dead(reason);
        if (message.Attempt == _options.MostAttempts)
            return Dead($"Given up after {message.Attempt} attempts. {reason}");

        // Never sooner than its own wait: a receiver that asks for none would have all attempts within a second.
        var own = _options.WaitAfter(row.Id, message.Attempt);
        var wait = (failure as DeliveryFailedException)?.RetryAfter is { } asked && asked > own ? TimeSpan.FromTicks(Math.Min(asked.Ticks, Math.Max(own.Ticks, _options.LongestRetryAfter.Ticks))) : own;
        LogDeliveryFailed(_logger, failure, row.Id, row.Message.Kind, message.Attempt, wait);
        return () => outbox.FailAsync(message, reason, now + wait);

        Func<Task<bool>> Dead(string why)
        {
            LogDead(_logger, failure, row.Id, row.Message.Kind, message.Attempt, why);
            return () => outbox.BuryAsync(message, why, now);
        }
    }

    // Once in any case, and on as long as the lease lasts: what was delivered and cannot be settled is delivered again.
    private async Task SettleAsync(DueMessage message, Func<Task<bool>> settle, CancellationToken limit)
    {
        var failures = 0;
        do
        {
            try
            {
                if (!await settle())
                    LogLeaseLost(_logger, message.Row.Id, message.Row.Message.Kind);
                return;
            }
            catch (Exception e)
            {
                failures++;
                LogNotSettled(_logger, e, message.Row.Id, failures);
            }

            await Waiting.OrStoppedAsync(Never, Never, PostgresEventLogOptions.Backoff(failures), clock, limit);
        }
        while (!limit.IsCancellationRequested);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox cannot be claimed from (failure {Failures} in a row); tried again.")]
    private static partial void LogOutboxFailed(ILogger logger, Exception e, int failures);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Outbox message {Id} of kind {Kind} was not delivered in attempt {Attempt}; it is tried again in {Wait}.")]
    private static partial void LogDeliveryFailed(ILogger logger, Exception e, long id, string kind, int attempt, TimeSpan wait);

    [LoggerMessage(Level = LogLevel.Error, Message = "Outbox message {Id} of kind {Kind} is a dead letter at attempt {Attempt}. {Reason}")]
    private static partial void LogDead(ILogger logger, Exception? e, long id, string kind, int attempt, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The lease of outbox message {Id} of kind {Kind} ended before its attempt did, and another relay has it now.")]
    private static partial void LogLeaseLost(ILogger logger, long id, string kind);

    [LoggerMessage(Level = LogLevel.Error, Message = "What became of outbox message {Id} cannot be recorded (failure {Failures} in a row); if it stays so, the message is tried again after its lease.")]
    private static partial void LogNotSettled(ILogger logger, Exception e, long id, int failures);
}
