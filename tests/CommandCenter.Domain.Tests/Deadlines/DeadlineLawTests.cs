using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Statistics;
using Case = CommandCenter.Domain.Cases.Case;

namespace CommandCenter.Domain.Tests;

/// <summary>What holds for every legal life of a case, whatever is late, asleep or vacant.</summary>
public class DeadlineLawTests
{
    [Fact]
    public void Nothing_climbs_without_telling_a_named_person() => LegalLife.ForAll(life =>
    {
        var world = life.Live();
        var steps = world.Events.SelectMany(happened => happened switch
        {
            // Overtaken while the engine was down: on record, and told to nobody.
            CaseWarned w when w.FiredAt >= w.DueAt => [],
            CaseWarned w => [(Kind: NoticeKind.Warning, w.Told, w.Clock, Level: (EscalationLevel?)null, w.DueAt)],
            CaseEscalated e => [(Kind: NoticeKind.Escalation, e.Told, e.Clock, Level: (EscalationLevel?)e.Level, e.DueAt)],
            _ => (IEnumerable<(NoticeKind Kind, IReadOnlyList<Recipient> Told, Clock Clock, EscalationLevel? Level, DateTimeOffset DueAt)>)[],
        }).ToList();

        steps.ShouldAllBe(step => step.Told.Count > 0);
        world.Events.OfType<CaseWarned>().Where(warned => warned.FiredAt >= warned.DueAt).ShouldAllBe(warned => warned.Told.Count == 0);
        // How urgent it is, whether it comes late and who may stand in is its own matter.
        world.Notices.Where(notice => notice.Sent.Kind is NoticeKind.Warning or NoticeKind.Escalation).Select(notice => Json.Named(notice with { Urgency = null, Place = null, But = null, Sent = notice.Sent with { MissedAt = null } })).ShouldBe(
            steps.SelectMany(step => step.Told.Select(told =>
                Json.Named(new Notice(told.Person, new NoticeSent(step.Kind, $"case:{Sample.CaseId}", told.Role, told.Reason, step.Clock, step.Level, step.DueAt))))));
    });

    [Fact]
    public void Every_started_clock_stops_at_most_once_and_before_it_starts_again() => LegalLife.ForAll(life =>
    {
        foreach (var runs in life.Live().Events.Where(happened => happened is CaseClockStarted or CaseClockStopped).GroupBy(ClockOf))
        {
            runs.Select(happened => (Started: happened is CaseClockStarted, Round: RoundOf(happened)))
                .ShouldBe(runs.Select((_, index) => (Started: index % 2 == 0, Round: (index / 2) + 1)), runs.Key.ToString());
        }
    });

    [Fact]
    public void Every_started_clock_is_stopped_once_when_the_case_ends() => LegalLife.ForAll(life =>
    {
        var world = life.Live();
        if (world.State is Case.Known { IsOpen: true })
            return;

        world.File.Clocks.ShouldBeEmpty();
        world.Events.OfType<CaseClockStopped>().Select(e => (e.Clock, e.Round)).Order()
            .ShouldBe(world.Events.OfType<CaseClockStarted>().Select(e => (e.Clock, e.Round)).Order());
    });

