using System.Globalization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Tests.Crash;
using CommandCenter.Testing.Clock;
using CommandCenter.Testing.Postgres;
using Npgsql;

namespace CommandCenter.Host.Tests.Demo;

/// <summary>However often its first start is cut short, the demonstration town gets its whole past.</summary>
public sealed class DemoTownTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("demo-town-");
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
        // In the midst of the river, in the midst of the recent days, and not at all.
        await CutShortAsync(after: 14);
        (await Should.ThrowAsync<StartRefusedException>(() => BuildAsync(demo: false))).Message.ShouldContain("--demo");
        await CutShortAsync(after: 150);

        await using (var host = await BuildAsync(demo: true))
        {
            await host.Application.StartAsync();
            await host.Application.StopAsync();
        }

        const string river = "(select stream_id from mt_events where type = 'case_reported' order by seq_id limit 1)";
        (await AskAsync($"select count(*) from mt_events where type = 'case_closed' and stream_id = {river}")).ShouldBe(1);
        (await AskAsync($"select count(*) from mt_events where correlation_id = {river} and timestamp >= '2023-12-01'")).ShouldBe(0);
        (await AskAsync("select count(*) from mt_events where type = 'case_reported'")).ShouldBe(1 + 44 + 3);
        (await AskAsync("select count(*) from mt_events where type = 'case_closed'")).ShouldBeGreaterThan(8);
        (await AskAsync(string.Create(CultureInfo.InvariantCulture, $"select count(*) from mt_events where timestamp > '{_clock.GetUtcNow():O}'::timestamptz + interval '1 second'"))).ShouldBe(0);
        Directory.GetFiles(_folder.FullName).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stop_while_the_past_is_played_is_an_end_without_a_trace()
    {
        await using var host = HostProcess.Start(Arguments(demo: true));
        await Towns.Town.UntilAsync(async () => await AskAsync("select last_position from cc_log") > 14, "the past is being played");

        await host.TerminateAsync();

        (await host.ExitCodeAsync()).ShouldBe(0, host.Output);
        host.Output.ShouldNotContain("   at ");
        host.Output.ShouldContain("playing the demonstration town's past");
    }

    private async Task CutShortAsync(long after)
    {
        using var cut = new CancellationTokenSource();
        await using var host = await BuildAsync(demo: true);
        var starting = host.Application.StartAsync(cut.Token);
        while (await AskAsync("select last_position from cc_log") < after)
            await Task.Delay(5);
        await cut.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => starting);
    }

    private Task<CommandCenterHost> BuildAsync(bool demo) => CommandCenterHost.BuildAsync([.. Arguments(demo), "--Logging:LogLevel:Default=None"], _clock, TimeProvider.System);

    private string[] Arguments(bool demo) =>
        ["--urls=http://127.0.0.1:0", $"--ConnectionStrings:CommandCenter={_connectionString}", $"--CommandCenter:DataFolder={_folder.FullName}", .. demo ? (string[])["--CommandCenter:Policy=default-1", "--demo"] : []];

    private async Task<long> AskAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
