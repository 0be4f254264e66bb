using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.CaseLives;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>The rules of a case, a sentence each; the page of every state and command shows the rest.</summary>
public sealed class CaseRuleTests
{
    private static readonly Unit Village = Unit.OfVillage(Town.Village);
    private static readonly CaseEvent[] AtThePost = [Reported(), Filed(), Dispatched()];
    private static readonly CaseEvent[] AtWork = [.. AtThePost, Claimed()];
    private static readonly CaseEvent[] Done = [.. AtWork, Completed()];
    private static readonly CaseEvent[] Looked = [.. Done, Verified()];

    // Solved on the spot, assessed by the village, looked at before filing.

    [Fact]
    public void What_was_solved_on_the_spot_is_closed_with_its_report_in_one_step() =>
        Cases.Given().When(new ReportSolvedCase(Reported(), Words("当场清理"), [Photo])).Then(Reported(), SolvedOnSpot());

    [Fact]
    public void What_was_solved_on_the_spot_without_a_photo_is_refused() =>
        Cases.Given().When(new ReportSolvedCase(Reported(), Words("当场清理"), [])).ThenRefused("case.solved.proof_missing");

    [Fact]
    public void Nobody_closes_as_solved_what_lies_where_they_have_no_place() =>
        Cases.Given().When(new ReportSolvedCase(Reported() with { Area = Town.NeighbourGrid }, Words("当场清理"), [Photo])).ThenRefused("case.solved.elsewhere").Possible.ShouldContain("report");

    [Fact]
    public void The_village_passes_up_what_is_beyond_it_with_households_and_costs() =>
        Cases.Given(ReportedToVillage()).When(new PassCaseUp(Words("超出村级能力"), MatterLevel.Town, 39, 10_000_000)).Then(PassedUp());

    [Fact]
    public void What_the_village_settles_itself_is_closed_and_needs_a_photo()
    {
        Cases.Given(ReportedToVillage()).When(new SettleCase(Words("村里已修"), [Photo])).Then(Settled());
        Cases.Given(ReportedToVillage()).When(new SettleCase(Words("村里已修"), [])).ThenRefused("case.solved.proof_missing");
    }

    [Fact]
    public void What_lies_with_the_village_is_not_filed_by_the_center_before_the_village_has_spoken() =>
        Cases.Given(ReportedToVillage()).When(File()).ThenRefused("case.with_village").Possible.ShouldBe(["pass-up", "settle", "recall", "urge", "supervise", "link", "give-feedback"]);

    [Fact]
    public void A_village_that_passed_it_up_does_not_get_it_back()
    {
        Cases.Given(ReportedToVillage(), PassedUp()).When(new SendCaseToVillage(null)).ThenRefused("case.village.assessed_before");
        Cases.Given(ReportedToVillage(), PassedUp(), Filed()).When(new DispatchCase(Sector.Economy, Village, null)).ThenRefused("case.dispatch.returned_before");
        Cases.Given(ReportedToVillage(), PassedUp(), Filed()).When(new DispatchCase(Sector.Economy, Unit.OfGrid(Town.Grid), null)).ThenRefused("case.dispatch.returned_before");
    }

    [Fact]
    public void What_one_village_passed_up_another_towns_village_may_assess_once_too()
    {
        CaseEvent[] moved = [ReportedToVillage(), PassedUp(), new CaseTransferred(Town.NeighbourGrid, Words("区级指定"))];
        Cases.Given(moved).When(new SendCaseToVillage(null)).Then(new CaseSentToVillage(null));
        CaseEvent[] twice = [.. moved, new CaseSentToVillage(null), PassedUp()];
        Cases.Given(twice).When(new SendCaseToVillage(null)).ThenRefused("case.village.assessed_before").Possible.ShouldNotContain("send-to-village");
        // And neither of them gets it a second time, wherever it goes.
        Cases.Given([.. twice, new CaseTransferred(Town.Grid, Words("改由原镇办理"))]).When(new SendCaseToVillage(null)).ThenRefused("case.village.assessed_before");
        Cases.Given([.. twice, new CaseTransferred(Town.Grid, Words("改由原镇办理")), Filed()]).When(new DispatchCase(Sector.Economy, Village, null)).ThenRefused("case.dispatch.returned_before");
    }

    [Fact]
    public void What_a_village_passed_up_may_be_sent_to_a_village_of_the_town_that_it_moved_to()
    {
        CaseEvent[] moved = [ReportedToVillage(), PassedUp(), new CaseTransferred(Town.NeighbourGrid, Words("区级指定")), Filed()];
        var there = Unit.OfVillage(Town.NeighbourGrid.At(AreaLevel.Village)!.Value);
        Cases.Given(moved).When(new DispatchCase(Sector.Economy, there, null)).Then(Dispatched() with { Unit = there });
        Cases.Given(moved).When(new DispatchCase(Sector.Economy, Village, null)).ThenRefused("case.dispatch.returned_before");
    }

    [Fact]
    public void The_center_lets_somebody_look_before_it_files_and_waits_for_what_they_found()
    {
        Cases.Given(Reported()).When(new OrderCaseCheck(null, Words("请看现场"))).Then(CheckOrdered());
        Cases.Given(Reported(), CheckOrdered()).When(File()).ThenRefused("case.being_checked");
        Cases.Given(Reported(), CheckOrdered()).When(new ReportCaseCheck(CheckFinding.NotFound, Words("未见"), [])).Then(new CaseChecked(CheckFinding.NotFound, Words("未见"), []));
    }

    [Fact]
    public void What_is_not_taken_on_is_refused_with_its_reason() =>
        Cases.Given(Reported()).When(Refuse()).Then(new CaseRefused(RefusalReason.Duplicate, Words("重复")));

