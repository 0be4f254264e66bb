using System.Text;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Sample;
using Case = CommandCenter.Domain.Cases.Case;

namespace CommandCenter.Domain.Tests;

public class CaseAccessTests
{
    private static readonly Case AtThePost = Cases.Fold(Reported(area: Town.Yard), Filed(), Dispatched(), Claimed());

    [Fact]
    public void Each_role_may_do_its_part_at_its_own_place_and_post_only()
    {
        var commands = CaseLives.Commands.Select(way => way.Command.Name).Distinct().ToList();
        var file = File(AtThePost);
        var page = new StringBuilder($"""
            # Who may do what with a case

            The case lies in a yard and is with the post {Town.BuildingPost}; a grid worker who is none of the callers reported it. Whether its state allows the command is
            another question (see what may happen to a case). *List* is asked for the caller's own place and for the neighbour's; *personal* are the reporter's
            name, phone, address and the sealed spans.

            | role | place | list | see | personal | {string.Join(" | ", commands)} |
            |---|---|---|---|---|{string.Concat(Enumerable.Repeat("---|", commands.Count))}

            """);
        foreach (var (role, place, caller) in Callers())
        {
            string[] cells =
            [
                Mark(CaseAccess.MayList(caller, place.StartsWith("other place", StringComparison.Ordinal) ? Town.Yard : caller.Seat.Place)),
                Mark(CaseAccess.MaySee(caller, file)),
                Mark(CaseAccess.MaySeePersonalData(caller, file)),
                .. commands.Select(command => Mark(CaseAccess.May(caller, command, AtThePost))),
            ];
            page.Append($"| {role} | {place} | {string.Join(" | ", cells)} |\n");
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
    }

    /// <summary>Cases that lie otherwise than with a post, where who may differs for it: each with what is particular.</summary>
    private static IReadOnlyList<(string State, Case Case)> Elsewhere { get; } =
    [
        ("Reported 待受理, nobody has it", Cases.Fold(Reported(area: Town.Yard))),
        ("Assessing 村级研判", Cases.Fold(ReportedToVillage() with { Area = Town.Yard })),
        ("Checking 核查中, whoever is near", Cases.Fold(Reported(area: Town.Yard), CheckOrdered())),
        ("Checking 核查中, by a person named x", Cases.Fold(Reported(area: Town.Yard), CheckOrdered() with { Person = "x" })),
        ("Checking 核查中, by another named person", Cases.Fold(Reported(area: Town.Yard), CheckOrdered() with { Person = "grid-worker" })),
        ("Transferring 移送中, the other town is asked", Cases.Fold(Reported(area: Town.Yard), TransferRequested())),
        ("Moved: the other town took it", Cases.Fold(Reported(area: Town.Yard), TransferRequested(), new CaseTransferAccepted(Town.NeighbourGrid))),
        ("Filed 待派遣", Cases.Fold(Reported(area: Town.Yard), Filed())),
        ("Dispatched to a department", Cases.Fold(Reported(area: Town.Yard), Filed(), RaisedToDistrict(), Dispatched() with { Unit = Town.WaterUnit })),
        ("Dispatched to its village", Cases.Fold(Reported(area: Town.Yard), Filed(), Dispatched() with { Unit = Unit.OfVillage(Town.Village) })),
        ("Dispatched to its grid", Cases.Fold(Reported(area: Town.Yard), Filed(), Dispatched() with { Unit = Unit.OfGrid(Town.Grid) })),
        ("Handling, a part of it is x's", Cases.Fold(Reported(area: Town.Yard), Filed(), Dispatched(), Claimed(), SubtaskAdded() with { Person = "x" })),
        ("Completed 待核实, by x", Completer()),
        ("Verified 待评价, reported by x", Reporter()),
        ("Filed, absorbed what x reported", Cases.Fold(Reported(area: Town.Yard), Filed(), Absorbed() with { Reporter = "x" })),
        ("Filed, absorbed what a resident reported", Cases.Fold(Reported(area: Town.Yard), Filed(), Absorbed() with { Reporter = "x", ReporterRole = Role.Resident })),
    ];

    [Fact]
    public void What_a_state_adds_to_and_takes_from_what_each_role_may_is_decided_on_purpose()
    {
        var commands = CaseLives.Commands.Select(way => way.Command.Name).Distinct().ToList();
        var page = new StringBuilder("""
            # Who may do what with a case, where its state makes a difference

            What differs from the page of roles, on which a post has the case and nobody who asks reported, handles or verifies it. Every caller is called x. Roles and places of which nothing differs are
            left out.

            """);
        foreach (var (state, life) in Elsewhere)
        {
            page.Append($"\n## {state}\n\n| role | place | may too | may not |\n|---|---|---|---|\n");
            foreach (var (role, place, caller) in Callers())
            {
                var (before, now) = (Allowed(caller, AtThePost), Allowed(caller, life));
                if (!before.SequenceEqual(now))
                    page.Append($"| {role} | {place} | {string.Join(", ", now.Except(before))} | {string.Join(", ", before.Except(now))} |\n");
            }
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));

        List<string> Allowed(Caller caller, Case life) =>
        [
            .. CaseAccess.MaySee(caller, File(life)) ? ["*see*"] : (string[])[], .. CaseAccess.MaySeePersonalData(caller, File(life)) ? ["*personal*"] : (string[])[],
            .. commands.Where(command => CaseAccess.May(caller, command, life)),
        ];
    }

