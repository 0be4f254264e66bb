using System.Globalization;
using CommandCenter.Domain.Statistics;

namespace CommandCenter.Domain.Tests.Statistics;

public sealed class FigureTests
{
    [Fact]
    public void Every_figure_has_a_code_of_its_own_and_rests_on_counts_that_exist()
    {
        Figures.All.Select(figure => figure.Code).ShouldBeUnique();
        foreach (var figure in Figures.All)
        {
            string[] rests = [.. figure.Sum ?? [], .. figure.Over is var (above, below) ? [above, below] : Array.Empty<string>()];
            rests.ShouldAllBe(code => Figures.Get(code).Kind == FigureKind.Count, figure.Code);
            (figure.Facts is not null || figure.Open is not null || rests.Length > 0).ShouldBeTrue(figure.Code);
        }
    }

    [Fact]
    public void Everything_that_is_counted_is_in_a_figure() =>
        Enum.GetValues<FactKind>().Except(Figures.All.SelectMany(figure => figure.Facts ?? []).Select(filter => filter.Kind)).ShouldBeEmpty();

    [Fact]
    public void What_was_due_is_what_was_done_in_time_what_was_done_late_and_what_is_late_and_open()
    {
        var counted = Counted(("handled_on_time", 737), ("handled_late", 174), ("handling_late_open", 61));

        Tabulation.ValueOf(Figures.Get("handling_due"), counted).ShouldBe(new FigureValue(972));
        Tabulation.ValueOf(Figures.Get("on_time_handling_rate"), counted).ShouldBe(new FigureValue(0.7582m, 972));
    }

    /// <summary>The example worked out by a city: 972 due, 911 closed, 737 of them on time give 93.72 % and 75.82 %.</summary>
    [Fact]
    public void Both_closing_rates_are_over_what_was_due_to_close()
    {
        var counted = Counted(("closed", 911), ("closed_on_time", 737), ("closed_late", 174), ("closing_late_open", 61));

        Tabulation.ValueOf(Figures.Get("closing_rate"), counted).ShouldBe(new FigureValue(0.9372m, 972));
        Tabulation.ValueOf(Figures.Get("on_time_closing_rate"), counted).ShouldBe(new FigureValue(0.7582m, 972));
    }

    [Fact]
    public void A_share_of_nothing_is_no_share()
    {
        Tabulation.ValueOf(Figures.Get("satisfaction_rate"), Tabulated.Nothing).ShouldBe(new FigureValue(null, 0));
        Tabulation.ValueOf(Figures.Get("handling_mean"), Tabulated.Nothing).ShouldBe(new FigureValue(null, 0));
    }

    [Fact]
    public void A_time_says_how_often_it_was_measured()
    {
        var counted = Tabulated.Nothing with { Times = new Dictionary<FactKind, Taken> { [FactKind.Handled] = new(3, 7200.4m, 9000.5m) } };

        Tabulation.ValueOf(Figures.Get("handling_mean"), counted).ShouldBe(new FigureValue(7200, 3));
        Tabulation.ValueOf(Figures.Get("handling_p90"), counted).ShouldBe(new FigureValue(9001, 3));
    }

    [Theory]
    [InlineData("2026-11-01", "2026-11-30", "2026-10-01", "2026-10-31", "2025-11-01", "2025-11-30")]
    [InlineData("2026-01-01", "2026-03-31", "2025-10-01", "2025-12-31", "2025-01-01", "2025-03-31")]
    [InlineData("2026-11-23", "2026-11-29", "2026-11-16", "2026-11-22", "2025-11-23", "2025-11-29")]
    [InlineData("2026-11-30", "2026-11-30", "2026-11-29", "2026-11-29", "2025-11-30", "2025-11-30")]
    [InlineData("2024-02-01", "2024-02-29", "2024-01-01", "2024-01-31", "2023-02-01", "2023-02-28")]
    [InlineData("2024-02-29", "2024-02-29", "2024-02-28", "2024-02-28", "2023-02-28", "2023-02-28")]
    public void The_period_before_is_as_long_and_the_year_before_has_the_same_days(string from, string to, string beforeFrom, string beforeTo, string yearFrom, string yearTo)
    {
        var period = Of(from, to);
        (period.Before(), period.YearBefore()).ShouldBe((Of(beforeFrom, beforeTo), Of(yearFrom, yearTo)));
    }

    private static Period Of(string from, string to) => new(DateOnly.Parse(from, CultureInfo.InvariantCulture), DateOnly.Parse(to, CultureInfo.InvariantCulture));

    private static Tabulated Counted(params (string Code, long Count)[] counts) => Tabulated.Nothing with { Counts = counts.ToDictionary(count => count.Code, count => count.Count) };
}
