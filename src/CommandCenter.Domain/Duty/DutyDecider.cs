using System.Globalization;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Duty;

/// <summary>What may happen to a center's roster: every state of a shift × every command, decided on purpose.</summary>
public static class DutyDecider
{
    /// <summary>The longest shift: nobody is on duty for more than a day and a night.</summary>
    public static readonly TimeSpan LongestShift = TimeSpan.FromHours(24);

    /// <summary>How long before its end a shift may be handed over: what is open then is what the other has to know.</summary>
    public static readonly TimeSpan HandOverAhead = TimeSpan.FromHours(1);

    /// <summary>How long a shift may be held over before those above hear of it.</summary>
    public static readonly TimeSpan ClimbsAfter = TimeSpan.FromHours(1);

    /// <summary>How far ahead a roster is planned at most: a later date is a slip of the pen.</summary>
    public static readonly TimeSpan FarthestAhead = TimeSpan.FromDays(400);

    /// <summary>The most shifts that are planned at once: three months of four people around the clock.</summary>
    public const int MostShifts = 1_200;

    public static Decision<DutyEvent> Decide(DutyCommand command, Roster state, By by) => command switch
    {
        PlanDuty c => Plan(c, state),

        ReassignDuty c => state.Find(c.Shift) switch
        {
            null => Refuse("duty.shift_unknown"),
            { } shift when state.IsOver(shift, c.At) => Refuse("duty.over"),
            { } shift when shift.Person == c.Person => Nothing,
            { } shift when IsTaken(state, c.Person, shift.From, shift.To, shift.Number) => Refuse("duty.overlap"),
            { } shift when IsElsewhere(c, c.Person, shift.From, shift.To) => Refuse("duty.elsewhere"),
            { } shift => Emit(new DutyReassigned(shift.Number, c.Person, c.Note)),
        },

        SwapDuty c => (state.Find(c.Shift), state.Find(c.With)) switch
        {
            (null, _) or (_, null) => Refuse("duty.shift_unknown"),
            ({ } one, { } other) when HasBegun(one, c.At) || HasBegun(other, c.At) => Refuse("duty.begun"),
            ({ } one, { } other) when one.Person == other.Person => Refuse("duty.same_person"),
            ({ } one, { } other) when IsTaken(state, other.Person, one.From, one.To, one.Number, other.Number) || IsTaken(state, one.Person, other.From, other.To, one.Number, other.Number) => Refuse("duty.overlap"),
            ({ } one, { } other) when IsElsewhere(c, other.Person, one.From, one.To) || IsElsewhere(c, one.Person, other.From, other.To) => Refuse("duty.elsewhere"),
            ({ } one, { } other) => Emit(new DutySwapped(one.Number, other.Number)),
        },

        CancelDuty c when c.Shifts.Any(number => state.Find(number) is null) => Refuse("duty.shift_unknown"),
        CancelDuty c when c.Shifts.Any(number => HasBegun(state.Find(number)!, c.At)) => Refuse("duty.begun"),
        CancelDuty c => NewGaps(state, state.Shifts.Values.Where(shift => !c.Shifts.Contains(shift.Number)).Select(Span), c.At) switch
        {
            { Count: > 0 } gaps when !c.Gaps => Refuse("duty.gap", [.. gaps.Select(Line)]),
            var gaps => Emit(new DutyCancelled([.. c.Shifts.Distinct().Order()], OrNull(gaps))),
        },

        HandOverDuty c => state.Find(c.Shift) switch
        {
            null => Refuse("duty.shift_unknown"),
            { } shift when !by.Is(shift.Person) => Refuse("duty.not_yours"),
            { Relief: not null } => Refuse("duty.relieved"),
            { } shift when c.At < shift.To - HandOverAhead => Refuse("duty.too_early"),
            { } shift when !state.NeedsRelief(shift) => Refuse("duty.nobody_follows"),
            { } shift when state.IsOver(shift, c.At) => Refuse("duty.over"),
            { } shift when c.To is { } named && state.Following(shift).All(next => next.Number != named) => Refuse("duty.does_not_follow"),
            { } shift => Emit(new DutyHandedOver(shift.Number, c.To ?? state.Following(shift).First().Number, c.Note, c.Open)),
        },

        AcceptDuty c => state.Find(c.Shift) switch
        {
            null => Refuse("duty.shift_unknown"),
            { Relief: { HandedOver: true } relief } when relief.By.Actor == by.Actor => Nothing,
            { Relief: not null } => Refuse("duty.relieved"),
            { HandOver: null } => Refuse("duty.not_handed_over"),
            { HandOver: { } given } when state.Find(given.To) is not { } next || !by.Is(next.Person) => Refuse("duty.not_for_you"),
            { } shift when state.IsOver(shift, c.At) => Refuse("duty.over"),
            { HandOver: { } given } shift => Emit(new DutyAccepted(shift.Number, given.To, c.Note)),
        },

        TakeOverDuty c => state.Find(c.Shift) switch
        {
            null => Refuse("duty.shift_unknown"),
            { Relief: { HandedOver: false } relief } when relief.By.Actor == by.Actor => Nothing,
            { Relief: not null } => Refuse("duty.relieved"),
            { } shift when !state.NeedsRelief(shift) => Refuse("duty.nobody_follows"),
            { } shift when state.IsOver(shift, c.At) => Refuse("duty.over"),
            { HandOver: { } given } when state.Find(given.To) is { } next && by.Is(next.Person) => Refuse("duty.handed_over"),
            { } shift when c.At < shift.To - HandOverAhead => Refuse("duty.too_early"),
            { } shift => TakeOver(c, state, shift, by),
        },

        _ => throw new InvalidOperationException($"{command.GetType().Name} is not decided."),
    };

