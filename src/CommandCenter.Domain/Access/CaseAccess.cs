using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Access;

/// <summary>Somebody with the seat that they speak from.</summary>
/// <param name="Actor">A person's id, or <c>resident</c>.</param>
public sealed record Caller(string Actor, RoleAt Seat)
{
    public By By => new(Actor, Seat.Role, Seat.Place, Seat.For);

    /// <summary>Whether they are a person, or stand in for that person while they are absent.</summary>
    public bool Is(string? person) => By.Is(person);
}

/// <summary>The one answer to "may this caller do this": asked by endpoints, hub, lists and files alike.</summary>
public static class CaseAccess
{
    /// <summary>
    /// Whether a caller may see a case at all: at their place, wherever they reported it or what was merged into it, and where it was before another town took it or where it is asked to go.
    /// </summary>
    public static bool MaySee(Caller caller, CaseFile file) => caller.Seat.Role == Role.Resident
        ? file.ReportedBy.Role == Role.Resident && caller.Actor == file.ReportedBy.Actor
        : HasPlace(caller, file) || HasUnit(caller, file) || caller.Is(file.ReportedBy.Actor) || IsAsked(caller, file) || file.FormerAreas.Any(caller.Seat.Place.Contains)
            || IsReporterOfMerged(caller, file);

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
            Role.PostHandler or Role.Department => HasUnit(caller, file),
            Role.Resident => false,
            // Who is sent there, to look or to verify, has to find it.
            Role.GridWorker or Role.YardHead when HasPlace(caller, file) && (file.Assignment is not null || (file.IsBeingChecked && file.Checker is null)) => true,
            _ when caller.Is(file.Checker) => true,
            // Who weighs it for the village goes to the people.
            Role.VillageSecretary => HasPlace(caller, file) && (HasUnit(caller, file) || file.Report.VillageFirst == true || file.Assessment is not null) || caller.Is(file.ReportedBy.Actor),
            _ => caller.Is(file.ReportedBy.Actor),
        };

    /// <summary>Whether a caller may give a command, whatever the state says of it.</summary>
    public static bool May(Caller caller, CaseCommand command, Case state) => May(caller, command.Name, state);

    /// <summary>As <see cref="May(Caller, CaseCommand, Case)"/>, by the command's name.</summary>
    public static bool May(Caller caller, string command, Case state)
    {
        var seat = caller.Seat;
        if (command == "report")
            return seat.Role is Role.Resident or Role.GridWorker or Role.YardHead or Role.YardStaff or Role.VillageSecretary or Role.CenterOperator or Role.Dispatcher;
        if (command == "split-off")
            return seat.Role is Role.Dispatcher;
        if (command == "report-solved")
            return seat.Role is Role.GridWorker or Role.YardHead or Role.VillageSecretary;
        if (state is not Case.Known { File: var file } || !MaySee(caller, file))
            return false;
        // Nobody judges their own work, in whichever of their seats.
        if (command is "verify" or "rate" && caller.Is(file.CompletedBy))
            return false;
        // Who reported it says how it came out, and asks after it.
        if (command is "rate" or "reopen" or "urge" && IsReporter(caller, file))
            return true;
        // What is let go of may lie in another town by now: who has the one case and sees the other.
        if (command is "release")
            return seat.Role is Role.CenterOperator or Role.Dispatcher or Role.DistrictSupervisor;
        if (command is "drop-link")
            return seat.Role is Role.CenterOperator or Role.Dispatcher or Role.SectorLead or Role.PostHandler or Role.Department or Role.VillageSecretary or Role.GridWorker;
        if (command is "accept-transfer" or "decline-transfer")
            return IsAsked(caller, file) && seat.Role is Role.CenterOperator or Role.Dispatcher;
        if (IsWork(command))
            return HasUnit(caller, file) || (command == "finish-subtask" && file.Subtasks.Values.Any(task => caller.Is(task.Person)))
                || (command == "appeal-lateness" && OwnLateRun(caller, file) is not null);

        return HasPlace(caller, file) && command switch
        {
            "pass-up" or "settle" => seat.Role is Role.VillageSecretary,
            "report-check" => seat.Role is Role.GridWorker or Role.YardHead or Role.VillageSecretary && (file.Checker is null || caller.Is(file.Checker)),
            "send-to-village" or "check" or "file" or "refuse" or "redirect" => seat.Role is Role.CenterOperator or Role.Dispatcher,
            "merge" or "absorb" or "request-transfer" => seat.Role is Role.CenterOperator or Role.Dispatcher,
            "unmerge" => seat.Role is Role.CenterOperator or Role.Dispatcher or Role.DistrictSupervisor,
            "split" => seat.Role is Role.Dispatcher,
            // A leader decides where the unit sent it back already.
            "dispatch" => seat.Role is Role.Dispatcher or Role.TownLeader or Role.DistrictSupervisor || IsLead(seat, file),
            "take-on" => seat.Role is Role.Department,
            // A vacant seat, or a person who has gone, must not hold a case for ever.
            "recall" => seat.Role is Role.Dispatcher or Role.TownLeader or Role.DistrictSupervisor || (seat.Role is Role.CenterOperator && file.Assignment is null) || IsLead(seat, file),
            "reassign" => seat.Role is Role.Dispatcher or Role.TownLeader or Role.DistrictSupervisor || HasUnit(caller, file) || IsLead(seat, file),
            "give-feedback" => seat.Role is Role.CenterOperator or Role.Dispatcher or Role.VillageSecretary,
            "correct-funding" => seat.Role is Role.Dispatcher || HasUnit(caller, file),
            // Whoever ends a case may answer first who had it watched.
            "answer-supervision" => seat.Role is Role.Dispatcher or Role.CenterOperator or Role.VillageSecretary || HasUnit(caller, file),
            "transfer" => seat.Role is Role.DistrictSupervisor,
            "raise-level" => seat.Role is Role.VillageSecretary or Role.Dispatcher or Role.TownLeader or Role.DistrictSupervisor || IsLead(seat, file),
            "lower-level" => seat.Role is Role.Dispatcher or Role.TownLeader or Role.DistrictSupervisor || IsLead(seat, file),
            "supervise" => seat.Role is Role.TownLeader or Role.DistrictSupervisor || IsLead(seat, file),
            "urge" => seat.Role is Role.CenterOperator or Role.Dispatcher or Role.VillageSecretary or Role.TownLeader or Role.DistrictSupervisor or Role.Office || IsLead(seat, file),
            // Who answers for an emergency is of the center, or above it.
            "acknowledge-alarm" => seat.Role is Role.CenterOperator or Role.Dispatcher or Role.TownLeader or Role.DistrictSupervisor || IsLead(seat, file),
            "link" or "unlink" => seat.Role is Role.CenterOperator or Role.Dispatcher || HasUnit(caller, file) || IsLead(seat, file),
            // Where nobody of the grid is left but who did the work, the center sends somebody; where that is the center, those above it.
            "verify" => seat.Role is Role.GridWorker or Role.YardHead or Role.VillageSecretary or Role.CenterOperator or Role.Dispatcher or Role.TownLeader or Role.DistrictSupervisor,
            "rate" => seat.Role is Role.CenterOperator,
            "close" => seat.Role is Role.CenterOperator or Role.Dispatcher,
            // Who asks is of the unit; who approves is above it.
            "approve-extension" or "refuse-extension" => seat.Role is Role.TownLeader or Role.DistrictSupervisor || IsLead(seat, file) || LeadsDistrict(seat, file),
            "approve-suspension" or "refuse-suspension" => seat.Role is Role.TownLeader or Role.DistrictSupervisor,
            "resume" => seat.Role is Role.Dispatcher or Role.TownLeader or Role.DistrictSupervisor || IsLead(seat, file) || HasUnit(caller, file),
            // Who gives the first of the two reviews, and who the second, depends on who is there.
            "review-appeal" => seat.Role is Role.TownLeader or Role.DistrictSupervisor || IsLead(seat, file) || LeadsDistrict(seat, file),
            "reopen" => seat.Role is Role.CenterOperator or Role.Dispatcher or Role.TownLeader or Role.DistrictSupervisor || IsLead(seat, file),
            _ => false,
        };
    }

    private static bool IsReporter(Caller caller, CaseFile file) => caller.Is(file.ReportedBy.Actor) || IsReporterOfMerged(caller, file);

    // Residents give no name, so one is no other.
    private static bool IsReporterOfMerged(Caller caller, CaseFile file) =>
        caller.Seat.Role is not Role.Resident && file.Absorbed.Values.Any(absorbed => absorbed.ReporterRole is not (Role.Resident or Role.System) && caller.Is(absorbed.Reporter));

    private static bool IsWork(string command) =>
        command is "claim" or "return" or "plan" or "progress" or "add-subtask" or "finish-subtask" or "drop-subtask" or "record-funding" or "hand-to-enforcement" or "complete"
            or "ask-extension" or "ask-suspension" or "appeal-lateness";

    private static bool IsLead(RoleAt seat, CaseFile file) => seat.Role is Role.SectorLead && seat.Sector == file.Sector;

    // 分管区领导 of the case's sector, or of all, and 区委主要领导.
    private static bool LeadsDistrict(RoleAt seat, CaseFile file) => seat.Role is Role.DistrictSecretary || (seat.Role is Role.DistrictLeader && (seat.Sector is null || seat.Sector == file.Sector));

    /// <summary>Everybody who could give a command on a case, by each of their seats.</summary>
    public static Bench BenchFor(string command, Case state, OrganizationDirectory organization) => new(
    [
        .. from person in organization.People
           from seat in organization.SeatsOf(person)
           where May(new Caller(person.Id, seat), command, state)
           select new BenchSeat(person.Id, seat.Role),
    ]);

    private static bool HasPlace(Caller caller, CaseFile file) => caller.Seat.Role != Role.Resident && caller.Seat.Place.Contains(file.Area);

    private static bool IsAsked(Caller caller, CaseFile file) => file.TransferTo is { } to && caller.Seat.Role != Role.Resident && caller.Seat.Place.Contains(to.At(AreaLevel.Town)!.Value);

    /// <summary>Whether a seat speaks for the unit that has the case. Posts are named within a town, so the name alone is not enough; and no unit is not the unit of a case without one.</summary>
    public static bool HasUnit(Caller caller, CaseFile file) => file.Assignment is { Unit: var unit } && unit.IsSeat(caller.Seat, file.Town);

    /// <summary>The late run of a unit that a seat speaks for, though the case lies with another by now: that unit may say why it was late too.</summary>
    public static LateRun? OwnLateRun(Caller caller, CaseFile file) => file.LateRuns.Find(run => run.Unit is { } unit && unit.IsSeat(caller.Seat, run.Town));
}
