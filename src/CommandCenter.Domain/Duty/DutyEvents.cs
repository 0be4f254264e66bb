using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Duty;

/// <summary>What somebody on duty is there for.</summary>
public enum DutyRole
{
    /// <summary>带班领导: decides while the leaders are not there.</summary>
    Lead,

    /// <summary>值班员</summary>
    Operator,
}

/// <summary>A shift of the roster.</summary>
/// <param name="Number">Counts the shifts of the place, from 1.</param>
/// <param name="To">The first instant that is not part of it.</param>
public sealed record PlannedShift(int Number, string Person, DateTimeOffset From, DateTimeOffset To, DutyRole Role);

/// <summary>A time in which nobody is planned for a role.</summary>
public sealed record DutyGap(DutyRole Role, DateTimeOffset From, DateTimeOffset To);

/// <summary>An urgent matter as it stood when a shift was handed over.</summary>
/// <param name="Case">The case's id.</param>
/// <param name="Number">What people call it; missing for a moment after its report.</param>
/// <param name="DueAt">The next limit that runs; missing where none does.</param>
public sealed record OpenMatter(string Case, CaseStage Stage, Urgency Urgency, string Category, AreaCode Area, string? Number = null, DateTimeOffset? DueAt = null);

/// <summary>Something in the stream <c>duty:{town or district}</c>: the roster of a center, around the clock, and how one shift hands over to the next (ADR 0017).</summary>
public abstract record DutyEvent
{
    /// <summary>The events with their frozen names.</summary>
    public static IReadOnlyList<EventName> Names { get; } =
    [
        Name<DutyPlanned>("duty_planned"),
        Name<DutyReassigned>("duty_reassigned"),
        Name<DutySwapped>("duty_swapped"),
        Name<DutyCancelled>("duty_cancelled"),
        Name<DutyHandedOver>("duty_handed_over"),
        Name<DutyAccepted>("duty_accepted"),
        Name<DutyTakenOver>("duty_taken_over"),
        Name<DutyHeldOver>("duty_held_over"),
    ];

    private static EventName Name<T>(string alias) => new(alias, 1, typeof(T), $"CommandCenter.Domain.Duty.{typeof(T).Name}, CommandCenter.Domain");
}

/// <summary>值班表排定</summary>
/// <param name="Gaps">What nobody is planned for since, left so on purpose.</param>
public sealed record DutyPlanned(IReadOnlyList<PlannedShift> Shifts, IReadOnlyList<DutyGap>? Gaps = null) : DutyEvent;

/// <summary>换人: somebody else has the shift from now on.</summary>
public sealed record DutyReassigned(int Shift, string Person, MarkedText? Note = null) : DutyEvent;

/// <summary>调班: two shifts exchanged their people.</summary>
public sealed record DutySwapped(int Shift, int With) : DutyEvent;

/// <summary>撤班: shifts that have not begun are off.</summary>
/// <param name="Gaps">What nobody is planned for since, left so on purpose.</param>
public sealed record DutyCancelled(IReadOnlyList<int> Shifts, IReadOnlyList<DutyGap>? Gaps = null) : DutyEvent;

/// <summary>交班: whoever has the shift hands over, with what is open. It is not over before the other accepts.</summary>
/// <param name="To">The shift that takes over.</param>
/// <param name="Open">The urgent matters that were open, as they stood.</param>
public sealed record DutyHandedOver(int Shift, int To, MarkedText Note, IReadOnlyList<OpenMatter> Open) : DutyEvent;

/// <summary>接班: a hand-over was accepted.</summary>
/// <param name="Shift">The shift that ends with it.</param>
/// <param name="To">The shift that goes on.</param>
public sealed record DutyAccepted(int Shift, int To, MarkedText? Note = null) : DutyEvent;

/// <summary>未经交班而接班: the shift was taken over though nobody handed it over.</summary>
/// <param name="Shift">The shift that ends with it.</param>
/// <param name="To">The shift that goes on.</param>
public sealed record DutyTakenOver(int Shift, int To, MarkedText Reason) : DutyEvent;

/// <summary>到点未接班: the shift's time is up and nobody has accepted, so its person stays on duty.</summary>
/// <param name="Awaited">The shift that should have taken over.</param>
/// <param name="Climbed">True: an hour later nobody has accepted still, and those above are told.</param>
public sealed record DutyHeldOver(int Shift, int Awaited, bool? Climbed = null) : DutyEvent;
