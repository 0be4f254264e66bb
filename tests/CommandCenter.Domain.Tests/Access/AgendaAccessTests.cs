using System.Text;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Agendas;

namespace CommandCenter.Domain.Tests;

public class AgendaAccessTests
{
    private static readonly Agenda Led = Agendas.Fold(Prepared(items: Entry()), Named(person: "lead-of-it"));

    [Fact]
    public void The_office_and_the_leader_keep_the_list_its_lead_reports_and_the_district_looks()
    {
        var commands = AgendaDeciderTests.Commands.Select(way => way.Command.Name).Distinct().ToList();
        var page = new StringBuilder($"""
            # Who may do what with a committee's list

            *Personal* are the sealed spans of its texts. Whether its state allows a command is another question (see what may happen to a committee's list).

            | role | place | list | see | personal | {string.Join(" | ", commands)} |
            |---|---|---|---|---|{string.Concat(Enumerable.Repeat("---|", commands.Count))}

            """);
        foreach (var (role, place, caller) in Callers())
        {
            string[] cells =
            [
                Mark(AgendaAccess.MayList(caller, Town.Code)), Mark(AgendaAccess.MaySee(caller, Town.Code, Led)), Mark(AgendaAccess.MaySeePersonalData(caller, Town.Code, Led)),
                .. commands.Select(command => Mark(AgendaAccess.May(caller, command, Town.Code, Led))),
            ];
            page.Append($"| {role} | {place} | {string.Join(" | ", cells)} |\n");
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
    }

    [Fact]
    public void An_unknown_command_is_allowed_to_nobody() => Callers().ShouldAllBe(row => !AgendaAccess.May(row.Caller, "erase", Town.Code, Led));

    private static string Mark(bool may) => may ? "✓" : "";

    private static IEnumerable<(string Role, string Place, Caller Caller)> Callers()
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            foreach (var (name, place) in ((string, AreaCode)[])[("the town", Town.Code), ("a village of it", Town.Village), ("another town", Town.OtherTown), ("the district", Town.District)])
                yield return ($"{role}", name, new Caller("somebody", new RoleAt(role, place)));
        }

        yield return ("the lead (VillageSecretary)", "a village of it", new Caller("lead-of-it", new RoleAt(Role.VillageSecretary, Town.Village)));
    }
}
