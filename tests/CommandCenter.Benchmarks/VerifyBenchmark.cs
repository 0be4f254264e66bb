using System.Diagnostics;
using CommandCenter.EventStore;
using Npgsql;

namespace CommandCenter.Benchmarks;

/// <summary>The walk over the whole log that forms every leaf anew, beside a binary COPY of the same columns out of the same tables.</summary>
internal static class VerifyBenchmark
{
    private const int Events = 200_000;

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        await using var dataSource = await Machine.DatabaseAsync(options.Major);
        await Machine.FillAsync(dataSource, Events);
        var verifier = new LogVerifier(dataSource);
        var walks = new List<double>();
        var copies = new List<double>();
        for (var round = 0; round < 5; round++)
        {
            var started = Stopwatch.GetTimestamp();
            await CopyAsync(dataSource, "select seq_id, id, stream_id, version, type, timestamp, headers, data, correlation_id, causation_id, tenant_id from mt_events order by seq_id");
            await CopyAsync(dataSource, "select position, hash from cc_leaves order by position");
            copies.Add(Events / Stopwatch.GetElapsedTime(started).TotalSeconds);

            started = Stopwatch.GetTimestamp();
            var report = await verifier.VerifyAsync();
            if (report.First is not null || report.Checked != Events)
                throw new InvalidOperationException($"The log does not fit: {report.First}");
            walks.Add(Events / Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return [new Figure("verify/beside COPY-out of the same columns", Middle(walks), "events/s", Middle(copies), "ratio ≥ 0.4")];
    }

    private static double Middle(List<double> rounds) => rounds.Order().ElementAt(rounds.Count / 2);

    private static async Task CopyAsync(NpgsqlDataSource dataSource, string query)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var copy = await connection.BeginRawBinaryCopyAsync($"copy ({query}) to stdout (format binary)");
        await copy.CopyToAsync(Stream.Null);
    }
}
