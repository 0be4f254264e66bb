using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CommandCenter.EventStore;

/// <summary>What a leaf covers: everything that is stored of an event and never changes (ADR 0002).</summary>
/// <param name="Data">Canonical JSON.</param>
/// <param name="Headers">Canonical JSON.</param>
/// <param name="RecordedAt">Whole microseconds, UTC.</param>
public readonly record struct LeafFields(
    long Position,
    Guid Id,
    string Stream,
    long Version,
    string Type,
    DateTimeOffset RecordedAt,
    ReadOnlyMemory<byte> Data,
    ReadOnlyMemory<byte> Headers,
    string? CorrelationId,
    string? CausationId,
    string Tenant = LeafHash.OnlyTenant);

/// <summary>The hashes of the tree over the log: leaves are SHA-256(0x00 ‖ form), nodes SHA-256(0x01 ‖ left ‖ right).</summary>
public static class LeafHash
{
    /// <summary>The length of every hash in bytes.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>Marten's name for the one tenant of a database.</summary>
    public const string OnlyTenant = "*DEFAULT*";

    /// <summary>The canonical JSON that is hashed.</summary>
    public static byte[] Form(in LeafFields leaf)
    {
        var output = new ArrayBufferWriter<byte>(leaf.Data.Length + leaf.Headers.Length + 512);
        output.Write("{"u8);
        WriteOptional(output, "\"causationId\":"u8, leaf.CausationId);
        WriteOptional(output, "\"correlationId\":"u8, leaf.CorrelationId);
        output.Write("\"data\":"u8);
        output.Write(leaf.Data.Span);
        output.Write(",\"headers\":"u8);
        output.Write(leaf.Headers.Span);
        WriteAscii(output, string.Create(CultureInfo.InvariantCulture, $",\"id\":\"{leaf.Id:D}\",\"position\":{leaf.Position},\"recordedAt\":\"{Instants.Format(leaf.RecordedAt)}\",\"stream\":"));
        CanonicalJson.WriteString(output, leaf.Stream);
        output.Write(",\"tenant\":"u8);
        CanonicalJson.WriteString(output, leaf.Tenant);
        output.Write(",\"type\":"u8);
        CanonicalJson.WriteString(output, leaf.Type);
        WriteAscii(output, string.Create(CultureInfo.InvariantCulture, $",\"version\":{leaf.Version}}}"));
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The leaf hash of a form, 32 bytes.</summary>
    public static byte[] Of(ReadOnlySpan<byte> form) => Prefixed(0, form, default);

    /// <summary>The hash of an inner node, 32 bytes.</summary>
    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => Prefixed(1, left, right);

    private static byte[] Prefixed(byte prefix, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var input = ArrayPool<byte>.Shared.Rent(1 + first.Length + second.Length);
        input[0] = prefix;
        first.CopyTo(input.AsSpan(1));
        second.CopyTo(input.AsSpan(1 + first.Length));
        var hash = SHA256.HashData(input.AsSpan(0, 1 + first.Length + second.Length));
        ArrayPool<byte>.Shared.Return(input);
        return hash;
    }

    private static void WriteOptional(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> name, string? text)
    {
        if (text is null)
            return;
        output.Write(name);
        CanonicalJson.WriteString(output, text);
        output.Write(","u8);
    }

    private static void WriteAscii(ArrayBufferWriter<byte> output, string text) => output.Advance(Encoding.ASCII.GetBytes(text, output.GetSpan(text.Length)));
}
