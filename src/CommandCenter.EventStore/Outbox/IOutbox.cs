namespace CommandCenter.EventStore;

/// <summary>A message leased to this relay until the lease ends.</summary>
/// <param name="Attempt">Which attempt this is, from 1; one that never ended counts too. Replaying a dead letter starts again from 1.</param>
/// <param name="Lease">What settling the message is compared with: another lease means that another relay has it.</param>
public sealed record DueMessage(OutboxRow Row, int Attempt, Guid Lease);

/// <summary>A message that is not tried any more until somebody replays it.</summary>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Reason">Why it was given up, in one line without personal data.</param>
public sealed record DeadLetter(OutboxRow Row, int Attempts, string Reason, DateTimeOffset DeadAt);

/// <summary>How much waits, for a health report.</summary>
/// <param name="Pending">Messages neither delivered nor dead, those under way among them.</param>
/// <param name="OldestPendingAt">When the oldest pending message was recorded; null when there is none.</param>
public sealed record OutboxCounts(long Pending, long Dead, DateTimeOffset? OldestPendingAt);

/// <summary>
/// The messages to deliver. They are written only by appends, and gone once delivered. Of one kind and key they are delivered in the order of their commits: a later one is not
/// claimed while an earlier one is pending, be it leased or waiting for its next attempt. A dead letter holds up nothing; replayed, it goes before what is pending then, and may
/// meet a later one that is already under way.
/// </summary>
public interface IOutbox
{
    /// <summary>
    /// Leases messages of these kinds that are due at <paramref name="now"/>, not leased and first of their key, and counts an attempt of each. Of more than
    /// <paramref name="atMost"/> those never tried go first, then those longest due; what is leased is given in the order of its commits.
    /// </summary>
    Task<IReadOnlyList<DueMessage>> ClaimDueAsync(IReadOnlyCollection<string> kinds, DateTimeOffset now, int atMost, TimeSpan leaseFor, CancellationToken cancellation = default);

    /// <summary>
    /// The instant at which <see cref="ClaimDueAsync"/> can next find something of these kinds: the earliest next attempt or end of lease of those first of their key, long past
    /// for one never tried; null when none is pending.
    /// </summary>
    Task<DateTimeOffset?> NextDueAsync(IReadOnlyCollection<string> kinds, CancellationToken cancellation = default);

    /// <summary>The message was delivered: deletes it. False, and nothing changed, when the lease is not the message's any more.</summary>
    Task<bool> CompleteAsync(DueMessage message, CancellationToken cancellation = default);

    /// <summary>The message was not delivered and is due again at an instant. False, and nothing changed, when the lease is not the message's any more.</summary>
    /// <param name="reason">Any text; what cannot be stored of it is replaced, and its end is cut.</param>
    Task<bool> FailAsync(DueMessage message, string reason, DateTimeOffset nextAttemptAt, CancellationToken cancellation = default);

    /// <summary>The message becomes a dead letter. False, and nothing changed, when the lease is not the message's any more.</summary>
    /// <param name="reason">Any text; what cannot be stored of it is replaced, and its end is cut.</param>
    Task<bool> BuryAsync(DueMessage message, string reason, DateTimeOffset deadAt, CancellationToken cancellation = default);

    /// <summary>At most <paramref name="atMost"/> dead letters with an id above <paramref name="afterId"/>, in the order of their commits.</summary>
    Task<IReadOnlyList<DeadLetter>> ListDeadAsync(long afterId, int atMost, CancellationToken cancellation = default);

    /// <summary>Makes a dead letter due at once, with all its attempts before it, and wakes the relays. False when there is no such dead letter.</summary>
    Task<bool> ReplayAsync(long id, CancellationToken cancellation = default);

    /// <summary>Replays all dead letters of a kind, or of every kind, and returns how many there were.</summary>
    Task<int> ReplayAllAsync(string? kind = null, CancellationToken cancellation = default);

    Task<OutboxCounts> CountAsync(CancellationToken cancellation = default);
}
