namespace CommandCenter.EventStore;

/// <summary>Waiting for a hint, but not for ever.</summary>
internal static class Waiting
{
    /// <summary>Returns at the hint or when the time is over, whichever comes first.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task ForAsync(Task hint, TimeSpan atMost, TimeProvider clock, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(hint, Task.Delay(atMost, clock, over.Token));
        await over.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The same with two hints. Not by an inner choice of the two: nothing would take that off a hint that never comes, and one more would hang on it after every wait.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task ForAsync(Task hint, Task other, TimeSpan atMost, TimeProvider clock, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(hint, other, Task.Delay(atMost, clock, over.Token));
        await over.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }
}
