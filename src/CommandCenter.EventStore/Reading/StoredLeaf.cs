namespace CommandCenter.EventStore;

/// <summary>An event's leaf, formed anew from the stored row, beside the hash that was stored when it was appended.</summary>
/// <param name="Form">The canonical JSON that the hash covers (ADR 0002).</param>
/// <param name="StoredHash">32 bytes; <see cref="LeafHash.Of"/> of the form equals it unless the row was altered.</param>
public sealed record StoredLeaf(long Position, ReadOnlyMemory<byte> Form, ReadOnlyMemory<byte> StoredHash);