    [Fact]
    public void What_belongs_to_the_emergency_services_is_given_to_them_and_ends_here()
    {
        Cases.Given(Reported()).When(new RedirectCase(EmergencyService.Fire, Words("已转119"))).Then(Redirected());
        Cases.Given(AtThePost).When(new RedirectCase(EmergencyService.Fire, Words("已转119"))).ThenRefused("case.already_dispatched");
        Cases.Given(Reported(), Redirected()).When(File()).ThenRefused("case.redirected");
    }

    // Several cases.

    [Fact]
    public void A_merged_case_rests_until_the_merger_is_undone()
    {
        Cases.Given(Reported(), Filed()).When(new MergeCase(OtherCase, null)).Then(Merged());
        Cases.Given(Reported(), Filed(), Merged()).When(Dispatch()).ThenRefused("case.merged").Possible.ShouldContain("unmerge");
        Cases.Given(Reported(), Filed(), Merged()).When(new UnmergeCase(Words("不是一件事"))).Then(new CaseUnmerged(OtherCase, Words("不是一件事")));
    }

    [Fact]
    public void A_case_into_which_others_were_merged_is_itself_not_merged_or_split()
    {
        Cases.Given(Reported(), Filed(), Absorbed()).When(new MergeCase(ThirdCase, null)).ThenRefused("case.merge.has_absorbed");
        Cases.Given(Reported(), Filed(), Absorbed()).When(new SplitCase([OtherCase, ThirdCase], null)).ThenRefused("case.merge.has_absorbed");
    }

    [Fact]
    public void A_case_is_split_into_two_at_least_and_goes_on_in_its_parts()
    {
        Cases.Given(Reported(), Filed()).When(new SplitCase([OtherCase, ThirdCase], null)).Then(SplitUp());
        Cases.Given(Reported(), Filed()).When(new SplitCase([OtherCase], null)).ThenRefused("case.split.too_few");
        Cases.Given(Reported(), Filed(), SplitUp()).When(Dispatch()).ThenRefused("case.split_up");
    }

    [Fact]
    public void The_parts_of_a_case_remember_which_units_sent_it_back()
    {
        var part = Reported() with { Origin = new CaseOrigin(Parent: OtherCase, ReturnedBy: [Town.BuildingUnit]) };
        Cases.Given(part, Filed()).When(Dispatch()).ThenRefused("case.dispatch.returned_before");
    }

    [Fact]
    public void The_parts_of_a_case_remember_who_passed_it_up_which_towns_declined_it_and_where_it_was()
    {
        var part = Reported() with { Origin = new CaseOrigin(Parent: OtherCase, PassedUpBy: [Town.Village], DeclinedBy: [Town.OtherTown], FormerAreas: [AreaCode.Parse("500999103001001")]) };
        Cases.Given(part, Filed()).When(new DispatchCase(Sector.Economy, Village, null)).ThenRefused("case.dispatch.returned_before");
        Cases.Given(part, Filed()).When(new RequestCaseTransfer(Town.OtherTown, Words("在邻镇"))).ThenRefused("case.transfer.declined_before");
        CaseAccess.MaySee(Town.As("x", Role.Dispatcher, AreaCode.Parse("500999103")), Known(part, Filed())).ShouldBeTrue();
    }

    [Fact]
    public void While_a_supervision_waits_for_its_answer_the_case_is_neither_merged_nor_split()
    {
        Cases.Given(Reported(), Supervised()).When(new MergeCase(OtherCase, null)).ThenRefused("case.supervision.unanswered").Possible.ShouldNotContain("merge");
        Cases.Given(Reported(), Filed(), Supervised()).When(new SplitCase([OtherCase, ThirdCase], null)).ThenRefused("case.supervision.unanswered").Possible.ShouldContain("answer-supervision");
        Cases.Given(Reported(), Filed(), Supervised(), new CaseSupervisionAnswered(Words("本周完成"))).When(new SplitCase([OtherCase, ThirdCase], null)).Then(SplitUp());
    }

    [Fact]
    public void While_a_supervision_waits_for_its_answer_the_case_does_not_end()
    {
        Cases.Given(Reported(), Supervised()).When(Refuse()).ThenRefused("case.supervision.unanswered").Possible.ShouldContain("answer-supervision");
        Cases.Given(Reported(), Filed(), Supervised()).When(new RedirectCase(EmergencyService.Fire, Words("已转119"))).ThenRefused("case.supervision.unanswered");
        Cases.Given(ReportedToVillage(), Supervised()).When(new SettleCase(Words("村里已修"), [Photo])).ThenRefused("case.supervision.unanswered").Possible.ShouldNotContain("settle");
        Cases.Given([.. Looked, Supervised()]).When(Close()).ThenRefused("case.supervision.unanswered");
        Cases.Given([.. Looked, Rated(), Supervised()]).When(Close()).ThenRefused("case.supervision.unanswered");
        Cases.Given([.. Looked, Supervised(), new CaseSupervisionAnswered(Words("已修复"))]).When(Close()).Then(Closed());
    }

