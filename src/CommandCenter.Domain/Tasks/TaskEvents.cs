using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tasks;

/// <summary>Something that happened to one task: one item of a list at one target, stream <c>task:{list}-{item}-{target}</c>. Who, when and where stand in the envelope.</summary>
public abstract record TaskEvent : Attaching
{
    /// <summary>The events with their frozen names.</summary>
    public static IReadOnlyList<EventName> Names { get; } =
    [
        new("task_assigned", 1, typeof(TaskAssigned), "CommandCenter.Domain.Tasks.TaskAssigned, CommandCenter.Domain"),
        new("task_claimed", 1, typeof(TaskClaimed), "CommandCenter.Domain.Tasks.TaskClaimed, CommandCenter.Domain"),
        new("task_released", 1, typeof(TaskReleased), "CommandCenter.Domain.Tasks.TaskReleased, CommandCenter.Domain"),
        new("task_progressed", 1, typeof(TaskProgressed), "CommandCenter.Domain.Tasks.TaskProgressed, CommandCenter.Domain"),
        new("task_completed", 1, typeof(TaskCompleted), "CommandCenter.Domain.Tasks.TaskCompleted, CommandCenter.Domain"),
        new("task_returned", 1, typeof(TaskReturned), "CommandCenter.Domain.Tasks.TaskReturned, CommandCenter.Domain"),
        new("task_resent", 1, typeof(TaskResent), "CommandCenter.Domain.Tasks.TaskResent, CommandCenter.Domain"),
        new("task_accepted", 1, typeof(TaskAccepted), "CommandCenter.Domain.Tasks.TaskAccepted, CommandCenter.Domain"),
        new("task_sent_back", 1, typeof(TaskSentBack), "CommandCenter.Domain.Tasks.TaskSentBack, CommandCenter.Domain"),
        new("task_reminded", 1, typeof(TaskReminded), "CommandCenter.Domain.Tasks.TaskReminded, CommandCenter.Domain"),
        new("task_cancelled", 1, typeof(TaskCancelled), "CommandCenter.Domain.Tasks.TaskCancelled, CommandCenter.Domain"),
        new("task_lapsed", 1, typeof(TaskLapsed), "CommandCenter.Domain.Tasks.TaskLapsed, CommandCenter.Domain"),
    ];
}

/// <summary>下派: an item of a published list came to a target. Its words stand in the list.</summary>
/// <param name="List">The list's id.</param>
/// <param name="Item">The item's number in the list.</param>
/// <param name="Department">The code of the department whose list it is.</param>
public sealed record TaskAssigned(
    string List, int Item, AreaCode Target, string Matter, DateTimeOffset DueAt, EvidenceRule Evidence, Quantity? Quantity = null, string? Department = null) : TaskEvent;

/// <summary>签收: a person of the target took it.</summary>
public sealed record TaskClaimed : TaskEvent;

/// <summary>释放: whoever had claimed it does not do it; it stays with the target.</summary>
public sealed record TaskReleased(MarkedText Reason) : TaskEvent;

/// <summary>进展: how far it is.</summary>
/// <param name="Number">How many units are done by now, all together.</param>
public sealed record TaskProgressed(IReadOnlyList<string> Photos, MarkedText? Note = null, int? Number = null) : TaskEvent, IBringsAttachments;

/// <summary>办结上报: the target says that it is done, with the evidence that was asked for.</summary>
/// <param name="Photos">Of this report; what was sent with progress before stays evidence too.</param>
/// <param name="Number">How many units were done.</param>
public sealed record TaskCompleted(IReadOnlyList<string> Photos, MarkedText? Outcome = null, int? Number = null) : TaskEvent, IBringsAttachments;

/// <summary>退回: the target sent it back to the publisher, who has to say what becomes of it.</summary>
public sealed record TaskReturned(AreaCode Target, MarkedText Reason) : TaskEvent;

/// <summary>重新下派: after a return, or to another target before anybody had taken it.</summary>
/// <param name="Round">2 for the first time that it is sent again.</param>
/// <param name="Addition">The urgent addition to the admission lists that it rests on.</param>
public sealed record TaskResent(int Round, AreaCode Target, DateTimeOffset DueAt, MarkedText? Note = null, string? Addition = null) : TaskEvent;

/// <summary>核查通过</summary>
public sealed record TaskAccepted(MarkedText? Note = null) : TaskEvent;

/// <summary>核查不通过: the same person goes on.</summary>
/// <param name="DueAt">The new limit; null: the old one stays.</param>
public sealed record TaskSentBack(MarkedText Reason, DateTimeOffset? DueAt = null) : TaskEvent;

/// <summary>催办: a limit that was set for this task alone is near, or has passed.</summary>
/// <param name="DueAt">The limit.</param>
/// <param name="StepDueAt">When the reminder was due.</param>
/// <param name="FiredAt">When it was given; later after downtime.</param>
/// <param name="Told">Who was told; nobody, where the limit had passed before the reminder of it came.</param>
/// <param name="Late">Whether the limit has passed.</param>
public sealed record TaskReminded(DateTimeOffset DueAt, DateTimeOffset StepDueAt, DateTimeOffset FiredAt, IReadOnlyList<Recipient> Told, bool? Late = null) : TaskEvent;

/// <summary>取消: it need not be done any more.</summary>
/// <param name="WithList">The whole list was withdrawn; the reason stands there.</param>
public sealed record TaskCancelled(bool WithList, MarkedText? Reason = null) : TaskEvent;

/// <summary>未完成: its limit had passed when its list was closed.</summary>
public sealed record TaskLapsed : TaskEvent;
