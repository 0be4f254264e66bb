using System.Text;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.DutySample;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

public class DutyTests
{
    private static IReadOnlyList<(string State, Roster Roster)> States { get; } =
    [
        ("Nothing planned", Roster.None),
        ("A day planned 已排班", After()),
        ("Handed over 已交班", After(HandedOver())),
        ("Accepted 已接班", Fold((Planned(), "dispatcher", PlannedAt), (HandedOver(), "operator", Four), (new DutyAccepted(Morning, Late), "colleague", Four))),
        ("Taken over 已直接接班", Fold((Planned(), "dispatcher", PlannedAt), (new DutyTakenOver(Morning, Late, Words()), "colleague", Four))),
        ("Held over 到点未接班", After(new DutyHeldOver(Morning, Late))),
        ("The next shift is the same person's", After(new DutyReassigned(Late, "operator"))),
        ("The next shift was cancelled", After(new DutyCancelled([Late], [new DutyGap(DutyRole.Operator, Four, Midnight)]))),
    ];

    /// <summary>Given as the morning's shift ends.</summary>
    internal static IReadOnlyList<(string Way, DutyCommand Command, By By)> Commands { get; } =
    [
        ("plan: the next day", ToPlan(Next("operator", 0, 8), Next("colleague", 8, 16), Next("handler", 16, 24), new ShiftPlan(4, "town-leader", Eight + 24.Hours(), Eight + 48.Hours(), DutyRole.Lead)), Planner),
        ("plan: with a gap", ToPlan(Next("operator", 4, 8)), Planner),
        ("plan: with a gap, on purpose", ToPlan(Next("operator", 4, 8)) with { Gaps = true }, Planner),
        ("plan: replacing the night", ToPlan(new ShiftPlan(1, "colleague", Midnight, Eight + 24.Hours(), DutyRole.Operator)) with { Replaces = true }, Planner),
        ("plan: nothing", ToPlan(), Planner),
        ("plan: too much", ToPlan([.. Enumerable.Range(0, DutyDecider.MostShifts + 1).Select(n => Next("operator", n, n + 1))]), Planner),
        ("plan: mistakes in its lines", ToPlan(Next("operator", 8, 0), Next("operator", 0, 25), new ShiftPlan(3, "operator", Eight - 24.Hours(), Eight - 16.Hours(), DutyRole.Operator), Next("operator", 401 * 24, 401 * 24 + 8), Next("handler", 0, 8), Next("handler", 4, 12)), Planner),
        ("reassign: the night", new ReassignDuty(Night, "colleague-2", null, Four), Planner),
        ("reassign: the running shift", new ReassignDuty(Morning, "colleague-2", null, Four), Planner),
        ("reassign: a shift that is over", new ReassignDuty(Morning, "colleague-2", null, Eight + 30.Hours()), Planner),
        ("reassign: to the same", new ReassignDuty(Night, "handler", null, Four), Planner),
        ("reassign: to somebody busy", new ReassignDuty(Night, "town-leader", null, Four), Planner),
        ("reassign: another", new ReassignDuty(99, "operator", null, Four), Planner),
        ("swap: late and night", new SwapDuty(Late, Night, Four - 1.Hours()), Planner),
        ("swap: the running one", new SwapDuty(Morning, Night, Four), Planner),
        ("swap: with itself", new SwapDuty(Night, Night, Four), Planner),
        ("swap: with the lead's", new SwapDuty(Night, Lead, Eight - 1.Hours()), Planner),
        ("swap: another", new SwapDuty(Night, 99, Four), Planner),
        ("cancel: the night", new CancelDuty([Night], false, Four), Planner),
        ("cancel: the night and the gap it leaves before the next", new CancelDuty([Late], false, Eight), Planner),
        ("cancel: late, on purpose", new CancelDuty([Late], true, Eight), Planner),
        ("cancel: the running one", new CancelDuty([Morning], true, Four), Planner),
        ("cancel: another", new CancelDuty([99], true, Four), Planner),
        ("hand-over: by whose shift it is", new HandOverDuty(Morning, null, Words(), [Matter], Four), Of("operator")),
        ("hand-over: to the one named", new HandOverDuty(Morning, Late, Words(), [], Four), Of("operator")),
        ("hand-over: to one that does not follow", new HandOverDuty(Morning, Night, Words(), [], Four), Of("operator")),
        ("hand-over: in the morning", new HandOverDuty(Morning, null, Words(), [], Eight), Of("operator")),
        ("hand-over: by another", new HandOverDuty(Morning, null, Words(), [], Four), Of("colleague")),
        ("hand-over: in their place", new HandOverDuty(Morning, null, Words(), [], Four), new By("dispatcher", Role.CenterOperator, Town.Code, "operator")),
        ("hand-over: of another", new HandOverDuty(99, null, Words(), [], Four), Of("operator")),
        ("hand-over: of the last", new HandOverDuty(Night, null, Words(), [], Eight + 24.Hours()), Of("handler")),
        ("accept: by who follows", new AcceptDuty(Morning, null, Four), Of("colleague")),
        ("accept: by another", new AcceptDuty(Morning, null, Four), Of("handler")),
        ("accept: of another", new AcceptDuty(99, null, Four), Of("colleague")),
        ("take-over: by who follows", new TakeOverDuty(Morning, null, Words(), Four), Of("colleague")),
        ("take-over: for who follows, by who plans", new TakeOverDuty(Morning, null, Words(), Four), Planner),
        ("take-over: by another", new TakeOverDuty(Morning, null, Words(), Four), Of("handler")),
        ("take-over: for one that does not follow", new TakeOverDuty(Morning, Night, Words(), Four), Planner),
        ("take-over: in the morning", new TakeOverDuty(Morning, null, Words(), Eight), Of("colleague")),
        ("hand-over: when the next is gone too", new HandOverDuty(Morning, null, Words(), [], Midnight), Of("operator")),
        ("accept: when one is gone oneself", new AcceptDuty(Morning, null, Midnight), Of("colleague")),
        ("take-over: when the next is gone too", new TakeOverDuty(Morning, null, Words(), Midnight), Planner),
        ("plan: somebody who is on duty elsewhere", Elsewhere(ToPlan(Next("operator", 0, 8))), Planner),
        ("reassign: to somebody who is on duty elsewhere", Elsewhere(new ReassignDuty(Night, "colleague-2", null, Four)), Planner),
        ("swap: with somebody who is on duty elsewhere", Elsewhere(new SwapDuty(Late, Night, Four - 1.Hours())), Planner),
        ("take-over: of another", new TakeOverDuty(99, null, Words(), Four), Of("colleague")),
    ];

