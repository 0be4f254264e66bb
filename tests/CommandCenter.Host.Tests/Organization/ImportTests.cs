using System.Text.RegularExpressions;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using CommandCenter.Host.Organization;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Host.Tests.Whistles;
using CommandCenter.Host.Verbs;
using Microsoft.Extensions.DependencyInjection;
using Shouldly.Configuration;
using Case = CommandCenter.Domain.Cases.Case;

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
        var version = await VersionAsync();

        var preview = await RunAsync("--dry-run");

        preview.Code.ShouldBe(0, preview.Output);
        preview.Output.ShouldMatchApproved(c => Approved(c));
        (await VersionAsync()).ShouldBe(version);

        var imported = await RunAsync();
        imported.Code.ShouldBe(0, imported.Output);
        imported.Output.Split('\n')[..^2].ShouldBe(preview.Output.Split('\n')[..^2]);
        var position = $"1:{await Town.AskAsync<long>("select max(seq_id) from mt_events where stream_id = 'organization:district'")}";
        imported.Output.ShouldEndWith($"Imported at {position}.\n");
        (await VersionAsync()).ShouldBe(version + 4);

        (await RunAsync()).Output.ShouldBe("The organization is as the files say: nothing to import.\n");
        (await VersionAsync()).ShouldBe(version + 4);

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
        var version = await VersionAsync();

        var (code, output) = await RunAsync();

        code.ShouldBe(1);
        output.ShouldMatchApproved(c => Approved(c));
        (await VersionAsync()).ShouldBe(version);
    }

    [Fact]
    public async Task A_post_with_cases_and_calls_in_hand_closes_only_when_the_files_name_who_goes_on_with_them()
    {
        var which = await Town.ACaseThatWasDispatched();
        var whistle = await Town.AWhistleThatWasBlown(WhistleTown.BuildingPost);
        await Town.CaughtUpAsync();
        Edit("posts.csv", "500153003,economy,village-construction,村镇建设岗,Village and town construction,\n", "");
        Edit("roles.csv", "post-handler-05,post_handler,500153003,economy,village-construction,,\n", "");
        Edit("roles.csv", "post-handler-06,post_handler,500153003,economy,village-construction,,\n", "");
        Edit("categories.csv", "economy,village-construction", "economy,ecology");
        var version = await VersionAsync();

        var (code, output) = await RunAsync();

        code.ShouldBe(1, output);
        output.ShouldContain("post:village-construction (500153003)  村镇建设岗: ");
        output.ShouldContain(which.Stream);
        output.ShouldContain($"whistle:{whistle}");
        (await VersionAsync()).ShouldBe(version);

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
    public async Task An_import_for_a_day_that_has_gone_strands_nothing_that_came_after_it()
    {
        Edit("posts.csv", "500153003,economy,ecology,", "500153003,economy,night-market,夜市管理岗,Night market,\n500153003,economy,ecology,");
        (await RunAsync()).Code.ShouldBe(0);
        await FollowedAsync();
        var which = await Town.ACaseThatWasDispatched(post: "night-market");
        Edit("posts.csv", "500153003,economy,night-market,夜市管理岗,Night market,\n", "");
        var yesterday = DateOnly.FromDateTime(Town.Clock.GetUtcNow().AddHours(8).DateTime).AddDays(-1);

        var (code, output) = await RunAsync($"--effective={yesterday:yyyy-MM-dd}");

        code.ShouldBe(1, output);
        output.ShouldContain("post:night-market (500153003)  夜市管理岗: 1 open");
        output.ShouldContain(which.Stream);
        await Town.After(which, "recall", new RecallCaseRequest("岗位撤销"), People.Dispatcher);
        await Town.CaughtUpAsync();
        await RestoreAsync();
    }

    [Fact]
    public async Task Read_tables_come_out_the_same_whatever_was_said_of_the_organization_later()
    {
        var before = await Town.ACaseThatWasReported();
        Edit("categories.csv", "river-pollution,河道污染,River pollution,economy,village-construction", "river-pollution,河道污染,River pollution,livelihood,education-health-culture");
        var yesterday = DateOnly.FromDateTime(Town.Clock.GetUtcNow().AddHours(8).DateTime).AddDays(-1);
        (await RunAsync($"--effective={yesterday:yyyy-MM-dd}")).Code.ShouldBe(0);
        await FollowedAsync();
        var after = await Town.ACaseThatWasReported();
        await Town.CaughtUpAsync();
        const string Rows = "select string_agg(id || ' ' || number || ' ' || sector, E'\\n' order by id) from board_cases_v1";
        var live = await Town.AskAsync<string>(Rows);
        live.ShouldContain($"{before.Id} ");
        (await Town.Read(before)).Sector.ShouldBe(Sector.Economy);
        (await Town.Read(after)).Sector.ShouldBe(Sector.Livelihood);

        await using var connection = await Town.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var table = Town.Services.GetRequiredService<CaseTable>();
        await table.ClearAsync(transaction, CancellationToken.None);
        await table.ApplyAsync(transaction, await Town.Services.GetRequiredService<IEventLog>().ReadLogAsync(0, 100_000), CancellationToken.None);
        await using var command = new Npgsql.NpgsqlCommand(Rows, connection, transaction);

        ((string?)await command.ExecuteScalarAsync()).ShouldBe(live);

        await transaction.RollbackAsync();
        await RestoreAsync();
    }

    [Fact]
    public async Task Names_of_people_are_in_the_database_only_sealed_and_whose_key_is_gone_goes_by_the_id()
    {
        Edit("people.csv", "grid-worker-17,网格员 17,Grid worker 17", "grid-worker-17,网格员 七七,Grid worker Seventyseven");
        var preview = await RunAsync("--dry-run");
        preview.Output.ShouldContain("~ grid-worker-17  网格员 七七  name 网格员 17 → 网格员 七七; name_en Grid worker 17 → Grid worker Seventyseven");
        (await RunAsync()).Code.ShouldBe(0);
        await FollowedAsync();

        (await OrganizationAsync()).People.First(person => person.Id == "grid-worker-17").Name.ShouldBe("网格员 七七");
        foreach (var table in (string[])["mt_events", "cc_outbox", "cc_commands", "cc_timers", "mt_streams", "board_cases_v1", "inbox_notices_v2", "board_tasks_v1", "board_whistles_v1", "board_meetings_v1"])
            (await Town.AskAsync<long>($"select count(*) from {table} t where t::text like '%七七%' or t::text like '%Grid worker 1%'")).ShouldBe(0, table);
        (await Town.AskAsync<long>("select count(*) from mt_events where type = 'people_changed' and data::text like '%sealed:1:%'")).ShouldBeGreaterThan(0);

        await RestoreAsync();
        var keys = Town.Services.GetRequiredService<IKeyStore>();
        await keys.EraseSubjectAsync(OrganizationNames.SubjectOf("grid-worker-17"), "administrator-01", "离任", Town.Clock.GetUtcNow());
        var read = await Town.Services.GetRequiredService<OrganizationStream>().LoadAsync(CancellationToken.None);
        read.History.At(Town.Clock.GetUtcNow()).FindPerson("grid-worker-17").ShouldNotBeNull().Name.ShouldBe("grid-worker-17");
        // To the next import it is somebody whose name is not known, and is said again.
        await RestoreAsync();
        (await Town.Services.GetRequiredService<OrganizationStream>().LoadAsync(CancellationToken.None)).History.At(Town.Clock.GetUtcNow()).FindPerson("grid-worker-17")!.Name.ShouldBe("网格员 17");
    }

    [Fact]
    public async Task A_new_person_does_not_get_the_id_and_the_inbox_of_one_who_left()
    {
        Edit("people.csv", "grid-worker-18,网格员 18,Grid worker 18\n", "");
        Edit("roles.csv", "grid-worker-18,grid_worker,500153003001001,,,,\n", "");
        (await RunAsync()).Code.ShouldBe(0);
        RestoreFiles();
        Edit("people.csv", "grid-worker-18,网格员 18,Grid worker 18", "grid-worker-18,网格员 44,Grid worker 44");
        var version = await VersionAsync();

        var (code, output) = await RunAsync();

        code.ShouldBe(1);
        output.ShouldContain("  grid-worker-18  网格员 18 → 网格员 44");
        (await VersionAsync()).ShouldBe(version);
        await RestoreAsync();
    }

    [Fact]
    public async Task A_node_that_is_behind_lets_nobody_act_who_was_dismissed_meanwhile()
    {
        var (log, catalogue, live) = (Town.Services.GetRequiredService<IEventLog>(), Town.Services.GetRequiredService<EventCatalogue>(), Town.Services.GetRequiredService<IOrganization>());
        var behind = new Behind(await Town.Services.GetRequiredService<OrganizationStream>().LoadAsync(CancellationToken.None), live, Town.Clock);
        var commands = new StreamCommands(log, catalogue, new NoticeRoutes(Town.Services.GetRequiredService<NoticePlan>(), [], Town.Services.GetRequiredService<IPolicies>(), behind));
        var kind = new CaseKind(behind, Town.Services.GetRequiredService<IPolicies>(), Town.Services.GetRequiredService<NoticePlan>());
        Edit("people.csv", "grid-worker-18,网格员 18,Grid worker 18\n", "");
        Edit("roles.csv", "grid-worker-18,grid_worker,500153003001001,,,,\n", "");
        var which = await Town.ACaseThatWasReported(by: "grid-worker-18");
        (await RunAsync()).Code.ShouldBe(0);
        await FollowedAsync();
        var version = await VersionAsync(which);
        var now = Town.Clock.GetUtcNow();
        IReadOnlyList<Caller> AsItSays() => Callers.From("grid-worker-18", "", behind.At(now));
        behind.Now.FindPerson("grid-worker-18").ShouldNotBeNull();
        var work = new StreamWork<Case, CaseCommand, CaseEvent>(which.Id, "urge", (_, _) => Task.FromResult<CaseCommand>(new UrgeCase(null, now)), AsItSays(), now, now) { CallersNow = AsItSays };

        (await Should.ThrowAsync<ProblemException>(() => commands.ExecuteAsync(kind, work, CancellationToken.None))).Code.ShouldBe("actor.unknown");

        behind.Asked.ShouldBe(1);
        (await VersionAsync(which)).ShouldBe(version);

        // And where it does not get along, nobody acts at all.
        var stuck = new Behind(behind.First, null, Town.Clock);
        var others = new StreamCommands(log, catalogue, new NoticeRoutes(Town.Services.GetRequiredService<NoticePlan>(), [], Town.Services.GetRequiredService<IPolicies>(), stuck));
        (await others.ExecuteAsync(kind, work with { CallersNow = null }, CancellationToken.None)).ShouldBeOfType<Outcome.Busy>();
        (await VersionAsync(which)).ShouldBe(version);
        await RestoreAsync();
    }

    [Fact]
    public async Task A_node_that_is_behind_refuses_nobody_who_was_seated_meanwhile()
    {
        var (log, catalogue, live) = (Town.Services.GetRequiredService<IEventLog>(), Town.Services.GetRequiredService<EventCatalogue>(), Town.Services.GetRequiredService<IOrganization>());
        var behind = new Behind(await Town.Services.GetRequiredService<OrganizationStream>().LoadAsync(CancellationToken.None), live, Town.Clock);
        var commands = new StreamCommands(log, catalogue, new NoticeRoutes(Town.Services.GetRequiredService<NoticePlan>(), [], Town.Services.GetRequiredService<IPolicies>(), behind));
        var kind = new CaseKind(behind, Town.Services.GetRequiredService<IPolicies>(), Town.Services.GetRequiredService<NoticePlan>());
        Edit("roles.csv", "grid-worker-18,grid_worker,500153003001001,,,,\n", "grid-worker-18,grid_worker,500153003001001,,,,\ngrid-worker-18,center_operator,500153003,,,,\n");
        var which = await Town.ACaseThatWasReported();
        (await RunAsync()).Code.ShouldBe(0);
        await FollowedAsync();
        var now = Town.Clock.GetUtcNow();
        IReadOnlyList<Caller> AsItSays() => Callers.From("grid-worker-18", "", behind.At(now));
        AsItSays().ShouldAllBe(caller => caller.By.Role == Role.GridWorker);
        var work = new StreamWork<Case, CaseCommand, CaseEvent>(
            which.Id, "file", (_, _) => Task.FromResult<CaseCommand>(new FileCase("river-pollution", Sector.Livelihood, Urgency.Normal, null)), AsItSays(), now, now) { CallersNow = AsItSays };

        (await commands.ExecuteAsync(kind, work, CancellationToken.None)).ShouldBeOfType<Outcome.Done>();

        behind.Asked.ShouldBe(1);
        await RestoreAsync();
    }

    /// <summary>The organization of a node that has not followed the log: it catches up when it is waited for, if there is anything to catch up with.</summary>
    private sealed class Behind(LoadedOrganization first, IOrganization? live, TimeProvider clock) : IOrganization
    {
        private bool _caughtUp;

        public LoadedOrganization First => first;

        public int Asked { get; private set; }

        public OrganizationHistory History => _caughtUp ? live!.History : first.History;

        public long Version => _caughtUp ? live!.Version : first.Version;

        public OrganizationDirectory Now => At(clock.GetUtcNow());

        public OrganizationHistory AsOf(long position) => History;

        public OrganizationDirectory At(DateTimeOffset instant) => History.At(instant);

        public Task<bool> FollowedAsync(long version, CancellationToken cancellation)
        {
            Asked++;
            return Task.FromResult(_caughtUp = live is not null);
        }

        public Task<bool> FollowedAsync(LogPosition position, CancellationToken cancellation) => FollowedAsync(0, cancellation);

        public long Changes => Version;

        public Task ReachedAsync(LogPosition position, CancellationToken cancellation) => Task.CompletedTask;
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

    [Fact]
    public async Task Spots_come_change_and_end_with_the_folder_and_a_former_one_says_what_to_do_instead()
    {
        Edit("spots.csv", ",16号垃圾箱,Bin 16,", ",16号分类垃圾箱,Sorted bin 16,");
        var spots = Path.Combine(_folder.FullName, "spots.csv");
        await File.WriteAllLinesAsync(spots, [.. (await File.ReadAllLinesAsync(spots)).Where(line => !line.StartsWith("bin-17,", StringComparison.Ordinal)), "lamp-7,500153003201001001,7号路灯,Lamp 7,lamp,street-light,village:500153003201,"
            + "village-secretary-04,,,,"]);

        var preview = await RunAsync("--dry-run");
        preview.Code.ShouldBe(0, preview.Output);
        preview.Output.ShouldMatchApproved(c => Approved(c));
        (await RunAsync()).Code.ShouldBe(0);
        (await RunAsync()).Output.ShouldBe("The organization is as the files say: nothing to import.\n");
        await FollowedAsync();

        (await Town.As(People.Resident).ReportAsync("{\"spot\":\"bin-17\"}")).Problem(422, "spot.former", "spot").Message.Zh.ShouldContain("17号垃圾箱");
        (await Town.As(People.Resident).GetAsync("/api/spots/bin-17")).Object["endedOn"]!.GetValue<string>().ShouldBe(Town.Clock.GetUtcNow().AddHours(8).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        var lamp = await Town.As(People.Resident).ReportAsync("{\"spot\":\"lamp-7\"}");
        (await Town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{lamp.Receipt.Id}")).Assignment!.ShouldSatisfyAllConditions(given => (given.Unit.ToString(), given.Person).ShouldBe(("village:500153003201", "village-secretary-04")));

        // A case of its time goes on to name it.
        await RestoreAsync();
        (await Town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{lamp.Receipt.Id}")).Details.Spot!.Name.ShouldBe("7号路灯");
        (await Town.As(People.Resident).GetAsync("/api/spots/bin-17")).Object.ContainsKey("endedOn").ShouldBeFalse();
    }

    [Fact]
    public async Task Whoever_left_since_is_not_waited_for_and_the_unit_has_the_report()
    {
        (await Town.As("administrator-01").PostAsync("/api/organization/relieve", "{\"person\":\"post-handler-07\",\"seat\":{\"role\":\"post_handler\",\"place\":\"500153003\",\"post\":\"ecology\"}}")).Status.ShouldBe(200);
        await FollowedAsync();

        var scan = await Town.As(People.Resident).ReportAsync("{\"spot\":\"bin-20\"}");

        // Nobody else holds the post: the lead of its sector has it, and may take it.
        (await Town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{scan.Receipt.Id}")).Assignment!.ShouldSatisfyAllConditions(given => (given.Unit.ToString(), given.Person).ShouldBe(("post:ecology", null)));
        (await Town.As(People.SectorLead).CommandAsync(scan.Receipt.Id, "claim", new ClaimCaseRequest())).Status.ShouldBe(200);
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
        RestoreFiles();
        (await RunAsync()).Code.ShouldBe(0);
        await FollowedAsync();
    }

    private void RestoreFiles()
    {
        foreach (var file in Directory.GetFiles(_folder.FullName))
            File.Delete(file);
        foreach (var file in new DirectoryInfo(OrganizationFolder.DemoDistrict).EnumerateFiles())
            file.CopyTo(Path.Combine(_folder.FullName, file.Name));
    }

    /// <summary>How far the organization's own stream is: what other tests left behind (a case that looks for another holder) may still be written beside it.</summary>
    private Task<long> VersionAsync() => Town.AskAsync<long>("select version from mt_streams where id = 'organization:district'");

    private Task<long> VersionAsync(TestCase which) => Town.AskAsync<long>($"select version from mt_streams where id = '{which.Stream}'");

    private Task FollowedAsync() => Town.OrganizationFollowedAsync();

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
