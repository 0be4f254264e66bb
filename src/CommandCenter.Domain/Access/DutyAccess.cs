using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Access;

/// <summary>Who may do what with a center's roster. Whose shift it is, is the decider's question.</summary>
public static class DutyAccess
{
    /// <summary>Whether a caller may read the roster of a place: everybody with a seat of it, in it or above it.</summary>
    public static bool MaySee(Caller caller, AreaCode place) =>
        caller.Seat.Role is not (Role.Resident or Role.System) && (caller.Seat.Place.Contains(place) || place.Contains(caller.Seat.Place));

    /// <summary>Whether a caller may read what was said at hand-overs, and what was open: who sits in the center or above it, and with that whoever is on duty there.</summary>
    public static bool MaySeeHandOvers(Caller caller, AreaCode place) => MaySee(caller, place) && caller.Seat.Place.Contains(place);

    /// <summary>Whether a caller may give a command, by its name.</summary>
    public static bool May(Caller caller, string command, AreaCode place) => command switch
    {
        "plan" or "reassign" or "swap" or "cancel" => DutyDecider.Plans(caller.Seat.Role) && caller.Seat.Place.Contains(place),
        "hand-over" or "accept" or "take-over" => MaySee(caller, place),
        _ => false,
    };
}
