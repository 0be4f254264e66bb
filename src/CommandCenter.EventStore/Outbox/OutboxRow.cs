namespace CommandCenter.EventStore;

/// <summary>An outbox message as it was committed and, as long as the row is there, not delivered.</summary>
/// <param name="Id">Rises in the order of commits.</param>
/// <param name="Token">
/// The same at every delivery of this message and of no other: what the receiver recognises a repeat by. Not the id, because a restore that lost commits draws ids anew.
/// </param>
/// <param name="Position">The receipt's position of the append that wrote it.</param>
public sealed record OutboxRow(long Id, Guid Token, OutboxMessage Message, long Position, DateTimeOffset RecordedAt);
