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

/// <summary>The appends of a process that wait for the store lock, first come first served, bounded in number and bytes.</summary>
internal sealed class AppendQueue(PostgresEventLogOptions options, TimeProvider clock)
{
    private const double Smoothing = 0.2;

    private readonly Lock _gate = new();
    private readonly Queue<WaitingAppend> _waiting = [];
    private readonly Pulse _came = new();
    private long _bytes;
    private bool _closed;
    private double _perSecond;

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
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
            if (_waiting.Count >= options.MostWaiting || (_waiting.Count > 0 && _bytes + request.Bytes > options.MostWaitingBytes))
                throw Busy();
            _waiting.Enqueue(waiting);
            _bytes += request.Bytes;
        }

        _came.Send();
        return waiting;
    }

    /// <summary>The next batch, at least one, in the order they came; null once the queue is closed and empty. Who left is passed over, who waited too long is told so.</summary>
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
                if (_closed && _waiting.Count == 0)
                    return null;
                if (_waiting.Count > 0)
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
                return _waiting.TryPeek(out var first) ? first.Since : null;
        }
    }

    /// <summary>Tells those who waited too long so, though nobody takes the next batch: the one under way may be stuck.</summary>
    public void Sweep()
    {
        lock (_gate)
            while (_waiting.TryPeek(out var first) && (first.IsOver || IsLate(first)))
            {
                Remove();
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
        while (_waiting.TryPeek(out var next) && batch.Count < options.MostInBatch && (batch.Count == 0 || bytes + next.Request.Bytes <= options.MostBytesInBatch))
        {
            Remove();
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

        return batch;
    }

    private void Remove() => _bytes -= _waiting.Dequeue().Request.Bytes;

    private bool IsLate(WaitingAppend append) => clock.GetElapsedTime(append.Since) > options.WaitFor;

    private LogBusyException Busy()
    {
        var seconds = _perSecond > 0 ? Math.Clamp(Math.Ceiling(_waiting.Count / _perSecond), 1, 30) : 5;
        return new LogBusyException($"{_waiting.Count} appends wait already; nothing was appended. Come again in {seconds} s.", TimeSpan.FromSeconds(seconds));
    }
}
