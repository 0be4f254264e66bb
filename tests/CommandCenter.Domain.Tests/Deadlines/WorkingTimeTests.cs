using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using FsCheck;
using FsCheck.Fluent;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>Counting in the four units. The week of T0 is an ordinary one; 2026 has National Day on 1–7 October with Saturday the 10th worked.</summary>
public class WorkingTimeTests
{
    /// <summary>Summer days are shorter here: six and a half hours instead of seven and a half.</summary>
    private static readonly WorkCalendar Seasons = Hours(
        new TownHours(["08:30-12:00", "14:00-18:00"]),
        new TownHours(["08:30-12:00", "15:00-18:00"], Season: new Season("06-01", "09-30")),
        new TownHours(["00:00-24:00"], Town.OtherTown));

    [Theory]
    [InlineData("2026-03-03T10:20", 3, "2026-03-06T10:20")]
    [InlineData("2026-03-06T10:20", 1, "2026-03-09T10:20")]
    [InlineData("2026-03-07T10:20", 1, "2026-03-09T18:00")]
    [InlineData("2026-03-03T20:00", 3, "2026-03-06T18:00")]
    [InlineData("2026-03-03T12:30", 1, "2026-03-04T12:00")]
    [InlineData("2026-09-30T10:20", 3, "2026-10-10T10:20")]
    [InlineData("2026-02-13T10:20", 2, "2026-02-24T10:20")]
    [InlineData("2026-12-31T10:20", 2, "2027-01-05T10:20")]
    public void Working_days_end_at_the_same_part_of_a_later_working_day(string start, int days, string due) =>
        Time.After(Local(start), new Limit(days, TimeUnit.WorkingDays)).ShouldBe(Local(due));

    [Theory]
    [InlineData("2026-03-03T10:00", 60, "2026-03-03T11:00")]
    [InlineData("2026-03-03T11:30", 60, "2026-03-03T14:30")]
    [InlineData("2026-03-03T11:00", 60, "2026-03-03T12:00")]
    [InlineData("2026-03-03T17:00", 120, "2026-03-04T10:00")]
    [InlineData("2026-03-06T17:30", 60, "2026-03-09T09:30")]
    [InlineData("2026-10-01T08:00", 60, "2026-10-08T10:00")]
    public void Working_minutes_pass_in_working_time_only_and_end_with_it(string start, int minutes, string due) =>
        Time.After(Local(start), minutes).ShouldBe(Local(due));

    [Theory]
    [InlineData("2026-03-09T10:00", 60, "2026-03-09T09:00")]
    [InlineData("2026-03-09T10:00", 120, "2026-03-06T17:00")]
    [InlineData("2026-10-08T09:30", 60, "2026-09-30T17:30")]
    public void Counting_back_finds_the_last_instant_from_which_so_much_is_left(string due, int minutes, string at) =>
        Time.After(Local(due), new Limit(-minutes, TimeUnit.WorkingMinutes)).ShouldBe(Local(at));

    [Fact]
    public void A_working_day_back_from_a_deadline_is_the_same_part_of_the_day_before() =>
        Time.After(Local("2026-10-10T10:20"), new Limit(-3, TimeUnit.WorkingDays)).ShouldBe(Local("2026-09-30T10:20"));

    [Fact]
    public void A_part_of_a_long_day_is_the_same_part_of_a_short_one()
    {
        // A third of 7.5 hours has passed at 11:00; a third of 6.5 hours has passed at 10:40.
        var time = Seasons.At(Town.Code, Town.Shanghai);

        time.After(Local("2026-05-29T11:00"), new Limit(1, TimeUnit.WorkingDays)).ShouldBe(Local("2026-06-01T10:40"));
    }

    [Fact]
    public void Towns_with_hours_of_their_own_have_them_and_the_others_the_general_ones()
    {
        Seasons.At(Town.OtherTown, Town.Shanghai).After(Local("2026-03-03T22:00"), 180).ShouldBe(Local("2026-03-04T01:00"));
        Seasons.At(Town.Grid, Town.Shanghai).After(Local("2026-03-03T22:00"), 180).ShouldBe(Local("2026-03-04T11:30"));
    }

    [Fact]
    public void A_season_may_run_over_the_end_of_the_year()
    {
        var winter = Hours(new TownHours(["09:00-17:00"]), new TownHours(["10:00-16:00"], Season: new Season("11-15", "03-15"))).At(Town.Code, Town.Shanghai);

        winter.NextWorking(Local("2026-03-16T08:00")).ShouldBe(Local("2026-03-16T09:00"));
        winter.NextWorking(Local("2026-03-13T08:00")).ShouldBe(Local("2026-03-13T10:00"));
        winter.NextWorking(Local("2026-11-16T08:00")).ShouldBe(Local("2026-11-16T10:00"));
    }

