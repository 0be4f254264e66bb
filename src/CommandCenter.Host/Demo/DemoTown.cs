using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Demo;

/// <summary>
/// Brings the demonstration towns to life. Into an empty log it plays the stories that are told of them, each on its own dates, and the last two and a half days of a small town, on a
/// clock set by hand, after a month of their towns' life as the simulation leads it; then, by the real clock, somebody does something every few seconds. A past that was cut short is played to its end by the next start.
/// </summary>
public sealed partial class DemoTown(
    HostSettings settings,
    PlayedClock clock,
    DemoDriver driver,
    DemoDuty duty,
    DemoAdmissions admissions,
    CaseStreams streams,
    IEventLog log,
    ITimerStore timers,
    TimerWorker worker,
    ISimulation simulation,
    IOrganization organization,
    Identifiers identifiers,
    Pacing pacing,
    ILogger<DemoTown> logger) : BackgroundService
{
    private const int Seed = 141;
    private const int ReportsInThePast = 44;
    private const int MostOpen = 200;

    // Two streets of the simulated district have a seventh of its volume; the demonstration towns are smaller.
    private const double Share = 0.25;
    private static readonly TimeSpan Past = TimeSpan.FromHours(60);
    private static readonly TimeSpan Slot = TimeSpan.FromMinutes(10);
    private static readonly double[] LeftAloneMinutes = [29, 14, 12.5];

    /// <param name="CaseId">Null for a new report.</param>
    private readonly record struct Errand(string? CaseId = null, bool LeftAlone = false);

    private readonly Dictionary<string, CaseSummary> _rows = new(StringComparer.Ordinal);
    private long _position;
    private DateTimeOffset _recentFrom;
    private int _recentReports;

    /// <summary>Whether the past that was begun in this data folder was cut short.</summary>
    public static bool IsPastUnfinished(HostSettings settings) => File.Exists(Unfinished(settings));

    /// <summary>
    /// Prepares an empty log for the past, before anything is written to it, so that also the organization is of the past. Without it a demonstration goes on in the present.
    /// </summary>
    public static void BeginPast(HostSettings settings, PlayedClock clock)
    {
        // Stands beside the keys, which the log is tied to, and from before the first event until after the last one.
        DurableFiles.Write(Unfinished(settings), []);
        clock.SetTo(ScenarioFolder.Past[0].Steps[0].At - TimeSpan.FromMinutes(1));
    }

    /// <summary>A log that begins in the present has no past to be played.</summary>
    public static void LeavePast(HostSettings settings)
    {
        if (IsPastUnfinished(settings))
            DurableFiles.Delete(Unfinished(settings));
    }

    /// <summary>Plays the past before anything else of the host starts.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (IsPastUnfinished(settings))
        {
            try
            {
                await PlayPastAsync(await log.HeadAsync(cancellationToken), cancellationToken);
            }
            finally
            {
                clock.Release();
            }
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
#pragma warning disable RS0030 // A seed of the present: each run of the trickle differs, and says how.
        var seed = (int)(clock.RealNow.ToUnixTimeSeconds() & int.MaxValue);
        var random = new Random(seed);
#pragma warning restore RS0030
        LogTrickle(logger, seed);
        var script = new DemoScript(organization.Now, ScenarioFolder.Texts, random);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(random.Next(4, 11)), pacing.Clock, stoppingToken);
            try
            {
                await DoSomethingAsync(script, random, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogTrickleFailed(logger, e);
            }
        }
    }

    private async Task PlayPastAsync(LogHead head, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        var stories = ScenarioFolder.Past;
        // The first reports of the log are those of the stories, one each.
        var begun = await log.ReadTypesAsync(["case_reported"], 0, stories.Count, cancellation);
        if (begun.Count == 0)
            LogPast(logger);
        else
            LogPastResumed(logger, head.Last.Position);

        // The town's time goes on where it was cut: by today's clock every deadline of a story would fire years late.
        if (head.RecordedAt is { } last)
            clock.SetTo(last);
        await PlayAsync(stories, [.. begun.Select(e => e.Stream.Id)], cancellation);
        await PlayWeeksAsync(cancellation);
        await PlayRecentDaysAsync(cancellation);
        DurableFiles.Delete(Unfinished(settings));
        LogPastPlayed(logger, _position, clock.GetElapsedTime(started).TotalSeconds);
    }

    private static string Unfinished(HostSettings settings) => Path.Combine(settings.DataFolder, "demo-past-unfinished");

    /// <param name="begun">The cases of those stories that were reported, in the stories' order.</param>
    private async Task PlayAsync(IReadOnlyList<Scenario> stories, IReadOnlyList<string> begun, CancellationToken cancellation)
    {
        var cases = stories.Select((_, i) => i < begun.Count ? begun[i] : null).ToArray();
        var played = new int[stories.Count];
        for (var i = 0; i < begun.Count; i++)
            played[i] = await PlayedAsync(begun[i], cancellation);
        // One story may go on while another does, so what is left of all is played by its time.
        foreach (var (i, step) in stories.SelectMany((story, i) => story.Steps.Skip(played[i]).Select(step => (i, step))).OrderBy(row => row.step.At))
        {
            await AdvanceAsync(step.At, cancellation);
            cases[i] = await driver.CarryOutAsync(step, cases[i], cancellation)
                ?? throw new InvalidDataException($"The scenario '{stories[i].Title}' cannot be played: '{step.Command}' at {step.At} was refused.");
        }
    }

    /// <summary>How far a story came: each step is one command and one transaction, so the commands tell, those on the case and those on the committee's list that has it.</summary>
    private async Task<int> PlayedAsync(string caseId, CancellationToken cancellation)
    {
        var facts = await log.ReadStreamAsync(CaseStreams.StreamOf(caseId), 0, cancellation);
        var agenda = await log.ReadStreamAsync(StreamKey.Of("agenda", ((Case.Known)(await streams.LoadAsync(caseId, cancellation)).State).File.Town.Value), 0, cancellation);
        // No other story of the town is on its list.
        var onList = agenda.Any(e => streams.FactOf<AgendaEvent>(e).Event is AgendaMeetingPrepared prepared && prepared.Items.Any(item => item.Case == caseId));
        return Commands(facts) + (onList ? Commands(agenda) : 0);

        static int Commands(IReadOnlyList<StoredEvent> events) => events.Select(e => e.CausationId).Where(cause => cause?.StartsWith("command:", StringComparison.Ordinal) == true).Distinct().Count();
    }

    /// <summary>A month in the towns' life up to the recent days, with its tasks, whistles and meetings; what a past cut short did not reach is played from there on.</summary>
    private async Task PlayWeeksAsync(CancellationToken cancellation)
    {
        var to = clock.RealNow - Past - Slot;
        var from = clock.RealNow - TimeSpan.FromDays(settings.DemoDays);
        if (from < clock.GetUtcNow())
            from = clock.GetUtcNow();
        if (from >= to)
            return;
        await AdvanceAsync(from, cancellation);
        await simulation.PlayAsync(new SimulationPlan(Seed, from, to, Share) { Slot = Slot }, null, cancellation);
    }

    private async Task PlayRecentDaysAsync(CancellationToken cancellation)
    {
        var now = clock.RealNow;
        _recentFrom = now - Past;
        await CatchUpAsync(cancellation);
        var from = clock.GetUtcNow() > now - Past ? clock.GetUtcNow() : now - Past;
        var reported = _recentReports;
#pragma warning disable RS0030 // Seeded, and moved to today; which cases are left alone hangs on their ids, which are new each time.
        var random = new Random(Seed + reported);
#pragma warning restore RS0030
        var script = new DemoScript(organization.Now, ScenarioFolder.Texts, random);
        var agenda = new PriorityQueue<Errand, DateTimeOffset>();
        for (var i = reported; i < ReportsInThePast; i++)
            agenda.Enqueue(new Errand(), now - ((now - from) * random.NextDouble()));
        // Left alone on purpose: whoever opens the wall sees them climb within the first minutes.
        foreach (var at in LeftAloneMinutes.Select(minutes => now - TimeSpan.FromMinutes(minutes)).Where(at => at > from))
            agenda.Enqueue(new Errand(LeftAlone: true), at);
        // What a past cut short left open goes on.
        foreach (var row in _rows.Values.OrderBy(row => row.Position))
            agenda.Enqueue(new Errand(row.Id), from + Pause(row.Stage, random));

        await AdvanceAsync(from, cancellation);
        await duty.RecordAbsenceAsync(from, cancellation);
        await admissions.AdoptAsync(from, cancellation);
        while (agenda.TryDequeue(out var item, out var due) && due < now)
        {
            await KeepDutyAsync(due, cancellation);
            await AdvanceAsync(due, cancellation);
            await CatchUpAsync(cancellation);
            var id = item.LeftAlone ? await ReportLeftAloneAsync(script, due, cancellation) : await TakeStepAsync(script, item.CaseId, due, cancellation);
            await CatchUpAsync(cancellation);
            // What nobody touches is looked at again later: the engine may have made it climb by then.
            if (id is not null && _rows.TryGetValue(id, out var row))
                agenda.Enqueue(new Errand(id), due + Pause(row.Stage, random));
        }

        await KeepDutyAsync(now, cancellation);
        await AdvanceAsync(now, cancellation);
        await CatchUpAsync(cancellation);
    }

    /// <summary>Whatever was due at the centers' duty desks by an instant, each at its own time.</summary>
    private async Task KeepDutyAsync(DateTimeOffset until, CancellationToken cancellation)
    {
        while (duty.Next(clock.GetUtcNow(), until) is { Step: var step, Town: var town })
        {
            var at = step.Due > clock.GetUtcNow() ? step.Due : clock.GetUtcNow();
            await AdvanceAsync(at, cancellation);
            await CatchUpAsync(cancellation);
            if (!await duty.CarryOutAsync(town, step, at, _rows.Values, cancellation))
                throw new InvalidDataException($"The duty of {town} cannot be played: {step} was refused.");
        }
    }

    private async Task<string?> TakeStepAsync(DemoScript script, string? id, DateTimeOffset at, CancellationToken cancellation)
    {
        var step = id is null ? script.Report(at) : _rows.TryGetValue(id, out var row) ? script.Next(row, at) : null;
        return step is null ? id : await driver.CarryOutAsync(step, id, cancellation) ?? id;
    }

    private async Task<string> ReportLeftAloneAsync(DemoScript script, DateTimeOffset at, CancellationToken cancellation)
    {
        var id = identifiers.New();
        while (!DemoScript.IsLeftAlone(id))
            id = identifiers.New();
        return await driver.CarryOutAsync(script.Report(at) with { Urgency = Urgency.Normal }, id, cancellation)
            ?? throw new InvalidDataException("A report of the demonstration town was refused.");
    }

    private async Task DoSomethingAsync(DemoScript script, Random random, CancellationToken cancellation)
    {
        await CatchUpAsync(cancellation);
        var now = clock.GetUtcNow();
        if (duty.Next(now, now) is { Step: var due, Town: var town } && await duty.CarryOutAsync(town, due, now, _rows.Values, cancellation))
            return;
        var open = _rows.Values.Where(row => row.IsOpen).ToList();
        if (open.Count < MostOpen && random.Next(4) == 0)
        {
            await driver.CarryOutAsync(script.Report(now), null, cancellation);
            return;
        }

        // What waits longest in the early stages is taken first, as a center would.
        foreach (var row in open.OrderBy(row => row is not { Urgency: Urgency.Emergency, Stage: CaseStage.Reported }).ThenBy(row => row.Stage > CaseStage.Filed).ThenBy(_ => random.Next()).Take(8))
        {
            if (now - row.UpdatedAt < TimeSpan.FromSeconds(20))
                continue;
            if (script.Next(row, now) is { } step && await driver.CarryOutAsync(step, row.Id, cancellation) is not null)
                return;
        }
    }

    /// <summary>Lets the town's time pass up to an instant: every timer fires at its own due time, in order.</summary>
    private async Task AdvanceAsync(DateTimeOffset to, CancellationToken cancellation)
    {
        while (await timers.NextDueAsync(cancellation) is { } due && due <= to)
        {
            clock.SetTo(due > clock.GetUtcNow() ? due : clock.GetUtcNow());
            if (await worker.DrainAsync(cancellation) == 0)
                break;
        }

        clock.SetTo(to);
    }

    private async Task CatchUpAsync(CancellationToken cancellation)
    {
        while (await log.ReadLogAsync(_position, 500, cancellation) is { Count: > 0 } events)
        {
            foreach (var stored in events.Where(e => e.Stream.Category == "case"))
            {
                var id = stored.Stream.Id;
                var fact = streams.FactOf<CaseEvent>(stored);
                if (fact.Event is CaseReported && stored.RecordedAt >= _recentFrom)
                    _recentReports++;
                // Ended cases are let go of at once; what the engine still says of them is of no interest here.
                if (!_rows.ContainsKey(id) && fact.Event is not CaseReported)
                    continue;
                _rows[id] = CaseSummary.Apply(
                    _rows.GetValueOrDefault(id), id, stored.StreamVersion, stored.Position.Position, fact, code => organization.AsOf(stored.Position.Position).CategoryAt(fact.RecordedAt, code)?.Sector);
                if (!_rows[id].IsOpen)
                    _rows.Remove(id);
            }

            _position = events[^1].Position.Position;
        }
    }

    private static TimeSpan Pause(CaseStage stage, Random random) => stage switch
    {
        CaseStage.Reported or CaseStage.Filed => TimeSpan.FromMinutes(random.Next(10) == 0 ? random.Next(16, 50) : random.Next(2, 13)),
        CaseStage.Dispatched => TimeSpan.FromMinutes(random.Next(10, 180)),
        CaseStage.Handling => TimeSpan.FromMinutes(random.Next(120, 60 * 40)),
        CaseStage.Completed => TimeSpan.FromMinutes(random.Next(30, 60 * 10)),
        _ => TimeSpan.FromMinutes(random.Next(20, 240)),
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "The log is empty: playing the demonstration town's past")]
    private static partial void LogPast(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "The demonstration town's past was cut short after {Events} events: playing the rest")]
    private static partial void LogPastResumed(ILogger logger, long events);

    [LoggerMessage(Level = LogLevel.Information, Message = "The demonstration town's past is played: {Events} events in {Seconds:F1} s")]
    private static partial void LogPastPlayed(ILogger logger, long events, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "The demonstration town goes on, seed {Seed}")]
    private static partial void LogTrickle(ILogger logger, int seed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The demonstration town missed a step")]
    private static partial void LogTrickleFailed(ILogger logger, Exception exception);
}