    [Fact]
    public void What_was_merged_or_linked_is_let_go_of_though_the_other_case_lies_in_another_town_by_now()
    {
        var main = Cases.Fold(Reported(), Absorbed(), new CaseLinked(OtherCase, CaseLink.Related), new CaseTransferred(Town.NeighbourGrid, Words("区级指定")));
        var merged = Cases.Fold(Reported(), Merged());
        foreach (var may in (Caller[])[Town.As("operator", Role.CenterOperator, Town.Code), Town.As("supervisor", Role.DistrictSupervisor, Town.District)])
            (CaseAccess.May(may, "unmerge", merged), CaseAccess.May(may, "release", main)).ShouldBe((true, true), may.Actor);
        CaseAccess.May(Town.As("dispatcher", Role.Dispatcher, Town.Code), "drop-link", main).ShouldBeTrue();
        CaseAccess.May(Town.As("stranger", Role.Dispatcher, AreaCode.Parse("500999103")), "drop-link", main).ShouldBeFalse();
    }

    [Fact]
    public void Cases_are_linked_whatever_has_become_of_them()
    {
        Cases.Given([.. Looked, Closed()]).When(new LinkCase(OtherCase, CaseLink.Causes)).Then(new CaseLinked(OtherCase, CaseLink.Causes));
        Cases.Given(Reported(), new CaseLinked(OtherCase, CaseLink.Related)).When(new LinkCase(OtherCase, CaseLink.Related)).ThenNothing();
        Cases.Given(Reported()).When(new UnlinkCase(OtherCase)).ThenRefused("case.not_linked");
    }

    // To whom it goes.

    [Fact]
    public void What_the_towns_list_does_not_hold_goes_to_no_post_but_to_the_district_unless_a_life_is_in_danger()
    {
        var toPost = Dispatch() with { Admitted = false };
        Cases.Given(Reported(), Filed()).When(toPost).ThenRefused("case.dispatch.not_of_town");
        Cases.Given(Reported(), Filed(), RaisedToDistrict()).When(Dispatch() with { Unit = Town.WaterUnit }).Then(Dispatched() with { Unit = Town.WaterUnit });
        Cases.Given(Reported(Urgency.Emergency), Filed() with { Urgency = Urgency.Emergency }).When(toPost).Then(Dispatched());
    }

    [Fact]
    public void What_a_village_does_not_admit_is_not_sent_to_it() =>
        Cases.Given(Reported(), Filed()).When(new DispatchCase(Sector.Economy, Village, null, Admitted: false)).ThenRefused("case.dispatch.not_admitted");

    [Fact]
    public void What_an_urgent_addition_alone_admits_is_due_before_it_ends_and_says_on_what_it_rests()
    {
        var toVillage = new DispatchCase(Sector.Economy, Village, null, Addition: "500999101/1");
        Cases.Given(Reported(), Filed()).When(toVillage).Then(Dispatched() with { Unit = Village, Addition = "500999101/1" });
        Cases.Given(Reported(), Filed()).When(toVillage with { AdditionEnds = true }).ThenRefused("case.dispatch.addition_ends");
        Cases.Given(Reported(), Filed()).When(Dispatch() with { AdditionEnds = true }).ThenRefused("case.dispatch.addition_ends");
        Cases.Given(Reported(Urgency.Emergency), Filed() with { Urgency = Urgency.Emergency }).When(Dispatch() with { AdditionEnds = true }).Then(Dispatched());
    }

    [Fact]
    public void The_limit_that_an_addition_has_to_outlast_is_the_one_that_the_dispatch_begins()
    {
        var file = Known(Reported(), Filed());
        var world = new World();
        world.Do(Report(), Town.GridWorker, T0);
        world.Do(File(), Town.Operator, T0);
        world.Do(Dispatch(), Town.Dispatcher, T0);

        DeadlineSaga.DueIfBegun(Clock.Handle, file, T0, Policies, Town.Organization).ShouldBe(world.File.Clocks[Clock.Handle].DueAt);
    }

    [Fact]
    public void A_unit_that_sent_it_back_gets_it_again_only_by_a_leader()
    {
        CaseEvent[] returned = [.. AtWork, Returned()];
        Cases.Given(returned).When(Dispatch()).ThenRefused("case.dispatch.returned_before");
        Cases.Given(returned).When(Dispatch(), Town.Lead).Then(Dispatched(2));
        Cases.Given(returned).When(Dispatch() with { Unit = Town.RiverUnit }).Then(Dispatched(2) with { Unit = Town.RiverUnit });
    }

    [Fact]
    public void What_a_village_sent_back_does_not_go_to_one_of_its_grids() =>
        Cases.Given(Reported(), Filed(), Dispatched() with { Unit = Village }, Returned() with { Unit = Village })
            .When(new DispatchCase(Sector.Economy, Unit.OfGrid(Town.Grid), null)).ThenRefused("case.dispatch.returned_before");

    [Fact]
    public void What_one_grid_sent_back_may_still_go_to_its_village() =>
        Cases.Given(Reported(), Filed(), Dispatched() with { Unit = Unit.OfGrid(Town.Grid) }, Returned() with { Unit = Unit.OfGrid(Town.Grid) })
            .When(new DispatchCase(Sector.Economy, Village, null)).Then(Dispatched(2) with { Unit = Village });

    [Fact]
    public void The_law_enforcement_post_does_not_get_what_it_sent_back_by_another_post_either() =>
        Cases.Given([.. AtWork, Returned(), Dispatched(2) with { Unit = Town.RiverUnit }, Claimed() with { Unit = Town.RiverUnit }])
            .When(new HandCaseToEnforcement(Sector.Economy, Town.BuildingUnit, Words("违法建设"))).ThenRefused("case.dispatch.returned_before");

    [Fact]
    public void A_post_does_not_hand_a_case_to_itself_and_begin_its_limit_anew() =>
        Cases.Given(AtWork).When(new HandCaseToEnforcement(Sector.Economy, Town.BuildingUnit, Words("违法建设"))).ThenRefused("case.enforcement.same_unit");