    private static Case Completer()
    {
        CaseEvent[] before = [Reported(area: Town.Yard), Filed(), Dispatched(), Claimed()];
        var by = new By("x", Role.PostHandler, Town.Code);
        return Case.Fold([.. before.Select(happened => Cases.Fact(happened, T0)), new Fact<CaseEvent>(Completed(), by, T0, T0)]);
    }

    private static Case Reporter()
    {
        CaseEvent[] rest = [Filed(), Dispatched(), Claimed(), Completed(), Verified()];
        return Case.Fold([new Fact<CaseEvent>(Reported(area: Town.Yard), new By("x", Role.GridWorker, Town.OtherGrid), T0, T0), .. rest.Select(happened => Cases.Fact(happened, T0))]);
    }

    [Fact]
    public void Acting_vacancy_and_duty_give_what_the_seat_gives_and_nothing_elsewhere()
    {
        var commands = CaseLives.Commands.Select(way => way.Command.Name).Distinct().ToList();
        var page = new StringBuilder($"""
            # Who may do what with a case by acting, by vacancy and on duty

            The same case as in the page of roles. *Own* are the person's own seats; then the same person while they stand in for somebody absent, while a seat below them is vacant, or
            while they are on duty. Each cell says by which seat: the first that allows it, with whom they act for.

            """);
        foreach (var (title, person, organization) in Situations())
        {
            page.Append($"\n## {title}: {person}\n\n| command | own | then |\n|---|---|---|\n");
            var (own, then) = (Town.Organization.Callers(person), organization.Callers(person));
            foreach (var command in commands)
            {
                var (before, after) = (Seat(own, command), Seat(then, command));
                if (before != after)
                    page.Append($"| {command} | {before} | {after} |\n");
            }
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));

