using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>硬时限: 30 natural days from the first dispatch to closure, whatever happens in between.</summary>
public class HardLimitTests
{
    private static readonly Happening[] WithThePost = [Reported().At(T0), Filed().At(T0), Dispatched().At(T0)];

    // Waits for its end, with no other clock.
    private static readonly Happening[] Rated = [.. WithThePost, Claimed().At(T0), Completed().At(T0), Verified().At(T0), Sample.Rated().At(T0)];

    [Fact]
    public void Does_not_run_before_the_first_dispatch() =>
        Deadlines.Given(Reported().At(T0), Filed().At(T0)).World.File.Clocks.Keys.ShouldBe([Clock.Dispatch]);

    [Fact]
    public void Survives_a_return_and_the_next_dispatch()
    {
        var world = Deadlines.Given([.. WithThePost, Returned().At(T0 + 2.Days()), Dispatched(2).At(T0 + 3.Days())]).World;

        world.File.Clocks[Clock.HardLimit].StartedAt.ShouldBe(T0);
        world.Events.OfType<CaseClockStarted>().Count(e => e.Clock == Clock.HardLimit).ShouldBe(1);
        world.Timers[("hard_limit/warning", 1)].ShouldBe(T0 + 25.Days());
    }

    [Fact]
    public void Survives_rework_and_a_result_that_is_not_fixed()
    {
        var world = Deadlines.Given(
        [
            .. WithThePost, Claimed().At(T0), Completed().At(T0 + 1.Days()), ReworkOrdered().At(T0 + 2.Days()), Completed().At(T0 + 3.Days()), Verified().At(T0 + 3.Days()),
            Sample.Rated(FixResult.NotFixed).At(T0 + 4.Days()), Dispatched(2).At(T0 + 4.Days()),
        ]).World;

        world.File.Clocks[Clock.HardLimit].DueAt.ShouldBe(T0 + 30.Days());
        world.Events.OfType<CaseClockStarted>().Count(e => e.Clock == Clock.HardLimit).ShouldBe(1);
    }

    [Fact]
    public void Does_not_start_again_after_it_expired()
    {
        var world = Deadlines.Given([.. WithThePost, Returned().At(T0 + 31.Days()), Dispatched(2).At(T0 + 32.Days())]).World;

        world.Events.OfType<CaseClockStarted>().Count(e => e.Clock == Clock.HardLimit).ShouldBe(1);
        world.Timers.Keys.ShouldNotContain(key => key.Name.StartsWith("hard_limit/", StringComparison.Ordinal));
    }

    [Fact]
    public void Warns_the_sector_lead_five_days_before() =>
        Deadlines.Given(Rated)
            .WhenTime(T0 + 25.Days())
            .AndTold(NoticeKind.Warning, "economy-lead")
            .AndTimer("hard_limit/listed-supervision", T0 + 30.Days());

    [Fact]
    public void Lists_the_case_for_supervision_by_the_district_when_it_expires() =>
        Deadlines.Given(Rated)
            .WhenTime(T0 + 25.Days())
            .WhenTime(T0 + 30.Days())
            .Then(new CaseEscalated(
                Clock.HardLimit, 1, "listed-supervision", EscalationLevel.ListedSupervision, T0 + 30.Days(), T0 + 30.Days(), T0 + 30.Days(),
                [new Recipient("supervisor", Role.DistrictSupervisor, RecipientReason.Holder)]))
            .AndTold(NoticeKind.Escalation, "supervisor")
            .AndNoTimer();

    [Fact]
    public void Lists_a_case_that_waits_for_its_next_dispatch_too() =>
        Deadlines.Given([.. WithThePost, Returned().At(T0 + 29.Days())])
            .WhenTime(T0 + 30.Days())
            .NewEvents.OfType<CaseEscalated>().ShouldContain(e => e.Level == EscalationLevel.ListedSupervision);

    [Fact]
    public void Stops_at_closure_and_says_whether_it_was_late()
    {
        Deadlines.Given(Rated).When(Closed(), T0 + 29.Days()).ThenOnly(ClockTests.Stopped(Clock.HardLimit, T0 + 29.Days())).AndNoTimer();
        Deadlines.Given(Rated).When(Closed(), T0 + 31.Days()).ThenOnly(ClockTests.Stopped(Clock.HardLimit, T0 + 31.Days(), late: true)).AndNoTimer();
    }

    [Fact]
    public void Counts_thirty_natural_days_in_the_districts_zone() =>
        Deadlines.Given(Reported().At(Local("2026-09-30T23:30")), Filed().At(Local("2026-09-30T23:40")), Dispatched().At(Local("2026-09-30T23:50")))
            .World.File.Clocks[Clock.HardLimit].DueAt.ShouldBe(Local("2026-10-30T23:50"));
}
