using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Reviews;

/// <summary>Something that happened to a stay on the spot (蹲点指导), stream <c>guidance:{id}</c>. Who, when and where stand in the envelope.</summary>
public abstract record GuidanceEvent : Attaching
{
    /// <summary>The events with their frozen names.</summary>
    public static IReadOnlyList<EventName> Names { get; } =
    [
        new("guidance_planned", 1, typeof(GuidancePlanned), "CommandCenter.Domain.Reviews.GuidancePlanned, CommandCenter.Domain"),
        new("guidance_begun", 1, typeof(GuidanceBegun), "CommandCenter.Domain.Reviews.GuidanceBegun, CommandCenter.Domain"),
        new("guidance_called_off", 1, typeof(GuidanceCalledOff), "CommandCenter.Domain.Reviews.GuidanceCalledOff, CommandCenter.Domain"),
        new("guidance_reminded", 1, typeof(GuidanceReminded), "CommandCenter.Domain.Reviews.GuidanceReminded, CommandCenter.Domain"),
        new("guidance_recorded", 1, typeof(GuidanceRecorded), "CommandCenter.Domain.Reviews.GuidanceRecorded, CommandCenter.Domain"),
        new("guidance_overdue", 1, typeof(GuidanceOverdue), "CommandCenter.Domain.Reviews.GuidanceOverdue, CommandCenter.Domain"),
        new("guidance_followed_up", 1, typeof(GuidanceFollowedUp), "CommandCenter.Domain.Reviews.GuidanceFollowedUp, CommandCenter.Domain"),
    ];
}

/// <summary>计划蹲点: somebody from above is to stay on the spot.</summary>
/// <param name="Place">Where.</param>
/// <param name="From">When they are to come.</param>
/// <param name="To">When they are to leave.</param>
/// <param name="People">Who goes, by id; at least one.</param>
/// <param name="Task">What is to be settled there.</param>
/// <param name="Case">The case, listed or not, that it is about; missing where it is about the place.</param>
public sealed record GuidancePlanned(
    AreaCode Place, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<string> People, MarkedText Task, string? Case = null) : GuidanceEvent;

/// <summary>到达现场: they came, and the stay runs.</summary>
/// <param name="Place">Where they are: the planned place, or one within it.</param>
public sealed record GuidanceBegun(AreaCode Place, DateTimeOffset Arrived) : GuidanceEvent;

/// <summary>取消蹲点: before anybody came.</summary>
public sealed record GuidanceCalledOff(MarkedText Reason) : GuidanceEvent;

/// <summary>What a planned stay waits for.</summary>
public enum GuidanceStep
{
    /// <summary>到达</summary>
    Arrival,

    /// <summary>记录</summary>
    Record,
}

/// <summary>催办蹲点: the planned hour passed, and nobody had come, or nothing was written down.</summary>
/// <param name="DueAt">That hour; after downtime it lies before <paramref name="FiredAt"/>.</param>
public sealed record GuidanceReminded(GuidanceStep Step, DateTimeOffset DueAt, DateTimeOffset FiredAt, IReadOnlyList<Recipient> Told) : GuidanceEvent;

/// <summary>蹲点记录: somebody from above stayed on the spot; what was found, and what was agreed with those who are there.</summary>
/// <param name="Place">Where.</param>
/// <param name="From">When they came.</param>
/// <param name="To">When they left.</param>
/// <param name="People">Who stayed there, by id; at least one.</param>
/// <param name="Case">The case that it was about; missing where it was about the place.</param>
/// <param name="By">By when what was agreed is to be done.</param>
public sealed record GuidanceRecorded(
    AreaCode Place, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<string> People, MarkedText Found, MarkedText Agreed, string? Case = null, DateTimeOffset? By = null) : GuidanceEvent, IBringsAttachments;

/// <summary>跟踪落实: what became of what was agreed.</summary>
/// <param name="Done">Whether nothing is left to do.</param>
public sealed record GuidanceFollowedUp(bool Done, MarkedText Result) : GuidanceEvent, IBringsAttachments;

/// <summary>催办落实: the day came by which what was agreed was to be done, and nobody had reported that it is.</summary>
/// <param name="DueAt">That day; after downtime it lies before <paramref name="FiredAt"/>.</param>
public sealed record GuidanceOverdue(DateTimeOffset DueAt, DateTimeOffset FiredAt, IReadOnlyList<Recipient> Told) : GuidanceEvent;
