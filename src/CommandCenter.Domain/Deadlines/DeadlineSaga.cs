using System.Collections.Concurrent;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Deadlines;

/// <summary>A notice for a person, to be appended to that person's inbox together with the case's events.</summary>
/// <param name="Urgency">Of the case that it is about; null where it is about something else.</param>
/// <param name="Place">Where the seat is for which they are told; null: where the engine speaks.</param>
/// <param name="But">Who may not stand in for them: it is their own work that is to be judged.</param>
public sealed record Notice(string Person, NoticeSent Sent, Urgency? Urgency = null, AreaCode? Place = null, string? But = null);

/// <summary>A change to the saga's timers.</summary>
/// <param name="Name"><c>{clock}/{step}</c> in snake_case and kebab-case.</param>
/// <param name="Attempt">The clock's round; above it, how often its timers were set anew, times 100,000.</param>
/// <param name="DueAt">Null cancels the timer.</param>
public sealed record SagaTimer(string Name, int Attempt, DateTimeOffset? DueAt);

/// <summary>What the saga adds to a decision, committed in the same transaction.</summary>
public sealed record Reaction<TEvent>(IReadOnlyList<TEvent> Events, IReadOnlyList<Notice> Notices, IReadOnlyList<SagaTimer> Timers)
{
    /// <summary>Nothing follows.</summary>
    public Reaction()
        : this([], [], [])
    {
    }

    public bool IsEmpty => Events.Count == 0 && Notices.Count == 0 && Timers.Count == 0;
}

/// <summary>The policies in use, by version: a case keeps the one that its first clock started under.</summary>
/// <param name="calendar">By which their working time is counted.</param>
public sealed class PolicyBook(DeadlinePolicy current, IEnumerable<DeadlinePolicy> earlier, WorkCalendar calendar)
{
    // A policy of many matters is searched once for each of its cases' kinds.
    private readonly ConcurrentDictionary<(string Version, Clock Clock, Urgency Urgency, string? Matter), ClockRule> _rules = new();
    private readonly ConcurrentDictionary<(string Version, Clock Clock, Urgency Urgency, string Category), string?> _matters = new();
    private readonly Dictionary<string, DeadlinePolicy> _byVersion = earlier.Append(current).ToDictionary(policy => policy.Version, StringComparer.Ordinal);

    public DeadlinePolicy Current => current;

    public WorkCalendar Calendar => calendar;

    /// <exception cref="KeyNotFoundException">The version is not in the book.</exception>
    public DeadlinePolicy Version(string version) =>
        _byVersion.TryGetValue(version, out var policy) ? policy : throw new KeyNotFoundException($"Deadline policy {version} is not installed, but a case runs under it.");

    /// <summary>As <see cref="DeadlinePolicy.RuleFor"/> of a version.</summary>
    /// <exception cref="KeyNotFoundException">The version is not in the book.</exception>
    public ClockRule RuleFor(string version, Clock clock, Urgency urgency, string? matter) =>
        _rules.GetOrAdd((version, clock, urgency, matter), static (key, book) => book.Version(key.Version).RuleFor(key.Clock, key.Urgency, key.Matter), this);

    /// <summary>As <see cref="DeadlinePolicy.MatterOf"/> of a version.</summary>
    /// <exception cref="KeyNotFoundException">The version is not in the book.</exception>
    public string? MatterOf(string version, Clock clock, Urgency urgency, string category) =>
        _matters.GetOrAdd((version, clock, urgency, category), static (key, book) => book.Version(key.Version).MatterOf(key.Clock, key.Urgency, key.Category), this);
}

/// <summary>
/// Holds the deadlines of a case: starts and stops its clocks, climbs the ladder when a timer comes due, and sees to it that somebody is told.
/// Pure: state, events, policy and organization in; events, notices and timers out. The state decides whether a timeout acts.
/// </summary>
public static class DeadlineSaga
{
    /// <summary>The saga's frozen name in the timer table.</summary>
    public const string Name = "case_deadlines";

    /// <summary>The engine's identity in the envelope.</summary>
    public static By Engine(Case.Known state) => new("system:deadlines", Role.System, state.File.Town);

    /// <summary>Reacts to what was just decided.</summary>
    /// <param name="after">The case with them.</param>
    /// <param name="at">When the host received the command.</param>
    public static Reaction<CaseEvent> React(
        string caseId, Case after, IReadOnlyList<CaseEvent> decided, DateTimeOffset at, PolicyBook policies, OrganizationDirectory organization, NoticePlan plan)
    {
        if (after is not Case.Known known)
            return new Reaction<CaseEvent>();

        var work = new Work(caseId, known, at, policies, organization, plan);
        work.SetClocks(decided);
        foreach (var happened in decided)
            work.Tell(happened);
        return work.Result();
    }

