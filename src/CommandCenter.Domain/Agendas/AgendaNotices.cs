using System.Globalization;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Formats;
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
                    var led = after.Find(e.Item)!;
                    notices.AddRange(Tell(NoticeKind.AgendaLeadNamed, led, e.Until));
                    // The day of whoever had it before counts no more.
                    if (led.Namings > 1)
                        timers.Add(LeadTimer(led, led.Namings - 1, null));
                    timers.Add(LeadTimer(led, led.Namings, e.Until));
                    break;
                case AgendaItemSolved e when after.Find(e.Item) is { Stage: AgendaItemStage.Solved } item:
                    notices.AddRange(Tell(NoticeKind.AgendaAppraisalDue, item, null));
                    timers.Add(LeadTimer(item, item.Namings, null));
                    break;
                case AgendaItemTakenUpAgain e when after.Find(e.Item) is { Stage: AgendaItemStage.Led } item && item.OverdueNaming < item.Namings:
                    timers.Add(LeadTimer(item, item.Namings, item.Lead!.Until));
                    break;
            }
        }

        return new Reaction<AgendaEvent>([], notices, timers);

        IEnumerable<Notice> Tell(NoticeKind kind, AgendaItem item, DateTimeOffset? dueAt) => Of(town, kind, item, dueAt, organization, plan);
    }

    /// <summary>
    /// The hour before the meeting at which missing reports are asked for again, or the day by which a lead was to have solved a matter. A late timer of a meeting that is over, or of a lead that
    /// another followed, decides nothing; a reminder that fires when the meeting has begun is on record, and nobody is told.
    /// </summary>
    /// <param name="attempt">For a lead's day: which naming it is of.</param>
    /// <param name="dueAt">When it was due; after downtime this lies before <paramref name="firedAt"/>.</param>
    public static Reaction<AgendaEvent> OnTimer(
        AreaCode town, Agenda state, string timer, int attempt, DateTimeOffset dueAt, DateTimeOffset firedAt, OrganizationDirectory organization, NoticePlan plan)
    {
        if (state.Items.Find(item => LeadTimerName(item.Number) == timer) is { } overdue)
            return Overdue(town, overdue, attempt, dueAt, firedAt, organization, plan);
        if (state.Prepared is not { } meeting || timer != TimerName(meeting.Number) || state.Owed.ToList() is not { Count: > 0 } owed)
            return new Reaction<AgendaEvent>();
        return new Reaction<AgendaEvent>(
            [new AgendaReportsReminded(meeting.Number, [.. owed.Select(item => item.Number)])],
            meeting.StartsAt <= firedAt ? [] : [.. owed.SelectMany(item => Of(town, NoticeKind.AgendaReportDue, item, meeting.StartsAt, organization, plan))],
            []);
    }

    private static Reaction<AgendaEvent> Overdue(AreaCode town, AgendaItem item, int attempt, DateTimeOffset dueAt, DateTimeOffset firedAt, OrganizationDirectory organization, NoticePlan plan)
    {
        if (item is not { Stage: AgendaItemStage.Led, Lead: { } lead } || item.Namings != attempt || item.OverdueNaming == attempt)
            return new Reaction<AgendaEvent>();
        var missed = firedAt - dueAt > NoticePlan.Punctual ? dueAt : (DateTimeOffset?)null;
        IReadOnlyList<Notice> notices = [.. Of(town, NoticeKind.AgendaLeadOverdue, item, lead.Until, organization, plan).Select(notice => notice with { Sent = notice.Sent with { MissedAt = missed } })];
        return new Reaction<AgendaEvent>(
            [new AgendaLeadOverdue(item.Number, lead.Until, DomainJson.Microseconds(firedAt), [.. notices.Select(notice => new Recipient(notice.Person, notice.Sent.Role, notice.Sent.Reason))])], notices, []);
    }

    private static SagaTimer LeadTimer(AgendaItem item, int naming, DateTimeOffset? dueAt) => new(LeadTimerName(item.Number), naming, dueAt);

    private static string LeadTimerName(int item) => string.Create(CultureInfo.InvariantCulture, $"lead/{item}");

    private static IEnumerable<Notice> Of(AreaCode town, NoticeKind kind, AgendaItem item, DateTimeOffset? dueAt, OrganizationDirectory organization, NoticePlan plan) =>
        plan.Recipients(kind, null, town, null, organization, _ => item.Lead is { } lead ? [new Recipient(lead.Person, lead.Role, RecipientReason.Holder)] : [])
            .Select(told => new Notice(told.Recipient.Person, told.Sent(kind, $"agenda:{town}") with { DueAt = dueAt, Part = item.Number }));

    private static string TimerName(int meeting) => string.Create(CultureInfo.InvariantCulture, $"remind/{meeting}");
}
