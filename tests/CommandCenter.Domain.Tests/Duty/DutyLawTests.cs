using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Organization;
using FsCheck;
using FsCheck.Fluent;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>What must hold for a center that is staffed around the clock, whoever hands over, comes late, or does not come.</summary>
public class DutyLawTests
{
    private static readonly string[] People = ["operator", "colleague", "handler", "river-handler"];

    /// <param name="What">0–2 hand over, 3–5 accept, 6 take over, 7 reassign, 8 swap, 9 nothing.</param>
    public sealed record DutyMove(int Minutes, int What, int Shift, int Person);

    public sealed record DutyLife(IReadOnlyList<int> Hours, IReadOnlyList<int> Crew, IReadOnlyList<DutyMove> Moves)
    {
        public override string ToString() => $"shifts of [{string.Join(", ", Hours)}] hours by [{string.Join(", ", Crew.Select(one => People[one]))}]\n  {string.Join("\n  ", Moves)}";
    }

    private static Arbitrary<DutyLife> Any { get; } = Arb.From(
        from count in Gen.Choose(2, 8)
        from hours in Gen.ArrayOf(Gen.Elements(4, 8, 12, 24), count)
        from crew in Gen.ArrayOf(Gen.Choose(0, People.Length - 1), count)
        from length in Gen.Choose(0, 40)
        from moves in Gen.ArrayOf(
            from minutes in Gen.Elements(1, 15, 55, 180, 475, 725)
            from what in Gen.Choose(0, 9)
            from shift in Gen.Choose(0, 1)
            from person in Gen.Choose(0, People.Length - 1)
            select new DutyMove(minutes, what, shift, person), length)
        select new DutyLife(hours, crew, moves),
        life => Enumerable.Range(0, life.Moves.Count).Select(left => life with { Moves = [.. life.Moves.Where((_, index) => index != left)] }));

    [Fact]
    public void As_long_as_shifts_follow_each_other_somebody_is_on_duty_at_every_moment() => ForAll((roster, end, _) =>
    {
        for (var at = DutySample.Eight; at < end; at += 10.Minutes())
            roster.At(at).Where(on => on.Standing != DutyStanding.Awaited).ShouldNotBeEmpty($"{at:O}");
    });

    [Fact]
    public void A_shift_of_another_ends_only_when_somebody_accepts_or_takes_over_and_that_one_goes_on() => ForAll((roster, end, facts) =>
    {
        foreach (var shift in roster.Shifts.Values.Where(shift => shift.Relief is not null))
        {
            var relief = facts.Where(fact => fact.Event is DutyAccepted e && e.Shift == shift.Number || fact.Event is DutyTakenOver t && t.Shift == shift.Number).ShouldHaveSingleItem();
            relief.RecordedAt.ShouldBe(shift.Relief!.At);
            roster.StandingOf(shift, shift.Relief.At).ShouldBeNull();
            roster.Find(shift.Relief.To)!.StartedAt.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(shift.Relief.At);
        }

        foreach (var shift in roster.Shifts.Values.Where(shift => shift.Relief is null && roster.NeedsRelief(shift) && shift.To <= end))
        {
            var gone = roster.Following(shift).Max(next => next.Relief is { } relief && relief.At < next.To ? relief.At : next.To);
            if (gone > shift.To)
                roster.StandingOf(shift, gone.AddTicks(-1)).ShouldBe(DutyStanding.HeldOver);
            roster.StandingOf(shift, gone).ShouldBeNull();
        }
    });

    [Fact]
    public void Of_shifts_that_follow_each_other_no_more_than_one_is_held_over_and_none_outlasts_the_roster() => ForAll((roster, end, _) =>
    {
        for (var at = DutySample.Eight; at < end; at += 10.Minutes())
            roster.At(at).Count(on => on.Standing == DutyStanding.HeldOver).ShouldBeLessThanOrEqualTo(1, $"{at:O}");
        roster.At(end).ShouldBeEmpty();
    });

    [Fact]
    public void Nobody_accepts_what_was_not_handed_to_them_and_nobody_hands_over_what_is_not_theirs() => ForAll((_, _, facts) =>
    {
        var roster = Roster.None;
        foreach (var fact in facts)
        {
            switch (fact.Event)
            {
                case DutyHandedOver e:
                    fact.By.Actor.ShouldBe(roster.Find(e.Shift)!.Person);
                    break;
                case DutyAccepted e:
                    fact.By.Actor.ShouldBe(roster.Find(e.To)!.Person);
                    roster.Find(e.Shift)!.HandOver.ShouldNotBeNull().To.ShouldBe(e.To);
                    break;
            }

            roster = roster.Apply(fact);
        }
    });

    [Fact]
    public void Who_is_on_duty_changes_only_at_the_instants_that_the_roster_names() => ForAll((roster, end, _) =>
    {
        var at = DutySample.Eight - 1.Hours();
        while (roster.NextChange(at) is { } next && next < end)
        {
            var between = at + ((next - at) / 2);
            roster.At(between).ShouldBe(roster.At(at), $"{between:O}");
            at = next;
        }
    });

    private static void ForAll(Action<Roster, DateTimeOffset, IReadOnlyList<Fact<DutyEvent>>> law) => Laws.ForAll(100, 2_000, (20261130, 1301), Any, life =>
    {
        var (facts, end) = Live(life);
        law(Roster.Fold(facts), end, facts);
    });

    private static (IReadOnlyList<Fact<DutyEvent>> Facts, DateTimeOffset End) Live(DutyLife life)
    {
        List<ShiftPlan> plan = [];
        var from = DutySample.Eight;
        foreach (var (hours, who) in life.Hours.Zip(life.Crew))
        {
            plan.Add(new ShiftPlan(plan.Count + 1, People[who], from, from + hours.Hours(), DutyRole.Operator));
            from += hours.Hours();
        }

        List<Fact<DutyEvent>> facts = [];
        var roster = Roster.None;
        var now = DutySample.PlannedAt;
        Do(new PlanDuty(plan, false, false, now), DutySample.Planner);
        roster.Shifts.Count.ShouldBe(plan.Count);
        now = DutySample.Eight;
        foreach (var move in life.Moves)
        {
            now += move.Minutes.Minutes();
            // Of the shifts that are not over the first or the second.
            if (roster.Shifts.Values.Where(shift => shift.Relief is null).Skip(move.Shift).FirstOrDefault() is not { } shift)
                continue;
            var by = DutySample.Of(People[move.Person]);
            Do(move.What switch
            {
                <= 2 => new HandOverDuty(shift.Number, null, Words(), [], now),
                <= 5 => new AcceptDuty(shift.Number, null, now),
                6 => new TakeOverDuty(shift.Number, null, Words(), now),
                7 => new ReassignDuty(shift.Number, People[move.Person], null, now),
                8 => new SwapDuty(shift.Number, shift.Number + 1, now),
                _ => null,
            }, move.What >= 7 ? DutySample.Planner : by);
        }

        return (facts, from);

        void Do(DutyCommand? command, By by)
        {
            if (command is null || DutyDecider.Decide(command, roster, by) is not Decision<DutyEvent>.Emit emit)
                return;
            foreach (var happened in emit.Events)
            {
                facts.Add(new Fact<DutyEvent>(happened, by, now, now));
                roster = roster.Apply(facts[^1]);
            }
        }
    }
}
