using System.Diagnostics;
using System.Globalization;
using CommandCenter.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Benchmarks;

/// <summary>Appends of one new stream with one event each, beside prepared inserts of a like row, by the same number of writers.</summary>
internal static class AppendBenchmark
{
    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        await using var dataSource = await Machine.DatabaseAsync(options.Major);
        await using var log = new PostgresEventLog(dataSource, TimeProvider.System);
        await using (var create = dataSource.CreateCommand("create table raw_events (like mt_events including all)"))
            await create.ExecuteNonQueryAsync();

        var next = 0L;
        var figures = new List<Figure>();
        foreach (var writers in new[] { 1, 8, 32 })
        {
            await MeasureAsync(writers, TimeSpan.FromSeconds(1), () => AppendAsync(log, Interlocked.Increment(ref next)));
            await MeasureAsync(writers, TimeSpan.FromSeconds(1), () => InsertAsync(dataSource, Interlocked.Increment(ref next)));
            var raw = await MeasureAsync(writers, options.For, () => InsertAsync(dataSource, Interlocked.Increment(ref next)));
            var append = await MeasureAsync(writers, options.For, () => AppendAsync(log, Interlocked.Increment(ref next)));
            figures.Add(new Figure($"append/{writers} callers", append.PerSecond, "commands/s", raw.PerSecond));
        }

        return figures;
    }

    private static async Task AppendAsync(PostgresEventLog log, long number)
    {
        var e = new NewEvent("case_reported", "CommandCenter.Domain.Cases.CaseReported, CommandCenter.Domain", Machine.Data, new EventOrigin("p-17", "grid_worker", "330106012003001", DateTimeOffset.UnixEpoch));
        var result = await log.AppendAsync(new AppendRequest([new StreamAppend(StreamKey.Of("case", number.ToString("x32", CultureInfo.InvariantCulture)), "case", new ExpectedVersion.NoStream(), [e])]));
        if (result is not AppendResult.Appended)
            throw new InvalidOperationException($"The append was answered {result}.");
    }

    private static async Task InsertAsync(NpgsqlDataSource dataSource, long number)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(
            """
            insert into raw_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, headers)
            values ($1, $2, $3, 1, $4, 'case_reported', now(), 'CommandCenter.Domain.Cases.CaseReported, CommandCenter.Domain', '{"actor":"p-17","epoch":1,"happenedAt":"1970-01-01T00:00:00.000000Z","place":"330106012003001","role":"grid_worker"}')
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = number });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddMilliseconds(number)) });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = $"case:{number:x32}" });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = Machine.Data, NpgsqlDbType = NpgsqlDbType.Jsonb });
        await command.PrepareAsync();
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<(double PerSecond, double P50, double P99)> MeasureAsync(int writers, TimeSpan duration, Func<Task> one)
    {
        var started = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
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
}
