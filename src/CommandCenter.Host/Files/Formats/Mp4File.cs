using System.Buffers.Binary;
using System.Text;
using CommandCenter.Domain.Files;

namespace CommandCenter.Host.Files.Formats;

/// <summary>
/// What phones record: the ISO base media file format (ISO/IEC 14496-12) and QuickTime. The boxes must cover the file to its last byte. User data, metadata (where a
/// phone writes the place) and tracks that are neither picture nor sound nor words are turned into free space of the same length, so that the recording stays as it is.
/// </summary>
internal static class Mp4File
{
    private const int MostMovieHeader = 8 * 1024 * 1024;
    private const int MostBoxes = 100_000;

    private static readonly HashSet<string> TopLevel = ["ftyp", "moov", "mdat", "free", "skip", "wide", "uuid", "meta", "udta", "moof", "mfra", "sidx", "ssix", "styp", "pdin", "emsg", "prft"];
    private static readonly HashSet<string> Telling = ["udta", "meta", "uuid", "free", "skip"];
    private static readonly HashSet<string> Tracks = ["vide", "soun", "text", "sbtl", "subt", "clcp", "tmcd", "hint"];

    public static Inspection Inspect(Stream content)
    {
        var blanks = new List<(long Start, long Length, byte[] Bytes)>();
        byte[]? movie = null;
        var (movieAt, brand, hasData, boxes) = (0L, "", false, 0);
        var header = new byte[16];
        for (var position = 0L; position < content.Length;)
        {
            content.Position = position;
            var read = content.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
            if (Box(header.AsSpan(0, read), content.Length - position) is not { } box || ++boxes > MostBoxes)
                return Damaged();
            // What is no box of a recording stands where another reader finds something else.
            if (!TopLevel.Contains(box.Type))
                return new Inspection.Refused(ContentFault.Polyglot, FileType.VideoMp4);
            if (position == 0 != (box.Type == "ftyp"))
                return Damaged();
            if (position == 0)
                brand = Encoding.ASCII.GetString(header, 8, 4);
            if (box.Type == "moov")
            {
                if (movie is not null || box.Size > MostMovieHeader)
                    return Damaged();
                movie = new byte[box.Size];
                content.Position = movieAt = position;
                content.ReadExactly(movie);
            }

            hasData |= box.Type == "mdat";
            if (Telling.Contains(box.Type))
                blanks.Add(Blank(position, box));
            position += box.Size;
        }

        if (movie is null || !hasData)
            return Damaged();
        var kinds = new HashSet<string>();
        if (Box(movie, movie.Length) is not { } outer || !Children(movie, outer.Header, movie.Length, out var inside))
            return Damaged();
        foreach (var (at, box) in inside)
        {
            if (Telling.Contains(box.Type))
                blanks.Add(Blank(movieAt + at, box));
            if (box.Type != "trak")
                continue;
            if (!Children(movie, at + box.Header, at + box.Size, out var parts))
                return Damaged();
            var kind = Handler(movie, parts);
            if (kind is null)
                return Damaged();
            if (!Tracks.Contains(kind))
            {
                blanks.Add(Blank(movieAt + at, box));
                continue;
            }

            kinds.Add(kind);
            blanks.AddRange(parts.Where(part => Telling.Contains(part.Box.Type)).Select(part => Blank(movieAt + part.At, part.Box)));
        }

        var type = kinds.Contains("vide") ? brand == "qt  " ? FileType.QuickTime : FileType.VideoMp4 : kinds.Contains("soun") ? FileType.AudioMp4 : null;
        return type is null ? Damaged() : new Inspection.Accepted(type, new BlankedStream(content, [.. blanks.OrderBy(blank => blank.Start)]));
    }

    private static Inspection.Refused Damaged() => new(ContentFault.Damaged, FileType.VideoMp4);

    /// <summary>The same length as free space, its content zeros.</summary>
    private static (long Start, long Length, byte[] Bytes) Blank(long at, BoxHeader box) => (at + 4, box.Size - 4, box.Header == 16 ? [.. "free"u8, .. Size(box.Size)] : "free"u8.ToArray());

    private static byte[] Size(long size)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, size);
        return bytes;
    }

    /// <summary>The type of a track by its handler: <c>vide</c>, <c>soun</c> …</summary>
    private static string? Handler(byte[] movie, IReadOnlyList<(int At, BoxHeader Box)> parts)
    {
        foreach (var (at, box) in parts.Where(part => part.Box.Type == "mdia"))
        {
            if (!Children(movie, at + box.Header, at + box.Size, out var inside))
                return null;
            foreach (var (handlerAt, handler) in inside.Where(part => part.Box.Type == "hdlr" && part.Box.Size >= part.Box.Header + 12))
                return Encoding.ASCII.GetString(movie, handlerAt + handler.Header + 8, 4);
        }

        return null;
    }

    private static bool Children(byte[] movie, int from, long to, out IReadOnlyList<(int At, BoxHeader Box)> children)
    {
        var found = new List<(int, BoxHeader)>();
        children = found;
        for (var at = from; at < to;)
        {
            // QuickTime ends a list of boxes with four zeros.
            if (to - at == 4 && movie.AsSpan(at, 4).IndexOfAnyExcept((byte)0) < 0)
                return true;
            if (Box(movie.AsSpan(at, (int)Math.Min(16, to - at)), to - at) is not { } box || found.Count > MostBoxes)
                return false;
            found.Add((at, box));
            at += (int)box.Size;
        }

        return true;
    }

    private static BoxHeader? Box(ReadOnlySpan<byte> bytes, long left)
    {
        if (bytes.Length < 8)
            return null;
        long size = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var header = 8;
        if (size == 1)
        {
            if (bytes.Length < 16)
                return null;
            size = BinaryPrimitives.ReadInt64BigEndian(bytes[8..]);
            header = 16;
        }
        else if (size == 0)
        {
            size = left;
        }

        return size < header || size > left ? null : new BoxHeader(Encoding.Latin1.GetString(bytes.Slice(4, 4)), size, header);
    }

    /// <param name="Size">With its header.</param>
    /// <param name="Header">8 or 16 bytes.</param>
    private sealed record BoxHeader(string Type, long Size, int Header);
}
