using System.Collections.Concurrent;
using System.Text.Json;
using CommandCenter.FaultNode;
using Npgsql;

namespace CommandCenter.EventStore.Tests.History;

/// <summary>How much a run does.</summary>
/// <param name="Clients">Of the two nodes of this process.</param>
/// <param name="KilledClients">Of the node in a process of its own.</param>
/// <param name="MostKills">How often that node is killed at most; once at least.</param>
/// <param name="LongOutage">How long the database is gone before the first of the drawn faults; null: it is not.</param>
public sealed record FaultRunSize(int Clients, int KilledClients, int OperationsEach, int MostKills, int Faults, TimeSpan? LongOutage)
{
    public static FaultRunSize Small { get; } = new(Clients: 5, KilledClients: 2, OperationsEach: 14, MostKills: 1, Faults: 10, LongOutage: null);
}

/// <summary>
/// One run over three nodes on one database, each behind a line of its own, one of them a process of its own: people append, followers follow, a projection and timer workers work, and meanwhile
/// that process and backends are killed, lines cut before and after a commit, delayed and left half open, the database is gone, nodes are started anew. Everything anybody is told is written down.
/// </summary>
internal sealed class FaultRun : IAsyncDisposable
{
    // Guards against what hangs: lines that stay half open cost seconds each, and a busy machine many times that.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Random _random;
    private readonly FaultRunSize _size;
    private readonly PostgresEngine _direct;
    private readonly ClientPlan _plan;
    private readonly Node[] _nodes;
    private readonly KilledNode _killed;
    private readonly ConcurrentDictionary<string, int> _faults = new();
    private readonly CancellationTokenSource _limit = new(Patience * 3);

    private FaultRun(int seed, FaultRunSize size, PostgresEngine direct)
    {
        _random = new Random(seed);
        _size = size;
        _direct = direct;
        _plan = new ClientPlan("c", _random.Next(), size.Clients);
        _nodes = [new Node(direct.ConnectionString), new Node(direct.ConnectionString)];
        _killed = new KilledNode(direct.ConnectionString, _random.Next(), size.KilledClients, size.OperationsEach, Patience);
    }

