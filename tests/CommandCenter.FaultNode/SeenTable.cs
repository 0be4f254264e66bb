using CommandCenter.EventStore;
using Npgsql;

namespace CommandCenter.FaultNode;

/// <summary>A plain insert: an event that is applied twice breaks its key and parks its stream.</summary>
public sealed class SeenTable : IProjection
{
    public const string Create = "create table seen (position bigint primary key, stream text not null, version bigint not null)";

    public string Name => "seen";

    public Task CreateTablesAsync(NpgsqlConnection connection, CancellationToken cancellation) => Task.CompletedTask;

    public async Task ClearAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var clear = new NpgsqlCommand("truncate seen", transaction.Connection);
        await clear.ExecuteNonQueryAsync(cancellation);
    }

    public Task<Recount> RecountAsync(NpgsqlConnection connection, long afterPosition, long toPosition, string[] parked, CancellationToken cancellation) =>
        throw new NotSupportedException("The checker recounts the whole run.");

    public async Task ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, CancellationToken cancellation)
    {
        await using var insert = new NpgsqlCommand("insert into seen select * from unnest($1, $2, $3)", transaction.Connection);
        insert.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. events.Select(e => e.Position.Position)] });
        insert.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. events.Select(e => e.Stream.ToString())] });
        insert.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. events.Select(e => e.StreamVersion)] });
        await insert.ExecuteNonQueryAsync(cancellation);
    }
}
