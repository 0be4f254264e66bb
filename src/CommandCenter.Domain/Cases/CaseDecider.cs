using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Cases;

/// <summary>What may happen to a case: every state × every command, decided on purpose.</summary>
public static class CaseDecider
{
    /// <summary>How long one person waits before they urge a case once more.</summary>
    public static readonly TimeSpan UrgeAgainAfter = TimeSpan.FromHours(1);

    /// <summary>How long after closing a case may be rated or taken up again: thirty natural days, as long as the hard limit. What comes later is a new report.</summary>
    public static readonly TimeSpan ReopenWithin = TimeSpan.FromDays(30);

    public static Decision<CaseEvent> Decide(CaseCommand command, Case state, By by) => (command, state) switch
    {
        (ReportCase c, Case.Unreported) => Emit(c.Report),
        (ReportSolvedCase { Photos.Count: 0 }, Case.Unreported) => Refuse("case.solved.proof_missing", state),
        // It closes a case, which nobody does where they have no place.
        (ReportSolvedCase c, Case.Unreported) when !by.Place.Contains(c.Report.Area) => Refuse("case.solved.elsewhere", state),
        (ReportSolvedCase c, Case.Unreported) => Emit(c.Report, new CaseSolvedOnSpot(c.Outcome, c.Photos)),
        (SplitOffCase c, Case.Unreported) => Emit(c.Report, c.Filed),
        (ReportCase or ReportSolvedCase or SplitOffCase, _) => Refuse("case.exists", state),
        (_, Case.Unreported) => Refuse("case.unknown", state),

        // Links hold whatever becomes of the cases, and a merged case is let go of even when the main one has ended.
        (LinkCase c, Case.Known s) => s.File.Links.TryGetValue(c.Other, out var link) && link == c.Link ? Nothing : Emit(new CaseLinked(c.Other, c.Link)),
        (UnlinkCase c, Case.Known s) => s.File.Links.ContainsKey(c.Other) ? Emit(new CaseUnlinked(c.Other)) : Refuse("case.not_linked", state),
        (DropLink c, Case.Known s) => s.File.Links.ContainsKey(c.Other) ? Emit(new CaseUnlinked(c.Other)) : Nothing,
        (ReleaseCase c, Case.Known s) => s.File.Absorbed.ContainsKey(c.Case) ? Emit(new CaseReleased(c.Case)) : Nothing,

        // Whoever reported it hears of it whatever became of it, and what was mistyped is put right.
        (GiveCaseFeedback c, Case.Known) => Emit(new CaseFeedbackGiven(c.Way, c.Note, c.Photos)),
        (CorrectFunding c, Case.Known s) => Correct(c, s, by),

        // Ended.
        (RefuseCase, Case.Refused) => Nothing,
        (_, Case.Refused) => Refuse("case.refused", state),
        (RedirectCase, Case.Redirected) => Nothing,
        (_, Case.Redirected) => Refuse("case.redirected", state),
        (UnmergeCase c, Case.Merged s) => Emit(new CaseUnmerged(s.File.MergedInto!, c.Reason)),
        (MergeCase c, Case.Merged { File.MergedInto: var main }) when c.Main == main => Nothing,
        (_, Case.Merged) => Refuse("case.merged", state),
        (_, Case.Split) => Refuse("case.split_up", state),
        (AppealLateness c, Case.Closed s) =>
            !s.File.LateRuns.Any(run => c.Unit is null || run.Unit == c.Unit) ? Refuse("case.appeal.not_late", state)
            : c.Bench?.Without(by.Actor) is { Count: 0 } ? Refuse("case.appeal.nobody", state)
            : s.File.Appeal is { IsOpen: true } || !s.File.AppealableRuns(c.Unit).Any() ? Refuse("case.appeal.once", state)
            : Emit(new CaseLatenessAppealed(c.Reason, c.Unit)),
        (ReviewAppeal c, Case.Closed s) => Review(c, s, by),
        (AppealLateness or ReviewAppeal, _) => Refuse("case.not_closed", state),
        (RateCase { Satisfaction: < 1 or > 5 }, _) => Refuse("case.rating.out_of_range", state),
        (RateCase { Comment: null }, Case.Verified or Case.Closed { File.Rating: null }) when !IsReporter((Case.Known)state, by) => Refuse("case.rate.call_missing", state),
        (RateCase c, Case.Closed { File.Rating: null } s) => RateClosed(c, s),
        (RateCase, Case.Closed) => Refuse("case.already_rated", state),
        (ReopenCase c, Case.Closed s) => IsTooLate(c.At, s) ? Refuse("case.reopen.too_late", state) : Emit(new CaseReopened(c.Reason)),
        // It was closed by rule while a supervision waited: the answer may still be given.
        (AnswerSupervision c, Case.Closed { File.Supervision.Answered: false }) => Emit(new CaseSupervisionAnswered(c.Answer)),
        (CloseCase, Case.Closed) => Nothing,
        (_, Case.Closed) => Refuse("case.closed", state),
        (ReopenCase, _) => Refuse("case.not_closed", state),
        (UnmergeCase, _) => Refuse("case.not_merged", state),

        // In every open state.
        // Whoever has the turn is told of each; a second word within the hour says nothing that the first did not, and would only bury it.
        (UrgeCase c, Case.Known { File.Urges: var urges }) when urges.TryGetValue(by.Actor, out var last) && c.At < last + UrgeAgainAfter => Refuse("case.urged_already", state, new Earlier(by, last, "case_urged")),
        (UrgeCase c, _) => Emit(new CaseUrged(c.Note)),
        (AcknowledgeAlarm, Case.Known { File.Alarm: null }) => Refuse("case.alarm.none", state),
        (AcknowledgeAlarm c, Case.Known { File.Alarm.Acknowledged: null }) => Emit(new CaseAlarmAcknowledged(c.Wall)),
        (AcknowledgeAlarm, Case.Known { File.Alarm.Acknowledged: { } first }) => first.By.Actor == by.Actor ? Nothing : Refuse("case.alarm.acknowledged", state, new Earlier(first.By, first.At, "case_alarm_acknowledged")),
        (SuperviseCase, Case.Known { File.Supervision: { Answered: false } running } s) when running.IsOf(s.File.Town) && running.Order >= OrderOf(by.Role) =>
            new Decision<CaseEvent>.Refuse(CaseRefusals.SupervisedAlready(running, state)),
        (SuperviseCase c, _) => Emit(new CaseSupervised(OrderOf(by.Role), c.Note)),
        (AnswerSupervision c, Case.Known { File.Supervision: { Answered: false } }) => Emit(new CaseSupervisionAnswered(c.Answer)),
        (AnswerSupervision, _) => Refuse("case.not_supervised", state),
        (AbsorbCase c, Case.Known s) => s.File.Absorbed.ContainsKey(c.Case) ? Nothing : Emit(new CaseAbsorbed(c.Case, c.Reporter, c.ReporterRole)),

        // More time, and time that does not count.
        (AskExtension c, Case.Dispatched or Case.Handling) => Ask(c, (Case.Known)state, by),
        (ApproveExtension c, Case.Known { File.Extension: { } asked } s) => Approve(c, asked, s, by),
        (RefuseExtension c, Case.Known { File.Extension: { } asked }) => asked.AskedBy == by.Actor ? Refuse("case.approval.own", state) : Emit(new CaseExtensionRefused(c.Reason)),
        (ApproveExtension or RefuseExtension, _) => Refuse("case.extension.not_asked", state),
        (AskSuspension c, Case.Dispatched or Case.Handling) => Ask(c, (Case.Known)state, by),
        (ApproveSuspension c, Case.Known { File.Suspension: { IsAsked: true } asked }) =>
            asked.AskedBy == by.Actor ? Refuse("case.approval.own", state) : asked.Until <= c.At ? Refuse("case.suspension.until", state) : Emit(new CaseSuspensionApproved(asked.For, asked.Until, c.Note)),
        (RefuseSuspension c, Case.Known { File.Suspension: { IsAsked: true } asked }) => asked.AskedBy == by.Actor ? Refuse("case.approval.own", state) : Emit(new CaseSuspensionRefused(c.Reason)),
        (ApproveSuspension or RefuseSuspension, _) => Refuse("case.suspension.not_asked", state),
        (ResumeCase c, Case.Known { File.Suspension.IsOn: true }) => Emit(new CaseSuspensionEnded(c.Note)),
        (ResumeCase, _) => Refuse("case.not_suspended", state),

        // With another town for the moment.
        (AcceptCaseTransfer c, Case.Transferring s) => TownOf(c.Area) == TownOf(s.File.TransferTo!.Value) ? Emit(new CaseTransferAccepted(c.Area)) : Refuse("case.transfer.not_asked", state),
        (DeclineCaseTransfer c, Case.Transferring) => Emit(new CaseTransferDeclined(c.Reason)),
        (AcceptCaseTransfer or DeclineCaseTransfer, _) => Refuse("case.not_transferring", state),
        (TransferCase c, Case.Known s) when s is Case.Reported or Case.Transferring || s.IsToDispatch =>
            TownOf(c.Area) == s.File.Town ? Refuse("case.transfer.same_town", state) : Emit(new CaseTransferred(c.Area, c.Reason)),
        (RecallCase c, Case.Transferring) => Emit(new CaseRecalled(c.Reason)),
        (_, Case.Transferring) => Refuse("case.transferring", state),

        // With the village, or with somebody who looks.
        (PassCaseUp c, Case.Assessing) => Emit(new CasePassedUp(c.Assessment, c.Level, c.Households, c.CostFen)),
        (SettleCase, Case.Assessing { File.Supervision.Answered: false }) => Refuse("case.supervision.unanswered", state),
        (SettleCase { Photos.Count: 0 }, Case.Assessing) => Refuse("case.solved.proof_missing", state),
        (SettleCase c, Case.Assessing) => Emit(new CaseSettledByVillage(c.Outcome, c.Photos)),
        (RecallCase c, Case.Assessing or Case.Checking) => Emit(new CaseRecalled(c.Reason)),
        (_, Case.Assessing) => Refuse("case.with_village", state),
        (PassCaseUp or SettleCase, _) => Refuse("case.not_with_village", state),
        (ReportCaseCheck c, Case.Checking) => Emit(new CaseChecked(c.Finding, c.Note, c.Photos)),
        (_, Case.Checking) => Refuse("case.being_checked", state),
        (ReportCaseCheck, _) => Refuse("case.not_being_checked", state),

        // At the center's desk.
        (SendCaseToVillage, Case.Reported { File.IsAssessedHere: true }) => Refuse("case.village.assessed_before", state),
        (SendCaseToVillage c, Case.Reported) => Emit(new CaseSentToVillage(c.Note)),
        (OrderCaseCheck c, Case.Reported) => Emit(new CaseCheckOrdered(c.Person, c.Note)),
        (FileCase { Level: MatterLevel.District }, Case.Reported s) when !MayDistrict(by) && s.File.WeighedBy is null => Refuse("case.level.not_yours", state),
        (FileCase { Level: not MatterLevel.District }, Case.Reported { File: { Level: MatterLevel.District, WeighedBy: not null } }) when !MayDistrict(by) => Refuse("case.level.weighed", state),
        (FileCase c, Case.Reported) => Emit(new CaseFiled(c.Category, c.Sector, c.Urgency, c.Note, c.Level)),
        // Who had it watched gets an answer before the case ends, is another, or several.
        (RefuseCase, Case.Reported { File.Supervision.Answered: false }) => Refuse("case.supervision.unanswered", state),
        (RedirectCase, Case.Known { File.Supervision.Answered: false } and (Case.Reported or Case.Filed)) => Refuse("case.supervision.unanswered", state),
        (RefuseCase c, Case.Reported) => Emit(new CaseRefused(c.Reason, c.Note)),
        (SendCaseToVillage or OrderCaseCheck or FileCase or RefuseCase, _) => Refuse("case.already_filed", state),
        (RedirectCase c, Case.Reported or Case.Filed) => Emit(new CaseRedirected(c.Service, c.Note)),
        (SplitCase, Case.Reported) => Refuse("case.not_filed", state),
        (MergeCase, Case.Known { File.Absorbed.Count: > 0 } and (Case.Reported or Case.Filed)) => Refuse("case.merge.has_absorbed", state),
        (SplitCase, Case.Known { File.Absorbed.Count: > 0, IsToDispatch: true }) => Refuse("case.merge.has_absorbed", state),
        (MergeCase, Case.Known { File.Supervision.Answered: false } and (Case.Reported or Case.Filed)) => Refuse("case.supervision.unanswered", state),
        (SplitCase, Case.Known { File.Supervision.Answered: false, IsToDispatch: true }) => Refuse("case.supervision.unanswered", state),
        (MergeCase c, Case.Reported or Case.Filed) => Emit(new CaseMerged(c.Main, c.Note)),
        (SplitCase { Children.Count: < 2 }, Case.Known { IsToDispatch: true }) => Refuse("case.split.too_few", state),
        (SplitCase c, Case.Known { IsToDispatch: true }) => Emit(new CaseSplit(c.Children, c.Note)),
        (RequestCaseTransfer c, Case.Known s) when s is Case.Reported || s.IsToDispatch =>
            TownOf(c.Area) == s.File.Town ? Refuse("case.transfer.same_town", state)
            : TownOf(c.Area) is { } town && s.File.DeclinedBy.Contains(town) ? Refuse("case.transfer.declined_before", state)
            : Emit(new CaseTransferRequested(c.Area, c.Reason)),
        (RedirectCase or MergeCase or SplitCase or RequestCaseTransfer or TransferCase, _) => Refuse(Sent(state), state),

        (AskExtension or AskSuspension, Case.Reported or Case.Filed) => Refuse("case.not_dispatched", state),
        (AskExtension or AskSuspension, _) => Refuse(Done(state), state),

        (RaiseCaseLevel or LowerCaseLevel or DispatchCase or TakeOnCase, Case.Reported) => Refuse("case.not_filed", state),
        (RaiseCaseLevel c, Case.Known s) when s.IsToDispatch || s is Case.Dispatched or Case.Handling => Raise(c, s, by),
        (LowerCaseLevel c, Case.Known s) when s.IsToDispatch || s is Case.Dispatched or Case.Handling => Lower(c, s, by),
        (RaiseCaseLevel or LowerCaseLevel, _) => Refuse(Done(state), state),

        (DispatchCase c, Case.Known { IsToDispatch: true } s) => Dispatch(c, s, by),
        (TakeOnCase c, Case.Known { IsToDispatch: true } s) => TakeOn(c, s, by),
        (DispatchCase or TakeOnCase, _) => Refuse(Sent(state), state),

        (ClaimCase, Case.Reported or Case.Filed) => Refuse("case.not_dispatched", state),
        (ClaimCase, Case.Dispatched { File.Assignment.Person: { } named }) when !by.Is(named) => Refuse("case.named_another", state),
        (ClaimCase, Case.Dispatched s) => Emit(new CaseClaimed(s.File.Assignment!.Unit)),
        (ClaimCase, Case.Handling { File.Assignment.ClaimedBy: var claimer }) => by.Is(claimer) ? Nothing : Refuse("case.claimed_by_another", state),
        (ClaimCase, _) => Refuse(Done(state), state),

        (ReassignCase or ReturnCase or RecallCase, Case.Reported or Case.Filed) => Refuse("case.not_dispatched", state),
        (ReassignCase, Case.Dispatched { File.Assignment.Person: { } named }) when IsOfUnit(by) && !by.Is(named) => Refuse("case.named_another", state),
        (ReassignCase or ReturnCase, Case.Handling s) when IsOfUnit(by) && !MayTouch(s, by) => Refuse("case.claimed_by_another", state),
        (ReassignCase c, Case.Dispatched { File.Assignment.Person: var named }) => named == c.Person ? Nothing : Emit(new CaseReassigned(c.Person, c.Note)),
        (ReassignCase c, Case.Handling { File.Assignment.ClaimedBy: var claimer }) => claimer == c.Person ? Nothing : Emit(new CaseReassigned(c.Person, c.Note)),
        (ReturnCase c, Case.Known s and (Case.Dispatched or Case.Handling)) => Emit(new CaseReturned(s.File.Assignment!.Unit, c.Reason)),
        (RecallCase c, Case.Known s and (Case.Dispatched or Case.Handling)) => Emit(new CaseRecalled(c.Reason, s.File.Assignment!.Unit)),
        (ReassignCase or ReturnCase or RecallCase, _) => Refuse(Done(state), state),

        // The work itself, by whoever took it.
        (PlanCase or ProgressCase or AddSubtask or FinishSubtask or DropSubtask or RecordFunding or HandCaseToEnforcement or CompleteCase, Case.Reported or Case.Filed) => Refuse("case.not_dispatched", state),
        (PlanCase or ProgressCase or AddSubtask or FinishSubtask or DropSubtask or RecordFunding or HandCaseToEnforcement or CompleteCase, Case.Dispatched) => Refuse("case.not_claimed", state),
        (FinishSubtask c, Case.Handling s) => Finish(c, s, by),
        (PlanCase or ProgressCase or AddSubtask or DropSubtask or RecordFunding or HandCaseToEnforcement or CompleteCase, Case.Handling s) when !MayTouch(s, by) => Refuse("case.claimed_by_another", state),
        (PlanCase c, Case.Handling) => Emit(new CasePlanPublished(c.Plan, c.Until)),
        (ProgressCase c, Case.Handling) => Emit(new CaseProgressed(c.Note, c.Before, c.After)),
        (AddSubtask c, Case.Handling s) => Emit(new CaseSubtaskAdded(s.File.Subtasks.Keys.DefaultIfEmpty().Max() + 1, c.Task, c.Person)),
        (DropSubtask c, Case.Handling s) => s.File.Subtasks.TryGetValue(c.Number, out var task) && !task.Finished
            ? Emit(new CaseSubtaskDropped(c.Number, c.Reason))
            : Refuse("case.subtask.unknown", state),
        (RecordFunding { AmountFen: <= 0 }, Case.Handling) => Refuse("case.funding.not_positive", state),
        (RecordFunding c, Case.Handling) => Emit(new CaseFundingRecorded(c.AmountFen, c.From)),
        (HandCaseToEnforcement c, Case.Handling s) when c.Unit == s.File.Assignment!.Unit => Refuse("case.enforcement.same_unit", state),
        (HandCaseToEnforcement c, Case.Handling s) when s.File.WasSentBackBy(c.Unit) => Refuse("case.dispatch.returned_before", state),
        (HandCaseToEnforcement c, Case.Handling s) => Emit(new CaseHandedToEnforcement(s.File.Dispatches + 1, c.Sector, c.Unit, c.Reason)),
        (CompleteCase, Case.Handling s) when s.File.UnfinishedSubtasks.Any() => Refuse("case.complete.subtasks_open", state),
        (CompleteCase { PhotoNeeded: true, Photos.Count: 0 }, Case.Handling { File.HasResultPhoto: false }) => Refuse("case.complete.photo_missing", state),
        // What is done does not wait any more.
        (CompleteCase c, Case.Handling { File.Suspension.IsOn: true }) => Emit(new CaseSuspensionEnded(), new CaseCompleted(c.Outcome, c.Photos)),
        (CompleteCase c, Case.Handling) => Emit(new CaseCompleted(c.Outcome, c.Photos)),
        (CompleteCase, Case.Completed { File.CompletedBy: var completer }) when by.Is(completer) => Nothing,
        (PlanCase or ProgressCase or AddSubtask or FinishSubtask or DropSubtask or RecordFunding or HandCaseToEnforcement or CompleteCase, _) => Refuse(Done(state), state),

        (VerifyCase, Case.Reported or Case.Filed or Case.Dispatched or Case.Handling) => Refuse("case.not_completed", state),
        // Who is not of the grid shows that they were there.
        (VerifyCase { Passed: true, Photos.Count: 0 }, Case.Completed) when by.Role is not (Role.GridWorker or Role.YardHead or Role.VillageSecretary) => Refuse("case.verify.photo_missing", state),
        (VerifyCase { Passed: true } c, Case.Completed) => Emit(new CaseVerified(c.Photos, c.Note)),
        (VerifyCase { Passed: false, Note: null }, Case.Completed) => Refuse("case.rework.reason_missing", state),
        (VerifyCase { Passed: false, Note: { } reason } c, Case.Completed s) => Emit(new CaseReworkOrdered(s.File.Dispatches, reason, c.Photos)),
        (VerifyCase, _) => Refuse(Done(state), state),

        (RateCase c, Case.Verified) => Emit(new CaseRated(c.Satisfaction, c.Result, c.Comment)),
        (RateCase, Case.Rated) => Refuse("case.already_rated", state),
        (RateCase, _) => Refuse("case.not_verified", state),

        (CloseCase { RatingNeeded: true }, Case.Verified) => Refuse("case.close.rating_missing", state),
        (CloseCase, Case.Known { File.Supervision.Answered: false } and (Case.Verified or Case.Rated { IsToDispatch: false })) => Refuse("case.supervision.unanswered", state),
        (CloseCase c, Case.Verified) => Emit(new CaseClosed(c.Summary)),
        (CloseCase, Case.Rated { File.Rating.Result: FixResult.NotFixed }) => Refuse("case.close.not_fixed", state),
        (CloseCase c, Case.Rated) => Emit(new CaseClosed(c.Summary)),
        (CloseCase, Case.Reported) => Refuse("case.not_filed", state),
        (CloseCase, Case.Filed) => Refuse("case.not_dispatched", state),
        (CloseCase, Case.Dispatched or Case.Handling) => Refuse("case.not_completed", state),
        (CloseCase, _) => Refuse("case.not_verified", state),

        _ => throw new InvalidOperationException($"{command.GetType().Name} is not decided in {state.GetType().Name}."),
    };

