using System.Globalization;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tasks;

/// <summary>Why a move on a list is refused: the frozen codes with their words, of the whole and of its lines.</summary>
public static class TaskListRefusals
{
    private static readonly Dictionary<string, Message> Words = new(StringComparer.Ordinal)
    {
        ["task_list.unknown"] = new("没有这张任务清单。", "There is no such task list."),
        ["task_list.exists"] = new("任务清单已存在。", "The task list exists already."),
        ["task_list.empty"] = new("清单中有事项没有对象，不能下发；请先修改。", "An item has no target, or there is none at all; revise the list first."),
        ["task_list.too_many"] = new("一次最多下发 5000 项任务，请分成几张清单。", "At most 5,000 tasks go out at once; divide the list."),
        ["task_list.not_publishable"] = new("以下各行不能下发，整张清单均未下发；请修改后再试。", "These lines cannot go out, so nothing did; revise them and try again."),
        ["task_list.not_published"] = new("清单尚未下发，不能销号；不需要的请撤回。", "The list was not published, so there is nothing to account; if it is not needed, withdraw it."),
        ["task_list.published"] = new("清单已下发，不能再修改；可逐项重新下派或取消，或撤回整张清单。", "The list is published and cannot be revised; send single tasks again, cancel them, or withdraw the list."),
        ["task_list.not_closable"] = new("以下任务尚无结果，暂不能销号。", "These tasks have no result yet, so the list cannot be closed."),
        ["task_list.withdrawn"] = new("清单已撤回。", "The list was withdrawn."),
        ["task_list.closed"] = new("清单已销号。", "The list is closed."),
    };

    private static readonly Dictionary<string, Message> LineWords = new(StringComparer.Ordinal)
    {
        ["task_list.line.due_passed"] = new("办理时限应晚于当前时间。", "The limit has to lie ahead."),
        ["task_list.line.target_outside"] = new("对象应是您管辖范围内的镇街、村社、网格或小院。", "The target has to be a town, village, grid or yard within your place."),
        ["task_list.line.not_admitted"] = new("该事项不在对象的准入清单内；确需下派的，请先申请紧急新增并获批准。", "The target's admission list does not hold this matter; if it has to be given all the same, ask for an urgent addition and have it approved."),
        ["task_list.line.addition_ends_before"] = new("紧急新增在任务到期前终止；请提前时限或重新申请。", "The urgent addition ends before the task would be due; set an earlier limit or ask for a new one."),
        ["task_list.line.unchecked"] = new("已上报办结，请先核查。", "It is reported as done; check it first."),
        ["task_list.line.returned"] = new("已退回，请先重新下派或取消。", "It was returned; send it again or cancel it first."),
        ["task_list.line.not_due"] = new("尚未到期；可等待到期，或取消。", "It is not due yet; wait until it is, or cancel it."),
    };

    /// <summary>All codes with their words, for the documentation.</summary>
    public static IReadOnlyDictionary<string, Message> All => Words;

    /// <summary>All codes of lines with their words.</summary>
    public static IReadOnlyDictionary<string, Message> AllLines => LineWords;

    /// <exception cref="KeyNotFoundException">The code is not in the list.</exception>
    public static Refusal Of(string code, TaskList state, IReadOnlyList<RefusalLine>? lines = null) => new(code, Words[code], TaskListDecider.Possible(state), lines);

    /// <summary>One line: an item, or an item at a target.</summary>
    /// <param name="task">The task, where there is one already.</param>
    public static RefusalLine Line(string code, int item, AreaCode? target, string? task = null) =>
        new(string.Create(CultureInfo.InvariantCulture, $"items/{item}{(target is { } at ? $"/{at}" : "")}"), code, LineWords[code], task);
}
