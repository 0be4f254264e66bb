namespace CommandCenter.EventStore;

/// <summary>
/// A hint that something may have changed. Whoever waits takes <see cref="Next"/> first, then looks, then waits on what it took:
/// so a pulse between looking and waiting is not missed.
/// </summary>
public sealed class Pulse
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the next pulse.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Wakes everybody who waits.</summary>
    public void Send() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