    /// <summary>The commands that a state accepts from somebody, in the order of the loop, in kebab-case; what is only part of another command is left out.</summary>
    public static IReadOnlyList<string> Possible(Case state) =>
    [
        .. state switch
        {
            Case.Unreported => ["report", "report-solved"],
            Case.Assessing { File: var file } => ["pass-up", .. When(!IsUnanswered(file), "settle"), "recall"],
            Case.Reported { File: var file } =>
            [
                .. When(!file.IsAssessedHere, "send-to-village"), "check", "file", .. When(!IsUnanswered(file), "refuse", "redirect"), .. When(MayEndIn(file), "merge"),
                "request-transfer", "transfer",
            ],
            Case.Checking => ["report-check", "recall"],
            Case.Transferring => ["accept-transfer", "decline-transfer", "transfer", "recall"],
            Case.Filed { File: var file } =>
            [
                "dispatch", .. When(file.Level == MatterLevel.District, "take-on"), .. When(!IsUnanswered(file), "redirect"), .. When(MayEndIn(file), "merge", "split"),
                "request-transfer", "transfer", .. Levels(file, null),
            ],
            Case.Dispatched { File: var file } => ["claim", "return", "reassign", "recall", .. Asking(file), .. Levels(file, file.Assignment)],
            Case.Handling { File: var file } =>
            [
                "plan", "progress", "add-subtask", .. When(file.UnfinishedSubtasks.Any(), "finish-subtask", "drop-subtask"), .. When(!file.UnfinishedSubtasks.Any(), "complete"),
                "record-funding", "hand-to-enforcement", "return", "reassign", "recall", .. Asking(file), .. Levels(file, file.Assignment),
            ],
            Case.Completed => ["verify"],
            Case.Verified { File: var file } => ["rate", .. When(!IsUnanswered(file), "close")],
            Case.Rated { IsToDispatch: true, File: var file } =>
            [
                "dispatch", .. When(file.Level == MatterLevel.District, "take-on"), .. When(MayEndIn(file), "split"), "request-transfer", "transfer", .. Levels(file, null),
            ],
            Case.Rated { File: var file } => When(!IsUnanswered(file), "close"),
            Case.Closed { File: var file } =>
            [
                .. When(file.Rating is null, "rate"), "reopen", .. When(IsUnanswered(file), "answer-supervision"), .. When(file.Appeal is not { IsOpen: true } && file.AppealableRuns().Any(), "appeal-lateness"),
                .. When(file.Appeal is { IsOpen: true }, "review-appeal"),
            ],
            Case.Merged => ["unmerge"],
            _ => (string[])[],
        },
        .. state is Case.Known { IsOpen: true, File: { Supervision: var supervision, Alarm: var alarm } }
            ? [.. When(alarm is { Acknowledged: null }, "acknowledge-alarm"), "urge", .. When(supervision is not { Answered: false, Order: SupervisionBy.District }, "supervise"), .. When(supervision is { Answered: false }, "answer-supervision")]
            : (string[])[],
        .. state is Case.Known { IsOpen: true, File: var timed }
            ?
            [
                .. When(timed.Extension is not null, "approve-extension", "refuse-extension"), .. When(timed.Suspension is { IsAsked: true }, "approve-suspension", "refuse-suspension"),
                .. When(timed.Suspension is { IsOn: true }, "resume"),
            ]
            : (string[])[],
        .. state is Case.Known { File: var known } ? ["link", .. When(known.Links.Count > 0, "unlink"), .. When(known.FundingFen > 0, "correct-funding"), "give-feedback"] : (string[])[],
    ];

