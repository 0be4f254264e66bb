using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Duty;

/// <summary>Who is told of what happens to a roster: whoever has a shift now, whoever is to accept one, and the lead where nobody did. Pure.</summary>
public static class DutyNotices
{
    /// <summary>The saga's frozen name in the timer table; its instance is a place.</summary>
    public const string Saga = "duty";

    /// <summary>The engine's identity in the envelope.</summary>
    public static By Engine(AreaCode place) => new("system:duty", Role.System, place);

    /// <summary>The timer at a shift's end.</summary>
    public static string TimerOf(int shift) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"end/{shift}");

    /// <summary>The timer at which those above hear that a shift is held over still.</summary>
    public static string HeldTimerOf(int shift) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"held/{shift}");

    private static int? ShiftOf(string timer, string name) =>
        timer.StartsWith(name, StringComparison.Ordinal) && int.TryParse(timer.AsSpan(name.Length), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var shift) ? shift : null;

    /// <summary>What follows from what was decided: notices, and a timer at the end of every shift.</summary>
    /// <param name="after">The roster with what was decided.</param>
    public static Reaction<DutyEvent> React(AreaCode place, Roster after, IReadOnlyList<DutyEvent> decided, DateTimeOffset at, OrganizationDirectory organization, NoticePlan plan) => new(
        [],
        Of(place, after, decided, at, organization, plan),
        [
            .. decided.OfType<DutyPlanned>().SelectMany(planned => planned.Shifts).Select(shift => new SagaTimer(TimerOf(shift.Number), 1, shift.To)),
            .. decided.OfType<DutyCancelled>().SelectMany(cancelled => cancelled.Shifts).Select(shift => new SagaTimer(TimerOf(shift), 1, null)),
        ]);

    /// <summary>A shift's time is up, or has been for an hour.</summary>
    public static Reaction<DutyEvent> OnTimer(AreaCode place, Roster state, string timer, DateTimeOffset at, OrganizationDirectory organization, NoticePlan plan)
    {
        var ended = ShiftOf(timer, "end/");
        var happened = ended is { } shift ? DutyDecider.OnEnd(state, shift, at) : ShiftOf(timer, "held/") is { } held ? DutyDecider.OnHeld(state, held, at) : [];
        if (happened.Count == 0)
            return new();
        var after = happened.Aggregate(state, (duty, e) => duty.Apply(new Fact<DutyEvent>(e, Engine(place), at, at)));
        return new(happened, Of(place, after, happened, at, organization, plan), ended is { } over ? [new SagaTimer(HeldTimerOf(over), 1, at + DutyDecider.ClimbsAfter)] : []);
    }

    private static IReadOnlyList<Notice> Of(AreaCode place, Roster after, IReadOnlyList<DutyEvent> decided, DateTimeOffset at, OrganizationDirectory organization, NoticePlan plan)
    {
        return [.. decided.SelectMany(Told).DistinctBy(notice => (notice.Person, notice.Sent.Kind))];

        IEnumerable<Notice> Told(DutyEvent happened) => happened switch
        {
            DutyPlanned e => e.Shifts.GroupBy(shift => shift.Person, StringComparer.Ordinal).SelectMany(own => Tell(NoticeKind.DutyAssigned, _ => [own.Key], own.Min(shift => shift.From))),
            DutyReassigned e => Tell(NoticeKind.DutyAssigned, _ => [e.Person], after.Find(e.Shift)!.From),
            DutySwapped e => [.. Tell(NoticeKind.DutyAssigned, _ => [after.Find(e.Shift)!.Person], after.Find(e.Shift)!.From), .. Tell(NoticeKind.DutyAssigned, _ => [after.Find(e.With)!.Person], after.Find(e.With)!.From)],
            DutyHandedOver e => Tell(NoticeKind.DutyHandedOver, who => who == Audience.Incoming ? [after.Find(e.To)!.Person] : Leads(), after.Find(e.Shift)!.To),
            DutyHeldOver e => Tell(NoticeKind.DutyHeldOver, who => who == Audience.Incoming ? [after.Find(e.Awaited)!.Person] : e.Climbed == true ? Above() : Leads(), after.Find(e.Shift)!.To),
            DutyTakenOver e => Tell(NoticeKind.DutyTakenOver, who => who == Audience.Incoming ? [after.Find(e.Shift)!.Person] : Leads(), null),
            _ => [],
        };

        IEnumerable<Notice> Tell(NoticeKind kind, Func<Audience, IReadOnlyList<string>> named, DateTimeOffset? dueAt) =>
            plan.Recipients(kind, null, place, null, organization, audience => [.. named(audience).Select(person => new Recipient(person, RoleOf(person), RecipientReason.Holder))])
                .Select(told => new Notice(told.Recipient.Person, told.Sent(kind, $"duty:{place}") with { DueAt = dueAt }));

        // The lead on duty; where there is none, whoever leads the place by day.
        IReadOnlyList<string> Leads() =>
            after.At(at).Where(on => on.Role == DutyRole.Lead).Select(on => on.Person).ToList() is { Count: > 0 } leads ? leads
                : [.. organization.WhoIsToldFor(place.Level == AreaLevel.District ? Role.DistrictSupervisor : Role.TownLeader, place).Select(told => told.Person)];

        // The first seat above with somebody who was not told before.
        IReadOnlyList<string> Above()
        {
            var told = Leads();
            return ((Role[])[Role.TownLeader, Role.DistrictSupervisor, Role.DistrictLeader])
                .Where(role => place.Level != AreaLevel.District || role != Role.TownLeader)
                .Select(role => organization.WhoIsToldFor(role, role == Role.TownLeader ? place : organization.District).Select(one => one.Person).Except(told, StringComparer.Ordinal).ToList())
                .FirstOrDefault(people => people.Count > 0) ?? told;
        }

        Role RoleOf(string person) => organization.FindPerson(person)?.Roles.FirstOrDefault(seat => place.Contains(seat.Place) || seat.Place.Contains(place))?.Role ?? Role.CenterOperator;
    }
}