    /// <summary>The names of the faults that are drawn, as they are counted.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        "backends killed", "writers killed while they hold or want the lock", "cut before a commit", "cut after a commit", "delayed", "half open, then cut", "half open for good", "database gone",
        "nodes restarted",
    ];

    /// <summary>The name by which outages of <see cref="FaultRunSize.LongOutage"/> are counted.</summary>
    public static string LongOutage => "database gone for long";

    private IEnumerable<Facts> Facts => [.. _nodes.Select(node => node.Facts), _killed.Facts];

    private CuttingProxy[] Lines => [.. _nodes.Select(node => node.Line), _killed.Line];

    public static async Task<(IReadOnlyList<string> Violations, RunSummary Summary)> RunAsync(int major, int seed, FaultRunSize size)
    {
        await using var run = new FaultRun(seed, size, await PostgresEngine.StartAsync(major));
        await run._direct.ExecuteAsync(SeenTable.Create);
        var history = await run.PlayAsync();
        var violations = HistoryChecker.Check(history).ToList();
        if ((await new LogVerifier(run._direct.DataSource).VerifyAsync()).First is { } finding)
            violations.Add($"the tree does not fit at {finding.Position}: {finding.Words}");
        if (await run._direct.ScalarAsync<long>("select count(*) from cc_parked") is > 0 and var parked)
            violations.Add($"the projection parked {parked} streams");
        return (violations, new RunSummary(1, history.Attempts.CountBy(attempt => attempt.Told).ToDictionary(), history.Log.Count, history.Timers.Count, run._nodes.Sum(node => node.Ahead), run._faults, violations.Count));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        await _killed.DisposeAsync();
        await _direct.DisposeAsync();
        _limit.Dispose();
    }

    private async Task<RunHistory> PlayAsync()
    {
        foreach (var node in _nodes)
            node.Start();
        // Everybody draws from a source of their own, so that one seed is one plan whatever the order of the threads.
        var (disturbing, killing) = (new Random(_random.Next()), new Random(_random.Next()));
        var choosing = Enumerable.Range(0, _size.Clients).Select(_ => new Random(_random.Next())).ToList();
        await Task.WhenAll(
        [
            Task.Run(() => DisturbAsync(disturbing)),
            Task.Run(() => _killed.LiveAsync(killing, killing.Next(1, _size.MostKills + 1), () => Count("processes killed"))),
            .. choosing.Select((random, client) => Task.Run(() => new Client(_plan, client, () => _nodes[random.Next(_nodes.Length)].Life).RunAsync(0, _size.OperationsEach))),
        ]);
        foreach (var line in Lines)
            line.Become(LineMode.Pass);

        // What people set comes due, and everybody catches up.
        await UntilAsync(async () => await _direct.ScalarAsync<long>("select count(*) from cc_timers") == 0, "timers fired");
        var head = (await _direct.Log.HeadAsync()).Last.Position;
        await UntilAsync(() => Task.FromResult(Facts.All(facts => facts.Seen.Count >= head)), "followers caught up");
        await UntilAsync(async () => await _direct.ScalarAsync<long>("select last_seq_id from mt_event_progression where name = 'seen:All'") >= head, "the projection caught up");
        foreach (var node in _nodes)
            await node.StopAsync();
        await _killed.StopAsync();
        return await CollectAsync();
    }

    private async Task DisturbAsync(Random random)
    {
        if (_size.LongOutage is { } outage)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20, 120)));
            Count(LongOutage);
            await BeGoneAsync(outage);
        }

        for (var n = 0; n < _size.Faults; n++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20, 120)));
            var line = Lines[random.Next(Lines.Length)];
            var kind = Kinds[random.Next(Kinds.Count)];
            Count(kind);
            switch (kind)
            {
                case "backends killed":
                    await KillAsync("true");
                    break;
                case "writers killed while they hold or want the lock":
                    await KillAsync("(wait_event = 'advisory' or state = 'idle in transaction')");
                    break;
                case "cut before a commit":
                    line.CutBeforeCommit();
                    break;
                case "cut after a commit":
                    line.CutAfterCommit();
                    break;
                case "delayed":
                    await ForAsync(line, LineMode.Delay, TimeSpan.FromMilliseconds(200));
                    break;
                case "half open, then cut":
                    await ForAsync(line, LineMode.Swallow, TimeSpan.FromMilliseconds(random.Next(50, 700)));
                    line.CutAll();
                    break;
                case "half open for good":
                    // Neither side is told: each has to give up by itself, and a server may hold the lock until it does.
                    await ForAsync(line, LineMode.Swallow, TimeSpan.FromMilliseconds(random.Next(20, 200)));
                    break;
                case "database gone":
                    await BeGoneAsync(TimeSpan.FromMilliseconds(300));
                    break;
                case "nodes restarted":
                    var node = _nodes[random.Next(_nodes.Length)];
                    await node.StopAsync();
                    node.Start();
                    break;
                default:
                    throw new InvalidOperationException($"Nothing is known of {kind}.");
            }
        }

        static async Task ForAsync(CuttingProxy line, LineMode mode, TimeSpan time)
        {
            line.Become(mode);
            await Task.Delay(time);
            line.Become(LineMode.Pass);
        }
    }

    private async Task BeGoneAsync(TimeSpan time)
    {
        foreach (var line in Lines)
            line.Become(LineMode.Refuse);
        await Task.Delay(time);
        foreach (var line in Lines)
            line.Become(LineMode.Pass);
    }

    private void Count(string fault) => _faults.AddOrUpdate(fault, 1, (_, count) => count + 1);

    private async Task KillAsync(string which)
    {
        await using var admin = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_direct.ConnectionString) { Pooling = false }.ConnectionString);
        await admin.OpenAsync();
        // The harness's own connections are not part of the town.
        await using var kill = new NpgsqlCommand($"select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = '{TownNode.ApplicationName}' and {which}", admin);
        await kill.ExecuteNonQueryAsync();
    }

    private async Task<RunHistory> CollectAsync()
    {
        var log = (await _direct.Log.ReadLogAsync(0, int.MaxValue)).Select(e =>
        {
            using var data = JsonDocument.Parse(e.Data);
            return new Standing(e.Position.Position, e.Id, e.Stream.ToString(), e.StreamVersion, e.RecordedAt, data.RootElement.GetProperty("operation").GetString()!, data.RootElement.GetProperty("number").GetInt32(), data.RootElement.TryGetProperty("message", out _));
        }).ToList();
        var projected = new List<(long, string, long)>();
        await using (var command = _direct.DataSource.CreateCommand("select position, stream, version from seen order by position"))
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                projected.Add((reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2)));
        var messages = new List<string>();
        await using (var command = _direct.DataSource.CreateCommand("select key from cc_outbox order by id"))
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                messages.Add(reader.GetString(0));
        var checkpoint = await _direct.ScalarAsync<long>("select last_seq_id from mt_event_progression where name = 'seen:All'");
        var cancelledBy = Facts.SelectMany(facts => facts.CancelledBy).ToDictionary();
        var timers = Facts.SelectMany(facts => facts.SetBy).DistinctBy(set => set.Key).Select(set => new TimerLife(set.Key, set.Value, cancelledBy.GetValueOrDefault(set.Key)));
        return new RunHistory([.. Facts.SelectMany(facts => facts.Attempts)], log, [.. Facts.Select(facts => facts.Seen.ToList())], projected, checkpoint, [.. timers], messages);
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

    /// <summary>A node of this process, over all its lives.</summary>
    private sealed class Node(string connectionString) : IAsyncDisposable
    {
        private TownNode? _life;

        public CuttingProxy Line { get; } = new(connectionString);

        public Facts Facts { get; } = new();

        public TownNode Life => _life!;

        public void Start() => _life = new TownNode(Line.ConnectionString, Facts, Facts.Seen.Count);

        /// <summary>How many batches its ended lives decided ahead.</summary>
        public long Ahead { get; private set; }

        public async Task StopAsync()
        {
            await Life.StopAsync();
            Ahead += Life.DecidedAhead;
        }

        public async ValueTask DisposeAsync() => await Line.DisposeAsync();
    }
}
