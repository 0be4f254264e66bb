using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Agendas;

/// <summary>Why a case is on the agenda.</summary>
public enum AgendaReason
{
    /// <summary>久拖超期: it climbed as high as the policy says.</summary>
    Overdue,

    /// <summary>大事: its weight.</summary>
    Weighty,

    /// <summary>多次退回</summary>
    SentBackOften,

    /// <summary>久未办结</summary>
    OpenLong,

    /// <summary>需筹资金</summary>
    FundingWanted,

    /// <summary>临时动议: somebody put it there by hand.</summary>
    ByHand,
}

/// <summary>A case that was collected, and why.</summary>
public sealed record AgendaEntry(string Case, IReadOnlyList<AgendaReason> Reasons);

/// <summary>A report that a meeting missed.</summary>
/// <param name="Lead">Who should have reported.</param>
public sealed record MissedReport(int Item, string Lead);

/// <summary>
/// Something that happened to the list of matters that a town's party work committee has taken on (末议题), stream <c>agenda:{town}</c>. Who, when and where stand in the envelope.
/// </summary>
public abstract record AgendaEvent : Attaching
{
    /// <summary>The events with their frozen names.</summary>
    public static IReadOnlyList<EventName> Names { get; } =
    [
        new("agenda_meeting_prepared", 1, typeof(AgendaMeetingPrepared), "CommandCenter.Domain.Agendas.AgendaMeetingPrepared, CommandCenter.Domain"),
        new("agenda_meeting_cancelled", 1, typeof(AgendaMeetingCancelled), "CommandCenter.Domain.Agendas.AgendaMeetingCancelled, CommandCenter.Domain"),
        new("agenda_meeting_concluded", 1, typeof(AgendaMeetingConcluded), "CommandCenter.Domain.Agendas.AgendaMeetingConcluded, CommandCenter.Domain"),
        new("agenda_item_added", 1, typeof(AgendaItemAdded), "CommandCenter.Domain.Agendas.AgendaItemAdded, CommandCenter.Domain"),
        new("agenda_lead_named", 1, typeof(AgendaLeadNamed), "CommandCenter.Domain.Agendas.AgendaLeadNamed, CommandCenter.Domain"),
        new("agenda_lead_overdue", 1, typeof(AgendaLeadOverdue), "CommandCenter.Domain.Agendas.AgendaLeadOverdue, CommandCenter.Domain"),
        new("agenda_item_struck", 1, typeof(AgendaItemStruck), "CommandCenter.Domain.Agendas.AgendaItemStruck, CommandCenter.Domain"),
        new("agenda_progress_reported", 1, typeof(AgendaProgressReported), "CommandCenter.Domain.Agendas.AgendaProgressReported, CommandCenter.Domain"),
        new("agenda_reports_reminded", 1, typeof(AgendaReportsReminded), "CommandCenter.Domain.Agendas.AgendaReportsReminded, CommandCenter.Domain"),
        new("agenda_item_solved", 1, typeof(AgendaItemSolved), "CommandCenter.Domain.Agendas.AgendaItemSolved, CommandCenter.Domain"),
        new("agenda_item_taken_up_again", 1, typeof(AgendaItemTakenUpAgain), "CommandCenter.Domain.Agendas.AgendaItemTakenUpAgain, CommandCenter.Domain"),
        new("agenda_item_appraised", 1, typeof(AgendaItemAppraised), "CommandCenter.Domain.Agendas.AgendaItemAppraised, CommandCenter.Domain"),
    ];
}

/// <summary>会前收集末议题: a meeting was prepared, and what the rules found was collected as its last item.</summary>
/// <param name="Number">1 for the first meeting of the town.</param>
/// <param name="Policy">The version of the policy by whose rules it was collected.</param>
/// <param name="Items">What is new; numbered on from the items before.</param>
/// <param name="RemindAt">When leads whose reports are missing are told again.</param>
public sealed record AgendaMeetingPrepared(int Number, DateTimeOffset StartsAt, string Policy, IReadOnlyList<AgendaEntry> Items, DateTimeOffset RemindAt) : AgendaEvent;

/// <summary>会议取消: what nobody had decided on yet leaves the list and is collected anew.</summary>
public sealed record AgendaMeetingCancelled(int Number, MarkedText Reason) : AgendaEvent;

/// <summary>会议结束: every new item was decided; reports that were missing are on record.</summary>
/// <param name="Missed">In the order of the items.</param>
public sealed record AgendaMeetingConcluded(int Number, IReadOnlyList<MissedReport> Missed, MarkedText? Minutes = null) : AgendaEvent, IBringsAttachments;

/// <summary>临时动议: a case was put on the prepared meeting's list by hand.</summary>
public sealed record AgendaItemAdded(string Case, MarkedText Reason) : AgendaEvent;

/// <summary>专人牵头: the committee named who leads a matter, and by when it is to be solved.</summary>
/// <param name="Item">The item's number in the town's list.</param>
/// <param name="Role">The seat for which the person was named.</param>
public sealed record AgendaLeadNamed(int Item, string Person, Role Role, DateTimeOffset Until, MarkedText? Task = null) : AgendaEvent;

/// <summary>牵头逾期: the day came by which a matter was to be solved, and it is not.</summary>
/// <param name="DueAt">That day; after downtime it lies before <paramref name="FiredAt"/>.</param>
public sealed record AgendaLeadOverdue(int Item, DateTimeOffset DueAt, DateTimeOffset FiredAt, IReadOnlyList<Recipient> Told) : AgendaEvent;

/// <summary>不列入: the committee does not take a matter on.</summary>
public sealed record AgendaItemStruck(int Item, MarkedText Reason) : AgendaEvent;

/// <summary>汇报进展: the lead reported, for a meeting.</summary>
/// <param name="Meeting">The number of the meeting that it counts for.</param>
public sealed record AgendaProgressReported(int Item, int Meeting, MarkedText Report) : AgendaEvent, IBringsAttachments;

/// <summary>汇报提醒: the leads of these items were told before the meeting that their reports are missing.</summary>
public sealed record AgendaReportsReminded(int Meeting, IReadOnlyList<int> Items) : AgendaEvent;

/// <summary>已解决: the case behind an item was found to have come to its end.</summary>
/// <param name="Position">Of the case's event in the log.</param>
public sealed record AgendaItemSolved(int Item, LineOutcome Outcome, long Position) : AgendaEvent;

/// <summary>重新办理: the case behind a solved item was taken up again before it was appraised.</summary>
public sealed record AgendaItemTakenUpAgain(int Item, long Position) : AgendaEvent;

/// <summary>考评销项: how a solved matter was led; with this it leaves the list.</summary>
/// <param name="Score">1 (poor) to 5 (excellent).</param>
public sealed record AgendaItemAppraised(int Item, int Score, MarkedText Appraisal) : AgendaEvent;
