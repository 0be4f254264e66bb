using System.Globalization;
using System.Text.Json;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Demo;
using CommandCenter.Host.Tests.Crash;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Testing.Clock;
using CommandCenter.Testing.Postgres;
using Npgsql;

namespace CommandCenter.Host.Tests.Demo;

/// <summary>However often its first start is cut short, the demonstration town gets its whole past.</summary>
public sealed class DemoTownTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("demo-district-");
    private readonly VirtualClock _clock = new();
    private TestPostgres _server = null!;
    private string _connectionString = "";
    private NpgsqlDataSource _database = null!;

    public async Task InitializeAsync()
    {
        _server = await TestPostgres.Server(TestPostgres.AvailableMajors[^1]);
        _connectionString = await _server.CreateDatabaseAsync();
        _database = NpgsqlDataSource.Create(_connectionString);
        await SchemaInstaller.InstallAsync(_database);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        await _server.DropDatabaseAsync(_connectionString);
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_past_that_was_cut_short_is_played_to_its_end_by_the_next_start()
    {
        // In the midst of the second story, in the midst of the recent days, and not at all.
        await CutShortAsync(after: 60);
        (await Should.ThrowAsync<StartRefusedException>(() => BuildAsync(demo: false))).Message.ShouldContain("--demo");
        await CutShortAsync(after: 500);

        await using (var host = await BuildAsync(demo: true))
        {
            await host.Application.StartAsync();
            await TheStoriesAreFoundAsync(host);
            await host.Application.StopAsync();
        }

        const string stories = "(select stream_id from mt_events where type = 'case_reported' and timestamp < '2024-12-31' order by seq_id)";
        (await AskAsync($"select count(*) from {stories} s")).ShouldBe(6);
        (await AskAsync($"select count(*) from mt_events where type in ('case_closed', 'case_rated') and stream_id in {stories} and timestamp < '2024-05-01'")).ShouldBe(5 + 6);
        (await AskAsync($"select count(*) from mt_events where stream_id in {stories} and timestamp >= '2024-05-01'")).ShouldBe(0);
        // Somebody may have reported something since.
        (await AskAsync(string.Create(CultureInfo.InvariantCulture, $"select count(*) from mt_events where type = 'case_reported' and timestamp > '{_clock.GetUtcNow().AddHours(-60):O}' and timestamp < '{_clock.GetUtcNow():O}'"))).ShouldBe(44 + 3);
        // Before that some of the month that the simulation plays.
        (await AskAsync(string.Create(CultureInfo.InvariantCulture, $"select count(*) from mt_events where type = 'case_reported' and timestamp > '2024-12-31' and timestamp < '{_clock.GetUtcNow().AddHours(-60):O}'"))).ShouldBeGreaterThan(0);
        (await AskAsync("select count(*) from mt_events where type = 'case_closed'")).ShouldBeGreaterThan(8);
        // Both centers have been manned day and night: with hand-overs that were accepted, a swap, a take-over, and a leader who is away with a substitute.
        foreach (var town in (string[])[Places.Town, Places.NeighbourTown])
        {
            foreach (var (happened, times) in ((string, long)[])[("duty_planned", 1), ("duty_swapped", 1), ("duty_handed_over", 4), ("duty_accepted", 4), ("duty_taken_over", 1)])
                (await AskAsync($"select count(*) from mt_events where stream_id = 'duty:{town}' and type = '{happened}'")).ShouldBeGreaterThanOrEqualTo(times, $"{happened} in {town}");
        }

        (await AskAsync("select count(*) from mt_events where type = 'absence_recorded'")).ShouldBe(1);
        // Three tiers of matters for the district, and what grids do in one town by a list of its own.
        (await AskAsync($"select count(*) from mt_events where type = 'admission_list_adopted' and stream_id = 'admission:{Places.Town[..6]}'")).ShouldBe(3);
        (await AskAsync($"select count(*) from mt_events where type = 'admission_list_adopted' and stream_id = 'admission:{Places.NeighbourTown}'")).ShouldBe(1);
        // Whoever acted had read of it.
        (await AskAsync("select count(*) from mt_events where type = 'notice_read'")).ShouldBeGreaterThan(100);
        (await AskAsync(string.Create(CultureInfo.InvariantCulture, $"select count(*) from mt_events where timestamp > '{_clock.GetUtcNow():O}'::timestamptz + interval '1 second'"))).ShouldBe(0);
        Directory.GetFiles(_folder.FullName).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stop_while_the_past_is_played_is_an_end_without_a_trace()
    {
        await using var host = HostProcess.Start(Arguments(demo: true));
        await Town.UntilAsync(async () => await AskAsync("select last_position from cc_log") > 14, "the past is being played");

        await host.TerminateAsync();

        (await host.ExitCodeAsync()).ShouldBe(0, host.Output);
        host.Output.ShouldNotContain("   at ");
        host.Output.ShouldContain("playing the demonstration town's past");
    }

    /// <summary>By place and words, with every step of their ways on its own date.</summary>
    private static async Task TheStoriesAreFoundAsync(CommandCenterHost host)
    {
        using var client = new HttpClient { BaseAddress = new Uri(host.Application.Urls.First()) };
        client.DefaultRequestHeaders.Add("X-Actor", People.Supervisor);
        var head = (await GetAsync("/api/log/head")).GetProperty("position").GetString();
        foreach (var (words, scenario) in ((string, Scenario)[])
            [
                ("涂湾 39户", ScenarioFolder.Sewage), ("高桥社区 污水", ScenarioFolder.Sewage), ("17号垃圾箱", ScenarioFolder.Bins), ("沿河 请清运", ScenarioFolder.Bins), ("檬梓桥河", ScenarioFolder.River),
                ("七宝岩", ScenarioFolder.Road), ("界溪", ScenarioFolder.Brook), ("界碑 建筑垃圾", ScenarioFolder.Boundary),
            ])
        {
            var found = await ItemsAsync($"/api/cases?open=false&words={Uri.EscapeDataString(words)}&minPosition={head}");
            var story = found.Where(item => item.GetProperty("reportedAt").GetDateTimeOffset() == scenario.Steps[0].At).ShouldHaveSingleItem(words).GetProperty("id").GetString();
            var history = await ItemsAsync($"/api/cases/{story}/history");
            var own = scenario.Steps.Where(step => !step.Command.StartsWith(ScenarioFolder.OfAgenda, StringComparison.Ordinal)).Select(step => step.At).ToList();
            history.Select(item => item.GetProperty("happenedAt").GetDateTimeOffset()).Intersect(own).Count().ShouldBe(own.Count, scenario.Title);
        }

        async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await client.GetStringAsync(new Uri(path, UriKind.Relative))).RootElement;

        async Task<IEnumerable<JsonElement>> ItemsAsync(string path) => (await GetAsync(path)).GetProperty("items").EnumerateArray();
    }

    private async Task CutShortAsync(long after)
    {
        using var cut = new CancellationTokenSource();
        await using var host = await BuildAsync(demo: true);
        var starting = host.Application.StartAsync(cut.Token);
        // A start that fails by itself fails the test with its own reason.
        while (await AskAsync("select last_position from cc_log") < after && !starting.IsCompleted)
            await Task.Delay(5);
        if (starting.IsFaulted)
            await starting;
        await cut.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => starting);
    }

    private Task<CommandCenterHost> BuildAsync(bool demo) => CommandCenterHost.BuildAsync([.. Arguments(demo), "--Logging:LogLevel:Default=None"], _clock, TimeProvider.System);

    private string[] Arguments(bool demo) =>
        [.. demo ? (string[])["--demo"] : [], "--urls=http://127.0.0.1:0", $"--ConnectionStrings:CommandCenter={_connectionString}", $"--CommandCenter:DataFolder={_folder.FullName}",
            // A few hours of the month before the recent days.
            "--CommandCenter:DemoDays=3"];

    private async Task<long> AskAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
