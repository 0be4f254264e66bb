namespace CommandCenter.Domain.Tasks;

/// <summary>Why a move on a task is refused: the frozen codes with their words.</summary>
public static class TaskRefusals
{
    private static readonly Dictionary<string, Message> Words = new(StringComparer.Ordinal)
    {
        ["task.unknown"] = new("没有这项任务。", "There is no such task."),
        ["task.exists"] = new("任务已存在。", "The task exists already."),
        ["task.claimed"] = new("任务已有人签收；要改派的，请先释放。", "Somebody has claimed the task; to send it elsewhere, release it first."),
        ["task.claimed_by_another"] = new("任务已由另一人签收；需要换人的，请先释放。", "Another person has claimed the task; to change hands, release it first."),
        ["task.not_claimed"] = new("任务无人签收，可直接签收。", "Nobody has claimed the task; claim it."),
        ["task.returned"] = new("任务已退回，等待下派单位重新下派或取消。", "The task was returned; its publisher sends it again or cancels it."),
        ["task.completed"] = new("任务已上报办结，等待核查。", "The task is reported as done and waits for its check."),
        ["task.not_completed"] = new("任务尚未上报办结，不能核查。", "The task is not reported as done yet, so there is nothing to check."),
        ["task.accepted"] = new("任务已核查通过。", "The task was checked and accepted."),
        ["task.cancelled"] = new("任务已取消。", "The task was cancelled."),
        ["task.lapsed"] = new("清单已销号，任务按未完成计。", "The list was closed, and the task counted as not done."),
        ["task.not_due"] = new("任务尚未到期，不能按未完成计。", "The task is not due yet, so it cannot count as not done."),
        ["task.due_passed"] = new("办理时限应晚于当前时间。", "The limit has to lie ahead."),
        ["task.target_outside"] = new("对象应是您管辖范围内的镇街、村社、网格或小院。", "The target has to be a town, village, grid or yard within your place."),
        ["task.not_admitted"] = new("该事项不在对象的准入清单内；确需下派的，请先申请紧急新增并获批准。", "The target's admission list does not hold this matter; if it has to be given all the same, ask for an urgent addition and have it approved."),
        ["task.addition_ends_before"] = new("紧急新增在任务到期前终止；请提前时限或重新申请。", "The urgent addition ends before the task would be due; set an earlier limit or ask for a new one."),
        ["task.progress.empty"] = new("请填写进展说明、数量或上传照片、附件。", "Say something of the progress: a note, a number, photos or attachments."),
        ["task.number.not_asked"] = new("本任务不要求填报数量。", "This task asks for no number."),
        ["task.number.short"] = new("数量少于要求，请说明原因。", "The number is lower than expected; say why."),
        ["task.evidence.text_missing"] = new("本任务要求填写办理情况。", "This task asks for a text that says how it went."),
        ["task.evidence.photos_missing"] = new("照片数量少于要求，请补充照片。", "There are fewer photos than the task asks for; add some."),
        ["task.evidence.number_missing"] = new("本任务要求填报数量。", "This task asks for a number."),
        ["task.check.reason_missing"] = new("核查不通过必须写明原因。", "A failed check needs its reason."),
        ["task.check.limit_missing"] = new("原时限已过而对方未超期，请给出新的时限。", "The old limit has passed though they were in time; give a new one."),
    };

    /// <summary>All codes with their words, for the documentation.</summary>
    public static IReadOnlyDictionary<string, Message> All => Words;

    /// <exception cref="KeyNotFoundException">The code is not in the list.</exception>
    public static Refusal Of(string code, GridTask state) => new(code, Words[code], TaskDecider.Possible(state));
}
