using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using static CommandCenter.Domain.Tests.Sample;
using static CommandCenter.Domain.Tests.WhistleSample;

namespace CommandCenter.Domain.Tests;

/// <summary>What is not answered climbs: routed in ten minutes, on the spot in an hour, advised on in a working day, each by the ladder of the policy, once a step, caught up in order after downtime.</summary>
public class WhistleLadderTests
{
    private static readonly OrganizationDirectory Organization = Town.With(added: [Town.Holder("district-leader", new RoleAt(Role.DistrictLeader, Town.District))]);
    private static readonly WhistleCounting Counting = new(_ => Policy.Whistles!, Policies.Calendar.At(Town.Code, Town.Organization.TimeZone));

    [Fact]
    public void Every_call_waits_for_the_center_and_each_climbs_by_itself()
    {
        Timers(Blown()).ShouldBe([new SagaTimer("1/0", 1, T0 + 10.Minutes()), new SagaTimer("2/0", 1, T0 + 10.Minutes())]);
        Timers(Blown(), Routed()).ShouldBe([new SagaTimer("1/0", 1, null), new SagaTimer("1/0", 2, T0 + 1.Hours() + 45.Minutes())], "the one that was routed, an hour later");
        Timers(Blown(), Dropped(2)).ShouldBe([new SagaTimer("2/0", 1, null)]);
        Timers(Blown(), Routed(), WithdrawnEvent()).ShouldBe([new SagaTimer("1/0", 2, null), new SagaTimer("2/0", 1, null)]);
        Timers(Blown(), Routed(), Arrived(), Advised()).ShouldBe([new SagaTimer("1/0", 3, null)], "what is advised on has no further limit");
        Timers(Blown(), Routed(), Arrived(), Advised(), Advised()).ShouldBeEmpty("a further opinion is no further wait");
        Timers(Blown(), CalledMore()).ShouldBe([new SagaTimer("3/0", 1, T0 + 1.Hours() + 10.Minutes())]);
    }

    [Fact]
    public void A_center_that_does_not_route_in_ten_minutes_is_told_then_its_dispatcher_then_the_towns_leader()
    {
        var life = new Life([Blown(Water)]);
        life.Fire("1/0", 1, T0 + 10.Minutes()).ShouldBe((WhistleLevel.Responsible, "operator", NoticeKind.WhistleOverdue));
        life.Fire("1/1", 1, T0 + 20.Minutes()).ShouldBe((WhistleLevel.Lead, "dispatcher", NoticeKind.WhistleOverdue));
        life.Fire("1/2", 1, T0 + 40.Minutes()).ShouldBe((WhistleLevel.TownLeader, "town-leader", NoticeKind.WhistleOverdue));
        life.Ahead.ShouldBeEmpty();
        Call(life.State).ShouldSatisfyAllConditions(call => call.Level.ShouldBe(WhistleLevel.TownLeader), call => call.Stage.ShouldBe(CallStage.Called), call => call.Last.ShouldBeNull());
    }

