using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Sample;
using Case = CommandCenter.Domain.Cases.Case;

namespace CommandCenter.Domain.Tests;

public class ClockTests
{
    [Fact]
    public void A_report_starts_the_clock_for_accepting_and_tells_the_center() =>
        Deadlines.Given()
            .When(Reported(), T0)
            .Then(Reported(), Started(Clock.Accept, T0))
            .AndTimer("accept/overdue", T0 + 15.Minutes())
            .AndTold(NoticeKind.Reported, "operator");

    [Fact]
    public void Filing_stops_the_clock_for_accepting_and_starts_the_one_for_dispatch() =>
        Deadlines.Given(Reported().At(T0))
            .When(Filed(), T0 + 5.Minutes())
            .Then(Filed(), Stopped(Clock.Accept, T0 + 5.Minutes()), Started(Clock.Dispatch, T0 + 5.Minutes()))
            .AndNoTimer("accept")
            .AndTimer("dispatch/overdue", T0 + 20.Minutes());

    [Fact]
    public void Refusing_stops_every_clock() =>
        Deadlines.Given(Reported().At(T0))
            .When(Refused(), T0 + 5.Minutes())
            .Then(Refused(), Stopped(Clock.Accept, T0 + 5.Minutes()))
            .AndNoTimer();

    [Fact]
    public void Dispatch_starts_the_clocks_for_handling_and_for_the_whole_case_and_tells_the_post() =>
        Deadlines.Given(Reported().At(T0), Filed().At(T0))
            .When(Dispatched(), T0 + 5.Minutes())
            .Then(Dispatched(), Stopped(Clock.Dispatch, T0 + 5.Minutes()), Started(Clock.Handle, T0 + 5.Minutes()), Started(Clock.HardLimit, T0 + 5.Minutes()))
            .AndTimer("handle/warning", T0 + 5.Minutes() + 6.Days())
            .AndTimer("hard_limit/warning", T0 + 5.Minutes() + 25.Days())
            .AndTold(NoticeKind.Dispatched, "handler", "colleague");

    [Fact]
    public void A_claim_changes_no_clock() =>
        Deadlines.Given(Reported().At(T0), Filed().At(T0), Dispatched().At(T0))
            .When(Claimed(), T0 + 1.Hours())
            .Then(Claimed())
            .AndTimer("handle/warning", T0 + 6.Days())
            .AndNobodyIsTold();

    [Fact]
    public void A_return_lets_handling_wait_starts_dispatch_anew_and_tells_the_dispatcher() =>
        Deadlines.Given(Reported().At(T0), Filed().At(T0), Dispatched().At(T0))
            .When(Returned(), T0 + 1.Hours())
            .Then(Returned(), new CaseClockPaused(Clock.Handle, 1, T0 + 1.Hours(), PauseCause.Return, Town.BuildingUnit), Started(Clock.Dispatch, T0 + 1.Hours(), round: 2))
            .AndNoTimer("handle")
            .AndTimer("dispatch/overdue", T0 + 1.Hours() + 15.Minutes(), attempt: 2)
            .AndTold(NoticeKind.Returned, "dispatcher");

    [Fact]
    public void Completion_stops_handling_and_tells_who_can_see_it_on_the_spot() =>
        Deadlines.Given(Reported().At(T0), Filed().At(T0), Dispatched().At(T0), Claimed().At(T0))
            .When(Completed(), T0 + 4.Days())
            .Then(Completed(), Stopped(Clock.Handle, T0 + 4.Days()), Started(Clock.Verify, T0 + 4.Days()))
            .AndNoTimer("handle")
            .AndTimer("verify/warning", T0 + 5.Days() - 4.Hours())
            .AndTold(NoticeKind.VerificationDue, "grid-worker");

    [Fact]
    public void Where_no_grid_worker_is_the_village_secretary_who_may_verify_is_told() =>
        Deadlines.In(Town.With(vacant: [Role.GridWorker]), Reported().At(T0), Filed().At(T0), Dispatched().At(T0), Claimed().At(T0))
            .When(Completed(), T0 + 4.Days())
            .AndTold(NoticeKind.VerificationDue, "secretary");

    [Fact]
    public void In_a_yard_without_a_grid_worker_its_head_is_told_to_verify() =>
        Deadlines.In(Town.With(vacant: [Role.GridWorker]), Reported(area: Town.Yard).At(T0), Filed().At(T0), Dispatched().At(T0), Claimed().At(T0))
            .When(Completed(), T0 + 4.Days())
            .AndTold(NoticeKind.VerificationDue, "yard-head");

