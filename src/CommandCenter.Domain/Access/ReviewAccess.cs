using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Reviews;

namespace CommandCenter.Domain.Access;

/// <summary>The one answer to "may this caller do this" with stays on the spot and review meetings.</summary>
public static class ReviewAccess
{
    /// <summary>Whether a caller may list the stays and reviews of an area: towns their own, the district all.</summary>
    public static bool MayList(Caller caller, AreaCode scope) => caller.Seat.Role is not (Role.Resident or Role.System) && caller.Seat.Place.Contains(scope);

    /// <summary>Whether a caller may see a stay on the spot: who stands above the place, who was there, and whose place it is.</summary>
    public static bool MaySee(Caller caller, Guidance state) =>
        MayList(caller, state.Recorded.Place) || state.Recorded.People.Any(caller.Is) || (IsOfficial(caller) && state.Recorded.Place.Contains(caller.Seat.Place));

    /// <summary>Whether a caller may see a review: who stands above its area, and who has one of its measures to take.</summary>
    public static bool MaySee(Caller caller, Review state) => MayList(caller, state.Prepared.Scope) || state.Measures.Any(measure => caller.Is(measure.Measure.Owner));

    /// <summary>Whether a caller may record a stay at a place.</summary>
    public static bool MayRecord(Caller caller, AreaCode place) => Leads(caller) && caller.Seat.Place.Contains(place);

    /// <summary>Whether a caller may hold a review of an area: the desk of just that town, or of the district.</summary>
    public static bool MayPrepare(Caller caller, AreaCode scope) => Leads(caller) && caller.Seat.Place == scope;

    /// <summary>Whether a caller may give a command on a stay, by its name. Of one that is not recorded the place is not known: <see cref="MayRecord"/> is asked too.</summary>
    public static bool May(Caller caller, string command, Guidance? state) => (command, state) switch
    {
        ("record", null) => Leads(caller),
        ("follow-up", { Recorded: var recorded }) =>
            MayRecord(caller, recorded.Place) || recorded.People.Any(caller.Is)
            || (caller.Seat.Role is Role.Dispatcher or Role.VillageSecretary && caller.Seat.Place.Contains(recorded.Place)),
        _ => false,
    };

    /// <summary>Whether a caller may give a command on a review, by its name. Of one that is not prepared the area is not known: <see cref="MayPrepare"/> is asked too.</summary>
    public static bool May(Caller caller, string command, Review? state) => (command, state) switch
    {
        ("prepare", null) => Leads(caller),
        ("finish-measure", { } known) => MayPrepare(caller, known.Prepared.Scope) || known.Measures.Any(measure => caller.Is(measure.Measure.Owner)),
        ("record-lesson" or "leave-out" or "conclude" or "cancel", { } known) => MayPrepare(caller, known.Prepared.Scope),
        _ => false,
    };

    private static bool Leads(Caller caller) => caller.Seat.Role is Role.DistrictSupervisor or Role.DistrictLeader or Role.DistrictSecretary or Role.TownLeader or Role.Office;

    private static bool IsOfficial(Caller caller) => caller.Seat.Role is not (Role.Resident or Role.System);
}