    [Fact]
    public void Every_command_has_one_outcome_in_every_state()
    {
        var page = new StringBuilder("# What may happen to a duty roster\n\nThree operators (8–16, 16–24, 24–8) and a lead around the clock; commands are given as the first shift ends.\nEvery state × every command: the events, *nothing* for a repeat, or the code of the refusal.\n");
        foreach (var (name, roster) in States)
        {
            page.Append($"\n## {name}\n\n| command | outcome |\n|---|---|\n");
            foreach (var (way, command, by) in Commands)
                page.Append($"| {way} | {TaskDeciderTests.Outcome(DutyDecider.Decide(command, roster, by))} |\n");
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
    }

    [Fact]
    public void Every_refusal_code_is_reachable_in_both_languages_and_no_other_is_given()
    {
        var refusals = (from state in States
                        from command in Commands
                        let decision = DutyDecider.Decide(command.Command, state.Roster, command.By)
                        where decision is Decision<DutyEvent>.Refuse
                        select ((Decision<DutyEvent>.Refuse)decision).Refusal).ToList();

        refusals.Select(refusal => refusal.Code).Distinct().Order(StringComparer.Ordinal).ShouldBe(DutyRefusals.All.Keys.Order(StringComparer.Ordinal));
        refusals.SelectMany(refusal => refusal.Lines ?? []).Select(line => line.Code).Append("duty.line.no_lead").Distinct().Order(StringComparer.Ordinal).ShouldBe(DutyRefusals.AllLines.Keys.Order(StringComparer.Ordinal));
        DutyRefusals.All.Concat(DutyRefusals.AllLines).Select(row => row.Value).ShouldAllBe(words => words.Zh.Any(letter => letter >= '\u4e00' && letter <= '\u9fff') && words.En.All(letter => letter < 128));
    }

    [Fact]
    public void What_is_decided_can_be_folded()
    {
        foreach (var (_, roster) in States)
        {
            foreach (var (_, command, by) in Commands)
            {
                if (DutyDecider.Decide(command, roster, by) is Decision<DutyEvent>.Emit emit)
                    Should.NotThrow(() => emit.Events.Aggregate(roster, (state, happened) => state.Apply(new Fact<DutyEvent>(happened, by, Four, Four))));
            }
        }

        Should.Throw<InvalidOperationException>(() => After(new DutyAccepted(Morning, Late)));
        Should.Throw<InvalidOperationException>(() => After(Planned()));
    }

    [Fact]
    public void Each_role_may_do_its_part_at_its_own_place_only()
    {
        string[] commands = ["plan", "reassign", "swap", "cancel", "hand-over", "accept", "take-over"];
        var page = new StringBuilder($"# Who may do what with a duty roster\n\nOf the town, and of the district. Whose shift it is, is another question (see what may happen to a duty roster).\n");
        foreach (var (title, place) in ((string, AreaCode)[])[("The town's", Town.Code), ("The district's", Town.District)])
        {
            page.Append($"\n## {title}\n\n| role | place | read | hand-overs | {string.Join(" | ", commands)} |\n|{string.Concat(Enumerable.Repeat("---|", 4 + commands.Length))}\n");
            foreach (var role in Enum.GetValues<Role>())
            {
                foreach (var (name, seat) in Seats(role))
                {
                    var caller = Town.As("x", role, seat);
                    page.Append($"| {role} | {name} | {Mark(DutyAccess.MaySee(caller, place))} | {Mark(DutyAccess.MaySeeHandOvers(caller, place))} | {string.Join(" | ", commands.Select(command => Mark(DutyAccess.May(caller, command, place))))} |\n");
                }
            }
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));

        static IEnumerable<(string, AreaCode)> Seats(Role role) => role switch
        {
            Role.GridWorker => [("own grid", Town.Grid), ("a grid of another town", Town.NeighbourGrid)],
            Role.YardHead or Role.YardStaff => [("own yard", Town.Yard)],
            Role.VillageSecretary => [("own village", Town.Village)],
            Role.Resident or Role.DistrictSupervisor => [("district", Town.District)],
            Role.Office or Role.Administrator or Role.Department => [("own town", Town.Code), ("another town", Town.OtherTown), ("district", Town.District)],
            _ => [("own town", Town.Code), ("another town", Town.OtherTown)],
        };

        static string Mark(bool may) => may ? "yes" : "–";
    }

