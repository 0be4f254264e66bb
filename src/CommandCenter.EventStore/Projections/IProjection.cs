using Npgsql;

namespace CommandCenter.EventStore;

/// <summary>Read tables filled from the log. Applying an event twice changes nothing.</summary>
public interface IProjection
{
    /// <summary>Name and version, such as <c>board_cases_v1</c>; the checkpoint row is <c>name:All</c>.</summary>
    string Name { get; }

    /// <summary>Creates the tables if they do not exist.</summary>
    Task CreateTablesAsync(NpgsqlConnection connection, CancellationToken cancellation);

    /// <summary>Empties the tables, for a log in another epoch.</summary>
    Task ClearAsync(NpgsqlTransaction transaction, CancellationToken cancellation);

    /// <summary>Applies events in position order inside the transaction that moves the checkpoint.</summary>
    Task ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, CancellationToken cancellation);
}
