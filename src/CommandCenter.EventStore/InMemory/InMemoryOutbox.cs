namespace CommandCenter.EventStore;

/// <summary>The outbox of an <see cref="InMemoryEventLog"/>. Thread-safe.</summary>
public sealed class InMemoryOutbox : IOutbox
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, Entry> _entries = [];
    private long _lastId;

    internal InMemoryOutbox() { }

    /// <summary>Pulses when a message came, or a dead letter is due again; for an <see cref="OutboxRelay"/>.</summary>
    public Pulse Changed { get; } = new();

    /// <summary>At most <paramref name="atMost"/> undelivered messages with an id above <paramref name="afterId"/>, dead ones too, in the order of their commits.</summary>
    public Task<IReadOnlyList<OutboxRow>> ReadAsync(long afterId, int atMost)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyList<OutboxRow>>([.. _entries.Values.Select(entry => entry.Row).Where(row => row.Id > afterId).Take(atMost)]);
    }

    public Task<IReadOnlyList<DueMessage>> ClaimDueAsync(
        IReadOnlyCollection<string> kinds, DateTimeOffset now, int atMost, TimeSpan leaseFor, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var due = FirstOfTheirKeys(kinds).Where(entry => entry.ClaimableAt <= now).OrderBy(entry => entry.ClaimableAt).ThenBy(entry => entry.Row.Id).Take(atMost).ToList();
            var claimed = new List<DueMessage>();
            foreach (var entry in due.OrderBy(entry => entry.Row.Id))
            {
                var lease = Guid.CreateVersion7(now);
                _entries[entry.Row.Id] = entry with { Attempts = entry.Attempts + 1, Lease = lease, LeasedUntil = now + leaseFor };
                claimed.Add(new DueMessage(entry.Row, entry.Attempts + 1, lease));
            }

            return Task.FromResult<IReadOnlyList<DueMessage>>(claimed);
        }
    }

    public Task<DateTimeOffset?> NextDueAsync(IReadOnlyCollection<string> kinds, CancellationToken cancellation = default)
    {
        lock (_gate)
            return Task.FromResult(FirstOfTheirKeys(kinds).Min(entry => (DateTimeOffset?)entry.ClaimableAt));
    }

    public Task<bool> CompleteAsync(DueMessage message, CancellationToken cancellation = default)
    {
        lock (_gate)
            return Task.FromResult(IsLeased(message) && _entries.Remove(message.Row.Id));
    }

    public Task<bool> FailAsync(DueMessage message, string reason, DateTimeOffset nextAttemptAt, CancellationToken cancellation = default) =>
        SettleAsync(message, entry => entry with { Error = FailureReason.Storable(reason), NextAttemptAt = Instants.RoundUp(nextAttemptAt) });

    public Task<bool> BuryAsync(DueMessage message, string reason, DateTimeOffset deadAt, CancellationToken cancellation = default) =>
        SettleAsync(message, entry => entry with { Error = FailureReason.Storable(reason), DeadAt = Instants.Cut(deadAt) });

    public Task<IReadOnlyList<DeadLetter>> ListDeadAsync(long afterId, int atMost, CancellationToken cancellation = default)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyList<DeadLetter>>(
                [.. _entries.Values.Where(entry => entry.DeadAt is not null && entry.Row.Id > afterId).Take(atMost)
                    .Select(entry => new DeadLetter(entry.Row, entry.Attempts, entry.Error, entry.DeadAt!.Value))]);
    }

    public Task<bool> ReplayAsync(long id, CancellationToken cancellation = default) => Task.FromResult(Replay(entry => entry.Row.Id == id) == 1);

    public Task<int> ReplayAllAsync(string? kind = null, CancellationToken cancellation = default) =>
        Task.FromResult(Replay(entry => kind is null || entry.Row.Message.Kind == kind));

    public Task<OutboxCounts> CountAsync(CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            var pending = _entries.Values.Where(entry => entry.DeadAt is null).ToList();
            return Task.FromResult(new OutboxCounts(pending.Count, _entries.Count - pending.Count, pending.Min(entry => (DateTimeOffset?)entry.Row.RecordedAt)));
        }
    }

    internal void Add(OutboxMessage message, AppendReceipt receipt)
    {
        lock (_gate)
        {
            var row = new OutboxRow(++_lastId, Guid.CreateVersion7(receipt.RecordedAt), message with { Payload = message.Payload.ToArray() }, receipt.Last.Position, receipt.RecordedAt);
            _entries.Add(row.Id, new Entry(row));
        }
    }

    private IEnumerable<Entry> FirstOfTheirKeys(IReadOnlyCollection<string> kinds) =>
        _entries.Values.Where(entry => entry.DeadAt is null && kinds.Contains(entry.Row.Message.Kind)).DistinctBy(entry => (entry.Row.Message.Kind, entry.Row.Message.Key));

    private bool IsLeased(DueMessage message) => _entries.TryGetValue(message.Row.Id, out var entry) && entry.Lease == message.Lease;

    private Task<bool> SettleAsync(DueMessage message, Func<Entry, Entry> settle)
    {
        lock (_gate)
        {
            if (!IsLeased(message))
                return Task.FromResult(false);
            _entries[message.Row.Id] = settle(_entries[message.Row.Id]) with { Lease = null, LeasedUntil = null };
            return Task.FromResult(true);
        }
    }

    private int Replay(Func<Entry, bool> which)
    {
        List<Entry> dead;
        lock (_gate)
        {
            dead = [.. _entries.Values.Where(entry => entry.DeadAt is not null && which(entry))];
            dead.ForEach(entry => _entries[entry.Row.Id] = new Entry(entry.Row));
        }

        Changed.Send();
        return dead.Count;
    }

    private sealed record Entry(OutboxRow Row)
    {
        public int Attempts { get; init; }
        public DateTimeOffset NextAttemptAt { get; init; } = DateTimeOffset.MinValue;
        public Guid? Lease { get; init; }
        public DateTimeOffset? LeasedUntil { get; init; }
        public string Error { get; init; } = "";
        public DateTimeOffset? DeadAt { get; init; }
        public DateTimeOffset ClaimableAt => LeasedUntil > NextAttemptAt ? LeasedUntil.Value : NextAttemptAt;
    }
}
