using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using static CommandCenter.EventStore.Sql;

namespace CommandCenter.EventStore;

/// <summary>The connection was lost after the commit had been sent: it may stand or not.</summary>
internal sealed class CommitLostException(Exception inner) : Exception("The connection was lost while the commit was on its way.", inner);

/// <summary>A plan and the transaction that will write it.</summary>
/// <param name="Before">Where the log ended before it.</param>
/// <param name="TransactionId">PostgreSQL's own number of it, to ask by what became of a commit; null: it was decided ahead, and its transaction may not even have begun.</param>
internal sealed record DecidedBatch(AppendPlan Plan, LogEnd Before, string? TransactionId);

/// <summary>
/// Appends a list of requests in one transaction. In two round trips: the first takes the store lock and reads what the decision needs, the second writes and commits.
/// Or in one, where the decision was made ahead: then the server checks what it rests on (ADR 0012).
/// It knows nothing of queues: who calls it with one request or many is no concern of its own.
/// </summary>
internal static class AppendExecutor
{
    internal const string SelectLog = "select epoch, last_position, last_recorded_at, tree_peaks, fence from cc_log";

    internal const string SelectCommands =
        "select c.actor, c.id, c.request_hash, c.receipt from unnest($1, $2) as asked (actor, id) join cc_commands c on c.actor = asked.actor and c.id = asked.id";

    // Locked, because a worker may lease an expired timer again between this statement and its deletion.
    internal const string SelectTimers =
        """
        select t.saga, t.saga_id, t.name, t.attempt, t.lease
        from unnest($1, $2, $3, $4) as asked (saga, saga_id, name, attempt)
        join cc_timers t on t.saga = asked.saga and t.saga_id = asked.saga_id and t.name = asked.name and t.attempt = asked.attempt
        for update of t
        """;

    internal const string SelectStreams = "select id, version from mt_streams where id = any($1)";

    // Locked, so that nobody collects it before the append that names it has committed; who collects has it marked and committed first.
    internal const string SelectFiles = "select hash from cc_files where hash = any($1) and not collecting for no key update";

    private const string NameFiles = "update cc_files set named = true where hash = any($1) and not named";

    private const string UpsertStreams =
        """
        insert into mt_streams (id, type, version, timestamp, created, tenant_id, is_archived)
        select id, type, version, at, at, '*DEFAULT*', false from unnest($1, $2, $3, $4) as moved (id, type, version, at)
        on conflict (id) do update set version = excluded.version, timestamp = excluded.timestamp
        """;

    // A stream that is there already is refused by its key.
    private const string InsertStreams =
        """
        insert into mt_streams (id, type, version, timestamp, created, tenant_id, is_archived)
        select id, type, version, at, at, '*DEFAULT*', false from unnest($1, $2, $3, $4) as made (id, type, version, at)
        """;

    internal const string ExpectStreams =
        """
        with moved as (
          update mt_streams s set version = m.version, timestamp = m.at from unnest($1, $2, $3, $4) as m (id, was, version, at)
          where s.id = m.id and s.version = m.was returning 1)
        select cc_expect((select count(*) from moved) = cardinality($1), 'the version of a stream')
        """;

    private const string ExpectLog =
        """
        with moved as (
          update cc_log set last_position = $1, last_recorded_at = $2, tree_peaks = $3
          where epoch = $4 and last_position = $5 and last_recorded_at is not distinct from $6 and tree_peaks = $7 and fence = $8 returning 1)
        select cc_expect(exists (select from moved), 'where the log ends')
        """;

    internal const string ExpectTimers =
        """
        with fired as (
          delete from cc_timers t using unnest($1, $2, $3, $4, $5) as f (saga, saga_id, name, attempt, lease)
          where t.saga = f.saga and t.saga_id = f.saga_id and t.name = f.name and t.attempt = f.attempt and t.lease = f.lease returning 1)
        select cc_expect((select count(*) from fired) = cardinality($1), 'the lease of a timer')
        """;

    private const string RaiseFenceUnlessItStands = "update cc_log set fence = fence + 1 where not exists (select from mt_events where seq_id = $1 and id = $2)";

    private const string InsertEvents =
        """
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, is_archived)
        select seq_id, id, stream_id, version, data, type, at, '*DEFAULT*', dotnet_type, correlation_id, causation_id, headers, false
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
          as added (seq_id, id, stream_id, version, data, type, at, dotnet_type, correlation_id, causation_id, headers)
        """;

    private const string InsertLeaves = "insert into cc_leaves (position, hash) select position, hash from unnest($1, $2) as added (position, hash)";