    /// <summary>
    /// Whose turn it is: those who can bring the case on from where it lies. Empty only for a case that has ended, as long as the district has one supervisor.
    /// </summary>
    public static IReadOnlyList<Recipient> WhoActs(Case.Known state, OrganizationDirectory organization)
    {
        var file = state.File;
        return state switch
        {
            Case.Assessing => organization.WhoIsToldFor(Role.VillageSecretary, file.Area),
            Case.Reported => organization.WhoIsToldFor(Role.CenterOperator, file.Town),
            Case.Checking when file.Checker is not { } => WhoLooks(file, organization),
            Case.Checking => May(file.Checker!, "report-check", state, organization) ? [new Recipient(file.Checker!, Role.GridWorker, RecipientReason.Holder)] : organization.WhoIsToldFor(Role.CenterOperator, file.Town),
            Case.Transferring => organization.WhoIsToldFor(Role.CenterOperator, file.TransferTo!.Value.At(AreaLevel.Town)!.Value),
            Case.Filed or Case.Rated { File.Rating.Result: FixResult.NotFixed } => organization.WhoIsToldFor(Role.Dispatcher, file.Town),
            Case.Dispatched { File.Assignment: { } a } => a.Person is { } person ? Held(file, person, organization) : OfUnit(file, a.Unit, organization),
            Case.Handling { File.Assignment.ClaimedBy: { } claimer } => Held(file, claimer, organization),
            Case.Completed => WhoLooks(file, organization),
            Case.Verified when Raters(state, organization) is { Count: > 0 } raters => raters,
            Case.Verified => Others(Role.CenterOperator, file, organization) is { Count: > 0 } others ? others : organization.WhoIsToldFor(Role.CenterOperator, file.Town),
            Case.Rated => organization.WhoIsToldFor(Role.CenterOperator, file.Town),
            _ => [],
        };
    }

    /// <summary>
    /// Those who may look on the spot, whoever completed it left out: the grid's workers, else the yard's head, else the village secretary;
    /// where there is nobody the center has to find somebody, and where that is who completed it, those above it.
    /// </summary>
    private static IReadOnlyList<Recipient> WhoLooks(CaseFile file, OrganizationDirectory organization)
    {
        foreach (var role in (ReadOnlySpan<Role>)[Role.GridWorker, Role.YardHead, Role.VillageSecretary])
        {
            var near = organization.WhoIsToldFor(role, file.Area).Where(r => r.Role == role && r.Person != file.CompletedBy).ToList();
            if (near.Count > 0)
                return near;
        }

        foreach (var role in (ReadOnlySpan<Role>)[Role.CenterOperator, Role.Dispatcher, Role.TownLeader])
        {
            if (Others(role, file, organization) is { Count: > 0 } others)
                return others;
        }

        return organization.WhoIsToldFor(Role.DistrictSupervisor, file.Town);
    }

    // Whoever reported it, and whoever reported what was merged into it: each waits for the same result, and the first who says how it came out rates it.
    private static IReadOnlyList<Recipient> Raters(Case.Known state, OrganizationDirectory organization) =>
    [
        .. state.File.Absorbed.Values.Select(absorbed => (Actor: absorbed.Reporter, Role: absorbed.ReporterRole)).Prepend((state.File.ReportedBy.Actor, state.File.ReportedBy.Role))
            .Where(reporter => reporter.Role is not (Role.Resident or Role.System) && reporter.Actor != state.File.CompletedBy && May(reporter.Actor, "rate", state, organization))
            .Select(reporter => new Recipient(reporter.Actor, reporter.Role, RecipientReason.Holder)).DistinctBy(recipient => recipient.Person),
    ];

    // Nobody judges their own work, in whichever of their seats.
    private static List<Recipient> Others(Role role, CaseFile file, OrganizationDirectory organization) =>
        [.. organization.WhoIsToldFor(role, file.Town).Where(recipient => recipient.Person != file.CompletedBy)];

    // By one of the seats that they hold now: who has left, or moved, is nobody's turn.
    private static bool May(string person, string command, Case state, OrganizationDirectory organization) =>
        organization.FindPerson(person) is { } found && organization.SeatsOf(found).Any(seat => CaseAccess.May(new Caller(person, seat), command, state));

    // Whoever has left the unit since cannot go on with it, and no colleague acts over anybody's head: the center gives it to another.
    private static IReadOnlyList<Recipient> Held(CaseFile file, string person, OrganizationDirectory organization) =>
        organization.FindPerson(person) is { } holder && organization.SeatsOf(holder).Any(seat => CaseAccess.HasUnit(new Caller(person, seat), file))
            ? [new Recipient(person, file.Assignment!.Unit.Role, RecipientReason.Holder)]
            : organization.WhoIsToldFor(Role.Dispatcher, file.Town);

    private static IReadOnlyList<Recipient> OfUnit(CaseFile file, Unit unit, OrganizationDirectory organization) => unit.Kind switch
    {
        // By the post's own sector, whatever the case's is: the lead of that one inherits a post that nobody holds.
        UnitKind.Post => organization.WhoIsToldFor(Role.PostHandler, file.Town, organization.FindPost(file.Town, unit.Code)?.Sector ?? file.Sector, unit.Code),
        UnitKind.Department => organization.WhoIsToldFor(Role.Department, organization.District, department: unit.Code),
        _ => organization.WhoIsToldFor(unit.Role, unit.Area!.Value),
    };

