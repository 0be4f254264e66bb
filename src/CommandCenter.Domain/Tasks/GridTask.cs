using System.Collections.Immutable;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tasks;

/// <summary>Where a task stands.</summary>
public enum TaskStage
{
    /// <summary>待签收</summary>
    Assigned,

    /// <summary>办理中</summary>
    Claimed,

    /// <summary>已退回: the publisher decides.</summary>
    Returned,

    /// <summary>待核查</summary>
    Completed,

    /// <summary>已办结</summary>
    Accepted,

    /// <summary>已取消</summary>
    Cancelled,

    /// <summary>未完成</summary>
    Lapsed,
}

/// <summary>A target that had the task before it went elsewhere.</summary>
/// <param name="Late">Whether its limit had passed by then.</param>
/// <param name="Returns">How often it had sent it back.</param>
/// <param name="SentBacks">How often a check had failed there.</param>
public sealed record PastTarget(AreaCode Target, bool Late, int Returns, int SentBacks);

/// <summary>What is known of a task, whatever its stage.</summary>
/// <param name="Issuer">Who published the list.</param>
/// <param name="AssignedAt">When the present target got it.</param>
/// <param name="Round">1 until it is sent again.</param>
/// <param name="Department">The department whose list it is.</param>
/// <param name="Number">The last number that was reported since the present target had it.</param>
/// <param name="Photos">The evidence since the last check, each once.</param>
/// <param name="LateSince">The first limit that passed while the present target had it to do; it stays, whatever comes later.</param>
/// <param name="Returns">How often the present target sent it back.</param>
/// <param name="SentBacks">How often a check failed since the present target had it.</param>
/// <param name="Past">Who had it before, in order.</param>
/// <param name="Limits">How often a limit was set for this task alone; 0: it has its item's.</param>
public sealed record TaskFile(
    string List,
    int Item,
    string Matter,
    AreaCode Target,
    DateTimeOffset DueAt,
    EvidenceRule Evidence,
    By Issuer,
    DateTimeOffset AssignedAt,
    int Round,
    ImmutableList<string> Photos,
    ImmutableList<PastTarget> Past,
    Quantity? Quantity = null,
    string? Department = null,
    string? ClaimedBy = null,
    int? Number = null,
    string? CompletedBy = null,
    DateTimeOffset? CompletedAt = null,
    DateTimeOffset? LateSince = null,
    int Returns = 0,
    int SentBacks = 0,
    int Limits = 0)
{
    /// <summary>The town that the target is or lies in.</summary>
    public AreaCode Town => Target.At(AreaLevel.Town)!.Value;
}

/// <summary>A task as a fold of its stream. A closed type: one variant a stage.</summary>
public abstract record GridTask
{
    private GridTask() { }

    /// <summary>There is no such task (yet).</summary>
    public sealed record Unassigned : GridTask;

    public abstract record Known(TaskFile File) : GridTask;

    public sealed record Assigned(TaskFile File) : Known(File);

    public sealed record Claimed(TaskFile File) : Known(File);

    public sealed record Returned(TaskFile File) : Known(File);

    public sealed record Completed(TaskFile File) : Known(File);

    public sealed record Accepted(TaskFile File) : Known(File);

    public sealed record Cancelled(TaskFile File) : Known(File);

    public sealed record Lapsed(TaskFile File) : Known(File);

    public static GridTask None { get; } = new Unassigned();

    /// <summary>The stage; null for a task that does not exist.</summary>
    public TaskStage? Stage => this switch
    {
        Assigned => TaskStage.Assigned,
        Claimed => TaskStage.Claimed,
        Returned => TaskStage.Returned,
        Completed => TaskStage.Completed,
        Accepted => TaskStage.Accepted,
        Cancelled => TaskStage.Cancelled,
        Lapsed => TaskStage.Lapsed,
        _ => null,
    };

    /// <summary>A task that is known to stand there, as a read table kept it.</summary>
    public static Known At(TaskStage stage, TaskFile file) => stage switch
    {
        TaskStage.Assigned => new Assigned(file),
        TaskStage.Claimed => new Claimed(file),
        TaskStage.Returned => new Returned(file),
        TaskStage.Completed => new Completed(file),
        TaskStage.Accepted => new Accepted(file),
        TaskStage.Cancelled => new Cancelled(file),
        _ => new Lapsed(file),
    };