    [Fact]
    public void Working_time_says_where_an_instant_lies()
    {
        Time.IsWorking(Local("2026-03-03T10:00")).ShouldBeTrue();
        Time.IsWorking(Local("2026-03-03T12:00")).ShouldBeFalse();
        Time.IsWorking(Local("2026-10-01T10:00")).ShouldBeFalse();
        Time.IsWorking(Local("2026-10-10T10:00")).ShouldBeTrue();
        Time.NextWorking(Local("2026-10-01T10:00")).ShouldBe(Local("2026-10-08T09:00"));
        Time.SpanAt(Local("2026-03-03T13:00")).ShouldBe((Local("2026-03-03T14:00"), Local("2026-03-03T18:00")));
    }

    [Fact]
    public void What_touches_a_year_that_is_not_announced_is_provisional_when_working_time_is_counted()
    {
        Time.IsProvisional(Local("2026-11-02T10:00"), Local("2026-11-30T18:00"), TimeUnit.WorkingDays).ShouldBeFalse();
        Time.IsProvisional(Local("2026-12-01T10:00"), Local("2026-12-01T18:00"), TimeUnit.WorkingDays).ShouldBeTrue("the notice for 2027 may still take a day of December, or have it worked");
        Time.IsProvisional(Local("2025-12-20T10:00"), Local("2025-12-31T18:00"), TimeUnit.WorkingDays).ShouldBeFalse("the year after is known");
        Time.IsProvisional(Local("2026-12-31T10:00"), Local("2027-01-05T10:00"), TimeUnit.WorkingDays).ShouldBeTrue();
        Time.IsProvisional(Local("2026-12-31T10:00"), Local("2027-01-05T10:00"), TimeUnit.NaturalDays).ShouldBeFalse();
        Time.IsProvisional(Local("2029-12-31T10:00"), Local("2029-12-31T11:00"), TimeUnit.WorkingMinutes).ShouldBeTrue();
    }

    [Fact]
    public void Parts_add_up_to_the_whole_in_every_unit_and_every_calendar() => ForAll((time, unit, start, a, b, _) =>
    {
        var (middle, end) = (start + a, start + a + b);

        (time.Count(start, middle, unit) + time.Count(middle, end, unit)).ShouldBe(time.Count(start, end, unit));
    });

    [Fact]
    public void A_limit_is_used_up_at_its_due_instant_and_not_a_microsecond_before() => ForAll((time, unit, start, _, _, amount) =>
    {
        var limit = new Limit(amount, unit);
        var due = time.After(start, limit);

        Counted(start, due);
        time.Count(start, due.AddMicroseconds(-1), unit).ShouldBeLessThan(time.SharesOf(limit));
        // And counting back ends where as much is left.
        var back = time.Before(due, time.SharesOf(limit), unit);
        Counted(back, due);
        back.ShouldBeGreaterThanOrEqualTo(start);

        // Where a long day meets a short one, a due instant may fall between two microseconds: then the later one is due.
        void Counted(DateTimeOffset from, DateTimeOffset to)
        {
            var over = time.Count(from, to, unit) - time.SharesOf(limit);
            over.ShouldBeInRange(0, unit == TimeUnit.WorkingDays && time != Time ? 149 : 0);
        }
    });

    [Fact]
    public void The_offset_in_which_an_instant_is_written_changes_nothing() => ForAll((time, unit, start, a, _, amount) =>
    {
        var elsewhere = start.ToOffset(TimeSpan.FromHours((a.Hours % 24) - 11));

        time.After(elsewhere, new Limit(amount, unit)).ShouldBe(time.After(start, new Limit(amount, unit)));
        time.After(elsewhere, new Limit(amount, unit)).Offset.ShouldBe(TimeSpan.Zero);
    });

    private static WorkCalendar Hours(params TownHours[] rules) => new(Calendar.Days, new HoursPlan(rules));

    private static void ForAll(Action<WorkingTime, TimeUnit, DateTimeOffset, TimeSpan, TimeSpan, int> law)
    {
        var lives = from time in Gen.Elements(Time, Seasons.At(Town.Code, Town.Shanghai), Seasons.At(Town.OtherTown, Town.Shanghai))
                    from unit in Gen.Elements(Enum.GetValues<TimeUnit>())
                    from start in Gen.Choose(0, 4 * 365 * 24 * 60)
                    from second in Gen.Choose(0, 59_999_999)
                    from a in Gen.Choose(0, 60 * 24 * 60)
                    from b in Gen.Choose(0, 60 * 24 * 60)
                    from amount in Gen.Choose(1, 45)
                    select (time, unit, start: Local("2024-01-01T00:00").AddMinutes(start).AddMicroseconds(second), a: TimeSpan.FromMinutes(a), b: TimeSpan.FromMinutes(b), amount);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(20260302, 141), Prop.ForAll(Arb.From(lives), life => law(life.time, life.unit, life.start, life.a, life.b, life.amount)));
    }
}
