using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;

namespace CommandCenter.Domain.Access;

/// <summary>Who may do what with lists of tasks and their tasks.</summary>
public static class TaskAccess
{
    /// <summary>Whether a caller may see a list: at its issuing place, at every target and above it, and who drafted it. A draft is its issuing desk's alone.</summary>
    public static bool MaySee(Caller caller, TaskList.Known list)
    {
        if (Issues(caller, list.File.Issuer, list.File.Department) || IsDrafter(caller, list.File))
            return true;
        if (list is TaskList.Drafted or TaskList.Withdrawn { File.PublishedAt: null } || !IsOfficial(caller))
            return false;
        return caller.Seat.Place.Contains(list.File.Issuer.Place) || list.File.Tasks.Any(task => caller.Seat.Place.Contains(task.Target));
    }

    /// <summary>Whether a caller may see a task: its issuing desk, and at its target and above it.</summary>
    public static bool MaySee(Caller caller, TaskFile task) => IsOfficial(caller) && (Issues(caller, task.Issuer, task.Department) || caller.Seat.Place.Contains(task.Target));

    /// <summary>Whether a caller may list the tasks of an area.</summary>
    public static bool MayList(Caller caller, AreaCode scope) => IsOfficial(caller) && caller.Seat.Place.Contains(scope);

    /// <summary>Whether a caller may see the sealed spans of the list's texts: who issues it, and who acts for a target of the item.</summary>
    public static bool MaySeePersonalData(Caller caller, TaskListFile list, TaskItem item) =>
        Issues(caller, list.Issuer, list.Department) || IsDrafter(caller, list) || (item.Targets ?? list.Targets).Any(target => ActsFor(caller, target));

    /// <summary>Whether a caller may see the sealed spans and the photos of a task: who checks it, and who acts for its target.</summary>
    public static bool MaySeePersonalData(Caller caller, TaskFile task) => Issues(caller, task.Issuer, task.Department) || ActsFor(caller, task.Target);

    /// <summary>Whether a caller may give a command to a list, by the command's name, whatever the state says of it.</summary>
    public static bool May(Caller caller, string command, TaskList state) => (command, state) switch
    {
        ("draft", _) => IsPublisher(caller),
        ("revise" or "publish" or "withdraw" or "close", TaskList.Known { File: var file }) =>
            Issues(caller, file.Issuer, file.Department) || (state is TaskList.Drafted && IsDrafter(caller, file) && IsPublisher(caller)),
        _ => false,
    };

    /// <summary>Whether a caller may give a command to a task, by the command's name, whatever the state says of it.</summary>
    public static bool May(Caller caller, string command, GridTask state)
    {
        // Part of publishing a list, whose own rules were asked.
        if (command == "assign")
            return IsPublisher(caller);
        if (state is not GridTask.Known { File: var task })
            return false;
        return command switch
        {
            "claim" or "progress" or "complete" or "return" => ActsFor(caller, task.Target),
            // A person who has gone must not hold a task for ever.
            "release" => (caller.Is(task.ClaimedBy) && ActsFor(caller, task.Target)) || IsAbove(caller, task.Target) || Issues(caller, task.Issuer, task.Department),
            // Nobody judges their own work, in whichever of their seats.
            "check" => Issues(caller, task.Issuer, task.Department) && !caller.Is(task.CompletedBy),
            "resend" or "cancel" or "cancel-with-list" or "lapse" => Issues(caller, task.Issuer, task.Department),
            _ => false,
        };
    }

    /// <summary>
    /// Whether a caller sits at the desk that answers for a list: a publisher's seat at the same place; of departments only the one whose list it is (where its code is not known, the same
    /// person); and the district's supervisor, so that no list is left without anybody.
    /// </summary>
    public static bool Issues(Caller caller, By issuer, string? department) => caller.Seat.Role switch
    {
        Role.DistrictSupervisor => caller.Seat.Place.Contains(issuer.Place),
        Role.Office or Role.TownLeader or Role.Dispatcher => caller.Seat.Place == issuer.Place,
        Role.Department => caller.Seat.Place == issuer.Place
            && (department is not null ? caller.Seat.Department == department : issuer.Role == Role.Department && caller.Is(issuer.Actor)),
        _ => false,
    };

    /// <summary>
    /// Whether a caller may do the work of a target: who holds it, and whoever stands above it up to the town, because a seat below may be vacant.
    /// </summary>
    public static bool ActsFor(Caller caller, AreaCode target) =>
        caller.Seat.Role is Role.YardHead or Role.GridWorker or Role.VillageSecretary or Role.Dispatcher or Role.TownLeader or Role.Office
        && caller.Seat.Place.Level != AreaLevel.District && caller.Seat.Place.Contains(target);

    private static bool IsAbove(Caller caller, AreaCode target) =>
        caller.Seat.Role is Role.VillageSecretary or Role.Dispatcher or Role.TownLeader && caller.Seat.Place.Contains(target);

    private static bool IsPublisher(Caller caller) =>
        caller.Seat.Role is Role.Office or Role.TownLeader or Role.Department or Role.DistrictSupervisor or Role.Dispatcher;

    private static bool IsOfficial(Caller caller) => caller.Seat.Role is not (Role.Resident or Role.System);

    private static bool IsDrafter(Caller caller, TaskListFile file) => caller.Is(file.DraftedBy.Actor) && caller.Seat.Place == file.DraftedBy.Place;
}
