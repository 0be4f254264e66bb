using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tasks;

/// <summary>Who is told of what happens to lists and tasks: whoever has to do something now, and whoever loses something to do. Pure.</summary>
public static class TaskNotices
{
    /// <summary>The engine's identity in the envelope of notices.</summary>
    public static By Engine(AreaCode place) => new("system:tasks", Role.System, place);

    /// <summary>
    /// Told of a list: one notice a person, however many of its tasks are theirs, with the first limit among them.
    /// </summary>
    /// <param name="after">The list with what was decided.</param>
    public static IReadOnlyList<Notice> Of(string listId, TaskList after, IReadOnlyList<TaskListEvent> decided, OrganizationDirectory organization)
    {
        if (after is not TaskList.Known { File: { PublishedAt: not null } file })
            return [];

        NoticeKind? kind = decided.Select(happened => happened switch
        {
            TaskListPublished => NoticeKind.TaskListPublished,
            TaskListWithdrawn => NoticeKind.TaskListWithdrawn,
            TaskListClosed => NoticeKind.TaskListClosed,
            _ => (NoticeKind?)null,
        }).FirstOrDefault(told => told is not null);
        if (kind is not { } what)
            return [];

        var seats = new TaskSeats(organization);
        var dueAt = file.Tasks.GroupBy(task => task.Target).Select(at => (Target: at.Key, DueAt: at.Min(task => task.Item.DueAt)));
        return
        [
            .. from at in dueAt
               from recipient in seats.Responsible(at.Target)
               group (recipient, at.DueAt) by recipient.Person into person
               let first = person.First().recipient
               select new Notice(person.Key, new NoticeSent(
                   what, $"task_list:{listId}", first.Role, first.Reason, DueAt: what == NoticeKind.TaskListPublished ? person.Min(row => row.DueAt) : null)),
        ];
    }

    /// <summary>Told of one task.</summary>
    /// <param name="after">The task with what was decided.</param>
    public static IReadOnlyList<Notice> Of(string taskId, GridTask after, IReadOnlyList<TaskEvent> decided, OrganizationDirectory organization)
    {
        if (after is not GridTask.Known { File: var task })
            return [];

        var seats = new TaskSeats(organization);
        return [.. decided.SelectMany(Told)];

        IEnumerable<Notice> Told(TaskEvent happened) => happened switch
        {
            TaskReleased or TaskResent => Tell(NoticeKind.TaskAssigned, seats.Responsible(task.Target), task.DueAt),
            TaskReturned => Tell(NoticeKind.TaskReturned, seats.Desk(task.Issuer, task.Department)),
            TaskCompleted => Tell(NoticeKind.TaskToCheck, seats.Desk(task.Issuer, task.Department, task.CompletedBy)),
            TaskSentBack => Tell(NoticeKind.TaskSentBack, Claimer() ?? seats.Responsible(task.Target), task.DueAt),
            // Of the whole list its own notice tells, except where the task had gone to another target.
            TaskCancelled { WithList: true } when task.Past.Count == 0 => [],
            TaskCancelled => Tell(NoticeKind.TaskCancelled, Claimer() ?? seats.Responsible(task.Target)),
            _ => [],
        };

        IEnumerable<Notice> Tell(NoticeKind kind, IReadOnlyList<Recipient> told, DateTimeOffset? dueAt = null) =>
            told.Select(recipient => new Notice(recipient.Person, new NoticeSent(kind, $"task:{taskId}", recipient.Role, recipient.Reason, DueAt: dueAt)));

        // The person who has it in hand, while they still have a seat from which they can go on.
        IReadOnlyList<Recipient>? Claimer() => task.ClaimedBy is { } person && seats.SeatFor(person, task.Target) is { } recipient ? [recipient] : null;
    }
}
