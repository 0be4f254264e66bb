using System.Text.Json;
using System.Text.Json.Nodes;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Formats;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Deadlines;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Testing.Clock;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CommandCenter.Host.Tests.Deadlines;

/// <summary>The policy and the calendar in the log: imported, previewed, exported, followed by every host, and open cases counted anew.</summary>
public sealed class PolicyLoopTests : IAsyncLifetime
{
    private const string Administrator = "administrator-01";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("policies-");
    private Town? _town;

    private Town Town => _town!;

    // The last Monday of a year whose successor is not announced.
    public async Task InitializeAsync() => _town = await Town.StartAsync(new VirtualClock(new DateTimeOffset(2026, 12, 28, 1, 0, 0, TimeSpan.Zero)));

    public async Task DisposeAsync()
    {
        await Town.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_policy_is_previewed_taken_exported_and_counts_for_new_cases_only_unless_open_ones_are_counted_anew()
    {
        var client = Town.As(Administrator);
        var first = await client.GetAsync<PolicyView>("/api/policy");
        (first.Revision, first.Current.Version, first.Current.Counts, first.Current.By, first.Recount).ShouldBe((2, "default-1", true, "system:import", null));
        first.Years.Select(year => (year.Year, year.Announced)).ShouldContain((2027, false));
        var file = await File.ReadAllTextAsync(Path.Combine(PolicyFolder.Bundled, "default-2.json"));
        var head = await Town.HeadAsync();

        // A preview takes nothing, and what is wrong is told line by line.
        var preview = (await client.PostAsync("/api/policy/import?dryRun=true", file)).Ok<PolicyAnswer>();
        preview.Preview!.Count(change => change.Section == "matters").ShouldBe(147);
        preview.Preview!.ShouldContain(change => change.Section == "rules" && change.Key == "verify/normal" && change.Before != null && change.After != null);
        var broken = (await client.PostAsync("/api/policy/import", file.Replace("\"ladder\": \"urgent\"", "\"ladder\": \"nowhere\"", StringComparison.Ordinal))).Problem(422, "policy.file_refused");
        broken.Lines![0].Line.ShouldStartWith("lines/");
        (await client.PostAsync("/api/policy/import", "{")).Problem(422, "policy.file_refused").Lines![0].Message.En.ShouldStartWith("line 1:");
        (await Town.As("office-01").PostAsync("/api/policy/import", file)).Problem(403, "access.denied");
        (await client.PostAsync("/api/policy/import?from=2020-01-01", file)).Problem(409, "policy.from_passed");
        (await client.PostAsync("/api/policy/import?from=tomorrow", file)).Problem(400, "request.malformed", "from");
        (await Town.HeadAsync()).ShouldBe(head);

        var before = await Town.ACaseThatWasDispatched(Town.AReport(category: "damaged-road"));
        var key = TownClient.NewKey();
        var taken = await client.PostAsync("/api/policy/import", file, key);
        taken.Receipt.Version.ShouldBe(3);
        (await client.PostAsync("/api/policy/import", file, key)).Replayed.ShouldBeTrue();
        var now = await client.GetAsync<PolicyView>($"/api/policy?minPosition={taken.Position}");
        (now.Current.Version, now.Current.By, now.Current.Contents.Matters.Values.Sum()).ShouldBe(("default-2", Administrator, 147));
        (await client.GetAsync<PolicyVersionsView>("/api/policy/versions")).Items.Select(version => (version.Version, version.Counts)).ShouldBe([("default-2", true), ("default-1", false)]);

        // A case keeps what it began under; another begins under the new one, with the limit of its matter.
        var after = await Town.ACaseThatWasDispatched(Town.AReport(category: "damaged-road"));
        (await HandleOf(before)).ShouldSatisfyAllConditions(clock => clock.Policy.ShouldBe("default-1"), clock => clock.Limit.Unit.ShouldBe(TimeUnit.NaturalDays));
        (await HandleOf(after)).ShouldSatisfyAllConditions(clock => clock.Policy.ShouldBe("default-2"), clock => clock.Limit.ShouldBe(new Limit(5, TimeUnit.WorkingDays)), clock => clock.Matter.ShouldBe("damaged-road"), clock => clock.Provisional.ShouldBeTrue());

        // What was exported imported again is no change; an edit is a new version, here for open cases too.
        var exported = (await client.GetAsync("/api/policy/export")).Text;
        (await client.PostAsync("/api/policy/import?dryRun=true", exported)).Ok<PolicyAnswer>().Preview!.ShouldBeEmpty();
        var rule = (await client.GetAsync<DeadlinePolicy>("/api/policy/export")).RuleFor(Clock.HardLimit, Urgency.Normal) with { Limit = new Limit(20, TimeUnit.NaturalDays) };
        (await client.PostAsync("/api/policy/edit", new EditPolicyRequest("default-2", [rule]))).Problem(409, "policy.version_taken");
        await client.PostAsync("/api/policy/edit", new EditPolicyRequest("edited", [rule], Recount: true));
        await RecountedAsync("edited");
        foreach (var which in (TestCase[])[before, after])
        {
            var clocks = (await client.GetAsync<CaseDeadlines>($"{which.Path}/deadlines")).Clocks;
            clocks.Single(clock => clock.Clock == Clock.HardLimit).ShouldSatisfyAllConditions(clock => clock.Policy.ShouldBe("edited"), clock => clock.DueAt.ShouldBe(clock.StartedAt.AddDays(20)));
            (await Town.EventsOf(which)).Count(type => type == "case_clock_recounted").ShouldBe(2, "handling and the hard limit");
        }

        (await HandleOf(before)).ShouldSatisfyAllConditions(clock => clock.Limit.ShouldBe(new Limit(5, TimeUnit.WorkingDays)), clock => clock.Why.En.ShouldContain("another policy"));

        // A version planned for later knows nothing of what is changed meanwhile, and who changes it is told; a change for that day is one of it.
        var day = Town.Clock.GetUtcNow().AddDays(60);
        var planned = await client.PostAsync("/api/policy/edit", new EditPolicyRequest("later", [rule with { Limit = new Limit(25, TimeUnit.NaturalDays) }], From: day));
        await client.GetAsync<PolicyView>($"/api/policy?minPosition={planned.Position}");
        (await client.PostAsync("/api/policy/edit?dryRun=true", new EditPolicyRequest("meanwhile", [rule with { Limit = new Limit(19, TimeUnit.NaturalDays) }]))).Ok<PolicyAnswer>().Planned.ShouldBe([new PlannedPolicy("later", day)]);
        var accept = (await client.GetAsync<DeadlinePolicy>("/api/policy/export")).RuleFor(Clock.Accept, Urgency.Normal) with { Limit = new Limit(19, TimeUnit.UrgentMinutes) };
        var onTheDay = (await client.PostAsync("/api/policy/edit?dryRun=true", new EditPolicyRequest("on-the-day", [accept], From: day))).Ok<PolicyAnswer>();
        onTheDay.Planned!.ShouldBeEmpty();
        onTheDay.Preview!.Select(change => change.Key).ShouldBe(["accept/normal"], "the other change is planned for then already");

        // Under a policy of half an hour for accepting and one for handling both would be late by now; nothing is written.
        Town.Clock.Advance(TimeSpan.FromHours(1));
        head = await Town.HeadAsync();
        var hasty = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(PolicyFolder.Bundled, "default-1.json")))!;
        hasty["version"] = "hasty";
        hasty["rules"]![6]!["limit"] = JsonNode.Parse("""{"amount":30,"unit":"urgent_minutes"}""");
        hasty["rules"]![6]!["ladder"] = hasty["rules"]![0]!["ladder"]!.DeepClone();
        var path = Path.Combine(_folder.FullName, "hasty.json");
        await File.WriteAllTextAsync(path, hasty.ToJsonString());
        var report = JsonSerializer.Deserialize<TrialReport>((await RunAsync("policy", "try", path, "--from", "2026-12-01", "--json")).Output, DomainJson.Options)!;
        (report.Policy, report.Cases).ShouldBe(("hasty", 2));
        report.Matters.ShouldHaveSingleItem().LateCases.ShouldBe(new Tried(0, 2));
        report.Notices.Where(row => row.Level is not null).Sum(row => row.Notices.Would).ShouldBeGreaterThan(0);
        var words = (await RunAsync("policy", "try", path, "--from", "2026-12-01")).Output;
        words.ShouldContain("damaged-road");
        words.ShouldContain("0 → 2");
        (await RunAsync("policy", "try", path, "--from", "2027-12-01")).Output.ShouldContain("over 0 cases");
        (await Town.HeadAsync()).ShouldBe(head);
    }

    [Fact]
    public async Task The_calendar_of_a_year_makes_open_deadlines_final_also_where_no_host_ran_when_it_came_and_one_was_cut_short()
    {
        await ImportAsync(Path.Combine(PolicyFolder.Bundled, "default-2.json"));
        await FollowedAsync("default-2");
        List<TestCase> open = [];
        for (var i = 0; i < 3; i++)
            open.Add(await Town.ACaseThatWasDispatched(Town.AReport(category: "damaged-road")));
        var natural = await Town.ACaseThatWasReported();
        var due = (await HandleOf(open[0])).DueAt!.Value;
        var year = Path.Combine(_folder.FullName, "2027.json");
        await File.WriteAllTextAsync(year, Announced());

        // Nobody runs: the verb writes it down, and the next host does it.
        await Town.CaughtUpAsync();
        await Town.StopAsync();
        var preview = await RunAsync("policy", "calendar", year, "--dry-run");
        preview.Output.ShouldContain("2027 announced");
        preview.Output.ShouldContain("A preview: nothing was imported.");
        (await RunAsync("policy", "calendar", year)).Output.ShouldContain("Open cases are counted anew");
        (await RunAsync("policy", "calendar", year)).Output.ShouldContain("It is so already");
        await Town.StartAgainAsync();
        await RecountedAsync("default-2");

        foreach (var which in open)
        {
            (await Town.EventsOf(which)).Count(type => type == "case_clock_recounted").ShouldBe(1);
            (await HandleOf(which)).ShouldSatisfyAllConditions(clock => clock.Provisional.ShouldBeFalse(), clock => clock.DueAt.ShouldBe(due.AddDays(1)), clock => clock.Why.En.ShouldContain("the calendar was announced"));
            (await Town.AskAsync<long>($"select count(*) from cc_timers where saga_id = '{which.Id}' and name like 'handle/%' and attempt = 100001")).ShouldBe(1, "its timer was set anew");
            (await Town.AskAsync<long>($"select count(*) from cc_timers where saga_id = '{which.Id}' and name like 'handle/%'")).ShouldBe(1);
        }

        (await Town.EventsOf(natural)).ShouldNotContain("case_clock_recounted");
        var recount = (await Town.As(Administrator).GetAsync<PolicyView>("/api/policy")).Recount!;
        (recount.Cause, recount.Cases, recount.Recounted).ShouldBe((RecountCause.Calendar, 4, 3));
        recount.FinishedAt.ShouldNotBeNull();
        (await Town.As(Administrator).GetAsync<CalendarView>("/api/policy/calendar")).Years.Single(known => known.Year == 2027).Announced.ShouldBeTrue();
        (await Town.As(Administrator).PostAsync("/api/policy/calendar/years", await File.ReadAllTextAsync(Path.Combine(CalendarFolder.Bundled, "2027.json")))).Problem(409, "calendar.announced_before");
        (await Town.As(Administrator).PostAsync("/api/policy/calendar/hours?dryRun=true", """{"rules":[{"spans":["09:00"]}]}""")).Problem(422, "policy.file_refused");
    }

    [Fact]
    public async Task The_calendar_of_a_year_counts_the_limit_of_a_listed_case_anew_and_its_case_says_so_too()
    {
        // Given a policy under which plates are limited in working days, and two listed cases, one of them closed since,
        var policy = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(PolicyFolder.Bundled, "default-2.json")))!;
        (policy["version"], policy["supervision"]!["general"]) = ("plates", JsonNode.Parse("""{"amount":5,"unit":"working_days"}"""));
        var path = Path.Combine(_folder.FullName, "plates.json");
        await File.WriteAllTextAsync(path, policy.ToJsonString());
        await ImportAsync(path);
        await FollowedAsync("plates");
        var listed = await Town.ACaseThatWasDispatched(Town.AReport(category: "damaged-road"));
        var ended = await Town.ACaseThatWasDispatched(Town.AReport(category: "damaged-road"));
        foreach (var which in (TestCase[])[listed, ended])
            (await Town.As("district-leader-01").PostAsync($"/api/listings/{which.Id}/open", new Host.Listings.OpenListingRequest())).Status.ShouldBe(200);
        foreach (var (command, body, by) in ((string, object, string)[])
            [
                ("claim", new ClaimCaseRequest(), People.Handler), ("complete", new CompleteCaseRequest("已修补"), People.Handler), ("verify", new VerifyCaseRequest(true), People.GridWorker),
                ("rate", new RateCaseRequest(5, FixResult.Fixed, "电话回访：已告知结果"), People.Operator), ("close", new CloseCaseRequest("办结"), People.Dispatcher),
            ])
            await Town.After(ended, command, body, by);
        var before = await ItemAsync(listed);
        before.Provisional.ShouldBeTrue();

        // when the next year is announced with one more day off,
        (await Town.As(Administrator).PostAsync("/api/policy/calendar/years", Announced())).Status.ShouldBe(200);
        await RecountedAsync("plates");

        // then both plates are due a day later, for good, and so say their cases and their timers.
        foreach (var which in (TestCase[])[listed, ended])
        {
            (await ItemAsync(which)).ShouldSatisfyAllConditions(item => item.DueAt.ShouldBe(before.DueAt.AddDays(1), TimeSpan.FromSeconds(5)), item => item.Provisional.ShouldBeFalse(), item => item.Overdue.ShouldBeFalse());
            (await Town.EventsOf(which)).Count(type => type == "case_listing_recounted").ShouldBe(1);
            (await Town.ColumnAsync($"select attempt from cc_timers where saga = 'listing_limits' and saga_id = '{which.Id}'")).ShouldBe(["100001"]);
        }

        var detail = await Town.As(People.TownLeader).GetAsync<Host.Listings.ListingDetail>($"/api/listings/{listed.Id}");
        detail.History.ShouldContain(entry => entry.Type == "listing_recounted" && entry.DueAt == detail.Rounds[0].DueAt);
        (await Town.As(People.TownLeader).GetAsync<CaseDetail>($"/api/cases/{listed.Id}")).Details.Listed!.DueAt.ShouldBe(detail.Rounds[0].DueAt);

        async Task<Host.Listings.ListingItem> ItemAsync(TestCase which)
        {
            await Town.CaughtUpAsync();
            return (await Town.As(People.Supervisor).GetAsync<Host.Listings.ListingItems>($"/api/listings?caseId={which.Id}")).Items.ShouldHaveSingleItem();
        }
    }

    [Fact]
    public async Task A_recount_that_is_killed_in_the_middle_of_a_page_goes_on_and_counts_every_case_exactly_once()
    {
        await ImportAsync(Path.Combine(PolicyFolder.Bundled, "default-2.json"));
        await FollowedAsync("default-2");
        List<TestCase> open = [];
        for (var i = 0; i < 5; i++)
            open.Add(await Town.ACaseThatWasDispatched(Town.AReport(category: "damaged-road")));
        await Town.CaughtUpAsync();

        // Given a node that holds the recount, and is killed when two cases of its page are counted: what it wrote is in the log, how far it was is not.
        await using (var node = await Town.Database.OpenConnectionAsync())
        {
            await using (var hold = new NpgsqlCommand("select pg_advisory_lock(hashtextextended('case_recount', 1))", node))
                await hold.ExecuteNonQueryAsync();
            (await Town.As(Administrator).PostAsync("/api/policy/calendar/years", Announced())).Status.ShouldBe(200);
            var (commands, cases, policies) = (Town.Services.GetRequiredService<StreamCommands>(), Town.Services.GetRequiredService<CaseKind>(), Town.Services.GetRequiredService<IPolicies>());
            await Town.UntilAsync(() => Task.FromResult(policies.History.Due is not null), "the host knows that open cases are to be counted anew");
            var recount = policies.History.Due!;
            foreach (var which in open.Take(2))
                (await RecountWorker.CountAsync(commands, cases, which.Id, recount, Town.Clock.GetUtcNow(), CancellationToken.None)).ShouldBeTrue();
            await using var release = new NpgsqlCommand("select pg_advisory_unlock(hashtextextended('case_recount', 1))", node);
            await release.ExecuteNonQueryAsync();
        }

        // Then another goes on, and the figures are those of the cases.
        await RecountedAsync("default-2");
        foreach (var which in open)
            (await Town.EventsOf(which)).Count(type => type == "case_clock_recounted").ShouldBe(1, which.Id);
        var view = (await Town.As(Administrator).GetAsync<PolicyView>("/api/policy")).Recount!;
        (view.Cases, view.Recounted).ShouldBe((5, 5));
    }

    [Fact]
    public async Task A_log_with_cases_and_without_a_policy_begins_with_the_folders_and_its_cases_go_on()
    {
        var claimed = await Town.ACaseThatWasClaimed();
        var due = (await HandleOf(claimed)).DueAt!.Value;
        await Town.CaughtUpAsync();
        await Town.StopAsync();
        // As a program left it that read its policy from the folders: the stream is one that nobody asks for.
        await using (var connection = await Town.Database.OpenConnectionAsync())
        {
            await using var rename = new NpgsqlCommand(
                """
                set session_replication_role = replica;
                update mt_streams set id = 'policy:elsewhere' where id = 'policy:district';
                update mt_events set stream_id = 'policy:elsewhere' where stream_id = 'policy:district';
                set session_replication_role = origin;
                """,
                connection);
            await rename.ExecuteNonQueryAsync();
        }

        (await Town.AskAsync<long>("select count(*) from mt_events where stream_id = 'policy:district'")).ShouldBe(0);
        await Town.StartAgainAsync();

        var view = await Town.As(Administrator).GetAsync<PolicyView>("/api/policy");
        // Every version of the folders, so that a case under any of them goes on, and last the one that counts.
        (view.Revision, view.Current.Version, view.Current.By, view.Recount).ShouldBe((3, "default-1", "system:import", null));
        (await Town.As(Administrator).GetAsync<PolicyVersionsView>("/api/policy/versions")).Items.Select(version => (version.Version, version.Counts)).ShouldBe([("default-1", true), ("default-2", false)]);
        (await HandleOf(claimed)).ShouldSatisfyAllConditions(clock => clock.DueAt.ShouldBe(due), clock => clock.Policy.ShouldBe("default-1"));
        await Town.PassAsync(due - Town.Clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        (await Town.EventsOf(claimed)).ShouldContain("case_escalated");
        await Town.After(claimed, "complete", new CompleteCaseRequest("已清运"), People.Handler);
    }

    [Fact]
    public async Task Two_versions_are_compared_place_by_place()
    {
        await ImportAsync(Path.Combine(PolicyFolder.Bundled, "default-2.json"));
        await FollowedAsync("default-2");
        var differences = await Town.As(People.Dispatcher).GetAsync<PolicyDifferences>("/api/policy/differences?from=default-1");
        (differences.From, differences.To, differences.Items.Count(change => change.Section == "matters")).ShouldBe(("default-1", "default-2", 147));
        var back = await Town.As(People.Dispatcher).GetAsync<PolicyDifferences>("/api/policy/differences?from=default-2&to=default-1");
        back.Items.Select(change => (change.Section, change.Key, change.After)).ShouldBe(differences.Items.Select(change => (change.Section, change.Key, change.Before)), ignoreOrder: true);
        (await Town.As(People.Dispatcher).GetAsync<PolicyDifferences>("/api/policy/differences?from=default-2&to=default-2")).Items.ShouldBeEmpty();
        (await Town.As(People.Dispatcher).GetAsync("/api/policy/differences?from=nowhere")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Export_prints_what_counts_and_import_says_what_it_would_change()
    {
        var exported = await RunAsync("policy", "export");
        exported.Code.ShouldBe(0);
        DeadlinePolicyReader.Read(exported.Output).Policy!.Version.ShouldBe("default-1");
        var path = Path.Combine(_folder.FullName, "longer.json");
        var policy = JsonNode.Parse(exported.Output)!;
        policy["version"] = "longer";
        policy["rules"]![6]!["limit"]!["amount"] = 9;
        await File.WriteAllTextAsync(path, policy.ToJsonString());

        var preview = await RunAsync("policy", "import", path, "--dry-run", "--from", "2027-02-01");
        preview.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            "Policy longer counts from 2027-01-31T16:00:00.000000Z on, for clocks that start under it:", "  ~ rules  handle/normal  7 natural days → 9 natural days",
            "A preview: nothing was imported. Leave out --dry-run to import it.",
        ]);
        (await RunAsync("policy", "import", path, "--from", "2027-02-01")).Output.ShouldContain("Imported at ");
        (await Town.As(Administrator).GetAsync<PolicyView>($"/api/policy?minPosition=1:{await Town.HeadAsync()}")).ShouldSatisfyAllConditions(
            view => view.Current.Version.ShouldBe("default-1"), view => view.Next!.Version.ShouldBe("longer"));
        Town.Clock.AdvanceTo(new DateTimeOffset(2027, 1, 31, 16, 0, 0, TimeSpan.Zero));
        (await Town.As(Administrator).GetAsync<PolicyView>("/api/policy")).Current.Version.ShouldBe("longer", "the day begins without anybody doing anything");

        policy["rules"]![6]!["limit"]!["amount"] = 0;
        await File.WriteAllTextAsync(path, policy.ToJsonString());
        var broken = await RunAsync("policy", "import", path);
        broken.Code.ShouldBe(1);
        broken.Output.ShouldContain("a limit is positive");
    }

    private async Task<DeadlineView> HandleOf(TestCase which) =>
        (await Town.As(People.Operator).GetAsync<CaseDeadlines>($"{which.Path}/deadlines")).Clocks.Last(clock => clock.Clock == Clock.Handle);

    private async Task ImportAsync(string path) => (await RunAsync("policy", "import", path)).Code.ShouldBe(0);

    /// <summary>Another program wrote it; this host follows.</summary>
    private Task FollowedAsync(string version) => Town.UntilAsync(
        async () => (await Town.As(Administrator).GetAsync<PolicyView>("/api/policy")).Current.Version == version, $"the host counts by {version}");

    private Task RecountedAsync(string version) => Town.UntilAsync(
        async () => await Town.As(Administrator).GetAsync<PolicyView>("/api/policy") is { Recount.FinishedAt: not null } view && view.Current.Version == version, "open cases were counted anew");

    private async Task<(int? Code, string Output)> RunAsync(params string[] words)
    {
        using var output = new StringWriter();
        using var messages = new StringWriter();
        var code = await Verbs.Verbs.RunAsync([.. words, $"--ConnectionStrings:CommandCenter={Town.ConnectionString}", $"--CommandCenter:DataFolder={Town.DataFolder}"], Town.Clock, output, messages);
        return (code, output.ToString());
    }

    /// <summary>The derived year as if it had been announced with one more day off at the new year.</summary>
    private static string Announced()
    {
        var year = CalendarReader.ReadYear(File.ReadAllText(Path.Combine(CalendarFolder.Bundled, "2027.json"))).Year!;
        return JsonSerializer.Serialize(
            year with
            {
                Announced = true,
                Source = new CalendarSource("国务院办公厅关于2027年部分节假日安排的通知", new DateOnly(2026, 12, 28)),
                Holidays = [year.Holidays[0] with { To = year.Holidays[0].To.AddDays(1) }, .. year.Holidays.Skip(1)],
            },
            DomainJson.Options);
    }
}
