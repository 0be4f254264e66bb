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
    /// <summary>Whether a caller may see a case at all.</summary>
    public static bool MaySee(Caller caller, CaseFile file) =>
        caller.Seat.Role == Role.Resident ? file.ReportedBy.Role == Role.Resident : caller.Seat.Place.Contains(file.Area);

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
            Role.CenterOperator or Role.Dispatcher => true,
            Role.PostHandler => caller.Seat.Post == file.Assignment?.Post,
            Role.GridWorker or Role.YardHead => caller.Actor == file.ReportedBy.Actor || file.Assignment is not null,
            _ => false,
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

        return command switch
        {
            "file" or "refuse" => seat.Role is Role.CenterOperator or Role.Dispatcher,
            "dispatch" => seat.Role is Role.Dispatcher,
            "claim" or "return" or "complete" => seat.Role is Role.PostHandler && seat.Post == file.Assignment?.Post && seat.Place == file.Town,
            "verify" => seat.Role is Role.GridWorker or Role.YardHead or Role.VillageSecretary && caller.Actor != file.CompletedBy,
            "rate" => caller.Actor == file.ReportedBy.Actor || seat.Role is Role.CenterOperator,
            "close" => seat.Role is Role.CenterOperator or Role.Dispatcher,
            _ => false,
        };
    }
}
