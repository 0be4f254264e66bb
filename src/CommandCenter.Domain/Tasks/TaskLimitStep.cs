using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tasks;

/// <summary>What becomes of a limit of tasks: a reminder the day before, and word that it has passed.</summary>
internal sealed record TaskLimitStep(string Timer, DateTimeOffset DueAt, DateTimeOffset Limit, bool Late)
{
    /// <summary>How long before a limit it is reminded of.</summary>
    private static readonly TimeSpan RemindBefore = TimeSpan.FromDays(1);

    /// <param name="prefix">What the names of its timers begin with.</param>
    public static IReadOnlyList<TaskLimitStep> Of(string prefix, DateTimeOffset limit) => [new($"{prefix}due", limit - RemindBefore, limit, false), new($"{prefix}late", limit, limit, true)];

    /// <summary>Whether a limit is somebody's to keep: whoever has the task to do, and after a return the desk that gave it and has to give it to another or cancel it.</summary>
    public static bool Holds(GridTask task) => task is GridTask.Assigned or GridTask.Claimed or GridTask.Returned;

    /// <summary>Who is told when it fires: whoever has a task to do, and the desk that sent them out, each once.</summary>
    /// <param name="open">What has this limit and is not done; of one list.</param>
    public (IReadOnlyList<Recipient> Told, IReadOnlyList<Notice> Notices) Tell(
        string subject, IReadOnlyList<GridTask.Known> open, DateTimeOffset dueAt, DateTimeOffset firedAt, OrganizationDirectory organization, NoticePlan plan)
    {
        // A reminder of a limit that has passed meanwhile is on record, and nobody is told of it.
        if (!Late && Limit <= firedAt)
            return ([], []);
        var kind = Late ? NoticeKind.TaskLate : NoticeKind.TaskDue;
        var told = plan.Recipients(
            kind, null, open[0].File.Issuer.Place, null, organization, audience => [.. open.SelectMany(task => TaskNotices.Named(kind, audience, task, organization)).DistinctBy(recipient => recipient.Person)]);
        return (
            [.. told.Select(one => one.Recipient)],
            [
                .. told.Select(one => new Notice(one.Recipient.Person, one.Sent(kind, subject) with
                {
                    DueAt = Limit,
                    MissedAt = firedAt - dueAt > NoticePlan.Punctual ? dueAt : null,
                })),
            ]);
    }
}
