using System.Security.Cryptography;
using System.Text;

namespace CommandCenter.EventStore;

/// <summary>What became of opening a sealed value. A closed type.</summary>
public abstract record OpenResult
{
    private OpenResult() { }

    public sealed record Opened(string Text) : OpenResult
    {
        // A record prints its members, and this one's must not reach a log.
        public override string ToString() => nameof(Opened);
    }

    /// <summary>The key was destroyed on purpose; shown as 已按规定删除.</summary>
    public sealed record Erased : OpenResult;

    /// <summary>Changed, moved from another stream or field, cut off, or its key is lost.</summary>
    public sealed record Damaged : OpenResult;
}

/// <summary>Seals personal data for the log and opens it again: <c>sealed:1:{keyId}:{base64url}</c> (ADR 0003).</summary>
public sealed class Sealer(IKeyStore keys)
{
    private const string Prefix = "sealed:1:";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether a stored text claims to be a sealed value, of this or a later version.</summary>
    public static bool IsSealed(string text) => text.StartsWith("sealed:", StringComparison.Ordinal);

    /// <summary>Seals a text under the subject's key, bound to the stream and field in which it will stand.</summary>
    /// <exception cref="EventDataException">The text holds a lone surrogate.</exception>
    public async Task<string> SealAsync(string subject, StreamKey stream, string field, string text, CancellationToken cancellation = default)
    {
        var plain = Encode(text);
        var key = await keys.GetOrCreateAsync(subject, cancellation);
        var box = new byte[plain.Length + SealBox.Overhead];
        SealBox.Seal(key.Key.Span, plain, AdditionalData(stream, field), box);
        return $"{Prefix}{key.KeyId}:{StrictBase64Url.Encode(box)}";
    }

    /// <summary>Opens a sealed value that stands in this stream and field.</summary>
    public async Task<OpenResult> OpenAsync(string sealedText, StreamKey stream, string field, CancellationToken cancellation = default)
    {
        if (!TryRead(sealedText, out var keyId, out var boxText)) return new OpenResult.Damaged();

        return await keys.FindAsync(keyId, cancellation) switch
        {
            KeyLookup.Erased => new OpenResult.Erased(),
            KeyLookup.Found found => Open(found.Key.Span, boxText, stream, field),
            _ => new OpenResult.Damaged(),
        };
    }

    /// <summary>32 bytes by which equal values are found without being stored. The caller brings the value into one form first.</summary>
    /// <exception cref="EventDataException">The text holds a lone surrogate.</exception>
    public byte[] LookupHash(string text) => HMACSHA256.HashData(keys.MacKey(MacPurpose.Lookup).Span, Encode(text));

    /// <summary>32 bytes by which a repeated command is known to have the same content.</summary>
    public byte[] RequestHash(ReadOnlySpan<byte> request) => HMACSHA256.HashData(keys.MacKey(MacPurpose.Commands).Span, request);

    private static OpenResult Open(ReadOnlySpan<byte> key, string boxText, StreamKey stream, string field)
    {
        if (StrictBase64Url.Decode(boxText) is not { } box || SealBox.Open(key, box, AdditionalData(stream, field)) is not { } plain)
            return new OpenResult.Damaged();

        return new OpenResult.Opened(StrictUtf8.GetString(plain));
    }

    private static bool TryRead(string text, out KeyId keyId, out string boxText)
    {
        keyId = default;
        boxText = "";
        var rest = text.AsSpan();
        const int boxAt = KeyId.Size * 2 + 1;
        if (!rest.StartsWith(Prefix, StringComparison.Ordinal)) return false;

        rest = rest[Prefix.Length..];
        if (rest.Length < boxAt || rest[boxAt - 1] != ':' || !KeyId.TryParse(rest[..(boxAt - 1)], out keyId)) return false;

        boxText = rest[boxAt..].ToString();
        return true;
    }

    // A stream key holds no bar, so the two parts cannot be shifted against each other.
    private static byte[] AdditionalData(StreamKey stream, string field) => Encode($"{stream}|{field}");

    private static byte[] Encode(string text)
    {
        try
        {
            return StrictUtf8.GetBytes(text);
        }
        catch (EncoderFallbackException lone)
        {
            // The exception of the encoder names the character only, never the text.
            throw new EventDataException("The text holds a lone surrogate.", lone);
        }
    }
}