        static string Seat(IReadOnlyList<Caller> callers, string command) =>
            callers.FirstOrDefault(caller => CaseAccess.May(caller, command, AtThePost)) is { Seat: var seat } ? $"{seat.Role}{(seat.Post is { } post ? $" {post}" : "")}{(seat.For is { } absent ? $" for {absent}" : "")}" : "–";
    }

    private static IEnumerable<(string Title, string Person, OrganizationDirectory Organization)> Situations()
    {
        foreach (var (absent, substitute) in ((string, string)[])[("handler", "river-handler"), ("dispatcher", "operator"), ("operator", "yard-head"), ("economy-lead", "livelihood-lead"), ("town-leader", "economy-lead"), ("secretary", "grid-worker"), ("grid-worker", "secretary"), ("supervisor", "water-officer"), ("neighbour-dispatcher", "operator")])
            yield return ($"Standing in for {absent}", substitute, Town.With(substitutes: new Dictionary<string, string> { [absent] = substitute }));
        foreach (var (vacant, person) in ((Role[], string)[])[
            ([Role.PostHandler], "economy-lead"), ([Role.PostHandler], "livelihood-lead"), ([Role.PostHandler, Role.SectorLead], "town-leader"), ([Role.CenterOperator], "dispatcher"), ([Role.CenterOperator, Role.Dispatcher], "town-leader"),
            ([Role.CenterOperator, Role.Dispatcher, Role.TownLeader], "supervisor"), ([Role.GridWorker], "yard-head"), ([Role.GridWorker, Role.YardHead], "secretary"), ([Role.GridWorker, Role.YardHead, Role.VillageSecretary], "operator"), ([Role.CenterOperator], "neighbour-dispatcher")])
            yield return ($"Vacant: {string.Join(", ", vacant)}", person, Town.With(vacant));
        yield return ("On duty as operator, with a lead", "grid-worker", Duty(("grid-worker", DutyRole.Operator), ("town-leader", DutyRole.Lead)));
        yield return ("On duty as operator, without a lead", "grid-worker", Duty(("grid-worker", DutyRole.Operator)));
        yield return ("On duty as lead", "river-handler", Duty(("river-handler", DutyRole.Lead)));

        static OrganizationDirectory Duty(params (string Person, DutyRole Role)[] people) =>
            Town.Organization.With(new Dictionary<AreaCode, IReadOnlyList<OnDuty>> { [Town.Code] = [.. people.Select((one, index) => new OnDuty(one.Person, one.Role, DutyStanding.OnDuty, index + 1))] });
    }

    [Fact]
    public void Nobody_may_anything_but_report_where_there_is_no_case()
    {
        foreach (var (_, _, caller) in Callers())
        {
            foreach (var (_, command, _) in CaseLives.Commands.Where(way => way.Command is not (ReportCase or ReportSolvedCase or SplitOffCase)))
                CaseAccess.May(caller, command, Case.None).ShouldBeFalse($"{caller.Seat.Role} {command.Name}");
        }
    }

    [Fact]
    public void An_unknown_command_is_allowed_to_nobody() =>
        Callers().ShouldAllBe(row => !CaseAccess.May(row.Caller, "erase", AtThePost));

    [Fact]
    public void Whoever_completed_a_case_does_not_verify_it()
    {
        var completed = Cases.Fold(Reported(), Filed(), Dispatched(), Claimed(), Completed());

        CaseAccess.May(Town.As("handler", Role.GridWorker, Town.Grid), Pass(), completed).ShouldBeFalse();
        CaseAccess.May(Town.As("another", Role.GridWorker, Town.Grid), Pass(), completed).ShouldBeTrue();
    }

    [Fact]
    public void Whoever_completed_a_case_does_not_rate_it()
    {
        var completed = FoldBy("handler", Role.GridWorker);

        CaseAccess.May(Town.As("handler", Role.GridWorker, Town.Grid), Rate(), completed).ShouldBeFalse();
        CaseAccess.May(Town.As("handler", Role.CenterOperator, Town.Code), Rate(), completed).ShouldBeFalse();
        CaseAccess.May(Town.As("operator", Role.CenterOperator, Town.Code), Rate(), completed).ShouldBeTrue();
    }

    [Fact]
    public void Whoever_reported_a_case_outside_of_their_place_sees_and_rates_it_but_does_nothing_else_there()
    {
        var abroad = FoldBy("abroad", Role.GridWorker);
        var reporter = Town.As("abroad", Role.GridWorker, Town.OtherGrid);

        CaseAccess.MaySee(reporter, File(abroad)).ShouldBeTrue();
        CaseAccess.May(reporter, Rate(), abroad).ShouldBeTrue();
        CaseAccess.May(reporter, Pass(), abroad).ShouldBeFalse();
        CaseAccess.May(Town.As("abroad", Role.Dispatcher, Town.OtherTown), Dispatch(), abroad).ShouldBeFalse();
        CaseAccess.MaySee(Town.As("another", Role.GridWorker, Town.OtherGrid), File(abroad)).ShouldBeFalse();
    }

    [Fact]
    public void Whoever_reported_what_was_merged_into_a_case_asks_after_it_rates_it_and_has_it_taken_up_again_and_no_more()
    {
        var reporter = Town.As("abroad", Role.GridWorker, Town.NeighbourGrid);
        var main = Cases.Fold(Reported(), Filed(), Absorbed() with { Reporter = "abroad" });

        CaseAccess.MaySee(reporter, File(main)).ShouldBeTrue();
        CaseAccess.MaySeePersonalData(reporter, File(main)).ShouldBeFalse();
        foreach (var command in (string[])["urge", "rate", "reopen"])
            CaseAccess.May(reporter, command, main).ShouldBeTrue(command);
        CaseAccess.May(reporter, "verify", main).ShouldBeFalse();
        CaseAccess.May(Town.As("abroad", Role.Resident, Town.District), "urge", main).ShouldBeFalse();
        CaseAccess.MaySee(Town.As("another", Role.GridWorker, Town.NeighbourGrid), File(main)).ShouldBeFalse();
        CaseAccess.MaySee(reporter, File(Cases.Fold(Reported(), Filed(), Absorbed() with { Reporter = "abroad" }, new CaseReleased(OtherCase)))).ShouldBeFalse();
    }

    [Fact]
    public void A_resident_sees_what_residents_without_a_name_reported_but_nothing_that_workers_reported()
    {
        var resident = Town.As("resident", Role.Resident, Town.District);

        CaseAccess.MaySee(resident, File(FoldBy("resident", Role.Resident))).ShouldBeTrue();
        CaseAccess.MaySee(resident, File(FoldBy("grid-worker", Role.GridWorker))).ShouldBeFalse();
    }

    [Fact]
    public void A_resident_with_a_name_sees_no_other_residents_report()
    {
        var file = File(FoldBy("resident-1", Role.Resident));

        CaseAccess.MaySee(Town.As("resident-1", Role.Resident, Town.District), file).ShouldBeTrue();
        CaseAccess.MaySee(Town.As("resident-2", Role.Resident, Town.District), file).ShouldBeFalse();
        CaseAccess.MaySee(Town.As("resident", Role.Resident, Town.District), file).ShouldBeFalse();
    }

    [Fact]
    public void A_handler_without_a_post_is_no_handler_of_a_case_without_a_post()
    {
        var filed = Cases.Fold(Reported(), Filed());
        var caller = Town.As("odd", Role.PostHandler, Town.Code);

        CaseAccess.MaySeePersonalData(caller, File(filed)).ShouldBeFalse();
        CaseAccess.May(caller, Claim(), filed).ShouldBeFalse();
    }

    [Fact]
    public void A_post_of_the_same_name_elsewhere_is_not_the_cases_post_even_for_who_reported_it()
    {
        var reported = new Fact<CaseEvent>(Reported(), new By("reporter", Role.PostHandler, Town.OtherTown), T0, T0);
        var dispatched = Case.Fold([reported, Cases.Fact(Filed(), T0), Cases.Fact(Dispatched(), T0)]);
        var elsewhere = Town.As("reporter", Role.PostHandler, Town.OtherTown, Town.BuildingPost);
        var district = Town.As("x", Role.PostHandler, Town.District, Town.BuildingPost);

        CaseAccess.MaySee(elsewhere, File(dispatched)).ShouldBeTrue();
        foreach (var caller in (Caller[])[elsewhere, district])
        {
            CaseAccess.MaySeePersonalData(caller, File(dispatched)).ShouldBeFalse();
            CaseAccess.May(caller, Claim(), dispatched).ShouldBeFalse();
        }
    }

    [Fact]
    public void A_post_that_returned_a_case_no_longer_reads_who_reported_it()
    {
        var handler = Town.As("handler", Role.PostHandler, Town.Code, Town.BuildingPost);

        CaseAccess.MaySeePersonalData(handler, File(Cases.Fold(Reported(), Filed(), Dispatched()))).ShouldBeTrue();
        CaseAccess.MaySeePersonalData(handler, File(Cases.Fold(Reported(), Filed(), Dispatched(), Returned()))).ShouldBeFalse();
    }

    [Fact]
    public void A_grid_worker_reads_who_reported_from_the_dispatch_on_because_somebody_has_to_go_there()
    {
        var worker = Town.As("another", Role.GridWorker, Town.Grid);

        CaseAccess.MaySeePersonalData(worker, File(Cases.Fold(Reported(), Filed()))).ShouldBeFalse();
        CaseAccess.MaySeePersonalData(worker, File(Cases.Fold(Reported(), Filed(), Dispatched()))).ShouldBeTrue();
        CaseAccess.MaySeePersonalData(Town.As("grid-worker", Role.GridWorker, Town.Grid), File(Cases.Fold(Reported()))).ShouldBeTrue();
    }

    [Fact]
    public void Whoever_is_asked_to_look_before_filing_reads_where_it_is_until_it_was_looked_at()
    {
        var (near, named) = (Town.As("another", Role.GridWorker, Town.Grid), Town.As("named", Role.GridWorker, Town.Grid));
        var anybody = Cases.Fold(Reported(), CheckOrdered());
        var one = Cases.Fold(Reported(), CheckOrdered() with { Person = "named" });

        CaseAccess.MaySeePersonalData(near, File(anybody)).ShouldBeTrue();
        CaseAccess.MaySeePersonalData(named, File(one)).ShouldBeTrue();
        CaseAccess.MaySeePersonalData(near, File(one)).ShouldBeFalse();
        foreach (var worker in (Caller[])[near, named])
        {
            CaseAccess.MaySeePersonalData(worker, File(Cases.Fold(Reported(), CheckOrdered(), Checked()))).ShouldBeFalse();
            CaseAccess.MaySeePersonalData(worker, File(Cases.Fold(Reported(), CheckOrdered(), new CaseRecalled(Words("不必"))))).ShouldBeFalse();
        }
    }

    private static IEnumerable<(string Role, string Place, Caller Caller)> Callers()
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            var (own, other) = role switch
            {
                Role.GridWorker => (Town.Grid, Town.OtherGrid),
                Role.YardHead or Role.YardStaff => (Town.Yard, Town.OtherYard),
                Role.VillageSecretary => (Town.Village, Town.OtherVillage),
                Role.DistrictSupervisor or Role.Resident => (Town.District, AreaCode.Parse("500998")),
                _ => (Town.Code, Town.OtherTown),
            };
            if (role == Role.Department)
            {
                yield return ($"{role}", "its own district", new Caller("x", new RoleAt(role, Town.District, Department: Town.WaterDepartment)));
                yield return ($"{role}", "another district", new Caller("x", new RoleAt(role, AreaCode.Parse("500998"), Department: Town.WaterDepartment)));
            }
            else if (role == Role.SectorLead)
            {
                yield return ($"{role}", "own place, the case's sector", new Caller("x", new RoleAt(role, own, Sector.Economy)));
                yield return ($"{role}", "own place, another sector", new Caller("x", new RoleAt(role, own, Sector.Livelihood)));
                yield return ($"{role}", "other place, the case's sector", new Caller("x", new RoleAt(role, other, Sector.Economy)));
            }
            else if (role == Role.PostHandler)
            {
                yield return ($"{role}", "own place, own post", Town.As("x", role, own, Town.BuildingPost));
                yield return ($"{role}", "own place, other post", Town.As("x", role, own, Town.RiverPost));
                yield return ($"{role}", "other place, post of the same name", Town.As("x", role, other, Town.BuildingPost));
            }
            else
            {
                yield return ($"{role}", "own place", Town.As("x", role, own));
                yield return ($"{role}", "other place", Town.As("x", role, other));
            }
        }
    }

    private static Case FoldBy(string reporter, Role role)
    {
        CaseEvent[] rest = [Filed(), Dispatched(), Claimed(), Completed(), Verified()];
        var reported = new Fact<CaseEvent>(Reported(), new By(reporter, role, Town.Grid), T0, T0);
        return Case.Fold([reported, .. rest.Select(happened => Cases.Fact(happened, T0))]);
    }

    private static CaseFile File(Case state) => state.ShouldBeAssignableTo<Case.Known>()!.File;

    private static string Mark(bool allowed) => allowed ? "yes" : "–";
}
