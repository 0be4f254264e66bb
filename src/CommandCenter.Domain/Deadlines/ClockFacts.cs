namespace CommandCenter.Domain.Deadlines;

/// <summary>Why a clock does not count.</summary>
public enum PauseCause
{
    /// <summary>退回: whoever had it sent it back, and the center has it.</summary>
    Return,

    /// <summary>挂账: an approved suspension.</summary>
    Suspension,
}

/// <summary>What a suspension waits for.</summary>
public enum SuspensionReason
{
    /// <summary>等待材料</summary>
    Materials,

    /// <summary>等待资金</summary>
    Funding,

    /// <summary>季节或天气</summary>
    Weather,

    /// <summary>等待上级或其他单位</summary>
    HigherLevel,

    /// <summary>诉讼、复议或鉴定</summary>
    LegalProceedings,
}

/// <summary>Why a limit is counted anew.</summary>
public enum RecountCause
{
    /// <summary>Another version of the policy.</summary>
    Policy,

    /// <summary>Another urgency.</summary>
    Urgency,

    /// <summary>A year of the calendar was announced or corrected.</summary>
    Calendar,
}

/// <summary>Something that happened to one run of a clock, and when. What happened is ordered by date, not by when it became known.</summary>
/// <param name="Sequence">Orders what happened at the same instant.</param>
public abstract record ClockFact(DateTimeOffset At, long Sequence);

/// <summary>It began to count.</summary>
/// <param name="Policy">The version from which the limit is.</param>
public sealed record ClockBegins(DateTimeOffset At, long Sequence, Limit Limit, string Policy) : ClockFact(At, Sequence);

/// <summary>It stopped counting for a time.</summary>
/// <param name="Until">When it goes on by itself; missing: when somebody says so.</param>
/// <param name="For">What a suspension waits for.</param>
/// <param name="ApprovedBy">Who allowed it, in order.</param>
public sealed record ClockPauses(
    DateTimeOffset At, long Sequence, PauseCause Cause, DateTimeOffset? Until = null, SuspensionReason? For = null, IReadOnlyList<string>? ApprovedBy = null) : ClockFact(At, Sequence);

/// <summary>One cause of a pause has ended; it counts again when none is left.</summary>
public sealed record ClockResumes(DateTimeOffset At, long Sequence, PauseCause Cause) : ClockFact(At, Sequence);

/// <summary>延期: more time was granted on top.</summary>
public sealed record ClockExtended(DateTimeOffset At, long Sequence, Limit By, IReadOnlyList<string> ApprovedBy) : ClockFact(At, Sequence);

/// <summary>Its limit is counted anew from its beginning: time that was counted or paused stays counted or paused.</summary>
/// <param name="Revision">Of the policy's stream, which asked for it.</param>
/// <param name="Late">Whether its deadline had passed before.</param>
public sealed record ClockRecounted(DateTimeOffset At, long Sequence, RecountCause Cause, Limit Limit, string Policy, long Revision = 0, bool Late = false) : ClockFact(At, Sequence);

/// <summary>It ended.</summary>
/// <param name="Late">Whether it was recorded as late: that stays, by whatever calendar it is explained later; missing: as it is counted.</param>
public sealed record ClockEnds(DateTimeOffset At, long Sequence, bool? Late = null) : ClockFact(At, Sequence);
