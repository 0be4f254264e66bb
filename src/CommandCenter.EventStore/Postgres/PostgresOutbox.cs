using Npgsql;
using NpgsqlTypes;
using static CommandCenter.EventStore.Sql;

namespace CommandCenter.EventStore;

/// <summary>The outbox on PostgreSQL. Several processes share it by lease.</summary>
public sealed class PostgresOutbox(NpgsqlDataSource dataSource) : IOutbox
{
    internal const string Columns = "id, token, kind, key, payload, position, recorded_at";

    // The first at or after its kind and key is itself or one before it. Written so that only the index of keys gives this order: "no earlier one exists" is planned
    // over the primary key on an empty table, and then reads everything earlier once thousands wait.
    private const string FirstOfItsKey =
        """
        o.id = (
              select head.id from cc_outbox head
              where head.dead_at is null and (head.kind, head.key) >= (o.kind, o.key)
              order by head.kind, head.key, head.id
              limit 1)
        """;

    // Kind by kind, so that what nobody handles is never walked over; what another relay is just leasing is passed over, not waited for.
    internal const string ClaimDue =
        $"""
        update cc_outbox set lease = gen_random_uuid(), leased_until = $4, attempts = attempts + 1
        where id = any(array(
          select due.id
          from unnest($1) as asked (kind)
          cross join lateral (
            select o.id, o.claimable_at from cc_outbox o
            where o.kind = asked.kind and o.dead_at is null and o.claimable_at <= $2 and {FirstOfItsKey}
            order by o.claimable_at, o.id
            limit $3
            for update of o skip locked) due
          order by due.claimable_at, due.id
          limit $3))
        returning {Columns}, attempts, lease
        """;

    internal const string NextDue =
        $"""
        select min(due.claimable_at)
        from unnest($1) as asked (kind)
        cross join lateral (
          select o.claimable_at from cc_outbox o
          where o.kind = asked.kind and o.dead_at is null and {FirstOfItsKey}
          order by o.claimable_at, o.id
          limit 1) due
        """;

    internal const string Complete = "delete from cc_outbox where id = $1 and lease = $2 returning id";

    internal const string Fail =
        "update cc_outbox set lease = null, leased_until = null, last_error = $3, next_attempt_at = $4 where id = $1 and lease = $2 returning id";

    internal const string Bury =
        "update cc_outbox set lease = null, leased_until = null, last_error = $3, dead_at = $4 where id = $1 and lease = $2 returning id";

    internal const string ListDead = $"select {Columns}, attempts, last_error, dead_at from cc_outbox where dead_at is not null and id > $1 order by id limit $2";

    private const string MakeDue = "update cc_outbox set attempts = 0, next_attempt_at = '-infinity', last_error = null, dead_at = null";

    internal const string Replay = $"{MakeDue} where dead_at is not null and id = $1 returning id";

    internal const string ReplayAll = $"{MakeDue} where dead_at is not null and ($1 is null or kind = $1) returning id";

    private const string Count =
        "select count(*) filter (where dead_at is null), count(*) filter (where dead_at is not null), min(recorded_at) filter (where dead_at is null) from cc_outbox";

    // As appends do, and in index order too: the table is empty most of the time, and a plan made then is ruinous when a receiver was away and thousands wait.
    internal const string PlanInOrder = $"{AppendExecutor.PlanByKey}, set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true)";

    private const string Notify = "select pg_notify($1, epoch || ':' || last_position || $2) from cc_log";

    public async Task<IReadOnlyList<DueMessage>> ClaimDueAsync(
        IReadOnlyCollection<string> kinds, DateTimeOffset now, int atMost, TimeSpan leaseFor, CancellationToken cancellation = default)
    {
        var claimed = await RunAsync(
            batch => batch.Add(ClaimDue,
                PArray([.. kinds], NpgsqlDbType.Text), P(Instants.Cut(now), NpgsqlDbType.TimestampTz), P(atMost, NpgsqlDbType.Integer), P(Instants.Cut(now + leaseFor), NpgsqlDbType.TimestampTz)),
            reader => new DueMessage(Row(reader), reader.GetInt32(7), reader.GetGuid(8)), cancellation);
        return [.. claimed.OrderBy(due => due.Row.Id)];
    }

