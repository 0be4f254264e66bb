using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Cases;

/// <summary>Looks up what a command says of units and people, so that decisions need no organization.</summary>
internal static class Units
{
    /// <summary>The sector that a unit's work counts for.</summary>
    /// <exception cref="Http.ProblemException">There is no such unit for this case.</exception>
    public static Sector SectorOf(Unit unit, CaseFile file, OrganizationDirectory organization)
    {
        var sector = file.Sector ?? organization.KnownCategory(file.Category)?.Sector ?? Sector.Livelihood;
        return unit.Kind switch
        {
            UnitKind.Post => organization.FindPost(file.Town, unit.Code)?.Sector ?? throw CaseProblems.UnitUnknown(),
            UnitKind.Department => organization.FindDepartment(unit.Code) is not null ? sector : throw CaseProblems.UnitUnknown(),
            // A case is worked on where it is, not by the neighbours.
            _ => unit.Area is { } area && organization.FindArea(area) is not null && area.Contains(file.Area) ? sector : throw CaseProblems.UnitUnknown(),
        };
    }

    /// <exception cref="Http.ProblemException">The person does not belong to the unit.</exception>
    public static void CheckPerson(string? person, Unit unit, CaseFile file, OrganizationDirectory organization, string field = "person")
    {
        if (person is not null && (organization.FindPerson(person) is not { } named || !organization.SeatsOf(named).Any(seat => unit.IsSeat(seat, file.Town))))
            throw CaseProblems.PersonNotThere(field);
    }

    /// <summary>Whether a category is in a department's remit (S0-04).</summary>
    public static bool IsCompetent(Unit unit, string category, OrganizationDirectory organization) =>
        unit.Kind == UnitKind.Department && organization.FindDepartment(unit.Code)?.Remit.Contains(category, StringComparer.Ordinal) == true;
}
