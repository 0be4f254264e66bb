using System.Globalization;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests.Organization;

public class OrganizationDeciderTests
{
    private static readonly DateOnly Today = DemoTown.Today;
    private static readonly OrganizationHistory Begun = OrganizationHistory.None.With(OrganizationImport.Difference(OrganizationHistory.None, DemoTown.Content, null).Events);
    private static readonly By OfDistrict = new("administrator-01", Role.Administrator, DemoTown.District);
    private static readonly By OfTown = new("administrator-02", Role.Administrator, DemoTown.Town);
    private static readonly AreaCode Grid = AreaCode.Parse("500153003001001");
    private static readonly AreaCode Neighbour = AreaCode.Parse("500153003001002");
    private static readonly AreaCode Yard = AreaCode.Parse("500153003001002001");
    private static readonly RoleAt WorkerOfNeighbour = new(Role.GridWorker, Neighbour);
    private static readonly RoleAt Ecology = new(Role.PostHandler, DemoTown.Town, Post: "ecology");
    private static readonly RoleAt Supervisor = new(Role.DistrictSupervisor, DemoTown.District);

    [Fact]
    public void The_names_of_commands_are_frozen() =>
        GoldenFiles.ShouldEqual(string.Concat(Commands.Select(command => $"{command.GetType().Name} {command.Name}\n")), "organization-commands.golden.txt");

