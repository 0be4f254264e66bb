using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Statistics;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>Open cases are counted anew: a provisional deadline becomes final, and another policy counts where it was said to.</summary>
public class RecountTests
{
    private static readonly DateTimeOffset NewYear = Local("2026-12-30T10:20");

    /// <summary>Handling has three working days, warned of one before and climbing after one and three; the rest is the shipped policy.</summary>
    internal static readonly DeadlinePolicy InWorkingDays = Policy with { Version = "working", Rules = [.. Policy.Rules.Select(rule => rule.Clock == Clock.Handle ? Working(rule, 3) : rule)] };

    internal static readonly DeadlinePolicy Longer = InWorkingDays with { Version = "longer", Rules = [.. InWorkingDays.Rules.Select(rule => rule.Clock == Clock.Handle ? Working(rule, 9) : rule)] };

    private static readonly PolicyRecount OfYear = new(3, RecountCause.Calendar, NewYear, [2027]);

    private static readonly PolicyRecount OfPolicy = new(4, RecountCause.Policy, NewYear);

    private static PolicyBook Before { get; } = new(InWorkingDays, [], Calendar);

    private static PolicyBook Announced { get; } = new(InWorkingDays, [], PolicyTests.With(PolicyTests.Announced2027()));

    private static PolicyBook Changed { get; } = new(Longer, [InWorkingDays], Calendar);

    [Fact]
    public void The_calendar_of_a_year_makes_a_provisional_deadline_final_and_sets_its_timers_anew()
    {
        var world = Handling(Before, NewYear);
        var provisional = world.File.Clocks[Clock.Handle].DueAt;
        provisional.ShouldBe(Local("2027-01-05T10:20"), "New Year's Day is derived as three days");

        world.Recount(OfYear, Announced, NewYear + 1.Hours());

        world.Events[^1].ShouldBe(new CaseClockRecounted(
            Clock.Handle, 1, NewYear + 1.Hours(), RecountCause.Calendar, new Limit(3, TimeUnit.WorkingDays), "working", 3, 0, Local("2027-01-06T10:20")));
        world.Timers[("handle/warning", 100_001)].ShouldBe(Local("2027-01-05T10:20"));
        world.Timers.Keys.ShouldNotContain(("handle/warning", 1));
        world.File.Clocks[Clock.Handle].DueAt.ShouldBe(Local("2027-01-06T10:20"));
        var reasons = DeadlineWords.Reasons(ClockTrace.Of(world.File.Clocks[Clock.Handle].Facts, Announced.Calendar.At(Town.Code, Town.Shanghai), NewYear + 1.Days()), Announced.Calendar.At(Town.Code, Town.Shanghai), person => new(person, person));
        DeadlineWords.Sentence(reasons).En.ShouldContain("recounted on Wed 2026-12-30 11:20: the calendar was announced");
        reasons.ShouldNotContain(reason => reason.Kind == ReasonKind.Provisional);
    }

    [Fact]
    public void Only_clocks_of_working_time_in_that_year_are_counted_anew_and_each_once()
    {
        var world = Handling(Before, NewYear);
        world.Recount(OfYear, Announced, NewYear + 1.Hours());
        var events = world.Events.Count;

        world.Recount(OfYear, Announced, NewYear + 2.Hours());
        world.Events.Count.ShouldBe(events, "asked again after a crash it does nothing");
        world.Events.OfType<CaseClockRecounted>().Select(e => e.Clock).ShouldBe([Clock.Handle], "the hard limit counts natural days");

        var summer = Handling(Before, Local("2026-07-01T10:20"));
        summer.Recount(OfYear, Announced, Local("2026-07-01T11:20"));
        summer.Events.OfType<CaseClockRecounted>().ShouldBeEmpty("it is due long before");
    }

    [Fact]
    public void A_corrected_year_that_changes_nothing_for_a_clock_is_recorded_and_its_deadline_stays()
    {
        var world = Handling(Before, NewYear);
        var due = world.File.Clocks[Clock.Handle].DueAt;
        var year = Calendar.Days.Years.Single(other => other.Year == 2027);

        world.Recount(OfYear, new PolicyBook(InWorkingDays, [], PolicyTests.With(year with { Announced = true, Source = year.Source with { On = new DateOnly(2026, 11, 4) } })), NewYear + 1.Hours());

        world.Events.OfType<CaseClockRecounted>().Single().ShouldSatisfyAllConditions(e => e.DueAt.ShouldBe(due), e => e.Provisional.ShouldBeNull());
    }

    [Fact]
    public void A_clock_that_waits_for_an_unknown_time_has_no_deadline_to_be_counted_anew_and_goes_on_by_the_new_calendar()
    {
        var world = Handling(Before, NewYear);
        world.Happen(Returned(), NewYear + 1.Hours());
        world.Recount(OfYear, Announced, NewYear + 2.Hours());
        world.Events.OfType<CaseClockRecounted>().ShouldBeEmpty();

        world.Happen(Dispatched(2), NewYear + 3.Hours());
        world.File.Clocks[Clock.Handle].DueAt.ShouldBe(Local("2027-01-06T11:00"), "an hour of three days was used before, and it goes on after lunch");
    }

