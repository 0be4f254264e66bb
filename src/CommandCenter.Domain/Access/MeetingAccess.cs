using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Access;

/// <summary>The one answer to "may this caller do this" with a yard meeting: asked by endpoints, lists and files alike.</summary>
public static class MeetingAccess
{
    /// <summary>Whether a caller may see a meeting: whose place it is held in, and whose place is in it.</summary>
    public static bool MaySee(Caller caller, MeetingFile file) =>
        caller.Seat.Role is not (Role.Resident or Role.System) && (caller.Seat.Place.Contains(file.Setup.Area) || file.Setup.Area.Contains(caller.Seat.Place));

    /// <summary>Whether a caller may list the meetings of an area.</summary>
    public static bool MayList(Caller caller, AreaCode scope) =>
        caller.Seat.Role is not (Role.Resident or Role.System) && caller.Seat.Place.Contains(scope);

    /// <summary>Whether a caller may read the sealed spans of the minutes and see the photos of people in their yard: who was there, and who answers for the account.</summary>
    public static bool MaySeePersonalData(Caller caller, MeetingFile file) => MaySee(caller, file) && (IsOfTheYard(caller) || Keeps(caller, file));

    /// <summary>Whether a caller may register a meeting of an area, planned or held.</summary>
    public static bool MayCall(Caller caller, AreaCode area) =>
        (IsOfTheYard(caller) || caller.Seat.Role is Role.CenterOperator or Role.Dispatcher or Role.TownLeader or Role.Office or Role.Department or Role.DistrictSupervisor)
        && caller.Seat.Place.Contains(area);

    /// <summary>Whether a caller may give a command, whatever the state says of it.</summary>
    public static bool May(Caller caller, MeetingCommand command, Meeting state) => May(caller, command.Name, state);

    /// <summary>
    /// As <see cref="May(Caller, MeetingCommand, Meeting)"/>, by the command's name. For a meeting that is not registered yet the area is not known: then <see cref="MayCall"/> is
    /// asked too.
    /// </summary>
    public static bool May(Caller caller, string command, Meeting state)
    {
        if (command == "follow-cases")
            return caller.Seat.Role == Role.System;
        if (state is not Meeting.Known { File: var file })
            return command is "plan" or "register" && MayCall(caller, caller.Seat.Place);
        if (!MaySee(caller, file))
            return false;

        return command switch
        {
            "hold" or "cancel" or "record-minutes" => MayCall(caller, file.Setup.Area),
            // Each line is a report, so that only those who may report bring in a list.
            "import-list" => (IsOfTheYard(caller) || caller.Seat.Role is Role.CenterOperator or Role.Dispatcher) && caller.Seat.Place.Contains(file.Setup.Area),
            // In a meeting of a whole village each yard hears it from its own people.
            "give-feedback" => IsOfTheYard(caller) || MayCall(caller, file.Setup.Area),
            "reconcile" => Keeps(caller, file),
            // Nobody signs off their own word: who told the yard does not strike off.
            "strike-off" => Keeps(caller, file) && file.Lines.Values.All(line => !caller.Is(line.Feedback?.By.Actor)),
            _ => false,
        };
    }

    private static bool IsOfTheYard(Caller caller) => caller.Seat.Role is Role.GridWorker or Role.YardHead or Role.VillageSecretary;

    // Who keeps the account of the village's or town's meetings.
    private static bool Keeps(Caller caller, MeetingFile file) =>
        caller.Seat.Role is Role.VillageSecretary or Role.CenterOperator or Role.Dispatcher or Role.TownLeader or Role.Office or Role.DistrictSupervisor && caller.Seat.Place.Contains(file.Setup.Area);
}
