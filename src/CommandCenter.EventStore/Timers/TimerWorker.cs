using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CommandCenter.EventStore;

/// <summary>How a <see cref="TimerWorker"/> works.</summary>
public sealed record TimerWorkerOptions
{
    /// <summary>The most timers leased at once; they are handled one after the other.</summary>
    public int AtMost { get; init; } = 50;

    /// <summary>How long a timer is this worker's. A timer whose handler failed is tried again after this.</summary>
    public TimeSpan LeaseFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest sleep: a hint that was lost costs no more than this.</summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>
/// Hands due timers to a handler, earliest first, until none is left, and sleeps until the next. The handler appends with
/// <see cref="AppendRequest.Fired"/>, which consumes the timer; a handler that fails gets its timer again when the lease is over, and holds up no other.
/// </summary>
/// <param name="clock">Says what is due, and is what sleeps are measured by.</param>
/// <param name="handle">Given the timer and the instant at which it fired.</param>
/// <param name="timersChanged">Wakes the worker when timers change, such as <see cref="PostgresEventLog.TimersChanged"/>; null: only the poll does.</param>
public sealed partial class TimerWorker(
    ITimerStore timers,
    TimeProvider clock,
    Func<DueTimer, DateTimeOffset, CancellationToken, Task> handle,
    Pulse? timersChanged = null,
    TimerWorkerOptions? options = null,
    ILogger<TimerWorker>? logger = null)
{
    private static readonly Task Never = new TaskCompletionSource().Task;

    private readonly TimerWorkerOptions _options = options ?? new TimerWorkerOptions();
    private readonly ILogger _logger = logger ?? NullLogger<TimerWorker>.Instance;
    private long _lastCompletedTicks;

    /// <summary>When the worker last found nothing more to do; null before the first time. One that stands still for long is a fault to report.</summary>
    public DateTimeOffset? LastCompletedCycleAt => Interlocked.Read(ref _lastCompletedTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Works until cancelled. A failing store is tried again, for ever.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var failures = 0;
        while (!cancellation.IsCancellationRequested)
        {
            var changed = timersChanged?.Next ?? Never;
            DateTimeOffset? next = null;
            try
            {
                await DrainAsync(cancellation);
                next = await timers.NextDueAsync(cancellation);
                failures = 0;
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                failures++;
                LogStoreFailed(_logger, e, failures);
                changed = Never;
            }

            await Waiting.ForAsync(changed, SleepUntil(next), clock, cancellation);
        }

        cancellation.ThrowIfCancellationRequested();
    }

    // Whole milliseconds, rounded up, because a shorter delay is none: another worker may be leasing what is due, and asking on without a pause helps nobody.
    private TimeSpan SleepUntil(DateTimeOffset? next)
    {
        if (next is null)
            return _options.PollEvery;
        var sleep = TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((next.Value - clock.GetUtcNow()).TotalMilliseconds)));
        return sleep < _options.PollEvery ? sleep : _options.PollEvery;
    }

    /// <summary>Handles everything that is due now and returns how many timers that were; for tests that move the clock themselves.</summary>
    public async Task<int> DrainAsync(CancellationToken cancellation = default)
    {
        var handled = 0;
        while (true)
        {
            var claimedAt = clock.GetUtcNow();
            var due = await timers.ClaimDueAsync(claimedAt, _options.AtMost, _options.LeaseFor, cancellation);
            if (due.Count == 0)
            {
                Interlocked.Exchange(ref _lastCompletedTicks, clock.GetUtcNow().UtcTicks);
                return handled;
            }

            foreach (var timer in due)
            {
                // Past the lease the timer may be another worker's; its compare-and-set would only lose.
                var firedAt = clock.GetUtcNow();
                if (firedAt - claimedAt >= _options.LeaseFor)
                    break;
                await HandleAsync(timer, firedAt, cancellation);
                handled++;
            }
        }
    }

    private async Task HandleAsync(DueTimer timer, DateTimeOffset firedAt, CancellationToken cancellation)
    {
        try
        {
            await handle(timer, firedAt, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            LogHandlerFailed(_logger, e, timer.Key, timer.DueAt, _options.LeaseFor);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Timers cannot be claimed (failure {Failures} in a row); tried again.")]
    private static partial void LogStoreFailed(ILogger logger, Exception e, int failures);

    [LoggerMessage(Level = LogLevel.Error, Message = "Timer {Timer}, due at {DueAt}, was not handled; it is tried again after its lease of {Lease}.")]
    private static partial void LogHandlerFailed(ILogger logger, Exception e, TimerKey timer, DateTimeOffset dueAt, TimeSpan lease);
}
