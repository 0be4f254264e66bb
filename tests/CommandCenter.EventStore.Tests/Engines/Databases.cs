using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace CommandCenter.EventStore.Tests;

/// <summary>Databases with the event log's schema, each test its own.</summary>
public static class Databases
{
    private static readonly Lazy<Task<string>> Server = new(StartAsync);
    private static int _created;

    public static IReadOnlyList<int> AvailableMajors { get; } = [.. new[] { 15, 18 }.Where(major => Directory.Exists($"/usr/lib/postgresql/{major}/bin"))];

    /// <summary>The connection string of a new database; empty, or with the schema.</summary>
    public static async Task<string> CreateAsync(int major, bool withSchema = true)
    {
        if (major != 15)
            throw new NotSupportedException($"PostgreSQL {major} is not installed here.");
        var server = await Server.Value;
        var name = $"t{Interlocked.Increment(ref _created)}";
        await using var admin = new NpgsqlConnection(server);
        await admin.OpenAsync();
        await using var create = new NpgsqlCommand($"create database {name} template {(withSchema ? "with_schema" : "template0")}", admin);
        await create.ExecuteNonQueryAsync();
        return PostgresEventLogOptions.Tune(new NpgsqlConnectionStringBuilder(server) { Database = name, Pooling = true, MaxPoolSize = 40 }.ConnectionString);
    }

    private static async Task<string> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("event-store-tests-").FullName;
        var bin = "/usr/lib/postgresql/15/bin";
        await RunAsync("chown", "postgres", folder);
        await RunAsync("setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups", $"{bin}/initdb", "-D", $"{folder}/data", "-U", "postgres", "-A", "trust", "--locale=C.UTF-8", "-N");
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        await RunAsync("setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups", $"{bin}/pg_ctl", "-D", $"{folder}/data", "-w", "-l", $"{folder}/log",
            "-o", $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=300", "start");
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            RunAsync("setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups", $"{bin}/pg_ctl", "-D", $"{folder}/data", "-m", "immediate", "stop").Wait();
            Directory.Delete(folder, recursive: true);
        };
        var server = $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Pooling=false";
        await using var admin = new NpgsqlConnection(server);
        await admin.OpenAsync();
        await using var create = new NpgsqlCommand("create database with_schema template template0", admin);
        await create.ExecuteNonQueryAsync();
        await using var template = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server) { Database = "with_schema" }.ConnectionString);
        await SchemaInstaller.InstallAsync(template);
        return server;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", program, .. arguments]))!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
