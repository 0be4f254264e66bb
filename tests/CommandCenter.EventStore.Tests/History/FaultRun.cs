using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Npgsql;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests.History;

/// <summary>How much a run does.</summary>
/// <param name="Outage">How long the database is gone at a time.</param>
public sealed record FaultRunSize(int Clients, int OperationsEach, int Faults, TimeSpan Outage)
{
    public static FaultRunSize Small { get; } = new(Clients: 6, OperationsEach: 14, Faults: 10, Outage: TimeSpan.FromMilliseconds(300));
}

/// <summary>
/// One run over two nodes on one database, each behind a line of its own: people append, followers follow, a projection and timer workers work, and meanwhile backends are
/// killed, lines cut before and after a commit, delayed and left half open, the database is gone, nodes are started anew. Everything anybody is told is written down.
/// </summary>
internal sealed class FaultRun : IAsyncDisposable
{
    private const int Streams = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Random _random;
    private readonly FaultRunSize _size;
    private readonly PostgresEngine _direct;
    private readonly Node[] _nodes;
    private readonly ConcurrentQueue<Attempt> _attempts = new();
    private readonly ConcurrentDictionary<string, TimerLife> _timers = new();
    private readonly ConcurrentDictionary<string, int> _faults = new();
    private readonly CancellationTokenSource _limit = new(Patience * 2);

    private FaultRun(int seed, FaultRunSize size, PostgresEngine direct)
    {
        _random = new Random(seed);
        _size = size;
        _direct = direct;
        _nodes = [new Node(this, 0), new Node(this, 1)];
    }

    /// <summary>What happened, in one line.</summary>
    public string Summary { get; private set; } = "";

    public static async Task<(IReadOnlyList<string> Violations, string Summary)> RunAsync(int major, int seed, FaultRunSize size)
    {
        await using var run = new FaultRun(seed, size, await PostgresEngine.StartAsync(major));
        await run._direct.ExecuteAsync("create table seen (position bigint primary key, stream text not null, version bigint not null)");
        var history = await run.PlayAsync();
        var violations = HistoryChecker.Check(history).ToList();
        if ((await new LogVerifier(run._direct.DataSource).VerifyAsync()).First is { } finding)
            violations.Add($"the tree does not fit at {finding.Position}: {finding.Words}");
        if (await run._direct.ScalarAsync<long>("select count(*) from cc_parked") is > 0 and var parked)
            violations.Add($"the projection parked {parked} streams");
        return (violations, run.Summary);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        await _direct.DisposeAsync();
        _limit.Dispose();
    }

    private async Task<RunHistory> PlayAsync()
    {
        foreach (var node in _nodes)
            node.Start();
        // Every client and the faults draw from a source of their own, so that one seed is one plan whatever the order of the threads.
        var plans = Enumerable.Range(0, _size.Clients).Select(_ => _random.Next()).ToList();
        var faults = Task.Run(() => DisturbAsync(new Random(_random.Next())));
        await Task.WhenAll(plans.Select((plan, client) => Task.Run(() => ClientAsync(client, new Random(plan)))));
        await faults;
        foreach (var node in _nodes)
            node.Line.Become(LineMode.Pass);

        // What people set comes due, and everybody catches up.
        await UntilAsync(async () => await _direct.ScalarAsync<long>("select count(*) from cc_timers") == 0, "timers fired");
        var head = (await _direct.Log.HeadAsync()).Last.Position;
        await UntilAsync(() => Task.FromResult(_nodes.All(node => node.Seen.Count >= head)), "followers caught up");
        await UntilAsync(async () => await _direct.ScalarAsync<long>("select last_seq_id from mt_event_progression where name = 'seen:All'") >= head, "the projection caught up");
        foreach (var node in _nodes)
            await node.StopAsync();
        return await CollectAsync();
    }

