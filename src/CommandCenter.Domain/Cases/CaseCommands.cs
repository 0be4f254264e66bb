using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Cases;

/// <summary>Something that somebody wants of a case.</summary>
public abstract record CaseCommand : Attaching
{
    /// <summary>The command's frozen name in kebab-case, as in <c>POST /api/cases/{id}/{name}</c>.</summary>
    public abstract string Name { get; }
}

public sealed record ReportCase(CaseReported Report) : CaseCommand
{
    public override string Name => "report";
}

public sealed record ReportSolvedCase(CaseReported Report, MarkedText Outcome, IReadOnlyList<string> Photos) : CaseCommand
{
    public override string Name => "report-solved";
}

public sealed record SendCaseToVillage(MarkedText? Note) : CaseCommand
{
    public override string Name => "send-to-village";
}

public sealed record PassCaseUp(MarkedText Assessment, MatterLevel Level, int? Households, long? CostFen) : CaseCommand
{
    public override string Name => "pass-up";
}

public sealed record SettleCase(MarkedText Outcome, IReadOnlyList<string> Photos) : CaseCommand
{
    public override string Name => "settle";
}

/// <param name="Person">Somebody at the case's place, looked up by the caller.</param>
public sealed record OrderCaseCheck(string? Person, MarkedText? Note) : CaseCommand
{
    public override string Name => "check";
}

public sealed record ReportCaseCheck(CheckFinding Finding, MarkedText Note, IReadOnlyList<string> Photos) : CaseCommand
{
    public override string Name => "report-check";
}

/// <param name="Category">A code of the catalogue.</param>
/// <param name="Sector">The category's sector, looked up by the caller.</param>
public sealed record FileCase(string Category, Sector Sector, Urgency Urgency, MarkedText? Note, MatterLevel Level = MatterLevel.Town) : CaseCommand
{
    public override string Name => "file";
}

public sealed record RefuseCase(RefusalReason Reason, MarkedText Note) : CaseCommand
{
    public override string Name => "refuse";
}

public sealed record RedirectCase(EmergencyService Service, MarkedText Note) : CaseCommand
{
    public override string Name => "redirect";
}

/// <summary>Goes to the case that ends; <see cref="AbsorbCase"/> goes to the main case in the same append.</summary>
public sealed record MergeCase(string Main, MarkedText? Note) : CaseCommand
{
    public override string Name => "merge";
}

/// <summary>Part of <see cref="MergeCase"/>, never given by itself.</summary>
public sealed record AbsorbCase(string Case, string Reporter, Role ReporterRole) : CaseCommand
{
    public override string Name => "absorb";
}

public sealed record UnmergeCase(MarkedText Reason) : CaseCommand
{
    public override string Name => "unmerge";
}

/// <summary>Part of <see cref="UnmergeCase"/>, never given by itself.</summary>
public sealed record ReleaseCase(string Case) : CaseCommand
{
    public override string Name => "release";
}

/// <param name="Children">The ids of the new cases, which are reported and filed in the same append.</param>
public sealed record SplitCase(IReadOnlyList<string> Children, MarkedText? Note) : CaseCommand
{
    public override string Name => "split";
}

/// <summary>Part of <see cref="SplitCase"/>, never given by itself: a new case that is filed as it begins.</summary>
public sealed record SplitOffCase(CaseReported Report, CaseFiled Filed) : CaseCommand
{
    public override string Name => "split-off";
}

/// <summary>Goes to both cases in one append, each naming the other.</summary>
public sealed record LinkCase(string Other, CaseLink Link) : CaseCommand
{
    public override string Name => "link";
}

public sealed record UnlinkCase(string Other) : CaseCommand
{
    public override string Name => "unlink";
}

/// <summary>Part of <see cref="UnlinkCase"/>, never given by itself: what it does to the other case, wherever that lies by now.</summary>
public sealed record DropLink(string Other) : CaseCommand
{
    public override string Name => "drop-link";
}

