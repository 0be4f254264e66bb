using CommandCenter.Domain.Tasks;
using static CommandCenter.Domain.Tests.Sample;
using static CommandCenter.Domain.Tests.TaskLives;
using static CommandCenter.Domain.Tests.TaskSample;

namespace CommandCenter.Domain.Tests;

public class TaskAccountingTests
{
    [Theory]
    [InlineData(TaskStage.Accepted, false, 0, null, null, 100)]
    [InlineData(TaskStage.Accepted, true, 0, null, null, 60)]
    [InlineData(TaskStage.Accepted, false, 1, null, null, 90)]
    [InlineData(TaskStage.Accepted, true, 7, null, null, 0)]
    [InlineData(TaskStage.Accepted, false, 0, 15, 30, 50)]
    [InlineData(TaskStage.Accepted, false, 0, 45, 30, 100)]
    [InlineData(TaskStage.Accepted, true, 1, 29, 30, 48)]
    [InlineData(TaskStage.Accepted, false, 0, null, 30, 0)]
    [InlineData(TaskStage.Lapsed, true, 0, 29, 30, 0)]
    [InlineData(TaskStage.Cancelled, true, 0, null, null, null)]
    public void A_task_counts_by_the_stated_formula(TaskStage stage, bool late, int sentBacks, int? number, int? expected, int? points) =>
        TaskAccounting.Points(Standing(stage, late, sentBacks: sentBacks, number: number, expected: expected)).ShouldBe(points);

    [Fact]
    public void The_score_is_the_average_rounded_half_up_and_nothing_counted_is_no_score()
    {
        Score(Standing(TaskStage.Accepted), Standing(TaskStage.Accepted, late: true), Standing(TaskStage.Lapsed)).ShouldBe(53);
        Score(Standing(TaskStage.Accepted, sentBacks: 1), Standing(TaskStage.Accepted, number: 99, expected: 100)).ShouldBe(95, "94.5");
        Score(Standing(TaskStage.Cancelled)).ShouldBeNull();

        static int? Score(params TaskStanding[] standings) => TaskAccounting.Scores(standings).ShouldHaveSingleItem().Score;
    }

    [Fact]
    public void A_task_that_went_elsewhere_in_time_does_not_count_and_one_that_was_late_counts_as_nothing()
    {
        var scores = TaskAccounting.Scores(
        [
            Standing(TaskStage.Accepted, target: Town.OtherGrid, past: new PastTarget(Town.Grid, true, 1, 0)),
            Standing(TaskStage.Accepted, target: Town.OtherGrid, past: new PastTarget(Town.OtherYard, false, 1, 0)),
            Standing(TaskStage.Accepted),
        ]);

        scores.ShouldBe(
        [
            new TargetScore(Town.Grid, 1, 1, 0, 0, 0, 1, 1, 0, 50),
            new TargetScore(Town.OtherYard, 0, 0, 0, 0, 0, 1, 0, 0),
            new TargetScore(Town.OtherGrid, 2, 2, 0, 0, 0, 0, 0, 0, 100),
        ]);
    }

    [Fact]
    public void An_account_tells_open_from_late_and_what_waits_for_whom()
    {
        var account = TaskAccounting.Account(
        [
            Standing(TaskStage.Assigned), Standing(TaskStage.Claimed, late: true), Standing(TaskStage.Completed), Standing(TaskStage.Returned, returns: 1), Standing(TaskStage.Lapsed, late: true),
            Standing(TaskStage.Accepted, sentBacks: 2), Standing(TaskStage.Accepted, late: true), Standing(TaskStage.Cancelled),
        ]).ShouldHaveSingleItem();

        account.ShouldBe(new TargetAccount(Town.Grid, Tasks: 8, OnTime: 1, Late: 1, Open: 1, OpenLate: 1, ToCheck: 1, ToDecide: 1, NotDone: 1, Cancelled: 1, Returned: 1, ReturnedLate: 0, SentBack: 2));
    }

    [Fact]
    public void What_is_to_be_done_is_late_from_its_limit_on_and_what_waits_for_others_is_not()
    {
        TaskStanding.Of(TaskId, (GridTask.Known)Tasks.Fold(Assigned()), Due - 1.Minutes()).Late.ShouldBeFalse();
        TaskStanding.Of(TaskId, (GridTask.Known)Tasks.Fold(Assigned()), Due).Late.ShouldBeTrue();
        TaskStanding.Of(TaskId, (GridTask.Known)Tasks.Fold(Assigned(), TaskClaimed(), TaskCompleted()), Due + 9.Days()).Late.ShouldBeFalse();
        TaskStanding.Of(TaskId, (GridTask.Known)Tasks.Fold(Assigned(), TaskReturned()), Due + 9.Days()).Late.ShouldBeFalse();
    }
}
