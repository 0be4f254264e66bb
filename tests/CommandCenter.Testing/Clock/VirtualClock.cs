namespace CommandCenter.Testing.Clock;

/// <summary>
/// A clock that stands still until a test moves it. Moving it forward fires the timers that come due in order, each at its own due time, on the caller's thread.
/// Thread-safe.
/// </summary>
public sealed class VirtualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<VirtualTimer> _timers = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _now;
    private long _elapsedTicks;
    private long _created;

    /// <param name="start">The first instant; 2026-11-21T00:00:00Z when left out.</param>
    public VirtualClock(DateTimeOffset? start = null) => _now = (start ?? new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero)).ToUniversalTime();

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers wait for the clock to move.</summary>
    public int WaitingTimers
    {
        get
        {
            lock (_gate)
                return _timers.Count(timer => timer.DueTicks is not null);
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    public override long GetTimestamp()
    {
        lock (_gate)
            return _elapsedTicks;
    }

    /// <summary>Moves forward, firing what comes due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        long target;
        lock (_gate)
            target = _elapsedTicks + by.Ticks;

        while (TakeDue(target) is { } due)
            due.Fire();
        lock (_gate)
            MoveTo(target);
    }

    /// <summary>Moves forward to an instant, firing what comes due on the way.</summary>
    public void AdvanceTo(DateTimeOffset instant) => Advance(instant - GetUtcNow());

    /// <summary>Sets the wall clock, backwards too, as a person or a time server does. Timers keep running on elapsed time, so none fires.</summary>
    public void SetWallClock(DateTimeOffset instant)
    {
        lock (_gate)
            _now = instant.ToUniversalTime();
    }

    /// <summary>Completes once at least so many timers wait, that is, once the code under test has gone to sleep.</summary>
    public async Task WhenTimersWaitAsync(int atLeast = 1, CancellationToken cancellation = default)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (WaitingTimers >= atLeast)
                    return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellation);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            var timer = new VirtualTimer(this, callback, state, _created++);
            _timers.Add(timer);
            timer.Change(dueTime, period);
            return timer;
        }
    }

    private VirtualTimer? TakeDue(long target)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.DueTicks <= target).MinBy(timer => (timer.DueTicks, timer.Number));
            if (next is null)
                return null;
            MoveTo(Math.Max(_elapsedTicks, next.DueTicks!.Value));
            next.DueTicks = next.PeriodTicks is { } period ? next.DueTicks + period : null;
            return next;
        }
    }

    private void MoveTo(long ticks)
    {
        _now = _now.AddTicks(ticks - _elapsedTicks);
        _elapsedTicks = ticks;
    }

    private sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state, long number) : ITimer
    {
        public long Number => number;
        public long? DueTicks { get; set; }
        public long? PeriodTicks { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                if (!clock._timers.Contains(this))
                    return false;
                DueTicks = dueTime == Timeout.InfiniteTimeSpan ? null : clock._elapsedTicks + dueTime.Ticks;
                PeriodTicks = period == Timeout.InfiniteTimeSpan || period == TimeSpan.Zero ? null : period.Ticks;
                Interlocked.Exchange(ref clock._changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._gate)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
