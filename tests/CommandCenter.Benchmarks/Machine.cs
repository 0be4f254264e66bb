using System.Runtime.InteropServices;
using System.Text;
using CommandCenter.EventStore;
using CommandCenter.Testing.Postgres;
using Npgsql;

namespace CommandCenter.Benchmarks;

/// <summary>What the figures were measured on, and what with.</summary>
internal static class Machine
{
    public static async Task<string> DescribeAsync(int major)
    {
        await using var dataSource = NpgsqlDataSource.Create((await TestPostgres.Server(major, durable: true)).ConnectionString);
        var server = await SettingAsync(dataSource, "server_version");
        var durable = $"fsync {await SettingAsync(dataSource, "fsync")}, synchronous_commit {await SettingAsync(dataSource, "synchronous_commit")}";
        return $"{Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}; .NET {Environment.Version}; PostgreSQL {server}, {durable}; client and server on the same machine.";
    }

    /// <summary>A new database with the event log's schema on the durable server.</summary>
    public static async Task<NpgsqlDataSource> DatabaseAsync(int major)
    {
        var server = await TestPostgres.Server(major, durable: true);
        var dataSource = NpgsqlDataSource.Create(PostgresEventLogOptions.Tune(await server.CreateDatabaseAsync()));
        await SchemaInstaller.InstallAsync(dataSource);
        return dataSource;
    }

    /// <summary>The data of a reported case, 383 bytes of canonical JSON.</summary>
    public static byte[] Data { get; } = Encoding.UTF8.GetBytes(Pad("""{"area":"330106012003001","category":"street_light","latitudeE7":302741500,"longitudeE7":1201551500,"severity":2,"source":"grid_worker","text":"~"}""", 383));

    private static string Pad(string template, int bytes) => template.Replace("~", new string('x', bytes - template.Length + 1), StringComparison.Ordinal);

    private static async Task<string> SettingAsync(NpgsqlDataSource dataSource, string name)
    {
        await using var command = dataSource.CreateCommand($"show {name}");
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static string Processor()
    {
        const string info = "/proc/cpuinfo";
        var line = File.Exists(info) ? File.ReadLines(info).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