/// <param name="Unit">A post of the case's town, a department, village or grid, looked up by the caller together with the sector.</param>
/// <param name="Person">Somebody of the unit, looked up by the caller.</param>
/// <param name="Admitted">Whether the list of matters of the unit's tier holds the category: for a village or grid its admission list (准入清单, S4-03), for a post its town's (S3-19); looked up by the caller.</param>
/// <param name="Addition">The urgent addition that alone admits it, <c>{town}/{number}</c>.</param>
/// <param name="AdditionEnds">Whether that ends before the unit's limit would.</param>
public sealed record DispatchCase(Sector Sector, Unit Unit, MarkedText? Instructions, string? Person = null, bool Admitted = true, string? Addition = null, bool AdditionEnds = false) : CaseCommand
{
    public override string Name => "dispatch";
}

/// <summary>主动认领 (S0-10): a department takes on what lies in its remit before anybody sends it.</summary>
/// <param name="Competent">Whether the category is in the department's remit, looked up by the caller.</param>
public sealed record TakeOnCase(Sector Sector, Unit Unit, bool Competent) : CaseCommand
{
    public override string Name => "take-on";
}

public sealed record ClaimCase : CaseCommand
{
    public override string Name => "claim";
}

public sealed record ReturnCase(MarkedText Reason) : CaseCommand
{
    public override string Name => "return";
}

public sealed record RecallCase(MarkedText Reason) : CaseCommand
{
    public override string Name => "recall";
}

/// <param name="Person">Somebody of the unit, looked up by the caller.</param>
public sealed record ReassignCase(string Person, MarkedText? Note) : CaseCommand
{
    public override string Name => "reassign";
}

public sealed record PlanCase(MarkedText Plan, DateTimeOffset? Until) : CaseCommand
{
    public override string Name => "plan";
}

public sealed record ProgressCase(MarkedText Note, IReadOnlyList<string> Before, IReadOnlyList<string> After) : CaseCommand
{
    public override string Name => "progress";
}

public sealed record AddSubtask(MarkedText Task, string? Person) : CaseCommand
{
    public override string Name => "add-subtask";
}

public sealed record FinishSubtask(int Number, IReadOnlyList<string> Photos, MarkedText? Note) : CaseCommand
{
    public override string Name => "finish-subtask";
}

public sealed record DropSubtask(int Number, MarkedText Reason) : CaseCommand
{
    public override string Name => "drop-subtask";
}

public sealed record RecordFunding(long AmountFen, MarkedText From) : CaseCommand
{
    public override string Name => "record-funding";
}

/// <param name="AmountFen">All money for the case, as it is right.</param>
public sealed record CorrectFunding(long AmountFen, MarkedText Reason) : CaseCommand
{
    public override string Name => "correct-funding";
}

public sealed record GiveCaseFeedback(CaseFeedbackWay Way, MarkedText Note, IReadOnlyList<string> Photos) : CaseCommand
{
    public override string Name => "give-feedback";
}

/// <param name="Unit">A law-enforcement post of the case's town, looked up by the caller together with its sector.</param>
public sealed record HandCaseToEnforcement(Sector Sector, Unit Unit, MarkedText Reason) : CaseCommand
{
    public override string Name => "hand-to-enforcement";
}

/// <param name="PhotoNeeded">Whether the matter's closing standard asks for a photo of the result, looked up by the caller.</param>
public sealed record CompleteCase(MarkedText Outcome, IReadOnlyList<string> Photos, bool PhotoNeeded = false) : CaseCommand
{
    public override string Name => "complete";
}

/// <param name="Passed">False orders rework; then the note is the reason and required.</param>
public sealed record VerifyCase(bool Passed, MarkedText? Note, IReadOnlyList<string> Photos) : CaseCommand
{
    public override string Name => "verify";
}

/// <param name="At">When: a closed case is rated within <see cref="CaseDecider.ReopenWithin"/> only.</param>
public sealed record RateCase(int Satisfaction, FixResult Result, MarkedText? Comment, DateTimeOffset? At = null) : CaseCommand
{
    public override string Name => "rate";
}

/// <param name="RatingNeeded">Whether the matter's closing standard asks for the reporter's rating, looked up by the caller.</param>
public sealed record CloseCase(MarkedText? Summary, bool RatingNeeded = false) : CaseCommand
{
    public override string Name => "close";
}

