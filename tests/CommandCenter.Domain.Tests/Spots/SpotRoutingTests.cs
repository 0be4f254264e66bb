using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Spots;
using static CommandCenter.Domain.Tests.Sample;
using Case = CommandCenter.Domain.Cases.Case;

namespace CommandCenter.Domain.Tests.Spots;

/// <summary>Given who looks after a thing, when somebody scans its plate, then it is with them in the same step, or with the center as any report.</summary>
public class SpotRoutingTests
{
    private static readonly SpotRule ByRule = new("lamp-7", 1);
    private static readonly Spot Lamp = Town.Lamp;

    [Fact]
    public void A_scan_is_filed_and_dispatched_to_the_person_of_the_spot_who_alone_is_told()
    {
        var world = new World();

        world.Scan(Lamp, Town.Resident, T0).Select(Json.Named).ShouldBe(
        [
            Json.Named(new CaseFiled("road-damage", Sector.Economy, Urgency.Normal, Rule: ByRule)),
            Json.Named(new CaseDispatched(1, Sector.Economy, Town.BuildingUnit, Person: "handler", Rule: ByRule)),
        ]);

        world.State.ShouldBeOfType<Case.Dispatched>();
        world.Notices.Select(notice => (notice.Person, notice.Sent.Kind)).ShouldBe([("handler", NoticeKind.Dispatched)]);
        world.Facts.Where(fact => fact.Event is CaseFiled or CaseDispatched).Select(fact => fact.By).ShouldAllBe(by => by == new By("system:spots", Role.System, Town.Code));
        world.File.Report.ShouldSatisfyAllConditions(
            report => (report.Spot, report.Origin!.Reference, report.Area, report.Category, report.Text.Text).ShouldBe(("lamp-7", "lamp-7", Town.Yard, "road-damage", "7号路灯：不亮")));
    }

    [Fact]
    public void Nobody_s_time_to_accept_or_to_dispatch_begins_and_that_to_handle_does_at_once()
    {
        var world = new World();

        world.Scan(Lamp, Town.Resident, T0);

        world.Events.OfType<CaseClockStarted>().Select(started => (started.Clock, started.StartedAt)).ShouldBe([(Clock.Handle, T0), (Clock.HardLimit, T0)]);
        world.Events.OfType<CaseClockStopped>().ShouldBeEmpty();
        world.Timers.Keys.Select(timer => timer.Name.Split('/')[0]).Distinct().Order(StringComparer.Ordinal).ShouldBe(["handle", "hard_limit"]);
    }

    [Fact]
    public void Whoever_has_left_the_unit_is_not_named_and_anybody_of_it_takes_it()
    {
        var world = new World(organization: Town.Organization.Without("handler"));

        world.Scan(Lamp, Town.Resident, T0);

        world.File.Assignment!.Person.ShouldBeNull();
        world.Notices.Select(notice => notice.Person).ShouldBe(["colleague"]);
        world.Do(Claim(), Town.Colleague, T0 + 1.Minutes()).ShouldBeOfType<Decision<CaseEvent>.Emit>();
    }

    [Fact]
    public void For_whoever_is_absent_the_substitute_takes_it()
    {
        var world = new World(organization: Town.With(substitutes: new Dictionary<string, string> { ["handler"] = "colleague" }));

        world.Scan(Lamp, Town.Resident, T0);

        world.File.Assignment!.Person.ShouldBe("handler");
        world.Do(Claim(), Town.Colleague with { For = "handler" }, T0 + 1.Minutes()).ShouldBeOfType<Decision<CaseEvent>.Emit>();
    }

    [Fact]
    public void Where_nobody_is_seated_at_the_unit_the_seat_above_is_told()
    {
        var world = new World(organization: Town.With(vacant: [Role.PostHandler]));

        world.Scan(Lamp, Town.Resident, T0);

        world.State.ShouldBeOfType<Case.Dispatched>().File.Assignment!.Person.ShouldBeNull();
        world.Notices.Select(notice => notice.Person).ShouldBe(["economy-lead"]);
    }

    [Fact]
    public void What_a_unit_that_ended_looked_after_its_successor_gets()
    {
        var gone = Lamp with { Unit = Unit.OfPost("street-lights"), Person = null };
        var organization = Succeeded(new Succession(gone.Unit, Town.BuildingUnit, Town.Code));
        var world = new World(organization: organization);

        world.Scan(gone, Town.Resident, T0);

        world.File.Assignment!.Unit.ShouldBe(Town.BuildingUnit);
    }

