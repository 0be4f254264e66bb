using System.Buffers.Binary;

namespace CommandCenter.Host.Files.Formats;

/// <summary>
/// JPEG (ITU-T T.81) without what tells of its maker: of the application segments only JFIF without its small picture, the colour profile and Adobe's colour
/// transform are kept, no comment, and nothing after the end. The picture itself is copied byte for byte.
/// </summary>
internal static class JpegFile
{
    private const long MostPixels = 250_000_000;

    public static (byte[]? Kept, ContentFault Fault) Strip(ReadOnlySpan<byte> jpeg)
    {
        using var kept = new MemoryStream(jpeg.Length);
        kept.Write([0xFF, 0xD8]);
        var (position, orientation, isFramed, isScanned) = (2, 0, false, false);
        // Where an Exif block belongs: before the picture, after JFIF.
        var exifAt = -1;
        while (true)
        {
            if (position >= jpeg.Length || jpeg[position] != 0xFF)
                return (null, ContentFault.Damaged);
            while (position < jpeg.Length && jpeg[position] == 0xFF)
                position++;
            if (position >= jpeg.Length)
                return (null, ContentFault.Damaged);
            var marker = jpeg[position++];
            if (marker == 0xD9)
            {
                kept.Write([0xFF, 0xD9]);
                return isFramed && isScanned ? (WithOrientation(kept.ToArray(), exifAt, orientation), default) : (null, ContentFault.Damaged);
            }

            if (marker is < 0xC0 or (>= 0xD0 and <= 0xD8) or (>= 0xF0 and <= 0xFD) or 0xFF || position + 2 > jpeg.Length)
                return (null, ContentFault.Damaged);
            var length = BinaryPrimitives.ReadUInt16BigEndian(jpeg[position..]);
            if (length < 2 || position + length > jpeg.Length)
                return (null, ContentFault.Damaged);
            var payload = jpeg.Slice(position + 2, length - 2);
            position += length;

            if (marker == 0xE0 && payload.StartsWith("JFIF\0"u8) && payload.Length >= 14 && exifAt < 0)
            {
                // Width and height of the small picture are its last two bytes.
                Write(kept, marker, [.. payload[..12], 0, 0]);
                continue;
            }

            if (marker == 0xE1 && payload.StartsWith("Exif\0\0"u8) && orientation == 0)
                orientation = Orientation.Read(payload[6..]);
            var isKept = marker switch
            {
                0xE2 => payload.StartsWith("ICC_PROFILE\0"u8),
                0xEE => payload.StartsWith("Adobe"u8),
                >= 0xE0 and <= 0xEF or 0xFE => false,
                _ => true,
            };
            if (!isKept)
                continue;

            if (exifAt < 0)
                exifAt = (int)kept.Length;
            Write(kept, marker, payload);
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (payload.Length < 6 || BinaryPrimitives.ReadUInt16BigEndian(payload[3..]) == 0)
                    return (null, ContentFault.Damaged);
                if ((long)BinaryPrimitives.ReadUInt16BigEndian(payload[1..]) * BinaryPrimitives.ReadUInt16BigEndian(payload[3..]) > MostPixels)
                    return (null, ContentFault.Bomb);
                isFramed = true;
            }

            if (marker == 0xDA)
            {
                isScanned = true;
                var end = position;
                while (end < jpeg.Length && (jpeg[end] != 0xFF || (end + 1 < jpeg.Length && jpeg[end + 1] is 0x00 or (>= 0xD0 and <= 0xD7))))
                    end += jpeg[end] == 0xFF ? 2 : 1;
                if (end >= jpeg.Length)
                    return (null, ContentFault.Damaged);
                kept.Write(jpeg[position..end]);
                position = end;
            }
        }
    }

    private static byte[] WithOrientation(byte[] jpeg, int at, int orientation)
    {
        if (orientation <= 1)
            return jpeg;
        using var with = new MemoryStream(jpeg.Length + 40);
        with.Write(jpeg.AsSpan(0, at));
        Write(with, 0xE1, [.. "Exif\0\0"u8, .. Orientation.Block(orientation)]);
        with.Write(jpeg.AsSpan(at));
        return with.ToArray();
    }

    private static void Write(MemoryStream to, int marker, ReadOnlySpan<byte> payload)
    {
        var length = payload.Length + 2;
        to.Write([0xFF, (byte)marker, (byte)(length >> 8), (byte)length]);
        to.Write(payload);
    }
}
