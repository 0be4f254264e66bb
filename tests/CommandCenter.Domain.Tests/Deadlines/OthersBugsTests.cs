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

    /// <summary>glpi#6902: after a change of urgency while it was pending, the new limit forgot the pause.</summary>
    [Fact]
    public void Glpi_6902_a_pause_is_kept_when_another_urgency_brings_another_limit()
    {
        var trace = ClockTrace.Of(
        [
            new ClockBegins(Local("2026-03-02T09:00"), 1, OneDay, "v1"),
            new ClockPauses(Local("2026-03-02T10:00"), 2, PauseCause.Suspension),
            new ClockRecounted(Local("2026-03-03T10:00"), 3, RecountCause.Urgency, new Limit(120, TimeUnit.WorkingMinutes), "v1"),
            new ClockResumes(Local("2026-03-04T10:00"), 4, PauseCause.Suspension),
        ], Time, Local("2026-03-04T10:00"));

        trace.IsLate.ShouldBeFalse();
        trace.DueAt.ShouldBe(Local("2026-03-04T11:00"), "one of the two hours was used before the pause");
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

    /// <summary>osticket#3034: a ticket on hold went on towards its deadline, over weekends and nights too.</summary>
    [Fact]
    public void Osticket_3034_what_is_on_hold_does_not_become_overdue()
    {
        var trace = ClockTrace.Of(
            [new ClockBegins(Local("2026-03-06T17:00"), 1, OneDay, "v1"), new ClockPauses(Local("2026-03-09T10:00"), 2, PauseCause.Suspension, For: SuspensionReason.Materials)], Time, Local("2026-06-01T09:00"));

        trace.IsLate.ShouldBeFalse();
        trace.Allowances[0].Used.ShouldBe(120 * Time.SharesOf(TimeUnit.WorkingMinutes), "an hour on Friday and an hour on Monday");
    }
}