    [Fact]
    public void Where_nobody_may_verify_the_center_is_told_to_find_somebody() =>
        Deadlines.In(Town.With(vacant: [Role.GridWorker, Role.VillageSecretary]), Reported().At(T0), Filed().At(T0), Dispatched().At(T0), Claimed().At(T0))
            .When(Completed(), T0 + 4.Days())
            .AndTold(NoticeKind.VerificationDue, "operator");

    [Fact]
    public void Whoever_completed_a_case_is_not_told_to_verify_it()
    {
        var both = Town.Holder("handler", new RoleAt(Role.PostHandler, Town.Code, Sector.Economy, Town.BuildingPost), new RoleAt(Role.GridWorker, Town.Grid));
        var organization = Town.With(vacant: [Role.GridWorker, Role.PostHandler]);
        organization = new OrganizationDirectory(
            organization.TimeZone, organization.Areas, organization.Posts, [both, .. organization.People.Where(person => person.Id != both.Id)], organization.Categories, organization.Borders);

        Deadlines.In(organization, Reported().At(T0), Filed().At(T0), Dispatched().At(T0), Claimed().At(T0))
            .When(Completed(), T0 + 4.Days())
            .AndTold(NoticeKind.VerificationDue, "secretary");
    }

    [Fact]
    public void A_passed_verification_lets_the_reporter_rate_in_time() =>
        Deadlines.Given(Reported().At(T0), Filed().At(T0), Dispatched().At(T0), Claimed().At(T0), Completed().At(T0))
            .When(Verified(), T0 + 5.Hours())
            .Then(Verified(), Stopped(Clock.Verify, T0 + 5.Hours()), Started(Clock.Rate, T0 + 5.Hours()))
            .AndTimer("rate/warning", T0 + 5.Hours() + 3.Days());

    [Fact]
    public void Whoever_is_near_hears_of_a_verification_that_is_late_and_then_the_sector_lead() =>
        Deadlines.Given(Reported().At(T0), Filed().At(T0), Dispatched().At(T0), Claimed().At(T0), Completed().At(T0))
            .WhenTime(T0 + 1.Days() - 4.Hours())
            .AndTold(NoticeKind.Warning, "grid-worker")
            .WhenTime(T0 + 1.Days())
            .AndTold(NoticeKind.Escalation, "grid-worker")
            .WhenTime(T0 + 2.Days())
            .AndTold(NoticeKind.Escalation, "economy-lead")
            .When(Verified(), T0 + 2.Days())
            .ThenOnly(Stopped(Clock.Verify, T0 + 2.Days(), late: true));

    [Fact]
    public void Where_no_rating_comes_in_time_the_case_is_closed_by_rule_and_the_reporter_hears_it() =>
        Deadlines.Given(Reported().At(T0), Filed().At(T0), Dispatched().At(T0), Claimed().At(T0), Completed().At(T0), Verified().At(T0 + 1.Hours()))
            .WhenTime(T0 + 1.Hours() + 3.Days())
            .AndTold(NoticeKind.Warning, "grid-worker")
            .WhenTime(T0 + 1.Hours() + 5.Days())
            .Then(
                new CaseClosed(NotRated: new NotRated("not-rated", T0 + 1.Hours() + 5.Days(), T0 + 1.Hours() + 5.Days(), T0 + 1.Hours() + 5.Days())),
                Stopped(Clock.Rate, T0 + 1.Hours() + 5.Days(), late: true), Stopped(Clock.HardLimit, T0 + 1.Hours() + 5.Days()))
            .AndTold(NoticeKind.Feedback, "grid-worker")
            .AndNoTimer()
            .World.File.LateRuns.ShouldBeEmpty("a reporter who does not rate is nobody's lateness");

    [Fact]
    public void After_downtime_it_is_kept_when_the_rating_was_due_and_when_the_case_was_closed_for_it()
    {
        var due = T0 + 5.Days();
        Deadlines.Given(Reported().At(T0), Filed().At(T0), Dispatched().At(T0), Claimed().At(T0), Completed().At(T0), Verified().At(T0))
            .WhenWokenAt(T0 + 9.Days())
            .ThenOnly(new CaseClosed(NotRated: new NotRated("not-rated", due, due, T0 + 9.Days())));
    }

