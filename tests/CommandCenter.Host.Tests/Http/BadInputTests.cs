using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Files;
using CommandCenter.Host.Tests.Towns;

namespace CommandCenter.Host.Tests.Http;

/// <summary>What is wrong with a request is said clearly, in both languages, and nothing happens.</summary>
public sealed class BadInputTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private const string Where = $"\"area\":\"{Places.Grid}\"";
    private const string Good = $$"""{"text":"路灯不亮","category":"street-light",{{Where}}}""";

    private Town Town => fixture.Town;

    private TownClient Worker => Town.As(People.GridWorker);

    // Bodies that cannot be read.

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData($$"""{"text":"路灯不亮","category":"street-light",{{Where}},}""")]
    [InlineData($$"""{"text":"路灯不亮","category":"street-light",{{Where}}} {}""")]
    [InlineData($$"""{/* why */"text":"路灯不亮","category":"street-light",{{Where}}}""")]
    public Task Malformed_JSON_is_refused(string body) => RefusedAsync(body, 400, "request.malformed");

    [Fact]
    public Task An_unknown_member_is_refused_by_its_name() =>
        RefusedAsync($$"""{"text":"路灯不亮","category":"street-light",{{Where}},"colour":"red"}""", 400, "request.malformed", "colour");

    [Fact]
    public Task An_unknown_member_inside_is_refused_by_its_path() =>
        RefusedAsync("""{"text":"路灯不亮","category":"street-light","point":{"latitude":29.3,"longitude":105.5,"height":3}}""", 400, "request.malformed", "point.height");

    [Fact]
    public Task A_member_given_twice_is_refused() =>
        RefusedAsync($$"""{"text":"路灯不亮","text":"路灯亮","category":"street-light",{{Where}}}""", 400, "request.malformed", "text");

    [Fact]
    public Task A_name_in_other_case_is_another_member() =>
        RefusedAsync($$"""{"Text":"路灯不亮","category":"street-light",{{Where}}}""", 400, "request.malformed", "Text");

    [Theory]
    [InlineData("""{"text":7,"category":"street-light","area":"500153003001001"}""", "text")]
    [InlineData("""{"text":["路灯"],"category":"street-light","area":"500153003001001"}""", "text")]
    [InlineData("""{"text":"路灯","category":"street-light","area":"500153003001001","urgency":null}""", "urgency")]
    [InlineData("""{"text":"路灯","category":"street-light","area":500153003001001}""", "area")]
    [InlineData("""{"text":"路灯","category":"street-light","area":"5001530030010010"}""", "area")]
    [InlineData("""{"text":"路灯","category":"street-light","area":"500153003001001","urgency":1}""", "urgency")]
    [InlineData("""{"text":"路灯","category":"street-light","area":"500153003001001","urgency":"panic"}""", "urgency")]
    [InlineData("""{"text":"路灯","category":"street-light","area":"500153003001001","photos":"sha256:00"}""", "photos")]
    [InlineData("""{"text":"路灯","category":"street-light","area":"500153003001001","happenedAt":"yesterday"}""", "happenedAt")]
    [InlineData("""{"text":"路灯","category":"street-light","area":"500153003001001","happenedAt":1732147200}""", "happenedAt")]
    [InlineData("""{"text":"路灯","category":"street-light","point":{"latitude":"29.342085","longitude":105.502406}}""", "point.latitude")]
    [InlineData("""{"text":"路灯","category":"street-light","point":{"latitude":29.3,"longitude":105.5,"accuracyMetres":1.5}}""", "point.accuracyMetres")]
    [InlineData("""{"text":"路灯","category":"street-light","point":{"latitude":29.3,"longitude":105.5,"system":"mars"}}""", "point.system")]
    public Task A_value_of_the_wrong_type_is_refused_by_its_path(string body, string field) => RefusedAsync(body, 400, "request.malformed", field);

    [Fact]
    public async Task Broken_UTF8_is_refused()
    {
        byte[] body = [.. "{\"text\":\""u8, 0xC3, 0x28, .. Encoding.UTF8.GetBytes($"\",\"category\":\"street-light\",{Where}}}")];
        var before = await Town.HeadAsync();

        var problem = (await Worker.ReportAsync(body)).Problem(400, "request.malformed");

        problem.Detail.ShouldBe("The body is not UTF-8.");
        (await Town.HeadAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("\\u0000")]
    [InlineData("\\u0007")]
    [InlineData("\\u001b")]
    [InlineData("\\u007f")]
    [InlineData("\\u0085")]
    [InlineData("\\ud83d")]
    [InlineData("\\udca1")]
    [InlineData("\\udca1\\ud83d")]
    public async Task A_control_character_or_half_a_surrogate_pair_is_refused_wherever_it_stands(string escape)
    {
        await RefusedAsync($$"""{"text":"路灯{{escape}}不亮","category":"street-light",{{Where}}}""", 400, "text.forbidden_character", "text");
        await RefusedAsync($$"""{"text":"路灯不亮","category":"street-light",{{Where}},"reporter":{"name":"{{escape}}"} }""", 400, "text.forbidden_character", "reporter.name");
        await RefusedAsync($$"""{"text":"路灯不亮","category":"street-light",{{Where}},"address":"{{escape}}"}""", 400, "text.forbidden_character", "address");
    }

    [Fact]
    public async Task A_raw_control_character_is_refused() =>
        await RefusedAsync("{\"text\":\"路灯\0不亮\",\"category\":\"street-light\"," + Where + "}", 400, "request.malformed", "text");

    [Fact]
    public async Task Tab_line_end_and_a_whole_surrogate_pair_are_text()
    {
        var answer = await Worker.ReportAsync($$"""{"text":"  第一行\r\n第二行\t💡 ","category":"street-light",{{Where}}}""");

        (await Worker.GetAsync<CaseDetail>(answer.Location!)).Text.ShouldBe("第一行\n第二行\t💡");
    }

    // Values that are missing, too long or unknown.

    [Theory]
    [InlineData($$"""{"category":"street-light",{{Where}}}""", "text")]
    [InlineData($$"""{"text":"","category":"street-light",{{Where}}}""", "text")]
    [InlineData($$"""{"text":" \t\n ","category":"street-light",{{Where}}}""", "text")]
    [InlineData($$"""{"text":"路灯不亮",{{Where}}}""", "category")]
    [InlineData("""{"text":"路灯不亮","category":"street-light"}""", "point")]
    [InlineData("""{"text":"路灯不亮","category":"street-light","point":{"longitude":105.502406}}""", "point.latitude")]
    public Task A_required_value_that_is_missing_or_blank_is_named(string body, string field) => RefusedAsync(body, 422, "field.missing", field);

    [Fact]
    public async Task A_text_that_is_too_long_is_refused_and_the_longest_allowed_is_taken()
    {
        // In UTF-16 code units after trimming: 1,000 characters outside the basic plane fill the 2,000.
        var longest = string.Concat(Enumerable.Repeat("💡", 1000));
        await RefusedAsync(Town.AReport(longest + "x"), 422, "field.too_long", "text");
        await RefusedAsync(Town.AReport() with { Reporter = new ReporterRequest(new string('张', 51)) }, 422, "field.too_long", "reporter.name");
        await RefusedAsync(Town.AReport() with { Address = new string('号', 501) }, 422, "field.too_long", "address");

        (await Worker.ReportAsync(Town.AReport($" {longest} "))).Status.ShouldBe(201);

        var which = await Town.ACaseThatWasReported();
        await RefusedAsync(People.Operator, which, "refuse", new RefuseCaseRequest(RefusalReason.Other, new string('因', 501)), 422, "field.too_long", "note");
    }

    [Fact]
    public async Task An_unknown_category_is_refused()
    {
        await RefusedAsync(Town.AReport(category: "no-such-category"), 422, "category.unknown", "category");
        var which = await Town.ACaseThatWasReported();
        await RefusedAsync(People.Operator, which, "file", new FileCaseRequest("no-such-category", Urgency.Normal), 422, "category.unknown", "category");
    }

    [Theory]
    [InlineData("500153003001999")]
    [InlineData("500153003001")]
    [InlineData("500153")]
    public Task An_area_that_is_no_grid_or_yard_of_the_district_is_refused(string area) =>
        RefusedAsync($$"""{"text":"路灯不亮","category":"street-light","area":"{{area}}"}""", 422, "area.unknown", "area");

    [Fact]
    public async Task A_point_outside_the_district_is_refused()
    {
        await RefusedAsync(Town.AReport() with { Point = new PointRequest(39.9087, 116.3975) }, 422, "place.outside_district", "point");
        (await Worker.GetAsync("/api/organization/grid-at?latitude=39.9087&longitude=116.3975")).Problem(422, "place.outside_district", "point");
    }

    [Theory]
    [InlineData("""{"latitude":90.1,"longitude":105.5}""")]
    [InlineData("""{"latitude":29.3,"longitude":-180.1}""")]
    [InlineData("""{"latitude":1e400,"longitude":105.5}""")]
    public async Task A_point_out_of_range_is_refused(string point)
    {
        var before = await Town.HeadAsync();
        var answer = await Worker.ReportAsync($$"""{"text":"路灯不亮","category":"street-light","point":{{point}}}""");
        answer.Problem(422, "field.out_of_range", "point");
        (await Town.HeadAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("\"NaN\"")]
    [InlineData("Infinity")]
    public async Task A_coordinate_that_is_no_number_is_refused(string latitude)
    {
        (await Worker.ReportAsync($$"""{"text":"路灯不亮","category":"street-light","point":{"latitude":{{latitude}},"longitude":105.5} }""")).Problem(400, "request.malformed", "point.latitude");
        (await Worker.GetAsync($"/api/organization/grid-at?latitude={latitude.Trim('"')}&longitude=105.5")).Problem(400, "request.malformed", "latitude");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(100_001)]
    public Task An_accuracy_out_of_range_is_refused(int metres) =>
        RefusedAsync(Town.AReport() with { Point = new PointRequest(Places.Latitude, Places.Longitude, metres) }, 422, "field.out_of_range", "point.accuracyMetres");

    [Theory]
    [InlineData("sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sha256:../../keys/master.key")]
    [InlineData("")]
    public Task A_photo_that_was_not_uploaded_is_refused(string photo) => RefusedAsync(Town.AReport() with { Photos = [photo] }, 422, "photo.unknown", "photos");

    [Fact]
    public Task A_photo_that_is_null_is_refused() =>
        RefusedAsync($$"""{"text":"路灯不亮","category":"street-light",{{Where}},"photos":[null]}""", 422, "photo.unknown", "photos");

    [Fact]
    public async Task More_than_nine_photos_are_refused()
    {
        var photo = (await UploadAsync(Images.Png(1))).Ok<PhotoReceipt>().Photo;
        await RefusedAsync(Town.AReport() with { Photos = [.. Enumerable.Repeat(photo, 10)] }, 422, "photo.too_many", "photos");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public async Task A_satisfaction_off_the_scale_is_refused(int satisfaction)
    {
        var which = await Town.ACaseThatWasVerified();
        (await Worker.CommandAsync(which.Id, "rate", new RateCaseRequest(satisfaction, FixResult.Fixed))).Problem(422, "case.rating.out_of_range");
        (await Town.EventsOf(which)).Count.ShouldBe((int)which.Version);
    }

    [Fact]
    public async Task A_post_that_the_town_lacks_is_refused()
    {
        var which = await Town.ACaseThatWasFiled();
        await RefusedAsync(People.Dispatcher, which, "dispatch", new DispatchCaseRequest(Unit.OfPost("no-such-post")), 422, "unit.unknown", "unit");
    }

    [Fact]
    public async Task What_happened_in_the_future_or_over_a_year_ago_is_refused()
    {
        var now = Town.Clock.GetUtcNow();
        foreach (var at in (DateTimeOffset[])[now.AddMinutes(6), now.AddDays(-367)])
            await RefusedAsync(Town.AReport() with { HappenedAt = at }, 422, "time.out_of_range", "happenedAt");

        // A device's clock may be a little fast.
        (await Worker.ReportAsync(Town.AReport() with { HappenedAt = now.AddMinutes(4) })).Status.ShouldBe(201);
    }

    // Too large.

    [Fact]
    public async Task A_body_over_64_KB_is_refused_with_and_without_its_length_given()
    {
        var body = Encoding.UTF8.GetBytes($$"""{"text":"{{new string('x', 65 * 1024)}}","category":"street-light",{{Where}}}""");
        await RefusedAsync(body, 413, "request.too_large");

        using var request = Worker.Request(HttpMethod.Post, "/api/cases");
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Add("Idempotency-Key", TownClient.NewKey());
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        (await Worker.SendAsync(request)).Problem(413, "request.too_large");
    }

    [Fact]
    public async Task A_photo_of_just_10_MB_is_taken_and_one_byte_more_is_refused()
    {
        const int most = 10 * 1024 * 1024;
        (await UploadAsync(Images.Png(2, most))).Ok<PhotoReceipt>().Length.ShouldBe(most);
        (await UploadAsync(Images.Png(2, most + 1))).Problem(413, "photo.too_large");
        (await UploadAsync(Images.Png(2, most + 1), chunked: true)).Problem(413, "photo.too_large");
        (await UploadAsync(Images.Png(2, most), chunked: true)).Status.ShouldBe(201);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_photo_of_200_MB_is_refused_without_being_read_whole(bool chunked)
    {
        const long length = 200L * 1024 * 1024;
        var before = await Town.HeadAsync();
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Town.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/photos HTTP/1.1\r\nHost: 127.0.0.1:{Town.Address.Port}\r\nX-Actor: {People.GridWorker}\r\nContent-Type: image/png\r\n"
            + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n\r\n"))));

        var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = reader.ReadLineAsync();
        long sent = 0;
        var block = Images.Png(3, 64 * 1024);
        byte[] frame = chunked ? [.. Encoding.ASCII.GetBytes($"{block.Length:x}\r\n"), .. block, .. "\r\n"u8] : block;
        while (!answer.IsCompleted && sent < length)
        {
            // The host stops reading; what the two sockets hold is all that can still be sent.
            var write = stream.WriteAsync(frame).AsTask();
            if (await Task.WhenAny(write, answer) != write || write.IsFaulted)
                break;
            sent += block.Length;
        }

        (await answer).ShouldBe("HTTP/1.1 413 Payload Too Large");
        var rest = await RestAsync(reader);
        rest.ShouldContain("Content-Type: application/problem+json");
        rest.ShouldContain("\"code\":\"photo.too_large\"");
        sent.ShouldBeLessThan(40L * 1024 * 1024);
        (GC.GetTotalMemory(forceFullCollection: true) - memory).ShouldBeLessThan(64 * 1024 * 1024);
        (await Town.HeadAsync()).ShouldBe(before);
    }

    // Not what it says it is.

    [Fact]
    public async Task What_is_no_image_is_refused_whatever_it_says()
    {
        (await UploadAsync("<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray())).Problem(415, "photo.not_an_image");
        (await UploadAsync([])).Problem(415, "photo.not_an_image");
        (await UploadAsync("GIF89a........"u8.ToArray(), "image/gif")).Problem(415, "request.media_type", "Content-Type");
        (await UploadAsync(Images.Png(4), "application/octet-stream")).Problem(415, "request.media_type", "Content-Type");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("")]
    public async Task A_body_of_another_media_type_is_refused(string mediaType) =>
        (await Worker.PostAsync("/api/cases", Good, mediaType: mediaType)).Problem(415, "request.media_type", "Content-Type");

    // Who asks.

    [Fact]
    public async Task Whoever_does_not_say_who_they_are_is_asked()
    {
        (await Town.As(null).ReportAsync(Good)).Problem(401, "actor.missing", "X-Actor");
        foreach (var path in (string[])["/api/cases", "/api/inbox", "/api/board", "/api/cases/0199c2f0b1d87c3e9a4b5c6d7e8f9012"])
            (await Town.As(null).GetAsync(path)).Problem(401, "actor.missing", "X-Actor");
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("system:deadlines")]
    [InlineData("grid-worker-01, dispatcher-01")]
    [InlineData("Grid-Worker-01")]
    public async Task Nobody_by_that_id_is_refused(string actor) => (await Town.As(actor).ReportAsync(Good)).Problem(401, "actor.unknown", "X-Actor");

    [Theory]
    [InlineData("dispatcher")]
    [InlineData("emperor")]
    public async Task A_role_that_the_actor_does_not_hold_is_refused(string role) =>
        (await Town.As(People.GridWorker, role).ReportAsync(Good)).Problem(403, "actor.role_not_held", "X-Role");

    // Command ids.

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("a\tb")]
    public async Task A_missing_or_unprintable_Idempotency_Key_is_refused(string key) =>
        (await Worker.ReportAsync(Good, key)).Problem(400, "command.id_missing", "Idempotency-Key");

    [Fact]
    public async Task An_Idempotency_Key_of_200_characters_is_the_longest()
    {
        (await Worker.ReportAsync(Good, new string('k', 201))).Problem(400, "command.id_missing", "Idempotency-Key");
        (await Worker.ReportAsync(Good, new string('k', 200))).Status.ShouldBe(201);
    }

    [Fact]
    public async Task A_key_used_for_other_content_is_refused()
    {
        var key = TownClient.NewKey();
        var first = (await Worker.ReportAsync(Good, key)).Receipt;
        var before = await Town.HeadAsync();

        (await Worker.ReportAsync(Town.AReport(), key)).Problem(422, "command.id_reused", "Idempotency-Key");
        (await Worker.ReportAsync(Good + " ", key)).Problem(422, "command.id_reused", "Idempotency-Key");

        (await Town.HeadAsync()).ShouldBe(before);
        // Another person's key is another key.
        (await Town.As(People.GridWorkerElsewhere).ReportAsync(Good, key)).Receipt.Id.ShouldNotBe(first.Id);
    }

    [Fact]
    public async Task A_key_used_at_another_address_is_refused()
    {
        var which = await Town.ACaseThatWasReported();
        var other = await Town.ACaseThatWasReported();
        var key = TownClient.NewKey();
        var body = new FileCaseRequest("river-pollution", Urgency.Normal);
        (await Town.As(People.Operator).CommandAsync(which.Id, "file", body, key)).Status.ShouldBe(200);

        (await Town.As(People.Operator).CommandAsync(other.Id, "file", body, key)).Problem(422, "command.id_reused", "Idempotency-Key");
    }

    [Fact]
    public async Task A_repeat_gets_the_first_answer_and_nothing_is_appended()
    {
        var key = TownClient.NewKey();
        var first = await Worker.ReportAsync(Good, key);
        var before = await Town.HeadAsync();

        var again = await Worker.ReportAsync(Good, key);

        (again.Status, again.Text, again.ETag, again.Location, again.Replayed).ShouldBe((201, first.Text, first.ETag, first.Location, true));
        again.Position.ShouldBe(first.Position);
        (first.Replayed, await Town.HeadAsync()).ShouldBe((false, before));
    }

    [Fact]
    public async Task A_repeat_gets_the_first_answer_after_the_case_moved_on_too()
    {
        var dispatched = await Town.ACaseThatWasDispatched();
        var key = TownClient.NewKey();
        var claim = await Town.As(People.Handler).CommandAsync(dispatched.Id, "claim", new ClaimCaseRequest(), key, dispatched.ETag);
        await Town.After(dispatched, "return", new ReturnCaseRequest("不属本岗"), People.Handler);
        var before = await Town.HeadAsync();

        // Refused now, because the case is no longer the post's; but this is the answer that was lost on the way.
        var again = await Town.As(People.Handler).CommandAsync(dispatched.Id, "claim", new ClaimCaseRequest(), key, dispatched.ETag);

        (again.Status, again.Text, again.Replayed).ShouldBe((200, claim.Text, true));
        (await Town.HeadAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Repeats_at_the_same_time_are_one_command()
    {
        var key = TownClient.NewKey();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Worker.ReportAsync(Good, key)));

        answers.Select(answer => answer.Receipt).Distinct().Count().ShouldBe(1);
        answers.Count(answer => !answer.Replayed).ShouldBe(1);
    }

    // Versions.

    [Fact]
    public async Task A_version_that_another_person_has_passed_is_stale()
    {
        var reported = await Town.ACaseThatWasReported();
        var filed = await Town.After(reported, "file", new FileCaseRequest("river-pollution", Urgency.Normal), People.Operator);

        var answer = await Town.As(People.Dispatcher).CommandAsync(reported.Id, "dispatch", new DispatchCaseRequest(Unit.OfPost("village-construction")), ifMatch: reported.ETag);

        var problem = answer.Problem(412, "case.stale", "If-Match");
        problem.Current.ShouldBe(filed.Version);
        // Who came first, and what they did.
        problem.Last.ShouldNotBeNull().ShouldSatisfyAllConditions(
            last => last.Actor.ShouldBe(People.Operator), last => last.Name.ShouldNotBeNull().Zh.ShouldContain("值班员"), last => last.Role.ShouldBe(Role.CenterOperator), last => last.Event.ShouldBe("case_filed"));
        answer.ETag.ShouldBe(filed.ETag);
        (await Town.EventsOf(reported)).Count.ShouldBe((int)filed.Version);
    }

    [Fact]
    public async Task A_version_that_only_the_engine_has_passed_is_not_stale()
    {
        await using var town = await Town.StartAsync();
        var reported = await town.ACaseThatWasReported();
        await town.PassAsync(TimeSpan.FromMinutes(15));
        (await town.Read(reported)).Version.ShouldBeGreaterThan(reported.Version);

        var answer = await town.As(People.Operator).CommandAsync(reported.Id, "file", new FileCaseRequest("river-pollution", Urgency.Normal), ifMatch: reported.ETag);

        answer.Status.ShouldBe(200, answer.Text);
    }

    [Fact]
    public async Task A_version_that_is_still_to_come_is_stale()
    {
        var reported = await Town.ACaseThatWasReported();
        await RefusedAsync(People.Operator, reported, "file", new FileCaseRequest("river-pollution", Urgency.Normal), 412, "case.stale", "If-Match", "\"99\"");
    }

    [Theory]
    [InlineData("7")]
    [InlineData("\"seven\"")]
    [InlineData("\"-1\"")]
    [InlineData("W/\"7\"")]
    [InlineData("\"1\", \"2\"")]
    [InlineData("\"99999999999999999999\"")]
    public async Task A_malformed_If_Match_is_refused(string ifMatch)
    {
        var reported = await Town.ACaseThatWasReported();
        await RefusedAsync(People.Operator, reported, "file", new FileCaseRequest("river-pollution", Urgency.Normal), 400, "request.malformed", "If-Match", ifMatch);
    }

    // Queries.

    [Theory]
    [InlineData("colour=red", 400, "request.malformed", "colour")]
    [InlineData("stage=lost", 400, "request.malformed", "stage")]
    [InlineData("sector=7", 400, "request.malformed", "sector")]
    [InlineData("level=emperor", 400, "request.malformed", "level")]
    [InlineData("urgency=Normal", 400, "request.malformed", "urgency")]
    [InlineData("open=yes", 400, "request.malformed", "open")]
    [InlineData("late=1", 400, "request.malformed", "late")]
    [InlineData("dueSoon=perhaps", 400, "request.malformed", "dueSoon")]
    [InlineData("reportedOn=2026-02-30", 400, "request.malformed", "reportedOn")]
    [InlineData("closedOn=today", 400, "request.malformed", "closedOn")]
    [InlineData("scope=everywhere", 400, "request.malformed", "scope")]
    [InlineData("limit=0", 422, "field.out_of_range", "limit")]
    [InlineData("limit=201", 422, "field.out_of_range", "limit")]
    [InlineData("limit=ten", 422, "field.out_of_range", "limit")]
    [InlineData("cursor=abc", 400, "request.malformed", "cursor")]
    [InlineData("cursor=-1", 400, "request.malformed", "cursor")]
    [InlineData("minPosition=42", 400, "request.malformed", "minPosition")]
    [InlineData("minPosition=1:-1", 400, "request.malformed", "minPosition")]
    [InlineData("reportedOn=9999-12-31", 422, "field.out_of_range", "reportedOn")]
    [InlineData("closedOn=0001-01-01", 422, "field.out_of_range", "closedOn")]
    [InlineData("unit=%00", 400, "text.forbidden_character", "unit")]
    [InlineData("late=true&late=false", 400, "request.malformed", "late")]
    public async Task A_filter_that_cannot_be_read_is_refused_by_its_name(string query, int status, string code, string field) =>
        (await Town.As(People.Operator).GetAsync($"/api/cases?{query}")).Problem(status, code, field);

    [Theory]
    [InlineData("/api/inbox?cursor=abc", "cursor")]
    [InlineData("/api/inbox?unread=perhaps", "unread")]
    [InlineData("/api/inbox?colour=red", "colour")]
    [InlineData("/api/inbox?minPosition=x", "minPosition")]
    [InlineData("/api/board?minPosition=x", "minPosition")]
    [InlineData("/api/board?scope=everywhere", "scope")]
    [InlineData("/api/board?colour=red", "colour")]
    [InlineData("/api/organization/grid-at?latitude=29,3&longitude=105.5", "latitude")]
    [InlineData("/api/organization/grid-at?latitude=29.3", "longitude")]
    [InlineData("/api/organization/grid-at?latitude=29.3&longitude=105.5&system=mars", "system")]
    public async Task Other_queries_refuse_what_they_cannot_read_too(string path, string field) =>
        (await Town.As(People.Operator).GetAsync(path)).Problem(400, "request.malformed", field);

    [Fact]
    public async Task A_position_far_ahead_is_not_waited_for_for_ever()
    {
        var ahead = $"minPosition=1:{await Town.HeadAsync() + 1_000_000}";

        var answers = await Task.WhenAll(
            Town.As(People.Operator).GetAsync($"/api/cases?{ahead}"), Town.As(People.Operator).GetAsync($"/api/inbox?{ahead}"),
            Town.As(People.Operator).GetAsync($"/api/board?{ahead}"), Town.As(People.Operator).GetAsync("/api/cases?minPosition=2:1"));

        foreach (var answer in answers)
        {
            answer.Problem(503, "position.not_reached", "minPosition");
            answer.Message.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        }
    }

    // Addresses.

    [Theory]
    [InlineData("evil.example")]
    [InlineData("192.0.2.1:5080")]
    [InlineData("127.0.0.1.evil.example")]
    public async Task A_request_through_a_foreign_name_is_refused(string host)
    {
        using var request = Worker.Request(HttpMethod.Get, "/api/organization");
        request.Headers.Host = host;
        (await Worker.SendAsync(request)).Problem(421, "request.host", "Host");
    }

    [Theory]
    [InlineData("/api/nothing")]
    [InlineData("/nowhere/at/all")]
    public async Task An_unknown_address_is_not_found(string path) => (await Worker.GetAsync(path)).Problem(404, "request.not_found");

    [Fact]
    public async Task A_notice_by_another_kind_of_id_is_not_found() => (await Worker.PostAsync("/api/inbox/not-a-uuid/read", "")).Problem(404, "request.not_found");

    [Fact]
    public async Task A_method_that_is_not_there_is_refused()
    {
        using var request = Worker.Request(HttpMethod.Delete, "/api/cases");
        (await Worker.SendAsync(request)).Problem(405, "request.method");
        (await Worker.GetAsync("/api/photos")).Problem(405, "request.method");
    }

    [Fact]
    public async Task Bytes_that_are_no_HTTP_do_not_disturb_the_host()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Town.Address.Port);
        await client.GetStream().WriteAsync("\0\0\0 hello\r\n\r\n"u8.ToArray());
        (await new StreamReader(client.GetStream()).ReadLineAsync()).ShouldBe("HTTP/1.1 400 Bad Request");

        (await Worker.GetAsync("/health/live")).Status.ShouldBe(200);
    }

    private Task RefusedAsync(object body, int status, string code, string? field = null) => NothingHappens(() => Worker.ReportAsync(body), status, code, field);

    private Task RefusedAsync(string by, TestCase which, string command, object body, int status, string code, string field, string? ifMatch = null) =>
        NothingHappens(() => Town.As(by).CommandAsync(which.Id, command, body, ifMatch: ifMatch), status, code, field);

    private async Task NothingHappens(Func<Task<Answer>> request, int status, string code, string? field)
    {
        var before = await Town.HeadAsync();
        (await request()).Problem(status, code, field);
        (await Town.HeadAsync()).ShouldBe(before);
    }

    // The host may cut the connection that it no longer reads from, but only after the answer.
    private static async Task<string> RestAsync(StreamReader reader)
    {
        var rest = new StringBuilder();
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                rest.AppendLine(line);
                if (line.StartsWith('{'))
                    break;
            }
        }
        catch (IOException e)
        {
            rest.AppendLine(e.Message);
        }

        return rest.ToString();
    }

    private async Task<Answer> UploadAsync(byte[] image, string mediaType = "image/png", bool chunked = false)
    {
        using var request = Worker.Request(HttpMethod.Post, "/api/photos");
        request.Headers.TransferEncodingChunked = chunked ? true : null;
        request.Content = new ByteArrayContent(image) { Headers = { ContentType = MediaTypeHeaderValue.Parse(mediaType) } };
        return await Worker.SendAsync(request);
    }
}
