using System.Collections.Immutable;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Cases;

/// <summary>Where a case stands in the loop.</summary>
public enum CaseStage
{
    /// <summary>村级研判</summary>
    Assessing,

    /// <summary>待受理</summary>
    Reported,

    /// <summary>核查中</summary>
    Checking,

    /// <summary>移送中</summary>
    Transferring,

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

    /// <summary>作废 (不予立案)</summary>
    Refused,

    /// <summary>已转紧急服务</summary>
    Redirected,

    /// <summary>已并案</summary>
    Merged,

    /// <summary>已拆分</summary>
    Split,
}

/// <summary>Which unit has a case, and who took it.</summary>
/// <param name="Person">Who shall do it, if the dispatch named somebody.</param>
public sealed record Assignment(int Round, Sector Sector, Unit Unit, DateTimeOffset DispatchedAt, string? ClaimedBy = null, string? Person = null);

/// <summary>A part of the work.</summary>
public sealed record Subtask(int Number, MarkedText Task, string? Person, bool Finished = false);

/// <summary>That a leader has the case watched.</summary>
/// <param name="Place">From where it was ordered: a town's stands in no other town's way.</param>
public sealed record Supervision(SupervisionBy Order, string By, DateTimeOffset At, bool Answered = false, AreaCode? Place = null)
{
    /// <summary>Whether it is ordered from above the town that has the case, or from that town itself; false for one from a town that the case has left.</summary>
    public bool IsOf(AreaCode town) => Place is not { } place || place.Contains(town) || town.Contains(place);
}

/// <summary>A case that was merged into this one, with who waits for its result.</summary>
public sealed record AbsorbedCase(string Reporter, Role ReporterRole);

/// <summary>A clock that is running in a case.</summary>
/// <param name="NextStep">How many steps of the ladder were taken.</param>
/// <param name="Level">The highest level that this run of the clock reached; null while it is not late.</param>
/// <param name="Matter">The policy's matter whose limit and ladder it has; null where the general rule holds.</param>
public sealed record RunningClock(Clock Clock, int Round, DateTimeOffset StartedAt, Urgency Urgency, Limit Limit, DateTimeOffset DueAt, string Policy, int NextStep = 0, EscalationLevel? Level = null, string? Matter = null)
{
    /// <summary>What happened to this run, for its trace.</summary>
    public ImmutableList<ClockFact> Facts { get; init; } = [new ClockBegins(StartedAt, 1, Limit, Policy)];

    /// <summary>Why it does not count now.</summary>
    public ImmutableSortedSet<PauseCause> Held { get; init; } = [];

    /// <summary>Who sent the case back: this clock goes on if that unit gets it again.</summary>
    public Unit? HeldFor { get; init; }

    /// <summary>False while it is paused and nobody knows until when; then <see cref="DueAt"/> is what was due before.</summary>
    public bool IsDueKnown { get; init; } = true;

    /// <summary>The town where it began: it is counted by that one's hours, wherever the case goes.</summary>
    public AreaCode? Town { get; init; }

    /// <summary>The unit that had the case when it began.</summary>
    public Unit? Unit { get; init; }

    /// <summary>How often its timers were set anew: what was set before must not act.</summary>
    public int Schedule { get; init; }

    public bool IsHeld => Held.Count > 0;

    /// <summary>The attempt of its timers.</summary>
    public int Attempt => Round + (Schedule * 100_000);

    /// <summary>How often it was extended.</summary>
    public int Extensions => Facts.Count(fact => fact is ClockExtended);

    /// <summary>Whether it is late, or was before it was counted anew: what is late stays late.</summary>
    public bool IsLateAt(DateTimeOffset at) => Level is not null || (IsDueKnown && DueAt <= at) || Facts.Any(fact => fact is ClockRecounted { Late: true });

    /// <summary>A run as it began.</summary>
    public static RunningClock Of(CaseClockStarted e) => new(e.Clock, e.Round, e.StartedAt, e.Urgency, e.Limit, e.DueAt, e.Policy, Matter: e.Matter);

