using System.Diagnostics;
using System.Globalization;
using CommandCenter.Host.LocalPostgres;
using CommandCenter.Testing.Postgres;
using Npgsql;

namespace CommandCenter.Host.Tests.LocalPostgres;

public sealed class PrivatePostgresTests : PrivatePostgresFolder
{
    [PostgresFact(Major = 15)]
    public Task Answers_on_postgresql_15_in_aFolder_with_a_space_and_chinese_characters() => AnswersOn(15);

    [PostgresFact(Major = 18)]
    public Task Answers_on_postgresql_18_in_aFolder_with_a_space_and_chinese_characters() => AnswersOn(18);

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
            File.GetUnixFileMode(Path.Combine(Folder, "postgres-password")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
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
        await GoneAsync(process);

        await using var second = await StartAsync();
        second.Adopted.ShouldBeFalse();
        (await AskAsync(second, "select word from t")).ShouldBe("网格员");
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
        var cluster = Directory.CreateDirectory(Path.Combine(Folder, "postgres-99")).FullName;
        await File.WriteAllTextAsync(Path.Combine(cluster, "PG_VERSION"), "99\n");

        var refusal = await Should.ThrowAsync<LocalPostgresException>(() => StartAsync());

        refusal.Message.ShouldContain("holds a town of PostgreSQL 99");
        refusal.Message.ShouldContain("Install PostgreSQL 99");
        Directory.GetDirectories(Folder, "postgres-*").ShouldBe([cluster]);
    }

    [Fact]
    public async Task An_empty_password_of_a_first_start_cut_short_blocks_no_later_one()
    {
        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(Path.Combine(Folder, "postgres-password"), "");

        await using (var server = await StartAsync())
            (await AskAsync(server, "select 1")).ShouldBe("1");

        (await File.ReadAllTextAsync(Path.Combine(Folder, "postgres-password"))).Length.ShouldBe(48);
        Directory.GetFiles(Folder, "*.tmp").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_town_whose_password_is_missing_says_which_file_to_put_back()
    {
        await using (await StartAsync()) { }
        File.Delete(Path.Combine(Folder, "postgres-password"));

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
    public async Task Programs_in_aFolder_closed_to_the_servers_user_are_copied()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return;
        var npm = (await PostgresBinaries.FindAllAsync(Options with { Sources = PostgresSources.Npm }))[0].Folder;
        var closed = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(Folder)!, "closed"), (UnixFileMode)Convert.ToInt32("700", 8)).FullName;
        using (var copy = Process.Start("cp", ["-a", Path.GetDirectoryName(npm)!, Path.Combine(closed, "native")]))
            await copy.WaitForExitAsync();

        await using var server = await StartAsync(Options with { BinariesFolder = Path.Combine(closed, "native") });
        (await AskAsync(server, "select 1")).ShouldBe("1");
        Directory.Exists(Path.Combine(Folder, "binaries", server.Version, "bin")).ShouldBeTrue();
    }

    [Fact]
    public async Task The_server_never_runs_as_root()
    {
        await using var server = await StartAsync();
        var status = await File.ReadAllLinesAsync($"/proc/{server.ProcessId}/status");
        var uids = status.Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1..];
        uids.ShouldNotContain("0");
    }
}
