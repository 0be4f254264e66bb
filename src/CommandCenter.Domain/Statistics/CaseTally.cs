using System.Collections.Immutable;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Statistics;

/// <summary>A run of a clock that has not ended.</summary>
/// <param name="Place">As it was when it began, with the person who has claimed it since.</param>
/// <param name="DueAt">Missing while it is paused and nobody knows until when.</param>
/// <param name="LateSince">The deadline that was missed, once that is on record: what is late stays late. Missing before.</param>
public sealed record OpenRun(int Round, DateTimeOffset StartedAt, FactPlace Place, DateTimeOffset? DueAt = null, DateTimeOffset? LateSince = null);

/// <summary>What became of a case with an event: its tally, and what is to be counted.</summary>
/// <param name="Facts">New ones, or one that was there before and is known better now.</param>
/// <param name="Runs">Begun, moved or ended.</param>
public sealed record Tallied(CaseTally After, IReadOnlyList<CountedFact> Facts, IReadOnlyList<CountedRun> Runs);

/// <summary>
/// What statistics have to remember of a case from one event to the next. An event at or below <see cref="Version"/> changes nothing.
/// </summary>
/// <param name="Place">As it stands now.</param>
/// <param name="Runs">The clocks that run.</param>
/// <param name="DispatchedAt">Of the round in hand.</param>
/// <param name="WasLate">Whether a clock of it ran out since it began, or began again.</param>
/// <param name="LeftVillage">Whether a unit above the village was ever given it.</param>
/// <param name="Handled">The fact of its completion, until the clock that ends with it has said whether it was late.</param>
/// <param name="Closed">The fact of its closing, for as long as it is closed.</param>
public sealed record CaseTally(
    string Case,
    long Version,
    FactPlace Place,
    DateTimeOffset ReportedAt,
    ImmutableSortedDictionary<Clock, OpenRun> Runs,
    DateTimeOffset? DispatchedAt = null,
    bool WasLate = false,
    bool LeftVillage = false,
    CountedFact? Handled = null,
    CountedFact? Closed = null)
{
    /// <summary>The tally after an event.</summary>
    /// <param name="position">Of the event in the log.</param>
    /// <param name="sectorOf">The sector of a category; the catalogue may have lost it, then null.</param>
    /// <exception cref="InvalidOperationException">The first event of the case, or one before this, is missing.</exception>
    public static Tallied Apply(CaseTally? before, string id, long version, long position, Fact<CaseEvent> fact, Func<string, Sector?> sectorOf)
    {
        if (before is null)
        {
            if (fact.Event is not CaseReported report)
                throw new InvalidOperationException($"Case {id} begins with {fact.Event.GetType().Name} instead of a report.");
            var reporter = report.Origin?.Reporter ?? fact.By.Actor;
            var place = new FactPlace(report.Area, sectorOf(report.Category) ?? Sector.Livelihood, report.Category, report.Source, reporter);
            return new Tallied(
                new CaseTally(id, version, place, fact.RecordedAt, ImmutableSortedDictionary<Clock, OpenRun>.Empty),
                [new CountedFact(id, version, FactKind.Reported, position, fact.RecordedAt, place)],
                []);
        }

        if (version <= before.Version)
            return new Tallied(before, [], []);
        if (version > before.Version + 1)
            throw new InvalidOperationException($"Case {id} is at version {before.Version} and goes on with {version}: what lies between is missing.");
        return new Step(before with { Version = version }, position, fact.RecordedAt, fact.By.Actor).Of(fact.Event);
    }

    private CaseTally Given(Unit unit, Sector sector, string? person, DateTimeOffset at) => this with
    {
        Place = Place with { Unit = unit, Sector = sector, Person = person },
        DispatchedAt = at,
        LeftVillage = LeftVillage || unit.Kind is UnitKind.Post or UnitKind.Department,
    };

    private CaseTally TakenBack() => this with { Place = Place with { Unit = null, Person = null }, DispatchedAt = null };

    /// <summary>One event that follows a tally.</summary>
    private sealed record Step(CaseTally Tally, long Position, DateTimeOffset At, string Actor)
    {
        public Tallied Of(CaseEvent happened) => happened switch
        {
            CaseSolvedOnSpot => Close(FactKind.SolvedOnSpot),
            CaseSettledByVillage => Close(FactKind.SettledByVillage),
            CaseClosed => Close(null),
            CaseFiled e => Count(FactKind.Filed, Tally with { Place = Tally.Place with { Category = e.Category, Sector = e.Sector } }, Tally.ReportedAt),
            CaseRefused => Count(FactKind.Refused),
            CaseRedirected => Count(FactKind.Redirected),
            CaseMerged => Count(FactKind.Merged),
            CaseDispatched e => Count(FactKind.Dispatched, Tally.Given(e.Unit, e.Sector, e.Person, At)),
            CaseHandedToEnforcement e => Count(FactKind.Dispatched, Tally.Given(e.Unit, e.Sector, null, At)),
            CaseClaimed => Takes(Actor),
            CaseReassigned e => Takes(e.Person),
            CaseReturned => Count(FactKind.Returned) with { After = Tally.TakenBack() },
            CaseRecalled => Nothing(Tally.TakenBack()),
            CaseCompleted => Complete(),
            CaseVerified => Count(FactKind.Verified),
            CaseReworkOrdered => Count(FactKind.Reworked, Tally with { DispatchedAt = At }),
            CaseRated e => Count(FactKind.Rated, value: e.Satisfaction),
            // What it was late by before is counted already.
            CaseReopened => Count(FactKind.Reopened) with { After = Tally.TakenBack() with { WasLate = false, Closed = null } },
            CaseExtensionApproved { Granted: true } => Count(FactKind.Extended),
            CaseSuspensionApproved => Count(FactKind.Suspended),
            CaseLatenessAppealed => Count(FactKind.Appealed),
            // There is a second review only of what the first upheld.
            CaseAppealReviewed { Review: 2, Upheld: true } e => Exempt(e.Partly == true),
            CaseTransferAccepted e => Count(FactKind.Transferred, Moved(e.Area)),
            CaseTransferred e => Count(FactKind.Transferred, Moved(e.Area)),
            CaseEscalated e => Count(FactKind.Escalated, Missed(e.Clock, e.DueAt), value: (int)e.Level + 1),
            CaseClockStarted e => Run(e.Clock, new OpenRun(e.Round, e.StartedAt, Tally.Place, e.DueAt)),
            CaseClockPaused e => Due(e.Clock, e.DueAt),
            CaseClockResumed e => Due(e.Clock, e.DueAt),
            CaseClockExtended e => Due(e.Clock, e.DueAt),
            CaseClockRecounted e => (e.Late == true ? this with { Tally = Missed(e.Clock, Tally.Runs.GetValueOrDefault(e.Clock)?.DueAt) } : this).Due(e.Clock, e.DueAt),
            CaseClockStopped e => Stop(e),
            _ => Nothing(Tally),
        };

        private static Tallied Nothing(CaseTally after) => new(after, [], []);

        private Tallied Count(FactKind kind, CaseTally? after = null, DateTimeOffset? since = null, int? value = null) =>
            new(after ?? Tally, [Fact(kind, after ?? Tally, since, value)], []);

        private CountedFact Fact(FactKind kind, CaseTally tally, DateTimeOffset? since = null, int? value = null) =>
            new(tally.Case, tally.Version, kind, Position, At, tally.Place, since is { } began ? (long)(At - began).TotalSeconds : null, value);

        private Tallied Takes(string person)
        {
            var after = Tally with { Place = Tally.Place with { Person = person } };
            return after.Runs.TryGetValue(Clock.Handle, out var run)
                ? (this with { Tally = after }).Run(Clock.Handle, run with { Place = run.Place with { Person = person } })
                : Nothing(after);
        }

        private Tallied Complete()
        {
            var handled = Fact(FactKind.Handled, Tally, Tally.DispatchedAt);
            return new Tallied(Tally with { Handled = handled }, [handled], []);
        }

        private Tallied Close(FactKind? how)
        {
            var closed = Fact(FactKind.Closed, Tally, Tally.ReportedAt) with { Late = Tally.WasLate, Local = !Tally.LeftVillage };
            return new Tallied(Tally with { Closed = closed }, how is { } kind ? [closed, Fact(kind, Tally, Tally.ReportedAt)] : [closed], []);
        }

        // That it was late stays; both are counted. A closing that was late by something else too is not exempted with it.
        private Tallied Exempt(bool partly)
        {
            var exempted = Fact(FactKind.Exempted, Tally);
            if (partly || Tally.Closed is not { } closed)
                return new Tallied(Tally, [exempted], []);
            var after = Tally with { Closed = closed with { Exempt = true } };
            return new Tallied(after, [after.Closed, exempted], []);
        }

        private CaseTally Moved(AreaCode area) => (Tally with { Place = Tally.Place with { Area = area } }).TakenBack();

        private Tallied Run(Clock clock, OpenRun run) => new(Tally with { Runs = Tally.Runs.SetItem(clock, run) }, [], [Counted(clock, run, null)]);

        private Tallied Due(Clock clock, DateTimeOffset? dueAt) => Tally.Runs.TryGetValue(clock, out var run) ? Run(clock, run with { DueAt = dueAt }) : Nothing(Tally);

        private CaseTally Missed(Clock clock, DateTimeOffset? dueAt) =>
            Tally.Runs.TryGetValue(clock, out var run) ? Tally with { Runs = Tally.Runs.SetItem(clock, run with { LateSince = run.LateSince ?? dueAt }) } : Tally;

        // Clocks end after what ended them, in the same append: they say then whether it was late.
        private Tallied Stop(CaseClockStopped stopped)
        {
            var after = Tally with { Runs = Tally.Runs.Remove(stopped.Clock), WasLate = Tally.WasLate || stopped.Late };
            List<CountedFact> facts = [];
            if (stopped.Clock == Clock.Handle && after.Handled is { } handled)
            {
                if (stopped.Late)
                    facts.Add(handled with { Late = true });
                after = after with { Handled = null };
            }

            if (stopped.Late && after.Closed is { Late: false } closed)
            {
                after = after with { Closed = closed with { Late = true } };
                facts.Add(after.Closed);
            }

            return new Tallied(after, facts, Tally.Runs.TryGetValue(stopped.Clock, out var run) ? [Counted(stopped.Clock, run, stopped.StoppedAt)] : []);
        }

        private CountedRun Counted(Clock clock, OpenRun run, DateTimeOffset? endedAt) => new(Tally.Case, clock, run.Round, run.StartedAt, run.LateSince ?? run.DueAt, endedAt, run.Place);
    }
}
