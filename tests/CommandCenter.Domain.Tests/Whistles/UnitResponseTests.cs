using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using static CommandCenter.Domain.Tests.Sample;
using static CommandCenter.Domain.Tests.WhistleSample;

namespace CommandCenter.Domain.Tests;

public class UnitResponseTests
{
    [Fact]
    public void Where_every_call_was_answered_the_median_and_the_90th_percentile_are_those_of_the_nearest_rank() =>
        ResponseTime.Of([.. Enumerable.Range(1, 10).Select(n => Answer(n))], 0).ShouldBe(new ResponseTime(10, 0, 5, 9));

    [Fact]
    public void A_call_that_still_waits_counts_for_as_long_as_it_was_waited_for()
    {
        // The textbook's way: 1 of 4, then 1 of the 2 that were still waited for at 3 s: three eighths are left.
        ResponseTime.Of([Answer(1), Wait(2), Answer(3), Wait(9)], 2).ShouldBe(new ResponseTime(2, 2, 3, null));
        // Called a moment ago: nothing is known of it yet.
        ResponseTime.Of([Answer(60), Answer(60), Wait(1)], 1).ShouldBe(new ResponseTime(2, 1, 60, null));
    }

    [Fact]
    public void A_unit_that_never_comes_has_no_median() => ResponseTime.Of([Answer(60), Wait(5000), Wait(9000)], 2).ShouldBe(new ResponseTime(1, 2));

    [Fact]
    public void A_call_that_was_given_to_another_unit_is_never_answered()
    {
        // By hand: one in five at 1 s, one more at 3 s, two at 9 s; the one that went elsewhere is never answered, so nine in ten are not.
        ResponseTime.Of([Answer(1), Never(2), Answer(3), Answer(9), Answer(9)], 0).ShouldBe(new ResponseTime(4, 0, 9, null));
        ResponseTime.Of([Never(1200), Never(1200), Never(1200), Never(1200), Answer(1500)], 0).ShouldBe(new ResponseTime(1, 0));
    }

    [Fact]
    public void One_answer_at_the_end_of_many_waits_does_not_stand_for_all() =>
        ResponseTime.Of([.. Enumerable.Repeat(Wait(59 * 60), 9), Answer(3600)], 9).ShouldBe(new ResponseTime(1, 9));

    [Fact]
    public void Of_no_call_nothing_is_known() => ResponseTime.Of([], 0).ShouldBe(new ResponseTime(0, 0));

    [Fact]
    public void At_one_instant_answers_come_before_those_that_stopped_waiting() => ResponseTime.Of([Answer(5), Wait(5)], 1).ShouldBe(new ResponseTime(1, 1, 5, null));

    [Fact]
    public void Units_are_ranked_by_how_soon_they_report_in_and_below_the_smallest_sample_not_at_all()
    {
        UnitTurn[] turns = [.. Turns(Water, 10, 30), .. Turns(Building, 5, 5), .. Turns(River, 1)];

        Ranked(turns, 2, T0 + 9.Hours()).Select(unit => (unit.Unit, unit.Rank, unit.Calls, unit.Arrived.MedianSeconds)).ShouldBe(
            [(Building, 1, 2, 300), (Water, 2, 2, 600), (River, null, 1, 60)]);
    }

    [Fact]
    public void Who_has_not_come_in_half_of_the_calls_comes_last_and_the_same_response_has_the_same_rank()
    {
        UnitTurn[] turns = [.. Turns(Water, 10, 10), .. Turns(Building, 10, 10), Turn(new CallTurn(River, T0, T0)), Turn(new CallTurn(River, T0, T0))];

        Ranked(turns, 2, T0 + 9.Hours()).Select(unit => (unit.Unit, unit.Rank, unit.Arrived.Waiting)).ShouldBe([(Water, 1, 0), (Building, 1, 0), (River, 3, 2)], ignoreOrder: true);
    }

    [Fact]
    public void A_call_that_was_not_a_units_matter_does_not_make_its_sample_larger()
    {
        UnitTurn[] turns = [.. Turns(Water, 10), Turn(new CallTurn(Water, T0, T0, LeftAt: T0 + 1.Hours(), Declined: true))];

        Ranked(turns, 2, T0 + 9.Hours()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            unit => unit.Rank.ShouldBeNull(), unit => (unit.Calls, unit.Declined, unit.Sample).ShouldBe((2, 1, 1)), unit => unit.Arrived.ShouldBe(new ResponseTime(1, 0, 600, 600)));
    }

    [Fact]
    public void Each_span_is_measured_from_where_it_begins_and_ratings_are_counted_in_tenths()
    {
        var turn = new CallTurn(Water, T0, T0 + 10.Minutes(), T0 + 40.Minutes(), T0 + 70.Minutes());

        Ranked([Turn(turn with { Satisfaction = 5 }), Turn(turn with { Satisfaction = 4 }), Turn(turn with { Satisfaction = 4, SentBacks = 2 })], 1, T0 + 9.Hours()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            unit => unit.Routed.MedianSeconds.ShouldBe(600), unit => unit.Arrived.MedianSeconds.ShouldBe(1800), unit => unit.Opinion.MedianSeconds.ShouldBe(3600),
            unit => (unit.Rated, unit.NotFixed, unit.SatisfactionTenths).ShouldBe((3, 2, 43)));
    }

    [Fact]
    public void Posts_of_two_towns_are_two_though_they_are_called_the_same() =>
        Ranked([Turn(new CallTurn(Building, T0, T0), Town.Code), Turn(new CallTurn(Building, T0, T0), Town.OtherTown)], 1, T0).Count.ShouldBe(2);

