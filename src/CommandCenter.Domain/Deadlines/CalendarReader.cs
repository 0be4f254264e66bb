using System.Text.Json;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Deadlines;

/// <summary>The hours of a district's towns.</summary>
public sealed record HoursPlan(IReadOnlyList<TownHours> Rules);

/// <summary>Reads the working calendar from JSON: one file a year, one for the hours.</summary>
public static class CalendarReader
{
    /// <summary>Above this, the shares of working days of unlike lengths could not be counted in whole numbers.</summary>
    private const int LongestCommonDay = 1_000_000;

    /// <returns>The year, or what is wrong with it, one sentence each, with the line where there is one.</returns>
    public static (CalendarYear? Year, IReadOnlyList<string> Errors) ReadYear(string json)
    {
        var (year, errors) = ReadYearInWords(json);
        return (year, [.. errors.Select(error => error.ToString())]);
    }

    /// <summary>As <see cref="ReadYear"/>, with the errors in both languages.</summary>
    public static (CalendarYear? Year, IReadOnlyList<ReadingError> Errors) ReadYearInWords(string json)
    {
        var (year, errors) = Parse<CalendarYear>(json);
        return year is null ? (null, errors) : Result(year, Placed(json, Check(year)));
    }

    /// <returns>The hours, or what is wrong with them.</returns>
    public static (HoursPlan? Hours, IReadOnlyList<string> Errors) ReadHours(string json)
    {
        var (hours, errors) = ReadHoursInWords(json);
        return (hours, [.. errors.Select(error => error.ToString())]);
    }

    /// <summary>As <see cref="ReadHours"/>, with the errors in both languages.</summary>
    public static (HoursPlan? Hours, IReadOnlyList<ReadingError> Errors) ReadHoursInWords(string json)
    {
        var (hours, errors) = Parse<HoursPlan>(json);
        return hours is null ? (null, errors) : Result(hours, Placed(json, Check(hours)));
    }

