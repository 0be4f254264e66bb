using System.Text;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Files;
using CommandCenter.EventStore;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Meetings;
using CommandCenter.Host.Tasks;
using CommandCenter.Host.Tests.Meetings;
using CommandCenter.Host.Tests.Tasks;
using CommandCenter.Host.Tests.Towns;
using Microsoft.Extensions.DependencyInjection;

namespace CommandCenter.Host.Tests.Files;

/// <summary>What people bring with what they did: named in the event, sealed beside the log, and given to those who may see it.</summary>
public sealed class AttachmentTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private const string Name = "张某某房屋租赁合同.pdf";

    private Town Town => fixture.Town;

    private TownClient Worker => Town.As(People.GridWorker);

    [Fact]
    public async Task An_attachment_stands_in_the_event_with_hash_kind_type_and_length_and_its_name_sealed()
    {
        var pdf = SampleFiles.Pdf("/Contract 1");
        var which = await Town.ACaseThatWasReported(Town.AReport() with { Attachments = [await Worker.AnAttachmentAsync(pdf, Name)] });

        var stored = await Town.AskAsync<string>($"select data -> 'attachments' ->> 0 from mt_events where stream_id = '{which.Stream}' and version = 1");
        stored.ShouldContain($"\"file\": \"{SealedFiles.HashOf(System.Security.Cryptography.SHA256.HashData(pdf))}\"");
        stored.ShouldContain("\"kind\": \"document\"");
        stored.ShouldContain("\"mediaType\": \"application/pdf\"");
        stored.ShouldContain($"\"length\": {pdf.Length}");
        stored.ShouldContain("\"name\": \"sealed:1:");
        var everything = string.Join('\n', await Town.ColumnAsync("select e::text from mt_events e union all select u::text from cc_uploads u union all select f::text from cc_files f"));
        everything.ShouldNotContain("张某某");
        everything.ShouldNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Name))[..12]);
        everything.ShouldNotContain(Convert.ToHexStringLower(Encoding.UTF8.GetBytes("张某某")));

        var view = (await Town.Read(which)).Attachments.ShouldHaveSingleItem();
        (view.Kind, view.MediaType, view.Length, view.Name, view.Event).ShouldBe((MediaKind.Document, "application/pdf", pdf.Length, new PersonalValue(PersonalState.Open, Name), "case_reported"));
        (await Town.As(People.Operator).GetAsync($"{which.Path}/history")).Text.ShouldContain(Name);
    }

    [Fact]
    public async Task It_is_downloaded_to_keep_and_never_shown_within_a_page()
    {
        var text = "<通知> 明日停水"u8.ToArray();
        var attachment = await Worker.AnAttachmentAsync(text, "通知.txt");
        var which = await Town.ACaseThatWasReported(Town.AReport() with { Attachments = [attachment] });

        var download = await Worker.GetAsync($"{which.Path}/attachments/{attachment.File}");
        download.Body.ShouldBe(text);
        download.MediaType.ShouldBe("text/plain");
        var disposition = download.Message.Content.Headers.ContentDisposition.ShouldNotBeNull();
        (disposition.DispositionType, disposition.FileNameStar).ShouldBe(("attachment", "通知.txt"));
        download.Header("X-Content-Type-Options").ShouldBe("nosniff");
        download.Header("Content-Security-Policy").ShouldBe("sandbox; default-src 'none'");
        download.Message.Headers.CacheControl!.NoStore.ShouldBeTrue();
        download.ETag.ShouldBe($"\"{attachment.File}\"");
    }

    [Fact]
    public async Task A_video_is_given_in_ranges()
    {
        var video = SampleFiles.Mp4(length: 300_000);
        var attachment = await Worker.AnAttachmentAsync(video, "录像.mp4");
        var which = await Town.ACaseThatWasReported(Town.AReport() with { Attachments = [attachment] });
        var path = $"{which.Path}/attachments/{attachment.File}";
        var whole = (await Worker.GetAsync(path)).Body;
        whole.Length.ShouldBe(video.Length);

        using var part = Worker.Request(HttpMethod.Get, path);
        part.Headers.Range = new(70_000, 199_999);
        var answer = await Worker.SendAsync(part);
        answer.Status.ShouldBe(206);
        answer.Body.AsSpan().SequenceEqual(whole.AsSpan(70_000, 130_000)).ShouldBeTrue();
        answer.Message.Content.Headers.ContentRange!.ToString().ShouldBe($"bytes 70000-199999/{video.Length}");

        using var known = Worker.Request(HttpMethod.Get, path);
        known.Headers.TryAddWithoutValidation("If-None-Match", $"\"{attachment.File}\"");
        (await Worker.SendAsync(known)).Status.ShouldBe(304);
    }

    [Fact]
    public async Task Those_who_may_not_see_photos_see_how_many_attachments_there_are_and_nothing_of_them()
    {
        var attachment = await Worker.AnAttachmentAsync(SampleFiles.Pdf("/Contract 2"), Name);
        var which = await Town.ACaseThatWasReported(Town.AReport() with { Attachments = [attachment] });
        var other = await Town.ACaseThatWasReported();

        var hidden = await Town.Read(which, People.SectorLead);
        (hidden.Attachments.Count, hidden.AttachmentsHidden).ShouldBe((0, 1));
        var history = (await Town.As(People.SectorLead).GetAsync($"{which.Path}/history")).Text;
        history.ShouldNotContain(attachment.File);
        history.ShouldContain("\"attachmentsHidden\":1");
        (await Town.As(People.SectorLead).GetAsync($"{which.Path}/attachments/{attachment.File}")).Problem(403, "access.denied");
        (await Town.As(null).GetAsync($"{which.Path}/attachments/{attachment.File}")).Problem(401, "actor.missing", "X-Actor");
        (await Worker.GetAsync($"{other.Path}/attachments/{attachment.File}")).Problem(404, "attachment.not_there");
        (await Worker.GetAsync($"{which.Path}/photos/{attachment.File}")).Problem(404, "photo.unknown");

        await Town.Services.GetRequiredService<IKeyStore>().EraseSubjectAsync(SealedFiles.SubjectOf(attachment.File), "administrator-01", "asked for by the person", Town.Clock.GetUtcNow());
        (await Worker.GetAsync($"{which.Path}/attachments/{attachment.File}")).Problem(410, "attachment.erased");
        var again = (await Worker.BeginAsync(SampleFiles.Pdf("/Contract 2").Length)).Location!;
        (await Worker.PieceAsync(again, 0, SampleFiles.Pdf("/Contract 2"))).Problem(410, "file.erased");
    }

    [Fact]
    public async Task Every_command_that_can_show_something_takes_attachments()
    {
        var handler = Town.As(People.Handler);
        async Task<IReadOnlyList<AttachmentRequest>> By(TownClient who, int n) => [await who.AnAttachmentAsync(SampleFiles.Pdf($"/Step {n}"), $"第{n}步.pdf")];
        var which = await Town.ACaseThatWasClaimed(Town.AReport() with { Attachments = await By(Worker, 1) });
        which = await Town.After(which, "plan", new PlanCaseRequest("先清淤", Attachments: await By(handler, 2)), People.Handler);
        which = await Town.After(which, "progress", new ProgressCaseRequest("已开挖", Attachments: await By(handler, 3)), People.Handler);
        which = await Town.After(which, "record-funding", new RecordFundingRequest(100, "镇级财政", await By(handler, 4)), People.Handler);
        which = await Town.After(which, "complete", new CompleteCaseRequest("已修复", Attachments: await By(handler, 5)), People.Handler);
        which = await Town.After(which, "verify", new VerifyCaseRequest(false, "仍有积水", Attachments: await By(Worker, 6)), People.GridWorker);
        which = await Town.After(which, "claim", new ClaimCaseRequest(), People.Handler);
        which = await Town.After(which, "hand-to-enforcement", new HandCaseToEnforcementRequest("law-enforcement", "涉嫌违法", await By(handler, 7)), People.Handler);

        var views = (await Town.Read(which)).Attachments;
        views.Select(view => view.Name.Value).ShouldBe(Enumerable.Range(1, 7).Select(n => $"第{n}步.pdf"));
        views.Select(view => view.Event).ShouldBe(
            ["case_reported", "case_plan_published", "case_progressed", "case_funding_recorded", "case_completed", "case_rework_ordered", "case_handed_to_enforcement"]);
        foreach (var view in views)
            (await Town.As(People.Operator).GetAsync($"{which.Path}/attachments/{view.File}")).Status.ShouldBe(200);

        // Solved on the spot: with the proof, not with the report.
        var solved = await Worker.PostAsync(
            "/api/cases/solved", new ReportSolvedCaseRequest(Town.AReport(), "当场清理", [await Town.APhoto(People.GridWorker)], await By(Worker, 8)));
        (await Worker.GetAsync<CaseDetail>(solved.Location!)).Attachments.ShouldHaveSingleItem().Event.ShouldBe("case_solved_on_spot");
    }

    [Fact]
    public async Task Meetings_and_tasks_take_them_by_the_same_way()
    {
        var meeting = await Town.AMeetingThatWasHeld();
        var secretary = Town.As(MeetingTown.Secretary);
        var document = SampleFiles.Docx();
        await Town.Meeting(meeting, "record-minutes", new RecordMinutesRequest("提出三个问题。", Attachments: [await secretary.AnAttachmentAsync(document, "会议纪要.docx")]), MeetingTown.Secretary);
        var minutes = (await Town.ReadMeeting(meeting, MeetingTown.Secretary)).Attachments.ShouldHaveSingleItem();
        (minutes.Kind, minutes.Name.Value, minutes.Event).ShouldBe((MediaKind.Document, "会议纪要.docx", "meeting_minutes_recorded"));
        (await secretary.GetAsync($"/api/meetings/{meeting}/attachments/{minutes.File}")).Body.ShouldBe(document);

        var list = await Town.AListThatWasPublished([TaskTown.AnItem(Town)]);
        var task = list.Task(Places.Grid);
        await Town.Do(task, "progress", new ProgressTaskRequest(Attachments: [await Worker.AnAttachmentAsync(SampleFiles.Xlsx(), "排查表.xlsx")]), People.GridWorker);
        var sheet = (await Worker.GetAsync<TaskDetail>($"/api/tasks/{task}")).Attachments.ShouldHaveSingleItem();
        (sheet.Kind, sheet.Name.Value, sheet.Event).ShouldBe((MediaKind.Sheet, "排查表.xlsx", "task_progressed"));
        (await Worker.GetAsync($"/api/tasks/{task}/attachments/{sheet.File}")).Status.ShouldBe(200);
    }

    // Bad requests: each on its status, its code, its words in both languages and an unchanged log.

    [Fact]
    public async Task An_attachment_that_cannot_be_named_is_refused_and_nothing_happens()
    {
        var good = await Worker.AnAttachmentAsync(SampleFiles.Pdf("/Good 1"), "合同.pdf");
        var foreign = await Town.As(People.Handler).AnAttachmentAsync(SampleFiles.Pdf("/Foreign 1"), "合同.pdf");
        (AttachmentRequest? Attachment, int Status, string Code, string Field)[] cases =
        [
            (good with { File = $"sha256:{new string('0', 64)}" }, 422, "attachment.unknown", "attachments"),
            (good with { File = "sha256:../../keys/master.key" }, 422, "attachment.unknown", "attachments"),
            (good with { File = "" }, 422, "attachment.unknown", "attachments"),
            (foreign, 422, "attachment.unknown", "attachments"),
            (good with { Name = "合同.xlsx" }, 422, "file.name_lies", "attachments.name"),
            (good with { Name = "合同.pdf.exe" }, 415, "file.name_unknown", "attachments.name"),
            (good with { Name = "a/b.pdf" }, 422, "file.name_malformed", "attachments.name"),
            (good with { Name = "合同\u202Efdp.pdf" }, 422, "file.name_malformed", "attachments.name"),
            (good with { Name = " " }, 422, "field.missing", "attachments.name"),
            (good with { Name = new string('长', 151) + ".pdf" }, 422, "field.too_long", "attachments.name"),
        ];
        var before = await Town.HeadAsync();
        foreach (var (attachment, status, code, field) in cases)
            (await Worker.ReportAsync(Town.AReport() with { Attachments = [attachment!] })).Problem(status, code, field);
        (await Worker.ReportAsync(Town.AReport() with { Attachments = [.. Enumerable.Repeat(good, 10)] })).Problem(422, "attachment.too_many", "attachments");
        (await Worker.ReportAsync("""{"text":"路灯不亮","category":"street-light","area":"500153003001001","attachments":[null]}""")).Problem(422, "attachment.unknown", "attachments");
        (await Worker.ReportAsync("""{"text":"路灯不亮","category":"street-light","area":"500153003001001","attachments":[{"file":"x"}]}""")).Problem(400, "request.malformed", "attachments[0]");
        // What is no photo is none by being called one.
        (await Worker.ReportAsync(Town.AReport() with { Photos = [good.File] })).Problem(422, "photo.not_an_image", "photos");
        (await Worker.PostAsync("/api/cases/solved", new ReportSolvedCaseRequest(Town.AReport() with { Attachments = [good] }, "当场清理", [await Town.APhoto(People.GridWorker)])))
            .Problem(400, "request.malformed", "report.attachments");
        (await Town.HeadAsync()).ShouldBe(before);

        // Twice in one command is once; and what the case has may be named by who did not bring it.
        var which = await Town.ACaseThatWasDispatched(Town.AReport() with { Attachments = [good, good] });
        (await Town.Read(which)).Attachments.Count.ShouldBe(1);
        which = await Town.After(which, "claim", new ClaimCaseRequest(), People.Handler);
        await Town.After(which, "progress", new ProgressCaseRequest("见合同", Attachments: [good]), People.Handler);
    }

    [Fact]
    public async Task A_repeat_of_a_command_with_attachments_gets_its_first_answer_and_other_attachments_do_not()
    {
        var one = await Worker.AnAttachmentAsync(SampleFiles.Pdf("/One 1"), "甲.pdf");
        var two = await Worker.AnAttachmentAsync(SampleFiles.Pdf("/Two 1"), "乙.pdf");
        var key = TownClient.NewKey();
        var first = await Worker.ReportAsync(Town.AReport() with { Attachments = [one] }, key);
        var again = await Worker.ReportAsync(Town.AReport() with { Attachments = [one] }, key);
        (again.Replayed, again.Receipt.Id).ShouldBe((true, first.Receipt.Id));
        (await Worker.ReportAsync(Town.AReport() with { Attachments = [two] }, key)).Problem(422, "command.id_reused", "Idempotency-Key");
    }
}
