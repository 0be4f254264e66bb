namespace CommandCenter.Domain.Inbox;

/// <summary>Whom each kind of notice can name, and whom no plan may leave out.</summary>
public static class Audiences
{
    /// <summary>The people that a kind of notice knows, besides roles at a place.</summary>
    public static IReadOnlyList<Audience> Of(NoticeKind kind) => kind switch
    {
        NoticeKind.Returned => [Audience.WhoseTurn, Audience.Unit, Audience.Reporters, Audience.FormerUnit],
        NoticeKind.SubtaskAdded => [Audience.WhoseTurn, Audience.Unit, Audience.Reporters, Audience.NamedPerson],
        NoticeKind.SupervisionAnswered or NoticeKind.SupervisionUnanswered => [Audience.WhoseTurn, Audience.Unit, Audience.Reporters, Audience.WhoOrdered],
        NoticeKind.ApprovalDue => [Audience.WhoseTurn, Audience.Unit, Audience.Reporters, Audience.Approvers],
        NoticeKind.LevelChanged => [Audience.WhoseTurn, Audience.Unit, Audience.Reporters, Audience.LevelDesk],
        NoticeKind.Warning or NoticeKind.Escalation => [Audience.WhoseTurn, Audience.Unit, Audience.Reporters, Audience.Responsible],
        NoticeKind.TaskListPublished or NoticeKind.TaskListWithdrawn or NoticeKind.TaskListClosed => [Audience.Targets],
        NoticeKind.TaskDue or NoticeKind.TaskLate => [Audience.Doer, Audience.Desk],
        NoticeKind.TaskAssigned or NoticeKind.TaskReturned or NoticeKind.TaskToCheck or NoticeKind.TaskSentBack or NoticeKind.TaskCancelled => [Audience.Targets, Audience.Desk, Audience.Doer],
        NoticeKind.AdmissionRequested or NoticeKind.AdmissionDecided => [Audience.Approvers, Audience.Requester],
        NoticeKind.FeedbackDue => [Audience.Yard, Audience.Host],
        NoticeKind.WhistleBlown => [Audience.WhoseTurn, Audience.SectorLeads, Audience.Whistlers],
        NoticeKind.DutyAssigned => [Audience.OnShift],
        NoticeKind.DutyHandedOver or NoticeKind.DutyHeldOver => [Audience.Incoming, Audience.DutyLead],
        NoticeKind.DutyTakenOver => [Audience.OnShift, Audience.DutyLead],
        NoticeKind.SubstituteNamed => [Audience.Substitute],
        NoticeKind.AgendaLeadNamed or NoticeKind.AgendaReportDue or NoticeKind.AgendaReportMissed or NoticeKind.AgendaAppraisalDue or NoticeKind.AgendaLeadOverdue => [Audience.Lead],
        NoticeKind.ListingOpened or NoticeKind.ListingReported or NoticeKind.ListingDue or NoticeKind.ListingOverdue or NoticeKind.ListingLifted => [Audience.Supervisor],
        NoticeKind.ReviewCalled or NoticeKind.ReviewCalledOff or NoticeKind.GuidancePlanned or NoticeKind.GuidanceCalledOff => [Audience.Invited],
        NoticeKind.GuidanceNotBegun or NoticeKind.GuidanceNotRecorded => [Audience.Invited, Audience.Planner],
        NoticeKind.ReviewMeasureGiven or NoticeKind.ReviewMeasureDue or NoticeKind.ReviewMeasureOverdue or NoticeKind.GuidanceOverdue => [Audience.Owner],
        NoticeKind.WhistleDue or NoticeKind.WhistleOverdue => [Audience.Responsible],
        NoticeKind.WhistleDropped => [Audience.FormerUnit, Audience.Whistlers],
        NoticeKind.WhistleCalled or NoticeKind.WhistleDeclined or NoticeKind.WhistleArrived or NoticeKind.WhistleAdvised or NoticeKind.WhistleResolved or NoticeKind.WhistleNotFixed or NoticeKind.WhistleRated
            or NoticeKind.WhistleMoved =>
            [Audience.WhoseTurn, Audience.Unit, Audience.Whistlers],
        _ => [Audience.WhoseTurn, Audience.Unit, Audience.Reporters],
    };

