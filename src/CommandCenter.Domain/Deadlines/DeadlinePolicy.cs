using CommandCenter.Domain.Cases;

namespace CommandCenter.Domain.Deadlines;

/// <summary>What a deadline is for.</summary>
public enum Clock
{
    /// <summary>研判: while the village assesses it.</summary>
    Assess,

    /// <summary>受理: from the report, or from where it came back to the center, to filing or refusal.</summary>
    Accept,

    /// <summary>核查: while somebody looks before filing.</summary>
    Check,

    /// <summary>派遣: from filing (or return) to dispatch.</summary>
    Dispatch,

    /// <summary>处置: from dispatch to completion.</summary>
    Handle,

    /// <summary>硬时限: 30 natural days from the first dispatch to closure.</summary>
    HardLimit,
}

/// <summary>In what a limit is counted (ADR 0006).</summary>
public enum TimeUnit
{
    /// <summary>紧急工作时, in minutes: round the clock, nights and holidays count.</summary>
    UrgentMinutes,

    /// <summary>自然日: the same local wall time on a later day.</summary>
    NaturalDays,

    /// <summary>工作时, in minutes: only the town's working time counts.</summary>
    WorkingMinutes,

    /// <summary>工作日: so many whole working days of the town; a part of a day is the same part of another, however long they are.</summary>
    WorkingDays,
}

/// <summary>How high a late case has climbed.</summary>
public enum EscalationLevel
{
    /// <summary>催办: those who should have acted.</summary>
    Responsible,

    /// <summary>板块负责人</summary>
    SectorLead,

    /// <summary>镇街主要领导</summary>
    TownLeader,

    /// <summary>挂牌督办: the district.</summary>
    ListedSupervision,
}

/// <summary>A span of time in one unit.</summary>
/// <param name="Amount">Minutes or days, as the unit says; negative in the offset of a warning.</param>
public sealed record Limit(int Amount, TimeUnit Unit);

/// <summary>One step of a ladder.</summary>
/// <param name="Name">Lower-case ASCII with dashes, unique in its rule; part of the timer's name.</param>
/// <param name="Offset">From the due instant: negative before, zero at, positive after.</param>
/// <param name="Level">Null for a warning before the deadline.</param>
public sealed record LadderStep(string Name, Limit Offset, EscalationLevel? Level = null);

/// <summary>The limit and ladder of a clock for cases of one urgency.</summary>
public sealed record ClockRule(Clock Clock, Urgency Urgency, Limit Limit, IReadOnlyList<LadderStep> Ladder);

/// <summary>Limits and ladders as versioned data. A case keeps the version that its first clock started under.</summary>
public sealed record DeadlinePolicy(string Version, IReadOnlyList<ClockRule> Rules)
{
    /// <exception cref="KeyNotFoundException">The policy has no rule for the clock; the reader refuses such a policy.</exception>
    public ClockRule RuleFor(Clock clock, Urgency urgency) =>
        Rules.FirstOrDefault(rule => rule.Clock == clock && rule.Urgency == urgency)
        ?? throw new KeyNotFoundException($"Policy {Version} has no rule for {clock} of {urgency} cases.");
}