    [Fact]
    public void Where_nobody_goes_on_with_the_unit_it_is_an_ordinary_report()
    {
        var world = new World();

        world.Scan(Lamp with { Unit = Unit.OfPost("street-lights") }, Town.Resident, T0).ShouldBeEmpty();

        IsAnOrdinaryReport(world);
    }

    [Fact]
    public void What_a_village_s_list_does_not_hold_is_not_pushed_to_it_and_is_an_ordinary_report()
    {
        var world = new World();
        var ofVillage = Lamp with { Unit = Unit.OfVillage(Town.Village), Person = null };

        world.Scan(ofVillage, Town.Resident, T0, book: Listing(AreaLevel.Village, "river-pollution")).ShouldBeEmpty();

        IsAnOrdinaryReport(world);
        new World().Scan(ofVillage, Town.Resident, T0, book: Listing(AreaLevel.Village, "road-damage")).OfType<CaseDispatched>().ShouldHaveSingleItem().Unit.ShouldBe(Unit.OfVillage(Town.Village));
    }

    [Fact]
    public void What_the_town_s_list_does_not_hold_goes_to_no_post_by_itself_unless_a_life_is_in_danger()
    {
        var book = Listing(AreaLevel.Town, "river-pollution");

        new World().Scan(Lamp, Town.Resident, T0, book: book).ShouldBeEmpty();
        new World().Scan(Lamp, Town.Resident, T0, Urgency.Emergency, book).OfType<CaseDispatched>().ShouldHaveSingleItem();
    }

    [Fact]
    public void An_urgent_addition_that_holds_long_enough_is_named_and_one_that_ends_before_the_work_is_due_does_not_count()
    {
        DispatchedBy(T0 + 60.Days()).ShouldHaveSingleItem().Addition.ShouldBe($"{Town.Code}/1");
        DispatchedBy(T0 + 1.Days()).ShouldBeEmpty();

        static IEnumerable<CaseDispatched> DispatchedBy(DateTimeOffset until)
        {
            var admission = new[]
            {
                (AdmissionEvent)new AdmissionListAdopted(Town.Code, AreaLevel.Town, ["river-pollution"]), new AdmissionAdditionRequested(1, Town.Code, "road-damage", Words(), until), new AdmissionAdditionApproved(1),
            }.Aggregate(Admission.None, (state, e) => state.Apply(new Fact<AdmissionEvent>(e, Town.Leader, T0, T0)));
            return new World().Scan(Lamp, Town.Resident, T0, book: new AdmissionBook(new Dictionary<AreaCode, Admission> { [Town.Code] = admission })).OfType<CaseDispatched>();
        }
    }

    [Fact]
    public void An_emergency_rings_though_it_is_with_somebody_already()
    {
        var world = new World();

        world.Scan(Lamp, Town.Resident, T0, Urgency.Emergency);

        (world.State.Stage, world.File.Alarm is { Acknowledged: null }).ShouldBe((CaseStage.Dispatched, true));
    }

    /// <summary>What happened to the case of a spot, and whether somebody still has to come for it.</summary>
    public static TheoryData<string, CaseEvent[], bool> Standings => new()
    {
        { "reported", [], true },
        { "filed", [Filed()], true },
        { "dispatched", [Filed(), Dispatched()], true },
        { "handled", [Filed(), Dispatched(), Claimed()], true },
        { "done", [Filed(), Dispatched(), Claimed(), Completed()], false },
        { "sent back for rework", [Filed(), Dispatched(), Claimed(), Completed(), ReworkOrdered()], true },
        { "verified", [Filed(), Dispatched(), Claimed(), Completed(), Verified()], false },
        { "rated as fixed", [Filed(), Dispatched(), Claimed(), Completed(), Verified(), Rated()], false },
        { "rated as not fixed", [Filed(), Dispatched(), Claimed(), Completed(), Verified(), Rated(FixResult.NotFixed)], true },
        { "closed", [Filed(), Dispatched(), Claimed(), Completed(), Verified(), Rated(), Closed()], false },
        { "with another town", [TransferRequested()], true },
        { "refused", [Refused()], false },
        { "redirected", [Redirected()], false },
    };

