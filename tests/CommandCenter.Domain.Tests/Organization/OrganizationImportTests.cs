using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests.Organization;

public class OrganizationImportTests
{
    private static readonly DateOnly Today = DemoTown.Today;
    private static readonly AreaCode Grid = AreaCode.Parse("500153003001001");
    private static readonly AreaCode Neighbour = AreaCode.Parse("500153003001002");
    private static readonly OrganizationHistory Begun = Of(DemoTown.Content);

    [Fact]
    public void The_first_import_says_everything_once_and_as_far_back_as_anything_is_asked_of()
    {
        var events = OrganizationImport.Difference(OrganizationHistory.None, DemoTown.Content, null).Events;

        events.Select(e => e.GetType().Name).ShouldBe(
            ["OrganizationDescribed", "AreasChanged", "BordersRedrawn", "PostsChanged", "DepartmentsChanged", "PeopleChanged", "AppointmentsChanged", "CategoriesChanged", "OneMattersChanged"]);
        Begun.On(new DateOnly(1999, 1, 1)).People.Count.ShouldBe(DemoTown.Content.People.Count);
    }

    [Fact]
    public void The_order_of_the_files_is_kept()
    {
        Begun.On(Today).Posts.Select(post => post.Code).ShouldBe(DemoTown.Content.Posts.Select(post => post.Code));
        Begun.On(Today).Categories.Select(category => category.Code).ShouldBe(DemoTown.Content.Categories.Select(category => category.Code));
        Begun.On(Today).FindPerson("dispatcher-02")!.Roles.Select(seat => seat.Role).ShouldBe([Role.Dispatcher, Role.CenterOperator]);
    }

    [Fact]
    public void A_person_moves_and_history_keeps_who_worked_in_the_grid_then()
    {
        var moved = Edited(OrganizationReader.RolesFile, "grid-worker-02,grid_worker,500153003001002,", "grid-worker-02,grid_worker,500153003001003,", "grid-worker-03,grid_worker,500153003001003,", "grid-worker-03,grid_worker,500153003001002,");

        var difference = OrganizationImport.Difference(Begun, moved, Today);

        difference.Events.ShouldHaveSingleItem().ShouldBeOfType<AppointmentsChanged>();
        difference.Changes.Select(change => $"{change.Kind} {change.Key} {change.Detail}").ShouldBe(
        [
            "Added grid-worker-02 grid_worker 500153003001003", "Added grid-worker-03 grid_worker 500153003001002",
            "Ended grid-worker-02 grid_worker 500153003001002", "Ended grid-worker-03 grid_worker 500153003001003",
        ]);
        var after = Begun.With(difference.Events);
        Workers(after.On(Today.AddDays(-1)), Neighbour).ShouldBe(["grid-worker-02"]);
        Workers(after.On(Today), Neighbour).ShouldBe(["grid-worker-03"]);
        Workers(after.On(Today.AddYears(1)), Neighbour).ShouldBe(["grid-worker-03"]);
    }

    [Fact]
    public void A_grid_is_redrawn_and_history_keeps_where_its_border_was()
    {
        var redrawn = Edited(OrganizationReader.GridsFile, "[105.492729, 29.347578]", "[105.492720, 29.347570]");

        var difference = OrganizationImport.Difference(Begun, redrawn, Today);

        difference.Changes.ShouldContain(change => change.Subject == OrganizationSubject.Border && change.Kind == OrganizationChangeKind.Changed && change.Key == Grid.Value);
        var after = Begun.With(difference.Events);
        after.On(Today.AddDays(-1)).Borders.First(border => border.Grid == Grid).Polygons[0][0][0].ShouldBe(new GeoPoint(293475780, 1054927290));
        after.On(Today).Borders.First(border => border.Grid == Grid).Polygons[0][0][0].ShouldBe(new GeoPoint(293475700, 1054927200));
    }

