using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Sample;
using Case = CommandCenter.Domain.Cases.Case;

namespace CommandCenter.Domain.Tests;

/// <summary>延期、挂账、退回、超时申诉: what may be done about a deadline, and what it does to the clocks.</summary>
public class TimeRuleTests
{
    private static readonly Happening[] WithTheHandler = [Reported().At(T0), Filed().At(T0), Dispatched().At(T0), Claimed().At(T0)];
    private static readonly Happening[] WithTheUnit = [Reported().At(T0), Filed().At(T0), Dispatched().At(T0)];

    private static readonly By OtherLead = new("other-lead", Role.SectorLead, Town.Code);

    // Extension.

    [Fact]
    public void An_extension_is_granted_by_two_people_of_different_rank_and_moves_the_deadline_and_its_ladder()
    {
        var world = Handling();
        Ask(world, 3, T0 + 2.Days());
        world.Do(new ApproveExtension(null, T0 + 3.Days()), Town.Lead, T0 + 3.Days()).ShouldBeOfType<Decision<CaseEvent>.Emit>();
        world.File.Clocks[Clock.Handle].DueAt.ShouldBe(T0 + 7.Days(), "one is not enough");
        Code(world.Do(new ApproveExtension(null, T0 + 3.Days()), OtherLead, T0 + 3.Days())).ShouldBe("case.extension.same_rank");

        world.Do(new ApproveExtension(null, T0 + 3.Days()), Town.Leader, T0 + 3.Days());

        world.Events.OfType<CaseClockExtended>().Single().ShouldSatisfyAllConditions(
            extended => extended.DueAt.ShouldBe(T0 + 10.Days()), extended => extended.By.ShouldBe(new Limit(3, TimeUnit.NaturalDays)), extended => extended.ApprovedBy.ShouldBe(["economy-lead", "town-leader"]));
        world.Timers.Keys.Count(key => key.Name.StartsWith("handle/", StringComparison.Ordinal)).ShouldBe(1);
        world.Timers[("handle/warning", 100_001)].ShouldBe(T0 + 9.Days());
        world.Notices.Where(notice => notice.Sent.Kind == NoticeKind.ApprovalDue).Select(notice => notice.Person).ShouldBe(["economy-lead", "town-leader"]);
        world.Notices.Where(notice => notice.Sent.Kind == NoticeKind.ApprovalGiven).Select(notice => notice.Person).ShouldBe(["handler", "colleague"], ignoreOrder: true);
    }

    [Fact]
    public void A_warning_before_the_extension_is_given_anew_before_the_new_deadline()
    {
        var world = Handling();
        world.Until(T0 + 6.Days());
        Grant(world, 3, T0 + 6.Days() + 1.Hours());

        world.Until(T0 + 11.Days());

        world.Events.OfType<CaseWarned>().Where(warned => warned.Clock == Clock.Handle).Select(warned => warned.StepDueAt).ShouldBe([T0 + 6.Days(), T0 + 9.Days()]);
        world.Events.OfType<CaseEscalated>().First(escalated => escalated.Clock == Clock.Handle).StepDueAt.ShouldBe(T0 + 10.Days());
    }

    [Fact]
    public void At_most_two_extensions_and_refusals_are_not_counted()
    {
        var world = Handling();
        Ask(world, 1, T0 + 1.Days());
        world.Do(new RefuseExtension(Words("请按期")), Town.Leader, T0 + 1.Days());
        Grant(world, 1, T0 + 2.Days());
        Grant(world, 2, T0 + 3.Days());

        Code(world.Do(new AskExtension(1, Words("再等"), T0 + 4.Days()), Town.Handler, T0 + 4.Days())).ShouldBe("case.extension.used_up");
        world.File.Clocks[Clock.Handle].DueAt.ShouldBe(T0 + 10.Days());
        CaseDecider.Possible(world.State).ShouldNotContain("ask-extension");
    }

