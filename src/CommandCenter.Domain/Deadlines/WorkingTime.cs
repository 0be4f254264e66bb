using System.Collections.Concurrent;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Deadlines;

/// <summary>The days and hours of a district.</summary>
/// <param name="hours">Checked by <see cref="CalendarReader"/>.</param>
public sealed class WorkCalendar(DayCalendar days, HoursPlan hours)
{
    private readonly ConcurrentDictionary<(AreaCode? Town, TimeZoneInfo Zone), WorkingTime> _times = new();

    public DayCalendar Days => days;

    public HoursPlan Hours => hours;

    /// <summary>The working time at a place: that of its town where it has rules of its own, else the general one.</summary>
    public WorkingTime At(AreaCode place, TimeZoneInfo zone)
    {
        var town = place.At(AreaLevel.Town);
        var own = hours.Rules.Any(rule => rule.Town is not null && rule.Town == town) ? town : null;
        return _times.GetOrAdd((own, zone), key => new WorkingTime(days, [.. hours.Rules.Where(rule => rule.Town == key.Town)], key.Zone));
    }

    /// <summary>Monday to Friday without holidays, to compare spans of different units when no date is known.</summary>
    internal static WorkingTime PlainWeek { get; } = new(new DayCalendar([]), [new TownHours(["09:00-12:00", "14:00-18:00"])], TimeZoneInfo.Utc);

    /// <summary>The start of work in <see cref="PlainWeek"/>.</summary>
    internal static DateTimeOffset Monday { get; } = new(2040, 1, 2, 9, 0, 0, TimeSpan.Zero);
}

/// <summary>
/// The working time of one town, and counting in the four units (ADR 0020). Time is counted in shares: whole numbers, so that parts add up to the whole exactly. Everything but round-the-clock
/// minutes is counted on the clock on the wall of the district's zone, whatever the host's.
/// </summary>
public sealed class WorkingTime
{
    private readonly TimeZoneInfo _zone;
    private readonly IReadOnlyList<(Season? Season, IReadOnlyList<(long From, long To)> Spans, long Weight)> _rules;
    private readonly long _day;
    // The spans of the days that were asked for; there are few of them, and each is asked for by every case.
    private readonly ConcurrentDictionary<long, (long Begin, long Finish, long Weight)[]> _spans = new();

    /// <param name="rules">Of one town, one of them without a season.</param>
    internal WorkingTime(DayCalendar days, IReadOnlyList<TownHours> rules, TimeZoneInfo zone)
    {
        Days = days;
        _zone = zone;
        _day = CommonDay(rules) * TimeSpan.TicksPerMinute;
        // Rules of a season come first: the one without holds when none of them does.
        _rules =
        [
            .. rules.OrderBy(rule => rule.Season is null).Select(rule =>
            {
                IReadOnlyList<(long From, long To)> spans = [.. rule.Spans.Select(span => TownHours.Parse(span)!.Value).Select(span => (span.From * TimeSpan.TicksPerMinute, span.To * TimeSpan.TicksPerMinute))];
                return (rule.Season, spans, _day / spans.Sum(span => span.To - span.From));
            }),
        ];
    }

    public DayCalendar Days { get; }

    /// <summary>The smallest number of minutes that every length of a working day divides.</summary>
    internal static long CommonDay(IEnumerable<TownHours> rules) =>
        rules.Select(rule => rule.Spans.Select(span => TownHours.Parse(span)!.Value).Sum(span => (long)span.To - span.From)).Aggregate(1L, (common, length) => common / GreatestDivisor(common, length) * length);

    /// <summary>How many shares one minute or day of a unit has.</summary>
    public long SharesOf(TimeUnit unit) => unit switch
    {
        TimeUnit.UrgentMinutes or TimeUnit.WorkingMinutes => TimeSpan.TicksPerMinute,
        TimeUnit.NaturalDays => TimeSpan.TicksPerDay,
        _ => _day,
    };

    /// <summary>A limit in shares of its unit.</summary>
    public long SharesOf(Limit limit) => checked(limit.Amount * SharesOf(limit.Unit));

    /// <summary>How many shares of a unit lie between two instants. Additive: the parts of a span add up to the span.</summary>
    /// <param name="to">At or after <paramref name="from"/>.</param>
    public long Count(DateTimeOffset from, DateTimeOffset to, TimeUnit unit)
    {
        if (unit == TimeUnit.UrgentMinutes)
            return to.UtcTicks - from.UtcTicks;
        var (start, end) = (Wall(from), Wall(to));
        if (unit == TimeUnit.NaturalDays)
            return end - start;
        var shares = 0L;
        for (var day = start / TimeSpan.TicksPerDay; day <= end / TimeSpan.TicksPerDay; day++)
        {
            foreach (var (begin, finish, weight) in SpansOf(day))
                shares += Math.Max(0, Math.Min(finish, end) - Math.Max(begin, start)) * (unit == TimeUnit.WorkingDays ? weight : 1);
        }

        return shares;
    }

    /// <summary>The first instant by which so many shares of a unit have passed since another: working time that ends with a span is due at its end, not when the next begins.</summary>
    /// <param name="shares">Zero gives the start itself.</param>
    public DateTimeOffset After(DateTimeOffset start, long shares, TimeUnit unit)
    {
        // By way of the wall clock the first of two equal hours would become the second.
        if (shares <= 0)
            return shares == 0 ? start.ToUniversalTime() : Before(start, -shares, unit);
        if (unit == TimeUnit.UrgentMinutes)
            return start.AddTicks(shares).ToUniversalTime();
        var from = Wall(start);
        if (unit == TimeUnit.NaturalDays)
            return Instant(from + shares);
        for (var day = from / TimeSpan.TicksPerDay; ; day++)
        {
            foreach (var (begin, finish, spanWeight) in SpansOf(day))
            {
                var weight = unit == TimeUnit.WorkingDays ? spanWeight : 1;
                var first = Math.Max(begin, from);
                var here = Math.Max(0, finish - first) * weight;
                if (here > 0 && shares <= here)
                    return Instant(first + RoundedUp(shares, weight));
                shares -= here;
            }
        }
    }

