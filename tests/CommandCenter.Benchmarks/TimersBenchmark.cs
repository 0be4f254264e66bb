using System.Collections.Concurrent;
using System.Globalization;
using CommandCenter.EventStore;

namespace CommandCenter.Benchmarks;

/// <summary>
/// Durable timers among a million pending ones: how late one at a time fires, beside how late the runtime's own delay is on this machine; and how long ten thousand
/// take that are due at one instant, each with an event appended, while appends go on.
/// </summary>
internal static class TimersBenchmark
{
    private const int Pending = 1_000_000;
    private const int Burst = 10_000;
    private static readonly NewEvent Fired = Machine.Reported with { Type = "case_warned" };

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        await using var dataSource = await Machine.DatabaseAsync(options.Major);
        await using (var fill = dataSource.CreateCommand(string.Create(CultureInfo.InvariantCulture,
            $"insert into cc_timers (saga, saga_id, name, attempt, due_at) select 'case_deadlines', md5(n::text), 'handle/due', 1, now() + interval '1 day' + n * interval '1 second' from generate_series(1, {Pending}) n")))
        {
            fill.CommandTimeout = 300;
            await fill.ExecuteNonQueryAsync();
        }

        await using var log = new PostgresEventLog(dataSource, TimeProvider.System);
        var timers = new PostgresTimerStore(dataSource);
        var late = new ConcurrentDictionary<string, double>();
        var worker = new TimerWorker(timers, TimeProvider.System, async (timer, _, cancellation) =>
        {
            var result = await log.AppendAsync(
                new AppendRequest([new StreamAppend(StreamKey.Of("case", timer.Key.SagaId), "case", new ExpectedVersion.Any(), [Fired])], Fired: timer), cancellation);
            if (result is AppendResult.Appended)
                late.TryAdd(timer.Key.SagaId, (TimeProvider.System.GetUtcNow() - timer.DueAt).TotalMilliseconds);
        }, log.TimersChanged, new TimerWorkerOptions { Parallel = 16, AtMost = 200 });
        using var stop = new CancellationTokenSource();
        var working = worker.RunAsync(stop.Token);

        var (single, delays) = await OneAtATimeAsync(log, late, Math.Max(20, (int)(options.For.TotalSeconds * 10)));
        late.Clear();
        var (last, alongside) = await BurstAsync(log, late);

        await stop.CancelAsync();
        await Task.WhenAny(working);
        return
        [
            new Figure("timers/one at a time among a million, p50 late, beside the runtime's own delay", At(single, 0.5), "ms", At(delays, 0.5)),
            new Figure("timers/one at a time among a million, p99 late, beside the runtime's own delay", At(single, 0.99), "ms", At(delays, 0.99), "< 50 ms"),
            new Figure("timers/10,000 due at one instant, the last", last, "ms", Wanted: "< 5,000 ms"),
            new Figure("timers/appends beside them, p99", At(alongside, 0.99), "ms"),
        ];
    }

    // From the due instant to the commit of what the timer caused.
    private static async Task<(List<double> Timers, List<double> Delays)> OneAtATimeAsync(PostgresEventLog log, ConcurrentDictionary<string, double> late, int count)
    {
        var random = new Random(20_261_124);
        var delays = new List<double>();
        for (var n = 0; n < count; n++)
        {
            var wait = TimeSpan.FromMilliseconds(random.Next(20, 120));
            var due = TimeProvider.System.GetUtcNow() + wait;
            var id = $"single{n}";
            await SetAsync(log, [(id, due)]);
            await Task.Delay(due - TimeProvider.System.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero);
            delays.Add((TimeProvider.System.GetUtcNow() - due).TotalMilliseconds);
            while (!late.ContainsKey(id))
                await Task.Delay(1);
        }

        return ([.. late.Values], delays);
    }

    private static async Task<(double Last, List<double> Appends)> BurstAsync(PostgresEventLog log, ConcurrentDictionary<string, double> late)
    {
        var due = TimeProvider.System.GetUtcNow().AddSeconds(4);
        foreach (var chunk in Enumerable.Range(0, Burst).Chunk(500))
            await SetAsync(log, [.. chunk.Select(n => ($"burst{n}", due))]);
        if (TimeProvider.System.GetUtcNow() >= due)
            throw new InvalidOperationException("The timers were due before all were set.");

        var appends = new List<double>();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var n = 0L; late.Count < Burst; n++)
        {
            await ticks.WaitForNextTickAsync();
            var at = TimeProvider.System.GetTimestamp();
            await AppendBenchmark.AppendOneAsync(log, n);
            if (TimeProvider.System.GetUtcNow() >= due)
                appends.Add(TimeProvider.System.GetElapsedTime(at).TotalMilliseconds);
        }

        return (late.Values.Max(), appends);
    }

    private static async Task SetAsync(PostgresEventLog log, IReadOnlyList<(string Id, DateTimeOffset DueAt)> timers)
    {
        var result = await log.AppendAsync(new AppendRequest([], Timers: [.. timers.Select(timer => new TimerChange.Set(new TimerKey("case_deadlines", timer.Id, "handle/due", 1), timer.DueAt))]));
        if (result is not AppendResult.Appended)
            throw new InvalidOperationException($"The append was answered {result}.");
    }

    private static double At(IEnumerable<double> values, double quantile) => values.Order().ToList() is var sorted ? sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * quantile))] : 0;
}
