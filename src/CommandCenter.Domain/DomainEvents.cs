using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Hotline;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Listings;
using CommandCenter.Domain.Tasks;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Reviews;
using CommandCenter.Domain.Spots;
using CommandCenter.Domain.Whistles;

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
        new("case_solved_on_spot", 1, typeof(CaseSolvedOnSpot), "CommandCenter.Domain.Cases.CaseSolvedOnSpot, CommandCenter.Domain"),
        new("case_sent_to_village", 1, typeof(CaseSentToVillage), "CommandCenter.Domain.Cases.CaseSentToVillage, CommandCenter.Domain"),
        new("case_passed_up", 1, typeof(CasePassedUp), "CommandCenter.Domain.Cases.CasePassedUp, CommandCenter.Domain"),
        new("case_settled_by_village", 1, typeof(CaseSettledByVillage), "CommandCenter.Domain.Cases.CaseSettledByVillage, CommandCenter.Domain"),
        new("case_check_ordered", 1, typeof(CaseCheckOrdered), "CommandCenter.Domain.Cases.CaseCheckOrdered, CommandCenter.Domain"),
        new("case_checked", 1, typeof(CaseChecked), "CommandCenter.Domain.Cases.CaseChecked, CommandCenter.Domain"),
        new("case_redirected", 1, typeof(CaseRedirected), "CommandCenter.Domain.Cases.CaseRedirected, CommandCenter.Domain"),
        new("case_merged", 1, typeof(CaseMerged), "CommandCenter.Domain.Cases.CaseMerged, CommandCenter.Domain"),
        new("case_unmerged", 1, typeof(CaseUnmerged), "CommandCenter.Domain.Cases.CaseUnmerged, CommandCenter.Domain"),
        new("case_absorbed", 1, typeof(CaseAbsorbed), "CommandCenter.Domain.Cases.CaseAbsorbed, CommandCenter.Domain"),
        new("case_released", 1, typeof(CaseReleased), "CommandCenter.Domain.Cases.CaseReleased, CommandCenter.Domain"),
        new("case_split", 1, typeof(CaseSplit), "CommandCenter.Domain.Cases.CaseSplit, CommandCenter.Domain"),
        new("case_linked", 1, typeof(CaseLinked), "CommandCenter.Domain.Cases.CaseLinked, CommandCenter.Domain"),
        new("case_unlinked", 1, typeof(CaseUnlinked), "CommandCenter.Domain.Cases.CaseUnlinked, CommandCenter.Domain"),
        new("case_reassigned", 1, typeof(CaseReassigned), "CommandCenter.Domain.Cases.CaseReassigned, CommandCenter.Domain"),
        new("case_plan_published", 1, typeof(CasePlanPublished), "CommandCenter.Domain.Cases.CasePlanPublished, CommandCenter.Domain"),
        new("case_progressed", 1, typeof(CaseProgressed), "CommandCenter.Domain.Cases.CaseProgressed, CommandCenter.Domain"),
        new("case_subtask_added", 1, typeof(CaseSubtaskAdded), "CommandCenter.Domain.Cases.CaseSubtaskAdded, CommandCenter.Domain"),
        new("case_subtask_finished", 1, typeof(CaseSubtaskFinished), "CommandCenter.Domain.Cases.CaseSubtaskFinished, CommandCenter.Domain"),
        new("case_subtask_dropped", 1, typeof(CaseSubtaskDropped), "CommandCenter.Domain.Cases.CaseSubtaskDropped, CommandCenter.Domain"),
        new("case_funding_recorded", 1, typeof(CaseFundingRecorded), "CommandCenter.Domain.Cases.CaseFundingRecorded, CommandCenter.Domain"),
        new("case_funding_corrected", 1, typeof(CaseFundingCorrected), "CommandCenter.Domain.Cases.CaseFundingCorrected, CommandCenter.Domain"),
        new("case_feedback_given", 1, typeof(CaseFeedbackGiven), "CommandCenter.Domain.Cases.CaseFeedbackGiven, CommandCenter.Domain"),
        new("case_handed_to_enforcement", 1, typeof(CaseHandedToEnforcement), "CommandCenter.Domain.Cases.CaseHandedToEnforcement, CommandCenter.Domain"),
        new("case_reopened", 1, typeof(CaseReopened), "CommandCenter.Domain.Cases.CaseReopened, CommandCenter.Domain"),
        new("case_urged", 1, typeof(CaseUrged), "CommandCenter.Domain.Cases.CaseUrged, CommandCenter.Domain"),
        new("case_alarm_acknowledged", 1, typeof(CaseAlarmAcknowledged), "CommandCenter.Domain.Cases.CaseAlarmAcknowledged, CommandCenter.Domain"),
        new("case_supervised", 1, typeof(CaseSupervised), "CommandCenter.Domain.Cases.CaseSupervised, CommandCenter.Domain"),
        new("case_supervision_answered", 1, typeof(CaseSupervisionAnswered), "CommandCenter.Domain.Cases.CaseSupervisionAnswered, CommandCenter.Domain"),
        new("case_level_raised", 1, typeof(CaseLevelRaised), "CommandCenter.Domain.Cases.CaseLevelRaised, CommandCenter.Domain"),
        new("case_level_lowered", 1, typeof(CaseLevelLowered), "CommandCenter.Domain.Cases.CaseLevelLowered, CommandCenter.Domain"),
        new("case_transfer_requested", 1, typeof(CaseTransferRequested), "CommandCenter.Domain.Cases.CaseTransferRequested, CommandCenter.Domain"),
        new("case_transfer_accepted", 1, typeof(CaseTransferAccepted), "CommandCenter.Domain.Cases.CaseTransferAccepted, CommandCenter.Domain"),
        new("case_transfer_declined", 1, typeof(CaseTransferDeclined), "CommandCenter.Domain.Cases.CaseTransferDeclined, CommandCenter.Domain"),
        new("case_transferred", 1, typeof(CaseTransferred), "CommandCenter.Domain.Cases.CaseTransferred, CommandCenter.Domain"),
        new("case_clock_started", 1, typeof(CaseClockStarted), "CommandCenter.Domain.Cases.CaseClockStarted, CommandCenter.Domain"),
        new("case_clock_stopped", 1, typeof(CaseClockStopped), "CommandCenter.Domain.Cases.CaseClockStopped, CommandCenter.Domain"),
        new("case_warned", 1, typeof(CaseWarned), "CommandCenter.Domain.Cases.CaseWarned, CommandCenter.Domain"),
        new("case_escalated", 1, typeof(CaseEscalated), "CommandCenter.Domain.Cases.CaseEscalated, CommandCenter.Domain"),
        new("case_extension_requested", 1, typeof(CaseExtensionRequested), "CommandCenter.Domain.Cases.CaseExtensionRequested, CommandCenter.Domain"),
        new("case_extension_approved", 1, typeof(CaseExtensionApproved), "CommandCenter.Domain.Cases.CaseExtensionApproved, CommandCenter.Domain"),
        new("case_extension_refused", 1, typeof(CaseExtensionRefused), "CommandCenter.Domain.Cases.CaseExtensionRefused, CommandCenter.Domain"),
        new("case_suspension_requested", 1, typeof(CaseSuspensionRequested), "CommandCenter.Domain.Cases.CaseSuspensionRequested, CommandCenter.Domain"),
        new("case_suspension_approved", 1, typeof(CaseSuspensionApproved), "CommandCenter.Domain.Cases.CaseSuspensionApproved, CommandCenter.Domain"),
        new("case_suspension_refused", 1, typeof(CaseSuspensionRefused), "CommandCenter.Domain.Cases.CaseSuspensionRefused, CommandCenter.Domain"),
        new("case_suspension_ended", 1, typeof(CaseSuspensionEnded), "CommandCenter.Domain.Cases.CaseSuspensionEnded, CommandCenter.Domain"),
        new("case_lateness_appealed", 1, typeof(CaseLatenessAppealed), "CommandCenter.Domain.Cases.CaseLatenessAppealed, CommandCenter.Domain"),
        new("case_appeal_reviewed", 1, typeof(CaseAppealReviewed), "CommandCenter.Domain.Cases.CaseAppealReviewed, CommandCenter.Domain"),
        new("case_clock_paused", 1, typeof(CaseClockPaused), "CommandCenter.Domain.Cases.CaseClockPaused, CommandCenter.Domain"),
        new("case_clock_resumed", 1, typeof(CaseClockResumed), "CommandCenter.Domain.Cases.CaseClockResumed, CommandCenter.Domain"),
        new("case_clock_extended", 1, typeof(CaseClockExtended), "CommandCenter.Domain.Cases.CaseClockExtended, CommandCenter.Domain"),
        new("case_clock_recounted", 1, typeof(CaseClockRecounted), "CommandCenter.Domain.Cases.CaseClockRecounted, CommandCenter.Domain"),
        .. CaseStoryEvent.Names,
        new("notice_sent", 1, typeof(NoticeSent), "CommandCenter.Domain.Inbox.NoticeSent, CommandCenter.Domain"),
        new("notice_read", 1, typeof(NoticeRead), "CommandCenter.Domain.Inbox.NoticeRead, CommandCenter.Domain"),
        new("notice_queued", 1, typeof(NoticeQueued), "CommandCenter.Domain.Inbox.NoticeQueued, CommandCenter.Domain"),
        new("notice_delivered", 1, typeof(NoticeDelivered), "CommandCenter.Domain.Inbox.NoticeDelivered, CommandCenter.Domain"),
        new("notice_failed", 1, typeof(NoticeFailed), "CommandCenter.Domain.Inbox.NoticeFailed, CommandCenter.Domain"),
        new("notice_passed_on", 1, typeof(NoticePassedOn), "CommandCenter.Domain.Inbox.NoticePassedOn, CommandCenter.Domain"),
        new("notice_lapsed", 1, typeof(NoticeLapsed), "CommandCenter.Domain.Inbox.NoticeLapsed, CommandCenter.Domain"),
        new("notice_kept", 1, typeof(NoticeKept), "CommandCenter.Domain.Inbox.NoticeKept, CommandCenter.Domain"),
        .. TaskListEvent.Names,
        .. TaskEvent.Names,
        .. AdmissionEvent.Names,
        .. MeetingEventNames.All,
        .. OrganizationEvent.Names,
        .. SpotEvent.Names,
        .. HotlineEvent.Names,
        .. WhistleEvent.Names,
        .. DutyEvent.Names,
        .. AgendaEvent.Names,
        .. ListingEvent.Names,
        .. GuidanceEvent.Names,
        .. ReviewEvent.Names,
        .. PolicyEvent.Names,
    ];
}
