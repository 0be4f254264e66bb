using System.Runtime.CompilerServices;

namespace CommandCenter.EventStore;

/// <summary>The event log, its timers and its outbox in memory, decided by the same plan as on PostgreSQL: for tests of what stands above it. Thread-safe.</summary>
/// <param name="clock">Stamps what is recorded.</param>
public sealed class InMemoryEventLog(TimeProvider clock) : IEventLog, ITimerStore
{
    private readonly Lock _gate = new();
    private readonly List<StoredEvent> _events = [];
    private readonly Dictionary<string, List<StoredEvent>> _streams = [];
    private readonly Dictionary<(string Actor, string Id), KnownCommand> _commands = [];
    private readonly Dictionary<TimerKey, SetTimer> _timers = [];
    private readonly HashSet<string> _files = [];
    private readonly Pulse _changed = new();
    private MerkleTree _tree = new();
    private DateTimeOffset? _lastRecordedAt;
    private int _epoch = 1;

    /// <summary>Pulses when a timer was set, moved or deleted.</summary>
    public Pulse TimersChanged { get; } = new();

    public InMemoryOutbox Outbox { get; } = new();

    public Task<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var prepared = PreparedAppend.From(request);
        AppendPlan plan;
        lock (_gate)
        {
            plan = AppendPlan.Decide([prepared], Facts(prepared), clock.GetUtcNow());
            if (plan.HasWinners)
                Take(plan);
        }

