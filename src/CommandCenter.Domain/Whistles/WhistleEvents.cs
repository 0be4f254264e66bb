using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Whistles;

/// <summary>
/// Something that happened to a whistle (网格吹哨、部门报到) and its calls, stream <c>whistle:{id}</c>. Who, when and where stand in the envelope. Calls are numbered from 1 in the order in which they were made.
/// </summary>
public abstract record WhistleEvent : Attaching
{
    /// <summary>The events with their frozen names.</summary>
    public static IReadOnlyList<EventName> Names { get; } =
    [
        new("whistle_blown", 1, typeof(WhistleBlown), "CommandCenter.Domain.Whistles.WhistleBlown, CommandCenter.Domain"),
        new("whistle_units_called", 1, typeof(WhistleUnitsCalled), "CommandCenter.Domain.Whistles.WhistleUnitsCalled, CommandCenter.Domain"),
        new("whistle_call_routed", 1, typeof(WhistleCallRouted), "CommandCenter.Domain.Whistles.WhistleCallRouted, CommandCenter.Domain"),
        new("whistle_call_declined", 1, typeof(WhistleCallDeclined), "CommandCenter.Domain.Whistles.WhistleCallDeclined, CommandCenter.Domain"),
        new("whistle_call_arrived", 1, typeof(WhistleCallArrived), "CommandCenter.Domain.Whistles.WhistleCallArrived, CommandCenter.Domain"),
        new("whistle_call_advised", 1, typeof(WhistleCallAdvised), "CommandCenter.Domain.Whistles.WhistleCallAdvised, CommandCenter.Domain"),
        new("whistle_call_resolved", 1, typeof(WhistleCallResolved), "CommandCenter.Domain.Whistles.WhistleCallResolved, CommandCenter.Domain"),
        new("whistle_call_rated", 1, typeof(WhistleCallRated), "CommandCenter.Domain.Whistles.WhistleCallRated, CommandCenter.Domain"),
        new("whistle_call_dropped", 1, typeof(WhistleCallDropped), "CommandCenter.Domain.Whistles.WhistleCallDropped, CommandCenter.Domain"),
        new("whistle_step_taken", 1, typeof(WhistleStepTaken), "CommandCenter.Domain.Whistles.WhistleStepTaken, CommandCenter.Domain"),
        new("whistle_withdrawn", 1, typeof(WhistleWithdrawn), "CommandCenter.Domain.Whistles.WhistleWithdrawn, CommandCenter.Domain"),
    ];
}

/// <summary>吹哨: a grid, yard or village, or the center for it, called units to come.</summary>
/// <param name="Area">Where they are to come: a village, grid or yard.</param>
/// <param name="Units">Departments of the district and posts of the town, each once: one call each.</param>
/// <param name="Case">The id of the case that it is about.</param>
/// <param name="OneMatter">The template (一件事) that named the departments.</param>
/// <param name="Sectors">The sectors whose leads coordinate it.</param>
public sealed record WhistleBlown(
    AreaCode Area,
    MarkedText Text,
    IReadOnlyList<Unit> Units,
    IReadOnlyList<string> Photos,
    IReadOnlyList<Sector> Sectors,
    ReportedPoint? Point = null,
    string? Case = null,
    string? OneMatter = null) : WhistleEvent, IBringsAttachments;

/// <summary>加叫: more units were called to the same whistle.</summary>
/// <param name="Units">One further call each.</param>
public sealed record WhistleUnitsCalled(IReadOnlyList<Unit> Units, MarkedText? Note = null) : WhistleEvent;

/// <summary>流转: the center brought the call to a unit; another than was called, or than had it, where that was not its matter.</summary>
public sealed record WhistleCallRouted(int Call, Unit Unit, MarkedText? Note = null) : WhistleEvent;

/// <summary>退回: not this unit's matter. The center decides where the call goes.</summary>
/// <param name="Proposed">Whose matter it is, as the unit sees it.</param>
public sealed record WhistleCallDeclined(int Call, Unit Unit, MarkedText Reason, Unit? Proposed = null) : WhistleEvent;

/// <summary>报到: a person of the unit is on the spot.</summary>
/// <param name="DistanceMetres">From the border of the whistle's area, whole metres; 0 inside; missing where no border is known.</param>
public sealed record WhistleCallArrived(int Call, Unit Unit, ReportedPoint Point, int? DistanceMetres = null) : WhistleEvent;

/// <summary>处置意见: what the unit thinks is to be done; the first one counts for the response.</summary>
public sealed record WhistleCallAdvised(int Call, Unit Unit, MarkedText Opinion) : WhistleEvent;

/// <summary>处置结果. Where no opinion was given before, it is the first opinion too.</summary>
public sealed record WhistleCallResolved(int Call, Unit Unit, MarkedText Outcome, IReadOnlyList<string> Photos) : WhistleEvent, IBringsAttachments;

/// <summary>评价: by the whistler. What is not fixed goes on.</summary>
/// <param name="Satisfaction">1 (very dissatisfied) to 5 (very satisfied).</param>
public sealed record WhistleCallRated(int Call, Unit Unit, int Satisfaction, FixResult Result, MarkedText? Comment = null) : WhistleEvent;

/// <summary>撤销: this call is not needed any more.</summary>
public sealed record WhistleCallDropped(int Call, MarkedText Reason) : WhistleEvent;

/// <summary>撤回吹哨: the whistler called it off, with every call that was open.</summary>
public sealed record WhistleWithdrawn(MarkedText Reason) : WhistleEvent;

/// <summary>预警或升级: a step of the ladder of a limit that a call was not answered in.</summary>
/// <param name="Level">Missing for a warning.</param>
/// <param name="DueAt">By when the call was to be answered.</param>
/// <param name="StepDueAt">When the step was due, which after downtime is before <paramref name="FiredAt"/>.</param>
/// <param name="Told">Nobody for a warning whose deadline had passed when it was taken.</param>
public sealed record WhistleStepTaken(
    int Call, WhistleClock Clock, Unit Unit, string Step, DateTimeOffset DueAt, DateTimeOffset StepDueAt, DateTimeOffset FiredAt, IReadOnlyList<Recipient> Told, WhistleLevel? Level = null) : WhistleEvent;
