using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CommandCenter.EventStore;

/// <summary>How much of the log a <see cref="SharedFollow"/> keeps in memory.</summary>
public sealed record SharedFollowOptions
{
    /// <summary>The newest events that are kept for those who are a little behind.</summary>
    public int Keep { get; init; } = 4_096;

    /// <summary>Older events are read in pieces of so many, each once for everybody who asks for it at about the same time.</summary>
    public int Chunk { get; init; } = 2_048;

    /// <summary>So many pieces are kept.</summary>
    public int Chunks { get; init; } = 12;

    /// <summary>The clock that retries wait by.</summary>
    public TimeProvider? WaitClock { get; init; }
}

/// <summary>
/// A log whose followers in this process share one read of it: one follower at the log's end feeds all of them from memory, and those who are far behind share the pieces
/// that they catch up by. Nobody waits for a slower one. Everything else goes to the log itself.
/// </summary>
public sealed partial class SharedFollow : IEventLog, IAsyncDisposable
{
    /// <summary>Two, so that one is on its way while the other is taken apart.</summary>
    private const int ReadAhead = 2;

    private readonly IEventLog _log;
    private readonly TimeProvider _clock;
    private readonly SharedFollowOptions _options;
    private readonly TimeProvider _waitClock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Tail? _tail;
    private Task _pump = Task.CompletedTask;
    private int _failures;
    private bool _disposed;

    public SharedFollow(IEventLog log, TimeProvider clock, SharedFollowOptions? options = null, ILogger<SharedFollow>? logger = null)
    {
        _log = log;
        _clock = clock;
        _options = options ?? new SharedFollowOptions();
        _waitClock = _options.WaitClock ?? clock;
        _logger = logger ?? NullLogger<SharedFollow>.Instance;
        Heartbeat = new Heartbeat(clock);
    }

    /// <summary>Beats whenever the log answered the shared read.</summary>
    public Heartbeat Heartbeat { get; }

    /// <summary>How often in a row the shared read failed; nothing while it works.</summary>
    public int Failures => Volatile.Read(ref _failures);

    /// <summary>How often the log was read for those who were behind: once for each piece, not for each follower.</summary>
    internal int ChunksRead { get; private set; }

