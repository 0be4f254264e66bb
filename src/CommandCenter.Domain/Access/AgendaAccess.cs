using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Access;

/// <summary>The one answer to "may this caller do this" with a committee's list.</summary>
public static class AgendaAccess
{
    /// <summary>Whether a caller may see a town's list: the town's own people and those above, and whoever leads one of its matters.</summary>
    public static bool MaySee(Caller caller, AreaCode town, Agenda state) => MayList(caller, town) || state.Items.Any(item => caller.Is(item.Lead?.Person));

    /// <summary>Whether a caller may list the matters of a town or of the whole district.</summary>
    public static bool MayList(Caller caller, AreaCode scope) => caller.Seat.Role is not (Role.Resident or Role.System) && caller.Seat.Place.Contains(scope);

    /// <summary>Whether a caller may see the sealed spans of its texts: who keeps it, and who leads one of its matters.</summary>
    public static bool MaySeePersonalData(Caller caller, AreaCode town, Agenda state) => Keeps(caller, town) || state.Items.Any(item => caller.Is(item.Lead?.Person));

    /// <summary>Whether a caller may give a command, by its name, whatever the state says of it.</summary>
    public static bool May(Caller caller, string command, AreaCode town, Agenda state) => command switch
    {
        "prepare" or "cancel" or "add" or "name-lead" or "strike" or "conclude" => Keeps(caller, town),
        "report" => Keeps(caller, town) || state.Items.Any(item => item.IsOpen && caller.Is(item.Lead?.Person)),
        "appraise" => Keeps(caller, town) || (caller.Seat.Role == Role.DistrictSupervisor && caller.Seat.Place.Contains(town)),
        _ => false,
    };

    // The office prepares and writes down; the town's leader presides.
    private static bool Keeps(Caller caller, AreaCode town) => caller.Seat.Role is Role.Office or Role.TownLeader && caller.Seat.Place == town;
}
