using System.Buffers;
using System.Buffers.Text;

namespace CommandCenter.EventStore;

/// <summary>Base64url of RFC 4648 without padding, where every byte sequence has exactly one text.</summary>
internal static class StrictBase64Url
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>The bytes, or null for a text that <see cref="Encode"/> would not have written.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done) return null;

        // The decoder takes padding, white space and stray bits; a changed character must never open.
        return text.SequenceEqual(Encode(bytes.AsSpan(0, written))) ? bytes[..written] : null;
    }
}