    /// <summary>A timer came due. A late timer on a finished case, or of an earlier run of a clock, decides nothing.</summary>
    /// <param name="dueAt">When the step was due; after downtime this lies before <paramref name="firedAt"/>.</param>
    public static Reaction<CaseEvent> OnTimer(
        string caseId, Case state, string timer, int attempt, DateTimeOffset dueAt, DateTimeOffset firedAt, PolicyBook policies, OrganizationDirectory organization, NoticePlan plan)
    {
        if (state is not Case.Known known)
            return new Reaction<CaseEvent>();

        if (timer == SuspensionTimer)
        {
            if (known is not { IsOpen: true, File.Suspension: { IsOn: true } suspension } || suspension.Round != attempt)
                return new Reaction<CaseEvent>();
            var ends = new Work(caseId, known, firedAt, policies, organization, plan);
            ends.EndSuspension();
            return ends.Result();
        }

        if (timer == ListedAgainTimer)
        {
            if (!IsToBeListedAgain(known) || known.File.Story.Lifted != attempt)
                return new Reaction<CaseEvent>();
            var again = new Work(caseId, known, firedAt, policies, organization, plan);
            again.ListAgain(dueAt);
            return again.Result();
        }

        foreach (var running in known.File.Clocks.Values)
        {
            var ladder = Ladder(running, policies);
            if (running.Attempt == attempt && !running.IsHeld && running.NextStep < ladder.Count && TimerName(running.Clock, ladder[running.NextStep]) == timer)
            {
                var work = new Work(caseId, known, firedAt, policies, organization, plan);
                work.Climb(running, ladder, dueAt);
                return work.Result();
            }
        }

        return new Reaction<CaseEvent>();
    }

    /// <summary>
    /// Counts an open case's clocks anew for a change of the policy or the calendar: those that the change touches and that were not counted for it yet. Asked twice it does nothing the second time.
    /// </summary>
    /// <param name="policies">With the policy and calendar to count by.</param>
    public static Reaction<CaseEvent> Recount(
        string caseId, Case state, PolicyRecount recount, DateTimeOffset at, PolicyBook policies, OrganizationDirectory organization, NoticePlan plan)
    {
        if (state is not Case.Known { IsOpen: true } known)
            return new Reaction<CaseEvent>();

        var work = new Work(caseId, known, at, policies, organization, plan);
        foreach (var running in known.File.Clocks.Values)
            work.Recount(running, recount);
        return work.Result();
    }

    /// <summary>The person with whom a case lies, to handle it or to look; null where it lies with a unit, or whoever is near.</summary>
    public static string? HolderOf(Case state) => state switch
    {
        Case.Handling { File.Assignment.ClaimedBy: var claimer } => claimer,
        Case.Dispatched { File.Assignment.Person: var person } => person,
        Case.Checking { File.Checker: var checker } => checker,
        _ => null,
    };

    /// <summary>Whoever had a case by name has left, or moved: those whose turn it is now are told. Nothing where the person may still go on with it.</summary>
    public static Reaction<CaseEvent> WhenHolderLeft(string caseId, Case state, DateTimeOffset at, PolicyBook policies, OrganizationDirectory organization, NoticePlan plan)
    {
        if (state is not Case.Known { IsOpen: true } known || HolderOf(state) is not { } holder || WhoActs(known, organization).Any(recipient => recipient.Person == holder))
            return new Reaction<CaseEvent>();

        var work = new Work(caseId, known, at, policies, organization, plan);
        work.TellThatHolderLeft();
        return work.Result();
    }

    /// <summary>
    /// Those whose turn an open case has become because others came, left or moved, and whose turn it was not before: they are told. Nothing where a case still lies with whom it lay, or with fewer of them.
    /// </summary>
    /// <param name="before">The organization as it was.</param>
    public static Reaction<CaseEvent> WhenOthersActNow(
        string caseId, Case state, OrganizationDirectory before, DateTimeOffset at, PolicyBook policies, OrganizationDirectory organization, NoticePlan plan)
    {
        if (state is not Case.Known { IsOpen: true } known)
            return new Reaction<CaseEvent>();

        var knew = WhoActs(known, before).Select(recipient => recipient.Person).ToHashSet(StringComparer.Ordinal);
        if (WhoActs(known, organization).All(recipient => knew.Contains(recipient.Person)))
            return new Reaction<CaseEvent>();
        var work = new Work(caseId, known, at, policies, organization, plan);
        work.TellThatHolderLeft(knew);
        return work.Result();
    }

    /// <summary>When a clock would be due that a case began at an instant.</summary>
    public static DateTimeOffset DueIfBegun(Clock clock, CaseFile file, DateTimeOffset at, PolicyBook policies, OrganizationDirectory organization) =>
        policies.Calendar.At(file.Town, organization.TimeZone).After(at, RuleOf(clock, file, policies).Rule.Limit);

    private static (string Policy, string? Matter, ClockRule Rule) RuleOf(Clock clock, CaseFile file, PolicyBook policies)
    {
        var policy = file.Policy ?? policies.Current.Version;
        var matter = policies.MatterOf(policy, clock, file.Urgency, file.Category);
        return (policy, matter, policies.RuleFor(policy, clock, file.Urgency, matter));
    }

    /// <summary>The steps still ahead of a running clock, with their instants.</summary>
    /// <param name="time">Of the town where the clock began.</param>
    public static IReadOnlyList<(LadderStep Step, DateTimeOffset DueAt)> StepsAhead(RunningClock running, PolicyBook policies, WorkingTime time) =>
        running.IsHeld ? [] : [.. Ladder(running, policies).Skip(running.NextStep).Select(step => (step, time.After(running.DueAt, step.Offset)))];

