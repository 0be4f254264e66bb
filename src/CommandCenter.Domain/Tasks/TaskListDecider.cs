using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tasks;

/// <summary>What may happen to a list of tasks: every state × every command, decided on purpose.</summary>
public static class TaskListDecider
{
    /// <summary>The most items of a list.</summary>
    public const int MostItems = 50;

    /// <summary>The most tasks that are published at once: they are one append, and everybody else waits for it (ADR 0014).</summary>
    public const int MostTasks = 5_000;

    public static Decision<TaskListEvent> Decide(TaskListCommand command, TaskList state, By by) => (command, state) switch
    {
        (DraftTaskList c, TaskList.Undrafted) => Emit(new TaskListDrafted(c.Title, c.Items, c.Targets, c.Department)),
        (DraftTaskList, _) => Refuse("task_list.exists", state),
        (_, TaskList.Undrafted) => Refuse("task_list.unknown", state),

        (WithdrawTaskList, TaskList.Withdrawn) => Nothing,
        (_, TaskList.Withdrawn) => Refuse("task_list.withdrawn", state),
        (CloseTaskList, TaskList.Closed) => Nothing,
        (_, TaskList.Closed) => Refuse("task_list.closed", state),
        (WithdrawTaskList c, _) => Emit(new TaskListWithdrawn(c.Reason)),

        (ReviseTaskList c, TaskList.Drafted) => Emit(new TaskListRevised(c.Title, c.Items, c.Targets)),
        (PublishTaskList c, TaskList.Drafted s) => Publish(c, s, by),
        (CloseTaskList, TaskList.Drafted) => Refuse("task_list.not_published", state),

        (ReviseTaskList, TaskList.Published) => Refuse("task_list.published", state),
        (PublishTaskList, TaskList.Published) => Nothing,
        (CloseTaskList c, TaskList.Published s) => Close(c, s),

        _ => throw new InvalidOperationException($"{command.GetType().Name} is not decided in {state.GetType().Name}."),
    };

    /// <summary>The commands that a state accepts, in the order of the loop, in kebab-case.</summary>
    public static IReadOnlyList<string> Possible(TaskList state) => state switch
    {
        TaskList.Undrafted => ["draft"],
        TaskList.Drafted => ["revise", "publish", "withdraw"],
        TaskList.Published => ["withdraw", "close"],
        _ => [],
    };

    private static Decision<TaskListEvent> Publish(PublishTaskList c, TaskList.Drafted s, By by)
    {
        List<ListedTask> tasks = [.. s.File.Tasks];
        if (tasks.Count == 0 || s.File.Items.Any(item => (item.Targets ?? s.File.Targets).Count == 0))
            return Refuse("task_list.empty", s);
        if (tasks.Count > MostTasks)
            return Refuse("task_list.too_many", s);

        List<RefusalLine> lines = [.. s.File.Items.Where(item => item.DueAt <= c.At).Select(item => TaskListRefusals.Line("task_list.line.due_passed", item.Number, null))];
        var additions = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (item, target) in tasks)
        {
            if (target.Level == AreaLevel.District || !by.Place.Contains(target))
            {
                lines.Add(TaskListRefusals.Line("task_list.line.target_outside", item.Number, target));
                continue;
            }

            switch (c.Admissions.Judge(target, item.Matter, item.DueAt, c.At))
            {
                case Ruling.Admitted { Addition: { } addition }:
                    additions.Add(addition);
                    break;
                case Ruling.NotAdmitted:
                    lines.Add(TaskListRefusals.Line("task_list.line.not_admitted", item.Number, target));
                    break;
                case Ruling.EndsBefore:
                    lines.Add(TaskListRefusals.Line("task_list.line.addition_ends_before", item.Number, target));
                    break;
            }
        }

        return lines.Count > 0 ? Refuse("task_list.not_publishable", s, lines) : Emit(new TaskListPublished(tasks.Count, [.. additions]));
    }

    // Closing judges, so everything has to be ready for it: checked, decided, or past its limit.
    private static Decision<TaskListEvent> Close(CloseTaskList c, TaskList.Published s)
    {
        List<RefusalLine> lines =
        [
            .. c.Standings.Select(task => task switch
            {
                { Stage: TaskStage.Completed } => TaskListRefusals.Line("task_list.line.unchecked", task.Item, task.Target, task.Task),
                { Stage: TaskStage.Returned } => TaskListRefusals.Line("task_list.line.returned", task.Item, task.Target, task.Task),
                { Stage: TaskStage.Assigned or TaskStage.Claimed } when task.DueAt > c.At => TaskListRefusals.Line("task_list.line.not_due", task.Item, task.Target, task.Task),
                _ => null,
            }).OfType<RefusalLine>(),
        ];
        return lines.Count > 0
            ? Refuse("task_list.not_closable", s, lines)
            : Emit(new TaskListClosed(TaskAccounting.Formula, TaskAccounting.Scores(c.Standings), c.Summary));
    }

    private static Decision<TaskListEvent>.Emit Emit(TaskListEvent happened) => new([happened]);

    private static Decision<TaskListEvent>.Refuse Refuse(string code, TaskList state, IReadOnlyList<RefusalLine>? lines = null) => new(TaskListRefusals.Of(code, state, lines));

    private static Decision<TaskListEvent> Nothing { get; } = new Decision<TaskListEvent>.Nothing();
}
