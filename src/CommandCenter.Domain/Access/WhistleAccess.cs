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

    /// <summary>Where somebody whistles who gave a point in a grid and no area: in the grid, or, for who may whistle for a yard of it only, in that yard.</summary>
    public static AreaCode PlaceIn(AreaCode grid, IReadOnlyList<Caller> callers) => callers.Any(caller => MayBlow(caller, grid))
        ? grid
        : callers.Where(caller => caller.Seat.Role == Role.YardHead && grid.Contains(caller.Seat.Place)).Select(caller => (AreaCode?)caller.Seat.Place).FirstOrDefault() ?? grid;

    /// <summary>Whether a caller may list the whistles of an area.</summary>
    public static bool MayList(Caller caller, AreaCode scope) => IsOfficial(caller) && caller.Seat.Place.Contains(scope);

    /// <summary>Whether a caller may see a whistle: at its place and above it, who blew it, and who was called.</summary>
    public static bool MaySee(Caller caller, WhistleFile file) =>
        IsOfficial(caller) && (caller.Seat.Place.Contains(file.Area) || caller.Is(file.BlownBy.Actor) || file.Calls.SelectMany(call => call.Turns).Any(turn => IsOfUnit(caller, file, turn.Unit)));

    /// <summary>
    /// Whether a caller may see the sealed spans of its texts, its photos and the exact points: the whistler, the center, and whoever has one of its calls or brought it to its rated end. A call that was only made, was
    /// sent back, dropped or given to another opens nothing.
    /// </summary>
    public static bool MaySeePersonalData(Caller caller, WhistleFile file) =>
        IsOwn(caller, file)
        || (caller.Seat.Role is Role.VillageSecretary or Role.CenterOperator or Role.Dispatcher && caller.Seat.Place.Contains(file.Area))
        || file.Calls.Any(call => (call.IsWithUnit || call.Stage == CallStage.Rated) && IsOfUnit(caller, file, call.Unit));

    /// <summary>Whether a caller may give a command, by the command's name, whatever the state says of it.</summary>
    /// <param name="call">The number of the call, for a command on one.</param>
    public static bool May(Caller caller, string command, int? call, Whistle state, OrganizationDirectory organization)
    {
        // Where it may be blown is asked with the area that the command names.
        if (command == "blow")
            return caller.Seat.Role is Role.GridWorker or Role.YardHead or Role.VillageSecretary or Role.CenterOperator or Role.Dispatcher;
        if (state is not Whistle.Known { File: var file } || !MaySee(caller, file))
            return false;
        var which = call is { } number ? file.Find(number) : null;
        return command switch
        {
            "call" => IsWhistler(caller, file) || Routes(caller, file, organization),
            "withdraw" => IsWhistler(caller, file),
            "route" => Routes(caller, file, organization),
            "drop" => IsWhistler(caller, file) || Routes(caller, file, organization),
            // Of a call that does not exist the decider says so.
            "arrive" or "advise" or "resolve" or "decline" => which is null || IsOfUnit(caller, file, which.Unit),
            "rate" => which is null ? IsWhistler(caller, file) : Rates(caller, file, which, organization),
            _ => false,
        };
    }

    /// <summary>Why people who may not give a command could have a moment ago: their unit had the call, which has gone to another since. Null where there is nothing to say but no.</summary>
    /// <param name="call">The number of the call, for a command on one.</param>
    public static Refusal? Missed(IReadOnlyList<Caller> callers, string command, int? call, Whistle state) =>
        command is "arrive" or "advise" or "resolve" or "decline" && call is { } number && state is Whistle.Known { File: var file }
        && file.Find(number) is { } which && which.Past.Any(turn => callers.Any(caller => IsOfUnit(caller, file, turn.Unit)))
            ? WhistleRefusals.Of("whistle.call.with_another", [])
            : null;

    /// <summary>Whether a role answers for the town's calls: what such a person calls needs no routing.</summary>
    public static bool IsOfCenter(Role role) => role is Role.CenterOperator or Role.Dispatcher;

    /// <summary>Whether a caller brings calls to units: the center, and the leaders, who are told where a post or the center is vacant.</summary>
    private static bool Routes(Caller caller, WhistleFile file, OrganizationDirectory organization) =>
        (IsOfCenter(caller.Seat.Role) || caller.Seat.Role is Role.TownLeader or Role.DistrictSupervisor || Coordinates(caller, file, organization)) && caller.Seat.Place.Contains(file.Area);

    /// <summary>Whether a caller leads a sector that the whistle is about, or whose post has one of its calls.</summary>
    private static bool Coordinates(Caller caller, WhistleFile file, OrganizationDirectory organization) =>
        caller.Seat is { Role: Role.SectorLead, Sector: { } sector }
        && (file.Sectors.Contains(sector) || file.Calls.Any(call => call.Unit.Post is { } post && organization.FindPost(file.Town, post)?.Sector == sector));

    /// <summary>Whether a caller is one of those who are asked to rate a call's result, from the seat for which they are.</summary>
    private static bool Rates(Caller caller, WhistleFile file, WhistleCall call, OrganizationDirectory organization) =>
        caller.Seat.Place.Contains(file.Area)
        && WhistleNotices.WhoRates(file, call, organization).Any(recipient => caller.Is(recipient.Person) && recipient.Role == caller.Seat.Role);

    /// <summary>Whether a caller speaks for who blew it: that person, whoever sits in the same seat, and whoever stands above it, because a seat may become vacant.</summary>
    private static bool IsWhistler(Caller caller, WhistleFile file) =>
        IsOwn(caller, file)
        || (caller.Seat.Role is Role.VillageSecretary or Role.CenterOperator or Role.Dispatcher or Role.TownLeader or Role.DistrictSupervisor && caller.Seat.Place.Contains(file.Area));

    private static bool IsOwn(Caller caller, WhistleFile file) =>
        (caller.Is(file.BlownBy.Actor) && MayBlow(caller, file.Area)) || (caller.Seat.Role == file.BlownBy.Role && caller.Seat.Place == file.BlownBy.Place);

    // Posts are named within a town, so the name alone is not enough.
    private static bool IsOfUnit(Caller caller, WhistleFile file, Unit unit) => caller.Seat.Role == unit.Role && unit.Kind switch
    {
        UnitKind.Post => caller.Seat.Post == unit.Code && caller.Seat.Place == file.Town,
        UnitKind.Department => caller.Seat.Department == unit.Code,
        _ => false,
    };

    private static bool IsOfficial(Caller caller) => caller.Seat.Role is not (Role.Resident or Role.System);
}