    private const string InsertNodes = "insert into cc_nodes (level, index, hash) select level, index, hash from unnest($1, $2, $3) as added (level, index, hash)";

    private const string MoveLog = "update cc_log set last_position = $1, last_recorded_at = $2, tree_peaks = $3";

    private const string MoveSequence = "select setval('mt_events_sequence', $1)";

    internal const string DeleteTimers =
        """
        delete from cc_timers t using unnest($1, $2, $3, $4) as gone (saga, saga_id, name, attempt)
        where t.saga = gone.saga and t.saga_id = gone.saga_id and t.name = gone.name and t.attempt = gone.attempt
        """;

    private const string SetTimers =
        """
        insert into cc_timers (saga, saga_id, name, attempt, due_at)
        select saga, saga_id, name, attempt, due_at from unnest($1, $2, $3, $4, $5) as asked (saga, saga_id, name, attempt, due_at)
        on conflict (saga, saga_id, name, attempt) do update set due_at = excluded.due_at, lease = null, leased_until = null
        """;

    private const string InsertOutbox =
        """
        insert into cc_outbox (kind, key, payload, position, recorded_at)
        select kind, key, payload, position, at from unnest($1, $2, $3, $4, $5) with ordinality as added (kind, key, payload, position, at, place) order by place
        """;

    private const string InsertCommands =
        """
        insert into cc_commands (actor, id, request_hash, recorded_at, receipt)
        select actor, id, request_hash, at, receipt from unnest($1, $2, $3, $4, $5) as added (actor, id, request_hash, at, receipt)
        """;

    private const string Notify = "select pg_notify($1, $2)";

    /// <summary>Whether an event stands at a position under this id: what became of a commit whose answer was lost.</summary>
    internal const string SelectEventAt = "select id from mt_events where seq_id = $1";

    // A statement prepared on a small table keeps its plan while the table grows to millions, until somebody analyzes it: here every access is by key, so no plan reads a whole table.
    // A node that vanishes between its two round trips must not keep the store lock until the server's network gives it up.
    internal const string PlanByKey =
        "select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true), set_config('jit', 'off', true), set_config('idle_in_transaction_session_timeout', '10s', true)";

    // Who was decided ahead can neither leave nor be refused while it waits for the lock, so it does not wait long.
    private const string PlanAhead = $"{PlanByKey}, set_config('lock_timeout', '1s', true)";

    /// <summary>Begins a transaction, takes the store lock and decides; nothing is written yet. A plan without winners has ended its transaction.</summary>
    /// <param name="wanted">Asked under the lock: which of the requests still have somebody who waits. Only those are decided, in their order.</param>
    public static async Task<DecidedBatch> DecideAsync(
        NpgsqlConnection connection, IReadOnlyList<PreparedAppend> requests, Func<IReadOnlyList<PreparedAppend>> wanted, TimeProvider clock, CancellationToken cancellation)
    {
        var asked = Stopwatch.GetTimestamp();
        var (facts, before, transactionId) = await LockAndReadAsync(connection, requests, cancellation);
        EventStoreTelemetry.Locked(Stopwatch.GetElapsedTime(asked));
        var plan = AppendPlan.Decide(wanted(), facts, clock.GetUtcNow());
        if (!plan.HasWinners)
        {
            await using var rollback = connection.Command("rollback");
            await rollback.ExecuteNonQueryAsync(CancellationToken.None);
        }

        return new DecidedBatch(plan, before, transactionId);
    }

    /// <summary>Writes what was decided and commits; never cancelled, because a commit under way is waited for.</summary>
    /// <exception cref="CommitLostException">The connection was lost after the commit was sent.</exception>
    /// <exception cref="PostgresException">The server refused a statement, so nothing was committed.</exception>
    public static Task WriteAsync(NpgsqlConnection connection, AppendPlan plan) => plan.HasWinners ? WriteAndCommitAsync(connection, plan) : Task.CompletedTask;

