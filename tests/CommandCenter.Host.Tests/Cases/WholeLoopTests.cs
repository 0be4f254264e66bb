using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Deadlines;
using CommandCenter.Host.Inbox;
using CommandCenter.Host.Tests.Towns;

namespace CommandCenter.Host.Tests.Cases;

public sealed class WholeLoopTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private Town Town => fixture.Town;

    [Fact]
    public async Task A_case_goes_from_report_to_closure_and_every_step_answers_with_its_version_and_position()
    {
        var reported = await Town.As(People.GridWorker).ReportAsync(Town.AReport());
        reported.Status.ShouldBe(201);
        var id = reported.Receipt.Id;
        reported.Location.ShouldBe($"/api/cases/{id}");
        reported.ETag.ShouldBe("\"2\"");
        reported.Position.ToString().ShouldBe(reported.Receipt.Position);

        (string Command, string By, object Body, CaseStage Then)[] steps =
        [
            ("file", People.Operator, new FileCaseRequest("river-pollution", Urgency.Normal, "属实"), CaseStage.Filed),
            ("dispatch", People.Dispatcher, new DispatchCaseRequest(Unit.OfPost("village-construction"), Instructions: "请今日到场"), CaseStage.Dispatched),
            ("claim", People.Handler, new ClaimCaseRequest(), CaseStage.Handling),
            ("complete", People.Handler, new CompleteCaseRequest("已清理"), CaseStage.Completed),
            ("verify", People.GridWorker, new VerifyCaseRequest(true, "现场整洁"), CaseStage.Verified),
            ("rate", People.GridWorker, new RateCaseRequest(5, FixResult.Fixed, "满意"), CaseStage.Rated),
            ("close", People.Dispatcher, new CloseCaseRequest("办结"), CaseStage.Closed),
        ];
        var before = reported;
        foreach (var (command, by, body, then) in steps)
        {
            var detail = await Town.As(by).GetAsync<CaseDetail>($"/api/cases/{id}");
            detail.Possible.ShouldContain(command);

            var answer = await Town.As(by).CommandAsync(id, command, body, ifMatch: before.ETag);

            answer.Status.ShouldBe(200, answer.Text);
            answer.Receipt.Version.ShouldBeGreaterThan(before.Receipt.Version);
            answer.ETag.ShouldBe($"\"{answer.Receipt.Version}\"");
            answer.Position.Position.ShouldBeGreaterThan(before.Position.Position);
            var after = await Town.As(People.Operator).GetAsync($"/api/cases/{id}?minPosition={answer.Position}");
            after.ETag.ShouldBe(answer.ETag);
            after.Ok<CaseDetail>().Stage.ShouldBe(then);
            before = answer;
        }

        var closed = await Town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{id}");
        closed.Number.ShouldNotBeNull().ShouldStartWith("20261121-");
        (closed.Clock, closed.Late, string.Join(" ", closed.Possible)).ShouldBe((null, false, "reopen link give-feedback"));
        closed.Rating.ShouldBe(new RatingView(5, FixResult.Fixed, "满意"));
    }

    [Fact]
    public async Task The_history_tells_every_event_with_who_in_which_role_when_and_why()
    {
        var which = await Town.ACaseThatWasClosed();

        var history = (await Town.As(People.Operator).GetAsync<CaseHistory>($"{which.Path}/history")).Items;

        history.Select(item => item.Type).ShouldBe(
        [
            "case_reported", "case_clock_started", "case_filed", "case_clock_stopped", "case_clock_started", "case_dispatched", "case_clock_stopped", "case_clock_started",
            "case_clock_started", "case_claimed", "case_completed", "case_clock_stopped", "case_clock_started", "case_verified", "case_clock_stopped", "case_clock_started", "case_rated", "case_clock_stopped", "case_closed",
            "case_clock_stopped",
        ]);
        history.Select(item => item.Version).ShouldBe(Enumerable.Range(1, history.Count).Select(n => (long)n));
        history[0].Actor.ShouldBe(new ActorView(People.GridWorker, "网格员 01", "Grid worker 01", Role.GridWorker, Town.Area(Places.Grid)));
        history[1].Actor.Role.ShouldBe(Role.System);
        history.ShouldAllBe(item => item.Correlation == which.Stream && item.Causation == "command");
        history[0].Data["text"]!.GetValue<string>().ShouldBe("河道边堆放垃圾,有异味。");
        history[^2].Data["summary"]!.GetValue<string>().ShouldBe("办结");
        (await Town.EventsOf(which)).ShouldBe(history.Select(item => item.Type));
    }

    [Fact]
    public async Task Every_deadline_says_why_in_both_languages_and_how_it_ended()
    {
        var which = await Town.ACaseThatWasClaimed();

        var clocks = (await Town.As(People.Operator).GetAsync<CaseDeadlines>($"{which.Path}/deadlines")).Clocks;

        clocks.Select(clock => (clock.Clock, clock.State)).ShouldBe(
            [(Clock.Accept, ClockState.Met), (Clock.Dispatch, ClockState.Met), (Clock.Handle, ClockState.Running), (Clock.HardLimit, ClockState.Running)]);
        var accept = clocks[0];
        accept.DueAt.ShouldBe(accept.StartedAt.AddMinutes(15));
        accept.Policy.ShouldBe("default-1");
        accept.Why.Zh.ShouldBe("15 分钟（昼夜连续），自 2026-11-21（周六）08:00 起；应于 2026-11-21（周六）08:15 前完成；依据时限规则 default-1；已于 2026-11-21（周六）08:00 按期停止。");
        accept.Why.En.ShouldBe("15 minutes round the clock from Sat 2026-11-21 08:00; due Sat 2026-11-21 08:15; counted under policy default-1; stopped in time at Sat 2026-11-21 08:00.");
        var handle = clocks[2];
        handle.DueAt.ShouldBe(handle.StartedAt.AddDays(7));
        handle.Next.ShouldBe(new NextStepView("warning", handle.DueAt!.Value.AddDays(-1)));
        clocks[3].DueAt.ShouldBe(handle.StartedAt.AddDays(30));
        handle.Allowances.ShouldBe([new AllowanceView(new Limit(7, TimeUnit.NaturalDays), handle.StartedAt, 0, 7)]);
    }

    [Fact]
    public async Task Each_step_tells_those_whose_turn_it_is()
    {
        var which = await Town.ACaseThatWasCompleted();

        (await NoticesOf(People.Operator, which)).ShouldBe([NoticeKind.Reported]);
        (await NoticesOf("center-operator-02", which)).ShouldBe([NoticeKind.Reported]);
        (await NoticesOf(People.Handler, which)).ShouldBe([NoticeKind.Dispatched]);
        (await NoticesOf(People.HandlerOfSamePost, which)).ShouldBe([NoticeKind.Dispatched]);
        (await NoticesOf(People.GridWorker, which)).ShouldBe([NoticeKind.VerificationDue]);
        (await NoticesOf("grid-worker-18", which)).ShouldBe([NoticeKind.VerificationDue]);
        (await NoticesOf(People.GridWorkerElsewhere, which)).ShouldBeEmpty();
        (await NoticesOf(People.SectorLead, which)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_notice_is_read_once_and_reading_it_is_an_event()
    {
        var which = await Town.ACaseThatWasReported();
        var inbox = await InboxOf("center-operator-03", which);
        var notice = inbox.Items.Single(item => item.CaseId == which.Id);
        notice.ReadAt.ShouldBeNull();
        (notice.Category, notice.Area, notice.Reason).ShouldBe(("river-pollution", Town.Area(Places.Grid), RecipientReason.Holder));

        var key = TownClient.NewKey();
        var read = await Town.As("center-operator-03").PostAsync($"/api/inbox/{notice.Id}/read", "", key);
        var again = await Town.As("center-operator-03").PostAsync($"/api/inbox/{notice.Id}/read", "", key);

        read.Status.ShouldBe(200, read.Text);
        again.Position.ShouldBe(read.Position);
        var after = await Town.As("center-operator-03").GetAsync<InboxPage>($"/api/inbox?minPosition={read.Position}");
        after.Items.Single(item => item.Id == notice.Id).ReadAt.ShouldNotBeNull();
        after.Unread.ShouldBe(inbox.Unread - 1);
        (await Town.As(People.Operator).PostAsync($"/api/inbox/{notice.Id}/read", "")).Problem(404, "notice.unknown");
    }

    [Fact]
    public async Task A_case_is_found_by_words_of_its_report_its_number_its_place_and_its_category()
    {
        var lamp = await Town.ACaseThatWasReported(Town.AReport("晒坝口 LED 灯不亮，请打13811112222", "street-light"));
        await Town.CaughtUpAsync();
        var number = (await Town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{lamp.Id}")).Number;

        foreach (var words in (string[])["晒坝", "晒坝口 led", "檬梓桥 晒坝口", "Mengziqiao 晒坝口", "路灯 晒坝口", "street 晒坝口", $"{number} 晒坝口"])
            (await Find(words)).ShouldBe([lamp.Id], words);
        (await Find("晒坝口 井盖")).ShouldBeEmpty();
        // What is sealed is not found, and what looks like a pattern is none.
        (await Find("晒坝口 13811112222")).ShouldBeEmpty();
        (await Find("晒%口")).ShouldBeEmpty();
        (await Town.As(People.Operator).GetAsync($"/api/cases?words={new string('字', 101)}")).Problem(422, "field.too_long", "words");

        async Task<IEnumerable<string>> Find(string words) => (await Town.As(People.Operator).GetAsync<CaseList>($"/api/cases?words={Uri.EscapeDataString(words)}")).Items.Select(item => item.Id);
    }

    [Fact]
    public async Task The_center_may_refuse_a_report_with_its_reason()
    {
        var reported = await Town.ACaseThatWasReported();

        var refused = await Town.After(reported, "refuse", new RefuseCaseRequest(RefusalReason.Duplicate, "与昨日一件重复"), People.Operator);

        var detail = await Town.Read(refused);
        (detail.Stage, string.Join(" ", detail.Possible), detail.Clock).ShouldBe((CaseStage.Refused, "link give-feedback", null));
        (await Town.AskAsync<long>($"select count(*) from cc_timers where saga_id = '{refused.Id}'")).ShouldBe(0);
        (await Town.As(People.Operator).CommandAsync(refused.Id, "file", new FileCaseRequest("noise", Urgency.Normal))).Problem(409, "case.refused").Possible.ShouldBe(["link", "give-feedback"]);
    }

    [Fact]
    public async Task A_post_may_return_a_case_with_a_reason_and_it_is_dispatched_again()
    {
        var claimed = await Town.ACaseThatWasClaimed();

        var returned = await Town.After(claimed, "return", new ReturnCaseRequest("不属本岗"), People.Handler);

        (await Town.Read(returned)).Stage.ShouldBe(CaseStage.Filed);
        (await NoticesOf(People.Dispatcher, returned)).ShouldBe([NoticeKind.Returned, NoticeKind.Filed]);
        var elsewhere = await Town.After(returned, "dispatch", new DispatchCaseRequest(Unit.OfPost("ecology")), People.Dispatcher);
        (await Town.Read(elsewhere)).Assignment.ShouldNotBeNull().Unit.Post.ShouldBe("ecology");
        (await NoticesOf("post-handler-07", elsewhere)).ShouldBe([NoticeKind.Dispatched]);
    }

    [Fact]
    public async Task A_failed_verification_orders_rework_by_the_same_post()
    {
        var completed = await Town.ACaseThatWasCompleted();
        (await Town.As(People.GridWorker).CommandAsync(completed.Id, "verify", new VerifyCaseRequest(false))).Problem(409, "case.rework.reason_missing");

        var rework = await Town.After(completed, "verify", new VerifyCaseRequest(false, "仍有垃圾"), People.GridWorker);

        var detail = await Town.Read(rework);
        (detail.Stage, detail.Assignment!.Unit.Post).ShouldBe((CaseStage.Handling, "village-construction"));
        (await NoticesOf(People.Handler, rework)).ShouldBe([NoticeKind.Rework, NoticeKind.Dispatched]);
        await Town.After(rework, "complete", new CompleteCaseRequest("再次清理"), People.Handler);
        (await Town.As(People.Operator).GetAsync<CaseDeadlines>($"{rework.Path}/deadlines")).Clocks.Count(clock => clock.Clock == Clock.Handle).ShouldBe(2);
    }

    [Fact]
    public async Task What_the_reporter_calls_not_fixed_cannot_be_closed_but_is_dispatched_again()
    {
        var rated = await Town.ACaseThatWasRated(FixResult.NotFixed);
        (await NoticesOf(People.Dispatcher, rated)).ShouldBe([NoticeKind.NotFixed, NoticeKind.Filed]);

        (await Town.As(People.Dispatcher).CommandAsync(rated.Id, "close", new CloseCaseRequest())).Problem(409, "case.close.not_fixed").Possible.ShouldBe(["dispatch", "split", "request-transfer", "raise-level", "lower-level", "urge", "link", "give-feedback"]);

        var again = await Town.After(rated, "dispatch", new DispatchCaseRequest(Unit.OfPost("village-construction")), People.Dispatcher);
        var detail = await Town.Read(again);
        (detail.Stage, detail.Assignment!.Round, detail.Rating).ShouldBe((CaseStage.Dispatched, 2, null));
        (await Town.As(People.Operator).GetAsync<CaseDeadlines>($"{again.Path}/deadlines")).Clocks.Count(clock => clock.Clock == Clock.HardLimit).ShouldBe(1);
    }

    [Fact]
    public async Task The_parts_of_a_case_go_neither_to_the_village_that_passed_it_up_nor_to_the_town_that_declined_it()
    {
        var which = await Town.ACaseThatWasReported(Town.AReport() with { Source = CaseSource.PartyMember });
        which = await Town.After(which, "pass-up", new PassCaseUpRequest("超出村级能力", MatterLevel.Town), People.Secretary);
        which = await Town.After(which, "request-transfer", new RequestCaseTransferRequest(Town.Area(Places.NeighbourTown), "在邻镇"), People.Dispatcher);
        which = await Town.After(which, "decline-transfer", new DeclineCaseTransferRequest("不在本镇"), People.NeighbourOperator);
        which = await Town.After(which, "file", new FileCaseRequest("river-pollution", Urgency.Normal), People.Operator);
        which = await Town.After(which, "split", new SplitCaseRequest([new("垃圾"), new("异味")]), People.Dispatcher);
        var part = (await Town.Read(which)).Details.Children[0];

        (await Town.As(People.Dispatcher).CommandAsync(part, "dispatch", new DispatchCaseRequest(Unit.OfVillage(Town.Area(Places.Village))))).Problem(409, "case.dispatch.returned_before");
        (await Town.As(People.Dispatcher).CommandAsync(part, "request-transfer", new RequestCaseTransferRequest(Town.Area(Places.NeighbourTown), "在邻镇"))).Problem(409, "case.transfer.declined_before");
    }

    [Fact]
    public async Task The_town_that_a_case_came_from_reads_its_parts()
    {
        var which = await Town.ACaseThatWasReported();
        which = await Town.After(which, "request-transfer", new RequestCaseTransferRequest(Town.Area(Places.NeighbourTown), "在邻镇"), People.Dispatcher);
        which = await Town.After(which, "accept-transfer", new AcceptCaseTransferRequest(Town.Area(Places.NeighbourGrid)), People.NeighbourOperator);
        which = await Town.After(which, "file", new FileCaseRequest("river-pollution", Urgency.Normal), People.NeighbourOperator);
        which = await Town.After(which, "split", new SplitCaseRequest([new("垃圾"), new("异味")]), People.NeighbourDispatcher);

        foreach (var part in (await Town.Read(which)).Details.Children)
            (await Town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{part}")).Details.FormerAreas.Single().Value.ShouldBe(Places.Grid);
    }

    [Fact]
    public async Task What_lies_elsewhere_nobody_closes_with_their_report_but_anybody_may_report_it()
    {
        (await Town.As(People.GridWorkerElsewhere).PostAsync("/api/cases/solved", new ReportSolvedCaseRequest(Town.AReport(), "当场清运", []))).Problem(409, "case.solved.proof_missing");
        var photo = (await Town.As(People.GridWorkerElsewhere).PostAsync("/api/photos", Images.Png(11), mediaType: "image/png")).Ok<Host.Files.PhotoReceipt>().Photo;

        (await Town.As(People.GridWorkerElsewhere).PostAsync("/api/cases/solved", new ReportSolvedCaseRequest(Town.AReport(), "当场清运", [photo]))).Problem(409, "case.solved.elsewhere").Possible.ShouldNotBeNull().ShouldContain("report");
        await Town.ACaseThatWasReported(by: People.GridWorkerElsewhere);
    }

    [Fact]
    public async Task A_resident_reports_and_rates()
    {
        var which = await Town.ACaseThatWasReported(by: People.Resident);
        (await Town.Read(which)).Source.ShouldBe(CaseSource.Resident);
        which = await Town.After(which, "file", new FileCaseRequest("river-pollution", Urgency.Normal), People.Operator);
        which = await Town.After(which, "dispatch", new DispatchCaseRequest(Unit.OfPost("village-construction")), People.Dispatcher);
        which = await Town.After(which, "claim", new ClaimCaseRequest(), People.Handler);
        which = await Town.After(which, "complete", new CompleteCaseRequest("完成"), People.Handler);
        which = await Town.After(which, "verify", new VerifyCaseRequest(true), People.GridWorker);

        which = await Town.After(which, "rate", new RateCaseRequest(2, FixResult.HalfFixed), People.Resident);

        (await Town.Read(which)).Rating!.Result.ShouldBe(FixResult.HalfFixed);
    }

    public static TheoryData<string, string> WhoMayNot => new()
    {
        { "file", People.GridWorker }, { "file", People.Handler }, { "file", People.TownLeader }, { "refuse", People.Handler },
        { "file", People.Resident }, { "file", People.GridWorkerElsewhere }, { "dispatch", People.Operator }, { "claim", People.Handler }, { "close", People.SectorLead },
        { "verify", People.SectorLead }, { "rate", "grid-worker-18" },
    };

    [Theory]
    [MemberData(nameof(WhoMayNot))]
    public async Task Whoever_may_not_is_refused_and_nothing_happens(string command, string by)
    {
        var reported = await Town.ACaseThatWasReported();

        (await Town.As(by).CommandAsync(reported.Id, command, Bodies[command])).Problem(403, "access.denied");

        (await Town.EventsOf(reported)).ShouldBe(["case_reported", "case_clock_started"]);
    }

    [Fact]
    public async Task Nobody_reads_a_case_of_another_place()
    {
        var reported = await Town.ACaseThatWasReported();

        foreach (var path in (string[])["", "/history", "/deadlines"])
            (await Town.As(People.GridWorkerElsewhere).GetAsync(reported.Path + path)).Problem(403, "access.denied");
        (await Town.As(People.GridWorkerElsewhere).GetAsync($"/api/cases?scope={Places.Grid}")).Problem(403, "access.denied");
        (await Town.As(People.GridWorkerElsewhere).GetAsync($"/api/board?scope={Places.Village}")).Problem(403, "access.denied");
        (await Town.As(People.Resident).GetAsync("/api/cases")).Problem(403, "access.denied");
    }

    // What the state accepts and this person may give.
    private const string OfTheDispatcher = "send-to-village check file refuse redirect merge request-transfer urge link give-feedback";

    public static TheoryData<string, string, string, string> WrongMoves => new()
    {
        { "reported", "dispatch", "case.not_filed", OfTheDispatcher },
        { "reported", "verify", "case.not_completed", "urge" },
        { "reported", "rate", "case.not_verified", "urge" },
        { "reported", "close", "case.not_filed", OfTheDispatcher },
        { "dispatched", "file", "case.already_filed", "urge link give-feedback" },
        { "dispatched", "dispatch", "case.already_dispatched", "reassign recall raise-level lower-level urge link give-feedback" },
        { "dispatched", "complete", "case.not_claimed", "claim return reassign ask-extension ask-suspension link" },
        { "completed", "complete-other", "case.already_completed", "link" },
        { "completed", "claim", "case.already_completed", "link" },
        { "closed", "verify", "case.closed", "reopen" },
    };

    [Theory]
    [MemberData(nameof(WrongMoves))]
    public async Task A_move_at_the_wrong_time_is_refused_with_what_is_possible(string state, string command, string code, string possible)
    {
        var which = state switch
        {
            "reported" => await Town.ACaseThatWasReported(),
            "dispatched" => await Town.ACaseThatWasDispatched(),
            "completed" => await Town.ACaseThatWasCompleted(),
            _ => await Town.ACaseThatWasClosed(),
        };
        var other = command.EndsWith("-other", StringComparison.Ordinal);
        command = command.Replace("-other", "", StringComparison.Ordinal);
        var by = other ? People.HandlerOfSamePost : command switch
        {
            "file" => People.Operator,
            "dispatch" or "close" => People.Dispatcher,
            "verify" or "rate" => People.GridWorker,
            _ => People.Handler,
        };
        var before = await Town.EventsOf(which);

        var answer = await Town.As(by).CommandAsync(which.Id, command, Bodies[command]);

        var problem = answer.Problem(409, code);
        problem.Possible.ShouldBe(possible.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        problem.Current.ShouldBe(which.Version);
        answer.ETag.ShouldBe(which.ETag);
        (await Town.EventsOf(which)).ShouldBe(before);
    }

    [Fact]
    public async Task Another_person_of_the_post_does_not_act_over_the_claimers_head()
    {
        var claimed = await Town.ACaseThatWasClaimed();

        foreach (var command in (string[])["claim", "complete", "return"])
            (await Town.As(People.HandlerOfSamePost).CommandAsync(claimed.Id, command, Bodies[command])).Problem(409, "case.claimed_by_another");
    }

    [Fact]
    public async Task What_is_so_already_is_no_error_and_no_event()
    {
        var claimed = await Town.ACaseThatWasClaimed();

        var again = await Town.As(People.Handler).CommandAsync(claimed.Id, "claim", new ClaimCaseRequest());

        (again.Status, again.ETag, again.Replayed).ShouldBe((200, claimed.ETag, false));
        (await Town.EventsOf(claimed)).Count.ShouldBe((int)claimed.Version);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/history")]
    [InlineData("/deadlines")]
    public async Task An_unknown_case_is_not_found(string path) =>
        (await Town.As(People.Operator).GetAsync($"/api/cases/0199c2f0b1d87c3e9a4b5c6d7e8f9012{path}")).Problem(404, "case.unknown");

    [Theory]
    [InlineData("0199c2f0b1d87c3e9a4b5c6d7e8f9012")]
    [InlineData("not%20an%20id")]
    public async Task A_command_on_an_unknown_case_is_not_found(string id)
    {
        foreach (var (command, body) in Bodies)
            (await Town.As(People.Operator).CommandAsync(id, command, body)).Problem(404, "case.unknown");
    }

    private static Dictionary<string, object> Bodies { get; } = new()
    {
        ["file"] = new FileCaseRequest("river-pollution", Urgency.Normal),
        ["refuse"] = new RefuseCaseRequest(RefusalReason.OutOfScope, "不属受理范围"),
        ["dispatch"] = new DispatchCaseRequest(Unit.OfPost("village-construction")),
        ["claim"] = new ClaimCaseRequest(),
        ["return"] = new ReturnCaseRequest("不属本岗"),
        ["complete"] = new CompleteCaseRequest("完成"),
        ["verify"] = new VerifyCaseRequest(true),
        ["rate"] = new RateCaseRequest(4, FixResult.Fixed),
        ["close"] = new CloseCaseRequest(),
    };

    private async Task<InboxPage> InboxOf(string person, TestCase which) => await Town.As(person).GetAsync<InboxPage>($"/api/inbox?minPosition={which.Position}");

    private async Task<IReadOnlyList<NoticeKind>> NoticesOf(string person, TestCase which) =>
        [.. (await InboxOf(person, which)).Items.Where(item => item.CaseId == which.Id).Select(item => item.Kind)];
}
