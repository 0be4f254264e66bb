using System.Text;
using CommandCenter.Domain.Access;
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

        // Of a call that has gone to another unit it is said before anything is decided.
        var missed = WhistleAccess.Missed([new Caller("water-officer", new RoleAt(Role.Department, Town.District, Department: Town.WaterDepartment))], "arrive", 1, Fold(Blown(), Routed(), Routed(to: River)))!.Code;
        given.Append(missed).Distinct().Order(StringComparer.Ordinal).ShouldBe(WhistleRefusals.All.Keys.Order(StringComparer.Ordinal));
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

            foreach (var other in all.Where(happened => !decidable.Contains(happened.GetType()) && !(state is Whistle.Open open && IsStricter(open, happened))))
                Should.Throw<InvalidOperationException>(() => state.Apply(Fact(other, T0)), $"{other.GetType().Name} in {name}");
        }
    }

    /// <summary>Where the decider is stricter than the fold: at a most, where an answer is to be given first, and where a unit may not get rid of its rating.</summary>
    private static bool IsStricter(Whistle.Open open, WhistleEvent happened) => happened switch
    {
        WhistleUnitsCalled or WhistleWithdrawn => true,
        WhistleCallRouted => Call(open).Past.Count + 1 == WhistleDecider.MostTurns,
        WhistleCallAdvised => Call(open).Opinions == WhistleDecider.MostOpinions,
        WhistleCallDeclined => Call(open).Turn.SentBacks > 0,
        _ => false,
    };

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

        call.Turn.ShouldBe(new CallTurn(Water, T0, T0 + 1.Hours(), T0 + 2.Hours(), T0 + 3.Hours(), Satisfaction: 5, Result: FixResult.Fixed));
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
    public void A_unit_that_sent_back_one_call_of_a_whistle_gets_no_other_of_it_unless_a_leader_says_so()
    {
        var gone = (WhistleEvent[])[Blown(), Routed(), Declined(), Routed(to: River)];

        Whistles.Given(gone).When(CallMore(Water)).ThenRefused("whistle.call.declined_before").Possible.ShouldBe(["call", "withdraw"]);
        Whistles.Given(gone).When(CallMore(Water), Center).ThenRefused("whistle.call.declined_before");
        Whistles.Given(gone).When(CallMore(Building, Water), Center).ThenRefused("whistle.called_already");
        Whistles.Given(gone).When(Route(2, Water)).ThenRefused("whistle.call.declined_before");
        Whistles.Given(gone).When(Route(2, Water), Town.Leader).Then(Routed(2));

        // What a leader called is brought to the unit by the center as any other call.
        Whistles.Given(gone).When(CallMore(Water), Town.Leader).Then(CalledMore(Water));
        Whistles.Given([.. gone, CalledMore(Water)]).When(Route(3)).Then(Routed(3));
        Whistles.Given([.. gone, CalledMore(Water)]).When(Route(2, Water)).ThenRefused("whistle.called_already");
    }

    [Fact]
    public void The_center_takes_a_call_from_who_does_not_come_and_gives_it_to_another()
    {
        Whistles.Given(Blown(), Routed()).When(Route(to: River)).Then(Routed(to: River));
        Whistles.Given(Blown(), Routed()).When(Route()).ThenNothing();

        Call(Fold(Blown(), Routed(), Routed(to: River))).Past.ShouldHaveSingleItem().ShouldBe(new CallTurn(Water, T0, T0 + 1.Hours(), LeftAt: T0 + 2.Hours(), TakenAway: true));
    }

    [Fact]
    public void A_unit_whose_call_was_dropped_may_be_called_again()
    {
        Whistles.Given(Blown(), Routed()).When(CallMore(Water)).ThenRefused("whistle.called_already");
        Whistles.Given(Blown(), Dropped()).When(CallMore(Water)).Then(CalledMore(Water));
    }

    [Fact]
    public void What_is_not_fixed_goes_on_with_the_unit_and_is_rated_again()
    {
        Whistles.Given(Blown(), Routed(), Arrived(), Resolved()).When(new RateCall(1, 1, FixResult.NotFixed, null)).ThenRefused("whistle.rating.reason_missing");
        var again = (WhistleEvent[])[Blown(Water), Routed(), Arrived(), Resolved(), CallRated(result: FixResult.NotFixed)];
        var call = Call(Fold(again));
        (call.Stage, call.Turn.SentBacks, call.Turn.Result, call.ResolvedBy).ShouldBe((CallStage.Advised, 1, FixResult.NotFixed, null));

        Whistles.Given(again).When(Resolve()).Then(Resolved());
        Fold([.. again, Resolved(), CallRated()]).Stage.ShouldBe(WhistleStage.Ended);
    }

    [Fact]
    public void A_bad_rating_stays_with_the_unit_that_got_it_and_is_not_got_rid_of_by_sending_the_call_back()
    {
        var rated = (WhistleEvent[])[Blown(), Routed(), Arrived(), Resolved(), CallRated(result: FixResult.NotFixed)];

        Whistles.Given(rated).When(Decline()).ThenRefused("whistle.call.not_fixed").Possible.ShouldBe(["advise", "resolve", "route", "drop"]);

        var call = Call(Fold([.. rated, Routed(to: River)]));
        call.Past.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            turn => (turn.Unit, turn.Satisfaction, turn.Result, turn.SentBacks).ShouldBe((Water, 1, FixResult.NotFixed, 1)), turn => (turn.TakenAway, turn.Declined).ShouldBe((true, false)));
        (call.Turn.Satisfaction, call.Turn.Result, call.Turn.SentBacks).ShouldBe((null, null, 0));
        Whistles.Given([.. rated, Routed(to: River)]).When(Decline()).Then(Declined(unit: River));
    }

    [Fact]
    public void The_same_again_from_the_same_person_is_a_repeat_and_another_word_is_not_thrown_away()
    {
        var resolved = (WhistleEvent[])[Blown(), Routed(), Arrived(), Resolved()];
        Whistles.Given(resolved).When(Resolve()).ThenNothing();
        Whistles.Given(resolved).When(new ResolveCall(1, Words("已整段更换"), [])).ThenRefused("whistle.call.resolved");
        Whistles.Given(resolved).When(new ResolveCall(1, Words("已更换管段"), ["sha256:photo"])).ThenRefused("whistle.call.resolved");
        Whistles.Given(resolved).When(Resolve(), OtherOfficer).ThenRefused("whistle.call.resolved");

        Whistles.Given(Blown(), Routed(), Declined()).When(Decline()).ThenNothing();
        Whistles.Given(Blown(), Routed(), Declined()).When(Decline(proposed: River)).ThenRefused("whistle.call.declined");
        Whistles.Given(Blown(), Routed(), Declined()).When(Decline(), OtherOfficer).ThenRefused("whistle.call.declined");

        Whistles.Given(Blown(), Routed(), WithdrawnEvent()).When(Withdraw()).ThenNothing();
        Whistles.Given(Blown(), Routed(), WithdrawnEvent()).When(Withdraw(), Town.Secretary).ThenRefused("whistle.withdrawn");
        Whistles.Given(Blown(), Routed(), WithdrawnEvent()).When(new WithdrawWhistle(Words("已自行处理"))).ThenRefused("whistle.withdrawn");

        Whistles.Given(Blown(), Routed()).When(Route(), Town.Dispatcher).ThenNothing();
        Whistles.Given(Blown(), Routed()).When(new RouteCall(1, null, Words("请尽快"))).ThenRefused("whistle.called_already");
        Whistles.Given(Blown(), Routed(), Arrived(), Advised()).When(Advise()).Then(Advised());
    }

    [Fact]
    public void The_last_call_of_a_whistle_takes_a_repeat_as_any_other()
    {
        foreach (var units in (Unit[][])[[Water], [Water, Building]])
        {
            var whole = units.Length == 1 ? "whistle.ended" : "whistle.call.dropped";
            Whistles.Given(Blown(units), Dropped()).When(Drop()).ThenNothing();
            Whistles.Given(Blown(units), Dropped()).When(Drop(), Center).ThenRefused(whole);
            Whistles.Given(Blown(units), Dropped()).When(new DropCall(1, Words("已自行处理"))).ThenRefused(whole);

            var rated = (WhistleEvent[])[Blown(units), Routed(), Arrived(), Resolved(), CallRated()];
            Whistles.Given(rated).When(WhistleSample.Rate()).ThenNothing();
            Whistles.Given(rated).When(new RateCall(1, 4, FixResult.Fixed, null)).ThenRefused(units.Length == 1 ? "whistle.ended" : "whistle.call.rated");
        }

        Whistles.Given(Blown(), Routed(), Arrived(), Resolved(), CallRated(result: FixResult.NotFixed)).When(WhistleSample.Rate(result: FixResult.NotFixed)).ThenNothing();
        Whistles.Given(Blown(), Dropped(), WithdrawnEvent()).When(Drop()).ThenNothing();
    }

    [Fact]
    public void Of_texts_with_sealed_spans_nobody_can_say_whether_they_are_the_same()
    {
        var sealedText = new MarkedText("请打⟦1⟧", ["sealed:1:x"]);

        Whistles.Given(Blown(), Dropped() with { Reason = sealedText }).When(new DropCall(1, sealedText)).ThenRefused("whistle.call.dropped");
    }

    [Fact]
    public void A_call_waits_from_the_step_on_that_it_last_took()
    {
        WhistleEvent[] life = [Blown(), Routed(), Arrived(), Advised(), Advised(), Resolved(), CallRated(result: FixResult.NotFixed), Routed(to: River), Declined(unit: River)];
        int[] hours = [0, 1, 2, 3, 3, 5, 6, 7, 8];

        for (var step = 0; step < life.Length; step++)
            Call(Fold(life[..(step + 1)])).Since.ShouldBe(T0 + hours[step].Hours(), $"after step {step}");
        Call(Fold(life), 2).Since.ShouldBe(T0, "the other call waits for the center as before");
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