    /// <summary>Takes the store lock, writes what was decided ahead and commits, if everything that it rests on holds; never cancelled.</summary>
    /// <exception cref="CommitLostException">The connection was lost after everything was sent.</exception>
    /// <exception cref="PostgresException">The server refused a statement, so nothing was committed.</exception>
    public static async Task WriteAheadAsync(NpgsqlConnection connection, AheadPlan ahead)
    {
        var plan = ahead.Plan;
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("begin isolation level read committed read write");
        batch.Add(PlanAhead);
        batch.Add("select pg_advisory_xact_lock($1)", P(StoreLock.Key, NpgsqlDbType.Bigint));
        var before = ahead.Before;
        batch.Add(ExpectLog,
            P(plan.LastPosition, NpgsqlDbType.Bigint), P(plan.LastRecordedAt!.Value, NpgsqlDbType.TimestampTz), P(plan.Tree.Peaks(), NpgsqlDbType.Bytea),
            P(before.Epoch, NpgsqlDbType.Integer), P(before.LastPosition, NpgsqlDbType.Bigint), PNull(before.LastRecordedAt, NpgsqlDbType.TimestampTz),
            P(before.Peaks.ToArray(), NpgsqlDbType.Bytea), P(before.Fence, NpgsqlDbType.Bigint));
        var made = plan.Streams.Where(stream => ahead.Versions[stream.Key] == 0).ToList();
        if (made.Count > 0)
            batch.Add(InsertStreams,
                PArray([.. made.Select(stream => stream.Key)], NpgsqlDbType.Text),
                PArray([.. made.Select(stream => stream.Value.Type)], NpgsqlDbType.Text),
                PArray([.. made.Select(stream => stream.Value.Version)], NpgsqlDbType.Bigint),
                PArray([.. made.Select(stream => stream.Value.RecordedAt)], NpgsqlDbType.TimestampTz));
        var moved = plan.Streams.Where(stream => ahead.Versions[stream.Key] > 0).ToList();
        if (moved.Count > 0)
            batch.Add(ExpectStreams,
                PArray([.. moved.Select(stream => stream.Key)], NpgsqlDbType.Text),
                PArray([.. moved.Select(stream => ahead.Versions[stream.Key])], NpgsqlDbType.Bigint),
                PArray([.. moved.Select(stream => stream.Value.Version)], NpgsqlDbType.Bigint),
                PArray([.. moved.Select(stream => stream.Value.RecordedAt)], NpgsqlDbType.TimestampTz));
        AddEvents(batch, plan);
        if (ahead.Fired.Count > 0)
            batch.Add(ExpectTimers, [.. Keys([.. ahead.Fired.Select(timer => timer.Key)]), PArray([.. ahead.Fired.Select(timer => timer.Lease)], NpgsqlDbType.Uuid)]);
        AddRest(batch, plan);
        await SendAsync(batch);
    }

    /// <summary>
    /// Whether a batch whose commit was lost stands. It held the store lock to its end, so whoever has the lock after it sees its outcome. Its events have ids that
    /// nobody else can have drawn; without an event PostgreSQL's own record of the transaction says it. One that was decided ahead may still stand in line for the
    /// lock: where it is not seen, the fence is moved, so that it will fail.
    /// </summary>
    public static async Task<bool> StandsAsync(NpgsqlConnection connection, DecidedBatch lost, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("begin isolation level read committed");
        batch.Add("select pg_advisory_xact_lock($1)", P(StoreLock.Key, NpgsqlDbType.Bigint));
        var last = lost.Plan.Events is [.., var planned] ? planned.Stored : null;
        if (last is not null)
            batch.Add(SelectEventAt, P(last.Position.Position, NpgsqlDbType.Bigint));
        else
            batch.Add("select pg_xact_status($1::xid8) = 'committed'", P(lost.TransactionId!, NpgsqlDbType.Text));
        if (lost.TransactionId is null)
            batch.Add(RaiseFenceUnlessItStands, P(last!.Position.Position, NpgsqlDbType.Bigint), P(last.Id, NpgsqlDbType.Uuid));
        batch.Add("commit");
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        var stands = await reader.ReadAsync(cancellation)
            && (last is not null ? reader.GetGuid(0) == last.Id : !await reader.IsDBNullAsync(0, cancellation) && reader.GetBoolean(0));
        // The answer holds once the fence is moved and committed, too.
        while (await reader.NextResultAsync(cancellation)) { }
        return stands;
    }

