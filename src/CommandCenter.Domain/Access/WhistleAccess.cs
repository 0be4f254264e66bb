using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;

namespace CommandCenter.Domain.Access;

/// <summary>Who may do what with whistles and their calls.</summary>
public static class WhistleAccess
{
    /// <summary>Whether a caller may blow a whistle for an area: a village, grid or yard of theirs.</summary>
    public static bool MayBlow(Caller caller, AreaCode area) =>
        caller.Seat.Role is Role.GridWorker or Role.YardHead or Role.VillageSecretary or Role.CenterOperator or Role.Dispatcher
        && area.Level >= AreaLevel.Village && caller.Seat.Place.Contains(area);

    /// <summary>Whether a caller may list the whistles of an area.</summary>
    public static bool MayList(Caller caller, AreaCode scope) => IsOfficial(caller) && caller.Seat.Place.Contains(scope);

    /// <summary>Whether a caller may see a whistle: at its place and above it, who blew it, and who was called.</summary>
    public static bool MaySee(Caller caller, WhistleFile file) =>
        IsOfficial(caller) && (caller.Seat.Place.Contains(file.Area) || caller.Actor == file.BlownBy.Actor || file.Calls.SelectMany(call => call.Turns).Any(turn => IsOfUnit(caller, file, turn.Unit)));

    /// <summary>Whether a caller may see the sealed spans of its texts and its photos: the whistler, the center, and whoever has one of its calls.</summary>
    public static bool MaySeePersonalData(Caller caller, WhistleFile file) =>
        IsOwn(caller, file)
        || (caller.Seat.Role is Role.VillageSecretary or Role.CenterOperator or Role.Dispatcher && caller.Seat.Place.Contains(file.Area))
        || file.Calls.Any(call => call.Stage is not (CallStage.Called or CallStage.Declined) && IsOfUnit(caller, file, call.Unit));

    /// <summary>Whether a caller may give a command, by the command's name, whatever the state says of it.</summary>
    /// <param name="call">The number of the call, for a command on one.</param>
    public static bool May(Caller caller, string command, int? call, Whistle state)
    {
        // Where it may be blown is asked with the area that the command names.
        if (command == "blow")
            return caller.Seat.Role is Role.GridWorker or Role.YardHead or Role.VillageSecretary or Role.CenterOperator or Role.Dispatcher;
        if (state is not Whistle.Known { File: var file } || !MaySee(caller, file))
            return false;
        var which = call is { } number ? file.Find(number) : null;
        return command switch
        {
            "call" => IsWhistler(caller, file) || Routes(caller, file),
            "withdraw" => IsWhistler(caller, file),
            "route" => Routes(caller, file),
            "drop" => IsWhistler(caller, file) || Routes(caller, file),
            // Of a call that does not exist the decider says so.
            "arrive" or "advise" or "resolve" or "decline" => which is null || IsOfUnit(caller, file, which.Unit),
            // Nobody judges their own work, in whichever of their seats.
            "rate" => IsWhistler(caller, file) && (which is null || caller.Actor != which.ResolvedBy),
            _ => false,
        };
    }

    /// <summary>Whether a role answers for the town's calls: what such a person calls needs no routing.</summary>
    public static bool IsOfCenter(Role role) => role is Role.CenterOperator or Role.Dispatcher;

    /// <summary>Whether a caller brings calls to units: the center, and the leaders, who are told where a post or the center is vacant.</summary>
    private static bool Routes(Caller caller, WhistleFile file) =>
        (IsOfCenter(caller.Seat.Role) || caller.Seat.Role is Role.SectorLead or Role.TownLeader or Role.DistrictSupervisor) && caller.Seat.Place.Contains(file.Area);

    /// <summary>Whether a caller speaks for who blew it: that person, whoever sits in the same seat, and whoever stands above it, because a seat may become vacant.</summary>
    private static bool IsWhistler(Caller caller, WhistleFile file) =>
        IsOwn(caller, file)
        || (caller.Seat.Role is Role.VillageSecretary or Role.CenterOperator or Role.Dispatcher or Role.TownLeader or Role.DistrictSupervisor && caller.Seat.Place.Contains(file.Area));

    private static bool IsOwn(Caller caller, WhistleFile file) =>
        (caller.Actor == file.BlownBy.Actor && MayBlow(caller, file.Area)) || (caller.Seat.Role == file.BlownBy.Role && caller.Seat.Place == file.BlownBy.Place);

    // Posts are named within a town, so the name alone is not enough.
    private static bool IsOfUnit(Caller caller, WhistleFile file, Unit unit) => caller.Seat.Role == unit.Role && unit.Kind switch
    {
        UnitKind.Post => caller.Seat.Post == unit.Code && caller.Seat.Place == file.Town,
        UnitKind.Department => caller.Seat.Department == unit.Code,
        _ => false,
    };

    private static bool IsOfficial(Caller caller) => caller.Seat.Role is not (Role.Resident or Role.System);
}