    private static IReadOnlyList<LadderStep> Ladder(RunningClock running, PolicyBook policies) =>
        policies.RuleFor(running.Policy, running.Clock, running.Urgency, running.Matter).Ladder;

    /// <summary>The name of the timer at which a suspension ends.</summary>
    public const string SuspensionTimer = "suspension/resume";

    /// <summary>The name of the timer at which a case whose plate came down is listed again; its attempt is the round of that listing.</summary>
    public const string ListedAgainTimer = "hard_limit/" + ListedAgain;

    private const string ListedAgain = "listed-again";

    // The plate came down because it was done; it was not, and the hard limit is over.
    private static bool IsToBeListedAgain(Case.Known state) =>
        state is { IsOpen: true, File.Story: { Listed: null, Lifted: > 0 } } && state.File.Clocks.TryGetValue(Clock.HardLimit, out var hard) && hard.Level == EscalationLevel.ListedSupervision;

    private static string TimerName(Clock clock, LadderStep step) => $"{ClockName(clock)}/{step.Name}";

    private static string ClockName(Clock clock) => clock switch
    {
        Clock.Assess => "assess",
        Clock.Accept => "accept",
        Clock.Check => "check",
        Clock.Dispatch => "dispatch",
        Clock.Handle => "handle",
        Clock.Verify => "verify",
        Clock.Rate => "rate",
        _ => "hard_limit",
    };

    private static readonly Role[] OfTown = [Role.SectorLead, Role.TownLeader];

    private static readonly Role[] OfDistrict = [Role.DistrictSupervisor, Role.DistrictLeader, Role.DistrictSecretary];

    private sealed class Work(string caseId, Case.Known state, DateTimeOffset at, PolicyBook policies, OrganizationDirectory organization, NoticePlan plan)
    {
        private readonly List<CaseEvent> _events = [];
        private readonly List<Notice> _notices = [];
        private readonly List<SagaTimer> _timers = [];
        // Whole microseconds, as the log keeps them: else the folded case and the stored one would differ.
        private readonly DateTimeOffset _at = DomainJson.Microseconds(at);

        // By the hours of the town where it began: what another town does with the case later does not change them.
        private WorkingTime TimeOf(RunningClock running) => policies.Calendar.At(running.Town ?? state.File.Town, organization.TimeZone);

        private Dictionary<Clock, RunningClock> Clocks { get; } = new(state.File.Clocks);

        /// <summary>
        /// Lets the clock of the present stage run and no other of a stage, and the hard limit from the first dispatch until the case ends. Where a unit sent the case back its clock
        /// waits: it goes on if the same unit gets the case again, else it ends. A suspension pauses handling and the hard limit.
        /// </summary>
        public void SetClocks(IReadOnlyList<CaseEvent> decided)
        {
            // The stage begins anew for others, though it is the same.
            var restart = decided.Any(happened => happened is CaseHandedToEnforcement or CaseTransferRequested or CaseTransferAccepted or CaseTransferDeclined or CaseTransferred);
            var sender = decided.OfType<CaseReturned>().LastOrDefault()?.Unit;
            var wanted = ClockOf(state);
            foreach (var running in Clocks.Values.OrderBy(running => running.Clock).ToList())
            {
                var waits = running.Clock == Clock.Handle && wanted == Clock.Dispatch && (running.HeldFor ?? sender) is not null;
                var comesBack = running.Clock == Clock.Handle && wanted == Clock.Handle && running.HeldFor is not null;
                if (running.Clock == Clock.HardLimit ? state.File.FirstDispatchedAt is null || !state.IsOpen : comesBack ? running.HeldFor != state.File.Assignment!.Unit : !waits && (running.Clock != wanted || restart))
                    Stop(running.Clock);
                else if (comesBack)
                    Resume(running, PauseCause.Return, _at);
                else if (waits && running.HeldFor is null)
                    Pause(running, new CaseClockPaused(running.Clock, running.Round, _at, PauseCause.Return, sender));
            }

            if (wanted is { } stage && !Clocks.ContainsKey(stage))
                Start(stage, _at);
            if (state is { IsOpen: true, File.FirstDispatchedAt: { } first } && !Clocks.ContainsKey(Clock.HardLimit))
                Start(Clock.HardLimit, first < _at ? DomainJson.Microseconds(first) : _at);
            foreach (var running in Clocks.Values.Where(running => running.Clock is Clock.Handle or Clock.HardLimit).OrderBy(running => running.Clock).ToList())
                Suspend(running);
            if (decided.Any(happened => happened is CaseSuspensionEnded))
                _timers.Add(new SagaTimer(SuspensionTimer, state.File.Suspension!.Round, null));
            // What was suspended when it was merged goes on with that when it is let go; what is split off, from its first instant.
            if (state.File.Suspension is { IsOn: true } on)
            {
                if (decided.Any(happened => happened is CaseSuspensionApproved or CaseReported or CaseUnmerged))
                    _timers.Add(new SagaTimer(SuspensionTimer, on.Round, DomainJson.Microseconds(on.Until)));
                else if (decided.Any(happened => happened is CaseMerged or CaseSplit or CaseRedirected or CaseRefused))
                    _timers.Add(new SagaTimer(SuspensionTimer, on.Round, null));
            }

            if (IsToBeListedAgain(state) && decided.Any(happened => happened is CaseRated { Result: FixResult.NotFixed } or CaseReworkOrdered))
                _timers.Add(new SagaTimer(ListedAgainTimer, state.File.Story.Lifted, _at));
            if (decided.OfType<CaseExtensionApproved>().FirstOrDefault(approved => approved.Granted) is { } granted)
                Extend(granted);
        }