    [Fact]
    public void A_department_of_the_district_works_for_district_matters_only()
    {
        Cases.Given(Reported(), Filed()).When(new DispatchCase(Sector.Economy, Town.WaterUnit, null)).ThenRefused("case.dispatch.level");
        Cases.Given(Reported(), Filed(), RaisedToDistrict()).When(new DispatchCase(Sector.Economy, Town.WaterUnit, null)).Then(Dispatched() with { Unit = Town.WaterUnit });
    }

    [Fact]
    public void A_department_takes_on_a_district_matter_in_its_remit_before_anybody_sends_it()
    {
        Cases.Given(Reported(), Filed(), RaisedToDistrict()).When(new TakeOnCase(Sector.Economy, Town.WaterUnit, true)).Then(Dispatched() with { Unit = Town.WaterUnit, Person = "water-officer" }, new CaseClaimed(Town.WaterUnit));
        Cases.Given(Reported(), Filed()).When(new TakeOnCase(Sector.Economy, Town.WaterUnit, true)).ThenRefused("case.take_on.level");
        Cases.Given(Reported(), Filed(), RaisedToDistrict()).When(new TakeOnCase(Sector.Economy, Town.WaterUnit, false)).ThenRefused("case.take_on.not_competent");
    }

    [Fact]
    public void What_was_sent_to_a_person_is_claimed_by_nobody_else() =>
        Cases.Given(Reported(), Filed(), Dispatched() with { Person = "handler" }).When(Claim(), Town.Colleague).ThenRefused("case.named_another");

    // Which tier it is of.

    [Fact]
    public void The_center_files_nothing_as_a_district_matter_on_its_own()
    {
        Cases.Given(Reported()).When(File() with { Level = MatterLevel.District }).ThenRefused("case.level.not_yours");
        CaseDecider.LevelToFile(Known(Reported() with { Level = MatterLevel.District })).ShouldBe(MatterLevel.Town);
        CaseDecider.LevelToFile(Known(ReportedToVillage(), PassedUp(MatterLevel.District))).ShouldBe(MatterLevel.Town);
        CaseDecider.LevelToFile(Known(Reported() with { Level = MatterLevel.Village })).ShouldBe(MatterLevel.Village);
    }

    [Fact]
    public void What_a_leader_reported_as_a_district_matter_was_weighed_already()
    {
        var weighed = Reported() with { Level = MatterLevel.District, Origin = new CaseOrigin(Reporter: "town-leader", ReporterRole: Role.TownLeader) };
        CaseDecider.LevelToFile(Known(weighed)).ShouldBe(MatterLevel.District);
        Cases.Given(weighed).When(File() with { Level = MatterLevel.District }).Then(Filed() with { Level = MatterLevel.District });
    }

    [Fact]
    public void Another_town_keeps_what_a_leader_decided_to_be_a_district_matter_until_a_leader_lowers_it()
    {
        CaseEvent[] moved = [Reported(), Filed(), RaisedToDistrict(), new CaseTransferred(Town.NeighbourGrid, Words("区级指定"))];
        CaseDecider.LevelToFile(Known(moved)).ShouldBe(MatterLevel.District);
        Cases.Given(moved).When(File() with { Level = MatterLevel.District }).Then(Filed() with { Level = MatterLevel.District });
        Cases.Given(moved).When(File()).ThenRefused("case.level.weighed");
        Cases.Given(moved).When(File(), Town.Leader).Then(Filed());
        Known([.. moved, Filed() with { Level = MatterLevel.District }]).WeighedBy.ShouldBe(Town.Leader);
    }

    [Fact]
    public void What_was_lowered_again_is_weighed_anew()
    {
        CaseEvent[] lowered = [Reported(), Filed(), RaisedToDistrict(), new CaseLevelLowered(MatterLevel.Town, Words("镇里能办")), new CaseTransferred(Town.NeighbourGrid, Words("区级指定"))];
        CaseDecider.LevelToFile(Known(lowered)).ShouldBe(MatterLevel.Town);
        Cases.Given(lowered).When(File() with { Level = MatterLevel.District }).ThenRefused("case.level.not_yours");
    }

    [Fact]
    public void To_the_districts_level_and_from_it_the_towns_leader_or_the_district_decides()
    {
        Cases.Given(Reported(), Filed()).When(new RaiseCaseLevel(MatterLevel.District, Words("镇里办不了")), Town.Dispatcher).ThenRefused("case.level.not_yours");
        Cases.Given(Reported(), Filed()).When(new RaiseCaseLevel(MatterLevel.District, Words("镇里办不了")), Town.Leader).Then(RaisedToDistrict());
        Cases.Given(Reported(), Filed(), RaisedToDistrict()).When(new LowerCaseLevel(MatterLevel.Town, Words("镇里能办")), Town.Dispatcher).ThenRefused("case.level.not_yours");
        Cases.Given(Reported(), Filed(), RaisedToDistrict()).When(new LowerCaseLevel(MatterLevel.Town, Words("镇里能办")), Town.Supervisor).Then(new CaseLevelLowered(MatterLevel.Town, Words("镇里能办")));
    }

    [Fact]
    public void While_a_department_has_it_it_is_not_lowered() =>
        Cases.Given(Reported(), Filed(), RaisedToDistrict(), Dispatched() with { Unit = Town.WaterUnit }).When(new LowerCaseLevel(MatterLevel.Town, Words("镇里能办")), Town.Supervisor).ThenRefused("case.level.with_department");

    // Between towns.

