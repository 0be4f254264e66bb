namespace CommandCenter.EventStore;

/// <summary>An append that waits for its turn and for its answer. Cancellation and decision exclude each other: whichever comes first wins.</summary>
internal sealed class WaitingAppend(PreparedAppend request, long since, CancellationToken cancellation)
{
    private const int Waiting = 0, Decided = 1, Over = 2;

    private readonly TaskCompletionSource<AppendResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;

    public PreparedAppend Request { get; } = request;

    /// <summary>When it came, by the timestamps of the waiting clock.</summary>
    public long Since { get; } = since;

    public CancellationToken Cancellation { get; } = cancellation;

    public Task<AppendResult> Answer => _answer.Task;

    /// <summary>From here on it is written whatever its caller does; false when the caller has already left.</summary>
    public bool TryDecide() => Interlocked.CompareExchange(ref _state, Decided, Waiting) == Waiting;

    /// <summary>Nothing was written after all, so its caller may leave again.</summary>
    public void Undecide()
    {
        if (Interlocked.CompareExchange(ref _state, Waiting, Decided) == Decided && Cancellation.IsCancellationRequested)
            Cancel();
    }

    /// <summary>The caller leaves, unless it was decided.</summary>
    public void Cancel()
    {
        if (Interlocked.CompareExchange(ref _state, Over, Waiting) == Waiting)
            _answer.TrySetCanceled(Cancellation);
    }

    public bool IsOver => Volatile.Read(ref _state) == Over;

    public void Complete(AppendResult result)
    {
        Volatile.Write(ref _state, Over);
        _answer.TrySetResult(result);
    }

    public void Fail(Exception exception)
    {
        Volatile.Write(ref _state, Over);
        _answer.TrySetException(exception);
    }
}

/// <summary>
/// The appends of a process that wait for the store lock, first come first served, bounded in number and bytes. Where timers wait in numbers, as at the start of a working day, whoever waits
/// for an answer does not wait behind them: every other batch is theirs alone.
/// </summary>
internal sealed class AppendQueue(PostgresEventLogOptions options, TimeProvider clock)
{
    private const double Smoothing = 0.2;

    private readonly Lock _gate = new();
    private readonly Queue<WaitingAppend> _commands = [];
    private readonly Queue<WaitingAppend> _timers = [];
    private readonly Pulse _came = new();
    private long _bytes;
    private bool _closed;
    private double _perSecond;
    private bool _timersHeldBack;

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return Waiting;
        }
    }

    /// <exception cref="LogBusyException">Too many wait already; nothing was appended.</exception>
    public WaitingAppend Add(PreparedAppend request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var waiting = new WaitingAppend(request, clock.GetTimestamp(), cancellation);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(PostgresEventLog));
            // A single request larger than the bound still finds room in an empty queue.
            if (Waiting >= options.MostWaiting || (Waiting > 0 && _bytes + request.Bytes > options.MostWaitingBytes))
                throw Busy();
            (request.Fired is null ? _commands : _timers).Enqueue(waiting);
            _bytes += request.Bytes;
        }

        _came.Send();
        return waiting;
    }

    /// <summary>The next batch, at least one, each kind in the order they came; null once the queue is closed and empty. Who left is passed over, who waited too long is told so.</summary>
    public async Task<List<WaitingAppend>?> TakeAsync()
    {
        while (true)
        {
            var came = _came.Next;
            lock (_gate)
            {
                var batch = Take();
                if (batch.Count > 0)
                    return batch;
                if (_closed && Waiting == 0)
                    return null;
                if (Waiting > 0)
                    continue;
            }

            await came;
        }
    }

    /// <summary>When the first of those came that wait; null when none does.</summary>
    public long? Since
    {
        get
        {
            lock (_gate)
                return (_commands.TryPeek(out var command), _timers.TryPeek(out var timer)) switch
                {
                    (true, true) => Math.Min(command!.Since, timer!.Since),
                    (true, false) => command!.Since,
                    (false, true) => timer!.Since,
                    _ => null,
                };
        }
    }

    /// <summary>Tells those who waited too long so, though nobody takes the next batch: the one under way may be stuck.</summary>
    public void Sweep()
    {
        lock (_gate)
            foreach (var waiting in (Queue<WaitingAppend>[])[_commands, _timers])
                while (waiting.TryPeek(out var first) && (first.IsOver || IsLate(first)))
                {
                    Remove(waiting);
                    if (!first.IsOver)
                        first.Fail(Busy());
                }
    }

    /// <summary>So many were answered in that time; from this the queue knows how fast it empties.</summary>
    public void Answered(int count, TimeSpan took)
    {
        var rate = count / Math.Max(0.000_1, took.TotalSeconds);
        lock (_gate)
            _perSecond = _perSecond == 0 ? rate : _perSecond + (Smoothing * (rate - _perSecond));
    }

    /// <summary>Nobody is let in any more; what waits is still taken.</summary>
    public void Close()
    {
        lock (_gate)
            _closed = true;
        _came.Send();
    }

    private List<WaitingAppend> Take()
    {
        var batch = new List<WaitingAppend>();
        var bytes = 0L;
        // Held back once, then first: timers come to their turn however many commands there are.
        var timersFirst = _timersHeldBack;
        _timersHeldBack = !timersFirst && _commands.Count > 0 && _timers.Count > 0;
        if (timersFirst)
            TakeFrom(_timers);
        TakeFrom(_commands);
        if (!timersFirst && !_timersHeldBack)
            TakeFrom(_timers);
        return batch;

        void TakeFrom(Queue<WaitingAppend> waiting)
        {
            while (waiting.TryPeek(out var next) && batch.Count < options.MostInBatch && (batch.Count == 0 || bytes + next.Request.Bytes <= options.MostBytesInBatch))
            {
                Remove(waiting);
                if (next.IsOver)
                    continue;
                if (IsLate(next))
                {
                    next.Fail(Busy());
                    continue;
                }

                batch.Add(next);
                bytes += next.Request.Bytes;
            }
        }
    }

    private int Waiting => _commands.Count + _timers.Count;

    private void Remove(Queue<WaitingAppend> waiting) => _bytes -= waiting.Dequeue().Request.Bytes;

    private bool IsLate(WaitingAppend append) => clock.GetElapsedTime(append.Since) > options.WaitFor;

    private LogBusyException Busy()
    {
        var seconds = _perSecond > 0 ? Math.Clamp(Math.Ceiling(Waiting / _perSecond), 1, 30) : 5;
        return new LogBusyException($"{Waiting} appends wait already; nothing was appended. Come again in {seconds} s.", TimeSpan.FromSeconds(seconds));
    }
}