        /// <summary>What was done when the plate came down is not done after all: it climbs to the district once more, and is listed with that.</summary>
        public void ListAgain(DateTimeOffset dueAt)
        {
            var hard = Clocks[Clock.HardLimit];
            var told = Told(NoticeKind.Escalation, EscalationLevel.ListedSupervision, null, Clock.HardLimit);
            _events.Add(new CaseEscalated(Clock.HardLimit, hard.Round, ListedAgain, EscalationLevel.ListedSupervision, hard.DueAt, dueAt, _at, [.. told.Select(one => one.Recipient)]));
            Tell(NoticeKind.Escalation, told, Clock.HardLimit, EscalationLevel.ListedSupervision, hard.DueAt, missedAt: _at - dueAt > NoticePlan.Punctual ? dueAt : null);
        }

        /// <summary>The suspension came to its end by itself.</summary>
        public void EndSuspension()
        {
            var ended = new CaseSuspensionEnded();
            _events.Add(ended);
            state = (Case.Known)state.Apply(new Fact<CaseEvent>(ended, Engine(state), _at, _at));
            foreach (var running in Clocks.Values.Where(running => running.Held.Contains(PauseCause.Suspension)).OrderBy(running => running.Clock).ToList())
                Resume(running, PauseCause.Suspension, _at);
            Tell(NoticeKind.ApprovalGiven, ended);
        }

        /// <summary>Lets a clock stand still as long as the suspension lasts; a clock that began anew meanwhile is given what it missed.</summary>
        private void Suspend(RunningClock running)
        {
            if (state.File.Suspension is not { ApprovedAt: { } from } suspension)
                return;
            var began = from > running.StartedAt ? DomainJson.Microseconds(from) : running.StartedAt;
            var until = DomainJson.Microseconds(suspension.Until);
            if (!running.Facts.Any(fact => fact is ClockPauses { Cause: PauseCause.Suspension }) && until > began && (suspension.EndedAt is null || suspension.EndedAt > began))
            {
                Pause(running, new CaseClockPaused(
                    running.Clock, running.Round, began, PauseCause.Suspension, null, until, suspension.For, suspension.ApprovedBy is { } approver ? [approver] : null));
            }

            if (suspension.EndedAt is { } ended && Clocks[running.Clock].Held.Contains(PauseCause.Suspension))
                Resume(Clocks[running.Clock], PauseCause.Suspension, DomainJson.Microseconds(ended));
        }

        private static Clock? ClockOf(Case.Known state) => state switch
        {
            Case.Assessing => Clock.Assess,
            Case.Reported or Case.Transferring => Clock.Accept,
            Case.Checking => Clock.Check,
            Case.Filed or Case.Rated { File.Rating.Result: FixResult.NotFixed } => Clock.Dispatch,
            Case.Dispatched or Case.Handling => Clock.Handle,
            Case.Completed => Clock.Verify,
            Case.Verified => Clock.Rate,
            _ => null,
        };

        /// <summary>Tells whoever has to know of an event: whose turn it is now, and who is concerned besides.</summary>
        public void Tell(CaseEvent happened)
        {
            NoticeKind? turn = happened switch
            {
                _ when !state.IsOpen => null,
                // What went on in the same append asks nobody for anything any more.
                CaseReported or CaseFiled when state is Case.Dispatched => null,
                CaseReported or CaseSentToVillage when state is Case.Assessing => NoticeKind.AssessmentDue,
                // What is split off is filed with its report, of which its own notice tells.
                CaseReported when state is not Case.Reported => null,
                CaseReported or CasePassedUp or CaseTransferAccepted or CaseTransferred => NoticeKind.Reported,
                CaseUnmerged => state is Case.Filed ? NoticeKind.Filed : NoticeKind.Reported,
                CaseCheckOrdered => NoticeKind.CheckDue,
                CaseChecked => NoticeKind.Checked,
                CaseFiled => NoticeKind.Filed,
                CaseTransferRequested => NoticeKind.TransferRequested,
                CaseTransferDeclined => NoticeKind.TransferDeclined,
                CaseDispatched or CaseHandedToEnforcement when state is Case.Dispatched => NoticeKind.Dispatched,
                CaseReturned or CaseRecalled => NoticeKind.Returned,
                CaseReassigned => NoticeKind.Reassigned,
                CaseCompleted => NoticeKind.VerificationDue,
                CaseVerified => NoticeKind.RatingDue,
                CaseRated { Result: FixResult.NotFixed } when state is Case.Rated => NoticeKind.NotFixed,
                CaseRated when state is Case.Rated => NoticeKind.ClosingDue,
                CaseReopened => NoticeKind.Reopened,
                CaseUrged => NoticeKind.Urged,
                CaseSupervised => NoticeKind.Supervised,
                _ => null,
            };
            if (turn is { } kind)
                Tell(kind, happened);

            NoticeKind? besides = happened switch
            {
                CaseReworkOrdered => NoticeKind.Rework,
                CaseSubtaskAdded => NoticeKind.SubtaskAdded,
                CaseSupervisionAnswered => NoticeKind.SupervisionAnswered,
                CaseLevelRaised or CaseLevelLowered => NoticeKind.LevelChanged,
                CaseExtensionRequested or CaseExtensionApproved { Granted: false } or CaseSuspensionRequested or CaseLatenessAppealed or CaseAppealReviewed { Review: 1, Upheld: true } => NoticeKind.ApprovalDue,
                CaseExtensionApproved or CaseExtensionRefused or CaseSuspensionApproved or CaseSuspensionRefused or CaseSuspensionEnded or CaseAppealReviewed => NoticeKind.ApprovalGiven,
                CaseClosed or CaseRefused or CaseRedirected or CaseMerged or CaseSplit or CaseSettledByVillage => NoticeKind.Feedback,
                _ => null,
            };
            if (besides is { } other)
                Tell(other, happened);
            // Closed by rule, for want of a rating: who had it watched hears of that, as no answer came.
            if (happened is CaseClosed && state.File.Supervision is { Answered: false })
                Tell(NoticeKind.SupervisionUnanswered, happened);
            // It goes back to whoever claimed it; where they have gone since, those who give it to another have to know.
            if (happened is CaseReworkOrdered && state is Case.Handling { File.Assignment.ClaimedBy: { } claimer } && !WhoActs(state, organization).Any(recipient => recipient.Person == claimer))
                TellThatHolderLeft();
        }