    [Fact]
    public void A_department_that_does_not_come_in_an_hour_is_warned_told_and_climbs_to_its_leader_in_charge_the_town_and_the_district()
    {
        var life = new Life([Blown(Water), Routed()]);
        var routed = T0 + 1.Hours();
        life.Fire("1/0", 2, routed + 45.Minutes()).ShouldBe((null, "water-officer", NoticeKind.WhistleDue));
        life.Fire("1/1", 2, routed + 60.Minutes()).ShouldBe((WhistleLevel.Responsible, "water-officer", NoticeKind.WhistleOverdue));
        life.Fire("1/2", 2, routed + 90.Minutes()).ShouldBe((WhistleLevel.Lead, "district-leader", NoticeKind.WhistleOverdue));
        life.Fire("1/3", 2, routed + 180.Minutes()).ShouldBe((WhistleLevel.TownLeader, "town-leader", NoticeKind.WhistleOverdue));
        life.Fire("1/4", 2, routed + 300.Minutes()).ShouldBe((WhistleLevel.District, "supervisor", NoticeKind.WhistleOverdue));
        // Once it is there the next limit begins, with a ladder of its own.
        life.Happens(Arrived(), routed + 6.Hours());
        Call(life.State).ShouldSatisfyAllConditions(call => call.Level.ShouldBeNull(), call => call.NextStep.ShouldBe(0), call => call.Clock.ShouldBe(WhistleClock.Advise));
        Fired(life, "1/5", 2, routed + 7.Hours()).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void A_post_climbs_to_the_lead_of_its_sector()
    {
        var life = new Life([Blown(Building), Routed(to: Building)]);
        var routed = T0 + 1.Hours();
        life.Fire("1/0", 2, routed + 45.Minutes());
        life.Fire("1/1", 2, routed + 60.Minutes());
        life.Fire("1/2", 2, routed + 90.Minutes()).Person.ShouldBe(Town.Organization.WhoIsToldFor(Role.SectorLead, Town.Code, post: Building.Code)[0].Person);
    }

    [Fact]
    public void Steps_missed_in_a_standstill_are_taken_in_order_with_when_they_were_due_and_an_overtaken_warning_is_told_to_nobody()
    {
        var back = T0 + 1.Days();
        var state = Fold(Blown(Water), Routed());
        List<(string Step, DateTimeOffset Due, DateTimeOffset Fired, int Told)> taken = [];
        var next = Timers(Blown(Water), Routed()).Single(timer => timer.DueAt is not null);
        while (next is not null)
        {
            var reaction = WhistleSaga.OnTimer(WhistleId, state, next.Name, next.Attempt, next.DueAt!.Value, back, Counting, Organization, Plan);
            var happened = reaction.Events.ShouldHaveSingleItem().ShouldBeOfType<WhistleStepTaken>();
            taken.Add((happened.Step, happened.StepDueAt, happened.FiredAt, happened.Told.Count));
            reaction.Notices.ShouldAllBe(notice => notice.Sent.MissedAt == happened.StepDueAt);
            // The same timer, fired again by another node, decides nothing.
            state = state.Apply(new Fact<WhistleEvent>(happened, WhistleNotices.Engine(Town.Code), back, back));
            WhistleSaga.OnTimer(WhistleId, state, next.Name, next.Attempt, next.DueAt!.Value, back, Counting, Organization, Plan).IsEmpty.ShouldBeTrue();
            next = reaction.Timers.SingleOrDefault();
        }

        var routed = T0 + 1.Hours();
        taken.ShouldBe([
            ("warning", routed + 45.Minutes(), back, 0), ("overdue", routed + 60.Minutes(), back, 1), ("lead", routed + 90.Minutes(), back, 1),
            ("town-leader", routed + 180.Minutes(), back, 1), ("district", routed + 300.Minutes(), back, 1)]);
    }

    [Fact]
    public void What_was_answered_or_waits_for_something_else_is_not_climbed_for()
    {
        foreach (var events in (WhistleEvent[][])[[Blown(Water), Routed()], [Blown(Water), Dropped()], [Blown(Water), WithdrawnEvent()], [Blown(Water), Routed(), Declined()]])
            WhistleSaga.OnTimer(WhistleId, Fold(events), "1/0", 1, T0 + 10.Minutes(), T0 + 5.Hours(), Counting, Organization, Plan).IsEmpty.ShouldBeTrue(events[^1].GetType().Name);
        // Sent back, it waits for the center anew, from when it came back.
        Timers(Blown(Water), Routed(), Declined()).ShouldContain(new SagaTimer("1/0", 3, T0 + 2.Hours() + 10.Minutes()));
    }

    [Fact]
    public void The_first_opinion_is_counted_in_working_time_and_over_the_weekend_nobody_is_late()
    {
        var friday = T0 + 4.Days() + 6.Hours();
        var state = Whistle.Fold([Fact(Blown(Water), friday), Fact(Routed(), friday), Fact(Arrived(), friday)]);
        var timer = WhistleSaga.Timers(state, [Arrived()], Counting).Single(one => one.DueAt is not null);
        var due = Counting.DueAt(Call(state)).ShouldNotBeNull();
        due.ShouldBe(friday + 3.Days());
        timer.DueAt!.Value.ShouldBe(Counting.Time.After(due, new Limit(-120, TimeUnit.WorkingMinutes)));
    }

    [Fact]
    public void A_policy_without_a_ladder_measures_and_lets_nothing_climb()
    {
        var rules = Policy.Whistles!;
        var silent = Counting with { Rules = _ => rules with { Route = rules.Route with { Ladder = null } } };
        WhistleSaga.Timers(Fold(Blown()), [Blown()], silent).ShouldBeEmpty();
    }

    private static IReadOnlyList<SagaTimer> Timers(params WhistleEvent[] events) => WhistleSaga.Timers(Fold(events), [events[^1]], Counting);

    private static Reaction<WhistleEvent> Fired(Life life, string timer, int attempt, DateTimeOffset at) =>
        WhistleSaga.OnTimer(WhistleId, life.State, timer, attempt, at, at, Counting, Organization, Plan);

    /// <summary>A whistle whose first events happened an hour apart.</summary>
    private sealed class Life(WhistleEvent[] events)
    {
        private readonly List<Fact<WhistleEvent>> _facts = [.. events.Select((happened, index) => Fact(happened, T0 + index.Hours()))];

        public Whistle State => Whistle.Fold(_facts);

        public IReadOnlyList<SagaTimer> Ahead { get; private set; } = [];

        public void Happens(WhistleEvent happened, DateTimeOffset at) => _facts.Add(Fact(happened, at));

        /// <summary>What the timer let happen: to whom it climbed, who was told, and as what.</summary>
        public (WhistleLevel? Level, string Person, NoticeKind Kind) Fire(string timer, int attempt, DateTimeOffset at)
        {
            if (Ahead.Count > 0)
                Ahead.ShouldBe([new SagaTimer(timer, attempt, at)]);
            var reaction = Fired(this, timer, attempt, at);
            var taken = reaction.Events.ShouldHaveSingleItem().ShouldBeOfType<WhistleStepTaken>();
            (taken.StepDueAt, taken.FiredAt).ShouldBe((at, at));
            _facts.Add(new Fact<WhistleEvent>(taken, WhistleNotices.Engine(Town.Code), at, at));
            Ahead = reaction.Timers;
            var notice = reaction.Notices[0];
            (notice.Sent.Part, notice.Sent.DueAt, notice.Sent.MissedAt).ShouldBe((1, taken.DueAt, null));
            return (taken.Level, notice.Person, notice.Sent.Kind);
        }
    }
}
