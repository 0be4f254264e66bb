using CommandCenter.Domain.Cases;

namespace CommandCenter.Domain.Duty;

/// <summary>Something that somebody wants of a center's roster.</summary>
public abstract record DutyCommand
{
    /// <summary>The command's frozen name in kebab-case, as in <c>POST /api/duty/{place}/{name}</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The shifts of other centers that are not over, looked up by the caller: nobody is on duty in two places.</summary>
    public IReadOnlyList<OtherShift> Elsewhere { get; init; } = [];
}

/// <summary>A shift of another center's roster.</summary>
public sealed record OtherShift(string Person, DateTimeOffset From, DateTimeOffset To);

/// <summary>A shift as somebody wants it.</summary>
/// <param name="Line">Where it stands: in a file its line, counted from 1 with the header; in a form its number.</param>
/// <param name="Person">Known to the organization, checked by the caller.</param>
public sealed record ShiftPlan(int Line, string Person, DateTimeOffset From, DateTimeOffset To, DutyRole Role);

/// <param name="Replaces">What was planned for the same time and has not begun is dropped.</param>
/// <param name="Gaps">Times for which nobody is planned are meant so.</param>
/// <param name="At">When the host received it.</param>
public sealed record PlanDuty(IReadOnlyList<ShiftPlan> Shifts, bool Replaces, bool Gaps, DateTimeOffset At) : DutyCommand
{
    public override string Name => "plan";
}

/// <param name="Person">Known to the organization, checked by the caller.</param>
/// <param name="At">When the host received it.</param>
public sealed record ReassignDuty(int Shift, string Person, MarkedText? Note, DateTimeOffset At) : DutyCommand
{
    public override string Name => "reassign";
}

/// <param name="At">When the host received it.</param>
public sealed record SwapDuty(int Shift, int With, DateTimeOffset At) : DutyCommand
{
    public override string Name => "swap";
}

/// <param name="Gaps">Times for which nobody is planned since are meant so.</param>
/// <param name="At">When the host received it.</param>
public sealed record CancelDuty(IReadOnlyList<int> Shifts, bool Gaps, DateTimeOffset At) : DutyCommand
{
    public override string Name => "cancel";
}

/// <param name="To">The shift that takes over; null: the next of the same role.</param>
/// <param name="Open">The urgent matters that are open, looked up by the caller.</param>
/// <param name="At">When the host received it.</param>
public sealed record HandOverDuty(int Shift, int? To, MarkedText Note, IReadOnlyList<OpenMatter> Open, DateTimeOffset At) : DutyCommand
{
    public override string Name => "hand-over";
}

/// <param name="Shift">The one that was handed over.</param>
/// <param name="At">When the host received it.</param>
public sealed record AcceptDuty(int Shift, MarkedText? Note, DateTimeOffset At) : DutyCommand
{
    public override string Name => "accept";
}

/// <param name="Shift">The one that was not handed over.</param>
/// <param name="To">The shift that goes on; null: the caller's own among those that follow, else the next.</param>
/// <param name="At">When the host received it.</param>
public sealed record TakeOverDuty(int Shift, int? To, MarkedText Reason, DateTimeOffset At) : DutyCommand
{
    public override string Name => "take-over";
}
