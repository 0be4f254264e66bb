using System.Diagnostics;
using System.Globalization;
using CommandCenter.EventStore;
using Npgsql;

namespace CommandCenter.Benchmarks;

/// <summary>
/// The whole engine at a fixed rate for an hour: commands, timers that fire, a follower, a projection, an outbox relay. It asks whether anything grows that should not:
/// memory, queues, tables (ADR 0010). Shorter it finds less: a leak must rise by megabytes before it shows.
/// </summary>
internal static class SoakBenchmark
{
    private const string SelectTables =
        """
        select relname, pg_relation_size(relid) / 8192, pg_total_relation_size(relid) / 8192, n_live_tup, n_dead_tup, n_tup_upd, n_tup_hot_upd,
          autovacuum_count, autoanalyze_count
        from pg_stat_user_tables where relname like any(array['mt\_%', 'cc\_%', 'soak\_%'])
        """;

    private const string SelectQueues =
        """
        select coalesce(greatest(0, (select extract(epoch from clock_timestamp() - due_at) * 1000 from cc_timers order by due_at limit 1)), 0)::float8,
          (select count(*) from cc_outbox)
        """;

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        var length = options.Asked ?? TimeSpan.FromHours(1);
        // The first window compiles and connects, so it is not judged.
        var every = length >= TimeSpan.FromSeconds(90) ? TimeSpan.FromSeconds(10) : length / 9;

        await using var dataSource = await Machine.DatabaseAsync(options.Major);
        await using var log = new PostgresEventLog(dataSource, TimeProvider.System);
        var load = new SoakLoad(log, options.Rate);
        var timers = new TimerWorker(
            new PostgresTimerStore(dataSource), TimeProvider.System, (timer, _, cancellation) => load.FireAsync(timer, cancellation), log.TimersChanged,
            // Sixteen fire at most 160 a second once an append takes 100 ms, which is what is asked for.
            new TimerWorkerOptions { Parallel = 64, AtMost = 200 });
        var runner = new ProjectionRunner(dataSource, log, new SoakCases(), TimeProvider.System);
        await runner.CreateTablesAsync();
        var relay = new OutboxRelay(
            new PostgresOutbox(dataSource), TimeProvider.System, new Dictionary<string, OutboxHandler> { [SoakLoad.OutboxKind] = (_, _) => Task.CompletedTask }, log.OutboxChanged);
        var followed = 0L;

        async Task FollowAsync(CancellationToken cancellation)
        {
            await foreach (var events in log.FollowAsync(new LogPosition(1, 0), cancellation))
                Interlocked.Exchange(ref followed, events[^1].Position.Position);
        }

        using var stop = new CancellationTokenSource();
        Task[] working =
        [
            timers.RunAsync(stop.Token), runner.RunAsync(stop.Token), FollowAsync(stop.Token), relay.RunAsync(stop.Token), load.RunAsync(stop.Token),
        ];

        var samples = new List<SoakSample>();
        var minutes = 0;
        var started = Stopwatch.GetTimestamp();
        using var ticks = new PeriodicTimer(every);
        while (Stopwatch.GetElapsedTime(started) + every / 2 < length)
        {
            await ticks.WaitForNextTickAsync();
            if (Array.Find(working, task => task.IsCompleted) is { } over)
            {
                await over;
                throw new InvalidOperationException("A part of the engine ended by itself.");
            }

            var at = Stopwatch.GetElapsedTime(started);
            var sample = await SampleAsync(at, dataSource, log, load, Interlocked.Read(ref followed), runner.Position.Position);
            if (at > every * 1.5)
                samples.Add(sample);
            if ((int)(at + every / 2).TotalMinutes == minutes && at + every / 2 < length)
                continue;
            minutes = (int)(at + every / 2).TotalMinutes;
            Console.WriteLine(Progress(sample, length, load));
        }

        await stop.CancelAsync();
        foreach (var task in working)
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Array.Find(working, task => task.IsFaulted) is { } faulted)
            await faulted;

        Console.WriteLine();
        Console.WriteLine(TablesOf(samples[^1]));
        return [.. SoakVerdict.Judge(samples, options.Rate), Pace(load, length, options.Rate)];
    }

    // Open loop: a log that cannot keep up shows as commands that are not done.
    private static Figure Pace(SoakLoad load, TimeSpan length, int rate)
    {
        var wanted = length.TotalSeconds * rate;
        return new Figure("soak/commands carried out, beside what was due", load.Done, "commands", wanted, "≥ 0.99", load.Done >= 0.99 * wanted);
    }

    private static async Task<SoakSample> SampleAsync(TimeSpan at, NpgsqlDataSource dataSource, PostgresEventLog log, SoakLoad load, long followed, long projected)
    {
        // Queues first: the collection below stops everything for a moment, and they would show it.
        var (committed, waiting) = (load.Committed, log.WaitingAppends);
        var times = load.TakeTimes();
        double late;
        long outbox;
        await using (var ask = dataSource.CreateCommand(SelectQueues))
        await using (var reader = await ask.ExecuteReaderAsync())
        {
            await reader.ReadAsync();
            (late, outbox) = (reader.GetDouble(0), reader.GetInt64(1));
        }

        var tables = new Dictionary<string, SoakTable>();
        await using (var ask = dataSource.CreateCommand(SelectTables))
        await using (var reader = await ask.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                tables.Add(reader.GetString(0), new SoakTable(
                    reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7), reader.GetInt64(8)));

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        using var process = Process.GetCurrentProcess();
        return new SoakSample(
            at, GC.GetTotalMemory(forceFullCollection: false), process.WorkingSet64, waiting, Math.Max(0, committed - followed), Math.Max(0, committed - projected), outbox, late,
            At(times, 0.5), At(times, 0.99), tables);
    }

    private static string Progress(SoakSample sample, TimeSpan length, SoakLoad load) => string.Create(CultureInfo.InvariantCulture,
        $"{sample.At.TotalMinutes,5:0.0} min, {Math.Max(0, (length - sample.At).TotalMinutes):0.0} to go: {load.Done:N0} commands ({load.Conflicts:N0} decided again), {load.Fired:N0} timers; p50 {sample.P50:0.0}, p99 {sample.P99:0.0} ms; "
        + $"heap {sample.Heap / 1048576.0:0.0}, process {sample.WorkingSet / 1048576.0:0} MB; waiting {sample.AppendsWaiting}, follower {sample.FollowerLag}, projection {sample.ProjectionLag}, outbox {sample.OutboxWaiting}, timers {sample.TimerLateness:0} ms late; "
        + $"pages cc_timers {sample.Tables["cc_timers"].TotalPages:N0}, cc_log {sample.Tables["cc_log"].TotalPages}");

    private static string TablesOf(SoakSample sample) =>
        "| table | pages | with indexes | live | dead | updates | of them HOT | vacuums | analyzes |\n|---|---|---|---|---|---|---|---|---|\n"
        + string.Join('\n', sample.Tables.OrderBy(table => table.Key, StringComparer.Ordinal).Select(table => string.Create(CultureInfo.InvariantCulture,
            $"| {table.Key} | {table.Value.HeapPages:N0} | {table.Value.TotalPages:N0} | {table.Value.Live:N0} | {table.Value.Dead:N0} | {table.Value.Updates:N0} | {(table.Value.Updates == 0 ? "" : $"{100.0 * table.Value.HotUpdates / table.Value.Updates:0} %")} | {table.Value.Vacuums} | {table.Value.Analyzes} |")))
        + "\n";

    private static double At(List<double> sorted, double quantile) => sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * quantile))];
}
