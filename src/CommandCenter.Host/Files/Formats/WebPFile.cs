using System.Buffers.Binary;
using System.Text;

namespace CommandCenter.Host.Files.Formats;

/// <summary>WebP (RFC 9649) without Exif and XMP, and without anything after the end; chunks that belong to the picture are copied byte for byte.</summary>
internal static class WebPFile
{
    private const int Exif = 0x08;
    private const int Xmp = 0x04;

    private static readonly HashSet<string> OfThePicture = ["VP8X", "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP"];

    public static (byte[]? Kept, ContentFault Fault) Strip(ReadOnlySpan<byte> webp)
    {
        if (webp.Length < 12 || BinaryPrimitives.ReadUInt32LittleEndian(webp[4..]) is var size && (size < 4 || size > webp.Length - 8))
            return (null, ContentFault.Damaged);
        var riff = webp[..((int)BinaryPrimitives.ReadUInt32LittleEndian(webp[4..]) + 8)];
        using var kept = new MemoryStream(riff.Length);
        kept.Write(riff[..12]);
        var (position, orientation, flags, hasPicture) = (12, 1, -1, false);
        while (position < riff.Length)
        {
            if (riff.Length - position < 8)
                return (null, ContentFault.Damaged);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(riff[(position + 4)..]);
            // An odd chunk is followed by a byte that fills it up.
            var padded = length + (length & 1);
            if (padded > riff.Length - position - 8)
                return (null, ContentFault.Damaged);
            var name = Encoding.ASCII.GetString(riff.Slice(position, 4));
            var chunk = riff.Slice(position, (int)padded + 8);
            position += chunk.Length;
            hasPicture |= name is "VP8 " or "VP8L" or "ANMF" && length > 0;
            if (name == "VP8X")
            {
                if (length < 10 || flags >= 0)
                    return (null, ContentFault.Damaged);
                flags = (int)kept.Length + 8;
            }

            if (name == "EXIF")
                orientation = Orientation.Read(chunk[8..].StartsWith("Exif\0\0"u8) ? chunk[14..] : chunk[8..]);
            else if (OfThePicture.Contains(name))
                kept.Write(chunk);
        }

        if (!hasPicture)
            return (null, ContentFault.Damaged);
        if (orientation > 1 && flags >= 0)
        {
            var block = Orientation.Block(orientation);
            kept.Write([.. "EXIF"u8, (byte)block.Length, 0, 0, 0, .. block]);
        }

        var result = kept.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(result.AsSpan(4), result.Length - 8);
        if (flags >= 0)
            result[flags] = (byte)((result[flags] & ~(Exif | Xmp)) | (orientation > 1 ? Exif : 0));
        return (result, default);
    }
}
