using System.Text;
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
        var (year, errors) = Parse<CalendarYear>(json);
        return year is null ? (null, errors) : Result(year, [.. Check(year, JsonLines.OfElements(json, "holidays"))]);
    }

    /// <returns>The hours, or what is wrong with them.</returns>
    public static (HoursPlan? Hours, IReadOnlyList<string> Errors) ReadHours(string json)
    {
        var (hours, errors) = Parse<HoursPlan>(json);
        return hours is null ? (null, errors) : Result(hours, [.. Check(hours, JsonLines.OfElements(json, "rules"))]);
    }

    private static (T? Value, IReadOnlyList<string> Errors) Parse<T>(string json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, DomainJson.Options) is { } value ? (value, []) : (null, ["The file is empty."]);
        }
        catch (JsonException e)
        {
            return (null, [$"line {(e.LineNumber ?? 0) + 1}: {e.Message}"]);
        }
    }

    private static (T? Value, IReadOnlyList<string> Errors) Result<T>(T value, IReadOnlyList<string> errors)
        where T : class => errors.Count == 0 ? (value, []) : (null, errors);

    private static IEnumerable<string> Check(CalendarYear year, IReadOnlyList<int> lines)
    {
        if (year.Year is < 2000 or > 2200)
            yield return "A year is one from 2000 to 2200.";
        if (year.Source.Title.Length == 0)
            yield return "The source has a title.";
        if (year.Announced && year.Source.On is null)
            yield return "An announced year names the date of its notice.";

        var seen = new HashSet<DateOnly>();
        foreach (var (holiday, line) in year.Holidays.Zip<HolidayPeriod?, int>(lines))
        {
            if (holiday is null)
            {
                yield return $"line {line}: a holiday is missing.";
                continue;
            }

            if (holiday.Zh.Length == 0 || holiday.En.Length == 0)
                yield return $"line {line}: a holiday has a name in both languages.";
            if (holiday.To < holiday.From || holiday.To.DayNumber - holiday.From.DayNumber > 20)
            {
                yield return $"line {line}: {holiday.En} ends on or after its first day, and within 20 days.";
                continue;
            }

            // A holiday at the turn of the year reaches into December.
            var first = new DateOnly(Math.Clamp(year.Year, 2000, 2200) - 1, 12, 1);
            var last = new DateOnly(Math.Clamp(year.Year, 2000, 2200), 12, 31);
            foreach (var day in Days(holiday).Concat(holiday.Workdays))
            {
                if (day < first || day > last)
                    yield return $"line {line}: {day:yyyy-MM-dd} is no day of {year.Year}.";
                if (!seen.Add(day))
                    yield return $"line {line}: {day:yyyy-MM-dd} stands twice.";
            }

            foreach (var day in holiday.Workdays.Where(day => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)))
                yield return $"line {line}: {day:yyyy-MM-dd} is no Saturday or Sunday, so it needs not be made up.";
        }
    }

    private static IEnumerable<DateOnly> Days(HolidayPeriod holiday) =>
        Enumerable.Range(0, holiday.To.DayNumber - holiday.From.DayNumber + 1).Select(holiday.From.AddDays);

    private static IEnumerable<string> Check(HoursPlan plan, IReadOnlyList<int> lines)
    {
        var sound = true;
        foreach (var (rule, line) in plan.Rules.Zip<TownHours?, int>(lines))
        {
            foreach (var error in rule is null ? ["a rule is missing."] : Check(rule))
            {
                sound = false;
                yield return $"line {line}: {error}";
            }
        }

        if (!plan.Rules.Any(rule => rule is { Town: null, Season: null }))
            yield return "The hours have no rule for towns without rules of their own in every season.";
        if (!sound)
            yield break;

        foreach (var town in plan.Rules.GroupBy(rule => rule.Town))
        {
            var name = town.Key?.Value ?? "the general hours";
            if (town.Count(rule => rule.Season is null) is var always and not 1 && town.Key is not null)
                yield return $"{name}: a town has one rule without a season, not {always}.";
            if (town.Key is null && town.Count(rule => rule.Season is null) > 1)
                yield return $"{name}: only one rule is without a season.";
            // A leap year, because 29 February lies in a season too.
            for (var day = new DateOnly(2024, 1, 1); day.Year == 2024; day = day.AddDays(1))
            {
                if (town.Count(rule => rule.Season?.Holds(day) == true) > 1)
                {
                    yield return $"{name}: {day:MM-dd} lies in two seasons.";
                    break;
                }
            }

            if (WorkingTime.CommonDay(town) > LongestCommonDay)
                yield return $"{name}: the working days of the seasons are of lengths that cannot be compared in whole numbers; give spans in steps of five minutes.";
        }
    }

    private static IEnumerable<string> Check(TownHours rule)
    {
        if (rule.Town is { Level: not AreaLevel.Town })
            yield return "hours are those of a town.";
        if (rule.Season is { } season && (Season.OrderOf(season.From) is null || Season.OrderOf(season.To) is null))
            yield return "a season begins and ends on a day of every year, such as 06-01.";
        var spans = rule.Spans.Select(span => span is null ? null : TownHours.Parse(span)).ToList();
        if (spans.Count == 0)
            yield return "a working day has working time.";
        else if (spans.Any(span => span is null))
            yield return "a span is text such as 09:00-12:00, its end after its start and 24:00 at the latest.";
        else if (spans.Zip(spans.Skip(1)).Any(pair => pair.First!.Value.To > pair.Second!.Value.From))
            yield return "the spans of a day follow each other.";
    }
}

/// <summary>Where things stand in a text of JSON, for messages.</summary>
internal static class JsonLines
{
    /// <summary>The line on which each element of a list at the top begins, in order.</summary>
    public static IReadOnlyList<int> OfElements(string json, string list)
    {
        var text = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(text);
        var lines = new List<int>();
        var inside = false;
        while (reader.Read())
        {
            if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName)
                inside = reader.ValueTextEquals(list);
            else if (inside && reader.CurrentDepth == 2 && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.Null)
                lines.Add(1 + text.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n'));
        }

        return lines;
    }

    /// <summary>The line on which a member at the top begins; 1 where it is missing.</summary>
    public static int OfMember(string json, string member)
    {
        var text = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(text);
        while (reader.Read())
        {
            if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(member))
                return 1 + text.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n');
        }

        return 1;
    }
}
