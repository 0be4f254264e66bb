using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NpgsqlTypes;
using static CommandCenter.EventStore.Sql;

namespace CommandCenter.EventStore;

/// <summary>How a <see cref="ProjectionRunner"/> works.</summary>
public sealed record ProjectionRunnerOptions
{
    /// <summary>How often events that fail are tried before the stream of the one to blame is parked.</summary>
    public int AttemptsBeforeParking { get; init; } = 3;

    /// <summary>How often a runner that stands by looks how far the owner is, and whether there still is one.</summary>
    public TimeSpan StandByEvery { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The clock that retries wait by, where it is not the one that parked streams are stamped with.</summary>
    public TimeProvider? WaitClock { get; init; }
}

/// <summary>A stream that a projection leaves alone, because one of its events could not be applied.</summary>
/// <param name="Position">Of the event that could not be applied; it and all later ones of the stream are missing from the read tables.</param>
public sealed record ParkedStream(StreamKey Stream, long Position, string Reason, DateTimeOffset ParkedAt);

/// <summary>
/// Keeps one projection's read tables in step with the log. Of several runners of one projection a single one works, the owner of a session advisory lock that ends with
/// its connection; the others stand by. Tables and checkpoint move in one transaction on that connection, and the checkpoint is a compare-and-set, so an owner that lost
/// its lock and does not know it moves nothing. A poison event parks its stream and nothing else.
/// </summary>
public sealed partial class ProjectionRunner
{
    internal const string MoveCheckpoint = "update mt_event_progression set last_seq_id = $3, last_updated = transaction_timestamp() where name = $1 and last_seq_id = $2";
    private const string SelectEpoch = "select epoch from cc_projections where name = $1";

    internal const string TakeOwnership = "select pg_try_advisory_lock(hashtextextended($1, 1))";

    internal const string SelectCheckpoint = "select m.last_seq_id, p.epoch from mt_event_progression m join cc_projections p on p.name = $2 where m.name = $1";

    private readonly NpgsqlDataSource _dataSource;
    private readonly IEventLog _log;
    private readonly IProjection _projection;
    private readonly TimeProvider _clock;
    private readonly TimeProvider _waitClock;
    private readonly ProjectionRunnerOptions _options;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _parked = [];
    private readonly Pulse _moved = new();
    private LogPosition _position;
    private bool _started;

    /// <param name="clock">Stamps what is parked.</param>
    public ProjectionRunner(
        NpgsqlDataSource dataSource, IEventLog log, IProjection projection, TimeProvider clock, ProjectionRunnerOptions? options = null, ILogger<ProjectionRunner>? logger = null)
    {
        _dataSource = dataSource;
        _log = log;
        _projection = projection;
        _clock = clock;
        _options = options ?? new ProjectionRunnerOptions();
        _waitClock = _options.WaitClock ?? clock;
        _logger = logger ?? NullLogger<ProjectionRunner>.Instance;
    }

    /// <summary>How far the read tables have come; 0:0 until the checkpoint was read.</summary>
    public LogPosition Position
    {
        get
        {
            lock (_gate)
                return _position;
        }
    }

    /// <summary>Why the last attempt failed; null when it did not. A runner that fails keeps trying.</summary>
    public string? LastFailure { get; private set; }

    /// <summary>Whether this runner is the one that works.</summary>
    public bool IsOwner { get; private set; }

    private string Checkpoint => $"{_projection.Name}:All";

    /// <summary>Returns once the read tables hold everything up to a position, in its epoch or a later one.</summary>
    public async Task WaitForAsync(LogPosition position, CancellationToken cancellation = default)
    {
        while (true)
        {
            var moved = _moved.Next;
            var at = Position;
            if (at.Epoch > position.Epoch || (at.Epoch == position.Epoch && at.Position >= position.Position))
                return;
            await moved.WaitAsync(cancellation);
        }
    }