    [Fact]
    public void Another_town_takes_it_and_begins_with_it_as_with_a_report()
    {
        CaseEvent[] asked = [Reported(), Filed(), TransferRequested()];
        Cases.Given(asked).When(new AcceptCaseTransfer(Town.NeighbourGrid)).Then(new CaseTransferAccepted(Town.NeighbourGrid));
        var moved = Known([.. asked, new CaseTransferAccepted(Town.NeighbourGrid)]);
        (moved.Town, moved.WasFiled).ShouldBe((Town.OtherTown, false));
        moved.FormerAreas.ShouldBe([Town.Grid]);
    }

    [Fact]
    public void A_town_that_declined_is_asked_again_by_the_district_alone_and_others_may_still_be_asked()
    {
        CaseEvent[] declined = [Reported(), TransferRequested(), TransferDeclined()];
        var third = AreaCode.Parse("500999103");
        Cases.Given(declined).When(new RequestCaseTransfer(Town.NeighbourGrid, Words("在邻镇"))).ThenRefused("case.transfer.declined_before");
        Cases.Given(declined).When(new RequestCaseTransfer(third, Words("在第三镇"))).Then(new CaseTransferRequested(third, Words("在第三镇")));
        Cases.Given(declined).When(new TransferCase(Town.NeighbourGrid, Words("区级指定"))).Then(new CaseTransferred(Town.NeighbourGrid, Words("区级指定")));
    }

    [Fact]
    public void What_posts_of_one_town_sent_back_binds_no_other_town_but_a_department_is_the_same_everywhere()
    {
        var moved = Known([.. AtWork, Returned(), new CaseTransferred(Town.NeighbourGrid, Words("区级指定"))]);
        moved.ReturnedBy.ShouldBeEmpty();
        var district = Known(Reported(), Filed(), RaisedToDistrict(), Dispatched() with { Unit = Town.WaterUnit }, Returned() with { Unit = Town.WaterUnit }, new CaseTransferred(Town.NeighbourGrid, Words("区级指定")));
        district.ReturnedBy.ShouldBe([Town.WaterUnit]);
    }

    [Fact]
    public void What_comes_back_to_a_town_still_goes_to_no_post_that_had_sent_it_back_there()
    {
        CaseEvent[] andBack = [.. AtWork, Returned(), new CaseTransferred(Town.NeighbourGrid, Words("区级指定")), new CaseTransferred(Town.Grid, Words("改由原镇办理")), Filed()];
        Cases.Given(andBack).When(Dispatch()).ThenRefused("case.dispatch.returned_before");
        // And so with a part that is split off meanwhile.
        var part = Reported() with { Area = Town.NeighbourGrid, Origin = new CaseOrigin(Parent: OtherCase, FormerReturns: [new FormerReturn(Town.Code, Town.BuildingUnit)]) };
        Known(part).ReturnedBy.ShouldBeEmpty();
        Cases.Given(part, new CaseTransferred(Town.Grid, Words("改由原镇办理")), Filed()).When(Dispatch()).ThenRefused("case.dispatch.returned_before");
    }

    // The reporter, and money.

    [Fact]
    public void Whoever_reported_it_is_told_in_every_state_and_nothing_moves()
    {
        var told = new CaseFeedbackGiven(CaseFeedbackWay.Call, Words("已电话告知"), []);
        foreach (var (_, events) in CaseLives.States.Where(state => state.Events.Length > 0))
        {
            Cases.Given(events).When(new GiveCaseFeedback(CaseFeedbackWay.Call, Words("已电话告知"), [])).Then(told);
            Cases.Fold([.. events, told]).Stage.ShouldBe(Cases.Fold(events).Stage);
        }
    }

    [Fact]
    public void A_mistyped_amount_is_replaced_by_what_is_right_even_after_closing()
    {
        CaseEvent[] funded = [.. AtWork, new CaseFundingRecorded(20_000_000, Words("村集体资金")), new CaseFundingRecorded(500, Words("自筹"))];
        var right = new CorrectFunding(2_000_500, Words("多写了一个零"));
        Cases.Given(funded).When(right).Then(new CaseFundingCorrected(2_000_500, Words("多写了一个零")));
        Known([.. funded, new CaseFundingCorrected(2_000_500, Words("多写了一个零"))]).FundingFen.ShouldBe(2_000_500);
        Cases.Given([.. funded, Completed(), Verified(), Closed()]).When(right, Town.Dispatcher).Then(new CaseFundingCorrected(2_000_500, Words("多写了一个零")));
        Cases.Given(funded).When(right, Town.Colleague).ThenRefused("case.claimed_by_another");
        Cases.Given(AtWork).When(right).ThenRefused("case.funding.none");
        Cases.Given([.. funded, new CaseFundingCorrected(2_000_500, Words("多写了一个零"))]).When(right).ThenNothing();
    }

    // Not fixed, before it is closed.

    [Fact]
    public void What_is_not_fixed_is_raised_transferred_taken_on_or_split_as_what_is_filed()
    {
        CaseEvent[] unfixed = [.. Looked, Rated(FixResult.NotFixed)];
        Cases.Given(unfixed).When(new RaiseCaseLevel(MatterLevel.District, Words("镇里办不了")), Town.Leader).Then(RaisedToDistrict());
        Cases.Given([.. unfixed, RaisedToDistrict()]).When(new TakeOnCase(Sector.Economy, Town.WaterUnit, true)).Then(Dispatched(2) with { Unit = Town.WaterUnit, Person = "water-officer" }, new CaseClaimed(Town.WaterUnit));
        Cases.Given([.. unfixed, RaisedToDistrict()]).When(new LowerCaseLevel(MatterLevel.Town, Words("镇里能办")), Town.Leader).Then(new CaseLevelLowered(MatterLevel.Town, Words("镇里能办")));
        Cases.Given(unfixed).When(new SplitCase([OtherCase, ThirdCase], null)).Then(SplitUp());
        Cases.Given(unfixed).When(new RequestCaseTransfer(Town.OtherTown, Words("在邻镇"))).Then(TransferRequested());
        Cases.Given(unfixed).When(new MergeCase(OtherCase, null)).ThenRefused("case.not_fixed").Possible.ShouldContain("split");
    }

