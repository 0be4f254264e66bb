using CommandCenter.Domain.Deadlines;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

public class LimitTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void A_natural_day_ends_at_the_same_wall_time_in_the_districts_zone() =>
        new Limit(1, TimeUnit.NaturalDays).After(Local("2026-03-02T23:59"), Town.Shanghai).ShouldBe(Local("2026-03-03T23:59"));

    [Fact]
    public void A_natural_day_over_the_end_of_february_is_the_calendars() =>
        new Limit(1, TimeUnit.NaturalDays).After(Local("2028-02-28T08:00"), Town.Shanghai).ShouldBe(Local("2028-02-29T08:00"));

    [Fact]
    public void Urgent_minutes_count_round_the_clock() =>
        new Limit(1440, TimeUnit.UrgentMinutes).After(Local("2026-10-01T18:00"), Town.Shanghai).ShouldBe(Local("2026-10-02T18:00"));

    [Theory]
    [InlineData("2026-03-28T09:00", "2026-03-29T09:00", 23)]
    [InlineData("2026-10-24T09:00", "2026-10-25T09:00", 25)]
    public void A_clock_change_does_not_move_the_wall_time_of_a_natural_day(string start, string end, int hours)
    {
        var due = new Limit(1, TimeUnit.NaturalDays).After(Local(start, Berlin), Berlin);

        due.ShouldBe(Local(end, Berlin));
        (due - Local(start, Berlin)).ShouldBe(hours.Hours());
    }

    [Fact]
    public void A_wall_time_that_a_clock_change_skips_is_taken_an_hour_later() =>
        new Limit(1, TimeUnit.NaturalDays).After(Local("2026-03-28T02:30", Berlin), Berlin).ShouldBe(Instant("2026-03-29T01:30:00Z"));

    [Fact]
    public void A_wall_time_that_comes_twice_is_the_later_so_that_nobody_loses_an_hour() =>
        new Limit(1, TimeUnit.NaturalDays).After(Local("2026-10-24T02:30", Berlin), Berlin).ShouldBe(Instant("2026-10-25T01:30:00Z"));

    [Fact]
    public void No_days_after_an_instant_is_that_instant_even_in_the_hour_that_comes_twice()
    {
        var first = Instant("2026-10-25T00:30:00Z");

        new Limit(0, TimeUnit.NaturalDays).After(first, Berlin).ShouldBe(first);
    }

    [Fact]
    public void A_negative_span_lies_before() =>
        new Limit(-5, TimeUnit.NaturalDays).After(Local("2026-03-03T10:00"), Town.Shanghai).ShouldBe(Local("2026-02-26T10:00"));

    [Fact]
    public void An_instant_given_with_another_offset_counts_the_same_and_is_told_in_utc()
    {
        var due = new Limit(1, TimeUnit.NaturalDays).After(Local("2026-03-02T23:59").ToOffset(TimeSpan.FromHours(-7)), Town.Shanghai);

        due.ShouldBe(Local("2026-03-03T23:59"));
        due.Offset.ShouldBe(TimeSpan.Zero);
    }
}