    private static string[] When(bool holds, params string[] commands) => holds ? commands : [];

    private static string[] Asking(CaseFile file) =>
    [
        .. When(file.Extension is null && file.Clocks.TryGetValue(Clock.Handle, out var running) && running.Extensions < MostExtensions, "ask-extension"), .. When(file.Suspension is null, "ask-suspension"),
    ];

    private static string[] Levels(CaseFile file, Assignment? with) =>
    [
        .. When(file.Level != MatterLevel.District, "raise-level"),
        .. When(file.Level != MatterLevel.Village && with?.Unit.Kind != UnitKind.Department, "lower-level"),
    ];

    // Into another, or into several.
    private static bool MayEndIn(CaseFile file) => file.Absorbed.IsEmpty && !IsUnanswered(file);

    private static bool IsUnanswered(CaseFile file) => file.Supervision is { Answered: false };

    // Whose word a rating is: whoever reported it, or what was merged into it.
    private static bool IsReporter(Case.Known s, By by) =>
        (by.Is(s.File.ReportedBy.Actor) && !IsForACaller(s.File, by)) || s.File.Absorbed.Values.Any(absorbed => by.Is(absorbed.Reporter));

    // What the center wrote down for somebody who called is theirs to rate and not the center's.
    private static bool IsForACaller(CaseFile file, By by) => by.Role is Role.CenterOperator or Role.Dispatcher && (file.Report.Source == CaseSource.Hotline || file.Report.Reporter is not null);