    public async Task<DateTimeOffset?> NextDueAsync(IReadOnlyCollection<string> kinds, CancellationToken cancellation = default) =>
        (await RunAsync(
            batch => batch.Add(NextDue, PArray([.. kinds], NpgsqlDbType.Text)),
            reader => reader.IsDBNull(0) ? (DateTimeOffset?)null : reader.GetFieldValue<DateTimeOffset>(0), cancellation)).Single();

    public Task<bool> CompleteAsync(DueMessage message, CancellationToken cancellation = default) =>
        AnyAsync(batch => batch.Add(Complete, P(message.Row.Id, NpgsqlDbType.Bigint), P(message.Lease, NpgsqlDbType.Uuid)), cancellation);

    public Task<bool> FailAsync(DueMessage message, string reason, DateTimeOffset nextAttemptAt, CancellationToken cancellation = default) =>
        AnyAsync(batch => batch.Add(Fail,
            P(message.Row.Id, NpgsqlDbType.Bigint), P(message.Lease, NpgsqlDbType.Uuid), P(FailureReason.Storable(reason), NpgsqlDbType.Text), P(Instants.RoundUp(nextAttemptAt), NpgsqlDbType.TimestampTz)), cancellation);

    public Task<bool> BuryAsync(DueMessage message, string reason, DateTimeOffset deadAt, CancellationToken cancellation = default) =>
        AnyAsync(batch => batch.Add(Bury,
            P(message.Row.Id, NpgsqlDbType.Bigint), P(message.Lease, NpgsqlDbType.Uuid), P(FailureReason.Storable(reason), NpgsqlDbType.Text), P(Instants.Cut(deadAt), NpgsqlDbType.TimestampTz)), cancellation);

    public async Task<IReadOnlyList<DeadLetter>> ListDeadAsync(long afterId, int atMost, CancellationToken cancellation = default) =>
        await RunAsync(
            batch => batch.Add(ListDead, P(afterId, NpgsqlDbType.Bigint), P(atMost, NpgsqlDbType.Integer)),
            reader => new DeadLetter(Row(reader), reader.GetInt32(7), reader.GetString(8), reader.GetFieldValue<DateTimeOffset>(9)), cancellation);

    public Task<bool> ReplayAsync(long id, CancellationToken cancellation = default) =>
        AnyAsync(batch =>
        {
            batch.Add(Replay, P(id, NpgsqlDbType.Bigint));
            AddNotify(batch);
        }, cancellation);

    public async Task<int> ReplayAllAsync(string? kind = null, CancellationToken cancellation = default) =>
        (await RunAsync(batch =>
        {
            batch.Add(ReplayAll, PNull(kind, NpgsqlDbType.Text));
            AddNotify(batch);
        }, reader => reader.GetInt64(0), cancellation)).Count;

    public async Task<OutboxCounts> CountAsync(CancellationToken cancellation = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var command = connection.Command(Count);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new OutboxCounts(reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2));
    }

    /// <summary>A row of which <see cref="Columns"/> were selected first.</summary>
    internal static OutboxRow Row(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetGuid(1), new OutboxMessage(reader.GetString(2), reader.GetString(3), reader.GetFieldValue<byte[]>(4)), reader.GetInt64(5), reader.GetFieldValue<DateTimeOffset>(6));

    private static void AddNotify(NpgsqlBatch batch) => batch.Add(Notify, P(Hint.Channel, NpgsqlDbType.Text), P(Hint.Outbox, NpgsqlDbType.Text));

    private async Task<bool> AnyAsync(Action<NpgsqlBatch> add, CancellationToken cancellation) => (await RunAsync(add, reader => reader.GetInt64(0), cancellation)).Count > 0;

    private async Task<List<T>> RunAsync<T>(Action<NpgsqlBatch> add, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("begin isolation level read committed read write");
        batch.Add(PlanInOrder);
        add(batch);
        batch.Add("commit");
        await batch.PrepareAsync(cancellation);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        // The reader opens on the first statement that returns rows, which sets the planner.
        await reader.NextResultAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(read(reader));
        // To the end of the batch, so that a commit that fails is not passed over.
        while (await reader.NextResultAsync(cancellation))
        {
        }

        return rows;
    }
}