        /// <summary>The people whom the case itself names.</summary>
        /// <param name="happened">What is told; null when time passed.</param>
        /// <param name="clock">Whose deadline it is, for those responsible.</param>
        private IReadOnlyList<Recipient> Of(Audience audience, CaseEvent? happened, Clock? clock) => (audience, happened) switch
        {
            (Audience.WhoseTurn, _) => WhoActs(state, organization),
            (Audience.Unit, _) when state.File.Assignment is { Unit: var unit } => OfUnit(state.File, unit, organization),
            (Audience.FormerUnit, CaseRecalled { Unit: { } unit }) => OfUnit(state.File, unit, organization),
            (Audience.NamedPerson, CaseSubtaskAdded { Person: { } person }) => [new Recipient(person, state.File.Assignment!.Unit.Role, RecipientReason.Holder)],
            (Audience.WhoOrdered, _) when state.File.Supervision is { } supervision => [new Recipient(supervision.By, RoleOf(supervision.Order), RecipientReason.Holder)],
            (Audience.LevelDesk, CaseLevelRaised { Level: MatterLevel.District }) => Seat(Role.DistrictSupervisor),
            (Audience.LevelDesk, _) => Seat(Role.Dispatcher),
            (Audience.Approvers, CaseSuspensionRequested) => FirstWhoMay(new ApproveSuspension(null, _at), Role.TownLeader, Role.DistrictSupervisor),
            // An appeal that was upheld in the town goes to the district, where anybody of it is left to decide.
            (Audience.Approvers, CaseAppealReviewed) => FirstWhoMay(Review(), [.. OfDistrict, .. OfTown]),
            (Audience.Approvers, CaseLatenessAppealed) => FirstWhoMay(Review(), [.. OfTown, .. OfDistrict]),
            (Audience.Approvers, CaseExtensionRequested or CaseExtensionApproved) =>
                FirstWhoMay(new ApproveExtension(null, _at, CaseAccess.BenchFor("approve-extension", state, organization)), [.. OfTown, .. OfDistrict]),
            (Audience.Reporters, _) => Reporters(),
            (Audience.Responsible, _) when clock is { } late => Responsible(late),
            _ => [],
        };

        private ReviewAppeal Review() => new(true, new MarkedText("", []), CaseAccess.BenchFor("review-appeal", state, organization));

        /// <summary>The first of some seats with somebody whose decision would be taken: who asked, or was the first to approve, is passed over.</summary>
        private IReadOnlyList<Recipient> FirstWhoMay(CaseCommand command, params IReadOnlyList<Role> seats) =>
            seats.Select(seat => Seat(seat).Where(one => IsTaken(command, one.Person)).ToList()).FirstOrDefault(people => people.Count > 0) ?? [];

        private bool IsTaken(CaseCommand command, string person) => organization.FindPerson(person) is { } found
            && organization.SeatsOf(found).Select(seat => new Caller(person, seat))
                .Any(caller => CaseAccess.May(caller, command, state) && CaseDecider.Decide(command, state, caller.By) is Decision<CaseEvent>.Emit);

        private static Role RoleOf(SupervisionBy order) => order switch
        {
            SupervisionBy.District => Role.DistrictSupervisor,
            SupervisionBy.TownLeader => Role.TownLeader,
            _ => Role.SectorLead,
        };

        // Residents without a name have no inbox: the center calls them back.
        private IReadOnlyList<Recipient> Reporters() =>
        [
            .. state.File.Absorbed.Values.Select(absorbed => (Person: absorbed.Reporter, Role: absorbed.ReporterRole)).Prepend((Person: state.File.ReportedBy.Actor, state.File.ReportedBy.Role))
                .Where(reporter => reporter.Role is not (Role.Resident or Role.System)).DistinctBy(reporter => reporter.Person)
                .Select(reporter => new Recipient(reporter.Person, reporter.Role, RecipientReason.Holder)),
        ];

