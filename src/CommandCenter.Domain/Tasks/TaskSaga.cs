using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tasks;

/// <summary>
/// Holds the limit of a task that has one of its own, because it was sent again or sent back with another: tells whoever has it the day before, and them and the desk once when it has passed. Pure.
/// </summary>
/// <remarks>The limits that tasks have from their list are held by <see cref="TaskListSaga"/>.</remarks>
public static class TaskSaga
{
    /// <summary>The saga's frozen name in the timer table; its instance is a task, and an attempt is a limit.</summary>
    public const string Name = "task_limits";

    /// <param name="after">The task with what was decided.</param>
    /// <param name="at">When the host received it: of a limit that is so near nobody is reminded.</param>
    public static IReadOnlyList<SagaTimer> Timers(GridTask after, IReadOnlyList<TaskEvent> decided, DateTimeOffset at)
    {
        if (after is not GridTask.Known { File: { Limits: > 0 } file })
            return [];
        if (after.IsFinal)
            return [.. Pending(file.Limits).Select(timer => timer with { DueAt = null })];
        // To set what is set already changes nothing.
        return decided.Any(happened => happened is TaskResent or TaskSentBack)
            ? [.. Pending(file.Limits - 1).Where(timer => timer.Attempt > 0).Select(timer => timer with { DueAt = null }), .. Pending(file.Limits)]
            : [];

        IEnumerable<SagaTimer> Pending(int attempt) => TaskLimitStep.Of("", file.DueAt).Where(step => step.DueAt > at || attempt < file.Limits).Select(step => new SagaTimer(step.Timer, attempt, step.DueAt));
    }

    /// <summary>A limit is near, or has passed. Where the task is done, or has another limit by now, nothing happens.</summary>
    /// <param name="attempt">Which of the task's own limits it is.</param>
    /// <param name="dueAt">When the timer was due; after downtime this lies before <paramref name="firedAt"/>.</param>
    public static Reaction<TaskEvent> OnTimer(
        string taskId, GridTask state, string timer, int attempt, DateTimeOffset dueAt, DateTimeOffset firedAt, OrganizationDirectory organization, NoticePlan plan)
    {
        if (!TaskLimitStep.Holds(state) || state is not GridTask.Known { File: var file } known || file.Limits != attempt
            || TaskLimitStep.Of("", file.DueAt).FirstOrDefault(step => step.Timer == timer) is not { } step)
            return new Reaction<TaskEvent>();
        var (told, notices) = step.Tell($"task:{taskId}", [known], dueAt, firedAt, organization, plan);
        return new Reaction<TaskEvent>([new TaskReminded(step.Limit, dueAt, DomainJson.Microseconds(firedAt), told, step.Late ? true : null)], notices, []);
    }
}