    [Fact]
    public void Who_had_a_case_watched_and_got_no_answer_hears_that_it_was_closed_by_rule()
    {
        var world = Deadlines.Given(Reported().At(T0), Filed().At(T0), Dispatched().At(T0), Claimed().At(T0), Completed().At(T0), Verified().At(T0)).World;
        world.Do(new SuperviseCase(Words("尽快")), Town.Supervisor, T0 + 1.Hours());

        world.Until(T0 + 9.Days());

        world.State.ShouldBeOfType<Case.Closed>();
        world.Notices.ShouldContain(notice => notice.Person == "supervisor" && notice.Sent.Kind == NoticeKind.SupervisionUnanswered);
        world.Do(new AnswerSupervision(Words("已修复")), Town.Dispatcher, T0 + 10.Days()).ShouldBeOfType<Decision<CaseEvent>.Emit>();
        world.File.Supervision!.Answered.ShouldBeTrue();
    }

    [Fact]
    public void Whoever_reported_what_is_split_hears_of_it()
    {
        var world = Deadlines.Given(Reported().At(T0), Filed().At(T0)).World;
        world.Do(new SplitCase([OtherCase, ThirdCase], null), Town.Dispatcher, T0 + 1.Hours());

        world.Notices.ShouldContain(notice => notice.Person == "grid-worker" && notice.Sent.Kind == NoticeKind.Feedback);
    }

    [Fact]
    public void A_rating_that_comes_after_the_case_was_closed_without_one_still_counts()
    {
        var world = Deadlines.Given(Reported().At(T0), Filed().At(T0), Dispatched().At(T0), Claimed().At(T0), Completed().At(T0), Verified().At(T0)).WhenTime(T0 + 6.Days()).World;

        world.State.ShouldBeOfType<Case.Closed>().File.NotRated.ShouldNotBeNull();
        world.Do(Rate(FixResult.NotFixed), Town.GridWorker, T0 + 7.Days()).ShouldBeOfType<Decision<CaseEvent>.Emit>().Events.ShouldContain(happened => happened is CaseReopened);
        world.File.NotRated.ShouldBeNull();
        world.File.Clocks.Keys.ShouldBe([Clock.Dispatch]);
    }

    [Fact]
    public void A_timer_for_rating_on_a_case_that_was_rated_meanwhile_decides_nothing() =>
        Deadlines.Given(Reported().At(T0), Filed().At(T0), Dispatched().At(T0), Claimed().At(T0), Completed().At(T0), Verified().At(T0), Rated().At(T0 + 1.Days()))
            .WhenFired("rate/not-rated", 1, T0 + 5.Days())
            .ThenNothing();

    [Fact]
    public void Rework_starts_handling_anew_and_tells_the_post() =>
        Deadlines.Given(Reported().At(T0), Filed().At(T0), Dispatched().At(T0), Claimed().At(T0), Completed().At(T0))
            .When(ReworkOrdered(), T0 + 1.Days())
            .Then(ReworkOrdered(), Stopped(Clock.Verify, T0 + 1.Days(), late: true), Started(Clock.Handle, T0 + 1.Days(), round: 2))
            .AndTimer("handle/warning", T0 + 7.Days(), attempt: 2)
            .AndTold(NoticeKind.Rework, "handler", "colleague");

    [Fact]
    public void A_result_that_is_not_fixed_starts_dispatch_anew_and_tells_the_dispatcher() =>
        Deadlines.Given(Reported().At(T0), Filed().At(T0), Dispatched().At(T0), Claimed().At(T0), Completed().At(T0), Verified().At(T0))
            .When(Rated(FixResult.NotFixed), T0 + 1.Days())
            .Then(Rated(FixResult.NotFixed), Stopped(Clock.Rate, T0 + 1.Days()), Started(Clock.Dispatch, T0 + 1.Days(), round: 2))
            .AndTold(NoticeKind.NotFixed, "dispatcher");

    [Theory]
    [InlineData(FixResult.Fixed)]
    [InlineData(FixResult.HalfFixed)]
    public void A_result_that_is_fixed_stops_the_clock_for_rating(FixResult result) =>
        Deadlines.Given(Reported().At(T0), Filed().At(T0), Dispatched().At(T0), Claimed().At(T0), Completed().At(T0), Verified().At(T0))
            .When(Rated(result), T0 + 1.Days())
            .Then(Rated(result), Stopped(Clock.Rate, T0 + 1.Days()))
            .AndTold(NoticeKind.ClosingDue, "operator");

    [Fact]
    public void Closing_stops_every_clock() =>
        Deadlines.Given(Reported().At(T0), Filed().At(T0), Dispatched().At(T0), Claimed().At(T0), Completed().At(T0), Verified().At(T0))
            .When(Closed(), T0 + 2.Days())
            .Then(Closed(), Stopped(Clock.Rate, T0 + 2.Days()), Stopped(Clock.HardLimit, T0 + 2.Days()))
            .AndNoTimer();

