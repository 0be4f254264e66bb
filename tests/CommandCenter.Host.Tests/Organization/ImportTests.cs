using System.Text.RegularExpressions;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Organization;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Host.Tests.Whistles;
using CommandCenter.Host.Verbs;
using Microsoft.Extensions.DependencyInjection;
using Shouldly.Configuration;

namespace CommandCenter.Host.Tests.Organization;

/// <summary>The verb that takes an organization's folder in, beside a town that runs; each test ends with the demo town's organization again.</summary>
public sealed partial class ImportTests(TownFixture fixture) : IClassFixture<TownFixture>, IDisposable
{
    private readonly DirectoryInfo _folder = Copy();

    private Town Town => fixture.Town;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_folder_is_previewed_imported_all_or_nothing_and_the_same_again_is_nothing()
    {
        Edit("areas.csv", "沿河村,Yanhe Village", "沿江村,Yanjiang Village");
        Edit("roles.csv", "grid-worker-02,grid_worker,500153003001002,", "grid-worker-02,grid_worker,500153003001003,");
        Edit("roles.csv", "grid-worker-03,grid_worker,500153003001003,", "grid-worker-03,grid_worker,500153003001002,");
        Edit("people.csv", "grid-worker-18,网格员 18,Grid worker 18\n", "");
        Edit("roles.csv", "grid-worker-18,grid_worker,500153003001001,,,,\n", "");
        Edit("grids.geojson", "[105.492729, 29.347578]", "[105.492730, 29.347578]");
        var head = await Town.HeadAsync();

        var preview = await RunAsync("--dry-run");

        preview.Code.ShouldBe(0, preview.Output);
        preview.Output.ShouldMatchApproved(c => Approved(c));
        (await Town.HeadAsync()).ShouldBe(head);

        var imported = await RunAsync();
        imported.Code.ShouldBe(0, imported.Output);
        imported.Output.Split('\n')[..^2].ShouldBe(preview.Output.Split('\n')[..^2]);
        var position = $"1:{await Town.HeadAsync()}";
        imported.Output.ShouldEndWith($"Imported at {position}.\n");
        (await Town.HeadAsync()).ShouldBe(head + 4);

        (await RunAsync()).Output.ShouldBe("The organization is as the files say: nothing to import.\n");
        (await Town.HeadAsync()).ShouldBe(head + 4);

        // Every node follows; a query waits for it.
        var now = await OrganizationAsync($"?minPosition={position}");
        now.Areas.ShouldContain(area => area.Name == "沿江村");
        WorkersOf(now, "500153003001002").ShouldBe(["grid-worker-03"]);
        now.Former.People.ShouldHaveSingleItem().Code.ShouldBe("grid-worker-18");
        var yesterday = DateOnly.FromDateTime(Town.Clock.GetUtcNow().AddHours(8).DateTime).AddDays(-1);
        var then = await OrganizationAsync($"?asOf={yesterday:yyyy-MM-dd}");
        WorkersOf(then, "500153003001002").ShouldBe(["grid-worker-02"]);
        then.Areas.ShouldContain(area => area.Name == "沿河村");
        then.People.ShouldContain(person => person.Id == "grid-worker-18");
        WorkersOf(await OrganizationAsync($"?asOf={Town.Clock.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'}"), "500153003001002").ShouldBe(["grid-worker-03"]);
        // Who left speaks for nobody any more, and who moved speaks from the new place.
        (await Town.As("grid-worker-18").GetAsync("/api/cases")).Problem(401, "actor.unknown", "X-Actor");
        (await Town.As("grid-worker-03").ReportAsync(Towns.Town.AReport() with { Point = null, Area = AreaCode.Parse("500153003001002") })).Status.ShouldBe(201);

        await RestoreAsync();
        (await OrganizationAsync()).People.ShouldContain(person => person.Id == "grid-worker-18");
    }

