using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NpgsqlTypes;
using static CommandCenter.EventStore.Sql;

namespace CommandCenter.EventStore;

/// <summary>How a <see cref="CoverageAudit"/> works.</summary>
public sealed record CoverageAuditOptions
{
    /// <summary>So many positions are recounted at a time.</summary>
    public int Range { get; init; } = 10_000;

    /// <summary>The shortest pause between two ranges.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The most of the time that recounts may take, above 0 up to 1: a machine that is busy makes them slow, and is left in peace for longer.</summary>
    public double Share { get; init; } = 0.1;

    /// <summary>How long after it came to the end a sweep begins again from the log's first event.</summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often the last, growing range is recounted meanwhile.</summary>
    public TimeSpan TailEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock that pauses are measured by.</summary>
    public TimeProvider? WaitClock { get; init; }

    /// <summary>The pause after recounts that took so long.</summary>
    internal TimeSpan PauseAfter(TimeSpan recounts) => recounts * (1 / Share - 1) is var rest && rest > Every ? rest : Every;
}

/// <summary>A range of the log of which the read tables lack something.</summary>
/// <param name="Projection">Its name, or <see cref="CoverageAudit.Log"/> for the log's own tables.</param>
public sealed record MissingRange(string Projection, long AfterPosition, long ToPosition, long Expected, long Found, string Example, DateTimeOffset FoundAt);

/// <summary>How far an audit has come.</summary>
/// <param name="Position">Of the present sweep.</param>
/// <param name="SweptAt">When a sweep last came to the end; null before the first.</param>
public sealed record AuditState(string Projection, long Position, DateTimeOffset? SweptAt);

