using System.Globalization;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tasks;

/// <summary>
/// Holds the limits of a list that was sent out: tells whoever has an open task the day before an item's limit, and them and the desk once when it has passed; in order after downtime. Pure.
/// </summary>
/// <remarks>A task whose limit was set for it alone when it was sent again, or sent back, no longer has its item's: <see cref="TaskSaga"/> holds it.</remarks>
public static class TaskListSaga
{
    /// <summary>The saga's frozen name in the timer table; its instance is a list.</summary>
    public const string Name = "task_list_limits";

    /// <param name="after">The list with what was decided.</param>
    /// <param name="at">When the host received it: of a limit that is so near nobody is reminded.</param>
    public static IReadOnlyList<SagaTimer> Timers(TaskList after, IReadOnlyList<TaskListEvent> decided, DateTimeOffset at)
    {
        if (after is not TaskList.Known { File: { PublishedAt: { } published } file })
            return [];
        return
        [
            .. decided.SelectMany(happened => happened switch
            {
                TaskListPublished => Limits(file).SelectMany(Steps).Where(step => step.DueAt > at).Select(step => new SagaTimer(step.Timer, 1, step.DueAt)),
                // What came due by now has fired, or finds the list ended.
                TaskListWithdrawn or TaskListClosed => Limits(file).SelectMany(Steps).Where(step => step.DueAt > published && step.DueAt > at).Select(step => new SagaTimer(step.Timer, 1, null)),
                _ => Enumerable.Empty<SagaTimer>(),
            }),
        ];
    }

    /// <summary>A limit is near, or has passed. Where nothing is open, or the list has ended, nothing happens.</summary>
    /// <param name="tasks">The list's tasks as they stand.</param>
    /// <param name="dueAt">When the timer was due; after downtime this lies before <paramref name="firedAt"/>.</param>
    public static Reaction<TaskListEvent> OnTimer(
        string listId, TaskList state, IEnumerable<GridTask.Known> tasks, string timer, DateTimeOffset dueAt, DateTimeOffset firedAt, OrganizationDirectory organization, NoticePlan plan)
    {
        if (state is not TaskList.Published { File: var file } || Limits(file).SelectMany(Steps).FirstOrDefault(step => step.Timer == timer) is not { } step)
            return new Reaction<TaskListEvent>();
        List<GridTask.Known> open = [.. tasks.Where(task => TaskLimitStep.Holds(task) && task.File.Limits == 0 && task.File.DueAt == step.Limit)];
        if (open.Count == 0)
            return new Reaction<TaskListEvent>();

        var (told, notices) = step.Tell($"task_list:{listId}", open, dueAt, firedAt, organization, plan);
        return new Reaction<TaskListEvent>([new TaskListReminded(step.Limit, dueAt, DomainJson.Microseconds(firedAt), open.Count, told, step.Late ? true : null)], notices, []);
    }

    /// <summary>The limits of a list, each once, with the first item that has it.</summary>
    private static IEnumerable<(int Item, DateTimeOffset DueAt)> Limits(TaskListFile file) => file.Items.GroupBy(item => item.DueAt).Select(limit => (limit.Min(item => item.Number), limit.Key));

    private static IEnumerable<TaskLimitStep> Steps((int Item, DateTimeOffset DueAt) limit) => TaskLimitStep.Of(string.Create(CultureInfo.InvariantCulture, $"{limit.Item}/"), limit.DueAt);
}