    private async Task ClientAsync(int client, Random random)
    {
        var done = new List<(string Id, AppendRequest Request, string Operation, int Events)>();
        for (var n = 0; n < _size.OperationsEach; n++)
        {
            var operation = string.Create(CultureInfo.InvariantCulture, $"c{client}-{n}");
            var node = _nodes[random.Next(_nodes.Length)];
            if (done.Count > 0 && random.Next(8) == 0)
            {
                // Somebody presses once more what was carried out long ago.
                var again = done[random.Next(done.Count)];
                await AttemptAsync(node, again.Operation, again.Events, again.Request);
                continue;
            }

            var (request, events) = await PlanAsync(node, operation, random);
            var named = random.Next(4) > 0 ? new CommandId($"p-{client}", operation, Hash(operation)) : null;
            request = request with { Command = named };
            var told = await AttemptAsync(node, operation, events, request);
            // Who gave a command id may press again until it is answered; who did not may not.
            for (var retry = 0; named is not null && told is Told.Failed or Told.Unknown && retry < 40; retry++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20 + (10 * retry)));
                told = await AttemptAsync(_nodes[random.Next(_nodes.Length)], operation, events, request);
            }

            if (named is not null && told == Told.Acknowledged)
                done.Add((operation, request, operation, events));
        }
    }

    private async Task<(AppendRequest Request, int Events)> PlanAsync(Node node, string operation, Random random)
    {
        var stream = Case(random.Next(Streams));
        switch (random.Next(6))
        {
            case 0:
                return (Request(Part(StreamKey.Of("case", $"own-{operation}"), new ExpectedVersion.NoStream(), operation, 0, 2)), 2);
            case 1:
                var other = Case(Streams + random.Next(Streams));
                return (Request(Part(stream, new ExpectedVersion.Any(), operation, 0, 1), Part(other, new ExpectedVersion.Any(), operation, 1, 2)), 3);
            case 2:
                // What this node believes may be old by the time it is asked.
                var version = await VersionAsync(node, stream);
                return (Request(Part(stream, ExpectedVersion.After(version), operation, 0, 1)), 1);
            case 3:
                var timer = $"t-{operation}";
                _timers[timer] = new TimerLife(timer, operation, null);
                return (Request(Part(stream, new ExpectedVersion.Any(), operation, 0, 1)) with
                {
                    Timers = [new TimerChange.Set(Key(timer), TimeProvider.System.GetUtcNow().AddMilliseconds(random.Next(400)))],
                }, 1);
            case 4 when _timers.Values.Where(life => life.CancelledBy is null).OrderBy(life => life.Timer, StringComparer.Ordinal).FirstOrDefault() is { } life:
                return _timers.TryUpdate(life.Timer, life with { CancelledBy = operation }, life)
                    ? (Request(Part(stream, new ExpectedVersion.Any(), operation, 0, 1)) with { Timers = [new TimerChange.Cancel(Key(life.Timer))] }, 1)
                    : (Request(Part(stream, new ExpectedVersion.Any(), operation, 0, 1)), 1);
            default:
                return (Request(Part(stream, new ExpectedVersion.Any(), operation, 0, 1)) with { Outbox = [new OutboxMessage("webhook", operation, Encoding.UTF8.GetBytes(operation))] }, 1);
        }
    }

    private async Task<long> VersionAsync(Node node, StreamKey stream)
    {
        try
        {
            return (await node.Log.ReadStreamAsync(stream)) is [.., var last] ? last.StreamVersion : 0;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            return 0;
        }
    }

    private async Task<Told> AttemptAsync(Node node, string operation, int events, AppendRequest request)
    {
        var attempt = await AskAsync(node, operation, events, request, CancellationToken.None);
        _attempts.Enqueue(attempt);
        return attempt.Told;
    }

    // An exception of no known kind goes through and fails the run.
    private static async Task<Attempt> AskAsync(Node node, string operation, int events, AppendRequest request, CancellationToken cancellation)
    {
        try
        {
            return await node.Log.AppendAsync(request, cancellation) switch
            {
                AppendResult.Appended appended => new Attempt(operation, events, Told.Acknowledged, appended.Receipt.Last.Position),
                AppendResult.Repeated repeated => new Attempt(operation, events, Told.Acknowledged, repeated.First.Last.Position),
                AppendResult.VersionConflict or AppendResult.TimerLost => new Attempt(operation, events, Told.Refused),
                var result => throw new InvalidOperationException($"{operation} was answered {result}."),
            };
        }
        catch (UnknownCommitException)
        {
            return new Attempt(operation, events, Told.Unknown);
        }
        catch (Exception e) when (e is LogBusyException or ObjectDisposedException or OperationCanceledException || Sql.IsLostConnection(e))
        {
            return new Attempt(operation, events, Told.Failed);
        }
    }

    private async Task DisturbAsync(Random random)
    {
        for (var n = 0; n < _size.Faults; n++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20, 120)));
            var node = _nodes[random.Next(_nodes.Length)];
            switch (random.Next(8))
            {
                case 0:
                    Count("backends killed");
                    await KillAsync("true");
                    break;
                case 1:
                    Count("writers killed while they hold or want the lock");
                    await KillAsync("(wait_event = 'advisory' or state = 'idle in transaction')");
                    break;
                case 2:
                    Count("cut before a commit");
                    node.Line.CutBeforeCommit();
                    break;
                case 3:
                    Count("cut after a commit");
                    node.Line.CutAfterCommit();
                    break;
                case 4:
                    Count("delayed");
                    await ForAsync(node, LineMode.Delay, TimeSpan.FromMilliseconds(200));
                    break;
                case 5:
                    Count("half open");
                    await ForAsync(node, LineMode.Swallow, TimeSpan.FromMilliseconds(random.Next(50, 700)));
                    node.Line.CutAll();
                    break;
                case 6:
                    Count("database gone");
                    foreach (var each in _nodes)
                        each.Line.Become(LineMode.Refuse);
                    await Task.Delay(_size.Outage);
                    foreach (var each in _nodes)
                        each.Line.Become(LineMode.Pass);
                    break;
                default:
                    Count("nodes restarted");
                    await node.StopAsync();
                    node.Start();
                    break;
            }
        }

        void Count(string fault) => _faults.AddOrUpdate(fault, 1, (_, count) => count + 1);

        static async Task ForAsync(Node node, LineMode mode, TimeSpan time)
        {
            node.Line.Become(mode);
            await Task.Delay(time);
            node.Line.Become(LineMode.Pass);
        }
    }

    private async Task KillAsync(string which)
    {
        await using var admin = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_direct.ConnectionString) { Pooling = false }.ConnectionString);
        await admin.OpenAsync();
        // The harness's own connections are not part of the town.
        await using var kill = new NpgsqlCommand($"select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'node' and {which}", admin);
        await kill.ExecuteNonQueryAsync();
    }

    private async Task<RunHistory> CollectAsync()
    {
        var log = (await _direct.Log.ReadLogAsync(0, int.MaxValue)).Select(e =>
        {
            using var data = JsonDocument.Parse(e.Data);
            return new Standing(e.Position.Position, e.Id, e.Stream.ToString(), e.StreamVersion, e.RecordedAt, data.RootElement.GetProperty("operation").GetString()!, data.RootElement.GetProperty("number").GetInt32());
        }).ToList();
        var projected = new List<(long, string, long)>();
        await using (var command = _direct.DataSource.CreateCommand("select position, stream, version from seen order by position"))
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                projected.Add((reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2)));
        var checkpoint = await _direct.ScalarAsync<long>("select last_seq_id from mt_event_progression where name = 'seen:All'");
        var attempts = _attempts.ToList();
        var told = attempts.CountBy(attempt => attempt.Told).ToDictionary();
        Summary = string.Create(CultureInfo.InvariantCulture,
            $"{attempts.Count} attempts ({string.Join(", ", told.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} {pair.Key}"))}), {log.Count} events, {_timers.Count} timers; {string.Join(", ", _faults.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Value} {pair.Key}"))}");
        return new RunHistory(attempts, log, [.. _nodes.Select(node => node.Seen.ToList())], projected, checkpoint, [.. _timers.Values]);
    }

    private async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
                throw new TimeoutException($"Not within {Patience}: {what}.");
            await Task.Delay(5, _limit.Token);
        }
    }

    private static TimerKey Key(string timer) => new("history", timer, "due", 1);

    private static StreamAppend Part(StreamKey stream, ExpectedVersion expected, string operation, int from, int count) => To(
        stream, expected, [.. Enumerable.Range(from, count).Select(number => Event("case_reported", $$"""{"number":{{number}},"operation":"{{operation}}"}"""))]);

    private static byte[] Hash(string operation) => System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(operation));

    /// <summary>A process of the town: a log of its own with everything that hangs on it, behind a line that can be disturbed.</summary>
    private sealed class Node : IAsyncDisposable
    {
        private readonly FaultRun _run;
        private readonly int _number;
        private CancellationTokenSource _stop = new();
        private NpgsqlDataSource? _dataSource;
        private PostgresEventLog? _log;
        private Task _working = Task.CompletedTask;

        public Node(FaultRun run, int number)
        {
            _run = run;
            _number = number;
            // Dead lines are given up after a second, so that a run is short.
            Line = new CuttingProxy(new NpgsqlConnectionStringBuilder(run._direct.ConnectionString)
            {
                ApplicationName = "node", Timeout = 1, CommandTimeout = 1, CancellationTimeout = -1, MaxPoolSize = 30,
            }.ConnectionString);
        }

        public CuttingProxy Line { get; }

        /// <summary>What its follower was handed, over all restarts.</summary>
        public ConcurrentQueue<(long Position, Guid Id)> Seen { get; } = new();

        public PostgresEventLog Log => _log!;

        public void Start()
        {
            _stop = new CancellationTokenSource();
            _dataSource = NpgsqlDataSource.Create(Line.ConnectionString);
            var log = _log = new PostgresEventLog(_dataSource, TimeProvider.System, new PostgresEventLogOptions { PollEvery = TimeSpan.FromMilliseconds(50), LookUpFor = TimeSpan.FromSeconds(5) });
            var runner = new ProjectionRunner(_dataSource, log, new SeenTable(), TimeProvider.System);
            var worker = new TimerWorker(new PostgresTimerStore(_dataSource), TimeProvider.System, (timer, _, cancellation) => FireAsync(log, timer, cancellation), log.TimersChanged,
                new TimerWorkerOptions { Parallel = 4, LeaseFor = TimeSpan.FromMilliseconds(800), PollEvery = TimeSpan.FromMilliseconds(100) });
            _working = Task.WhenAll(Work(() => FollowAsync(log, _stop.Token)), Work(() => runner.RunAsync(_stop.Token)), Work(() => worker.RunAsync(_stop.Token)));
        }

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _working;
            await _log!.DisposeAsync();
            await _dataSource!.DisposeAsync();
            _stop.Dispose();
        }

        public async ValueTask DisposeAsync()
        {
            if (_log is not null && !_stop.IsCancellationRequested)
                await StopAsync();
            await Line.DisposeAsync();
        }

        private Task Work(Func<Task> work) => Task.Run(async () =>
        {
            try
            {
                await work();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // The node was stopped.
            }
        });

        private async Task FollowAsync(PostgresEventLog log, CancellationToken cancellation)
        {
            await foreach (var batch in log.FollowAsync(new LogPosition(1, Seen.Count), cancellation))
                foreach (var e in batch)
                    Seen.Enqueue((e.Position.Position, e.Id));
        }

        private async Task FireAsync(PostgresEventLog log, DueTimer timer, CancellationToken cancellation)
        {
            var operation = HistoryChecker.FiringOf(timer.Key.SagaId);
            var attempt = await AskAsync(this, operation, 1, Request(Part(Case(2 * Streams), new ExpectedVersion.Any(), operation, 0, 1)) with { Fired = timer }, cancellation);
            _run._attempts.Enqueue(attempt);
            if (attempt.Told is Told.Failed or Told.Unknown)
                throw new InvalidOperationException($"{timer.Key} on node {_number} was answered {attempt.Told}; its lease brings it back.");
        }
    }

    /// <summary>A plain insert: an event that is applied twice breaks its key and parks its stream.</summary>
    private sealed class SeenTable : IProjection
    {
        public string Name => "seen";

        public Task CreateTablesAsync(NpgsqlConnection connection, CancellationToken cancellation) => Task.CompletedTask;

        public async Task ClearAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
        {
            await using var clear = new NpgsqlCommand("truncate seen", transaction.Connection);
            await clear.ExecuteNonQueryAsync(cancellation);
        }

        public Task<Recount> RecountAsync(NpgsqlConnection connection, long afterPosition, long toPosition, string[] parked, CancellationToken cancellation) =>
            throw new NotSupportedException("The checker recounts the whole run.");

        public async Task ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, CancellationToken cancellation)
        {
            await using var insert = new NpgsqlCommand("insert into seen select * from unnest($1, $2, $3)", transaction.Connection);
            insert.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. events.Select(e => e.Position.Position)] });
            insert.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. events.Select(e => e.Stream.ToString())] });
            insert.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. events.Select(e => e.StreamVersion)] });
            await insert.ExecuteNonQueryAsync(cancellation);
        }
    }
}