    [Fact]
    public void The_codes_of_refusals_are_frozen_with_their_words() =>
        GoldenFiles.ShouldEqual(
            string.Concat(OrganizationRefusals.All.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} | {pair.Value.Zh} | {pair.Value.En}\n")), "organization-refusals.golden.txt");

    [Fact]
    public void Only_administrators_change_the_organization()
    {
        foreach (var role in Enum.GetValues<Role>())
            OrganizationAccess.May(new Caller("p", new RoleAt(role, DemoTown.District))).ShouldBe(role == Role.Administrator, $"{role}");
    }

    [Fact]
    public void A_person_moves_from_a_day_on_in_one_event()
    {
        var moved = After(new MovePerson("grid-worker-02", WorkerOfNeighbour, new(Role.GridWorker, Grid), Today.AddDays(3), Today));

        moved.Events.ShouldHaveSingleItem().ShouldBeOfType<AppointmentsChanged>().On.ShouldBe(Today.AddDays(3));
        Workers(moved.History, Neighbour, Today.AddDays(2)).ShouldBe(["grid-worker-02"]);
        Workers(moved.History, Neighbour, Today.AddDays(3)).ShouldNotContain("grid-worker-02");
        Workers(moved.History, Grid, Today.AddDays(3)).ShouldContain("grid-worker-02");
    }

    [Fact]
    public void An_office_is_filled_for_a_time_and_vacated()
    {
        var acting = new RoleAt(Role.CenterOperator, DemoTown.Town, Acting: true);
        var filled = After(new AppointPerson("grid-worker-02", acting, Today.AddDays(6), Today, Today));

        bool Holds(OrganizationHistory history, int days) => history.On(Today.AddDays(days)).FindPerson("grid-worker-02")!.Roles.Contains(acting);
        Enumerable.Range(-1, 9).Where(days => Holds(filled.History, days)).ShouldBe([0, 1, 2, 3, 4, 5, 6]);

        var vacated = After(new RelievePerson("grid-worker-02", acting, Today.AddDays(2), Today), filled.History);
        Enumerable.Range(-1, 9).Where(days => Holds(vacated.History, days)).ShouldBe([0, 1]);
        // And again: the same seat from a later day on.
        Holds(After(new AppointPerson("grid-worker-02", acting, Today.AddDays(6), Today.AddDays(4), Today), vacated.History).History, 4).ShouldBeTrue();
    }

    [Fact]
    public void A_yard_has_one_head_and_one_person_in_each_seat_of_its_staff()
    {
        var errands = new RoleAt(Role.YardStaff, Yard, Post: YardStaff.Errands);
        var holder = DemoTown.Directory.People.First(person => person.Roles.Contains(errands)).Id;

        Code(new AppointPerson("grid-worker-02", errands with { Acting = true }, null, Today, Today), Begun).ShouldBe("organization.yard_seat_taken");
        Code(new MovePerson("grid-worker-02", WorkerOfNeighbour, errands, Today, Today), Begun).ShouldBe("organization.yard_seat_taken");
        Code(new AppointPerson("grid-worker-02", errands with { Post = "ecology" }, null, Today, Today), Begun).ShouldBe("organization.seat_unknown");
        var vacant = After(new RelievePerson(holder, errands, Today, Today)).History;
        After(new AppointPerson("grid-worker-02", errands, null, Today, Today), vacant).History.On(Today).FindPerson("grid-worker-02")!.Roles.ShouldContain(errands);
    }

    [Fact]
    public void A_handlers_sector_is_the_posts_whether_it_is_said_or_not()
    {
        var appointed = After(new AppointPerson("grid-worker-02", Ecology, null, Today, Today)).History;

        appointed.On(Today).FindPerson("grid-worker-02")!.Roles.ShouldContain(Ecology with { Sector = Sector.Economy });
        After(new RelievePerson("grid-worker-02", Ecology, Today, Today), appointed).History.On(Today).FindPerson("grid-worker-02")!.Roles.ShouldHaveSingleItem();
    }

    [Fact]
    public void Who_leaves_leaves_every_seat_and_keeps_the_id_and_the_name()
    {
        var left = After(new DismissPerson("grid-worker-17", Today, Today)).History;

        left.On(Today).FindPerson("grid-worker-17").ShouldBeNull();
        left.On(Today).KnownPerson("grid-worker-17")!.Name.ShouldBe("网格员 17");
        left.On(Today).WhoIsToldFor(Role.GridWorker, DemoTown.Directory.FindPerson("grid-worker-17")!.Roles[0].Place).ShouldNotBeEmpty();
        Code(new RegisterPerson(new("grid-worker-17", "sealed", "sealed"), IsAnother: true, Today.AddDays(1), Today), left).ShouldBe("organization.id_taken");
        After(new RegisterPerson(new("grid-worker-17", "sealed", "sealed"), IsAnother: false, Today.AddDays(1), Today), left).History.On(Today.AddDays(1)).FindPerson("grid-worker-17")!.Roles.ShouldBeEmpty();
        var brief = After(new DismissPerson("new-1", Today, Today), After(new RegisterPerson(new("new-1", "sealed", "sealed"), IsAnother: true, Today, Today)).History).History;
        Code(new RegisterPerson(new("new-1", "other", "other"), IsAnother: true, Today, Today), brief).ShouldBe("organization.id_taken");
        OrganizationDecider.Decide(new DismissPerson("grid-worker-17", Today, Today), left, OfDistrict).ShouldBeOfType<Decision<OrganizationEvent>.Nothing>();
    }

    [Fact]
    public void Areas_posts_and_departments_are_renamed_and_history_keeps_the_names_of_then()
    {
        var history = After(new RenameUnit(AreaCode.Parse("500153003201"), null, null, "沿江村", "Yanjiang Village", Today, Today)).History;
        history = After(new RenameUnit(null, Unit.OfPost("ecology"), DemoTown.Town, "生态岗", "Ecology", Today, Today), history).History;
        history = After(new RenameUnit(null, Unit.OfDepartment("water-bureau"), null, "区水务局", "Water authority", Today, Today), history).History;
        var (now, then) = (history.On(Today), history.On(Today.AddDays(-1)));

        (now.FindArea(AreaCode.Parse("500153003201"))!.Name, now.FindPost(DemoTown.Town, "ecology")!.Name, now.FindDepartment("water-bureau")!.Name).ShouldBe(("沿江村", "生态岗", "区水务局"));
        (then.FindArea(AreaCode.Parse("500153003201"))!.Name, then.FindPost(DemoTown.Town, "ecology")!.Name).ShouldBe(("沿河村", "生态环保岗"));
        now.FindPost(DemoTown.Town, "ecology")!.Sector.ShouldBe(Sector.Economy);
    }

    [Fact]
    public void A_grid_is_redrawn_from_a_day_on()
    {
        var border = new GridBorder(Grid, [[[new(293400000, 1055000000), new(293400000, 1055100000), new(293500000, 1055100000), new(293400000, 1055000000)]]]);
        var redrawn = After(new RedrawGrid(border, Today.AddDays(1), Today)).History;

        redrawn.On(Today).Borders.First(one => one.Grid == Grid).Polygons[0][0].Count.ShouldBeGreaterThan(4);
        redrawn.On(Today.AddDays(1)).Borders.First(one => one.Grid == Grid).Polygons[0][0].Count.ShouldBe(4);
        OrganizationDecider.Decide(new RedrawGrid(border, Today.AddDays(1), Today), redrawn, OfDistrict).ShouldBeOfType<Decision<OrganizationEvent>.Nothing>();
    }

    [Fact]
    public void A_post_with_open_work_closes_only_for_a_successor()
    {
        // Every post of the demo town is some category's.
        var history = Begun.With([new PostsChanged([new Post("night-market", DemoTown.Town, Sector.Economy, "夜市管理岗", "Night market")], [], Today)]);
        history = After(new AppointPerson("grid-worker-02", new(Role.PostHandler, DemoTown.Town, Post: "night-market"), null, Today, Today), history).History;
        var post = Unit.OfPost("night-market");
        var close = new CloseUnit(post, DemoTown.Town, null, [new("case:1", "20260302-0001", Grid, post)], Today, Today);

        var refused = OrganizationDecider.Decide(close, history, OfTown).ShouldBeOfType<Decision<OrganizationEvent>.Refuse>().Refusal;
        refused.Code.ShouldBe("organization.work_open");
        refused.Lines!.ShouldHaveSingleItem().Subject.ShouldBe("case:1");

        var closed = After(close with { Successor = Unit.OfPost("ecology") }, history).History.On(Today);
        closed.FindPost(DemoTown.Town, "night-market").ShouldBeNull();
        closed.SuccessorOf(post, DemoTown.Town).ShouldBe(Unit.OfPost("ecology"));
        closed.People.SelectMany(person => person.Roles).ShouldNotContain(seat => seat.Post == "night-market");
        After(close with { Open = [] }, history).History.On(Today).FindPost(DemoTown.Town, "night-market").ShouldBeNull();
        // What still names it would send reports to nobody.
        var named = history.With([new SpotsChanged([new Spot("stall-1", Grid, "1号摊位", "Stall 1", "stall", "rubbish", post)], [], Today)]);
        Code(close with { Open = [] }, named).ShouldBe("organization.still_named");
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "organization.day_passed", nameof(RelievePerson) },
        { "organization.outside", nameof(AppointPerson) },
        { "organization.person_unknown", nameof(AppointPerson) },
        { "organization.area_unknown", nameof(AppointPerson) },
        { "organization.unit_unknown", nameof(AppointPerson) },
        { "organization.seat_unknown", nameof(AppointPerson) },
        { "organization.seat_held", nameof(AppointPerson) },
        { "organization.until_before", nameof(AppointPerson) },
        { "organization.seat_not_held", nameof(RelievePerson) },
        { "organization.no_supervisor", nameof(RelievePerson) },
        { "organization.planned_later", nameof(RenameUnit) },
        { "organization.still_named", nameof(CloseUnit) },
        { "organization.successor_unknown", nameof(CloseUnit) },
        { "organization.import_instead", nameof(CloseUnit) },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_would_not_stand_is_refused_by_its_code(string code, string command)
    {
        OrganizationCommand refused = (code, command) switch
        {
            ("organization.day_passed", _) => new RelievePerson("grid-worker-02", WorkerOfNeighbour, Today.AddDays(-1), Today),
            ("organization.outside", _) => new AppointPerson("grid-worker-02", Supervisor, null, Today, Today),
            ("organization.person_unknown", _) => new AppointPerson("nobody", WorkerOfNeighbour, null, Today, Today),
            ("organization.area_unknown", _) => new AppointPerson("grid-worker-02", new(Role.GridWorker, AreaCode.Parse("500153003001099")), null, Today, Today),
            ("organization.unit_unknown", _) => new AppointPerson("grid-worker-02", Ecology with { Post = "never-was" }, null, Today, Today),
            ("organization.seat_unknown", _) => new AppointPerson("grid-worker-02", new(Role.GridWorker, DemoTown.Town), null, Today, Today),
            ("organization.seat_held", _) => new AppointPerson("grid-worker-02", WorkerOfNeighbour with { Acting = true }, null, Today, Today),
            ("organization.until_before", _) => new AppointPerson("grid-worker-02", new(Role.YardHead, Yard), Today.AddDays(1), Today.AddDays(2), Today),
            ("organization.seat_not_held", _) => new RelievePerson("grid-worker-02", new(Role.GridWorker, Grid), Today, Today),
            ("organization.no_supervisor", _) => new RelievePerson("district-supervisor-01", Supervisor, Today.AddDays(9), Today),
            ("organization.planned_later", _) => new RenameUnit(AreaCode.Parse("500153003201"), null, null, "沿江村", "Yanjiang Village", Today, Today),
            ("organization.still_named", _) => new CloseUnit(Unit.OfPost("village-construction"), DemoTown.Town, Unit.OfPost("ecology"), [], Today, Today),
            ("organization.successor_unknown", _) => new CloseUnit(Unit.OfDepartment("civil-affairs-bureau"), null, Unit.OfPost("ecology"), [], Today, Today),
            _ => new CloseUnit(Unit.OfGrid(Grid), null, null, [], Today, Today),
        };
        var history = code == "organization.planned_later"
            ? After(new RenameUnit(AreaCode.Parse("500153003201"), null, null, "沿山村", "Yanshan Village", Today.AddDays(5), Today)).History
            : Begun;

        Code(refused, history, code == "organization.outside" ? OfTown : OfDistrict).ShouldBe(code);
    }

    [Fact]
    public void A_town_is_changed_by_its_own_administrator_and_no_other_one()
    {
        var neighbours = new By("administrator-03", Role.Administrator, AreaCode.Parse("500153004"));
        OrganizationCommand[] ofTown =
        [
            new AppointPerson("grid-worker-02", new(Role.CenterOperator, DemoTown.Town), null, Today, Today), new RelievePerson("grid-worker-02", WorkerOfNeighbour, Today, Today),
            new MovePerson("grid-worker-02", WorkerOfNeighbour, new(Role.GridWorker, Grid), Today, Today), new DismissPerson("grid-worker-02", Today, Today),
            new RegisterPerson(new("grid-worker-02", "s", "s"), IsAnother: true, Today, Today), new RenameUnit(Neighbour, null, null, "新", "New", Today, Today),
            new RenameUnit(null, Unit.OfPost("ecology"), DemoTown.Town, "新", "New", Today, Today),
        ];

        foreach (var command in ofTown)
        {
            OrganizationDecider.Decide(command, Begun, OfTown).ShouldBeOfType<Decision<OrganizationEvent>.Emit>(command.Name);
            Code(command, Begun, neighbours).ShouldBe("organization.outside", command.Name);
        }

        Code(new RenameUnit(null, Unit.OfDepartment("water-bureau"), null, "新", "New", Today, Today), Begun, OfTown).ShouldBe("organization.outside");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_is_changed_by_hand_and_in_whatever_order_an_import_of_the_old_files_brings_back_the_day(int seed)
    {
        var random = new Random(seed);
        var history = Begun;
        var emitted = 0;
        for (var i = 0; i < 40; i++)
        {
            var people = history.On(Today.AddDays(20)).People;
            var person = people[random.Next(people.Count)];
            var on = Today.AddDays(random.Next(10));
            var seat = person.Roles.Count > 0 ? person.Roles[random.Next(person.Roles.Count)] : WorkerOfNeighbour;
            var grid = DemoTown.Content.Borders[random.Next(DemoTown.Content.Borders.Count)].Grid;
            OrganizationCommand command = random.Next(6) switch
            {
                0 => new AppointPerson(person.Id, new(Role.GridWorker, grid), random.Next(2) == 0 ? null : on.AddDays(3), on, Today),
                1 => new RelievePerson(person.Id, seat, on, Today),
                2 => new MovePerson(person.Id, seat, new(Role.GridWorker, grid), on, Today),
                3 => new RegisterPerson(new($"new-{random.Next(5)}", i.ToString(CultureInfo.InvariantCulture), "New"), true, on, Today),
                4 => new DismissPerson(person.Id, on, Today),
                _ => new RenameUnit(grid, null, null, $"网格{i}", "Grid", on, Today),
            };
            if (OrganizationDecider.Decide(command, history, OfDistrict) is not Decision<OrganizationEvent>.Emit emit)
                continue;
            emitted++;
            history = history.With(emit.Events);
            OrganizationImport.FirstDayWithoutSupervisor(history, Today).ShouldBeNull($"seed {seed}");
            // Nobody sits in a seat without being there, and nobody sits twice in one.
            for (var day = Today; day <= Today.AddDays(14); day = day.AddDays(7))
                history.On(day).People.Where(one => one.Roles.Select(held => held with { Acting = false }).Distinct().Count() < one.Roles.Count).ShouldBeEmpty($"seed {seed}");
        }

        emitted.ShouldBeGreaterThan(10, $"seed {seed}");
        var restored = history.With(OrganizationImport.Difference(history, DemoTown.Content, Today).Events);
        for (var day = Today; day <= Today.AddDays(14); day = day.AddDays(7))
        {
            restored.On(day).People.Select(one => (one.Id, one.Name, one.Roles.Count)).ShouldBe(DemoTown.Directory.People.Select(one => (one.Id, one.Name, one.Roles.Count)), $"seed {seed}");
            restored.On(day).Areas.ShouldBe(DemoTown.Directory.Areas, $"seed {seed}");
        }
    }

    private static IReadOnlyList<OrganizationCommand> Commands =>
    [
        new AppointPerson("p", WorkerOfNeighbour, null, Today, Today), new RelievePerson("p", WorkerOfNeighbour, Today, Today), new MovePerson("p", WorkerOfNeighbour, WorkerOfNeighbour, Today, Today),
        new RegisterPerson(new("p", "s", "s"), false, Today, Today), new DismissPerson("p", Today, Today), new RenameUnit(Grid, null, null, "n", "n", Today, Today),
        new CloseUnit(Unit.OfPost("p"), DemoTown.Town, null, [], Today, Today), new RedrawGrid(new(Grid, []), Today, Today),
    ];

    private static (IReadOnlyList<OrganizationEvent> Events, OrganizationHistory History) After(OrganizationCommand command, OrganizationHistory? history = null)
    {
        var decision = OrganizationDecider.Decide(command, history ?? Begun, OfDistrict);
        var events = decision.ShouldBeOfType<Decision<OrganizationEvent>.Emit>((decision as Decision<OrganizationEvent>.Refuse)?.Refusal.Code).Events;
        return (events, (history ?? Begun).With(events));
    }

    private static string? Code(OrganizationCommand command, OrganizationHistory history, By? by = null) =>
        (OrganizationDecider.Decide(command, history, by ?? OfDistrict) as Decision<OrganizationEvent>.Refuse)?.Refusal.Code;

    private static IEnumerable<string> Workers(OrganizationHistory history, AreaCode grid, DateOnly day) => history.On(day).WhoIsToldFor(Role.GridWorker, grid).Select(told => told.Person);
}
