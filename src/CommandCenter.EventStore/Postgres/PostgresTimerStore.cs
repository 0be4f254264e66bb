using Npgsql;
using NpgsqlTypes;
using static CommandCenter.EventStore.Sql;

namespace CommandCenter.EventStore;

/// <summary>The durable timers on PostgreSQL. Several processes share them by lease.</summary>
public sealed class PostgresTimerStore(NpgsqlDataSource dataSource) : ITimerStore
{
    // Walks the index in due order and stops at the limit; rows that another worker is just leasing are passed over, not waited for.
    // By row address, because a join on the key reads the whole table when the planner expects many to be due.
    internal const string ClaimDue =
        """
        update cc_timers set lease = gen_random_uuid(), leased_until = $3
        where ctid = any(array(
          select ctid from cc_timers
          where due_at <= $1 and (leased_until is null or leased_until <= $1)
          order by due_at, saga, saga_id, name, attempt
          limit $2
          for update skip locked))
        returning saga, saga_id, name, attempt, due_at, lease
        """;

    internal const string NextDue = "select claimable_at from cc_timers order by claimable_at limit 1";

    public async Task<IReadOnlyList<DueTimer>> ClaimDueAsync(DateTimeOffset now, int atMost, TimeSpan leaseFor, CancellationToken cancellation = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var command = connection.Command(ClaimDue,
            P(Instants.Cut(now), NpgsqlDbType.TimestampTz), P(atMost, NpgsqlDbType.Integer), P(Instants.Cut(now + leaseFor), NpgsqlDbType.TimestampTz));
        await command.PrepareAsync(cancellation);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var due = new List<DueTimer>();
        while (await reader.ReadAsync(cancellation))
            due.Add(new DueTimer(Key(reader), reader.GetFieldValue<DateTimeOffset>(4), reader.GetGuid(5)));
        due.Sort((a, b) => InOrder((a.Key, a.DueAt), (b.Key, b.DueAt)));
        return due;
    }

    // The lease goes as well: what was given back is not consumed any more.
    internal const string Defer =
        """
        update cc_timers set lease = gen_random_uuid(), leased_until = $6
        where saga = $1 and saga_id = $2 and name = $3 and attempt = $4 and lease = $5
        """;

    public async Task<bool> DeferAsync(DueTimer timer, DateTimeOffset until, CancellationToken cancellation = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var command = connection.Command(Defer,
            P(timer.Key.Saga, NpgsqlDbType.Text), P(timer.Key.SagaId, NpgsqlDbType.Text), P(timer.Key.Name, NpgsqlDbType.Text), P(timer.Key.Attempt, NpgsqlDbType.Integer),
            P(timer.Lease, NpgsqlDbType.Uuid), P(Instants.RoundUp(until), NpgsqlDbType.TimestampTz));
        await command.PrepareAsync(cancellation);
        return await command.ExecuteNonQueryAsync(cancellation) > 0;
    }

    internal const string OldestDue = "select due_at from cc_timers order by due_at limit 1";

    internal const string OfOne = "select saga, saga_id, name, attempt, due_at from cc_timers where saga = $1 and saga_id = $2";

    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellation = default) => InstantAsync(NextDue, cancellation);

    public Task<DateTimeOffset?> OldestDueAsync(CancellationToken cancellation = default) => InstantAsync(OldestDue, cancellation);

    private async Task<DateTimeOffset?> InstantAsync(string sql, CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var command = connection.Command(sql);
        await command.PrepareAsync(cancellation);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? reader.GetFieldValue<DateTimeOffset>(0) : null;
    }

    public async Task<IReadOnlyList<(TimerKey Key, DateTimeOffset DueAt)>> ListAsync(string saga, string sagaId, CancellationToken cancellation = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var command = connection.Command(OfOne, P(saga, NpgsqlDbType.Text), P(sagaId, NpgsqlDbType.Text));
        await command.PrepareAsync(cancellation);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var timers = new List<(TimerKey, DateTimeOffset)>();
        while (await reader.ReadAsync(cancellation))
            timers.Add((Key(reader), reader.GetFieldValue<DateTimeOffset>(4)));
        timers.Sort(InOrder);
        return timers;
    }

    /// <summary>Earliest first, ties by key, names by their bytes.</summary>
    internal static int InOrder((TimerKey Key, DateTimeOffset DueAt) a, (TimerKey Key, DateTimeOffset DueAt) b)
    {
        var order = a.DueAt.CompareTo(b.DueAt);
        if (order == 0)
            order = string.CompareOrdinal(a.Key.Saga, b.Key.Saga);
        if (order == 0)
            order = string.CompareOrdinal(a.Key.SagaId, b.Key.SagaId);
        if (order == 0)
            order = string.CompareOrdinal(a.Key.Name, b.Key.Name);
        return order == 0 ? a.Key.Attempt.CompareTo(b.Key.Attempt) : order;
    }

    private static TimerKey Key(NpgsqlDataReader reader) => new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3));
}