    /// <summary>The shift's time is up: unless somebody has accepted it, its person stays, and that is said once.</summary>
    public static IReadOnlyList<DutyEvent> OnEnd(Roster state, int number, DateTimeOffset at) =>
        state.Find(number) is { Relief: null, HeldSince: null } shift && state.StandingOf(shift, at) == DutyStanding.HeldOver ? [new DutyHeldOver(number, AwaitedBy(shift, state))] : [];

    /// <summary>A shift is held over for an hour: those above are told, once.</summary>
    public static IReadOnlyList<DutyEvent> OnHeld(Roster state, int number, DateTimeOffset at) =>
        state.Find(number) is { Relief: null, HeldSince: not null, Climbed: false } shift && state.StandingOf(shift, at) == DutyStanding.HeldOver
            ? [new DutyHeldOver(number, AwaitedBy(shift, state), Climbed: true)]
            : [];

    private static int AwaitedBy(Shift shift, Roster state) => shift.HandOver is { } given && state.Find(given.To) is not null ? given.To : state.Following(shift).First().Number;

    /// <summary>Whether a role plans the roster, and decides where a shift was not handed over.</summary>
    public static bool Plans(Role role) => role is Role.Dispatcher or Role.TownLeader or Role.Office or Role.DistrictSupervisor or Role.Administrator;

    private static Decision<DutyEvent> TakeOver(TakeOverDuty c, Roster state, Shift shift, By by)
    {
        List<Shift> following = [.. state.Following(shift)];
        if (c.To is { } named && following.TrueForAll(next => next.Number != named))
            return Refuse("duty.does_not_follow");
        var to = following.Find(next => next.Number == c.To) ?? following.Find(next => by.Is(next.Person)) ?? following[0];
        return by.Is(to.Person) || Plans(by.Role) ? Emit(new DutyTakenOver(shift.Number, to.Number, c.Reason)) : Refuse("duty.not_for_you");
    }

