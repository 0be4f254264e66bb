using CommandCenter.Domain;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Deadlines;

/// <summary>Where a run of a clock stands.</summary>
public enum ClockState
{
    Running,

    /// <summary>Running, past due.</summary>
    Overdue,

    /// <summary>It does not count for a time.</summary>
    Paused,

    /// <summary>Stopped in time.</summary>
    Met,

    /// <summary>Stopped after its due instant.</summary>
    Late,
}

/// <summary>The next step of the ladder.</summary>
/// <param name="Level">Missing for a warning.</param>
public sealed record NextStepView(string Step, DateTimeOffset At, EscalationLevel? Level = null);

/// <summary>A stretch of the life of a clock.</summary>
/// <param name="Causes">Of a pause.</param>
public sealed record SegmentView(SegmentKind Kind, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<PauseCause>? Causes = null);

/// <summary>Time that was granted, and how much of it has been counted.</summary>
/// <param name="GrantedAt">For the limit itself when the clock began.</param>
/// <param name="Elapsed">What has been counted, in the unit of the limit, to the hundredth; with what remains it is the limit.</param>
/// <param name="Remaining">What is left of it, in the same unit.</param>
/// <param name="ApprovedBy">Who granted an extension, in order, by id.</param>
public sealed record AllowanceView(Limit Limit, DateTimeOffset GrantedAt, decimal Elapsed, decimal Remaining, IReadOnlyList<string>? ApprovedBy = null);

/// <summary>One run of a clock, with the stretches of time behind its deadline and the reasons of it in both languages.</summary>
/// <param name="DueAt">Missing while it is paused and nobody knows until when.</param>
/// <param name="Allowances">The limit, then each extension that was granted on top of it.</param>
/// <param name="Provisional">Whether it rests on a year whose holidays are not announced.</param>
/// <param name="Matter">The policy's matter whose limit it is.</param>
/// <param name="Exempted">Whether a run that was late was exempted on appeal; that it was late stays.</param>
/// <param name="Reasons">One after the other, as data and in words.</param>
/// <param name="Why">All reasons as one sentence.</param>
public sealed record DeadlineView(
    Clock Clock, int Round, ClockState State, DateTimeOffset StartedAt, Limit Limit, DateTimeOffset? DueAt, DateTimeOffset? StoppedAt, string Policy, EscalationLevel? Level, NextStepView? Next, Message Why,
    IReadOnlyList<AllowanceView> Allowances, IReadOnlyList<SegmentView> Segments, IReadOnlyList<DeadlineReason> Reasons, bool Provisional, bool Exempted, string? Matter);

/// <summary>All runs of a case's clocks, in the order in which they started.</summary>
public sealed record CaseDeadlines(IReadOnlyList<DeadlineView> Clocks);

/// <summary><c>GET /api/cases/{id}/deadlines</c></summary>
public static class GetDeadlines
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/cases/{id}/deadlines", HandleAsync)
        .Query<CaseDeadlines>("getCaseDeadlines", "Every deadline of a case and why", versioned: true);

    private static async Task<IResult> HandleAsync(
        HttpContext context, string id, CaseStreams streams, OrganizationDirectory organization, IPolicies live, TimeProvider clock)
    {
        var callers = Callers.From(context.Request, organization);
        var (loaded, file) = await VisibleCase.LoadAsync(id, callers, streams, context.RequestAborted);
        var now = clock.GetUtcNow();
        var events = loaded.Facts.Select(fact => fact.Fact.Event).ToList();
        var policies = live.At(now);
        // Whoever has left since goes on to be named.
        Message NameOf(string person) => organization.KnownPerson(person) is { } known ? new(known.Name, known.NameEn.Length > 0 ? known.NameEn : known.Name) : new(person, person);
        var runs = Started(events).Select(begun =>
        {
            var (started, town) = begun;
            var run = events.Aggregate(RunningClock.Of(started), (before, happened) => before.After(happened));
            // What has ended was counted by the calendar as it was known then.
            var calendar = run.Facts.OfType<ClockEnds>().FirstOrDefault() is { } end ? live.History.CalendarKnownAt(end.At) : policies.Calendar;
            var time = calendar.At(town, organization.TimeZone);
            var trace = ClockTrace.Of(run.Facts, time, now > started.StartedAt ? now : started.StartedAt);
            var level = events.OfType<CaseEscalated>().LastOrDefault(e => e.Clock == started.Clock && e.Round == started.Round)?.Level;
            var reasons = DeadlineWords.Reasons(trace, time, NameOf);
            return new DeadlineView(
                started.Clock, started.Round, StateOf(trace), started.StartedAt, trace.Allowances[0].Limit, trace.DueAt, trace.EndedAt, trace.Policy, level, Next(started, file, policies, time), DeadlineWords.Sentence(reasons),
                [.. trace.Allowances.Select(allowance => View(allowance, time))], [.. trace.Segments.Select(segment => new SegmentView(segment.Kind, segment.From, segment.To, segment.Causes))], reasons, trace.Provisional,
                file.ExemptRuns.Any(exempt => (exempt.Clock, exempt.Round) == (started.Clock, started.Round)), run.Matter);
        });
        context.Response.Headers.ETag = ETags.Of(loaded.Version);
        context.Response.Headers[ETags.PositionHeader] = loaded.Facts[^1].Stored.Position.ToString();
        return TypedResults.Ok(new CaseDeadlines([.. runs]));
    }

    /// <summary>Each run with the town where it began: it is counted by that one's hours, wherever the case went since.</summary>
    private static IEnumerable<(CaseClockStarted Started, AreaCode Town)> Started(IReadOnlyList<CaseEvent> events)
    {
        var area = default(AreaCode);
        foreach (var happened in events)
        {
            area = happened switch
            {
                CaseReported e => e.Area,
                CaseTransferAccepted e => e.Area,
                CaseTransferred e => e.Area,
                _ => area,
            };
            if (happened is CaseClockStarted started)
                yield return (started, area.At(AreaLevel.Town)!.Value);
        }
    }

    private static AllowanceView View(Allowance allowance, WorkingTime time)
    {
        // Rounded down, so that a limit is not shown as used up while it runs.
        var elapsed = Math.Floor(allowance.Used * 100m / time.SharesOf(allowance.Limit.Unit)) / 100m;
        return new AllowanceView(allowance.Limit, allowance.GrantedAt, elapsed, allowance.Limit.Amount - elapsed, allowance.ApprovedBy);
    }

    private static ClockState StateOf(ClockTrace trace) => trace switch
    {
        { EndedAt: not null } => trace.IsLate ? ClockState.Late : ClockState.Met,
        { IsLate: true } => ClockState.Overdue,
        { IsPaused: true } => ClockState.Paused,
        _ => ClockState.Running,
    };

    private static NextStepView? Next(CaseClockStarted started, CaseFile file, PolicyBook policies, WorkingTime time)
    {
        if (!file.Clocks.TryGetValue(started.Clock, out var running) || running.Round != started.Round)
            return null;
        var ahead = DeadlineSaga.StepsAhead(running, policies, time);
        return ahead.Count > 0 ? new NextStepView(ahead[0].Step.Name, ahead[0].DueAt, ahead[0].Step.Level) : null;
    }
}