    // Why what is for the desk only comes too late.
    private static string Sent(Case state) => state is Case.Dispatched or Case.Handling ? "case.already_dispatched" : Done(state);

    // What a case waits for when its unit has done its part.
    private static string Done(Case state) => state switch
    {
        Case.Completed => "case.already_completed",
        Case.Verified => "case.already_verified",
        Case.Rated { IsToDispatch: true } => "case.not_fixed",
        _ => "case.waits_for_closing",
    };

    private static Decision<CaseEvent> Correct(CorrectFunding c, Case.Known s, By by) =>
        s.File.FundingFen == 0 ? Refuse("case.funding.none", s)
        : c.AmountFen < 0 ? Refuse("case.funding.not_positive", s)
        : s is Case.Handling handling && IsOfUnit(by) && !MayTouch(handling, by) ? Refuse("case.claimed_by_another", s)
        : c.AmountFen == s.File.FundingFen ? Nothing
        : Emit(new CaseFundingCorrected(c.AmountFen, c.Reason));

    private static Decision<CaseEvent> Dispatch(DispatchCase c, Case.Known s, By by) => c.Unit.Kind switch
    {
        // A district's department works for district matters; else towns would push their own work upward.
        UnitKind.Department when s.File.Level != MatterLevel.District => Refuse("case.dispatch.level", s),
        // Nothing is due after the addition ends that alone admits it (ADR 0014).
        not UnitKind.Department when c.AdditionEnds && !(c.Unit.Kind == UnitKind.Post && s.File.Urgency == Urgency.Emergency) => Refuse("case.dispatch.addition_ends", s),
        UnitKind.Village or UnitKind.Grid when !c.Admitted => Refuse("case.dispatch.not_admitted", s),
        // Where a life is in danger the town goes, whatever its list says.
        UnitKind.Post when !c.Admitted && s.File.Urgency != Urgency.Emergency => Refuse("case.dispatch.not_of_town", s),
        _ when s.File.WasSentBackBy(c.Unit) && by.Role is not (Role.SectorLead or Role.TownLeader or Role.DistrictSupervisor) => Refuse("case.dispatch.returned_before", s),
        _ => Emit(new CaseDispatched(s.File.Dispatches + 1, c.Sector, c.Unit, c.Instructions, c.Person, c.Addition)),
    };

