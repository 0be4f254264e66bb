using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Tasks;
using static CommandCenter.Domain.Tests.Sample;
using static CommandCenter.Domain.Tests.TaskSample;

namespace CommandCenter.Domain.Tests;

/// <summary>What the limit of a task brings about that was set for it alone.</summary>
public class TaskSagaTests
{
    private static readonly DateTimeOffset Later = Due + 5.Days();
    private static readonly TaskEvent[] SentAgain = [Assigned(), TaskReturned(), Resent(due: Later)];

    [Fact]
    public void A_task_with_its_items_limit_is_the_lists_business()
    {
        Timers(T0, Assigned()).ShouldBeEmpty();
        Timers(T0, Assigned(), TaskReturned(), Resent()).ShouldBeEmpty();
        Timers(T0, Assigned(), TaskClaimed(), TaskCompleted(), SentBack()).ShouldBeEmpty();
        Timers(T0, Assigned(), TaskClaimed(), TaskCompleted(), SentBack(Due)).ShouldBeEmpty();
    }

    [Fact]
    public void A_limit_that_is_set_for_a_task_alone_is_reminded_of_and_followed() =>
        Timers(T0, SentAgain).ShouldBe([new SagaTimer("due", 1, Later - 1.Days()), new SagaTimer("late", 1, Later)]);

    [Fact]
    public void A_second_limit_of_its_own_takes_the_place_of_the_first() =>
        Timers(T0, [.. SentAgain, TaskClaimed(), TaskCompleted(), SentBack(Later + 2.Days())])
            .ShouldBe([new SagaTimer("due", 1, null), new SagaTimer("late", 1, null), new SagaTimer("due", 2, Later + 1.Days()), new SagaTimer("late", 2, Later + 2.Days())]);

    [Fact]
    public void Of_a_limit_within_a_day_nobody_is_reminded() =>
        Timers(Later - 2.Hours(), SentAgain).ShouldBe([new SagaTimer("late", 1, Later)]);

    [Fact]
    public void A_task_that_has_ended_has_no_timers_left()
    {
        TaskEvent[] done = [.. SentAgain, TaskClaimed(), TaskCompleted(), Accepted()];
        Timers(T0, done).ShouldBe([new SagaTimer("due", 1, null), new SagaTimer("late", 1, null)]);
        Timers(T0, [.. SentAgain, Cancelled(true)]).Count.ShouldBe(2);
        Timers(Later + 1.Days(), done).ShouldBeEmpty();
    }

    [Fact]
    public void Whoever_has_it_is_reminded_and_once_it_has_passed_they_and_the_desk_are_told()
    {
        var near = Fire("due", Later - 1.Days(), Later - 1.Days(), SentAgain);
        near.Notices.Select(notice => (notice.Person, notice.Sent.Kind, notice.Sent.Subject, notice.Sent.DueAt)).ShouldBe([("grid-worker", NoticeKind.TaskDue, $"task:{TaskId}", Later)]);
        near.Events.ShouldHaveSingleItem().ShouldBeOfType<TaskReminded>().ShouldSatisfyAllConditions(
            reminded => (reminded.DueAt, reminded.StepDueAt, reminded.Late).ShouldBe((Later, Later - 1.Days(), (bool?)null)), reminded => reminded.Told.Count.ShouldBe(1));

        var passed = Fire("late", Later, Later, [.. SentAgain, TaskClaimed(), (TaskEvent)near.Events[0]]);
        passed.Notices.Select(notice => (notice.Person, notice.Sent.Kind, notice.Sent.ToKnow)).ShouldBe([("grid-worker", NoticeKind.TaskLate, (bool?)null), ("dispatcher", NoticeKind.TaskLate, true)]);
        passed.Events.ShouldHaveSingleItem().ShouldBeOfType<TaskReminded>().Late.ShouldBe(true);
    }

    [Fact]
    public void What_is_done_or_has_another_limit_reminds_nobody()
    {
        Fire("late", Later, Later, [.. SentAgain, TaskClaimed(), TaskCompleted()]).IsEmpty.ShouldBeTrue();
        Fire("late", Later, Later, [.. SentAgain, TaskClaimed(), TaskCompleted(), SentBack(Later + 2.Days())]).IsEmpty.ShouldBeTrue();
        Fire("late", Due, Due, Assigned()).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void What_was_returned_is_the_desks_to_do_and_its_limit_reminds_the_desk()
    {
        TaskEvent[] returned = [.. SentAgain, TaskReturned()];
        var state = (GridTask.Known)Tasks.Fold(returned);
        var desk = TaskNotices.WhoActs(NoticeKind.TaskReturned, state, Town.Organization).Select(recipient => recipient.Person).ToList();
        foreach (var (timer, at, kind) in ((string, DateTimeOffset, NoticeKind)[])[("due", Later - 1.Days(), NoticeKind.TaskDue), ("late", Later, NoticeKind.TaskLate)])
        {
            var reaction = Fire(timer, at, at, returned);
            reaction.Notices.Select(notice => notice.Person).ShouldBe(desk, ignoreOrder: true);
            reaction.Notices.ShouldAllBe(notice => notice.Sent.Kind == kind && notice.Sent.ToKnow == null);
            reaction.Events.ShouldHaveSingleItem().ShouldBeOfType<TaskReminded>().Told.Select(recipient => recipient.Person).ShouldBe(desk, ignoreOrder: true);
            // It goes on asking them until they have given it to another.
            NoticeClaim.Of(reaction.Notices[0].Sent, desk[0], state, Town.Organization).ShouldBe(NoticeClaim.Holds);
            NoticeClaim.Of(reaction.Notices[0].Sent, desk[0], Tasks.Fold([.. returned, Cancelled()]), Town.Organization).ShouldBe(NoticeClaim.Gone);
        }
    }

    [Fact]
    public void A_reminder_that_a_standstill_held_up_past_the_limit_is_on_record_and_told_to_nobody()
    {
        var reaction = Fire("due", Later - 1.Days(), Later + 1.Hours(), SentAgain);

        reaction.Notices.ShouldBeEmpty();
        reaction.Events.ShouldHaveSingleItem().ShouldBeOfType<TaskReminded>().Told.ShouldBeEmpty();
        Fire("late", Later, Later + 1.Hours(), SentAgain).Notices.ShouldAllBe(notice => notice.Sent.MissedAt == Later);
    }

    private static IReadOnlyList<SagaTimer> Timers(DateTimeOffset at, params TaskEvent[] events) => TaskSaga.Timers(Tasks.Fold(events), [events[^1]], at);

    private static Reaction<TaskEvent> Fire(string timer, DateTimeOffset dueAt, DateTimeOffset firedAt, params TaskEvent[] events) =>
        TaskSaga.OnTimer(TaskId, Tasks.Fold(events), timer, 1, dueAt, firedAt, Town.Organization, Plan);
}
