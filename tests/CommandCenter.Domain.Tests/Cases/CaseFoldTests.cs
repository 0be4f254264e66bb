using CommandCenter.Domain.Cases;
using Case = CommandCenter.Domain.Cases.Case;
using CommandCenter.Domain.Deadlines;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

public class CaseFoldTests
{
    private static readonly CaseEvent[] Moves =
    [
        Reported(), PassedUp(), Settled(), CheckOrdered(), Checked(), Filed(), Refused(), Redirected(), Merged(), SplitUp(), Dispatched(), Claimed(), Returned(), Recalled(), SubtaskAdded(), Completed(),
        Verified(), ReworkOrdered(), Rated(), Closed(), Reopened(), TransferRequested(), TransferDeclined(),
    ];

    [Fact]
    public void An_event_that_no_decision_could_have_made_is_not_folded()
    {
        foreach (var (name, events) in CaseLives.States)
        {
            var state = Cases.Fold(events);
            var decidable = CaseLives.Commands
                .Select(way => CaseDecider.Decide(way.Command, state, way.By))
                .OfType<Decision<CaseEvent>.Emit>()
                .SelectMany(emit => emit.Events)
                .Select(happened => happened.GetType())
                .ToHashSet();
            foreach (var move in Moves.Where(move => !decidable.Contains(move.GetType())))
                Should.Throw<InvalidOperationException>(() => state.Apply(Cases.Fact(move, T0)), $"{move.GetType().Name} in {name}");
        }
    }

    [Fact]
    public void A_clock_does_not_start_in_a_finished_case()
    {
        var started = new CaseClockStarted(Clock.Handle, 2, T0, Urgency.Normal, new Limit(7, TimeUnit.NaturalDays), T0 + 7.Days(), "default-1");

        Should.Throw<InvalidOperationException>(() => Cases.Fold(Reported(), Refused(), started));
    }

    [Fact]
    public void A_clock_that_does_not_run_neither_stops_nor_climbs()
    {
        CaseEvent[] odd =
        [
            new CaseClockStopped(Clock.Handle, 1, T0, false),
            new CaseWarned(Clock.Handle, 1, "warning", T0, T0, T0, []),
            new CaseEscalated(Clock.Handle, 1, "overdue", EscalationLevel.Responsible, T0, T0, T0, []),
        ];
        foreach (var happened in odd)
            Should.Throw<InvalidOperationException>(() => Cases.Fold(Reported(), happened), happened.GetType().Name);
    }

    [Fact]
    public void A_claim_names_who_claimed_and_a_completion_who_completed()
    {
        var file = File(Cases.Fold(Reported(), Filed(), Dispatched(), Claimed(), Completed()));

        file.Assignment!.ClaimedBy.ShouldBe("handler");
        file.CompletedBy.ShouldBe("handler");
    }

    [Fact]
    public void A_return_leaves_the_case_without_a_post_but_remembers_the_round()
    {
        var file = File(Cases.Fold(Reported(), Filed(), Dispatched(), Claimed(), Returned()));

        file.Assignment.ShouldBeNull();
        file.Dispatches.ShouldBe(1);
    }

    [Fact]
    public void A_new_round_forgets_the_rating_and_the_completer_of_the_round_before()
    {
        var file = File(Cases.Fold(Reported(), Filed(), Dispatched(), Claimed(), Completed(), Verified(), Rated(FixResult.NotFixed), Dispatched(2)));

        file.Rating.ShouldBeNull();
        file.CompletedBy.ShouldBeNull();
        file.Assignment!.ClaimedBy.ShouldBeNull();
        file.Assignment.Round.ShouldBe(2);
    }

    [Fact]
    public void Every_stage_is_reached_by_some_life() =>
        CaseLives.States.Select(life => Cases.Fold(life.Events).Stage).Distinct().Order()
            .ShouldBe(Enum.GetValues<CaseStage>().Select(stage => (CaseStage?)stage).Prepend(null));

    private static CaseFile File(Case state) => state.ShouldBeAssignableTo<Case.Known>()!.File;
}
