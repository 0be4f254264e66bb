using System.Text;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Sample;
using Case = CommandCenter.Domain.Cases.Case;
using Directory = CommandCenter.Domain.Tests.Organization.DemoTown;

namespace CommandCenter.Domain.Tests;

/// <summary>Who may what that is no case, task, whistle, meeting or list: the organization, receipts of notices, and the system itself.</summary>
public class OtherAccessTests
{
    private static readonly OrganizationHistory Begun = OrganizationHistory.None.With(OrganizationImport.Difference(OrganizationHistory.None, Directory.Content, null).Events);

    /// <summary>Each command about something of the district, of the town, and of the town beside it, as it is given.</summary>
    private static IReadOnlyList<(string Command, Func<string, OrganizationCommand?> Of)> Commands
    {
        get
        {
            var today = Directory.Today;
            RoleAt Seat(string about) => about switch
            {
                "district" => new(Role.Office, Directory.District),
                "town" => new(Role.CenterOperator, Directory.Town),
                _ => new(Role.CenterOperator, Beside),
            };
            AreaCode Grid(string about) => AreaCode.Parse(about == "town" ? "500153003001001" : "500153004001001");
            string Person(string about) => Directory.Directory.People.First(person => person.Roles.Any(seat => seat.Place == Seat(about).Place && seat.Role is Role.PostHandler or Role.Department)).Id;
            return
            [
                ("appoint", about => new AppointPerson("grid-worker-02", Seat(about), null, today, today)),
                ("relieve", about => new RelievePerson("grid-worker-02", Seat(about), today, today)),
                ("move", about => new MovePerson("grid-worker-02", Seat(about), Seat(about), today, today)),
                ("register", about => new RegisterPerson(new(Person(about), "s", "s"), false, today, today)),
                ("dismiss", about => new DismissPerson(Person(about), today, today)),
                ("rename", about => new RenameUnit(Seat(about).Place, null, null, "n", "n", today, today)),
                ("close-unit", about => about == "district" ? new CloseUnit(Unit.OfDepartment("water-bureau"), null, null, [], today, today) : new CloseUnit(Unit.OfPost("ecology"), Seat(about).Place, null, [], today, today)),
                // The district itself has no grid of its own.
                ("redraw", about => about == "district" ? null : new RedrawGrid(new(Grid(about), []), today, today)),
            ];
        }
    }

    private static AreaCode Beside { get; } = AreaCode.Parse("500153004");

    [Fact]
    public void Administrators_change_the_organization_of_their_own_place_and_nobody_else_does()
    {
        string[] abouts = ["district", "town", "another town"];
        var page = new StringBuilder($"""
            # Who may change the organization

            Each command about something of the district, of the town and of the town beside it; whether it is possible at all is another question.

            | role | place | about | {string.Join(" | ", Commands.Select(row => row.Command))} |
            |---|---|---|{string.Concat(Enumerable.Repeat("---|", Commands.Count))}

            """);
        foreach (var role in Enum.GetValues<Role>())
        {
            foreach (var (place, area) in ((string, AreaCode)[])[("district", Directory.District), ("town", Directory.Town)])
            {
                foreach (var about in abouts)
                {
                    var cells = Commands.Select(row => row.Of(about) is { } command ? Mark(Gives(new Caller("p", new RoleAt(role, area)), command)) : "");
                    page.Append($"| {role} | {place} | {about} | {string.Join(" | ", cells)} |\n");
                }
            }
        }

        Commands.Select(row => row.Command).ShouldBe(typeof(OrganizationCommand).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(OrganizationCommand)))
            .Select(type => ((OrganizationCommand)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type)).Name), ignoreOrder: true);
        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
    }

    [Fact]
    public void Those_who_answer_for_the_loop_see_receipts_where_they_see_the_case_and_the_districts_administrators_keep_the_system_going()
    {
        var file = ((Case.Known)Cases.Fold(Reported(area: Town.Yard), Filed(), Dispatched(), Claimed())).File;
        var page = new StringBuilder("""
            # Who may see receipts of a case's notices, and keep the system going

            The case lies in a yard of the town and is with a post that is none of the callers'. *System* is looking at projections and the outbox, rebuilding and replaying.
            One's own notices everybody reads, and nobody another's.

            | role | place | receipts | system |
            |---|---|---|---|

            """);
        foreach (var role in Enum.GetValues<Role>())
        {
            foreach (var (place, area) in ((string, AreaCode)[])[("yard", Town.Yard), ("grid", Town.Grid), ("village", Town.Village), ("town", Town.Code), ("another town", Town.OtherTown), ("district", Town.District)])
            {
                var caller = new Caller("p", new RoleAt(role, area, role == Role.SectorLead ? Sector.Economy : null));
                page.Append($"| {role} | {place} | {Mark(InboxAccess.MaySeeReceipts(caller, file))} | {Mark(OperationsAccess.May(caller))} |\n");
            }
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
    }

    private static bool Gives(Caller caller, OrganizationCommand command) =>
        OrganizationAccess.May(caller) && OrganizationDecider.Decide(command, Begun, caller.By) is not Decision<OrganizationEvent>.Refuse { Refusal.Code: "organization.outside" };

    private static string Mark(bool allowed) => allowed ? "yes" : "–";
}
