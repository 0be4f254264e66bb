using System.Text.Json.Nodes;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Listings;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Files;
using CommandCenter.Host.Inbox;
using CommandCenter.Host.Listings;
using CommandCenter.Host.Tests.Towns;

namespace CommandCenter.Host.Tests.Listings;

/// <summary>A case's way onto the list of supervision and off it again.</summary>
public sealed class ListingLoopTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private const string Leader = "district-leader-01";
    private const string MainLeader = "district-secretary-01";

    private Town Town => fixture.Town;

    [Fact]
    public async Task At_the_hard_limit_a_case_is_listed_by_itself_in_the_same_moment_climbs_by_its_own_limit_and_comes_off_on_proof()
    {
        // Given a case that nobody finished in thirty days,
        var claimed = await Town.ACaseThatWasClaimed(Town.AReport("道路破损多年", "damaged-road"));
        await Town.PassAsync(TimeSpan.FromDays(30));

        // it is listed once, with a number, a limit and its supervisor, in the append that let it climb.
        (await Town.ColumnAsync($"select type from mt_events where stream_id = 'listing:{claimed.Id}'")).ShouldBe(["listing_opened"]);
        var (escalated, opened) = (await Town.AskAsync<long>($"select max(seq_id) from mt_events where stream_id = 'case:{claimed.Id}' and type = 'case_escalated'"), await Town.AskAsync<long>($"select max(seq_id) from mt_events where stream_id = 'listing:{claimed.Id}'"));
        (await Town.AskAsync<long>($"select max(seq_id) from mt_events where stream_id = 'case:{claimed.Id}' and type = 'case_listed'")).ShouldBe(escalated + 1);
        opened.ShouldBe(escalated + 2);
        (await Town.As(People.TownLeader).GetAsync<CaseDetail>($"/api/cases/{claimed.Id}")).Details.Listed.ShouldNotBeNull().ShouldSatisfyAllConditions(
            one => one.Reason.ShouldBe(ListingReason.HardLimit), one => one.Grade.ShouldBe(ListingGrade.General));
        (await CasesAsync("listed=true")).ShouldContain(one => one.Id == claimed.Id && one.ListedUntil != null);
        var item = await ItemAsync(claimed);
        (item.Stage, item.Grade, item.Reason, item.Overdue, item.LateCases).ShouldBe((ListingStage.Listed, ListingGrade.General, ListingReason.HardLimit, false, 1));
        item.DueAt.ShouldBe(item.ListedAt.AddDays(10), TimeSpan.FromSeconds(1));
        item.Number.ShouldMatch(@"^20\d\d-\d{3}$");
        item.Supervisors.Select(one => one.Id).ShouldBe([Leader]);
        (await ToldAsync(Leader, claimed)).ShouldBe([NoticeKind.ListingOpened]);
        (await ToldAsync(People.TownLeader, claimed)).ShouldBe([NoticeKind.ListingOpened]);

        // The town reports, with a file; whoever supervises is told.
        (await Town.As(People.TownLeader).PostAsync(Path(claimed, "report"), new ReportListingRequest("资金已落实，施工队本周进场。"))).Status.ShouldBe(200);
        (await Town.As(People.Handler).PostAsync(Path(claimed, "report"), new ReportListingRequest("已进场"))).Problem(403, "access.denied");
        (await ItemAsync(claimed)).ShouldSatisfyAllConditions(one => one.Reports.ShouldBe(1), one => one.LastProgress.ShouldBe("资金已落实，施工队本周进场。"));

        // Its own limit is warned of, passes, and climbs to the district's main leader.
        await Town.PassAsync(TimeSpan.FromDays(15));
        var history = (await ReadAsync(claimed)).History;
        history.Select(entry => entry.Step).ShouldBe([null, null, "warning", "overdue", "main-leader"]);
        history[4].Raised.ShouldBe(true);
        (await ToldAsync(MainLeader, claimed)).ShouldBe([NoticeKind.ListingOverdue]);
        (await ItemAsync(claimed)).ShouldSatisfyAllConditions(one => one.Overdue.ShouldBeTrue(), one => one.Grade.ShouldBe(ListingGrade.Concentrated), one => one.Supervisors.Select(told => told.Id).ShouldBe([MainLeader]));

        // Neither the leader in charge nor the town takes the plate down now, and nobody without proof or before the work is done.
        (await Town.As(Leader).PostAsync(Path(claimed, "lift"), new LiftListingRequest("已修复"))).Problem(403, "access.denied");
        (await Town.As(MainLeader).PostAsync(Path(claimed, "lift"), new LiftListingRequest("已修复"))).Problem(409, "listing.not_done");
        var completed = await Town.After(claimed, "complete", new CompleteCaseRequest("坑洞已填补"), People.Handler);
        (await Town.As(MainLeader).PostAsync(Path(claimed, "lift"), new LiftListingRequest("已修复"))).Problem(409, "listing.not_done");
        await Town.After(completed, "verify", new VerifyCaseRequest(true), People.GridWorker);
        (await Town.As(MainLeader).PostAsync(Path(claimed, "lift"), new LiftListingRequest("已修复"))).Problem(409, "listing.proof_missing");
        var photo = await UploadAsync(MainLeader);
        (await Town.As(MainLeader).PostAsync(Path(claimed, "lift"), new LiftListingRequest("现场核实，坑洞已填补。", [new AttachmentRequest(photo, "验收.png")]))).Status.ShouldBe(200);

        (await ItemAsync(claimed)).ShouldSatisfyAllConditions(one => one.Stage.ShouldBe(ListingStage.Lifted), one => one.Number.ShouldBe(item.Number));
        (await Town.As(People.TownLeader).GetAsync<CaseDetail>($"/api/cases/{claimed.Id}")).Details.Listed.ShouldBeNull();
        (await CasesAsync("listed=true")).ShouldNotContain(one => one.Id == claimed.Id);
        var lifted = await ReadAsync(claimed);
        lifted.Possible.ShouldNotContain("lift");
        (await Town.As(People.TownLeader).GetAsync($"{Path(claimed)}/attachments/{lifted.Attachments.ShouldHaveSingleItem().File}")).Body.ShouldBe(Images.Png(7));
        (await Town.AskAsync<long>($"select count(*) from cc_timers where saga = 'listing_limits' and saga_id = '{claimed.Id}'")).ShouldBe(0);
    }

    [Fact]
    public async Task The_third_late_case_of_one_matter_in_one_town_is_concentrated_and_numbers_go_on_without_gaps()
    {
        var cases = new List<TestCase>();
        for (var i = 0; i < 3; i++)
            cases.Add(await Town.ACaseThatWasDispatched(Town.AReport($"井盖破损 {i}", "manhole-cover")));
        await Town.PassAsync(TimeSpan.FromDays(29));
        var byHand = await Town.As(People.Supervisor).PostAsync(Path(cases[0], "open"), new OpenListingRequest("井盖问题限期整改", ListingGrade.General));
        byHand.Status.ShouldBe(200, byHand.Text);
        (await Town.As(People.Supervisor).PostAsync(Path(cases[0], "open"), new OpenListingRequest())).Problem(409, "listing.listed_already");
        await Town.PassAsync(TimeSpan.FromDays(1));

        // The one listed by hand is not listed twice; the others found three late ones.
        (await Town.ColumnAsync($"select type from mt_events where stream_id = 'listing:{cases[0].Id}'")).ShouldBe(["listing_opened"]);
        (await ItemAsync(cases[0])).ShouldSatisfyAllConditions(one => one.Grade.ShouldBe(ListingGrade.General), one => one.Plate.ShouldBe("井盖问题限期整改"), one => one.Reason.ShouldBe(ListingReason.ByHand));
        foreach (var which in cases.Skip(1))
            (await ItemAsync(which)).ShouldSatisfyAllConditions(one => one.Grade.ShouldBe(ListingGrade.Concentrated), one => one.LateCases.ShouldBe(3), one => one.DueAt.ShouldBe(one.ListedAt.AddDays(15), TimeSpan.FromSeconds(1)));
        (await Town.ColumnAsync("select ordinal from board_listings_v1 order by year, position")).ShouldBe(Enumerable.Range(1, (int)await Town.AskAsync<long>("select count(*) from board_listings_v1")).Select(number => $"{number}"));
        (await Town.As(People.Supervisor).GetAsync<ListingItems>("/api/listings?grade=concentrated&stage=listed")).Items.Select(one => one.CaseId).ShouldBe([cases[2].Id, cases[1].Id], ignoreOrder: true);
    }

    [Fact]
    public async Task A_case_that_is_not_fixed_after_its_plate_came_down_is_listed_again_with_another_number_limit_and_supervisor()
    {
        // Given a case that was listed by hand, done, and taken off the list on proof,
        var claimed = await Town.ACaseThatWasClaimed(Town.AReport("排水沟垮塌", "drainage"));
        (await Town.As(Leader).PostAsync(Path(claimed, "open"), new OpenListingRequest("排水沟限期修复"))).Status.ShouldBe(200);
        await Town.CaughtUpAsync();
        var first = (await RoundsAsync(claimed)).ShouldHaveSingleItem();
        (await Town.As(Leader).PostAsync(Path(claimed, "open"), new OpenListingRequest("再挂"))).Problem(409, "listing.listed_already");
        var completed = await Town.After(claimed, "complete", new CompleteCaseRequest("已修复"), People.Handler);
        var verified = await Town.After(completed, "verify", new VerifyCaseRequest(true), People.GridWorker);
        (await Town.As(Leader).PostAsync(Path(claimed, "lift"), new LiftListingRequest("现场核实", [new AttachmentRequest(await UploadAsync(Leader), "验收.png")]))).Status.ShouldBe(200);
        (await Town.As(People.TownLeader).PostAsync(Path(claimed, "report"), new ReportListingRequest("还在观察"))).Problem(409, "listing.lifted");

        // when whoever reported it says that it is not fixed, and the district lists it anew as a concentrated matter,
        await Town.After(verified, "rate", new RateCaseRequest(1, FixResult.NotFixed, "又垮了"), People.Operator);
        await Town.PassAsync(TimeSpan.FromHours(1));
        var again = await Town.As(Leader).PostAsync(Path(claimed, "open"), new OpenListingRequest("排水沟再次垮塌，挂牌督办", ListingGrade.Concentrated));
        again.Status.ShouldBe(200, again.Text);

        // then the second plate has a number of its own, its own limit and the main leader; the first stays as it was.
        var rounds = await RoundsAsync(claimed);
        rounds.Count.ShouldBe(2);
        var second = rounds[0];
        (second.Stage, second.Grade, second.Plate, second.Reason, second.Overdue, second.Reports).ShouldBe((ListingStage.Listed, ListingGrade.Concentrated, "排水沟再次垮塌，挂牌督办", ListingReason.ByHand, false, 0));
        second.DueAt.ShouldBe(second.ListedAt.AddDays(15), TimeSpan.FromSeconds(1));
        second.Supervisors.Select(told => told.Id).ShouldBe([MainLeader]);
        string.CompareOrdinal(second.Number, first.Number).ShouldBeGreaterThan(0, "numbers go on");
        rounds[1].ShouldSatisfyAllConditions(one => one.Number.ShouldBe(first.Number), one => one.Stage.ShouldBe(ListingStage.Lifted), one => one.Plate.ShouldBe("排水沟限期修复"), one => one.DueAt.ShouldBe(first.DueAt));
        (await Town.As(People.Supervisor).GetAsync<CaseDetail>($"/api/cases/{claimed.Id}")).Details.Listed.ShouldNotBeNull().ShouldSatisfyAllConditions(
            one => one.Round.ShouldBe(2), one => one.Grade.ShouldBe(ListingGrade.Concentrated), one => one.DueAt.ShouldBe(second.DueAt));
        (await ToldAsync(MainLeader, claimed)).ShouldBe([NoticeKind.ListingOpened]);

        // Only the second plate's timers run, and its warning is the main leader's; the leader in charge does not take it down.
        (await Town.ColumnAsync($"select name || '/' || attempt from cc_timers where saga = 'listing_limits' and saga_id = '{claimed.Id}'")).ShouldBe(["warning/2"]);
        await Town.PassAsync(TimeSpan.FromDays(13));
        (await ToldAsync(MainLeader, claimed)).ShouldBe([NoticeKind.ListingDue, NoticeKind.ListingOpened]);
        (await Town.As(Leader).PostAsync(Path(claimed, "lift"), new LiftListingRequest("已修复"))).Problem(403, "access.denied");
        (await Town.As(MainLeader).PostAsync(Path(claimed, "lift"), new LiftListingRequest("已修复"))).Problem(409, "listing.not_done");
    }

    [Fact]
    public async Task Only_the_district_lists_by_hand_and_towns_see_their_own_only()
    {
        var dispatched = await Town.ACaseThatWasDispatched();
        (await Town.As(People.TownLeader).PostAsync(Path(dispatched, "open"), new OpenListingRequest())).Problem(403, "access.denied");
        (await Town.As(People.Supervisor).PostAsync($"/api/listings/{new string('0', 32)}/open", new OpenListingRequest())).Problem(404, "case.unknown");
        (await Town.As(People.Supervisor).GetAsync(Path(dispatched))).Problem(404, "listing.unknown");
        (await Town.As(Leader).PostAsync(Path(dispatched, "open"), new OpenListingRequest())).Status.ShouldBe(200);
        (await Town.As(People.NeighbourDispatcher).GetAsync(Path(dispatched))).Problem(403, "access.denied");
        (await Town.As(People.NeighbourDispatcher).GetAsync($"/api/listings?scope={Places.Town}")).Problem(403, "access.denied");
        (await Town.As(People.NeighbourDispatcher).GetAsync<ListingItems>("/api/listings")).Items.ShouldBeEmpty();
        (await Town.As(People.Supervisor).GetAsync("/api/listings?stage=gone")).Problem(400, "request.malformed", "stage");
        await Town.ACaseThatWasClosed();
        (await Town.As(Leader).PostAsync(Path(await Town.ACaseThatWasClosed(), "open"), new OpenListingRequest())).Problem(409, "listing.case_ended");
    }

    [Fact]
    public async Task Every_request_about_a_listing_has_an_example_that_the_host_accepts()
    {
        var document = (await Town.As(null).GetAsync("/openapi/v1.json")).Object;
        var completed = await Town.After(await Town.ACaseThatWasCompleted(), "verify", new VerifyCaseRequest(true), People.GridWorker);
        var photo = await UploadAsync(Leader);
        foreach (var (command, by) in ((string, string)[])[("open", Leader), ("report", People.TownLeader), ("lift", Leader)])
        {
            var reference = document["paths"]![$"/api/listings/{{caseId}}/{command}"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"]!.GetValue<string>();
            var body = JsonNode.Parse(document["components"]!["schemas"]![reference.Split('/')[^1]]!["examples"]![0]!.ToJsonString())!;
            if (body["attachments"] is JsonArray attachments)
                (attachments[0]!["file"], attachments[0]!["name"]) = (photo, "验收单.png");
            var answer = await Town.As(by).PostAsync(Path(completed, command), body.ToJsonString());
            answer.Status.ShouldBe(200, $"{command}: {answer.Text}");
        }
    }

    private static string Path(TestCase which, string? command = null) => $"/api/listings/{which.Id}{(command is null ? "" : $"/{command}")}";

    private async Task<string> UploadAsync(string by) => (await Town.As(by).PostAsync("/api/photos", Images.Png(7), mediaType: "image/png")).Ok<PhotoReceipt>().Photo;

    private async Task<ListingItem> ItemAsync(TestCase which)
    {
        await Town.CaughtUpAsync();
        return (await Town.As(People.Supervisor).GetAsync<ListingItems>($"/api/listings?caseId={which.Id}")).Items.ShouldHaveSingleItem();
    }

    private async Task<IReadOnlyList<ListingItem>> RoundsAsync(TestCase which) => (await ReadAsync(which)).Rounds;

    private async Task<IReadOnlyList<CaseListItem>> CasesAsync(string query)
    {
        await Town.CaughtUpAsync();
        return (await Town.As(People.Supervisor).GetAsync<CaseList>($"/api/cases?{query}")).Items;
    }

    private async Task<ListingDetail> ReadAsync(TestCase which)
    {
        await Town.CaughtUpAsync();
        return await Town.As(People.TownLeader).GetAsync<ListingDetail>(Path(which));
    }

    private async Task<IReadOnlyList<NoticeKind>> ToldAsync(string person, TestCase which)
    {
        await Town.CaughtUpAsync();
        return [.. (await Town.As(person).GetAsync<InboxPage>("/api/inbox")).Items.Where(notice => notice.Subject == $"listing:{which.Id}").Select(notice => notice.Kind)];
    }
}