        private void Start(Clock clock, DateTimeOffset from)
        {
            var (policy, matter, rule) = RuleOf(clock, state.File, policies);
            var round = state.File.Rounds.GetValueOrDefault(clock) + 1;
            var due = policies.Calendar.At(state.File.Town, organization.TimeZone).After(from, rule.Limit);
            var running = new RunningClock(clock, round, from, state.File.Urgency, rule.Limit, due, policy, Matter: matter) { Town = state.File.Town };
            Clocks[clock] = running;
            _events.Add(new CaseClockStarted(clock, round, running.StartedAt, running.Urgency, running.Limit, running.DueAt, running.Policy, running.Matter));
            SetNextTimer(running);
        }

        private void Stop(Clock clock)
        {
            if (!Clocks.Remove(clock, out var running))
                return;

            CancelTimer(running);
            _events.Add(new CaseClockStopped(clock, running.Round, _at, running.IsLateAt(_at) || ClockTrace.Of(running.Facts, TimeOf(running), _at).IsLate));
        }

        private void Pause(RunningClock running, CaseClockPaused paused)
        {
            CancelTimer(running);
            var happened = paused with { DueAt = DueAfter(running.After(paused)) };
            Clocks[running.Clock] = running.After(happened);
            _events.Add(happened);
        }

        private void Resume(RunningClock running, PauseCause cause, DateTimeOffset at)
        {
            CancelTimer(running);
            var resumed = new CaseClockResumed(running.Clock, running.Round, at, cause, running.NextStep);
            var due = DueAfter(running.After(resumed));
            var happened = resumed with { DueAt = due, NextStep = NextStep(running, due) };
            Clocks[running.Clock] = running.After(happened);
            _events.Add(happened);
            SetNextTimer(Clocks[running.Clock]);
        }

        private void Extend(CaseExtensionApproved granted)
        {
            var running = Clocks[Clock.Handle];
            CancelTimer(running);
            var extended = new CaseClockExtended(Clock.Handle, running.Round, _at, granted.By, granted.ApprovedBy, running.NextStep);
            var due = DueAfter(running.After(extended));
            var happened = extended with { DueAt = due, NextStep = NextStep(running, due) };
            Clocks[Clock.Handle] = running.After(happened);
            _events.Add(happened);
            SetNextTimer(Clocks[Clock.Handle]);
        }

        private DateTimeOffset? DueAfter(RunningClock running) => TraceOf(running).DueAt;

        public void Recount(RunningClock running, PolicyRecount recount)
        {
            if (running.Facts.Any(fact => fact is ClockRecounted before && before.Revision >= recount.Revision))
                return;
            var policy = recount.Cause == RecountCause.Policy ? policies.Current : policies.Version(running.Policy);
            var matter = recount.Cause == RecountCause.Policy ? policy.MatterOf(running.Clock, running.Urgency, running.Matter ?? state.File.Category) : running.Matter;
            var rule = policy.RuleFor(running.Clock, running.Urgency, matter);
            if (recount.Cause == RecountCause.Policy ? running.Policy == policy.Version : !Touches(recount.Years, running))
                return;

            var recounted = new CaseClockRecounted(running.Clock, running.Round, _at, recount.Cause, rule.Limit, policy.Version, recount.Revision, running.NextStep, Matter: matter);
            var trace = TraceOf(running.After(recounted));
            CancelTimer(running);
            var happened = recounted with
            {
                DueAt = trace.DueAt,
                Provisional = trace.Provisional ? true : null,
                Late = running.IsLateAt(_at) ? true : null,
                NextStep = recount.Cause == RecountCause.Policy && running.Level is { } level
                    ? rule.Ladder.TakeWhile(step => step.Closes != true && (step.Level is null || step.Level <= level)).Count()
                    : NextStep(running.After(recounted), trace.DueAt),
            };
            Clocks[running.Clock] = running.After(happened);
            _events.Add(happened);
            SetNextTimer(Clocks[running.Clock]);
        }

        /// <summary>Whether working time of some years has a part in when a clock, or a step of its ladder, is due.</summary>
        /// <param name="years">Null: any year.</param>
        private bool Touches(IReadOnlySet<int>? years, RunningClock running)
        {
            if (!running.IsDueKnown)
                return false;
            var trace = TraceOf(running);
            // By the calendar as it is now, and as the deadline was told before.
            var due = trace.DueAt is { } now && now > running.DueAt ? now : running.DueAt;
            var time = TimeOf(running);
            return trace.Allowances.Any(allowance => time.RestsOn(years, running.StartedAt, due, allowance.Limit.Unit))
                || Ladder(running, policies).Skip(running.NextStep).Any(step => time.RestsOn(years, Earlier(due, time.After(due, step.Offset)), Later(due, time.After(due, step.Offset)), step.Offset.Unit));
        }

        private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

        private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

        private ClockTrace TraceOf(RunningClock running) => ClockTrace.Of(running.Facts, TimeOf(running), running.Facts.Max(fact => fact.At));

        // A new deadline is warned of anew; a warning that would lie in the past is overtaken.
        private int NextStep(RunningClock running, DateTimeOffset? due)
        {
            var ladder = Ladder(running, policies);
            if (running.Level is not null || due is not { } at)
                return running.NextStep;
            return ladder.TakeWhile(step => step is { Level: null, Closes: not true } && TimeOf(running).After(at, step.Offset) <= _at).Count();
        }

