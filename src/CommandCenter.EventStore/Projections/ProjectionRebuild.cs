using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NpgsqlTypes;
using static CommandCenter.EventStore.Sql;

namespace CommandCenter.EventStore;

/// <summary>How far a rebuild is.</summary>
/// <param name="Position">The last position that its tables hold.</param>
/// <param name="Head">Where the log ends now.</param>
/// <param name="Elapsed">Since it began.</param>
public sealed record RebuildProgress(long Position, long Head, TimeSpan Elapsed)
{
    /// <summary>By the pace so far; null before there is one.</summary>
    public TimeSpan? Remaining => Position > 0 ? Elapsed / Position * Math.Max(0, Head - Position) : null;
}

/// <summary>The projection is being rebuilt already.</summary>
public sealed class RebuildUnderWayException(string projection) : Exception($"Projection {projection} is being rebuilt already.");

/// <summary>
/// Fills a projection's tables anew beside the live ones, in a schema of their own, and swaps them in when they have caught up (ADR 0011). Until then the live ones are read and
/// kept up as ever; a reader never sees half. It works beside running hosts; what was parked is tried again.
/// </summary>
/// <param name="log">Read by following it; a <see cref="SharedFollow"/> where several follow.</param>
/// <param name="clock">Stamps what is parked.</param>
public sealed partial class ProjectionRebuild(
    NpgsqlDataSource dataSource, IEventLog log, IProjection projection, TimeProvider clock, TimeProvider? waitClock = null, ILogger<ProjectionRebuild>? logger = null)
{
    /// <summary>What is left is applied while the live runner waits, so it is little.</summary>
    private const int Near = 200;
    private const int AttemptsBeforeParking = 2;

    internal const string TakeLock = "select pg_try_advisory_lock(hashtextextended($1, 2))";

    private readonly TimeProvider _waitClock = waitClock ?? clock;
    private readonly ILogger _logger = logger ?? NullLogger<ProjectionRebuild>.Instance;
    private readonly ProjectionCheckpoint _live = ProjectionCheckpoint.Live(projection.Name);
    private readonly ProjectionCheckpoint _beside = ProjectionCheckpoint.Rebuild(projection.Name);
    private readonly string _schema = SchemaOf(projection.Name);

    /// <summary>Where a rebuild's tables stand until they are swapped in.</summary>
    internal static string SchemaOf(string projection) => $"cc_rebuild_{projection}";

    /// <summary>Returns the position that the new tables held when they were swapped in.</summary>
    /// <exception cref="RebuildUnderWayException">Somebody rebuilds it already.</exception>
    /// <exception cref="EpochChangedException">The log was restored meanwhile; the live runner starts again by itself.</exception>
    public async Task<LogPosition> RunAsync(IProgress<RebuildProgress>? progress = null, CancellationToken cancellation = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using (var take = connection.Command(TakeLock, P(_live.Row, NpgsqlDbType.Text)))
            if (!(bool)(await take.ExecuteScalarAsync(cancellation))!)
                throw new RebuildUnderWayException(projection.Name);
        try
        {
            return await BuildAsync(connection, progress, cancellation);
        }
        finally
        {
            await CleanUpAsync(connection);
        }
    }

    private async Task<LogPosition> BuildAsync(NpgsqlConnection connection, IProgress<RebuildProgress>? progress, CancellationToken cancellation)
    {
        var began = _waitClock.GetTimestamp();
        var step = new ProjectionStep(projection, _beside, clock, _logger, _schema);
        var head = (await log.HeadAsync(cancellation)).Last;
        var at = head with { Position = 0 };
        await BeginAsync(connection, step, at, cancellation);
        Say();

        for (var attempt = 1; ; attempt++)
        {
            await CatchUpAsync();
            try
            {
                return await SwapAsync(connection, step, at, cancellation);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                // Somebody reads the live tables for long: they are let through, and nobody is kept waiting behind the swap.
                LogSwapWaits(_logger, e, projection.Name, attempt);
                await Task.Delay(PostgresEventLogOptions.Backoff(attempt), _waitClock, cancellation);
            }
        }

        // Before every attempt: what came while the last one waited must not be applied while the live runner waits.
        async Task CatchUpAsync()
        {
            head = (await log.HeadAsync(cancellation)).Last;
            if (head.Position - at.Position <= Near)
                return;
            await foreach (var events in log.FollowAsync(at, cancellation))
            {
                await StepAsync(connection, step, at, events, cancellation);
                at = events[^1].Position;
                if (at.Position >= head.Position - Near)
                    head = (await log.HeadAsync(cancellation)).Last;
                Say();
                if (at.Position >= head.Position - Near)
                    return;
            }
        }

        void Say() => progress?.Report(new RebuildProgress(at.Position, Math.Max(head.Position, at.Position), _waitClock.GetElapsedTime(began)));
    }

    private async Task BeginAsync(NpgsqlConnection connection, ProjectionStep step, LogPosition at, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(connection, $"drop schema if exists {_schema} cascade", cancellation);
        await ExecuteAsync(connection, $"create schema {_schema}", cancellation);
        await step.EnterAsync(connection, cancellation);
        await projection.CreateTablesAsync(connection, cancellation);
        await _beside.LockAsync(connection, cancellation);
        await _beside.ForgetAsync(connection, cancellation);
        await _beside.PutAsync(connection, at, cancellation);
        await using (var note = connection.Command(
            "insert into cc_rebuilds (projection, started_at) values ($1, transaction_timestamp()) on conflict (projection) do update set started_at = excluded.started_at",
            P(projection.Name, NpgsqlDbType.Text)))
            await note.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    // Nobody reads these tables yet, so a step that fails is worth one more try as a whole before its events are tried one by one.
    private static async Task StepAsync(NpgsqlConnection connection, ProjectionStep step, LogPosition at, IReadOnlyList<StoredEvent> events, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (!await step.ApplyAsync(connection, at, events, oneByOne: attempt == AttemptsBeforeParking, cancellation))
                    throw new InvalidOperationException("Somebody else moved the rebuild's checkpoint.");
                return;
            }
            catch (Exception e) when (attempt < AttemptsBeforeParking && !IsLostConnection(e) && !cancellation.IsCancellationRequested && connection.FullState == System.Data.ConnectionState.Open)
            {
                continue;
            }
        }
    }

    // With the live checkpoint held its runner waits; it then finds the checkpoint moved and goes on from there, on the new tables.
    private async Task<LogPosition> SwapAsync(NpgsqlConnection connection, ProjectionStep step, LogPosition at, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(connection, "set local lock_timeout = '2s'", cancellation);
        await _live.LockAsync(connection, cancellation);
        var head = (await log.HeadAsync(cancellation)).Last;
        if (head.Epoch != at.Epoch || head.Position < at.Position)
            throw new EpochChangedException(at.Epoch, head.Epoch);
        // Before any table is locked: readers who wait for them may hold every other connection of the pool.
        var rest = new List<StoredEvent>();
        for (var from = at.Position; from < head.Position; from = rest[^1].Position.Position)
        {
            var read = await log.ReadLogAsync(from, (int)Math.Min(1_000, head.Position - from), cancellation);
            // A log that was restored in this moment has no such events any more, and must not be asked for ever.
            if (read.Count == 0)
                throw new EpochChangedException((await log.HeadAsync(cancellation)).Last, from);
            rest.AddRange(read);
        }

        string liveSchema;
        await using (var ask = connection.Command("select current_schema()"))
            liveSchema = (string)(await ask.ExecuteScalarAsync(cancellation))!;
        // Before the rest is applied, so that it is not for nothing.
        var tables = await TablesAsync(connection, cancellation);
        foreach (var table in tables)
            if (await ExistsAsync(connection, liveSchema, table, cancellation))
                await ExecuteAsync(connection, $"lock table {Quoted(liveSchema)}.{Quoted(table)} in access exclusive mode", cancellation);
        await step.EnterAsync(connection, cancellation);
        var parked = await ParkedAsync(connection, cancellation);
        if (rest.Count > 0)
        {
            await step.ApplyOneByOneAsync(transaction, rest, parked, cancellation);
            at = rest[^1].Position;
        }

        await SwapTablesAsync(connection, liveSchema, tables, cancellation);
        await _live.ForgetAsync(connection, cancellation);
        await _live.PutAsync(connection, at, cancellation);
        await using (var keep = connection.Command("update cc_parked set projection = $2 where projection = $1", P(_beside.Key, NpgsqlDbType.Text), P(_live.Key, NpgsqlDbType.Text)))
            await keep.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        LogSwapped(_logger, projection.Name, at);
        return at;
    }

    // Indexes come along with their tables; what others were allowed to do with the old ones they may do with the new.
    private async Task SwapTablesAsync(NpgsqlConnection connection, string liveSchema, IReadOnlyList<string> tables, CancellationToken cancellation)
    {
        foreach (var table in tables)
        {
            var (live, beside) = ($"{Quoted(liveSchema)}.{Quoted(table)}", $"{_schema}.{Quoted(table)}");
            var grants = await GrantsAsync(connection, live, cancellation);
            var owner = await OtherOwnerAsync(connection, live, cancellation);
            await ExecuteAsync(connection, $"drop table if exists {live}", cancellation);
            await ExecuteAsync(connection, $"alter table {beside} set schema {Quoted(liveSchema)}", cancellation);
            foreach (var (privilege, grantee) in grants)
                await ExecuteAsync(connection, $"grant {privilege} on {live} to {grantee}", cancellation);
            if (owner is not null)
                await ExecuteAsync(connection, $"alter table {live} owner to {owner}", cancellation);
        }
    }

    private async Task<IReadOnlyList<string>> TablesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var tables = new List<string>();
        await using var list = connection.Command("select tablename::text from pg_tables where schemaname = $1 order by tablename", P(_schema, NpgsqlDbType.Text));
        await using var reader = await list.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            tables.Add(reader.GetString(0));
        return tables;
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string schema, string table, CancellationToken cancellation)
    {
        await using var ask = connection.Command("select exists (select from pg_tables where schemaname = $1 and tablename = $2)", P(schema, NpgsqlDbType.Text), P(table, NpgsqlDbType.Text));
        return (bool)(await ask.ExecuteScalarAsync(cancellation))!;
    }

    // Null when the tables belong to who rebuilds them: then so do the new ones.
    private static async Task<string?> OtherOwnerAsync(NpgsqlConnection connection, string table, CancellationToken cancellation)
    {
        await using var ask = connection.Command(
            "select quote_ident(pg_get_userbyid(relowner)) from pg_class where oid = to_regclass($1) and pg_get_userbyid(relowner) <> current_user", P(table, NpgsqlDbType.Text));
        return (string?)await ask.ExecuteScalarAsync(cancellation);
    }

    private static async Task<List<(string Privilege, string Grantee)>> GrantsAsync(NpgsqlConnection connection, string table, CancellationToken cancellation)
    {
        var grants = new List<(string, string)>();
        await using var ask = connection.Command(
            """
            select g.privilege_type, case when g.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end
            from pg_class c cross join lateral aclexplode(c.relacl) g
            where c.oid = to_regclass($1) and g.grantee <> c.relowner
            """, P(table, NpgsqlDbType.Text));
        await using var reader = await ask.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            grants.Add((reader.GetString(0), reader.GetString(1)));
        return grants;
    }

    private async Task<HashSet<string>> ParkedAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var parked = new HashSet<string>(StringComparer.Ordinal);
        await using var ask = connection.Command(ProjectionCheckpoint.SelectParked, P(_beside.Key, NpgsqlDbType.Text));
        await using var reader = await ask.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            parked.Add(reader.GetString(0));
        return parked;
    }

    // Whatever happened, no tables and no rows of the rebuild are left; with a lost connection the next rebuild finds and drops them.
    private async Task CleanUpAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.Add($"drop schema if exists {_schema} cascade");
            batch.Add("delete from cc_rebuilds where projection = $1", P(projection.Name, NpgsqlDbType.Text));
            batch.Add("delete from cc_parked where projection = $1", P(_beside.Key, NpgsqlDbType.Text));
            batch.Add("delete from cc_projections where name = $1", P(_beside.Key, NpgsqlDbType.Text));
            batch.Add("delete from mt_event_progression where name = $1", P(_beside.Row, NpgsqlDbType.Text));
            await batch.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception e) when (IsLostConnection(e) || e is PostgresException or InvalidOperationException)
        {
            LogLeftBehind(_logger, e, projection.Name);
        }

        try
        {
            // The pool may not reset connections, so the lock is let go of here, whatever became of the rest.
            await using var release = connection.Command("select pg_advisory_unlock(hashtextextended($1, 2))", P(_live.Row, NpgsqlDbType.Text));
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception e) when (IsLostConnection(e) || e is InvalidOperationException)
        {
            LogLeftBehind(_logger, e, projection.Name);
        }
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = connection.Command(sql);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The rebuilt tables of projection {Projection} were swapped in at {Position}.")]
    private static partial void LogSwapped(ILogger logger, string projection, LogPosition position);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The rebuilt tables of projection {Projection} could not be swapped in yet (attempt {Attempt}): the live ones are being read.")]
    private static partial void LogSwapWaits(ILogger logger, Exception e, string projection, int attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What a rebuild of projection {Projection} used could not be cleared away; the next rebuild drops it.")]
    private static partial void LogLeftBehind(ILogger logger, Exception e, string projection);
}