    private static Decision<CaseEvent> TakeOn(TakeOnCase c, Case.Known s, By by) =>
        s.File.Level != MatterLevel.District ? Refuse("case.take_on.level", s)
        : !c.Competent ? Refuse("case.take_on.not_competent", s)
        : Emit(new CaseDispatched(s.File.Dispatches + 1, c.Sector, c.Unit, null, by.Actor), new CaseClaimed(c.Unit));

    private static Decision<CaseEvent> Finish(FinishSubtask c, Case.Handling s, By by)
    {
        if (!s.File.Subtasks.TryGetValue(c.Number, out var task))
            return Refuse("case.subtask.unknown", s);
        if (!by.Is(task.Person) && !MayTouch(s, by))
            return Refuse("case.claimed_by_another", s);
        return task.Finished ? Nothing : Emit(new CaseSubtaskFinished(c.Number, c.Photos, c.Note));
    }

    private static Decision<CaseEvent> RateClosed(RateCase c, Case.Closed s)
    {
        if (c.At is { } at && IsTooLate(at, s))
            return Refuse("case.rate.too_late", s);
        var rated = new CaseRated(c.Satisfaction, c.Result, c.Comment);
        return c.Result == FixResult.NotFixed ? Emit(rated, new CaseReopened()) : Emit(rated);
    }

