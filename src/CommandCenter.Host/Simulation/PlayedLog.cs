using CommandCenter.EventStore;

namespace CommandCenter.Host.Simulation;

/// <summary>
/// A log that nobody else writes to while a history is played into it: what was read once of a stream is read from memory, and when the next timer can be due is known without asking. Appends go
/// their ordinary way.
/// </summary>
/// <param name="inner">Where everything is.</param>
public sealed class PlayedLog(IEventLog inner) : IEventLog
{
    /// <summary>So many events are kept; then all are let go of, which costs a read a stream.</summary>
    private const int MostKept = 250_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<StreamKey, List<StoredEvent>> _streams = [];
    private readonly Dictionary<StreamKey, long> _versions = [];
    private readonly PriorityQueue<DateTimeOffset, DateTimeOffset> _due = new();
    private int _kept;

    /// <summary>No timer is due before this; null when none is set.</summary>
    public DateTimeOffset? NoTimerBefore
    {
        get
        {
            lock (_gate)
                return _due.TryPeek(out var due, out _) ? due : null;
        }
    }

    /// <summary>Everything that is due by an instant was claimed.</summary>
    public void Claimed(DateTimeOffset until)
    {
        lock (_gate)
        {
            while (_due.TryPeek(out var due, out _) && due <= until)
                _due.Dequeue();
        }
    }

    /// <summary>A timer may be claimable at an instant, though it was claimed before.</summary>
    public void AgainAt(DateTimeOffset due)
    {
        lock (_gate)
            _due.Enqueue(due, due);
    }

    public async Task<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellation = default)
    {
        var result = await inner.AppendAsync(request, cancellation);
        lock (_gate)
        {
            if (result is AppendResult.Appended)
            {
                foreach (var set in request.Timers?.OfType<TimerChange.Set>() ?? [])
                    _due.Enqueue(set.DueAt, set.DueAt);
            }

            // What was appended since is not in memory before it has been read.
            if (result is AppendResult.Appended { Receipt: var receipt })
            {
                foreach (var (stream, version) in receipt.Streams)
                    IsAt(stream, version);
            }
            else if (result is AppendResult.VersionConflict conflict)
                IsAt(conflict.Stream, conflict.Actual);
        }

        return result;
    }

    public async Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(StreamKey stream, long afterVersion = 0, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (afterVersion == 0 && _streams.TryGetValue(stream, out var known) && known[^1].StreamVersion >= _versions.GetValueOrDefault(stream))
                return [.. known];
        }

        var events = await inner.ReadStreamAsync(stream, afterVersion, cancellation);
        lock (_gate)
        {
            if (afterVersion == 0 && events.Count > 0)
                Keep(stream, [.. events]);
        }

        return events;
    }

    /// <summary>Reads on: what is read becomes known of its streams. For one reader, who reads from the beginning on.</summary>
    public async Task<IReadOnlyList<StoredEvent>> ReadLogAsync(long afterPosition, int atMost, CancellationToken cancellation = default)
    {
        var events = await inner.ReadLogAsync(afterPosition, atMost, cancellation);
        lock (_gate)
        {
            foreach (var stored in events)
            {
                if (stored.StreamVersion == 1 && stored.Stream.Category != "inbox")
                    Keep(stored.Stream, [stored]);
                else if (_streams.TryGetValue(stored.Stream, out var known) && known[^1].StreamVersion == stored.StreamVersion - 1)
                {
                    known.Add(stored);
                    _kept++;
                }
            }
        }

        return events;
    }

    public Task<(AppendReceipt Receipt, ReadOnlyMemory<byte> RequestHash)?> FindCommandAsync(string actor, string commandId, CancellationToken cancellation = default) =>
        inner.FindCommandAsync(actor, commandId, cancellation);

    public Task<IReadOnlyList<StoredEvent>> ReadTypesAsync(IReadOnlyCollection<string> types, long afterPosition, int atMost, CancellationToken cancellation = default) =>
        inner.ReadTypesAsync(types, afterPosition, atMost, cancellation);

    public Task<LogHead> HeadAsync(CancellationToken cancellation = default) => inner.HeadAsync(cancellation);

    public IAsyncEnumerable<IReadOnlyList<StoredEvent>> FollowAsync(LogPosition after, Heartbeat? heartbeat, CancellationToken cancellation = default) => inner.FollowAsync(after, heartbeat, cancellation);

    private void IsAt(StreamKey stream, long version) => _versions[stream] = Math.Max(version, _versions.GetValueOrDefault(stream));

    private void Keep(StreamKey stream, List<StoredEvent> events)
    {
        if (_kept > MostKept)
        {
            _streams.Clear();
            _versions.Clear();
            _kept = 0;
        }

        _kept += events.Count - (_streams.TryGetValue(stream, out var before) ? before.Count : 0);
        _streams[stream] = events;
    }
}
