using System.Collections.Immutable;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Cases;

/// <summary>A running clock as lists and boards show it.</summary>
/// <param name="DueAt">Null for one that is late already and waits for an unknown time.</param>
/// <param name="LateSince">The deadline that was missed, once that is on record: what is late stays late, whatever it is counted anew to. Null before.</param>
public sealed record SummaryClock(DateTimeOffset? DueAt = null, EscalationLevel? Level = null, DateTimeOffset? LateSince = null)
{
    /// <summary>From when on it is late; null where nobody knows.</summary>
    public DateTimeOffset? LateAt => LateSince ?? DueAt;
}

/// <summary>
/// A case as lists and boards show it: a fold of its events that needs nothing but the row before, so that a read table can keep it.
/// An event at or below <see cref="Version"/> changes nothing.
/// </summary>
/// <param name="Position">Of the report in the log: the order of lists.</param>
/// <param name="Text">With <c>⟦n⟧</c> for sealed spans.</param>
/// <param name="Sector">Of the category until the case is filed or dispatched.</param>
/// <param name="ReturnedBy">The unit that sent it back last.</param>
/// <param name="EscalatedAt">When it last climbed.</param>
/// <param name="ClosedAt">When it was closed or refused.</param>
/// <param name="Returns">How often units sent it back.</param>
/// <param name="CostFen">What the village thought it would cost, in fen; 0 where it did not say.</param>
/// <param name="FundingFen">All money recorded, in fen.</param>
/// <param name="Highest">How high it climbed at any time.</param>
/// <param name="WaitsForFunds">Whether it is suspended for want of money.</param>
/// <param name="Agendas">The towns whose committees have it on their lists; null for none.</param>
/// <param name="ListedUntil">The limit under which it is listed for supervision; null where it is not.</param>
/// <param name="Reviews">The reviews that look back on it and are not over; null for none.</param>
/// <param name="Spot">The code of the thing that it is about.</param>
public sealed record CaseSummary(
    string Id,
    long Version,
    long Position,
    CaseStage Stage,
    string Text,
    string Category,
    Sector Sector,
    Urgency Urgency,
    AreaCode Area,
    string ReportedBy,
    Role ReportedRole,
    DateTimeOffset ReportedAt,
    DateTimeOffset UpdatedAt,
    int Photos,
    ImmutableSortedDictionary<Clock, SummaryClock> Clocks,
    Unit? Unit = null,
    string? ClaimedBy = null,
    bool NotFixed = false,
    DateTimeOffset? FiledAt = null,
    DateTimeOffset? EscalatedAt = null,
    DateTimeOffset? ClosedAt = null,
    MatterLevel? Matter = null,
    AreaCode? TransferTo = null,
    string? MergedInto = null,
    bool Supervised = false,
    string? Meeting = null,
    int? MeetingLine = null,
    bool WasFiled = false,
    AreaCode? FirstArea = null,
    Unit? ReturnedBy = null,
    int Returns = 0,
    long CostFen = 0,
    long FundingFen = 0,
    bool WaitsForFunds = false,
    EscalationLevel? Highest = null,
    ImmutableList<AreaCode>? Agendas = null,
    DateTimeOffset? ListedUntil = null,
    ImmutableList<string>? Reviews = null,
    string? Spot = null)
{
    public bool OnAgenda => Agendas is not null;

    /// <summary>Whether it is listed for supervision.</summary>
    public bool Listed => ListedUntil is not null;

    public bool UnderReview => Reviews is not null;

    public AreaCode Town => Area.At(AreaLevel.Town)!.Value;

    /// <summary>Whether somebody still has to do something.</summary>
    public bool IsOpen => Stage < CaseStage.Closed;

    /// <summary>The clock of the present stage, else the hard limit; null when none runs.</summary>
    public Clock? DueClock => Clocks.Where(clock => clock.Value.DueAt is not null).Select(clock => (Clock?)clock.Key).FirstOrDefault();

    public DateTimeOffset? DueAt => DueClock is { } clock ? Clocks[clock].DueAt : null;

    public DateTimeOffset? HardLimitAt => Clocks.TryGetValue(Clock.HardLimit, out var clock) ? clock.DueAt : null;

    /// <summary>The highest level of the clocks that are running.</summary>
    public EscalationLevel? Level => Clocks.Values.Max(clock => clock.Level);

    /// <summary>When the first of the running clocks is due, or was missed; from then on the case is late.</summary>
    public DateTimeOffset? LateAt => Clocks.Values.Min(clock => clock.LateAt);

    /// <summary>Whether it waits for money, or costs more than was found for it.</summary>
    public bool FundingWanted => WaitsForFunds || CostFen > FundingFen;

    /// <summary>Whether any running clock is past due, or was before it was counted anew.</summary>
    public bool IsLate(DateTimeOffset now) => LateAt <= now;

    /// <summary>Whether it is not late yet but will be within 24 hours.</summary>
    public bool IsDueSoon(DateTimeOffset now) => LateAt > now && LateAt <= now.AddHours(24);

    /// <summary>The summary after an event.</summary>
    /// <param name="sectorOf">The sector of a category; the catalogue may have lost it, then null.</param>
    /// <exception cref="InvalidOperationException">The first event of the case, or one before this, is missing.</exception>
    public static CaseSummary Apply(
        CaseSummary? before, string id, long version, long position, Fact<CaseEvent> fact, Func<string, Sector?> sectorOf)
    {
        if (before is null)
        {
            return fact.Event is CaseReported report
                ? new CaseSummary(
                    id, version, position, report.VillageFirst == true ? CaseStage.Assessing : CaseStage.Reported, report.Text.Text, report.Category, sectorOf(report.Category) ?? Sector.Livelihood, report.Urgency,
                    report.Area, report.Origin?.Reporter ?? fact.By.Actor, report.Origin?.ReporterRole ?? fact.By.Role, fact.RecordedAt, fact.RecordedAt, report.Photos.Count,
                    ImmutableSortedDictionary<Clock, SummaryClock>.Empty, Matter: report.Level,
                    Meeting: report.Source == CaseSource.Meeting ? report.Origin?.Reference : null, MeetingLine: report.Origin?.Line, Spot: report.Spot)
                : throw new InvalidOperationException($"Case {id} begins with {fact.Event.GetType().Name} instead of a report.");
        }

        if (version <= before.Version)
            return before;
        if (version > before.Version + 1)
            throw new InvalidOperationException($"Case {id} is at version {before.Version} and goes on with {version}: what lies between is missing.");

        var after = fact.Event switch
        {
            CaseFiled e => before with { Stage = CaseStage.Filed, Category = e.Category, Sector = e.Sector, Urgency = e.Urgency, Matter = e.Level, FiledAt = fact.RecordedAt, WasFiled = true },
            CaseSentToVillage => before with { Stage = CaseStage.Assessing },
            CasePassedUp e => before with { Stage = CaseStage.Reported, Matter = e.Level, CostFen = e.CostFen ?? 0 },
            CaseCheckOrdered => before with { Stage = CaseStage.Checking },
            CaseChecked => before with { Stage = CaseStage.Reported },
            CaseRefused => before with { Stage = CaseStage.Refused, ClosedAt = fact.RecordedAt },
            CaseRedirected => before with { Stage = CaseStage.Redirected, ClosedAt = fact.RecordedAt },
            CaseMerged e => before with { Stage = CaseStage.Merged, MergedInto = e.Main, ClosedAt = fact.RecordedAt },
            CaseUnmerged => Back(before) with { MergedInto = null, ClosedAt = null },
            CaseSplit => before with { Stage = CaseStage.Split, ClosedAt = fact.RecordedAt },
            CaseDispatched e => before with { Stage = CaseStage.Dispatched, Sector = e.Sector, Unit = e.Unit, ClaimedBy = null, NotFixed = false },
            CaseHandedToEnforcement e => before with { Stage = CaseStage.Dispatched, Sector = e.Sector, Unit = e.Unit, ClaimedBy = null },
            CaseClaimed => before with { Stage = CaseStage.Handling, ClaimedBy = fact.By.Actor },
            CaseReassigned e when before.Stage == CaseStage.Handling => before with { ClaimedBy = e.Person },
            CaseReturned e => before with { Stage = CaseStage.Filed, Unit = null, ClaimedBy = null, ReturnedBy = e.Unit, Returns = before.Returns + 1 },
            CaseFundingCorrected e => before with { FundingFen = e.AmountFen },
            CaseFundingRecorded e => before with { FundingFen = before.FundingFen + e.AmountFen },
            CaseSuspensionApproved { For: SuspensionReason.Funding } => before with { WaitsForFunds = true },
            CaseSuspensionEnded => before with { WaitsForFunds = false },
            CaseRecalled { Unit: not null } => before with { Stage = CaseStage.Filed, Unit = null, ClaimedBy = null },
            CaseRecalled when before.Stage == CaseStage.Transferring => Back(before) with { TransferTo = null },
            CaseRecalled => before with { Stage = CaseStage.Reported },
            CaseCompleted => before with { Stage = CaseStage.Completed },
            CaseVerified => before with { Stage = CaseStage.Verified },
            CaseReworkOrdered => before with { Stage = CaseStage.Handling },
            CaseRated e when before.Stage == CaseStage.Closed => before with { NotFixed = e.Result == FixResult.NotFixed },
            CaseRated e => before with { Stage = CaseStage.Rated, NotFixed = e.Result == FixResult.NotFixed },
            CaseClosed or CaseSolvedOnSpot or CaseSettledByVillage => before with { Stage = CaseStage.Closed, ClosedAt = fact.RecordedAt },
            CaseReopened => Back(before) with { Unit = null, ClaimedBy = null, ClosedAt = null, NotFixed = false, WaitsForFunds = false },
            CaseSupervised => before with { Supervised = true },
            CaseSupervisionAnswered => before with { Supervised = false },
            CaseLevelRaised e => before with { Matter = e.Level },
            CaseLevelLowered e => before with { Matter = e.Level },
            CaseTransferRequested e => before with { Stage = CaseStage.Transferring, TransferTo = e.Area, Unit = null, ClaimedBy = null, NotFixed = false },
            CaseTransferDeclined => Back(before) with { TransferTo = null },
            CaseTransferAccepted e => Moved(before, e.Area),
            CaseTransferred e => Moved(before, e.Area),
            CaseClockStarted e => before with { Clocks = before.Clocks.SetItem(e.Clock, new SummaryClock(e.DueAt)) },
            CaseClockPaused e => Counting(before, e.Clock, e.DueAt),
            CaseClockResumed e => Counting(before, e.Clock, e.DueAt),
            CaseClockExtended e => Counting(before, e.Clock, e.DueAt),
            CaseClockRecounted e => Counting(e.Late == true ? Missed(before, e.Clock, before.Clocks.GetValueOrDefault(e.Clock)?.DueAt) : before, e.Clock, e.DueAt),
            CaseClockStopped e => before with { Clocks = before.Clocks.Remove(e.Clock) },
            CaseEscalated e => before with { Clocks = Climbed(before, e), EscalatedAt = fact.RecordedAt, Highest = before.Highest > e.Level ? before.Highest : e.Level },
            CasePutOnAgenda e => before with { Agendas = (before.Agendas ?? []).Add(e.Town) },
            CaseLeftAgenda e => before with { Agendas = Without(before.Agendas, e.Town) },
            CaseListed e => before with { ListedUntil = e.DueAt },
            CaseListingRecounted e => before with { ListedUntil = e.DueAt },
            CaseDelisted => before with { ListedUntil = null },
            CasePutUnderReview e => before with { Reviews = (before.Reviews ?? []).Add(e.Review) },
            CaseLeftReview e => before with { Reviews = Without(before.Reviews, e.Review) },
            _ => before,
        };
        return after with { Version = version, UpdatedAt = fact.RecordedAt };
    }

    // What is paused, nobody knows until when, is due to nobody; that it is late already is not forgotten.
    private static CaseSummary Counting(CaseSummary before, Clock clock, DateTimeOffset? dueAt)
    {
        var known = before.Clocks.GetValueOrDefault(clock);
        return before with { Clocks = dueAt is not null || known?.LateSince is not null ? before.Clocks.SetItem(clock, new SummaryClock(dueAt, known?.Level, known?.LateSince)) : before.Clocks.Remove(clock) };
    }

    private static CaseSummary Missed(CaseSummary before, Clock clock, DateTimeOffset? dueAt) => before.Clocks.TryGetValue(clock, out var known)
        ? before with { Clocks = before.Clocks.SetItem(clock, known with { LateSince = known.LateSince ?? dueAt }) }
        : before;

    private static ImmutableSortedDictionary<Clock, SummaryClock> Climbed(CaseSummary before, CaseEscalated e) =>
        before.Clocks.SetItem(e.Clock, before.Clocks[e.Clock] with { Level = e.Level, LateSince = before.Clocks[e.Clock].LateSince ?? e.DueAt });

    private static ImmutableList<T>? Without<T>(ImmutableList<T>? list, T item) => list?.Remove(item) is { Count: > 0 } left ? left : null;

    private static CaseSummary Back(CaseSummary before) => before with { Stage = before.WasFiled ? CaseStage.Filed : CaseStage.Reported };

    private static CaseSummary Moved(CaseSummary before, AreaCode area) =>
        before with { Stage = CaseStage.Reported, Area = area, FirstArea = before.FirstArea ?? before.Area, TransferTo = null, WasFiled = false, Unit = null, ClaimedBy = null, NotFixed = false };
}
