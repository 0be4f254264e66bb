using System.Globalization;

namespace CommandCenter.EventStore;

/// <summary>Instants as text: UTC with exactly six digits of a second, <c>2026-11-21T03:04:05.123456Z</c> (ADR 0002).</summary>
public static class Instants
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>The text of an instant; what is finer than a microsecond is cut.</summary>
    public static string Format(DateTimeOffset instant) => instant.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    /// <exception cref="FormatException">The text is not in the one form.</exception>
    public static DateTimeOffset Parse(string text) =>
        DateTimeOffset.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant
            : throw new FormatException($"'{text}' is not an instant such as 2026-11-21T03:04:05.123456Z.");

    /// <summary>The same instant in UTC, cut to whole microseconds, as PostgreSQL keeps it.</summary>
    public static DateTimeOffset Cut(DateTimeOffset instant) =>
        new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    /// <summary>The next whole microsecond in UTC: for due instants, so that nothing fires before it was asked to.</summary>
    public static DateTimeOffset RoundUp(DateTimeOffset instant)
    {
        var cut = Cut(instant);
        return cut.UtcTicks == instant.UtcTicks ? cut : cut.AddMicroseconds(1);
    }
}
