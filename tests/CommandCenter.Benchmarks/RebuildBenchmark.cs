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
using CommandCenter.Host.Board;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Deadlines;
using CommandCenter.Host.Inbox;
using CommandCenter.Host.Organization;
using Npgsql;
using MarkedText = CommandCenter.Domain.Cases.MarkedText;

namespace CommandCenter.Benchmarks;

/// <summary>
/// Reading the whole log again: into the board in memory, and into each read table, beside a binary COPY of the finished rows into the same empty table with the same indexes. The
/// log holds whole lives of cases from report to closure, with their clocks and notices, as the application decides them.
/// </summary>
internal static class RebuildBenchmark
{
    private const int Cases = 16_000;

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        var content = ((OrganizationReading.Complete)OrganizationFolder.Read(OrganizationFolder.DemoDistrict)).Content;
        var organization = new ReadOrganization(Loaded(OrganizationHistory.None.With(OrganizationImport.Difference(OrganizationHistory.None, content, null).Events)), TimeProvider.System);
        var policies = ReadPolicies.Of(PolicyFolder.Read(PolicyFolder.Bundled, "default-1", CalendarFolder.Bundled).Begun, organization.Now.District, TimeProvider.System);
        var plan = NoticePlanFile.Read(Path.Combine(AppContext.BaseDirectory, "Inbox", "plans", "default-1.json"));
        var routes = new NoticeRoutes(plan, [], policies, organization);
        var catalogue = new EventCatalogue(DomainEvents.All.Select(name => new EventEntry(name.Alias, name.Version, name.Type, name.DotnetType)), DomainJson.Options);
        var life = await LifeAsync(organization, policies, routes, catalogue);

        await using var dataSource = await Machine.DatabaseAsync(options.Major);
        await using var log = new PostgresEventLog(dataSource, TimeProvider.System);
        await FillAsync(log, life);
        await using (var analyze = dataSource.CreateCommand("vacuum analyze"))
            await analyze.ExecuteNonQueryAsync();
        var events = (await log.HeadAsync()).Last.Position;
        var streams = new CaseStreams(new StreamCommands(log, catalogue, routes), new CaseKind(organization, policies, routes.Plan), []);

