using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Organization;
using CommandCenter.Host.Tests.Towns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CommandCenter.Host.Tests.Organization;

/// <summary>Small changes by an administrator, over HTTP.</summary>
public sealed partial class ImportTests
{
    private const string Administrator = "administrator-01";

    private static readonly RoleAt Second = new(Role.GridWorker, AreaCode.Parse(Places.OtherGrid));

    [Fact]
    public async Task A_person_is_registered_appointed_moved_and_dismissed_by_hand_and_acts_accordingly()
    {
        (await ChangeAsync("register", new RegisterPersonRequest("grid-worker-99", "网格员 九九", "Grid worker ninety-nine"))).Status.ShouldBe(200);
        (await Town.As("grid-worker-99").GetAsync("/api/cases")).Problem(403, "actor.role_not_held", "X-Role");
        (await ChangeAsync("appoint", new AppointPersonRequest("grid-worker-99", Second))).Status.ShouldBe(200);
        var reported = await Town.As("grid-worker-99").ReportAsync(Towns.Town.AReport() with { Point = null, Area = Second.Place });
        reported.Status.ShouldBe(201);

        var tomorrow = Today().AddDays(1);
        (await ChangeAsync("move", new MovePersonRequest("grid-worker-99", Second, Second with { Place = AreaCode.Parse(Places.Grid) }, tomorrow))).Status.ShouldBe(200);
        WorkersOf(await OrganizationAsync(), Places.OtherGrid).ShouldContain("grid-worker-99");
        WorkersOf(await OrganizationAsync($"?asOf={tomorrow:yyyy-MM-dd}"), Places.OtherGrid).ShouldNotContain("grid-worker-99");
        WorkersOf(await OrganizationAsync($"?asOf={tomorrow:yyyy-MM-dd}"), Places.Grid).ShouldContain("grid-worker-99");

        var dismissed = await ChangeAsync("dismiss", new DismissPersonRequest("grid-worker-99"));
        dismissed.Status.ShouldBe(200);
        (await Town.As("grid-worker-99").GetAsync("/api/cases")).Problem(401, "actor.unknown", "X-Actor");
        // Came and went on one day, and the case still says who it was.
        (await Town.As(People.Operator).GetAsync<CaseHistory>($"/api/cases/{reported.Receipt.Id}/history")).Items[0].Actor.Name.ShouldBe("网格员 九九");
        // A second press of the button, and somebody else under the old id.
        (await ChangeAsync("dismiss", new DismissPersonRequest("grid-worker-99"))).Status.ShouldBe(200);
        (await ChangeAsync("register", new RegisterPersonRequest("grid-worker-99", "网格员 一百", "Grid worker hundred"))).Problem(409, "organization.id_taken");
        (await Town.AskAsync<long>("select count(*) from mt_events where data::text like '%九九%' or data::text like '%ninety-nine%'")).ShouldBe(0);
        await RestoreAsync();
    }

    [Fact]
    public async Task Whoever_is_relieved_of_a_seat_leaves_it_and_keeps_the_others_and_a_seat_that_nobody_holds_is_not_left()
    {
        (await ChangeAsync("register", new RegisterPersonRequest("grid-worker-97", "网格员 九七", "Grid worker ninety-seven"))).Status.ShouldBe(200);
        (await ChangeAsync("appoint", new AppointPersonRequest("grid-worker-97", Second))).Status.ShouldBe(200);
        (await ChangeAsync("appoint", new AppointPersonRequest("grid-worker-97", Second with { Place = AreaCode.Parse(Places.Grid) }))).Status.ShouldBe(200);

        (await Town.As(People.Dispatcher).PostAsync("/api/organization/relieve", new RelievePersonRequest("grid-worker-97", Second))).Problem(403, "access.denied");
        (await ChangeAsync("relieve", new RelievePersonRequest("grid-worker-97", Second))).Status.ShouldBe(200);

        WorkersOf(await OrganizationAsync(), Places.OtherGrid).ShouldNotContain("grid-worker-97");
        WorkersOf(await OrganizationAsync(), Places.Grid).ShouldContain("grid-worker-97");
        (await ChangeAsync("relieve", new RelievePersonRequest("grid-worker-97", Second with { Role = Role.YardHead }))).Status.ShouldBe(409);
        (await ChangeAsync("dismiss", new DismissPersonRequest("grid-worker-97"))).Status.ShouldBe(200);
        await RestoreAsync();
    }

