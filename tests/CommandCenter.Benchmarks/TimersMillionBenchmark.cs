using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host;
using CommandCenter.Host.Board;
using CommandCenter.Host.Composition;
using CommandCenter.Testing.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using CaseWork = CommandCenter.Host.Composition.StreamWork<CommandCenter.Domain.Cases.Case, CommandCenter.Domain.Cases.CaseCommand, CommandCenter.Domain.Cases.CaseEvent>;
using MarkedText = CommandCenter.Domain.Cases.MarkedText;

namespace CommandCenter.Benchmarks;

/// <summary>
/// The start of a working day: a host with a million open cases, of which 50,000 come due at nine. They are fired by the whole application (claim, fold, decide, tell, append), while people go on
/// reporting and reading by HTTP. The 50,000 are cases reported to the host; the others are copies of the first through the log, with streams, timers, rows and their place on the board.
/// </summary>
internal static class TimersMillionBenchmark
{
    private const int Due = 50_000;
    private const int Others = 950_000;
    private const int AtOnce = 1_000;
    private const int PerSecond = 50;
    private static readonly TimeSpan MostWait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MostFill = TimeSpan.FromMinutes(30);

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        var server = await TestPostgres.Server(options.Major, durable: true);
        var connectionString = await server.CreateDatabaseAsync();
        var folder = Directory.CreateTempSubdirectory("timers-million-");
        // A quarter of an hour before nine: what is reported now is to be accepted by nine.
        var clock = new StandingClock(new DateTimeOffset(2026, 3, 2, 0, 45, 0, TimeSpan.Zero));
        string[] arguments =
        [
            "--urls=http://127.0.0.1:0", $"--ConnectionStrings:CommandCenter={connectionString};Maximum Pool Size=40", $"--CommandCenter:DataFolder={folder.FullName}", "--CommandCenter:Policy=default-1",
            "--Logging:LogLevel:Default=Error",
        ];
        try
        {
            await using var host = await CommandCenterHost.BuildAsync(arguments, clock, TimeProvider.System);
            await host.Application.StartAsync();
            await using var database = NpgsqlDataSource.Create(connectionString);
            var streams = host.Application.Services.GetRequiredService<CaseStreams>();
            var organization = host.Application.Services.GetRequiredService<IOrganization>();

            var started = Stopwatch.GetTimestamp();
            await ReportAsync(streams, organization, clock);
            await CaughtUpAsync(host.Application.Services);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Due:N0} cases reported and listed in {Stopwatch.GetElapsedTime(started).TotalSeconds:N0} s"));
            started = Stopwatch.GetTimestamp();
            await FillAsync(host.Application.Services.GetRequiredService<IEventLog>(), database);
            await CaughtUpAsync(host.Application.Services);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Others:N0} further cases with their timers in {Stopwatch.GetElapsedTime(started).TotalSeconds:N0} s"));

            using var http = new HttpClient { BaseAddress = new Uri(host.Application.Urls.First()) };
            // The first seconds of a process are not a morning's: its code is compiled once more for speed.
            var (before, _) = await LoadAsync(http, () => Task.FromResult(false), Machine.WarmUp);

            clock.GoOnFrom(new DateTimeOffset(2026, 3, 2, 1, 0, 0, TimeSpan.Zero));
            var nine = Stopwatch.GetTimestamp();
            var fired = TimeSpan.Zero;
            var (times, failed) = await LoadAsync(http, async () =>
            {
                await using var left = database.CreateCommand("select exists (select from cc_timers where due_at <= '2026-03-02T01:00:00Z')");
                if ((bool)(await left.ExecuteScalarAsync())!)
                    return false;
                fired = Stopwatch.GetElapsedTime(nine);
                return true;
            }, MostWait);
            await using var escalated = database.CreateCommand("select count(*) from mt_events where type = 'case_escalated'");
            var escalations = (long)(await escalated.ExecuteScalarAsync())!;
            await host.Application.StopAsync();
            if (fired == TimeSpan.Zero)
                throw new InvalidOperationException($"After {MostWait.TotalMinutes} minutes {escalations:N0} of {Due:N0} had fired.");
            if (escalations < Due || failed > 0)
                throw new InvalidOperationException($"{escalations:N0} escalations for {Due:N0} cases, {failed:N0} requests failed.");

            var p99 = At(times, 0.99);
            return
            [
                new Figure("timers-million/50,000 due at nine among a million, the last", fired.TotalSeconds, "s", Wanted: "< 60 s", Holds: fired < TimeSpan.FromSeconds(60)),
                new Figure("timers-million/the API at 50 requests a second meanwhile, p50, beside before", At(times, 0.5), "ms", At(before, 0.5)),
                new Figure("timers-million/the API at 50 requests a second meanwhile, p99, beside before", p99, "ms", At(before, 0.99), "< 200 ms", p99 < 200),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
            await server.DropDatabaseAsync(connectionString);
        }
    }

    private static async Task ReportAsync(CaseStreams streams, IOrganization organization, TimeProvider clock)
    {
        var seat = organization.Now.FindPerson("grid-worker-01")!.Roles.First(role => role.Role == Role.GridWorker);
        IReadOnlyList<Caller> callers = [new Caller("grid-worker-01", seat)];
        var text = new MarkedText("河道边堆放垃圾,有异味,影响周边居民生活。", []);
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, 128).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var number && number < Due)
            {
                var command = new ReportCase(new CaseReported(CaseSource.GridWorker, text, seat.Place, "river-pollution", Urgency.Normal, []));
                var now = clock.GetUtcNow();
                var id = Id(number);
                if (await streams.ExecuteAsync(new CaseWork(id, command.Name, (_, _) => Task.FromResult<CaseCommand>(command), callers, now, now), default) is var outcome and not Outcome.Done)
                    throw new InvalidOperationException($"A report was answered {outcome}.");
            }
        })));
    }

    private static async Task CaughtUpAsync(IServiceProvider services)
    {
        var head = (await services.GetRequiredService<IEventLog>().HeadAsync()).Last;
        foreach (var table in services.GetRequiredService<ReadPositions>().Runners.Values)
            await table.WaitForAsync(head, MostFill);
        using var limit = new CancellationTokenSource(MostFill);
        await services.GetRequiredService<LiveBoard>().ReachedAsync(head, limit.Token);
    }

    /// <summary>Further open cases through the log: the events and timers of the first, each under its own id and due on the next day, one second after the other.</summary>
    private static async Task FillAsync(IEventLog log, NpgsqlDataSource database)
    {
        const string due = "2026-03-02T01:00:00";
        var first = await log.ReadStreamAsync(CaseStreams.StreamOf(Id(0)), 0);
        var timers = new List<TimerKey>();
        await using (var ask = database.CreateCommand($"select saga, name, attempt from cc_timers where saga_id = '{Id(0)}'"))
        await using (var reader = await ask.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                timers.Add(new TimerKey(reader.GetString(0), Id(0), reader.GetString(1), reader.GetInt32(2)));
        var template = first.Select(e => (Event: e, Body: Encoding.UTF8.GetString(e.Data.Span))).ToList();
        if (timers.Count == 0 || !template.Any(e => e.Body.Contains(due, StringComparison.Ordinal)))
            throw new InvalidOperationException("The first case is not due at nine.");
        foreach (var chunk in Enumerable.Range(Due, Others).Chunk(AtOnce))
        {
            var appends = chunk.Select(number => new StreamAppend(CaseStreams.StreamOf(Id(number)), "case", ExpectedVersion.After(0),
                [.. template.Select(e => new NewEvent(e.Event.Type, "Benchmarks.Copied, Benchmarks", Encoding.UTF8.GetBytes(Copied(e.Body, number)), e.Event.Origin, Copied(e.Event.CorrelationId, number), e.Event.CausationId))]));
            var set = chunk.SelectMany(number => timers.Select(timer => new TimerChange.Set(timer with { SagaId = Id(number) }, At(number))));
            if (await log.AppendAsync(new AppendRequest([.. appends]) { Timers = [.. set] }) is var result and not AppendResult.Appended)
                throw new InvalidOperationException($"The append was answered {result}.");
        }

        await using var connection = await database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("vacuum analyze", connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();

        static DateTimeOffset At(int number) => new DateTimeOffset(2026, 3, 3, 1, 0, 0, TimeSpan.Zero).AddSeconds(number);
        static string Copied(string? text, int number) =>
            (text ?? "").Replace(Id(0), Id(number), StringComparison.Ordinal).Replace(due, At(number).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"0199c2f0a0b07c0d8e0f{number:x12}");

    /// <summary>Requests at a fixed rate, whether or not the host keeps up, until something is so or the time is over: two in five read a list, two a case, one reports.</summary>
    private static async Task<(List<double> Times, int Failed)> LoadAsync(HttpClient http, Func<Task<bool>> isOver, TimeSpan atMost)
    {
        var times = new ConcurrentBag<double>();
        var failed = 0;
        var under = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        for (var n = 0; Stopwatch.GetElapsedTime(started) < atMost; n++)
        {
            var due = TimeSpan.FromSeconds((double)n / PerSecond);
            if (due - Stopwatch.GetElapsedTime(started) is var wait && wait > TimeSpan.Zero)
                await Task.Delay(wait);
            var number = n;
            // From when it was due: a request that had to wait for its turn waited.
            under.Add(Task.Run(async () =>
            {
                using var request = Request(number);
                using var response = await http.SendAsync(request);
                await response.Content.ReadAsByteArrayAsync();
                if (!response.IsSuccessStatusCode)
                    Interlocked.Increment(ref failed);
                times.Add((Stopwatch.GetElapsedTime(started) - due).TotalMilliseconds);
            }));
            if (n % (PerSecond / 2) == 0 && await isOver())
                break;
        }

        await Task.WhenAll(under);
        return ([.. times], failed);
    }

    private static HttpRequestMessage Request(int n)
    {
        var request = (n % 5) switch
        {
            0 or 2 => new HttpRequestMessage(HttpMethod.Get, "/api/cases?open=true&limit=50"),
            1 or 3 => new HttpRequestMessage(HttpMethod.Get, $"/api/cases/{Id((int)(n * 7919L % (Due + Others)))}"),
            _ => new HttpRequestMessage(HttpMethod.Post, "/api/cases")
            {
                Content = new StringContent("""{"text":"河道边堆放垃圾","category":"river-pollution","urgency":"normal","area":"500153003001001"}""", Encoding.UTF8, "application/json"),
            },
        };
        request.Headers.Add("X-Actor", n % 5 == 4 ? "grid-worker-01" : "center-operator-01");
        if (n % 5 == 4)
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
        return request;
    }

    private static double At(List<double> values, double quantile)
    {
        values.Sort();
        return values.Count == 0 ? 0 : values[Math.Min(values.Count - 1, (int)(values.Count * quantile))];
    }

    /// <summary>Stands still while the cases are made, and then goes on from where it is set to.</summary>
    private sealed class StandingClock(DateTimeOffset at) : TimeProvider
    {
        private DateTimeOffset _from = at;
        private long _since;

        public void GoOnFrom(DateTimeOffset from)
        {
            _from = from;
            Interlocked.Exchange(ref _since, Stopwatch.GetTimestamp());
        }

        public override DateTimeOffset GetUtcNow() => Interlocked.Read(ref _since) is > 0 and var since ? _from + Stopwatch.GetElapsedTime(since) : _from;
    }
}
