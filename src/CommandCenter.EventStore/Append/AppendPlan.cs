namespace CommandCenter.EventStore;

/// <summary>What an engine reads under the store lock before it decides.</summary>
/// <param name="Tree">The tree over the log; the plan appends to it.</param>
/// <param name="Commands">Of the commands asked for, those carried out before.</param>
/// <param name="Leases">Of the fired timers asked for, those that are set, with the lease they are under.</param>
/// <param name="Versions">Of the streams asked for, those that exist, by key.</param>
/// <param name="Files">Of the files asked for, those that are there.</param>
internal sealed record AppendFacts(
    int Epoch,
    long LastPosition,
    DateTimeOffset? LastRecordedAt,
    MerkleTree Tree,
    Dictionary<(string Actor, string Id), KnownCommand> Commands,
    Dictionary<TimerKey, Guid?> Leases,
    Dictionary<string, long> Versions,
    HashSet<string> Files);

/// <summary>A command carried out before.</summary>
internal sealed record KnownCommand(ReadOnlyMemory<byte> RequestHash, AppendReceipt Receipt);

/// <summary>An event with everything that is stored of it.</summary>
internal sealed record PlannedEvent(PreparedEvent Prepared, PreparedStream Stream, StoredEvent Stored, byte[] Headers, byte[] Leaf);

/// <summary>Where a stream ends after the plan.</summary>
internal sealed record PlannedStream(string Type, long Version, DateTimeOffset RecordedAt);

/// <summary>
/// What becomes of a list of requests, taken in order against one state of the log, and everything to write for those that win.
/// Pure: the same for every engine, and for one request or a batch. A request that loses takes nothing with it and burns no position.
/// </summary>
internal sealed class AppendPlan
{
    private readonly AppendFacts _facts;
    private readonly DateTimeOffset _now;

    private AppendPlan(AppendFacts facts, DateTimeOffset now)
    {
        _facts = facts;
        _now = Instants.Cut(now);
        LastPosition = facts.LastPosition;
        LastRecordedAt = facts.LastRecordedAt;
    }

    /// <summary>One answer per request, in order.</summary>
    public List<AppendResult> Results { get; } = [];
    public List<PlannedEvent> Events { get; } = [];
    public Dictionary<string, PlannedStream> Streams { get; } = [];

    /// <summary>Where every stream stands after the plan that was asked for, also those that it does not move.</summary>
    public IReadOnlyDictionary<string, long> Versions => _facts.Versions;

    /// <summary>The due instant each timer is left with; null: it is deleted.</summary>
    public Dictionary<TimerKey, DateTimeOffset?> Timers { get; } = [];
    public List<(CommandId Command, AppendReceipt Receipt)> Commands { get; } = [];
    public List<(OutboxMessage Message, AppendReceipt Receipt)> Outbox { get; } = [];

    /// <summary>The files that the events name.</summary>
    public HashSet<string> Files { get; } = [];
    public long LastPosition { get; private set; }
    public DateTimeOffset? LastRecordedAt { get; private set; }
    public int Epoch => _facts.Epoch;
    public MerkleTree Tree => _facts.Tree;

    /// <summary>The subtrees that the new leaves complete, of those that are kept.</summary>
    public List<TreeNode> Nodes { get; } = [];

    /// <summary>Whether there is anything to commit.</summary>
    public bool HasWinners => Results.Exists(result => result is AppendResult.Appended);

    /// <param name="facts">Read under the store lock; the plan takes them over and changes them as it goes.</param>
    /// <param name="now">The clock, read under the store lock.</param>
    public static AppendPlan Decide(IReadOnlyList<PreparedAppend> requests, AppendFacts facts, DateTimeOffset now)
    {
        var plan = new AppendPlan(facts, now);
        foreach (var request in requests)
            plan.Results.Add(plan.Refuse(request) ?? plan.Accept(request));
        return plan;
    }

