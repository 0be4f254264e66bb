using System.Globalization;
using CommandCenter.Domain.Formats;

namespace CommandCenter.Host.Composition;

/// <summary>"Today" in the district's time zone, whatever the host's.</summary>
public static class LocalDay
{
    public static DateOnly Of(DateTimeOffset instant, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    /// <summary>Reads a day in the district's zone, which begins at its midnight, or an instant with its zone; years from 2000 to 2999.</summary>
    public static bool TryRead(string text, TimeZoneInfo zone, out DateTimeOffset instant)
    {
        instant = default;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            instant = day.Year is >= 2000 and < 3000 ? Start(day, zone) : default;
            return instant != default;
        }

        // Without a zone the reader would take the host's, which says nothing about the district.
        var isInstant = text.Length >= 17 && text.Contains('T', StringComparison.Ordinal) && (text.EndsWith('Z') || text[^6] is '+' or '-')
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out instant) && instant.Year is >= 2000 and < 3000;
        instant = isInstant ? DomainJson.Microseconds(instant) : default;
        return isInstant;
    }

    /// <summary>The first instant of a local day, in UTC; where a clock change skips midnight, the first that exists.</summary>
    public static DateTimeOffset Start(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        if (zone.IsInvalidTime(midnight))
            midnight = midnight.AddHours(1);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }
}