    /// <summary>How often the limit of one unit may be extended.</summary>
    public const int MostExtensions = 2;

    private static Decision<CaseEvent> Ask(AskExtension c, Case.Known s, By by)
    {
        if (s is Case.Handling handling && !MayTouch(handling, by))
            return Refuse("case.claimed_by_another", s);
        if (!s.File.Clocks.TryGetValue(Clock.Handle, out var running))
            return Refuse("case.extension.no_limit", s);
        if (s.File.Extension is not null)
            return Refuse("case.extension.asked_already", s);
        if (running.Extensions >= MostExtensions)
            return Refuse("case.extension.used_up", s);
        if (IsExpired(running, c.At))
            return Refuse("case.extension.too_late", s);
        if (c.Bench?.Without(by.Actor) is { Count: 0 })
            return Refuse("case.approval.nobody", s);
        return c.Amount < 1 || c.Amount > running.Limit.Amount
            ? Refuse("case.extension.too_long", s)
            : Emit(new CaseExtensionRequested(running.Limit with { Amount = c.Amount }, c.Reason));
    }

    private static Decision<CaseEvent> Approve(ApproveExtension c, ExtensionRequest asked, Case.Known s, By by) =>
        asked.AskedBy == by.Actor ? Refuse("case.approval.own", s)
        : !s.File.Clocks.TryGetValue(Clock.Handle, out var running) || IsExpired(running, c.At) ? Refuse("case.extension.too_late", s)
        : asked.First is not { } first ? Emit(new CaseExtensionApproved(c.Bench?.Without(by.Actor, asked.AskedBy) is { Count: 0 }, asked.By, [by.Actor], c.Note))
        : MaySecond(c.Bench?.Without(first.Actor, asked.AskedBy), by.Actor == first.Actor, first.Role != by.Role, seat => seat.Role != first.Role)
            ? Emit(new CaseExtensionApproved(true, asked.By, first.Actor == by.Actor ? [by.Actor] : [first.Actor, by.Actor], c.Note))
        : Refuse("case.extension.same_rank", s);

