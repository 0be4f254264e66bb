using System.Text;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using static CommandCenter.Domain.Tests.Sample;
using static CommandCenter.Domain.Tests.WhistleSample;

namespace CommandCenter.Domain.Tests;

public class WhistleDeciderTests
{
    [Fact]
    public void Every_command_has_one_outcome_in_every_state()
    {
        var page = new StringBuilder("# What may happen to a whistle\n\nEvery state of a whistle's first call × every command: the events, *nothing* for a repeat, or the code of the refusal.\n");
        foreach (var (name, events) in WhistleLives.States)
        {
            var state = Fold(events);
            var possible = WhistleDecider.Possible(state).Concat(state is Whistle.Open open ? WhistleDecider.Possible(Call(open)) : []).ToList();
            page.Append($"\n## {name}\n\nPossible: {(possible.Count > 0 ? string.Join(", ", possible) : "nothing more")}.\n\n| command | outcome |\n|---|---|\n");
            foreach (var (way, command, by) in WhistleLives.Commands)
                page.Append($"| {way} | {TaskDeciderTests.Outcome(WhistleDecider.Decide(command, state, by))} |\n");
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
    }

    [Fact]
    public void Every_refusal_code_is_reachable_and_no_other_is_given()
    {
        var given = from state in WhistleLives.States
                    from command in WhistleLives.Commands
                    let decision = WhistleDecider.Decide(command.Command, Fold(state.Events), command.By)
                    where decision is Decision<WhistleEvent>.Refuse
                    select ((Decision<WhistleEvent>.Refuse)decision).Refusal.Code;

        given.Distinct().Order(StringComparer.Ordinal).ShouldBe(WhistleRefusals.All.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_refusal_tells_in_both_languages()
    {
        foreach (var (code, words) in WhistleRefusals.All)
        {
            words.Zh.ShouldContain(letter => letter >= '\u4e00' && letter <= '\u9fff', code);
            words.En.ShouldNotBeNullOrWhiteSpace(code);
            words.En.ShouldAllBe(letter => letter < 128, code);
        }
    }

    [Fact]
    public void What_is_called_possible_is_exactly_what_can_be_brought_about()
    {
        foreach (var (name, events) in WhistleLives.States.Where(life => !life.State.StartsWith("Called, with as many", StringComparison.Ordinal)))
        {
            var state = Fold(events);
            var possible = WhistleDecider.Possible(state).Concat(state is Whistle.Open open ? WhistleDecider.Possible(Call(open)) : []);
            var happens = WhistleLives.Commands.Where(way => WhistleDecider.Decide(way.Command, state, way.By) is Decision<WhistleEvent>.Emit).Select(way => way.Command.Name).Distinct();

            possible.Order(StringComparer.Ordinal).ShouldBe(happens.Order(StringComparer.Ordinal), name);
        }
    }

    [Fact]
    public void What_is_decided_can_be_folded_in_every_state_and_nothing_else_can()
    {
        WhistleEvent[] all = [Blown(), CalledMore(), Routed(), Declined(), Arrived(), Advised(), Resolved(), CallRated(), Dropped(), WithdrawnEvent()];
        foreach (var (name, events) in WhistleLives.States)
        {
            var state = Fold(events);
            var decidable = new HashSet<Type>();
            foreach (var (way, command, by) in WhistleLives.Commands)
            {
                if (WhistleDecider.Decide(command, state, by) is not Decision<WhistleEvent>.Emit emitted)
                    continue;
                Should.NotThrow(() => emitted.Events.Aggregate(state, (folded, happened) => folded.Apply(Fact(happened, T0, by))), $"{way} in {name}");
                decidable.Add(emitted.Events[0].GetType());
            }

            // Where there are as many calls as there may be, the decider is stricter than the fold; and withdrawing is refused so that an answer is given first.
            foreach (var other in all.Where(happened => !decidable.Contains(happened.GetType()) && !(state is Whistle.Open && happened is WhistleUnitsCalled or WhistleWithdrawn)))
                Should.Throw<InvalidOperationException>(() => state.Apply(Fact(other, T0)), $"{other.GetType().Name} in {name}");
        }
    }

    [Fact]
    public void Every_stage_of_a_whistle_and_of_a_call_is_reached_by_some_life()
    {
        WhistleLives.States.Select(life => Fold(life.Events).Stage).Distinct().Order().ShouldBe(Enum.GetValues<WhistleStage>().Select(stage => (WhistleStage?)stage).Prepend(null));
        WhistleLives.States.Where(life => life.Events.Length > 0).Select(life => Call(Fold(life.Events)).Stage).Distinct().Order().ShouldBe(Enum.GetValues<CallStage>());
    }

    [Fact]
    public void A_grid_calls_two_units_each_comes_advises_and_is_rated_and_then_the_whistle_has_ended()
    {
        Whistles.Given(Blown()).When(Route()).Then(Routed());
        Whistles.Given(Blown(), Routed()).When(Arrive()).Then(Arrived());
        Whistles.Given(Blown(), Routed(), Arrived()).When(Advise()).Then(Advised());
        Whistles.Given(Blown(), Routed(), Arrived(), Advised()).When(Resolve()).Then(Resolved());

        var first = (WhistleEvent[])[Blown(), Routed(), Arrived(), Advised(), Resolved(), CallRated()];
        Fold(first).Stage.ShouldBe(WhistleStage.Open);
        var ended = Fold([.. first, Routed(2, Building), Arrived(2, Building), Resolved(2, Building), CallRated(2, unit: Building)]);
        ended.Stage.ShouldBe(WhistleStage.Ended);
        File(ended).EndedAt.ShouldBe(T0 + 9.Hours());
    }

    [Fact]
    public void Every_instant_of_a_response_is_kept()
    {
        var call = Call(Fold(Blown(Water), Routed(), Arrived(), Advised(), Advised(), Resolved(), CallRated()));

        call.Turn.ShouldBe(new CallTurn(Water, T0, T0 + 1.Hours(), T0 + 2.Hours(), T0 + 3.Hours()));
        (call.ResolvedAt, call.EndedAt, call.DistanceMetres, call.ArrivedBy).ShouldBe((T0 + 5.Hours(), T0 + 6.Hours(), 0, "water-officer"));
    }

    [Fact]
    public void A_result_without_an_opinion_before_it_is_the_first_opinion() =>
        Call(Fold(Blown(), Routed(), Arrived(), Resolved())).Turn.OpinionAt.ShouldBe(T0 + 3.Hours());

    [Fact]
    public void What_the_center_calls_is_routed_as_it_is_called()
    {
        Whistles.Given().When(Blow(), Center).Then(Blown(), Routed(), Routed(2, Building));
        Whistles.Given(Blown(), Routed()).When(CallMore(), Center).Then(CalledMore(), Routed(3, River));
        Whistles.Given().When(Blow()).Then(Blown());
    }

    [Fact]
    public void What_is_not_a_units_matter_goes_to_the_one_whose_it_is_and_each_has_a_turn_of_its_own()
    {
        Whistles.Given(Blown(), Routed()).When(Decline(proposed: River)).Then(Declined() with { Proposed = River });
        Whistles.Given(Blown(), Routed(), Declined()).When(Arrive()).ThenRefused("whistle.call.declined").Possible.ShouldBe(["route", "drop"]);

        var call = Call(Fold(Blown(), Routed(), Declined() with { Proposed = River }, Routed(to: River), Arrived(unit: River)));
        call.Past.ShouldHaveSingleItem().ShouldBe(new CallTurn(Water, T0, T0 + 1.Hours(), LeftAt: T0 + 2.Hours(), Declined: true));
        call.Turn.ShouldBe(new CallTurn(River, T0 + 2.Hours(), T0 + 3.Hours(), T0 + 4.Hours()));
        call.Proposed.ShouldBeNull();
    }

    [Fact]
    public void Who_sent_it_back_does_not_get_it_again_unless_a_leader_says_so()
    {
        Whistles.Given(Blown(), Routed(), Declined()).When(Route()).ThenRefused("whistle.call.declined_before");
        Whistles.Given(Blown(), Routed(), Declined(), Routed(to: River)).When(Route(to: Water)).ThenRefused("whistle.call.declined_before");
        Whistles.Given(Blown(), Routed(), Declined()).When(Route(), Town.Leader).Then(Routed());
        Whistles.Given(Blown(), Routed(), Declined()).When(Route(), Town.Supervisor).Then(Routed());
    }

    [Fact]
    public void The_center_takes_a_call_from_who_does_not_come_and_gives_it_to_another()
    {
        Whistles.Given(Blown(), Routed()).When(Route(to: River)).Then(Routed(to: River));
        Whistles.Given(Blown(), Routed()).When(Route()).ThenNothing();

        Call(Fold(Blown(), Routed(), Routed(to: River))).Past.ShouldHaveSingleItem().ShouldBe(new CallTurn(Water, T0, T0 + 1.Hours(), LeftAt: T0 + 2.Hours()));
    }

    [Fact]
    public void A_unit_that_sent_its_call_back_may_be_called_again_for_something_else()
    {
        Whistles.Given(Blown(), Routed()).When(CallMore(Water)).ThenRefused("whistle.called_already");
        Whistles.Given(Blown(), Routed(), Declined()).When(CallMore(Water)).Then(CalledMore(Water));
        Whistles.Given(Blown(), Dropped()).When(CallMore(Water)).Then(CalledMore(Water));
    }

    [Fact]
    public void What_is_not_fixed_goes_on_with_the_unit_and_is_rated_again()
    {
        Whistles.Given(Blown(), Routed(), Arrived(), Resolved()).When(new RateCall(1, 1, FixResult.NotFixed, null)).ThenRefused("whistle.rating.reason_missing");
        var again = (WhistleEvent[])[Blown(Water), Routed(), Arrived(), Resolved(), CallRated(result: FixResult.NotFixed)];
        var call = Call(Fold(again));
        (call.Stage, call.SentBacks, call.Result, call.ResolvedBy).ShouldBe((CallStage.Advised, 1, FixResult.NotFixed, null));

        Whistles.Given(again).When(Resolve()).Then(Resolved());
        Fold([.. again, Resolved(), CallRated()]).Stage.ShouldBe(WhistleStage.Ended);
    }

    [Fact]
    public void Two_colleagues_report_in_and_the_second_hears_that_it_was_done()
    {
        Whistles.Given(Blown(), Routed(), Arrived()).When(Arrive()).ThenNothing();
        Whistles.Given(Blown(), Routed(), Arrived()).When(Arrive(), OtherOfficer).ThenRefused("whistle.call.arrived").Possible.ShouldContain("advise");
        Whistles.Given(Blown(), Routed(), Arrived()).When(Resolve(), OtherOfficer).Then(Resolved());
    }

    [Fact]
    public void A_whistle_is_not_withdrawn_over_the_head_of_who_reported_a_result()
    {
        Whistles.Given(Blown(), Routed(), Arrived(), Resolved()).When(Withdraw()).ThenRefused("whistle.result_waits");
        Whistles.Given(Blown(), Routed(), Arrived()).When(Withdraw()).Then(WithdrawnEvent());

        var withdrawn = Fold(Blown(), Routed(), Arrived(), Resolved(), CallRated(), Routed(2, Building), WithdrawnEvent());
        File(withdrawn).Calls.Select(call => call.Stage).ShouldBe([CallStage.Rated, CallStage.Dropped]);
        File(withdrawn).Calls[1].Turn.LeftAt.ShouldBe(T0 + 6.Hours());
    }

    [Fact]
    public void The_row_of_lists_folds_to_the_same_whistle_and_an_event_twice_changes_nothing()
    {
        foreach (var (name, events) in WhistleLives.States.Where(life => life.Events.Length > 0))
        {
            WhistleSummary? row = null;
            for (var version = 1; version <= events.Length; version++)
            {
                var fact = Fact(events[version - 1], T0 + (version - 1).Hours());
                row = WhistleSummary.Apply(row, WhistleId, version, 40 + version, fact);
                row = WhistleSummary.Apply(Json.Read<WhistleSummary>(Json.Of(row)), WhistleId, version, 99, fact);
            }

            Json.Of((object)row!.File).ShouldBe(Json.Of((object)File(Fold(events))), name);
            (row.Stage, row.Position).ShouldBe((Fold(events).Stage!.Value, 41), name);
        }

        Should.Throw<InvalidOperationException>(() => WhistleSummary.Apply(null, WhistleId, 2, 1, Fact(Routed(), T0))).Message.ShouldContain("missing");
    }
}