    /// <summary>Whose work it is: told in any case, because nothing lies with somebody who does not know. Null for what is only to be known.</summary>
    public static Audience? Needed(NoticeKind kind) => kind switch
    {
        NoticeKind.Reported or NoticeKind.AssessmentDue or NoticeKind.CheckDue or NoticeKind.Checked or NoticeKind.Filed or NoticeKind.TransferRequested or NoticeKind.TransferDeclined
            or NoticeKind.Dispatched or NoticeKind.Returned or NoticeKind.Reassigned or NoticeKind.VerificationDue or NoticeKind.RatingDue or NoticeKind.NotFixed or NoticeKind.ClosingDue
            or NoticeKind.Reopened or NoticeKind.HolderLeft or NoticeKind.WhistleBlown or NoticeKind.WhistleCalled or NoticeKind.WhistleDeclined or NoticeKind.WhistleResolved or NoticeKind.WhistleNotFixed => Audience.WhoseTurn,
        NoticeKind.Rework => Audience.Unit,
        NoticeKind.SubtaskAdded => Audience.NamedPerson,
        NoticeKind.TaskListPublished or NoticeKind.TaskAssigned => Audience.Targets,
        NoticeKind.TaskReturned or NoticeKind.TaskToCheck => Audience.Desk,
        NoticeKind.TaskSentBack or NoticeKind.TaskDue or NoticeKind.TaskLate => Audience.Doer,
        NoticeKind.AdmissionRequested or NoticeKind.ApprovalDue => Audience.Approvers,
        NoticeKind.FeedbackDue => Audience.Yard,
        NoticeKind.WhistleDropped => Audience.FormerUnit,
        NoticeKind.DutyAssigned => Audience.OnShift,
        NoticeKind.DutyHandedOver or NoticeKind.DutyHeldOver => Audience.Incoming,
        NoticeKind.SubstituteNamed => Audience.Substitute,
        NoticeKind.AgendaLeadNamed or NoticeKind.AgendaReportDue or NoticeKind.AgendaLeadOverdue => Audience.Lead,
        NoticeKind.ListingOverdue => Audience.Supervisor,
        NoticeKind.ReviewCalled or NoticeKind.GuidancePlanned or NoticeKind.GuidanceNotRecorded => Audience.Invited,
        NoticeKind.GuidanceNotBegun => Audience.Planner,
        NoticeKind.ReviewMeasureGiven or NoticeKind.ReviewMeasureOverdue or NoticeKind.GuidanceOverdue => Audience.Owner,
        NoticeKind.WhistleOverdue => Audience.Responsible,
        _ => null,
    };

    /// <summary>Who is asked for something by it; everybody else is told only so that they know. Null where all are told for the same reason.</summary>
    public static Audience? Asked(NoticeKind kind) => kind is NoticeKind.Urged or NoticeKind.Supervised ? Audience.WhoseTurn : Needed(kind);

    /// <summary>Whether it is for whoever sits in a seat, and so by night for whoever is on duty in its place; not for what is only to be known, and what is a person's by name.</summary>
    public static bool IsOfSeat(NoticeKind kind) => kind is NoticeKind.Warning or NoticeKind.Escalation or NoticeKind.WhistleDue or NoticeKind.WhistleOverdue
        || Asked(kind) is Audience.WhoseTurn or Audience.Desk or Audience.Targets or Audience.Doer or Audience.Yard or Audience.Unit or Audience.Approvers;

    /// <summary>Whether it is about a case, which has a sector and an urgency.</summary>
    public static bool IsOfCase(NoticeKind kind) => Of(kind).Contains(Audience.Reporters);
}
