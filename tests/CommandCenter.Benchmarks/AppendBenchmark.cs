using System.Diagnostics;
using System.Globalization;
using CommandCenter.EventStore;
using Npgsql;

namespace CommandCenter.Benchmarks;

/// <summary>
/// Commands with one event of 383 bytes each on a stream of its own, command ids and leaves included, beside a binary COPY of the very same rows into the same tables
/// with the same indexes, and beside one transaction per command under the same lock.
/// </summary>
internal static class AppendBenchmark
{
    private static readonly string[] Tables = ["mt_streams", "mt_events", "cc_leaves", "cc_commands"];

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        var figures = new List<Figure>();
        var copy = await CopyAsync(options);
        foreach (var callers in new[] { 32, 256 })
        {
            var batched = await AppendAsync(options, callers, delayed: false, new PostgresEventLogOptions());
            var single = await AppendAsync(options, callers, delayed: false, new PostgresEventLogOptions { MostInBatch = 1 });
            var wanted = callers > 1;
            figures.Add(new Figure($"append/{callers} callers, beside COPY of the same rows", batched.PerSecond, "commands/s", copy, wanted ? "ratio ≥ 0.5" : null));
            figures.Add(new Figure($"append/{callers} callers, beside one transaction a command", batched.PerSecond, "commands/s", single.PerSecond, wanted ? "ratio ≥ 3" : null));
            figures.Add(new Figure($"append/{callers} callers, p50, beside one transaction a command", batched.P50, "ms", single.P50));
            figures.Add(new Figure($"append/{callers} callers, p99, beside one transaction a command", batched.P99, "ms", single.P99));
        }

        foreach (var callers in new[] { 32, 256 })
        {
            var batched = await AppendAsync(options, callers, delayed: true, new PostgresEventLogOptions());
            var single = await AppendAsync(options, callers, delayed: true, new PostgresEventLogOptions { MostInBatch = 1 });
            figures.Add(new Figure($"append/{callers} callers, 5 ms added to every commit, beside one transaction a command", batched.PerSecond, "commands/s", single.PerSecond, "batching shows"));
        }

        return figures;
    }

    private static async Task<(double PerSecond, double P50, double P99)> AppendAsync(BenchmarkOptions options, int callers, bool delayed, PostgresEventLogOptions log)
    {
        await using var dataSource = await Machine.DatabaseAsync(options.Major);
        if (delayed)
            await Machine.DelayCommitsAsync(dataSource, TimeSpan.FromMilliseconds(5));
        await using var appender = new PostgresEventLog(dataSource, TimeProvider.System, log);
        var next = 0L;
        await Machine.MeasureAsync(callers, Machine.WarmUp, () => AppendOneAsync(appender, Interlocked.Increment(ref next)));
        return await Machine.MeasureAsync(callers, options.For, () => AppendOneAsync(appender, Interlocked.Increment(ref next)));
    }

    /// <summary>Appends as a report does: a new stream, one event, a command id.</summary>
    public static async Task AppendOneAsync(PostgresEventLog log, long number)
    {
        var id = number.ToString("x32", CultureInfo.InvariantCulture);
        var hash = new byte[32];
        BitConverter.TryWriteBytes(hash, number);
        var result = await log.AppendAsync(new AppendRequest(
            [new StreamAppend(StreamKey.Of("case", id), "case", new ExpectedVersion.NoStream(), [Machine.Reported])], new CommandId("p-17", id, hash)));
        if (result is not AppendResult.Appended)
            throw new InvalidOperationException($"The append was answered {result}.");
    }

    // The rows that appends wrote are copied out as they are, and into the empty tables of another database.
    private static async Task<double> CopyAsync(BenchmarkOptions options)
    {
        const int events = 40_000;
        await using var from = await Machine.DatabaseAsync(options.Major);
        await using (var log = new PostgresEventLog(from, TimeProvider.System))
        {
            var next = 0L;
            await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
            {
                while (Interlocked.Increment(ref next) is <= events and var number)
                    await AppendOneAsync(log, number);
            })));
        }

        var rows = new List<byte[]>();
        await using (var connection = await from.OpenConnectionAsync())
            foreach (var table in Tables)
                rows.Add(await ReadAsync(connection, table));

        var rounds = new List<double>();
        for (var round = 0; round < 5; round++)
        {
            await using var to = await Machine.DatabaseAsync(options.Major);
            await using var connection = await to.OpenConnectionAsync();
            var started = Stopwatch.GetTimestamp();
            await using var transaction = await connection.BeginTransactionAsync();
            // The store lock, which the guard trigger asks for.
            await using (var take = new NpgsqlCommand("select pg_advisory_xact_lock(8391178552731266923)", connection))
                await take.ExecuteNonQueryAsync();
            foreach (var (table, bytes) in Tables.Zip(rows))
            {
                await using var copy = await connection.BeginRawBinaryCopyAsync($"copy {table} from stdin (format binary)");
                await copy.WriteAsync(bytes);
            }

            await transaction.CommitAsync();
            rounds.Add(events / Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        // The middle one: a checkpoint may fall into any of them.
        return rounds.Order().ElementAt(rounds.Count / 2);
    }

    private static async Task<byte[]> ReadAsync(NpgsqlConnection connection, string table)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync($"copy {table} to stdout (format binary)");
        using var bytes = new MemoryStream();
        await copy.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