    [Fact]
    public void A_department_that_had_what_is_not_fixed_has_it_no_more_so_that_it_may_be_lowered() =>
        Cases.Given(Reported(), Filed(), RaisedToDistrict(), Dispatched() with { Unit = Town.WaterUnit }, Claimed() with { Unit = Town.WaterUnit }, Completed(), Verified(), Rated(FixResult.NotFixed))
            .When(new LowerCaseLevel(MatterLevel.Town, Words("镇里能办")), Town.Leader).Then(new CaseLevelLowered(MatterLevel.Town, Words("镇里能办")));

    [Fact]
    public void What_another_town_did_not_take_because_it_is_not_fixed_lies_at_the_desk_and_with_no_unit()
    {
        var back = Known([.. Looked, Rated(FixResult.NotFixed), TransferRequested(), TransferDeclined()]);
        (back.Assignment, back.Rating, back.CompletedBy).ShouldBe((null, null, null));
        Cases.Fold([.. Looked, Rated(FixResult.NotFixed), TransferRequested(), TransferDeclined()]).Stage.ShouldBe(CaseStage.Filed);
    }

    [Fact]
    public void What_comes_after_the_work_is_done_is_told_what_the_case_waits_for()
    {
        Cases.Given(Done).When(Claim()).ThenRefused("case.already_completed");
        Cases.Given(Looked).When(Claim()).ThenRefused("case.already_verified");
        Cases.Given([.. Looked, Rated()]).When(Claim()).ThenRefused("case.waits_for_closing");
        Cases.Given([.. Looked, Rated(FixResult.NotFixed)]).When(Claim()).ThenRefused("case.not_fixed");
        Cases.Given(Done).When(Dispatch()).ThenRefused("case.already_completed");
    }

    // The work.

    [Fact]
    public void After_rework_the_photo_of_what_was_not_done_is_no_proof_any_more()
    {
        CaseEvent[] again = [.. AtWork, Completed() with { Photos = [Photo] }, ReworkOrdered()];
        Cases.Given(again).When(Complete() with { PhotoNeeded = true }).ThenRefused("case.complete.photo_missing");
        Cases.Given([.. again, new CaseProgressed(Words("重做"), [], [Photo])]).When(Complete() with { PhotoNeeded = true }).Then(Completed());
    }

    [Fact]
    public void Whoever_claimed_it_says_how_and_by_when_and_shows_how_it_was_and_is()
    {
        Cases.Given(AtWork).When(new PlanCase(Words("三日内修好"), T0 + 3.Days())).Then(new CasePlanPublished(Words("三日内修好"), T0 + 3.Days()));
        Cases.Given(AtWork).When(new ProgressCase(Words("材料已到"), [Photo], [Photo])).Then(new CaseProgressed(Words("材料已到"), [Photo], [Photo]));
        Cases.Given(AtWork).When(new ProgressCase(Words("材料已到"), [], []), Town.Colleague).ThenRefused("case.claimed_by_another");
    }

    [Fact]
    public void Nothing_is_completed_over_an_open_part_of_it()
    {
        CaseEvent[] parted = [.. AtWork, SubtaskAdded()];
        Cases.Given(parted).When(Complete()).ThenRefused("case.complete.subtasks_open").Possible.ShouldContain("finish-subtask");
        Cases.Given([.. parted, new CaseSubtaskFinished(1, [])]).When(Complete()).Then(Completed());
        Cases.Given([.. parted, new CaseSubtaskDropped(1, Words("不需要"))]).When(Complete()).Then(Completed());
        Cases.Given([.. parted, new CaseSubtaskFinished(1, [])]).When(new FinishSubtask(1, [], null)).ThenNothing();
    }

    [Fact]
    public void Money_is_recorded_in_fen_and_is_more_than_nothing()
    {
        Cases.Given(AtWork).When(new RecordFunding(20_000_000, Words("村集体资金"))).Then(new CaseFundingRecorded(20_000_000, Words("村集体资金")));
        Cases.Given(AtWork).When(new RecordFunding(0, Words("无"))).ThenRefused("case.funding.not_positive");
        Known([.. AtWork, new CaseFundingRecorded(20_000_000, Words("甲")), new CaseFundingRecorded(5_000_000, Words("乙"))]).FundingFen.ShouldBe(25_000_000);
    }

    [Fact]
    public void What_is_against_the_law_goes_to_the_enforcing_post_as_the_next_round() =>
        Cases.Given(AtWork).When(new HandCaseToEnforcement(Sector.SafetyAndLaw, Town.RiverUnit, Words("违法建设"))).Then(new CaseHandedToEnforcement(2, Sector.SafetyAndLaw, Town.RiverUnit, Words("违法建设")));

    [Fact]
    public void A_matter_whose_standard_asks_for_a_photo_of_the_result_is_not_completed_without_one()
    {
        Cases.Given(AtWork).When(Complete() with { PhotoNeeded = true }).ThenRefused("case.complete.photo_missing");
        Cases.Given(AtWork).When(new CompleteCase(Words("已修复"), [Photo], PhotoNeeded: true)).Then(new CaseCompleted(Words("已修复"), [Photo]));
        Cases.Given([.. AtWork, new CaseProgressed(Words("已修"), [], [Photo])]).When(Complete() with { PhotoNeeded = true }).Then(Completed());
    }

