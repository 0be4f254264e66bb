using System.Globalization;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Inbox;

/// <summary>A day of the week as it stands in data.</summary>
public enum Weekday
{
    Sunday,
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
}

/// <summary>When people work on some days of the week.</summary>
/// <param name="Spans">As read from the clock on the wall, in order: <c>09:00-12:00</c>. The end is not part of it.</param>
/// <param name="Town">The town for which this holds instead of the general rules; missing: every other.</param>
public sealed record HoursRule(IReadOnlyList<Weekday> Days, IReadOnlyList<string> Spans, AreaCode? Town = null);

/// <summary>
/// The working time of one town. Everything that asks for working time asks this type, so that the calendar with its holidays and made-up working days can take its place.
/// </summary>
public sealed class WorkingHours
{
    private readonly TimeZoneInfo _zone;
    private readonly IReadOnlyList<(TimeOnly From, TimeOnly To)>[] _week;

    private WorkingHours(TimeZoneInfo zone, IReadOnlyList<(TimeOnly From, TimeOnly To)>[] week)
    {
        _zone = zone;
        _week = week;
    }

    /// <param name="rules">Checked by <see cref="NoticePlanReader"/>: every town has some working time in a week.</param>
    /// <param name="town">A place outside of every town has the general hours.</param>
    public static WorkingHours Of(IReadOnlyList<HoursRule> rules, AreaCode? town, TimeZoneInfo zone)
    {
        var own = rules.Where(rule => rule.Town is not null && rule.Town == town).ToList();
        var holding = own.Count > 0 ? own : [.. rules.Where(rule => rule.Town is null)];
        var week = new IReadOnlyList<(TimeOnly From, TimeOnly To)>[7];
        for (var day = 0; day < 7; day++)
            week[day] = [.. holding.Where(rule => rule.Days.Contains((Weekday)day)).SelectMany(rule => rule.Spans).Select(Parse).Select(span => span!.Value).OrderBy(span => span.From)];
        return new WorkingHours(zone, week);
    }

    /// <summary>A span of the day; null for what is none.</summary>
    public static (TimeOnly From, TimeOnly To)? Parse(string span) =>
        span.Split('-') is [var from, var to]
        && TimeOnly.TryParseExact(from, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var start)
        && TimeOnly.TryParseExact(to, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var end)
        && start < end
            ? (start, end)
            : null;

    /// <summary>Whether an instant lies in working time.</summary>
    public bool IsWorking(DateTimeOffset at) => SpansFrom(at).First() is var (from, to) && from <= at && at < to;

    /// <summary>The instant itself in working time, else the start of the next.</summary>
    public DateTimeOffset NextWorking(DateTimeOffset at) => SpansFrom(at).First().From is var from && from > at ? from : at;

    /// <summary>The working time in which an instant lies, or the next.</summary>
    public (DateTimeOffset From, DateTimeOffset To) SpanAt(DateTimeOffset at) => SpansFrom(at).First();

    /// <summary>The instant by which so many minutes have been worked since another.</summary>
    public DateTimeOffset After(DateTimeOffset start, int minutes)
    {
        var left = TimeSpan.FromMinutes(minutes);
        foreach (var (from, to) in SpansFrom(start))
        {
            var begin = from > start ? from : start;
            if (left <= to - begin)
                return begin + left;
            left -= to - begin;
        }

        throw new InvalidOperationException("Working time never ends.");
    }

    /// <summary>The spans of working time that end after an instant, in order, without end.</summary>
    private IEnumerable<(DateTimeOffset From, DateTimeOffset To)> SpansFrom(DateTimeOffset at)
    {
        // One day back, because at the edge of a clock change a wall time may lie an hour from where it seems.
        for (var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, _zone).DateTime).AddDays(-1); ; day = day.AddDays(1))
        {
            foreach (var (from, to) in _week[(int)day.DayOfWeek])
            {
                var span = (From: Instant(day, from), To: Instant(day, to));
                if (span.To > at)
                    yield return span;
            }
        }
    }

    private DateTimeOffset Instant(DateOnly day, TimeOnly time)
    {
        var local = day.ToDateTime(time);
        // A wall time that a clock change skips is taken one hour later.
        if (_zone.IsInvalidTime(local))
            local = local.AddHours(1);
        return new DateTimeOffset(local, _zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
