using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using CommandCenter.Domain.Files;
using CommandCenter.EventStore;
using CommandCenter.Host.Files;
using CommandCenter.Host.Tests.Towns;
using Microsoft.Extensions.DependencyInjection;
using static CommandCenter.Host.Tests.Files.Uploading;

namespace CommandCenter.Host.Tests.Files;

/// <summary>Uploads after the tus protocol 1.0.0, by its rules and by ours.</summary>
public sealed class TusTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private Town Town => fixture.Town;

    private TownClient Worker => Town.As(People.GridWorker);

    [Fact]
    public async Task A_file_comes_in_piece_by_piece_and_is_asked_after_in_between()
    {
        var content = SampleFiles.Mp4(length: 300_000);
        var begun = await Worker.BeginAsync(content.Length, "现场录像.mp4");
        begun.Status.ShouldBe(201);
        begun.Header("Tus-Resumable").ShouldBe("1.0.0");
        begun.Header("Upload-Offset").ShouldBe("0");
        var url = begun.Location.ShouldNotBeNull();

        var first = await Worker.PieceAsync(url, 0, content.AsMemory(0, 100_001));
        (first.Status, first.Header("Upload-Offset"), first.Header("Tus-Resumable")).ShouldBe((204, "100001", "1.0.0"));
        DateTimeOffset.Parse(first.Header("Upload-Expires")!, CultureInfo.InvariantCulture).ShouldBe(Town.Clock.GetUtcNow().AddDays(7), TimeSpan.FromSeconds(1));

        var head = await Worker.HeadAsync(url);
        (head.Status, head.Header("Upload-Offset"), head.Header("Upload-Length"), head.Header("Upload-Metadata")).ShouldBe(
            (200, "100001", Text(content.Length), $"filename {Convert.ToBase64String(Encoding.UTF8.GetBytes("现场录像.mp4"))}"));
        head.Message.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await Worker.GetAsync<UploadView>(url)).File.ShouldBeNull();

        (await Worker.PieceAsync(url, 100_001, content.AsMemory(100_001))).Header("Upload-Offset").ShouldBe(Text(content.Length));
        var receipt = (await Worker.GetAsync<UploadView>(url)).File.ShouldNotBeNull();
        (receipt.Kind, receipt.MediaType, receipt.Length).ShouldBe((MediaKind.Video, "video/mp4", content.Length));
        receipt.KeptUntil.ShouldBe(Town.Clock.GetUtcNow().AddDays(30));
        // Without the place that the phone wrote, so under the hash of what is kept.
        receipt.File.ShouldNotBe(SealedFiles.HashOf(SHA256.HashData(content)));

        // The last piece again, the end again, the question again: the same answer.
        (await Worker.PieceAsync(url, 100_001, content.AsMemory(100_001))).Status.ShouldBe(204);
        (await Worker.PieceAsync(url, content.Length, Array.Empty<byte>())).Status.ShouldBe(204);
        (await Worker.GetAsync<UploadView>(url)).File.ShouldBe(receipt);
        (await Worker.UploadAsync(content)).File.ShouldBe(receipt.File, "the same content is one file");
    }

    [Fact]
    public async Task What_the_host_speaks_is_said_to_whoever_asks()
    {
        using var request = Town.As(null).Request(HttpMethod.Options, "/api/uploads");
        var options = await Town.As(null).SendAsync(request);
        (options.Status, options.Header("Tus-Version"), options.Header("Tus-Extension"), options.Header("Tus-Max-Size"), options.Header("Tus-Checksum-Algorithm")).ShouldBe(
            (204, "1.0.0", "creation,checksum,expiration,termination", Text(FileType.LongestOfAll), "sha1,sha256"));
    }

    [Fact]
    public async Task A_creation_sent_again_under_its_key_is_the_same_upload_and_says_how_far_it_is()
    {
        var content = SampleFiles.Pdf();
        var key = TownClient.NewKey();
        var begun = await Worker.BeginAsync(content.Length, "合同.pdf", key);
        await Worker.PieceAsync(begun.Location!, 0, content.AsMemory(0, 77));

        var again = await Worker.BeginAsync(content.Length, "合同.pdf", key);
        (again.Status, again.Location, again.Header("Upload-Offset")).ShouldBe((201, begun.Location, "77"));
        (await Worker.BeginAsync(content.Length + 1, "合同.pdf", key)).Problem(422, "command.id_reused", "Idempotency-Key");
        (await Town.As(People.Handler).BeginAsync(content.Length, "合同.pdf", key)).Location.ShouldNotBe(begun.Location);
    }

    [Fact]
    public async Task Whoever_begins_more_than_there_is_room_for_is_refused_until_some_of_it_is_given_up()
    {
        // A gigabyte for each: ten of the longest that there are.
        var sender = Town.As("grid-worker-12");
        var begun = new List<Answer>();
        for (var n = 0; n < 9; n++)
            begun.Add(await sender.BeginAsync(FileType.LongestOfAll, "现场.mp4"));
        begun.ShouldAllBe(answer => answer.Status == 201);
        var key = TownClient.NewKey();
        for (var n = 0; n < 3; n++)
            await sender.BeginAsync(FileType.LongestOfAll, "现场.mp4");

        (await sender.BeginAsync(FileType.LongestOfAll, "现场.mp4", key)).Problem(409, "upload.quota");
        (await Town.As("grid-worker-13").BeginAsync(FileType.LongestOfAll, "现场.mp4")).Status.ShouldBe(201);

        (await sender.TusAsync(HttpMethod.Delete, begun[0].Location!)).Status.ShouldBe(204);
        (await sender.BeginAsync(FileType.LongestOfAll, "现场.mp4", key)).Status.ShouldBe(201);
    }

    [Fact]
    public async Task Of_many_who_begin_at_once_no_more_are_let_in_than_there_is_room_for()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Town.As("grid-worker-14").BeginAsync(FileType.LongestOfAll, "现场.mp4")));

        answers.Count(answer => answer.Status == 201).ShouldBe((int)(1_000_000_000 / FileType.LongestOfAll));
        answers.Where(answer => answer.Status != 201).ShouldAllBe(answer => answer.Problem(409, "upload.quota") != null);
    }

    [Fact]
    public async Task A_resident_who_sends_without_end_takes_no_other_residents_room()
    {
        var most = (int)(1_000_000_000 / FileType.LongestOfAll);
        var flood = await Task.WhenAll(Enumerable.Range(0, most + 5).Select(n => BeginAsync(n % 2 == 0 ? "198.51.100.7" : "203.0.113.1, 198.51.100.7")));

        flood.Count(answer => answer.Status == 201).ShouldBe(most);
        flood.Where(answer => answer.Status != 201).ShouldAllBe(answer => answer.Problem(409, "upload.quota") != null);
        (await BeginAsync("198.51.100.8")).Status.ShouldBe(201);
        (await BeginAsync("2001:db8:1:2::7")).Status.ShouldBe(201);
        (await Town.ColumnAsync("select client from cc_uploads where actor = 'resident'")).ShouldNotContain(client => client.Contains('.') || client.Contains(':'), "no address is kept");

        Task<Answer> BeginAsync(string address) => Town.As("resident").TusAsync(HttpMethod.Post, "/api/uploads", headers:
        [
            ("Upload-Length", Text(FileType.LongestOfAll)), ("Upload-Metadata", $"filename {Convert.ToBase64String(Encoding.UTF8.GetBytes("现场.mp4"))}"), ("X-Forwarded-For", address),
        ]);
    }

    [Fact]
    public async Task An_upload_is_its_creators_and_nobody_elses()
    {
        var url = (await Worker.BeginAsync(10)).Location!;
        foreach (var other in (TownClient[])[Town.As(People.Handler), Town.As(People.Operator), Town.As("resident")])
        {
            (await other.HeadAsync(url)).Status.ShouldBe(404);
            (await other.GetAsync(url)).Problem(404, "upload.unknown");
            (await other.PieceAsync(url, 0, new byte[10])).Problem(404, "upload.unknown");
            (await other.TusAsync(HttpMethod.Delete, url)).Problem(404, "upload.unknown");
        }

        (await Town.As(null).PieceAsync(url, 0, new byte[10])).Problem(401, "actor.missing", "X-Actor");
        (await Worker.HeadAsync(url)).Header("Upload-Offset").ShouldBe("0");
    }

    [Fact]
    public async Task An_upload_that_is_given_up_is_gone()
    {
        var url = (await Worker.BeginAsync(200_000)).Location!;
        await Worker.PieceAsync(url, 0, SampleFiles.Mp4(length: 100_000));
        (await Worker.TusAsync(HttpMethod.Delete, url)).Status.ShouldBe(204);
        (await Worker.HeadAsync(url)).Status.ShouldBe(404);
        (await Worker.TusAsync(HttpMethod.Delete, url)).Problem(404, "upload.unknown");
    }

    [Fact]
    public async Task Lines_that_let_no_other_method_through_may_post_it()
    {
        var content = SampleFiles.Pdf();
        var url = (await Worker.BeginAsync(content.Length)).Location!;
        (await Worker.TusAsync(HttpMethod.Post, url, content, headers: [("X-HTTP-Method-Override", "PATCH"), ("Upload-Offset", "0")])).Status.ShouldBe(204);
        (await Worker.GetAsync<UploadView>(url)).File!.Kind.ShouldBe(MediaKind.Document);
        (await Worker.TusAsync(HttpMethod.Post, url, headers: [("X-HTTP-Method-Override", "PUT")])).Problem(400, "request.malformed", "X-HTTP-Method-Override");
        (await Worker.TusAsync(HttpMethod.Post, url, headers: [("X-HTTP-Method-Override", "DELETE")])).Status.ShouldBe(204);
    }

    [Fact]
    public async Task A_piece_is_held_to_the_hash_that_its_sender_says()
    {
        var content = SampleFiles.Pdf();
        var url = (await Worker.BeginAsync(content.Length)).Location!;
        var wrong = await Worker.PieceAsync(url, 0, content, ("Upload-Checksum", $"sha1 {Convert.ToBase64String(new byte[20])}"));
        wrong.Problem(460, "upload.checksum_mismatch", "Upload-Checksum");
        (await Worker.HeadAsync(url)).Header("Upload-Offset").ShouldBe("0");
#pragma warning disable CA5350 // The protocol asks every server to know it.
        var right = Convert.ToBase64String(SHA1.HashData(content));
#pragma warning restore CA5350
        (await Worker.PieceAsync(url, 0, content, ("Upload-Checksum", $"sha1 {right}"))).Status.ShouldBe(204);
    }

    // Bad requests: each on its status, its code, its words in both languages (which Problem checks) and an unchanged log.

    [Theory]
    [InlineData(null, 400, "Upload-Length")]
    [InlineData("", 400, "Upload-Length")]
    [InlineData("-1", 400, "Upload-Length")]
    [InlineData("1.5", 400, "Upload-Length")]
    [InlineData("0", 400, "Upload-Length")]
    [InlineData("99999999999999999999", 400, "Upload-Length")]
    public async Task A_creation_says_how_long_it_will_be(string? length, int status, string field) =>
        await UnchangedAsync(async () => (await Worker.TusAsync(HttpMethod.Post, "/api/uploads", headers: length is null ? [] : [("Upload-Length", length)])).Problem(status, "request.malformed", field));

    [Fact]
    public Task What_is_longer_than_its_type_may_be_is_refused_before_a_byte_is_sent() => UnchangedAsync(async () =>
    {
        (await Worker.BeginAsync(200L * 1024 * 1024)).Problem(413, "file.too_large");
        (await Worker.BeginAsync(FileType.LongestOfAll + 1)).Problem(413, "file.too_large");
        (await Worker.BeginAsync(FileType.Pdf.Longest + 1, "合同.pdf")).Problem(413, "file.too_large").Message.En.ShouldContain("30 MB");
        (await Worker.BeginAsync(FileType.LongestImage + 1, "照片.JPG")).Problem(413, "file.too_large");
        (await Worker.BeginAsync(FileType.LongestOfAll, "录像.mov")).Status.ShouldBe(201);
    });

    [Fact]
    public Task Names_that_lie_or_are_of_no_type_that_is_taken_are_refused() => UnchangedAsync(async () =>
    {
        (await Worker.BeginAsync(10, "程序.exe")).Problem(415, "file.name_unknown", "Upload-Metadata");
        (await Worker.BeginAsync(10, "旧文件.doc")).Problem(415, "file.name_unknown", "Upload-Metadata").Message.Zh.ShouldContain("另存");
        (await Worker.BeginAsync(10, "../合同.pdf")).Problem(422, "file.name_malformed", "Upload-Metadata");
        (await Worker.BeginAsync(10, "合同\u202Efdp.exe")).Problem(422, "file.name_malformed", "Upload-Metadata");

        // Found out at the end, when the content is whole.
        var pdf = SampleFiles.Pdf();
        var url = (await Worker.BeginAsync(pdf.Length, "表格.xlsx")).Location!;
        (await Worker.PieceAsync(url, 0, pdf)).Problem(422, "file.name_lies", "Upload-Metadata");
        (await Worker.GetAsync(url)).Problem(422, "file.name_lies", "Upload-Metadata");
    });

    [Theory]
    [InlineData("filename")]
    [InlineData("filename !!!")]
    [InlineData("filename YQ==,filename YQ==")]
    [InlineData("filename YQ== x")]
    [InlineData(",")]
    public Task Metadata_that_nobody_can_read_are_refused(string metadata) => UnchangedAsync(async () =>
    {
        var answer = await Worker.TusAsync(HttpMethod.Post, "/api/uploads", headers: [("Upload-Length", "10"), ("Upload-Metadata", metadata)]);
        if (metadata == "filename")
            answer.Problem(422, "file.name_malformed", "Upload-Metadata");
        else
            answer.Problem(400, "request.malformed", "Upload-Metadata");
    });

    [Fact]
    public Task A_piece_comes_in_the_protocols_form_to_the_place_where_the_upload_stands() => UnchangedAsync(async () =>
    {
        var url = (await Worker.BeginAsync(1000)).Location!;
        (await Worker.TusAsync(HttpMethod.Patch, url, new byte[10], version: null, headers: [("Upload-Offset", "0")])).Problem(412, "upload.protocol", "Tus-Resumable");
        var old = await Worker.TusAsync(HttpMethod.Patch, url, new byte[10], version: "0.2.2", headers: [("Upload-Offset", "0")]);
        old.Problem(412, "upload.protocol", "Tus-Resumable");
        old.Header("Tus-Version").ShouldBe("1.0.0");
        (await Worker.TusAsync(HttpMethod.Patch, url, new byte[10], contentType: "image/png", headers: [("Upload-Offset", "0")])).Problem(415, "request.media_type", "Content-Type");
        (await Worker.TusAsync(HttpMethod.Patch, url, new byte[10])).Problem(400, "request.malformed", "Upload-Offset");
        (await Worker.PieceAsync(url, 0, new byte[10], ("Upload-Checksum", "md5 YQ=="))).Problem(400, "request.malformed", "Upload-Checksum");
        (await Worker.PieceAsync(url, 0, new byte[10], ("Upload-Checksum", "sha256 YQ=="))).Problem(400, "request.malformed", "Upload-Checksum");
        var elsewhere = await Worker.PieceAsync(url, 5, new byte[10]);
        elsewhere.Problem(409, "upload.wrong_offset", "Upload-Offset");
        elsewhere.Header("Upload-Offset").ShouldBe("0");
        (await Worker.PieceAsync(url, 0, new byte[1001])).Problem(413, "upload.too_long", "Upload-Length");
        foreach (var id in (string[])["x", new string('0', 32), "..%2F..%2Fkeys", new string('0', 31) + "G"])
            (await Worker.PieceAsync($"/api/uploads/{id}", 0, new byte[1])).Problem(404, "upload.unknown");
        (await Worker.TusAsync(HttpMethod.Post, "/api/uploads", headers: [("Upload-Defer-Length", "1")])).Problem(400, "request.malformed", "Upload-Defer-Length");
        (await Worker.HeadAsync(url)).Header("Upload-Offset").ShouldBe("0");
    });

    public static TheoryData<string, byte[], int, string> Unwanted { get; } = new()
    {
        { "a program", [.. "MZ"u8, 0x90, 0, .. new byte[200]], 415, "file.type_unknown" },
        { "a page", "<!DOCTYPE html><script>alert(1)</script>"u8.ToArray(), 415, "file.type_unknown" },
        { "half a PDF", SampleFiles.Pdf()[..^10], 422, "file.damaged" },
        { "a PDF with a page behind it", [.. SampleFiles.Pdf(), .. "<html>"u8], 422, "file.polyglot" },
        { "a document with macros", SampleFiles.Docx(("word/vbaProject.bin", "x")), 422, "file.active_content" },
        { "a document that unpacks to far too much", SampleFiles.Docx(("word/a.xml", new string('a', 3_000_000))), 422, "file.bomb" },
    };

    [Theory]
    [MemberData(nameof(Unwanted))]
    public Task Content_that_is_not_wanted_is_refused_with_what_to_do_instead_and_leaves_nothing(string what, byte[] content, int status, string code) => UnchangedAsync(async () =>
    {
        var files = await Town.AskAsync<long>("select count(*) from cc_files");
        var url = (await Worker.BeginAsync(content.Length)).Location!;
        var refused = (await Worker.PieceAsync(url, 0, content)).Problem(status, code);
        // Asked and sent again it stays refused.
        (await Worker.GetAsync(url)).Problem(status, code).Message.ShouldBe(refused.Message, what);
        (await Worker.PieceAsync(url, 0, content)).Problem(status, code);
        (await Town.AskAsync<long>("select count(*) from cc_files")).ShouldBe(files);
    });

    [Fact]
    public Task What_is_not_wanted_is_refused_at_its_first_bytes_and_not_at_its_last() => UnchangedAsync(async () =>
    {
        var url = (await Worker.BeginAsync(50L * 1024 * 1024)).Location!;
        (await Worker.PieceAsync(url, 0, new byte[70_000])).Problem(415, "file.type_unknown");
        url = (await Worker.BeginAsync(50L * 1024 * 1024)).Location!;
        (await Worker.PieceAsync(url, 0, Images.Png(1, 70_000))).Problem(413, "file.too_large").Message.En.ShouldContain("10 MB");
    });

    [Fact]
    public async Task Uploads_expire_and_files_that_nobody_named_are_collected_by_the_clock_and_named_ones_are_not()
    {
        // By a clock of its own: the others of this class must not grow old.
        await using var town = await Town.StartAsync();
        var worker = town.As(People.GridWorker);
        var left = (await worker.BeginAsync(200_000)).Location!;
        await worker.PieceAsync(left, 0, SampleFiles.Mp4(length: 100_000));
        var unnamed = await worker.UploadAsync(SampleFiles.Pdf("/Unnamed 1"));
        var named = await worker.AnAttachmentAsync(SampleFiles.Pdf("/Named 1"), "合同.pdf");
        var which = await town.ACaseThatWasReported(Town.AReport() with { Attachments = [named] });
        var collector = town.Services.GetRequiredService<FileCollector>();

        town.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        await collector.SweepAsync(default);
        (await worker.HeadAsync(left)).Status.ShouldBe(200);
        town.Clock.Advance(TimeSpan.FromSeconds(1));
        (await worker.GetAsync(left)).Problem(410, "upload.expired");
        await collector.SweepAsync(default);
        (await worker.GetAsync(left)).Problem(404, "upload.unknown");
        Directory.GetFiles(Path.Combine(town.DataFolder, "uploads"), "*", SearchOption.AllDirectories).ShouldBeEmpty();

        town.Clock.Advance(TimeSpan.FromDays(24));
        await collector.SweepAsync(default);
        (await worker.CommandAsync(which.Id, "rate", "{}")).Status.ShouldBeGreaterThanOrEqualTo(400);
        var late = new Composition.AttachmentRequest(unnamed.File, "合同.pdf");
        (await worker.ReportAsync(Town.AReport() with { Attachments = [late] })).Problem(422, "attachment.unknown", "attachments");
        (await worker.GetAsync($"{which.Path}/attachments/{named.File}")).Status.ShouldBe(200);
        // Uploaded again it may be named after all.
        await worker.UploadAsync(SampleFiles.Pdf("/Unnamed 1"));
        (await worker.ReportAsync(Town.AReport() with { Attachments = [late] })).Status.ShouldBe(201);
    }

    [Fact]
    public async Task Two_hundred_megabytes_are_not_taken_and_a_hundred_are_without_being_held_in_memory()
    {
        var video = FileType.LongestOfAll;
        var start = SampleFiles.Box("ftyp", [.. "isom"u8, 0, 0, 2, 0]);
        byte[] movie = SampleFiles.Box("moov", SampleFiles.Track("vide"));
        var data = video - start.Length - movie.Length;
        byte[] head = [.. start, .. movie, (byte)(data >> 24), (byte)(data >> 16), (byte)(data >> 8), (byte)data, .. "mdat"u8];
        var url = (await Worker.BeginAsync(video)).Location!;
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0L;

        // As one endless piece, without its length said beforehand: read to the announced end and no further.
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Town.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"PATCH {url} HTTP/1.1\r\nHost: 127.0.0.1:{Town.Address.Port}\r\nX-Actor: {People.GridWorker}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n"));
        var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = reader.ReadLineAsync();
        var block = new byte[64 * 1024];
        for (var sent = 0L; sent < 200L * 1024 * 1024 && !answer.IsCompleted; sent += block.Length)
        {
            Array.Clear(block);
            if (sent == 0)
                head.CopyTo(block, 0);
            byte[] frame = [.. Encoding.ASCII.GetBytes($"{block.Length:x}\r\n"), .. block, .. "\r\n"u8];
            var write = stream.WriteAsync(frame).AsTask();
            if (await Task.WhenAny(write, answer) != write || write.IsFaulted)
                break;
            if (sent % (8 * 1024 * 1024) == 0)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
        }

        (await answer).ShouldBe("HTTP/1.1 413 Payload Too Large");
        var kept = long.Parse((await Worker.HeadAsync(url)).Header("Upload-Offset")!, CultureInfo.InvariantCulture);
        kept.ShouldBeInRange(video - (2 * 1024 * 1024), video, "what was acknowledged before the end is kept");
        for (var at = kept; at < video; at += block.Length)
            (await Worker.PieceAsync(url, at, new byte[Math.Min(block.Length, video - at)])).Status.ShouldBe(204);
        most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));

        var receipt = (await Worker.GetAsync<UploadView>(url)).File.ShouldNotBeNull();
        (receipt.Kind, receipt.Length).ShouldBe((MediaKind.Video, video));
        (most - memory).ShouldBeLessThan(48 * 1024 * 1024);
    }

    private async Task UnchangedAsync(Func<Task> what)
    {
        var before = await Town.HeadAsync();
        await what();
        (await Town.HeadAsync()).ShouldBe(before);
    }
}
