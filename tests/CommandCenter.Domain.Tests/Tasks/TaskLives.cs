using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using static CommandCenter.Domain.Tests.Sample;
using static CommandCenter.Domain.Tests.TaskSample;

namespace CommandCenter.Domain.Tests;

/// <summary>One life for every state of a task or a list that decisions tell apart, and one command for every way to give it.</summary>
public static class TaskLives
{
    /// <summary>Asks for everything: a text, two photos and a number.</summary>
    public static TaskAssigned Demanding { get; } = Assigned(new EvidenceRule(true, 2), new Quantity("个", 30));

    public static IReadOnlyList<(string State, TaskEvent[] Events)> States { get; } =
    [
        ("Unassigned", []),
        ("Assigned 待签收", [Assigned()]),
        ("Assigned, with evidence asked for", [Demanding]),
        ("Assigned, with a number expected", [Assigned(quantity: new Quantity("个", 30))]),
        ("Assigned after release", [Assigned(), TaskClaimed(), Released()]),
        ("Assigned again after return", [Assigned(), TaskReturned(), Resent()]),
        ("Claimed 办理中", [Assigned(), TaskClaimed()]),
        ("Claimed, with evidence asked for", [Demanding, TaskClaimed()]),
        ("Claimed, after progress", [Demanding, TaskClaimed(), new TaskProgressed(TwoPhotos, null, 30)]),
        ("Claimed after a failed check", [Assigned(), TaskClaimed(), TaskCompleted(), SentBack()]),
        ("Returned 已退回", [Assigned(), TaskClaimed(), TaskReturned()]),
        ("Completed 待核查", [Assigned(), TaskClaimed(), TaskCompleted()]),
        ("Accepted 已办结", [Assigned(), TaskClaimed(), TaskCompleted(), Accepted()]),
        ("Cancelled 已取消", [Assigned(), Cancelled()]),
        ("Lapsed 未完成", [Assigned(), Lapsed()]),
    ];

    public static IReadOnlyList<(string Way, TaskCommand Command, By By)> Commands { get; } =
    [
        ("assign", Assign(), Desk),
        ("claim", ClaimIt(), Worker),
        ("claim, by a colleague", ClaimIt(), Mate),
        ("release", Release(), Worker),
        ("progress", Progress(), Worker),
        ("progress, by a colleague", Progress(), Mate),
        ("progress: with a number", Progress(10), Worker),
        ("progress: empty", new ProgressTask(null, [], null), Worker),
        ("complete", Finish(), Worker),
        ("complete, by a colleague", Finish(), Mate),
        ("complete: with everything", Finish(30, TwoPhotos), Worker),
        ("complete: fewer than expected", Finish(29, TwoPhotos), Worker),
        ("complete: fewer than expected, no text", new CompleteTask(null, TwoPhotos, 29), Worker),
        ("complete: one photo", Finish(30, TwoPhotos[0]), Worker),
        ("complete: no number", Finish(null, TwoPhotos), Worker),
        ("return", SendBackUp(), Worker),
        ("return, by a colleague", SendBackUp(), Mate),
        ("resend: elsewhere", Resend(), Desk),
        ("resend: as it is", Resend(Town.Grid), Desk),
        ("resend: outside", Resend(Town.OtherTown), Desk),
        ("resend: limit passed", Resend(due: T0), Desk),
        ("resend: not admitted", Resend(admissions: Book([Adopted()])), Desk),
        ("resend: addition ends before", Resend(admissions: Book([Adopted()], AdditionRequested(T0 + 1.Days()), new Admissions.AdmissionAdditionApproved(1))), Desk),
        ("check: passed", PassCheck(), Desk),
        ("check: failed", FailCheck(), Desk),
        ("check: failed, no reason", new CheckTask(false, null, null, T0), Desk),
        ("check: failed, new limit passed", FailCheck(T0), Desk),
        ("check: failed after the limit", FailCheck(at: Due), Desk),
        ("cancel", Cancel(), Desk),
        ("cancel, with the list", Cancel(withList: true), Desk),
        ("lapse", Lapse(), Desk),
        ("lapse, before the limit", Lapse(T0), Desk),
    ];

    public static IReadOnlyList<(string State, TaskListEvent[] Events)> ListStates { get; } =
    [
        ("Undrafted", []),
        ("Drafted 拟定中", [Drafted()]),
        ("Drafted, without a target", [new TaskListDrafted(Words(), [Item()], [])]),
        ("Drafted, too large", [new TaskListDrafted(Words(), [.. Enumerable.Range(1, TaskListDecider.MostTasks).Select(number => Item(number))], [Town.Grid, Town.OtherGrid])]),
        ("Drafted, revised", [Drafted(), Revised()]),
        ("Published 已下发", [Drafted(), Published()]),
        ("Withdrawn 已撤回", [Drafted(), Published(), Withdrawn()]),
        ("Withdrawn as a draft", [Drafted(), Withdrawn()]),
        ("Closed 已销号", [Drafted(), Published(), ListClosed()]),
    ];

    public static IReadOnlyList<(string Way, TaskListCommand Command, By By)> ListCommands { get; } =
    [
        ("draft", Draft(), Desk),
        ("revise", Revise(), Desk),
        ("publish", Publish(), Desk),
        ("publish: after a limit", Publish(at: Due), Desk),
        ("publish: not admitted", Publish(Book([Adopted()])), Desk),
        ("publish: of another town", Publish(), new By("neighbour-dispatcher", Role.Dispatcher, Town.OtherTown)),
        ("withdraw", Withdraw(), Desk),
        ("close: everything finished", CloseList(T0, Standing(TaskStage.Accepted)), Desk),
        ("close: something open", CloseList(T0, Standing(TaskStage.Claimed)), Desk),
        ("close: something open and late", CloseList(Due, Standing(TaskStage.Claimed)), Desk),
        ("close: something unchecked", CloseList(T0, Standing(TaskStage.Completed)), Desk),
        ("close: something returned", CloseList(T0, Standing(TaskStage.Returned)), Desk),
    ];

    public static TaskStanding Standing(
        TaskStage stage, bool late = false, AreaCode? target = null, int sentBacks = 0, int returns = 0, int? number = null, int? expected = null, params PastTarget[] past) =>
        new(TaskId, 1, target ?? Town.Grid, stage, Due, late, returns, sentBacks, number, expected, [.. past]);
}
