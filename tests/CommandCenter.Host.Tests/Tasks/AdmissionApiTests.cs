using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Admissions;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Tasks;
using CommandCenter.Host.Tests.Towns;
using static CommandCenter.Host.Tests.Tasks.TaskTown;

namespace CommandCenter.Host.Tests.Tasks;

/// <summary>Admission lists over HTTP: what an area's list does not hold may not be pushed to it.</summary>
public sealed class AdmissionApiTests : IAsyncLifetime
{
    private Town? _town;

    private Town Town => _town!;

    private static AreaCode Village { get; } = AreaCode.Parse(Places.Village);

    public async Task InitializeAsync()
    {
        _town = await Town.StartAsync();
        // The district lets its grids be given drainage and manholes, and nothing else.
        (await Adopt(People.Supervisor, Places.District, AreaLevel.Grid, "drainage", "manhole-cover")).Status.ShouldBe(200);
    }

    public async Task DisposeAsync() => await Town.DisposeAsync();

    [Fact]
    public async Task What_the_list_does_not_hold_goes_out_only_under_an_addition_that_somebody_else_approved_and_that_ends()
    {
        var list = await Town.AListThatWasDrafted([AnItem(Town), AnItem(Town, "地质灾害巡查", "geological-hazard")], [To(Places.Grid), To(Places.OtherGrid)]);

        // Given the list holds something that grids may not be given, nothing goes out, and each line says why.
        var problem = (await Publish(list)).Problem(409, "task_list.not_publishable");
        problem.Lines.ShouldNotBeNull().Select(line => (line.Line, line.Code)).ShouldBe(
            [($"items/2/{Places.Grid}", "task_list.line.not_admitted"), ($"items/2/{Places.OtherGrid}", "task_list.line.not_admitted")]);
        (await Town.AskAsync<long>("select count(*) from mt_events where type = 'task_assigned'")).ShouldBe(0);

        // When the dispatcher asks for an urgent addition, the town's leaders are told, and may not ask and approve in one person.
        var until = Town.Clock.GetUtcNow().AddDays(10);
        (await Ask(People.Dispatcher, Village, until)).Status.ShouldBe(200);
        (await Town.ToldOf($"admission:{Places.Town}", People.TownLeader)).ShouldHaveSingleItem().Kind.ShouldBe(NoticeKind.AdmissionRequested);
        (await Approve(People.Dispatcher, 1)).Problem(403, "access.denied");
        (await Publish(list)).Problem(409, "task_list.not_publishable");
        (await Approve(People.TownLeader, 1)).Status.ShouldBe(200);
        (await Town.ToldOf($"admission:{Places.Town}", People.Dispatcher)).ShouldHaveSingleItem().Kind.ShouldBe(NoticeKind.AdmissionDecided);

        // Then it goes out, and says on what it rests.
        (await Publish(list)).Status.ShouldBe(200);
        (await Town.As(People.GridWorker).GetAsync<TaskListDetail>(list.Path)).Additions.ShouldBe([$"{Places.Town}/1"]);

        // What is due after the addition ends does not, nor does anything once it has ended.
        var later = await Town.AListThatWasDrafted([AnItem(Town, "地质灾害巡查", "geological-hazard", TimeSpan.FromDays(11))], [To(Places.Grid)]);
        (await Publish(later)).Problem(409, "task_list.not_publishable").Lines.ShouldNotBeNull().ShouldHaveSingleItem().Code.ShouldBe("task_list.line.addition_ends_before");
        var soon = await Town.AListThatWasDrafted([AnItem(Town, "地质灾害巡查", "geological-hazard")], [To(Places.Grid)]);
        (await Town.As(People.TownLeader).PostAsync($"/api/admissions/{Places.Town}/end", new EndAdditionRequest(1, "预警解除"))).Status.ShouldBe(200);
        (await Publish(soon)).Problem(409, "task_list.not_publishable");
        var view = await Town.As(People.GridWorker).GetAsync<AdmissionView>($"/api/admissions/{Places.Grid}");
        view.InForce.ShouldNotBeNull().Matters.ShouldBe(["drainage", "manhole-cover"]);
        view.Additions.ShouldNotBeNull().ShouldHaveSingleItem().ShouldSatisfyAllConditions(addition => addition.Stage.ShouldBe(AdditionStage.Ended), addition => addition.Holds.ShouldBeFalse(), addition => addition.Reason.ShouldBe("强降雨红色预警"));
    }

    [Fact]
    public async Task A_case_goes_out_under_an_addition_only_where_its_limit_ends_before_and_says_on_what_it_rests()
    {
        var which = await Town.ACaseThatWasFiled(Town.AReport(category: "geological-hazard"));
        var toGrid = new DispatchCaseRequest(Unit.OfGrid(AreaCode.Parse(Places.Grid)));
        (await Town.As(People.Dispatcher).CommandAsync(which.Id, "dispatch", toGrid)).Problem(409, "case.dispatch.not_admitted");

        // Seven days is the limit.
        (await Ask(People.Dispatcher, Village, Town.Clock.GetUtcNow().AddDays(3))).Status.ShouldBe(200);
        (await Approve(People.TownLeader, 1)).Status.ShouldBe(200);
        (await Town.As(People.Dispatcher).CommandAsync(which.Id, "dispatch", toGrid)).Problem(409, "case.dispatch.addition_ends");
        (await Ask(People.Dispatcher, Village, Town.Clock.GetUtcNow().AddDays(20))).Status.ShouldBe(200);
        (await Approve(People.TownLeader, 2)).Status.ShouldBe(200);

        await Town.After(which, "dispatch", toGrid, People.Dispatcher);
        (await Town.As(People.Operator).GetAsync<CaseHistory>($"{which.Path}/history")).Items.Single(item => item.Type == "case_dispatched").Data["addition"]!.GetValue<string>().ShouldBe($"{Places.Town}/2");
    }