    [Fact]
    public void What_was_warned_of_is_warned_of_anew_where_the_deadline_moves_away_and_what_is_late_stays_late()
    {
        var world = Handling(Before, NewYear);
        world.Until(Local("2027-01-04T11:20"));
        world.Events.OfType<CaseWarned>().Count().ShouldBe(1);

        world.Recount(OfPolicy, Changed, Local("2027-01-04T12:00"));
        world.Until(Local("2027-01-31T12:00"));
        world.Events.OfType<CaseWarned>().Count(e => e.Clock == Clock.Handle).ShouldBe(2, "of the deadline by the new policy");

        var late = Handling(Before, NewYear);
        late.Until(Local("2027-01-05T12:00"));
        late.File.Clocks[Clock.Handle].Level.ShouldBe(EscalationLevel.Responsible);
        late.Recount(OfPolicy, Changed, Local("2027-01-05T13:00"));
        late.File.Clocks[Clock.Handle].ShouldSatisfyAllConditions(running => running.Level.ShouldBe(EscalationLevel.Responsible), running => running.NextStep.ShouldBe(2, "the sector lead is next, by the new deadline"));
    }

    [Fact]
    public void What_was_late_before_it_was_counted_anew_is_late_to_its_end_though_the_new_deadline_was_kept()
    {
        var world = Handling(Before, NewYear);
        world.Recount(OfPolicy, Changed, Local("2027-01-05T13:00"));
        world.Events.OfType<CaseClockRecounted>().Select(e => (e.Clock, e.Late)).ShouldBe([(Clock.Handle, true), (Clock.HardLimit, null)]);
        world.File.Clocks[Clock.Handle].DueAt.ShouldBeGreaterThan(Local("2027-01-06T10:00"));
        ClockTrace.Of(world.File.Clocks[Clock.Handle].Facts, Time, Local("2027-01-05T14:00")).IsLate.ShouldBeTrue("it shows as overdue meanwhile");

        world.Happen(Claimed(), Local("2027-01-06T09:00"));
        world.Happen(Completed(), Local("2027-01-06T10:00"));

        world.Events.OfType<CaseClockStopped>().Single(e => e.Clock == Clock.Handle).Late.ShouldBeTrue();
        world.File.LateRuns.Select(run => (run.Clock, run.Unit)).ShouldBe([(Clock.Handle, Town.BuildingUnit)]);
        var run = world.Events.Aggregate(RunningClock.Of(world.Events.OfType<CaseClockStarted>().Single(e => e.Clock == Clock.Handle)), (before, happened) => before.After(happened));
        var said = DeadlineWords.Sentence(DeadlineWords.Reasons(ClockTrace.Of(run.Facts, Time, Local("2027-02-01T10:00")), Time, person => new(person, person)));
        said.En.ShouldContain("another policy; it was late already and stays so; ");
        said.En.ShouldEndWith("stopped late at Wed 2027-01-06 10:00.");
        said.Zh.ShouldContain("因时限规则更换重新计算，此前已超期，仍计为超期；");
    }

    [Fact]
    public void What_was_late_before_it_was_counted_anew_is_late_in_lists_on_boards_and_in_statistics_too()
    {
        // Given a case whose deadline had passed, and one that had climbed, when each was given a new deadline that lies ahead,
        var passed = Handling(Before, NewYear);
        passed.Recount(OfPolicy, Changed, Local("2027-01-05T13:00"));
        var climbed = Handling(Before, NewYear);
        climbed.Until(Local("2027-01-05T12:00"));
        climbed.Recount(OfPolicy, Changed, Local("2027-01-05T13:00"));
        var inTime = Handling(Before, NewYear);
        inTime.Recount(OfPolicy, Changed, NewYear + 1.Hours());

        // then the aggregate, the row of lists and boards and the run of statistics say late, since the deadline that was missed.
        foreach (var (world, late) in ((World, bool)[])[(passed, true), (climbed, true), (inTime, false)])
        {
            var at = Local("2027-01-05T14:00");
            world.File.Clocks[Clock.Handle].IsLateAt(at).ShouldBe(late);
            var (row, tally) = ((CaseSummary?)null, (CaseTally?)null);
            List<CountedRun> runs = [];
            foreach (var (fact, version) in world.Facts.Select((fact, index) => (fact, index + 1)))
            {
                row = CaseSummary.Apply(row, CaseId, version, version, fact, _ => Sector.Economy);
                var tallied = CaseTally.Apply(tally, CaseId, version, version, fact, _ => Sector.Economy);
                (tally, runs) = (tallied.After, [.. runs.Where(run => tallied.Runs.All(other => (other.Clock, other.Round) != (run.Clock, run.Round))), .. tallied.Runs]);
            }

            (row!.IsLate(at), row.LateAt).ShouldBe((late, late ? Local("2027-01-05T10:20") : row.DueAt));
            row.DueAt.ShouldBe(world.File.Clocks[Clock.Handle].DueAt, "the deadline that is shown is the new one");
            runs.Single(run => run.Clock == Clock.Handle).DueAt.ShouldBe(row.LateAt);
        }
    }

