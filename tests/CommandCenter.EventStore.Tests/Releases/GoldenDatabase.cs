using System.Security.Cryptography;
using System.Text;
using CommandCenter.Testing.Postgres;
using Npgsql;

namespace CommandCenter.EventStore.Tests.Releases;

/// <summary>
/// A database as a release left it: the rows of every table as SQL text, under a head that says which schema steps made its tables. <c>UPDATE_GOLDEN=1</c> records the newest one anew
/// where it is not what this program writes; once released it is frozen, and a change of the format raises <see cref="Newest"/>.
/// </summary>
internal sealed class GoldenDatabase
{
    /// <summary>The format that this program writes.</summary>
    public const int Newest = 1;

    private readonly string _sql;

    private GoldenDatabase(int format, string sql)
    {
        Format = format;
        _sql = sql;
        Head = TreeHead.TryParse(Lines("head").Single(), out var head) ? head : throw new FormatException($"Format {format} has no head.");
        Steps = Lines("step");
    }

    public static IReadOnlyList<GoldenDatabase> All =>
        [.. Enumerable.Range(1, Newest).Select(format => Find(format) ?? throw new FileNotFoundException($"There is no {PathOf(format)}. Record it on purpose with UPDATE_GOLDEN=1."))];

    public int Format { get; }

    /// <summary>Of the log, as it was printed when the database was recorded.</summary>
    public TreeHead Head { get; }

    /// <summary>The schema's steps with the hash of what they said.</summary>
    public IReadOnlyList<string> Steps { get; }

    /// <summary>This program's steps in the same form.</summary>
    public static IReadOnlyList<string> StepsNow { get; } =
        [.. typeof(SchemaInstaller).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(StepOf)];

    public static GoldenDatabase? Find(int format) => File.Exists(PathOf(format)) ? new GoldenDatabase(format, File.ReadAllText(PathOf(format))) : null;

    public static void Write(int format, TreeHead head, string rows)
    {
        var text = new StringBuilder($"-- A database of format {format} as it was released: see GoldenDatabase.cs.\n-- head {head}\n");
        foreach (var step in StepsNow)
            text.Append($"-- step {step}\n");
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(format))!);
        File.WriteAllText(PathOf(format), text.Append(rows).ToString());
    }

    /// <summary>A file of the tests, by its path below <c>tests/</c>.</summary>
    public static string PathOf(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CommandCenter.sln")))
            folder = folder.Parent;
        return folder is null ? throw new DirectoryNotFoundException("The tests run outside of the repository.") : Path.Combine([folder.FullName, "tests", .. parts]);
    }

    /// <summary>The database, on a new server's database, as its program left it: nothing of this program ran on it but the steps that were there then.</summary>
    public async Task<string> RestoreAsync(int major)
    {
        var connectionString = await (await TestPostgres.Server(major)).CreateDatabaseAsync();
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await SchemaInstaller.InstallAsync(dataSource, Steps.Count);
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var fill = new NpgsqlCommand($"select pg_advisory_xact_lock({StoreLock.Key}); {_sql}", connection);
        await fill.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        return connectionString;
    }

    private static string PathOf(int format) => PathOf("CommandCenter.EventStore.Tests", "golden", "databases", $"format-{format}.sql");

    private static string StepOf(string resource)
    {
        using var stream = typeof(SchemaInstaller).Assembly.GetManifestResourceStream(resource)!;
        return $"{resource.Split('.')[^2]} {Convert.ToHexStringLower(SHA256.HashData(stream))}";
    }

    private List<string> Lines(string word) =>
        [.. _sql.Split('\n').TakeWhile(line => line.StartsWith("-- ", StringComparison.Ordinal)).Where(line => line.StartsWith($"-- {word} ", StringComparison.Ordinal)).Select(line => line[(word.Length + 4)..])];
}
