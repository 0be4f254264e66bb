using CommandCenter.Domain.Deadlines;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

public class CalendarTests
{
    private static readonly string[] Golden = RepositoryFiles.Read("tests", "CommandCenter.Domain.Tests", "golden", "chinese-days.golden.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static DayCalendar Days => Calendar.Days;

    /// <summary>What the npm package chinese-days says of every day it knows; <c>chinese-days/export.mjs</c> writes the file.</summary>
    private static IReadOnlyList<(DateOnly Day, bool Works)> Npm { get; } =
    [
        .. Golden.Skip(1).Select(line => line.Split(' '))
            .SelectMany(month => month[1].Select((bit, index) => (DateOnly.ParseExact($"{month[0]}-{index + 1:00}", "yyyy-MM-dd", null), bit == '1'))),
    ];

    [Fact]
    public void Agrees_with_the_npm_package_chinese_days_on_every_day_that_it_knows()
    {
        Npm.Where(day => day.Works != Days.IsWorkingDay(day.Day)).ShouldBeEmpty();

        Npm.Select(day => day.Day).Where(day => day.Year <= 2026).Count().ShouldBe(365 + 366 + 365 + 365, "every day of 2023 to 2026 was compared");
    }

    [Fact]
    public void A_year_is_announced_here_as_soon_as_the_npm_package_knows_it_and_not_before()
    {
        var known = int.Parse(Golden[0].Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);

        foreach (var year in Days.Years)
            year.Announced.ShouldBe(year.Year <= known, $"{year.Year}");
        Days.Years.Select(year => year.Year).ShouldBe([2023, 2024, 2025, 2026, 2027]);
    }

    [Fact]
    public void Every_year_names_the_paper_it_comes_from() => Days.Years.ShouldAllBe(year => year.Source.Title.Contains("国务院办公厅", StringComparison.Ordinal) && year.Source.On != null);

    [Theory]
    [InlineData("2026-10-01", DayKind.Holiday)]
    [InlineData("2026-10-03", DayKind.Holiday)]
    [InlineData("2026-10-10", DayKind.MadeUp)]
    [InlineData("2026-10-11", DayKind.Weekend)]
    [InlineData("2026-10-12", DayKind.WorkingDay)]
    [InlineData("2030-10-01", DayKind.WorkingDay)]
    [InlineData("2030-10-05", DayKind.Weekend)]
    public void A_day_is_of_one_kind(string day, DayKind kind) => Days.KindOf(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(kind);

    [Fact]
    public void The_days_off_of_2027_follow_the_principles_of_2024_around_its_lunar_dates()
    {
        var lunar = new System.Globalization.ChineseLunisolarCalendar();
        var eve = DateOnly.FromDateTime(lunar.ToDateTime(2027, 1, 1, 0, 0, 0, 0)).AddDays(-1);
        var dragon = DateOnly.FromDateTime(lunar.ToDateTime(2027, 5, 5, 0, 0, 0, 0));
        var autumn = DateOnly.FromDateTime(lunar.ToDateTime(2027, 8, 15, 0, 0, 0, 0));
        HolidayPeriod Named(string en) => Days.Years[^1].Holidays.Single(holiday => holiday.En == en);

        (Named("Spring Festival").From, Named("Spring Festival").To).ShouldBe((eve, eve.AddDays(7)));
        (Named("Dragon Boat Festival").From, dragon.DayOfWeek).ShouldBe((dragon, DayOfWeek.Wednesday));
        (Named("Mid-Autumn Festival").To, autumn.DayOfWeek).ShouldBe((autumn, DayOfWeek.Wednesday));
        Days.Years[^1].Holidays.ShouldAllBe(holiday => holiday.Workdays.Count == 0);
    }

    [Theory]
    [InlineData("""{"year":1999,"announced":false,"source":{"title":"x"},"holidays":[]}""", "line 1: A year is one from 2000 to 2200.")]
    [InlineData("""{"year":2028,"announced":false,"source":{"title":""},"holidays":[]}""", "line 1: The source has a title.")]
    [InlineData("""{"year":2028,"announced":true,"source":{"title":"x"},"holidays":[]}""", "line 1: An announced year names the date of its notice.")]
    [InlineData("""{"year":2028,"announced":false,"source":{"title":"x"},"holidays":[null]}""", "line 1: a holiday is missing.")]
    [InlineData("{\"year\":2028,\"announced\":false,\"source\":{\"title\":\"x\"},\"holidays\":[\n{\"zh\":\"\",\"en\":\"x\",\"from\":\"2028-01-01\",\"to\":\"2028-01-01\",\"workdays\":[]}]}", "line 2: a holiday has a name in both languages.")]
    [InlineData("{\"year\":2028,\"announced\":false,\"source\":{\"title\":\"x\"},\"holidays\":[\n{\"zh\":\"x\",\"en\":\"x\",\"from\":\"2028-01-03\",\"to\":\"2028-01-01\",\"workdays\":[]}]}", "line 2: x ends on or after its first day, and within 20 days.")]
    [InlineData("{\"year\":2028,\"announced\":false,\"source\":{\"title\":\"x\"},\"holidays\":[\n{\"zh\":\"x\",\"en\":\"x\",\"from\":\"2029-01-01\",\"to\":\"2029-01-01\",\"workdays\":[]}]}", "line 2: 2029-01-01 is no day of 2028.")]
    [InlineData("{\"year\":2028,\"announced\":false,\"source\":{\"title\":\"x\"},\"holidays\":[\n{\"zh\":\"x\",\"en\":\"x\",\"from\":\"2028-01-01\",\"to\":\"2028-01-01\",\"workdays\":[\"2028-01-01\"]}]}", "line 2: 2028-01-01 stands twice.")]
    [InlineData("{\"year\":2028,\"announced\":false,\"source\":{\"title\":\"x\"},\"holidays\":[\n{\"zh\":\"x\",\"en\":\"x\",\"from\":\"2028-01-01\",\"to\":\"2028-01-01\",\"workdays\":[\"2028-01-03\"]}]}", "line 2: 2028-01-03 is no Saturday or Sunday, so it needs not be made up.")]
    [InlineData("{\"year\":2028,\n\"announced\":1}", "line 2: ")]
    public void A_broken_year_is_refused_with_its_line(string json, string error)
    {
        var (year, errors) = CalendarReader.ReadYear(json);

        year.ShouldBeNull();
        errors.ShouldHaveSingleItem().ShouldStartWith(error);
    }

    [Theory]
    [InlineData("""{"rules":[]}""", "line 1: The hours have no rule for towns without rules of their own in every season.")]
    [InlineData("{\"rules\":[{\"spans\":[\"09:00-12:00\"]},\n{\"spans\":[\"09:00-25:00\"],\"town\":\"500999101\"}]}", "line 2: a span is text such as 09:00-12:00, its end after its start and 24:00 at the latest.")]
    [InlineData("{\"rules\":[{\"spans\":[\"09:00-12:00\"]},\n{\"spans\":[],\"town\":\"500999101\"}]}", "line 2: a working day has working time.")]
    [InlineData("{\"rules\":[{\"spans\":[\"09:00-12:00\"]},\n{\"spans\":[\"09:00-12:00\",\"11:00-14:00\"],\"town\":\"500999101\"}]}", "line 2: the spans of a day follow each other.")]
    [InlineData("{\"rules\":[{\"spans\":[\"09:00-12:00\"]},\n{\"spans\":[\"09:00-12:00\"],\"town\":\"500999101001\"}]}", "line 2: hours are those of a town.")]
    [InlineData("{\"rules\":[{\"spans\":[\"09:00-12:00\"]},\n{\"spans\":[\"09:00-12:00\"],\"season\":{\"from\":\"02-29\",\"to\":\"06-31\"}}]}", "line 2: a season begins and ends on a day of every year, such as 06-01.")]
    [InlineData("""{"rules":[{"spans":["09:00-12:00"]},{"spans":["09:00-13:00"]}]}""", "line 1: the general hours: only one rule is without a season.")]
    [InlineData("""{"rules":[{"spans":["09:00-12:00"]},{"spans":["09:00-12:00"],"town":"500999101","season":{"from":"06-01","to":"09-30"}}]}""", "line 1: 500999101: a town has one rule without a season, not 0.")]
    [InlineData("""{"rules":[{"spans":["09:00-12:00"]},{"spans":["09:00-12:00"],"season":{"from":"06-01","to":"09-30"}},{"spans":["09:00-12:00"],"season":{"from":"09-30","to":"02-01"}}]}""", "line 1: the general hours: 09-30 lies in two seasons.")]
    [InlineData("""{"rules":[{"spans":["09:00-12:01"]},{"spans":["09:00-12:31"],"season":{"from":"06-01","to":"06-30"}},{"spans":["09:00-13:13"],"season":{"from":"07-01","to":"07-30"}}]}""", "line 1: the general hours: the working days of the seasons are of lengths that cannot be compared in whole numbers; give spans in steps of five minutes.")]
    public void Broken_hours_are_refused_with_their_line(string json, string error)
    {
        var (hours, errors) = CalendarReader.ReadHours(json);

        hours.ShouldBeNull();
        errors.ShouldHaveSingleItem().ShouldBe(error);
    }
}