    [Fact]
    public void A_unit_is_not_ranked_by_the_slowness_of_the_center_nor_by_calls_that_never_came_to_it()
    {
        UnitTurn[] withTheCenter = [.. Enumerable.Repeat(Turn(new CallTurn(River, T0)), 5)];
        UnitTurn[] droppedBefore = [.. Turns(Building, 3), .. Enumerable.Repeat(Turn(new CallTurn(Building, T0, LeftAt: T0 + 5.Minutes())), 4)];

        Ranked([.. Turns(Water, 10, 10, 10, 10, 10), .. withTheCenter, .. droppedBefore], 5, T0 + 9.Hours()).Select(unit => (unit.Unit, unit.Rank, unit.Calls, unit.Sample)).ShouldBe(
            [(Water, 1, 5, 5), (River, null, 5, 0), (Building, null, 5, 1)], ignoreOrder: true);
    }

    [Fact]
    public void A_unit_that_was_called_a_minute_ago_has_no_rank_yet_and_comes_last_once_it_should_have_come()
    {
        UnitTurn[] turns = [.. Turns(Building, 50, 50, 50, 50, 50), .. Enumerable.Repeat(Turn(new CallTurn(Water, T0, T0)), 5)];

        RankOf(Water, turns, T0 + 1.Minutes()).ShouldBeNull();
        RankOf(Water, turns, T0 + 59.Minutes()).ShouldBeNull();
        RankOf(Water, turns, T0 + 60.Minutes()).ShouldBe(2);
    }

    [Fact]
    public void What_was_not_needed_any_more_after_a_long_wait_was_a_long_wait_and_after_a_short_one_says_nothing()
    {
        RankOf(Water, [.. Enumerable.Repeat(Turn(new CallTurn(Water, T0, T0, LeftAt: T0 + 3.Hours())), 5)], T0 + 9.Hours()).ShouldBe(1);
        RankOf(Water, [.. Enumerable.Repeat(Turn(new CallTurn(Water, T0, T0, LeftAt: T0 + 3.Minutes())), 5)], T0 + 9.Hours()).ShouldBeNull();
    }

    [Fact]
    public void A_unit_from_which_four_calls_were_taken_away_is_not_before_one_that_came_to_all_a_minute_later()
    {
        UnitTurn[] turns =
        [
            .. Enumerable.Repeat(Turn(new CallTurn(Water, T0, T0, LeftAt: T0 + 20.Minutes(), TakenAway: true)), 4), .. Turns(Water, 25),
            .. Turns(Building, 26, 26, 26, 26, 26),
        ];

        Ranked(turns, 5, T0 + 9.Hours()).Select(unit => (unit.Unit, unit.Rank, unit.TakenAway, unit.Arrived.MedianSeconds)).ShouldBe([(Building, 1, 0, 26 * 60), (Water, 2, 4, null)]);
    }

    [Fact]
    public void What_came_after_the_limits_of_the_policy_is_late_and_what_is_still_waited_for_is_once_they_have_passed()
    {
        var late = Turn(new CallTurn(Water, T0, T0 + 10.Minutes(), T0 + 70.Minutes(), T0 + 10.Minutes() + 1.Days()));
        var inTime = Turn(new CallTurn(Water, T0, T0 + 9.Minutes(), T0 + 68.Minutes(), T0 + 1.Days()));
        var waits = Turn(new CallTurn(Water, T0, T0 + 9.Minutes()));

        Ranked([late, inTime, waits], 1, T0 + 20.Minutes()).Single().ShouldSatisfyAllConditions(
            unit => (unit.RoutedLate, unit.ArrivedLate, unit.OpinionLate).ShouldBe((1, 1, 1)));
        Ranked([late, inTime, waits], 1, T0 + 3.Days()).Single().ShouldSatisfyAllConditions(
            unit => (unit.RoutedLate, unit.ArrivedLate, unit.OpinionLate).ShouldBe((1, 2, 2)));
    }

    [Fact]
    public void The_limits_of_a_call_are_those_of_the_policy_and_working_days_are_the_towns()
    {
        var friday = Local("2026-09-30T10:20");

        TurnDues.Of(new CallTurn(Water, friday, friday), Policy.Whistles!, Time).ShouldBe(new TurnDues(friday + 10.Minutes(), friday + 60.Minutes(), Local("2026-10-08T10:20")));
        TurnDues.Of(new CallTurn(Water, friday), Policy.Whistles! with { Route = new(new Limit(20, TimeUnit.UrgentMinutes)) }, Time).ShouldBe(new TurnDues(friday + 20.Minutes(), null, null));
    }

    private static UnitTurn Turn(CallTurn turn, AreaCode? town = null) => new(turn, TurnDues.Of(turn, Policy.Whistles!, Time), town);

    private static IReadOnlyList<UnitResponse> Ranked(IEnumerable<UnitTurn> turns, int minimum, DateTimeOffset at) => UnitResponse.Ranked(turns, minimum, at);

    private static int? RankOf(Unit unit, UnitTurn[] turns, DateTimeOffset at) => Ranked(turns, 5, at).Single(response => response.Unit == unit).Rank;

    private static (TimeSpan, bool?) Answer(int seconds) => (TimeSpan.FromSeconds(seconds), true);

    private static (TimeSpan, bool?) Wait(int seconds) => (TimeSpan.FromSeconds(seconds), null);

    private static (TimeSpan, bool?) Never(int seconds) => (TimeSpan.FromSeconds(seconds), false);

    /// <summary>One turn each, answered on the spot after so many minutes.</summary>
    private static IEnumerable<UnitTurn> Turns(Unit unit, params int[] minutes) =>
        minutes.Select(after => Turn(new CallTurn(unit, T0, T0, T0 + after.Minutes(), T0 + after.Minutes())));
}
