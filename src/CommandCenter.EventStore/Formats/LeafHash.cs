using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

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
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _output;

    /// <summary>The length of every hash in bytes.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>Marten's name for the one tenant of a database.</summary>
    public const string OnlyTenant = "*DEFAULT*";

    /// <summary>The canonical JSON that is hashed.</summary>
    public static byte[] Form(in LeafFields leaf)
    {
        var output = new ArrayBufferWriter<byte>(leaf.Data.Length + leaf.Headers.Length + 512);
        WriteForm(output, leaf);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The leaf hash of an event, 32 bytes: that of its form.</summary>
    public static byte[] Of(in LeafFields leaf)
    {
        var output = _output ??= new ArrayBufferWriter<byte>(2048);
        output.ResetWrittenCount();
        output.Write("\0"u8);
        WriteForm(output, leaf);
        return SHA256.HashData(output.WrittenSpan);
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

    private static void WriteForm(ArrayBufferWriter<byte> output, in LeafFields leaf)
    {
        output.Write("{"u8);
        WriteOptional(output, "\"causationId\":"u8, leaf.CausationId);
        WriteOptional(output, "\"correlationId\":"u8, leaf.CorrelationId);
        output.Write("\"data\":"u8);
        output.Write(leaf.Data.Span);
        output.Write(",\"headers\":"u8);
        output.Write(leaf.Headers.Span);
        output.Write(",\"id\":\""u8);
        Write(output, leaf.Id, 36);
        output.Write("\",\"position\":"u8);
        Write(output, leaf.Position, 20);
        output.Write(",\"recordedAt\":\""u8);
        Instants.Format(leaf.RecordedAt, output.GetSpan(Instants.Length));
        output.Advance(Instants.Length);
        output.Write("\",\"stream\":"u8);
        CanonicalJson.WriteString(output, leaf.Stream);
        output.Write(",\"tenant\":"u8);
        CanonicalJson.WriteString(output, leaf.Tenant);
        output.Write(",\"type\":"u8);
        CanonicalJson.WriteString(output, leaf.Type);
        output.Write(",\"version\":"u8);
        Write(output, leaf.Version, 20);
        output.Write("}"u8);
    }

    private static void WriteOptional(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> name, string? text)
    {
        if (text is null)
            return;
        output.Write(name);
        CanonicalJson.WriteString(output, text);
        output.Write(","u8);
    }

    private static void Write<T>(ArrayBufferWriter<byte> output, T value, int longest)
        where T : IUtf8SpanFormattable
    {
        value.TryFormat(output.GetSpan(longest), out var written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
    }
}
