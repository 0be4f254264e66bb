using System.Diagnostics;
using System.Globalization;
using System.Text;
using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Deadlines;
using CommandCenter.Host.Inbox;
using CommandCenter.Host.Organization;
using CommandCenter.Host.Verbs;
using Npgsql;
using MarkedText = CommandCenter.Domain.Cases.MarkedText;

namespace CommandCenter.Benchmarks;

/// <summary>A district's year under another policy: 50,000 lives of cases over 365 days, with their notices more than a million events, of which a part was late.</summary>
internal static class PolicyTryBenchmark
{
    private const int Cases = 50_000;
    private const int Seed = 20_261_130;
    private const int AtOnce = 1_000;
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 1, 0, 0, TimeSpan.Zero);

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        var content = ((OrganizationReading.Complete)OrganizationFolder.Read(OrganizationFolder.DemoDistrict)).Content;
        var history = OrganizationHistory.None.With(OrganizationImport.Difference(OrganizationHistory.None, content, null).Events);
        var organization = new ReadOrganization(new LoadedOrganization(history, 0, new LogPosition(1, 0), OrganizationSteps.None), TimeProvider.System);
        var policies = ReadPolicies.Of(PolicyFolder.Read(PolicyFolder.Bundled, "default-1", CalendarFolder.Bundled).Begun, organization.Now.District, TimeProvider.System);
        var plan = NoticePlanFile.Read(Path.Combine(AppContext.BaseDirectory, "Inbox", "plans", "default-1.json"));
        var catalogue = new EventCatalogue(DomainEvents.All.Select(name => new EventEntry(name.Alias, name.Version, name.Type, name.DotnetType)), DomainJson.Options);
        var life = await LifeAsync(organization, policies, new NoticeRoutes(plan, [], policies, organization), catalogue);

        await using var dataSource = await Machine.DatabaseAsync(options.Major);
        await FillAsync(dataSource, life);
        await using (var analyze = new NpgsqlCommand("vacuum analyze", await dataSource.OpenConnectionAsync()) { CommandTimeout = 0 })
            await analyze.ExecuteNonQueryAsync();
        await using var log = new PostgresEventLog(dataSource, TimeProvider.System);
        var events = (await log.HeadAsync()).Last.Position;
        var (tried, _) = DeadlinePolicyReader.Read(await File.ReadAllTextAsync(Path.Combine(PolicyFolder.Bundled, "default-2.json")));
        var to = Begin.AddDays(366);

        var seconds = new List<double>();
        TrialReport? report = null;
        var processor = new List<double>();
        for (var round = 0; round < 3; round++)
        {
            var (started, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            report = await new PolicyTry(dataSource, catalogue, history, plan).RunAsync(new PolicyBook(tried!, [], policies.Now.Calendar), Begin, to, null, default);
            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            processor.Add((Environment.CpuUsage.TotalTime - used).TotalSeconds);
        }

        if (report!.Cases != Cases)
            throw new InvalidOperationException($"{report.Cases} cases were tried.");
        var late = report.Matters.Aggregate(default(Tried), (sum, matter) => sum + matter.LateCases);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"late cases {late.Happened:N0} as filled, {late.Would:N0} under {report.Policy}; {report.Notices.Sum(row => row.Notices.Would):N0} notices; {processor.Order().ElementAt(1):N1} s of processor time in this process"));
        return [new Figure(string.Create(CultureInfo.InvariantCulture, $"policy-try/{Cases:N0} cases in a log of {events:N0} events, the middle of three"), seconds.Order().ElementAt(1), "s", Wanted: "< 10 s", Holds: seconds.Order().ElementAt(1) < 10)];
    }

    /// <summary>One case from report to closure by the application over a log in memory: the events of each step.</summary>
    private static async Task<IReadOnlyList<IReadOnlyList<StoredEvent>>> LifeAsync(IOrganization organization, IPolicies policies, NoticeRoutes routes, EventCatalogue catalogue)
    {
        var log = new InMemoryEventLog(TimeProvider.System);
        var streams = new CaseStreams(new StreamCommands(log, catalogue, routes), new CaseKind(organization, policies, routes.Plan), []);
        var grid = AreaCode.Parse("500153003001001");
        var text = new MarkedText("道路破损,影响周边居民出行。", []);
        (string By, CaseCommand Command)[] steps =
        [
            ("grid-worker-01", new ReportCase(new CaseReported(CaseSource.GridWorker, text, grid, "damaged-road", Urgency.Normal, []))),
            ("center-operator-01", new FileCase("damaged-road", Sector.Economy, Urgency.Normal, text)),
            ("dispatcher-01", new DispatchCase(Sector.Economy, Unit.OfPost("village-construction"), text)),
            ("post-handler-05", new ClaimCase()),
            ("post-handler-05", new CompleteCase(text, [])),
            ("grid-worker-01", new VerifyCase(true, text, [])),
            ("center-operator-01", new RateCase(5, FixResult.Fixed, text)),
            ("dispatcher-01", new CloseCase(text)),
        ];
        var life = new List<IReadOnlyList<StoredEvent>>();
        foreach (var (by, command) in steps)
        {
            var before = (await log.HeadAsync()).Last.Position;
            var callers = organization.Now.FindPerson(by)!.Roles.Select(seat => new Caller(by, seat)).ToList();
            var now = TimeProvider.System.GetUtcNow();
            if (await streams.ExecuteAsync(new StreamWork<Case, CaseCommand, CaseEvent>(Id(0), command.Name, (_, _) => Task.FromResult(command), callers, now, now, null), default) is not Outcome.Done)
                throw new InvalidOperationException($"The life cannot be told: {command.Name} was refused.");
            life.Add(await log.ReadLogAsync(before, 1000));
        }

        return life;
    }

    // In the order of their days, many steps in one append: only what was recorded when matters here.
    private static async Task FillAsync(NpgsqlDataSource dataSource, IReadOnlyList<IReadOnlyList<StoredEvent>> life)
    {
        var random = new Random(Seed);
        var steps = new List<(double Minute, int Case, int Step)>(Cases * life.Count);
        for (var number = 0; number < Cases; number++)
        {
            var minute = number * 365.0 * 1440 / Cases;
            for (var step = 0; step < life.Count; step++)
            {
                steps.Add((minute, number, step));
                // Accepting and dispatching in minutes, now and then too late; handling in hours or days; then to the spot, the reporter and the end.
                minute += step switch { 0 or 1 => random.Next(1, 18), 2 => random.Next(10, 600), 3 => random.Next(60, 9 * 1440), 4 => random.Next(30, 2000), 5 => random.Next(60, 4 * 1440), _ => random.Next(30, 1440) };
            }
        }

        steps.Sort();
        var clock = new SetClock();
        await using var log = new PostgresEventLog(dataSource, clock);
        foreach (var chunk in steps.Chunk(AtOnce))
        {
            clock.Now = Begin.AddMinutes(chunk[^1].Minute);
            var appends = chunk.SelectMany(at => life[at.Step].Select(e => (e, at.Case))).GroupBy(pair => pair.e.Stream.Category == "case" ? CaseStreams.StreamOf(Id(pair.Case)) : pair.e.Stream)
                .Select(stream => new StreamAppend(stream.Key, stream.Key.Category, new ExpectedVersion.Any(), [.. stream.Select(pair => Copy(pair.e, pair.Case))]));
            if (await log.AppendAsync(new AppendRequest([.. appends])) is var result and not AppendResult.Appended)
                throw new InvalidOperationException($"The append was answered {result}.");
        }
    }

    private static NewEvent Copy(StoredEvent e, int number) => new(
        e.Type, "Benchmarks.Copied, Benchmarks", Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(e.Data.Span).Replace(Id(0), Id(number), StringComparison.Ordinal)), e.Origin, CaseStreams.StreamOf(Id(number)).ToString(), e.CausationId);

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"0199c2f0a0b07c0d8e0f{number:x12}");

    /// <summary>The day that is written about; waits are by the machine's clock.</summary>
    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Begin;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