        if (plan.HasWinners)
            _changed.Send();
        if (plan.Timers.Count > 0)
            TimersChanged.Send();
        if (plan.Outbox.Count > 0)
            Outbox.Changed.Send();
        return Task.FromResult(plan.Results[0]);
    }

    public Task<(AppendReceipt Receipt, ReadOnlyMemory<byte> RequestHash)?> FindCommandAsync(string actor, string commandId, CancellationToken cancellation = default)
    {
        lock (_gate)
            return Task.FromResult<(AppendReceipt, ReadOnlyMemory<byte>)?>(_commands.TryGetValue((actor, commandId), out var known) ? (known.Receipt, known.RequestHash) : null);
    }

    public Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(StreamKey stream, long afterVersion = 0, CancellationToken cancellation = default)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyList<StoredEvent>>(
                [.. _streams.GetValueOrDefault(stream.ToString(), []).Where(e => e.StreamVersion > afterVersion).Select(InThisEpoch)]);
    }

    public Task<IReadOnlyList<StoredEvent>> ReadLogAsync(long afterPosition, int atMost, CancellationToken cancellation = default)
    {
        lock (_gate)
            return Task.FromResult(After(afterPosition, atMost));
    }

    public Task<IReadOnlyList<StoredEvent>> ReadTypesAsync(IReadOnlyCollection<string> types, long afterPosition, int atMost, CancellationToken cancellation = default)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyList<StoredEvent>>([.. After(afterPosition, int.MaxValue).Where(e => types.Contains(e.Type)).Take(atMost)]);
    }

    public Task<LogHead> HeadAsync(CancellationToken cancellation = default)
    {
        lock (_gate)
            return Task.FromResult(new LogHead(new LogPosition(_epoch, _events.Count), _tree.Root(), _lastRecordedAt));
    }

    public async IAsyncEnumerable<IReadOnlyList<StoredEvent>> FollowAsync(LogPosition after, Heartbeat? heartbeat, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var position = after.Position;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var changed = _changed.Next;
            IReadOnlyList<StoredEvent> events;
            lock (_gate)
            {
                if (_epoch != after.Epoch)
                    throw new EpochChangedException(after.Epoch, _epoch);
                if (_events.Count < position)
                    throw new EpochChangedException(new LogPosition(_epoch, _events.Count), position);
                events = After(position, 500);
            }

            if (events.Count == 0)
            {
                heartbeat?.Beat();
                await changed.WaitAsync(cancellation);
                continue;
            }

            position = events[^1].Position.Position;
            yield return events;
            heartbeat?.Beat();
        }
    }

    /// <summary>Says that a file lies beside the log, so that an append may name it.</summary>
    public void AddFile(string hash)
    {
        lock (_gate)
            _files.Add(hash);
    }

    /// <summary>Starts a new epoch and returns it.</summary>
    public Task<int> RaiseEpochAsync()
    {
        int epoch;
        lock (_gate)
            epoch = ++_epoch;
        _changed.Send();
        return Task.FromResult(epoch);
    }

    /// <summary>Forgets the commands recorded more than 400 days before <paramref name="now"/>, and returns how many there were.</summary>
    public Task<int> ForgetCommandsAsync(DateTimeOffset now)
    {
        lock (_gate)
        {
            var old = _commands.Where(command => command.Value.Receipt.RecordedAt < now.AddDays(-PostgresEventLog.KeepCommandsDays)).Select(command => command.Key).ToList();
            old.ForEach(key => _commands.Remove(key));
            return Task.FromResult(old.Count);
        }
    }

    public Task<IReadOnlyList<DueTimer>> ClaimDueAsync(DateTimeOffset now, int atMost, TimeSpan leaseFor, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            var due = _timers.Where(timer => timer.Value.ClaimableAt <= now).Select(timer => (timer.Key, timer.Value.DueAt)).ToList();
            due.Sort(PostgresTimerStore.InOrder);
            var claimed = new List<DueTimer>();
            foreach (var (key, dueAt) in due.Take(atMost))
            {
                var lease = Guid.CreateVersion7(now);
                _timers[key] = new SetTimer(dueAt, lease, now + leaseFor);
                claimed.Add(new DueTimer(key, dueAt, lease));
            }

            return Task.FromResult<IReadOnlyList<DueTimer>>(claimed);
        }
    }

    public Task<bool> DeferAsync(DueTimer timer, DateTimeOffset until, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (!_timers.TryGetValue(timer.Key, out var set) || set.Lease != timer.Lease)
                return Task.FromResult(false);
            _timers[timer.Key] = new SetTimer(set.DueAt, Guid.CreateVersion7(until), Instants.RoundUp(until));
            return Task.FromResult(true);
        }
    }

    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellation = default)
    {
        lock (_gate)
            return Task.FromResult<DateTimeOffset?>(_timers.Count == 0 ? null : _timers.Values.Min(timer => timer.ClaimableAt));
    }

    public Task<DateTimeOffset?> OldestDueAsync(CancellationToken cancellation = default)
    {
        lock (_gate)
            return Task.FromResult<DateTimeOffset?>(_timers.Count == 0 ? null : _timers.Min(timer => timer.Value.DueAt));
    }

    public Task<IReadOnlyList<(TimerKey Key, DateTimeOffset DueAt)>> ListAsync(string saga, string sagaId, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            var timers = _timers.Where(timer => timer.Key.Saga == saga && timer.Key.SagaId == sagaId).Select(timer => (timer.Key, timer.Value.DueAt)).ToList();
            timers.Sort(PostgresTimerStore.InOrder);
            return Task.FromResult<IReadOnlyList<(TimerKey, DateTimeOffset)>>(timers);
        }
    }

    private AppendFacts Facts(PreparedAppend request)
    {
        // The plan changes what it is given, so it is given copies.
        var facts = new AppendFacts(_epoch, _events.Count, _lastRecordedAt, new MerkleTree(_tree.Size, _tree.Peaks()), [], [], [], [.. request.Files.Where(_files.Contains)]);
        foreach (var key in request.Streams.Select(stream => stream.Key).Distinct())
            if (_streams.TryGetValue(key, out var events))
                facts.Versions[key] = events.Count;
        if (request.Command is { } command && _commands.TryGetValue((command.Actor, command.Id), out var known))
            facts.Commands[(command.Actor, command.Id)] = known;
        if (request.Fired is { } fired && _timers.TryGetValue(fired.Key, out var timer))
            facts.Leases[fired.Key] = timer.Lease;
        return facts;
    }

    private void Take(AppendPlan plan)
    {
        foreach (var planned in plan.Events)
        {
            _events.Add(planned.Stored);
            if (!_streams.TryGetValue(planned.Stream.Key, out var stream))
                _streams[planned.Stream.Key] = stream = [];
            stream.Add(planned.Stored);
        }

        _tree = plan.Tree;
        _lastRecordedAt = plan.LastRecordedAt;
        foreach (var (key, dueAt) in plan.Timers)
        {
            if (dueAt is { } due)
                _timers[key] = new SetTimer(due, null, null);
            else
                _timers.Remove(key);
        }

        foreach (var (command, receipt) in plan.Commands)
            _commands[(command.Actor, command.Id)] = new KnownCommand(command.RequestHash.ToArray(), receipt);
        foreach (var (message, receipt) in plan.Outbox)
            Outbox.Add(message, receipt);
    }

    private IReadOnlyList<StoredEvent> After(long position, int atMost) =>
        position >= _events.Count ? [] : [.. _events.GetRange((int)position, (int)Math.Min(atMost, _events.Count - position)).Select(InThisEpoch)];

    private StoredEvent InThisEpoch(StoredEvent e) => e.Position.Epoch == _epoch ? e : e with { Position = e.Position with { Epoch = _epoch } };

    private sealed record SetTimer(DateTimeOffset DueAt, Guid? Lease, DateTimeOffset? LeasedUntil)
    {
        public DateTimeOffset ClaimableAt => LeasedUntil > DueAt ? LeasedUntil.Value : DueAt;
    }
}
