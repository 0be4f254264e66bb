using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Files;
using CommandCenter.Host.Tests.Towns;

namespace CommandCenter.Host.Tests.Cases;

/// <summary>Every command of a case as its person gives it over HTTP: what it does to the case, its history and the list, and how it is refused as a rule.</summary>
public sealed class EveryCommandTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    /// <summary>Parts of other commands, which nobody gives by themselves.</summary>
    private static readonly string[] Parts = ["absorb", "release", "split-off", "drop-link"];

    private const string Colleague = People.HandlerOfSamePost;
    private const string Ecology = "department-01";
    private const string Housing = "department-02";

    private Town Town => fixture.Town;

    /// <param name="Given">The case before, none for a report, and what is sent.</param>
    /// <param name="Events">Those of the case that come of it, without those of its clocks.</param>
    /// <param name="Shows">What its page says afterwards, beyond the stage.</param>
    /// <param name="Reader">Whose page and list are read.</param>
    private sealed record Example(
        string By, Func<Town, Task<(TestCase? Which, object Body)>> Given, string Events, CaseStage Then, Wrong Refused, Func<Town, CaseDetail, Task>? Shows = null, string Reader = People.Operator)
    {
        public Example(string by, Func<Town, Task<(TestCase? Which, object Body)>> given, string events, CaseStage then, Wrong refused, Action<CaseDetail> shows, string reader = People.Operator)
            : this(by, given, events, then, refused, (_, detail) => Done(() => shows(detail)), reader)
        {
        }

        private static Task Done(Action action)
        {
            action();
            return Task.CompletedTask;
        }
    }

    /// <summary>The command as it is refused.</summary>
    /// <param name="Body">Null: as it was taken.</param>
    /// <param name="After">Whether it is refused once the command was taken, and not before.</param>
    /// <param name="Given">Another case than the example's; null: that one.</param>
    private sealed record Wrong(int Status, string Code, object? Body = null, string? By = null, string? Field = null, bool After = false, Func<Town, Task<TestCase>>? Given = null);

    private static readonly Dictionary<string, Example> Examples = new(StringComparer.Ordinal)
    {
        ["report"] = new(
            People.GridWorker, _ => Task.FromResult<(TestCase?, object)>((null, Town.AReport())), "case_reported", CaseStage.Reported,
            new(422, "field.missing", Town.AReport() with { Point = null }, Field: "point"), detail => (detail.Source, detail.Area.Value).ShouldBe((CaseSource.GridWorker, Places.Grid))),
        ["report-solved"] = new(
            People.GridWorker, async town => (null, new ReportSolvedCaseRequest(Town.AReport(), "当场清运", [await PhotoAsync(town, People.GridWorker)])), "case_reported case_solved_on_spot", CaseStage.Closed,
            new(409, "case.solved.proof_missing", new ReportSolvedCaseRequest(Town.AReport(), "当场清运"))),

        // With the village, or with somebody who looks.
        ["send-to-village"] = new(
            People.Operator, town => On(town.ACaseThatWasReported(), new SendCaseToVillageRequest("请村里先研判")), "case_sent_to_village", CaseStage.Assessing, new(409, "case.with_village", After: true)),
        ["pass-up"] = new(
            People.Secretary, town => On(Assessing(town), new PassCaseUpRequest("涉及 39 户，超出村级能力", MatterLevel.Town, 39, 10_000_000)), "case_passed_up", CaseStage.Reported,
            new(409, "case.not_with_village", After: true), detail => detail.Details.Assessment.ShouldBe(new AssessmentView("涉及 39 户，超出村级能力", MatterLevel.Town, 39, 10_000_000))),
        ["settle"] = new(
            People.Secretary, async town => (await Assessing(town), new SettleCaseRequest("村里已清运", [await PhotoAsync(town, People.Secretary)])), "case_settled_by_village", CaseStage.Closed,
            new(409, "case.solved.proof_missing", new SettleCaseRequest("村里已清运"))),
        ["check"] = new(
            People.Operator, town => On(town.ACaseThatWasReported(), new OrderCaseCheckRequest(People.GridWorker, "请看是否属实")), "case_check_ordered", CaseStage.Checking,
            new(422, "person.not_there", new OrderCaseCheckRequest(People.GridWorkerElsewhere), Field: "person"), detail => detail.Details.Checker.ShouldBe(People.GridWorker)),
        ["report-check"] = new(
            People.GridWorker, town => On(Checking(town), new ReportCaseCheckRequest(CheckFinding.Partly, "只有一处")), "case_checked", CaseStage.Reported,
            new(403, "access.denied", By: "grid-worker-18"), detail => detail.Details.Check.ShouldBe(new CheckView(CheckFinding.Partly, "只有一处"))),

        // At the center's desk.
        ["file"] = new(
            People.Operator, town => On(town.ACaseThatWasReported(), new FileCaseRequest("sewage", Urgency.Urgent, "属实")), "case_filed", CaseStage.Filed,
            new(409, "case.level.not_yours", new FileCaseRequest("sewage", Urgency.Urgent, Level: MatterLevel.District)),
            detail => (detail.Category, detail.Urgency, detail.Details.Level).ShouldBe(("sewage", Urgency.Urgent, MatterLevel.Town))),
        ["refuse"] = new(
            People.Operator, town => On(town.ACaseThatWasReported(), new RefuseCaseRequest(RefusalReason.OutOfScope, "不属受理范围")), "case_refused", CaseStage.Refused,
            new(409, "case.already_filed", Given: town => town.ACaseThatWasFiled()), detail => detail.Clock.ShouldBeNull()),
        ["redirect"] = new(
            People.Operator, town => On(town.ACaseThatWasReported(), new RedirectCaseRequest(EmergencyService.Fire, "起火，已转 119")), "case_redirected", CaseStage.Redirected,
            new(409, "case.already_dispatched", Given: town => town.ACaseThatWasDispatched()), detail => detail.Clock.ShouldBeNull()),
        ["merge"] = new(
            People.Operator, async town => (await town.ACaseThatWasReported(), new MergeCaseRequest((await town.ACaseThatWasReported()).Id)), "case_merged", CaseStage.Merged,
            new(422, "case.other_unknown", new MergeCaseRequest("0199c2f0b1d87c3e9a4b5c6d7e8f9012"), Field: "main"),
            async (town, detail) => (await town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{detail.Details.MergedInto}")).Details.Absorbed.ShouldBe([detail.Id])),
        ["unmerge"] = new(
            People.Operator, town => On(Merged(town), new UnmergeCaseRequest("两处不同")), "case_unmerged", CaseStage.Reported, new(409, "case.not_merged", After: true), detail => detail.Details.MergedInto.ShouldBeNull()),
        ["split"] = new(
            People.Dispatcher, async town =>
            {
                var suspended = await town.After(await AskedToWait(town), "approve-suspension", new ApproveSuspensionRequest(), People.TownLeader);
                return (await town.After(suspended, "return", new ReturnCaseRequest("一件两事"), People.Handler), new SplitCaseRequest([new("路灯不亮", "street-light"), new("路面塌陷", "damaged-road")], "一件两事"));
            },
            "case_split", CaseStage.Split,
            new(409, "case.split.too_few", new SplitCaseRequest([new("路灯不亮")])), async (town, detail) =>
            {
                var parts = new List<CaseDetail>();
                foreach (var child in detail.Details.Children)
                    parts.Add(await town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{child}"));
                parts.Select(part => (part.Text, part.Category, part.Stage, part.Details.Parent)).ShouldBe([("路灯不亮", "street-light", CaseStage.Filed, detail.Id), ("路面塌陷", "damaged-road", CaseStage.Filed, detail.Id)]);
                parts.ShouldAllBe(part => part.Details.Suspension == detail.Details.Suspension && part.Details.Suspension!.ApprovedBy == People.TownLeader);
            }),
        ["link"] = new(
            People.Dispatcher, async town => (await town.ACaseThatWasFiled(), new LinkCaseRequest((await town.ACaseThatWasReported()).Id, CaseLink.CausedBy)), "case_linked", CaseStage.Filed,
            new(422, "case.other_unknown", new LinkCaseRequest("0199c2f0b1d87c3e9a4b5c6d7e8f9012"), Field: "other"), async (town, detail) =>
            {
                var link = detail.Details.Links.ShouldHaveSingleItem();
                link.Link.ShouldBe(CaseLink.CausedBy);
                (await town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{link.Case}")).Details.Links.ShouldBe([new LinkView(detail.Id, CaseLink.Causes)]);
            }),
        ["unlink"] = new(
            People.Dispatcher, async town =>
            {
                var other = await town.ACaseThatWasReported();
                return (await town.After(await town.ACaseThatWasFiled(), "link", new LinkCaseRequest(other.Id), People.Dispatcher), new UnlinkCaseRequest(other.Id));
            },
            "case_unlinked", CaseStage.Filed, new(409, "case.not_linked", After: true), detail => detail.Details.Links.ShouldBeEmpty()),
        ["request-transfer"] = new(
            People.Dispatcher, town => On(town.ACaseThatWasReported(), new RequestCaseTransferRequest(Town.Area(Places.NeighbourTown), "在邻镇")), "case_transfer_requested", CaseStage.Transferring,
            new(409, "case.transfer.same_town", new RequestCaseTransferRequest(Town.Area(Places.OtherGrid), "在本镇")), detail => detail.Details.TransferTo!.Value.Value.ShouldBe(Places.NeighbourTown)),
        ["accept-transfer"] = new(
            People.NeighbourOperator, town => On(Transferring(town), new AcceptCaseTransferRequest(Town.Area(Places.NeighbourGrid))), "case_transfer_accepted", CaseStage.Reported,
            new(403, "access.denied", By: People.Operator), detail => (detail.Area.Value, detail.Details.FormerAreas.Single().Value).ShouldBe((Places.NeighbourGrid, Places.Grid)), People.NeighbourOperator),
        ["decline-transfer"] = new(
            People.NeighbourOperator, town => On(Transferring(town), new DeclineCaseTransferRequest("不在本镇")), "case_transfer_declined", CaseStage.Reported,
            new(403, "access.denied", By: People.Operator), detail => (detail.Area.Value, detail.Details.TransferTo).ShouldBe((Places.Grid, null))),
        ["transfer"] = new(
            People.Supervisor, town => On(town.ACaseThatWasReported(), new TransferCaseRequest(Town.Area(Places.NeighbourGrid), "区级指定")), "case_transferred", CaseStage.Reported,
            new(409, "case.transfer.same_town", new TransferCaseRequest(Town.Area(Places.OtherGrid), "区级指定")), detail => detail.Area.Value.ShouldBe(Places.NeighbourGrid), People.NeighbourOperator),
        ["raise-level"] = new(
            People.TownLeader, town => On(town.ACaseThatWasFiled(), new RaiseCaseLevelRequest(MatterLevel.District, "镇里办不了")), "case_level_raised", CaseStage.Filed,
            new(409, "case.level.not_yours", By: People.Dispatcher), detail => detail.Details.Level.ShouldBe(MatterLevel.District)),
        ["lower-level"] = new(
            People.Dispatcher, town => On(town.ACaseThatWasFiled(), new LowerCaseLevelRequest(MatterLevel.Village, "村里能办")), "case_level_lowered", CaseStage.Filed,
            new(409, "case.level.not_lower", After: true), detail => detail.Details.Level.ShouldBe(MatterLevel.Village)),

        // To a unit, and back.
        ["dispatch"] = new(
            People.Dispatcher, town => On(town.ACaseThatWasFiled(), new DispatchCaseRequest(Unit.OfPost("village-construction"), People.Handler, "请今日到场")), "case_dispatched", CaseStage.Dispatched,
            new(409, "case.dispatch.level", new DispatchCaseRequest(Unit.OfDepartment("ecology-bureau"))),
            detail => (detail.Assignment!.Unit.Post, detail.Assignment.Person).ShouldBe(("village-construction", People.Handler))),
        ["take-on"] = new(
            Ecology, town => On(OfTheDistrict(town), new TakeOnCaseRequest()), "case_dispatched case_claimed", CaseStage.Handling,
            new(409, "case.take_on.not_competent", By: Housing), detail => (detail.Assignment!.Unit.ToString(), detail.Assignment.ClaimedBy).ShouldBe(("department:ecology-bureau", Ecology))),
        ["claim"] = new(
            People.Handler, town => On(town.ACaseThatWasDispatched(), new ClaimCaseRequest()), "case_claimed", CaseStage.Handling,
            new(409, "case.claimed_by_another", By: Colleague, After: true), detail => detail.Assignment!.ClaimedBy.ShouldBe(People.Handler)),
        ["return"] = new(
            People.Handler, town => On(town.ACaseThatWasClaimed(), new ReturnCaseRequest("不属本岗")), "case_returned", CaseStage.Filed,
            new(409, "case.claimed_by_another", By: Colleague), detail => detail.Details.ReturnedBy.ShouldBe([Unit.OfPost("village-construction")])),
        ["recall"] = new(
            People.Dispatcher, town => On(town.ACaseThatWasDispatched(), new RecallCaseRequest("岗位空缺")), "case_recalled", CaseStage.Filed, new(409, "case.not_dispatched", After: true), detail => detail.Assignment.ShouldBeNull()),
        ["reassign"] = new(
            People.Handler, town => On(town.ACaseThatWasClaimed(), new ReassignCaseRequest(Colleague, "外出")), "case_reassigned", CaseStage.Handling,
            new(422, "person.not_there", new ReassignCaseRequest(People.GridWorker), Field: "person"), detail => detail.Assignment!.ClaimedBy.ShouldBe(Colleague)),

        // The work itself.
        ["plan"] = new(
            People.Handler, town => On(town.ACaseThatWasClaimed(), new PlanCaseRequest("三日内清运", town.Clock.GetUtcNow().AddDays(3))), "case_plan_published", CaseStage.Handling,
            new(409, "case.claimed_by_another", By: Colleague), detail => detail.Details.Plan!.Text.ShouldBe("三日内清运")),
        ["progress"] = new(
            People.Handler, async town => (await town.ACaseThatWasClaimed(), new ProgressCaseRequest("已清运一半", After: [await PhotoAsync(town, People.Handler)])), "case_progressed", CaseStage.Handling,
            new(409, "case.not_claimed", new ProgressCaseRequest("已清运一半"), Given: town => town.ACaseThatWasDispatched())),
        ["add-subtask"] = new(
            People.Handler, town => On(town.ACaseThatWasClaimed(), new AddSubtaskRequest("联系车辆", Colleague)), "case_subtask_added", CaseStage.Handling,
            new(422, "person.not_there", new AddSubtaskRequest("联系车辆", People.GridWorker), Field: "person"), detail => detail.Details.Subtasks.ShouldBe([new SubtaskView(1, "联系车辆", false, Colleague)])),
        ["finish-subtask"] = new(
            Colleague, async town => (await WithSubtask(town), new FinishSubtaskRequest(1, [await PhotoAsync(town, Colleague)], "车辆已到")), "case_subtask_finished", CaseStage.Handling,
            new(409, "case.subtask.unknown", new FinishSubtaskRequest(2)), detail => detail.Details.Subtasks.ShouldBe([new SubtaskView(1, "联系车辆", true, Colleague)])),
        ["drop-subtask"] = new(
            People.Handler, town => On(WithSubtask(town), new DropSubtaskRequest(1, "由施工方自备")), "case_subtask_dropped", CaseStage.Handling,
            new(409, "case.subtask.unknown", After: true), detail => detail.Details.Subtasks.ShouldBeEmpty()),
        ["correct-funding"] = new(
            People.Handler, async town => (await town.After(await town.ACaseThatWasClaimed(), "record-funding", new RecordFundingRequest(200_000_000, "村集体资金"), People.Handler), new CorrectFundingRequest(20_000_000, "多写了一个零")),
            "case_funding_corrected", CaseStage.Handling, new(409, "case.funding.none", Given: town => town.ACaseThatWasClaimed()), detail => detail.Details.FundingFen.ShouldBe(20_000_000)),
        ["give-feedback"] = new(
            People.Operator, async town => (await town.After(await town.ACaseThatWasReported(), "refuse", new RefuseCaseRequest(RefusalReason.OutOfScope, "不属受理范围"), People.Operator), new GiveCaseFeedbackRequest(CaseFeedbackWay.Call, "已电话说明不属受理范围")),
            "case_feedback_given", CaseStage.Refused, new(403, "access.denied", By: People.Handler)),
        ["record-funding"] = new(
            People.Handler, town => On(town.ACaseThatWasClaimed(), new RecordFundingRequest(20_000_000, "村集体资金")), "case_funding_recorded", CaseStage.Handling,
            new(409, "case.funding.not_positive", new RecordFundingRequest(0, "无")), detail => detail.Details.FundingFen.ShouldBe(20_000_000)),
        ["hand-to-enforcement"] = new(
            People.Handler, town => On(town.ACaseThatWasClaimed(), new HandCaseToEnforcementRequest("law-enforcement", "涉嫌违法排污")), "case_handed_to_enforcement", CaseStage.Dispatched,
            new(422, "post.not_enforcement", new HandCaseToEnforcementRequest("ecology", "涉嫌违法排污"), Field: "post"), detail => detail.Assignment!.Unit.Post.ShouldBe("law-enforcement")),
        ["complete"] = new(
            People.Handler, async town => (await town.ACaseThatWasClaimed(Town.AReport("井盖破损。", "manhole-cover")), new CompleteCaseRequest("已更换", [await PhotoAsync(town, People.Handler)])), "case_completed", CaseStage.Completed,
            new(409, "case.complete.photo_missing", new CompleteCaseRequest("已更换"))),

        // How it ends.
        ["verify"] = new(
            People.GridWorker, town => On(town.ACaseThatWasCompleted(), new VerifyCaseRequest(true, "现场整洁")), "case_verified", CaseStage.Verified, new(409, "case.rework.reason_missing", new VerifyCaseRequest(false))),
        ["rate"] = new(
            People.GridWorker, town => On(town.ACaseThatWasVerified(), new RateCaseRequest(4, FixResult.HalfFixed, "还有一点")), "case_rated", CaseStage.Rated,
            new(422, "case.rating.out_of_range", new RateCaseRequest(6, FixResult.Fixed)), detail => detail.Rating.ShouldBe(new RatingView(4, FixResult.HalfFixed, "还有一点"))),
        ["close"] = new(
            People.Dispatcher, town => On(town.ACaseThatWasVerified(), new CloseCaseRequest("办结")), "case_closed", CaseStage.Closed,
            new(409, "case.close.not_fixed", Given: town => town.ACaseThatWasRated(FixResult.NotFixed)), detail => detail.Clock.ShouldBeNull()),
        ["reopen"] = new(
            People.Dispatcher, town => On(town.ACaseThatWasClosed(), new ReopenCaseRequest("又堆上了")), "case_reopened", CaseStage.Filed,
            new(409, "case.not_closed", After: true), detail => (detail.Assignment, detail.Rating, detail.Clock).ShouldBe((null, null, Clock.Dispatch))),

        // Above it.
        ["urge"] = new(
            People.Operator, town => On(town.ACaseThatWasDispatched(), new UrgeCaseRequest("群众再次来电")), "case_urged", CaseStage.Dispatched, new(409, "case.closed", Given: town => town.ACaseThatWasClosed())),
        ["acknowledge-alarm"] = new(
            People.Operator, town => On(town.ACaseThatWasReported(Town.AReport(urgency: Urgency.Emergency)), new AcknowledgeAlarmRequest(AreaCode.Parse(Places.Town))), "case_alarm_acknowledged", CaseStage.Reported,
            new(409, "case.alarm.acknowledged", By: People.Dispatcher, After: true)),
        ["supervise"] = new(
            People.TownLeader, town => On(town.ACaseThatWasDispatched(), new SuperviseCaseRequest("两日内回复")), "case_supervised", CaseStage.Dispatched,
            new(409, "case.supervised_already", By: People.SectorLead, After: true),
            detail => (detail.Details.Supervision!.Order, detail.Details.Supervision.By, detail.Details.Supervision.Answered).ShouldBe((SupervisionBy.TownLeader, People.TownLeader, false))),
        ["answer-supervision"] = new(
            People.Handler, async town => (await town.After(await town.ACaseThatWasClaimed(), "supervise", new SuperviseCaseRequest("两日内回复"), People.TownLeader), new AnswerSupervisionRequest("本周完成")),
            "case_supervision_answered", CaseStage.Handling, new(409, "case.not_supervised", After: true), detail => detail.Details.Supervision!.Answered.ShouldBeTrue()),
        ["ask-extension"] = new(
            People.Handler, town => On(town.ACaseThatWasClaimed(), new AskExtensionRequest(2, "等待材料")), "case_extension_requested", CaseStage.Handling,
            new(409, "case.extension.asked_already", After: true), detail => detail.Details.Extension.ShouldBe(new ExtensionView(new Limit(2, TimeUnit.NaturalDays), People.Handler))),
        ["approve-extension"] = new(
            People.TownLeader, async town => (await town.After(await AskedForTime(town), "approve-extension", new ApproveExtensionRequest(), People.SectorLead), new ApproveExtensionRequest("同意")),
            "case_extension_approved", CaseStage.Handling, new(409, "case.extension.same_rank", By: People.SectorLead), detail => (detail.Details.Extension, DaysToHandle(detail)).ShouldBe((null, 9))),
        ["refuse-extension"] = new(
            People.SectorLead, town => On(AskedForTime(town), new RefuseExtensionRequest("请按期完成")), "case_extension_refused", CaseStage.Handling,
            new(409, "case.extension.not_asked", After: true), detail => (detail.Details.Extension, DaysToHandle(detail)).ShouldBe((null, 7))),
        ["ask-suspension"] = new(
            People.Handler, town => On(town.ACaseThatWasClaimed(), new AskSuspensionRequest(SuspensionReason.Funding, town.Clock.GetUtcNow().AddDays(60), "等待资金")), "case_suspension_requested", CaseStage.Handling,
            new(409, "case.suspension.until", new AskSuspensionRequest(SuspensionReason.Funding, new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), "等待资金")),
            detail => (detail.Details.Suspension!.AskedBy, detail.Details.Suspension.ApprovedAt, detail.Clock).ShouldBe((People.Handler, null, Clock.Handle))),
        ["approve-suspension"] = new(
            People.TownLeader, town => On(AskedToWait(town), new ApproveSuspensionRequest("同意挂账")), "case_suspension_approved", CaseStage.Handling,
            new(403, "access.denied", By: People.SectorLead), detail => (detail.Details.Suspension!.ApprovedBy, detail.Details.Suspension.EndedAt).ShouldBe((People.TownLeader, null))),
        ["refuse-suspension"] = new(
            People.TownLeader, town => On(AskedToWait(town), new RefuseSuspensionRequest("可先垫付")), "case_suspension_refused", CaseStage.Handling,
            new(409, "case.suspension.not_asked", After: true), detail => detail.Details.Suspension.ShouldBeNull()),
        ["resume"] = new(
            People.Dispatcher, async town => (await town.After(await AskedToWait(town), "approve-suspension", new ApproveSuspensionRequest(), People.TownLeader), new ResumeCaseRequest("资金已到")),
            "case_suspension_ended", CaseStage.Handling, new(409, "case.not_suspended", After: true), detail => (detail.Details.Suspension!.EndedAt is not null, detail.Clock).ShouldBe((true, Clock.Handle))),
        ["appeal-lateness"] = new(
            People.Handler, town => On(ClosedLate(town), new AppealLatenessRequest("连日暴雨")), "case_lateness_appealed", CaseStage.Closed,
            new(409, "case.appeal.once", After: true), detail => detail.Details.Appeal.ShouldBe(new AppealView(AppealStanding.FirstReview, People.Handler))),
        ["review-appeal"] = new(
            People.Supervisor, async town =>
            {
                var appealed = await town.After(await ClosedLate(town), "appeal-lateness", new AppealLatenessRequest("连日暴雨"), People.Handler);
                return (await town.After(appealed, "review-appeal", new ReviewAppealRequest(true, "属实"), People.SectorLead), new ReviewAppealRequest(true, "同意免责"));
            },
            "case_appeal_reviewed", CaseStage.Closed, new(409, "case.appeal.higher_rank", By: People.SectorLead), detail => detail.Details.Appeal!.Standing.ShouldBe(AppealStanding.Exempted)),
    };

    public static TheoryData<string> Commands => [.. Examples.Keys];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_command_shows_in_the_case_in_its_history_and_in_the_list_and_is_refused_where_it_does_not_belong(string command)
    {
        var example = Examples[command];
        var (which, body) = await example.Given(Town);
        if (!example.Refused.After)
            await RefusedAsync(command, example, which, body);

        var answer = await GiveAsync(command, example.By, which, body);
        answer.Status.ShouldBe(which is null ? 201 : 200, answer.Text);
        var id = answer.Receipt.Id;
        answer.Receipt.Version.ShouldBeGreaterThan(which?.Version ?? 0);

        var reader = Town.As(example.Reader);
        var detail = await reader.GetAsync<CaseDetail>($"/api/cases/{id}?minPosition={answer.Position}");
        (detail.Stage, detail.Version).ShouldBe((example.Then, answer.Receipt.Version));
        if (example.Shows is { } shows)
            await shows(Town, detail);
        var happened = (await reader.GetAsync<CaseHistory>($"/api/cases/{id}/history")).Items.Where(item => item.Version > (which?.Version ?? 0) && item.Actor.Role != Role.System).ToList();
        string.Join(' ', happened.Select(item => item.Type)).ShouldBe(example.Events);
        happened.ShouldAllBe(item => item.Actor.Id == example.By);
        var listed = (await reader.GetAsync<CaseList>($"/api/cases?words={detail.Number}&minPosition={answer.Position}")).Items.ShouldHaveSingleItem();
        (listed.Id, listed.Stage, listed.Version, listed.ClaimedBy).ShouldBe((id, example.Then, detail.Version, detail.Assignment?.ClaimedBy));

        if (example.Refused.After)
            await RefusedAsync(command, example, which! with { Version = answer.Receipt.Version }, body);
    }

    [Fact]
    public async Task Every_command_of_the_matrix_and_every_address_of_the_interface_has_its_example()
    {
        var matrix = typeof(CaseCommand).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(CaseCommand)) && !type.IsAbstract)
            .Select(type => ((CaseCommand)RuntimeHelpers.GetUninitializedObject(type)).Name)
            .Except(Parts)
            .Order(StringComparer.Ordinal)
            .ToList();
        Examples.Keys.Order(StringComparer.Ordinal).ShouldBe(matrix);

        const string Prefix = "/api/cases/{id}/";
        var paths = (await Town.As(null).GetAsync("/openapi/v1.json")).Object["paths"]!.AsObject();
        var addresses = paths.Where(path => path.Value is JsonObject item && item.ContainsKey("post")).Select(path => path.Key).Where(path => path.StartsWith(Prefix, StringComparison.Ordinal)).Select(path => path[Prefix.Length..]);
        addresses.Append("report").Append("report-solved").Order(StringComparer.Ordinal).ShouldBe(matrix);
    }

    /// <summary>Who writes down a report of which source, what stands in it, and who has it then.</summary>
    public static TheoryData<CaseSource, string, string?, CaseStage> Sources => new()
    {
        { CaseSource.GridWorker, People.GridWorker, null, CaseStage.Reported },
        { CaseSource.Patrol, People.GridWorker, null, CaseStage.Reported },
        { CaseSource.PartyMember, People.GridWorker, null, CaseStage.Assessing },
        { CaseSource.Deputy, People.Secretary, "建议第 12 号", CaseStage.Reported },
        { CaseSource.Resident, People.Resident, null, CaseStage.Reported },
        { CaseSource.QrCode, People.Resident, "bin-17", CaseStage.Reported },
        { CaseSource.Center, People.Operator, null, CaseStage.Reported },
        { CaseSource.Hotline, People.Operator, "12345-20261121-0007", CaseStage.Reported },
        { CaseSource.Device, People.Operator, "water-level-03", CaseStage.Reported },
        { CaseSource.Deputy, People.Operator, "建议第 13 号", CaseStage.Reported },
        { CaseSource.PartyMember, People.Operator, null, CaseStage.Assessing },
    };

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_report_says_how_it_came_in_and_goes_to_whoever_has_to_look_at_it_first(CaseSource source, string by, string? reference, CaseStage stage)
    {
        var which = await Town.ACaseThatWasReported(Town.AReport() with { Source = source, Reference = reference }, by);

        var detail = await Town.Read(which);
        (detail.Source, detail.Details.Reference, detail.Stage, detail.ReportedBy.Id).ShouldBe((source, reference, stage, by));
        (await Town.As(People.Operator).GetAsync<CaseHistory>($"{which.Path}/history")).Items[0].Data["source"]!.GetValue<string>().ShouldBe(Composition.Names.Of(source));
    }

    [Theory]
    [InlineData(CaseSource.Hotline, People.GridWorker)]
    [InlineData(CaseSource.Device, People.Secretary)]
    [InlineData(CaseSource.Deputy, People.Resident)]
    [InlineData(CaseSource.Meeting, People.Operator)]
    public async Task A_source_that_is_not_theirs_to_write_down_is_refused(CaseSource source, string by) =>
        (await Town.As(by).ReportAsync(Town.AReport() with { Source = source })).Problem(422, "source.not_yours", "source").Message.Zh.ShouldMatch("可以登记：.*(扫码上报|群众反映)");

    private async Task RefusedAsync(string command, Example example, TestCase? which, object body)
    {
        var wrong = example.Refused;
        which = wrong.Given is null ? which : await wrong.Given(Town);
        var answer = await GiveAsync(command, wrong.By ?? example.By, which, wrong.Body ?? body);
        answer.Problem(wrong.Status, wrong.Code, wrong.Field);
        if (which is not null)
            (await Town.EventsOf(which)).Count.ShouldBe((int)which.Version);
    }

    private Task<Answer> GiveAsync(string command, string by, TestCase? which, object body) => which is not null ? Town.As(by).CommandAsync(which.Id, command, body)
        : command == "report" ? Town.As(by).ReportAsync(body) : Town.As(by).PostAsync("/api/cases/solved", body);

    // To the whole day: it was dispatched a moment after it was reported.
    private static double DaysToHandle(CaseDetail detail) => Math.Round((detail.DueAt!.Value - detail.ReportedAt).TotalDays);

    private static async Task<(TestCase? Which, object Body)> On(Task<TestCase> which, object body) => (await which, body);

    private static async Task<string> PhotoAsync(Town town, string by) => (await town.As(by).PostAsync("/api/photos", Images.Png(11), mediaType: "image/png")).Ok<PhotoReceipt>().Photo;

    private static async Task<TestCase> Assessing(Town town) => await town.After(await town.ACaseThatWasReported(), "send-to-village", new SendCaseToVillageRequest(), People.Operator);

    private static async Task<TestCase> Checking(Town town) => await town.After(await town.ACaseThatWasReported(), "check", new OrderCaseCheckRequest(People.GridWorker), People.Operator);

    private static async Task<TestCase> Merged(Town town)
    {
        var main = await town.ACaseThatWasReported();
        return await town.After(await town.ACaseThatWasReported(), "merge", new MergeCaseRequest(main.Id), People.Operator);
    }

    private static async Task<TestCase> Transferring(Town town) =>
        await town.After(await town.ACaseThatWasReported(), "request-transfer", new RequestCaseTransferRequest(Town.Area(Places.NeighbourTown), "在邻镇"), People.Dispatcher);

    private static async Task<TestCase> OfTheDistrict(Town town) => await town.After(await town.ACaseThatWasFiled(), "raise-level", new RaiseCaseLevelRequest(MatterLevel.District, "镇里办不了"), People.TownLeader);

    private static async Task<TestCase> WithSubtask(Town town) => await town.After(await town.ACaseThatWasClaimed(), "add-subtask", new AddSubtaskRequest("联系车辆", Colleague), People.Handler);

    private static async Task<TestCase> AskedForTime(Town town) => await town.After(await town.ACaseThatWasClaimed(), "ask-extension", new AskExtensionRequest(2, "等待材料"), People.Handler);

    private static async Task<TestCase> AskedToWait(Town town) =>
        await town.After(await town.ACaseThatWasClaimed(), "ask-suspension", new AskSuspensionRequest(SuspensionReason.Funding, town.Clock.GetUtcNow().AddDays(60), "等待资金"), People.Handler);

    /// <summary>An emergency is handled within two hours.</summary>
    private static async Task<TestCase> ClosedLate(Town town)
    {
        var claimed = await town.ACaseThatWasClaimed(Town.AReport("堤坝渗水。", urgency: Urgency.Emergency));
        await town.PassAsync(TimeSpan.FromHours(2.5));
        var completed = await town.After(claimed, "complete", new CompleteCaseRequest("已封堵"), People.Handler);
        return await town.After(await town.After(completed, "verify", new VerifyCaseRequest(true), People.GridWorker), "close", new CloseCaseRequest(), People.Dispatcher);
    }
}
