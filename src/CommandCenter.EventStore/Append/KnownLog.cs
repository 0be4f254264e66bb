namespace CommandCenter.EventStore;

/// <summary>Where the log ends, with everything that the next append builds on.</summary>
/// <param name="Peaks">Of the tree over it, <see cref="MerkleTree.Peaks"/>.</param>
/// <param name="Fence">Moved when an append whose connection was lost must not come after all.</param>
internal sealed record LogEnd(int Epoch, long LastPosition, DateTimeOffset? LastRecordedAt, ReadOnlyMemory<byte> Peaks, long Fence)
{
    /// <summary>Where it ends once a plan that began here is written.</summary>
    public LogEnd After(AppendPlan plan) => new(plan.Epoch, plan.LastPosition, plan.LastRecordedAt, plan.Tree.Peaks(), Fence);

    public bool IsSame(LogEnd other) => Epoch == other.Epoch && LastPosition == other.LastPosition && LastRecordedAt == other.LastRecordedAt && Fence == other.Fence && Peaks.Span.SequenceEqual(other.Peaks.Span);
}

/// <summary>A plan made without asking the server, and what the server must find true for it to stand.</summary>
/// <param name="Before">Where the log ended before it.</param>
/// <param name="Versions">Of the streams that it moves, where they stand before, by key; 0: they do not exist.</param>
/// <param name="Fired">The timers that it fires, each under its lease.</param>
internal sealed record AheadPlan(AppendPlan Plan, LogEnd Before, IReadOnlyDictionary<string, long> Versions, IReadOnlyList<DueTimer> Fired);

/// <summary>
/// What a writer knows of the log because it wrote last: where the log ends, and the versions of streams that it asked for or moved since it last lost sight of it. It is true as long as nobody else writes, which the
/// server checks with every append that relies on it (ADR 0012). Not thread-safe: it is its writer's own.
/// </summary>
internal sealed class KnownLog
{
    private const int MostStreams = 20_000;

    private readonly Dictionary<string, long> _versions = [];
    private LogEnd? _end;

    public bool IsKnown => _end is not null;

    /// <summary>Something did not come out as it was thought to.</summary>
    public void Forget()
    {
        _end = null;
        _versions.Clear();
    }

    /// <summary>A plan was written.</summary>
    /// <param name="before">Where the log ended before it.</param>
    public void Follow(AppendPlan plan, LogEnd before)
    {
        // Somebody else wrote in between, to whatever streams.
        if (_end is null || !_end.IsSame(before) || _versions.Count > MostStreams)
            _versions.Clear();
        _end = before.After(plan);
        // Also those that were only rested on: they stand there as long as the log ends here.
        foreach (var (stream, version) in plan.Versions)
            _versions[stream] = version;
    }

    /// <summary>Decides without asking. What is not known is taken to be as its caller expects; the server will say if it is not.</summary>
    /// <returns>Null: it cannot be decided without asking, because somebody would be refused, or has no expectation.</returns>
    public AheadPlan? Plan(IReadOnlyList<PreparedAppend> requests, DateTimeOffset now)
    {
        if (_end is not { } end)
            return null;

        var versions = new Dictionary<string, long>();
        var assumed = new HashSet<string>();
        var seen = new HashSet<string>();
        var fired = new List<DueTimer>();
        foreach (var request in requests)
        {
            // Whether a file is there is for the server to say.
            if (request.Files.Count > 0)
                return null;
            if (request.Fired is { } timer)
                fired.Add(timer);
            foreach (var stream in request.Streams)
            {
                if (!seen.Add(stream.Key))
                    continue;
                if (_versions.TryGetValue(stream.Key, out var known))
                {
                    versions.Add(stream.Key, known);
                    continue;
                }

                switch (stream.Expected)
                {
                    case ExpectedVersion.NoStream:
                        break;
                    case ExpectedVersion.Exactly exactly:
                        versions.Add(stream.Key, exactly.Version);
                        break;
                    default:
                        return null;
                }

                assumed.Add(stream.Key);
            }
        }

        var before = new Dictionary<string, long>(versions);
        var leases = new Dictionary<TimerKey, Guid?>();
        foreach (var timer in fired)
            leases.TryAdd(timer.Key, timer.Lease);
        var tree = new MerkleTree(end.LastPosition, end.Peaks.Span);
        var plan = AppendPlan.Decide(requests, new AppendFacts(end.Epoch, end.LastPosition, end.LastRecordedAt, tree, [], leases, versions, []), now);

        // A refusal must not rest on what was only assumed; and what was assumed is checked where it is written, so it must be.
        if (plan.Events.Count == 0 || !plan.Results.TrueForAll(result => result is AppendResult.Appended) || !assumed.All(plan.Streams.ContainsKey))
            return null;
        return new AheadPlan(plan, end, plan.Streams.Keys.ToDictionary(key => key, key => before.GetValueOrDefault(key)), fired);
    }
}
