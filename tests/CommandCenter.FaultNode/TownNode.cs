using CommandCenter.EventStore;
using Npgsql;

namespace CommandCenter.FaultNode;

/// <summary>One life of a process of the town: a log with everything that hangs on it, a follower, a projection and a timer worker.</summary>
public sealed class TownNode
{
    // Of the process, because answers to one life may come when the next has begun.
    private static long _attempts;

    private readonly CancellationTokenSource _stop = new();
    private readonly NpgsqlDataSource _dataSource;
    private readonly PostgresEventLog _log;
    private readonly SharedFollow _follow;
    private readonly Task _working;
    private readonly long _seen;

    /// <param name="facts">Where it writes down what happens to it.</param>
    /// <param name="seen">The position up to which its follower was handed the log in an earlier life.</param>
    public TownNode(string connectionString, IFacts facts, long seen)
    {
        Facts = facts;
        _seen = seen;
        // Dead lines are given up after a second, so that a run is short.
        _dataSource = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = ApplicationName, Timeout = 1, CommandTimeout = 1, CancellationTimeout = -1, MaxPoolSize = 30,
        }.ConnectionString);
        // Three nodes write: one that gave up deciding ahead for long would not be tried at it.
        _log = new PostgresEventLog(_dataSource, TimeProvider.System, new PostgresEventLogOptions
        {
            PollEvery = TimeSpan.FromMilliseconds(50), LookUpFor = TimeSpan.FromSeconds(5), MostBatchesNotAhead = 0,
        });
        _follow = new SharedFollow(_log, TimeProvider.System, new SharedFollowOptions { Keep = 20, Chunk = 8, Chunks = 3 });
        var runner = new ProjectionRunner(_dataSource, _follow, new SeenTable(), TimeProvider.System);
        var worker = new TimerWorker(new PostgresTimerStore(_dataSource), TimeProvider.System, (timer, _, cancellation) => FireAsync(timer, cancellation), _log.TimersChanged,
            new TimerWorkerOptions { Parallel = 4, LeaseFor = TimeSpan.FromMilliseconds(800), PollEvery = TimeSpan.FromMilliseconds(100) });
        _working = Task.WhenAll(Work(FollowAsync), Work(runner.RunAsync), Work(worker.RunAsync));
    }

    /// <summary>What its connections are known by to the server.</summary>
    public static string ApplicationName => "node";

    public IFacts Facts { get; }

    public IEventLog Log => _log;

    /// <summary>How many of its batches took one round trip.</summary>
    public long DecidedAhead => _log.DecidedAhead;

    /// <summary>Waits for what is under way and ends.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _working;
        await _follow.DisposeAsync();
        await _log.DisposeAsync();
        await _dataSource.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>Asks for an append once. An exception of no known kind goes through and fails the run.</summary>
    public async Task<Told> AskAsync(Operation operation, CancellationToken cancellation)
    {
        var number = Interlocked.Increment(ref _attempts);
        Facts.Asked(number, operation.Name, operation.Events);
        var (told, lastPosition) = await AskOnceAsync(operation, cancellation);
        Facts.Told(number, told, lastPosition);
        return told;
    }

    private async Task<(Told Told, long LastPosition)> AskOnceAsync(Operation operation, CancellationToken cancellation)
    {
        try
        {
            return await _log.AppendAsync(operation.Request, cancellation) switch
            {
                AppendResult.Appended appended => (Told.Acknowledged, appended.Receipt.Last.Position),
                AppendResult.Repeated repeated => (Told.Acknowledged, repeated.First.Last.Position),
                AppendResult.VersionConflict or AppendResult.TimerLost => (Told.Refused, 0),
                var result => throw new InvalidOperationException($"{operation.Name} was answered {result}."),
            };
        }
        catch (UnknownCommitException)
        {
            return (Told.Unknown, 0);
        }
        catch (Exception e) when (e is LogBusyException or ObjectDisposedException or OperationCanceledException || Sql.IsLostConnection(e))
        {
            return (Told.Failed, 0);
        }
    }

    private Task Work(Func<CancellationToken, Task> work) => Task.Run(async () =>
    {
        try
        {
            await work(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The node was stopped.
        }
    });

    private async Task FollowAsync(CancellationToken cancellation)
    {
        await foreach (var batch in _follow.FollowAsync(new LogPosition(1, _seen), cancellation))
            foreach (var e in batch)
                Facts.Saw(e.Position.Position, e.Id);
    }

    private async Task FireAsync(DueTimer timer, CancellationToken cancellation)
    {
        var told = await AskAsync(ClientPlan.Firing(timer), cancellation);
        if (told is Told.Failed or Told.Unknown)
            throw new InvalidOperationException($"{timer.Key} was answered {told}; its lease brings it back.");
    }
}
