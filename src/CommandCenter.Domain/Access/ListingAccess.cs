using CommandCenter.Domain.Listings;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Access;

/// <summary>The one answer to "may this caller do this" with a listing for supervision.</summary>
public static class ListingAccess
{
    /// <summary>Whether a caller may list the listings of an area: towns see their own, the district all.</summary>
    public static bool MayList(Caller caller, AreaCode scope) => caller.Seat.Role is not (Role.Resident or Role.System) && caller.Seat.Place.Contains(scope);

    /// <summary>Whether a caller may see a listing.</summary>
    public static bool MaySee(Caller caller, ListingFile file) => MayList(caller, file.Opened.Town);

    /// <summary>Whether a caller may see the sealed spans of its texts and open its files: who reports, and who supervises.</summary>
    public static bool MaySeePersonalData(Caller caller, ListingFile file) => MaySee(caller, file) && (Reports(caller, file) || IsOfTheDistrict(caller));

    /// <summary>Whether a caller may list a case of an area by hand.</summary>
    public static bool MayOpen(Caller caller, AreaCode area) => IsOfTheDistrict(caller) && caller.Seat.Place.Contains(area);

    /// <summary>Whether a caller may give a command, by its name, whatever the state says of it.</summary>
    public static bool May(Caller caller, string command, Listing state) => (command, state) switch
    {
        // Of a case that was never listed the area is not known here: the endpoint asks MayOpen too.
        ("open", _) => IsOfTheDistrict(caller) || caller.Seat.Role == Role.System,
        ("report", Listing.Known { File: var file }) => Reports(caller, file),
        // Only whoever supervises it takes the plate down.
        ("lift", Listing.Known { File: var file }) => caller.Seat.Role == file.SupervisorRole && caller.Seat.Place.Contains(file.Opened.Town) && (caller.Seat.Sector is null || caller.Seat.Sector == file.Opened.Sector),
        _ => false,
    };

    private static bool Reports(Caller caller, ListingFile file) =>
        caller.Seat.Role is Role.TownLeader or Role.Office or Role.Dispatcher or Role.SectorLead && caller.Seat.Place == file.Opened.Town;

    private static bool IsOfTheDistrict(Caller caller) => caller.Seat.Role is Role.DistrictSupervisor or Role.DistrictLeader or Role.DistrictSecretary;
}
