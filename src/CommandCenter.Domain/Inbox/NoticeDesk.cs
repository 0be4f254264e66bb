using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Inbox;

/// <summary>
/// Brings notices to those who are there: what is for the center's desk goes to whoever is on duty outside of working time, and what is for somebody absent to their substitute. Pure.
/// </summary>
public static class NoticeDesk
{
    /// <summary>Who is told of an absence: the substitute.</summary>
    public static IReadOnlyList<Notice> Of(IReadOnlyList<OrganizationEvent> decided, OrganizationDirectory organization, NoticePlan plan)
    {
        return [.. decided.OfType<AbsenceRecorded>().SelectMany(Told)];

        IEnumerable<Notice> Told(AbsenceRecorded absence) =>
            plan.Recipients(NoticeKind.SubstituteNamed, null, organization.District, null, organization, _ => [new Recipient(absence.Substitute, RoleOf(absence.Substitute), RecipientReason.Holder)])
                .Select(told => new Notice(told.Recipient.Person, told.Sent(NoticeKind.SubstituteNamed, $"absence:{absence.Number}") with { For = absence.Person }));

        Role RoleOf(string person) => organization.FindPerson(person)?.Roles.Select(seat => (Role?)seat.Role).FirstOrDefault() ?? Role.Office;
    }

    /// <summary>The same notices, each to whoever is there. What was passed on goes where it was sent, because its way was chosen among those who are there.</summary>
    /// <param name="place">Where the engine speaks.</param>
    /// <param name="at">When it is told.</param>
    public static IReadOnlyList<Notice> ToWhoIsThere(IReadOnlyList<Notice> notices, AreaCode place, DateTimeOffset at, OrganizationDirectory organization, WorkCalendar calendar)
    {
        List<Notice> here = [];
        List<Notice> moved = [];
        foreach (var notice in notices)
        {
            if (notice.Sent.From is not null || notice.Sent.Kind == NoticeKind.SubstituteNamed)
            {
                here.Add(notice);
            }
            else if (ByNight(notice, notice.Place ?? place, at, organization, calendar) is { Count: > 0 } onDuty)
            {
                // Also who sits there by day: by night they are at work, and their colleagues are not.
                moved.AddRange(onDuty.Select(on => notice with { Person = on.Person, Sent = notice.Sent with { Reason = RecipientReason.OnDuty, For = on.For } }));
            }
            else if (organization.SubstituteOf(notice.Person) is { } substitute && substitute != notice.But)
            {
                moved.Add(notice with { Person = substitute, Sent = notice.Sent with { Reason = RecipientReason.Substitute, For = notice.Person } });
            }
            else
            {
                here.Add(notice);
            }
        }

        // Two who were told of the same may have one person in their place, or one who was told anyway.
        return moved.Count == 0 ? here : [.. here.Concat(moved).DistinctBy(notice => (notice.Person, NoticeMatter.Of(notice.Sent)))];
    }

    /// <summary>Those on duty in whose hands a notice is; nobody in working time, without a roster, and for what is no work of the desk.</summary>
    private static IReadOnlyList<OnDuty> ByNight(Notice notice, AreaCode place, DateTimeOffset at, OrganizationDirectory organization, WorkCalendar calendar)
    {
        if (notice.Sent.Role is not (Role.CenterOperator or Role.Dispatcher) || notice.Sent.ToKnow == true || !Audiences.IsOfSeat(notice.Sent.Kind)
            || (place.At(AreaLevel.Town) ?? OnlyDesk(notice, place, organization)) is not { } town)
        {
            return [];
        }

        // Of the matter's town, whatever other desks the person sits at. Where it is the work of whoever is on duty that is to be judged, it waits for the seat.
        return organization.OnDutyFor(notice.Sent.Role, town) is { Count: > 0 } onDuty && !calendar.At(town, organization.TimeZone).IsWorking(at) ? [.. onDuty.Where(on => on.Person != notice.But)] : [];
    }

    // What is of the whole district says no town; who sits at one desk of it answers there.
    private static AreaCode? OnlyDesk(Notice notice, AreaCode place, OrganizationDirectory organization) =>
        organization.FindPerson(notice.Person) is { } person
            && organization.HeldSeatsOf(person).Where(seat => seat.Role == notice.Sent.Role && place.Contains(seat.Place)).Select(seat => seat.Place).Distinct().ToList() is [var only]
            ? only.At(AreaLevel.Town)
            : null;
}
