using Npgsql;

namespace CommandCenter.EventStore;

/// <summary>
/// Read tables filled from the log. Applying an event twice changes nothing. It keeps nothing in memory between calls and names its tables without a schema: a rebuild
/// runs it beside itself, in another schema.
/// </summary>
public interface IProjection
{
    /// <summary>Name and version, such as <c>board_cases_v1</c>, at most 40 of <c>[a-z0-9_]</c>; the checkpoint row is <c>name:All</c>.</summary>
    string Name { get; }

    /// <summary>Creates the tables in the current schema if it does not have them, whatever the other schemas of the search path have.</summary>
    Task CreateTablesAsync(NpgsqlConnection connection, CancellationToken cancellation);

    /// <summary>Empties the tables, for a log in another epoch.</summary>
    Task ClearAsync(NpgsqlTransaction transaction, CancellationToken cancellation);

    /// <summary>Applies events in position order inside the transaction that moves the checkpoint.</summary>
    Task ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, CancellationToken cancellation);

    /// <summary>
    /// Recounts, by the log's own tables, what the read tables must hold of the events above <paramref name="afterPosition"/> up to <paramref name="toPosition"/>, and what of it
    /// they do hold. Both are seen as of one instant at which every event of the range had been applied.
    /// </summary>
    /// <param name="parked">The keys of streams that are left alone; they count on neither side.</param>
    Task<Recount> RecountAsync(NpgsqlConnection connection, long afterPosition, long toPosition, string[] parked, CancellationToken cancellation);
}

/// <summary>What a range of the log asks for, and what of it was found.</summary>
/// <param name="Example">Where the first that is missing belongs; null when nothing is.</param>
public sealed record Recount(long Expected, long Found, string? Example = null);
