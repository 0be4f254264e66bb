using System.Collections.Concurrent;
using CommandCenter.Domain.Deadlines;

namespace CommandCenter.Host.Simulation;

/// <summary>When things happen: by hour, day of the week, season, rain and holidays. Pure; the same seed gives the same weather.</summary>
/// <param name="calendar">Whose holidays are quiet and whose made-up days are worked.</param>
public sealed class SimulationRhythm(DayCalendar calendar, TimeZoneInfo zone, long seed)
{
    private static readonly double[] Hours = [0.10, 0.06, 0.05, 0.04, 0.05, 0.15, 0.5, 1.2, 2.4, 2.8, 2.6, 2.0, 1.1, 1.3, 2.0, 2.4, 2.3, 1.9, 1.2, 0.9, 0.8, 0.6, 0.4, 0.2];
    private static readonly double[] Months = [0.90, 0.80, 0.95, 1.00, 1.05, 1.15, 1.20, 1.20, 1.05, 0.95, 0.90, 0.95];
    private static readonly double[] RainyDays = [0.15, 0.15, 0.20, 0.30, 0.35, 0.40, 0.35, 0.30, 0.30, 0.35, 0.25, 0.15];

    private readonly ConcurrentDictionary<int, double> _meanOfYear = new();

    public TimeZoneInfo Zone => zone;

    public bool Rains(DateOnly day) => Chance.Of(seed, "rain", day.DayNumber).Is(RainyDays[day.Month - 1]);

    public bool IsWorkingDay(DateOnly day) => calendar.IsWorkingDay(day);

    /// <summary>How much happens on a day, beside others of its year.</summary>
    public double WeightOf(DateOnly day) => Months[day.Month - 1] * (Rains(day) ? 1.25 : 1.0) * (calendar.KindOf(day) switch
    {
        DayKind.Holiday => 0.40,
        DayKind.MadeUp => 1.00,
        _ => day.DayOfWeek switch
        {
            DayOfWeek.Monday => 1.30,
            DayOfWeek.Tuesday => 1.15,
            DayOfWeek.Thursday => 1.05,
            DayOfWeek.Saturday => 0.65,
            DayOfWeek.Sunday => 0.55,
            _ => 1.10,
        },
    });

    /// <summary>How often a thing happens on a day that happens so often a year.</summary>
    public int CountOn(DateOnly day, double perYear, Chance chance)
    {
        var mean = _meanOfYear.GetOrAdd(day.Year, year => Enumerable.Range(0, 365).Average(i => WeightOf(new DateOnly(year, 1, 1).AddDays(i))));
        var expected = perYear / 365 * WeightOf(day) / mean * chance.Between(0.9, 1.1);
        var whole = (int)expected;
        return whole + (chance.Is(expected - whole) ? 1 : 0);
    }

    /// <summary>An instant of a day, by the rhythm of its hours.</summary>
    public DateTimeOffset InstantOn(DateOnly day, Chance chance) => At(day, chance.Weighted(Hours) + chance.Fraction());

    /// <param name="hours">Since local midnight.</param>
    public DateTimeOffset At(DateOnly day, double hours)
    {
        var local = day.ToDateTime(TimeOnly.MinValue).AddSeconds(Math.Floor(hours * 3600));
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }

    public DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

    /// <summary>The first day from a day on that is worked.</summary>
    public DateOnly WorkedFrom(DateOnly day)
    {
        while (!IsWorkingDay(day))
            day = day.AddDays(1);
        return day;
    }

    /// <summary>The instant itself when people are at work then, else the next morning on which they are.</summary>
    public DateTimeOffset AtWork(DateTimeOffset at, Chance chance)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        var day = DateOnly.FromDateTime(local.DateTime);
        if (IsWorkingDay(day) && local.TimeOfDay.TotalHours is >= 8.5 and < 18)
            return at;
        return At(WorkedFrom(local.TimeOfDay.TotalHours < 8.5 ? day : day.AddDays(1)), chance.Between(8.5, 10.5));
    }
}
