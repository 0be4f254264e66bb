using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Admissions;
using CommandCenter.Host.Board;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Files;
using CommandCenter.Host.Inbox;
using CommandCenter.Host.Spots;
using CommandCenter.Host.Tests.Towns;

namespace CommandCenter.Host.Tests.Spots;

/// <summary>Things with a code on their plates: a scan is with whoever looks after the thing in the same append, and a second one sends nobody twice. Each test has bins of its own.</summary>
public sealed class SpotLoopTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private const string Cleaner = "post-handler-07";
    private const string Village = "500153003201";
    private const string Verifier = "grid-worker-11";

    private Town Town => fixture.Town;

    [Fact]
    public async Task A_scan_is_filed_dispatched_and_with_the_cleaner_in_the_append_of_the_report()
    {
        var scan = await ScanAsync("bin-01");

        scan.Status.ShouldBe(201, scan.Text);
        var id = scan.Receipt.Id;
        // One append has one range of positions: the notice lies in it.
        var (first, last) = (await Town.AskAsync<long>($"select seq_id from mt_events where stream_id = 'case:{id}' and version = 1"), scan.Position.Position);
        (await Town.ColumnAsync($"select type from mt_events where seq_id between {first} and {last} order by seq_id")).ShouldBe(
            ["case_reported", "case_filed", "case_dispatched", "case_clock_started", "case_clock_started", "spot_case_begun", "notice_sent"], ignoreOrder: true);
        (await Town.ColumnAsync($"select distinct causation_id from mt_events where seq_id between {first} and {last}")).ShouldHaveSingleItem();
        (await Town.ColumnAsync($"select replace(stream_id, 'inbox:', '') from mt_events where type = 'notice_sent' and seq_id between {first} and {last}")).ShouldBe([Cleaner]);

        await Town.CaughtUpAsync();
        (await Town.As(Cleaner).GetAsync<InboxPage>("/api/inbox")).Items.ShouldContain(notice => notice.CaseId == id && notice.Kind == NoticeKind.Dispatched);
        var detail = await Town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{id}");
        (detail.Stage, detail.Source, detail.Category, detail.Area.Value, detail.Text).ShouldBe((CaseStage.Dispatched, CaseSource.QrCode, "rubbish", "500153003201001001", "1号垃圾箱：已满，请清运"));
        (detail.Assignment!.Unit, detail.Assignment.Person, detail.Clock).ShouldBe((Unit.OfPost("ecology"), Cleaner, Clock.Handle));
        detail.Details.Spot.ShouldBe(new CaseSpotView("bin-01", "1号垃圾箱", "Bin 1", "bin"));
        (detail.Details.Reference, detail.Point!.Latitude, detail.Point.Longitude).ShouldBe(("bin-01", 29.308226, 105.483556));
        var history = (await Town.As(People.Operator).GetAsync<CaseHistory>($"/api/cases/{id}/history")).Items;
        history.Where(item => item.Type is "case_filed" or "case_dispatched").ShouldAllBe(item => item.Actor.Id == "system:spots" && item.Data["rule"]!["spot"]!.GetValue<string>() == "bin-01" && item.Data["rule"]!["organization"]!.GetValue<long>() > 0);
        history[0].Actor.Role.ShouldBe(Role.Resident);
    }

    [Fact]
    public async Task A_second_scan_while_the_bin_is_full_is_told_so_joins_and_sends_nobody_again()
    {
        var before = await SpotAsync("bin-02");
        (before.Name, before.Unit, before.Role, before.Named, before.InHand, before.Report.En).ShouldBe(("2号垃圾箱", Unit.OfPost("ecology"), Role.PostHandler, true, null, "Full, please empty it"));
        var main = (await ScanAsync("bin-02")).Receipt.Id;
        await Town.CaughtUpAsync();

        var now = (await SpotAsync("bin-02")).InHand.ShouldNotBeNull();
        (now.Id, now.Stage).ShouldBe((main, CaseStage.Dispatched));
        now.Number.ShouldBe(await Town.AskAsync<string>($"select number from board_cases_v1 where id = '{main}'"));

        var second = await ScanAsync("bin-02", "grid-worker-11");
        second.Status.ShouldBe(201, second.Text);
        await Town.CaughtUpAsync();
        var merged = await Town.As("grid-worker-11").GetAsync<CaseDetail>($"/api/cases/{second.Receipt.Id}");
        (merged.Stage, merged.Details.MergedInto, merged.Clock).ShouldBe((CaseStage.Merged, main, null));
        (await Town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{main}")).Details.Absorbed.ShouldBe([second.Receipt.Id]);
        (await Town.As("grid-worker-11").GetAsync<InboxPage>("/api/inbox")).Items.ShouldContain(notice => notice.CaseId == second.Receipt.Id && notice.Kind == NoticeKind.Feedback);
        (await Town.AskAsync<long>($"select count(*) from mt_events where type = 'notice_sent' and data ->> 'kind' = 'dispatched' and data ->> 'subject' in ('case:{main}', 'case:{second.Receipt.Id}')")).ShouldBe(1);
        // Whoever reports first and second may both look at what became of it.
        (await Town.As("grid-worker-11").GetAsync<CaseDetail>($"/api/cases/{main}")).Stage.ShouldBe(CaseStage.Dispatched);
    }

    [Fact]
    public async Task Of_many_who_scan_in_the_same_moment_one_sends_the_cleaner_and_the_others_join()
    {
        var scans = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ScanAsync("bin-03")));

        scans.ShouldAllBe(scan => scan.Status == 201);
        var ids = string.Join(",", scans.Select(scan => $"'case:{scan.Receipt.Id}'"));
        (await Town.AskAsync<long>($"select count(*) from mt_events where type = 'case_dispatched' and stream_id in ({ids})")).ShouldBe(1);
        (await Town.AskAsync<long>($"select count(*) from mt_events where type = 'case_merged' and stream_id in ({ids})")).ShouldBe(7);
        (await Town.AskAsync<long>("select version from mt_streams where id = 'spot:bin-03'")).ShouldBe(1);
    }

    [Fact]
    public async Task Once_the_bin_is_emptied_the_next_scan_is_another_case_and_rework_before_it_is_the_same_one()
    {
        var first = (await ScanAsync("bin-04")).Receipt.Id;
        await DoAsync(first, "claim", new ClaimCaseRequest(), Cleaner);
        await DoAsync(first, "complete", new CompleteCaseRequest("已清空"), Cleaner);
        (await SpotAsync("bin-04")).InHand.ShouldBeNull();
        await DoAsync(first, "verify", new VerifyCaseRequest(false, "没有清干净"), Verifier);
        (await SpotAsync("bin-04")).InHand!.Id.ShouldBe(first);
        await DoAsync(first, "complete", new CompleteCaseRequest("已清空"), Cleaner);

        var second = (await ScanAsync("bin-04")).Receipt.Id;

        (await SpotAsync("bin-04")).InHand!.Id.ShouldBe(second);
        (await Town.AskAsync<long>($"select count(*) from mt_events where type = 'case_dispatched' and stream_id = 'case:{second}'")).ShouldBe(1);
    }

    [Fact]
    public async Task What_presses_more_than_what_is_in_hand_is_not_hidden_in_it()
    {
        await ScanAsync("bin-05");

        var emergency = await Town.As(People.Resident).ReportAsync(new ReportCaseRequest("箱体着火", Urgency: Urgency.Emergency, Spot: "bin-05"));

        var detail = await Town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{emergency.Receipt.Id}");
        (detail.Stage, detail.Urgency, detail.Text).ShouldBe((CaseStage.Dispatched, Urgency.Emergency, "箱体着火"));
        detail.Possible.ShouldContain("acknowledge-alarm");
    }

    [Fact]
    public async Task A_case_that_the_center_merged_or_split_is_followed_to_where_it_goes_on()
    {
        var scanned = (await ScanAsync("bin-06")).Receipt.Id;
        await DoAsync(scanned, "recall", new RecallCaseRequest("与另一件相同"), People.Dispatcher);
        var other = await Town.ACaseThatWasDispatched();
        await DoAsync(scanned, "merge", new MergeCaseRequest(other.Id), People.Dispatcher);

        (await SpotAsync("bin-06")).InHand!.Id.ShouldBe(other.Id);
        var second = (await ScanAsync("bin-06")).Receipt.Id;
        (await Town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{second}")).Details.MergedInto.ShouldBe(other.Id);
    }

    [Fact]
    public async Task The_same_scan_sent_again_is_answered_with_the_first_answer_also_when_a_later_one_would_join()
    {
        var key = TownClient.NewKey();
        var first = await Town.As(People.Resident).ReportAsync(new ReportCaseRequest(Spot: "bin-07"), key);

        var again = await Town.As(People.Resident).ReportAsync(new ReportCaseRequest(Spot: "bin-07"), key);

        (again.Replayed, again.Receipt).ShouldBe((true, first.Receipt));
        var joined = await Town.As(People.Resident).ReportAsync(new ReportCaseRequest(Spot: "bin-07"), TownClient.NewKey());
        joined.Receipt.Id.ShouldNotBe(first.Receipt.Id);
        (await Town.As(People.Resident).ReportAsync(new ReportCaseRequest("另一件", Spot: "bin-07"), key)).Problem(422, "command.id_reused", "Idempotency-Key");
    }

    [Fact]
    public async Task Photos_and_words_of_a_scan_go_to_the_cleaner_and_a_phone_number_in_them_is_sealed()
    {
        var photo = (await Town.As("grid-worker-11").PostAsync("/api/photos", Images.Png(66), mediaType: "image/png")).Ok<PhotoReceipt>().Photo;

        var scan = await Town.As("grid-worker-11").ReportAsync(new ReportCaseRequest("箱盖坏了，请打 13812345678", Photos: [photo], Spot: "bin-08"));

        var seen = await Town.As(Cleaner).GetAsync<CaseDetail>($"/api/cases/{scan.Receipt.Id}");
        (seen.Text, seen.Photos.Count).ShouldBe(("箱盖坏了，请打 13812345678", 1));
        (await Town.As("sector-lead-01").GetAsync("/api/cases/" + scan.Receipt.Id)).Text.ShouldNotContain("13812345678");
    }

    /// <summary>A report of a spot, and how it is refused.</summary>
    public static TheoryData<string, int, string, string> Refusals => new()
    {
        { """{"spot":"bin-99"}""", 422, "spot.unknown", "spot" },
        { """{"spot":"bin-09","category":"rubbish"}""", 422, "spot.says_it", "category" },
        { """{"spot":"bin-09","area":"500153003201001001"}""", 422, "spot.says_it", "area" },
        { """{"spot":"bin-09","point":{"latitude":29.3,"longitude":105.4}}""", 422, "spot.says_it", "point" },
        { """{"spot":"bin-09","reference":"bin-10"}""", 422, "spot.says_it", "reference" },
        { """{"spot":"bin-09","level":"district"}""", 422, "spot.says_it", "level" },
        { """{"spot":"bin-09","villageFirst":true}""", 422, "spot.says_it", "villageFirst" },
        { """{"spot":"bin-09","source":"device"}""", 422, "source.not_yours", "source" },
        { """{"text":"没有点位也没有类别","area":"500153003201001001"}""", 422, "field.missing", "category" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_report_of_a_spot_that_says_too_much_or_of_none_is_refused(string body, int status, string code, string field)
    {
        (await Town.As("grid-worker-11").ReportAsync(body)).Problem(status, code, field);
        (await SpotAsync("bin-09")).InHand.ShouldBeNull();
    }

    [Fact]
    public async Task A_device_is_written_down_by_the_center_and_goes_the_same_way()
    {
        var alert = await Town.As(People.Operator).ReportAsync(new ReportCaseRequest("满溢传感器告警", Source: CaseSource.Device, Spot: "bin-10"));

        var detail = await Town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{alert.Receipt.Id}");
        (detail.Source, detail.Stage, detail.Assignment!.Person).ShouldBe((CaseSource.Device, CaseStage.Dispatched, Cleaner));
        (await Town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{(await ScanAsync("bin-11", People.Operator)).Receipt.Id}")).Source.ShouldBe(CaseSource.QrCode);
    }

    [Fact]
    public async Task What_the_town_s_list_does_not_hold_is_not_pushed_by_itself_and_begins_with_the_center()
    {
        var town = AreaCode.Parse(Places.Town);
        (await Town.As(People.Supervisor).PostAsync($"/api/admissions/{Places.Town}/adopt", new AdoptAdmissionListRequest(town, AreaLevel.Town, ["river-pollution"]))).Status.ShouldBe(200);
        try
        {
            var id = (await ScanAsync("bin-12")).Receipt.Id;

            (await Town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{id}")).ShouldSatisfyAllConditions(detail => (detail.Stage, detail.Clock).ShouldBe((CaseStage.Reported, Clock.Accept)));
            (await Town.EventsOf(new TestCase(id, 0, default))).ShouldBe(["case_reported", "case_clock_started"]);
            // A second one joins all the same: the center has one to look at.
            var second = (await ScanAsync("bin-12")).Receipt.Id;
            (await Town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{second}")).Details.MergedInto.ShouldBe(id);
        }
        finally
        {
            var every = (await Town.As(null).GetAsync<Host.Organization.OrganizationView>("/api/organization")).Categories.Select(category => category.Code).ToList();
            (await Town.As(People.Supervisor).PostAsync($"/api/admissions/{Places.Town}/adopt", new AdoptAdmissionListRequest(town, AreaLevel.Town, every))).Status.ShouldBe(200);
        }
    }

    [Fact]
    public async Task What_was_put_right_on_the_spot_names_the_spot_and_is_closed()
    {
        var photo = (await Town.As("grid-worker-11").PostAsync("/api/photos", Images.Png(67), mediaType: "image/png")).Ok<PhotoReceipt>().Photo;

        var solved = await Town.As("grid-worker-11").PostAsync("/api/cases/solved", new ReportSolvedCaseRequest(new ReportCaseRequest(Spot: "bin-13"), "当场清走", [photo]));

        solved.Status.ShouldBe(201, solved.Text);
        (await Town.EventsOf(new TestCase(solved.Receipt.Id, 0, default))).ShouldBe(["case_reported", "case_solved_on_spot"]);
        (await SpotAsync("bin-13")).InHand.ShouldBeNull();
    }

    [Fact]
    public async Task The_office_lists_the_spots_of_a_village_with_their_open_cases_and_the_desk_the_cases_of_a_spot()
    {
        var first = (await ScanAsync("bin-14")).Receipt.Id;
        await Town.CaughtUpAsync();

        var list = (await Town.As("office-01").GetAsync<SpotList>($"/api/spots?scope={Village}")).Items;

        list.Count.ShouldBe(66);
        (list.Single(spot => spot.Code == "bin-14").Open, list.Single(spot => spot.Code == "bin-15").Open).ShouldBe((1, 0));
        list.Single(spot => spot.Code == "bin-14").ShouldBe(new SpotListItem("bin-14", "14号垃圾箱", "Bin 14", "bin", AreaCode.Parse("500153003201001002"), "rubbish", Unit.OfPost("ecology"), Cleaner, 1));
        list.Select(spot => spot.Code).ShouldBe(Enumerable.Range(1, 66).Select(number => $"bin-{number:00}"));
        (await Town.As("office-01").GetAsync<SpotList>($"/api/spots?scope={Places.Village}")).Items.ShouldBeEmpty();
        (await Town.As(People.Resident).GetAsync($"/api/spots?scope={Village}")).Problem(403, "access.denied");
        (await Town.As(Cleaner).GetAsync<CaseList>($"/api/cases?scope={Places.Town}&spot=bin-14")).Items.Select(item => item.Id).ShouldBe([first]);
    }

    [Fact]
    public async Task A_spot_that_never_was_is_unknown_to_whoever_scans_it()
    {
        (await Town.As(People.Resident).GetAsync("/api/spots/bin-99")).Problem(404, "spot.unknown");
        (await Town.As(null).GetAsync("/api/spots/bin-16")).Problem(401, "actor.missing", "X-Actor");
    }

    [Fact]
    public async Task It_is_filed_in_no_time_and_the_board_and_the_statistics_say_so()
    {
        var id = (await ScanAsync("bin-30")).Receipt.Id;
        await Town.PassAsync(TimeSpan.FromMinutes(3));

        (await Town.AskAsync<long>($"select seconds from statistics_facts_v1 where case_id = '{id}' and kind = 'filed'")).ShouldBe(0);
        (await Town.AskAsync<long>($"select count(*) from mt_events where stream_id = 'case:{id}' and type in ('case_warned', 'case_escalated')")).ShouldBe(0);
        // Nobody's desk was asked: of the funnel it is with its unit from the first moment.
        var board = await Town.As(People.Operator).GetAsync<BoardView>("/api/board?scope=500153003201002");
        board.Sectors.Single(panel => panel.Sector == Sector.Economy).Funnel.ShouldSatisfyAllConditions(funnel => (funnel.Reported, funnel.Filed, funnel.Dispatched).ShouldBe((0, 0, 1)));
    }

    private Task<Answer> ScanAsync(string spot, string by = People.Resident) => Town.As(by).ReportAsync(new ReportCaseRequest(Spot: spot));

    private Task<SpotView> SpotAsync(string code) => Town.As(People.Resident).GetAsync<SpotView>($"/api/spots/{code}");

    private async Task DoAsync(string id, string command, object body, string by)
    {
        var answer = await Town.As(by).CommandAsync(id, command, body);
        answer.Status.ShouldBe(200, $"{command}: {answer.Text}");
    }
}