    [Fact]
    public void Who_is_on_duty_follows_the_hand_overs_and_not_the_clock_alone()
    {
        var early = Four - 20.Minutes();
        var roster = Fold((Planned(), "dispatcher", PlannedAt), (HandedOver(), "operator", early - 1.Minutes()), (new DutyAccepted(Morning, Late), "colleague", early));

        OnDuty(roster, Eight - 1.Minutes()).ShouldBeEmpty();
        OnDuty(roster, Eight).ShouldBe([("operator", DutyStanding.OnDuty), ("town-leader", DutyStanding.OnDuty)]);
        OnDuty(roster, early - 1.Minutes()).ShouldBe([("operator", DutyStanding.OnDuty), ("town-leader", DutyStanding.OnDuty)]);
        OnDuty(roster, early).ShouldBe([("colleague", DutyStanding.OnDuty), ("town-leader", DutyStanding.OnDuty)]);
        // Nobody has accepted from the late shift: it stays, and the night is awaited.
        OnDuty(roster, Midnight + 1.Minutes()).ShouldBe([("town-leader", DutyStanding.OnDuty), ("colleague", DutyStanding.HeldOver), ("handler", DutyStanding.Awaited)]);
        // After the last shift of the plan nobody follows, so it ends by itself, and with it the late one that waited for it.
        OnDuty(roster, Eight + 24.Hours()).ShouldBeEmpty();
    }

