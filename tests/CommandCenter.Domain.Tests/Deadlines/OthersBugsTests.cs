using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>What went wrong with deadlines in other systems, each named for its thread.</summary>
public class OthersBugsTests
{
    private static readonly Limit OneDay = new(420, TimeUnit.WorkingMinutes);

    /// <summary>zammad#188: a ticket that was closed and opened again escalated at once, because the time in which it was closed counted.</summary>
    [Fact]
    public void Zammad_188_what_is_taken_up_again_is_not_late_for_the_time_in_which_it_was_closed()
    {
        ClockFact[] closed = [new ClockBegins(Local("2026-03-02T09:00"), 1, OneDay, "v1"), new ClockPauses(Local("2026-03-02T11:00"), 2, PauseCause.Return)];

        var trace = ClockTrace.Of([.. closed, new ClockResumes(Local("2026-03-20T10:00"), 3, PauseCause.Return)], Time, Local("2026-03-20T10:00"));

        trace.IsLate.ShouldBeFalse();
        trace.DueAt.ShouldBe(Local("2026-03-20T17:00"));
    }

    /// <summary>zammad#3180: hours of 00:00–23:59 were closed for one minute at midnight, and 24:00 could not be entered.</summary>
    [Fact]
    public void Zammad_3180_a_day_that_is_worked_round_the_clock_has_no_minute_off_at_midnight()
    {
        var (hours, errors) = CalendarReader.ReadHours("""{"rules":[{"spans":["00:00-24:00"]}]}""");
        errors.ShouldBeEmpty();
        var time = new WorkCalendar(Calendar.Days, hours!).At(Town.Code, Town.Shanghai);

        time.After(Local("2026-03-03T23:30"), 60).ShouldBe(Local("2026-03-04T00:30"));
        time.Count(Local("2026-03-03T23:59"), Local("2026-03-04T00:01"), TimeUnit.WorkingMinutes).ShouldBe(2 * time.SharesOf(TimeUnit.WorkingMinutes));
        time.IsWorking(Local("2026-03-03T23:59")).ShouldBeTrue();
        time.IsWorking(Local("2026-03-04T00:00")).ShouldBeTrue();
    }

    /// <summary>The same through everything: a case that was closed and is reopened starts its clocks afresh, and nobody is told of lateness at once.</summary>
    [Fact]
    public void Zammad_188_a_case_that_is_reopened_after_weeks_climbs_to_nobody_before_its_new_limits()
    {
        var world = Closed(at: T0 + 2.Days());
        world.Do(new ReopenCase(Words("又坏了"), T0 + 25.Days()), Town.Dispatcher, T0 + 25.Days());
        world.Do(Dispatch(), Town.Dispatcher, T0 + 25.Days() + 5.Minutes());
        world.Do(Claim(), Town.Handler, T0 + 25.Days() + 5.Minutes());

        world.Until(T0 + 31.Days());

        world.Events.ShouldNotContain(happened => happened is CaseEscalated);
        world.File.Clocks.Values.Select(running => (running.Clock, running.Round, running.StartedAt, running.Level)).ShouldBe(
            [(Clock.Handle, 2, T0 + 25.Days() + 5.Minutes(), null), (Clock.HardLimit, 2, T0 + 25.Days() + 5.Minutes(), null)]);
        world.Until(T0 + 32.Days() + 5.Minutes());
        world.Events.OfType<CaseEscalated>().ShouldHaveSingleItem().StepDueAt.ShouldBe(T0 + 32.Days() + 5.Minutes(), "seven days from when it was dispatched again");
    }

    /// <summary>glpi#6902: after a change of the agreement while it was pending, the new limit forgot the pause.</summary>
    [Fact]
    public void Glpi_6902_a_pause_is_kept_when_another_policy_brings_another_limit_while_it_lasts()
    {
        var world = new World(new PolicyBook(RecountTests.InWorkingDays, [], Calendar));
        foreach (var happened in (CaseEvent[])[Reported(), Filed(), Dispatched(), Claimed()])
            world.Happen(happened, T0);
        world.Do(new AskSuspension(SuspensionReason.Materials, T0 + 30.Days(), Words("等待材料"), T0 + 1.Hours()), Town.Handler, T0 + 1.Hours());
        world.Do(new ApproveSuspension(null, T0 + 1.Hours()), Town.Leader, T0 + 1.Hours());

        world.Recount(new PolicyRecount(4, RecountCause.Policy, T0 + 1.Days()), new PolicyBook(RecountTests.Longer, [RecountTests.InWorkingDays], Calendar), T0 + 1.Days());
        world.Do(new ResumeCase(null), Town.Lead, T0 + 7.Days());

        var running = world.File.Clocks[Clock.Handle];
        running.Limit.ShouldBe(new Limit(9, TimeUnit.WorkingDays));
        running.DueAt.ShouldBe(Time.After(T0 + 7.Days(), (9 * Time.SharesOf(TimeUnit.WorkingDays)) - Time.Count(T0, T0 + 1.Hours(), TimeUnit.WorkingDays), TimeUnit.WorkingDays), "an hour was used before the pause, and nothing while it lasted");
        world.Events.ShouldNotContain(happened => happened is CaseEscalated);
    }

