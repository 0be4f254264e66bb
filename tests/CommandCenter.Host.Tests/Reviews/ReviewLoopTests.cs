using System.Globalization;
using System.Text.Json.Nodes;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Reviews;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Inbox;
using CommandCenter.Host.Reviews;
using CommandCenter.Host.Tests.Towns;
using Microsoft.Extensions.DependencyInjection;

namespace CommandCenter.Host.Tests.Reviews;

/// <summary>Stays on the spot, and review meetings with lessons and measures.</summary>
public sealed class ReviewLoopTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private const string Office = "office-01";

    private Town Town => fixture.Town;

    [Fact]
    public async Task A_review_collects_the_closed_late_cases_of_a_span_and_is_settled_with_its_last_measure()
    {
        // Given one case that was late and closed, and one that was in time,
        var late = await Town.ACaseThatWasClaimed();
        await Town.PassAsync(TimeSpan.FromDays(11));
        foreach (var (command, body, by) in ((string, object, string)[])
            [
                ("complete", new CompleteCaseRequest("已清运"), People.Handler), ("verify", new VerifyCaseRequest(true), People.GridWorker), ("rate", new RateCaseRequest(5, FixResult.Fixed, "电话回访：已告知结果"), People.Operator),
                ("close", new CloseCaseRequest("办结"), People.Dispatcher),
            ])
            await Town.After(late, command, body, by);
        var inTime = await Town.ACaseThatWasClosed();
        await Town.PassAsync(TimeSpan.FromMinutes(1));

        // when the office prepares a review of the month, the late one is collected with its reason.
        var today = DateOnly.FromDateTime(Town.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime);
        var prepared = await Town.As(Office).PostAsync("/api/reviews", new PrepareReviewRequest(AreaCode.Parse(Places.Town), today.AddDays(-30), today, Town.Clock.GetUtcNow().AddDays(2)));
        prepared.Status.ShouldBe(201, prepared.Text);
        var path = $"/api/reviews/{prepared.Receipt.Id}";
        var review = await Read();
        review.Cases.ShouldNotContain(one => one.CaseId == inTime.Id);
        var item = review.Cases.Single(one => one.CaseId == late.Id);
        item.Reasons.ShouldBe([ReviewReason.Late]);
        item.CaseNumber.ShouldNotBeNull();
        (await Town.As(People.Dispatcher).GetAsync<CaseList>("/api/cases?underReview=true")).Items.Select(one => one.Id).ShouldContain(late.Id);

        // It is not concluded before each case has its lesson, whose measures have owners and days.
        var early = await Town.As(Office).PostAsync("/api/reviews", new PrepareReviewRequest(AreaCode.Parse(Places.Town), today.AddDays(-30), today, Town.Clock.GetUtcNow().AddDays(61)));
        early.Problem(422, "review.start.out_of_range");
        (await Town.As(Office).PostAsync($"{path}/conclude", new ConcludeReviewRequest())).Problem(409, "review.not_begun");
        (await Town.As(Office).PostAsync($"{path}/record-lesson", new RecordLessonRequest(item.Number, "研判太晚", []))).Problem(409, "review.measures");
        (await Town.As(Office).PostAsync($"{path}/record-lesson", new RecordLessonRequest(item.Number, "研判太晚", [new MeasureRequest("立案即测算", "nobody", Town.Clock.GetUtcNow().AddDays(30))]))).Problem(422, "review.person_unknown", "measures.owner");
        var due = Town.Clock.GetUtcNow().AddDays(30);
        await Do(Office, "record-lesson", new RecordLessonRequest(item.Number, "研判太晚，联系13800000000", [new MeasureRequest("立案即测算资金", People.Handler, due), new MeasureRequest("每周调度", Office, due)]));
        foreach (var other in review.Cases.Where(one => one.Number != item.Number))
            await Do(Office, "leave-out", new LeaveOutItemRequest(other.Number, "另行复盘"));
        (await Town.As(Office).PostAsync($"{path}/conclude", new ConcludeReviewRequest())).Problem(409, "review.not_begun");
        // Whoever had the case is asked to come, and the town's leader.
        (await ToldAsync(People.Handler, prepared.Receipt.Id)).ShouldBe([NoticeKind.ReviewCalled]);
        (await ToldAsync(People.TownLeader, prepared.Receipt.Id)).ShouldBe([NoticeKind.ReviewCalled]);
        await Town.PassAsync(TimeSpan.FromDays(2));
        await Do(Office, "conclude", new ConcludeReviewRequest("一件复盘"));
        (await Town.As(People.Dispatcher).GetAsync<CaseDetail>($"/api/cases/{late.Id}")).Details.Reviews.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            one => one.Review.ShouldBe(prepared.Receipt.Id), one => one.Outcome.ShouldBe(ReviewOutcome.Learned));

        // Each owner is told and finishes the measure; then it is settled.
        await Town.CaughtUpAsync();
        (await Town.As(People.Handler).GetAsync<InboxPage>("/api/inbox")).Items.Where(notice => notice.Kind == NoticeKind.ReviewMeasureGiven).ShouldHaveSingleItem().DueAt.ShouldBe(due);
        // An import names the measure where its owner leaves.
        (await Town.Services.GetRequiredService<OpenWorkList>().ReadAsync(CancellationToken.None)).ShouldNotBeNull().ShouldContain(work => work.Subject == $"review:{prepared.Receipt.Id}" && work.Label == "1" && work.Person == People.Handler);
        (await Town.As(People.GridWorker).PostAsync($"{path}/finish-measure", new FinishMeasureRequest(1, "已落实"))).Problem(403, "access.denied");
        await Do(People.Handler, "finish-measure", new FinishMeasureRequest(1, "资金测算已列入立案标准"));
        await Town.PassAsync(TimeSpan.FromDays(31));
        (await Read()).Item.ShouldSatisfyAllConditions(one => one.Stage.ShouldBe(ReviewStage.Concluded), one => one.OpenMeasures.ShouldBe(1), one => one.Overdue.ShouldBe(1));
        // Whoever has not taken theirs is told before its day and when it has passed; who has is not.
        (await ToldAsync(Office, prepared.Receipt.Id)).ShouldBe([NoticeKind.ReviewMeasureGiven, NoticeKind.ReviewMeasureDue, NoticeKind.ReviewMeasureOverdue]);
        (await ToldAsync(People.Handler, prepared.Receipt.Id)).ShouldBe([NoticeKind.ReviewCalled, NoticeKind.ReviewMeasureGiven]);
        await Do(Office, "finish-measure", new FinishMeasureRequest(2, "已建立周调度"));
        (await Town.AskAsync<long>($"select count(*) from cc_timers where saga = 'review_measures' and saga_id = '{prepared.Receipt.Id}'")).ShouldBe(0);
        var settled = await Read();
        settled.Item.Stage.ShouldBe(ReviewStage.Settled);
        settled.Cases.Single(one => one.CaseId == late.Id).ShouldSatisfyAllConditions(
            one => one.Lesson.ShouldBe("研判太晚，联系13800000000"), one => one.Measures.Select(measure => (measure.Text, measure.Owner.Id, measure.Result)).ShouldBe(
                [("立案即测算资金", People.Handler, "资金测算已列入立案标准"), ("每周调度", Office, "已建立周调度")]));
        (await Town.As(People.Supervisor).GetAsync<ReviewItems>("/api/reviews")).Items.ShouldContain(one => one.Id == prepared.Receipt.Id);
        (await Town.As(People.NeighbourDispatcher).GetAsync(path)).Problem(403, "access.denied");

        async Task<ReviewDetail> Read()
        {
            await Town.CaughtUpAsync();
            return await Town.As(Office).GetAsync<ReviewDetail>(path);
        }

        async Task Do(string by, string command, object body)
        {
            var answer = await Town.As(by).PostAsync($"{path}/{command}", body);
            answer.Status.ShouldBe(200, $"{command} by {by}: {answer.Text}");
        }
    }

    private async Task<IReadOnlyList<NoticeKind>> ToldAsync(string person, string id, string category = "review")
    {
        await Town.CaughtUpAsync();
        return [.. (await Town.As(person).GetAsync<InboxPage>("/api/inbox")).Items.Where(notice => notice.Subject == $"{category}:{id}" && notice.ReadAt == null).Select(notice => notice.Kind).Reverse()];
    }

    [Fact]
    public async Task A_stay_on_the_spot_is_recorded_on_a_case_or_a_place_and_followed_up_until_what_was_agreed_is_done()
    {
        var dispatched = await Town.ACaseThatWasDispatched();
        var now = Town.Clock.GetUtcNow();
        var stay = new RecordGuidanceRequest(AreaCode.Parse(Places.Grid), now.AddHours(-8), now.AddHours(-1), "堆放点无人管护", "三日内清运并设专人管护", CaseId: dispatched.Id, By: now.AddDays(3));

        (await Town.As(People.GridWorker).PostAsync("/api/guidances", stay)).Problem(403, "access.denied");
        (await Town.As(People.Supervisor).PostAsync("/api/guidances", stay with { To = now.AddDays(1) })).Problem(409, "guidance.times");
        (await Town.As(People.Supervisor).PostAsync("/api/guidances", stay with { CaseId = new string('0', 32) })).Problem(422, "case.unknown", "caseId");
        var receipt = (await Town.As(People.Supervisor).PostAsync("/api/guidances", stay)).Receipt;
        await Town.CaughtUpAsync();
        var item = (await Town.As(People.TownLeader).GetAsync<GuidanceItems>($"/api/guidances?caseId={dispatched.Id}")).Items.ShouldHaveSingleItem();
        (item.Stage, item.People.ShouldHaveSingleItem().Id, item.Place.Value).ShouldBe((GuidanceStage.Recorded, People.Supervisor, Places.Grid));

        // Nobody reports it as done by its day: who stayed and the town are told, once.
        await Town.PassAsync(TimeSpan.FromDays(4));
        await Town.CaughtUpAsync();
        foreach (var person in (string[])[People.Supervisor, People.Dispatcher, People.TownLeader])
        {
            (await Town.As(person).GetAsync<InboxPage>("/api/inbox")).Items.Where(notice => notice.Subject == $"guidance:{receipt.Id}").ShouldHaveSingleItem().ShouldSatisfyAllConditions(
                notice => notice.Kind.ShouldBe(NoticeKind.GuidanceOverdue), notice => notice.DueAt.ShouldNotBeNull().ShouldBe(now.AddDays(3), TimeSpan.FromSeconds(1)));
        }

        (await Town.As(People.TownLeader).GetAsync<GuidanceItems>($"/api/guidances?caseId={dispatched.Id}")).Items.ShouldHaveSingleItem().Overdue.ShouldBeTrue();
        (await Town.As(People.Dispatcher).PostAsync($"/api/guidances/{receipt.Id}/follow-up", new FollowUpGuidanceRequest(false, "已联系清运"))).Status.ShouldBe(200);
        (await Town.As(People.TownLeader).PostAsync($"/api/guidances/{receipt.Id}/follow-up", new FollowUpGuidanceRequest(true, "已清运并设专人"))).Status.ShouldBe(200);
        (await Town.As(People.TownLeader).PostAsync($"/api/guidances/{receipt.Id}/follow-up", new FollowUpGuidanceRequest(true, "再次"))).Problem(409, "guidance.settled");
        var detail = await Town.As(People.GridWorker).GetAsync<GuidanceDetail>($"/api/guidances/{receipt.Id}");
        (detail.Item.Stage, detail.FollowUps.Select(one => one.Result)).ShouldSatisfyAllConditions(one => one.Item1.ShouldBe(GuidanceStage.Settled), one => one.Item2.ShouldBe(["已联系清运", "已清运并设专人"]));
        (await Town.As(People.NeighbourDispatcher).GetAsync($"/api/guidances/{receipt.Id}")).Problem(403, "access.denied");
    }

    [Fact]
    public async Task A_stay_is_planned_on_a_case_begins_when_they_come_and_is_finished_with_its_record()
    {
        // Given a stay of the office and the post's handler at a case, planned by the office,
        var dispatched = await Town.ACaseThatWasDispatched();
        var now = Town.Clock.GetUtcNow();
        var plan = new PlanGuidanceRequest(AreaCode.Parse(Places.Grid), now.AddHours(4), now.AddHours(8), "现场商定责任单位，联系13800000000", [Office, People.Handler], dispatched.Id);
        (await Town.As(People.GridWorker).PostAsync("/api/guidances/plan", plan)).Problem(403, "access.denied");
        (await Town.As(Office).PostAsync("/api/guidances/plan", plan with { From = now.AddDays(61), To = now.AddDays(62) })).Problem(422, "guidance.plan.out_of_range");
        (await Town.As(Office).PostAsync("/api/guidances/plan", plan with { CaseId = new string('0', 32) })).Problem(422, "case.unknown", "caseId");
        (await Town.As(Office).PostAsync("/api/guidances/plan", plan with { People = ["nobody"] })).Problem(422, "review.person_unknown", "people");
        (await Town.As(Office).PostAsync("/api/guidances/plan", plan with { Place = AreaCode.Parse(Places.NeighbourTown) })).Problem(403, "access.denied");
        var planned = await Town.As(Office).PostAsync("/api/guidances/plan", plan);
        planned.Status.ShouldBe(201, planned.Text);
        var id = planned.Receipt.Id;
        (await ToldAsync(People.Handler, id, "guidance")).ShouldBe([NoticeKind.GuidancePlanned]);
        var item = (await Town.As(People.TownLeader).GetAsync<GuidanceItems>($"/api/guidances?caseId={dispatched.Id}")).Items.ShouldHaveSingleItem();
        (item.Stage, item.Found, item.Overdue).ShouldBe((GuidanceStage.Planned, null, false));
        item.Task.ShouldNotBeNull().ShouldNotContain("13800000000");
        item.DueAt.ShouldNotBeNull().ShouldBe(plan.From, TimeSpan.FromSeconds(1));
        // An import names the stay where one who is to go leaves.
        (await Town.Services.GetRequiredService<OpenWorkList>().ReadAsync(CancellationToken.None)).ShouldNotBeNull().ShouldContain(work => work.Subject == $"guidance:{id}" && work.Person == People.Handler);

        // when nobody has come by then, whoever planned it is asked, and nobody else.
        (await Town.As(People.Handler).PostAsync($"/api/guidances/{id}/finish", new FinishGuidanceRequest("坑洞三处", "三日内修补"))).Problem(409, "guidance.not_begun");
        await Town.PassAsync(TimeSpan.FromHours(5));
        (await ToldAsync(Office, id, "guidance")).ShouldBe([NoticeKind.GuidancePlanned, NoticeKind.GuidanceNotBegun]);
        (await ToldAsync(People.Handler, id, "guidance")).ShouldBe([NoticeKind.GuidancePlanned]);

        // Those who go say that they have come, and where; and what they found and agreed.
        (await Town.As(People.Handler).PostAsync($"/api/guidances/{id}/call-off", new CallOffGuidanceRequest("改期"))).Problem(403, "access.denied");
        (await Town.As(People.Handler).PostAsync($"/api/guidances/{id}/begin", new BeginGuidanceRequest(AreaCode.Parse(Places.NeighbourTown)))).Problem(409, "guidance.elsewhere");
        (await Town.As(People.Handler).PostAsync($"/api/guidances/{id}/begin", new BeginGuidanceRequest())).Status.ShouldBe(200);
        (await Town.As(Office).PostAsync($"/api/guidances/{id}/call-off", new CallOffGuidanceRequest("改期"))).Problem(409, "guidance.begun");
        await Town.PassAsync(TimeSpan.FromHours(4));
        (await ToldAsync(People.Handler, id, "guidance")).ShouldBe([NoticeKind.GuidancePlanned, NoticeKind.GuidanceNotRecorded]);
        var finished = await Town.As(People.Handler).PostAsync($"/api/guidances/{id}/finish", new FinishGuidanceRequest("坑洞三处", "三日内修补", By: Town.Clock.GetUtcNow().AddDays(3)));
        finished.Status.ShouldBe(200, finished.Text);

        // Then it is a stay like any other, with its plan, and what was agreed is asked for.
        var detail = await Town.As(People.GridWorker).GetAsync<GuidanceDetail>($"/api/guidances/{id}");
        (detail.Item.Stage, detail.Found, detail.Agreed).ShouldBe((GuidanceStage.Recorded, "坑洞三处", "三日内修补"));
        detail.Item.People.Select(person => person.Id).ShouldBe([Office, People.Handler]);
        detail.Plan.ShouldNotBeNull().ShouldSatisfyAllConditions(one => one.Task.ShouldBe("现场商定责任单位，联系13800000000"), one => one.By.Id.ShouldBe(Office));
        detail.Item.From.ShouldBe(detail.Arrived.ShouldNotBeNull());
        (await Town.AskAsync<long>($"select count(*) from cc_timers where saga = 'guidance_days' and saga_id = '{id}'")).ShouldBe(1, "the day of what was agreed");
        (await Town.As(People.Handler).PostAsync($"/api/guidances/{id}/follow-up", new FollowUpGuidanceRequest(true, "已修补"))).Status.ShouldBe(200);
        (await Town.AskAsync<long>($"select count(*) from cc_timers where saga = 'guidance_days' and saga_id = '{id}'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_planned_stay_that_is_called_off_says_why_and_reminds_nobody()
    {
        var now = Town.Clock.GetUtcNow();
        var planned = (await Town.As(Office).PostAsync("/api/guidances/plan", new PlanGuidanceRequest(AreaCode.Parse(Places.Grid), now.AddHours(4), now.AddHours(8), "看现场", [People.Handler]))).Receipt;
        (await Town.As(Office).PostAsync($"/api/guidances/{planned.Id}/call-off", new CallOffGuidanceRequest("强降雨，改期"))).Status.ShouldBe(200);
        await Town.PassAsync(TimeSpan.FromHours(5));
        (await ToldAsync(People.Handler, planned.Id, "guidance")).ShouldBe([NoticeKind.GuidancePlanned, NoticeKind.GuidanceCalledOff]);
        (await ToldAsync(Office, planned.Id, "guidance")).ShouldBeEmpty();
        var detail = await Town.As(People.TownLeader).GetAsync<GuidanceDetail>($"/api/guidances/{planned.Id}");
        (detail.Item.Stage, detail.CalledOff, detail.Item.Overdue).ShouldBe((GuidanceStage.CalledOff, "强降雨，改期", false));
        detail.Possible.ShouldBeEmpty();
        (await Town.As(People.Handler).PostAsync($"/api/guidances/{planned.Id}/begin", new BeginGuidanceRequest())).Problem(409, "guidance.called_off");
    }

    [Fact]
    public async Task A_span_without_late_cases_has_nothing_to_review_and_the_span_must_be_one()
    {
        var scope = AreaCode.Parse(Places.NeighbourTown);
        var at = Town.Clock.GetUtcNow().AddDays(1);
        (await Town.As(People.Supervisor).PostAsync("/api/reviews", new PrepareReviewRequest(scope, new DateOnly(2026, 1, 1), new DateOnly(2026, 1, 31), at))).Problem(403, "access.denied");
        (await Town.As(Office).PostAsync("/api/reviews", new PrepareReviewRequest(AreaCode.Parse(Places.Town), new DateOnly(2020, 1, 1), new DateOnly(2020, 1, 31), at))).Problem(409, "review.nothing");
        (await Town.As(Office).PostAsync("/api/reviews", new PrepareReviewRequest(AreaCode.Parse(Places.Town), new DateOnly(2020, 1, 1), new DateOnly(2022, 1, 31), at))).Problem(409, "review.span");
        (await Town.As(Office).PostAsync("/api/reviews", new PrepareReviewRequest(AreaCode.Parse(Places.Town), new DateOnly(2020, 2, 1), new DateOnly(2020, 1, 31), at))).Problem(422, "field.out_of_range", "to");
    }

    [Fact]
    public async Task Every_request_about_stays_and_reviews_has_an_example_that_the_host_accepts()
    {
        var document = (await Town.As(null).GetAsync("/openapi/v1.json")).Object;
        var now = Town.Clock.GetUtcNow();
        var late = await Town.ACaseThatWasClaimed();
        await Town.PassAsync(TimeSpan.FromDays(11));
        foreach (var (command, body, by) in ((string, object, string)[])
            [
                ("complete", new CompleteCaseRequest("已清运"), People.Handler), ("verify", new VerifyCaseRequest(true), People.GridWorker), ("rate", new RateCaseRequest(5, FixResult.Fixed, "电话回访：已告知结果"), People.Operator),
                ("close", new CloseCaseRequest("办结"), People.Dispatcher),
            ])
            await Town.After(late, command, body, by);

        var stay = await Try("/api/guidances", "", People.Supervisor, body => (body["from"], body["to"]) = (Text(now.AddHours(-8)), Text(now.AddHours(-1))), 201);
        await Try("/api/guidances/{id}/follow-up", stay, People.TownLeader);
        var planned = await PlanAsync();
        await Try("/api/guidances/{id}/begin", planned, People.Supervisor);
        await Town.PassAsync(TimeSpan.FromHours(1));
        await Try("/api/guidances/{id}/finish", planned, People.Supervisor);
        await Try("/api/guidances/{id}/call-off", await PlanAsync(), People.Supervisor);
        var review = await PrepareAsync();
        foreach (var other in (await Town.As(Office).GetAsync<ReviewDetail>($"/api/reviews/{review}")).Cases)
            await Try("/api/reviews/{id}/leave-out", review, Office, body => body["item"] = other.Number);
        await Try("/api/reviews/{id}/record-lesson", review, Office, body => body["measures"]![0]!["dueAt"] = Text(Town.Clock.GetUtcNow().AddDays(30)));
        await Town.PassAsync(TimeSpan.FromDays(2));
        await Try("/api/reviews/{id}/conclude", review, Office);
        await Try("/api/reviews/{id}/finish-measure", review, Office);
        await Try("/api/reviews/{id}/cancel", await PrepareAsync(), Office);

        Task<string> PlanAsync() => Try("/api/guidances/plan", "", People.Supervisor, body => (body["from"], body["to"]) = (Text(Town.Clock.GetUtcNow().AddHours(2)), Text(Town.Clock.GetUtcNow().AddHours(9))), 201);

        Task<string> PrepareAsync() => Try("/api/reviews", "", Office, body => (body["from"], body["to"], body["startsAt"]) = (Day(-60), Day(0), Text(Town.Clock.GetUtcNow().AddDays(2))), 201);

        string Day(int days) => Town.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        static string Text(DateTimeOffset at) => at.ToString("O", CultureInfo.InvariantCulture);

        async Task<string> Try(string path, string id, string by, Action<JsonNode>? change = null, int status = 200)
        {
            var reference = document["paths"]![path]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"]!.GetValue<string>();
            var body = JsonNode.Parse(document["components"]!["schemas"]![reference.Split('/')[^1]]!["examples"].ShouldNotBeNull(reference)[0]!.ToJsonString())!;
            change?.Invoke(body);
            var answer = await Town.As(by).PostAsync(path.Replace("{id}", id, StringComparison.Ordinal), body.ToJsonString());
            answer.Status.ShouldBe(status, $"{path}: {answer.Text}");
            return answer.Receipt.Id;
        }
    }
}
