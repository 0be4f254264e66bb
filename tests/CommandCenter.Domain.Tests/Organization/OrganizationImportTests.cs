using System.Text.Json;
using CommandCenter.Domain.Formats;
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
            ["OrganizationDescribed", "AreasChanged", "BordersRedrawn", "PostsChanged", "DepartmentsChanged", "PeopleChanged", "AppointmentsChanged", "CategoriesChanged", "OneMattersChanged", "SpotsChanged"]);
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
    public void Spots_are_set_up_changed_and_ended_from_a_day_on_and_stay_known()
    {
        var content = Edited(OrganizationReader.SpotsFile, "bin-17,500153003201001001,17号垃圾箱", "bin-17,500153003201001001,17号分类垃圾箱");
        content = content with { Spots = [.. content.Spots.Where(spot => spot.Code != "bin-18")] };

        var difference = OrganizationImport.Difference(Begun, content, Today);

        difference.Changes.Select(change => (change.Subject, change.Kind, change.Key, change.Detail)).ShouldBe(
        [
            (OrganizationSubject.Spot, OrganizationChangeKind.Changed, "bin-17", "name 17号垃圾箱 → 17号分类垃圾箱"),
            (OrganizationSubject.Spot, OrganizationChangeKind.Ended, "bin-18", null),
        ]);
        var after = Begun.With(difference.Events);
        (after.On(Today.AddDays(-1)).FindSpot("bin-17")!.Name, after.On(Today).FindSpot("bin-17")!.Name).ShouldBe(("17号垃圾箱", "17号分类垃圾箱"));
        (after.On(Today.AddDays(-1)).FindSpot("bin-18") is null, after.On(Today).FindSpot("bin-18") is null).ShouldBe((false, true));
        after.On(Today).KnownSpot("bin-18").ShouldNotBeNull().Ended.ShouldBe(Today);
        after.On(Today).KnownSpot("bin-17").ShouldNotBeNull().Ended.ShouldBeNull();
        after.On(Today).KnownSpot("bin-99").ShouldBeNull();
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
    public void What_who_leaves_has_open_is_named_and_stands_in_nobodys_way()
    {
        var town = AreaCode.Parse("500153003");
        OpenWork[] open =
        [
            new("case:1", "20260302-0001", town, Unit.OfPost("ecology"), "post-handler-07"), new("agenda:500153003", "3", town, Person: "post-handler-07"), new("review:1", "2", town, Person: "office-01"),
            new("case:2", "20260302-0002", town, Unit.OfPost("ecology")), new("case:3", "20260302-0003", town, Person: "left-long-ago"),
        ];
        var files = DemoTown.Files();
        files["people.csv"] = string.Join('\n', files["people.csv"].Split('\n').Where(line => !line.StartsWith("post-handler-07,", StringComparison.Ordinal)));
        files["roles.csv"] = string.Join('\n', files["roles.csv"].Split('\n').Where(line => !line.StartsWith("post-handler-07,", StringComparison.Ordinal)));
        files[OrganizationReader.SpotsFile] = files[OrganizationReader.SpotsFile].Replace("post-handler-07", "", StringComparison.Ordinal);
        var after = DemoTown.Read(files).ShouldBeOfType<OrganizationReading.Complete>().Content.On(Today);

        var left = OrganizationImport.WorkOfWhoLeaves(DemoTown.Directory, after, open).ShouldHaveSingleItem();

        (left.Person, left.Name, left.Work.Count).ShouldBe(("post-handler-07", "岗位人员 07", 2));
        OrganizationImport.Strandings(DemoTown.Directory, after, open).ShouldBeEmpty();
        OrganizationImport.WorkOfWhoLeaves(DemoTown.Directory, DemoTown.Directory, open).ShouldBeEmpty();
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

    [Fact]
    public void What_ended_and_whose_planned_return_was_dropped_has_ended_once()
    {
        var without = WithoutGrid(Grid);
        var history = Begun.With(OrganizationImport.Difference(Begun, without, Today).Events);
        history = history.With(OrganizationImport.Difference(history, DemoTown.Content, Today.AddDays(10)).Events);
        history = history.With(OrganizationImport.Difference(history, without, Today.AddDays(5)).Events);

        var later = history.On(Today.AddDays(12));

        later.FindArea(Grid).ShouldBeNull();
        later.KnownArea(Grid)!.Name.ShouldBe("檬梓桥社区第一网格");
        later.Former.Areas.ShouldAllBe(former => former.Ended == Today && former.Area.Name.Length > 0);
    }

    [Fact]
    public void A_whole_district_with_its_real_borders_is_said_in_events_that_the_log_takes()
    {
        var ring = Enumerable.Range(0, 200).Select(i => new GeoPoint(290000000 + i, 1050000000 + (i * i))).ToList();
        List<AreaCode> grids = [.. Enumerable.Range(1, 900).Select(n => AreaCode.Parse($"500153003001{n:000}"))];
        var content = DemoTown.Content with
        {
            Areas = [new(DemoTown.District, "区", "District"), new(DemoTown.Town, "镇", "Town"), new(AreaCode.Parse("500153003001"), "村", "Village"), .. grids.Select(grid => new Area(grid, "网格", "Grid"))],
            Borders = [.. grids.Select(grid => new GridBorder(grid, [[[.. ring, ring[0]]]]))],
            People = [.. DemoTown.Content.People, .. Enumerable.Range(1, 8000).Select(n => new PersonName($"p-{n}", $"网格员 {n}", $"Grid worker {n}"))],
        };

        var events = OrganizationImport.Difference(OrganizationHistory.None, content, null).Events;

        // Names grow to some three hundred bytes when they are sealed.
        int Bytes(OrganizationEvent e) => JsonSerializer.SerializeToUtf8Bytes(e, e.GetType(), DomainJson.Options).Length + (e is PeopleChanged people ? people.Set.Count * 300 : 0);
        events.Max(Bytes).ShouldBeLessThan(1 << 20);
        events.OfType<BordersRedrawn>().Count().ShouldBeGreaterThan(5);
        OrganizationHistory.None.With(events).On(Today).Borders.Count.ShouldBe(900);
        var emptied = OrganizationImport.Difference(OrganizationHistory.None.With(events), DemoTown.Content, Today);
        OrganizationHistory.None.With(events).With(emptied.Events).On(Today).People.Count.ShouldBe(DemoTown.Content.People.Count);
    }

    [Fact]
    public void Work_is_stranded_too_when_who_went_on_with_it_is_named_no_more()
    {
        var succeeded = WithoutPost("ecology") with { Successions = [new(Unit.OfPost("ecology"), Unit.OfPost("village-construction"), DemoTown.Town)] };
        OpenWork inHand = new("case:1", "20260302-0001", Grid, Unit.OfPost("ecology"));

        OrganizationImport.Strandings(succeeded.On(Today), WithoutPost("ecology").On(Today), [inHand]).ShouldHaveSingleItem().Work.ShouldBe([inHand]);

        var joined = WithoutGrid(Grid) with { Successions = [new(Unit.OfGrid(Grid), Unit.OfGrid(Neighbour))] };
        OpenWork task = new("task:1-1-500153003001001", "1", Grid);
        OrganizationImport.Strandings(joined.On(Today), WithoutGrid(Grid).On(Today), [task]).ShouldHaveSingleItem().Work.ShouldBe([task]);
    }

    [Fact]
    public void A_yard_with_an_open_case_may_be_drawn_anew_because_its_grid_goes_on_with_it()
    {
        var yard = AreaCode.Parse("500153003001001002");
        var without = DemoTown.Content with
        {
            Areas = [.. DemoTown.Content.Areas.Where(area => area.Code != yard)],
            Appointments = [.. DemoTown.Content.Appointments.Where(made => made.Seat.Place != yard)],
        };

        OrganizationImport.Strandings(DemoTown.Directory, without.On(Today), [new("case:1", "20260302-0001", yard)]).ShouldBeEmpty();
        without.On(Today).WhoIsToldFor(Role.GridWorker, yard).ShouldNotBeEmpty();
    }

    [Fact]
    public void A_village_ends_when_its_grids_go_on_under_another_one()
    {
        var village = AreaCode.Parse("500153003001");
        var without = DemoTown.Content with
        {
            Areas = [.. DemoTown.Content.Areas.Where(area => !village.Contains(area.Code))],
            Borders = [.. DemoTown.Content.Borders.Where(border => !village.Contains(border.Grid))],
            Appointments = [.. DemoTown.Content.Appointments.Where(made => !village.Contains(made.Seat.Place))],
        };
        var other = without.Areas.First(area => area.Code.Level == AreaLevel.Grid && DemoTown.Town.Contains(area.Code)).Code;
        var succeeded = without with { Successions = [new(Unit.OfGrid(Grid), Unit.OfGrid(other))] };

        OrganizationImport.Strandings(DemoTown.Directory, without.On(Today), [new("case:1", "1", Grid)]).ShouldHaveSingleItem().Ended.ShouldBe(village.Value);
        OrganizationImport.Strandings(DemoTown.Directory, succeeded.On(Today), [new("case:1", "1", Grid)]).ShouldBeEmpty();
    }

    [Fact]
    public void The_lead_of_its_sector_is_told_for_a_post_that_ended_and_whose_successor_is_vacant()
    {
        var ended = WithoutPost("ecology") with
        {
            Appointments = [.. WithoutPost("ecology").Appointments.Where(made => made.Seat.Post != "village-construction")],
            Successions = [new(Unit.OfPost("ecology"), Unit.OfPost("village-construction"), DemoTown.Town)],
        };

        ended.On(Today).WhoIsToldFor(Role.PostHandler, DemoTown.Town, post: "ecology").ShouldBe([new("sector-lead-02", Role.SectorLead, RecipientReason.VacancyAbove)]);
        // Without a successor, too: the sector that it was in is known.
        Begun.With(OrganizationImport.Difference(Begun, WithoutPost("ecology"), Today).Events).On(Today)
            .WhoIsToldFor(Role.PostHandler, DemoTown.Town, post: "ecology").ShouldBe([new("sector-lead-02", Role.SectorLead, RecipientReason.VacancyAbove)]);
    }

    [Fact]
    public void An_id_is_nobody_elses_ever()
    {
        var without = DemoTown.Content with
        {
            People = [.. DemoTown.Content.People.Where(person => person.Id != "grid-worker-18")],
            Appointments = [.. DemoTown.Content.Appointments.Where(made => made.Person != "grid-worker-18")],
        };
        var history = Begun.With(OrganizationImport.Difference(Begun, without, Today).Events);
        var another = without with { People = [.. without.People, new("grid-worker-18", "网格员 44", "Grid worker 44")] };

        OrganizationImport.ReusedIds(history, another, Today.AddDays(1)).ShouldBe([new("grid-worker-18", "网格员 18", "网格员 44")]);
        // Who comes back, and who takes another name, keeps the id.
        OrganizationImport.ReusedIds(history, DemoTown.Content, Today.AddDays(1)).ShouldBeEmpty();
        OrganizationImport.ReusedIds(Begun, another, Today.AddDays(1)).ShouldBeEmpty();
    }

    [Fact]
    public void An_id_says_the_name_that_its_holder_had_then()
    {
        var renamed = Begun.With(OrganizationImport.Difference(Begun, Edited(OrganizationReader.PeopleFile, "网格员 18", "网格员 81"), Today).Events);

        renamed.PersonAt(Noon(Today.AddDays(-1)), "grid-worker-18")!.Name.ShouldBe("网格员 18");
        renamed.PersonAt(Noon(Today), "grid-worker-18")!.Name.ShouldBe("网格员 81");
    }

    [Fact]
    public void Only_the_last_asked_days_are_kept_and_all_of_them_are_answered()
    {
        var history = Begun;
        for (var day = 1; day <= 30; day++)
            history = history.With(OrganizationImport.Difference(history, Edited(OrganizationReader.AreasFile, "沿河村,", $"沿河{day}村,"), Today.AddDays(day)).Events);

        for (var round = 0; round < 2; round++)
        {
            for (var day = 1; day <= 30; day++)
                history.On(Today.AddDays(day)).FindArea(AreaCode.Parse("500153003201"))!.Name.ShouldBe($"沿河{day}村");
        }

        history.On(Today).ShouldBeSameAs(history.On(Today.AddDays(-1)));
    }

    private static DateTimeOffset Noon(DateOnly day) => new(day.ToDateTime(new TimeOnly(12, 0)), TimeSpan.FromHours(8));

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
