using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Meetings;

namespace CommandCenter.Domain;

/// <summary>An event's frozen names.</summary>
/// <param name="Alias">What stands in <c>mt_events.type</c>.</param>
/// <param name="Version">1, 2, …; from 2 on the alias ends in <c>_v{Version}</c>.</param>
/// <param name="DotnetType">What stands in <c>mt_events.mt_dotnet_type</c>; it does not follow when a class is renamed.</param>
public sealed record EventName(string Alias, int Version, Type Type, string DotnetType);

/// <summary>Every event of the product with its frozen names. Each has a golden file (ADR 0001).</summary>
public static class DomainEvents
{
    public static IReadOnlyList<EventName> All { get; } =
    [
        new("case_reported", 1, typeof(CaseReported), "CommandCenter.Domain.Cases.CaseReported, CommandCenter.Domain"),
        new("case_filed", 1, typeof(CaseFiled), "CommandCenter.Domain.Cases.CaseFiled, CommandCenter.Domain"),
        new("case_refused", 1, typeof(CaseRefused), "CommandCenter.Domain.Cases.CaseRefused, CommandCenter.Domain"),
        new("case_dispatched", 1, typeof(CaseDispatched), "CommandCenter.Domain.Cases.CaseDispatched, CommandCenter.Domain"),
        new("case_claimed", 1, typeof(CaseClaimed), "CommandCenter.Domain.Cases.CaseClaimed, CommandCenter.Domain"),
        new("case_returned", 1, typeof(CaseReturned), "CommandCenter.Domain.Cases.CaseReturned, CommandCenter.Domain"),
        new("case_recalled", 1, typeof(CaseRecalled), "CommandCenter.Domain.Cases.CaseRecalled, CommandCenter.Domain"),
        new("case_completed", 1, typeof(CaseCompleted), "CommandCenter.Domain.Cases.CaseCompleted, CommandCenter.Domain"),
        new("case_verified", 1, typeof(CaseVerified), "CommandCenter.Domain.Cases.CaseVerified, CommandCenter.Domain"),
        new("case_rework_ordered", 1, typeof(CaseReworkOrdered), "CommandCenter.Domain.Cases.CaseReworkOrdered, CommandCenter.Domain"),
        new("case_rated", 1, typeof(CaseRated), "CommandCenter.Domain.Cases.CaseRated, CommandCenter.Domain"),
        new("case_closed", 1, typeof(CaseClosed), "CommandCenter.Domain.Cases.CaseClosed, CommandCenter.Domain"),
        new("case_clock_started", 1, typeof(CaseClockStarted), "CommandCenter.Domain.Cases.CaseClockStarted, CommandCenter.Domain"),
        new("case_clock_stopped", 1, typeof(CaseClockStopped), "CommandCenter.Domain.Cases.CaseClockStopped, CommandCenter.Domain"),
        new("case_warned", 1, typeof(CaseWarned), "CommandCenter.Domain.Cases.CaseWarned, CommandCenter.Domain"),
        new("case_escalated", 1, typeof(CaseEscalated), "CommandCenter.Domain.Cases.CaseEscalated, CommandCenter.Domain"),
        new("notice_sent", 1, typeof(NoticeSent), "CommandCenter.Domain.Inbox.NoticeSent, CommandCenter.Domain"),
        new("notice_read", 1, typeof(NoticeRead), "CommandCenter.Domain.Inbox.NoticeRead, CommandCenter.Domain"),
        .. MeetingEventNames.All,
    ];
}