    private static Decision<DutyEvent> Plan(PlanDuty c, Roster state)
    {
        if (c.Shifts.Count == 0)
            return Refuse("duty.empty");
        if (c.Shifts.Count > MostShifts)
            return Refuse("duty.too_many");

        var (from, to) = (c.Shifts.Min(shift => shift.From), c.Shifts.Max(shift => shift.To));
        List<Shift> dropped = c.Replaces ? [.. state.Shifts.Values.Where(shift => !HasBegun(shift, c.At) && shift.From >= from && shift.From < to)] : [];
        List<Shift> kept = [.. state.Shifts.Values.Except(dropped)];
        var lines = new List<RefusalLine>();
        for (var index = 0; index < c.Shifts.Count; index++)
        {
            var plan = c.Shifts[index];
            var code = plan switch
            {
                _ when plan.To <= plan.From => "duty.line.reversed",
                _ when plan.To - plan.From > LongestShift => "duty.line.too_long",
                _ when plan.To <= c.At => "duty.line.past",
                _ when plan.From > c.At + FarthestAhead => "duty.line.too_far",
                _ when kept.Exists(shift => shift.Person == plan.Person && shift.Relief is null && shift.Overlaps(plan.From, plan.To))
                    || c.Shifts.Take(index).Any(other => other.Person == plan.Person && other.From < plan.To && plan.From < other.To) => "duty.line.overlap",
                _ when IsElsewhere(c, plan.Person, plan.From, plan.To) => "duty.line.elsewhere",
                _ => null,
            };
            if (code is not null)
                lines.Add(DutyRefusals.Line(code, plan.Line));
        }

        if (lines.Count > 0)
            return Refuse("duty.not_plannable", lines);

        var gaps = NewGaps(state, kept.Select(Span).Concat(c.Shifts.Select(plan => (plan.Role, plan.From, plan.To))), c.At);
        if (gaps.Count > 0 && !c.Gaps)
            return Refuse("duty.gap", [.. gaps.Select(Line)]);
        var number = state.LastNumber;
        var planned = new DutyPlanned([.. c.Shifts.OrderBy(plan => plan.From).ThenBy(plan => plan.Line).Select(plan => new PlannedShift(++number, plan.Person, plan.From, plan.To, plan.Role))], OrNull(gaps));
        return dropped.Count == 0 ? Emit(planned) : new Decision<DutyEvent>.Emit([new DutyCancelled([.. dropped.Select(shift => shift.Number)]), planned]);
    }

    // What was left open before, and is not wider now, was decided before.
    private static IReadOnlyList<DutyGap> NewGaps(Roster state, IEnumerable<(DutyRole Role, DateTimeOffset From, DateTimeOffset To)> after, DateTimeOffset at)
    {
        var known = state.Gaps(at);
        return [.. Roster.GapsOf([.. after], at).Where(gap => !known.Any(old => old.Role == gap.Role && old.From <= gap.From && gap.To <= old.To))];
    }

    private static (DutyRole Role, DateTimeOffset From, DateTimeOffset To) Span(Shift shift) => (shift.Role, shift.From, shift.To);

    private static bool HasBegun(Shift shift, DateTimeOffset at) => shift.From <= at || shift.StartedAt is not null;

    private static bool IsTaken(Roster state, string person, DateTimeOffset from, DateTimeOffset to, params int[] but) =>
        state.Shifts.Values.Any(shift => shift.Person == person && shift.Relief is null && !but.Contains(shift.Number) && shift.Overlaps(from, to));

    private static bool IsElsewhere(DutyCommand c, string person, DateTimeOffset from, DateTimeOffset to) => c.Elsewhere.Any(shift => shift.Person == person && shift.From < to && from < shift.To);

    private static RefusalLine Line(DutyGap gap) => DutyRefusals.Gap(gap);

    private static IReadOnlyList<DutyGap>? OrNull(IReadOnlyList<DutyGap> gaps) => gaps.Count > 0 ? gaps : null;

    private static Decision<DutyEvent>.Emit Emit(DutyEvent happened) => new([happened]);

    private static Decision<DutyEvent>.Refuse Refuse(string code, IReadOnlyList<RefusalLine>? lines = null) => new(DutyRefusals.Of(code, lines));

    private static Decision<DutyEvent> Nothing { get; } = new Decision<DutyEvent>.Nothing();
}
