using System.Collections.Immutable;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Cases;

/// <summary>Where a case stands in the loop.</summary>
public enum CaseStage
{
    /// <summary>待受理</summary>
    Reported,

    /// <summary>待派遣</summary>
    Filed,

    /// <summary>待签收</summary>
    Dispatched,

    /// <summary>处置中</summary>
    Handling,

    /// <summary>待核实</summary>
    Completed,

    /// <summary>待评价</summary>
    Verified,

    /// <summary>待结案</summary>
    Rated,

    /// <summary>已结案</summary>
    Closed,

    /// <summary>不予立案</summary>
    Refused,
}

/// <summary>Which post has a case, and who took it.</summary>
public sealed record Assignment(int Round, Sector Sector, string Post, DateTimeOffset DispatchedAt, string? ClaimedBy = null);

/// <summary>A clock that is running in a case.</summary>
/// <param name="NextStep">How many steps of the ladder were taken.</param>
/// <param name="Level">The highest level that this run of the clock reached; null while it is not late.</param>
public sealed record RunningClock(Clock Clock, int Round, DateTimeOffset StartedAt, Urgency Urgency, Limit Limit, DateTimeOffset DueAt, string Policy, int NextStep = 0, EscalationLevel? Level = null);

/// <summary>What is known of a case, whatever its stage.</summary>
/// <param name="Sector">The sector: of the category when filed, of the post when dispatched.</param>
/// <param name="Rounds">How often each clock was started.</param>
/// <param name="Policy">The version of the deadline policy that its first clock started under: the case keeps it.</param>
public sealed record CaseFile(
    CaseReported Report,
    By ReportedBy,
    DateTimeOffset ReportedAt,
    string Category,
    Urgency Urgency,
    Sector? Sector,
    Assignment? Assignment,
    int Dispatches,
    string? CompletedBy,
    CaseRated? Rating,
    ImmutableSortedDictionary<Clock, RunningClock> Clocks,
    ImmutableSortedDictionary<Clock, int> Rounds,
    string? Policy = null)
{
    public AreaCode Area => Report.Area;

    public AreaCode Town => Report.Area.At(AreaLevel.Town)!.Value;
}

/// <summary>A case as a fold of its stream. A closed type: one variant a stage.</summary>
public abstract record Case
{
    private Case() { }

    /// <summary>There is no such case (yet).</summary>
    public sealed record Unreported : Case;

    public abstract record Known(CaseFile File) : Case;

    public sealed record Reported(CaseFile File) : Known(File);

    public sealed record Filed(CaseFile File) : Known(File);

    public sealed record Dispatched(CaseFile File) : Known(File);

    public sealed record Handling(CaseFile File) : Known(File);

    public sealed record Completed(CaseFile File) : Known(File);

    public sealed record Verified(CaseFile File) : Known(File);

    public sealed record Rated(CaseFile File) : Known(File);

    public sealed record Closed(CaseFile File) : Known(File);

    public sealed record Refused(CaseFile File) : Known(File);

    public static Case None { get; } = new Unreported();

    /// <summary>The stage; null for a case that does not exist.</summary>
    public CaseStage? Stage => this switch
    {
        Reported => CaseStage.Reported,
        Filed => CaseStage.Filed,
        Dispatched => CaseStage.Dispatched,
        Handling => CaseStage.Handling,
        Completed => CaseStage.Completed,
        Verified => CaseStage.Verified,
        Rated => CaseStage.Rated,
        Closed => CaseStage.Closed,
        Refused => CaseStage.Refused,
        _ => null,
    };

    public static Case Fold(IEnumerable<Fact<CaseEvent>> facts) => facts.Aggregate(None, (state, fact) => state.Apply(fact));

    /// <summary>The case after an event. Total: an event that the deciders could not have emitted here throws.</summary>
    /// <exception cref="InvalidOperationException">The stream is not a case's life.</exception>
    public Case Apply(Fact<CaseEvent> fact) => (fact.Event, this) switch
    {
        (CaseReported e, Unreported) => new Reported(new CaseFile(
            e, fact.By, fact.RecordedAt, e.Category, e.Urgency, null, null, 0, null, null,
            ImmutableSortedDictionary<Clock, RunningClock>.Empty, ImmutableSortedDictionary<Clock, int>.Empty)),
        (CaseFiled e, Reported k) => new Filed(k.File with { Category = e.Category, Urgency = e.Urgency, Sector = e.Sector }),
        (CaseRefused, Reported k) => new Refused(k.File),
        (CaseDispatched e, Known k and (Filed or Rated { File.Rating.Result: FixResult.NotFixed })) => new Dispatched(k.File with
        {
            Sector = e.Sector,
            Assignment = new Assignment(e.Round, e.Sector, e.Post, fact.RecordedAt),
            Dispatches = e.Round,
            CompletedBy = null,
            Rating = null,
        }),
        (CaseClaimed, Dispatched { File.Assignment: { } a } k) => new Handling(k.File with { Assignment = a with { ClaimedBy = fact.By.Actor } }),
        (CaseReturned or CaseRecalled, Known k and (Dispatched or Handling)) => new Filed(k.File with { Assignment = null }),
        (CaseCompleted, Handling k) => new Completed(k.File with { CompletedBy = fact.By.Actor }),
        (CaseVerified, Completed k) => new Verified(k.File),
        (CaseReworkOrdered, Completed k) => new Handling(k.File with { CompletedBy = null }),
        (CaseRated e, Verified k) => new Rated(k.File with { Rating = e }),
        (CaseClosed, Known k and (Verified or Rated { File.Rating.Result: not FixResult.NotFixed })) => new Closed(k.File),
        (CaseClockStarted e, Known k and not (Closed or Refused)) when !k.File.Clocks.ContainsKey(e.Clock) => k with
        {
            File = k.File with
            {
                Clocks = k.File.Clocks.SetItem(e.Clock, new RunningClock(e.Clock, e.Round, e.StartedAt, e.Urgency, e.Limit, e.DueAt, e.Policy)),
                Rounds = k.File.Rounds.SetItem(e.Clock, e.Round),
                Policy = k.File.Policy ?? e.Policy,
            },
        },
        (CaseClockStopped e, Known k) when Runs(k, e.Clock, e.Round) => k with { File = k.File with { Clocks = k.File.Clocks.Remove(e.Clock) } },
        (CaseWarned e, Known k) when Runs(k, e.Clock, e.Round) => Stepped(k, e.Clock, null),
        (CaseEscalated e, Known k) when Runs(k, e.Clock, e.Round) => Stepped(k, e.Clock, e.Level),
        _ => throw new InvalidOperationException($"{fact.Event.GetType().Name} cannot follow in a case that is {Stage?.ToString() ?? "not reported"}."),
    };

    private static bool Runs(Known k, Clock clock, int round) => k.File.Clocks.TryGetValue(clock, out var running) && running.Round == round;

    private static Known Stepped(Known k, Clock clock, EscalationLevel? level)
    {
        var running = k.File.Clocks[clock];
        return k with
        {
            File = k.File with { Clocks = k.File.Clocks.SetItem(clock, running with { NextStep = running.NextStep + 1, Level = level ?? running.Level }) },
        };
    }
}
