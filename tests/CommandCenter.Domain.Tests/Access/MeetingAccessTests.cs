using System.Text;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Meetings;

namespace CommandCenter.Domain.Tests;

public class MeetingAccessTests
{
    private static readonly Meeting OfTheYard = Meetings.Fold(Held(), Imported(), Settled(2), FedBack(2));
    private static readonly Meeting OfTheVillage = Meetings.Fold(Held(Town.Village), Imported(), Settled(2), FedBack(2));

    [Fact]
    public void Each_role_may_do_its_part_at_its_own_place_only()
    {
        var commands = MeetingLives.Commands.Select(way => way.Command.Name).Distinct().ToList();
        var page = new StringBuilder($"""
            # Who may do what with a yard meeting

            *Call* is planning a meeting, or registering one held without a plan, for the yard, grid or village of the meeting. *Personal* are the sealed spans of the minutes and the photos.
            Whether its state allows a command is another question (see what may happen to a yard meeting). Feedback on it was given by the secretary, who is none of the callers.

            """);
        foreach (var (title, meeting, area) in ((string, Meeting, AreaCode)[])[("A meeting of one yard", OfTheYard, Town.Yard), ("A meeting of the whole village", OfTheVillage, Town.Village)])
        {
            var file = ((Meeting.Known)meeting).File;
            page.Append($"\n## {title}\n\n| role | place | call | list | see | personal | {string.Join(" | ", commands.Skip(2))} |\n|---|---|---|---|---|---|{string.Concat(Enumerable.Repeat("---|", commands.Count - 2))}\n");
            foreach (var (role, place, caller) in Callers())
            {
                string[] cells =
                [
                    Mark(MeetingAccess.MayCall(caller, area)),
                    Mark(MeetingAccess.MayList(caller, area)),
                    Mark(MeetingAccess.MaySee(caller, file)),
                    Mark(MeetingAccess.MaySeePersonalData(caller, file)),
                    .. commands.Skip(2).Select(command => Mark(MeetingAccess.May(caller, command, meeting))),
                ];
                page.Append($"| {role} | {place} | {string.Join(" | ", cells)} |\n");
            }
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
    }

    [Fact]
    public void Nobody_may_anything_but_call_a_meeting_where_there_is_none()
    {
        foreach (var (_, _, caller) in Callers())
        {
            foreach (var (_, command) in MeetingLives.Commands.Where(way => way.Command is not (PlanMeeting or RegisterMeeting or FollowCases)))
                MeetingAccess.May(caller, command, Meeting.None).ShouldBeFalse($"{caller.Seat.Role} {command.Name}");
        }
    }

    [Fact]
    public void An_unknown_command_is_allowed_to_nobody() => Callers().ShouldAllBe(row => !MeetingAccess.May(row.Caller, "erase", OfTheYard));

    [Fact]
    public void Who_told_the_yard_does_not_strike_the_meeting_off_in_whichever_seat()
    {
        MeetingAccess.May(Town.As("secretary", Role.VillageSecretary, Town.Village), "strike-off", OfTheYard).ShouldBeFalse();
        MeetingAccess.May(Town.As("secretary", Role.Dispatcher, Town.Code), "strike-off", OfTheYard).ShouldBeFalse();
        MeetingAccess.May(Town.As("another", Role.VillageSecretary, Town.Village), "strike-off", OfTheYard).ShouldBeTrue();
    }

    private static IEnumerable<(string Role, string Place, Caller Caller)> Callers()
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            var (own, other) = role switch
            {
                Role.GridWorker => (Town.Grid, AreaCode.Parse("500999101002001")),
                Role.YardHead or Role.YardStaff => (Town.Yard, AreaCode.Parse("500999101002001001")),
                Role.VillageSecretary => (Town.Village, Town.OtherVillage),
                Role.DistrictSupervisor or Role.Resident => (Town.District, AreaCode.Parse("500998")),
                _ => (Town.Code, Town.OtherTown),
            };
            yield return ($"{role}", "own place", Town.As("x", role, own));
            if (role == Role.YardHead)
                yield return ($"{role}", "another yard of the village", Town.As("x", role, Town.OtherYard));
            yield return ($"{role}", "other place", Town.As("x", role, other));
        }
    }

    private static string Mark(bool allowed) => allowed ? "yes" : "–";
}
