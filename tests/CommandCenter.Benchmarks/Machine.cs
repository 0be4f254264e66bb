using System.Diagnostics;
using System.Globalization;
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

    /// <summary>A host runs for weeks; the first seconds, in which its code is compiled once more for speed, are not measured.</summary>
    public static TimeSpan WarmUp { get; } = TimeSpan.FromSeconds(8);

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

    /// <summary>A reported case.</summary>
    public static NewEvent Reported { get; } = new(
        "case_reported", "CommandCenter.Domain.Cases.CaseReported, CommandCenter.Domain", Data, new EventOrigin("p-17", "grid_worker", "330106012003001", DateTimeOffset.UnixEpoch));

    /// <summary>A log of so many reported cases.</summary>
    public static async Task FillAsync(NpgsqlDataSource dataSource, int events)
    {
        await using (var log = new PostgresEventLog(dataSource, TimeProvider.System))
        {
            var next = 0L;
            await Task.WhenAll(Enumerable.Range(0, 256).Select(_ => Task.Run(async () =>
            {
                while (Interlocked.Increment(ref next) is var number && number <= events)
                    await AppendBenchmark.AppendOneAsync(log, number);
            })));
        }

        await using var analyze = dataSource.CreateCommand("vacuum analyze");
        analyze.CommandTimeout = 0;
        await analyze.ExecuteNonQueryAsync();
    }

    /// <summary>Makes every commit of a database wait before its flush, as a slower disk would: by PostgreSQL's own commit_delay, whether or not others commit too.</summary>
    public static async Task DelayCommitsAsync(NpgsqlDataSource dataSource, TimeSpan delay)
    {
        await using (var set = dataSource.CreateCommand(string.Create(CultureInfo.InvariantCulture,
            $"do $$ begin execute format('alter database %I set commit_delay = {delay.TotalMicroseconds:F0}', current_database()); execute format('alter database %I set commit_siblings = 0', current_database()); end $$")))
            await set.ExecuteNonQueryAsync();
        dataSource.Clear();
    }

    /// <summary>So many callers, each with one call under way at a time, for so long.</summary>
    public static async Task<(double PerSecond, double P50, double P99)> MeasureAsync(int callers, TimeSpan duration, Func<Task> one)
    {
        var started = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            var mine = new List<double>();
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                var at = Stopwatch.GetTimestamp();
                await one();
                mine.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            }

            return mine;
        })));
        var elapsed = Stopwatch.GetElapsedTime(started);
        var all = times.SelectMany(mine => mine).Order().ToList();
        return (all.Count / elapsed.TotalSeconds, all[all.Count / 2], all[(int)(all.Count * 0.99)]);
    }

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
