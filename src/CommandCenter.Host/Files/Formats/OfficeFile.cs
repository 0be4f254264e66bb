using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Xml;
using CommandCenter.Domain.Files;

namespace CommandCenter.Host.Files.Formats;

/// <summary>
/// Office Open XML (ECMA-376) documents and workbooks: a ZIP whose entries cover it from the first byte to the last, that unpacks to a bounded length, and whose parts
/// hold no macro, no control, no embedded program and no template from elsewhere.
/// </summary>
internal static class OfficeFile
{
    private const int MostEntries = 10_000;
    private const int MostDirectory = 4 * 1024 * 1024;
    private const long MostUnpacked = 256L * 1024 * 1024;
    private const int MostRatio = 200;
    private const int MostPart = 4 * 1024 * 1024;
    private const string TypesPart = "[Content_Types].xml";

    private static readonly Dictionary<string, FileType> Mains = new(StringComparer.Ordinal)
    {
        ["application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"] = FileType.Docx,
        ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"] = FileType.Xlsx,
    };

    public static Inspection Inspect(Stream content)
    {
        if (Directory(content) is not { } entries)
            return new Inspection.Refused(ContentFault.Damaged, FileType.Docx);
        if (entries.Sum(entry => entry.Length) is var all && (all > MostUnpacked || (all > 1024 * 1024 && all > content.Length * MostRatio)))
            return new Inspection.Refused(ContentFault.Bomb, FileType.Docx);
        if (!Covers(content, entries))
            return new Inspection.Refused(ContentFault.Polyglot, FileType.Docx);
        if (entries.Any(entry => Acts(entry.Name)))
            return new Inspection.Refused(ContentFault.Active, FileType.Docx);

        FileType? type = null;
        foreach (var entry in entries)
        {
            var isRead = entry.Name == TypesPart || entry.Name.EndsWith(".rels", StringComparison.OrdinalIgnoreCase);
            var (part, fault) = Unpack(content, entry, isRead);
            if (fault is { } wrong)
                return new Inspection.Refused(wrong, FileType.Docx);
            if (!isRead)
                continue;
            try
            {
                if (entry.Name == TypesPart)
                {
                    var types = TypesOf(part!);
                    if (types.Any(name => ActsByType(name)))
                        return new Inspection.Refused(ContentFault.Active, FileType.Docx);
                    type = types.Select(name => Mains.GetValueOrDefault(name)).FirstOrDefault(main => main is not null);
                }
                else if (ReachesOut(part!))
                {
                    return new Inspection.Refused(ContentFault.Active, FileType.Docx);
                }
            }
            catch (XmlException)
            {
                return new Inspection.Refused(ContentFault.Damaged, FileType.Docx);
            }
        }

        // Another ZIP, such as a program's package, is none of the types that are taken.
        return type is null ? new Inspection.Refused(ContentFault.Unknown) : new Inspection.Accepted(type, content);
    }

    private static bool Acts(string name)
    {
        var lower = name.ToLowerInvariant();
        return lower.Contains("vbaproject", StringComparison.Ordinal) || lower.Contains("vbadata", StringComparison.Ordinal) || lower.Contains("/activex/", StringComparison.Ordinal)
            || lower.Contains("/macrosheets/", StringComparison.Ordinal) || lower.Contains("/dialogsheets/", StringComparison.Ordinal) || lower.Contains("/ctrlprops/", StringComparison.Ordinal)
            || (lower.Contains("/embeddings/", StringComparison.Ordinal) && !lower.EndsWith('/') && !lower.EndsWith(".xlsx", StringComparison.Ordinal))
            || lower.EndsWith(".exe", StringComparison.Ordinal) || lower.EndsWith(".dll", StringComparison.Ordinal) || lower.EndsWith(".js", StringComparison.Ordinal)
            || lower.EndsWith(".class", StringComparison.Ordinal) || lower.EndsWith(".html", StringComparison.Ordinal) || lower.EndsWith(".htm", StringComparison.Ordinal);
    }

    private static bool ActsByType(string type) =>
        type.Contains("macroEnabled", StringComparison.OrdinalIgnoreCase) || type.Contains("vbaProject", StringComparison.OrdinalIgnoreCase) || type.Contains("activeX", StringComparison.OrdinalIgnoreCase)
        || type.Contains("oleObject", StringComparison.OrdinalIgnoreCase) || type.Contains("macrosheet", StringComparison.OrdinalIgnoreCase);