    /// <summary>The same, but not for ever.</summary>
    /// <exception cref="TimeoutException">The read tables did not come so far in time.</exception>
    public Task WaitForAsync(LogPosition position, TimeSpan timeout, CancellationToken cancellation = default) =>
        WaitForAsync(position, cancellation).WaitAsync(timeout, _waitClock, cancellation);

    /// <summary>The streams that are left alone, by position.</summary>
    public async Task<IReadOnlyList<ParkedStream>> ParkedAsync(CancellationToken cancellation = default)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellation);
        await using var command = connection.Command(
            "select stream, position, reason, parked_at from cc_parked where projection = $1 order by position", P(_projection.Name, NpgsqlDbType.Text));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var parked = new List<ParkedStream>();
        while (await reader.ReadAsync(cancellation))
            parked.Add(new ParkedStream(StreamKey.Parse(reader.GetString(0)), reader.GetInt64(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3)));
        return parked;
    }

    /// <summary>Creates the read tables if they do not exist, so that they can be asked before the runner runs.</summary>
    public async Task CreateTablesAsync(CancellationToken cancellation = default)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellation);
        await CreateTablesAsync(connection, cancellation);
    }

    /// <summary>Runs until cancelled; whatever fails is tried again.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var failures = 0;
        var attempts = 0;
        while (true)
        {
            try
            {
                await using var connection = await _dataSource.OpenConnectionAsync(cancellation);
                if (!_started)
                    await CreateTablesAsync(connection, cancellation);
                await StandByAsync(connection, cancellation);
                try
                {
                    IsOwner = true;
                    while (true)
                        await WorkAsync(connection, cancellation);
                }
                finally
                {
                    IsOwner = false;
                    await LetGoAsync(connection);
                }
            }
            catch (EpochChangedException e)
            {
                LogEpochChanged(_logger, e, _projection.Name);
            }
            catch (Exception e)
            {
                // A database that goes while the runner is stopped changes nothing about its end.
                cancellation.ThrowIfCancellationRequested();
                failures++;
                // An outage says nothing about the events that it met.
                if (IsLostConnection(e))
                    attempts = 0;
                LastFailure = e.Message;
                LogFailed(_logger, e, _projection.Name, Position, failures);
                await Task.Delay(PostgresEventLogOptions.Backoff(failures), _waitClock, cancellation);
            }
        }

        async Task WorkAsync(NpgsqlConnection connection, CancellationToken stop)
        {
            await foreach (var events in _log.FollowAsync(await StartAsync(connection, stop), stop))
            {
                attempts++;
                var moved = await ApplyAsync(connection, Position, events, attempts >= _options.AttemptsBeforeParking, stop);
                failures = 0;
                attempts = 0;
                if (!moved)
                    return;
                LastFailure = null;
            }
        }
    }

    // Returns once the lock is ours. Until then the owner's position is this one's too, so that whoever waits for the tables here is told.
    private async Task StandByAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        while (true)
        {
            await using (var take = connection.Command(TakeOwnership, P(Checkpoint, NpgsqlDbType.Text)))
                if ((bool)(await take.ExecuteScalarAsync(cancellation))!)
                    return;

            await using (var look = connection.Command(SelectCheckpoint, P(Checkpoint, NpgsqlDbType.Text), P(_projection.Name, NpgsqlDbType.Text)))
            await using (var reader = await look.ExecuteReaderAsync(cancellation))
                if (await reader.ReadAsync(cancellation))
                    MoveTo(new LogPosition(reader.GetInt32(1), reader.GetInt64(0)));
            LastFailure = null;
            await Task.Delay(_options.StandByEvery, _waitClock, cancellation);
        }
    }

    // A pool that does not reset its connections would keep the lock with them.
    private async Task LetGoAsync(NpgsqlConnection connection)
    {
        if (connection.FullState != System.Data.ConnectionState.Open)
            return;
        try
        {
            await using var release = connection.Command("select pg_advisory_unlock(hashtextextended($1, 1))", P(Checkpoint, NpgsqlDbType.Text));
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception e) when (IsLostConnection(e) || e is InvalidOperationException)
        {
            // The lock went with the connection.
            LogLetGo(_logger, e, _projection.Name);
        }
    }

    // Reads the checkpoint; in a new epoch, or behind a log that lost commits, the tables start again from nothing.
    private async Task<LogPosition> StartAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var at = await LockCheckpointAsync(connection, cancellation);
        // Asked for while the checkpoint is held: another runner's step past an older head would look like lost commits.
        var head = (await _log.HeadAsync(cancellation)).Last;
        if (at.Epoch != head.Epoch || at.Position > head.Position)
        {
            // Epoch 0 is a projection that never ran: nothing is lost, so nothing is said.
            if (at.Epoch != 0)
                LogCleared(_logger, _projection.Name, at, head);
            await _projection.ClearAsync(transaction, cancellation);
            await using var reset = connection.Command(
                """
                with gone as (delete from cc_parked where projection = $1), raised as (update cc_projections set epoch = $2 where name = $1)
                update mt_event_progression set last_seq_id = 0, last_updated = transaction_timestamp() where name = $3
                """,
                P(_projection.Name, NpgsqlDbType.Text), P(head.Epoch, NpgsqlDbType.Integer), P(Checkpoint, NpgsqlDbType.Text));
            await reset.ExecuteNonQueryAsync(cancellation);
            at = new LogPosition(head.Epoch, 0);
        }

        _parked.Clear();
        await using (var parked = connection.Command("select stream from cc_parked where projection = $1", P(_projection.Name, NpgsqlDbType.Text)))
        await using (var reader = await parked.ExecuteReaderAsync(cancellation))
            while (await reader.ReadAsync(cancellation))
                _parked.Add(reader.GetString(0));

        await transaction.CommitAsync(cancellation);
        MoveTo(at);
        return at;
    }

    // One at a time, because "create … if not exists" fails when two run it at once.
    private async Task CreateTablesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using (var take = connection.Command("select pg_advisory_lock(hashtextextended($1, 0))", P(Checkpoint, NpgsqlDbType.Text)))
            await take.ExecuteNonQueryAsync(cancellation);
        try
        {
            await _projection.CreateTablesAsync(connection, cancellation);
        }
        finally
        {
            // The pool may not reset connections, so the lock is let go of here.
            await using var release = connection.Command("select pg_advisory_unlock(hashtextextended($1, 0))", P(Checkpoint, NpgsqlDbType.Text));
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }

        _started = true;
    }

    // The epoch is read in a statement of its own, after the row is held, so that it is the one that belongs to the row.
    private async Task<LogPosition> LockCheckpointAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("insert into mt_event_progression (name, last_seq_id) values ($1, 0) on conflict (name) do nothing", P(Checkpoint, NpgsqlDbType.Text));
        batch.Add("insert into cc_projections (name, epoch) values ($1, 0) on conflict (name) do nothing", P(_projection.Name, NpgsqlDbType.Text));
        batch.Add("select last_seq_id from mt_event_progression where name = $1 for update", P(Checkpoint, NpgsqlDbType.Text));
        batch.Add(SelectEpoch, P(_projection.Name, NpgsqlDbType.Text));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var position = reader.GetInt64(0);
        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new LogPosition(reader.GetInt32(0), position);
    }

    /// <summary>Applies a batch; false when another runner moved the checkpoint, so that it must be read again.</summary>
    private async Task<bool> ApplyAsync(NpgsqlConnection connection, LogPosition at, IReadOnlyList<StoredEvent> events, bool oneByOne, CancellationToken cancellation)
    {
        var to = at with { Position = events[^1].Position.Position };
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await MoveCheckpointAsync(connection, at, to, cancellation))
        {
            await transaction.RollbackAsync(cancellation);
            LogGaveWay(_logger, _projection.Name, at);
            return false;
        }

        var parked = new List<string>();
        if (oneByOne)
        {
            foreach (var e in events)
                if (!_parked.Contains(e.Stream.ToString()) && !parked.Contains(e.Stream.ToString()) && !await TryApplyAsync(transaction, e, cancellation))
                    parked.Add(e.Stream.ToString());
        }
        else
        {
            var wanted = events.Where(e => !_parked.Contains(e.Stream.ToString())).ToList();
            if (wanted.Count > 0)
                await _projection.ApplyAsync(transaction, wanted, cancellation);
        }

        await transaction.CommitAsync(cancellation);
        _parked.UnionWith(parked);
        MoveTo(to);
        return true;
    }

    // Comes first in the transaction: whoever holds the row is alone with the tables. A runner still in an older epoch moves nothing.
    private async Task<bool> MoveCheckpointAsync(NpgsqlConnection connection, LogPosition at, LogPosition to, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        var move = batch.Add(MoveCheckpoint, P(Checkpoint, NpgsqlDbType.Text), P(at.Position, NpgsqlDbType.Bigint), P(to.Position, NpgsqlDbType.Bigint));
        batch.Add(SelectEpoch, P(_projection.Name, NpgsqlDbType.Text));
        var epoch = (int?)await batch.ExecuteScalarAsync(cancellation);
        return move.RecordsAffected == 1 && epoch == at.Epoch;
    }

    private async Task<bool> TryApplyAsync(NpgsqlTransaction transaction, StoredEvent e, CancellationToken cancellation)
    {
        const string before = "before_event";
        await transaction.SaveAsync(before, cancellation);
        try
        {
            await _projection.ApplyAsync(transaction, [e], cancellation);
            await transaction.ReleaseAsync(before, cancellation);
            return true;
        }
        catch (Exception problem) when (IsTheEventsFault(problem))
        {
            await transaction.RollbackAsync(before, cancellation);
            LogParked(_logger, problem, _projection.Name, e.Stream, e.Position);
            await using var park = transaction.Connection!.Command(
                "insert into cc_parked (projection, stream, position, reason, parked_at) values ($1, $2, $3, $4, $5) on conflict do nothing",
                P(_projection.Name, NpgsqlDbType.Text), P(e.Stream.ToString(), NpgsqlDbType.Text), P(e.Position.Position, NpgsqlDbType.Bigint),
                P($"{problem.GetType().Name}: {problem.Message}".Replace('\0', ' '), NpgsqlDbType.Text), P(Instants.Cut(_clock.GetUtcNow()), NpgsqlDbType.TimestampTz));
            await park.ExecuteNonQueryAsync(cancellation);
            return false;
        }
    }

    // Of the server's errors only those about data are an event's fault; a missing table or right would park every stream there is.
    private static bool IsTheEventsFault(Exception problem) => problem switch
    {
        OperationCanceledException => false,
        PostgresException e => e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState.StartsWith("23", StringComparison.Ordinal) || e.SqlState.StartsWith("P0", StringComparison.Ordinal),
        _ => !IsLostConnection(problem),
    };

    private void MoveTo(LogPosition position)
    {
        lock (_gate)
            _position = position;
        _moved.Send();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Projection {Projection} starts again.")]
    private static partial void LogEpochChanged(ILogger logger, Exception e, string projection);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Projection {Projection} stood at {At} and the log's head is {Head}: its tables are emptied and filled anew.")]
    private static partial void LogCleared(ILogger logger, string projection, LogPosition at, LogPosition head);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Projection {Projection} failed at {Position} ({Failures} in a row) and is tried again.")]
    private static partial void LogFailed(ILogger logger, Exception e, string projection, LogPosition position, int failures);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The connection that owned projection {Projection} was lost.")]
    private static partial void LogLetGo(ILogger logger, Exception e, string projection);

    [LoggerMessage(Level = LogLevel.Information, Message = "Projection {Projection} was moved on from {Position} by another runner.")]
    private static partial void LogGaveWay(ILogger logger, string projection, LogPosition position);

    [LoggerMessage(Level = LogLevel.Error, Message = "Projection {Projection} leaves stream {Stream} alone from {Position} on: the event could not be applied.")]
    private static partial void LogParked(ILogger logger, Exception e, string projection, StreamKey stream, LogPosition position);
}