    [Fact]
    public void A_hand_over_that_was_forgotten_ends_with_the_shift_after_it_and_one_take_over_ends_the_one_before()
    {
        List<PlannedShift> shifts = [.. Enumerable.Range(0, 21).Select(n => new PlannedShift(n + 1, $"p{n % 7}", Eight + (8 * n).Hours(), Eight + (8 * (n + 1)).Hours(), DutyRole.Operator))];
        var roster = Fold((new DutyPlanned(shifts), "dispatcher", PlannedAt));
        var now = shifts[^1].From + 1.Hours();

        OnDuty(roster, now).ShouldBe([("p5", DutyStanding.HeldOver), ("p6", DutyStanding.Awaited)]);
        DutyDecider.Decide(new TakeOverDuty(1, null, Words(), now), roster, Planner).ShouldBeOfType<Decision<DutyEvent>.Refuse>().Refusal.Code.ShouldBe("duty.over");
        var taken = (Decision<DutyEvent>.Emit)DutyDecider.Decide(new TakeOverDuty(20, null, Words(), now), roster, Of("p6"));
        OnDuty(taken.Events.Aggregate(roster, (state, happened) => state.Apply(new Fact<DutyEvent>(happened, Of("p6"), now, now))), now).ShouldBe([("p6", DutyStanding.OnDuty)]);
        OnDuty(roster, now + 50.Days()).ShouldBeEmpty();
    }

    [Fact]
    public void An_hour_after_a_shift_ended_with_nobody_to_go_on_those_above_are_told_once()
    {
        var reaction = DutyNotices.OnTimer(Town.Code, After(), DutyNotices.TimerOf(Morning), Four, Town.Organization, Sample.Plan);
        reaction.Timers.ShouldHaveSingleItem().ShouldBe(new SagaTimer(DutyNotices.HeldTimerOf(Morning), 1, Four + 1.Hours()));

        var climbed = OnHeld(After(new DutyHeldOver(Morning, Late)));
        climbed.Events.ShouldBe([new DutyHeldOver(Morning, Late, true)]);
        // The town's leader leads this day and has known for an hour.
        climbed.Notices.Select(notice => notice.Person).ShouldBe(["colleague", "supervisor"]);
        OnHeld(After(new DutyHeldOver(Morning, Late), new DutyHeldOver(Morning, Late, true))).IsEmpty.ShouldBeTrue();
        OnHeld(Fold((Planned(), "dispatcher", PlannedAt), (new DutyHeldOver(Morning, Late), "system", Four), (new DutyTakenOver(Morning, Late, Words()), "colleague", Four + 5.Minutes()))).IsEmpty.ShouldBeTrue();

        static Reaction<DutyEvent> OnHeld(Roster roster) => DutyNotices.OnTimer(Town.Code, roster, DutyNotices.HeldTimerOf(Morning), Four + 1.Hours(), Town.Organization, Sample.Plan);
    }

    [Fact]
    public void A_shift_that_nobody_accepted_is_handed_over_late_and_the_past_is_told_as_it_was()
    {
        var late = Four + 2.Hours();
        var roster = Fold((Planned(), "dispatcher", PlannedAt), (new DutyHeldOver(Morning, Late), "system", Four), (HandedOver(), "operator", late - 1.Minutes()), (new DutyAccepted(Morning, Late), "colleague", late));

        OnDuty(roster, Four + 1.Hours()).ShouldBe([("town-leader", DutyStanding.OnDuty), ("operator", DutyStanding.HeldOver), ("colleague", DutyStanding.Awaited)]);
        OnDuty(roster, late).ShouldBe([("colleague", DutyStanding.OnDuty), ("town-leader", DutyStanding.OnDuty)]);
        roster.Find(Morning)!.HandOver!.Open.ShouldBe([Matter]);
    }

    [Fact]
    public void Whoever_goes_on_needs_no_hand_over_and_of_two_each_hands_over_by_themselves()
    {
        OnDuty(After(new DutyReassigned(Late, "operator")), Four + 1.Hours()).ShouldBe([("operator", DutyStanding.OnDuty), ("town-leader", DutyStanding.OnDuty)]);

        var pair = Planned(new PlannedShift(5, "second", Eight, Four, DutyRole.Operator), new PlannedShift(6, "third", Four, Midnight, DutyRole.Operator));
        var roster = Fold((pair, "dispatcher", PlannedAt), (HandedOver(Morning, Late), "operator", Four), (new DutyAccepted(Morning, Late), "colleague", Four));
        OnDuty(roster, Four + 1.Minutes()).ShouldBe(
            [("colleague", DutyStanding.OnDuty), ("town-leader", DutyStanding.OnDuty), ("second", DutyStanding.HeldOver), ("third", DutyStanding.Awaited)]);
    }