    public Task<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellation = default) => _log.AppendAsync(request, cancellation);

    public Task<(AppendReceipt Receipt, ReadOnlyMemory<byte> RequestHash)?> FindCommandAsync(string actor, string commandId, CancellationToken cancellation = default) =>
        _log.FindCommandAsync(actor, commandId, cancellation);

    public Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(StreamKey stream, long afterVersion = 0, CancellationToken cancellation = default) =>
        _log.ReadStreamAsync(stream, afterVersion, cancellation);

    public Task<IReadOnlyList<StoredEvent>> ReadLogAsync(long afterPosition, int atMost, CancellationToken cancellation = default) =>
        _log.ReadLogAsync(afterPosition, atMost, cancellation);

    public Task<IReadOnlyList<StoredEvent>> ReadTypesAsync(IReadOnlyCollection<string> types, long afterPosition, int atMost, CancellationToken cancellation = default) =>
        _log.ReadTypesAsync(types, afterPosition, atMost, cancellation);

    public Task<LogHead> HeadAsync(CancellationToken cancellation = default) => _log.HeadAsync(cancellation);

    public async IAsyncEnumerable<IReadOnlyList<StoredEvent>> FollowAsync(LogPosition after, Heartbeat? heartbeat, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var tail = await JoinAsync(after.Epoch, cancellation);
        var position = after.Position;
        if (position > tail.To)
            await RequireAsync(position, cancellation);

        var failures = 0;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var changed = tail.Changed.Next;
            tail.ThrowIfOver();
            IReadOnlyList<StoredEvent> events;
            try
            {
                events = position >= tail.From ? tail.After(position, _options.Chunk) : await ChunkAsync(tail, position).WaitAsync(cancellation);
                failures = 0;
            }
            catch (Exception e) when (e is not EpochChangedException)
            {
                // A database that goes while the follower is stopped changes nothing about its end.
                cancellation.ThrowIfCancellationRequested();
                failures++;
                LogReadFailed(_logger, e, position, failures);
                await Task.Delay(PostgresEventLogOptions.Backoff(failures), _waitClock, cancellation);
                continue;
            }

            if (events.Count > 0)
            {
                position = events[^1].Position.Position;
                yield return events;
                continue;
            }

            // Those that it stood at the end of were let go of meanwhile.
            if (position < tail.From)
            {
                await Task.Delay(PostgresEventLogOptions.Backoff(1), _waitClock, cancellation);
                continue;
            }

            // It does not beat by itself: that there is nothing new here says nothing of the log.
            using (tail.Idle(heartbeat))
                await changed.WaitAsync(cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        await _stop.CancelAsync();
        await _pump;
        _stop.Dispose();
    }

    private async Task<Tail> JoinAsync(int epoch, CancellationToken cancellation)
    {
        while (true)
        {
            var tail = Join();
            await tail.Begun.WaitAsync(cancellation);
            if (tail.Epoch == epoch)
                return tail;
            // A follower that has heard of a new epoch before the shared read did waits until that notices too.
            if (tail.Epoch > epoch || (await _log.HeadAsync(cancellation)).Last.Epoch is var now && now != epoch)
                throw new EpochChangedException(epoch, tail.Epoch);
            await tail.Ended.WaitAsync(cancellation);
        }
    }

    private Tail Join()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_tail is { IsOver: false })
                return _tail;
            var tail = _tail = new Tail(_clock, _options.Keep, Heartbeat);
            var before = _pump;
            _pump = Task.Run(async () =>
            {
                await before;
                await PumpAsync(tail);
            });
            return tail;
        }
    }

    private async Task PumpAsync(Tail tail)
    {
        Volatile.Write(ref _failures, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (!tail.HasBegun)
                    tail.Begin((await _log.HeadAsync(_stop.Token)).Last);
                await foreach (var events in _log.FollowAsync(new LogPosition(tail.Epoch, tail.To), tail.Heartbeat, _stop.Token))
                {
                    tail.Add(events);
                    Volatile.Write(ref _failures, 0);
                }
            }
            catch (EpochChangedException e)
            {
                tail.End(e);
                return;
            }
            catch (OperationCanceledException e) when (_stop.IsCancellationRequested)
            {
                tail.End(e);
                return;
            }
            catch (Exception e)
            {
                var failures = Interlocked.Increment(ref _failures);
                LogPumpFailed(_logger, e, failures);
                await Task.WhenAny(Task.Delay(PostgresEventLogOptions.Backoff(failures), _waitClock, _stop.Token));
            }
        }

        tail.End(new OperationCanceledException(_stop.Token));
    }

    // A position beyond the shared read may be one that it has not come to, or one that the log lost.
    private async Task RequireAsync(long position, CancellationToken cancellation)
    {
        var head = (await _log.HeadAsync(cancellation)).Last;
        if (head.Position < position)
            throw new EpochChangedException(head, position);
    }

    private async Task<IReadOnlyList<StoredEvent>> ChunkAsync(Tail tail, long position)
    {
        var chunk = position / _options.Chunk;
        var reading = tail.Chunks.GetOrRead(chunk, _options, ReadAsync);
        // The next pieces are read while this one is worked on.
        for (var ahead = chunk + 1; ahead <= chunk + ReadAhead && (ahead + 1) * _options.Chunk <= tail.From; ahead++)
            _ = tail.Chunks.GetOrRead(ahead, _options, ReadAsync);
        var events = await reading;
        return [.. events.Skip((int)(position - (chunk * _options.Chunk)))];

        async Task<IReadOnlyList<StoredEvent>> ReadAsync(long wanted)
        {
            lock (_gate)
                ChunksRead++;
            var read = await Task.Run(() => _log.ReadLogAsync(wanted * _options.Chunk, _options.Chunk, _stop.Token), _stop.Token);
            if (read.Count == 0)
                throw new EpochChangedException((await _log.HeadAsync(_stop.Token)).Last, position);
            if (read[0].Position.Epoch != tail.Epoch)
                throw new EpochChangedException(tail.Epoch, read[0].Position.Epoch);
            for (var i = 0; i < read.Count; i++)
                if (read[i].Position.Position != (wanted * _options.Chunk) + i + 1)
                    throw new InvalidOperationException($"The log handed over position {read[i].Position} where {(wanted * _options.Chunk) + i + 1} follows: events are missing.");
            return read;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log could not be read after position {Position} for those who are behind ({Failures} in a row); it is tried again.")]
    private static partial void LogReadFailed(ILogger logger, Exception e, long position, int failures);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The shared read of the log failed ({Failures} in a row) and is tried again.")]
    private static partial void LogPumpFailed(ILogger logger, Exception e, int failures);

    /// <summary>The newest events of one epoch, without a gap.</summary>
    private sealed class Tail
    {
        private readonly Lock _gate = new();
        private readonly List<StoredEvent> _events = [];
        private readonly HashSet<Heartbeat> _idle = [];
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly int _keep;
        private long _from;
        private Exception? _over;

        public Tail(TimeProvider clock, int keep, Heartbeat whole)
        {
            _keep = keep;
            Heartbeat = new Heartbeat(clock, () => BeatAll(whole));
        }

        public Pulse Changed { get; } = new();
        public ChunkCache Chunks { get; } = new();
        public Heartbeat Heartbeat { get; }
        public Task Begun => _begun.Task;
        public Task Ended => _ended.Task;
        public bool HasBegun => _begun.Task.IsCompletedSuccessfully;
        public int Epoch { get; private set; }

        /// <summary>Events above this position are here.</summary>
        public long From
        {
            get
            {
                lock (_gate)
                    return _from;
            }
        }

        public long To
        {
            get
            {
                lock (_gate)
                    return _from + _events.Count;
            }
        }

        public bool IsOver
        {
            get
            {
                lock (_gate)
                    return _over is not null;
            }
        }

        public void Begin(LogPosition head)
        {
            lock (_gate)
                (Epoch, _from) = (head.Epoch, head.Position);
            _begun.TrySetResult();
        }

        /// <exception cref="InvalidOperationException">The log handed over events that do not follow each other.</exception>
        public void Add(IReadOnlyList<StoredEvent> events)
        {
            lock (_gate)
            {
                var next = _from + _events.Count + 1;
                foreach (var e in events)
                    if (e.Position.Position != next++)
                        throw new InvalidOperationException($"The log handed over position {e.Position} where {next - 1} follows: events are missing.");
                _events.AddRange(events);
                // In steps, so that moving the rest is worth it.
                if (_events.Count >= _keep * 2)
                {
                    _from += _events.Count - _keep;
                    _events.RemoveRange(0, _events.Count - _keep);
                }
            }

            Changed.Send();
        }

        public IReadOnlyList<StoredEvent> After(long position, int atMost)
        {
            lock (_gate)
            {
                var skip = position - _from;
                if (skip < 0 || skip >= _events.Count)
                    return [];
                return _events.GetRange((int)skip, Math.Min(atMost, _events.Count - (int)skip));
            }
        }

        public void End(Exception why)
        {
            lock (_gate)
                _over ??= why;
            _begun.TrySetException(new ObjectDisposedException(nameof(SharedFollow), why));
            _ended.TrySetResult();
            Changed.Send();
        }

        public void ThrowIfOver()
        {
            Exception? over;
            lock (_gate)
                over = _over;
            switch (over)
            {
                case EpochChangedException changed:
                    throw new EpochChangedException(changed);
                case not null:
                    throw new ObjectDisposedException(nameof(SharedFollow), over);
            }
        }

        /// <summary>Until it is disposed, a follower who waits is as alive as the shared read.</summary>
        public IDisposable Idle(Heartbeat? heartbeat) => new Waiter(this, heartbeat);

        private void BeatAll(Heartbeat whole)
        {
            whole.Beat();
            lock (_gate)
                foreach (var heartbeat in _idle)
                    heartbeat.Beat();
        }

        private sealed class Waiter : IDisposable
        {
            private readonly Tail _tail;
            private readonly Heartbeat? _heartbeat;

            public Waiter(Tail tail, Heartbeat? heartbeat)
            {
                (_tail, _heartbeat) = (tail, heartbeat);
                if (heartbeat is not null)
                    lock (tail._gate)
                        tail._idle.Add(heartbeat);
            }

            public void Dispose()
            {
                if (_heartbeat is not null)
                    lock (_tail._gate)
                        _tail._idle.Remove(_heartbeat);
            }
        }
    }

    /// <summary>Pieces of the log that were asked for of late, each read once; a piece that could not be read is asked for again.</summary>
    private sealed class ChunkCache
    {
        private readonly Lock _gate = new();
        private readonly List<(long Chunk, Task<IReadOnlyList<StoredEvent>> Events)> _chunks = [];

        public Task<IReadOnlyList<StoredEvent>> GetOrRead(long chunk, SharedFollowOptions options, Func<long, Task<IReadOnlyList<StoredEvent>>> read)
        {
            lock (_gate)
            {
                var at = _chunks.FindIndex(known => known.Chunk == chunk);
                // One that the log's end cut short has grown since.
                var known = at >= 0 && (!_chunks[at].Events.IsCompleted || (_chunks[at].Events.IsCompletedSuccessfully && _chunks[at].Events.Result.Count == options.Chunk));
                var events = known ? _chunks[at].Events : read(chunk);
                if (at >= 0)
                    _chunks.RemoveAt(at);
                _chunks.Add((chunk, events));
                if (_chunks.Count > options.Chunks)
                    _chunks.RemoveAt(0);
                return events;
            }
        }
    }
}
