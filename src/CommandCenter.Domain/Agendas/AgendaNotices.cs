using System.Globalization;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Agendas;

/// <summary>
/// Who is told of what a committee takes on: whoever was named to lead, whoever owes the next meeting a report, and those above when a report was missing. Pure.
/// </summary>
public static class AgendaNotices
{
    /// <summary>The saga's frozen name in the timer table; its instance is a town.</summary>
    public const string Saga = "agenda_reports";

    /// <summary>The engine's identity in the envelope.</summary>
    public static By Engine(AreaCode town) => new("system:agendas", Role.System, town);

    /// <param name="after">The list with what was decided.</param>
    public static Reaction<AgendaEvent> React(AreaCode town, Agenda after, IReadOnlyList<AgendaEvent> decided, DateTimeOffset at, OrganizationDirectory organization, NoticePlan plan)
    {
        List<Notice> notices = [];
        List<SagaTimer> timers = [];
        foreach (var happened in decided)
        {
            switch (happened)
            {
                case AgendaMeetingPrepared e:
                    notices.AddRange(after.Owed.SelectMany(item => Tell(NoticeKind.AgendaReportDue, item, e.StartsAt)));
                    // Prepared at the last moment: they were told by this very notice.
                    if (e.RemindAt > at)
                        timers.Add(new SagaTimer(TimerName(e.Number), 1, e.RemindAt));
                    break;
                case AgendaMeetingCancelled e:
                    timers.Add(new SagaTimer(TimerName(e.Number), 1, null));
                    break;
                case AgendaMeetingConcluded e:
                    timers.Add(new SagaTimer(TimerName(e.Number), 1, null));
                    notices.AddRange(e.Missed.SelectMany(missed => Tell(NoticeKind.AgendaReportMissed, after.Find(missed.Item)!, null)));
                    break;
                case AgendaLeadNamed e:
                    notices.AddRange(Tell(NoticeKind.AgendaLeadNamed, after.Find(e.Item)!, e.Until));
                    break;
                case AgendaItemSolved e when after.Find(e.Item) is { Stage: AgendaItemStage.Solved } item:
                    notices.AddRange(Tell(NoticeKind.AgendaAppraisalDue, item, null));
                    break;
            }
        }

        return new Reaction<AgendaEvent>([], notices, timers);

        IEnumerable<Notice> Tell(NoticeKind kind, AgendaItem item, DateTimeOffset? dueAt) => Of(town, kind, item, dueAt, organization, plan);
    }

    /// <summary>
    /// The hour before the meeting at which missing reports are asked for again. A late timer of a meeting that is over decides nothing; one that fires when the meeting has begun is on record,
    /// and nobody is told.
    /// </summary>
    public static Reaction<AgendaEvent> OnTimer(AreaCode town, Agenda state, string timer, DateTimeOffset firedAt, OrganizationDirectory organization, NoticePlan plan)
    {
        if (state.Prepared is not { } meeting || timer != TimerName(meeting.Number) || state.Owed.ToList() is not { Count: > 0 } owed)
            return new Reaction<AgendaEvent>();
        return new Reaction<AgendaEvent>(
            [new AgendaReportsReminded(meeting.Number, [.. owed.Select(item => item.Number)])],
            meeting.StartsAt <= firedAt ? [] : [.. owed.SelectMany(item => Of(town, NoticeKind.AgendaReportDue, item, meeting.StartsAt, organization, plan))],
            []);
    }

    private static IEnumerable<Notice> Of(AreaCode town, NoticeKind kind, AgendaItem item, DateTimeOffset? dueAt, OrganizationDirectory organization, NoticePlan plan) =>
        plan.Recipients(kind, null, town, null, organization, _ => item.Lead is { } lead ? [new Recipient(lead.Person, lead.Role, RecipientReason.Holder)] : [])
            .Select(told => new Notice(told.Recipient.Person, told.Sent(kind, $"agenda:{town}") with { DueAt = dueAt, Part = item.Number }));

    private static string TimerName(int meeting) => string.Create(CultureInfo.InvariantCulture, $"remind/{meeting}");
}
