using System.Text;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using static CommandCenter.Domain.Tests.Sample;
using static CommandCenter.Domain.Tests.WhistleSample;

namespace CommandCenter.Domain.Tests;

public class WhistleAccessTests
{
    private static readonly string[] OfTheWhole = ["call", "withdraw"];
    private static readonly string[] OfACall = ["route", "decline", "arrive", "advise", "resolve", "rate", "drop"];

    [Fact]
    public void Each_role_may_do_its_part_at_its_own_place_only()
    {
        var page = new StringBuilder("""
            # Who may do what with a whistle

            *Blow* is whether a caller may whistle for the area. The first call is the water department's, the second the building post's; people of a department and of a post are of these, or of others.
            Whether its state allows a command is another question (see what may happen to a whistle). The result, if there is one, is of somebody who is none of the callers.

            """);
        foreach (var (title, whistler) in ((string, By)[])[("A whistle of the grid's worker", Whistler), ("A whistle of the village secretary", Town.Secretary)])
        {
            var state = Whistle.Fold([Fact(Blown() with { Area = Town.Grid }, T0, whistler with { Actor = "somebody" }), Fact(Routed(), T0), Fact(Routed(2, Building), T0)]);
            var file = File(state);
            page.Append($"\n## {title}\n\n| role | place | blow | list | see | personal | {string.Join(" | ", OfTheWhole)} | {string.Join(" | ", OfACall.SelectMany(name => (string[])[$"{name} 1", $"{name} 2"]))} |\n|{string.Concat(Enumerable.Repeat("---|", 6 + OfTheWhole.Length + (2 * OfACall.Length)))}\n");
            foreach (var (role, place, caller) in Callers())
            {
                string[] cells =
                [
                    Mark(WhistleAccess.MayBlow(caller, Town.Grid)), Mark(WhistleAccess.MayList(caller, Town.Grid)), Mark(WhistleAccess.MaySee(caller, file)), Mark(WhistleAccess.MaySeePersonalData(caller, file)),
                    .. OfTheWhole.Select(command => Mark(WhistleAccess.May(caller, command, null, state))),
                    .. OfACall.SelectMany(command => (string[])[Mark(WhistleAccess.May(caller, command, 1, state)), Mark(WhistleAccess.May(caller, command, 2, state))]),
                ];
                page.Append($"| {role} | {place} | {string.Join(" | ", cells)} |\n");
            }
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
    }

    [Fact]
    public void Nobody_may_anything_with_what_does_not_exist_but_begin_it()
    {
        foreach (var (_, _, caller) in Callers())
        {
            WhistleLives.Commands.Where(way => way.Command is not BlowWhistle).ShouldAllBe(way => !WhistleAccess.May(caller, way.Command.Name, 1, Whistle.None));
            WhistleAccess.May(caller, "erase", null, Fold(Blown())).ShouldBeFalse();
        }
    }

    [Fact]
    public void Nobody_rates_their_own_work_in_whichever_of_their_seats()
    {
        var done = Fold(Blown(), Routed(), Arrived(), Resolved());

        WhistleAccess.May(new Caller("water-officer", new RoleAt(Role.GridWorker, Town.Grid)), "rate", 1, done).ShouldBeFalse();
        WhistleAccess.May(new Caller("another", new RoleAt(Role.GridWorker, Town.Grid)), "rate", 1, done).ShouldBeTrue();
    }

    [Fact]
    public void A_unit_sees_the_whistle_after_its_turn_but_not_its_personal_data()
    {
        var gone = File(Fold(Blown(), Routed(), Declined(), Routed(to: River)));
        var officer = new Caller("water-officer", new RoleAt(Role.Department, Town.District, Department: Town.WaterDepartment));

        WhistleAccess.MaySee(officer, gone).ShouldBeTrue();
        WhistleAccess.MaySeePersonalData(officer, gone).ShouldBeFalse();
        WhistleAccess.May(officer, "arrive", 1, Fold(Blown(), Routed(), Declined(), Routed(to: River))).ShouldBeFalse();
    }

    [Fact]
    public void What_is_said_of_a_call_that_is_not_there_is_the_deciders_to_say() =>
        WhistleAccess.May(new Caller("handler", new RoleAt(Role.PostHandler, Town.Code, Sector.Economy, Town.BuildingPost)), "arrive", 99, Fold(Blown(), Routed())).ShouldBeTrue();

    private static IEnumerable<(string Role, string Place, Caller Caller)> Callers()
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            var (own, other) = role switch
            {
                Role.GridWorker => (Town.Grid, Town.OtherGrid),
                Role.YardHead => (Town.Yard, Town.OtherYard),
                Role.VillageSecretary => (Town.Village, Town.OtherVillage),
                Role.DistrictSupervisor or Role.Resident or Role.Department => (Town.District, AreaCode.Parse("500998")),
                _ => (Town.Code, Town.OtherTown),
            };
            if (role == Role.Department)
            {
                yield return ($"{role}", "the one called", Of(role, own, department: Town.WaterDepartment));
                yield return ($"{role}", "another", Of(role, own, department: "forestry"));
            }
            else if (role == Role.PostHandler)
            {
                yield return ($"{role}", "the post called", Of(role, own, Town.BuildingPost));
                yield return ($"{role}", "another post", Of(role, own, Town.RiverPost));
                yield return ($"{role}", "the post of another town", Of(role, other, Town.BuildingPost));
            }
            else
            {
                yield return ($"{role}", $"own {own.Level}", Of(role, own));
                yield return ($"{role}", "elsewhere", Of(role, other));
            }
        }

        static Caller Of(Role role, AreaCode place, string? post = null, string? department = null) => new("x", new RoleAt(role, place, Post: post, Department: department));
    }

    private static string Mark(bool allowed) => allowed ? "yes" : "–";
}