    private static (T? Value, IReadOnlyList<ReadingError> Errors) Parse<T>(string json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, DomainJson.Options) is { } value ? (value, []) : (null, [new ReadingError(1, new Message("文件是空的。", "the file is empty."))]);
        }
        catch (JsonException e)
        {
            return (null, [JsonMistakes.Of(e, json)]);
        }
    }

    private static IReadOnlyList<ReadingError> Placed(string json, IEnumerable<(string At, Message Words)> errors)
    {
        var index = new JsonIndex(json);
        return [.. errors.Select(error => new ReadingError(index.LineOf(error.At), error.Words))];
    }

    private static (T? Value, IReadOnlyList<ReadingError> Errors) Result<T>(T value, IReadOnlyList<ReadingError> errors)
        where T : class => errors.Count == 0 ? (value, []) : (null, errors);

    private static IEnumerable<(string At, Message Words)> Check(CalendarYear year)
    {
        if (year.Year is < 2000 or > 2200)
            yield return ("/year", new("年份为 2000 至 2200。", "A year is one from 2000 to 2200."));
        if (year.Source.Title.Length == 0)
            yield return ("/source/title", new("来源须有标题。", "The source has a title."));
        if (year.Announced && year.Source.On is null)
            yield return ("/source", new("已公布的年度须写明通知日期。", "An announced year names the date of its notice."));

        var seen = new HashSet<DateOnly>();
        foreach (var (holiday, index) in year.Holidays.Select((HolidayPeriod? holiday, int index) => (holiday, index)))
        {
            var at = $"/holidays/{index}";
            if (holiday is null)
            {
                yield return (at, new("缺少一个假期。", "a holiday is missing."));
                continue;
            }

            if (holiday.Zh.Length == 0 || holiday.En.Length == 0)
                yield return (at, new("假期须有中英文名称。", "a holiday has a name in both languages."));
            if (holiday.To < holiday.From || holiday.To.DayNumber - holiday.From.DayNumber > 20)
            {
                yield return (at, new($"{holiday.Zh}的结束不早于开始，且在 20 天之内。", $"{holiday.En} ends on or after its first day, and within 20 days."));
                continue;
            }

            // A holiday at the turn of the year reaches into December.
            var first = new DateOnly(Math.Clamp(year.Year, 2000, 2200) - 1, 12, 1);
            var last = new DateOnly(Math.Clamp(year.Year, 2000, 2200), 12, 31);
            foreach (var (day, place) in Days(holiday).Select(day => (day, at)).Concat(holiday.Workdays.Select((day, number) => (day, $"{at}/workdays/{number}"))))
            {
                if (day < first || day > last)
                    yield return (place, new($"{day:yyyy-MM-dd} 不属于 {year.Year} 年。", $"{day:yyyy-MM-dd} is no day of {year.Year}."));
                if (!seen.Add(day))
                    yield return (place, new($"{day:yyyy-MM-dd} 重复出现。", $"{day:yyyy-MM-dd} stands twice."));
            }

            foreach (var (day, number) in holiday.Workdays.Select((day, number) => (day, number)).Where(one => one.day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)))
                yield return ($"{at}/workdays/{number}", new($"{day:yyyy-MM-dd} 不是周六或周日，不需要调休上班。", $"{day:yyyy-MM-dd} is no Saturday or Sunday, so it needs not be made up."));
        }
    }

    private static IEnumerable<DateOnly> Days(HolidayPeriod holiday) =>
        Enumerable.Range(0, holiday.To.DayNumber - holiday.From.DayNumber + 1).Select(holiday.From.AddDays);

    private static IEnumerable<(string At, Message Words)> Check(HoursPlan plan)
    {
        var sound = true;
        foreach (var (rule, index) in plan.Rules.Select((TownHours? rule, int index) => (rule, index)))
        {
            foreach (var (at, error) in rule is null ? [("", new Message("缺少一条规则。", "a rule is missing."))] : Check(rule))
            {
                sound = false;
                yield return ($"/rules/{index}{at}", error);
            }
        }

        if (!plan.Rules.Any(rule => rule is { Town: null, Season: null }))
            yield return ("/rules", new("缺少适用于其他镇街的全年工作时间。", "The hours have no rule for towns without rules of their own in every season."));
        if (!sound)
            yield break;

        foreach (var town in plan.Rules.GroupBy(rule => rule.Town))
        {
            var name = town.Key is { } code ? new Message(code.Value, code.Value) : new Message("通用工作时间", "the general hours");
            var at = $"/rules/{plan.Rules.ToList().IndexOf(town.Last())}";
            if (town.Count(rule => rule.Season is null) is var always and not 1 && town.Key is not null)
                yield return (at, PolicyWords.Of(name, new($"镇街应有一条全年规则，现有 {always} 条。", $"a town has one rule without a season, not {always}.")));
            if (town.Key is null && town.Count(rule => rule.Season is null) > 1)
                yield return (at, PolicyWords.Of(name, new("只能有一条全年规则。", "only one rule is without a season.")));
            // A leap year, because 29 February lies in a season too.
            for (var day = new DateOnly(2024, 1, 1); day.Year == 2024; day = day.AddDays(1))
            {
                if (town.Count(rule => rule.Season?.Holds(day) == true) > 1)
                {
                    yield return (at, PolicyWords.Of(name, new($"{day:MM-dd} 属于两个季节。", $"{day:MM-dd} lies in two seasons.")));
                    break;
                }
            }

            if (WorkingTime.CommonDay(town) > LongestCommonDay)
                yield return (at, PolicyWords.Of(name, new("各季节工作日长度无法折算，时段请按五分钟取整。", "the working days of the seasons are of lengths that cannot be compared in whole numbers; give spans in steps of five minutes.")));
        }
    }

    private static IEnumerable<(string At, Message Words)> Check(TownHours rule)
    {
        if (rule.Town is { Level: not AreaLevel.Town })
            yield return ("/town", new("工作时间按镇街设定。", "hours are those of a town."));
        if (rule.Season is { } season && (Season.OrderOf(season.From) is null || Season.OrderOf(season.To) is null))
            yield return ("/season", new("季节的起止为每年都有的日期，如 06-01。", "a season begins and ends on a day of every year, such as 06-01."));
        var spans = rule.Spans.Select(span => span is null ? null : TownHours.Parse(span)).ToList();
        if (spans.Count == 0)
            yield return ("/spans", new("工作日须有工作时段。", "a working day has working time."));
        else if (spans.Any(span => span is null))
            yield return ($"/spans/{spans.IndexOf(null)}", new("时段写作 09:00-12:00，结束晚于开始，最晚 24:00。", "a span is text such as 09:00-12:00, its end after its start and 24:00 at the latest."));
        else if (spans.Zip(spans.Skip(1)).Any(pair => pair.First!.Value.To > pair.Second!.Value.From))
            yield return ("/spans", new("一天的时段应先后相接，不得重叠。", "the spans of a day follow each other."));
    }
}
