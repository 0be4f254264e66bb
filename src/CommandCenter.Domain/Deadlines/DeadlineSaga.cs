using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Deadlines;

/// <summary>A notice for a person, to be appended to that person's inbox together with the case's events.</summary>
public sealed record Notice(string Person, NoticeSent Sent);

/// <summary>A change to the saga's timers.</summary>
/// <param name="Name"><c>{clock}/{step}</c> in snake_case and kebab-case.</param>
/// <param name="Attempt">The clock's round.</param>
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
public sealed class PolicyBook(DeadlinePolicy current, IEnumerable<DeadlinePolicy> earlier)
{
    private readonly Dictionary<string, DeadlinePolicy> _byVersion = earlier.Append(current).ToDictionary(policy => policy.Version, StringComparer.Ordinal);

    public DeadlinePolicy Current => current;

    /// <exception cref="KeyNotFoundException">The version is not in the book.</exception>
    public DeadlinePolicy Version(string version) =>
        _byVersion.TryGetValue(version, out var policy) ? policy : throw new KeyNotFoundException($"Deadline policy {version} is not installed, but a case runs under it.");
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
        string caseId, Case after, IReadOnlyList<CaseEvent> decided, DateTimeOffset at, PolicyBook policies, OrganizationDirectory organization)
    {
        if (after is not Case.Known known)
            return new Reaction<CaseEvent>();

        var work = new Work(caseId, known, at, policies, organization);
        foreach (var happened in decided)
        {
            switch (happened)
            {
                case CaseReported:
                    work.Start(Clock.Accept);
                    work.Tell(NoticeKind.Reported, Role.CenterOperator);
                    break;
                case CaseFiled:
                    work.Stop(Clock.Accept);
                    work.Start(Clock.Dispatch);
                    break;
                case CaseRefused or CaseClosed:
                    work.StopAll();
                    break;
                case CaseDispatched:
                    work.Stop(Clock.Dispatch);
                    work.Start(Clock.Handle);
                    if (!work.Runs(Clock.HardLimit))
                        work.Start(Clock.HardLimit);
                    work.Tell(NoticeKind.Dispatched, Role.PostHandler);
                    break;
                case CaseReturned or CaseRecalled:
                    work.Stop(Clock.Handle);
                    work.Start(Clock.Dispatch);
                    work.Tell(NoticeKind.Returned, Role.Dispatcher);
                    break;
                case CaseCompleted:
                    work.Stop(Clock.Handle);
                    work.TellVerifiers();
                    break;
                case CaseReworkOrdered:
                    work.Start(Clock.Handle);
                    work.Tell(NoticeKind.Rework, Role.PostHandler);
                    break;
                case CaseRated { Result: FixResult.NotFixed }:
                    work.Start(Clock.Dispatch);
                    work.Tell(NoticeKind.NotFixed, Role.Dispatcher);
                    break;
            }
        }

        return work.Result();
    }

    /// <summary>A timer came due. A late timer on a finished case, or of an earlier run of a clock, decides nothing.</summary>
    /// <param name="dueAt">When the step was due; after downtime this lies before <paramref name="firedAt"/>.</param>
    public static Reaction<CaseEvent> OnTimer(
        string caseId, Case state, string timer, int attempt, DateTimeOffset dueAt, DateTimeOffset firedAt, PolicyBook policies, OrganizationDirectory organization)
    {
        if (state is not Case.Known known)
            return new Reaction<CaseEvent>();

        foreach (var running in known.File.Clocks.Values)
        {
            var ladder = Ladder(running, policies);
            if (running.Round == attempt && running.NextStep < ladder.Count && TimerName(running.Clock, ladder[running.NextStep]) == timer)
            {
                var work = new Work(caseId, known, firedAt, policies, organization);
                work.Climb(running, ladder, dueAt);
                return work.Result();
            }
        }

        return new Reaction<CaseEvent>();
    }

    /// <summary>The steps still ahead of a running clock, with their instants.</summary>
    public static IReadOnlyList<(LadderStep Step, DateTimeOffset DueAt)> StepsAhead(RunningClock running, PolicyBook policies, TimeZoneInfo zone) =>
        [.. Ladder(running, policies).Skip(running.NextStep).Select(step => (step, step.Offset.After(running.DueAt, zone)))];

    private static IReadOnlyList<LadderStep> Ladder(RunningClock running, PolicyBook policies) =>
        policies.Version(running.Policy).RuleFor(running.Clock, running.Urgency).Ladder;

    private static string TimerName(Clock clock, LadderStep step) => $"{ClockName(clock)}/{step.Name}";

    private static string ClockName(Clock clock) => clock switch
    {
        Clock.Accept => "accept",
        Clock.Dispatch => "dispatch",
        Clock.Handle => "handle",
        _ => "hard_limit",
    };

    private sealed class Work(string caseId, Case.Known state, DateTimeOffset at, PolicyBook policies, OrganizationDirectory organization)
    {
        private readonly List<CaseEvent> _events = [];
        private readonly List<Notice> _notices = [];
        private readonly List<SagaTimer> _timers = [];
        // Whole microseconds, as the log keeps them: else the folded case and the stored one would differ.
        private readonly DateTimeOffset _at = DomainJson.Microseconds(at);

        private Dictionary<Clock, RunningClock> Clocks { get; } = new(state.File.Clocks);

        public bool Runs(Clock clock) => Clocks.ContainsKey(clock);

        public void Start(Clock clock)
        {
            Stop(clock);
            var policy = state.File.Policy is { } begun ? policies.Version(begun) : policies.Current;
            var rule = policy.RuleFor(clock, state.File.Urgency);
            var round = state.File.Rounds.GetValueOrDefault(clock) + 1;
            var running = new RunningClock(clock, round, _at, state.File.Urgency, rule.Limit, rule.Limit.After(_at, organization.TimeZone), policy.Version);
            Clocks[clock] = running;
            _events.Add(new CaseClockStarted(clock, round, running.StartedAt, running.Urgency, running.Limit, running.DueAt, running.Policy));
            SetNextTimer(running, rule.Ladder);
        }

        public void Stop(Clock clock)
        {
            if (!Clocks.Remove(clock, out var running))
                return;

            _events.Add(new CaseClockStopped(clock, running.Round, _at, _at >= running.DueAt));
            var ladder = Ladder(running, policies);
            if (running.NextStep < ladder.Count)
                _timers.Add(new SagaTimer(TimerName(clock, ladder[running.NextStep]), running.Round, null));
        }

        public void StopAll()
        {
            foreach (var clock in Clocks.Keys.Order().ToList())
                Stop(clock);
        }

        public void Climb(RunningClock running, IReadOnlyList<LadderStep> ladder, DateTimeOffset stepDueAt)
        {
            var step = ladder[running.NextStep];
            var told = step.Level switch
            {
                EscalationLevel.SectorLead => Seat(Role.SectorLead),
                EscalationLevel.TownLeader => Seat(Role.TownLeader),
                EscalationLevel.ListedSupervision => Seat(Role.DistrictSupervisor),
                _ => Responsible(running.Clock),
            };
            _events.Add(step.Level is { } level
                ? new CaseEscalated(running.Clock, running.Round, step.Name, level, running.DueAt, stepDueAt, _at, told)
                : new CaseWarned(running.Clock, running.Round, step.Name, running.DueAt, stepDueAt, _at, told));
            Tell(step.Level is null ? NoticeKind.Warning : NoticeKind.Escalation, told, running.Clock, step.Level, running.DueAt);
            SetNextTimer(running with { NextStep = running.NextStep + 1 }, ladder);
        }

        public void Tell(NoticeKind kind, Role role) => Tell(kind, Seat(role));

        /// <summary>
        /// Those who may verify on the spot, whoever completed it left out: the grid's workers, else the yard's head, else the village secretary;
        /// where there is nobody the center has to find somebody.
        /// </summary>
        public void TellVerifiers()
        {
            foreach (var role in (ReadOnlySpan<Role>)[Role.GridWorker, Role.YardHead, Role.VillageSecretary])
            {
                var verifiers = organization.WhoIsToldFor(role, state.File.Area).Where(r => r.Person != state.File.CompletedBy).ToList();
                if (verifiers.Count > 0)
                {
                    Tell(NoticeKind.VerificationDue, verifiers);
                    return;
                }
            }

            Tell(NoticeKind.VerificationDue, Seat(Role.CenterOperator));
        }

        public Reaction<CaseEvent> Result() => new(_events, _notices, _timers);

        private void SetNextTimer(RunningClock running, IReadOnlyList<LadderStep> ladder)
        {
            if (running.NextStep < ladder.Count)
            {
                var step = ladder[running.NextStep];
                _timers.Add(new SagaTimer(TimerName(running.Clock, step), running.Round, step.Offset.After(running.DueAt, organization.TimeZone)));
            }
        }

        private IReadOnlyList<Recipient> Responsible(Clock clock) => clock switch
        {
            Clock.Accept => Seat(Role.CenterOperator),
            Clock.Dispatch => Seat(Role.Dispatcher),
            Clock.Handle => Seat(Role.PostHandler),
            _ => Seat(Role.SectorLead),
        };

        private IReadOnlyList<Recipient> Seat(Role role)
        {
            var sector = state.File.Sector ?? organization.FindCategory(state.File.Category)?.Sector;
            return organization.WhoIsToldFor(role, state.File.Town, sector, state.File.Assignment?.Post);
        }

        private void Tell(NoticeKind kind, IReadOnlyList<Recipient> told, Clock? clock = null, EscalationLevel? level = null, DateTimeOffset? dueAt = null) =>
            _notices.AddRange(told.Select(r => new Notice(r.Person, new NoticeSent(kind, $"case:{caseId}", r.Role, r.Reason, clock, level, dueAt))));
    }
}
