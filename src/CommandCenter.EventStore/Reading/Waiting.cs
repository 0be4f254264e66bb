namespace CommandCenter.EventStore;

/// <summary>Waiting for a hint, but not for ever.</summary>
internal static class Waiting
{
    /// <summary>Returns at the hint or when the time is over, whichever comes first.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Task ForAsync(Task hint, TimeSpan atMost, TimeProvider clock, CancellationToken cancellation) => ForAsync(hint, hint, atMost, clock, cancellation);

    /// <summary>The same with two hints. Not by an inner choice of the two: nothing would take that off a hint that never comes, and one more would hang on it after every wait.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task ForAsync(Task hint, Task other, TimeSpan atMost, TimeProvider clock, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(hint, other, Task.Delay(atMost, clock, over.Token));
        await over.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The same for a loop that looks itself whether it was stopped: returns then too.</summary>
    public static async Task OrStoppedAsync(Task hint, Task other, TimeSpan atMost, TimeProvider clock, CancellationToken stop)
    {
        try
        {
            await ForAsync(hint, other, atMost, clock, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
    }

    /// <summary>
    /// The time from now to an instant, but not above a limit; the limit where there is no instant. Whole milliseconds, rounded up, because a shorter delay is none: somebody else
    /// may be leasing what is due, and asking on without a pause helps nobody.
    /// </summary>
    public static TimeSpan Until(DateTimeOffset? next, TimeSpan atMost, TimeProvider clock)
    {
        if (next is null)
            return atMost;
        var sleep = TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((next.Value - clock.GetUtcNow()).TotalMilliseconds)));
        return sleep < atMost ? sleep : atMost;
    }
}
