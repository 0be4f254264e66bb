using CommandCenter.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Benchmarks;

/// <summary>A small read table, so that a soak has a projection: how many events each stream has.</summary>
internal sealed class SoakCases : IProjection
{
    public string Name => "soak_cases_v1";

    public Task CreateTablesAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        RunAsync(connection, "create table if not exists soak_cases_v1 (stream varchar primary key, events bigint not null, position bigint not null) with (fillfactor = 80)", cancellation);

    public Task ClearAsync(NpgsqlTransaction transaction, CancellationToken cancellation) => RunAsync(transaction.Connection!, "truncate soak_cases_v1", cancellation);

    public async Task ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, CancellationToken cancellation)
    {
        var last = events.GroupBy(e => e.Stream).Select(group => group.Last()).ToList();
        await using var upsert = new NpgsqlCommand(
            """
            insert into soak_cases_v1 as s (stream, events, position) select * from unnest($1, $2, $3)
            on conflict (stream) do update set events = excluded.events, position = excluded.position where s.position < excluded.position
            """, transaction.Connection);
        Add(upsert, last.Select(e => e.Stream.ToString()).ToArray(), NpgsqlDbType.Text);
        Add(upsert, last.Select(e => e.StreamVersion).ToArray(), NpgsqlDbType.Bigint);
        Add(upsert, last.Select(e => e.Position.Position).ToArray(), NpgsqlDbType.Bigint);
        await upsert.ExecuteNonQueryAsync(cancellation);
    }

    public Task<Recount> RecountAsync(NpgsqlConnection connection, long afterPosition, long toPosition, string[] parked, CancellationToken cancellation) =>
        throw new NotSupportedException("A soak is not audited.");

    private static void Add<T>(NpgsqlCommand command, T[] values, NpgsqlDbType element) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element });

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