        var (folds, decodes, reads, copies) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < 5; round++)
        {
            copies.Add(await MeasureAsync(events, () => CopyOutAsync(dataSource)));
            reads.Add(await MeasureAsync(events, () => ReadAsync(log, events, _ => { })));
            decodes.Add(await MeasureAsync(events, () => ReadAsync(log, events, stored => streams.FactOf<object>(stored))));
            var fold = new BoardFold(organization);
            folds.Add(await MeasureAsync(events, () => ReadAsync(log, events, stored =>
            {
                if (stored.Stream.Category == "case")
                    fold.Apply(stored.Stream.Id, stored.StreamVersion, stored.Position.Position, stored.Type, streams.FactOf<CaseEvent>(stored));
            })));
        }

        var figures = new List<Figure>
        {
            new("rebuild/board in memory, beside COPY-out of the same columns", Middle(folds), "events/s", Middle(copies), "≥ 150,000 events/s"),
            new("rebuild/of which reading and decoding", Middle(decodes), "events/s", Middle(copies)),
            new("rebuild/of which reading", Middle(reads), "events/s", Middle(copies)),
        };
        figures.AddRange(await TableAsync(dataSource, log, new InboxTable(streams), "inbox table, of whole lives", events, "what is of cases is read and passed over"));
        figures.AddRange(await TableAsync(dataSource, log, new CaseTable(streams, organization), "case table, of whole lives", events, "some twenty events a row"));

        await using var ofNotices = await Machine.DatabaseAsync(options.Major);
        await using var notices = new PostgresEventLog(ofNotices, TimeProvider.System);
        await FillAsync(notices, [.. life.Where(e => e.Type == "notice_sent")]);
        await using (var analyze = ofNotices.CreateCommand("vacuum analyze"))
            await analyze.ExecuteNonQueryAsync();
        figures.AddRange(await TableAsync(ofNotices, notices, new InboxTable(new CaseStreams(new StreamCommands(notices, catalogue, routes), new CaseKind(organization, policies, plan), [])), "inbox table, one row an event", (await notices.HeadAsync()).Last.Position, "ratio ≥ 0.4"));
        return figures;
    }

    private static LoadedOrganization Loaded(OrganizationHistory history) => new(history, 0, new LogPosition(1, 0), OrganizationSteps.None.After(0, history));

    private static async Task<IReadOnlyList<Figure>> TableAsync(NpgsqlDataSource dataSource, PostgresEventLog log, IProjection projection, string name, long events, string wanted)
    {
        await using (var connection = await dataSource.OpenConnectionAsync())
            await projection.CreateTablesAsync(connection, default);
        var (rebuilds, copies) = (new List<double>(), new List<double>());
        var rows = 0L;
        for (var round = 0; round < 3; round++)
        {
            rebuilds.Add(await MeasureAsync(events, async () =>
            {
                await using var follow = new SharedFollow(log, TimeProvider.System);
                await new ProjectionRebuild(dataSource, follow, projection, TimeProvider.System).RunAsync();
            }));
            await using var connection = await dataSource.OpenConnectionAsync();
            await using (var count = new NpgsqlCommand($"select count(*) from {projection.Name}", connection))
                rows = (long)(await count.ExecuteScalarAsync())!;
            using var bytes = new MemoryStream();
            await using (var copy = await connection.BeginRawBinaryCopyAsync($"copy {projection.Name} to stdout (format binary)"))
                await copy.CopyToAsync(bytes);
            await using (var beside = new NpgsqlCommand($"drop table if exists copied; create table copied (like {projection.Name} including all)", connection))
                await beside.ExecuteNonQueryAsync();
            copies.Add(await MeasureAsync(rows, async () =>
            {
                await using var copy = await connection.BeginRawBinaryCopyAsync("copy copied from stdin (format binary)");
                await copy.WriteAsync(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
            }));
        }

        return
        [
            new Figure($"rebuild/{name}, rows beside COPY of its rows", Middle(rebuilds) * rows / events, "rows/s", Middle(copies), wanted),
            new Figure($"rebuild/{name}, events read", Middle(rebuilds), "events/s"),
        ];
    }

    private static async Task ReadAsync(PostgresEventLog log, long events, Action<StoredEvent> take)
    {
        await using var follow = new SharedFollow(log, TimeProvider.System);
        await foreach (var batch in follow.FollowAsync(new LogPosition(1, 0)))
        {
            foreach (var stored in batch)
                take(stored);
            if (batch[^1].Position.Position == events)
                return;
        }
    }

    private static async Task CopyOutAsync(NpgsqlDataSource dataSource)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var copy = await connection.BeginRawBinaryCopyAsync("copy (select seq_id, id, stream_id, version, type, timestamp, headers, data, correlation_id, causation_id from mt_events order by seq_id) to stdout (format binary)");
        await copy.CopyToAsync(Stream.Null);
    }

    /// <summary>One case from report to closure, carried out by the application over a log in memory.</summary>
    private static async Task<IReadOnlyList<StoredEvent>> LifeAsync(IOrganization organization, IPolicies policies, NoticeRoutes routes, EventCatalogue catalogue)
    {
        var log = new InMemoryEventLog(TimeProvider.System);
        var streams = new CaseStreams(new StreamCommands(log, catalogue, routes), new CaseKind(organization, policies, routes.Plan), []);
        var grid = AreaCode.Parse("500153003001001");
        var text = new MarkedText("河道边堆放垃圾,有异味,影响周边居民生活。", []);
        (string By, CaseCommand Command)[] steps =
        [
            ("grid-worker-01", new ReportCase(new CaseReported(CaseSource.GridWorker, text, grid, "river-pollution", Urgency.Normal, []))),
            ("center-operator-01", new FileCase("river-pollution", Sector.Economy, Urgency.Normal, text)),
            ("dispatcher-01", new DispatchCase(Sector.Economy, Unit.OfPost("village-construction"), text)),
            ("post-handler-05", new ClaimCase()),
            ("post-handler-05", new CompleteCase(text, [])),
            ("grid-worker-01", new VerifyCase(true, text, [])),
            ("center-operator-01", new RateCase(5, FixResult.Fixed, text)),
            ("dispatcher-01", new CloseCase(text)),
        ];
        foreach (var (by, command) in steps)
        {
            var callers = organization.Now.FindPerson(by)!.Roles.Select(seat => new Caller(by, seat)).ToList();
            var now = TimeProvider.System.GetUtcNow();
            if (await streams.ExecuteAsync(new StreamWork<Case, CaseCommand, CaseEvent>(Id(0), command.Name, (_, _) => Task.FromResult(command), callers, now, now, null), default) is not Outcome.Done)
                throw new InvalidOperationException($"The life cannot be told: {command.Name} was refused.");
        }

        return await log.ReadLogAsync(0, 1000);
    }

    private static async Task FillAsync(PostgresEventLog log, IReadOnlyList<StoredEvent> life)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var number && number < Cases)
            {
                var streams = life.GroupBy(e => e.Stream).Select(stream => new StreamAppend(
                    stream.Key.Category == "case" ? CaseStreams.StreamOf(Id(number)) : stream.Key, stream.Key.Category, new ExpectedVersion.Any(),
                    [
                        .. stream.Select(e => new NewEvent(
                            e.Type, "Benchmarks.Copied, Benchmarks", Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(e.Data.Span).Replace(Id(0), Id(number), StringComparison.Ordinal)), e.Origin,
                            CaseStreams.StreamOf(Id(number)).ToString(), e.CausationId)),
                    ]));
                if (await log.AppendAsync(new AppendRequest([.. streams])) is var result and not AppendResult.Appended)
                    throw new InvalidOperationException($"The append was answered {result}.");
            }
        })));
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"0199c2f0a0b07c0d8e0f{number:x12}");

    private static async Task<double> MeasureAsync(long count, Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Middle(List<double> rounds) => rounds.Order().ElementAt(rounds.Count / 2);
}