    [Theory]
    [MemberData(nameof(Standings))]
    public void A_second_scan_joins_the_case_for_which_somebody_still_has_to_come_and_no_other(string standing, CaseEvent[] happened, bool joins)
    {
        Case main = Tests.Cases.Fold([Reported(), .. happened]);

        SpotRouting.IsInHand(main).ShouldBe(joins, standing);
        if (!joins)
            return;
        var join = SpotRouting.Join(ThirdCase, Second(Urgency.Normal), CaseId, main, ByRule).ShouldNotBeNull();
        join.Own.Select(Json.Named).ShouldBe([Json.Named(new CaseMerged(CaseId, Rule: ByRule))]);
        join.Main.Select(Json.Named).ShouldBe([Json.Named(new CaseAbsorbed(ThirdCase, "resident", Role.Resident))]);
    }

    [Fact]
    public void A_second_scan_that_presses_more_is_a_case_of_its_own()
    {
        SpotRouting.Join(ThirdCase, Second(Urgency.Emergency), CaseId, Tests.Cases.Fold(Reported(Urgency.Urgent)), ByRule).ShouldBeNull();
        SpotRouting.Join(ThirdCase, Second(Urgency.Urgent), CaseId, Tests.Cases.Fold(Reported(Urgency.Urgent)), ByRule).ShouldNotBeNull();
    }

    [Fact]
    public void What_was_merged_or_split_goes_on_where_it_went()
    {
        SpotRouting.Onward(Tests.Cases.Fold(Reported(), Merged())).ShouldBe([OtherCase]);
        SpotRouting.Onward(Tests.Cases.Fold(Reported(), Filed(), SplitUp())).ShouldBe([OtherCase, ThirdCase]);
        SpotRouting.Onward(Tests.Cases.Fold(Reported(), Filed())).ShouldBeEmpty();
    }

    [Fact]
    public void Whoever_scans_second_is_told_what_became_of_their_report()
    {
        var (reported, join) = (Second(Urgency.Normal, Town.GridWorker), new CaseMerged(CaseId, Rule: ByRule));
        var merged = reported.Apply(new Fact<CaseEvent>(join, SpotRouting.Engine(Town.Code), T0, T0));

        var reaction = DeadlineSaga.React(ThirdCase, merged, [reported.File.Report, join], T0, Policies, Town.Organization, Plan);

        reaction.Notices.Select(notice => (notice.Person, notice.Sent.Kind)).ShouldBe([("grid-worker", NoticeKind.Feedback)]);
        (reaction.Events.Count, reaction.Timers.Count).ShouldBe((0, 0));
    }

    [Fact]
    public void A_trail_knows_the_last_case_that_was_begun() =>
        new[] { CaseId, OtherCase }.Aggregate(SpotTrail.None, (trail, id) => trail.Apply(new SpotCaseBegun(id))).LastCase.ShouldBe(OtherCase);

    private static void IsAnOrdinaryReport(World world)
    {
        world.State.ShouldBeOfType<Case.Reported>();
        world.Notices.Select(notice => (notice.Person, notice.Sent.Kind)).ShouldBe([("operator", NoticeKind.Reported)]);
        world.Events.OfType<CaseClockStarted>().Select(started => started.Clock).ShouldBe([Clock.Accept]);
    }

    private static Case.Known Second(Urgency urgency, By? by = null) =>
        (Case.Known)Case.None.Apply(new Fact<CaseEvent>(SpotRouting.Report(Lamp, CaseSource.QrCode, Words(), urgency, []), by ?? Town.Resident, T0, T0));

    private static AdmissionBook Listing(AreaLevel level, string matter) => new(new Dictionary<AreaCode, Admission>
    {
        [Town.District] = Admission.None.Apply(new Fact<AdmissionEvent>(new AdmissionListAdopted(Town.District, level, [matter]), Town.Supervisor, T0, T0)),
    });

    private static OrganizationDirectory Succeeded(Succession succession)
    {
        var whole = Town.Organization;
        return new OrganizationDirectory(
            whole.TimeZone, whole.Areas, whole.Posts, whole.People, whole.Categories, whole.Borders, whole.Departments, successions: [succession]);
    }
}
