using System.Globalization;
using System.Text.Json.Nodes;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Duty;
using CommandCenter.Host.Inbox;
using CommandCenter.Host.Organization;
using CommandCenter.Host.Tests.Tasks;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Host.Whistles;

namespace CommandCenter.Host.Tests.Duty;

/// <summary>Who is on duty, who stands in for whom, and who inherits a vacant seat, over HTTP: each is told, and may act. The roster is the neighbour town's, so that the others are not disturbed by it.</summary>
public sealed class DutyLoopTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private const string Center = $"/api/duty/{Places.NeighbourTown}";
    private const string Lead = "town-leader-03";
    private const string First = "center-operator-04";
    private const string Second = "post-handler-18";
    private const string Worker = "grid-worker-19";

    private Town Town => fixture.Town;

    [Fact]
    public async Task A_day_is_planned_handed_over_with_what_is_open_and_by_night_the_desk_is_whoever_is_on_duty()
    {
        var eight = NextMorning();

        // Given a file with mistakes and one with a gap, nothing is planned, and each line says why.
        (await Import($"人员,上班,下班,值班角色\n{First},{Wall(eight)},{Wall(eight.AddHours(12))},值班\n没有这人,{Wall(eight)},明天,值班员\n", People.NeighbourDispatcher)).Problem(422, "duty.list_refused", "shifts").Lines.ShouldNotBeNull()
            .Select(line => (line.Line, line.Code)).ShouldBe([("shifts/2/role", "duty.line.unknown_role"), ("shifts/3/person", "duty.line.unknown_person"), ("shifts/3/to", "duty.line.broken_time")]);
        var day = $"person,from,to,role\n{First},{Wall(eight)},{Wall(eight.AddHours(12))},operator\n{Lead},{Wall(eight)},{Wall(eight.AddHours(24))},lead\n";
        (await Import($"{day}{Second},{Wall(eight.AddHours(13))},{Wall(eight.AddHours(24))},operator\n", People.NeighbourDispatcher)).Problem(409, "duty.gap").Lines.ShouldNotBeNull().ShouldHaveSingleItem().Code.ShouldBe("duty.line.no_operator");
        (await Import($"{day}{Second},{Wall(eight.AddHours(12))},{Wall(eight.AddHours(24))},operator\n", People.Dispatcher)).Problem(403, "access.denied");
        var planned = await Import($"{day}{Second},{Wall(eight.AddHours(12))},{Wall(eight.AddHours(24))},operator\n", People.NeighbourDispatcher);
        planned.Status.ShouldBe(200, planned.Text);
        (await Town.ToldOf($"duty:{Places.NeighbourTown}", Second)).ShouldHaveSingleItem().Kind.ShouldBe(NoticeKind.DutyAssigned);

        // Who is on duty may speak for the desk, so the organization that pages keep is another one from then on.
        var before = await Town.As(null).GetAsync("/api/organization");

        // When the day has begun, the first is on duty with the lead, and nobody needs to have handed over.
        await Town.PassAsync(eight - Town.Clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        (await OnDuty()).ShouldBe([(First, DutyStanding.OnDuty), (Lead, DutyStanding.OnDuty)]);
        var after = await Town.As(null).GetAsync("/api/organization");
        after.ETag.ShouldNotBe(before.ETag);
        after.ETag!.Split('.')[0].ShouldBe(before.ETag!.Split('.')[0]);
        (await At(eight.AddHours(13))).ShouldBe([(Lead, DutyStanding.OnDuty), (First, DutyStanding.HeldOver), (Second, DutyStanding.Awaited)]);
        var shifts = (await Roster(People.NeighbourDispatcher)).Shifts;
        var (first, second) = (shifts.First(shift => shift.Person == First).Number, shifts.First(shift => shift.Person == Second).Number);
        (await Send("hand-over", new HandOverDutyRequest(first, "一切正常"), First)).Problem(409, "duty.too_early");

        // Then, in the evening, what is urgent and open goes with the hand-over, and whoever is awaited reads it and accepts.
        await Town.PassAsync(TimeSpan.FromHours(11.5));
        var urgent = await ReportByNight(Urgency.Emergency);
        (await Town.As(First).GetAsync<OpenMattersView>($"{Center}/open")).Open.Select(matter => matter.Case).ShouldBe([urgent.Id]);
        (await Send("hand-over", new HandOverDutyRequest(first, "桥头积水，已设围挡，联系 13800138000"), First)).Status.ShouldBe(200);
        (await Send("accept", new AcceptDutyRequest(first), Worker)).Problem(409, "duty.not_for_you");
        var handed = (await Roster(Second)).Shifts.First(shift => shift.Number == first).HandOver.ShouldNotBeNull();
        (handed.To, handed.Open.ShouldHaveSingleItem().Case, handed.Note).ShouldBe((second, urgent.Id, "桥头积水，已设围挡，联系 13800138000"));
        (await Roster(Worker)).Shifts.First(shift => shift.Number == first).HandOver.ShouldBeNull();
        (await Town.AskAsync<string>("select data::text from mt_events where type = 'duty_handed_over'")).ShouldNotContain("13800138000");
        (await Send("accept", new AcceptDutyRequest(first, "已知悉"), Second)).Status.ShouldBe(200);
        (await Send("accept", new AcceptDutyRequest(first, "再次点击"), Second)).Status.ShouldBe(200);
        (await OnDuty()).ShouldBe([(Lead, DutyStanding.OnDuty), (Second, DutyStanding.OnDuty)]);

        // By night a report goes to whoever is on duty, who may file it though they are no operator by day; dispatching is the lead's.
        await Town.PassAsync(TimeSpan.FromHours(2));
        var night = await ReportByNight(Urgency.Normal);
        (await Town.ToldOf(night.Stream, Second)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            notice => notice.Kind.ShouldBe(NoticeKind.Reported), notice => notice.Reason.ShouldBe(RecipientReason.OnDuty), notice => notice.Role.ShouldBe(Role.CenterOperator));
        (await Town.ToldOf(night.Stream, First)).ShouldBeEmpty();
        night = await Town.After(night, "file", new FileCaseRequest("river-pollution", Urgency.Normal), Second);
        (await Town.As(Second).CommandAsync(night.Id, "dispatch", new DispatchCaseRequest(Unit.OfPost("village-construction")))).Problem(403, "access.denied");
        (await Town.ToldOf(night.Stream, Lead)).ShouldHaveSingleItem().Kind.ShouldBe(NoticeKind.Filed);
        await Town.After(night, "dispatch", new DispatchCaseRequest(Unit.OfPost("village-construction")), Lead);

        // What is read by night and not done is the seat's in the morning.
        var left = await ReportByNight(Urgency.Normal);
        (await Town.As(Second).PostAsync($"/api/inbox/{(await Town.ToldOf(left.Stream, Second)).ShouldHaveSingleItem().Id}/read", new { })).Status.ShouldBe(200);

        // The last shift ends with the plan: nobody is on duty, and the desk is its seats again.
        (await Town.ToldOf(left.Stream, People.NeighbourOperator)).ShouldBeEmpty();
        await Town.PassAsync(eight.AddHours(25) - Town.Clock.GetUtcNow());
        (await OnDuty()).ShouldBeEmpty();
        (await Town.ToldOf(left.Stream, People.NeighbourOperator)).Where(notice => notice.Kind == NoticeKind.Reported).ShouldHaveSingleItem().Receipt.From!.Reason.ShouldBe(PassOnReason.HandedBack);
        (await Town.As(Second).CommandAsync((await ReportByNight(Urgency.Normal)).Id, "file", new FileCaseRequest("river-pollution", Urgency.Normal))).Problem(403, "access.denied");
    }

    [Fact]
    public async Task A_shift_that_nobody_accepts_keeps_its_person_says_so_and_can_be_taken_over()
    {
        var from = Town.Clock.GetUtcNow().AddDays(30);
        var plan = new PlanDutyRequest([new(People.Operator, from, from.AddHours(8), DutyRole.Operator), new("center-operator-02", from.AddHours(8), from.AddHours(16), DutyRole.Operator)]);
        const string path = $"/api/duty/{Places.District}";
        (await Town.As(People.Dispatcher).PostAsync($"{path}/plan", plan)).Problem(403, "access.denied");
        (await Town.As("administrator-01").PostAsync($"{path}/plan", plan with { Shifts = [.. plan.Shifts, new("nobody", from, from.AddHours(8), DutyRole.Lead)] })).Problem(422, "duty.list_refused", "shifts").Lines.ShouldNotBeNull().ShouldHaveSingleItem().Line.ShouldBe("shifts/3/person");
        (await Town.As("administrator-01").PostAsync($"{path}/plan", plan)).Status.ShouldBe(200);
        (await Town.As("administrator-01").PostAsync($"{path}/swap", new SwapDutyRequest(1, 2))).Status.ShouldBe(200);
        (await Town.As("administrator-01").PostAsync($"{path}/reassign", new ReassignDutyRequest(2, "center-operator-03"))).Status.ShouldBe(200);
        (await Town.As("administrator-01").PostAsync($"{path}/reassign", new ReassignDutyRequest(2, "resident"))).Problem(422, "person.not_there", "person");
        (await Town.As("administrator-01").PostAsync($"{path}/cancel", new CancelDutyRequest([]))).Problem(422, "field.out_of_range", "shifts");
        (await Town.As("administrator-01").PostAsync($"{path}/cancel", new CancelDutyRequest([99]))).Problem(409, "duty.shift_unknown");
        (await Town.As("administrator-01").PostAsync("/api/duty/500153003001/plan", plan)).Problem(404, "duty.unknown");

        await Town.PassAsync(from.AddHours(9) - Town.Clock.GetUtcNow());

        var view = await Town.As("center-operator-02").GetAsync<DutyView>(path);
        view.OnDuty.Select(on => (on.Person, on.Standing)).ShouldBe([("center-operator-02", DutyStanding.HeldOver), ("center-operator-03", DutyStanding.Awaited)]);
        view.Shifts.First(shift => shift.Number == 1).HeldSince.ShouldBe(from.AddHours(8));
        foreach (var told in (string[])["center-operator-03", People.Supervisor])
            (await Town.ToldOf($"duty:{Places.District}", told)).ShouldContain(notice => notice.Kind == NoticeKind.DutyHeldOver, told);
        (await Town.As("center-operator-03").PostAsync($"{path}/accept", new AcceptDutyRequest(1))).Problem(409, "duty.not_handed_over").Possible.ShouldBe(["take-over"]);
        var taken = await Town.As("center-operator-03").PostAsync($"{path}/take-over", new TakeOverDutyRequest(1, "当班人未到场交班"));
        taken.Status.ShouldBe(200, taken.Text);
        await Town.PassAsync(TimeSpan.FromSeconds(1));
        (await Town.As(People.Supervisor).GetAsync<OnDutyView>($"{path}/on-duty?minPosition={taken.Receipt.Position}")).OnDuty.Select(on => (on.Person, on.Standing)).ShouldBe([("center-operator-03", DutyStanding.OnDuty)]);
        (await Town.As(People.Supervisor).GetAsync<OnDutyView>($"{path}/on-duty?at={Uri.EscapeDataString(from.AddHours(8.5).ToString("O", CultureInfo.InvariantCulture))}")).OnDuty[0].Standing.ShouldBe(DutyStanding.HeldOver);
    }

    [Fact]
    public async Task Two_centers_that_plan_one_person_for_the_same_hours_in_the_same_moment_are_not_both_served()
    {
        for (var day = 60; day < 68; day++)
        {
            var from = Town.Clock.GetUtcNow().AddDays(day);
            var plan = new PlanDutyRequest([new(People.Operator, from, from.AddHours(8), DutyRole.Operator)], Gaps: true);
            var answers = await Task.WhenAll(
                Town.As("administrator-01").PostAsync($"/api/duty/{Places.District}/plan", plan),
                Town.As(People.Dispatcher).PostAsync($"/api/duty/{Places.Town}/plan", plan));
            answers.Select(answer => answer.Status).Order().ToList().ShouldBe([200, 409], string.Join('\n', answers.Select(answer => answer.Text)));
            answers.First(answer => answer.Status == 409).Problem(409, "duty.not_plannable").Lines.ShouldNotBeNull().ShouldHaveSingleItem().Code.ShouldBe("duty.line.elsewhere");
        }
    }

    [Fact]
    public async Task A_roster_that_a_spreadsheet_wrote_in_GB_18030_is_read_as_one_in_UTF_8()
    {
        var from = Town.Clock.GetUtcNow().AddDays(80);
        var bytes = System.Text.CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes($"人员,上班,下班,值班角色\n{People.Dispatcher},{Wall(from)},{Wall(from.AddHours(8))},带班领导\n");
        var answer = await Town.As(People.Dispatcher).PostAsync($"/api/duty/{Places.Town}/import?gaps=true", bytes, mediaType: "text/csv");
        answer.Status.ShouldBe(200, answer.Text);
        (await Town.As(People.Dispatcher).PostAsync($"/api/duty/{Places.Town}/import", new byte[] { 0x81, 0xff, 0x0a }, mediaType: "text/csv")).Problem(422, "duty.list_not_text", "shifts");
    }

    [Fact]
    public async Task Whoever_stands_in_for_somebody_absent_is_told_in_their_place_acts_from_their_seat_and_the_log_says_for_whom()
    {
        const string absent = People.SectorLead;
        const string substitute = "post-handler-01";
        var today = DateOnly.FromDateTime(Town.Clock.GetUtcNow().AddHours(8).DateTime);
        var request = new RecordAbsenceRequest(absent, today, today.AddDays(5), substitute);
        (await Town.As(People.Dispatcher).PostAsync("/api/absences/record", request)).Problem(403, "access.denied");
        (await Town.As(absent).PostAsync("/api/absences/record", request with { Substitute = absent })).Problem(409, "absence.own_substitute");
        (await Town.As("office-01").PostAsync("/api/absences/record", request with { Person = "nobody" })).Problem(409, "absence.person_unknown");
        var recorded = await Town.As("office-01").PostAsync("/api/absences/record", request);
        recorded.Status.ShouldBe(200, recorded.Text);
        var list = await Town.As(People.Dispatcher).GetAsync<AbsencesView>($"/api/absences/{Places.Town}?minPosition={recorded.Receipt.Position}");
        var absence = list.Absences.ShouldHaveSingleItem();
        (absence.Person, absence.Substitute, absence.Holds, absence.MayEnd).ShouldBe((absent, substitute, true, false));
        (await Town.ToldOf($"absence:{absence.Number}", substitute)).ShouldHaveSingleItem().Kind.ShouldBe(NoticeKind.SubstituteNamed);
        (await Town.As(null).GetAsync<OrganizationView>("/api/organization")).People.First(person => person.Id == substitute).Roles.ShouldContain(seat => seat.Role == Role.SectorLead && seat.For == absent);

        // A case of the sector is urged by the substitute, as the lead's place would.
        var which = await Town.ACaseThatWasDispatched();
        await Town.After(which, "supervise", new SuperviseCaseRequest("请限期办结"), substitute);
        JsonNode.Parse(await Town.AskAsync<string>($"select headers::text from mt_events where stream_id = '{which.Stream}' and type = 'case_supervised'"))!.ToJsonString()
            .ShouldSatisfyAllConditions(json => json.ShouldContain("\"for\":\"sector-lead-02\""), json => json.ShouldContain("\"actor\":\"post-handler-01\""), json => json.ShouldContain("\"role\":\"sector_lead\""));
        // Every history names both.
        var supervised = (await Town.As(People.Dispatcher).GetAsync<CaseHistory>($"{which.Path}/history")).Items.Last(item => item.Type == "case_supervised");
        (supervised.Actor.Id, supervised.Actor.For?.NameEn).ShouldBe((substitute, "Sector lead 02"));
        (await Town.As("office-01").PostAsync("/api/absences/record", new RecordAbsenceRequest(People.GridWorker, today, today, People.GridWorkerElsewhere))).Status.ShouldBe(200);
        var blown = await Town.As(People.GridWorkerElsewhere).PostAsync("/api/whistles", new BlowWhistleRequest("桥头路面塌陷", [Unit.OfPost("ecology")], Area: AreaCode.Parse(Places.Grid)));
        blown.Status.ShouldBe(201, blown.Text);
        var whistle = await Town.As(People.GridWorkerElsewhere).GetAsync<WhistleDetail>(blown.Location!);
        (whistle.BlownBy.Id, whistle.BlownBy.For?.Id, whistle.History[0].By.For?.Name).ShouldBe((People.GridWorkerElsewhere, People.GridWorker, "网格员 01"));
        (await Town.As(People.GridWorker).PostAsync("/api/absences/end", new EndAbsenceRequest(absence.Number + 1))).Status.ShouldBe(200);
        // The answer of the post goes to who ordered it; what is for the lead goes to the substitute.
        await Town.As(People.Handler).CommandAsync(which.Id, "answer-supervision", new AnswerSupervisionRequest("今日办结"));
        (await Town.ToldOf(which.Stream, absent)).ShouldBeEmpty();

        // Back early: from then on each speaks for themselves.
        var ended = await Town.As(absent).PostAsync("/api/absences/end", new EndAbsenceRequest(absence.Number));
        (await Town.As(People.Dispatcher).GetAsync<AbsencesView>($"/api/absences/{Places.Town}?minPosition={ended.Receipt.Position}")).Absences.ShouldBeEmpty();
        (await Town.As(absent).PostAsync("/api/absences/end", new EndAbsenceRequest(99))).Problem(409, "absence.unknown");
        (await Town.As(substitute).CommandAsync(which.Id, "supervise", new SuperviseCaseRequest("再次督办"))).Problem(403, "access.denied");
    }

    [Fact]
    public async Task A_post_without_people_is_worked_by_the_sector_lead_who_is_told_for_it()
    {
        var filed = await Town.ACaseThatWasFiled();
        await Town.After(filed, "dispatch", new DispatchCaseRequest(Unit.OfPost("education-health-culture")), People.Dispatcher);
        var told = (await Town.ToldOf(filed.Stream, "sector-lead-03")).ShouldHaveSingleItem();
        (told.Kind, told.Reason).ShouldBe((NoticeKind.Dispatched, RecipientReason.VacancyAbove));

        var claimed = await Town.After(filed, "claim", new ClaimCaseRequest(), "sector-lead-03");
        await Town.After(claimed, "complete", new CompleteCaseRequest("已协调处置"), "sector-lead-03");
        (await Town.As("sector-lead-01").CommandAsync(filed.Id, "progress", new ProgressCaseRequest("不在本板块"))).Problem(403, "access.denied");
    }

    // 08:00 of tomorrow in the district, of a day on which people work or not: by night they do not.
    private DateTimeOffset NextMorning()
    {
        var local = Town.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8));
        return new DateTimeOffset(local.Date.AddDays(1).AddHours(8), TimeSpan.FromHours(8)).ToUniversalTime();
    }

    private static string Wall(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private async Task<TestCase> ReportByNight(Urgency urgency)
    {
        var receipt = (await Town.As(Worker).ReportAsync(new ReportCaseRequest("桥头积水", "river-pollution", urgency, Area: AreaCode.Parse(Places.NeighbourGrid)))).Receipt;
        return new TestCase(receipt.Id, receipt.Version, EventStore.LogPosition.TryParse(receipt.Position, out var position) ? position : default);
    }

    private Task<Answer> Import(string csv, string by) => Town.As(by).PostAsync($"{Center}/import", System.Text.Encoding.UTF8.GetBytes(csv), mediaType: "text/csv");

    private Task<Answer> Send(string command, object body, string by) => Town.As(by).PostAsync($"{Center}/{command}", body);

    private async Task<DutyView> Roster(string by) => await Town.As(by).GetAsync<DutyView>($"{Center}?from={Uri.EscapeDataString(Town.Clock.GetUtcNow().AddDays(-2).ToString("O", CultureInfo.InvariantCulture))}");

    private async Task<IReadOnlyList<(string, DutyStanding)>> OnDuty()
    {
        // The clock stands still, and what was just recorded comes a moment after it.
        await Town.PassAsync(TimeSpan.FromSeconds(1));
        var head = await Town.AskAsync<string>("select epoch || ':' || last_position from cc_log");
        return [.. (await Town.As(Worker).GetAsync<OnDutyView>($"{Center}/on-duty?minPosition={head}")).OnDuty.Select(on => (on.Person, on.Standing))];
    }

    private async Task<IReadOnlyList<(string, DutyStanding)>> At(DateTimeOffset at) =>
        [.. (await Town.As(Worker).GetAsync<OnDutyView>($"{Center}/on-duty?at={Uri.EscapeDataString(at.ToString("O", CultureInfo.InvariantCulture))}")).OnDuty.Select(on => (on.Person, on.Standing))];
}
