using System.Collections.Frozen;

namespace CommandCenter.Domain.Deadlines;

/// <summary>What a day is for work.</summary>
public enum DayKind
{
    /// <summary>工作日: Monday to Friday.</summary>
    WorkingDay,

    /// <summary>周末</summary>
    Weekend,

    /// <summary>节假日: off by the year's notice, whatever the weekday.</summary>
    Holiday,

    /// <summary>调休上班: a Saturday or Sunday that is worked by the year's notice.</summary>
    MadeUp,
}

/// <summary>One holiday of a year's notice with the weekend days that are worked for it.</summary>
/// <param name="From">The first day off.</param>
/// <param name="To">The last day off.</param>
/// <param name="Workdays">Days that are worked instead, each a Saturday or Sunday.</param>
public sealed record HolidayPeriod(string Zh, string En, DateOnly From, DateOnly To, IReadOnlyList<DateOnly> Workdays);

/// <summary>Where the holidays of a year stand.</summary>
/// <param name="On">The date of the paper.</param>
public sealed record CalendarSource(string Title, DateOnly? On = null, string? Url = null);

/// <summary>The holidays of one year.</summary>
/// <param name="Announced">False while the State Council's notice is missing: what stands here is derived, and every working-time deadline that touches the year is provisional.</param>
public sealed record CalendarYear(int Year, bool Announced, CalendarSource Source, IReadOnlyList<HolidayPeriod> Holidays);

/// <summary>Which days are worked. A year without data has its weekends only, and is provisional.</summary>
public sealed class DayCalendar
{
    private readonly FrozenDictionary<DateOnly, (DayKind Kind, HolidayPeriod Holiday)> _exceptions;
    private readonly FrozenSet<int> _announced;

    /// <param name="years">Checked by <see cref="CalendarReader"/>.</param>
    public DayCalendar(IReadOnlyList<CalendarYear> years)
    {
        Years = years;
        var exceptions = new Dictionary<DateOnly, (DayKind Kind, HolidayPeriod Holiday)>();
        foreach (var holiday in years.SelectMany(year => year.Holidays))
        {
            for (var day = holiday.From; day <= holiday.To; day = day.AddDays(1))
                exceptions[day] = (DayKind.Holiday, holiday);
            foreach (var day in holiday.Workdays)
                exceptions[day] = (DayKind.MadeUp, holiday);
        }

        _exceptions = exceptions.ToFrozenDictionary();
        _announced = years.Where(year => year.Announced).Select(year => year.Year).ToFrozenSet();
    }

    public IReadOnlyList<CalendarYear> Years { get; }

    public DayKind KindOf(DateOnly day) => _exceptions.TryGetValue(day, out var exception) ? exception.Kind
        : day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? DayKind.Weekend
        : DayKind.WorkingDay;

    public bool IsWorkingDay(DateOnly day) => KindOf(day) is DayKind.WorkingDay or DayKind.MadeUp;

    /// <summary>The holiday for which a day is off, or worked.</summary>
    public HolidayPeriod? HolidayOf(DateOnly day) => _exceptions.TryGetValue(day, out var exception) ? exception.Holiday : null;

    /// <summary>Whether the State Council has announced the year.</summary>
    public bool IsAnnounced(int year) => _announced.Contains(year);
}
