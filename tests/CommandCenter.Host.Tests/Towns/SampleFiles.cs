using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace CommandCenter.Host.Tests.Towns;

/// <summary>Files as devices and offices write them, small, with what tells of their maker.</summary>
public static class SampleFiles
{
    /// <summary>Words that stand in metadata and nowhere else.</summary>
    public const string Telling = "GPS 29.3421 105.5024 phone-of-somebody";

    /// <summary>From the first quantization table to the end.</summary>
    public static byte[] JpegPicture { get; } =
    [
        .. Segment(0xDB, [0, .. Enumerable.Repeat((byte)16, 64)]),
        .. Segment(0xC0, [8, 0, 8, 0, 8, 1, 1, 0x11, 0]),
        .. Segment(0xC4, [0, 1, .. new byte[15], 0]),
        .. Segment(0xDA, [1, 1, 0, 0, 63, 0]), 0x12, 0x34, 0xFF, 0x00, 0x56, 0xFF, 0xD0, 0x78, 0xFF, 0xD9,
    ];

    public static byte[] ColourProfile { get; } = Segment(0xE2, [.. "ICC_PROFILE\0"u8, 1, 1, .. "a profile of colours"u8]);

    /// <param name="orientation">1–8; 0: none is said.</param>
    /// <param name="behind">What a phone hangs behind the picture.</param>
    public static byte[] Jpeg(int orientation = 6, byte[]? behind = null) =>
    [
        0xFF, 0xD8, .. Segment(0xE0, [.. "JFIF\0"u8, 1, 2, 0, 0, 1, 0, 1, 1, 1, 0xAA, 0xBB, 0xCC]), .. Segment(0xE1, [.. "Exif\0\0"u8, .. Exif(orientation)]),
        .. Segment(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Encoding.ASCII.GetBytes(Telling)]), .. ColourProfile, .. Segment(0xED, Encoding.ASCII.GetBytes(Telling)),
        .. Segment(0xFE, Encoding.ASCII.GetBytes(Telling)), .. JpegPicture, .. behind ?? [],
    ];

    public static byte[] PngWithMetadata(int orientation = 6, byte[]? behind = null)
    {
        var plain = Images.Png(1);
        return
        [
            .. plain[..33], .. Images.Chunk("gAMA"u8, [0, 0, 0xB1, 0x8F]), .. Images.Chunk("tEXt"u8, [.. "Location\0"u8, .. Encoding.ASCII.GetBytes(Telling)]), .. Images.Chunk("eXIf"u8, Exif(orientation)),
            .. Images.Chunk("tIME"u8, [7, 0xEA, 11, 30, 1, 2, 3]), .. Images.Chunk("prVt"u8, Encoding.ASCII.GetBytes(Telling)), .. plain[33..], .. behind ?? [],
        ];
    }

    public static byte[] WebP(int orientation = 6, byte[]? behind = null)
    {
        byte[] body =
        [
            .. "WEBP"u8, .. Riff("VP8X", [0x0C | 0x10, 0, 0, 0, 7, 0, 0, 7, 0, 0]), .. Riff("VP8L", [0x2F, 7, 0xC0, 1, 0]), .. Riff("EXIF", Exif(orientation)), .. Riff("XMP ", Encoding.ASCII.GetBytes(Telling + "!")),
        ];
        var size = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, body.Length);
        return [.. "RIFF"u8, .. size, .. body, .. behind ?? []];
    }

    public static byte[] Pdf(string inside = "", string before = "%PDF-1.7\n") => Encoding.Latin1.GetBytes(
        $"{before}%\u00e2\u00e3\u00cf\u00d3\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R {inside} >>\nendobj\n2 0 obj\n<< /Type /Pages /Count 0 /Kids [] >>\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 3 /Root 1 0 R >>\nstartxref\n120\n%%EOF\n");

    public static byte[] Docx(params (string Name, string Content)[] more) => Office(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "word/document.xml", "<w:document xmlns:w=\"x\"><w:body>会议纪要</w:body></w:document>", more);

    public static byte[] Xlsx(params (string Name, string Content)[] more) => Office(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "xl/workbook.xml", "<workbook xmlns=\"x\"/>", more);

    public static byte[] Office(string type, string main, string content, params (string Name, string Content)[] more) => Zip(
    [
        ("[Content_Types].xml", $"""<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/{main}" ContentType="{type}"/></Types>"""),
        ("_rels/.rels", $"""<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="{main}"/></Relationships>"""),
        (main, content), .. more,
    ]);

    public static byte[] Zip(IEnumerable<(string Name, string Content)> parts)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in parts)
            {
                using var part = zip.CreateEntry(name).Open();
                part.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return file.ToArray();
    }

    /// <summary>A recording, with the place where it was made.</summary>
    /// <param name="handler"><c>vide</c> or <c>soun</c>.</param>
    public static byte[] Mp4(string handler = "vide", string brand = "isom", int length = 1000, bool movieFirst = true)
    {
        var data = new byte[length];
        new Random(length).NextBytes(data);
        var movie = Box(
            "moov", [.. Box("mvhd", new byte[100]), .. Track(handler), .. Track("meta"), .. Box("udta", [.. Box("\u00a9xyz", Encoding.ASCII.GetBytes(Telling))]), .. Box("meta", Encoding.ASCII.GetBytes(Telling))]);
        var samples = Box("mdat", data);
        return [.. Box("ftyp", [.. Encoding.ASCII.GetBytes(brand), 0, 0, 2, 0]), .. movieFirst ? movie : samples, .. movieFirst ? samples : movie, .. Box("free", Encoding.ASCII.GetBytes(Telling))];
    }

    public static byte[] Track(string handler) => Box("trak", [.. Box("tkhd", new byte[84]), .. Box("mdia", [.. Box("hdlr", [0, 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(handler), .. new byte[13]])]), .. Box("udta", Encoding.ASCII.GetBytes(Telling))]);

    public static byte[] Box(string type, byte[] content)
    {
        var box = new byte[content.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        Encoding.Latin1.GetBytes(type).CopyTo(box, 4);
        content.CopyTo(box, 8);
        return box;
    }

    /// <summary>An Exif block with the orientation, a maker and a place.</summary>
    public static byte[] Exif(int orientation) =>
    [
        .. "II*\0"u8, 8, 0, 0, 0, 2, 0,
        0x0F, 0x01, 2, 0, (byte)Telling.Length, 0, 0, 0, 38, 0, 0, 0,
        0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(Telling),
    ];

    public static byte[] Segment(byte marker, byte[] payload) => [0xFF, marker, (byte)((payload.Length + 2) >> 8), (byte)(payload.Length + 2), .. payload];

    private static byte[] Riff(string name, byte[] data)
    {
        var size = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, data.Length);
        return [.. Encoding.ASCII.GetBytes(name), .. size, .. data, .. data.Length % 2 == 1 ? new byte[1] : []];
    }
}
