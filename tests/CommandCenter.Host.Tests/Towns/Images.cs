namespace CommandCenter.Host.Tests.Towns;

/// <summary>Bytes that begin as an image does.</summary>
public static class Images
{
    /// <param name="seed">Another seed, another image.</param>
    public static byte[] Png(int seed, int length = 1024)
    {
        var image = new byte[length];
        new Random(seed).NextBytes(image);
        ((byte[])[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]).CopyTo(image, 0);
        return image;
    }
}
