using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace CommandCenter.EventStore;

/// <summary>JSON that has no canonical form (ADR 0002): a fraction, a null, a NUL, a lone surrogate, a duplicate name, too deep, or no JSON.</summary>
public sealed class CanonicalJsonException(string message, Exception? inner = null) : FormatException(message, inner);

/// <summary>
/// The canonical form of JSON (ADR 0002): the subset of RFC 8785 that survives <c>jsonb</c>, so that what is read back has the bytes of what was written.
/// </summary>
public static class CanonicalJson
{
    /// <summary>Objects and arrays may nest this deep; the outermost is level 1.</summary>
    public const int MaxDepth = 64;

    /// <summary>The largest magnitude of an integer, 2^53 − 1: beyond it other readers lose digits.</summary>
    public const long MaxInteger = (1L << 53) - 1;

    private static readonly SearchValues<byte> PlainInteger = SearchValues.Create("-0123456789"u8);

    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (char)code), '"', '\\']);

    /// <summary>The canonical bytes of one JSON value in UTF-8.</summary>
    /// <exception cref="CanonicalJsonException">The text has no canonical form; the message says what is wrong and at which byte.</exception>
    public static byte[] Canonicalize(ReadOnlySpan<byte> utf8)
    {
        var output = new ArrayBufferWriter<byte>(Math.Max(utf8.Length, 16));
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            reader.Read();
            WriteValue(ref reader, output);
            // Reading on past the value makes the reader refuse whatever follows it.
            reader.Read();
        }
        catch (JsonException e)
        {
            throw new CanonicalJsonException($"Not the JSON that can be stored: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new CanonicalJsonException($"A text before byte {reader.BytesConsumed} holds a lone surrogate or bytes that are not UTF-8.", e);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes a text as a canonical JSON string.</summary>
    /// <exception cref="CanonicalJsonException">The text holds a NUL or a lone surrogate.</exception>
    public static void WriteString(IBufferWriter<byte> output, string text)
    {
        WriteByte(output, '"');
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            var plain = rest.IndexOfAny(Escaped);
            var run = plain < 0 ? rest : rest[..plain];
            if (run.Length > 0)
            {
                var room = output.GetSpan(run.Length * 3);
                if (Utf8.FromUtf16(run, room, out _, out var written, replaceInvalidSequences: false) != OperationStatus.Done)
                    throw new CanonicalJsonException("A text holds a lone surrogate.");
                output.Advance(written);
            }

            if (plain < 0)
                break;
            WriteEscape(output, rest[plain]);
            rest = rest[(plain + 1)..];
        }

        WriteByte(output, '"');
    }

    private static void WriteValue(ref Utf8JsonReader reader, ArrayBufferWriter<byte> output)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                WriteObject(ref reader, output);
                break;
            case JsonTokenType.StartArray:
                WriteByte(output, '[');
                for (var first = true; reader.Read() && reader.TokenType != JsonTokenType.EndArray; first = false)
                {
                    if (!first)
                        WriteByte(output, ',');
                    WriteValue(ref reader, output);
                }

                WriteByte(output, ']');
                break;
            case JsonTokenType.String:
                // Without an escape the bytes are canonical as they stand, once they are known to be UTF-8.
                if (!reader.ValueIsEscaped && Utf8.IsValid(reader.ValueSpan))
                {
                    WriteByte(output, '"');
                    output.Write(reader.ValueSpan);
                    WriteByte(output, '"');
                }
                else
                {
                    WriteString(output, reader.GetString()!);
                }

                break;
            case JsonTokenType.Number:
                WriteInteger(ref reader, output);
                break;
            case JsonTokenType.True:
                output.Write("true"u8);
                break;
            case JsonTokenType.False:
                output.Write("false"u8);
                break;
            default:
                throw new CanonicalJsonException($"There is a null at byte {reader.TokenStartIndex}: a missing value is a missing member.");
        }
    }

    private static void WriteObject(ref Utf8JsonReader reader, ArrayBufferWriter<byte> output)
    {
        WriteByte(output, '{');
        var start = output.WrittenCount;
        var members = new List<(string Name, int Start, int End)>();
        var sorted = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (members.Count > 0)
                WriteByte(output, ',');
            var name = reader.GetString()!;
            var at = output.WrittenCount;
            WriteString(output, name);
            WriteByte(output, ':');
            reader.Read();
            WriteValue(ref reader, output);
            sorted &= members.Count == 0 || string.CompareOrdinal(members[^1].Name, name) < 0;
            members.Add((name, at, output.WrittenCount));
        }

        if (!sorted)
            SortMembers(output, start, members);
        WriteByte(output, '}');
    }

    // The members already stand in the output in the order they came; sorted, they fill the same bytes.
    private static void SortMembers(ArrayBufferWriter<byte> output, int start, List<(string Name, int Start, int End)> members)
    {
        members.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        for (var i = 1; i < members.Count; i++)
            if (members[i - 1].Name == members[i].Name)
                throw new CanonicalJsonException($"The name '{members[i].Name}' stands twice in one object.");

        var asTheyCame = output.WrittenSpan[start..].ToArray();
        var target = System.Runtime.InteropServices.MemoryMarshal.AsMemory(output.WrittenMemory)[start..].Span;
        var at = 0;
        foreach (var (_, from, to) in members)
        {
            if (at > 0)
                target[at++] = (byte)',';
            asTheyCame.AsSpan((from - start)..(to - start)).CopyTo(target[at..]);
            at += to - from;
        }
    }

    private static void WriteInteger(ref Utf8JsonReader reader, ArrayBufferWriter<byte> output)
    {
        var text = reader.ValueSpan;
        if (text.IndexOfAnyExcept(PlainInteger) >= 0)
            throw new CanonicalJsonException($"'{Encoding.ASCII.GetString(text)}' at byte {reader.TokenStartIndex} is not a plain integer: fractions and exponents are not stored.");
        if (text is [(byte)'-', (byte)'0', ..] || !reader.TryGetInt64(out var value) || value is > MaxInteger or < -MaxInteger)
            throw new CanonicalJsonException($"'{Encoding.ASCII.GetString(text)}' at byte {reader.TokenStartIndex} is outside −(2^53−1) … 2^53−1.");
        output.Write(text);
    }

    private static void WriteEscape(IBufferWriter<byte> output, char c)
    {
        output.Write(c switch
        {
            '\0' => throw new CanonicalJsonException("A text holds a NUL."),
            '"' => "\\\""u8,
            '\\' => "\\\\"u8,
            '\b' => "\\b"u8,
            '\t' => "\\t"u8,
            '\n' => "\\n"u8,
            '\f' => "\\f"u8,
            '\r' => "\\r"u8,
            _ => Encoding.ASCII.GetBytes("\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture)),
        });
    }

    private static void WriteByte(IBufferWriter<byte> output, char c)
    {
        output.GetSpan(1)[0] = (byte)c;
        output.Advance(1);
    }
}
