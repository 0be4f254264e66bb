using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Organization;
using CommandCenter.Host.Tests.Crash;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Testing.Postgres;
using Npgsql;

namespace CommandCenter.Host.Tests.StartUp;

/// <summary>What the host says to an operator who starts it.</summary>
public sealed class StartUpTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("start-up-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://*:5080")]
    [InlineData("http://+:5080")]
    [InlineData("http://192.0.2.1:5080")]
    [InlineData("http://127.0.0.1:0;http://[::]:0")]
    [InlineData("http://town.example:5080")]
    public async Task An_address_that_others_could_reach_is_refused(string urls)
    {
        var message = await RefusedAsync($"--urls={urls}");

        message.ShouldContain("there is no sign-in yet");
        message.ShouldContain("http://127.0.0.1:5080");
    }

    [Fact]
    public async Task An_address_that_is_none_is_refused() => (await RefusedAsync("--urls=5080")).ShouldContain("'5080' is not an address to listen on");

    [Fact]
    public async Task A_port_that_is_taken_is_refused_before_anything_is_started()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var message = await RefusedAsync(string.Create(CultureInfo.InvariantCulture, $"--urls=http://127.0.0.1:{port}"));

        message.ShouldContain("Another program listens on");
        message.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"--urls http://127.0.0.1:{port + 1}"));
        Directory.GetFileSystemEntries(_folder.FullName).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_broken_organization_names_file_line_and_what_is_wrong()
    {
        var organization = _folder.CreateSubdirectory("organization");
        foreach (var file in new DirectoryInfo(OrganizationFolder.DemoDistrict).EnumerateFiles())
            file.CopyTo(Path.Combine(organization.FullName, file.Name));
        var roles = Path.Combine(organization.FullName, "roles.csv");
        var lines = await File.ReadAllLinesAsync(roles);
        lines[4] = "administrator-01,emperor,500153,,,,";
        await File.WriteAllLinesAsync(roles, lines);

        var message = await RefusedOnAnEmptyDatabaseAsync($"--CommandCenter:Organization={organization.FullName}");

        message.ShouldContain(organization.FullName);
        message.ShouldContain("roles.csv:5 [role] Role 'emperor' is unknown");
    }

    [Fact]
    public async Task A_missing_organization_folder_is_refused() =>
        (await RefusedOnAnEmptyDatabaseAsync($"--CommandCenter:Organization={_folder.FullName}/nowhere")).ShouldContain("nowhere' does not exist");

    [Fact]
    public async Task An_unknown_policy_is_refused() => (await RefusedAsync("--CommandCenter:Policy=default-99")).ShouldContain("no deadline policy of version default-99");

    [Fact]
    public async Task A_channel_that_the_notice_plan_never_names_is_refused()
    {
        var message = await RefusedAsync(
            "--CommandCenter:NoticeChannels:0:Name=smss", "--CommandCenter:NoticeChannels:0:Kind=sms", "--CommandCenter:NoticeChannels:0:Url=https://example.org/hook",
            $"--CommandCenter:NoticeChannels:0:Secret=whsec_{Convert.ToBase64String(new byte[32])}");

        message.ShouldContain("never names the channel smss");
        message.ShouldEndWith("It names chat, sms.");
    }

    [Fact]
    public async Task A_missing_policy_folder_is_refused() => (await RefusedAsync($"--CommandCenter:Policies={_folder.FullName}/nowhere")).ShouldContain("nowhere");

    [Fact]
    public async Task A_policy_that_would_leave_a_case_without_a_deadline_is_refused_with_its_file()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "empty.json"), """{"version":"empty","rules":[]}""");

        var message = await RefusedAsync($"--CommandCenter:Policies={_folder.FullName}", "--CommandCenter:Policy=empty");

        message.ShouldContain("empty.json");
        message.ShouldContain("has 0 rules instead of one");
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=town;Password=secret-word;Database=town;Timeout=2")]
    [InlineData("Host=nowhere.invalid;Username=town;Password=secret-word;Database=town;Timeout=2")]
    [InlineData("this is no connection string with secret-word")]
    [InlineData("Colour=red;Password=secret-word")]
    [InlineData("Host=127.0.0.1;Port=many;Password=secret-word")]
    [InlineData("Host=127.0.0.1;Port=99999999999;Password=secret-word")]
    [InlineData("Username=town;Password=secret-word")]
    [InlineData("Host=127.0.0.1;Username=town;Password=secret-word;Minimum Pool Size=9;Maximum Pool Size=2")]
    [InlineData("Host=/nowhere;Username=town;Password=secret-word;Database=town;Timeout=2")]
    public async Task A_database_that_cannot_be_opened_is_named_as_what_to_check_without_its_password(string connectionString)
    {
        var message = await RefusedAsync($"--ConnectionStrings:CommandCenter={connectionString}");

        message.ShouldContain("ConnectionStrings__CommandCenter");
        message.ShouldNotContain("secret-word");
        message.ShouldNotContain("\n");
    }

    [Fact]
    public async Task A_server_that_is_too_old_is_refused()
    {
        using var old = new TcpListener(IPAddress.Loopback, 0);
        old.Start();
        var answering = AnswerAsPostgres14Async(old);
        var port = ((IPEndPoint)old.LocalEndpoint).Port;

        // Without its types, because this server only greets.
        var message = await RefusedAsync(string.Create(
            CultureInfo.InvariantCulture, $"--ConnectionStrings:CommandCenter=Host=127.0.0.1;Port={port};Username=town;Database=town;SSL Mode=Disable;GSS Encryption Mode=Disable;Server Compatibility Mode=NoTypeLoading"));

        message.ShouldBe("PostgreSQL 14.2 is too old: the event log needs PostgreSQL 15 or later.");
        await answering;
    }

    private static async Task AnswerAsPostgres14Async(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        var length = new byte[4];
        await stream.ReadExactlyAsync(length);
        await stream.ReadExactlyAsync(new byte[System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(length) - 4]);
        await stream.WriteAsync((byte[])
        [
            .. "R\0\0\0\u0008\0\0\0\0"u8, .. "S\0\0\0\u0018server_version\014.2\0"u8, .. "K\0\0\0\u000c\0\0\0\u0001\0\0\0\u0001"u8, .. "Z\0\0\0\u0005I"u8,
        ]);
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused()
    {
        var server = await TestPostgres.Server(TestPostgres.AvailableMajors[^1]);
        var connectionString = await server.CreateDatabaseAsync();
        await using (var database = NpgsqlDataSource.Create(connectionString))
        {
            await SchemaInstaller.InstallAsync(database);
            await using var command = database.CreateCommand($"insert into cc_schema (version) values ({SchemaInstaller.Version + 1})");
            await command.ExecuteNonQueryAsync();
        }

        (await RefusedAsync($"--ConnectionStrings:CommandCenter={connectionString}")).ShouldContain("start a newer program");

        await server.DropDatabaseAsync(connectionString);
    }

    [Fact]
    public async Task A_data_folder_of_another_town_is_refused()
    {
        await using var town = await Town.StartAsync();
        (await town.As(People.GridWorker).ReportAsync(Town.AReport())).Status.ShouldBe(201);
        await town.CaughtUpAsync();

        var message = await RefusedForKeysAsync($"--ConnectionStrings:CommandCenter={town.ConnectionString}");

        message.ShouldContain("does not belong to this database");
        message.ShouldContain("CommandCenter__DataFolder");
    }

    [Fact]
    public async Task A_wrong_password_is_one_line_that_does_not_say_it()
    {
        var server = await TestPostgres.Server(TestPostgres.AvailableMajors[^1]);
        var right = await server.CreateDatabaseAsync();
        var wrong = new NpgsqlConnectionStringBuilder(right) { Password = "secret-word" }.ConnectionString;

        await using var host = await HostProcess.StartAsync("--urls=http://127.0.0.1:0", $"--CommandCenter:DataFolder={_folder.FullName}", $"--ConnectionStrings:CommandCenter={wrong}");

        (await host.ExitCodeAsync()).ShouldBe(2);
        host.Output.ShouldContain("ConnectionStrings__CommandCenter");
        host.Output.ShouldNotContain("secret-word");
        host.Output.Trim().Split('\n').ShouldHaveSingleItem();
        await server.DropDatabaseAsync(right);
    }

    [Fact]
    public async Task A_user_who_may_only_read_and_write_starts_on_a_schema_that_is_there()
    {
        await using var town = await Town.StartAsync();
        await town.StopAsync();
        var role = $"writer_{Guid.NewGuid():N}";
        var database = new NpgsqlConnectionStringBuilder(town.ConnectionString).Database;
        foreach (var sql in (string[])
        [
            $"create role {role} login password 'a-writer'",
            "revoke create on schema public from public",
            $"grant connect on database {database} to {role}",
            $"grant usage on schema public to {role}",
            $"grant select, insert, update, delete on all tables in schema public to {role}",
            $"grant usage, update on sequence mt_events_sequence to {role}",
        ])
            await RunAsync(town.Database, sql);
        var asWriter = new NpgsqlConnectionStringBuilder(town.ConnectionString) { Username = role, Password = "a-writer" }.ConnectionString;

        await using (var host = await HostProcess.StartListeningAsync("--urls=http://127.0.0.1:0", $"--CommandCenter:DataFolder={town.DataFolder}", $"--ConnectionStrings:CommandCenter={asWriter}"))
        {
            using var http = new HttpClient { BaseAddress = host.Address };
            (await new TownClient(http, People.GridWorker).ReportAsync(Town.AReport())).Status.ShouldBe(201);
            await Town.UntilAsync(async () => await town.AskAsync<long>("select count(*) from board_cases_v1") == 1, "the read tables have it");
        }

        await RunAsync(town.Database, $"drop owned by {role}");
        await RunAsync(town.Database, $"drop role {role}");
    }

    [Fact]
    public async Task Nodes_may_start_at_once_on_an_empty_database()
    {
        var server = await TestPostgres.Server(TestPostgres.AvailableMajors[^1]);
        var connectionString = await server.CreateDatabaseAsync();
        string[] arguments = ["--urls=http://127.0.0.1:0", $"--ConnectionStrings:CommandCenter={connectionString}", $"--CommandCenter:DataFolder={_folder.FullName}", "--Logging:LogLevel:Default=Warning"];

        var nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => CommandCenterHost.BuildAsync(arguments, TimeProvider.System))));

        foreach (var node in nodes)
            await node.DisposeAsync();
        await using (var database = NpgsqlDataSource.Create(connectionString))
        await using (var command = database.CreateCommand("select count(*) from mt_events where type = 'people_changed'"))
            (await command.ExecuteScalarAsync()).ShouldBe(1L, "one of them took the organization in, once");
        await server.DropDatabaseAsync(connectionString);
    }

    [Fact]
    public async Task The_epoch_is_raised_only_while_no_host_runs_and_the_town_goes_on_in_it()
    {
        await using var town = await Town.StartAsync();
        (await town.As(People.GridWorker).ReportAsync(Town.AReport())).Status.ShouldBe(201);
        await town.CaughtUpAsync();
        string[] arguments = ["raise-epoch", $"--ConnectionStrings:CommandCenter={town.ConnectionString}", $"--CommandCenter:DataFolder={town.DataFolder}"];

        await using (var refused = await HostProcess.StartAsync(arguments))
        {
            (await refused.ExitCodeAsync()).ShouldBe(2);
            refused.Output.Trim().ShouldBe("A command center runs on this database. Stop every one of them before the epoch is raised.");
        }

        await town.StopAsync();
        await using (var raised = await HostProcess.StartAsync(arguments))
        {
            (await raised.ExitCodeAsync()).ShouldBe(0, raised.Output);
            raised.Output.Trim().ShouldBe("The epoch is 2 now.");
        }

        await town.StartAgainAsync();
        (await town.As(People.GridWorker).ReportAsync(Town.AReport())).Status.ShouldBe(201);
        await town.CaughtUpAsync();
        (await town.AskAsync<long>("select count(*) from board_cases_v1")).ShouldBe(2);
        (await town.AskAsync<int>("select epoch from cc_log")).ShouldBe(2);
    }

    [Fact]
    public async Task The_program_says_it_in_one_line_and_ends_with_a_code_of_its_own()
    {
        await using var host = await HostProcess.StartAsync("--urls=http://0.0.0.0:5080", $"--CommandCenter:DataFolder={_folder.FullName}");

        (await host.ExitCodeAsync()).ShouldBe(2);
        host.Output.ShouldContain("there is no sign-in yet");
        host.Output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Live_and_ready_answer_and_ready_says_what_it_hangs_on()
    {
        await using var town = await Town.StartAsync();
        (await town.As(null).GetAsync("/health/live")).Ok<HealthView>().State.ShouldBe("ok");

        var ready = (await town.As(null).GetAsync("/health/ready")).Ok<HealthView>();

        ready.Checks.Select(check => check.Name).ShouldBe(["schema", "database", "append", "organization", "policy", "board", "meetings", "follow", "board_cases_v1", "board_meetings_v1", "board_tasks_v1", "board_whistles_v1", "board_agendas_v1", "board_listings_v1", "board_reviews_v1", "inbox_notices_v2", "statistics_cases_v1", "coverage", "timers", "outbox"]);
        ready.Checks.Where(check => check.Name != "timers").ShouldAllBe(check => check.State == "ok");

        // A timer whose handler never succeeds, as one of a saga that this program does not know.
        await RunAsync(town.Database, $"insert into cc_timers (saga, saga_id, name, attempt, due_at) values ('unknown', 'x', 'due', 1, '{town.Clock.GetUtcNow():O}')");
        town.Clock.Advance(TimeSpan.FromMinutes(3));
        await Town.UntilAsync(
            async () => (await town.As(null).GetAsync("/health/ready")).Ok<HealthView>().Checks.Single(check => check.Name == "timers").Detail == "A timer that came due 180 s ago was not handled.",
            "the late timer is seen");
    }

    [Fact]
    public async Task Without_its_database_the_host_lives_but_is_not_ready_and_says_so_to_callers()
    {
        await using var town = await Town.StartAsync();
        var name = new NpgsqlConnectionStringBuilder(town.ConnectionString).Database;
        await using var admin = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(town.ConnectionString) { Database = "postgres" });
        await RunAsync(admin, $"alter database {name} allow_connections false");
        await RunAsync(admin, $"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{name}'");

        (await town.As(null).GetAsync("/health/live")).Status.ShouldBe(200);
        var ready = await town.As(null).GetAsync("/health/ready");
        ready.Status.ShouldBe(503, ready.Text);
        ready.Text.ShouldContain("The database does not answer.");
        var refused = await town.As(People.GridWorker).ReportAsync(Town.AReport());
        refused.Problem(503, "log.unavailable");
        refused.Message.Headers.RetryAfter.ShouldNotBeNull();

        await RunAsync(admin, $"alter database {name} allow_connections true");
        await Town.UntilAsync(async () => (await town.As(null).GetAsync("/health/ready")).Status == 200, "the host finds its database again");
        (await town.As(People.GridWorker).ReportAsync(Town.AReport())).Status.ShouldBe(201);
        await town.CaughtUpAsync();
    }

    private async Task<string> RefusedAsync(params string[] arguments) => (await Should.ThrowAsync<StartRefusedException>(() => BuildAsync(arguments))).Message;

    // The folder counts at the first start only, when the database has no organization yet.
    private async Task<string> RefusedOnAnEmptyDatabaseAsync(params string[] arguments)
    {
        var server = await TestPostgres.Server(TestPostgres.AvailableMajors[^1]);
        var connectionString = await server.CreateDatabaseAsync();
        var message = await RefusedAsync([.. arguments, $"--ConnectionStrings:CommandCenter={connectionString}"]);
        await server.DropDatabaseAsync(connectionString);
        return message;
    }

    private async Task<string> RefusedForKeysAsync(params string[] arguments) => (await Should.ThrowAsync<KeyStoreException>(() => BuildAsync(arguments))).Message;

    private Task<CommandCenterHost> BuildAsync(string[] arguments)
    {
        // What a test does not speak of must not be what the host stumbles over.
        string[] all = [.. arguments, .. arguments.Any(a => a.StartsWith("--urls", StringComparison.Ordinal)) ? [] : (string[])["--urls=http://127.0.0.1:0"], $"--CommandCenter:DataFolder={_folder.FullName}"];
        return CommandCenterHost.BuildAsync(all, TimeProvider.System);
    }

    private static async Task RunAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
