using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Access;

/// <summary>Who may enter that somebody is absent: they themselves, and who leads or administers all of their places.</summary>
public static class AbsenceAccess
{
    /// <summary>Whether a caller may read who is absent at a place: everybody with a seat of it, in it or above it, because work waits for them.</summary>
    public static bool MaySee(Caller caller, AreaCode place) =>
        caller.Seat.Role is not (Role.Resident or Role.System) && (caller.Seat.Place.Contains(place) || place.Contains(caller.Seat.Place));

    /// <param name="person">Whose absence it is.</param>
    public static bool May(Caller caller, string person, OrganizationDirectory organization)
    {
        // A substitute does not name another in their turn.
        if (caller.Actor == person)
            return caller.Seat.Role is not (Role.Resident or Role.System) && caller.Seat.For is null;
        return organization.FindPerson(person) is { Roles.Count: > 0 } absent && caller.Seat.For is null
            && caller.Seat.Role is Role.TownLeader or Role.Office or Role.DistrictSupervisor or Role.Administrator
            && absent.Roles.All(seat => caller.Seat.Place.Contains(seat.Place));
    }
}
