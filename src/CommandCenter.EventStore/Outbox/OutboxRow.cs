namespace CommandCenter.EventStore;

/// <summary>An outbox message as it was committed.</summary>
/// <param name="Id">Rises in the order of commits.</param>
/// <param name="Position">The receipt's position of the append that wrote it.</param>
public sealed record OutboxRow(long Id, OutboxMessage Message, long Position, DateTimeOffset RecordedAt);