    [Fact]
    public void A_shift_planned_after_another_had_ended_does_not_hold_that_one_over()
    {
        var roster = Fold((Planned(), "dispatcher", PlannedAt), (new DutyCancelled([Late], []), "dispatcher", PlannedAt), (new DutyPlanned([new PlannedShift(5, "colleague", Four, Midnight, DutyRole.Operator)]), "dispatcher", Four + 2.Hours()));

        OnDuty(roster, Four + 3.Hours()).ShouldBe([("town-leader", DutyStanding.OnDuty), ("colleague", DutyStanding.OnDuty)]);
    }

    [Fact]
    public void Given_to_somebody_else_in_its_time_a_shift_is_that_ones_from_then_on()
    {
        var noon = Eight + 4.Hours();
        var roster = Fold((Planned(), "dispatcher", PlannedAt), (new DutyReassigned(Morning, "second"), "dispatcher", noon));

        OnDuty(roster, noon - 1.Minutes())[0].ShouldBe(("operator", DutyStanding.OnDuty));
        OnDuty(roster, noon)[0].ShouldBe(("second", DutyStanding.OnDuty));
    }

    [Fact]
    public void At_a_shifts_end_the_lead_and_whoever_is_awaited_are_told_once_and_only_if_nobody_accepted()
    {
        var reaction = OnEnd(After());
        reaction.Events.ShouldBe([new DutyHeldOver(Morning, Late)]);
        reaction.Notices.Select(notice => (notice.Person, notice.Sent.Kind, notice.Sent.Subject)).ShouldBe([("colleague", NoticeKind.DutyHeldOver, $"duty:{Town.Code}"), ("town-leader", NoticeKind.DutyHeldOver, $"duty:{Town.Code}")]);

        OnEnd(After(new DutyHeldOver(Morning, Late))).IsEmpty.ShouldBeTrue();
        OnEnd(After(HandedOver(), new DutyAccepted(Morning, Late))).IsEmpty.ShouldBeTrue();
        OnEnd(After(new DutyReassigned(Late, "operator"))).IsEmpty.ShouldBeTrue();
        OnEnd(After(new DutyCancelled([Late], []))).IsEmpty.ShouldBeTrue();

        static Reaction<DutyEvent> OnEnd(Roster roster) => DutyNotices.OnTimer(Town.Code, roster, DutyNotices.TimerOf(Morning), Four, Town.Organization, Sample.Plan);
    }

    [Fact]
    public void Planning_sets_a_timer_at_the_end_of_each_shift_and_tells_each_person_once()
    {
        var reaction = DutyNotices.React(Town.Code, After(), [Planned()], PlannedAt, Town.Organization, Sample.Plan);

        reaction.Timers.Select(timer => (timer.Name, timer.DueAt)).ShouldBe([("end/1", Four), ("end/2", Midnight), ("end/3", Eight + 24.Hours()), ("end/4", Eight + 24.Hours())]);
        reaction.Notices.Select(notice => notice.Person).ShouldBe(["operator", "colleague", "handler", "town-leader"]);
        DutyNotices.React(Town.Code, After(new DutyCancelled([Late])), [new DutyCancelled([Late])], PlannedAt, Town.Organization, Sample.Plan).Timers.ShouldHaveSingleItem().DueAt.ShouldBeNull();
    }

    private static IReadOnlyList<(string, DutyStanding)> OnDuty(Roster roster, DateTimeOffset at) => [.. roster.At(at).Select(on => (on.Person, on.Standing))];

    private static PlanDuty ToPlan(params ShiftPlan[] shifts) => new([.. shifts.Select((shift, index) => shift with { Line = index + 1 })], false, false, Four);

    /// <summary>The same, where all of these people are on duty in another town too.</summary>
    private static DutyCommand Elsewhere(DutyCommand command) =>
        command with { Elsewhere = [.. ((string[])["operator", "colleague", "handler", "colleague-2"]).Select(person => new OtherShift(person, Eight, Eight + 72.Hours()))] };

    private static ShiftPlan Next(string person, int from, int to) => new(1, person, Eight + (24 + from).Hours(), Eight + (24 + to).Hours(), DutyRole.Operator);
}