    // Looked at, rated, closed, taken up again.

    [Fact]
    public void What_is_not_done_goes_back_to_the_same_unit_with_its_reason()
    {
        Cases.Given(Done).When(Fail()).Then(ReworkOrdered());
        Cases.Given(Done).When(new VerifyCase(false, null, [])).ThenRefused("case.rework.reason_missing");
    }

    [Fact]
    public void Where_only_whoever_did_the_work_is_left_in_the_grid_the_center_sends_somebody_who_brings_a_photo()
    {
        Cases.Given(Done).When(Pass(), Town.Operator).ThenRefused("case.verify.photo_missing");
        Cases.Given(Done).When(new VerifyCase(true, null, [Photo]), Town.Operator).Then(new CaseVerified([Photo]));
        CaseAccess.May(new Caller(Town.Operator.Actor, new RoleAt(Role.CenterOperator, Town.Code)), "verify", Cases.Fold(Done)).ShouldBeTrue();
    }

    [Fact]
    public void A_matter_whose_standard_asks_for_a_rating_is_not_closed_by_hand_without_one() =>
        Cases.Given(Looked).When(Close() with { RatingNeeded = true }).ThenRefused("case.close.rating_missing").Possible.ShouldContain("rate");

    [Fact]
    public void Who_rates_for_the_reporter_says_whom_they_called()
    {
        Cases.Given(Looked).When(Rate() with { Comment = null }, Town.Operator).ThenRefused("case.rate.call_missing").Possible.ShouldContain("rate");
        Cases.Given([.. Looked, Closed()]).When(Rate() with { Comment = null }, Town.Operator).ThenRefused("case.rate.call_missing");
        Cases.Given(Looked).When(Rate(), Town.Operator).Then(Rated());
        // What came by telephone was typed by the operator, and is still the caller's to rate.
        var called = Domain.Cases.Case.Fold(((CaseEvent[])[Reported() with { Source = CaseSource.Hotline }, .. Looked[1..]]).Select((happened, index) => new Fact<CaseEvent>(happened, index == 0 ? Town.Operator : Doer(happened), T0 + index.Hours(), T0 + index.Hours())));
        CaseDecider.Decide(Rate() with { Comment = null }, called, Town.Operator).ShouldBeOfType<Decision<CaseEvent>.Refuse>().Refusal.Code.ShouldBe("case.rate.call_missing");
        Cases.Given([Reported(), Absorbed() with { Reporter = "yard-head" }, .. Looked[1..]]).When(new RateCase(5, FixResult.Fixed, null), new By("yard-head", Role.YardHead, Town.Yard)).Then(new CaseRated(5, FixResult.Fixed));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void The_reporter_says_in_five_levels_how_it_came_out(int stars) =>
        Cases.Given(Looked).When(new RateCase(stars, FixResult.HalfFixed, null), Town.GridWorker).Then(new CaseRated(stars, FixResult.HalfFixed));

    [Fact]
    public void What_is_half_fixed_may_be_closed_and_what_is_not_fixed_goes_to_work_again()
    {
        Cases.Given([.. Looked, Rated(FixResult.HalfFixed)]).When(Close()).Then(Closed());
        Cases.Given([.. Looked, Rated(FixResult.NotFixed)]).When(Close()).ThenRefused("case.close.not_fixed").Possible.ShouldContain("dispatch");
    }

    [Fact]
    public void A_closed_case_is_taken_up_again_within_thirty_days_and_not_after()
    {
        CaseEvent[] closed = [.. Looked, Closed()];
        Cases.Given(closed).When(new ReopenCase(Words("又坏了"), T0 + 10.Days())).Then(Reopened());
        Cases.Given(closed).When(new ReopenCase(Words("又坏了"), T0 + 60.Days())).ThenRefused("case.reopen.too_late").Possible.ShouldNotContain("reopen");
        Cases.Given(closed).When(Rate(FixResult.NotFixed)).Then(Rated(FixResult.NotFixed), new CaseReopened());
    }

    // Watched.

    [Fact]
    public void Everything_open_can_be_urged_and_nothing_else()
    {
        Cases.Given(AtThePost).When(new UrgeCase(null, T0)).Then(new CaseUrged());
        Cases.Given([.. Looked, Closed()]).When(new UrgeCase(null, T0)).ThenRefused("case.closed");
    }

    [Fact]
    public void One_person_urges_a_case_once_an_hour_and_is_told_when_they_did_and_others_may_all_the_same()
    {
        CaseEvent[] urged = [.. AtThePost, new CaseUrged()];
        var at = T0 + AtThePost.Length.Hours();

        var refusal = Cases.Given(urged).When(new UrgeCase(null, at + 59.Minutes())).ThenRefused("case.urged_already");
        (refusal.Earlier!.At, refusal.Earlier.By.Actor, refusal.Earlier.Event).ShouldBe((at, "dispatcher", "case_urged"));
        Cases.Given(urged).When(new UrgeCase(null, at + 60.Minutes())).Then(new CaseUrged());
        Cases.Given(urged).When(new UrgeCase(null, at + 1.Minutes()), Town.Operator).Then(new CaseUrged());
    }

    [Fact]
    public void An_emergency_rings_until_one_person_acknowledges_it_and_the_next_is_told_who_did()
    {
        Cases.Given(Emergency()).When(new AcknowledgeAlarm(Town.Code)).Then(new CaseAlarmAcknowledged(Town.Code));
        Cases.Given(Emergency(), Acknowledged()).When(new AcknowledgeAlarm(Town.Code), Town.Operator).ThenNothing();
        var refused = Cases.Given(Emergency(), Acknowledged()).When(new AcknowledgeAlarm(), Town.Dispatcher).ThenRefused("case.alarm.acknowledged");
        refused.Possible.ShouldNotContain("acknowledge-alarm");
        refused.Earlier.ShouldNotBeNull().ShouldSatisfyAllConditions(earlier => earlier.By.ShouldBe(Town.Operator), earlier => earlier.Event.ShouldBe("case_alarm_acknowledged"));
        Cases.Given(Reported()).When(new AcknowledgeAlarm()).ThenRefused("case.alarm.none");
        Cases.Given(Emergency(), Refused()).When(new AcknowledgeAlarm()).ThenRefused("case.refused");
    }

    [Fact]
    public void It_rings_again_only_for_who_has_not_heard_it()
    {
        var emergency = Filed() with { Urgency = Urgency.Emergency };
        Known(Emergency(), Acknowledged(), emergency).Alarm.ShouldNotBeNull().Acknowledged.ShouldNotBeNull().Wall.ShouldBe(Town.Code);
        Known(Reported(), emergency).Alarm.ShouldNotBeNull().Acknowledged.ShouldBeNull();
        Known(Emergency(), Filed()).Alarm.ShouldBeNull("the center sees no emergency in it");
        Known(Emergency(), Acknowledged(), emergency, TransferRequested(), new CaseTransferAccepted(Town.NeighbourGrid)).Alarm.ShouldNotBeNull().Acknowledged.ShouldBeNull("the other town has not heard it");
        Known(Emergency(), Acknowledged(), emergency, TransferRequested(), TransferDeclined()).Alarm.ShouldNotBeNull().Acknowledged.ShouldNotBeNull();
        Known([Emergency(), Acknowledged(), emergency, .. Looked[2..], Closed(), Reopened()]).Alarm.ShouldNotBeNull().Acknowledged.ShouldBeNull("they thought that it was over");
    }

    [Fact]
    public void A_leader_has_it_watched_and_a_higher_one_over_them_until_it_is_answered()
    {
        CaseEvent[] watched = [.. AtThePost, Supervised()];
        Cases.Given(watched).When(new SuperviseCase(Words("尽快")), Town.Lead).ThenRefused("case.supervised_already");
        Cases.Given(watched).When(new SuperviseCase(Words("尽快")), Town.Supervisor).Then(new CaseSupervised(SupervisionBy.District, Words("尽快")));
        Cases.Given(watched).When(new AnswerSupervision(Words("本周完成"))).Then(new CaseSupervisionAnswered(Words("本周完成")));
        Cases.Given(AtThePost).When(new AnswerSupervision(Words("本周完成"))).ThenRefused("case.not_supervised");
    }

    [Fact]
    public void The_supervision_of_a_town_that_the_case_has_left_stands_in_nobodys_way_and_the_districts_does()
    {
        CaseEvent[] moved = [Reported(), Supervised(), new CaseTransferred(Town.NeighbourGrid, Words("辖区在邻镇"))];
        By leader = new("other-leader", Role.TownLeader, Town.OtherTown);
        Cases.Given(moved).When(new SuperviseCase(Words("尽快")), leader).Then(new CaseSupervised(SupervisionBy.TownLeader, Words("尽快")));

        // In its own town it stands, and the refusal says whose it is.
        Cases.Given(Reported(), Supervised()).When(new SuperviseCase(Words("尽快")), Town.Leader).ThenRefused("case.supervised_already").Message.Zh.ShouldStartWith("本镇街领导已在督办");
        var town = CaseRefusals.SupervisedAlready(new Supervision(SupervisionBy.TownLeader, "leader", T0), Cases.Fold(Reported()));
        (town.Message.Zh, town.Message.En).ShouldBe(("本镇街领导已在督办，正等待回复；可以催办，或由更上级督办。", "The town's leader has it supervised already and waits for the answer; it can be urged, or supervised from further above."));
        new Supervision(SupervisionBy.District, "supervisor", T0, Place: AreaCode.Parse("500999")).IsOf(Town.OtherTown).ShouldBeTrue();
        new Supervision(SupervisionBy.TownLeader, "leader", T0, Place: Town.Code).IsOf(Town.OtherTown).ShouldBeFalse();
        CaseRefusals.SupervisedAlready(new Supervision(SupervisionBy.District, "supervisor", T0), Cases.Fold(Reported())).Message.Zh.ShouldContain("区级督导");
    }

    [Fact]
    public void Whoever_reported_what_was_merged_into_it_is_asked_for_the_rating_as_well()
    {
        CaseEvent[] looked = [Reported(), Absorbed() with { Reporter = "yard-head", ReporterRole = Role.YardHead }, .. Looked[1..]];
        var state = (CommandCenter.Domain.Cases.Case.Known)Cases.Fold(looked);
        DeadlineSaga.WhoActs(state, Town.Organization).Select(recipient => recipient.Person).ShouldBe(["grid-worker", "yard-head"]);

        // A resident has no inbox, and where nobody who reported it can be asked the center calls them back.
        CaseEvent[] residents = [Reported(), Absorbed() with { Reporter = "resident", ReporterRole = Role.Resident }, .. Looked[1..]];
        DeadlineSaga.WhoActs((CommandCenter.Domain.Cases.Case.Known)Cases.Fold(residents), Town.Organization).Select(recipient => recipient.Person).ShouldBe(["grid-worker"]);
    }

    private static CaseFile Known(params CaseEvent[] events) => Cases.Fold(events).ShouldBeAssignableTo<CommandCenter.Domain.Cases.Case.Known>()!.File;
}
