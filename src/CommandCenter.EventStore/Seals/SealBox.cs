using System.Security.Cryptography;

namespace CommandCenter.EventStore;

/// <summary>AES-256-GCM as every seal uses it: nonce ‖ ciphertext ‖ tag.</summary>
internal static class SealBox
{
    public const int KeySize = 32;
    public const int NonceSize = 12;
    public const int TagSize = 16;
    public const int Overhead = NonceSize + TagSize;

    /// <summary>Writes nonce ‖ ciphertext ‖ tag; the destination is <see cref="Overhead"/> longer than the plain bytes.</summary>
    public static void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> additionalData, Span<byte> destination)
    {
        var nonce = destination[..NonceSize];
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plain, destination[NonceSize..^TagSize], destination[^TagSize..], additionalData);
    }

    /// <summary>The plain bytes, or null when anything about the seal is not as it was made.</summary>
    public static byte[]? Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> box, ReadOnlySpan<byte> additionalData)
    {
        if (box.Length < Overhead) return null;

        var plain = new byte[box.Length - Overhead];
        using var aes = new AesGcm(key, TagSize);
        try
        {
            aes.Decrypt(box[..NonceSize], box[NonceSize..^TagSize], box[^TagSize..], plain, additionalData);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