    [Fact]
    public async Task Names_and_borders_are_changed_by_hand_for_everybody_and_by_administrators_only()
    {
        (await Town.As(People.Dispatcher).PostAsync("/api/organization/rename", new RenameUnitRequest("沿江村", "Yanjiang Village", AreaCode.Parse("500153003201")))).Problem(403, "access.denied");
        (await ChangeAsync("rename", new RenameUnitRequest("沿江村", "Yanjiang Village", AreaCode.Parse("500153003201")))).Status.ShouldBe(200);
        (await OrganizationAsync()).Areas.ShouldContain(area => area.Name == "沿江村");

        List<IReadOnlyList<double>> ring = [[105.49, 29.33], [105.52, 29.33], [105.52, 29.36], [105.49, 29.36], [105.49, 29.33]];
        (await ChangeAsync("redraw", new RedrawGridRequest(AreaCode.Parse(Places.Grid), [[ring[..4]]]))).Problem(422, "organization.border_broken", "polygons");
        (await ChangeAsync("redraw", new RedrawGridRequest(AreaCode.Parse(Places.Grid), [[[.. ring.Select(point => (IReadOnlyList<double>)[.. point.Reverse()])]]]))).Problem(422, "organization.border_broken", "polygons");
        (await ChangeAsync("redraw", new RedrawGridRequest(AreaCode.Parse(Places.Grid), [[ring]]))).Status.ShouldBe(200);
        (await Town.As(null).GetAsync<GridView>("/api/organization/grid-at?latitude=29.3599&longitude=105.5199")).Grid.Value.ShouldBe(Places.Grid);
        await RestoreAsync();
    }

    [Fact]
    public async Task A_map_of_borders_is_of_today_comes_again_only_when_they_changed_and_is_for_who_sees_the_board()
    {
        var leader = Town.As(People.Supervisor);
        var district = await leader.GetAsync("/api/organization/borders");
        district.Ok<BorderCollection>().Features.Select(town => town.Properties.Code.Value).ShouldBe([Places.Town, Places.NeighbourTown]);
        var town = await leader.GetAsync($"/api/organization/borders?scope={Places.Town}");
        var grids = town.Ok<BorderCollection>();
        (grids.Type, grids.Features.Count).ShouldBe(("FeatureCollection", 18));
        var grid = grids.Features.Single(feature => feature.Properties.Code.Value == Places.Grid);
        (grid.Type, grid.Properties.Name, grid.Properties.NameEn, grid.Geometry.Type).ShouldBe(("Feature", "檬梓桥社区第一网格", "Mengziqiao Grid 1", "MultiPolygon"));
        grid.Geometry.Coordinates[0][0].ShouldAllBe(point => point.Count == 2 && point[0] > 105.4 && point[0] < 105.6 && point[1] > 29.3 && point[1] < 29.4);
        grid.Geometry.Coordinates[0][0][^1].ShouldBe(grid.Geometry.Coordinates[0][0][0]);

        (await MapAsync(town.ETag)).Status.ShouldBe(304);
        (await MapAsync("\"another\"")).Status.ShouldBe(200);

        // A plan for tomorrow changes nothing on the map of today.
        List<IReadOnlyList<double>> ring = [[105.49, 29.33], [105.52, 29.33], [105.52, 29.36], [105.49, 29.36], [105.49, 29.33]];
        (await ChangeAsync("redraw", new RedrawGridRequest(AreaCode.Parse(Places.OtherGrid), [[ring]], On: Today().AddDays(1)))).Status.ShouldBe(200);
        (await MapAsync(town.ETag)).Status.ShouldBe(304);
        (await ChangeAsync("redraw", new RedrawGridRequest(AreaCode.Parse(Places.Grid), [[ring]]))).Status.ShouldBe(200);
        var redrawn = (await MapAsync(town.ETag)).Ok<BorderCollection>().Features.Single(feature => feature.Properties.Code.Value == Places.Grid);
        redrawn.Geometry.Coordinates.ShouldHaveSingleItem().ShouldHaveSingleItem().Count.ShouldBe(5);

        (await Town.As(People.GridWorker).GetAsync<BorderCollection>("/api/organization/borders")).Features.ShouldHaveSingleItem().Properties.Code.Value.ShouldBe(Places.Grid);
        (await Town.As(People.GridWorker).GetAsync($"/api/organization/borders?scope={Places.Town}")).Problem(403, "access.denied");
        (await Town.As(People.Resident).GetAsync($"/api/organization/borders?scope={Places.Town}")).Problem(403, "access.denied");
        (await Town.As(null).GetAsync("/api/organization/borders")).Problem(401, "actor.missing", "X-Actor");
        (await leader.GetAsync("/api/organization/borders?scope=here")).Problem(400, "request.malformed", "scope");
        (await leader.GetAsync("/api/organization/borders?scope=500153009")).Ok<BorderCollection>().Features.ShouldBeEmpty();
        await RestoreAsync();

        async Task<Answer> MapAsync(string? tag)
        {
            using var request = leader.Request(HttpMethod.Get, $"/api/organization/borders?scope={Places.Town}");
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
            return await leader.SendAsync(request);
        }
    }

