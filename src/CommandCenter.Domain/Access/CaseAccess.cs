using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Access;

/// <summary>Somebody with the seat that they speak from.</summary>
/// <param name="Actor">A person's id, or <c>resident</c>.</param>
public sealed record Caller(string Actor, RoleAt Seat)
{
    public By By => new(Actor, Seat.Role, Seat.Place);
}

/// <summary>The one answer to "may this caller do this": asked by endpoints, hub, lists and files alike.</summary>
public static class CaseAccess
{
    /// <summary>Whether a caller may see a case at all: at their place, and wherever they reported it.</summary>
    public static bool MaySee(Caller caller, CaseFile file) => caller.Seat.Role == Role.Resident
        ? file.ReportedBy.Role == Role.Resident && caller.Actor == file.ReportedBy.Actor
        : HasPlace(caller, file) || caller.Actor == file.ReportedBy.Actor;

    /// <summary>Whether a caller may list the cases of an area.</summary>
    public static bool MayList(Caller caller, AreaCode scope) =>
        caller.Seat.Role is not (Role.Resident or Role.System) && caller.Seat.Place.Contains(scope);

    /// <summary>
    /// Whether a caller may see the reporter's name, phone and exact address, and the sealed spans of the texts: who takes the report,
    /// who goes there, and who reported.
    /// </summary>
    public static bool MaySeePersonalData(Caller caller, CaseFile file) =>
        MaySee(caller, file) && caller.Seat.Role switch
        {
            Role.CenterOperator or Role.Dispatcher => HasPlace(caller, file),
            Role.PostHandler => HasPost(caller, file),
            Role.Resident => false,
            Role.GridWorker or Role.YardHead when HasPlace(caller, file) && file.Assignment is not null => true,
            _ => caller.Actor == file.ReportedBy.Actor,
        };

    /// <summary>Whether a caller may give a command, whatever the state says of it.</summary>
    public static bool May(Caller caller, CaseCommand command, Case state) => May(caller, command.Name, state);

    /// <summary>As <see cref="May(Caller, CaseCommand, Case)"/>, by the command's name.</summary>
    public static bool May(Caller caller, string command, Case state)
    {
        var seat = caller.Seat;
        if (command == "report")
            return seat.Role is Role.Resident or Role.GridWorker or Role.YardHead or Role.VillageSecretary or Role.CenterOperator or Role.Dispatcher;
        if (state is not Case.Known { File: var file } || !MaySee(caller, file))
            return false;
        // Nobody judges their own work, in whichever of their seats.
        if (command is "verify" or "rate" && caller.Actor == file.CompletedBy)
            return false;
        if (command == "rate" && caller.Actor == file.ReportedBy.Actor)
            return true;

        return HasPlace(caller, file) && command switch
        {
            "file" or "refuse" => seat.Role is Role.CenterOperator or Role.Dispatcher,
            "dispatch" => seat.Role is Role.Dispatcher,
            "claim" or "return" or "complete" => HasPost(caller, file),
            // A vacant post, or a person who has gone, must not hold a case for ever.
            "recall" => seat.Role is Role.Dispatcher || (seat.Role is Role.SectorLead && seat.Sector == file.Sector),
            "verify" => seat.Role is Role.GridWorker or Role.YardHead or Role.VillageSecretary,
            "rate" => seat.Role is Role.CenterOperator,
            "close" => seat.Role is Role.CenterOperator or Role.Dispatcher,
            _ => false,
        };
    }

    private static bool HasPlace(Caller caller, CaseFile file) => caller.Seat.Role != Role.Resident && caller.Seat.Place.Contains(file.Area);

    // Posts are named within a town, so the name alone is not enough; and no post is not the post of a case without one.
    private static bool HasPost(Caller caller, CaseFile file) =>
        file.Assignment is { Post: var post } && caller.Seat.Role == Role.PostHandler && caller.Seat.Post == post && caller.Seat.Place == file.Town;
}
