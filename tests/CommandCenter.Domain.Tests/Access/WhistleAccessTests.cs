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
            Whether its state allows a command is another question (see what may happen to a whistle). Each caller holds the seat in a town where all others are held too, but for the one that a table says is vacant; nobody
            has acted for a unit yet. *Rate* is for whom the result is put before: the whistler's seat, and those above only where it is vacant.

            """);
        foreach (var (title, whistler, vacant) in ((string, By, Role[])[])
            [("A whistle of the grid's worker", Whistler, []), ("A whistle of the village secretary", Town.Secretary, []), ("A whistle of the grid's worker, whose seat is vacant now", Whistler, [Role.GridWorker])])
        {
            var state = Whistle.Fold([Fact(Blown() with { Area = Town.Grid }, T0, whistler with { Actor = "somebody" }), Fact(Routed(), T0), Fact(Routed(2, Building), T0)]);
            var file = File(state);
            page.Append($"\n## {title}\n\n| role | place | blow | list | see | personal | {string.Join(" | ", OfTheWhole)} | {string.Join(" | ", OfACall.SelectMany(name => (string[])[$"{name} 1", $"{name} 2"]))} |\n|{string.Concat(Enumerable.Repeat("---|", 6 + OfTheWhole.Length + (2 * OfACall.Length)))}\n");
            foreach (var (role, place, caller) in Callers())
            {
                var organization = Town.With(vacant, [Town.Holder(caller.Actor, caller.Seat)]);
                string[] cells =
                [
                    Mark(WhistleAccess.MayBlow(caller, Town.Grid)), Mark(WhistleAccess.MayList(caller, Town.Grid)), Mark(WhistleAccess.MaySee(caller, file)), Mark(WhistleAccess.MaySeePersonalData(caller, file)),
                    .. OfTheWhole.Select(command => Mark(WhistleAccess.May(caller, command, null, state, organization))),
                    .. OfACall.SelectMany(command => (string[])[Mark(WhistleAccess.May(caller, command, 1, state, organization)), Mark(WhistleAccess.May(caller, command, 2, state, organization))]),
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
            WhistleLives.Commands.Where(way => way.Command is not BlowWhistle).ShouldAllBe(way => !WhistleAccess.May(caller, way.Command.Name, 1, Whistle.None, Town.Organization));
            WhistleAccess.May(caller, "erase", null, Fold(Blown()), Town.Organization).ShouldBeFalse();
        }
    }

    [Fact]
    public void Nobody_rates_what_they_took_part_in_for_the_unit_in_whichever_of_their_seats()
    {
        var both = Town.With([Role.GridWorker], [Town.Holder("both", new RoleAt(Role.GridWorker, Town.Grid), Officer("both").Seat)]);
        var by = Town.Department with { Actor = "both" };
        var worker = new Caller("both", new RoleAt(Role.GridWorker, Town.Grid));
        Fact<WhistleEvent>[] begun = [Fact(Blown(), T0), Fact(Routed(), T0)];

        foreach (var (arrived, advised, resolved) in ((By, By, By)[])[(by, Town.Department, Town.Department), (Town.Department, by, Town.Department), (Town.Department, Town.Department, by)])
        {
            var done = Whistle.Fold([.. begun, Fact(Arrived(), T0, arrived), Fact(Advised(), T0, advised), Fact(Resolved(), T0, resolved)]);
            WhistleAccess.May(worker, "rate", 1, done, both).ShouldBeFalse();
            WhistleAccess.May(Secretary, "rate", 1, done, both).ShouldBeTrue("the seat above rates where the whistler's is vacant or was at work itself");
        }

        WhistleAccess.May(worker, "rate", 1, Fold(Blown(), Routed(), Arrived(), Resolved()), both).ShouldBeTrue();
        // What they did in an earlier unit's turn was other work.
        var before = Whistle.Fold([.. begun, Fact(Arrived(), T0, by), Fact(Routed(to: River), T0), Fact(Arrived(unit: River), T0, Town.Handler), Fact(Resolved(unit: River), T0, Town.Handler)]);
        WhistleAccess.May(worker, "rate", 1, before, both).ShouldBeTrue();
    }

    [Fact]
    public void Nobody_rates_over_the_head_of_the_whistler_who_sits_there()
    {
        var done = Fold(Blown(), Routed(), Arrived(), Resolved());
        var colleague = Town.With(added: [Town.Holder("second-worker", new RoleAt(Role.GridWorker, Town.Grid))]);

        WhistleAccess.May(new Caller("grid-worker", new RoleAt(Role.GridWorker, Town.Grid)), "rate", 1, done, colleague).ShouldBeTrue();
        foreach (var other in (Caller[])[new("second-worker", new RoleAt(Role.GridWorker, Town.Grid)), Secretary, Leader, Of("supervisor", Role.DistrictSupervisor, Town.District), Of("operator", Role.CenterOperator, Town.Code)])
            WhistleAccess.May(other, "rate", 1, done, colleague).ShouldBeFalse(other.Actor);
        WhistleAccess.May(Secretary, "rate", 1, done, Town.With([Role.GridWorker])).ShouldBeTrue();
        WhistleAccess.May(Leader, "rate", 1, done, Town.With([Role.GridWorker])).ShouldBeFalse("the secretary sits there");
    }

    [Fact]
    public void A_unit_sees_the_whistle_after_its_turn_but_not_its_personal_data()
    {
        var state = Fold(Blown(), Routed(), Declined(), Routed(to: River));

        WhistleAccess.MaySee(Officer(), File(state)).ShouldBeTrue();
        WhistleAccess.MaySeePersonalData(Officer(), File(state)).ShouldBeFalse();
        WhistleAccess.May(Officer(), "arrive", 1, state, Town.Organization).ShouldBeFalse();
    }

    [Fact]
    public void Dropping_a_call_or_withdrawing_opens_nothing_to_a_unit_that_never_had_it_or_sent_it_back()
    {
        Opens(Blown()).ShouldBeFalse("called");
        Opens(Blown(), Dropped()).ShouldBeFalse("called and dropped");
        Opens(Blown(), WithdrawnEvent()).ShouldBeFalse("called and withdrawn");
        Opens(Blown(), Routed(), Declined(), Dropped()).ShouldBeFalse("declined and dropped");
        Opens(Blown(), Routed(), Declined(), WithdrawnEvent()).ShouldBeFalse("declined and withdrawn");
        Opens(Blown(), Routed(), Arrived(), Dropped()).ShouldBeFalse("nothing is left to do");

        Opens(Blown(), Routed()).ShouldBeTrue();
        Opens(Blown(), Routed(), Arrived(), Resolved()).ShouldBeTrue();
        Opens(Blown(), Routed(), Arrived(), Resolved(), CallRated()).ShouldBeTrue("its own work stays open to it");

        static bool Opens(params WhistleEvent[] events) => WhistleAccess.MaySeePersonalData(Officer(), File(Fold(events)));
    }

    [Fact]
    public void A_lead_coordinates_what_is_about_the_sector_or_called_one_of_its_posts_and_nothing_else()
    {
        var (economy, livelihood) = (new Caller("economy-lead", new RoleAt(Role.SectorLead, Town.Code, Sector.Economy)), new Caller("livelihood-lead", new RoleAt(Role.SectorLead, Town.Code, Sector.Livelihood)));

        foreach (var command in (string[])["call", "route", "drop"])
        {
            May(economy, command, Blown(Building)).ShouldBeTrue("the post is of its sector");
            May(livelihood, command, Blown(Building)).ShouldBeFalse();
            May(economy, command, Blown(Water)).ShouldBeFalse("a department is of no sector");
            May(economy, command, Blown(Water) with { Sectors = [Sector.Economy] }).ShouldBeTrue();
        }

        static bool May(Caller caller, string command, WhistleBlown blown) => WhistleAccess.May(caller, command, command == "call" ? null : 1, Fold(blown), Town.Organization);
    }

    [Fact]
    public void Whose_unit_lost_the_call_a_moment_ago_hears_why_and_others_only_that_they_may_not()
    {
        var gone = Fold(Blown(), Routed(), Routed(to: River));

        foreach (var command in (string[])["arrive", "advise", "resolve", "decline"])
        {
            var refusal = WhistleAccess.Missed([Of("water-officer", Role.GridWorker, Town.Grid), Officer()], command, 1, gone).ShouldNotBeNull();
            (refusal.Code, refusal.Possible.Count).ShouldBe(("whistle.call.with_another", 0));
        }

        WhistleAccess.Missed([Officer()], "rate", 1, gone).ShouldBeNull();
        WhistleAccess.Missed([Officer()], "arrive", 2, gone).ShouldBeNull();
        WhistleAccess.Missed([Officer()], "arrive", 1, Whistle.None).ShouldBeNull();
        WhistleAccess.Missed([Leader], "arrive", 1, gone).ShouldBeNull();
        WhistleAccess.Missed([Officer()], "arrive", 1, Fold(Blown(), Routed(to: River))).ShouldBeNull("what never came to it was never its own");
    }

    [Fact]
    public void A_point_in_a_grid_is_the_yard_of_who_heads_one_of_it_and_else_the_grid()
    {
        Caller head = Of("yard-head", Role.YardHead, Town.Yard), worker = Of("grid-worker", Role.GridWorker, Town.Grid);

        WhistleAccess.PlaceIn(Town.Grid, [head]).ShouldBe(Town.Yard);
        WhistleAccess.PlaceIn(Town.Grid, [head, worker]).ShouldBe(Town.Grid, "who may whistle for the whole grid does");
        WhistleAccess.PlaceIn(Town.OtherGrid, [head]).ShouldBe(Town.OtherGrid, "where that head may not whistle");
        WhistleAccess.MayBlow(head, WhistleAccess.PlaceIn(Town.Grid, [head])).ShouldBeTrue();
    }

    [Fact]
    public void What_is_said_of_a_call_that_is_not_there_is_the_deciders_to_say() =>
        WhistleAccess.May(new Caller("handler", new RoleAt(Role.PostHandler, Town.Code, Sector.Economy, Town.BuildingPost)), "arrive", 99, Fold(Blown(), Routed()), Town.Organization).ShouldBeTrue();

    private static Caller Secretary { get; } = Of("secretary", Role.VillageSecretary, Town.Village);

    private static Caller Leader { get; } = Of("town-leader", Role.TownLeader, Town.Code);

    private static Caller Officer(string person = "water-officer") => new(person, new RoleAt(Role.Department, Town.District, Department: Town.WaterDepartment));

    private static Caller Of(string person, Role role, AreaCode place) => new(person, new RoleAt(role, place));

    private static IEnumerable<(string Role, string Place, Caller Caller)> Callers()
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            var (own, other) = role switch
            {
                Role.GridWorker => (Town.Grid, Town.OtherGrid),
                Role.YardHead or Role.YardStaff => (Town.Yard, Town.OtherYard),
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
            else if (role == Role.SectorLead)
            {
                yield return ($"{role}", "its sector", Of(role, own, sector: Sector.Economy));
                yield return ($"{role}", "another sector", Of(role, own, sector: Sector.Livelihood));
                yield return ($"{role}", "elsewhere", Of(role, other, sector: Sector.Economy));
            }
            else
            {
                yield return ($"{role}", $"own {own.Level}", Of(role, own));
                yield return ($"{role}", "elsewhere", Of(role, other));
            }
        }

        static Caller Of(Role role, AreaCode place, string? post = null, string? department = null, Sector? sector = null) => new("x", new RoleAt(role, place, sector, post, Department: department));
    }

    private static string Mark(bool allowed) => allowed ? "yes" : "–";
}
