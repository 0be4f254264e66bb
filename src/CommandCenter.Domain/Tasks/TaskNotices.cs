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
    public static IReadOnlyList<Notice> Of(string listId, TaskList after, IReadOnlyList<TaskListEvent> decided, OrganizationDirectory organization, NoticePlan plan)
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
        var dueAt = file.Tasks.GroupBy(task => task.Target).Select(at => (Target: at.Key, DueAt: at.Min(task => task.Item.DueAt))).ToList();
        // Everybody with the first limit among the targets that they answer for; who is told besides has the first of all.
        var own = (from at in dueAt
                   from recipient in seats.Responsible(at.Target)
                   group (recipient, at.DueAt) by recipient.Person).ToDictionary(person => person.Key, StringComparer.Ordinal);
        IReadOnlyList<Recipient> targets = [.. own.Values.Select(person => person.First().recipient)];
        return
        [
            .. plan.Recipients(what, null, file.Issuer.Place, null, organization, _ => targets).Select(told => new Notice(told.Recipient.Person, told.Sent(what, $"task_list:{listId}") with
            {
                DueAt = what == NoticeKind.TaskListPublished ? (own.TryGetValue(told.Recipient.Person, out var rows) ? rows.Min(row => row.DueAt) : dueAt.Min(at => at.DueAt)) : null,
            })),
        ];
    }

    /// <summary>Told of one task.</summary>
    /// <param name="after">The task with what was decided.</param>
    public static IReadOnlyList<Notice> Of(string taskId, GridTask after, IReadOnlyList<TaskEvent> decided, OrganizationDirectory organization, NoticePlan plan)
    {
        if (after is not GridTask.Known { File: var task })
            return [];

        return [.. decided.SelectMany(Told)];

        IEnumerable<Notice> Told(TaskEvent happened) => happened switch
        {
            TaskReleased or TaskResent => Tell(NoticeKind.TaskAssigned, task.DueAt),
            TaskReturned => Tell(NoticeKind.TaskReturned),
            TaskCompleted => Tell(NoticeKind.TaskToCheck),
            TaskSentBack => Tell(NoticeKind.TaskSentBack, task.DueAt),
            // Of the whole list its own notice tells, except where the task had gone to another target.
            TaskCancelled { WithList: true } when task.Past.Count == 0 => [],
            TaskCancelled => Tell(NoticeKind.TaskCancelled),
            _ => [],
        };

        IEnumerable<Notice> Tell(NoticeKind kind, DateTimeOffset? dueAt = null) =>
            plan.Recipients(kind, null, task.Target, null, organization, audience => Named(kind, audience))
                .Select(told => new Notice(told.Recipient.Person, told.Sent(kind, $"task:{taskId}") with { DueAt = dueAt }));

        IReadOnlyList<Recipient> Named(NoticeKind kind, Audience audience) => TaskNotices.Named(kind, audience, task, organization);
    }

    /// <summary>Whoever claimed a task has left, or moved: the desk that sent it out sets it free for another. Nothing where they may still go on with it.</summary>
    public static IReadOnlyList<Notice> WhenClaimerLeft(string taskId, GridTask state, OrganizationDirectory organization, NoticePlan plan)
    {
        if (state is not GridTask.Claimed { File: { ClaimedBy: { } person } task } claimed || new TaskSeats(organization).SeatFor(person, task.Target) is not null)
            return [];
        return
        [
            .. plan.Recipients(NoticeKind.HolderLeft, null, task.Target, null, organization, _ => WhoActs(NoticeKind.HolderLeft, claimed, organization))
                .Select(told => new Notice(told.Recipient.Person, told.Sent(NoticeKind.HolderLeft, $"task:{taskId}") with { DueAt = task.DueAt })),
        ];
    }

    /// <summary>Whose work a kind of notice of a task is, as things are now.</summary>
    public static IReadOnlyList<Recipient> WhoActs(NoticeKind kind, GridTask.Known task, OrganizationDirectory organization) =>
        Audiences.Needed(kind) is { } needed ? Named(kind, needed, task, organization) : [];

    /// <summary>As <see cref="Named(NoticeKind, Audience, TaskFile, OrganizationDirectory)"/>; what was returned is the desk's to do.</summary>
    internal static IReadOnlyList<Recipient> Named(NoticeKind kind, Audience audience, GridTask.Known task, OrganizationDirectory organization) =>
        Named(kind, task is GridTask.Returned && audience == Audience.Doer ? Audience.Desk : audience, task.File, organization);

    internal static IReadOnlyList<Recipient> Named(NoticeKind kind, Audience audience, TaskFile task, OrganizationDirectory organization)
    {
        var seats = new TaskSeats(organization);
        return audience switch
        {
            Audience.Desk => seats.Desk(task.Issuer, task.Department, kind == NoticeKind.TaskToCheck ? task.CompletedBy : null),
            Audience.WhoseTurn => seats.Desk(task.Issuer, task.Department),
            Audience.Doer => Claimer() ?? seats.Responsible(task.Target),
            _ => seats.Responsible(task.Target),
        };

        // The person who has it in hand, while they still have a seat from which they can go on.
        IReadOnlyList<Recipient>? Claimer() => task.ClaimedBy is { } person && seats.SeatFor(person, task.Target) is { } recipient ? [recipient] : null;
    }
}
