using System.Diagnostics;
using System.Globalization;
using CommandCenter.Host.LocalPostgres;
using Npgsql;

namespace CommandCenter.Host.Tests.LocalPostgres;

/// <summary>Hosts and servers that are killed or ended, alone or together.</summary>
public sealed class PrivatePostgresCrashTests : PrivatePostgresFolder
{
    [Fact]
    public async Task A_second_host_on_the_sameFolder_is_told_who_holds_it()
    {
        await using var first = await StartAsync();

        var refusal = await Should.ThrowAsync<LocalPostgresException>(() => StartAsync());

        refusal.Message.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} "));
        refusal.Message.ShouldContain(Folder);
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
        await GoneAsync(server);
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
        await GoneAsync(server);
        File.Exists(Path.Combine(Cluster(), "postmaster.pid")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_host_and_a_server_killed_together_recover_at_the_next_start()
    {
        using var owner = await OwnerAsync();
        await using (var connection = new NpgsqlConnection(OwnersConnectionString + ";Pooling=false"))
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
}