    [Fact]
    public async Task A_post_with_a_case_in_hand_is_closed_by_hand_for_a_successor_only()
    {
        Edit("posts.csv", "500153003,economy,ecology,", "500153003,economy,flea-market,集市管理岗,Flea market,\n500153003,economy,ecology,");
        (await RunAsync()).Code.ShouldBe(0);
        await FollowedAsync();
        var which = await Town.ACaseThatWasDispatched(post: "flea-market");
        await Town.CaughtUpAsync();
        var close = new CloseUnitRequest(Unit.OfPost("flea-market"), AreaCode.Parse(Places.Town));

        var refused = await ChangeAsync("close-unit", close);

        refused.Problem(409, "organization.work_open");
        refused.Text.ShouldContain(which.Stream);
        (await ChangeAsync("close-unit", close with { Successor = Unit.OfPost("ecology") })).Status.ShouldBe(200);
        (await Town.As("post-handler-07").CommandAsync(which.Id, "claim", new ClaimCaseRequest())).Status.ShouldBe(200);
        await Town.After(which with { Version = which.Version + 1 }, "recall", new RecallCaseRequest("岗位撤销"), People.Dispatcher);
        await Town.CaughtUpAsync();
        await RestoreAsync();
    }

    [Fact]
    public async Task Whoever_is_next_is_told_the_moment_a_claimer_leaves_by_an_import_that_names_their_open_work()
    {
        var which = await Town.ACaseThatWasClaimed();
        await Town.CaughtUpAsync();
        Edit("people.csv", "post-handler-05,岗位人员 05,Post handler 05\n", "");
        Edit("roles.csv", "post-handler-05,post_handler,500153003,economy,village-construction,,\n", "");

        var preview = await RunAsync("--dry-run");

        preview.Code.ShouldBe(0, preview.Output);
        preview.Output.ShouldContain("  post-handler-05  岗位人员 05: ");
        preview.Output.ShouldContain(which.Stream);
        (await ToldAsync()).ShouldBe(0);

        (await RunAsync()).Code.ShouldBe(0);
        await Town.UntilAsync(async () => await ToldAsync() > 0, "the dispatcher is told that the claimer has left");
        // Not again for another change.
        (await ChangeAsync("register", new RegisterPersonRequest("office-96", "办公室 96", "Office 96"))).Status.ShouldBe(200);
        await FollowedAsync();
        await Town.Services.GetServices<IHostedService>().OfType<HolderWorker>().Single().LookAsync(CancellationToken.None);
        (await ToldAsync()).ShouldBe(1);
        await Town.After(which, "recall", new RecallCaseRequest("承办人离任"), People.Dispatcher);
        await Town.CaughtUpAsync();
        await RestoreAsync();

        Task<long> ToldAsync() => Town.AskAsync<long>($"select count(*) from mt_events where type = 'notice_sent' and data ->> 'kind' = 'holder_left' and data ->> 'subject' = '{which.Stream}' and stream_id = 'inbox:{People.Dispatcher}'");
    }

