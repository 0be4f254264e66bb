using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tasks;

/// <summary>Something that somebody wants of a list of tasks.</summary>
public abstract record TaskListCommand
{
    /// <summary>The command's frozen name in kebab-case, as in <c>POST /api/task-lists/{id}/{name}</c>.</summary>
    public abstract string Name { get; }
}

/// <param name="Department">The department that the caller speaks for.</param>
public sealed record DraftTaskList(MarkedText Title, IReadOnlyList<TaskItem> Items, IReadOnlyList<AreaCode> Targets, string? Department = null) : TaskListCommand
{
    public override string Name => "draft";
}

public sealed record ReviseTaskList(MarkedText Title, IReadOnlyList<TaskItem> Items, IReadOnlyList<AreaCode> Targets) : TaskListCommand
{
    public override string Name => "revise";
}

/// <param name="Admissions">The lists that decide for the targets, looked up by the caller.</param>
/// <param name="At">When the host received it.</param>
public sealed record PublishTaskList(AdmissionBook Admissions, DateTimeOffset At) : TaskListCommand
{
    public override string Name => "publish";
}

public sealed record WithdrawTaskList(MarkedText Reason) : TaskListCommand
{
    public override string Name => "withdraw";
}

/// <param name="Standings">How every task of the list stands, looked up by the caller.</param>
/// <param name="At">When the host received it.</param>
public sealed record CloseTaskList(IReadOnlyList<TaskStanding> Standings, MarkedText? Summary, DateTimeOffset At) : TaskListCommand
{
    public override string Name => "close";
}
