using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using static CommandCenter.Domain.Tests.Sample;
using static CommandCenter.Domain.Tests.WhistleSample;

namespace CommandCenter.Domain.Tests;

public class UnitResponseTests
{
    [Fact]
    public void Where_every_call_was_answered_the_median_and_the_90th_percentile_are_those_of_the_nearest_rank() =>
        ResponseTime.Of([.. Enumerable.Range(1, 10).Select(n => (TimeSpan.FromSeconds(n), true))], 0).ShouldBe(new ResponseTime(10, 0, 5, 9));

    [Fact]
    public void A_call_that_still_waits_counts_for_as_long_as_it_was_waited_for()
    {
        // The textbook's way: 1 of 4, then 1 of the 2 that were still waited for at 3 s: three eighths are left.
        ResponseTime.Of([Answer(1), Wait(2), Answer(3), Wait(9)], 2).ShouldBe(new ResponseTime(2, 2, 3, null));
        // Called a moment ago: nothing is known of it yet.
        ResponseTime.Of([Answer(60), Answer(60), Wait(1)], 1).ShouldBe(new ResponseTime(2, 1, 60, 60));
    }

    [Fact]
    public void A_unit_that_never_comes_has_no_median() => ResponseTime.Of([Answer(60), Wait(5000), Wait(9000)], 2).ShouldBe(new ResponseTime(1, 2));

    [Fact]
    public void Of_no_call_nothing_is_known() => ResponseTime.Of([], 0).ShouldBe(new ResponseTime(0, 0));

    [Fact]
    public void At_one_instant_answers_come_before_those_that_stopped_waiting() => ResponseTime.Of([Answer(5), Wait(5)], 1).ShouldBe(new ResponseTime(1, 1, 5, null));

    [Fact]
    public void Units_are_ranked_by_how_soon_they_report_in_and_below_the_smallest_sample_not_at_all()
    {
        RatedTurn[] turns = [.. Turns(Water, 10, 30), .. Turns(Building, 5, 5), .. Turns(River, 1)];

        UnitResponse.Ranked(turns, 2, T0 + 9.Hours()).Select(unit => (unit.Unit, unit.Rank, unit.Calls, unit.Arrived.MedianSeconds)).ShouldBe(
            [(Building, 1, 2, 300), (Water, 2, 2, 600), (River, null, 1, 60)]);
    }

    [Fact]
    public void Who_has_not_come_in_half_of_the_calls_comes_last_and_the_same_response_has_the_same_rank()
    {
        RatedTurn[] turns = [.. Turns(Water, 10, 10), .. Turns(Building, 10, 10), new(new CallTurn(River, T0, T0)), new(new CallTurn(River, T0, T0))];

        UnitResponse.Ranked(turns, 2, T0 + 9.Hours()).Select(unit => (unit.Unit, unit.Rank, unit.Arrived.Waiting)).ShouldBe([(Water, 1, 0), (Building, 1, 0), (River, 3, 2)], ignoreOrder: true);
    }

    [Fact]
    public void A_call_that_was_not_a_units_matter_does_not_make_its_sample_larger()
    {
        RatedTurn[] turns = [.. Turns(Water, 10), new(new CallTurn(Water, T0, T0, LeftAt: T0 + 1.Hours(), Declined: true))];

        UnitResponse.Ranked(turns, 2, T0 + 9.Hours()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            unit => unit.Rank.ShouldBeNull(), unit => (unit.Calls, unit.Declined).ShouldBe((2, 1)), unit => unit.Arrived.ShouldBe(new ResponseTime(1, 0, 600, null)));
    }

    [Fact]
    public void Each_span_is_measured_from_where_it_begins_and_ratings_are_counted_in_tenths()
    {
        var turn = new CallTurn(Water, T0, T0 + 10.Minutes(), T0 + 40.Minutes(), T0 + 70.Minutes());

        UnitResponse.Ranked([new RatedTurn(turn, null, 5), new RatedTurn(turn, null, 4), new RatedTurn(turn, null, 4)], 1, T0 + 9.Hours()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            unit => unit.Routed.MedianSeconds.ShouldBe(600), unit => unit.Arrived.MedianSeconds.ShouldBe(1800), unit => unit.Opinion.MedianSeconds.ShouldBe(3600),
            unit => (unit.Rated, unit.SatisfactionTenths).ShouldBe((3, 43)));
    }

    [Fact]
    public void Posts_of_two_towns_are_two_though_they_are_called_the_same() =>
        UnitResponse.Ranked([new RatedTurn(new CallTurn(Building, T0, T0), Town.Code), new RatedTurn(new CallTurn(Building, T0, T0), Town.OtherTown)], 1, T0).Count.ShouldBe(2);

    private static (TimeSpan, bool) Answer(int seconds) => (TimeSpan.FromSeconds(seconds), true);

    private static (TimeSpan, bool) Wait(int seconds) => (TimeSpan.FromSeconds(seconds), false);

    /// <summary>One turn each, answered on the spot after so many minutes.</summary>
    private static IEnumerable<RatedTurn> Turns(Unit unit, params int[] minutes) =>
        minutes.Select(after => new RatedTurn(new CallTurn(unit, T0, T0, T0 + after.Minutes(), T0 + after.Minutes())));
}