    [Fact]
    public void What_was_in_time_when_it_was_counted_anew_is_in_time()
    {
        var world = Handling(Before, NewYear);
        world.Recount(OfPolicy, Changed, NewYear + 1.Hours());
        world.Happen(Claimed(), Local("2027-01-06T09:00"));
        world.Happen(Completed(), Local("2027-01-06T10:00"));

        world.Events.OfType<CaseClockStopped>().ShouldAllBe(e => !e.Late);
    }

    [Fact]
    public void Another_policy_counts_for_open_cases_only_where_it_was_said_to()
    {
        var kept = Handling(Before, NewYear);
        kept.Adopt(Changed);
        kept.Happen(Claimed(), NewYear + 1.Hours());
        kept.Happen(Completed(), NewYear + 2.Hours());
        kept.File.Clocks.Values.ShouldAllBe(running => running.Policy == "working");

        var world = Handling(Before, NewYear);
        world.Recount(OfPolicy, Changed, NewYear + 1.Hours());
        world.File.Clocks[Clock.Handle].ShouldSatisfyAllConditions(running => running.Policy.ShouldBe("longer"), running => running.Limit.Amount.ShouldBe(9));
        world.File.Clocks[Clock.HardLimit].Policy.ShouldBe("longer");
        world.Happen(Claimed(), NewYear + 2.Hours());
        world.Happen(Completed(), NewYear + 3.Hours());
        world.File.Clocks[Clock.Verify].Policy.ShouldBe("longer", "what begins later in the case begins under it");
    }

    [Fact]
    public void A_shorter_limit_that_has_passed_climbs_at_once_with_when_it_was_due()
    {
        var world = Handling(Changed, NewYear);
        world.Recount(OfPolicy, new PolicyBook(InWorkingDays with { Version = "shorter" }, [Longer, InWorkingDays], Calendar), Local("2027-01-06T10:00"));
        var before = world.Notices.Count;
        world.WakeAt(Local("2027-01-06T10:01"));

        world.Events.OfType<CaseEscalated>().Last().ShouldSatisfyAllConditions(e => e.Level.ShouldBe(EscalationLevel.Responsible), e => e.StepDueAt.ShouldBe(Local("2027-01-05T10:20")), e => e.FiredAt.ShouldBe(Local("2027-01-06T10:01")));
        world.Notices.Skip(before).ShouldAllBe(notice => notice.Sent.Kind == NoticeKind.Escalation);
    }

    [Fact]
    public void A_case_that_waits_for_a_rating_is_closed_by_the_new_policy_though_its_day_has_passed()
    {
        var world = new World(Before);
        foreach (var happened in (CaseEvent[])[Reported(), Filed(), Dispatched(), Claimed(), Completed(), Verified()])
            world.Happen(happened, NewYear);
        var sooner = Longer with { Rules = [.. Longer.Rules.Select(rule => rule.Clock == Clock.Rate ? rule with { Limit = new Limit(3, TimeUnit.NaturalDays) } : rule)] };

        world.Until(NewYear + 4.Days());
        world.Recount(OfPolicy, new PolicyBook(sooner, [InWorkingDays], Calendar), NewYear + 4.Days());
        world.WakeAt(NewYear + 4.Days());

        world.File.NotRated.ShouldNotBeNull().DueAt.ShouldBe(NewYear + 3.Days());
    }

    [Fact]
    public void A_case_that_has_ended_is_left_alone()
    {
        var world = new World(Before);
        world.Happen(Reported(), NewYear);
        world.Happen(Refused(), NewYear);
        var events = world.Events.Count;

        world.Recount(OfPolicy, Changed, NewYear + 1.Hours());
        world.Events.Count.ShouldBe(events);
    }

    private static World Handling(PolicyBook policies, DateTimeOffset at)
    {
        var world = new World(policies);
        foreach (var happened in (CaseEvent[])[Reported(), Filed(), Dispatched()])
            world.Happen(happened, at);
        return world;
    }

    internal static ClockRule Working(ClockRule rule, int days) => rule with
    {
        Limit = new Limit(days, TimeUnit.WorkingDays),
        Ladder =
        [
            new LadderStep("warning", new Limit(-1, TimeUnit.WorkingDays)), new LadderStep("overdue", new Limit(0, TimeUnit.WorkingDays), EscalationLevel.Responsible),
            new LadderStep("sector-lead", new Limit(1, TimeUnit.WorkingDays), EscalationLevel.SectorLead), new LadderStep("town-leader", new Limit(3, TimeUnit.WorkingDays), EscalationLevel.TownLeader),
        ],
    };
}
