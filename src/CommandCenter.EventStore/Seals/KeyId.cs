using System.Buffers;
using System.Security.Cryptography;

namespace CommandCenter.EventStore;

/// <summary>The name of a data key: 16 random bytes, written as 32 lower-case hex digits. Safe as part of a path.</summary>
public readonly record struct KeyId
{
    /// <summary>The length in bytes.</summary>
    public const int Size = 16;

    internal static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    private readonly string? _hex;

    private KeyId(string hex) => _hex = hex;

    /// <summary>The 32 hex digits.</summary>
    public string Hex => _hex ?? new string('0', Size * 2);

    /// <summary>A new id from the system's generator.</summary>
    public static KeyId Create() => new(RandomNumberGenerator.GetHexString(Size * 2, lowercase: true));

    /// <summary>The id that these 16 bytes are.</summary>
    public static KeyId FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Size ? new KeyId(Convert.ToHexStringLower(bytes)) : throw new FormatException("A key id has 16 bytes.");

    /// <summary>Reads 32 lower-case hex digits and nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out KeyId keyId)
    {
        keyId = default;
        if (text.Length != Size * 2 || text.ContainsAnyExcept(LowerHex)) return false;

        keyId = new KeyId(text.ToString());
        return true;
    }

    /// <summary>The 16 bytes.</summary>
    public byte[] ToBytes() => Convert.FromHexString(Hex);

    public override string ToString() => Hex;
}
