using System.Text;
using CommandCenter.Domain.Files;
using CommandCenter.Host.Files.Formats;
using CommandCenter.Host.Tests.Towns;

namespace CommandCenter.Host.Tests.Files;

/// <summary>A file is what its content is, and keeps nothing of who made it.</summary>
public sealed class ContentInspectorTests
{
    public static TheoryData<string, byte[], string> Taken { get; } = new()
    {
        { "a JPEG", SampleFiles.Jpeg(), "image/jpeg" },
        { "a PNG", SampleFiles.PngWithMetadata(), "image/png" },
        { "a WebP", SampleFiles.WebP(), "image/webp" },
        { "a PDF", SampleFiles.Pdf(), "application/pdf" },
        { "a PDF 2.0 with blank lines behind it", [.. SampleFiles.Pdf(before: "%PDF-2.0\n"), .. "\r\n\0\n"u8], "application/pdf" },
        { "a DOCX", SampleFiles.Docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
        { "a DOCX with a chart's numbers", SampleFiles.Docx(("word/embeddings/numbers.xlsx", "x")), "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
        { "a DOCX with a link to follow", SampleFiles.Docx(("word/_rels/document.xml.rels", Relationship("hyperlink"))), "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
        { "an XLSX", SampleFiles.Xlsx(("xl/printerSettings/printerSettings1.bin", "x")), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
        { "a text", "会议纪要\n第一项"u8.ToArray(), "text/plain" },
        { "a text with a byte order mark", Encoding.UTF8.GetBytes("\uFEFF姓名,电话\r\n"), "text/plain" },
        { "a text that begins with a bracket", "<通知> 明日停水"u8.ToArray(), "text/plain" },
        { "a table as spreadsheets here write it", [0xD0, 0xD5, 0xC3, 0xFB, 0x2C, 0xB5, 0xE7, 0xBB, 0xB0, 0x0D, 0x0A], "text/plain" },
        { "a video", SampleFiles.Mp4(), "video/mp4" },
        { "a video with its index at the end", SampleFiles.Mp4(movieFirst: false), "video/mp4" },
        { "a video of another phone", SampleFiles.Mp4(brand: "qt  "), "video/quicktime" },
        { "a recording", SampleFiles.Mp4("soun", "M4A "), "audio/mp4" },
    };

    public static TheoryData<string, byte[], ContentFault> NotTaken { get; } = new()
    {
        { "nothing", [], ContentFault.Unknown },
        { "a GIF", "GIF89a\u0001\0\u0001\0\0\0\0;"u8.ToArray(), ContentFault.Unknown },
        { "a program", [.. "MZ"u8, 0x90, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0xFF, 0xFF, 0, 0], ContentFault.Unknown },
        { "an old document", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0, 0, 0, 0, 0, 0, 0], ContentFault.Unknown },
        { "a page", "  <!DOCTYPE html><script>alert(1)</script>"u8.ToArray(), ContentFault.Unknown },
        { "a drawing", "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), ContentFault.Unknown },
        { "a script", "#!/bin/sh\nrm -rf /"u8.ToArray(), ContentFault.Unknown },
        { "rich text", "{\\rtf1\\ansi}"u8.ToArray(), ContentFault.Unknown },
        { "a text in UTF-16", Encoding.Unicode.GetBytes("\uFEFF会议纪要"), ContentFault.Unknown },
        { "a text with a control character", "会议纪要\u0001"u8.ToArray(), ContentFault.Unknown },
        { "bytes that are no text", [.. "abcdefghijklmnopqrst"u8, 0xFF, 0xFF, 0xFE], ContentFault.Unknown },
        { "a picture of the newest phones", [.. SampleFiles.Box("ftyp", [.. "heic"u8, 0, 0, 0, 0]), .. SampleFiles.Box("meta", new byte[40]), .. SampleFiles.Box("mdat", new byte[40])], ContentFault.Damaged },
        { "a JPEG without its end", SampleFiles.Jpeg()[..^2], ContentFault.Damaged },
        { "a JPEG without a picture", [0xFF, 0xD8, .. SampleFiles.ColourProfile, 0xFF, 0xD9], ContentFault.Damaged },
        { "a JPEG of more pixels than anybody shows", [0xFF, 0xD8, .. SampleFiles.Segment(0xC0, [8, 0xFF, 0xFF, 0xFF, 0xFF, 1, 1, 0x11, 0]), .. SampleFiles.JpegPicture], ContentFault.Bomb },
        { "a PNG without its end", Images.Png(1)[..^12], ContentFault.Damaged },
        { "a PNG with a wrong check sum", [.. Images.Png(1)[..100], 1, .. Images.Png(1)[101..]], ContentFault.Damaged },
        { "a PNG of more pixels than anybody shows", [.. Images.Png(1)[..8], .. Images.Chunk("IHDR"u8, [0, 1, 0, 0, 0, 1, 0, 0, 8, 2, 0, 0, 0]), .. Images.Png(1)[33..]], ContentFault.Bomb },
        { "a PNG with a part that nobody knows and everybody needs", [.. Images.Png(1)[..33], .. Images.Chunk("ABCD"u8, []), .. Images.Png(1)[33..]], ContentFault.Damaged },
        { "a WebP that is shorter than it says", SampleFiles.WebP()[..^1], ContentFault.Damaged },
        { "a PDF without its end", SampleFiles.Pdf()[..^7], ContentFault.Damaged },
        { "a PDF of no version", SampleFiles.Pdf(before: "%PDF-9.9\n"), ContentFault.Damaged },
        { "a PDF with a page behind it", [.. SampleFiles.Pdf(), .. "<html>"u8], ContentFault.Polyglot },
        { "a PDF that is a ZIP too", [.. SampleFiles.Pdf(), .. SampleFiles.Zip([("a.txt", "x")])[..^2], 26, 0, .. "\nstartxref\n0\n%%EOF\n      "u8], ContentFault.Polyglot },
        { "a PDF with a script", SampleFiles.Pdf("/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"), ContentFault.Active },
        { "a PDF with a script whose name is hidden", SampleFiles.Pdf("/OpenAction << /S /J#61vaScr#69pt /JS (x) >>"), ContentFault.Active },
        { "a PDF that starts a program", SampleFiles.Pdf("/OpenAction<</S/Launch/F(cmd.exe)>>"), ContentFault.Active },
        { "a ZIP of anything", SampleFiles.Zip([("a.txt", "x")]), ContentFault.Unknown },
        { "a document with macros", SampleFiles.Docx(("word/vbaProject.bin", "x")), ContentFault.Active },
        { "a document of the kind with macros", SampleFiles.Office("application/vnd.ms-word.document.macroEnabled.main+xml", "word/document.xml", "<x/>"), ContentFault.Active },
        { "a document with a program in it", SampleFiles.Docx(("word/embeddings/oleObject1.bin", "MZ")), ContentFault.Active },
        { "a document with a template from elsewhere", SampleFiles.Docx(("word/_rels/settings.xml.rels", Relationship("attachedTemplate"))), ContentFault.Active },
        { "a workbook with old macros", SampleFiles.Xlsx(("xl/macrosheets/sheet1.xml", "<x/>")), ContentFault.Active },
        { "a document with entities", SampleFiles.Docx(("word/_rels/x.rels", "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><x>&a;</x>")), ContentFault.Damaged },
        { "a document that unpacks to far too much", SampleFiles.Docx(("word/media/a.xml", new string('a', 3_000_000))), ContentFault.Bomb },
        { "a document behind something else", [.. "PK\u0003\u0004"u8, .. new byte[60], .. SampleFiles.Docx()], ContentFault.Damaged },
        { "a document with something between", Between(SampleFiles.Docx()), ContentFault.Polyglot },
        { "a document with something behind", [.. SampleFiles.Docx(), .. "<html>"u8], ContentFault.Damaged },
        { "a document that says it is shorter", Shorter(SampleFiles.Docx()), ContentFault.Bomb },
        { "a video with something behind", [.. SampleFiles.Mp4(), .. SampleFiles.Zip([("a.txt", "x")])], ContentFault.Damaged },
        { "a video with a box of another world", [.. SampleFiles.Mp4(), .. SampleFiles.Box("evil", new byte[100])], ContentFault.Polyglot },
        { "a video that ends too soon", SampleFiles.Mp4()[..^1], ContentFault.Damaged },
        { "a recording of neither picture nor sound", SampleFiles.Mp4("hint"), ContentFault.Damaged },
    };

    [Theory]
    [MemberData(nameof(Taken))]
    public void What_is_taken_is_told_by_its_content_and_tells_nothing_of_its_maker(string what, byte[] content, string mediaType)
    {
        var accepted = ContentInspector.Inspect(new MemoryStream(content)).ShouldBeOfType<Inspection.Accepted>(what);
        accepted.Type.MediaType.ShouldBe(mediaType, what);
        var kept = Read(accepted.Content);
        if (accepted.Type.Kind is MediaKind.Image or MediaKind.Video or MediaKind.Audio)
        {
            content.AsSpan().IndexOf("phone-of-somebody"u8).ShouldBeGreaterThan(0, what);
            kept.AsSpan().IndexOf("phone-of-somebody"u8).ShouldBe(-1, what);
            kept.AsSpan().IndexOf("29.3421"u8).ShouldBe(-1, what);
        }
        else
        {
            kept.ShouldBe(content, what);
        }

        // Taken in again, what is kept is kept as it is.
        Read(ContentInspector.Inspect(new MemoryStream(kept)).ShouldBeOfType<Inspection.Accepted>(what).Content).ShouldBe(kept, what);
    }

    [Theory]
    [MemberData(nameof(NotTaken))]
    public void What_is_not_taken_is_said_why(string what, byte[] content, ContentFault fault)
    {
        ContentInspector.Inspect(new MemoryStream(content)).ShouldBeOfType<Inspection.Refused>(what).Fault.ShouldBe(fault, what);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(6, 6)]
    [InlineData(8, 8)]
    [InlineData(9, 0)]
    public void Which_way_up_an_image_is_stays_and_nothing_else_of_its_Exif(int orientation, int kept)
    {
        byte[] block = kept == 0 ? [] : [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)kept, 0, 0, 0, 0, 0, 0];
        foreach (var (image, name) in ((byte[], string)[])[(SampleFiles.Jpeg(orientation), "JPEG"), (SampleFiles.PngWithMetadata(orientation), "PNG"), (SampleFiles.WebP(orientation), "WebP")])
        {
            var stripped = Kept(image);
            (stripped.AsSpan().IndexOf("MM\0*"u8) >= 0).ShouldBe(kept > 0, name);
            stripped.AsSpan().IndexOf("II*\0"u8).ShouldBe(-1, name);
            stripped.AsSpan().IndexOf(block).ShouldBeGreaterThanOrEqualTo(0, name);
        }

        var webp = Kept(SampleFiles.WebP(orientation));
        (webp[20] & 0x0C).ShouldBe(kept > 0 ? 0x08 : 0, "the flags of Exif and XMP");
        (webp[20] & 0x10).ShouldBe(0x10, "the flag of transparency");
        BitConverter.ToInt32(webp, 4).ShouldBe(webp.Length - 8);
    }

    [Fact]
    public void The_picture_itself_its_colours_and_its_frame_stay_byte_for_byte()
    {
        var jpeg = Kept(SampleFiles.Jpeg(behind: SampleFiles.Mp4()));
        jpeg.AsSpan().EndsWith(SampleFiles.JpegPicture).ShouldBeTrue("what a phone hangs behind the picture is gone");
        jpeg.AsSpan().IndexOf(SampleFiles.ColourProfile).ShouldBeGreaterThan(0);
        jpeg.AsSpan(0, 20).ToArray().ShouldBe([0xFF, 0xD8, .. SampleFiles.Segment(0xE0, [.. "JFIF\0"u8, 1, 2, 0, 0, 1, 0, 1, 0, 0])], "without its small picture");

        var png = Kept(SampleFiles.PngWithMetadata(1, "<html>"u8.ToArray()));
        png.ShouldBe([.. Images.Png(1)[..33], .. Images.Chunk("gAMA"u8, [0, 0, 0xB1, 0x8F]), .. Images.Png(1)[33..]]);

        Kept(SampleFiles.WebP(1, "<html>"u8.ToArray())).AsSpan().EndsWith("VP8L\u0005\0\0\0"u8.ToArray().Concat((byte[])[0x2F, 7, 0xC0, 1, 0, 0]).ToArray()).ShouldBeTrue();
        Kept(Images.Png(5)).ShouldBe(Images.Png(5), "what has nothing to take out is kept as it came");
    }

    [Fact]
    public void A_recording_keeps_its_length_its_samples_and_where_they_stand()
    {
        foreach (var first in (bool[])[true, false])
        {
            var video = SampleFiles.Mp4(length: 200_000, movieFirst: first);
            var kept = Kept(video);
            kept.Length.ShouldBe(video.Length);
            var at = video.AsSpan().IndexOf("mdat"u8);
            kept.AsSpan(at, 200_004).SequenceEqual(video.AsSpan(at, 200_004)).ShouldBeTrue();
            Count(kept, "trak").ShouldBe(1, "the track of the phone's own notes is free space");
            Count(kept, "udta").ShouldBe(0);
            Count(kept, "tkhd").ShouldBe(1);
        }

        static int Count(byte[] bytes, string box)
        {
            var count = 0;
            for (var rest = bytes.AsSpan(); rest.IndexOf(Encoding.ASCII.GetBytes(box)) is >= 0 and var at; rest = rest[(at + 4)..])
                count++;
            return count;
        }
    }

    [Fact]
    public void Every_type_has_its_own_limit_and_one_byte_more_is_refused()
    {
        Inspect(Images.Png(1, (int)FileType.LongestImage)).ShouldBeOfType<Inspection.Accepted>();
        Inspect(Images.Png(1, (int)FileType.LongestImage + 1)).ShouldBe(new Inspection.Refused(ContentFault.TooLarge, FileType.Png));
        Inspect([.. Enumerable.Repeat((byte)'x', (int)FileType.PlainText.Longest)]).ShouldBeOfType<Inspection.Accepted>();
        Inspect([.. Enumerable.Repeat((byte)'x', (int)FileType.PlainText.Longest + 1)]).ShouldBe(new Inspection.Refused(ContentFault.TooLarge, FileType.PlainText));
        Inspect(SampleFiles.Mp4("soun", length: (int)FileType.AudioMp4.Longest)).ShouldBe(new Inspection.Refused(ContentFault.TooLarge, FileType.AudioMp4));
    }

    [Fact]
    public void Whatever_comes_is_taken_or_refused_and_never_breaks_the_one_who_looks()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        byte[][] samples =
        [
            SampleFiles.Jpeg(), SampleFiles.PngWithMetadata(), SampleFiles.WebP(), SampleFiles.Pdf("/A /B#41"), SampleFiles.Docx(), SampleFiles.Xlsx(), SampleFiles.Mp4(), SampleFiles.Mp4("soun", movieFirst: false),
            "姓名,电话\r\n"u8.ToArray(), [0xD0, 0xD5, 0xC3, 0xFB, 0x2C, 0xB5, 0xE7, 0xBB, 0xB0],
        ];
        for (var round = 0; round < 20_000; round++)
        {
            var content = Changed(samples[random.Next(samples.Length)], samples[random.Next(samples.Length)], random);
            try
            {
                if (ContentInspector.Inspect(new MemoryStream(content)) is Inspection.Accepted accepted)
                {
                    // What was taken is taken again, and told nothing else.
                    var kept = Read(accepted.Content);
                    var again = ContentInspector.Inspect(new MemoryStream(kept)).ShouldBeOfType<Inspection.Accepted>($"seed {seed}, round {round}");
                    again.Type.ShouldBe(accepted.Type, $"seed {seed}, round {round}");
                    if (accepted.Type.Kind == MediaKind.Image)
                        Read(again.Content).ShouldBe(kept, $"seed {seed}, round {round}");
                }
            }
            catch (Exception e) when (e is not ShouldAssertException)
            {
                throw new InvalidOperationException($"Seed {seed}, round {round}: {Convert.ToHexString(content.AsSpan(0, Math.Min(content.Length, 400)))}", e);
            }
        }
    }

    private static byte[] Changed(byte[] sample, byte[] other, Random random)
    {
        var content = sample.ToList();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var at = random.Next(content.Count + 1);
            switch (random.Next(6))
            {
                case 0 when at < content.Count:
                    content[at] = (byte)random.Next(256);
                    break;
                case 1 when at < content.Count:
                    content[at] = (byte)(random.Next(2) * 255);
                    break;
                case 2:
                    content.RemoveRange(at, Math.Min(random.Next(20), content.Count - at));
                    break;
                case 3:
                    content.InsertRange(at, Enumerable.Range(0, random.Next(20)).Select(_ => (byte)random.Next(256)));
                    break;
                case 4:
                    content.InsertRange(at, other);
                    break;
                case 5 when at + 4 <= content.Count:
                    for (var i = 0; i < 4; i++)
                        content[at + i] = 0xFF;
                    break;
            }
        }

        return [.. content];
    }

    private static string Relationship(string type) =>
        $"""<Relationships xmlns="x"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{type}" Target="http://example.invalid/a" TargetMode="External"/></Relationships>""";

    /// <summary>A hundred bytes between the last entry and the directory, whose place is put right.</summary>
    private static byte[] Between(byte[] zip)
    {
        var at = BitConverter.ToInt32(zip, zip.Length - 6);
        byte[] result = [.. zip[..at], .. new byte[100], .. zip[at..]];
        BitConverter.GetBytes(at + 100).CopyTo(result, result.Length - 6);
        return result;
    }

    /// <summary>The first entry says in both places that it unpacks to ten bytes less.</summary>
    private static byte[] Shorter(byte[] zip)
    {
        var result = (byte[])zip.Clone();
        var directory = BitConverter.ToInt32(zip, zip.Length - 6);
        BitConverter.GetBytes(BitConverter.ToInt32(zip, directory + 24) - 10).CopyTo(result, directory + 24);
        BitConverter.GetBytes(BitConverter.ToInt32(zip, 22) - 10).CopyTo(result, 22);
        return result;
    }

    private static Inspection Inspect(byte[] content) => ContentInspector.Inspect(new MemoryStream(content));

    private static byte[] Kept(byte[] content) => Read(Inspect(content).ShouldBeOfType<Inspection.Accepted>().Content);

    private static byte[] Read(Stream content)
    {
        content.Position = 0;
        var whole = new byte[content.Length];
        content.ReadExactly(whole);
        return whole;
    }
}
