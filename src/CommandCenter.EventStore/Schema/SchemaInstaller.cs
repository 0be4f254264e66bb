using System.Globalization;
using System.Reflection;
using Npgsql;

namespace CommandCenter.EventStore;

/// <summary>Brings a database to the schema that this program knows. Safe to run on every start, and by several nodes at once.</summary>
public static class SchemaInstaller
{
    private const long InstallLock = 0x7473746F_696E7374;
    private const int OldestServer = 150000;

    /// <summary>The schema's version that this program knows: the number of its steps.</summary>
    public static int Version => Steps.Count;

    // Each step ran on some database once, so a released step is never edited: a change is a new step.
    private static IReadOnlyList<(int Number, string Resource)> Steps { get; } =
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Select(name => (Number: int.Parse(name.Split('.')[^2][..3], CultureInfo.InvariantCulture), Resource: name))
            .OrderBy(step => step.Number)];

    /// <summary>Runs the steps that the database lacks, all in one transaction, and returns how many there were.</summary>
    /// <exception cref="InvalidOperationException">The server is older than PostgreSQL 15, or the database has a newer schema than this program knows.</exception>
    public static Task<int> InstallAsync(NpgsqlDataSource dataSource, CancellationToken cancellation = default) => InstallAsync(dataSource, Version, cancellation);

    /// <summary>The same up to a version: the schema as a program of that time left it.</summary>
    internal static async Task<int> InstallAsync(NpgsqlDataSource dataSource, int version, CancellationToken cancellation = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        if (connection.PostgreSqlVersion.Major < OldestServer / 10000)
            throw new InvalidOperationException($"PostgreSQL {connection.PostgreSqlVersion} is too old: the event log needs PostgreSQL {OldestServer / 10000} or later.");

        // Looked for before anything is locked or made: on a complete schema a user who may create nothing can start.
        await using var look = new NpgsqlCommand("select to_regclass('cc_schema') is not null", connection);
        if ((bool)(await look.ExecuteScalarAsync(cancellation))! && await PresentAsync(connection, cancellation) >= version)
            return 0;

        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await RunAsync(connection, string.Create(CultureInfo.InvariantCulture, $"select pg_advisory_xact_lock({InstallLock})"), cancellation);
        // Before any table, as appends do: nothing is appended while the schema changes, and nobody waits in a circle.
        await RunAsync(connection, string.Create(CultureInfo.InvariantCulture, $"select pg_advisory_xact_lock({StoreLock.Key})"), cancellation);
        await RunAsync(connection, "create table if not exists cc_schema (version int not null, installed_at timestamptz not null default now(), constraint pk_cc_schema primary key (version))", cancellation);
        var present = await PresentAsync(connection, cancellation);
        var missing = Steps.Where(step => step.Number > present && step.Number <= version).ToList();
        foreach (var (number, resource) in missing)
        {
            await RunAsync(connection, await ReadAsync(resource, cancellation), cancellation);
            await RunAsync(connection, string.Create(CultureInfo.InvariantCulture, $"insert into cc_schema (version) values ({number})"), cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return missing.Count;
    }

    /// <summary>The database's schema version; null when it has none.</summary>
    public static async Task<int?> FindVersionAsync(NpgsqlDataSource dataSource, CancellationToken cancellation = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var look = new NpgsqlCommand("select to_regclass('cc_schema') is not null", connection);
        return (bool)(await look.ExecuteScalarAsync(cancellation))! ? await PresentAsync(connection, cancellation) : null;
    }

    private static async Task<int> PresentAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var ask = new NpgsqlCommand("select coalesce(max(version), 0) from cc_schema", connection);
        var present = (int)(await ask.ExecuteScalarAsync(cancellation))!;
        return present <= Version
            ? present
            : throw new InvalidOperationException($"The database has schema version {present}, this program knows {Version}: start a newer program on it.");
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        // An index on a log of years takes what it takes.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<string> ReadAsync(string resource, CancellationToken cancellation)
    {
        await using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellation);
    }
}
