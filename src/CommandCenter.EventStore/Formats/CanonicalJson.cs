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
        var work = Work.Take(utf8.Length);
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            reader.Read();
            WriteValue(ref reader, work);
            // Reading on past the value makes the reader refuse whatever follows it.
            reader.Read();
            return work.Output.WrittenSpan.ToArray();
        }
        catch (JsonException e)
        {
            throw new CanonicalJsonException($"Not the JSON that can be stored: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new CanonicalJsonException($"A text before byte {reader.BytesConsumed} holds a lone surrogate or bytes that are not UTF-8.", e);
        }
        finally
        {
            work.GiveBack();
        }
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

    private static void WriteValue(ref Utf8JsonReader reader, Work work)
    {
        var output = work.Output;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                WriteObject(ref reader, work);
                break;
            case JsonTokenType.StartArray:
                WriteByte(output, '[');
                for (var first = true; reader.Read() && reader.TokenType != JsonTokenType.EndArray; first = false)
                {
                    if (!first)
                        WriteByte(output, ',');
                    WriteValue(ref reader, work);
                }

                WriteByte(output, ']');
                break;
            case JsonTokenType.String:
                WriteText(ref reader, output);
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

    // Without an escape the bytes are canonical as they stand, once they are known to be UTF-8.
    private static void WriteText(ref Utf8JsonReader reader, ArrayBufferWriter<byte> output)
    {
        var text = reader.ValueSpan;
        if (reader.ValueIsEscaped || !Utf8.IsValid(text))
        {
            WriteString(output, reader.GetString()!);
            return;
        }

        var room = output.GetSpan(text.Length + 2);
        room[0] = (byte)'"';
        text.CopyTo(room[1..]);
        room[text.Length + 1] = (byte)'"';
        output.Advance(text.Length + 2);
    }

    private static void WriteObject(ref Utf8JsonReader reader, Work work)
    {
        var output = work.Output;
        WriteByte(output, '{');
        var start = output.WrittenCount;
        // The members of the objects around this one stand below.
        var below = work.Members.Count;
        var sorted = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (work.Members.Count > below)
                WriteByte(output, ',');
            var at = output.WrittenCount;
            WriteText(ref reader, output);
            var nameEnd = output.WrittenCount;
            WriteByte(output, ':');
            reader.Read();
            WriteValue(ref reader, work);
            var member = new Member(at, nameEnd, output.WrittenCount);
            sorted &= work.Members.Count == below || CompareNames(output.WrittenSpan, work.Members[^1], member) < 0;
            work.Members.Add(member);
        }

        if (!sorted)
            SortMembers(work, start, below);
        work.Members.RemoveRange(below, work.Members.Count - below);
        WriteByte(output, '}');
    }

    // The members already stand in the output in the order they came; sorted, they fill the same bytes.
    private static void SortMembers(Work work, int start, int below)
    {
        var output = work.Output;
        var members = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(work.Members)[below..];
        var target = System.Runtime.InteropServices.MemoryMarshal.AsMemory(output.WrittenMemory);
        // Few, and mostly in order: jsonb sorts names by their length first.
        for (var i = 1; i < members.Length; i++)
        {
            var member = members[i];
            var to = i;
            for (; to > 0 && CompareNames(target.Span, member, members[to - 1]) < 0; to--)
                members[to] = members[to - 1];
            members[to] = member;
        }

        for (var i = 1; i < members.Length; i++)
            if (CompareNames(target.Span, members[i - 1], members[i]) == 0)
                throw new CanonicalJsonException($"The name {Encoding.UTF8.GetString(target.Span[members[i].Start..members[i].NameEnd])} stands twice in one object.");

        var asTheyCame = ArrayPool<byte>.Shared.Rent(output.WrittenCount - start);
        output.WrittenSpan[start..].CopyTo(asTheyCame);
        var at = start;
        foreach (var member in members)
        {
            if (at > start)
                target.Span[at++] = (byte)',';
            asTheyCame.AsSpan(member.Start - start, member.End - member.Start).CopyTo(target.Span[at..]);
            at += member.End - member.Start;
        }

        ArrayPool<byte>.Shared.Return(asTheyCame);
    }

    // By UTF-16 code units: of plain ASCII the bytes say it, of anything else the text.
    private static int CompareNames(ReadOnlySpan<byte> output, Member a, Member b)
    {
        var first = output[(a.Start + 1)..(a.NameEnd - 1)];
        var second = output[(b.Start + 1)..(b.NameEnd - 1)];
        return IsPlain(first) && IsPlain(second)
            ? first.SequenceCompareTo(second)
            : string.CompareOrdinal(JsonSerializer.Deserialize<string>(output[a.Start..a.NameEnd]), JsonSerializer.Deserialize<string>(output[b.Start..b.NameEnd]));
    }

    private static bool IsPlain(ReadOnlySpan<byte> name) => Ascii.IsValid(name) && !name.Contains((byte)'\\');

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

    /// <summary>A member of an object by its places in the output; the name stands between quotes.</summary>
    private readonly record struct Member(int Start, int NameEnd, int End);

    /// <summary>What a call needs and leaves for the next one on its thread.</summary>
    private sealed class Work
    {
        private const int MostKept = 1 << 20;

        [ThreadStatic]
        private static Work? _kept;

        public ArrayBufferWriter<byte> Output { get; } = new(1024);

        public List<Member> Members { get; } = new(64);

        public static Work Take(int length)
        {
            var work = _kept ?? new Work();
            _kept = null;
            if (work.Output.Capacity < length)
                work.Output.GetSpan(length);
            return work;
        }

        public void GiveBack()
        {
            if (Output.Capacity > MostKept)
                return;
            Output.ResetWrittenCount();
            Members.Clear();
            _kept = this;
        }
    }
}