    [Fact]
    public async Task What_is_wrong_in_a_file_is_said_with_its_line_and_nothing_is_imported()
    {
        Edit("roles.csv", "grid-worker-02,grid_worker,500153003001002,", "grid-worker-02,grid_worker,500153003001099,");
        Edit("posts.csv", "economy,ecology", "economics,ecology");
        var head = await Town.HeadAsync();

        var (code, output) = await RunAsync();

        code.ShouldBe(1);
        output.ShouldMatchApproved(c => Approved(c));
        (await Town.HeadAsync()).ShouldBe(head);
    }

    [Fact]
    public async Task A_post_with_cases_and_calls_in_hand_closes_only_when_the_files_name_who_goes_on_with_them()
    {
        var which = await Town.ACaseThatWasDispatched();
        var whistle = await Town.AWhistleThatWasBlown(WhistleTown.BuildingPost);
        await Town.CaughtUpAsync();
        Edit("posts.csv", "500153003,economy,village-construction,村镇建设岗,Village and town construction\n", "");
        Edit("roles.csv", "post-handler-05,post_handler,500153003,economy,village-construction,,\n", "");
        Edit("roles.csv", "post-handler-06,post_handler,500153003,economy,village-construction,,\n", "");
        Edit("categories.csv", "economy,village-construction", "economy,ecology");
        var head = await Town.HeadAsync();

        var (code, output) = await RunAsync();

        code.ShouldBe(1, output);
        output.ShouldContain("post:village-construction (500153003)  村镇建设岗: ");
        output.ShouldContain(which.Stream);
        output.ShouldContain($"whistle:{whistle}");
        (await Town.HeadAsync()).ShouldBe(head);

        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "successors.csv"), "town,ended,successor\n500153003,post:village-construction,post:ecology\n");
        (await RunAsync("--dry-run")).Output.ShouldContain("+ post:village-construction  post:ecology");
        (code, output) = await RunAsync();
        code.ShouldBe(0, output);
        await FollowedAsync();

        // The handler of the post that goes on with it acts for the one that was closed.
        (await Town.As("post-handler-08").CommandAsync(which.Id, "claim", new ClaimCaseRequest())).Status.ShouldBe(403);
        (await Town.As("post-handler-07").CommandAsync(which.Id, "claim", new ClaimCaseRequest())).Status.ShouldBe(200);

        await RestoreAsync();
    }

    [Fact]
    public async Task What_holds_from_a_later_day_on_is_so_when_the_day_comes()
    {
        Edit("areas.csv", "沿河村,Yanhe Village", "沿山村,Yanshan Village");
        var tomorrow = DateOnly.FromDateTime(Town.Clock.GetUtcNow().AddHours(8).DateTime).AddDays(1);

        (await RunAsync($"--effective={tomorrow:yyyy-MM-dd}")).Output.ShouldStartWith($"From {tomorrow:yyyy-MM-dd} on:\n");
        await FollowedAsync();

        (await OrganizationAsync()).Areas.ShouldContain(area => area.Name == "沿河村");
        await Town.PassAsync(TimeSpan.FromDays(1));
        (await OrganizationAsync()).Areas.ShouldContain(area => area.Name == "沿山村");
        await RestoreAsync();
    }

    [Fact]
    public async Task Another_district_a_day_without_a_supervisor_and_a_strange_date_are_refused()
    {
        foreach (var file in _folder.GetFiles())
            await File.WriteAllTextAsync(file.FullName, (await File.ReadAllTextAsync(file.FullName)).Replace("500153", "500154", StringComparison.Ordinal));
        (await RunAsync()).ShouldBe((1, "The files are of district 500154, the database is of district 500153: nothing was imported. A database is one district.\n"));

        await Should.ThrowAsync<StartRefusedException>(() => RunAsync("--effective=soon"));
        await Should.ThrowAsync<StartRefusedException>(() => RunAsync("--effectiv=2026-03-02"));
        (await Town.As(null).GetAsync("/api/organization?asOf=soon")).Problem(400, "request.malformed", "asOf");
        (await Town.As(null).GetAsync("/api/organization?asOf=2026-03-02T01:00:00")).Problem(400, "request.malformed", "asOf");
    }

    [Fact]
    public async Task A_second_node_sees_the_change_too()
    {
        await using var second = await CommandCenterHost.BuildAsync(
            ["--urls=http://127.0.0.1:0", $"--ConnectionStrings:CommandCenter={Town.ConnectionString};Maximum Pool Size=20", $"--CommandCenter:DataFolder={Town.DataFolder}", "--Logging:LogLevel:Default=Warning"],
            Town.Clock, TimeProvider.System);
        await second.Application.StartAsync();
        Edit("areas.csv", "沿河村,Yanhe Village", "沿路村,Yanlu Village");

        (await RunAsync()).Code.ShouldBe(0);

        using var http = new HttpClient { BaseAddress = new Uri(second.Application.Urls.First()) };
        (await new TownClient(http, null).GetAsync<OrganizationView>($"/api/organization?minPosition=1:{await Town.HeadAsync()}")).Areas.ShouldContain(area => area.Name == "沿路村");
        await second.Application.StopAsync();
        await RestoreAsync();
    }

    private static DirectoryInfo Copy()
    {
        var folder = Directory.CreateTempSubdirectory("import-");
        foreach (var file in new DirectoryInfo(OrganizationFolder.DemoDistrict).EnumerateFiles())
            file.CopyTo(Path.Combine(folder.FullName, file.Name));
        return folder;
    }

    private void Edit(string file, string old, string @new)
    {
        var path = Path.Combine(_folder.FullName, file);
        var text = File.ReadAllText(path);
        text.ShouldContain(old);
        File.WriteAllText(path, text.Replace(old, @new, StringComparison.Ordinal));
    }

    private async Task RestoreAsync()
    {
        foreach (var file in Directory.GetFiles(_folder.FullName))
            File.Delete(file);
        foreach (var file in new DirectoryInfo(OrganizationFolder.DemoDistrict).EnumerateFiles())
            file.CopyTo(Path.Combine(_folder.FullName, file.Name));
        (await RunAsync()).Code.ShouldBe(0);
        await FollowedAsync();
    }

    private async Task FollowedAsync() => await Town.Services.GetRequiredService<IOrganization>().ReachedAsync((await Town.Services.GetRequiredService<IEventLog>().HeadAsync()).Last, CancellationToken.None);

    private Task<OrganizationView> OrganizationAsync(string query = "") => Town.As(null).GetAsync<OrganizationView>($"/api/organization{query}");

    private static IEnumerable<string> WorkersOf(OrganizationView view, string grid) =>
        view.People.Where(person => person.Roles.Any(seat => seat.Role == Role.GridWorker && seat.Place.Value == grid)).Select(person => person.Id);

    private async Task<(int? Code, string Output)> RunAsync(params string[] options)
    {
        // The verb waits for the read tables by the clock that it is given, and this one stands still.
        await Town.CaughtUpAsync();
        using var output = new StringWriter { NewLine = "\n" };
        using var messages = new StringWriter();
        var code = await Verbs.Verbs.RunAsync(
            ["import", _folder.FullName, .. options, $"--ConnectionStrings:CommandCenter={Town.ConnectionString}", $"--CommandCenter:DataFolder={Town.DataFolder}"], Town.Clock, output, messages);
        return (code, output.ToString());
    }

    private static void Approved(ShouldMatchConfigurationBuilder c) =>
        c.NoDiff().SubFolder("approved").WithFileExtension(".txt").WithScrubber(text => Day().Replace(text, "From {today} on"));

    [GeneratedRegex(@"From \d{4}-\d\d-\d\d on")]
    private static partial Regex Day();
}
