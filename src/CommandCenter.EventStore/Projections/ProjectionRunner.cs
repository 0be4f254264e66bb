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

/// <summary>
/// Keeps one projection's read tables in step with the log. Of several runners of one projection a single one works, the owner of a session advisory lock that ends with
/// its connection; the others stand by. Tables and checkpoint move in one transaction on that connection, and the checkpoint is a compare-and-set, so an owner that lost
/// its lock and does not know it moves nothing. A poison event parks its stream and nothing else.
/// </summary>
public sealed partial class ProjectionRunner
{
    internal const string TakeOwnership = "select pg_try_advisory_lock(hashtextextended($1, 1))";

    private readonly NpgsqlDataSource _dataSource;
    private readonly IEventLog _log;
    private readonly IProjection _projection;
    private readonly ProjectionCheckpoint _checkpoint;
    private readonly ProjectionStep _step;
    private readonly TimeProvider _waitClock;
    private readonly ProjectionRunnerOptions _options;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Pulse _moved = new();
    private int _waiting;
    private LogPosition _position;
    private bool _started;

    /// <param name="log">Read by following it; a <see cref="SharedFollow"/> where several follow.</param>
    /// <param name="clock">Stamps what is parked, and heartbeats.</param>
    public ProjectionRunner(
        NpgsqlDataSource dataSource, IEventLog log, IProjection projection, TimeProvider clock, ProjectionRunnerOptions? options = null, ILogger<ProjectionRunner>? logger = null)
    {
        _dataSource = dataSource;
        _log = log;
        _projection = projection;
        _checkpoint = ProjectionCheckpoint.Live(projection.Name);
        _options = options ?? new ProjectionRunnerOptions();
        _waitClock = _options.WaitClock ?? clock;
        _logger = logger ?? NullLogger<ProjectionRunner>.Instance;
        _step = new ProjectionStep(projection, _checkpoint, clock, _logger);
        Heartbeat = new Heartbeat(clock);
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

    /// <summary>Beats when a batch was applied, when the log had nothing new, and when one that stands by has looked. One that is silent hangs.</summary>
    public Heartbeat Heartbeat { get; }

    /// <summary>How many wait for the read tables now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Returns once the read tables hold everything up to a position, in its epoch or a later one.</summary>
    public async Task WaitForAsync(LogPosition position, CancellationToken cancellation = default)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            while (true)
            {
                var moved = _moved.Next;
                if (Position.HasReached(position))
                    return;
                await moved.WaitAsync(cancellation);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>The same, but not for ever.</summary>
    /// <exception cref="TimeoutException">The read tables did not come so far in time.</exception>
    public async Task WaitForAsync(LogPosition position, TimeSpan timeout, CancellationToken cancellation = default)
    {
        using var patience = new CancellationTokenSource(timeout, _waitClock);
        // The wait itself must end: one for a position that never comes would stay behind for ever.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await WaitForAsync(position, either.Token);
        }
        catch (OperationCanceledException e) when (patience.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"Projection {_projection.Name} did not come to {position} within {timeout}.", e);
        }
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
            await foreach (var events in _log.FollowAsync(await StartAsync(connection, stop), Heartbeat, stop))
            {
                attempts++;
                var moved = await _step.ApplyAsync(connection, Position, events, attempts >= _options.AttemptsBeforeParking, stop);
                failures = 0;
                attempts = 0;
                if (!moved)
                {
                    LogGaveWay(_logger, _projection.Name, Position);
                    return;
                }

                MoveTo(Position with { Position = events[^1].Position.Position });
                LastFailure = null;
                Heartbeat.Beat();
            }
        }
    }

    // Returns once the lock is ours. Until then the owner's position is this one's too, so that whoever waits for the tables here is told.
    private async Task StandByAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        while (true)
        {
            await using (var take = connection.Command(TakeOwnership, P(_checkpoint.Row, NpgsqlDbType.Text)))
                if ((bool)(await take.ExecuteScalarAsync(cancellation))!)
                    return;

            if (await _checkpoint.FindAsync(connection, cancellation) is { } at)
                MoveTo(at);
            LastFailure = null;
            Heartbeat.Beat();
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
            await using var release = connection.Command("select pg_advisory_unlock(hashtextextended($1, 1))", P(_checkpoint.Row, NpgsqlDbType.Text));
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
        var at = await _checkpoint.LockAsync(connection, cancellation);
        // Asked for while the checkpoint is held: another runner's step past an older head would look like lost commits.
        var head = (await _log.HeadAsync(cancellation)).Last;
        if (at.Epoch != head.Epoch || at.Position > head.Position)
        {
            // Epoch 0 is a projection that never ran: nothing is lost, so nothing is said.
            if (at.Epoch != 0)
                LogCleared(_logger, _projection.Name, at, head);
            await _projection.ClearAsync(transaction, cancellation);
            await _checkpoint.ForgetAsync(connection, cancellation);
            at = new LogPosition(head.Epoch, 0);
            await _checkpoint.PutAsync(connection, at, cancellation);
        }

        await transaction.CommitAsync(cancellation);
        MoveTo(at);
        return at;
    }

    // One at a time, because "create … if not exists" fails when two run it at once.
    private async Task CreateTablesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using (var take = connection.Command("select pg_advisory_lock(hashtextextended($1, 0))", P(_checkpoint.Row, NpgsqlDbType.Text)))
            await take.ExecuteNonQueryAsync(cancellation);
        try
        {
            await _projection.CreateTablesAsync(connection, cancellation);
        }
        finally
        {
            // The pool may not reset connections, so the lock is let go of here.
            await using var release = connection.Command("select pg_advisory_unlock(hashtextextended($1, 0))", P(_checkpoint.Row, NpgsqlDbType.Text));
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }

        _started = true;
    }

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

    [LoggerMessage(Level = LogLevel.Information, Message = "Projection {Projection} was moved on from {Position} by somebody else.")]
    private static partial void LogGaveWay(ILogger logger, string projection, LogPosition position);
}
