using System.Buffers.Binary;

namespace CommandCenter.Host.Files.Formats;

/// <summary>The one thing in an image's Exif block that belongs to the image: which way up it is (Exif 2.3, tag 0x0112). All else is left behind.</summary>
internal static class Orientation
{
    private const int Tag = 0x0112;
    private const int Short = 3;

    /// <summary>The orientation in an Exif block without its marker, 1–8; 1, upright, when there is none that can be read.</summary>
    public static int Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
            return 1;
        var little = tiff.StartsWith("II*\0"u8);
        if (!little && !tiff.StartsWith("MM\0*"u8))
            return 1;
        var at = UInt32(tiff[4..], little);
        if (at > tiff.Length - 2)
            return 1;
        var directory = tiff[(int)at..];
        var entries = UInt16(directory, little);
        for (var i = 0; i < entries && 2 + ((i + 1) * 12) <= directory.Length; i++)
        {
            var entry = directory.Slice(2 + (i * 12), 12);
            if (UInt16(entry, little) == Tag)
                return UInt16(entry[2..], little) == Short && UInt16(entry[8..], little) is >= 1 and <= 8 and var orientation ? orientation : 1;
        }

        return 1;
    }

    /// <summary>An Exif block that says nothing but this.</summary>
    public static byte[] Block(int orientation) =>
    [
        .. "MM\0*"u8, 0, 0, 0, 8, 0, 1, Tag >> 8, Tag & 0xFF, 0, Short, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0,
    ];

    private static int UInt16(ReadOnlySpan<byte> bytes, bool little) => little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool little) => little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