    /// <summary>The run after whatever happened to it; other events change nothing.</summary>
    public RunningClock After(CaseEvent happened) => happened switch
    {
        CaseClockPaused e when (e.Clock, e.Round) == (Clock, Round) => After(e),
        CaseClockResumed e when (e.Clock, e.Round) == (Clock, Round) => After(e),
        CaseClockExtended e when (e.Clock, e.Round) == (Clock, Round) => After(e),
        CaseClockRecounted e when (e.Clock, e.Round) == (Clock, Round) => After(e),
        CaseClockStopped e when (e.Clock, e.Round) == (Clock, Round) => this with { Facts = Facts.Add(new ClockEnds(e.StoppedAt, Facts.Count + 1, e.Late)) },
        _ => this,
    };

    public RunningClock After(CaseClockPaused e) => Changed(new ClockPauses(e.PausedAt, Facts.Count + 1, e.Cause, e.Until, e.For, e.ApprovedBy), e.DueAt) with
    {
        Held = Held.Add(e.Cause),
        HeldFor = e.Unit ?? HeldFor,
    };

    public RunningClock After(CaseClockResumed e) => Changed(new ClockResumes(e.ResumedAt, Facts.Count + 1, e.Cause), e.DueAt) with
    {
        Held = Held.Remove(e.Cause),
        HeldFor = e.Cause == PauseCause.Return ? null : HeldFor,
        NextStep = e.NextStep,
    };

    public RunningClock After(CaseClockExtended e) => Changed(new ClockExtended(e.ExtendedAt, Facts.Count + 1, e.By, e.ApprovedBy), e.DueAt) with { NextStep = e.NextStep };

    public RunningClock After(CaseClockRecounted e) => Changed(new ClockRecounted(e.RecountedAt, Facts.Count + 1, e.Cause, e.Limit, e.Policy, e.Revision, e.Late == true), e.DueAt) with
    {
        Limit = e.Limit,
        Policy = e.Policy,
        Matter = e.Matter,
        NextStep = e.NextStep,
    };

    private RunningClock Changed(ClockFact fact, DateTimeOffset? dueAt) => this with { Facts = Facts.Add(fact), DueAt = dueAt ?? DueAt, IsDueKnown = dueAt is not null, Schedule = Schedule + 1 };
}

/// <summary>More time that was asked for and is not decided.</summary>
/// <param name="First">Who approved it first; it needs a second person of another rank.</param>
public sealed record ExtensionRequest(Limit By, string AskedBy, By? First = null);

/// <summary>A suspension: asked for, then running from its approval until it ends.</summary>
/// <param name="ApprovedAt">Null while it is only asked for.</param>
/// <param name="EndedAt">Null while it runs.</param>
/// <param name="Round">The dispatch under which it was approved: the attempt of its timer.</param>
public sealed record Suspension(SuspensionReason For, DateTimeOffset Until, string AskedBy, string? ApprovedBy = null, DateTimeOffset? ApprovedAt = null, DateTimeOffset? EndedAt = null, int Round = 0)
{
    public bool IsAsked => ApprovedAt is null;

    public bool IsOn => ApprovedAt is not null && EndedAt is null;
}

/// <summary>Where an appeal against lateness stands.</summary>
public enum AppealStanding
{
    /// <summary>待初审</summary>
    FirstReview,

    /// <summary>待复审</summary>
    SecondReview,

    /// <summary>予以免责: that it was late stays, an exemption is added.</summary>
    Exempted,

    /// <summary>不予免责</summary>
    Rejected,
}

/// <summary>A run of a clock that ended late.</summary>
/// <param name="Town">By whose hours it was counted.</param>
/// <param name="Unit">Which unit had the case when it began.</param>
public sealed record LateRun(Clock Clock, int Round, AreaCode Town, Unit? Unit = null);