    private static async Task<(AppendFacts Facts, LogEnd Before, string TransactionId)> LockAndReadAsync(NpgsqlConnection connection, IReadOnlyList<PreparedAppend> requests, CancellationToken cancellation)
    {
        var commands = requests.Where(request => request.Command is not null).Select(request => request.Command!).ToList();
        var fired = requests.Where(request => request.Fired is not null).Select(request => request.Fired!.Key).ToList();
        var streams = requests.SelectMany(request => request.Streams).Select(stream => stream.Key).Distinct().ToArray();
        var files = requests.SelectMany(request => request.Files).Distinct().ToArray();

        await using var batch = new NpgsqlBatch(connection);
        batch.Add("begin isolation level read committed read write");
        batch.Add(PlanByKey);
        // A statement of its own: the snapshots of those after it are taken once the lock is held, so they see everything committed.
        batch.Add("select pg_current_xact_id()::text from pg_advisory_xact_lock($1)", P(StoreLock.Key, NpgsqlDbType.Bigint));
        batch.Add(SelectLog);
        if (streams.Length > 0)
            batch.Add(SelectStreams, PArray(streams, NpgsqlDbType.Text));
        if (commands.Count > 0)
            batch.Add(SelectCommands, PArray([.. commands.Select(command => command.Actor)], NpgsqlDbType.Text), PArray([.. commands.Select(command => command.Id)], NpgsqlDbType.Text));
        if (fired.Count > 0)
            batch.Add(SelectTimers, Keys(fired));
        if (files.Length > 0)
            batch.Add(SelectFiles, PArray(files, NpgsqlDbType.Text));
        await batch.PrepareAsync(cancellation);

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        // The reader opens on the first statement that returns rows, which sets the planner; the lock's is next.
        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var transactionId = reader.GetString(0);
        await reader.NextResultAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            throw new InvalidOperationException("cc_log has no row: the database was not set up by the schema installer.");
        var before = new LogEnd(
            reader.GetInt32(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2), reader.GetFieldValue<byte[]>(3), reader.GetInt64(4));
        var facts = new AppendFacts(before.Epoch, before.LastPosition, before.LastRecordedAt, new MerkleTree(before.LastPosition, before.Peaks.Span), [], [], [], []);

        if (streams.Length > 0)
        {
            await reader.NextResultAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                facts.Versions.Add(reader.GetString(0), reader.GetInt64(1));
        }

        if (commands.Count > 0)
        {
            await reader.NextResultAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                facts.Commands[(reader.GetString(0), reader.GetString(1))] = new KnownCommand(reader.GetFieldValue<byte[]>(2), Receipts.Read(reader.GetFieldValue<byte[]>(3)));
        }

        if (fired.Count > 0)
        {
            await reader.NextResultAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                facts.Leases[new TimerKey(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3))] = reader.IsDBNull(4) ? null : reader.GetGuid(4);
        }

        if (files.Length > 0)
        {
            await reader.NextResultAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                facts.Files.Add(reader.GetString(0));
        }

