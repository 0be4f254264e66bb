namespace CommandCenter.Domain.Statistics;

/// <summary>Local days, both included.</summary>
public sealed record Period(DateOnly From, DateOnly To)
{
    /// <summary>
    /// The period before (环比): of a whole month, quarter or year in months the same number of months, of anything else the same number of days.
    /// </summary>
    public Period Before()
    {
        var end = To.AddDays(1);
        if (From.Day != 1 || end.Day != 1)
            return new Period(From.AddDays(From.DayNumber - end.DayNumber), From.AddDays(-1));
        var months = ((end.Year - From.Year) * 12) + end.Month - From.Month;
        return new Period(From.AddMonths(-months), From.AddDays(-1));
    }

    /// <summary>The same days a year before (同比); 29 February is the 28th there, and a month's end stays one.</summary>
    public Period YearBefore() => new(From.AddYears(-1), To.AddDays(1).AddYears(-1).AddDays(-1));
}