/// <summary>An appeal against lateness.</summary>
/// <param name="Runs">What it is about: an exemption covers nothing else.</param>
/// <param name="First">Who upheld it first.</param>
public sealed record LatenessAppeal(AppealStanding Standing, string AskedBy, ImmutableList<LateRun> Runs, By? First = null)
{
    /// <summary>Whether a review is still to come.</summary>
    public bool IsOpen => Standing is AppealStanding.FirstReview or AppealStanding.SecondReview;
}

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
    /// <summary>Where it is: as reported, until another town took it.</summary>
    public AreaCode Area { get; init; } = Report.Area;

    public AreaCode Town => Area.At(AreaLevel.Town)!.Value;

    /// <summary>Null until it is filed, unless the reporter or the village said.</summary>
    public MatterLevel? Level { get; init; } = Report.Level;

    /// <summary>Whether it was filed since it was reported or came to this town: where it goes back to.</summary>
    public bool WasFiled { get; init; }

    /// <summary>From here the hard limit counts; null until it is dispatched.</summary>
    public DateTimeOffset? FirstDispatchedAt { get; init; } = Report.Origin?.HardLimitFrom;

    /// <summary>When it was closed; null while it is not.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>That it was closed by rule, because no rating came in time.</summary>
    public NotRated? NotRated { get; init; }

    /// <summary>The units that sent it back: nobody but a leader sends it there again.</summary>
    public ImmutableHashSet<Unit> ReturnedBy { get; init; } = [.. Report.Origin?.ReturnedBy ?? []];

    /// <summary>What the village said when it passed it up.</summary>
    public CasePassedUp? Assessment { get; init; }

    /// <summary>The villages that passed it up, wherever the case went since.</summary>
    public ImmutableHashSet<AreaCode> PassedUpBy { get; init; } = [.. Report.Origin?.PassedUpBy ?? []];

    /// <summary>Whether the village in which it lies has assessed it; another town's may still.</summary>
    public bool IsAssessedHere => Area.At(AreaLevel.Village) is { } village && PassedUpBy.Contains(village);

    /// <summary>The posts that sent it back in towns where it was before: in a town that gets it back they have still done so.</summary>
    public ImmutableHashSet<FormerReturn> FormerReturns { get; init; } = [.. Report.Origin?.FormerReturns ?? []];

    /// <summary>Who decided that it is a district matter; for a part whoever split its whole, which was one. Null where nobody has, or where it was lowered since.</summary>
    public By? WeighedBy { get; init; } = Report.Level == MatterLevel.District && ReportedBy.Role is Role.TownLeader or Role.DistrictSupervisor ? ReportedBy : null;

    /// <summary>Whether somebody was asked to look before filing and has not answered.</summary>
    public bool IsBeingChecked { get; init; }

    /// <summary>Who was asked to look before filing; null asks the grid.</summary>
    public string? Checker { get; init; }

    /// <summary>What was found by the last look before filing.</summary>
    public CaseChecked? Check { get; init; }

    public CasePlanPublished? Plan { get; init; }

    public ImmutableSortedDictionary<int, Subtask> Subtasks { get; init; } = ImmutableSortedDictionary<int, Subtask>.Empty;

    /// <summary>All money recorded, as corrected, in fen.</summary>
    public long FundingFen { get; init; }

    public Supervision? Supervision { get; init; }

    /// <summary>Null for a case that is no emergency.</summary>
    public CaseAlarm? Alarm { get; init; }

    public ExtensionRequest? Extension { get; init; }

    /// <summary>The last that was asked for, or that of the case it was split off from; one that was refused is forgotten.</summary>
    public Suspension? Suspension { get; init; } = Report.Origin?.Suspension;

    /// <summary>The runs of clocks that ended late.</summary>
    public ImmutableList<LateRun> LateRuns { get; init; } = [];

    /// <summary>Since it was closed last.</summary>
    public LatenessAppeal? Appeal { get; init; }

    /// <summary>Those of the late runs about which an appeal was decided: once for each.</summary>
    public ImmutableList<LateRun> JudgedRuns { get; init; } = [];

    /// <summary>Those of them that are exempted. That they were late stays.</summary>
    public ImmutableList<LateRun> ExemptRuns { get; init; } = [];

    /// <summary>By the other case's id.</summary>
    public ImmutableSortedDictionary<string, CaseLink> Links { get; init; } = ImmutableSortedDictionary<string, CaseLink>.Empty;

    /// <summary>When each person urged it last.</summary>
    public ImmutableSortedDictionary<string, DateTimeOffset> Urges { get; init; } = ImmutableSortedDictionary<string, DateTimeOffset>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>By the merged case's id.</summary>
    public ImmutableSortedDictionary<string, AbsorbedCase> Absorbed { get; init; } = ImmutableSortedDictionary<string, AbsorbedCase>.Empty;

    public string? MergedInto { get; init; }

    public ImmutableList<string> Children { get; init; } = [];

    /// <summary>The town that is asked to take it, or its grid.</summary>
    public AreaCode? TransferTo { get; init; }

    /// <summary>Where it was before other towns took it, the first one first.</summary>
    public ImmutableList<AreaCode> FormerAreas { get; init; } = [.. Report.Origin?.FormerAreas ?? []];

    /// <summary>The towns that declined it: only the district sends it there again.</summary>
    public ImmutableHashSet<AreaCode> DeclinedBy { get; init; } = [.. Report.Origin?.DeclinedBy ?? []];

    /// <summary>Where else it stands: on a committee's list, listed for supervision, under review.</summary>
    public CaseStory Story { get; init; } = CaseStory.None;

    /// <summary>Whether there is a photo of the result since it was last dispatched, or sent back for rework.</summary>
    public bool HasResultPhoto { get; init; }

    /// <summary>
    /// Whether a unit has sent it back, or passed it up, already: itself, or the village that a grid is of. Nobody but a leader sends it there again.
    /// </summary>
    public bool WasSentBackBy(Unit unit) => ReturnedBy.Contains(unit)
        || (unit.Area is { } area && (ReturnedBy.Any(other => other.Area is { } returned && returned.Contains(area)) || PassedUpBy.Any(village => village.Contains(area))));

    /// <summary>The late runs that may still be appealed.</summary>
    /// <param name="unit">Only those of one unit; null: all of them.</param>
    public IEnumerable<LateRun> AppealableRuns(Unit? unit = null) => LateRuns.Where(run => !JudgedRuns.Contains(run) && (unit is null || run.Unit == unit));

    public IEnumerable<Subtask> UnfinishedSubtasks => Subtasks.Values.Where(task => !task.Finished);
}

