using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Reviews;

namespace CommandCenter.Domain.Access;

/// <summary>The one answer to "may this caller do this" with stays on the spot and review meetings.</summary>
public static class ReviewAccess
{
    /// <summary>Whether a caller may list the stays and reviews of an area: towns their own, the district all.</summary>
    public static bool MayList(Caller caller, AreaCode scope) => caller.Seat.Role is not (Role.Resident or Role.System) && caller.Seat.Place.Contains(scope);

    /// <summary>Whether a caller may see a stay on the spot: who stands above the place, who planned it, who goes or was there, and whose place it is.</summary>
    public static bool MaySee(Caller caller, Guidance state) =>
        MayList(caller, state.Place) || state.People.Any(caller.Is) || caller.Is(state.Plan?.By.Actor) || (IsOfficial(caller) && state.Place.Contains(caller.Seat.Place));

    /// <summary>Whether a caller may see a review: who stands above its area, and who has one of its measures to take.</summary>
    public static bool MaySee(Caller caller, Review state) => MayList(caller, state.Prepared.Scope) || state.Measures.Any(measure => caller.Is(measure.Measure.Owner));

    /// <summary>Whether a caller may plan a stay at a place, or record one.</summary>
    public static bool MayRecord(Caller caller, AreaCode place) => Leads(caller) && caller.Seat.Place.Contains(place);

    /// <summary>Whether a caller may hold a review of an area: the desk of just that town, or of the district.</summary>
    public static bool MayPrepare(Caller caller, AreaCode scope) => Leads(caller) && caller.Seat.Place == scope;

    /// <summary>Whether a caller may give a command on a stay, by its name. Of one that is neither planned nor recorded the place is not known: <see cref="MayRecord"/> is asked too.</summary>
    public static bool May(Caller caller, string command, Guidance? state) => (command, state) switch
    {
        ("plan" or "record", null) => Leads(caller),
        // Whoever goes says that they came and what they found; whoever planned it, or leads there, calls it off.
        ("begin" or "finish", { } known) => MayRecord(caller, known.Place) || known.People.Any(caller.Is),
        ("call-off", { } known) => MayRecord(caller, known.Place) || caller.Is(known.Plan?.By.Actor),
        ("follow-up", { } known) =>
            MayRecord(caller, known.Place) || known.People.Any(caller.Is) || (caller.Seat.Role is Role.Dispatcher or Role.VillageSecretary && caller.Seat.Place.Contains(known.Place)),
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
