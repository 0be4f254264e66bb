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
    private const int Copied = 40_000;
    private static readonly string[] Tables = ["mt_streams", "mt_events", "cc_leaves", "cc_commands"];

    private const int Rounds = 5;

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        int[] callers = [32, 256];
        await using (var warm = await Machine.DatabaseAsync(options.Major))
            await MeasureAsync(warm, new PostgresEventLogOptions(), 64, Machine.WarmUp);
        var rows = await RowsAsync(options);

        // A shared machine is now twice as fast as it was a minute ago; so figure and reference are taken in turns, and the middle of their ratios counts.
        var turns = new List<(double Copy, Dictionary<int, (Measured Batched, Measured Single)> Appends)>();
        for (var round = 0; round < Rounds; round++)
        {
            var appends = new Dictionary<int, (Measured, Measured)>();
            var copy = await CopyAsync(options, rows);
            foreach (var count in callers)
                appends[count] = (await AppendAsync(options, count, delayed: false, batched: true), await AppendAsync(options, count, delayed: false, batched: false));
            turns.Add(((copy + await CopyAsync(options, rows)) / 2, appends));
        }

        var figures = new List<Figure>();
        foreach (var count in callers)
        {
            var batched = Middle(turns.Select(turn => turn.Appends[count].Batched.PerSecond));
            // The reference that the middle ratio stands for.
            figures.Add(new Figure($"append/{count} callers, beside COPY of the same rows", batched, "commands/s", batched / Middle(turns.Select(turn => turn.Appends[count].Batched.PerSecond / turn.Copy)), "ratio ≥ 0.5"));
            figures.Add(new Figure($"append/{count} callers, beside one transaction a command", batched, "commands/s", batched / Middle(turns.Select(turn => turn.Appends[count].Batched.PerSecond / turn.Appends[count].Single.PerSecond)), "ratio ≥ 3"));
            figures.Add(new Figure($"append/{count} callers, p50, beside one transaction a command", Middle(turns.Select(turn => turn.Appends[count].Batched.P50)), "ms", Middle(turns.Select(turn => turn.Appends[count].Single.P50))));
            figures.Add(new Figure($"append/{count} callers, p99, beside one transaction a command", Middle(turns.Select(turn => turn.Appends[count].Batched.P99)), "ms", Middle(turns.Select(turn => turn.Appends[count].Single.P99))));
        }

        foreach (var count in callers)
        {
            var (batched, single) = (await AppendAsync(options, count, delayed: true, batched: true), await AppendAsync(options, count, delayed: true, batched: false));
            figures.Add(new Figure($"append/{count} callers, 5 ms added to every commit, beside one transaction a command", batched.PerSecond, "commands/s", single.PerSecond, "batching shows"));
        }

        return figures;
    }

    private static double Middle(IEnumerable<double> values) => values.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;

    private sealed record Measured(double PerSecond, double P50, double P99);

    private static async Task<Measured> AppendAsync(BenchmarkOptions options, int callers, bool delayed, bool batched)
    {
        await using var dataSource = await Machine.DatabaseAsync(options.Major);
        if (delayed)
            await Machine.DelayCommitsAsync(dataSource, TimeSpan.FromMilliseconds(5));
        return await MeasureAsync(dataSource, batched ? new PostgresEventLogOptions() : new PostgresEventLogOptions { MostInBatch = 1, DecideAhead = false }, callers, options.For);
    }

    private static async Task<Measured> MeasureAsync(NpgsqlDataSource dataSource, PostgresEventLogOptions log, int callers, TimeSpan length)
    {
        await using var appender = new PostgresEventLog(dataSource, TimeProvider.System, log);
        var next = 0L;
        // Connections and prepared statements are made before the clock runs.
        await Machine.MeasureAsync(callers, TimeSpan.FromMilliseconds(300), () => AppendOneAsync(appender, Interlocked.Increment(ref next)));
        var (perSecond, p50, p99) = await Machine.MeasureAsync(callers, length, () => AppendOneAsync(appender, Interlocked.Increment(ref next)));
        return new Measured(perSecond, p50, p99);
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

    // The rows that appends wrote are copied out as they are.
    private static async Task<IReadOnlyList<byte[]>> RowsAsync(BenchmarkOptions options)
    {
        await using var from = await Machine.DatabaseAsync(options.Major);
        await using (var log = new PostgresEventLog(from, TimeProvider.System))
        {
            var next = 0L;
            await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
            {
                while (Interlocked.Increment(ref next) is <= Copied and var number)
                    await AppendOneAsync(log, number);
            })));
        }

        var rows = new List<byte[]>();
        await using var connection = await from.OpenConnectionAsync();
        foreach (var table in Tables)
            rows.Add(await ReadAsync(connection, table));
        return rows;
    }

    // Into the empty tables of another database.
    private static async Task<double> CopyAsync(BenchmarkOptions options, IReadOnlyList<byte[]> rows)
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
        return Copied / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<byte[]> ReadAsync(NpgsqlConnection connection, string table)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync($"copy {table} to stdout (format binary)");
        using var bytes = new MemoryStream();
        await copy.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
