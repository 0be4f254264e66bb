namespace CommandCenter.EventStore;

/// <summary>When somebody last completed a cycle of its work, whether or not there was anything to do: one that stands still for long is a fault to report. Thread-safe.</summary>
/// <param name="also">Called with every beat; null: nobody listens.</param>
public sealed class Heartbeat(TimeProvider clock, Action? also = null)
{
    private readonly DateTimeOffset _since = clock.GetUtcNow();

    // Zero: never.
    private long _lastTicks;

    /// <summary>Null before the first cycle.</summary>
    public DateTimeOffset? LastAt => Interlocked.Read(ref _lastTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public void Beat()
    {
        Interlocked.Exchange(ref _lastTicks, clock.GetUtcNow().UtcTicks);
        also?.Invoke();
    }

    /// <summary>Whether nothing was completed for longer than this, counted from the beginning where nothing ever was.</summary>
    public bool IsSilent(TimeSpan longerThan) => clock.GetUtcNow() - (LastAt ?? _since) > longerThan;
}
