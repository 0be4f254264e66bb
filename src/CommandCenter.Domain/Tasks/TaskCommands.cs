using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tasks;

/// <summary>Something that somebody wants of a task.</summary>
public abstract record TaskCommand : Attaching
{
    /// <summary>The command's frozen name in kebab-case, as in <c>POST /api/tasks/{id}/{name}</c>.</summary>
    public abstract string Name { get; }
}

/// <summary>Part of publishing a list.</summary>
public sealed record AssignTask(TaskAssigned Assigned) : TaskCommand
{
    public override string Name => "assign";
}

public sealed record ClaimTask : TaskCommand
{
    public override string Name => "claim";
}

public sealed record ReleaseTask(MarkedText Reason) : TaskCommand
{
    public override string Name => "release";
}

/// <param name="Number">How many units are done by now, all together.</param>
public sealed record ProgressTask(MarkedText? Note, IReadOnlyList<string> Photos, int? Number) : TaskCommand
{
    public override string Name => "progress";
}

public sealed record CompleteTask(MarkedText? Outcome, IReadOnlyList<string> Photos, int? Number) : TaskCommand
{
    public override string Name => "complete";
}

public sealed record ReturnTask(MarkedText Reason) : TaskCommand
{
    public override string Name => "return";
}

/// <param name="Admissions">The lists that decide for the target, looked up by the caller.</param>
/// <param name="At">When the host received it.</param>
public sealed record ResendTask(AreaCode Target, DateTimeOffset DueAt, MarkedText? Note, AdmissionBook Admissions, DateTimeOffset At) : TaskCommand
{
    public override string Name => "resend";
}

/// <param name="Passed">False sends it back; then the note is the reason and required.</param>
/// <param name="DueAt">When sent back: the new limit, if there is to be one.</param>
/// <param name="At">When the host received it.</param>
public sealed record CheckTask(bool Passed, MarkedText? Note, DateTimeOffset? DueAt, DateTimeOffset At) : TaskCommand
{
    public override string Name => "check";
}

public sealed record CancelTask(MarkedText Reason) : TaskCommand
{
    public override string Name => "cancel";
}

/// <summary>Part of withdrawing a list: what is finished stays as it is.</summary>
public sealed record CancelTaskWithList : TaskCommand
{
    public override string Name => "cancel-with-list";
}

/// <summary>Part of closing a list: what is finished stays as it is.</summary>
public sealed record LapseTask(DateTimeOffset At) : TaskCommand
{
    public override string Name => "lapse";
}
