using System.Diagnostics;
using System.Globalization;
using CommandCenter.Host.LocalPostgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CommandCenter.Host.Tests.LocalPostgres;

/// <summary>A folder for a private server, taken away after the test with what is in it.</summary>
public abstract class PrivatePostgresFolder : IAsyncLifetime
{
    protected string Folder { get; } = Path.Combine(Directory.CreateTempSubdirectory("private-postgres-").FullName, "镇街 指挥中心");

    public Task InitializeAsync()
    {
        // Folders for temporary files are made for their owner alone; the server may be another user.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.GetDirectoryName(Folder)!, (UnixFileMode)Convert.ToInt32("711", 8));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        (await PrivatePostgres.TryRemoveAsync(Folder)).ShouldBeTrue();
        Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
    }

    protected PrivatePostgresOptions Options => new() { DataFolder = Folder };

    protected Task<PrivatePostgres> StartAsync(PrivatePostgresOptions? options = null) =>
        PrivatePostgres.StartAsync(options ?? Options, NullLogger.Instance);

    protected string? OwnersConnectionString { get; private set; }

    protected async Task<Process> OwnerAsync()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(PostgresOwner).Assembly.Location);
        start.ArgumentList.Add(Folder);
        var owner = Process.Start(start)!;
        OwnersConnectionString = await owner.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(5));
        OwnersConnectionString.ShouldNotBeNull();
        return owner;
    }

    protected string Cluster() => Directory.GetDirectories(Folder, "postgres-*").Single();

    protected int ServerProcess() =>
        int.Parse(File.ReadLines(Path.Combine(Cluster(), "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    protected static async Task<string> AskAsync(PrivatePostgres server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture)!;
    }

    protected static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>A server that has taken its lock file away is still on its last steps.</summary>
    protected static Task GoneAsync(int processId) => Towns.Town.UntilAsync(() => Task.FromResult(!Lives(processId)), "the server is gone");

    protected static bool Lives(int processId) =>
        File.Exists($"/proc/{processId}/stat") && !File.ReadAllText($"/proc/{processId}/stat").Contains(") Z ", StringComparison.Ordinal);
}
