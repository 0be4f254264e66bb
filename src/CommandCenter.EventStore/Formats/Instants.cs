namespace CommandCenter.EventStore;

/// <summary>Instants as text: UTC with exactly six digits of a second, <c>2026-11-21T03:04:05.123456Z</c> (ADR 0002).</summary>
public static class Instants
{
    /// <summary>The length of every such text.</summary>
    public const int Length = 27;

    /// <summary>The text of an instant; what is finer than a microsecond is cut.</summary>
    public static string Format(DateTimeOffset instant) => string.Create(Length, instant, static (text, at) =>
    {
        Span<byte> bytes = stackalloc byte[Length];
        Format(at, bytes);
        for (var i = 0; i < Length; i++)
            text[i] = (char)bytes[i];
    });

    /// <summary>The same in ASCII, into at least <see cref="Length"/> bytes.</summary>
    public static void Format(DateTimeOffset instant, Span<byte> text)
    {
        var at = instant.UtcDateTime;
        Put(text, 0, 4, at.Year);
        text[4] = (byte)'-';
        Put(text, 5, 2, at.Month);
        text[7] = (byte)'-';
        Put(text, 8, 2, at.Day);
        text[10] = (byte)'T';
        Put(text, 11, 2, at.Hour);
        text[13] = (byte)':';
        Put(text, 14, 2, at.Minute);
        text[16] = (byte)':';
        Put(text, 17, 2, at.Second);
        text[19] = (byte)'.';
        Put(text, 20, 6, (int)(at.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond));
        text[26] = (byte)'Z';
    }

    /// <exception cref="FormatException">The text is not in the one form.</exception>
    public static DateTimeOffset Parse(string text) =>
        text.Length == Length && System.Text.Ascii.IsValid(text) ? Parse(System.Text.Encoding.ASCII.GetBytes(text)) : throw Strange(text);

    /// <exception cref="FormatException">The text is not in the one form.</exception>
    public static DateTimeOffset Parse(ReadOnlySpan<byte> text)
    {
        if (text.Length != Length || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != '.' || text[26] != 'Z'
            || Take(text, 0, 4) is not (>= 1 and var year) || Take(text, 5, 2) is not (>= 1 and <= 12 and var month)
            || Take(text, 8, 2) is not (>= 1 and var day) || day > DateTime.DaysInMonth(year, month)
            || Take(text, 11, 2) is not (>= 0 and <= 23 and var hour) || Take(text, 14, 2) is not (>= 0 and <= 59 and var minute)
            || Take(text, 17, 2) is not (>= 0 and <= 59 and var second) || Take(text, 20, 6) is not (>= 0 and var micros))
            throw Strange(System.Text.Encoding.UTF8.GetString(text));
        return new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero).AddTicks(micros * TimeSpan.TicksPerMicrosecond);
    }

    /// <summary>The same instant in UTC, cut to whole microseconds, as PostgreSQL keeps it.</summary>
    public static DateTimeOffset Cut(DateTimeOffset instant) =>
        new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    /// <summary>The next whole microsecond in UTC: for due instants, so that nothing fires before it was asked to.</summary>
    public static DateTimeOffset RoundUp(DateTimeOffset instant)
    {
        var cut = Cut(instant);
        return cut.UtcTicks == instant.UtcTicks ? cut : cut.AddMicroseconds(1);
    }

    private static FormatException Strange(string text) => new($"'{text}' is not an instant such as 2026-11-21T03:04:05.123456Z.");

    private static void Put(Span<byte> text, int from, int digits, int value)
    {
        for (var i = from + digits - 1; i >= from; i--, value /= 10)
            text[i] = (byte)('0' + (value % 10));
    }

    // Less than nothing when there is anything but digits.
    private static int Take(ReadOnlySpan<byte> text, int from, int digits)
    {
        var value = 0;
        for (var i = from; i < from + digits; i++)
        {
            if (!char.IsAsciiDigit((char)text[i]))
                return -1;
            value = (value * 10) + (text[i] - '0');
        }

        return value;
    }
}
