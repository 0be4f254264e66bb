using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Admissions;

/// <summary>Whether a case may be given to a unit by the lists of matters: of the town for its posts (S3-19), of a village or grid for itself (S4-03).</summary>
public static class UnitRulings
{
    /// <summary>The area whose list decides; null for a department, of which no list speaks.</summary>
    public static AreaCode? AreaOf(Unit unit, AreaCode town) => unit.Kind == UnitKind.Post ? town : unit.Area;

    /// <param name="at">When it would be given: the work is due by the limit that would begin then.</param>
    public static Ruling Judge(this AdmissionBook book, Unit unit, CaseFile file, DateTimeOffset at, PolicyBook policies, OrganizationDirectory organization) =>
        AreaOf(unit, file.Town) is { } area ? book.Judge(area, file.Category, DeadlineSaga.DueIfBegun(Clock.Handle, file, at, policies, organization), at) : new Ruling.Admitted();

    /// <summary>A dispatch as the lists rule about it.</summary>
    public static DispatchCase Dispatch(this Ruling ruling, Sector sector, Unit unit, MarkedText? instructions, string? person) => new(
        sector, unit, instructions, person, ruling is not Ruling.NotAdmitted, (ruling as Ruling.Admitted)?.Addition, ruling is Ruling.EndsBefore);
}