public sealed record ReopenCase(MarkedText Reason, DateTimeOffset At) : CaseCommand
{
    public override string Name => "reopen";
}

/// <param name="At">When the host received it.</param>
public sealed record UrgeCase(MarkedText? Note, DateTimeOffset At) : CaseCommand
{
    public override string Name => "urge";
}

/// <param name="Wall">The scope of the wall at which somebody stands; null elsewhere.</param>
public sealed record AcknowledgeAlarm(AreaCode? Wall = null) : CaseCommand
{
    public override string Name => "acknowledge-alarm";
}

public sealed record SuperviseCase(MarkedText Note) : CaseCommand
{
    public override string Name => "supervise";
}

public sealed record AnswerSupervision(MarkedText Answer) : CaseCommand
{
    public override string Name => "answer-supervision";
}

/// <param name="Amount">In the unit of the limit that runs.</param>
/// <param name="At">When: an extension is asked for before the limit runs out.</param>
/// <param name="Bench">Who could approve it, looked up by the caller; null: somebody can.</param>
public sealed record AskExtension(int Amount, MarkedText Reason, DateTimeOffset At, Bench? Bench = null) : CaseCommand
{
    public override string Name => "ask-extension";
}

/// <param name="At">When: the limit must still run.</param>
/// <param name="Bench">Who else could approve it, looked up by the caller; null: there are two people of different rank.</param>
public sealed record ApproveExtension(MarkedText? Note, DateTimeOffset At, Bench? Bench = null) : CaseCommand
{
    public override string Name => "approve-extension";
}

public sealed record RefuseExtension(MarkedText Reason) : CaseCommand
{
    public override string Name => "refuse-extension";
}

/// <param name="Until">Within a year.</param>
/// <param name="Bench">Who could approve it, looked up by the caller; null: somebody can.</param>
public sealed record AskSuspension(SuspensionReason For, DateTimeOffset Until, MarkedText Reason, DateTimeOffset At, Bench? Bench = null) : CaseCommand
{
    public override string Name => "ask-suspension";
}

public sealed record ApproveSuspension(MarkedText? Note, DateTimeOffset At) : CaseCommand
{
    public override string Name => "approve-suspension";
}

public sealed record RefuseSuspension(MarkedText Reason) : CaseCommand
{
    public override string Name => "refuse-suspension";
}

public sealed record ResumeCase(MarkedText? Note) : CaseCommand
{
    public override string Name => "resume";
}

/// <param name="Unit">The unit that appeals for its own runs though another has the case, looked up by the caller; null: the unit that has it, for all of them.</param>
/// <param name="Bench">Who could review it, looked up by the caller; null: there are two people of different rank.</param>
public sealed record AppealLateness(MarkedText Reason, Unit? Unit = null, Bench? Bench = null) : CaseCommand
{
    public override string Name => "appeal-lateness";
}

/// <param name="Bench">Who else could review it, looked up by the caller; null: there are two people of different rank.</param>
public sealed record ReviewAppeal(bool Upheld, MarkedText Reason, Bench? Bench = null) : CaseCommand
{
    public override string Name => "review-appeal";
}

public sealed record RaiseCaseLevel(MatterLevel Level, MarkedText Reason) : CaseCommand
{
    public override string Name => "raise-level";
}

public sealed record LowerCaseLevel(MatterLevel Level, MarkedText Reason) : CaseCommand
{
    public override string Name => "lower-level";
}

/// <param name="Area">A grid of another town, or that town, looked up by the caller.</param>
public sealed record RequestCaseTransfer(AreaCode Area, MarkedText Reason) : CaseCommand
{
    public override string Name => "request-transfer";
}

/// <param name="Area">A grid or yard of the town that was asked, looked up by the caller.</param>
public sealed record AcceptCaseTransfer(AreaCode Area) : CaseCommand
{
    public override string Name => "accept-transfer";
}

public sealed record DeclineCaseTransfer(MarkedText Reason) : CaseCommand
{
    public override string Name => "decline-transfer";
}

/// <param name="Area">A grid or yard of another town, looked up by the caller.</param>
public sealed record TransferCase(AreaCode Area, MarkedText Reason) : CaseCommand
{
    public override string Name => "transfer";
}
