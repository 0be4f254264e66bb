using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CommandCenter.EventStore;

/// <summary>How a <see cref="TimerWorker"/> works.</summary>
public sealed record TimerWorkerOptions
{
    /// <summary>The most timers leased by one claim.</summary>
    public int AtMost { get; init; } = 50;

    /// <summary>
    /// The most handlers under way at once. Timers of one saga instance are always handled one after the other, earliest first; with 1 all timers are.
    /// </summary>
    public int Parallel { get; init; } = 1;

    /// <summary>How long a timer is this worker's: its handler is cancelled then. A timer whose handler failed is tried again after this.</summary>
    public TimeSpan LeaseFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After what a timer is tried again whose handler found no moment between other writers.</summary>
    public TimeSpan RetryContendedAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest sleep: a hint that was lost costs no more than this.</summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>
/// Hands due timers to a handler, earliest first, until none is left, and sleeps until the next. The handler appends with
/// <see cref="AppendRequest.Fired"/>, which consumes the timer; a handler that fails or hangs gets its timer again when the lease is over, and holds up no other
/// saga instance while there is room for more handlers.
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

    /// <summary>When the worker last asked for due timers and got an answer; null before the first time. One that stands still for long is a fault to report.</summary>
    public DateTimeOffset? LastCompletedCycleAt => Interlocked.Read(ref _lastCompletedTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Works until cancelled. A failing store is tried again, for ever.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var running = new Lanes(_options.Parallel);
        var failures = 0;
        while (!cancellation.IsCancellationRequested)
        {
            var changed = timersChanged?.Next ?? Never;
            var finished = running.Finished.Next;
            DateTimeOffset? next = null;
            try
            {
                // With every handler busy there is nothing to claim: the next that ends makes room.
                if (running.Count >= _options.Parallel)
                {
                    await Waiting.OrStoppedAsync(finished, Never, _options.PollEvery, clock, cancellation);
                    continue;
                }

                if (await ClaimAsync(running, cancellation) > 0)
                    continue;
                next = await timers.NextDueAsync(cancellation);
                failures = 0;
            }
            catch (Exception e)
            {
                // A store that goes while the worker is stopped changes nothing about its end.
                if (cancellation.IsCancellationRequested)
                    break;
                failures++;
                LogStoreFailed(_logger, e, failures);
                changed = Never;
                finished = Never;
            }

            await Waiting.OrStoppedAsync(changed, finished, Waiting.Until(next, _options.PollEvery, clock), clock, cancellation);
        }

        // Handlers under way were cancelled with the worker; none outlives it.
        while (running.Count > 0)
            await running.FinishOneAsync(CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Handles everything that is due now and returns how many timers that were; for those who move the clock themselves.</summary>
    public async Task<int> DrainAsync(CancellationToken cancellation = default)
    {
        using var running = new Lanes(_options.Parallel);
        while (true)
        {
            while (running.Count >= _options.Parallel)
                await running.FinishOneAsync(cancellation);
            // Counted before the claim: what ends after it may have set timers that are due already.
            var underWay = running.Count;
            if (await ClaimAsync(running, cancellation) > 0)
                continue;
            if (underWay == 0)
                return running.Handled;
            await running.FinishOneAsync(cancellation);
        }
    }

    private async Task<int> ClaimAsync(Lanes running, CancellationToken cancellation)
    {
        var claimedAt = clock.GetUtcNow();
        var due = await timers.ClaimDueAsync(claimedAt, _options.AtMost, _options.LeaseFor, cancellation);
        Interlocked.Exchange(ref _lastCompletedTicks, clock.GetUtcNow().UtcTicks);
        foreach (var timer in due)
            running.Start((timer.Key.Saga, timer.Key.SagaId), () => HandleAsync(timer, claimedAt, cancellation));
        return due.Count;
    }

    /// <summary>True when the handler was called.</summary>
    private async Task<bool> HandleAsync(DueTimer timer, DateTimeOffset claimedAt, CancellationToken cancellation)
    {
        // Past the lease the timer may be another worker's; its compare-and-set would only lose.
        var firedAt = clock.GetUtcNow();
        var left = _options.LeaseFor - (firedAt - claimedAt);
        if (left <= TimeSpan.Zero || cancellation.IsCancellationRequested)
            return false;
        using var lease = new CancellationTokenSource(left, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(lease.Token, cancellation);
        try
        {
            await handle(timer, firedAt, limit.Token);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The worker is being stopped; the timer comes back after its lease.
        }
        catch (TimerContendedException e)
        {
            LogContended(_logger, e, timer.Key, timer.DueAt, _options.RetryContendedAfter);
            await DeferAsync(timer, cancellation);
        }
        catch (Exception e)
        {
            LogHandlerFailed(_logger, e, timer.Key, timer.DueAt, _options.LeaseFor);
        }

        return true;
    }

    private async Task DeferAsync(DueTimer timer, CancellationToken cancellation)
    {
        try
        {
            await timers.DeferAsync(timer, clock.GetUtcNow() + _options.RetryContendedAfter, cancellation);
        }
        catch (Exception e)
        {
            // Its lease ends all the same.
            LogHandlerFailed(_logger, e, timer.Key, timer.DueAt, _options.LeaseFor);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Timer {Timer}, due at {DueAt}, found no moment between other writers; it is tried again in {After}.")]
    private static partial void LogContended(ILogger logger, Exception e, TimerKey timer, DateTimeOffset dueAt, TimeSpan after);

    [LoggerMessage(Level = LogLevel.Error, Message = "Timers cannot be claimed (failure {Failures} in a row); tried again.")]
    private static partial void LogStoreFailed(ILogger logger, Exception e, int failures);

    [LoggerMessage(Level = LogLevel.Error, Message = "Timer {Timer}, due at {DueAt}, was not handled; it is tried again after its lease of {Lease}.")]
    private static partial void LogHandlerFailed(ILogger logger, Exception e, TimerKey timer, DateTimeOffset dueAt, TimeSpan lease);
}