/// <summary>
/// Recounts the log and every projection's tables, range after range and again and again: a projection's lag can be nothing while events are missing from its tables. What
/// is missing is written down until a later recount finds it there, and is an alarm. Of several nodes one audits at a time.
/// </summary>
/// <param name="clock">Stamps what is found.</param>
public sealed partial class CoverageAudit(
    NpgsqlDataSource dataSource, IReadOnlyList<IProjection> projections, TimeProvider clock, CoverageAuditOptions? options = null, ILogger<CoverageAudit>? logger = null)
{
    /// <summary>The name that the log's own tables go by.</summary>
    public const string Log = "log";

    internal const string CountLog =
        "select count(*) from mt_events e join cc_leaves h on h.position = e.seq_id where e.seq_id > $1 and e.seq_id <= $2 and h.position > $1 and h.position <= $2";

    private const string FirstMissing =
        "select min(n) from generate_series($1 + 1, $2) n where not exists (select from mt_events e join cc_leaves h on h.position = e.seq_id where e.seq_id = n)";

    private const string TakeTurn = "select pg_try_advisory_xact_lock(hashtextextended('cc_audit', 3))";

    private const string WaitForTurn = "select pg_advisory_xact_lock(hashtextextended('cc_audit', 3))";

    private readonly CoverageAuditOptions _options = options ?? new CoverageAuditOptions();
    private readonly ILogger _logger = logger ?? NullLogger<CoverageAudit>.Instance;

    /// <summary>Beats with every range that was recounted, and when there was nothing to recount.</summary>
    public Heartbeat Heartbeat { get; } = new(clock);

    /// <summary>Audits until cancelled; a failing database is tried again.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var wait = _options.WaitClock ?? clock;
        var failures = 0;
        while (true)
        {
            var (worked, failed) = (false, false);
            var started = wait.GetTimestamp();
            foreach (var target in Targets())
            {
                try
                {
                    worked |= await StepAsync(target, cancellation);
                }
                catch (Exception e)
                {
                    // A database that goes while the audit is stopped changes nothing about its end; one recount that fails does not keep the others from theirs.
                    cancellation.ThrowIfCancellationRequested();
                    failed = true;
                    LogFailed(_logger, e, target?.Name ?? Log, failures + 1);
                }
            }

            failures = failed ? failures + 1 : 0;
            if (!failed)
                Heartbeat.Beat();
            await Task.Delay(failed ? PostgresEventLogOptions.Backoff(failures) : worked ? _options.PauseAfter(wait.GetElapsedTime(started)) : _options.TailEvery, wait, cancellation);
        }
    }

    /// <summary>Recounts everything once, from the first event to where each projection is, and returns what is missing.</summary>
    /// <param name="progress">The name and the position that was come to.</param>
    public async Task<IReadOnlyList<MissingRange>> SweepAsync(IProgress<AuditState>? progress = null, CancellationToken cancellation = default)
    {
        foreach (var target in Targets())
        {
            for (var after = 0L; ;)
            {
                // Two that write down the same range at once would refuse each other.
                await using var connection = await dataSource.OpenConnectionAsync(cancellation);
                await using var turn = await connection.BeginTransactionAsync(cancellation);
                await using (var take = connection.Command(WaitForTurn))
                    await take.ExecuteNonQueryAsync(cancellation);
                await using var reading = await dataSource.OpenConnectionAsync(cancellation);
                var (to, end) = await RecountAsync(reading, target, after, cancellation);
                progress?.Report(new AuditState(target?.Name ?? Log, to, null));
                if (end)
                    break;
                after = to;
            }
        }

        return await MissingAsync(cancellation);
    }

    /// <summary>What is missing as far as is known, by projection and position.</summary>
    public async Task<IReadOnlyList<MissingRange>> MissingAsync(CancellationToken cancellation = default)
    {
        await using var command = dataSource.CreateCommand(
            "select projection, after_position, to_position, expected, found, example, found_at from cc_missing order by projection, after_position");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var missing = new List<MissingRange>();
        while (await reader.ReadAsync(cancellation))
            missing.Add(new MissingRange(
                reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetString(5), reader.GetFieldValue<DateTimeOffset>(6)));
        return missing;
    }

    /// <summary>How far each audit is, by name.</summary>
    public async Task<IReadOnlyList<AuditState>> StatesAsync(CancellationToken cancellation = default)
    {
        await using var command = dataSource.CreateCommand("select projection, position, swept_at from cc_audits order by projection");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var states = new List<AuditState>();
        while (await reader.ReadAsync(cancellation))
            states.Add(new AuditState(reader.GetString(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2)));
        return states;
    }

    // Null is the log itself.
    private IEnumerable<IProjection?> Targets() => projections.Prepend(null);

    /// <summary>The next range of one target; false when there was nothing new to recount, or another node is at it.</summary>
    private async Task<bool> StepAsync(IProjection? target, CancellationToken cancellation)
    {
        var name = target?.Name ?? Log;
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var turn = await connection.BeginTransactionAsync(cancellation);
        await using (var take = connection.Command(TakeTurn))
            if (!(bool)(await take.ExecuteScalarAsync(cancellation))!)
                return false;

        var now = Instants.Cut(clock.GetUtcNow());
        var (epoch, position, sweptAt) = await FindAsync(connection, name, cancellation);
        if (sweptAt is { } last && now - last >= _options.SweepEvery)
            (position, sweptAt) = (0, null);

        await using var reading = await dataSource.OpenConnectionAsync(cancellation);
        var (to, end) = await RecountAsync(reading, target, position, cancellation);
        var next = end ? position : to;
        await using var note = connection.Command(
            """
            insert into cc_audits (projection, epoch, position, swept_at) values ($1, $4, $2, $3)
            on conflict (projection) do update set epoch = excluded.epoch, position = excluded.position, swept_at = excluded.swept_at
            """,
            P(name, NpgsqlDbType.Text), P(next, NpgsqlDbType.Bigint), PNull(end ? sweptAt ?? now : sweptAt, NpgsqlDbType.TimestampTz), P(epoch, NpgsqlDbType.Integer));
        await note.ExecuteNonQueryAsync(cancellation);
        await turn.CommitAsync(cancellation);
        return !end;
    }

    // In a log of another epoch everything is recounted. The epoch is the one that was read here: one raised meanwhile has not been recounted.
    private static async Task<(int Epoch, long Position, DateTimeOffset? SweptAt)> FindAsync(NpgsqlConnection connection, string name, CancellationToken cancellation)
    {
        await using var ask = connection.Command(
            "select l.epoch, coalesce(a.position, 0), a.swept_at from cc_log l left join cc_audits a on a.epoch = l.epoch and a.projection = $1", P(name, NpgsqlDbType.Text));
        await using var reader = await ask.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetInt32(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2));
    }

    /// <summary>Recounts from a position to the end of its range, and writes down or crosses out what is missing.</summary>
    /// <param name="after">A multiple of the range's length.</param>
    /// <returns>Where the recount ended, and whether that is as far as the tables are.</returns>
    private async Task<(long To, bool End)> RecountAsync(NpgsqlConnection connection, IProjection? target, long after, CancellationToken cancellation)
    {
        // Tables that are swapped in between the snapshot and the recount look empty to it, so what is missing is looked for once more.
        for (var attempt = 1; ; attempt++)
            if (await TryRecountAsync(connection, target, after, certain: attempt == 2, cancellation) is { } done)
                return done;
    }

    /// <summary>Null when something is missing and that is not certain yet.</summary>
    private async Task<(long To, bool End)?> TryRecountAsync(NpgsqlConnection connection, IProjection? target, long after, bool certain, CancellationToken cancellation)
    {
        // One snapshot of checkpoint, tables and log: whatever is applied meanwhile is not seen.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
        var name = target?.Name ?? Log;
        var reached = await ReachedAsync(connection, target, cancellation);
        var to = Math.Min(reached, after + _options.Range);
        var recount = to <= after ? new Recount(0, 0)
            : target is null ? await RecountLogAsync(connection, after, to, cancellation)
            : await target.RecountAsync(connection, after, to, await ParkedAsync(connection, target, cancellation), cancellation);
        if (recount.Found < recount.Expected && !certain)
            return null;
        if (recount.Found < recount.Expected)
        {
            LogMissing(_logger, name, recount.Expected - recount.Found, after, to, recount.Example ?? "");
            await using var note = connection.Command(
                """
                insert into cc_missing (projection, after_position, to_position, expected, found, example, found_at) values ($1, $2, $3, $4, $5, $6, $7)
                on conflict (projection, after_position) do update set to_position = excluded.to_position, expected = excluded.expected, found = excluded.found, example = excluded.example
                """,
                P(name, NpgsqlDbType.Text), P(after, NpgsqlDbType.Bigint), P(to, NpgsqlDbType.Bigint), P(recount.Expected, NpgsqlDbType.Bigint), P(recount.Found, NpgsqlDbType.Bigint),
                P(recount.Example ?? "", NpgsqlDbType.Text), P(Instants.Cut(clock.GetUtcNow()), NpgsqlDbType.TimestampTz));
            await note.ExecuteNonQueryAsync(cancellation);
        }
        else
        {
            await using var cross = connection.Command("delete from cc_missing where projection = $1 and after_position = $2", P(name, NpgsqlDbType.Text), P(after, NpgsqlDbType.Bigint));
            await cross.ExecuteNonQueryAsync(cancellation);
        }

        // A log that was restored may be shorter than it was: what was missing beyond its end is not missed any more.
        if (to >= reached)
        {
            await using var beyond = connection.Command("delete from cc_missing where projection = $1 and after_position > $2", P(name, NpgsqlDbType.Text), P(after, NpgsqlDbType.Bigint));
            await beyond.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return (to, to >= reached);
    }

    private static async Task<long> ReachedAsync(NpgsqlConnection connection, IProjection? target, CancellationToken cancellation)
    {
        if (target is not null)
            return await ProjectionCheckpoint.Live(target.Name).FindAsync(connection, cancellation) is { } at && at.Epoch == await EpochAsync(connection, cancellation) ? at.Position : 0;
        await using var ask = connection.Command("select last_position from cc_log");
        return (long)(await ask.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task<int> EpochAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var ask = connection.Command("select epoch from cc_log");
        return (int)(await ask.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task<Recount> RecountLogAsync(NpgsqlConnection connection, long after, long to, CancellationToken cancellation)
    {
        await using var count = connection.Command(CountLog, P(after, NpgsqlDbType.Bigint), P(to, NpgsqlDbType.Bigint));
        var found = (long)(await count.ExecuteScalarAsync(cancellation))!;
        if (found == to - after)
            return new Recount(found, found);
        await using var look = connection.Command(FirstMissing, P(after, NpgsqlDbType.Bigint), P(to, NpgsqlDbType.Bigint));
        return new Recount(to - after, found, $"position {await look.ExecuteScalarAsync(cancellation)}");
    }

    private static async Task<string[]> ParkedAsync(NpgsqlConnection connection, IProjection target, CancellationToken cancellation)
    {
        var parked = new List<string>();
        await using var ask = connection.Command(ProjectionCheckpoint.SelectParked, P(target.Name, NpgsqlDbType.Text));
        await using var reader = await ask.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            parked.Add(reader.GetString(0));
        return [.. parked];
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Missing} rows are missing from {Projection} for the events after {AfterPosition} up to {ToPosition}, the first at {Example}. Rebuild it.")]
    private static partial void LogMissing(ILogger logger, string projection, long missing, long afterPosition, long toPosition, string example);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The recount of {Projection} failed ({Failures} in a row) and is tried again.")]
    private static partial void LogFailed(ILogger logger, Exception e, string projection, int failures);
}
