using System.Buffers.Binary;

namespace CommandCenter.Host.Files.Formats;

/// <summary>PNG (W3C, third edition) without texts, times and Exif, and without anything after the end; chunks that belong to the picture are copied byte for byte.</summary>
internal static class PngFile
{
    private const long MostPixels = 250_000_000;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(n => Enumerable.Range(0, 8).Aggregate((uint)n, (c, _) => (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1))];

    private static readonly HashSet<string> OfThePicture =
        ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "cICP", "mDCV", "cLLI", "bKGD", "pHYs", "hIST", "sPLT", "acTL", "fcTL", "fdAT"];

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static (byte[]? Kept, ContentFault Fault) Strip(ReadOnlySpan<byte> png)
    {
        using var kept = new MemoryStream(png.Length);
        kept.Write(Signature);
        var (position, hasData) = (Signature.Length, false);
        for (var first = true; ; first = false)
        {
            if (png.Length - position < 12)
                return (null, ContentFault.Damaged);
            var length = BinaryPrimitives.ReadUInt32BigEndian(png[position..]);
            if (length > png.Length - position - 12)
                return (null, ContentFault.Damaged);
            var chunk = png.Slice(position, (int)length + 12);
            position += chunk.Length;
            var kind = chunk.Slice(4, 4);
            if (!kind.ContainsOnlyLetters())
                return (null, ContentFault.Damaged);
            var name = System.Text.Encoding.ASCII.GetString(kind);
            var data = chunk.Slice(8, (int)length);
            if (first != (name == "IHDR") || (first && length != 13) || Crc(chunk[4..^4]) != BinaryPrimitives.ReadUInt32BigEndian(chunk[^4..]))
                return (null, ContentFault.Damaged);
            if (first && BinaryPrimitives.ReadUInt32BigEndian(data) * (ulong)BinaryPrimitives.ReadUInt32BigEndian(data[4..]) is var pixels and (0 or > MostPixels))
                return (null, pixels == 0 ? ContentFault.Damaged : ContentFault.Bomb);
            hasData |= name == "IDAT" && length > 0;
            if (name == "IEND")
            {
                kept.Write(chunk);
                return hasData && length == 0 ? (kept.ToArray(), default) : (null, ContentFault.Damaged);
            }

            if (OfThePicture.Contains(name))
                kept.Write(chunk);
            else if (name == "eXIf" && Orientation.Read(data) is > 1 and var orientation)
                kept.Write(Chunk("eXIf"u8, Orientation.Block(orientation)));
            else if (char.IsAsciiLetterUpper(name[0]))
                // A chunk without which the picture cannot be shown, and that nobody knows.
                return (null, ContentFault.Damaged);
        }
    }

    /// <summary>A chunk with its length and check sum.</summary>
    public static byte[] Chunk(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        kind.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), Crc(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }

    /// <summary>CRC-32 as PNG and ZIP have it, of one part after another.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        var crc = ~before;
        foreach (var b in bytes)
            crc = Table[(crc ^ b) & 0xFF] ^ (crc >> 8);
        return ~crc;
    }

    private static bool ContainsOnlyLetters(this ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
            if (!char.IsAsciiLetter((char)b))
                return false;
        return true;
    }
}
