using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CommandCenter.EventStore;
using Npgsql;

namespace CommandCenter.Benchmarks;

/// <summary>How long after the writer knows of its commit a follower has the event, woken by the notification, at a steady pace.</summary>
internal static class FollowBenchmark
{
    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        var figures = new List<Figure>();
        foreach (var (pace, rolledBack) in new[] { (10, false), (200, false), (200, true) })
        {
            await using var dataSource = await Machine.DatabaseAsync(options.Major);
            await using var log = new PostgresEventLog(dataSource, TimeProvider.System);
            await using var followed = new PostgresEventLog(dataSource, TimeProvider.System);
            var count = (int)(pace * options.For.TotalSeconds);
            var arrived = new ConcurrentDictionary<long, long>();
            var following = Task.Run(async () =>
            {
                await foreach (var batch in followed.FollowAsync(new LogPosition(1, 0)))
                {
                    var now = Stopwatch.GetTimestamp();
                    foreach (var e in batch)
                        arrived[e.Position.Position] = now;
                    if (arrived.Count >= count)
                        break;
                }
            });

            var committed = new Dictionary<long, long>();
            using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / pace));
            for (var n = 1; n <= count; n++)
            {
                await ticks.WaitForNextTickAsync();
                if (rolledBack)
                    await RollBackAsync(dataSource);
                var e = new NewEvent("case_reported", "CommandCenter.Domain.Cases.CaseReported, CommandCenter.Domain", Machine.Data, new EventOrigin("p-17", "grid_worker", "330106012003001", DateTimeOffset.UnixEpoch));
                var result = await log.AppendAsync(new AppendRequest([new StreamAppend(StreamKey.Of("case", n.ToString("x32", CultureInfo.InvariantCulture)), "case", new ExpectedVersion.NoStream(), [e])]));
                var position = ((AppendResult.Appended)result).Receipt.Last.Position;
                committed[position] = Stopwatch.GetTimestamp();
            }

            await following;
            var lags = Sorted(committed, arrived);
            var what = $"follow/{pace} appends a second{(rolledBack ? ", each after one that was rolled back" : "")}";
            figures.Add(new Figure($"{what}, p50", At(lags, 0.5), "ms", Wanted: "< 3 ms at 200/s"));
            figures.Add(new Figure($"{what}, p99", At(lags, 0.99), "ms", Wanted: "< 10 ms at 200/s"));
        }

        return figures;
    }

    // An append that comes as far as its rows and then ends: elsewhere that leaves a gap, and followers wait until they believe it.
    private static async Task RollBackAsync(NpgsqlDataSource dataSource)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(
            """
            begin;
            select pg_advisory_xact_lock(8391178552731266923);
            insert into mt_streams (id, version) values ('case:rolled-back', 1);
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp) select last_position + 1, gen_random_uuid(), 'case:rolled-back', 1, '{}', 'case_reported', now() from cc_log;
            select nextval('mt_events_sequence');
            rollback
            """,
            connection);
        await command.ExecuteNonQueryAsync();
    }

    // An event may arrive before its writer hears of the commit: no lag.
    private static List<double> Sorted(Dictionary<long, long> from, ConcurrentDictionary<long, long> to) =>
        [.. from.Select(pair => Math.Max(0, Stopwatch.GetElapsedTime(pair.Value, to[pair.Key]).TotalMilliseconds)).Order()];

    private static double At(List<double> sorted, double quantile) => sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * quantile))];
}
