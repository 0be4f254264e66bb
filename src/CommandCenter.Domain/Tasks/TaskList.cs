using System.Globalization;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tasks;

/// <summary>Where a list stands.</summary>
public enum TaskListStage
{
    /// <summary>拟定中</summary>
    Drafted,

    /// <summary>已下发</summary>
    Published,

    /// <summary>已撤回</summary>
    Withdrawn,

    /// <summary>已销号</summary>
    Closed,
}

/// <summary>One item at one target.</summary>
public sealed record ListedTask(TaskItem Item, AreaCode Target)
{
    /// <summary>
    /// The task's id: made of its list, item and first target, so that publishing twice cannot make two, and a person who reads it knows which it is.
    /// </summary>
    public string IdIn(string list) => string.Create(CultureInfo.InvariantCulture, $"{list}-{Item.Number}-{Target}");
}

/// <summary>What is known of a list, whatever its stage.</summary>
/// <param name="Issuer">Who answers for it: who drafted it, then who published it.</param>
/// <param name="Department">The department whose list it is.</param>
/// <param name="EndedAt">When it was withdrawn or closed.</param>
/// <param name="Closing">Set once it is closed.</param>
public sealed record TaskListFile(
    MarkedText Title,
    IReadOnlyList<TaskItem> Items,
    IReadOnlyList<AreaCode> Targets,
    By DraftedBy,
    DateTimeOffset DraftedAt,
    By Issuer,
    string? Department = null,
    DateTimeOffset? PublishedAt = null,
    DateTimeOffset? EndedAt = null,
    TaskListClosed? Closing = null)
{
    /// <summary>Every item at each of its targets, item by item.</summary>
    public IEnumerable<ListedTask> Tasks => Items.SelectMany(item => (item.Targets ?? Targets).Select(target => new ListedTask(item, target)));

    /// <summary>Null when there is no item of that number.</summary>
    public TaskItem? Find(int number) => number >= 1 && number <= Items.Count ? Items[number - 1] : null;
}

/// <summary>A list as a fold of its stream. A closed type: one variant a stage.</summary>
public abstract record TaskList
{
    private TaskList() { }

    /// <summary>There is no such list (yet).</summary>
    public sealed record Undrafted : TaskList;

    public abstract record Known(TaskListFile File) : TaskList;

    public sealed record Drafted(TaskListFile File) : Known(File);

    public sealed record Published(TaskListFile File) : Known(File);

    public sealed record Withdrawn(TaskListFile File) : Known(File);

    public sealed record Closed(TaskListFile File) : Known(File);

    public static TaskList None { get; } = new Undrafted();

    /// <summary>The stage; null for a list that does not exist.</summary>
    public TaskListStage? Stage => this switch
    {
        Drafted => TaskListStage.Drafted,
        Published => TaskListStage.Published,
        Withdrawn => TaskListStage.Withdrawn,
        Closed => TaskListStage.Closed,
        _ => null,
    };

    public static TaskList Fold(IEnumerable<Fact<TaskListEvent>> facts) => facts.Aggregate(None, (state, fact) => state.Apply(fact));

    /// <summary>The list after an event. Total: an event that the decider could not have emitted here throws.</summary>
    /// <exception cref="InvalidOperationException">The stream is not a list's life.</exception>
    public TaskList Apply(Fact<TaskListEvent> fact) => (fact.Event, this) switch
    {
        (TaskListDrafted e, Undrafted) => new Drafted(new TaskListFile(e.Title, e.Items, e.Targets, fact.By, fact.RecordedAt, fact.By, e.Department)),
        (TaskListRevised e, Drafted k) => new Drafted(k.File with { Title = e.Title, Items = e.Items, Targets = e.Targets }),
        (TaskListPublished, Drafted k) => new Published(k.File with { Issuer = fact.By, PublishedAt = fact.RecordedAt }),
        (TaskListWithdrawn, Known k and (Drafted or Published)) => new Withdrawn(k.File with { EndedAt = fact.RecordedAt }),
        (TaskListReminded, Published k) => k,
        (TaskListClosed e, Published k) => new Closed(k.File with { EndedAt = fact.RecordedAt, Closing = e }),
        _ => throw new InvalidOperationException($"{fact.Event.GetType().Name} cannot follow in a list that is {Stage?.ToString() ?? "not drafted"}."),
    };
}