        return (facts, before, transactionId);
    }

    private static async Task WriteAndCommitAsync(NpgsqlConnection connection, AppendPlan plan)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (plan.Events.Count > 0)
        {
            var streams = plan.Streams.ToList();
            batch.Add(UpsertStreams,
                PArray([.. streams.Select(stream => stream.Key)], NpgsqlDbType.Text),
                PArray([.. streams.Select(stream => stream.Value.Type)], NpgsqlDbType.Text),
                PArray([.. streams.Select(stream => stream.Value.Version)], NpgsqlDbType.Bigint),
                PArray([.. streams.Select(stream => stream.Value.RecordedAt)], NpgsqlDbType.TimestampTz));
            AddEvents(batch, plan);
            batch.Add(MoveLog, P(plan.LastPosition, NpgsqlDbType.Bigint), P(plan.LastRecordedAt!.Value, NpgsqlDbType.TimestampTz), P(plan.Tree.Peaks(), NpgsqlDbType.Bytea));
        }

        AddRest(batch, plan);
        await SendAsync(batch);
    }

    // Timers, messages, commands, the notification and the commit.
    private static void AddRest(NpgsqlBatch batch, AppendPlan plan)
    {
        var gone = plan.Timers.Where(timer => timer.Value is null).Select(timer => timer.Key).ToList();
        if (gone.Count > 0)
            batch.Add(DeleteTimers, Keys(gone));
        var set = plan.Timers.Where(timer => timer.Value is not null).ToList();
        if (set.Count > 0)
            batch.Add(SetTimers, [.. Keys([.. set.Select(timer => timer.Key)]), PArray([.. set.Select(timer => timer.Value!.Value)], NpgsqlDbType.TimestampTz)]);
        if (plan.Files.Count > 0)
            batch.Add(NameFiles, PArray([.. plan.Files], NpgsqlDbType.Text));
        if (plan.Outbox.Count > 0)
            AddOutbox(batch, plan);
        if (plan.Commands.Count > 0)
            AddCommands(batch, plan);
        batch.Add(Notify, P(Hint.Channel, NpgsqlDbType.Text), P(Hint.Of(new LogPosition(plan.Epoch, plan.LastPosition), plan.Timers.Count > 0, plan.Outbox.Count > 0), NpgsqlDbType.Text));
        batch.Add("commit");
    }

    private static async Task SendAsync(NpgsqlBatch batch)
    {
        // From here on nothing is cancelled: a commit under way is waited for.
        await batch.PrepareAsync(CancellationToken.None);
        try
        {
            await batch.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (PostgresException e) when (e.InvariantSeverity == "ERROR")
        {
            // The server refused a statement, so it skipped the commit.
            throw;
        }
        catch (Exception e)
        {
            throw new CommitLostException(e);
        }
    }

    private static void AddEvents(NpgsqlBatch batch, AppendPlan plan)
    {
        var events = plan.Events;
        var positions = events.Select(e => e.Stored.Position.Position).ToArray();
        batch.Add(InsertEvents,
            PArray(positions, NpgsqlDbType.Bigint),
            PArray([.. events.Select(e => e.Stored.Id)], NpgsqlDbType.Uuid),
            PArray([.. events.Select(e => e.Stream.Key)], NpgsqlDbType.Text),
            PArray([.. events.Select(e => e.Stored.StreamVersion)], NpgsqlDbType.Bigint),
            PArray([.. events.Select(e => e.Prepared.Data)], NpgsqlDbType.Jsonb),
            PArray([.. events.Select(e => e.Stored.Type)], NpgsqlDbType.Text),
            PArray([.. events.Select(e => e.Stored.RecordedAt)], NpgsqlDbType.TimestampTz),
            PArray([.. events.Select(e => e.Prepared.Source.DotnetType)], NpgsqlDbType.Text),
            PArray([.. events.Select(e => e.Stored.CorrelationId)], NpgsqlDbType.Text),
            PArray([.. events.Select(e => e.Stored.CausationId)], NpgsqlDbType.Text),
            PArray([.. events.Select(e => e.Headers)], NpgsqlDbType.Jsonb));
        batch.Add(InsertLeaves, PArray(positions, NpgsqlDbType.Bigint), PArray([.. events.Select(e => e.Leaf)], NpgsqlDbType.Bytea));
        if (plan.Nodes.Count > 0)
            batch.Add(InsertNodes,
                PArray([.. plan.Nodes.Select(node => node.Level)], NpgsqlDbType.Integer),
                PArray([.. plan.Nodes.Select(node => node.Index)], NpgsqlDbType.Bigint),
                PArray([.. plan.Nodes.Select(node => node.Hash)], NpgsqlDbType.Bytea));
        batch.Add(MoveSequence, P(plan.LastPosition, NpgsqlDbType.Bigint));
    }

    private static void AddOutbox(NpgsqlBatch batch, AppendPlan plan) =>
        batch.Add(InsertOutbox,
            PArray([.. plan.Outbox.Select(row => row.Message.Kind)], NpgsqlDbType.Text),
            PArray([.. plan.Outbox.Select(row => row.Message.Key)], NpgsqlDbType.Text),
            PArray([.. plan.Outbox.Select(row => row.Message.Payload.ToArray())], NpgsqlDbType.Bytea),
            PArray([.. plan.Outbox.Select(row => row.Receipt.Last.Position)], NpgsqlDbType.Bigint),
            PArray([.. plan.Outbox.Select(row => row.Receipt.RecordedAt)], NpgsqlDbType.TimestampTz));

    private static void AddCommands(NpgsqlBatch batch, AppendPlan plan) =>
        batch.Add(InsertCommands,
            PArray([.. plan.Commands.Select(row => row.Command.Actor)], NpgsqlDbType.Text),
            PArray([.. plan.Commands.Select(row => row.Command.Id)], NpgsqlDbType.Text),
            PArray([.. plan.Commands.Select(row => row.Command.RequestHash.ToArray())], NpgsqlDbType.Bytea),
            PArray([.. plan.Commands.Select(row => row.Receipt.RecordedAt)], NpgsqlDbType.TimestampTz),
            PArray([.. plan.Commands.Select(row => Receipts.Write(row.Receipt))], NpgsqlDbType.Jsonb));

    private static NpgsqlParameter[] Keys(List<TimerKey> keys) =>
    [
        PArray([.. keys.Select(key => key.Saga)], NpgsqlDbType.Text),
        PArray([.. keys.Select(key => key.SagaId)], NpgsqlDbType.Text),
        PArray([.. keys.Select(key => key.Name)], NpgsqlDbType.Text),
        PArray([.. keys.Select(key => key.Attempt)], NpgsqlDbType.Integer),
    ];
}