    /// <summary>The last instant from which so many shares of a unit pass until another.</summary>
    public DateTimeOffset Before(DateTimeOffset end, long shares, TimeUnit unit)
    {
        if (shares <= 0)
            return shares == 0 ? end.ToUniversalTime() : After(end, -shares, unit);
        if (unit == TimeUnit.UrgentMinutes)
            return end.AddTicks(-shares).ToUniversalTime();
        var to = Wall(end);
        if (unit == TimeUnit.NaturalDays)
            return Instant(to - shares);
        for (var day = to / TimeSpan.TicksPerDay; ; day--)
        {
            foreach (var (begin, finish, spanWeight) in SpansOf(day).AsEnumerable().Reverse())
            {
                var weight = unit == TimeUnit.WorkingDays ? spanWeight : 1;
                var last = Math.Min(finish, to);
                var here = Math.Max(0, last - begin) * weight;
                if (here > 0 && shares <= here)
                    return Instant(last - RoundedUp(shares, weight));
                shares -= here;
            }
        }
    }

    /// <summary>The instant that lies a limit after another; a negative amount lies before.</summary>
    public DateTimeOffset After(DateTimeOffset start, Limit limit) => After(start, SharesOf(limit), limit.Unit);

    /// <summary>The instant by which so many minutes have been worked since another.</summary>
    public DateTimeOffset After(DateTimeOffset start, int minutes) => After(start, new Limit(minutes, TimeUnit.WorkingMinutes));

    /// <summary>Whether an instant lies in working time.</summary>
    public bool IsWorking(DateTimeOffset at) => SpanAt(at).From <= at;

    /// <summary>The instant itself in working time, else the start of the next.</summary>
    public DateTimeOffset NextWorking(DateTimeOffset at) => SpanAt(at).From is var from && from > at ? from : at;

    /// <summary>The working time in which an instant lies, or the next.</summary>
    public (DateTimeOffset From, DateTimeOffset To) SpanAt(DateTimeOffset at)
    {
        // One day back, because at the edge of a clock change a wall time may lie an hour from where it seems.
        for (var day = (Wall(at) / TimeSpan.TicksPerDay) - 1; ; day++)
        {
            foreach (var (begin, finish, _) in SpansOf(day))
            {
                if (Instant(finish) is var to && to > at)
                    return (Instant(begin), to);
            }
        }
    }

    /// <summary>The day in the district on which an instant lies.</summary>
    public DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDayNumber((int)(Wall(at) / TimeSpan.TicksPerDay));

    /// <summary>
    /// Whether counting a unit between two instants relied on a year that is not announced yet. A year's notice may name days of the December before, so the end of one year rests on the next too.
    /// </summary>
    public bool IsProvisional(DateTimeOffset from, DateTimeOffset to, TimeUnit unit)
    {
        if (unit is TimeUnit.UrgentMinutes or TimeUnit.NaturalDays)
            return false;
        for (var year = DayOf(from).Year; year <= DayOf(to).AddDays(31).Year; year++)
        {
            if (!Days.IsAnnounced(year))
                return true;
        }

        return false;
    }

    /// <summary>Whether working time of some years has a part in counting a unit between two instants.</summary>
    /// <param name="years">Null: any year.</param>
    public bool RestsOn(IReadOnlySet<int>? years, DateTimeOffset from, DateTimeOffset to, TimeUnit unit) =>
        unit is TimeUnit.WorkingDays or TimeUnit.WorkingMinutes && (years is null || years.Any(year => DayOf(from).Year <= year && DayOf(to).Year >= year));

    /// <summary>The clock on the wall in the district, as ticks.</summary>
    public DateTime WallTime(DateTimeOffset at) => new(Wall(at), DateTimeKind.Unspecified);

    private (long Begin, long Finish, long Weight)[] SpansOf(long day) => _spans.GetOrAdd(day, static (key, time) => time.ReadSpans(key), this);

    private (long Begin, long Finish, long Weight)[] ReadSpans(long day)
    {
        var date = DateOnly.FromDayNumber((int)day);
        if (!Days.IsWorkingDay(date))
            return [];
        var (_, spans, weight) = _rules.First(rule => rule.Season?.Holds(date) ?? true);
        var midnight = day * TimeSpan.TicksPerDay;
        return [.. spans.Select(span => (midnight + span.From, midnight + span.To, weight))];
    }

    private long Wall(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, _zone).DateTime.Ticks;

    private DateTimeOffset Instant(long wall)
    {
        var local = new DateTime(wall, DateTimeKind.Unspecified);
        // A wall time that a clock change skips is taken one hour later.
        if (_zone.IsInvalidTime(local))
            local = local.AddHours(1);
        return new DateTimeOffset(local, _zone.GetUtcOffset(local)).ToUniversalTime();
    }

    // Days of unlike lengths can make a share of a day less than a microsecond; instants are stored in microseconds.
    private static long RoundedUp(long shares, long weight)
    {
        var ticks = (shares + weight - 1) / weight;
        return weight == 1 ? ticks : (ticks + TimeSpan.TicksPerMicrosecond - 1) / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond;
    }

    private static long GreatestDivisor(long a, long b) => b == 0 ? a : GreatestDivisor(b, a % b);
}