    [Fact]
    public async Task Sending_a_task_elsewhere_asks_the_new_targets_list()
    {
        (await Adopt(People.Supervisor, Places.OtherVillage, AreaLevel.Grid, "drainage")).Problem(422, "admission.area_elsewhere", "area");
        (await Town.As(People.Supervisor).PostAsync($"/api/admissions/{Places.Town}/adopt", new AdoptAdmissionListRequest(AreaCode.Parse(Places.OtherVillage), AreaLevel.Grid, ["drainage"]))).Status.ShouldBe(200);
        var list = await Town.AListThatWasPublished(targets: [To(Places.Grid)]);
        await Town.Do(list.Task(Places.Grid), "return", new ReturnTaskRequest("不在本网格"), People.GridWorker);

        (await Town.TryTo(list.Task(Places.Grid), "resend", new ResendTaskRequest(AreaCode.Parse("500153003002001")), People.Dispatcher)).Problem(409, "task.not_admitted").Possible.ShouldBe(["resend", "cancel"]);
        (await Town.TryTo(list.Task(Places.Grid), "resend", new ResendTaskRequest(AreaCode.Parse("500153003999")), People.Dispatcher)).Problem(422, "area.unknown", "target");
        await Town.Do(list.Task(Places.Grid), "resend", new ResendTaskRequest(AreaCode.Parse(Places.OtherGrid)), People.Dispatcher);
    }

    [Fact]
    public async Task A_town_does_not_write_the_lists_of_its_own_villages_and_a_rejected_addition_admits_nothing()
    {
        (await Adopt("office-01", Places.Town, AreaLevel.Grid, "noise")).Problem(403, "access.denied");
        (await Adopt(People.Supervisor, Places.Town, AreaLevel.Grid, "no-such-matter")).Problem(422, "category.unknown", "matters[0]");

        (await Ask(People.TownLeader, Village, Town.Clock.GetUtcNow().AddDays(100))).Problem(409, "admission.until_too_far");
        (await Ask(People.TownLeader, Village, Town.Clock.GetUtcNow().AddDays(3))).Status.ShouldBe(200);
        (await Approve(People.TownLeader, 1)).Problem(409, "admission.own_request");
        (await Town.As("town-leader-02").PostAsync($"/api/admissions/{Places.Town}/reject", new RejectAdditionRequest(1, "由应急队伍完成"))).Status.ShouldBe(200);
        (await Approve(People.Supervisor, 1)).Problem(409, "admission.addition_rejected");
        (await Approve(People.Supervisor, 7)).Problem(409, "admission.addition_unknown");
        (await Town.As(People.Supervisor).PostAsync("/api/admissions/500153003001/adopt", new AdoptAdmissionListRequest(Village, AreaLevel.Grid, []))).Problem(404, "admission.unknown");
        (await Publish(await Town.AListThatWasDrafted([AnItem(Town, matter: "geological-hazard")], [To(Places.Grid)]))).Problem(409, "task_list.not_publishable");
    }

    [Fact]
    public async Task A_list_is_never_published_past_a_list_that_was_adopted_while_it_was_decided()
    {
        // Publishing and adopting race, over and over: whichever is first, in the log no task of a matter stands behind the list that forbids it.
        for (var round = 0; round < 6; round++)
        {
            (await Adopt(People.Supervisor, Places.District, AreaLevel.Grid, "drainage", "manhole-cover")).Status.ShouldBe(200);
            var list = await Town.AListThatWasDrafted([AnItem(Town)], [To(Places.Town, AreaLevel.Grid)]);
            var publishing = Publish(list);
            var adopting = Adopt(People.Supervisor, Places.District, AreaLevel.Grid, "drainage");
            var published = await publishing;
            (await adopting).Status.ShouldBe(200);
            published.Status.ShouldBeOneOf(200, 409);

            var assigned = await Town.AskAsync<long>($"select coalesce(min(seq_id), 0) from mt_events where stream_id like 'task:{list.Id}-%'");
            var forbidden = await Town.AskAsync<long>("select max(seq_id) from mt_events where type = 'admission_list_adopted'");
            assigned.ShouldBeLessThan(forbidden, $"round {round}: {published.Status} {published.Text}");
            (assigned > 0).ShouldBe(published.Status == 200);
        }
    }

    private Task<Answer> Adopt(string by, string area, AreaLevel level, params string[] matters) =>
        Town.As(by).PostAsync($"/api/admissions/{(area.Length <= 9 ? area : Places.District)}/adopt", new AdoptAdmissionListRequest(AreaCode.Parse(area), level, matters));

    private Task<Answer> Ask(string by, AreaCode area, DateTimeOffset until) =>
        Town.As(by).PostAsync($"/api/admissions/{Places.Town}/request", new RequestAdditionRequest(area, "geological-hazard", "强降雨红色预警", until));

    private Task<Answer> Approve(string by, int number) => Town.As(by).PostAsync($"/api/admissions/{Places.Town}/approve", new ApproveAdditionRequest(number));

    private Task<Answer> Publish(TestList list) => Town.As(People.Dispatcher).PostAsync($"{list.Path}/publish", new PublishTaskListRequest());
}
