using CommandCenter.Domain.Tasks;

namespace CommandCenter.Domain.Tests;

/// <summary>Given what happened to a task, when somebody commands, then this happens or is refused.</summary>
public sealed class Tasks
{
    private readonly GridTask _state;
    private Decision<TaskEvent>? _decision;

    private Tasks(GridTask state) => _state = state;

    public static Tasks Given(params TaskEvent[] events) => new(Fold(events));

    /// <summary>The state after events that each had their usual doer, one an hour from the sample's Monday on.</summary>
    public static GridTask Fold(params TaskEvent[] events) => Fold(Sample.T0, events);

    /// <summary>The state after events that began at an instant, one an hour.</summary>
    public static GridTask Fold(DateTimeOffset from, params TaskEvent[] events) =>
        GridTask.Fold(events.Select((happened, index) => Fact(happened, from + index.Hours())));

    public static Fact<TaskEvent> Fact(TaskEvent happened, DateTimeOffset at) => new(happened, TaskSample.Doer(happened), at, at);

    public static TaskFile File(GridTask state) => state.ShouldBeAssignableTo<GridTask.Known>()!.File;

    public Tasks When(TaskCommand command, By? by = null)
    {
        _decision = TaskDecider.Decide(command, _state, by ?? (command is AssignTask or ResendTask or CheckTask or CancelTask or CancelTaskWithList or LapseTask ? TaskSample.Desk : TaskSample.Worker));
        return this;
    }

    public void Then(params TaskEvent[] events) => Decided<Decision<TaskEvent>.Emit>().Events.Select(Json.Named).ShouldBe(events.Select(Json.Named));

    public Refusal ThenRefused(string code)
    {
        var refusal = Decided<Decision<TaskEvent>.Refuse>().Refusal;
        refusal.Code.ShouldBe(code);
        return refusal;
    }

    public void ThenNothing() => Decided<Decision<TaskEvent>.Nothing>();

    private T Decided<T>()
        where T : Decision<TaskEvent> => _decision.ShouldNotBeNull("Say When before Then.").ShouldBeOfType<T>();
}

/// <summary>The same for a list of tasks.</summary>
public sealed class TaskLists
{
    private readonly TaskList _state;
    private Decision<TaskListEvent>? _decision;

    private TaskLists(TaskList state) => _state = state;

    public static TaskLists Given(params TaskListEvent[] events) => new(Fold(events));

    public static TaskList Fold(params TaskListEvent[] events) =>
        TaskList.Fold(events.Select((happened, index) => new Fact<TaskListEvent>(happened, TaskSample.Desk, Sample.T0 + index.Hours(), Sample.T0 + index.Hours())));

    public TaskLists When(TaskListCommand command, By? by = null)
    {
        _decision = TaskListDecider.Decide(command, _state, by ?? TaskSample.Desk);
        return this;
    }

    public void Then(params TaskListEvent[] events) => Decided<Decision<TaskListEvent>.Emit>().Events.Select(Json.Named).ShouldBe(events.Select(Json.Named));

    public Refusal ThenRefused(string code, params (string Line, string Code)[] lines)
    {
        var refusal = Decided<Decision<TaskListEvent>.Refuse>().Refusal;
        refusal.Code.ShouldBe(code);
        (refusal.Lines ?? []).Select(line => (line.Line, line.Code)).ShouldBe(lines);
        return refusal;
    }

    public void ThenNothing() => Decided<Decision<TaskListEvent>.Nothing>();

    private T Decided<T>()
        where T : Decision<TaskListEvent> => _decision.ShouldNotBeNull("Say When before Then.").ShouldBeOfType<T>();
}
