using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tasks;

/// <summary>What has to be shown when a task is done; nothing at all when every member is left out.</summary>
/// <param name="Text">A text that says how it went.</param>
/// <param name="Photos">The fewest photos, 0–9.</param>
public sealed record EvidenceRule(bool Text = false, int Photos = 0);

/// <summary>A number that is asked for, such as households visited.</summary>
/// <param name="Unit">What is counted: 户, 处, 份.</param>
/// <param name="Expected">How many are expected of each target; null where any number is an answer.</param>
public sealed record Quantity(string Unit, int? Expected = null);

/// <summary>One item of a list: what every target of it has to do.</summary>
/// <param name="Number">1 for the first item of the list, dense.</param>
/// <param name="Text">What to do.</param>
/// <param name="Matter">A code of the catalogue; the admission lists are asked for it.</param>
/// <param name="DueAt">From this instant on it is late.</param>
/// <param name="Targets">Where it goes; null: to every target of the list.</param>
public sealed record TaskItem(
    int Number, MarkedText Title, MarkedText Text, string Matter, DateTimeOffset DueAt, EvidenceRule Evidence, Quantity? Quantity = null, IReadOnlyList<AreaCode>? Targets = null);

/// <summary>What came of a list for one target (对单考核), as it was closed.</summary>
/// <param name="Tasks">Those that were the target's when the list was closed, cancelled ones included.</param>
/// <param name="OnTime">Accepted, and never late.</param>
/// <param name="Late">Accepted, but late.</param>
/// <param name="NotDone">Not done when the list was closed.</param>
/// <param name="Returned">How often the target sent a task back, whoever has it now.</param>
/// <param name="ReturnedLate">Of the tasks that went elsewhere, those that were late when they did.</param>
/// <param name="SentBack">How often the check failed.</param>
/// <param name="Score">0–100 by the formula; null where nothing counted.</param>
public sealed record TargetScore(AreaCode Target, int Tasks, int OnTime, int Late, int NotDone, int Cancelled, int Returned, int ReturnedLate, int SentBack, int? Score = null);

/// <summary>Something that happened to a list of tasks (任务清单), stream <c>task_list:{id}</c>. Who, when and where stand in the envelope.</summary>
public abstract record TaskListEvent
{
    /// <summary>The events with their frozen names.</summary>
    public static IReadOnlyList<EventName> Names { get; } =
    [
        new("task_list_drafted", 1, typeof(TaskListDrafted), "CommandCenter.Domain.Tasks.TaskListDrafted, CommandCenter.Domain"),
        new("task_list_revised", 1, typeof(TaskListRevised), "CommandCenter.Domain.Tasks.TaskListRevised, CommandCenter.Domain"),
        new("task_list_published", 1, typeof(TaskListPublished), "CommandCenter.Domain.Tasks.TaskListPublished, CommandCenter.Domain"),
        new("task_list_withdrawn", 1, typeof(TaskListWithdrawn), "CommandCenter.Domain.Tasks.TaskListWithdrawn, CommandCenter.Domain"),
        new("task_list_closed", 1, typeof(TaskListClosed), "CommandCenter.Domain.Tasks.TaskListClosed, CommandCenter.Domain"),
        new("task_list_reminded", 1, typeof(TaskListReminded), "CommandCenter.Domain.Tasks.TaskListReminded, CommandCenter.Domain"),
    ];
}

/// <summary>清单拟定: written down, sent to nobody yet.</summary>
/// <param name="Targets">Towns, villages, grids or yards, each once, in order.</param>
/// <param name="Department">The code of the department whose list it is; its people answer for it together.</param>
public sealed record TaskListDrafted(MarkedText Title, IReadOnlyList<TaskItem> Items, IReadOnlyList<AreaCode> Targets, string? Department = null) : TaskListEvent;

/// <summary>清单修改: what is here replaces the whole draft.</summary>
public sealed record TaskListRevised(MarkedText Title, IReadOnlyList<TaskItem> Items, IReadOnlyList<AreaCode> Targets) : TaskListEvent;

/// <summary>清单下发: every item went to each of its targets, one task a pair, in the same transaction. Whoever published it answers for it from now on.</summary>
/// <param name="Tasks">How many tasks came of it.</param>
/// <param name="Additions">The urgent additions to the admission lists that it rests on, <c>{town}/{number}</c>, each once, in order.</param>
public sealed record TaskListPublished(int Tasks, IReadOnlyList<string> Additions) : TaskListEvent;

/// <summary>清单撤回: the draft was dropped, or the list was called off and with it every task that was not finished.</summary>
public sealed record TaskListWithdrawn(MarkedText Reason) : TaskListEvent;

/// <summary>清单销号: accounted target by target and closed.</summary>
/// <param name="Formula">By which formula the scores were counted, see <see cref="TaskAccounting"/>.</param>
public sealed record TaskListClosed(string Formula, IReadOnlyList<TargetScore> Scores, MarkedText? Summary = null) : TaskListEvent;

/// <summary>清单催报: a limit of its items is near or has passed, and those with open tasks were told.</summary>
/// <param name="DueAt">The limit.</param>
/// <param name="StepDueAt">When this was due, which after downtime is before <paramref name="FiredAt"/>.</param>
/// <param name="Tasks">How many tasks were open.</param>
/// <param name="Told">Nobody for a reminder whose limit had passed when it was taken.</param>
/// <param name="Late">True where the limit had passed; missing for the reminder before it.</param>
public sealed record TaskListReminded(DateTimeOffset DueAt, DateTimeOffset StepDueAt, DateTimeOffset FiredAt, int Tasks, IReadOnlyList<Recipient> Told, bool? Late = null) : TaskListEvent;
