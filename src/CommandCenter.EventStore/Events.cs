namespace CommandCenter.EventStore;

/// <summary>Who did something, in which role, for which place, and when it happened in the world.</summary>
/// <param name="Actor">A person's id, <c>resident</c>, or <c>system:name</c> for the engine itself.</param>
/// <param name="Role">The role the actor spoke in, in snake_case.</param>
/// <param name="Place">The area code the actor spoke for (12 digits or longer, or 6 or 9 with trailing zeros cut).</param>
/// <param name="HappenedAt">As given by people and devices, whole microseconds, UTC. Never used to order.</param>
/// <param name="For">Whom the actor acted for, who was absent; null when they spoke for themselves.</param>
public sealed record EventOrigin(string Actor, string Role, string Place, DateTimeOffset HappenedAt, string? For = null);

/// <summary>An event to be appended.</summary>
/// <param name="Type">The frozen alias, snake_case, with <c>_v2</c> and so on from the second version.</param>
/// <param name="DotnetType">The frozen <c>mt_dotnet_type</c>: <c>Namespace.Type, Assembly</c>.</param>
/// <param name="Data">JSON text in UTF-8: an object of objects, arrays, strings, integers, booleans; no fractions.</param>
/// <param name="CorrelationId">What belongs together across streams, or null.</param>
/// <param name="CausationId">What caused it: <c>command:…</c>, <c>event:…</c> or <c>timer:…</c>, or null.</param>
public sealed record NewEvent(
    string Type,
    string DotnetType,
    ReadOnlyMemory<byte> Data,
    EventOrigin Origin,
    string? CorrelationId = null,
    string? CausationId = null);

/// <summary>An event as it stands in the log.</summary>
/// <param name="StreamVersion">1 for the first event of its stream, dense.</param>
/// <param name="RecordedAt">Assigned under the store lock, strictly rising with the position, whole microseconds, UTC.</param>
/// <param name="Data">Canonical JSON in UTF-8 (ADR 0002).</param>
public sealed record StoredEvent(
    LogPosition Position,
    Guid Id,
    StreamKey Stream,
    long StreamVersion,
    string Type,
    DateTimeOffset RecordedAt,
    EventOrigin Origin,
    ReadOnlyMemory<byte> Data,
    string? CorrelationId,
    string? CausationId);