    [Fact]
    public async Task Whoever_inherits_the_open_work_of_a_seat_that_fell_vacant_is_told_of_it_once()
    {
        var which = await Town.ACaseThatWasVerified();
        await Town.CaughtUpAsync();
        await LookAsync();
        var told = await ToldAsync();

        // Whoever reported it leaves, and the center calls back instead.
        (await ChangeAsync("dismiss", new DismissPersonRequest(People.GridWorker))).Status.ShouldBe(200);
        await LookAsync();
        await LookAsync();

        (await ToldAsync()).Except(told).ShouldContain($"inbox:{People.Operator}");
        (await ToldAsync()).ShouldBeUnique();
        which = await Town.After(which, "rate", new RateCaseRequest(4, FixResult.Fixed, "电话回访：已告知结果"), People.Operator);
        await Town.After(which, "close", new CloseCaseRequest("办结"), People.Dispatcher);
        await Town.CaughtUpAsync();
        await RestoreAsync();

        async Task LookAsync() => await Town.Services.GetServices<IHostedService>().OfType<HolderWorker>().Single().LookAsync(CancellationToken.None);
        Task<IReadOnlyList<string>> ToldAsync() => Town.ColumnAsync($"select stream_id from mt_events where type = 'notice_sent' and data ->> 'kind' = 'holder_left' and data ->> 'subject' = '{which.Stream}'");
    }

    [Fact]
    public async Task Of_two_administrators_the_second_is_told_what_the_first_one_did()
    {
        var seen = (await Town.As(null).GetAsync("/api/organization")).ETag;
        (await ChangeAsync("register", new RegisterPersonRequest("office-98", "办公室 98", "Office 98"))).Status.ShouldBe(200);
        (await ChangeAsync("register", new RegisterPersonRequest("administrator-02", "系统管理员 02", "Administrator 02"))).Status.ShouldBe(200);
        (await ChangeAsync("appoint", new AppointPersonRequest("administrator-02", new RoleAt(Role.Administrator, AreaCode.Parse(Places.Town))))).Status.ShouldBe(200);

        (await Town.As("administrator-02").PostAsync("/api/organization/dismiss", new DismissPersonRequest("office-98"), ifMatch: seen)).Problem(412, "organization.stale", "If-Match");
        (await Town.As("administrator-02").PostAsync("/api/organization/rename", new RenameUnitRequest("新", "New", Unit: Unit.OfDepartment("water-bureau")))).Problem(409, "organization.outside");
        await RestoreAsync();
    }

    [Fact]
    public async Task A_page_that_holds_the_organization_is_told_that_it_still_holds_and_gets_it_anew_once_it_does_not()
    {
        var held = await Town.As(null).GetAsync("/api/organization");
        held.Header("Cache-Control").ShouldBe("no-cache");
        held.ETag.ShouldNotBeNull().ShouldStartWith("\"");

        var same = await AskAsync(held.ETag!, "zh");
        (same.Status, same.Body.Length, same.ETag).ShouldBe((304, 0, held.ETag));
        // In whatever language, by whatever way: both languages are in it.
        (await AskAsync(held.ETag!, "en")).Status.ShouldBe(304);
        (await AskAsync("\"1.0123456789abcdef\"", "zh")).ShouldSatisfyAllConditions(other => other.Status.ShouldBe(200), other => other.Text.ShouldBe(held.Text));

        (await ChangeAsync("register", new RegisterPersonRequest("office-97", "办公室 97", "Office 97"))).Status.ShouldBe(200);
        var now = await AskAsync(held.ETag!, "zh");
        now.Status.ShouldBe(200);
        now.ETag.ShouldNotBe(held.ETag);
        (await Town.As(Administrator).PostAsync("/api/organization/dismiss", new DismissPersonRequest("office-97"), ifMatch: now.ETag)).Status.ShouldBe(200);
        await RestoreAsync();

        async Task<Answer> AskAsync(string tag, string language)
        {
            using var request = Town.As(null).Request(HttpMethod.Get, "/api/organization");
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
            request.Headers.TryAddWithoutValidation("Accept-Language", language);
            return await Town.As(null).SendAsync(request);
        }
    }

    private DateOnly Today() => DateOnly.FromDateTime(Town.Clock.GetUtcNow().AddHours(8).DateTime);

    private async Task<Answer> ChangeAsync(string command, object request)
    {
        var answer = await Town.As(Administrator).PostAsync($"/api/organization/{command}", request);
        await FollowedAsync();
        return answer;
    }
}
