using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CommandCenter.Host.LocalPostgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CommandCenter.Testing.Postgres;

/// <summary>
/// A PostgreSQL for tests: one server per major version and test process, made in the temporary folder at first use and
/// removed at exit; what a killed test process left behind is removed by the next one.
/// </summary>
public sealed class TestPostgres
{
    private static readonly Lazy<IReadOnlyList<PostgresBinaries>> Binaries = new(
        () => Task.Run(() => PostgresBinaries.FindAllAsync(new PrivatePostgresOptions
        {
            DataFolder = Path.Combine(Root, "programs"),
        })).GetAwaiter().GetResult());

    private static readonly ConcurrentDictionary<(int Major, bool Durable), Lazy<Task<TestPostgres>>> Servers = new();
    private static readonly Lazy<Task> LeftoversRemoved = new(RemoveLeftoversAsync);

    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _templates = new();
    private readonly PrivatePostgres _server;
    private int _databases;

    private TestPostgres(PrivatePostgres server) => _server = server;

    /// <summary>The oldest and the newest major that the product promises to work with.</summary>
    public static IReadOnlyList<int> PromisedMajors { get; } = [15, 18];

    /// <summary>Major versions whose programs are on this machine.</summary>
    public static IReadOnlyList<int> AvailableMajors => [.. Binaries.Value.Select(b => b.Major).Distinct().Order()];

    /// <summary>Null when tests on this major version can run, else what is missing.</summary>
    public static string? WhyNot(int major) => AvailableMajors.Contains(major)
        ? null
        : $"PostgreSQL {major} is not on this machine: " +
          (major == 18 ? "run `npm ci --prefix ops/postgres`." : $"install the Debian package postgresql-{major}.");

    public int Major => _server.Major;

    /// <summary>Opens the server's first database; tests that share a server should make their own.</summary>
    public string ConnectionString => _server.ConnectionString;

    /// <summary>The shared server of this process. It does not flush to disk unless it is asked to be durable.</summary>
    public static Task<TestPostgres> Server(int major, bool durable = false) =>
        Servers.GetOrAdd((major, durable), key => new Lazy<Task<TestPostgres>>(() => Task.Run(() => StartAsync(key.Major, key.Durable)))).Value;

    /// <summary>A fresh database, empty or a copy of a template; returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync($"create database {name} template {template ?? "template0"}");
        return _server.ConnectionStringTo(name);
    }

    /// <summary>Makes a template once per server, filled by the first caller; returns its name for <see cref="CreateDatabaseAsync"/>.</summary>
    public Task<string> TemplateAsync(string key, Func<string, Task> fill) =>
        _templates.GetOrAdd(key, k => new Lazy<Task<string>>(() => FillTemplateAsync(fill))).Value;

    public async Task DropDatabaseAsync(string connectionString)
    {
        await using (var connection = new NpgsqlConnection(connectionString))
            NpgsqlConnection.ClearPool(connection);
        await ExecuteAsync($"drop database {new NpgsqlConnectionStringBuilder(connectionString).Database} with (force)");
    }

    private async Task<string> FillTemplateAsync(Func<string, Task> fill)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"template_{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync($"create database {name} template template0");
        var connectionString = _server.ConnectionStringTo(name);
        await fill(connectionString);
        // A database is copied only while nobody is connected to it, and pools keep connections.
        await using (var connection = new NpgsqlConnection(connectionString))
            NpgsqlConnection.ClearPool(connection);
        await ExecuteAsync($"alter database {name} allow_connections false");
        await ExecuteAsync($"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{name}'");
        return name;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_server.ConnectionStringTo("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<TestPostgres> StartAsync(int major, bool durable)
    {
        if (WhyNot(major) is { } reason)
            throw new InvalidOperationException(reason);
        await LeftoversRemoved.Value;
        var folder = Path.Combine(Root, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{major}{(durable ? "-durable" : "")}"));
        // The number of this process may have been another's before.
        await PrivatePostgres.TryRemoveAsync(folder);
        var server = await PrivatePostgres.StartAsync(
            new PrivatePostgresOptions
            {
                DataFolder = folder,
                Major = major,
                Throwaway = !durable,
                BinariesCopyFolder = Path.Combine(Root, "programs"),
            },
            NullLogger.Instance);
        RemoveAfterThisProcess(folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Task.Run(async () =>
        {
            await server.DisposeAsync();
            await PrivatePostgres.TryRemoveAsync(folder);
        }).GetAwaiter().GetResult();
        return new TestPostgres(server);
    }

    /// <summary>Test runners kill their test process some 100 ms after it is done, so another process has to look after the server.</summary>
    private static void RemoveAfterThisProcess(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        const string script = """
            exec </dev/null >/dev/null 2>&1
            trap '' INT HUP
            gone=
            trap 'gone=1' TERM
            while [ -z "$gone" ] && kill -0 "$1"; do sleep 0.2; done
            for file in "$2"/postgres-*/postmaster.pid; do
              [ -f "$file" ] || continue
              read -r server <"$file"
              if [ -d /proc/self ] && ! grep -q postgres "/proc/$server/comm"; then continue; fi
              kill -QUIT "$server"
              for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
                [ -f "$file" ] || break
                sleep 0.1
              done
            done
            rm -rf "$2"
            """;
        using var watcher = Process.Start("sh", ["-c", script, "sh", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), folder]);
    }

    private static string Root
    {
        get
        {
            var root = Path.Combine(Path.GetTempPath(), $"town-command-center-tests-{Environment.UserName}");
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(root);
            else
                Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
            return root;
        }
    }

    private static async Task RemoveLeftoversAsync()
    {
        foreach (var folder in Directory.GetDirectories(Root))
            if (int.TryParse(Path.GetFileName(folder).Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var owner) && !Lives(owner))
                await PrivatePostgres.TryRemoveAsync(folder);
    }

    private static bool Lives(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
