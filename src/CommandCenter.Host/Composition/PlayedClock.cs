namespace CommandCenter.Host.Composition;

/// <summary>
/// A clock that is set by hand while a past is played into an empty log, and the real one afterwards. The same decisions, deadlines and timers
/// run on it, so only lives that could have happened exist.
/// </summary>
public sealed class PlayedClock(TimeProvider real) : TimeProvider
{
    private long _atTicks;

    public override TimeZoneInfo LocalTimeZone => real.LocalTimeZone;

    public override long TimestampFrequency => real.TimestampFrequency;

    /// <summary>The present of the machine, whatever the town's is.</summary>
    public DateTimeOffset RealNow => real.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => Interlocked.Read(ref _atTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : real.GetUtcNow();

    public void SetTo(DateTimeOffset instant) => Interlocked.Exchange(ref _atTicks, instant.UtcTicks);

    /// <summary>From now on the real clock counts.</summary>
    public void Release() => Interlocked.Exchange(ref _atTicks, 0);

    public override long GetTimestamp() => real.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => real.CreateTimer(callback, state, dueTime, period);
}
