using CommandCenter.Domain.Admissions;

namespace CommandCenter.Domain.Tasks;

/// <summary>What may happen to a task: every state × every command, decided on purpose.</summary>
public static class TaskDecider
{
    public static Decision<TaskEvent> Decide(TaskCommand command, GridTask state, By by) => (command, state) switch
    {
        (AssignTask c, GridTask.Unassigned) => Emit(c.Assigned),
        (AssignTask, _) => Refuse("task.exists", state),
        (_, GridTask.Unassigned) => Refuse("task.unknown", state),

        // What belongs to the whole list leaves alone what is finished.
        (CancelTaskWithList, { IsFinal: true }) => Nothing,
        (CancelTaskWithList, _) => Emit(new TaskCancelled(true)),
        (LapseTask, { IsFinal: true }) => Nothing,

        (CheckTask { Passed: true }, GridTask.Accepted) => Nothing,
        (_, GridTask.Accepted) => Refuse("task.accepted", state),
        (CancelTask, GridTask.Cancelled) => Nothing,
        (_, GridTask.Cancelled) => Refuse("task.cancelled", state),
        (_, GridTask.Lapsed) => Refuse("task.lapsed", state),

        (ClaimTask, GridTask.Assigned) => Emit(new TaskClaimed()),
        (ClaimTask, GridTask.Claimed s) => Mine(s, by) ? Nothing : Refuse("task.claimed_by_another", state),

        (ReleaseTask, GridTask.Assigned) => Refuse("task.not_claimed", state),
        (ReleaseTask c, GridTask.Claimed) => Emit(new TaskReleased(c.Reason)),

        (ProgressTask or CompleteTask or ReturnTask, GridTask.Claimed s) when !Mine(s, by) => Refuse("task.claimed_by_another", state),
        (ProgressTask { Note: null, Number: null, Photos.Count: 0, Attachments: null }, GridTask.Assigned or GridTask.Claimed) => Refuse("task.progress.empty", state),
        (ProgressTask { Number: not null }, GridTask.Known { File.Quantity: null } and (GridTask.Assigned or GridTask.Claimed)) => Refuse("task.number.not_asked", state),
        (ProgressTask c, GridTask.Assigned or GridTask.Claimed) => Begun(state, new TaskProgressed(c.Photos, c.Note, c.Number)),

        (CompleteTask c, GridTask.Known s and (GridTask.Assigned or GridTask.Claimed)) => Lacking(c, s.File) is { } code
            ? Refuse(code, state)
            : Begun(state, new TaskCompleted(c.Photos, c.Outcome, c.Number)),
        (CompleteTask, GridTask.Completed { File.CompletedBy: var completer }) when by.Is(completer) => Nothing,

        (ReturnTask c, GridTask.Known s and (GridTask.Assigned or GridTask.Claimed)) => Emit(new TaskReturned(s.File.Target, c.Reason)),
        (ReturnTask, GridTask.Returned) => Nothing,

        (ResendTask c, GridTask.Assigned { File: var file }) when c.Target == file.Target && c.DueAt == file.DueAt => Nothing,
        (ResendTask c, GridTask.Known s and (GridTask.Assigned or GridTask.Returned)) => Resend(c, s, by),
        (ResendTask, GridTask.Claimed) => Refuse("task.claimed", state),

        (CancelTask c, GridTask.Assigned or GridTask.Claimed or GridTask.Returned) => Emit(new TaskCancelled(false, c.Reason)),

        (CheckTask { Passed: true } c, GridTask.Completed) => Emit(new TaskAccepted(c.Note)),
        (CheckTask { Note: null }, GridTask.Completed) => Refuse("task.check.reason_missing", state),
        (CheckTask { DueAt: { } dueAt } c, GridTask.Completed) when dueAt <= c.At => Refuse("task.due_passed", state),
        // A slow check must not make late whoever was in time.
        (CheckTask { DueAt: null } c, GridTask.Completed { File: { LateSince: null, DueAt: var old } }) when old <= c.At => Refuse("task.check.limit_missing", state),
        (CheckTask { Note: { } reason } c, GridTask.Completed) => Emit(new TaskSentBack(reason, c.DueAt)),
        (CheckTask, _) => Refuse("task.not_completed", state),

        (LapseTask c, GridTask.Known { File.DueAt: var dueAt } and (GridTask.Assigned or GridTask.Claimed)) => dueAt <= c.At ? Emit(new TaskLapsed()) : Refuse("task.not_due", state),

        (_, GridTask.Returned) => Refuse("task.returned", state),
        (_, GridTask.Completed) => Refuse("task.completed", state),

        _ => throw new InvalidOperationException($"{command.GetType().Name} is not decided in {state.GetType().Name}."),
    };

    /// <summary>The commands of people that a state accepts, in the order of the loop, in kebab-case.</summary>
    public static IReadOnlyList<string> Possible(GridTask state) => state switch
    {
        GridTask.Unassigned => ["assign"],
        GridTask.Assigned => ["claim", "progress", "complete", "return", "resend", "cancel"],
        GridTask.Claimed => ["progress", "complete", "return", "release", "cancel"],
        GridTask.Returned => ["resend", "cancel"],
        GridTask.Completed => ["check"],
        _ => [],
    };

    // Whoever claimed a task answers for it; a colleague does not act over that person's head.
    private static bool Mine(GridTask.Claimed state, By by) => by.Is(state.File.ClaimedBy);

    // Whoever reports on a task that nobody has taken has taken it.
    private static Decision<TaskEvent>.Emit Begun(GridTask state, TaskEvent happened) => state is GridTask.Assigned ? Emit(new TaskClaimed(), happened) : Emit(happened);

    private static string? Lacking(CompleteTask c, TaskFile file)
    {
        var number = c.Number ?? file.Number;
        return file switch
        {
            { Quantity: null } when c.Number is not null => "task.number.not_asked",
            { Evidence.Text: true } when c.Outcome is null => "task.evidence.text_missing",
            { Evidence.Photos: var fewest } when file.Photos.Union(c.Photos, StringComparer.Ordinal).Count() < fewest => "task.evidence.photos_missing",
            { Quantity: not null } when number is null => "task.evidence.number_missing",
            // Fewer than expected is a result too, but it has to be explained.
            { Quantity.Expected: { } expected } when number < expected && c.Outcome is null => "task.number.short",
            _ => null,
        };
    }

    private static Decision<TaskEvent> Resend(ResendTask c, GridTask.Known s, By by)
    {
        if (c.Target.Level == Organization.AreaLevel.District || !by.Place.Contains(c.Target))
            return Refuse("task.target_outside", s);
        if (c.DueAt <= c.At)
            return Refuse("task.due_passed", s);
        return c.Admissions.Judge(c.Target, s.File.Matter, c.DueAt, c.At) switch
        {
            Ruling.Admitted admitted => Emit(new TaskResent(s.File.Round + 1, c.Target, c.DueAt, c.Note, admitted.Addition)),
            Ruling.EndsBefore => Refuse("task.addition_ends_before", s),
            _ => Refuse("task.not_admitted", s),
        };
    }

    private static Decision<TaskEvent>.Emit Emit(params TaskEvent[] events) => new(events);

    private static Decision<TaskEvent>.Refuse Refuse(string code, GridTask state) => new(TaskRefusals.Of(code, state));

    private static Decision<TaskEvent> Nothing { get; } = new Decision<TaskEvent>.Nothing();
}
