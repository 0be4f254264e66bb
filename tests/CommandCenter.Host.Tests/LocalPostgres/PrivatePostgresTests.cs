using System.Diagnostics;
using System.Globalization;
using CommandCenter.Host.LocalPostgres;
using CommandCenter.Testing.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CommandCenter.Host.Tests.LocalPostgres;

public sealed class PrivatePostgresTests : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("private-postgres-").FullName, "镇街 指挥中心");

    public Task InitializeAsync()
    {
        // Folders for temporary files are made for their owner alone; the server may be another user.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.GetDirectoryName(_folder)!, (UnixFileMode)Convert.ToInt32("711", 8));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        (await PrivatePostgres.TryRemoveAsync(_folder)).ShouldBeTrue();
        Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);
    }

    [PostgresFact(Major = 15)]
    public Task Answers_on_postgresql_15_in_a_folder_with_a_space_and_chinese_characters() => AnswersOn(15);

    [PostgresFact(Major = 18)]
    public Task Answers_on_postgresql_18_in_a_folder_with_a_space_and_chinese_characters() => AnswersOn(18);

    private async Task AnswersOn(int major)
    {
        await using var server = await StartAsync(Options with { Major = major });

        server.Major.ShouldBe(major);
        (await AskAsync(server, "select 1")).ShouldBe("1");
        (await AskAsync(server, "select current_setting('server_version_num')::int / 10000")).ShouldBe(major.ToString(CultureInfo.InvariantCulture));
        (await AskAsync(server, "show server_encoding")).ShouldBe("UTF8");
        (await AskAsync(server, "show fsync")).ShouldBe("on");
        (await AskAsync(server, "show synchronous_commit")).ShouldBe("on");
        (await AskAsync(server, "show full_page_writes")).ShouldBe("on");
        (await AskAsync(server, "show data_checksums")).ShouldBe("on");
        (await AskAsync(server, "show listen_addresses")).ShouldBe("127.0.0.1");
        (await AskAsync(server, "show unix_socket_directories")).ShouldBe("");
    }

    [Fact]
    public async Task Refuses_a_wrong_password_and_keeps_the_right_one_to_its_user()
    {
        await using var server = await StartAsync();

        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "wrong", Pooling = false };
        await using var connection = new NpgsqlConnection(wrong.ConnectionString);
        (await Should.ThrowAsync<PostgresException>(() => connection.OpenAsync())).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Path.Combine(_folder, "postgres-password")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Keeps_its_data_over_a_stop_and_leaves_no_process()
    {
        int process;
        await using (var first = await StartAsync())
        {
            process = first.ProcessId;
            await AskAsync(first, "create table t as select '网格员' as word; select 1");
        }
        Lives(process).ShouldBeFalse();

        await using var second = await StartAsync();
        second.Adopted.ShouldBeFalse();
        (await AskAsync(second, "select word from t")).ShouldBe("网格员");
    }

    [Fact]
    public async Task A_second_host_on_the_same_folder_is_told_who_holds_it()
    {
        await using var first = await StartAsync();

        var refusal = await Should.ThrowAsync<LocalPostgresException>(() => StartAsync());

        refusal.Message.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} "));
        refusal.Message.ShouldContain(_folder);
        refusal.Message.ShouldContain("CommandCenter__DataFolder");
        (await AskAsync(first, "select 1")).ShouldBe("1");
    }

    [Fact]
    public async Task A_killed_host_leaves_a_server_that_the_next_host_takes_over()
    {
        using var owner = await OwnerAsync();
        var server = ServerProcess();
        owner.Kill();
        await owner.WaitForExitAsync();
        Lives(server).ShouldBeTrue();

        await using (var next = await StartAsync())
        {
            next.Adopted.ShouldBeTrue();
            next.ProcessId.ShouldBe(server);
            (await AskAsync(next, "select 1")).ShouldBe("1");
        }
        // An adopted server is nobody's child: its end is seen by its files, which go a moment before it does.
        await Towns.Town.UntilAsync(() => Task.FromResult(!Lives(server)), "the server is gone");
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public async Task A_host_ended_by_a_signal_before_it_runs_leaves_no_server(string signal, int exitCode)
    {
        using var owner = await OwnerAsync();
        var server = ServerProcess();

        using (var kill = Process.Start("kill", [$"-{signal}", owner.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await owner.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));

        owner.ExitCode.ShouldBe(exitCode);
        Lives(server).ShouldBeFalse();
        File.Exists(Path.Combine(Cluster(), "postmaster.pid")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_host_and_a_server_killed_together_recover_at_the_next_start()
    {
        using var owner = await OwnerAsync();
        await using (var connection = new NpgsqlConnection(_ownersConnectionString + ";Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("create table t as select 7 as n", connection);
            await command.ExecuteNonQueryAsync();
        }
        owner.Kill();
        await owner.WaitForExitAsync();
        Kill(ServerProcess());

        await using var next = await StartAsync();
        next.Adopted.ShouldBeFalse();
        (await AskAsync(next, "select n from t")).ShouldBe("7");
    }

    [Fact]
    public async Task A_file_naming_a_process_that_is_no_server_does_not_prevent_the_start()
    {
        await using (await StartAsync()) { }
        // After a restart of a container the old number is often that of some other program.
        await File.WriteAllTextAsync(Path.Combine(Cluster(), "postmaster.pid"),
            string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n{Cluster()}\n1700000000\n5432\n\n127.0.0.1\n 1 1\nready\n"));

        await using var next = await StartAsync();
        (await AskAsync(next, "select 1")).ShouldBe("1");
    }

    [Fact]
    public async Task A_server_killed_under_a_living_host_is_started_again_on_the_same_port()
    {
        await using var server = await StartAsync();
        await AskAsync(server, "create table t as select 7 as n; select 1");
        var killed = server.ProcessId;
        Kill(killed);

        string? answer = null;
        for (var tries = 0; answer is null && tries < 300; tries++)
        {
            await Task.Delay(100);
            try
            {
                answer = await AskAsync(server, "select n from t");
            }
            catch (NpgsqlException) when (tries < 299)
            {
                continue;
            }
        }
        answer.ShouldBe("7");
        server.ProcessId.ShouldNotBe(killed);
    }

    [PostgresFact(Major = 15)]
    public async Task A_town_of_an_older_major_goes_on_with_that_major()
    {
        await using (var old = await StartAsync(Options with { Major = 15 }))
            await AskAsync(old, "create table t as select 7 as n; select 1");

        await using var now = await StartAsync();
        now.Major.ShouldBe(15);
        (await AskAsync(now, "select n from t")).ShouldBe("7");
    }

    [Fact]
    public async Task A_town_whose_major_is_missing_is_not_replaced_by_an_empty_one()
    {
        var cluster = Directory.CreateDirectory(Path.Combine(_folder, "postgres-99")).FullName;
        await File.WriteAllTextAsync(Path.Combine(cluster, "PG_VERSION"), "99\n");

        var refusal = await Should.ThrowAsync<LocalPostgresException>(() => StartAsync());

        refusal.Message.ShouldContain("holds a town of PostgreSQL 99");
        refusal.Message.ShouldContain("Install PostgreSQL 99");
        Directory.GetDirectories(_folder, "postgres-*").ShouldBe([cluster]);
    }

    [Fact]
    public async Task An_empty_password_of_a_first_start_cut_short_blocks_no_later_one()
    {
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "postgres-password"), "");

        await using (var server = await StartAsync())
            (await AskAsync(server, "select 1")).ShouldBe("1");

        (await File.ReadAllTextAsync(Path.Combine(_folder, "postgres-password"))).Length.ShouldBe(48);
        Directory.GetFiles(_folder, "*.tmp").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_town_whose_password_is_missing_says_which_file_to_put_back()
    {
        await using (await StartAsync()) { }
        File.Delete(Path.Combine(_folder, "postgres-password"));

        (await Should.ThrowAsync<LocalPostgresException>(() => StartAsync())).Message.ShouldContain("postgres-password is missing");
    }

    [Fact]
    public async Task Without_programs_it_says_how_to_get_some()
    {
        var refusal = await Should.ThrowAsync<LocalPostgresException>(() => StartAsync(Options with { Sources = PostgresSources.None }));

        refusal.Message.ShouldContain("npm ci --prefix ops/postgres");
        refusal.Message.ShouldContain("Debian package postgresql");
        refusal.Message.ShouldContain("ConnectionStrings__CommandCenter");
    }

    [PostgresFact(Major = 18)]
    public async Task Runs_the_programs_of_the_npm_package_alone()
    {
        await using var server = await StartAsync(Options with { Sources = PostgresSources.Npm });
        server.Major.ShouldBe(18);
        (await AskAsync(server, "select 1")).ShouldBe("1");
        (await AskAsync(server, "create extension pg_trgm; create extension btree_gist; select 1")).ShouldBe("1");
    }

    [PostgresFact(Major = 18)]
    public async Task Programs_in_a_folder_closed_to_the_servers_user_are_copied()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return;
        var npm = (await PostgresBinaries.FindAllAsync(Options with { Sources = PostgresSources.Npm }))[0].Folder;
        var closed = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_folder)!, "closed"), (UnixFileMode)Convert.ToInt32("700", 8)).FullName;
        using (var copy = Process.Start("cp", ["-a", Path.GetDirectoryName(npm)!, Path.Combine(closed, "native")]))
            await copy.WaitForExitAsync();

        await using var server = await StartAsync(Options with { BinariesFolder = Path.Combine(closed, "native") });
        (await AskAsync(server, "select 1")).ShouldBe("1");
        Directory.Exists(Path.Combine(_folder, "binaries", server.Version, "bin")).ShouldBeTrue();
    }

    [Fact]
    public async Task The_server_never_runs_as_root()
    {
        await using var server = await StartAsync();
        var status = await File.ReadAllLinesAsync($"/proc/{server.ProcessId}/status");
        var uids = status.Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1..];
        uids.ShouldNotContain("0");
    }

    private PrivatePostgresOptions Options => new() { DataFolder = _folder };

    private Task<PrivatePostgres> StartAsync(PrivatePostgresOptions? options = null) =>
        PrivatePostgres.StartAsync(options ?? Options, NullLogger.Instance);

    private string? _ownersConnectionString;

    private async Task<Process> OwnerAsync()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(PostgresOwner).Assembly.Location);
        start.ArgumentList.Add(_folder);
        var owner = Process.Start(start)!;
        _ownersConnectionString = await owner.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(5));
        _ownersConnectionString.ShouldNotBeNull();
        return owner;
    }

    private string Cluster() => Directory.GetDirectories(_folder, "postgres-*").Single();

    private int ServerProcess() =>
        int.Parse(File.ReadLines(Path.Combine(Cluster(), "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    private static async Task<string> AskAsync(PrivatePostgres server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture)!;
    }

    private static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
        process.WaitForExit();
    }

    private static bool Lives(int processId) =>
        File.Exists($"/proc/{processId}/stat") && !File.ReadAllText($"/proc/{processId}/stat").Contains(") Z ", StringComparison.Ordinal);
}
