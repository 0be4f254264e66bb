using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Admissions;

/// <summary>
/// Something in the stream <c>admission:{town or district}</c>, which keeps what may be given to the areas inside (准入清单, S4-03). Who, when and where stand in the envelope.
/// </summary>
public abstract record AdmissionEvent
{
    /// <summary>The events with their frozen names.</summary>
    public static IReadOnlyList<EventName> Names { get; } =
    [
        new("admission_list_adopted", 1, typeof(AdmissionListAdopted), "CommandCenter.Domain.Admissions.AdmissionListAdopted, CommandCenter.Domain"),
        new("admission_addition_requested", 1, typeof(AdmissionAdditionRequested), "CommandCenter.Domain.Admissions.AdmissionAdditionRequested, CommandCenter.Domain"),
        new("admission_addition_approved", 1, typeof(AdmissionAdditionApproved), "CommandCenter.Domain.Admissions.AdmissionAdditionApproved, CommandCenter.Domain"),
        new("admission_addition_rejected", 1, typeof(AdmissionAdditionRejected), "CommandCenter.Domain.Admissions.AdmissionAdditionRejected, CommandCenter.Domain"),
        new("admission_addition_ended", 1, typeof(AdmissionAdditionEnded), "CommandCenter.Domain.Admissions.AdmissionAdditionEnded, CommandCenter.Domain"),
    ];
}

/// <summary>准入清单发布: from now on the areas of a level inside an area may be given these matters and no other; it replaces the list before.</summary>
/// <param name="Area">Where it holds.</param>
/// <param name="Level">The level of the areas that it speaks of: town, village, grid or yard.</param>
/// <param name="Matters">Codes of the catalogue, each once; none at all admits nothing.</param>
public sealed record AdmissionListAdopted(AreaCode Area, AreaLevel Level, IReadOnlyList<string> Matters, MarkedText? Note = null) : AdmissionEvent;

/// <summary>紧急新增申请: something outside of the list has to be given, for a while.</summary>
/// <param name="Number">1 for the first of its stream.</param>
/// <param name="Area">Where it would hold, with all areas inside.</param>
/// <param name="Until">From this instant on it holds no more.</param>
public sealed record AdmissionAdditionRequested(int Number, AreaCode Area, string Matter, MarkedText Reason, DateTimeOffset Until) : AdmissionEvent;

/// <summary>紧急新增批准: somebody else than who asked for it agreed.</summary>
public sealed record AdmissionAdditionApproved(int Number, MarkedText? Note = null) : AdmissionEvent;

/// <summary>紧急新增不予批准</summary>
public sealed record AdmissionAdditionRejected(int Number, MarkedText Reason) : AdmissionEvent;

/// <summary>紧急新增提前终止: before its end date.</summary>
public sealed record AdmissionAdditionEnded(int Number, MarkedText Reason) : AdmissionEvent;
