using CommandCenter.Domain.Deadlines;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

public class LimitTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void A_natural_day_ends_at_the_same_wall_time_in_the_districts_zone() =>
        Calendar.At(Town.Code, Town.Shanghai).After(Local("2026-03-02T23:59"), new Limit(1, TimeUnit.NaturalDays)).ShouldBe(Local("2026-03-03T23:59"));

    [Fact]
    public void A_natural_day_over_the_end_of_february_is_the_calendars() =>
        Calendar.At(Town.Code, Town.Shanghai).After(Local("2028-02-28T08:00"), new Limit(1, TimeUnit.NaturalDays)).ShouldBe(Local("2028-02-29T08:00"));

    [Fact]
    public void Urgent_minutes_count_round_the_clock() =>
        Calendar.At(Town.Code, Town.Shanghai).After(Local("2026-10-01T18:00"), new Limit(1440, TimeUnit.UrgentMinutes)).ShouldBe(Local("2026-10-02T18:00"));

    [Theory]
    [InlineData("2026-03-28T09:00", "2026-03-29T09:00", 23)]
    [InlineData("2026-10-24T09:00", "2026-10-25T09:00", 25)]
    public void A_clock_change_does_not_move_the_wall_time_of_a_natural_day(string start, string end, int hours)
    {
        var due = Calendar.At(Town.Code, Berlin).After(Local(start, Berlin), new Limit(1, TimeUnit.NaturalDays));

        due.ShouldBe(Local(end, Berlin));
        (due - Local(start, Berlin)).ShouldBe(hours.Hours());
    }

    [Fact]
    public void A_wall_time_that_a_clock_change_skips_is_taken_an_hour_later() =>
        Calendar.At(Town.Code, Berlin).After(Local("2026-03-28T02:30", Berlin), new Limit(1, TimeUnit.NaturalDays)).ShouldBe(Instant("2026-03-29T01:30:00Z"));

    [Fact]
    public void A_wall_time_that_comes_twice_is_the_later_so_that_nobody_loses_an_hour() =>
        Calendar.At(Town.Code, Berlin).After(Local("2026-10-24T02:30", Berlin), new Limit(1, TimeUnit.NaturalDays)).ShouldBe(Instant("2026-10-25T01:30:00Z"));

    [Fact]
    public void No_days_after_an_instant_is_that_instant_even_in_the_hour_that_comes_twice()
    {
        var first = Instant("2026-10-25T00:30:00Z");

        Calendar.At(Town.Code, Berlin).After(first, new Limit(0, TimeUnit.NaturalDays)).ShouldBe(first);
    }

    [Fact]
    public void A_negative_span_lies_before() =>
        Calendar.At(Town.Code, Town.Shanghai).After(Local("2026-03-03T10:00"), new Limit(-5, TimeUnit.NaturalDays)).ShouldBe(Local("2026-02-26T10:00"));

    [Fact]
    public void An_instant_given_with_another_offset_counts_the_same_and_is_told_in_utc()
    {
        var due = Calendar.At(Town.Code, Town.Shanghai).After(Local("2026-03-02T23:59").ToOffset(TimeSpan.FromHours(-7)), new Limit(1, TimeUnit.NaturalDays));

        due.ShouldBe(Local("2026-03-03T23:59"));
        due.Offset.ShouldBe(TimeSpan.Zero);
    }
}
