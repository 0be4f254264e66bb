using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using static CommandCenter.Domain.Tests.Sample;
using static CommandCenter.Domain.Tests.TaskSample;

namespace CommandCenter.Domain.Tests;

/// <summary>What the limits of a list bring about.</summary>
public class TaskListSagaTests
{
    private static readonly DateTimeOffset Sooner = Due - 3.Days();
    private static readonly TaskListDrafted List = new(Words(), [Item(1), Item(2, Sooner), Item(3)], [Town.Grid]);

    [Fact]
    public void A_list_that_goes_out_sets_a_reminder_and_a_limit_for_each_instant_at_which_something_of_it_is_due() =>
        TaskListSaga.Timers(ListOf(List, Published(3)), [Published(3)], T0).ShouldBe(
        [
            new SagaTimer("1/due", 1, Due - 1.Days()), new SagaTimer("1/late", 1, Due), new SagaTimer("2/due", 1, Sooner - 1.Days()), new SagaTimer("2/late", 1, Sooner),
        ]);

    [Fact]
    public void Of_a_limit_within_a_day_nobody_is_reminded_but_told_when_it_has_passed() =>
        TaskListSaga.Timers(ListOf(new TaskListDrafted(Words(), [Item(1, T0 + 20.Hours())], [Town.Grid]), Published(1)), [Published(1)], T0).ShouldBe([new SagaTimer("1/late", 1, T0 + 20.Hours())]);

    [Fact]
    public void With_the_list_the_limits_that_are_left_are_cancelled()
    {
        TaskListSaga.Timers(ListOf(List, Published(3), Withdrawn()), [Withdrawn()], Sooner - 2.Hours()).Select(timer => (timer.Name, timer.DueAt))
            .ShouldBe([("1/due", null), ("1/late", null), ("2/late", (DateTimeOffset?)null)]);
        TaskListSaga.Timers(ListOf(List, Published(3), ListClosed()), [ListClosed()], Due + 1.Days()).ShouldBeEmpty();
    }

    [Fact]
    public void The_day_before_it_whoever_has_open_tasks_is_told_once_and_that_is_on_record()
    {
        var reaction = Fire("1/due", Due - 1.Days(), Due - 1.Days(), Task(1), Task(3), Task(2, Sooner));

        reaction.Notices.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            notice => (notice.Person, notice.Sent.Kind, notice.Sent.Subject, notice.Sent.DueAt).ShouldBe(("grid-worker", NoticeKind.TaskDue, $"task_list:{ListId}", Due)));
        reaction.Events.ShouldHaveSingleItem().ShouldBeOfType<TaskListReminded>().ShouldSatisfyAllConditions(
            reminded => (reminded.DueAt, reminded.StepDueAt, reminded.Tasks, reminded.Late).ShouldBe((Due, Due - 1.Days(), 2, (bool?)null)));
    }

    [Fact]
    public void Once_it_has_passed_those_who_have_not_finished_are_told_and_the_desk_only_knows()
    {
        var reaction = Fire("1/late", Due, Due, Task(1), Task(3, stage: TaskStage.Accepted));

        reaction.Notices.Select(notice => (notice.Person, notice.Sent.Kind, notice.Sent.ToKnow)).ShouldBe([("grid-worker", NoticeKind.TaskLate, (bool?)null), ("dispatcher", NoticeKind.TaskLate, true)]);
        reaction.Events.ShouldHaveSingleItem().ShouldBeOfType<TaskListReminded>().Late.ShouldBe(true);
    }

    [Fact]
    public void What_is_done_or_has_another_limit_by_now_reminds_nobody()
    {
        Fire("1/due", Due - 1.Days(), Due - 1.Days(), Task(1, stage: TaskStage.Completed), Task(3, Due + 2.Days())).IsEmpty.ShouldBeTrue();
        TaskListSaga.OnTimer(ListId, ListOf(List, Published(3), Withdrawn()), [Task(1)], "1/late", Due, Due, Town.Organization, Plan).IsEmpty.ShouldBeTrue();
        Fire("7/late", Due, Due, Task(1)).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void A_reminder_that_a_standstill_held_up_past_the_limit_is_on_record_and_told_to_nobody()
    {
        var reaction = Fire("1/due", Due - 1.Days(), Due + 1.Hours(), Task(1));

        reaction.Notices.ShouldBeEmpty();
        reaction.Events.ShouldHaveSingleItem().ShouldBeOfType<TaskListReminded>().Told.ShouldBeEmpty();
        Fire("1/late", Due, Due + 1.Hours(), Task(1)).Notices.ShouldAllBe(notice => notice.Sent.MissedAt == Due);
    }

    [Fact]
    public void The_desk_is_told_when_whoever_claimed_a_task_has_left_and_not_while_they_may_go_on()
    {
        var claimed = GridTask.At(TaskStage.Claimed, Task(1).File with { ClaimedBy = "grid-worker" });

        TaskNotices.WhenClaimerLeft(TaskId, claimed, Town.Organization, Plan).ShouldBeEmpty();
        TaskNotices.WhenClaimerLeft(TaskId, claimed, Town.Organization.Without("grid-worker"), Plan).Select(notice => (notice.Person, notice.Sent.Kind)).ShouldBe([("dispatcher", NoticeKind.HolderLeft)]);
        TaskNotices.WhenClaimerLeft(TaskId, Task(1), Town.Organization.Without("grid-worker"), Plan).ShouldBeEmpty();
    }

    private static Reaction<TaskListEvent> Fire(string timer, DateTimeOffset dueAt, DateTimeOffset firedAt, params GridTask.Known[] tasks) =>
        TaskListSaga.OnTimer(ListId, ListOf(List, Published(3)), tasks, timer, dueAt, firedAt, Town.Organization, Plan);

    private static TaskList ListOf(params TaskListEvent[] events) => TaskList.Fold(events.Select(happened => new Fact<TaskListEvent>(happened, Town.Dispatcher, T0, T0)));

    private static GridTask.Known Task(int item, DateTimeOffset? due = null, TaskStage stage = TaskStage.Assigned) =>
        GridTask.At(stage, new TaskFile(ListId, item, Matter, Town.Grid, due ?? Due, new EvidenceRule(), Town.Dispatcher, T0, 1, [], []));
}
