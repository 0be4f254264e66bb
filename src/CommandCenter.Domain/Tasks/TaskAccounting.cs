using System.Collections.Immutable;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tasks;

/// <summary>How one task stands: all that accounting asks of it.</summary>
/// <param name="Late">Whether a limit has passed while its target had it to do.</param>
public sealed record TaskStanding(
    string Task, int Item, AreaCode Target, TaskStage Stage, DateTimeOffset DueAt, bool Late, int Returns, int SentBacks, int? Number, int? Expected, ImmutableList<PastTarget> Past)
{
    /// <param name="at">Now: what its target has to do and is due by then is late.</param>
    public static TaskStanding Of(string task, GridTask.Known state, DateTimeOffset at) => new(
        task, state.File.Item, state.File.Target, state.Stage!.Value, state.File.DueAt,
        state.File.LateSince is not null || (state is GridTask.Assigned or GridTask.Claimed && state.File.DueAt <= at),
        state.File.Returns, state.File.SentBacks, state.File.Number, state.File.Quantity?.Expected, state.File.Past);
}

/// <summary>How a list stands at one target, while it goes on.</summary>
/// <param name="Tasks">The target's tasks now.</param>
/// <param name="OnTime">Accepted, and never late.</param>
/// <param name="Late">Accepted, but late.</param>
/// <param name="Open">To be done, and not late.</param>
/// <param name="OpenLate">To be done, and late.</param>
/// <param name="ToCheck">Reported as done, not checked yet.</param>
/// <param name="ToDecide">Returned, and nobody has said yet what becomes of it.</param>
/// <param name="NotDone">Not done when the list was closed.</param>
/// <param name="Returned">How often the target sent a task back, whoever has it now.</param>
/// <param name="ReturnedLate">Of the tasks that went elsewhere, those that were late when they did.</param>
/// <param name="SentBack">How often a check failed.</param>
public sealed record TargetAccount(
    AreaCode Target, int Tasks, int OnTime, int Late, int Open, int OpenLate, int ToCheck, int ToDecide, int NotDone, int Cancelled, int Returned, int ReturnedLate, int SentBack);

/// <summary>
/// Counts a list target by target (对单考核). Pure. The formula <c>tasks-1</c>: each task counts 0–100 points; accepted in time 100, accepted late 60, each failed check 10 less, never below 0, and where a number
/// was expected only the share of it that was reached; not done 0; gone elsewhere while late 0. Cancelled tasks, and those that went elsewhere in time, do not count. The score is the average, rounded half up.
/// </summary>
public static class TaskAccounting
{
    /// <summary>The formula in use; a closed list names the one that it was counted by.</summary>
    public const string Formula = "tasks-1";

    private const int OnTime = 100;
    private const int Late = 60;
    private const int FailedCheck = 10;

    /// <summary>Every target that has or had a task, in the order of their codes.</summary>
    public static IReadOnlyList<TargetAccount> Account(IEnumerable<TaskStanding> standings) =>
    [
        .. ByTarget(standings).Select(at => new TargetAccount(
            at.Target,
            at.Own.Count,
            at.Own.Count(task => task is { Stage: TaskStage.Accepted, Late: false }),
            at.Own.Count(task => task is { Stage: TaskStage.Accepted, Late: true }),
            at.Own.Count(task => task is { Stage: TaskStage.Assigned or TaskStage.Claimed, Late: false }),
            at.Own.Count(task => task is { Stage: TaskStage.Assigned or TaskStage.Claimed, Late: true }),
            at.Own.Count(task => task.Stage == TaskStage.Completed),
            at.Own.Count(task => task.Stage == TaskStage.Returned),
            at.Own.Count(task => task.Stage == TaskStage.Lapsed),
            at.Own.Count(task => task.Stage == TaskStage.Cancelled),
            at.Own.Sum(task => task.Returns) + at.Gone.Sum(past => past.Returns),
            at.Gone.Count(past => past.Late),
            at.Own.Sum(task => task.SentBacks) + at.Gone.Sum(past => past.SentBacks))),
    ];

    /// <summary>The scores with which a list is closed: what was open counts as not done.</summary>
    public static IReadOnlyList<TargetScore> Scores(IEnumerable<TaskStanding> standings)
    {
        List<TaskStanding> final = [.. standings.Select(task => task.Stage is TaskStage.Assigned or TaskStage.Claimed ? task with { Stage = TaskStage.Lapsed, Late = true } : task)];
        return
        [
            .. Account(final).Zip(ByTarget(final), (account, at) => new TargetScore(
                account.Target, account.Tasks, account.OnTime, account.Late, account.NotDone, account.Cancelled, account.Returned, account.ReturnedLate, account.SentBack,
                Average([.. at.Own.Select(Points).OfType<int>(), .. at.Gone.Where(past => past.Late).Select(_ => 0)]))),
        ];
    }

    /// <summary>0–100; null for a task that does not count.</summary>
    public static int? Points(TaskStanding task) => task.Stage switch
    {
        TaskStage.Accepted => Math.Max(0, (task.Late ? Late : OnTime) - (FailedCheck * task.SentBacks)) * Reached(task) / 100,
        TaskStage.Lapsed => 0,
        _ => null,
    };

    // The share of the expected number in whole percent.
    private static int Reached(TaskStanding task) => task.Expected is { } expected and > 0 ? (int)Math.Min(100, 100L * (task.Number ?? 0) / expected) : 100;

    private static int? Average(List<int> points) => points.Count == 0 ? null : ((2 * points.Sum()) + points.Count) / (2 * points.Count);

    private static List<(AreaCode Target, List<TaskStanding> Own, List<PastTarget> Gone)> ByTarget(IEnumerable<TaskStanding> standings)
    {
        List<TaskStanding> all = [.. standings];
        var own = all.ToLookup(task => task.Target);
        var gone = all.SelectMany(task => task.Past).ToLookup(past => past.Target);
        return
        [
            .. own.Select(group => group.Key).Concat(gone.Select(group => group.Key)).Distinct().OrderBy(target => target.Value, StringComparer.Ordinal)
                .Select(target => (target, own[target].ToList(), gone[target].ToList())),
        ];
    }
}