    /// <summary>Whether nothing more happens to it.</summary>
    public bool IsFinal => this is Accepted or Cancelled or Lapsed;

    public static GridTask Fold(IEnumerable<Fact<TaskEvent>> facts) => facts.Aggregate(None, (state, fact) => state.Apply(fact));

    /// <summary>The task after an event. Total: an event that the decider could not have emitted here throws.</summary>
    /// <exception cref="InvalidOperationException">The stream is not a task's life.</exception>
    public GridTask Apply(Fact<TaskEvent> fact) => (fact.Event, Timed(fact.RecordedAt)) switch
    {
        (TaskAssigned e, Unassigned) => new Assigned(new TaskFile(
            e.List, e.Item, e.Matter, e.Target, e.DueAt, e.Evidence, fact.By, fact.RecordedAt, 1, [], [], e.Quantity, e.Department)),
        (TaskClaimed, Assigned k) => new Claimed(k.File with { ClaimedBy = fact.By.Actor }),
        (TaskReleased, Claimed k) => new Assigned(k.File with { ClaimedBy = null }),
        (TaskProgressed e, Claimed k) => new Claimed(k.File with { Number = e.Number ?? k.File.Number, Photos = With(k.File.Photos, e.Photos) }),
        (TaskCompleted e, Claimed k) => new Completed(k.File with
        {
            Number = e.Number ?? k.File.Number,
            Photos = With(k.File.Photos, e.Photos),
            CompletedBy = fact.By.Actor,
            CompletedAt = fact.RecordedAt,
        }),
        (TaskReturned, Known k and (Assigned or Claimed)) => new Returned(k.File with { ClaimedBy = null, Returns = k.File.Returns + 1 }),
        (TaskResent e, Known k and (Assigned or Returned)) => new Assigned(Resent(k.File, e, fact.RecordedAt)),
        (TaskAccepted, Completed k) => new Accepted(k.File),
        (TaskSentBack e, Completed k) => new Claimed(k.File with
        {
            DueAt = e.DueAt ?? k.File.DueAt,
            Limits = LimitsWith(k.File, e.DueAt),
            Photos = [],
            CompletedBy = null,
            CompletedAt = null,
            SentBacks = k.File.SentBacks + 1,
        }),
        (TaskReminded, Known k and (Assigned or Claimed or Returned)) => k,
        (TaskCancelled { WithList: false }, Known k and (Assigned or Claimed or Returned)) => new Cancelled(k.File),
        (TaskCancelled { WithList: true }, Known k and not (Accepted or Cancelled or Lapsed)) => new Cancelled(k.File),
        (TaskLapsed, Known k and (Assigned or Claimed)) => new Lapsed(k.File),
        _ => throw new InvalidOperationException($"{fact.Event.GetType().Name} cannot follow in a task that is {Stage?.ToString() ?? "not assigned"}."),
    };

    // While the target has it to do, its limit counts; a limit that passed stays passed.
    private GridTask Timed(DateTimeOffset at) =>
        this is Known { File: { LateSince: null, DueAt: var dueAt } file } k and (Assigned or Claimed) && at >= dueAt ? k with { File = file with { LateSince = dueAt } } : this;

    private static TaskFile Resent(TaskFile file, TaskResent e, DateTimeOffset at)
    {
        var again = file with { Round = e.Round, DueAt = e.DueAt, Limits = LimitsWith(file, e.DueAt), ClaimedBy = null, Photos = [] };
        return e.Target == file.Target
            ? again
            : again with
            {
                Target = e.Target,
                AssignedAt = at,
                Number = null,
                LateSince = null,
                Returns = 0,
                SentBacks = 0,
                Past = file.Past.Add(new PastTarget(file.Target, file.LateSince is not null, file.Returns, file.SentBacks)),
            };
    }

    private static int LimitsWith(TaskFile file, DateTimeOffset? limit) => limit is { } set && set != file.DueAt ? file.Limits + 1 : file.Limits;

    private static ImmutableList<string> With(ImmutableList<string> before, IReadOnlyList<string> more) =>
        before.AddRange(more.Where(photo => !before.Contains(photo)).Distinct(StringComparer.Ordinal));
}
