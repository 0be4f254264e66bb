using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tasks;

/// <summary>
/// A task as lists show it: its fold with its place in the log, so that a read table can keep it and go on from it. It holds no words of people.
/// An event at or below <see cref="Version"/> changes nothing.
/// </summary>
/// <param name="Position">Of the assignment in the log: the order of lists.</param>
public sealed record TaskSummary(string Id, long Version, long Position, TaskStage Stage, TaskFile File, DateTimeOffset UpdatedAt)
{
    public GridTask.Known State => GridTask.At(Stage, File);

    /// <summary>When it became late, or will while nobody reports it as done; null where no limit runs.</summary>
    public DateTimeOffset? LateAt => File.LateSince ?? (Stage is TaskStage.Assigned or TaskStage.Claimed ? File.DueAt : null);

    /// <summary>Whether somebody still has to do something.</summary>
    public bool IsOpen => !State.IsFinal;

    /// <summary>The summary after an event.</summary>
    /// <exception cref="InvalidOperationException">The first event of the task, or one before this, is missing.</exception>
    public static TaskSummary Apply(TaskSummary? before, string id, long version, long position, Fact<TaskEvent> fact)
    {
        if (before is not null && version <= before.Version)
            return before;
        if (version != (before?.Version ?? 0) + 1)
            throw new InvalidOperationException($"Task {id} is at version {before?.Version ?? 0} and goes on with {version}: what lies between is missing.");

        var state = (GridTask.Known)(before?.State ?? GridTask.None).Apply(fact);
        return new TaskSummary(id, version, before?.Position ?? position, state.Stage!.Value, state.File, fact.RecordedAt);
    }
}

/// <summary>An item of a list as lists show it.</summary>
/// <param name="Title">With <c>⟦n⟧</c> for sealed spans.</param>
public sealed record TaskItemSummary(int Number, string Title, string Matter, DateTimeOffset DueAt);

/// <summary>A list as lists of lists show it: a fold that needs nothing but the row before.</summary>
/// <param name="Position">Of the draft in the log: the order of lists.</param>
/// <param name="Title">With <c>⟦n⟧</c> for sealed spans.</param>
/// <param name="Tasks">Items × targets.</param>
/// <param name="Issuer">Who answers for it.</param>
public sealed record TaskListSummary(
    string Id,
    long Version,
    long Position,
    TaskListStage Stage,
    string Title,
    IReadOnlyList<TaskItemSummary> Items,
    int Targets,
    int Tasks,
    string DraftedBy,
    By Issuer,
    DateTimeOffset DraftedAt,
    DateTimeOffset UpdatedAt,
    string? Department = null,
    DateTimeOffset? PublishedAt = null,
    DateTimeOffset? EndedAt = null)
{
    /// <summary>The last limit of its items.</summary>
    public DateTimeOffset? DueAt => Items.Count == 0 ? null : Items.Max(item => item.DueAt);

    /// <summary>The summary after an event.</summary>
    /// <exception cref="InvalidOperationException">The draft, or an event before this, is missing.</exception>
    public static TaskListSummary Apply(TaskListSummary? before, string id, long version, long position, Fact<TaskListEvent> fact)
    {
        if (before is not null && version <= before.Version)
            return before;
        if (version != (before?.Version ?? 0) + 1)
            throw new InvalidOperationException($"List {id} is at version {before?.Version ?? 0} and goes on with {version}: what lies between is missing.");

        var after = (fact.Event, before) switch
        {
            (TaskListDrafted e, null) => Written(
                new TaskListSummary(id, version, position, TaskListStage.Drafted, "", [], 0, 0, fact.By.Actor, fact.By, fact.RecordedAt, fact.RecordedAt, e.Department), e.Title, e.Items, e.Targets),
            (TaskListRevised e, not null) => Written(before, e.Title, e.Items, e.Targets),
            (TaskListPublished, not null) => before with { Stage = TaskListStage.Published, Issuer = fact.By, PublishedAt = fact.RecordedAt },
            (TaskListReminded, not null) => before,
            (TaskListWithdrawn, not null) => before with { Stage = TaskListStage.Withdrawn, EndedAt = fact.RecordedAt },
            (TaskListClosed, not null) => before with { Stage = TaskListStage.Closed, EndedAt = fact.RecordedAt },
            _ => throw new InvalidOperationException($"List {id} begins with {fact.Event.GetType().Name} instead of a draft."),
        };
        return after with { Version = version, UpdatedAt = fact.RecordedAt };
    }

    private static TaskListSummary Written(TaskListSummary row, Cases.MarkedText title, IReadOnlyList<TaskItem> items, IReadOnlyList<AreaCode> targets) => row with
    {
        Title = title.Text,
        Items = [.. items.Select(item => new TaskItemSummary(item.Number, item.Title.Text, item.Matter, item.DueAt))],
        Targets = items.SelectMany(item => item.Targets ?? targets).Distinct().Count(),
        Tasks = items.Sum(item => (item.Targets ?? targets).Count),
    };
}