    // A repeat is answered before anything else: its timer is gone and its stream has moved on by its own first time.
    private AppendResult? Refuse(PreparedAppend request)
    {
        if (request.Command is { } command && _facts.Commands.TryGetValue((command.Actor, command.Id), out var known))
            return known.RequestHash.Span.SequenceEqual(command.RequestHash.Span)
                ? new AppendResult.Repeated(known.Receipt)
                : new AppendResult.CommandIdReused();

        if (request.Fired is { } fired && (!_facts.Leases.TryGetValue(fired.Key, out var lease) || lease != fired.Lease))
            return new AppendResult.TimerLost(fired.Key);

        if (request.Files.FirstOrDefault(file => !_facts.Files.Contains(file)) is { } gone)
            return new AppendResult.FileGone(gone);

        Dictionary<string, long>? moved = null;
        foreach (var stream in request.Streams)
        {
            var actual = moved is not null && moved.TryGetValue(stream.Key, out var after) ? after : _facts.Versions.GetValueOrDefault(stream.Key);
            if (!stream.Expected.Accepts(actual))
                return new AppendResult.VersionConflict(stream.Stream, stream.Expected, actual);
            if (request.Streams.Count > 1)
                (moved ??= [])[stream.Key] = actual + stream.Events.Count;
        }

        return null;
    }

    private AppendResult.Appended Accept(PreparedAppend request)
    {
        foreach (var stream in request.Streams)
            foreach (var prepared in stream.Events)
                Add(stream, prepared);

        // Without an event the receipt still says when: not before what the log already holds.
        var recordedAt = request.Streams.Any(stream => stream.Events.Count > 0) || LastRecordedAt > _now ? LastRecordedAt!.Value : _now;
        var streams = request.Streams.Select(stream => stream.Stream).Distinct()
            .Select(stream => new StreamReceipt(stream, _facts.Versions.GetValueOrDefault(stream.ToString())))
            .ToList();
        var receipt = new AppendReceipt(new LogPosition(Epoch, LastPosition), recordedAt, streams);

        if (request.Fired is { } fired)
            Leave(fired.Key, null);
        foreach (var change in request.Timers)
            Leave(change.Key, (change as TimerChange.Set)?.DueAt);
        Files.UnionWith(request.Files);
        Outbox.AddRange(request.Outbox.Select(message => (message, receipt)));
        if (request.Command is { } command)
        {
            Commands.Add((command, receipt));
            _facts.Commands[(command.Actor, command.Id)] = new KnownCommand(command.RequestHash, receipt);
        }

        return new AppendResult.Appended(receipt);
    }

    private void Add(PreparedStream stream, PreparedEvent prepared)
    {
        var position = ++LastPosition;
        var version = _facts.Versions.GetValueOrDefault(stream.Key) + 1;
        var recordedAt = LastRecordedAt is { } last && last >= _now ? last.AddMicroseconds(1) : _now;
        var headers = prepared.Headers(Epoch);
        var source = prepared.Source;
        var stored = new StoredEvent(
            new LogPosition(Epoch, position), Guid.CreateVersion7(recordedAt), stream.Stream, version, source.Type, recordedAt,
            prepared.Origin, prepared.Data, source.CorrelationId, source.CausationId);
        var leaf = LeafHash.Of(new LeafFields(
            position, stored.Id, stream.Key, version, source.Type, recordedAt, prepared.Data, headers, source.CorrelationId, source.CausationId));

        Events.Add(new PlannedEvent(prepared, stream, stored, headers, leaf));
        _facts.Tree.Append(leaf, Nodes);
        _facts.Versions[stream.Key] = version;
        Streams[stream.Key] = new PlannedStream(Streams.TryGetValue(stream.Key, out var before) ? before.Type : stream.Type, version, recordedAt);
        LastRecordedAt = recordedAt;
    }

    // Whatever was leased is not any more: a later request of the batch that fires the same timer loses.
    private void Leave(TimerKey key, DateTimeOffset? dueAt)
    {
        Timers[key] = dueAt;
        _facts.Leases[key] = null;
    }
}
