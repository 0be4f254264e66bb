using System.Buffers.Binary;

namespace CommandCenter.Host.Tests.Towns;

/// <summary>Images that hold together, of any length.</summary>
public static class Images
{
    /// <summary>A PNG whose picture data are random: of its structure nothing is missing.</summary>
    /// <param name="seed">Another seed, another image.</param>
    /// <param name="length">In bytes, at least 58.</param>
    public static byte[] Png(int seed, int length = 1024)
    {
        var data = new byte[length - 57];
        new Random(seed).NextBytes(data);
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR"u8, [0, 0, 0, 8, 0, 0, 0, 8, 8, 2, 0, 0, 0]), .. Chunk("IDAT"u8, data), .. Chunk("IEND"u8, [])];
    }

    public static byte[] Chunk(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        kind.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), Crc(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }

    // Bit by bit, as the standard's own definition has it, so that it shares no mistake with the host's table.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