        private void CancelTimer(RunningClock running)
        {
            var ladder = Ladder(running, policies);
            if (!running.IsHeld && running.NextStep < ladder.Count)
                _timers.Add(new SagaTimer(TimerName(running.Clock, ladder[running.NextStep]), running.Attempt, null));
        }

        public void Climb(RunningClock running, IReadOnlyList<LadderStep> ladder, DateTimeOffset stepDueAt)
        {
            var step = ladder[running.NextStep];
            if (step.Closes == true)
            {
                CloseUnrated(running, step, stepDueAt);
                return;
            }

            var kind = step.Level is null ? NoticeKind.Warning : NoticeKind.Escalation;
            // A warning whose deadline has passed meanwhile is on record, and nobody is told of it: what they have to know is that it is late.
            var told = step.Level is null && running.DueAt <= _at ? [] : Told(kind, step.Level, null, running.Clock);
            IReadOnlyList<Recipient> people = [.. told.Select(one => one.Recipient)];
            _events.Add(step.Level is { } level
                ? new CaseEscalated(running.Clock, running.Round, step.Name, level, running.DueAt, stepDueAt, _at, people)
                : new CaseWarned(running.Clock, running.Round, step.Name, running.DueAt, stepDueAt, _at, people));
            Tell(kind, told, running.Clock, step.Level, running.DueAt, missedAt: _at - stepDueAt > NoticePlan.Punctual ? stepDueAt : null);
            SetNextTimer(running with { NextStep = running.NextStep + 1 });
        }

        /// <summary>No rating came in time: the case is closed by rule, and it is kept that it was.</summary>
        private void CloseUnrated(RunningClock running, LadderStep step, DateTimeOffset stepDueAt)
        {
            // The timer that fires is used up, so that nothing cancels it.
            Clocks[running.Clock] = running with { NextStep = running.NextStep + 1 };
            var closed = new CaseClosed(NotRated: new NotRated(step.Name, running.DueAt, stepDueAt, _at));
            _events.Add(closed);
            state = (Case.Known)state.Apply(new Fact<CaseEvent>(closed, Engine(state), _at, _at));
            SetClocks([closed]);
            Tell(closed);
        }

        // What is set and cancelled at once was never set.
        public Reaction<CaseEvent> Result() =>
            new(_events, _notices, [.. _timers.Where(timer => !(_timers.Any(other => IsSame(other, timer) && other.DueAt is null) && _timers.Any(other => IsSame(other, timer) && other.DueAt is not null)))]);

        private static bool IsSame(SagaTimer one, SagaTimer other) => one.Name == other.Name && one.Attempt == other.Attempt;

        private void SetNextTimer(RunningClock running)
        {
            var ladder = Ladder(running, policies);
            if (!running.IsHeld && running.NextStep < ladder.Count)
            {
                var step = ladder[running.NextStep];
                _timers.Add(new SagaTimer(TimerName(running.Clock, step), running.Attempt, TimeOf(running).After(running.DueAt, step.Offset)));
            }
        }

        private IReadOnlyList<Recipient> Responsible(Clock clock) => clock switch
        {
            Clock.HardLimit => Seat(Role.SectorLead),
            // All of the unit, not only who claimed it: that person may be ill.
            Clock.Handle => OfUnit(state.File, state.File.Assignment!.Unit, organization),
            _ => WhoActs(state, organization),
        };

        private IReadOnlyList<Recipient> Seat(Role role) => organization.WhoIsToldFor(role, state.File.Town, SectorOfCase);

        private Sector? SectorOfCase => state.File.Sector ?? organization.KnownCategory(state.File.Category)?.Sector;

        private IReadOnlyList<Told> Told(NoticeKind kind, EscalationLevel? level, CaseEvent? happened, Clock? clock) =>
            plan.Recipients(kind, level, state.File.Area, SectorOfCase, organization, audience => Of(audience, happened, clock));

        /// <param name="knew">Who has known before that it is their turn.</param>
        public void TellThatHolderLeft(IReadOnlySet<string>? knew = null) =>
            Tell(NoticeKind.HolderLeft, [.. Told(NoticeKind.HolderLeft, null, null, null).Where(told => knew is null || !knew.Contains(told.Recipient.Person))]);

        private void Tell(NoticeKind kind, CaseEvent happened) => Tell(kind, Told(kind, null, happened, null), part: (happened as CaseSubtaskAdded)?.Number);

        private void Tell(
            NoticeKind kind, IReadOnlyList<Told> told, Clock? clock = null, EscalationLevel? level = null, DateTimeOffset? dueAt = null, int? part = null, DateTimeOffset? missedAt = null)
        {
            // Whoever is asked to take a case sits in another town than the one in which it lies.
            var asked = state is Case.Transferring ? state.File.TransferTo!.Value.At(AreaLevel.Town) : null;
            var theirs = asked is null ? [] : WhoActs(state, organization);
            _notices.AddRange(told.Select(one => new Notice(
                one.Recipient.Person, one.Sent(kind, $"case:{caseId}") with { Clock = clock, Level = level, DueAt = dueAt, Part = part, MissedAt = missedAt }, state.File.Urgency,
                theirs.Contains(one.Recipient) ? asked : null, state is Case.Completed or Case.Verified ? state.File.CompletedBy : null)));
        }
    }
}
