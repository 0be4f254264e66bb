using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Deadlines;

/// <summary>A part of every year, both days included; it may run over the end of the year.</summary>
/// <param name="From"><c>MM-dd</c>.</param>
/// <param name="To"><c>MM-dd</c>.</param>
public sealed record Season(string From, string To)
{
    /// <summary>Whether a day lies in it.</summary>
    public bool Holds(DateOnly day)
    {
        var (from, to, at) = (OrderOf(From)!.Value, OrderOf(To)!.Value, (day.Month * 100) + day.Day);
        return from <= to ? from <= at && at <= to : at >= from || at <= to;
    }

    /// <summary>Month × 100 + day; null for what is no day of a year (29 February is none of every year).</summary>
    public static int? OrderOf(string text) =>
        text is [>= '0' and <= '9', >= '0' and <= '9', '-', >= '0' and <= '9', >= '0' and <= '9']
        && (((text[0] - '0') * 10) + text[1] - '0') is >= 1 and <= 12 and var month
        && (((text[3] - '0') * 10) + text[4] - '0') is >= 1 and var day && day <= DateTime.DaysInMonth(2025, month)
            ? (month * 100) + day
            : null;
}

/// <summary>When people work on a working day.</summary>
/// <param name="Spans">As read from the clock on the wall, in order: <c>09:00-12:00</c>. The end is not part of it and may be <c>24:00</c>.</param>
/// <param name="Town">The town for which this holds instead of the general rules; missing: every other.</param>
/// <param name="Season">When in the year it holds; missing: whenever no other rule of the same town does.</param>
public sealed record TownHours(IReadOnlyList<string> Spans, AreaCode? Town = null, Season? Season = null)
{
    /// <summary>A span of the day in minutes after midnight; null for what is none.</summary>
    public static (int From, int To)? Parse(string span) =>
        span.Split('-') is [var from, var to] && MinuteOf(from) is { } start && MinuteOf(to) is { } end && start < end ? (start, end) : null;

    private static int? MinuteOf(string time) =>
        time is [>= '0' and <= '9', >= '0' and <= '9', ':', >= '0' and <= '5', >= '0' and <= '9']
        && (((((time[0] - '0') * 10) + time[1] - '0') * 60) + ((time[3] - '0') * 10) + time[4] - '0') is >= 0 and <= 24 * 60 and var minute
            ? minute
            : null;
}