/// <summary>A case as a fold of its stream. A closed type: one variant a stage.</summary>
public abstract record Case
{
    private Case() { }

    /// <summary>There is no such case (yet).</summary>
    public sealed record Unreported : Case;

    public abstract record Known(CaseFile File) : Case
    {
        /// <summary>Whether somebody still has to do something.</summary>
        public bool IsOpen => this is not (Closed or Refused or Redirected or Merged or Split);

        /// <summary>Whether it waits at the dispatcher's desk: filed, or rated as not fixed before it was closed.</summary>
        public bool IsToDispatch => this is Filed or Rated { File.Rating.Result: FixResult.NotFixed };
    }

    public sealed record Assessing(CaseFile File) : Known(File);

    public sealed record Reported(CaseFile File) : Known(File);

    public sealed record Checking(CaseFile File) : Known(File);

    public sealed record Transferring(CaseFile File) : Known(File);

    public sealed record Filed(CaseFile File) : Known(File);

    public sealed record Dispatched(CaseFile File) : Known(File);

    public sealed record Handling(CaseFile File) : Known(File);

    public sealed record Completed(CaseFile File) : Known(File);

    public sealed record Verified(CaseFile File) : Known(File);

    public sealed record Rated(CaseFile File) : Known(File);

    public sealed record Closed(CaseFile File) : Known(File);

    public sealed record Refused(CaseFile File) : Known(File);

    public sealed record Redirected(CaseFile File) : Known(File);

    public sealed record Merged(CaseFile File) : Known(File);

    public sealed record Split(CaseFile File) : Known(File);

    public static Case None { get; } = new Unreported();

    /// <summary>The stage; null for a case that does not exist.</summary>
    public CaseStage? Stage => this switch
    {
        Assessing => CaseStage.Assessing,
        Reported => CaseStage.Reported,
        Checking => CaseStage.Checking,
        Transferring => CaseStage.Transferring,
        Filed => CaseStage.Filed,
        Dispatched => CaseStage.Dispatched,
        Handling => CaseStage.Handling,
        Completed => CaseStage.Completed,
        Verified => CaseStage.Verified,
        Rated => CaseStage.Rated,
        Closed => CaseStage.Closed,
        Refused => CaseStage.Refused,
        Redirected => CaseStage.Redirected,
        Merged => CaseStage.Merged,
        Split => CaseStage.Split,
        _ => null,
    };

    public static Case Fold(IEnumerable<Fact<CaseEvent>> facts) => facts.Aggregate(None, (state, fact) => state.Apply(fact));