    [Fact]
    public void The_timers_that_are_set_are_the_next_steps_of_the_running_clocks_and_no_other() => LegalLife.ForAll(life => life.Live(world =>
    {
        var next = world.File.Clocks.Values.SelectMany(running => DeadlineSaga.StepsAhead(running, world.Policies, world.TimeOf(running)).Take(1)
            .Select(ahead => (Name: $"{Json.Of(running.Clock).Trim('"')}/{ahead.Step.Name}", Attempt: running.Attempt, ahead.DueAt)));
        // Besides them only the day on which a suspension ends by itself.
        var suspension = world.Timers.Where(timer => timer.Key.Name == DeadlineSaga.SuspensionTimer).Select(timer => (timer.Key.Name, timer.Key.Attempt, DueAt: timer.Value)).ToList();
        if (world.State is Case.Known { IsOpen: true, File.Suspension: var now })
            suspension.ShouldBe(now is { IsOn: true } ? [(DeadlineSaga.SuspensionTimer, now.Round, now.Until)] : []);
        next = next.Concat(suspension);

        world.Timers.Select(timer => (timer.Key.Name, timer.Key.Attempt, DueAt: timer.Value)).Order().ShouldBe(next.Order());
    }));

    [Fact]
    public void No_timer_is_left_when_the_case_ends() => LegalLife.ForAll(life =>
    {
        var world = life.Live();
        if (world.State is Case.Known { IsOpen: false })
            world.Timers.ShouldBeEmpty();
    });

    [Fact]
    public void An_open_case_always_has_a_clock_running() => LegalLife.ForAll(life => life.Live(world =>
    {
        if (world.State is Case.Known { IsOpen: true })
            world.File.Clocks.ShouldNotBeEmpty();
    }));

    [Fact]
    public void Each_run_of_a_clock_climbs_its_own_ladder_step_by_step() => LegalLife.ForAll(life =>
    {
        var world = life.Live();
        var taken = world.Events.Select(happened => happened switch
        {
            CaseWarned w => (w.Clock, w.Round, w.Step, w.StepDueAt, w.FiredAt),
            CaseEscalated e => (e.Clock, e.Round, e.Step, e.StepDueAt, e.FiredAt),
            _ => default((Clock Clock, int Round, string Step, DateTimeOffset StepDueAt, DateTimeOffset FiredAt)?),
        }).OfType<(Clock Clock, int Round, string Step, DateTimeOffset StepDueAt, DateTimeOffset FiredAt)>();

        // What was paused or extended has another deadline than at its start: the tests of the rules say which.
        var moved = world.Events.Select(happened => happened switch
        {
            CaseClockPaused e => (e.Clock, e.Round),
            CaseClockExtended e => (e.Clock, e.Round),
            CaseClockRecounted e => (e.Clock, e.Round),
            _ => default((Clock, int)?),
        }).OfType<(Clock, int)>().ToHashSet();
        foreach (var run in taken.GroupBy(step => (step.Clock, step.Round)).Where(run => !moved.Contains(run.Key)))
        {
            var started = world.Events.OfType<CaseClockStarted>().Single(e => (e.Clock, e.Round) == run.Key);
            var ladder = world.Policies.Version(started.Policy).RuleFor(started.Clock, started.Urgency, started.Matter).Ladder;
            if (life.HasOtherCalendars && ladder.Any(step => step.Offset.Unit == TimeUnit.WorkingDays))
                continue;
            run.Select(step => (step.Step, step.StepDueAt))
                .ShouldBe(ladder.Take(run.Count()).Select(step => (step.Name, world.TimeOf(started).After(started.DueAt, step.Offset))));
            run.ShouldAllBe(step => step.FiredAt >= step.StepDueAt);
        }
    });

    [Fact]
    public void The_hard_limit_counts_from_the_first_dispatch_since_the_report_or_the_last_reopening_until_the_end() => LegalLife.ForAll(life => life.Live(world =>
    {
        var reopened = world.Facts.ToList().FindLastIndex(fact => fact.Event is CaseReopened);
        var dispatched = world.Facts.Skip(reopened + 1).FirstOrDefault(fact => fact.Event is CaseDispatched);
        var running = world.File.Clocks.GetValueOrDefault(Clock.HardLimit);
        running?.StartedAt.ShouldBe(dispatched!.RecordedAt);
        if (world.State is Case.Known { IsOpen: true })
            (running is null).ShouldBe(dispatched is null);
    }));

    [Fact]
    public void An_open_case_always_has_somebody_who_can_bring_it_on_and_knows_it() => LegalLife.ForAll(life =>
    {
        var knows = new WhoKnows();
        life.Live(world =>
        {
            if (world.State is Case.Known { IsOpen: true } open)
                DeadlineSaga.WhoActs(open, world.Organization).ShouldNotBeEmpty($"{open.Stage}");
            // These lives let people claim who hold no seat of the unit; the lives of two seats do not.
            knows.After(world, asks: DeadlineSaga.HolderOf(world.State) is not { } holder || DeadlineSaga.WhoActs((Case.Known)world.State, world.Organization).Any(one => one.Person == holder));
        });
    });

    [Fact]
    public void Whoever_has_a_case_or_is_told_of_it_by_reason_of_a_vacancy_may_bring_it_on() => LegalLife.ForAll(life => Law(life, Town.With(life.Vacant, wholeNeighbour: true)));

    private static void Law(LegalLife life, OrganizationDirectory organization) => life.Live(world =>
    {
        if (world.State is not Case.Known { IsOpen: true } open)
            return;
        var onwards = TwoSeatLawTests.Onwards(open);
        // Above the district's supervisor there is nobody: what they did themselves for want of anybody else waits until a seat is held again.
        foreach (var told in DeadlineSaga.WhoActs(open, organization).Where(told => told.Role != Role.DistrictSupervisor || told.Person != open.File.CompletedBy))
            organization.Callers(told.Person).ShouldContain(caller => onwards.Any(command => CaseAccess.May(caller, command, open)), $"{told} in {open.Stage}");
    });

    [Fact]
    public void What_elapsed_and_what_is_left_make_the_limit_and_its_extensions_whatever_becomes_of_policy_and_calendar() => LegalLife.ForAll(life => life.Live(world =>
    {
        var now = world.Facts[^1].RecordedAt;
        foreach (var running in world.File.Clocks.Values)
        {
            var trace = ClockTrace.Of(running.Facts, world.TimeOf(running), now);

            trace.Allowances[0].Limit.ShouldBe(running.Limit);
            trace.Allowances.Sum(allowance => allowance.Used + allowance.Left).ShouldBe(trace.Allowances.Sum(allowance => world.TimeOf(running).SharesOf(allowance.Limit)));
            trace.Segments.Sum(segment => (segment.To - segment.From).Ticks).ShouldBe((trace.AsOf - trace.StartedAt).Ticks, "no time is counted twice, and none is lost");
            trace.Allowances.Count.ShouldBe(1 + running.Extensions);
        }
    }));

    [Fact]
    public void The_deadline_that_is_told_is_the_one_that_its_trace_explains() => LegalLife.ForAll(life => life.Live(world =>
    {
        foreach (var running in world.File.Clocks.Values.Where(running => running.IsDueKnown))
        {
            ClockTrace.Of(running.Facts, world.TimeOf(running), running.Facts.Max(fact => fact.At)).DueAt.ShouldBe(running.DueAt, $"{running.Clock} {running.Policy}");
            ClockTrace.Of(running.Facts, world.TimeOf(running), running.Facts.Max(fact => fact.At)).Policy.ShouldBe(running.Policy);
        }
    }));

    [Fact]
    public void A_run_is_late_when_any_deadline_that_was_told_of_it_had_passed_whatever_was_counted_anew_and_wherever_the_case_went() => LegalLife.ForAll(life =>
    {
        var world = life.Live();
        var due = new Dictionary<Clock, (DateTimeOffset? DueAt, bool Late)>();
        foreach (var fact in world.Facts)
        {
            var (clock, told) = fact.Event switch
            {
                CaseClockStarted e => (e.Clock, e.DueAt),
                CaseClockPaused e => (e.Clock, e.DueAt),
                CaseClockResumed e => (e.Clock, e.DueAt),
                CaseClockExtended e => (e.Clock, e.DueAt),
                CaseClockRecounted e => (e.Clock, e.DueAt),
                CaseClockStopped e => (e.Clock, null),
                _ => default((Clock?, DateTimeOffset?)),
            };
            if (clock is not { } of)
                continue;
            var before = due.GetValueOrDefault(of);
            var late = fact.Event is not CaseClockStarted && (before.Late || before.DueAt <= fact.RecordedAt);
            if (fact.Event is CaseClockRecounted recounted)
                (recounted.Late == true).ShouldBe(late, $"{recounted}");
            // By another calendar what was not counted anew yet may end late before it is told so.
            if (fact.Event is CaseClockStopped stopped && (late || !life.HasOtherCalendars))
                stopped.Late.ShouldBe(late, $"{stopped}");
            due[of] = (told, late);
        }
    });

    [Fact]
    public void The_facts_of_a_life_give_the_same_trace_in_whatever_order_they_arrive()
    {
        var (permuted, atOnce) = (0, 0);
        LegalLife.ForAll(life =>
        {
            var world = life.Live();
            foreach (var started in world.Events.OfType<CaseClockStarted>())
            {
                var run = world.Events.Aggregate(RunningClock.Of(started), (before, happened) => before.After(happened));
                var (time, asOf) = (world.TimeOf(started), world.Facts[^1].RecordedAt);
                var expected = Json.Of(ClockTrace.Of(run.Facts, time, asOf));
                var random = new Random(20260302 + run.Facts.Count);
                for (var turn = 0; turn < 3 && run.Facts.Count > 1; turn++)
                {
                    var shuffled = run.Facts.ToArray();
                    random.Shuffle(shuffled);
                    Json.Of(ClockTrace.Of(shuffled, time, asOf)).ShouldBe(expected, string.Join(' ', shuffled.Select(fact => fact.Sequence)));
                    permuted++;
                }

                atOnce += run.Facts.Count - run.Facts.Select(fact => fact.At).Distinct().Count();
            }
        });

        // Else the law would say nothing of what happened in the same instant.
        (permuted > 1_000, atOnce > 50).ShouldBe((true, true), $"{permuted} permutations, {atOnce} facts of the same instant");
    }

    [Fact]
    public void The_zone_of_the_host_changes_nothing_in_any_life()
    {
        var lives = new List<LegalLife>();
        LegalLife.ForAll(lives.Add);
        var sample = lives.Where((_, index) => index % Math.Max(1, lives.Count / 60) == 0).ToList();
        var here = sample.Select(life => Json.Of(life.Live().Events.Select(Json.Named))).ToList();
        var before = Environment.GetEnvironmentVariable("TZ");
        try
        {
            foreach (var zone in (string[])["America/New_York", "Europe/Berlin", "Pacific/Kiritimati"])
            {
                Environment.SetEnvironmentVariable("TZ", zone);
                TimeZoneInfo.ClearCachedData();
                TimeZoneInfo.Local.Id.ShouldBe(zone);
                sample.Select(life => Json.Of(life.Live().Events.Select(Json.Named))).ShouldBe(here, zone);
            }
        }
        finally
        {
            Environment.SetEnvironmentVariable("TZ", before);
            TimeZoneInfo.ClearCachedData();
        }
    }

    [Fact]
    public void Firing_any_timer_a_second_time_decides_nothing() => LegalLife.ForAll(life =>
    {
        var world = life.Live();
        foreach (var happened in world.Events.ToList())
        {
            if (happened is CaseWarned or CaseEscalated)
            {
                var (clock, round, step, at) = happened is CaseWarned w ? (w.Clock, w.Round, w.Step, w.StepDueAt)
                    : happened is CaseEscalated e ? (e.Clock, e.Round, e.Step, e.StepDueAt) : throw new InvalidOperationException();
                var again = DeadlineSaga.OnTimer(
                    Sample.CaseId, world.State, $"{Json.Of(clock).Trim('"')}/{step}", round, at, at + 365.Days(), world.Policies, Town.Organization, Sample.Plan);
                again.Events.ShouldBeEmpty($"{clock}/{step}/{round}");
            }
        }
    });

    [Fact]
    public void What_is_stored_folds_to_the_same_case() => LegalLife.ForAll(life =>
    {
        var world = life.Live();
        var stored = world.Facts.Select(fact => fact with { Event = (CaseEvent)Json.Read(Json.Of((object)fact.Event), fact.Event.GetType()) });

        Json.Of(Case.Fold(stored)).ShouldBe(Json.Of(world.State));
    });

    [Fact]
    public void The_row_for_lists_and_boards_agrees_with_the_case() => LegalLife.ForAll(life =>
    {
        var world = life.Live();
        CaseSummary? row = null;
        for (var version = 1; version <= world.Facts.Count; version++)
        {
            row = CaseSummary.Apply(row, Sample.CaseId, version, version, world.Facts[version - 1], category => Town.Organization.FindCategory(category)?.Sector);
            // Applied twice, or read back from the table, it is the same.
            row = CaseSummary.Apply(row, Sample.CaseId, version, version, world.Facts[version - 1], _ => null);
            Json.Of(Json.Read<CaseSummary>(Json.Of(row))).ShouldBe(Json.Of(row));
        }

        if (world.Facts.Count > 2)
        {
            var first = CaseSummary.Apply(null, Sample.CaseId, 1, 1, world.Facts[0], _ => null);
            Should.Throw<InvalidOperationException>(() => CaseSummary.Apply(first, Sample.CaseId, 3, 3, world.Facts[2], _ => null)).Message.ShouldContain("missing");
        }

        var file = world.File;
        row!.Stage.ShouldBe(world.State.Stage!.Value);
        row.Urgency.ShouldBe(file.Urgency);
        row.Sector.ShouldBe(file.Sector ?? Sector.Economy);
        row.Unit.ShouldBe(file.Assignment?.Unit);
        row.ClaimedBy.ShouldBe(file.Assignment?.ClaimedBy);
        row.NotFixed.ShouldBe(file.Rating?.Result == FixResult.NotFixed);
        row.IsOpen.ShouldBe(world.State is Case.Known { IsOpen: true });
        row.Area.ShouldBe(file.Area);
        row.Matter.ShouldBe(file.Level);
        row.TransferTo.ShouldBe(file.TransferTo);
        row.MergedInto.ShouldBe(file.MergedInto);
        row.Supervised.ShouldBe(file.Supervision is { Answered: false });
        row.Clocks.Select(clock => (clock.Key, clock.Value.DueAt, clock.Value.Level))
            .ShouldBe(file.Clocks.Where(clock => clock.Value.IsDueKnown || clock.Value.Level is not null)
                .Select(clock => (clock.Key, clock.Value.IsDueKnown ? clock.Value.DueAt : (DateTimeOffset?)null, clock.Value.Level)));
    });

    [Fact]
    public void Lists_boards_and_statistics_agree_with_the_case_at_every_moment_whether_it_is_late() => LegalLife.ForAll(life =>
    {
        var world = life.Live();
        var (state, row, tally) = (Case.None, (CaseSummary?)null, (CaseTally?)null);
        Dictionary<(Clock, int), CountedRun> runs = [];
        foreach (var (fact, index) in world.Facts.Select((fact, index) => (fact, index)))
        {
            state = state.Apply(fact);
            row = CaseSummary.Apply(row, Sample.CaseId, index + 1, index + 1, fact, _ => Sector.Economy);
            var tallied = CaseTally.Apply(tally, Sample.CaseId, index + 1, index + 1, fact, _ => Sector.Economy);
            tally = tallied.After;
            foreach (var run in tallied.Runs)
                runs[(run.Clock, run.Round)] = run;
            foreach (var at in (DateTimeOffset[])[fact.RecordedAt, fact.RecordedAt + 1.Hours(), fact.RecordedAt + 40.Days()])
            {
                var late = state is Case.Known { File.Clocks: var clocks } && clocks.Values.Any(running => running.IsLateAt(at));
                row.IsLate(at).ShouldBe(late, $"the row after {fact.Event.GetType().Name}");
                runs.Values.Any(run => run.EndedAt is null && run.DueAt <= at).ShouldBe(late, $"the runs after {fact.Event.GetType().Name}");
            }
        }
    });

    [Fact]
    public void The_lives_reach_every_stage_and_every_event_so_that_the_laws_say_something()
    {
        var stages = new HashSet<CaseStage>();
        var events = new HashSet<Type>();
        var levels = new HashSet<EscalationLevel>();
        LegalLife.ForAll(life => life.Live(world =>
        {
            stages.Add(world.State.Stage!.Value);
            events.UnionWith(world.Events.Select(happened => happened.GetType()));
            levels.UnionWith(world.Events.OfType<CaseEscalated>().Select(e => e.Level));
        }));

        stages.Order().ShouldBe(Enum.GetValues<CaseStage>());
        levels.Order().ShouldBe(Enum.GetValues<EscalationLevel>());
        // What comes with another case's merge, what a report closes at once and what others tell of a case are no moves of a life that goes on.
        DomainEvents.All.Select(name => name.Type).Where(type => type.IsAssignableTo(typeof(CaseEvent)) && !type.IsAssignableTo(typeof(CaseStoryEvent))).Except(events)
            .ShouldBe([typeof(CaseSolvedOnSpot), typeof(CaseAbsorbed), typeof(CaseReleased)], ignoreOrder: true);
    }

    private static Clock ClockOf(CaseEvent happened) => happened is CaseClockStarted started ? started.Clock : ((CaseClockStopped)happened).Clock;

    private static int RoundOf(CaseEvent happened) => happened is CaseClockStarted started ? started.Round : ((CaseClockStopped)happened).Round;
}