    private static List<string> TypesOf(byte[] part)
    {
        var types = new List<string>();
        using var reader = Reader(part);
        while (reader.Read())
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "Override" or "Default" } && reader.GetAttribute("ContentType") is { } type)
                types.Add(type.Trim());
        return types;
    }

    // A link that a person follows is one thing, a part that is fetched on opening another.
    private static bool ReachesOut(byte[] part)
    {
        using var reader = Reader(part);
        while (reader.Read())
        {
            if (reader is not { NodeType: XmlNodeType.Element, LocalName: "Relationship" } || reader.GetAttribute("Type") is not { } type)
                continue;
            var isOutside = string.Equals(reader.GetAttribute("TargetMode"), "External", StringComparison.OrdinalIgnoreCase);
            if (type.EndsWith("/vbaProject", StringComparison.OrdinalIgnoreCase) || (isOutside && (type.EndsWith("/attachedTemplate", StringComparison.OrdinalIgnoreCase)
                || type.EndsWith("/oleObject", StringComparison.OrdinalIgnoreCase) || type.EndsWith("/frame", StringComparison.OrdinalIgnoreCase) || type.EndsWith("/subDocument", StringComparison.OrdinalIgnoreCase))))
                return true;
        }

        return false;
    }

    private static XmlReader Reader(byte[] part) =>
        XmlReader.Create(new MemoryStream(part), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MostPart });

    /// <summary>The entries of the central directory, in the order of their places; null when it is not whole or has what an office does not write.</summary>
    private static List<Entry>? Directory(Stream content)
    {
        var end = new byte[22];
        if (content.Length < end.Length)
            return null;
        content.Position = content.Length - end.Length;
        content.ReadExactly(end);
        // Without a comment: the record is the last thing there is.
        if (!end.AsSpan().StartsWith("PK\x05\x06"u8) || BinaryPrimitives.ReadUInt16LittleEndian(end.AsSpan(20)) != 0 || BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(4)) != 0)
            return null;
        var count = BinaryPrimitives.ReadUInt16LittleEndian(end.AsSpan(10));
        long size = BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(12));
        long at = BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(16));
        if (count is 0 or > MostEntries || size > MostDirectory || at + size != content.Length - end.Length)
            return null;
        var directory = new byte[size];
        content.Position = at;
        content.ReadExactly(directory);
        var entries = new List<Entry>(count);
        var rest = directory.AsSpan();
        for (var i = 0; i < count; i++)
        {
            if (rest.Length < 46 || !rest.StartsWith("PK\x01\x02"u8))
                return null;
            var (nameLength, extra, comment) = (U16(rest, 28), U16(rest, 30), U16(rest, 32));
            if (rest.Length < 46 + nameLength + extra + comment)
                return null;
            var (flags, method) = (U16(rest, 8), U16(rest, 10));
            var entry = new Entry(Encoding.UTF8.GetString(rest.Slice(46, nameLength)), U32(rest, 42), U32(rest, 20), U32(rest, 24), U32(rest, 16), method, (flags & 8) != 0);
            // Neither encrypted nor ZIP64 nor packed in a way that nobody unpacks.
            if ((flags & 0x41) != 0 || method is not (0 or 8) || entry.Packed == uint.MaxValue || entry.Length == uint.MaxValue || entry.At == uint.MaxValue)
                return null;
            entries.Add(entry);
            rest = rest[(46 + nameLength + extra + comment)..];
        }

        entries.Sort((a, b) => a.At.CompareTo(b.At));
        return rest.IsEmpty && entries.DistinctBy(entry => entry.Name).Count() == entries.Count ? entries : null;
    }

    /// <summary>Whether the entries follow each other without a gap, from the first byte to the directory; where each one's content begins is noted.</summary>
    private static bool Covers(Stream content, List<Entry> entries)
    {
        var header = new byte[30];
        var end = new byte[22];
        content.Position = content.Length - end.Length;
        content.ReadExactly(end);
        var directoryAt = (long)U32(end, 16);
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (i == 0 && entry.At != 0)
                return false;
            content.Position = entry.At;
            if (content.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || !header.AsSpan().StartsWith("PK\x03\x04"u8))
                return false;
            entry.ContentAt = entry.At + header.Length + U16(header, 26) + U16(header, 28);
            var until = i + 1 < entries.Count ? entries[i + 1].At : directoryAt;
            var gap = until - (entry.ContentAt + entry.Packed);
            // What follows the content, where it was not known beforehand: check sum and lengths, with or without a signature.
            if (!(gap == 0 || (entry.HasDescriptor && gap is 12 or 16)))
                return false;
        }

        return true;
    }

    /// <summary>Unpacks an entry, at most to the length that it says; its content is kept only if it is to be read.</summary>
    private static (byte[]? Part, ContentFault? Fault) Unpack(Stream content, Entry entry, bool isKept)
    {
        if (isKept && entry.Length > MostPart)
            return (null, ContentFault.Bomb);
        using var packed = new Window(content, entry.ContentAt, entry.Packed);
        using Stream unpacked = entry.Method == 0 ? packed : new DeflateStream(packed, CompressionMode.Decompress, leaveOpen: true);
        using var kept = isKept ? new MemoryStream() : null;
        var buffer = new byte[32 * 1024];
        var (length, crc) = (0L, 0u);
        try
        {
            for (int count; (count = unpacked.Read(buffer)) > 0;)
            {
                length += count;
                if (length > entry.Length)
                    return (null, ContentFault.Bomb);
                crc = PngFile.Crc(buffer.AsSpan(0, count), crc);
                kept?.Write(buffer, 0, count);
            }
        }
        catch (InvalidDataException)
        {
            return (null, ContentFault.Damaged);
        }

        return length == entry.Length && crc == entry.Crc ? (kept?.ToArray(), null) : (null, ContentFault.Damaged);
    }

    private static int U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private sealed record Entry(string Name, long At, long Packed, long Length, uint Crc, int Method, bool HasDescriptor)
    {
        public long ContentAt { get; set; }
    }

    /// <summary>A part of a stream, read from its beginning to its end.</summary>
    private sealed class Window(Stream content, long start, long length) : Stream
    {
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get => _position; set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            content.Position = start + _position;
            var count = content.Read(buffer[..(int)Math.Min(buffer.Length, length - _position)]);
            _position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