    /// <summary>The case after an event. Total: an event that the deciders could not have emitted here throws.</summary>
    /// <exception cref="InvalidOperationException">The stream is not a case's life.</exception>
    public Case Apply(Fact<CaseEvent> fact)
    {
        var after = Next(fact);
        return after is Known known && CaseAlarm.After((this as Known)?.File.Alarm, fact) is var alarm && alarm != known.File.Alarm ? known with { File = known.File with { Alarm = alarm } } : after;
    }

    private Case Next(Fact<CaseEvent> fact) => (fact.Event, this) switch
    {
        (CaseReported e, Unreported) => Begun(new CaseFile(
            e, e.Origin is { Reporter: { } reporter, ReporterRole: { } role } ? new By(reporter, role, fact.By.Place) : fact.By, fact.RecordedAt, e.Category, e.Urgency, null, null, 0, null, null,
            ImmutableSortedDictionary<Clock, RunningClock>.Empty, ImmutableSortedDictionary<Clock, int>.Empty)),
        (CaseSolvedOnSpot, Reported k) => new Closed(k.File with { CompletedBy = fact.By.Actor, ClosedAt = fact.RecordedAt }),

        (CaseSentToVillage, Reported { File.IsAssessedHere: false } k) => new Assessing(k.File),
        (CasePassedUp e, Assessing k) => new Reported(k.File with { Assessment = e, PassedUpBy = k.File.PassedUpBy.Add(k.File.Area.At(AreaLevel.Village)!.Value), Level = e.Level }),
        (CaseSettledByVillage, Assessing { File.Supervision: not { Answered: false } } k) => new Closed(k.File with { CompletedBy = fact.By.Actor, ClosedAt = fact.RecordedAt }),
        (CaseCheckOrdered e, Reported k) => new Checking(k.File with { IsBeingChecked = true, Checker = e.Person }),
        (CaseChecked e, Checking k) => new Reported(k.File with { Check = e, IsBeingChecked = false, Checker = null }),
        (CaseFiled e, Reported k) => new Filed(k.File with
        {
            Category = e.Category, Urgency = e.Urgency, Sector = e.Sector, Level = e.Level, WasFiled = true, WeighedBy = e.Level == MatterLevel.District ? k.File.WeighedBy ?? fact.By : null,
        }),
        (CaseRefused, Reported { File.Supervision: not { Answered: false } } k) => new Refused(k.File),
        (CaseRedirected, Known { File.Supervision: not { Answered: false } } k and (Reported or Filed)) => new Redirected(k.File),

        (CaseMerged e, Known { File: { Absorbed.IsEmpty: true, Supervision: not { Answered: false } } } k and (Reported or Filed)) => new Merged(k.File with { MergedInto = e.Main }),
        (CaseUnmerged, Merged k) => Back(k.File with { MergedInto = null }),
        (CaseAbsorbed e, Known { IsOpen: true } k) => k with { File = k.File with { Absorbed = k.File.Absorbed.SetItem(e.Case, new AbsorbedCase(e.Reporter, e.ReporterRole)) } },
        (CaseReleased e, Known k) => k with { File = k.File with { Absorbed = k.File.Absorbed.Remove(e.Case) } },
        (CaseSplit e, Known { IsToDispatch: true, File: { Absorbed.IsEmpty: true, Supervision: not { Answered: false } } } k) => new Split(k.File with { Children = [.. e.Children] }),
        (CaseLinked e, Known k) => k with { File = k.File with { Links = k.File.Links.SetItem(e.Case, e.Link) } },
        (CaseUnlinked e, Known k) => k with { File = k.File with { Links = k.File.Links.Remove(e.Case) } },

        (CaseDispatched e, Known { IsToDispatch: true } k) => Sent(k.File, new Assignment(e.Round, e.Sector, e.Unit, fact.RecordedAt, null, e.Person)),
        (CaseHandedToEnforcement e, Handling k) => Sent(k.File with { Suspension = Asked(k.File) }, new Assignment(e.Round, e.Sector, e.Unit, fact.RecordedAt)),
        (CaseClaimed, Dispatched { File.Assignment: { } a } k) => new Handling(k.File with { Assignment = a with { ClaimedBy = fact.By.Actor, Person = null } }),
        (CaseReturned e, Known k and (Dispatched or Handling)) => new Filed(k.File with { Assignment = null, ReturnedBy = k.File.ReturnedBy.Add(e.Unit), Extension = null, Suspension = Asked(k.File) }),
        (CaseRecalled, Known k and (Dispatched or Handling)) => new Filed(k.File with { Assignment = null, Suspension = Asked(k.File) }),
        (CaseRecalled, Known k and (Assessing or Checking)) => new Reported(k.File with { IsBeingChecked = false, Checker = null }),
        (CaseRecalled, Transferring k) => Back(k.File with { TransferTo = null }),
        (CaseReassigned e, Dispatched { File.Assignment: { } a } k) => new Dispatched(k.File with { Assignment = a with { Person = e.Person } }),
        (CaseReassigned e, Handling { File.Assignment: { } a } k) => new Handling(k.File with { Assignment = a with { ClaimedBy = e.Person } }),

        (CasePlanPublished e, Handling k) => new Handling(k.File with { Plan = e }),
        (CaseProgressed e, Handling k) => new Handling(k.File with { HasResultPhoto = k.File.HasResultPhoto || e.After.Count > 0 }),
        (CaseSubtaskAdded e, Handling k) => new Handling(k.File with { Subtasks = k.File.Subtasks.SetItem(e.Number, new Subtask(e.Number, e.Task, e.Person)) }),
        (CaseSubtaskFinished e, Handling k) when k.File.Subtasks.TryGetValue(e.Number, out var task) =>
            new Handling(k.File with { Subtasks = k.File.Subtasks.SetItem(e.Number, task with { Finished = true }), HasResultPhoto = k.File.HasResultPhoto || e.Photos.Count > 0 }),
        (CaseSubtaskDropped e, Handling k) => new Handling(k.File with { Subtasks = k.File.Subtasks.Remove(e.Number) }),
        (CaseFundingRecorded e, Handling k) => new Handling(k.File with { FundingFen = k.File.FundingFen + e.AmountFen }),
        (CaseFundingCorrected e, Known { File.FundingFen: > 0 } k) => k with { File = k.File with { FundingFen = e.AmountFen } },
        (CaseFeedbackGiven, Known k) => k,
        (CaseCompleted e, Handling k) when !k.File.UnfinishedSubtasks.Any() => new Completed(k.File with { Suspension = Asked(k.File), CompletedBy = fact.By.Actor, HasResultPhoto = k.File.HasResultPhoto || e.Photos.Count > 0 }),
        (CaseVerified, Completed k) => new Verified(k.File),
        (CaseReworkOrdered, Completed k) => new Handling(k.File with { CompletedBy = null, HasResultPhoto = false }),

        (CaseRated e, Verified k) => new Rated(k.File with { Rating = e }),
        (CaseRated e, Closed { File.Rating: null } k) => new Closed(k.File with { Rating = e }),
        (CaseClosed e, Known k and (Verified or Rated { File.Rating.Result: not FixResult.NotFixed })) => new Closed(k.File with { ClosedAt = fact.RecordedAt, NotRated = e.NotRated }),
        (CaseReopened, Closed k) => Back(k.File with { Assignment = null, CompletedBy = null, Rating = null, ClosedAt = null, NotRated = null, FirstDispatchedAt = null, Suspension = null, Appeal = null }),

        (CaseStoryEvent e, Known k) => k with { File = k.File with { Story = k.File.Story.After(e) } },

        (CaseUrged, Known { IsOpen: true } k) => k with { File = k.File with { Urges = k.File.Urges.SetItem(fact.By.Actor, fact.RecordedAt) } },
        (CaseAlarmAcknowledged, Known { IsOpen: true, File.Alarm.Acknowledged: null } k) => k,
        (CaseSupervised e, Known { IsOpen: true } k) => k with { File = k.File with { Supervision = new Supervision(e.Order, fact.By.Actor, fact.RecordedAt, Place: fact.By.Place) } },
        (CaseSupervisionAnswered, Known { File.Supervision: { } s } k and ({ IsOpen: true } or Closed)) => k with { File = k.File with { Supervision = s with { Answered = true } } },
        (CaseLevelRaised e, Known k) when k.IsToDispatch || k is Dispatched or Handling => k with { File = k.File with { Level = e.Level, WeighedBy = e.Level == MatterLevel.District ? fact.By : null } },
        (CaseLevelLowered e, Known k) when k.IsToDispatch || k is Dispatched or Handling => k with { File = k.File with { Level = e.Level, WeighedBy = null } },

        (CaseTransferRequested e, Known k) when k is Reported || k.IsToDispatch => new Transferring(k.File with { TransferTo = e.Area, Assignment = null, CompletedBy = null, Rating = null }),
        (CaseTransferAccepted e, Transferring k) => Moved(k.File, e.Area),
        (CaseTransferDeclined, Transferring k) => Back(k.File with { TransferTo = null, DeclinedBy = k.File.DeclinedBy.Add(k.File.TransferTo!.Value.At(AreaLevel.Town)!.Value) }),
        (CaseTransferred e, Known k) when k is Reported or Transferring || k.IsToDispatch => Moved(k.File, e.Area),

        (CaseClockStarted e, Known { IsOpen: true } k) when !k.File.Clocks.ContainsKey(e.Clock) => k with
        {
            File = k.File with
            {
                Clocks = k.File.Clocks.SetItem(e.Clock, RunningClock.Of(e) with { Town = k.File.Town, Unit = e.Clock == Clock.Handle ? k.File.Assignment?.Unit : null }),
                Rounds = k.File.Rounds.SetItem(e.Clock, e.Round),
                Policy = k.File.Policy ?? e.Policy,
            },
        },
        (CaseClockStopped e, Known k) when Runs(k, e.Clock, e.Round) => k with
        {
            File = k.File with
            {
                Clocks = k.File.Clocks.Remove(e.Clock),
                // A reporter who does not rate is nobody's lateness.
                LateRuns = e.Late && e.Clock != Clock.Rate ? k.File.LateRuns.Add(new LateRun(e.Clock, e.Round, k.File.Clocks[e.Clock].Town ?? k.File.Town, k.File.Clocks[e.Clock].Unit)) : k.File.LateRuns,
                // What the unit asked for ends with its clock.
                Extension = e.Clock == Clock.Handle ? null : k.File.Extension,
            },
        },
        (CaseClockPaused e, Known k) when Runs(k, e.Clock, e.Round) => Counting(k, k.File.Clocks[e.Clock].After(e)),
        (CaseClockResumed e, Known k) when Runs(k, e.Clock, e.Round) => Counting(k, k.File.Clocks[e.Clock].After(e)),
        (CaseClockExtended e, Known k) when Runs(k, e.Clock, e.Round) => Counting(k, k.File.Clocks[e.Clock].After(e)),

        (CaseClockRecounted e, Known k) when Runs(k, e.Clock, e.Round) => Recounted(k, e),

        (CaseExtensionRequested e, Known { File.Extension: null } k and (Dispatched or Handling)) when k.File.Clocks.TryGetValue(Clock.Handle, out var extended) && extended.Extensions < CaseDecider.MostExtensions => k with { File = k.File with { Extension = new ExtensionRequest(e.By, fact.By.Actor) } },
        (CaseExtensionApproved { Granted: false }, Known { IsOpen: true, File.Extension: { First: null } x } k) => k with { File = k.File with { Extension = x with { First = fact.By } } },
        (CaseExtensionApproved { Granted: true }, Known { IsOpen: true, File.Extension: not null } k) => k with { File = k.File with { Extension = null } },
        (CaseExtensionRefused, Known { IsOpen: true, File.Extension: not null } k) => k with { File = k.File with { Extension = null } },
        (CaseSuspensionRequested e, Known { File.Suspension: null } k and (Dispatched or Handling)) => k with { File = k.File with { Suspension = new Suspension(e.For, e.Until, fact.By.Actor) } },
        (CaseSuspensionApproved, Known { IsOpen: true, File.Suspension: { IsAsked: true } s } k) =>
            k with { File = k.File with { Suspension = s with { ApprovedBy = fact.By.Actor, ApprovedAt = fact.RecordedAt, Round = k.File.Dispatches } } },
        (CaseSuspensionRefused, Known { IsOpen: true, File.Suspension.IsAsked: true } k) => k with { File = k.File with { Suspension = null } },
        (CaseSuspensionEnded, Known { IsOpen: true, File.Suspension: { IsOn: true } s } k) => k with { File = k.File with { Suspension = s with { EndedAt = fact.RecordedAt } } },
        (CaseLatenessAppealed e, Closed { File.Appeal: not { IsOpen: true } } k) when k.File.AppealableRuns(e.Unit).Any() =>
            k with { File = k.File with { Appeal = new LatenessAppeal(AppealStanding.FirstReview, fact.By.Actor, [.. k.File.AppealableRuns(e.Unit)]) } },
        (CaseAppealReviewed { Review: 1 } e, Closed { File.Appeal: { Standing: AppealStanding.FirstReview } a } k) =>
            e.Upheld ? k with { File = k.File with { Appeal = a with { Standing = AppealStanding.SecondReview, First = fact.By } } } : Judged(k, a with { Standing = AppealStanding.Rejected, First = fact.By }),
        (CaseAppealReviewed { Review: 2 } e, Closed { File.Appeal: { Standing: AppealStanding.SecondReview } a } k) =>
            Judged(k, a with { Standing = e.Upheld ? AppealStanding.Exempted : AppealStanding.Rejected }),
        (CaseWarned e, Known k) when Runs(k, e.Clock, e.Round) => Stepped(k, e.Clock, null),
        (CaseEscalated e, Known k) when Runs(k, e.Clock, e.Round) => Stepped(k, e.Clock, e.Level),
        _ => throw new InvalidOperationException($"{fact.Event.GetType().Name} cannot follow in a case that is {Stage?.ToString() ?? "not reported"}."),
    };

