using System.Text.Json;
using Npgsql;

namespace CommandCenter.EventStore.Tests;

/// <summary>Sums a stream's values, each row remembering the position it was folded up to.</summary>
internal sealed class Sums : IProjection
{
    private readonly List<long> _seen = [];

    public int FailuresLeft { get; set; }

    /// <summary>Whether what parks a stream was mended.</summary>
    public bool TakesBelowZero { get; init; }

    /// <summary>Whether this is the program that wrote 777, which the one before does not know.</summary>
    public bool IsNewer { get; init; }

    public IReadOnlyList<long> Seen => _seen;
    public string Name { get; init; } = "sums_v1";

    /// <summary>Whether its recount breaks.</summary>
    public bool RecountFails { get; init; }

    public async Task CreateTablesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var create = new NpgsqlCommand("create table if not exists sums_v1 (stream varchar primary key, sum bigint not null, position bigint not null, applied bigint not null)", connection);
        await create.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ClearAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var clear = new NpgsqlCommand("delete from sums_v1", transaction.Connection);
        await clear.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, CancellationToken cancellation)
    {
        if (FailuresLeft > 0)
        {
            FailuresLeft--;
            throw new InvalidOperationException("not now");
        }

        foreach (var e in events)
        {
            using var data = JsonDocument.Parse(e.Data);
            var value = data.RootElement.GetProperty("value").GetInt32();
            if (value == 777 && !IsNewer)
                throw new UnknownEventException("777 was written by a newer program.");
            if (value < 0 && !TakesBelowZero)
                throw new InvalidOperationException("The value is below zero.");
            await using var upsert = new NpgsqlCommand(
                """
                insert into sums_v1 as s values ($1, $2 / case when $2 = 666 then 0 else 1 end, $3, 1)
                on conflict (stream) do update set sum = s.sum + excluded.sum, position = excluded.position, applied = s.applied + 1 where s.position < excluded.position
                """, transaction.Connection);
            upsert.Parameters.AddWithValue(e.Stream.ToString());
            upsert.Parameters.AddWithValue((long)value);
            upsert.Parameters.AddWithValue(e.Position.Position);
            await upsert.ExecuteNonQueryAsync(cancellation);
            _seen.Add(e.Position.Position);
        }
    }

    public async Task<Recount> RecountAsync(NpgsqlConnection connection, long afterPosition, long toPosition, string[] parked, CancellationToken cancellation)
    {
        if (RecountFails)
            throw new InvalidOperationException("not this one");
        await using var command = new NpgsqlCommand(
            """
            select count(*), count(s.stream), min(asked.stream_id) filter (where s.stream is null)
            from (select stream_id, max(seq_id) as last from mt_events where seq_id > $1 and seq_id <= $2 and not stream_id = any($3) group by stream_id) asked
            left join sums_v1 s on s.stream = asked.stream_id and s.position >= asked.last
            """, connection);
        command.Parameters.AddWithValue(afterPosition);
        command.Parameters.AddWithValue(toPosition);
        command.Parameters.AddWithValue(parked);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new Recount(reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetString(2));
    }
}
