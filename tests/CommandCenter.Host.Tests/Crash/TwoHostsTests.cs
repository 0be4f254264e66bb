using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using CommandCenter.Domain.Formats;
using CommandCenter.EventStore;
using CommandCenter.Host.Board;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Tests.Board;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Testing.Postgres;
using Npgsql;

namespace CommandCenter.Host.Tests.Crash;

/// <summary>Two hosts on one database, as two programs: their walls show the same, and what one of them leaves behind when it is killed the other shows.</summary>
public sealed class TwoHostsTests : IAsyncLifetime
{
    private const int EachTurn = 40;

    private readonly string _folder = Directory.CreateTempSubdirectory("two-hosts-").FullName;
    private TestPostgres? _server;
    private string _database = "";

    public async Task InitializeAsync()
    {
        _server = await TestPostgres.Server(TestPostgres.AvailableMajors[^1]);
        _database = await _server.CreateDatabaseAsync();
    }

    public async Task DisposeAsync()
    {
        await _server!.DropDatabaseAsync(_database);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Two_hosts_have_equal_walls_and_whichever_is_killed_the_other_misses_nothing()
    {
        var acknowledged = new ConcurrentDictionary<string, string>();
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await using var left = await WatchAsync(first);
        await using var right = await WatchAsync(second);

        // Both take reports at once, each the other's into its wall.
        var last = Later(await ReportAsync(first, "a", acknowledged), await ReportAsync(second, "b", acknowledged));
        await SameAsync(last, (left, first), (right, second));
        left.View!.Open.ShouldBe(2 * EachTurn);

        // The first is killed while it writes: what it had acknowledged is on the other's wall, and its own wall goes there.
        var cut = ReportAsync(first, "c", acknowledged, untilKilled: true);
        await UntilAsync(() => acknowledged.Keys.Count(key => key.StartsWith("c-", StringComparison.Ordinal)) >= EachTurn / 2);
        await first.KillAsync();
        await cut;
        await left.GoneAsync();
        await using var moved = await WatchAsync(second);
        last = await ReportAsync(second, "d", acknowledged);
        await SameAsync(last, (moved, second), (right, second));

        // It comes back, and the second is killed: the same the other way round.
        await using var again = await StartAsync();
        await using var back = await WatchAsync(again);
        cut = ReportAsync(second, "e", acknowledged, untilKilled: true);
        await UntilAsync(() => acknowledged.Keys.Count(key => key.StartsWith("e-", StringComparison.Ordinal)) >= EachTurn / 2);
        await second.KillAsync();
        await cut;
        last = await ReportAsync(again, "f", acknowledged);
        await SameAsync(last, (back, again));

        // Every wall that was there to the end counts what a plain query counts, and everything acknowledged is among it.
        await using var database = NpgsqlDataSource.Create(_database);
        var reported = await ColumnAsync(database, "select substr(stream_id, 6) from mt_events where type = 'case_reported'");
        acknowledged.Values.ShouldBeSubsetOf(reported);
        back.View!.Open.ShouldBe(reported.Count);
        back.View.Today.Reported.ShouldBe(reported.Count);
    }

    private Task<HostProcess> StartAsync() => HostProcess.StartListeningAsync(
        "--urls=http://127.0.0.1:0", $"--ConnectionStrings:CommandCenter={_database};Maximum Pool Size=20", $"--CommandCenter:DataFolder={_folder}", "--Logging:LogLevel:Default=Warning");

    private static async Task<Wall> WatchAsync(HostProcess host)
    {
        var wall = await Wall.ConnectAsync(host.Address!, People.Dispatcher);
        await wall.WatchAsync(Places.Town);
        return wall;
    }

    /// <summary>Reports, four at once; returns where the last of them stands.</summary>
    private static async Task<LogPosition> ReportAsync(HostProcess host, string turn, ConcurrentDictionary<string, string> acknowledged, bool untilKilled = false)
    {
        using var http = new HttpClient { BaseAddress = host.Address };
        var worker = new TownClient(http, People.GridWorker);
        var last = new ConcurrentBag<LogPosition>();
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            try
            {
                while (Interlocked.Increment(ref next) is var n && (untilKilled || n <= EachTurn))
                {
                    var key = string.Create(CultureInfo.InvariantCulture, $"{turn}-{n}");
                    var answer = await worker.ReportAsync(Town.AReport($"路灯不亮 {key}", "street-light"), key);
                    answer.Status.ShouldBe(201, answer.Text);
                    acknowledged[key] = answer.Receipt.Id;
                    last.Add(answer.Position);
                }
            }
            catch (HttpRequestException) when (untilKilled)
            {
                // The host is dead, as it should be; what it did not acknowledge is nobody's loss.
            }
        }));
        return last.MaxBy(position => position.Position);
    }

    private static LogPosition Later(LogPosition one, LogPosition other) => one.HasReached(other) ? one : other;

    /// <summary>Every wall shows at a position what a fresh board of every host shows.</summary>
    private static async Task SameAsync(LogPosition at, params (Wall Wall, HostProcess Host)[] pairs)
    {
        foreach (var (wall, host) in pairs)
        {
            foreach (var (_, other) in pairs)
            {
                using var http = new HttpClient { BaseAddress = other.Address };
                var wanted = at;
                BoardView fresh;
                // What the hosts do by themselves goes on meanwhile: the two are looked at where they stand at the same position.
                do
                {
                    await wall.UntilAsync(view => PositionOf(view).HasReached(wanted));
                    wanted = PositionOf(wall.View!);
                    fresh = await new TownClient(http, People.Dispatcher).GetAsync<BoardView>($"/api/board?scope={Places.Town}&minPosition={wanted}");
                    wanted = PositionOf(fresh);
                }
                while (PositionOf(wall.View!) != wanted);

                Text(fresh, fresh.At).ShouldBe(Text(wall.View!, fresh.At));
            }
        }
    }

    private static LogPosition PositionOf(BoardView view) => LogPosition.TryParse(view.Position, out var position) ? position : throw new InvalidOperationException($"{view.Position} is no position.");

    private static string Text(BoardView view, DateTimeOffset at) => JsonSerializer.Serialize(view with { At = at, Frame = 0 }, DomainJson.Options);

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (!holds())
            await Task.Delay(10, patience.Token);
    }

    private static async Task<IReadOnlyList<string>> ColumnAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
            values.Add(reader.GetString(0));
        return values;
    }
}
