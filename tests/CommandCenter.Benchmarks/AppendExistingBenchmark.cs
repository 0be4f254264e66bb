using System.Globalization;
using CommandCenter.Domain;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using Case = CommandCenter.Domain.Cases.Case;
using MarkedText = CommandCenter.Domain.Cases.MarkedText;

namespace CommandCenter.Benchmarks;

/// <summary>
/// A command on a case of five events, as the application carries it out: read the stream, decode, fold, decide, append with the version it saw and a command id. Beside the
/// same with one transaction a command. Each command goes to a case of its own.
/// </summary>
internal static class AppendExistingBenchmark
{
    private const int Callers = 32;
    private static readonly AreaCode Area = AreaCode.Parse("330106012003001");
    private static readonly By Worker = new("p-17", Role.GridWorker, Area);
    private static readonly By Handler = new("p-31", Role.PostHandler, AreaCode.Parse("330106012"));
    private static readonly EventCatalogue Catalogue = new(DomainEvents.All.Select(name => new EventEntry(name.Alias, name.Version, name.Type, name.DotnetType)), DomainJson.Options);
    private static readonly ClaimCase Claim = new();

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        var batched = await MeasureAsync(options, new PostgresEventLogOptions());
        var single = await MeasureAsync(options, new PostgresEventLogOptions { MostInBatch = 1, DecideAhead = false, MostStreamsInRead = 1 });
        return
        [
            new Figure($"append-existing/{Callers} callers, beside one transaction a command", batched.PerSecond, "commands/s", single.PerSecond, "≥ 8,000 commands/s"),
            new Figure($"append-existing/{Callers} callers, p99", batched.P99, "ms", single.P99),
        ];
    }

    private static async Task<(double PerSecond, double P50, double P99)> MeasureAsync(BenchmarkOptions options, PostgresEventLogOptions logOptions)
    {
        await using var dataSource = await Machine.DatabaseAsync(options.Major);
        await using var log = new PostgresEventLog(dataSource, TimeProvider.System, logOptions);
        var cases = (int)(12_000 * (options.For + Machine.WarmUp).TotalSeconds);
        await using (var filling = new PostgresEventLog(dataSource, TimeProvider.System))
            await Task.WhenAll(Enumerable.Range(0, 64).Select(part => Task.Run(async () =>
            {
                for (var number = part; number < cases; number += 64)
                    await AppendedAsync(filling, new AppendRequest([new StreamAppend(Stream(number), "case", new ExpectedVersion.NoStream(), Life())]));
            })));
        await using (var analyze = dataSource.CreateCommand("vacuum analyze mt_events, mt_streams"))
            await analyze.ExecuteNonQueryAsync();

        var next = -1L;
        Task One() => CommandAsync(log, (int)(Interlocked.Increment(ref next) is var number && number < cases
            ? number
            : throw new InvalidOperationException("The cases are used up: the measurement is faster than was prepared for.")));
        await Machine.MeasureAsync(Callers, Machine.WarmUp, One);
        return await Machine.MeasureAsync(Callers, options.For, One);
    }

    private static async Task CommandAsync(PostgresEventLog log, int number)
    {
        var stream = Stream(number);
        var events = await log.ReadStreamAsync(stream);
        var state = Case.Fold(events.Select(stored => new Fact<CaseEvent>((CaseEvent)Catalogue.Decode(stored), Worker, stored.Origin.HappenedAt, stored.RecordedAt)));
        if (CaseDecider.Decide(Claim, state, Handler) is not Decision<CaseEvent>.Emit emit)
            throw new InvalidOperationException("The prepared case cannot be claimed.");
        var id = number.ToString("x32", CultureInfo.InvariantCulture);
        var hash = new byte[32];
        BitConverter.TryWriteBytes(hash, number);
        await AppendedAsync(log, new AppendRequest(
            [new StreamAppend(stream, "case", ExpectedVersion.After(events[^1].StreamVersion), [.. emit.Events.Select(Encode)])], new CommandId(Handler.Actor, id, hash)));
    }

    private static List<NewEvent> Life() =>
    [
        Encode(new CaseReported(CaseSource.GridWorker, new MarkedText(new string('灯', 60), []), Area, "street_light", Urgency.Normal, [])),
        Encode(new CaseFiled("street_light", Sector.Livelihood, Urgency.Normal)),
        Encode(new CaseDispatched(1, Sector.Livelihood, Unit.OfPost("livelihood-lighting"))),
        Encode(new CaseReturned(Unit.OfPost("livelihood-lighting"), new MarkedText("不属本岗", []))),
        Encode(new CaseDispatched(2, Sector.Livelihood, Unit.OfPost("livelihood-lighting"))),
    ];

    private static NewEvent Encode(CaseEvent happened) => Catalogue.Encode(happened, new EventOrigin("p-17", "grid_worker", Area.Value, DateTimeOffset.UnixEpoch));

    private static StreamKey Stream(int number) => StreamKey.Of("case", number.ToString("x32", CultureInfo.InvariantCulture));

    private static async Task AppendedAsync(PostgresEventLog log, AppendRequest request)
    {
        if (await log.AppendAsync(request) is var result and not AppendResult.Appended)
            throw new InvalidOperationException($"The append was answered {result}.");
    }
}
