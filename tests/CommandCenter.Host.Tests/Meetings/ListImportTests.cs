using System.Text;
using System.Text.Json.Nodes;
using CommandCenter.Domain.Meetings;
using CommandCenter.Host.Http;
using CommandCenter.Host.Meetings;
using CommandCenter.Host.Tests.Towns;
using static CommandCenter.Host.Tests.Meetings.MeetingTown;

namespace CommandCenter.Host.Tests.Meetings;

/// <summary>The list of a meeting as a file or a form: all of it or nothing, once, and with a look at it before.</summary>
public sealed class ListImportTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private const string Header = "办理层级,问题,类别,地点,紧急程度,处理结果,照片,反映人,联系电话";

    private const string File =
        $"""
        {Header}
        现场解决,两户为排水沟争执,矛盾纠纷,,,"当场调解,双方握手",,,
        实事,电线网线像蜘蛛网,火灾隐患,檬香小院,,,,群众甲,13912345678
        要事,"支路无人清扫,
        请纳入清扫范围",垃圾堆积,檬梓桥社区第一网格,紧急,,,,
        """;

    private Town Town => fixture.Town;

    [Fact]
    public async Task A_file_is_looked_at_first_and_then_taken()
    {
        var id = await AMeetingWithMinutesAsync();
        var head = await Town.HeadAsync();
        var keys = KeyFiles();

        var preview = await CsvAsync(id, File, dryRun: true);
        var answer = preview.Ok<ListAnswer>();
        answer.Position.ShouldBeNull();
        answer.Preview!.Select(line => (line.Line, line.Number, line.Kind, line.Category, line.Area.Value)).ShouldBe(
            [(2, 1, LineKind.OnSpot, "dispute-mediation", Yard), (3, 2, LineKind.Village, "fire-hazard", Yard), (4, 3, LineKind.Town, "rubbish", Places.Grid)]);
        (await Town.HeadAsync()).ShouldBe(head);
        KeyFiles().ShouldBe(keys);

        (await CsvAsync(id, File)).Status.ShouldBe(200);
        var lines = (await Town.ReadMeeting(id)).Lines;
        lines.Select(line => line.Kind).ShouldBe([LineKind.OnSpot, LineKind.Village, LineKind.Town]);
        await Town.CaughtUpAsync();
        (await Town.ReadMeeting(id)).Lines[2].Text.ShouldBe("支路无人清扫,\n请纳入清扫范围");
    }

    [Fact]
    public async Task The_same_list_makes_no_second_case_whether_it_comes_again_as_a_file_with_a_mark_or_as_a_form()
    {
        var id = await AMeetingWithMinutesAsync();
        await CsvAsync(id, File);
        var head = await Town.HeadAsync();

        var again = await CsvAsync(id, "\uFEFF" + File.ReplaceLineEndings("\r\n"));
        again.Status.ShouldBe(200, again.Text);
        var form = await Town.As(Secretary).PostAsync($"/api/meetings/{id}/import-list", new ImportListRequest(
        [
            new ListLineRequest(LineKind.OnSpot, "两户为排水沟争执", "dispute-mediation", Outcome: "当场调解,双方握手"),
            new ListLineRequest(LineKind.Village, "电线网线像蜘蛛网", "fire-hazard", Town.Area(Yard), RaisedBy: new RaisedByRequest("群众甲", "13912345678")),
            new ListLineRequest(LineKind.Town, "支路无人清扫,\n请纳入清扫范围", "rubbish", Town.Area(Places.Grid), Domain.Cases.Urgency.Urgent),
        ]));
        form.Status.ShouldBe(200, form.Text);
        (await CsvAsync(id, File, dryRun: true)).Ok<ListAnswer>().Preview.ShouldBeEmpty();

        (await Town.HeadAsync()).ShouldBe(head);
        (await Town.ReadMeeting(id)).Lines.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_repeated_request_gets_its_first_answer()
    {
        var id = await AMeetingWithMinutesAsync();
        var key = TownClient.NewKey();
        var first = await CsvAsync(id, File, key: key);

        var second = await CsvAsync(id, File, key: key);
        (second.Replayed, second.Receipt).ShouldBe((true, first.Receipt));
        (await CsvAsync(id, $"{Header}\n实事,另一个问题,火灾隐患,,,,,,\n", key: key)).Problem(422, "command.id_reused", "Idempotency-Key");
    }

    [Fact]
    public async Task Two_people_with_the_same_file_at_the_same_moment_make_one_list()
    {
        var id = await AMeetingWithMinutesAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => CsvAsync(id, File, by: n % 2 == 0 ? Secretary : YardHead)));

        answers.ShouldAllBe(answer => answer.Status == 200);
        (await Town.Events($"meeting:{id}", "meeting_list_imported")).ShouldBe(1);
        (await Town.AskAsync<long>($"select count(*) from mt_events where type = 'case_reported' and data -> 'origin' ->> 'reference' = 'meeting:{id}'")).ShouldBe(3);
    }

    [Fact]
    public async Task A_forgotten_line_comes_in_later_and_a_line_that_is_there_is_named()
    {
        var id = await AMeetingWithMinutesAsync();
        await CsvAsync(id, File);

        var refused = (await CsvAsync(id, $"{Header}\n大事,大道沿线房屋外观陈旧,违法建设,,,,,,\n要事,电线网线 像蜘蛛网,火灾隐患,檬香小院,,,,,\n")).Problem(422, "meeting.list_refused", "lines");
        refused.Lines!.Select(line => (line.Line, line.Code)).ShouldBe([("lines/3/text", "listed_before")]);
        refused.Lines![0].Message.Zh.ShouldContain("第2条");

        (await CsvAsync(id, $"{Header}\n大事,大道沿线房屋外观陈旧,违法建设,,,,,,\n")).Status.ShouldBe(200);
        (await Town.ReadMeeting(id)).Lines.Select(line => (line.Number, line.Kind)).Last().ShouldBe((4, LineKind.District));
    }

    [Fact]
    public async Task Every_mistake_is_told_by_line_and_column_in_both_languages_and_nothing_is_taken()
    {
        var id = await Town.AMeetingThatWasHeld();
        var head = await Town.HeadAsync();
        var broken = $"{Header}\n现场解决,调解,矛盾纠纷,,,已和解,,,\n小事,路灯不亮,路灯坏了,河湾小院,,,,,\n实事,井盖松动,井盖缺损,,马上,,,,\n";

        foreach (var dryRun in (bool[])[true, false])
        {
            var problem = (await CsvAsync(id, broken, dryRun)).Problem(422, "meeting.list_refused", "lines");
            problem.Message.Zh.ShouldContain("5 处错误");
            problem.Lines!.Select(line => (line.Line, line.Code)).ShouldBe(
                [("lines/2/photos", "proof_missing"), ("lines/3/kind", "unknown_kind"), ("lines/3/category", "unknown_category"), ("lines/3/area", "unknown_area"), ("lines/4/urgency", "unknown_urgency")]);
            problem.Lines!.ShouldAllBe(line => line.Message.Zh.Length > 0 && line.Message.En.Length > 0);
        }

        (await Town.HeadAsync()).ShouldBe(head);
    }

    [Theory]
    [InlineData("kind,text\nvillage,路灯\n", "lines/1/category", "missing_column")]
    [InlineData("", "lines/1", "empty_file")]
    [InlineData(Header + "\n实事,\"路灯不亮,火灾隐患,,,,,,\n", "lines/2", "broken_csv")]
    public async Task A_file_that_is_no_list_is_told_where_it_breaks(string text, string where, string code)
    {
        var id = await Town.AMeetingThatWasHeld();

        (await CsvAsync(id, text)).Problem(422, "meeting.list_refused", "lines").Lines![0].ShouldSatisfyAllConditions(line => line.Line.ShouldBe(where), line => line.Code.ShouldBe(code));
    }

    [Fact]
    public async Task A_file_as_a_spreadsheet_here_writes_it_is_read_and_its_preview_says_so()
    {
        var id = await Town.AMeetingThatWasHeld();
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes($"{Header}\n要事,路灯不亮，夜里看不清路,路灯故障,檬香小院,,,,张三,13900000000\n");

        var preview = (await Town.As(Secretary).PostAsync($"/api/meetings/{id}/import-csv?dryRun=true", gbk, mediaType: "text/csv")).Ok<ListAnswer>();
        preview.Encoding.ShouldBe("gb18030");
        preview.Preview!.ShouldHaveSingleItem().Text.ShouldBe("路灯不亮，夜里看不清路");
        (await CsvAsync(id, $"{Header}\n要事,路灯不亮,路灯故障,,,,,,\n", dryRun: true)).Ok<ListAnswer>().Encoding.ShouldBe("utf-8");

        (await Town.As(Secretary).PostAsync($"/api/meetings/{id}/import-csv", gbk, mediaType: "text/csv")).Status.ShouldBe(200);
        (await Town.ReadMeeting(id)).Lines.ShouldHaveSingleItem().Category.ShouldBe("street-light");
    }

    [Fact]
    public async Task A_file_that_is_no_text_is_told_how_to_be_saved()
    {
        var id = await Town.AMeetingThatWasHeld();
        byte[] binary = [0xFF, 0xFE, 0x00, 0xFF, (byte)'\n'];

        (await Town.As(Secretary).PostAsync($"/api/meetings/{id}/import-csv", binary, mediaType: "text/csv")).Problem(422, "meeting.list_not_text", "lines").Message.Zh.ShouldContain("CSV");
        (await Town.As(Secretary).PostAsync($"/api/meetings/{id}/import-csv", binary, mediaType: "application/json")).Problem(415, "request.media_type", "Content-Type");
        (await Town.As(Secretary).PostAsync($"/api/meetings/{id}/import-csv", new byte[ListImport.MaximumBytes + 1], mediaType: "text/csv")).Problem(413, "request.too_large");
        (await Town.As(Secretary).PostAsync($"/api/meetings/{id}/import-csv?dryrun=true", File, mediaType: "text/csv")).Problem(400, "request.malformed", "dryrun");
    }

    [Fact]
    public async Task The_longest_list_that_the_reader_takes_is_not_refused_for_its_size()
    {
        var id = await Town.AMeetingThatWasHeld();
        var longest = Enumerable.Range(1, MeetingListReader.MostLines).Select(number => $"{number:D3}{new string('长', 1_997)}").ToList();

        (await CsvAsync(id, $"{Header}\n{string.Concat(longest.Select(text => $"要事,{text},路灯故障,,,,,,\n"))}", dryRun: true)).Ok<ListAnswer>().Preview!.Count.ShouldBe(MeetingListReader.MostLines);
        var form = new ImportListRequest([.. longest.Select(text => new ListLineRequest(LineKind.Town, text, "street-light"))]);
        (await Town.As(Secretary).PostAsync($"/api/meetings/{id}/import-list?dryRun=true", form)).Ok<ListAnswer>().Preview!.Count.ShouldBe(MeetingListReader.MostLines);
        // What is too long is told by its line.
        (await CsvAsync(id, $"{Header}\n{string.Concat(longest.Select(text => $"要事,{text}长,路灯故障,,,,,,\n"))}")).Problem(422, "meeting.list_refused", "lines").Lines![0].Line.ShouldBe("lines/2/text");
    }

    [Fact]
    public async Task A_matter_that_was_not_solved_there_has_its_photos_in_its_case()
    {
        var id = await Town.AMeetingThatWasHeld();
        var photo = await Town.APhoto(Secretary);
        var line = new ListLineRequest(LineKind.Town, "树枝压住电线", "fire-hazard", Photos: [photo]);

        (await Town.As(Secretary).PostAsync($"/api/meetings/{id}/import-list", new ImportListRequest([line]))).Status.ShouldBe(200);

        (await Town.AskAsync<bool>($"select data -> 'photos' ? '{photo}' from mt_events where stream_id = 'case:{(await Town.CaseOfLine(id, 1)).Id}' and type = 'case_reported'")).ShouldBeTrue();
    }

    [Fact]
    public async Task What_was_solved_on_the_spot_comes_from_who_was_there_and_with_photos_of_their_own()
    {
        var id = await AMeetingWithMinutesAsync();
        (await CsvAsync(id, File, by: People.Operator)).Problem(422, "meeting.list_refused", "lines").Lines!.Select(line => line.Code).ShouldBe(["on_spot_by_the_yard"]);
        var foreign = await Town.APhoto(YardHead);

        var line = new ListLineRequest(LineKind.OnSpot, "树枝压住电线", "fire-hazard", Outcome: "当场剪除", Photos: [foreign]);
        (await Town.As(Secretary).PostAsync($"/api/meetings/{id}/import-list", AList(line))).Problem(422, "meeting.list_refused", "lines").Lines!.Select(l => (l.Line, l.Code)).ShouldBe([("lines/1/photos", "photo_unknown")]);
        await Town.Meeting(id, "import-list", AList(line), YardHead);
        (await Town.AskAsync<bool>($"select data -> 'photos' ? '{foreign}' from mt_events where stream_id = 'case:{(await Town.CaseOfLine(id, 1)).Id}' and type = 'case_solved_on_spot'")).ShouldBeTrue();
    }

    [Fact]
    public async Task The_center_brings_in_what_others_have_to_settle()
    {
        var id = await AMeetingWithMinutesAsync();

        (await CsvAsync(id, $"{Header}\n大事,大道沿线房屋外观陈旧,违法建设,,,,,,\n", by: People.Operator)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Two_hundred_lines_are_one_append()
    {
        var id = await Town.AMeetingThatWasHeld();
        var many = new StringBuilder(Header).Append('\n');
        for (var line = 0; line < MeetingListReader.MostLines; line++)
            many.Append($"要事,第{line}个问题,垃圾堆积,,,,,,\n");

        (await CsvAsync(id, many.ToString())).Status.ShouldBe(200);

        (await Town.ReadMeeting(id)).Lines.Count.ShouldBe(MeetingListReader.MostLines);
        (await CsvAsync(id, many.Append("要事,多出的问题,垃圾堆积,,,,,,\n").ToString())).Problem(422, "meeting.list_refused", "lines").Lines![0].Code.ShouldBe("too_many_lines");
    }

    [Fact]
    public async Task Every_request_has_an_example_that_the_host_accepts()
    {
        var schemas = (await Town.As(null).GetAsync("/openapi/v1.json")).Object["components"]!["schemas"]!;
        string Example(string request) => schemas[request]!["examples"]!.AsArray()[0]!.ToJsonString();

        var planned = await Town.As(Secretary).PostAsync("/api/meetings", JsonNode.Parse(Example("PlanMeetingRequest"))!.AsObject().With("startsAt", Town.Clock.GetUtcNow().AddDays(3).ToString("O")));
        planned.Status.ShouldBe(201, planned.Text);
        await Town.Meeting(planned.Receipt.Id, "hold", Example("HoldMeetingRequest"));
        var other = await Town.As(Secretary).PostAsync("/api/meetings", JsonNode.Parse(Example("PlanMeetingRequest"))!.AsObject().With("startsAt", Town.Clock.GetUtcNow().AddDays(4).ToString("O")));
        await Town.Meeting(other.Receipt.Id, "cancel", Example("CancelMeetingRequest"));
        var held = await Town.As(YardHead).PostAsync("/api/meetings/held", Example("RegisterMeetingRequest"));
        held.Status.ShouldBe(201, held.Text);
        var id = held.Receipt.Id;
        await Town.Meeting(id, "record-minutes", Example("RecordMinutesRequest"), YardHead);
        await Town.Meeting(id, "import-list", AList(AList().Lines[2] with { Text = "凑数的第一条" }), YardHead);
        await Town.Meeting(id, "import-list", Example("ImportListRequest"), YardHead);
        await Town.SettledByTheVillage(id, 2);
        await Town.MeetingsFollowedAsync();
        await Town.Meeting(id, "give-feedback", Example("GiveFeedbackRequest"), YardHead);
        await Town.Meeting(id, "reconcile", Example("ReconcileMeetingRequest"));
        (await Town.As(Secretary).PostAsync($"/api/meetings/{id}/strike-off", Example("StrikeOffMeetingRequest"))).Problem(409, "meeting.lines_open");
    }

    private async Task<string> AMeetingWithMinutesAsync()
    {
        var id = await Town.AMeetingThatWasHeld();
        await Town.Meeting(id, "record-minutes", new RecordMinutesRequest("现场解决一个问题。", [await Town.APhoto(Secretary)]));
        return id;
    }

    private Task<Answer> CsvAsync(string id, string text, bool dryRun = false, string by = Secretary, string? key = null) =>
        Town.As(by).PostAsync($"/api/meetings/{id}/import-csv{(dryRun ? "?dryRun=true" : "")}", text, key, mediaType: "text/csv; charset=utf-8");

    private int KeyFiles() => Directory.EnumerateFiles(Path.Combine(Town.DataFolder, "keys"), "*", SearchOption.AllDirectories).Count();
}

internal static class JsonObjects
{
    /// <summary>The object's JSON with one member set.</summary>
    public static string With(this JsonObject json, string name, string value)
    {
        json[name] = value;
        return json.ToJsonString();
    }
}