    /// <summary>Whether somebody gives the second of two decisions: another person of the rank that it takes; where nobody of that rank is there any other, and where nobody else is there the first again.</summary>
    /// <param name="others">All but who asked and who gave the first; null: somebody of that rank is among them.</param>
    private static bool MaySecond(IReadOnlyList<BenchSeat>? others, bool isFirst, bool isOfRank, Func<BenchSeat, bool> ofRank) =>
        isFirst ? others is { Count: 0 } : isOfRank || (others is not null && !others.Any(ofRank));

    // While it is paused it does not run out.
    private static bool IsExpired(RunningClock running, DateTimeOffset at) => running.IsDueKnown && at >= running.DueAt;

    private static Decision<CaseEvent> Ask(AskSuspension c, Case.Known s, By by) =>
        s is Case.Handling handling && !MayTouch(handling, by) ? Refuse("case.claimed_by_another", s)
        : s.File.Suspension is { IsAsked: true } ? Refuse("case.suspension.asked_already", s)
        : s.File.Suspension is not null ? Refuse("case.suspension.once", s)
        : c.Until <= c.At || c.Until > c.At.AddYears(1) ? Refuse("case.suspension.until", s)
        : c.Bench?.Without(by.Actor) is { Count: 0 } ? Refuse("case.approval.nobody", s)
        : Emit(new CaseSuspensionRequested(c.For, c.Until, c.Reason));

