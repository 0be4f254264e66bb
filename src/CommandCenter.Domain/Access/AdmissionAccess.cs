using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Access;

/// <summary>Who may do what with admission lists. Whether the area lies in the caller's place is the decider's question.</summary>
public static class AdmissionAccess
{
    /// <summary>Whether a caller may read the lists of a place: they bind everybody who gives or gets tasks, and residents may know what their grid worker is not there for.</summary>
    public static bool MaySee(Caller caller) => caller.Seat.Role != Role.System;

    /// <summary>Whether a caller may read who asked for urgent additions, and why.</summary>
    public static bool MaySeeAdditions(Caller caller, AreaCode keeper) =>
        caller.Seat.Role is not (Role.Resident or Role.System) && (caller.Seat.Place.Contains(keeper) || keeper.Contains(caller.Seat.Place));

    /// <summary>Whether a caller may give a command, by its name.</summary>
    /// <param name="keeper">The town, or the district, that the stream speaks of.</param>
    public static bool May(Caller caller, string command, AreaCode keeper) => caller.Seat.Place.Contains(keeper) && command switch
    {
        // A town that wrote its villages' lists could give them whatever it liked.
        "adopt" => caller.Seat.Role is Role.DistrictSupervisor or Role.Office or Role.Administrator && caller.Seat.Place.Level == AreaLevel.District,
        "request" => caller.Seat.Role is Role.Office or Role.TownLeader or Role.Department or Role.DistrictSupervisor or Role.Dispatcher,
        "approve" or "reject" or "end" => caller.Seat.Role is Role.TownLeader or Role.DistrictSupervisor,
        _ => false,
    };
}