    [Fact]
    public void It_is_asked_for_and_granted_before_the_limit_runs_out_only()
    {
        var world = Handling();
        Ask(world, 1, T0 + 6.Days());
        world.Do(new ApproveExtension(null, T0 + 6.Days()), Town.Lead, T0 + 6.Days());

        Code(world.Do(new ApproveExtension(null, T0 + 7.Days()), Town.Leader, T0 + 7.Days())).ShouldBe("case.extension.too_late");
        Code(Handling().Do(new AskExtension(1, Words("等待"), T0 + 7.Days()), Town.Handler, T0 + 7.Days())).ShouldBe("case.extension.too_late");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    public void Each_is_at_most_as_long_as_the_limit(int days) => Code(Handling().Do(new AskExtension(days, Words("等待"), T0), Town.Handler, T0)).ShouldBe("case.extension.too_long");

    [Fact]
    public void The_hard_limit_is_not_extended()
    {
        var world = Handling();
        Grant(world, 7, T0 + 1.Days());

        world.File.Clocks[Clock.HardLimit].DueAt.ShouldBe(T0 + 30.Days());
    }

    // Suspension.

    [Fact]
    public void A_suspension_pauses_handling_and_the_hard_limit_and_ends_by_itself()
    {
        var world = Handling();
        Suspend(world, T0 + 2.Days(), until: T0 + 62.Days());

        world.Events.OfType<CaseClockPaused>().Select(paused => (paused.Clock, paused.PausedAt, paused.DueAt)).ShouldBe(
            [(Clock.Handle, T0 + 2.Days(), T0 + 67.Days()), (Clock.HardLimit, T0 + 2.Days(), T0 + 90.Days())]);
        world.Timers.Select(timer => (timer.Key.Name, timer.Value)).ShouldBe([(DeadlineSaga.SuspensionTimer, T0 + 62.Days())]);

        world.Until(T0 + 61.Days());
        world.Events.ShouldNotContain(happened => happened is CaseEscalated && ((CaseEscalated)happened).Clock == Clock.Handle);
        world.Until(T0 + 62.Days());

        world.Events.OfType<CaseSuspensionEnded>().ShouldHaveSingleItem();
        world.File.Clocks.Values.Select(running => (running.Clock, running.IsHeld, running.DueAt)).ShouldBe([(Clock.Handle, false, T0 + 67.Days()), (Clock.HardLimit, false, T0 + 90.Days())]);
        world.Timers.Select(timer => (timer.Key.Name, timer.Value)).ShouldBe([("handle/warning", T0 + 66.Days()), ("hard_limit/warning", T0 + 85.Days())], ignoreOrder: true);
        world.Notices.ShouldContain(notice => notice.Person == "handler" && notice.Sent.Kind == NoticeKind.ApprovalGiven);
    }

    [Fact]
    public void After_downtime_the_time_after_its_day_counts_although_the_engine_slept()
    {
        var world = Handling();
        Suspend(world, T0 + 2.Days(), until: T0 + 62.Days());

        world.WakeAt(T0 + 64.Days());

        world.File.Clocks[Clock.Handle].DueAt.ShouldBe(T0 + 67.Days());
        Trace(world, Clock.Handle, T0 + 64.Days()).Allowances.Single().Used.ShouldBe(Time.SharesOf(new Limit(4, TimeUnit.NaturalDays)));
    }

    [Fact]
    public void It_ends_before_its_day_when_somebody_says_so_or_when_the_work_is_done()
    {
        var resumed = Handling();
        Suspend(resumed, T0 + 2.Days(), until: T0 + 62.Days());
        resumed.Do(new ResumeCase(null), Town.Lead, T0 + 12.Days());
        (resumed.File.Clocks[Clock.Handle].DueAt, resumed.File.Clocks[Clock.HardLimit].DueAt).ShouldBe((T0 + 17.Days(), T0 + 40.Days()));
        resumed.Timers.Keys.ShouldNotContain(key => key.Name == DeadlineSaga.SuspensionTimer);

        var done = Handling();
        Suspend(done, T0 + 2.Days(), until: T0 + 62.Days());
        done.Do(Complete(), Town.Handler, T0 + 12.Days());
        done.Events.OfType<CaseClockStopped>().Single(stopped => stopped.Clock == Clock.Handle).Late.ShouldBeFalse();
        done.File.Clocks[Clock.HardLimit].DueAt.ShouldBe(T0 + 40.Days());
    }

    [Fact]
    public void Once_and_for_a_year_at_most()
    {
        var world = Handling();
        Code(world.Do(new AskSuspension(SuspensionReason.Funding, T0 + 366.Days(), Words("等待资金"), T0), Town.Handler, T0)).ShouldBe("case.suspension.until");
        Code(world.Do(new AskSuspension(SuspensionReason.Funding, T0, Words("等待资金"), T0), Town.Handler, T0)).ShouldBe("case.suspension.until");
        Suspend(world, T0, until: T0 + 365.Days());
        world.Do(new ResumeCase(null), Town.Lead, T0 + 1.Days());

        Code(world.Do(new AskSuspension(SuspensionReason.Funding, T0 + 9.Days(), Words("等待资金"), T0 + 1.Days()), Town.Handler, T0 + 1.Days())).ShouldBe("case.suspension.once");
    }

    [Fact]
    public void A_refused_suspension_may_be_asked_for_again()
    {
        var world = Handling();
        world.Do(new AskSuspension(SuspensionReason.Funding, T0 + 9.Days(), Words("等待资金"), T0), Town.Handler, T0);
        world.Do(new RefuseSuspension(Words("可先垫付")), Town.Leader, T0);

        Suspend(world, T0 + 1.Days(), until: T0 + 9.Days());
        world.File.Suspension!.IsOn.ShouldBeTrue();
    }

    [Fact]
    public void A_deadline_that_had_passed_before_stays_passed()
    {
        var world = Handling();
        world.Until(T0 + 8.Days());
        Suspend(world, T0 + 9.Days(), until: T0 + 20.Days());

        world.Do(Complete(), Town.Handler, T0 + 15.Days());

        world.Events.OfType<CaseClockStopped>().Single(stopped => stopped.Clock == Clock.Handle).Late.ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_did_not_count_for_a_case_does_not_count_for_its_parts(bool ended)
    {
        var whole = Handling();
        Suspend(whole, T0 + 2.Days(), until: T0 + 62.Days());
        whole.Do(Return(), Town.Handler, T0 + 4.Days());
        if (ended)
            whole.Do(new ResumeCase(null), Town.Lead, T0 + 9.Days());
        whole.Do(new SplitCase([OtherCase, ThirdCase], null), Town.Dispatcher, T0 + 10.Days());
        whole.Timers.ShouldBeEmpty("its parts have theirs");

        var file = whole.File;
        var part = new World();
        part.Do(
            new SplitOffCase(Reported() with { Origin = new CaseOrigin(Parent: CaseId, HardLimitFrom: file.FirstDispatchedAt, Reporter: "grid-worker", ReporterRole: Role.GridWorker, Suspension: file.Suspension) }, Filed()),
            Town.Dispatcher, T0 + 10.Days());
        part.File.Suspension.ShouldBe(file.Suspension);
        part.Timers.Keys.Any(key => key.Name == DeadlineSaga.SuspensionTimer).ShouldBe(!ended);
        part.Do(new DispatchCase(Sector.Livelihood, Town.RiverUnit, null), Town.Dispatcher, T0 + 12.Days());
        Code(part.Do(new AskSuspension(SuspensionReason.Funding, T0 + 90.Days(), Words("等待资金"), T0 + 12.Days()), new By("river-handler", Role.PostHandler, Town.Code), T0 + 12.Days())).ShouldBe("case.suspension.once");

        if (!ended)
        {
            part.Until(T0 + 61.Days());
            part.Events.OfType<CaseEscalated>().ShouldAllBe(escalated => escalated.Clock == Clock.Dispatch, "only the center's own two days count");
            part.Until(T0 + 62.Days());
            part.Events.OfType<CaseSuspensionEnded>().ShouldHaveSingleItem();
        }

        part.File.Clocks[Clock.HardLimit].ShouldSatisfyAllConditions(
            running => running.StartedAt.ShouldBe(T0), running => running.IsHeld.ShouldBeFalse(), running => running.DueAt.ShouldBe(T0 + (ended ? 37 : 90).Days()));
        part.File.Clocks[Clock.Handle].DueAt.ShouldBe(T0 + (ended ? 19 : 69).Days(), "what a part began later is given what it missed, and no more");
    }

    [Fact]
    public void What_was_suspended_when_it_was_merged_ends_its_suspension_by_itself_when_it_is_let_go()
    {
        var world = Handling();
        Suspend(world, T0 + 2.Days(), until: T0 + 12.Days());
        world.Do(Return(), Town.Handler, T0 + 4.Days());
        world.Do(new MergeCase(OtherCase, null), Town.Operator, T0 + 5.Days());
        world.Timers.ShouldBeEmpty();
        world.Do(new UnmergeCase(Words("不是一件事")), Town.Operator, T0 + 13.Days());

        world.Until(T0 + 13.Days());

        world.Events.OfType<CaseSuspensionEnded>().ShouldHaveSingleItem();
        world.File.Clocks[Clock.HardLimit].ShouldSatisfyAllConditions(running => running.IsHeld.ShouldBeFalse(), running => running.DueAt.ShouldBe(T0 + 40.Days()));
        world.Timers.Keys.ShouldContain(key => key.Name.StartsWith("hard_limit/", StringComparison.Ordinal));
    }

    // Listed again.

    [Fact]
    public void What_is_found_not_fixed_after_its_plate_came_down_climbs_to_the_district_again_once_its_hard_limit_is_over()
    {
        var world = ListedAndVerified();
        world.Happen(new CaseDelisted(1), T0 + 41.Days());
        world.Do(Rate(FixResult.NotFixed), Town.Operator, T0 + 42.Days());
        world.Timers[(DeadlineSaga.ListedAgainTimer, 1)].ShouldBe(T0 + 42.Days());
        world.Until(T0 + 42.Days());

        world.Events.OfType<CaseEscalated>().Last().ShouldSatisfyAllConditions(
            e => e.Level.ShouldBe(EscalationLevel.ListedSupervision), e => e.Clock.ShouldBe(Clock.HardLimit), e => e.Step.ShouldBe("listed-again"), e => e.DueAt.ShouldBe(T0 + 30.Days()), e => e.Told.ShouldNotBeEmpty());
        world.Timers.Keys.ShouldNotContain(key => key.Name == DeadlineSaga.ListedAgainTimer);
        world.Happen(new CaseListed(2, Domain.Listings.ListingReason.HardLimit, Domain.Listings.ListingGrade.General, T0 + 52.Days()), T0 + 42.Days());
        DeadlineSaga.OnTimer(CaseId, world.State, DeadlineSaga.ListedAgainTimer, 1, T0 + 42.Days(), T0 + 43.Days(), world.Policies, Town.Organization, Plan).IsEmpty.ShouldBeTrue("it is listed");
    }

    [Fact]
    public void What_is_fixed_or_still_listed_or_within_its_hard_limit_is_not_listed_again()
    {
        var fixedAfterAll = ListedAndVerified();
        fixedAfterAll.Happen(new CaseDelisted(1), T0 + 41.Days());
        fixedAfterAll.Do(Rate(), Town.Operator, T0 + 42.Days());
        fixedAfterAll.Timers.Keys.ShouldNotContain(key => key.Name == DeadlineSaga.ListedAgainTimer);

        var listed = ListedAndVerified();
        listed.Do(Rate(FixResult.NotFixed), Town.Operator, T0 + 42.Days());
        listed.Timers.Keys.ShouldNotContain(key => key.Name == DeadlineSaga.ListedAgainTimer);

        var inTime = Handling();
        inTime.Happen(new CaseListed(1, Domain.Listings.ListingReason.ByHand, Domain.Listings.ListingGrade.General, T0 + 11.Days()), T0 + 1.Days());
        inTime.Do(Complete(), Town.Handler, T0 + 2.Days());
        inTime.Do(Pass(), Town.GridWorker, T0 + 2.Days());
        inTime.Happen(new CaseDelisted(1), T0 + 3.Days());
        inTime.Do(Rate(FixResult.NotFixed), Town.Operator, T0 + 3.Days());
        inTime.Timers.Keys.ShouldNotContain(key => key.Name == DeadlineSaga.ListedAgainTimer);
    }

    private static World ListedAndVerified()
    {
        var world = Handling();
        world.Until(T0 + 30.Days());
        world.File.Clocks[Clock.HardLimit].Level.ShouldBe(EscalationLevel.ListedSupervision);
        world.Happen(new CaseListed(1, Domain.Listings.ListingReason.HardLimit, Domain.Listings.ListingGrade.General, T0 + 40.Days()), T0 + 30.Days());
        world.Do(Complete(), Town.Handler, T0 + 40.Days());
        world.Do(Pass(), Town.GridWorker, T0 + 40.Days());
        return world;
    }

    // Another town.

    [Fact]
    public void What_another_town_takes_is_counted_by_its_hours_from_then_on_and_what_was_before_by_those_of_the_former()
    {
        var policy = Policy with
        {
            Version = "hours",
            Rules = [.. Policy.Rules.Select(rule => rule.Clock == Clock.Accept ? rule with { Limit = new Limit(120, TimeUnit.WorkingMinutes), Ladder = [new LadderStep("overdue", new Limit(0, TimeUnit.WorkingMinutes), EscalationLevel.Responsible)] } : rule)],
        };
        var calendar = new WorkCalendar(Calendar.Days, new HoursPlan([new TownHours(["09:00-12:00", "14:00-18:00"]), new TownHours(["13:00-17:00"], Town.OtherTown)]));

        foreach (var (after, late) in (ReadOnlySpan<(int, bool)>)[(119, false), (120, true), (180, true)])
        {
            var world = new World(new PolicyBook(policy, [], calendar));
            world.Do(Report(), Town.GridWorker, T0);
            world.File.Clocks[Clock.Accept].ShouldSatisfyAllConditions(running => running.Town.ShouldBe(Town.Code), running => running.DueAt.ShouldBe(Local("2026-03-02T11:00")));

            world.Do(new TransferCase(Town.NeighbourGrid, Words("区级指定")), Town.Supervisor, T0 + after.Minutes());

            world.Events.OfType<CaseClockStopped>().Single().Late.ShouldBe(late, $"after {after} minutes");
            world.File.LateRuns.Select(run => run.Town).ShouldBe(late ? [Town.Code] : []);
            world.File.Clocks[Clock.Accept].ShouldSatisfyAllConditions(running => running.Town.ShouldBe(Town.OtherTown), running => running.DueAt.ShouldBe(Local("2026-03-02T15:00")));
        }
    }

    // Return.

    [Fact]
    public void The_unit_that_sent_it_back_goes_on_with_what_is_left_when_it_gets_it_again()
    {
        var world = Handling();
        world.Do(Return(), Town.Handler, T0 + 2.Days());
        world.Do(Dispatch(), Town.Leader, T0 + 5.Days());

        world.File.Clocks[Clock.Handle].ShouldSatisfyAllConditions(running => running.Round.ShouldBe(1), running => running.DueAt.ShouldBe(T0 + 10.Days()), running => running.IsHeld.ShouldBeFalse());
        world.Timers[("handle/warning", 200_001)].ShouldBe(T0 + 9.Days());
    }

    [Fact]
    public void Another_unit_starts_afresh_and_the_senders_clock_ends()
    {
        var world = Handling();
        world.Do(Return(), Town.Handler, T0 + 2.Days());
        world.Do(new DispatchCase(Sector.Economy, Town.RiverUnit, null), Town.Dispatcher, T0 + 5.Days());

        world.Events.OfType<CaseClockStopped>().Single(stopped => stopped.Clock == Clock.Handle).ShouldBe(new CaseClockStopped(Clock.Handle, 1, T0 + 5.Days(), false));
        world.File.Clocks[Clock.Handle].ShouldSatisfyAllConditions(running => running.Round.ShouldBe(2), running => running.DueAt.ShouldBe(T0 + 12.Days()));
        world.File.Clocks[Clock.HardLimit].DueAt.ShouldBe(T0 + 30.Days(), "the hard limit takes no notice of a return");
    }

    [Fact]
    public void What_is_sent_back_while_it_is_suspended_waits_for_both()
    {
        var world = Handling();
        Suspend(world, T0 + 2.Days(), until: T0 + 12.Days());
        world.Do(Return(), Town.Handler, T0 + 4.Days());
        world.Do(Dispatch(), Town.Leader, T0 + 6.Days());
        world.File.Clocks[Clock.Handle].DueAt.ShouldBe(T0 + 17.Days());

        world.Until(T0 + 12.Days());

        world.File.Clocks[Clock.Handle].ShouldSatisfyAllConditions(running => running.IsHeld.ShouldBeFalse(), running => running.DueAt.ShouldBe(T0 + 17.Days()));
    }

    [Fact]
    public void A_suspension_is_the_matters_and_stays_with_it_when_another_unit_gets_it()
    {
        var world = Handling();
        Suspend(world, T0 + 2.Days(), until: T0 + 12.Days());
        world.Do(Return(), Town.Handler, T0 + 4.Days());

        world.Do(new DispatchCase(Sector.Economy, Town.RiverUnit, null), Town.Dispatcher, T0 + 6.Days());

        world.File.Suspension.ShouldNotBeNull().IsOn.ShouldBeTrue();
        world.File.Clocks[Clock.Handle].ShouldSatisfyAllConditions(running => running.Round.ShouldBe(2), running => running.IsHeld.ShouldBeTrue(), running => running.DueAt.ShouldBe(T0 + 19.Days()));
        world.File.Clocks[Clock.HardLimit].DueAt.ShouldBe(T0 + 40.Days());

        world.Until(T0 + 12.Days());

        world.File.Suspension.ShouldNotBeNull().IsOn.ShouldBeFalse();
        world.File.Clocks[Clock.Handle].ShouldSatisfyAllConditions(running => running.IsHeld.ShouldBeFalse(), running => running.DueAt.ShouldBe(T0 + 19.Days()));
    }

    [Fact]
    public void A_suspension_stays_with_a_matter_that_another_town_takes_over()
    {
        var world = Handling();
        Suspend(world, T0 + 2.Days(), until: T0 + 12.Days());
        world.Do(Return(), Town.Handler, T0 + 4.Days());

        world.Do(new TransferCase(Town.NeighbourGrid, Words("属邻镇辖区")), Town.Supervisor, T0 + 5.Days()).ShouldBeOfType<Decision<CaseEvent>.Emit>();

        world.File.Town.ShouldBe(Town.OtherTown);
        world.File.Suspension.ShouldNotBeNull().IsOn.ShouldBeTrue();
        world.File.Clocks[Clock.HardLimit].ShouldSatisfyAllConditions(running => running.IsHeld.ShouldBeTrue(), running => running.DueAt.ShouldBe(T0 + 40.Days()));
    }

    [Fact]
    public void While_it_waits_for_another_unit_the_sender_is_not_due_in_lists_and_boards()
    {
        var world = Handling();
        world.Do(Return(), Town.Handler, T0 + 2.Days());
        var row = world.Facts.Select((fact, index) => (fact, index)).Aggregate((CaseSummary?)null, (before, next) => CaseSummary.Apply(before, CaseId, next.index + 1, next.index + 1, next.fact, _ => null))!;

        row.DueClock.ShouldBe(Clock.Dispatch);
        row.Clocks.Keys.ShouldBe([Clock.Dispatch, Clock.HardLimit]);
    }

    // Appeal against lateness.

    [Fact]
    public void An_appeal_that_two_reviews_uphold_adds_an_exemption_and_the_fact_stays()
    {
        var world = ClosedLate();
        world.Do(new AppealLateness(Words("连日暴雨")), Town.Handler, T0 + 12.Days());
        world.Do(new ReviewAppeal(true, Words("属实")), Town.Lead, T0 + 12.Days());
        Code(world.Do(new ReviewAppeal(true, Words("属实")), OtherLead, T0 + 12.Days())).ShouldBe("case.appeal.higher_rank");
        world.Do(new ReviewAppeal(true, Words("属实")), Town.Supervisor, T0 + 13.Days());

        world.File.Appeal!.Standing.ShouldBe(AppealStanding.Exempted);
        world.Events.OfType<CaseClockStopped>().Single(stopped => stopped.Clock == Clock.Handle).Late.ShouldBeTrue();
        world.File.LateRuns.Select(run => (run.Clock, run.Round)).ShouldBe([(Clock.Handle, 1)]);
        world.File.ExemptRuns.ShouldBe(world.File.LateRuns);
    }

    [Fact]
    public void The_highest_rank_gives_the_second_review_and_not_the_first_for_there_would_be_nobody_above_it()
    {
        var world = ClosedLate();
        world.Do(new AppealLateness(Words("连日暴雨")), Town.Handler, T0 + 12.Days());

        Code(world.Do(new ReviewAppeal(true, Words("属实")), Town.Supervisor, T0 + 12.Days())).ShouldBe("case.appeal.top_rank");
        CaseAccess.May(Town.As("town-leader", Role.TownLeader, Town.Code), "review-appeal", world.State).ShouldBeTrue();

        world.Do(new ReviewAppeal(true, Words("属实")), Town.Leader, T0 + 12.Days()).ShouldBeOfType<Decision<CaseEvent>.Emit>();
        CaseAccess.May(Town.As("supervisor", Role.DistrictSupervisor, Town.District), "review-appeal", world.State).ShouldBeTrue();
        world.Do(new ReviewAppeal(true, Words("属实")), Town.Supervisor, T0 + 13.Days()).ShouldBeOfType<Decision<CaseEvent>.Emit>();
    }

    /// <summary>Every organization with a supervisor, whatever else of those who decide is vacant, and whoever of them asks.</summary>
    public static TheoryData<string, string> Benches
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var vacant in Enumerable.Range(0, 32))
            {
                foreach (var asker in (string[])["handler", "economy-lead", "town-leader", "supervisor"])
                    all.Add(Convert.ToString(vacant, 2).PadLeft(5, '0'), asker);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Benches))]
    public void Whatever_is_vacant_an_appeal_ends_with_two_people_of_rising_rank_or_with_those_who_are_there(string vacant, string asker)
    {
        var organization = Peopled(vacant);
        var world = ClosedLate();
        var by = new By(asker, Role.PostHandler, Town.Code);
        var bench = CaseAccess.BenchFor("review-appeal", world.State, organization);
        var asked = world.Do(new AppealLateness(Words("连日暴雨"), null, bench), by, T0 + 12.Days());
        if (bench.Without(asker).Count == 0)
        {
            Code(asked).ShouldBe("case.appeal.nobody");
            return;
        }

        for (var turn = 0; turn < 2 && world.File.Appeal is { IsOpen: true }; turn++)
            Turn("review-appeal", () => new ReviewAppeal(true, Words("属实"), CaseAccess.BenchFor("review-appeal", world.State, organization)));

        world.File.Appeal!.Standing.ShouldBe(AppealStanding.Exempted);
        var reviews = world.Facts.Where(fact => fact.Event is CaseAppealReviewed).ToList();
        reviews.ShouldAllBe(fact => fact.By.Actor != asker);
        var alone = bench.Without(asker).Select(seat => seat.Person).Distinct().Count() == 1;
        (reviews[0].By.Actor == reviews[1].By.Actor).ShouldBe(alone);
        ((CaseAppealReviewed)reviews[1].Event).Alone.ShouldBe(alone ? true : null);
        if (bench.Without(asker).GroupBy(seat => seat.Person).Any(one => one.All(seat => Bench.Rank(seat.Role) < Bench.District)))
            Bench.Rank(reviews[0].By.Role).ShouldBeLessThan(Bench.District, "the district leaves the first review to the town");
        if (!alone)
            Bench.Rank(reviews[1].By.Role).ShouldBeGreaterThan(Bench.Rank(reviews[0].By.Role));

        void Turn(string command, Func<CaseCommand> build) => Decides(world, organization, command, build).ShouldNotBeNull($"somebody may {command}");
    }

    [Theory]
    [MemberData(nameof(Benches))]
    public void Whatever_is_vacant_an_extension_is_granted_by_two_people_of_different_rank_or_by_those_who_are_there(string vacant, string asker)
    {
        var organization = Peopled(vacant);
        var world = Deadlines.Given(WithTheUnit).World;
        var bench = CaseAccess.BenchFor("approve-extension", world.State, organization);
        var asked = world.Do(new AskExtension(3, Words("连日暴雨"), T0 + 2.Days(), bench), new By(asker, Role.PostHandler, Town.Code), T0 + 2.Days());
        var others = bench.Without(asker);
        if (others.Count == 0)
        {
            Code(asked).ShouldBe("case.approval.nobody");
            return;
        }

        for (var turn = 0; turn < 2 && world.File.Extension is not null; turn++)
        {
            Decides(world, organization, "approve-extension", () => new ApproveExtension(null, T0 + 3.Days(), CaseAccess.BenchFor("approve-extension", world.State, organization)))
                .ShouldNotBeNull("somebody may approve it");
        }

        var approvals = world.Facts.Where(fact => fact.Event is CaseExtensionApproved).ToList();
        world.File.Extension.ShouldBeNull();
        approvals.Count.ShouldBe(others.Select(seat => seat.Person).Distinct().Count() == 1 ? 1 : 2);
        world.Events.OfType<CaseClockExtended>().ShouldHaveSingleItem().ApprovedBy.ShouldBe(approvals.Select(fact => fact.By.Actor));
        if (approvals.Count == 2)
            (approvals[0].By.Role != approvals[1].By.Role && approvals[0].By.Actor != approvals[1].By.Actor).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Benches))]
    public void Whatever_is_vacant_a_suspension_that_is_asked_for_is_decided_by_somebody_else(string vacant, string asker)
    {
        var organization = Peopled(vacant);
        var world = Deadlines.Given(WithTheUnit).World;
        var bench = CaseAccess.BenchFor("approve-suspension", world.State, organization);

        var asked = world.Do(new AskSuspension(SuspensionReason.Funding, T0 + 30.Days(), Words("等待资金"), T0 + 2.Days(), bench), new By(asker, Role.PostHandler, Town.Code), T0 + 2.Days());

        if (bench.Without(asker).Count == 0)
            Code(asked).ShouldBe("case.approval.nobody");
        else
            Decides(world, organization, "approve-suspension", () => new ApproveSuspension(null, T0 + 3.Days())).ShouldNotBeNull("somebody may approve it").Actor.ShouldNotBe(asker);
    }

    [Fact]
    public void Where_two_people_of_different_rank_are_there_nobody_decides_twice_or_out_of_turn()
    {
        var organization = Peopled("00000");
        var world = ClosedLate();
        world.Do(new AppealLateness(Words("连日暴雨")), Town.Handler, T0 + 12.Days());
        Code(Review(Town.Supervisor)).ShouldBe("case.appeal.top_rank");
        Code(Review(new By("district-leader", Role.DistrictLeader, Town.District))).ShouldBe("case.appeal.top_rank");
        Review(Town.Lead).ShouldBeOfType<Decision<CaseEvent>.Emit>();
        Code(Review(Town.Lead)).ShouldBe("case.appeal.higher_rank");
        Review(new By("district-leader", Role.DistrictLeader, Town.District)).ShouldBeOfType<Decision<CaseEvent>.Emit>();

        var handling = Deadlines.Given(WithTheUnit).World;
        handling.Do(new AskExtension(3, Words("连日暴雨"), T0 + 2.Days()), Town.Lead, T0 + 2.Days()).ShouldBeOfType<Decision<CaseEvent>.Emit>();
        Approve(Town.Supervisor).ShouldBeOfType<Decision<CaseEvent>.Emit>();
        Code(Approve(Town.Supervisor)).ShouldBe("case.extension.same_rank");
        Approve(Town.Leader).ShouldBeOfType<Decision<CaseEvent>.Emit>();

        Decision<CaseEvent> Review(By by) => world.Do(new ReviewAppeal(true, Words("属实"), CaseAccess.BenchFor("review-appeal", world.State, organization)), by, T0 + 12.Days());

        Decision<CaseEvent> Approve(By by) => handling.Do(new ApproveExtension(null, T0 + 3.Days(), CaseAccess.BenchFor("approve-extension", handling.State, organization)), by, T0 + 3.Days());
    }

    // Vacant, in order: sector lead, town's leader, the district's leader in charge, its main leader, a second supervisor.
    private static OrganizationDirectory Peopled(string vacant) => Town.With(
        vacant: [.. vacant[0] == '1' ? (Role[])[Role.SectorLead] : [], .. vacant[1] == '1' ? (Role[])[Role.TownLeader] : []],
        added:
        [
            .. vacant[2] == '1' ? (Person[])[] : [Town.Holder("district-leader", new RoleAt(Role.DistrictLeader, Town.District))],
            .. vacant[3] == '1' ? (Person[])[] : [Town.Holder("district-secretary", new RoleAt(Role.DistrictSecretary, Town.District))],
            .. vacant[4] == '1' ? (Person[])[] : [Town.Holder("supervisor-2", new RoleAt(Role.DistrictSupervisor, Town.District))],
        ]);

    // The first, in whatever order, whose decision is taken; null where there is nobody.
    private static By? Decides(World world, OrganizationDirectory organization, string command, Func<CaseCommand> build)
    {
        foreach (var person in organization.People.Reverse())
        {
            foreach (var seat in organization.SeatsOf(person))
            {
                var caller = new Caller(person.Id, seat);
                if (CaseAccess.May(caller, command, world.State) && world.Do(build(), caller.By, world.Facts[^1].RecordedAt) is Decision<CaseEvent>.Emit)
                    return caller.By;
            }
        }

        return null;
    }

    [Fact]
    public void An_exemption_covers_the_late_runs_up_to_its_closing_and_nothing_that_is_late_after_a_reopening()
    {
        var world = ClosedLate();
        Exempt(world, new AppealLateness(Words("连日暴雨")), T0 + 12.Days());
        world.Do(new ReopenCase(Words("又坏了"), T0 + 14.Days()), Town.Dispatcher, T0 + 14.Days());
        world.File.Appeal.ShouldBeNull();
        world.Do(Dispatch(), Town.Dispatcher, T0 + 14.Days());
        world.Do(Claim(), Town.Handler, T0 + 14.Days());
        Finish(world, T0 + 24.Days());

        world.File.LateRuns.Select(run => (run.Clock, run.Round)).ShouldBe([(Clock.Handle, 1), (Clock.Handle, 2)]);
        world.File.ExemptRuns.Select(run => (run.Clock, run.Round)).ShouldBe([(Clock.Handle, 1)]);
        world.File.AppealableRuns().ShouldNotContain(run => run.Round == 1);
        CaseDecider.Possible(world.State).ShouldContain("appeal-lateness");

        world.Do(new AppealLateness(Words("又逢暴雨")), Town.Handler, T0 + 25.Days());
        world.Do(new ReviewAppeal(false, Words("不属实")), Town.Lead, T0 + 25.Days());
        world.File.ExemptRuns.Select(run => (run.Clock, run.Round)).ShouldBe([(Clock.Handle, 1)], "what was exempted before stays so");
        CaseDecider.Possible(world.State).ShouldNotContain("appeal-lateness");
    }

    [Fact]
    public void An_appeal_that_was_not_decided_when_the_case_was_reopened_is_made_again_of_all_that_was_late_since()
    {
        var world = ClosedLate();
        world.Do(new AppealLateness(Words("连日暴雨")), Town.Handler, T0 + 12.Days());
        world.Do(new ReopenCase(Words("又坏了"), T0 + 14.Days()), Town.Dispatcher, T0 + 14.Days());
        world.Do(Dispatch(), Town.Dispatcher, T0 + 14.Days());
        world.Do(Claim(), Town.Handler, T0 + 14.Days());
        Finish(world, T0 + 15.Days());

        Exempt(world, new AppealLateness(Words("连日暴雨")), T0 + 16.Days());
        world.File.ExemptRuns.ShouldContain(run => run.Clock == Clock.Handle && run.Round == 1);
    }

    [Fact]
    public void A_unit_that_was_late_and_sent_the_case_on_appeals_for_its_own_run_and_no_other()
    {
        var world = Handling();
        world.Do(Return(), Town.Handler, T0 + 9.Days());
        world.Do(new DispatchCase(Sector.Livelihood, Town.RiverUnit, null), Town.Dispatcher, T0 + 9.Days());
        var river = new By("river-handler", Role.PostHandler, Town.Code);
        world.Do(Claim(), river, T0 + 9.Days());
        world.Do(Complete(), river, T0 + 20.Days());
        world.Do(Pass(), Town.GridWorker, T0 + 20.Days());
        world.Do(Close(), Town.Dispatcher, T0 + 20.Days());
        world.File.LateRuns.Select(run => (run.Clock, run.Round, run.Unit)).ShouldBe([(Clock.Handle, 1, Town.BuildingUnit), (Clock.Handle, 2, Town.RiverUnit)]);
        CaseAccess.May(Town.As("handler", Role.PostHandler, Town.Code, Town.BuildingPost), "appeal-lateness", world.State).ShouldBeTrue();
        CaseAccess.May(Town.As("handler", Role.PostHandler, Town.Code, Town.BuildingPost), "reassign", world.State).ShouldBeFalse("nothing else is theirs any more");
        Code(world.Do(new AppealLateness(Words("不是本岗"), Town.WaterUnit), Town.Department, T0 + 21.Days())).ShouldBe("case.appeal.not_late");

        Exempt(world, new AppealLateness(Words("连日暴雨"), Town.BuildingUnit), T0 + 21.Days());

        world.File.ExemptRuns.Select(run => run.Round).ShouldBe([1]);
        world.Events.OfType<CaseAppealReviewed>().Select(e => e.Partly).ShouldBe([null, true], "the closing stays late by the other");
        Code(world.Do(new AppealLateness(Words("再诉"), Town.BuildingUnit), Town.Handler, T0 + 22.Days())).ShouldBe("case.appeal.once");

        Exempt(world, new AppealLateness(Words("同样暴雨")), T0 + 23.Days());
        world.File.ExemptRuns.Select(run => run.Round).ShouldBe([1, 2]);
        world.Events.OfType<CaseAppealReviewed>().Last().Partly.ShouldBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void One_review_against_it_ends_it_and_it_is_made_once_only(int against)
    {
        var world = ClosedLate();
        world.Do(new AppealLateness(Words("连日暴雨")), Town.Handler, T0 + 12.Days());
        world.Do(new ReviewAppeal(against != 1, Words("不属实")), Town.Lead, T0 + 12.Days());
        if (against == 2)
            world.Do(new ReviewAppeal(false, Words("不属实")), Town.Supervisor, T0 + 12.Days());

        world.File.Appeal!.Standing.ShouldBe(AppealStanding.Rejected);
        Code(world.Do(new AppealLateness(Words("再诉")), Town.Handler, T0 + 13.Days())).ShouldBe("case.appeal.once");
        Code(world.Do(new ReviewAppeal(true, Words("属实")), Town.Supervisor, T0 + 13.Days())).ShouldBe("case.appeal.none");
    }

    [Fact]
    public void What_was_in_time_or_is_not_closed_is_not_appealed()
    {
        Code(Handling().Do(new AppealLateness(Words("暴雨")), Town.Handler, T0)).ShouldBe("case.not_closed");
        var world = Handling();
        Finish(world, T0 + 1.Days());
        Code(world.Do(new AppealLateness(Words("暴雨")), Town.Handler, T0 + 2.Days())).ShouldBe("case.appeal.not_late");
    }

    /// <summary>The rotten road of 昌州街道 (S3-10 to S3-13): reported in mid May, suspended for funding, money found in August, a month of works, closed in September.</summary>
    [Theory]
    [InlineData("default-1", "road-damage", 7, "7 natural days", "7 natural days")]
    [InlineData("default-2", "damaged-road", 5, "5 working days", "5 working days")]
    public void The_rotten_road_keeps_within_its_limits_because_its_suspension_is_told(string version, string matter, int extension, string limit, string more)
    {
        DateTimeOffset Day(string day) => Local($"{day}T10:00");
        var (policy, _) = DeadlinePolicyReader.Read(RepositoryFiles.Read("src", "CommandCenter.Host", "Deadlines", "policies", $"{version}.json"));
        var world = new World(new PolicyBook(policy!, [], Calendar));
        world.Do(new ReportCase(Reported() with { Category = matter }), Town.GridWorker, Day("2023-05-16"));
        world.Do(File() with { Category = matter }, Town.Operator, Day("2023-05-16").AddMinutes(5));
        world.Do(Dispatch(), Town.Dispatcher, Day("2023-05-16").AddMinutes(10));
        world.Do(Claim(), Town.Handler, Day("2023-05-16").AddMinutes(30));
        Suspend(world, Day("2023-05-20"), until: Day("2023-09-30"));
        world.Do(new RecordFunding(20_000_000, Words("多方筹资")), Town.Handler, Day("2023-08-12"));
        world.Do(new ResumeCase(Words("资金已到位")), Town.Lead, Day("2023-08-12"));
        Grant(world, extension, Day("2023-08-13"));
        Grant(world, extension, Day("2023-08-15"));
        world.Do(Complete(), Town.Handler, Day("2023-08-28"));
        world.Do(Pass(), Town.GridWorker, Day("2023-08-28").AddHours(3));
        world.Do(Close(), Town.Dispatcher, Day("2023-09-01"));

        world.Events.OfType<CaseClockStopped>().ShouldAllBe(stopped => !stopped.Late);
        var handling = Trace(world, Clock.Handle, Day("2023-09-03"));
        handling.Segments.Select(segment => (segment.Kind, segment.From, segment.To)).ShouldBe(
        [
            (SegmentKind.Counting, Day("2023-05-16").AddMinutes(10), Day("2023-05-20")),
            (SegmentKind.Paused, Day("2023-05-20"), Day("2023-08-12")),
            (SegmentKind.Counting, Day("2023-08-12"), Day("2023-08-15").AddMinutes(10)),
            (SegmentKind.Counting, Day("2023-08-15").AddMinutes(10), Day("2023-08-22").AddMinutes(10)),
            (SegmentKind.Counting, Day("2023-08-22").AddMinutes(10), Day("2023-08-28")),
        ]);
        handling.DueAt.ShouldBe(Day("2023-08-29").AddMinutes(10));
        Trace(world, Clock.HardLimit, Day("2023-09-03")).DueAt.ShouldBe(Day("2023-09-07").AddMinutes(10));
        handling.Provisional.ShouldBeFalse("the year's days off are known");
        DeadlineWords.Sentence(DeadlineWords.Reasons(handling, Time, person => new(person, person))).En.ShouldStartWith(
            $"{limit} from Tue 2023-05-16 10:10; paused 84 days for funding (Sat 2023-05-20 10:00 to Sat 2023-08-12 10:00), approved by town-leader; extended by {more} on Sun 2023-08-13 10:00, approved by economy-lead and town-leader; ");
    }

    private static World Handling() => Deadlines.Given(WithTheHandler).World;

    private static World ClosedLate()
    {
        var world = Handling();
        Finish(world, T0 + 10.Days());
        return world;
    }

    private static void Exempt(World world, AppealLateness appeal, DateTimeOffset at)
    {
        world.Do(appeal, appeal.Unit is null ? new By("river-handler", Role.PostHandler, Town.Code) : Town.Handler, at).ShouldBeOfType<Decision<CaseEvent>.Emit>();
        world.Do(new ReviewAppeal(true, Words("属实")), Town.Lead, at).ShouldBeOfType<Decision<CaseEvent>.Emit>();
        world.Do(new ReviewAppeal(true, Words("属实")), Town.Supervisor, at).ShouldBeOfType<Decision<CaseEvent>.Emit>();
    }

    private static void Finish(World world, DateTimeOffset at)
    {
        world.Do(Complete(), Town.Handler, at);
        world.Do(Pass(), Town.GridWorker, at);
        world.Do(Close(), Town.Dispatcher, at);
    }

    private static void Ask(World world, int days, DateTimeOffset at) => world.Do(new AskExtension(days, Words("等待材料"), at), Town.Handler, at).ShouldBeOfType<Decision<CaseEvent>.Emit>();

    private static void Grant(World world, int days, DateTimeOffset at)
    {
        Ask(world, days, at);
        world.Do(new ApproveExtension(null, at), Town.Lead, at).ShouldBeOfType<Decision<CaseEvent>.Emit>();
        world.Do(new ApproveExtension(null, at), Town.Leader, at).ShouldBeOfType<Decision<CaseEvent>.Emit>();
    }

    private static void Suspend(World world, DateTimeOffset at, DateTimeOffset until)
    {
        world.Do(new AskSuspension(SuspensionReason.Funding, until, Words("等待资金"), at), Town.Handler, at).ShouldBeOfType<Decision<CaseEvent>.Emit>();
        world.Do(new ApproveSuspension(null, at), Town.Leader, at).ShouldBeOfType<Decision<CaseEvent>.Emit>();
    }

    private static ClockTrace Trace(World world, Clock clock, DateTimeOffset asOf)
    {
        var started = world.Events.OfType<CaseClockStarted>().Last(e => e.Clock == clock);
        return ClockTrace.Of(world.Events.Aggregate(RunningClock.Of(started), (run, happened) => run.After(happened)).Facts, Time, asOf);
    }

    private static string Code(Decision<CaseEvent> decision) => decision.ShouldBeOfType<Decision<CaseEvent>.Refuse>().Refusal.Code;
}