    private static Decision<CaseEvent> Review(ReviewAppeal c, Case.Closed s, By by) => s.File.Appeal switch
    {
        { AskedBy: var asker } when asker == by.Actor => Refuse("case.approval.own", s),
        { Standing: AppealStanding.FirstReview } appeal => IsForLater(c.Bench, appeal, by) ? Refuse("case.appeal.top_rank", s)
            : c.Upheld && c.Bench?.Without(by.Actor, appeal.AskedBy) is { Count: 0 } ? Emit(new CaseAppealReviewed(1, true, c.Reason), Second(c, s, appeal, true))
            : Emit(new CaseAppealReviewed(1, c.Upheld, c.Reason)),
        { Standing: AppealStanding.SecondReview, First: { } first } appeal =>
            MaySecond(c.Bench?.Without(first.Actor, appeal.AskedBy), by.Actor == first.Actor, Bench.Rank(by.Role) > Bench.Rank(first.Role), seat => Bench.Rank(seat.Role) > Bench.Rank(first.Role))
                ? Emit(Second(c, s, appeal, by.Actor == first.Actor))
                : Refuse("case.appeal.higher_rank", s),
        _ => Refuse("case.appeal.none", s),
    };

    private static CaseAppealReviewed Second(ReviewAppeal c, Case.Closed s, LatenessAppeal appeal, bool alone) =>
        new(2, c.Upheld, c.Reason, c.Upheld && s.File.LateRuns.Except(appeal.Runs).Except(s.File.ExemptRuns).Any() ? true : null, alone ? true : null);

    // The district leaves the first review to the town, and whoever nobody stands above leaves it to those below, for as long as there is somebody.
    private static bool IsForLater(Bench? bench, LatenessAppeal appeal, By by)
    {
        var rank = Bench.Rank(by.Role);
        if (bench is null)
            return rank >= Bench.District;
        var others = bench.Without(by.Actor, appeal.AskedBy);
        return (rank >= Bench.District && others.Any(seat => Bench.Rank(seat.Role) < Bench.District))
            || (!others.Any(seat => Bench.Rank(seat.Role) > rank) && others.Any(seat => Bench.Rank(seat.Role) < bench.HighestOf(by.Actor)));
    }

    private static Decision<CaseEvent> Raise(RaiseCaseLevel c, Case.Known s, By by) =>
        c.Level <= (s.File.Level ?? MatterLevel.Town) ? Refuse("case.level.not_higher", s)
        : c.Level == MatterLevel.District && !MayDistrict(by) ? Refuse("case.level.not_yours", s)
        : Emit(new CaseLevelRaised(c.Level, c.Reason));

    private static Decision<CaseEvent> Lower(LowerCaseLevel c, Case.Known s, By by) =>
        c.Level >= (s.File.Level ?? MatterLevel.Town) ? Refuse("case.level.not_lower", s)
        : !s.IsToDispatch && s.File.Assignment?.Unit.Kind == UnitKind.Department ? Refuse("case.level.with_department", s)
        : s.File.Level == MatterLevel.District && !MayDistrict(by) ? Refuse("case.level.not_yours", s)
        : Emit(new CaseLevelLowered(c.Level, c.Reason));

    // What goes up to the district was weighed by the town's leaders before (S0-09).
    private static bool MayDistrict(By by) => by.Role is Role.TownLeader or Role.DistrictSupervisor;

    /// <summary>The level at which a case is filed where nobody says: what was decided or said of it before, but a district matter only where a leader said so.</summary>
    public static MatterLevel LevelToFile(CaseFile file) => file.Level switch
    {
        MatterLevel.District when file.WeighedBy is null => MatterLevel.Town,
        { } level => level,
        null => MatterLevel.Town,
    };

    private static SupervisionBy OrderOf(Role role) => role switch
    {
        Role.DistrictSupervisor => SupervisionBy.District,
        Role.TownLeader => SupervisionBy.TownLeader,
        _ => SupervisionBy.SectorLead,
    };

    private static bool IsTooLate(DateTimeOffset at, Case.Closed s) => s.File.ClosedAt is { } closedAt && at - closedAt > ReopenWithin;

    private static AreaCode? TownOf(AreaCode area) => area.At(AreaLevel.Town);

    private static bool IsOfUnit(By by) => by.Role is Role.PostHandler or Role.Department or Role.VillageSecretary or Role.GridWorker;

    // Whoever claimed a case answers for it; a colleague of the unit does not act over that person's head.
    private static bool MayTouch(Case.Handling state, By by) => by.Is(state.File.Assignment!.ClaimedBy);

    private static Decision<CaseEvent>.Emit Emit(params CaseEvent[] events) => new(events);

    private static Decision<CaseEvent>.Refuse Refuse(string code, Case state) => new(CaseRefusals.Of(code, state));

    private static Decision<CaseEvent>.Refuse Refuse(string code, Case state, Earlier earlier) => new(CaseRefusals.Of(code, state) with { Earlier = earlier });

    private static Decision<CaseEvent> Nothing { get; } = new Decision<CaseEvent>.Nothing();
}