    [Fact]
    public void A_clock_that_stops_at_its_due_instant_is_late_as_boards_say_and_a_microsecond_before_it_is_not()
    {
        var before = T0 + 15.Minutes() - TimeSpan.FromMicroseconds(1);
        Deadlines.Given(Reported().At(T0)).When(Filed(), before)
            .ThenOnly(Stopped(Clock.Accept, before));

        Deadlines.Given(Reported().At(T0)).When(Filed(), T0 + 15.Minutes())
            .ThenOnly(Stopped(Clock.Accept, T0 + 15.Minutes(), late: true));
    }

    [Fact]
    public void Urgency_corrected_at_filing_holds_for_the_next_clocks() =>
        Deadlines.Given(Reported().At(T0))
            .When(Filed(Urgency.Emergency), T0 + 2.Minutes())
            .ThenOnly(Started(Clock.Dispatch, T0 + 2.Minutes(), urgency: Urgency.Emergency))
            .AndTimer("dispatch/overdue", T0 + 7.Minutes());

    [Fact]
    public void Urgency_corrected_at_filing_keeps_the_ladder_of_the_clock_that_was_running()
    {
        // The ladders of normal and urgent reports differ in their names: the timer that is cancelled must be the one that was set.
        var policy = Policy with
        {
            Rules = [.. Policy.Rules.Select(rule => rule with { Ladder = [.. rule.Ladder.Select(step => step with { Name = $"{rule.Urgency}-{step.Name}".ToLowerInvariant() })] })],
        };

        Deadlines.Under(new PolicyBook(policy, [], Calendar), Town.Organization, Reported().At(T0))
            .WhenTime(T0 + 20.Minutes())
            .AndTimer("accept/normal-sector-lead", T0 + 30.Minutes())
            .When(Filed(Urgency.Emergency), T0 + 21.Minutes())
            .ThenOnly(Stopped(Clock.Accept, T0 + 21.Minutes(), late: true))
            .AndNoTimer("accept")
            .AndTimer("dispatch/emergency-overdue", T0 + 26.Minutes());
    }

    [Fact]
    public void A_case_keeps_the_policy_that_it_began_under_when_a_new_one_comes()
    {
        var newer = Policy with { Version = "newer", Rules = [.. Policy.Rules.Select(rule => rule with { Limit = rule.Limit with { Amount = rule.Limit.Amount * 2 } })] };
        var before = new World();
        before.Happen(Reported(), T0);

        var filed = before.State.Apply(Cases.Fact(Filed(), T0));
        var reaction = DeadlineSaga.React(CaseId, filed, [Filed()], T0, new PolicyBook(newer, [Policy], Calendar), Town.Organization, Plan);

        reaction.Events.OfType<CaseClockStarted>().Single().Policy.ShouldBe(Policy.Version);
        Deadlines.Under(new PolicyBook(newer, [Policy], Calendar), Town.Organization).When(Reported(), T0).NewEvents.OfType<CaseClockStarted>().Single().Policy.ShouldBe("newer");
    }

    [Fact]
    public void A_policy_that_is_not_installed_is_named_instead_of_guessed()
    {
        var world = new World();
        world.Happen(Reported(), T0);

        Should.Throw<KeyNotFoundException>(() => DeadlineSaga.OnTimer(
                CaseId, world.State, "accept/overdue", 1, T0, T0, new PolicyBook(Policy with { Version = "newer" }, [], Calendar), Town.Organization, Plan))
            .Message.ShouldContain("default-1");
    }

    [Fact]
    public void An_instant_finer_than_a_microsecond_is_cut_before_it_counts()
    {
        var events = Deadlines.Given().When(Reported(), T0.AddTicks(7)).NewEvents;

        events.OfType<CaseClockStarted>().Single().StartedAt.ShouldBe(T0);
        events.OfType<CaseClockStarted>().Single().DueAt.ShouldBe(T0 + 15.Minutes());
    }

    internal static CaseClockStarted Started(Clock clock, DateTimeOffset at, int round = 1, Urgency urgency = Urgency.Normal)
    {
        var limit = Rule(clock, urgency).Limit;
        return new CaseClockStarted(clock, round, at, urgency, limit, Time.After(at, limit), Policy.Version);
    }

    internal static CaseClockStopped Stopped(Clock clock, DateTimeOffset at, bool late = false, int round = 1) => new(clock, round, at, late);
}