    /// <summary>glpi#15605: a new agreement after a pause of days was counted from the opening, as if there had been no pause.</summary>
    [Fact]
    public void Glpi_15605_a_pause_that_has_ended_is_kept_when_another_policy_brings_another_limit()
    {
        var trace = ClockTrace.Of(
        [
            new ClockBegins(Local("2026-03-02T09:00"), 1, OneDay, "v1"),
            new ClockPauses(Local("2026-03-02T10:00"), 2, PauseCause.Suspension),
            new ClockResumes(Local("2026-03-06T10:00"), 3, PauseCause.Suspension),
            new ClockRecounted(Local("2026-03-06T10:30"), 4, RecountCause.Policy, new Limit(2, TimeUnit.WorkingDays), "v2"),
        ], Time, Local("2026-03-06T10:30"));

        // An hour of Monday and the rest from Friday on: as if it had begun on Friday at nine.
        trace.DueAt.ShouldBe(Time.After(Local("2026-03-06T09:00"), new Limit(2, TimeUnit.WorkingDays)));
    }

    /// <summary>glpi#22678: a step an hour before the deadline fired at midnight when the deadline lay on the next working day.</summary>
    [Fact]
    public void Glpi_22678_a_step_before_a_deadline_that_lies_on_the_next_day_lies_in_working_time()
    {
        var (hours, _) = CalendarReader.ReadHours("""{"rules":[{"spans":["08:00-18:00"]}]}""");
        var time = new WorkCalendar(Calendar.Days, hours!).At(Town.Code, Town.Shanghai);

        var due = time.After(Local("2026-03-02T17:00"), new Limit(240, TimeUnit.WorkingMinutes));

        due.ShouldBe(Local("2026-03-03T11:00"));
        time.After(due, new Limit(-60, TimeUnit.WorkingMinutes)).ShouldBe(Local("2026-03-03T10:00"));
        time.After(due, new Limit(-180, TimeUnit.WorkingMinutes)).ShouldBe(Local("2026-03-03T08:00"));
        time.After(due, new Limit(-240, TimeUnit.WorkingMinutes)).ShouldBe(Local("2026-03-02T17:00"));
    }

    /// <summary>glpi#23359: the time between a solution and its reopening was reported as time in which the ticket was pending.</summary>
    [Fact]
    public void Glpi_23359_only_what_was_paused_is_told_as_a_pause()
    {
        // Taken up again is another run: the first has ended and says nothing of the time between.
        var first = ClockTrace.Of([new ClockBegins(Local("2026-03-02T09:00"), 1, OneDay, "v1"), new ClockEnds(Local("2026-03-02T10:00"), 2)], Time, Local("2026-03-10T09:00"));
        var second = ClockTrace.Of([new ClockBegins(Local("2026-03-06T09:00"), 1, OneDay, "v1")], Time, Local("2026-03-10T09:00"));

        first.Segments.Concat(second.Segments).ShouldNotContain(segment => segment.Kind == SegmentKind.Paused);
        first.Segments[^1].To.ShouldBe(Local("2026-03-02T10:00"));
    }

    /// <summary>The same through everything: of a case that was closed and reopened no run says that it was paused.</summary>
    [Fact]
    public void Glpi_23359_the_time_in_which_a_case_was_closed_is_in_no_run_of_its_clocks()
    {
        var world = Closed(at: T0 + 2.Days());
        world.Do(new ReopenCase(Words("又坏了"), T0 + 25.Days()), Town.Dispatcher, T0 + 25.Days());
        world.Do(Dispatch(), Town.Dispatcher, T0 + 25.Days());

        var traces = world.Events.OfType<CaseClockStarted>()
            .Select(started => ClockTrace.Of(world.Events.Aggregate(RunningClock.Of(started), (before, happened) => before.After(happened)).Facts, Time, T0 + 26.Days())).ToList();
        traces.SelectMany(trace => trace.Segments).ShouldAllBe(segment => segment.Kind == SegmentKind.Counting);
        traces.SelectMany(trace => trace.Segments).ShouldNotContain(segment => segment.From < T0 + 25.Days() && segment.To > T0 + 2.Days());
    }

    /// <summary>osticket#3034: a ticket on hold went on towards its deadline, over weekends and nights too.</summary>
    [Fact]
    public void Osticket_3034_what_is_on_hold_does_not_become_overdue()
    {
        var trace = ClockTrace.Of(
            [new ClockBegins(Local("2026-03-06T17:00"), 1, OneDay, "v1"), new ClockPauses(Local("2026-03-09T10:00"), 2, PauseCause.Suspension, For: SuspensionReason.Materials)], Time, Local("2026-06-01T09:00"));

        trace.IsLate.ShouldBeFalse();
        trace.Allowances[0].Used.ShouldBe(120 * Time.SharesOf(TimeUnit.WorkingMinutes), "an hour on Friday and an hour on Monday");
    }

    private static World Closed(DateTimeOffset at)
    {
        var world = new World();
        foreach (var happened in (CaseEvent[])[Reported(), Filed(), Dispatched(), Claimed()])
            world.Happen(happened, T0);
        world.Do(Complete(), Town.Handler, at);
        world.Do(Pass(), Town.GridWorker, at);
        world.Do(Close(), Town.Dispatcher, at);
        return world;
    }
}