    [Fact]
    public void An_appointment_begins_and_ends_by_its_own_dates_without_another_import()
    {
        var content = DemoTown.Content with
        {
            Appointments = [.. DemoTown.Content.Appointments, new("grid-worker-02", new RoleAt(Role.YardHead, AreaCode.Parse("500153003001001001")), Today.AddDays(1), Today.AddDays(3))],
        };
        var history = Of(content);

        bool Holds(int days) => history.On(Today.AddDays(days)).FindPerson("grid-worker-02")!.Roles.Any(seat => seat.Role == Role.YardHead);
        Enumerable.Range(0, 6).Where(Holds).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Who_has_left_holds_no_seat_and_keeps_a_name()
    {
        var content = DemoTown.Content with
        {
            People = [.. DemoTown.Content.People.Where(person => person.Id != "grid-worker-18")],
            Appointments = [.. DemoTown.Content.Appointments.Where(made => made.Person != "grid-worker-18")],
        };

        var after = Begun.With(OrganizationImport.Difference(Begun, content, Today).Events).On(Today);

        after.FindPerson("grid-worker-18").ShouldBeNull();
        after.KnownPerson("grid-worker-18").ShouldBe(new PersonName("grid-worker-18", "网格员 18", "Grid worker 18"));
        after.Former.People.ShouldHaveSingleItem().Ended.ShouldBe(Today);
        Begun.On(Today).Former.People.ShouldBeEmpty();
    }

    [Fact]
    public void An_import_for_an_earlier_day_overrules_what_was_planned_for_later_ones_and_says_so()
    {
        var later = Edited(OrganizationReader.AreasFile, "沿河村,", "沿江村,");
        var planned = Begun.With(OrganizationImport.Difference(Begun, later, Today.AddDays(10)).Events);

        var difference = OrganizationImport.Difference(planned, DemoTown.Content, Today);

        difference.Changes.ShouldHaveSingleItem().Detail.ShouldBe("what was planned for later is dropped");
        planned.With(difference.Events).On(Today.AddDays(10)).FindArea(AreaCode.Parse("500153003201"))!.Name.ShouldBe("沿河村");
    }

    [Fact]
    public void A_post_with_cases_in_hand_does_not_close_without_a_successor()
    {
        var without = WithoutPost("ecology");
        OpenWork inHand = new("case:1", "20260302-0001", Grid, Unit.OfPost("ecology"));
        OpenWork elsewhere = new("case:2", "20260302-0002", Grid, Unit.OfPost("village-construction"));

        var stranding = OrganizationImport.Strandings(DemoTown.Directory, without.On(Today), [inHand, elsewhere]).ShouldHaveSingleItem();

        (stranding.Ended, stranding.Name).ShouldBe(("post:ecology (500153003)", "生态环保岗"));
        stranding.Work.ShouldBe([inHand]);
        var succeeded = without with { Successions = [new(Unit.OfPost("ecology"), Unit.OfPost("village-construction"), DemoTown.Town)] };
        OrganizationImport.Strandings(DemoTown.Directory, succeeded.On(Today), [inHand, elsewhere]).ShouldBeEmpty();
    }

    [Fact]
    public void A_grid_with_open_cases_or_tasks_does_not_end_without_a_successor()
    {
        var without = WithoutGrid(Grid);
        OpenWork inYard = new("case:1", "20260302-0001", AreaCode.Parse("500153003001001002"));
        OpenWork task = new("task:1-1-500153003001001", "1", Grid);
        OpenWork neighbours = new("case:2", "20260302-0002", Neighbour);

        OrganizationImport.Strandings(DemoTown.Directory, without.On(Today), [inYard, task, neighbours]).ShouldHaveSingleItem().Work.ShouldBe([inYard, task]);
        var succeeded = without with { Successions = [new(Unit.OfGrid(Grid), Unit.OfGrid(Neighbour))] };
        OrganizationImport.Strandings(DemoTown.Directory, succeeded.On(Today), [inYard, task, neighbours]).ShouldBeEmpty();
    }

    [Fact]
    public void Work_that_was_with_nobody_before_does_not_stand_in_the_way() =>
        OrganizationImport.Strandings(DemoTown.Directory, DemoTown.Directory, [new("case:1", "1", AreaCode.Parse("500153003001099"), Unit.OfPost("never-was"))]).ShouldBeEmpty();

    [Fact]
    public void Whoever_succeeds_a_post_or_a_grid_is_told_of_its_work_and_speaks_from_its_seat()
    {
        var town = (WithoutGrid(Grid) with
        {
            Posts = [.. DemoTown.Content.Posts.Where(post => post.Code != "ecology")],
            Appointments = [.. WithoutGrid(Grid).Appointments.Where(made => made.Seat.Post != "ecology")],
            Successions = [new(Unit.OfGrid(Grid), Unit.OfGrid(Neighbour)), new(Unit.OfPost("ecology"), Unit.OfPost("village-construction"), DemoTown.Town)],
        }).On(Today);

        town.WhoIsToldFor(Role.GridWorker, Grid).ShouldBe([new("grid-worker-02", Role.GridWorker, RecipientReason.Holder)]);
        town.WhoIsToldFor(Role.PostHandler, DemoTown.Town, post: "ecology").Select(told => told.Person).ShouldBe(["post-handler-05", "post-handler-06"]);
        town.SeatsOf(town.FindPerson("grid-worker-02")!).ShouldBe([new(Role.GridWorker, Neighbour), new(Role.GridWorker, Grid)]);
        town.SeatsOf(town.FindPerson("post-handler-05")!).Select(seat => seat.Post).ShouldBe(["village-construction", "ecology"]);
    }

    [Fact]
    public void A_day_without_a_supervisor_of_the_district_is_found()
    {
        var content = DemoTown.Content with
        {
            Appointments = [.. DemoTown.Content.Appointments.Where(made => made.Seat.Role != Role.DistrictSupervisor), new("office-01", new RoleAt(Role.DistrictSupervisor, DemoTown.District), Today, Today.AddDays(6)), new("office-01", new RoleAt(Role.DistrictSupervisor, DemoTown.District), Today.AddDays(9))],
        };

        OrganizationImport.FirstDayWithoutSupervisor(Of(content), Today).ShouldBe(Today.AddDays(7));
        OrganizationImport.FirstDayWithoutSupervisor(Begun, Today).ShouldBeNull();
    }

    private static OrganizationHistory Of(OrganizationContent content) => OrganizationHistory.None.With(OrganizationImport.Difference(OrganizationHistory.None, content, null).Events);

    private static IEnumerable<string> Workers(OrganizationDirectory directory, AreaCode grid) => directory.WhoIsToldFor(Role.GridWorker, grid).Select(told => told.Person);

    private static OrganizationContent WithoutPost(string code) => DemoTown.Content with
    {
        Posts = [.. DemoTown.Content.Posts.Where(post => post.Code != code)],
        Appointments = [.. DemoTown.Content.Appointments.Where(made => made.Seat.Post != code)],
    };

    private static OrganizationContent WithoutGrid(AreaCode grid) => DemoTown.Content with
    {
        Areas = [.. DemoTown.Content.Areas.Where(area => !grid.Contains(area.Code))],
        Borders = [.. DemoTown.Content.Borders.Where(border => border.Grid != grid)],
        Appointments = [.. DemoTown.Content.Appointments.Where(made => !grid.Contains(made.Seat.Place))],
    };

    /// <summary>The demo town with texts of one file replaced: old, new, old, new ….</summary>
    private static OrganizationContent Edited(string file, params string[] texts)
    {
        var files = DemoTown.Files();
        // By way of marks, so that two texts can change places.
        for (var i = 0; i < texts.Length; i += 2)
        {
            files[file].ShouldContain(texts[i]);
            files[file] = files[file].Replace(texts[i], $"\u0001{i}\u0001", StringComparison.Ordinal);
        }

        for (var i = 0; i < texts.Length; i += 2)
            files[file] = files[file].Replace($"\u0001{i}\u0001", texts[i + 1], StringComparison.Ordinal);
        return DemoTown.Read(files).ShouldBeOfType<OrganizationReading.Complete>().Content;
    }
}
