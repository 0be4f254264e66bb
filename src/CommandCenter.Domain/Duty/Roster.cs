using System.Collections.Immutable;
using CommandCenter.Domain.Cases;

namespace CommandCenter.Domain.Duty;

/// <summary>How somebody on duty stands at an instant.</summary>
public enum DutyStanding
{
    /// <summary>在岗</summary>
    OnDuty,

    /// <summary>超时在岗: the shift's time is up and nobody has accepted it.</summary>
    HeldOver,

    /// <summary>待接班: the shift's time has begun, the hand-over to it is not accepted.</summary>
    Awaited,
}

/// <summary>Somebody who has a shift, and since when.</summary>
/// <param name="Since">Missing for the first.</param>
public sealed record ShiftHolder(string Person, DateTimeOffset? Since = null);

/// <summary>A hand-over that was made.</summary>
/// <param name="To">The shift that takes over.</param>
public sealed record HandOver(int To, By By, DateTimeOffset At, MarkedText Note, IReadOnlyList<OpenMatter> Open);

/// <summary>How a shift ended: another goes on.</summary>
/// <param name="To">The shift that goes on.</param>
/// <param name="Words">Of an acceptance its note, of a take-over its reason.</param>
/// <param name="HandedOver">Whether there was a hand-over.</param>
public sealed record Relief(int To, By By, DateTimeOffset At, MarkedText? Words, bool HandedOver);

/// <summary>A shift as it stands.</summary>
/// <param name="Holders">Whoever has had it, in order.</param>
/// <param name="StartedAt">When its person first accepted from another shift, which may be before its time.</param>
/// <param name="HeldSince">When its time was up with nobody to go on.</param>
/// <param name="Climbed">Whether those above were told that nobody goes on still.</param>
public sealed record Shift(
    int Number, DateTimeOffset From, DateTimeOffset To, DutyRole Role, ImmutableList<ShiftHolder> Holders, DateTimeOffset PlannedAt,
    HandOver? HandOver = null, Relief? Relief = null, DateTimeOffset? StartedAt = null, DateTimeOffset? HeldSince = null, bool Climbed = false)
{
    public string Person => Holders[^1].Person;

    /// <summary>Whoever had it at an instant.</summary>
    public string PersonAt(DateTimeOffset at) => (Holders.FindLast(holder => holder.Since is null || holder.Since <= at) ?? Holders[0]).Person;

    public bool Overlaps(DateTimeOffset from, DateTimeOffset to) => From < to && from < To;
}

/// <summary>Somebody who is on duty.</summary>
/// <param name="Person">Whose shift it is, as the roster says; of the organization asked, whoever stands in for them.</param>
/// <param name="For">Whose shift it is, where somebody stands in for them.</param>
public sealed record OnDuty(string Person, DutyRole Role, DutyStanding Standing, int Shift, string? For = null);

/// <summary>
/// The roster of a place, as a fold of its stream; where nothing was ever planned it is empty. A shift hands over to the next of its role: to one that begins later, and no later than this one
/// ends. Until one of these accepts, its person stays on duty, but no longer than those are there themselves; where none follows, the shift ends by itself.
/// </summary>
public sealed record Roster
{
    public static Roster None { get; } = new();

    private Roster() { }

    /// <summary>By their numbers; those that were cancelled are gone.</summary>
    public ImmutableSortedDictionary<int, Shift> Shifts { get; private init; } = ImmutableSortedDictionary<int, Shift>.Empty;

    public int LastNumber { get; private init; }

    public static Roster Fold(IEnumerable<Fact<DutyEvent>> facts) => facts.Aggregate(None, (state, fact) => state.Apply(fact));

    /// <summary>Null when there is none (any more).</summary>
    public Shift? Find(int number) => Shifts.GetValueOrDefault(number);

    /// <summary>The roster after an event. Total: an event that the decider could not have emitted here throws.</summary>
    /// <exception cref="InvalidOperationException">The stream is not the life of a roster.</exception>
    public Roster Apply(Fact<DutyEvent> fact) => fact.Event switch
    {
        DutyPlanned e when e.Shifts.All(shift => shift.Number > LastNumber) && e.Shifts.Count > 0 => this with
        {
            Shifts = Shifts.AddRange(e.Shifts.Select(shift => KeyValuePair.Create(
                shift.Number, new Shift(shift.Number, shift.From, shift.To, shift.Role, [new ShiftHolder(shift.Person)], fact.RecordedAt)))),
            LastNumber = e.Shifts.Max(shift => shift.Number),
        },
        DutyReassigned e when Find(e.Shift) is { } shift => Given(shift, e.Person, fact.RecordedAt),
        DutySwapped e when Find(e.Shift) is { } one && Find(e.With) is { } other => Given(one, other.Person, fact.RecordedAt).Given(other, one.Person, fact.RecordedAt),
        DutyCancelled e when e.Shifts.All(Shifts.ContainsKey) => this with { Shifts = Shifts.RemoveRange(e.Shifts) },
        DutyHandedOver e when Find(e.Shift) is { Relief: null } shift && Find(e.To) is not null => With(shift with { HandOver = new HandOver(e.To, fact.By, fact.RecordedAt, e.Note, e.Open) }),
        DutyAccepted e when Find(e.Shift) is { Relief: null, HandOver: not null } shift && Find(e.To) is { } next => Relieved(shift, next, new Relief(e.To, fact.By, fact.RecordedAt, e.Note, true)),
        DutyTakenOver e when Find(e.Shift) is { Relief: null } shift && Find(e.To) is { } next => Relieved(shift, next, new Relief(e.To, fact.By, fact.RecordedAt, e.Reason, false)),
        DutyHeldOver e when Find(e.Shift) is { Relief: null } shift => With(shift with { HeldSince = shift.HeldSince ?? fact.RecordedAt, Climbed = e.Climbed == true }),
        _ => throw new InvalidOperationException($"{fact.Event.GetType().Name} cannot follow in this roster."),
    };