    // What a unit asked for and was not granted ends when the case leaves it.
    private static Suspension? Asked(CaseFile file) => file.Suspension is { IsAsked: true } ? null : file.Suspension;

    private static Closed Judged(Closed state, LatenessAppeal appeal) => new(state.File with
    {
        Appeal = appeal,
        JudgedRuns = state.File.JudgedRuns.AddRange(appeal.Runs),
        ExemptRuns = appeal.Standing == AppealStanding.Exempted ? state.File.ExemptRuns.AddRange(appeal.Runs) : state.File.ExemptRuns,
    });

    private static Known Counting(Known state, RunningClock clock) => state with { File = state.File with { Clocks = state.File.Clocks.SetItem(clock.Clock, clock) } };

    // What begins later in the case begins under the policy that its clocks were counted anew by.
    private static Known Recounted(Known state, CaseClockRecounted e)
    {
        var counting = Counting(state, state.File.Clocks[e.Clock].After(e));
        return e.Cause == RecountCause.Policy ? counting with { File = counting.File with { Policy = e.Policy } } : counting;
    }

    private static Known Begun(CaseFile file) => file.Report.VillageFirst == true ? new Assessing(file) : new Reported(file);

    /// <summary>To the desk where it lay before it left it.</summary>
    private static Known Back(CaseFile file) => file.WasFiled ? new Filed(file) : new Reported(file);

    private static Dispatched Sent(CaseFile file, Assignment assignment) => new(file with
    {
        Sector = assignment.Sector,
        Assignment = assignment,
        Dispatches = assignment.Round,
        FirstDispatchedAt = file.FirstDispatchedAt ?? assignment.DispatchedAt,
        CompletedBy = null,
        Rating = null,
        HasResultPhoto = false,
    });

    // The other town begins with it as with a report; what it is and what the village said of it stays.
    private static Reported Moved(CaseFile file, AreaCode area) => new(file with
    {
        Area = area,
        FormerAreas = file.FormerAreas.Add(file.Area),
        TransferTo = null,
        WasFiled = false,
        Assignment = null,
        CompletedBy = null,
        Rating = null,
        // A post is named within its town; villages, grids and departments are the same wherever the case lies.
        ReturnedBy = [.. file.ReturnedBy.Where(unit => unit.Kind != UnitKind.Post), .. file.FormerReturns.Where(returned => returned.Town == area.At(AreaLevel.Town)).Select(returned => returned.Unit)],
        FormerReturns = file.FormerReturns.Union(file.ReturnedBy.Where(unit => unit.Kind == UnitKind.Post).Select(unit => new FormerReturn(file.Town, unit))),
    });

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
