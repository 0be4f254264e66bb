using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Files;
using CommandCenter.Host.Organization;
using CommandCenter.Host.Tasks;
using CommandCenter.Host.Tests.Towns;
using static CommandCenter.Host.Tests.Tasks.TaskTown;

namespace CommandCenter.Host.Tests.Tasks;

/// <summary>A list from its draft to its account, and every command on the way.</summary>
public sealed class TaskListLoopTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private Town Town => fixture.Town;

    [Fact]
    public async Task A_list_goes_out_is_done_checked_accounted_and_closed_and_keeps_who_was_late()
    {
        // Given a list to two grids, to be done with a photo and a number,
        var list = await Town.AListThatWasPublished(
            [AnItem(Town, evidence: new EvidenceRequest(Text: true, Photos: 1), quantity: new QuantityRequest("个", 30)), AnItem(Town, "清理排水沟", "drainage", TimeSpan.FromDays(2), targets: To(Places.Grid))]);
        var (first, second, drain) = (list.Task(Places.Grid), list.Task(Places.OtherGrid), list.Task(Places.Grid, 2));

        // each worker is told once, with the first limit, and finds the tasks in their own list.
        var told = (await Town.ToldOf($"task_list:{list.Id}", People.GridWorker)).ShouldHaveSingleItem();
        (told.Kind, told.Role, told.DueAt).ShouldBe((NoticeKind.TaskListPublished, Role.GridWorker, Town.Clock.GetUtcNow().AddDays(2)));
        (await Mine(People.GridWorker)).ShouldBe([drain, first]);
        (await Mine(WorkerElsewhere)).ShouldBe([second]);

        // When the first is claimed, reported on and completed with its evidence,
        var photo = (await Upload(People.GridWorker, 1)).Photo;
        await Town.Do(first, "claim", new ClaimTaskRequest(), People.GridWorker);
        await Town.Do(first, "progress", new ProgressTaskRequest("已排查一半", [photo], 15), People.GridWorker);
        (await Town.TryTo(first, "complete", new CompleteTaskRequest(Number: 30), People.GridWorker)).Problem(409, "task.evidence.text_missing").Possible.ShouldNotBeNull().ShouldContain("complete");
        await Town.Do(first, "complete", new CompleteTaskRequest("全部排查", Number: 30), People.GridWorker);

        // the desk is told, looks at the photo, and accepts.
        (await Town.ToldOf($"task:{first}", People.Dispatcher)).ShouldHaveSingleItem().Kind.ShouldBe(NoticeKind.TaskToCheck);
        var detail = await Town.ReadTask(first);
        (detail.Stage, detail.Number, detail.ClaimedBy, detail.Late).ShouldBe((TaskStage.Completed, 30, People.GridWorker, false));
        detail.Photos.ShouldBe([photo]);
        detail.Possible.ShouldBe(["check"]);
        detail.History.Select(entry => entry.Type).ShouldBe(["task_assigned", "task_claimed", "task_progressed", "task_completed"]);
        (await Town.As(People.Dispatcher).GetAsync($"/api/tasks/{first}/photos/{photo}")).Body.ShouldBe(Images.Png(1));
        await Town.Do(first, "check", new CheckTaskRequest(true), People.Dispatcher);

        // The second is late when it is completed, and a failed check costs it something more; the third is never done.
        await Town.PassAsync(TimeSpan.FromDays(8));
        var other = (await Upload(WorkerElsewhere, 2)).Photo;
        await Town.Do(second, "complete", new CompleteTaskRequest("完成", [other], 30), WorkerElsewhere);
        await Town.Do(second, "check", new CheckTaskRequest(false, "照片看不清"), People.Dispatcher);
        (await Town.ToldOf($"task:{second}", WorkerElsewhere)).Select(notice => notice.Kind).ShouldBe([NoticeKind.TaskSentBack]);
        await Town.Do(second, "complete", new CompleteTaskRequest("重拍", [(await Upload(WorkerElsewhere, 3)).Photo]), WorkerElsewhere);

        // Before everything is judged the list stays open, and says what stands in the way.
        var refused = (await Town.As(People.Dispatcher).PostAsync($"{list.Path}/close", new CloseTaskListRequest())).Problem(409, "task_list.not_closable");
        refused.Lines.ShouldNotBeNull().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            line => line.Code.ShouldBe("task_list.line.unchecked"), line => line.Subject.ShouldBe(second), line => line.Line.ShouldBe($"items/1/{Places.OtherGrid}"));
        await Town.Do(second, "check", new CheckTaskRequest(true), "dispatcher-02");
        await Town.CaughtUpAsync();
        var open = await Town.As(People.GridWorker).GetAsync<TaskListAccount>($"{list.Path}/account");
        (open.Stage, open.Formula, open.Total.Tasks, open.Total.OnTime, open.Total.Late, open.Total.OpenLate).ShouldBe((TaskListStage.Published, null, 3, 1, 1, 1));

        // Then closing scores each grid: 100 and 0 for the one that left a task undone, 60 − 10 for the late one.
        await Town.After(list, "close", new CloseTaskListRequest("按单销号"));
        await Town.CaughtUpAsync();
        var account = await Town.As(People.GridWorker).GetAsync<TaskListAccount>($"{list.Path}/account");
        account.Formula.ShouldBe("tasks-1");
        account.Targets.Select(target => (target.Account.Target.Value, target.Account.OnTime, target.Account.Late, target.Account.NotDone, target.Account.SentBack, target.Score))
            .ShouldBe([(Places.Grid, 1, 0, 1, 0, 50), (Places.OtherGrid, 0, 1, 0, 1, 50)]);
        (await Town.ReadTask(drain)).ShouldSatisfyAllConditions(task => task.Stage.ShouldBe(TaskStage.Lapsed), task => task.Late.ShouldBeTrue(), task => task.Possible.ShouldBeEmpty());
        (await Town.ToldOf($"task_list:{list.Id}", WorkerElsewhere)).Select(notice => notice.Kind).Where(kind => kind is not (NoticeKind.TaskDue or NoticeKind.TaskLate)).ShouldBe([NoticeKind.TaskListPublished, NoticeKind.TaskListClosed]);

        // And the account goes into a spreadsheet, and into what a village is assessed by.
        var csv = await Town.As(People.Dispatcher).GetAsync($"{list.Path}/account.csv");
        csv.MediaType.ShouldBe("text/csv");
        csv.Text.ShouldContain($"{Places.Grid},檬梓桥社区第一网格,2,1,0,0,0,0,0,1,0,0,0,0,50\r\n");
        var scores = await Town.As(Secretary).GetAsync<TaskScores>($"/api/task-scores?from={Today()}&to={Today()}");
        scores.Items.Where(score => score.Target.Value == Places.Grid).ShouldHaveSingleItem().ShouldSatisfyAllConditions(score => score.Lists.ShouldBe(1), score => score.Score.ShouldBe(50));
        (await Town.As(Secretary).GetAsync<TaskScores>("/api/task-scores?to=2026-11-20")).Items.ShouldBeEmpty();

        // And each score opens into the lists that it was counted from.
        var behind = await Town.As(Secretary).GetAsync<ListScores>($"/api/task-scores/{Places.Grid}?from={Today()}&to={Today()}");
        behind.Items.Where(one => one.List == list.Id).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            one => (one.Tasks, one.OnTime, one.NotDone, one.Score).ShouldBe((2, 1, 1, 50)), one => one.Title.ShouldNotBeEmpty());
        (await Town.As(Secretary).GetAsync<ListScores>($"/api/task-scores/{Places.Grid}?to=2026-11-20")).Items.ShouldBeEmpty();
        (await Town.As("village-secretary-02").GetAsync($"/api/task-scores/{Places.Grid}")).Problem(403, "access.denied");
        (await Town.As(Secretary).GetAsync("/api/task-scores/there")).Problem(400, "request.malformed", "target");
    }

    [Fact]
    public async Task A_return_is_decided_by_the_desk_and_goes_elsewhere_with_its_story()
    {
        var list = await Town.AListThatWasPublished();
        var task = list.Task(Places.Grid);

        await Town.Do(task, "return", new ReturnTaskRequest("该路段属第三网格"), People.GridWorker);
        (await Town.ToldOf($"task:{task}", People.Dispatcher)).ShouldHaveSingleItem().Kind.ShouldBe(NoticeKind.TaskReturned);
        // What is possible now is the desk's to do, and not the worker's.
        (await Town.TryTo(task, "claim", new ClaimTaskRequest(), People.GridWorker)).Problem(409, "task.returned").Possible.ShouldBeEmpty();
        await Town.Do(task, "resend", new ResendTaskRequest(AreaCode.Parse("500153003001003"), Note: "请第三网格办理"), People.Dispatcher);

        (await Town.ToldOf($"task:{task}", "grid-worker-03")).ShouldHaveSingleItem().Kind.ShouldBe(NoticeKind.TaskAssigned);
        (await Town.TryTo(task, "claim", new ClaimTaskRequest(), People.GridWorker)).Problem(403, "access.denied");
        await Town.Do(task, "claim", new ClaimTaskRequest(), "grid-worker-03");
        var detail = await Town.ReadTask(task);
        (detail.Target.Value, detail.Round, detail.Stage).ShouldBe(("500153003001003", 2, TaskStage.Claimed));
        detail.Past.ShouldHaveSingleItem().ShouldBe(new PastTarget(AreaCode.Parse(Places.Grid), false, 1, 0));
        detail.History.Select(entry => entry.Text).ShouldBe([null, "该路段属第三网格", "请第三网格办理", null]);
        await Town.CaughtUpAsync();
        (await Town.As(People.Dispatcher).GetAsync<TaskListAccount>($"{list.Path}/account")).Targets.Select(target => (target.Account.Target.Value, target.Account.Tasks, target.Account.Returned))
            .ShouldBe([(Places.Grid, 0, 1), (Places.OtherGrid, 1, 0), ("500153003001003", 1, 0)]);
    }

    [Fact]
    public async Task A_task_with_a_person_who_has_gone_is_set_free_by_the_secretary_and_taken_by_a_colleague()
    {
        var task = (await Town.AListThatWasPublished()).Task(Places.Grid);
        await Town.Do(task, "claim", new ClaimTaskRequest(), People.GridWorker);

        (await Town.TryTo(task, "release", new ReleaseTaskRequest("我来办"), Mate)).Problem(403, "access.denied");
        await Town.Do(task, "release", new ReleaseTaskRequest("人员调离"), Secretary);

        (await Town.ToldOf($"task:{task}", Mate)).ShouldHaveSingleItem().Kind.ShouldBe(NoticeKind.TaskAssigned);
        await Town.Do(task, "complete", new CompleteTaskRequest(), Mate);
        (await Town.ReadTask(task)).ShouldSatisfyAllConditions(detail => detail.CompletedBy.ShouldBe(Mate), detail => detail.Stage.ShouldBe(TaskStage.Completed));
    }

    [Fact]
    public async Task A_yard_without_a_head_is_the_business_of_whoever_acts_for_it()
    {
        // 竹编小院 has no head of its own in the demonstration town; the village's secretary stands in.
        const string yard = "500153003203002002";
        var list = await Town.AListThatWasPublished(targets: [To(Places.Grid), To(yard)]);

        (await Town.ToldOf($"task_list:{list.Id}", "village-secretary-06")).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            notice => notice.Reason.ShouldBe(RecipientReason.Acting), notice => notice.Role.ShouldBe(Role.YardHead));
        (await Mine("village-secretary-06")).ShouldBe([list.Task(yard)]);
        (await Mine("grid-worker-17")).ShouldNotContain(list.Task(yard));
        await Town.Do(list.Task(yard), "claim", new ClaimTaskRequest(), "village-secretary-06");
    }

    [Fact]
    public async Task The_day_before_a_limit_whoever_has_not_finished_is_told_and_once_it_has_passed_the_desk_too()
    {
        var list = await Town.AListThatWasPublished([AnItem(Town, within: TimeSpan.FromDays(3))]);
        await Town.Do(list.Task(Places.Grid), "complete", new CompleteTaskRequest("已排查"), People.GridWorker);
        await Town.PassAsync(TimeSpan.FromDays(2.5));
        (await Kinds(WorkerElsewhere)).ShouldBe([NoticeKind.TaskListPublished, NoticeKind.TaskDue], ignoreOrder: true);
        (await Kinds(People.GridWorker)).ShouldNotContain(NoticeKind.TaskDue);
        (await Kinds(People.Dispatcher)).ShouldBeEmpty();

        await Town.PassAsync(TimeSpan.FromDays(1));
        (await Kinds(WorkerElsewhere)).ShouldContain(NoticeKind.TaskLate);
        (await Kinds(People.Dispatcher)).ShouldBe([NoticeKind.TaskLate]);
        (await Town.ColumnAsync($"select (data ->> 'tasks') || coalesce(data ->> 'late', '') from mt_events where stream_id = 'task_list:{list.Id}' and type = 'task_list_reminded' order by version")).ShouldBe(["1", "1true"]);

        var other = await Town.AListThatWasPublished();
        (await Timers(other)).ShouldBe(2);
        await Town.After(other, "withdraw", new WithdrawTaskListRequest("与区级专项排查合并"));
        (await Timers(other)).ShouldBe(0);

        async Task<IReadOnlyList<NoticeKind>> Kinds(string person) => [.. (await Town.ToldOf($"task_list:{list.Id}", person)).Select(notice => notice.Kind)];
        Task<long> Timers(TestList which) => Town.AskAsync<long>($"select count(*) from cc_timers where saga = 'task_list_limits' and saga_id = '{which.Id}'");
    }

    [Fact]
    public async Task A_limit_that_was_set_for_one_task_alone_is_reminded_of_and_followed_as_well()
    {
        var task = (await Town.AListThatWasPublished([AnItem(Town, within: TimeSpan.FromDays(3))])).Task(Places.OtherGrid);
        await Town.Do(task, "return", new ReturnTaskRequest("人手不足"), WorkerElsewhere);
        await Town.Do(task, "resend", new ResendTaskRequest(DueAt: Town.Clock.GetUtcNow().AddDays(6), Note: "宽限三日"), People.Dispatcher);

        await Town.PassAsync(TimeSpan.FromDays(4));
        (await Kinds(WorkerElsewhere)).ShouldBe([NoticeKind.TaskAssigned]);
        await Town.PassAsync(TimeSpan.FromDays(1.5));
        (await Kinds(WorkerElsewhere)).ShouldContain(NoticeKind.TaskDue);
        await Town.PassAsync(TimeSpan.FromDays(1));
        (await Kinds(WorkerElsewhere)).ShouldContain(NoticeKind.TaskLate);
        (await Kinds(People.Dispatcher)).ShouldContain(NoticeKind.TaskLate);
        (await Town.ReadTask(task)).History.Select(entry => entry.Type).ShouldBe(["task_assigned", "task_returned", "task_resent", "task_reminded", "task_reminded"]);
        (await Town.AskAsync<long>($"select count(*) from cc_timers where saga = 'task_limits' and saga_id = '{task}'")).ShouldBe(0);

        async Task<IReadOnlyList<NoticeKind>> Kinds(string person) => [.. (await Town.ToldOf($"task:{task}", person)).Select(notice => notice.Kind)];
    }

    [Fact]
    public async Task The_desk_is_told_when_whoever_claimed_a_task_leaves()
    {
        (await Town.As("administrator-01").PostAsync("/api/organization/register", new RegisterPersonRequest("grid-worker-95", "网格员 九五", "Grid worker ninety-five"))).Status.ShouldBe(200);
        var list = await Town.AListThatWasPublished();
        (await Town.As("administrator-01").PostAsync("/api/organization/appoint", new AppointPersonRequest("grid-worker-95", new RoleAt(Role.GridWorker, AreaCode.Parse(Places.Grid))))).Status.ShouldBe(200);
        await Town.OrganizationFollowedAsync();
        await Town.Do(list.Task(Places.Grid), "claim", new ClaimTaskRequest(), "grid-worker-95");

        (await Town.As("administrator-01").PostAsync("/api/organization/dismiss", new DismissPersonRequest("grid-worker-95"))).Status.ShouldBe(200);

        await Town.UntilAsync(async () => (await Told()).Count > 0, "the desk is told that the claimer has left");
        (await Told()).ShouldHaveSingleItem().Kind.ShouldBe(NoticeKind.HolderLeft);
        await Town.Do(list.Task(Places.Grid), "release", new ReleaseTaskRequest("人员离任"), People.Dispatcher);

        async Task<IReadOnlyList<Host.Inbox.NoticeView>> Told() => [.. await Town.ToldOf($"task:{list.Task(Places.Grid)}", People.Dispatcher)];
    }

    [Fact]
    public async Task One_task_is_called_off_and_the_rest_goes_on()
    {
        var list = await Town.AListThatWasPublished();

        await Town.Do(list.Task(Places.Grid), "cancel", new CancelTaskRequest("该小区已拆除"), People.Dispatcher);

        (await Town.ToldOf($"task:{list.Task(Places.Grid)}", People.GridWorker)).ShouldHaveSingleItem().Kind.ShouldBe(NoticeKind.TaskCancelled);
        (await Town.ReadTask(list.Task(Places.Grid))).History[^1].Text.ShouldBe("该小区已拆除");
        (await Town.ReadTask(list.Task(Places.OtherGrid))).Stage.ShouldBe(TaskStage.Assigned);
    }

    [Fact]
    public async Task A_list_is_withdrawn_with_all_that_is_open_in_one_step_and_what_is_finished_stays()
    {
        var list = await Town.AListThatWasPublished(targets: [To(Places.Village, AreaLevel.Grid)]);
        await Town.Do(list.Task(Places.Grid), "complete", new CompleteTaskRequest(), People.GridWorker);
        await Town.Do(list.Task(Places.Grid), "check", new CheckTaskRequest(true), People.Dispatcher);

        var before = await Town.HeadAsync();
        await Town.After(list, "withdraw", new WithdrawTaskListRequest("与区级专项合并"));

        (await Town.ColumnAsync($"select stream_id from mt_events where seq_id > {before} and type = 'task_cancelled' order by stream_id"))
            .ShouldBe([$"task:{list.Task(Places.OtherGrid)}", $"task:{list.Task("500153003001003")}", $"task:{list.Task("500153003001004")}"]);
        (await Town.ColumnAsync($"select distinct transaction_id::text from (select xmin::text as transaction_id from mt_events where seq_id > {before}) t")).Count.ShouldBe(1);
        (await Town.ReadTask(list.Task(Places.Grid))).Stage.ShouldBe(TaskStage.Accepted);
        (await Town.As(People.GridWorker).GetAsync<TaskListDetail>(list.Path)).ShouldSatisfyAllConditions(
            detail => detail.Stage.ShouldBe(TaskListStage.Withdrawn), detail => detail.EndText.ShouldBe("与区级专项合并"), detail => detail.Possible.ShouldBeEmpty());
        (await Town.TryTo(list.Task(Places.OtherGrid), "claim", new ClaimTaskRequest(), WorkerElsewhere)).Problem(409, "task.cancelled");
    }

    [Fact]
    public async Task A_draft_is_the_desks_alone_is_revised_and_dropped_and_nobody_hears_of_it()
    {
        var list = await Town.AListThatWasDrafted();
        (await Town.As(People.GridWorker).GetAsync(list.Path)).Problem(403, "access.denied");
        (await Town.As(People.GridWorker).PostAsync($"{list.Path}/publish", new PublishTaskListRequest())).Problem(403, "access.denied");

        list = await Town.After(list, "revise", new ReviseTaskListRequest("汛前隐患排查(二)", [AnItem(Town, "清理排水沟", "drainage")], [To(Places.Town)]));
        (await Town.As(People.Dispatcher).GetAsync<TaskListDetail>(list.Path)).ShouldSatisfyAllConditions(
            detail => detail.Title.ShouldBe("汛前隐患排查(二)"), detail => detail.Tasks.ShouldBe(1), detail => detail.Possible.ShouldBe(["revise", "publish", "withdraw"]));
        await Town.After(list, "withdraw", new WithdrawTaskListRequest("不再需要"));

        (await Town.ToldOf($"task_list:{list.Id}", People.Dispatcher)).ShouldBeEmpty();
        (await Town.As(People.Dispatcher).PostAsync($"{list.Path}/publish", new PublishTaskListRequest())).Problem(409, "task_list.withdrawn");
    }

    [Fact]
    public async Task Publishing_is_all_or_nothing_and_happens_once_however_often_it_is_sent()
    {
        var list = await Town.AListThatWasDrafted([AnItem(Town, within: TimeSpan.FromHours(1))], [To(Places.Town, AreaLevel.Grid)]);
        var key = TownClient.NewKey();
        var before = await Town.HeadAsync();

        var first = await Town.As(People.Dispatcher).PostAsync($"{list.Path}/publish", new PublishTaskListRequest(), key);
        var again = await Town.As(People.Dispatcher).PostAsync($"{list.Path}/publish", new PublishTaskListRequest(), key);
        var another = await Town.As(People.Dispatcher).PostAsync($"{list.Path}/publish", new PublishTaskListRequest());

        (first.Status, again.Status, another.Status).ShouldBe((200, 200, 200));
        again.Replayed.ShouldBeTrue();
        (again.Receipt.Id, again.Receipt.Version).ShouldBe((list.Id, 2));
        (await Town.AskAsync<long>($"select count(*) from mt_events where seq_id > {before} and type = 'task_assigned'")).ShouldBe(18);
        (await Town.AskAsync<long>($"select count(*) from mt_events where seq_id > {before} and type = 'task_list_published'")).ShouldBe(1);

        // What cannot go out leaves nothing behind, and says of each line why.
        var late = await Town.AListThatWasDrafted([AnItem(Town, within: TimeSpan.FromHours(1)), AnItem(Town)], [To(Places.Grid)]);
        await Town.PassAsync(TimeSpan.FromHours(2));
        var head = await Town.HeadAsync();
        var problem = (await Town.As(People.Dispatcher).PostAsync($"{late.Path}/publish", new PublishTaskListRequest())).Problem(409, "task_list.not_publishable");
        problem.Lines.ShouldNotBeNull().Select(line => (line.Line, line.Code)).ShouldBe([("items/1", "task_list.line.due_passed")]);
        problem.Lines[0].Message.Zh.ShouldContain("晚于当前时间");
        (await Town.HeadAsync()).ShouldBe(head);
    }

    [Fact]
    public async Task Two_workers_race_for_a_task_one_wins_and_the_other_sees_who_and_what()
    {
        var task = (await Town.AListThatWasPublished()).Task(Places.Grid);

        var answers = await Task.WhenAll(
            Town.TryTo(task, "claim", new ClaimTaskRequest(), People.GridWorker), Town.TryTo(task, "claim", new ClaimTaskRequest(), Mate));

        var winner = (await Town.ReadTask(task)).ClaimedBy.ShouldNotBeNull();
        answers.Count(answer => answer.Status == 200).ShouldBe(1);
        var problem = answers.Single(answer => answer.Status != 200).Problem(409, "task.claimed_by_another");
        (problem.Last!.Actor, problem.Last.Event, problem.Last.Role).ShouldBe((winner, "task_claimed", Role.GridWorker));
    }

    [Fact]
    public async Task Whoever_saw_an_older_version_is_told_so_before_anything_is_overwritten()
    {
        var task = (await Town.AListThatWasPublished()).Task(Places.Grid);
        await Town.Do(task, "claim", new ClaimTaskRequest(), People.GridWorker);

        (await Town.TryTo(task, "cancel", new CancelTaskRequest("不用了"), People.Dispatcher, ifMatch: "\"1\"")).Problem(412, "task.stale", "If-Match").Current.ShouldBe(2);
        (await Town.TryTo(task, "cancel", new CancelTaskRequest("不用了"), People.Dispatcher, ifMatch: "\"2\"")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Nobody_checks_their_own_work_and_a_department_answers_for_its_own_lists()
    {
        // The town's dispatcher does what the department gave the town, and the department checks it.
        var list = await Town.AListThatWasPublished(targets: [To(Places.Town)], by: TaskTown.Department);
        await Town.Do(list.Task(Places.Town), "complete", new CompleteTaskRequest(), People.Dispatcher);
        (await Town.TryTo(list.Task(Places.Town), "check", new CheckTaskRequest(true), People.Dispatcher)).Problem(403, "access.denied");
        (await Town.TryTo(list.Task(Places.Town), "check", new CheckTaskRequest(true), "department-02")).Problem(403, "access.denied");
        await Town.Do(list.Task(Places.Town), "check", new CheckTaskRequest(true), TaskTown.Department);

        // Of the town's own list another of the desk checks what the dispatcher did in a worker's place.
        var own = await Town.AListThatWasPublished(targets: [To(Places.Grid)]);
        await Town.Do(own.Task(Places.Grid), "complete", new CompleteTaskRequest(), People.Dispatcher);
        (await Town.ToldOf($"task:{own.Task(Places.Grid)}", "dispatcher-02")).ShouldHaveSingleItem().Kind.ShouldBe(NoticeKind.TaskToCheck);
        (await Town.TryTo(own.Task(Places.Grid), "check", new CheckTaskRequest(true), People.Dispatcher)).Problem(403, "access.denied");
        await Town.Do(own.Task(Places.Grid), "check", new CheckTaskRequest(true), "dispatcher-02");
    }

    [Fact]
    public async Task Lists_of_tasks_are_filtered_and_paged_and_each_reader_gets_their_own()
    {
        var list = await Town.AListThatWasPublished([AnItem(Town), AnItem(Town, "清理排水沟", "drainage", TimeSpan.FromHours(5))], [To(Places.Town, AreaLevel.Grid)]);
        await Town.Do(list.Task(Places.Grid), "return", new ReturnTaskRequest("不在本网格"), People.GridWorker);
        await Town.CaughtUpAsync();

        (await Count($"list={list.Id}&scope={Places.Village}")).ShouldBe(8);
        (await Count($"list={list.Id}&item=2")).ShouldBe(18);
        (await Count($"list={list.Id}&matter=drainage&dueSoon=true")).ShouldBe(18);
        (await Count($"list={list.Id}&stage=returned,claimed")).ShouldBe(1);
        (await Count($"list={list.Id}&issued=true&open=true")).ShouldBe(36);
        (await Count($"list={list.Id}&late=true")).ShouldBe(0);
        await Town.PassAsync(TimeSpan.FromHours(6));
        (await Count($"list={list.Id}&late=true")).ShouldBe(18);
        (await Town.As(People.GridWorker).GetAsync($"/api/tasks?scope={Places.Village}")).Problem(403, "access.denied");
        (await Town.As(People.GridWorker).GetAsync("/api/tasks?issued=true")).Problem(403, "access.denied");
        (await Town.As(People.Resident).GetAsync("/api/tasks?mine=true")).Problem(403, "access.denied");

        foreach (var sort in (string[])["", "&sort=due"])
        {
            List<string> seen = [];
            string? cursor = null;
            do
            {
                var page = await Town.As(People.Dispatcher).GetAsync<TaskPage>($"/api/tasks?list={list.Id}&limit=7{sort}{(cursor is null ? "" : $"&cursor={cursor}")}");
                seen.AddRange(page.Items.Select(item => item.Id));
                cursor = page.Next;
            }
            while (cursor is not null);
            seen.Count.ShouldBe(36);
            seen.ShouldBeUnique();
        }

        var row = (await Town.As(People.GridWorker).GetAsync<TaskListPage>("/api/task-lists")).Items.Single(item => item.Id == list.Id);
        row.Progress.ShouldBe(new TaskListProgress(36, 35, 0, 1, 0, 0, 0, 18));
        (await Town.As(People.Dispatcher).GetAsync<TaskListPage>("/api/task-lists?issued=true&stage=published")).Items.ShouldContain(item => item.Id == list.Id);
        (await Town.As("village-secretary-02").GetAsync($"/api/task-lists?scope={Places.Village}")).Problem(403, "access.denied");

        async Task<int> Count(string query) => (await Town.As(People.Dispatcher).GetAsync<TaskPage>($"/api/tasks?{query}&limit=200")).Items.Count;
    }

    [Fact]
    public async Task What_is_wrong_with_a_draft_is_said_line_by_line_and_nothing_is_kept()
    {
        var head = await Town.HeadAsync();
        var problem = (await Town.As(People.Dispatcher).PostAsync(
            "/api/task-lists", new DraftTaskListRequest("排查", [AnItem(Town, matter: "no-such-matter"), AnItem(Town, targets: To("500153003999"))], [To(Places.Grid), To(Places.Grid, AreaLevel.Village)])))
            .Problem(422, "task_list.lines", "targets/2");

        problem.Lines.ShouldNotBeNull().Select(line => (line.Line, line.Code)).ShouldBe(
            [("targets/2", "area.none_inside"), ("items/1/matter", "category.unknown"), ("items/2/targets/1", "area.unknown")]);
        (await Town.As(People.Dispatcher).PostAsync("/api/task-lists", new DraftTaskListRequest("排查", []))).Problem(422, "field.out_of_range", "items");
        (await Town.As(People.Dispatcher).PostAsync("/api/task-lists", """{"title":"排查","items":[null]}""")).Problem(422, "field.missing", "items/1");
        (await Town.As(People.GridWorker).PostAsync("/api/task-lists", new DraftTaskListRequest("排查", [AnItem(Town)]))).Problem(403, "access.denied");
        (await Town.As(People.Dispatcher).PostAsync("/api/task-lists/none/publish", new PublishTaskListRequest())).Problem(404, "task_list.unknown");
        (await Town.TryTo("none", "claim", new ClaimTaskRequest(), People.GridWorker)).Problem(404, "task.unknown");
        (await Town.As(People.GridWorker).GetAsync("/api/tasks/none")).Problem(404, "task.unknown");
        (await Town.HeadAsync()).ShouldBe(head);
    }

    [Fact]
    public async Task A_phone_number_in_a_list_is_sealed_open_to_those_who_do_it_and_masked_for_others()
    {
        const string phone = "13812345678";
        var item = AnItem(Town) with { Title = $"走访独居老人 {phone}", Text = $"请与其女儿联系 {phone}" };
        var list = await Town.AListThatWasPublished([item], [To(Places.Grid)]);
        await Town.Do(list.Task(Places.Grid), "return", new ReturnTaskRequest($"电话 {phone} 空号"), People.GridWorker);
        await Town.CaughtUpAsync();

        (await Town.ReadTask(list.Task(Places.Grid), People.GridWorker)).ShouldSatisfyAllConditions(task => task.Text.ShouldContain(phone), task => task.History[^1].Text.ShouldNotBeNull().ShouldContain(phone));
        (await Town.ReadTask(list.Task(Places.Grid), People.Operator)).ShouldSatisfyAllConditions(
            task => task.Title.ShouldBe("走访独居老人 ⟦phone⟧"), task => task.History[^1].Text.ShouldBe("电话 ⟦phone⟧ 空号"));
        (await Town.As(People.Dispatcher).GetAsync<TaskPage>($"/api/tasks?list={list.Id}")).Items.ShouldHaveSingleItem().Title.ShouldBe("走访独居老人 ⟦personal⟧");
        foreach (var table in (string[])["mt_events", "board_tasks_v1", "board_task_lists_v1", "inbox_notices_v2", "cc_commands"])
            (await Town.AskAsync<long>($"select count(*) from {table} t where t::text like '%{phone}%'")).ShouldBe(0, table);
    }

    [Fact]
    public async Task A_photo_that_somebody_else_uploaded_is_no_evidence_and_no_key()
    {
        var list = await Town.AListThatWasPublished([AnItem(Town, evidence: new EvidenceRequest(Photos: 1))]);
        var photo = (await Upload(WorkerElsewhere, 77)).Photo;

        (await Town.TryTo(list.Task(Places.Grid), "complete", new CompleteTaskRequest(Photos: [photo]), People.GridWorker)).Problem(422, "photo.unknown", "photos");
        (await Town.As(People.GridWorker).GetAsync($"/api/tasks/{list.Task(Places.Grid)}/photos/{photo}")).Problem(404, "photo.unknown");
        (await Town.TryTo(list.Task(Places.Grid), "progress", new ProgressTaskRequest("进展", Number: -1), People.GridWorker)).Problem(422, "field.out_of_range", "number");
        (await Town.TryTo(list.Task(Places.Grid), "progress", new ProgressTaskRequest("进展", Number: 3), People.GridWorker)).Problem(409, "task.number.not_asked");
    }

    private async Task<IReadOnlyList<string>> Mine(string person)
    {
        await Town.CaughtUpAsync();
        return [.. (await Town.As(person).GetAsync<TaskPage>("/api/tasks?mine=true&sort=due&limit=200")).Items.OrderBy(item => item.DueAt).Select(item => item.Id)];
    }

    private async Task<PhotoReceipt> Upload(string by, int seed) => (await Town.As(by).PostAsync("/api/photos", Images.Png(seed), mediaType: "image/png")).Ok<PhotoReceipt>();

    private string Today() => $"{TimeZoneInfo.ConvertTime(Town.Clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")):yyyy-MM-dd}";
}