    /// <summary>The shifts that can take over from one, the next first. One that was planned after it had ended is none.</summary>
    public IEnumerable<Shift> Following(Shift shift) => Shifts.Values
        .Where(next => next.Role == shift.Role && next.From > shift.From && next.From <= shift.To && next.To > shift.To && next.PlannedAt <= shift.To)
        .OrderBy(next => next.From).ThenBy(next => next.Number);

    /// <summary>Whether a shift ends only when another accepts it: somebody follows, and not the same person.</summary>
    public bool NeedsRelief(Shift shift) => Following(shift).ToList() is { Count: > 0 } following && following.TrueForAll(next => next.Person != shift.Person);

    /// <summary>Who is on duty at an instant, as far as is known now: those who are there first, those who are awaited last.</summary>
    public IReadOnlyList<OnDuty> At(DateTimeOffset at) =>
        [.. Shifts.Values.Select(shift => StandingOf(shift, at) is { } standing ? new OnDuty(shift.PersonAt(at), shift.Role, standing, shift.Number) : null).OfType<OnDuty>().OrderBy(on => on.Standing).ThenBy(on => on.Shift)];

    /// <summary>
    /// Whether a shift is over at an instant: another goes on, or its time is up and there is nobody to wait for. Those who should have gone on and are gone themselves are nobody: a hand-over that
    /// was forgotten ends with the shift after it, and leaves no rights behind.
    /// </summary>
    public bool IsOver(Shift shift, DateTimeOffset at) =>
        HasRelief(shift, at) || (at >= shift.To && (shift.Relief is null && !NeedsRelief(shift) || Following(shift).ToList() is { Count: > 0 } following && following.TrueForAll(next => at >= next.To || HasRelief(next, at))));

    private static bool HasRelief(Shift shift, DateTimeOffset at) => shift.Relief is { } relief && at >= relief.At;

    /// <summary>How a shift's person stands at an instant; null when they are not on duty.</summary>
    public DutyStanding? StandingOf(Shift shift, DateTimeOffset at)
    {
        if (at < shift.From && !(shift.StartedAt <= at))
            return null;
        if (IsOver(shift, at))
            return null;
        if (at >= shift.To)
            return DutyStanding.HeldOver;
        return shift.StartedAt <= at || !IsAwaited(shift, at) ? DutyStanding.OnDuty : DutyStanding.Awaited;
    }

    /// <summary>The next instant after another at which somebody comes or goes, as far as is known now; null when nobody does.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset after) =>
        Shifts.Values.SelectMany(shift => (DateTimeOffset?[])[shift.From, shift.To, shift.StartedAt, shift.Relief?.At, .. shift.Holders.Select(holder => holder.Since)]).Where(at => at > after).Min();

    /// <summary>The times after an instant for which a role that the roster has is planned with nobody, between its first and its last shift.</summary>
    public static IReadOnlyList<DutyGap> GapsOf(IEnumerable<(DutyRole Role, DateTimeOffset From, DateTimeOffset To)> shifts, DateTimeOffset after)
    {
        var gaps = new List<DutyGap>();
        foreach (var role in shifts.Where(shift => shift.To > after).GroupBy(shift => shift.Role).OrderBy(role => role.Key))
        {
            DateTimeOffset? until = null;
            foreach (var (_, from, to) in role.OrderBy(shift => shift.From))
            {
                if (until is { } covered && from > covered)
                    gaps.Add(new DutyGap(role.Key, covered, from));
                until = until is { } end && end > to ? end : to;
            }
        }

        return gaps;
    }

    public IReadOnlyList<DutyGap> Gaps(DateTimeOffset after) => GapsOf(Shifts.Values.Select(shift => (shift.Role, shift.From, shift.To)), after);

    private bool IsAwaited(Shift shift, DateTimeOffset at)
    {
        var before = Shifts.Values.Where(other => other.To <= at && Following(other).Contains(shift)).ToList();
        // Whoever goes on from one shift to the next is there already.
        return before.TrueForAll(other => other.Person != shift.Person) && before.Exists(other => !(other.Relief?.At <= at));
    }

    private Roster Relieved(Shift shift, Shift next, Relief relief) => With(shift with { Relief = relief }).With(next with { StartedAt = next.StartedAt ?? relief.At });

    private Roster Given(Shift shift, string person, DateTimeOffset at) => With(shift with { Holders = shift.Holders.Add(new ShiftHolder(person, at)) });

    private Roster With(Shift shift) => this with { Shifts = Shifts.SetItem(shift.Number, shift) };
}
