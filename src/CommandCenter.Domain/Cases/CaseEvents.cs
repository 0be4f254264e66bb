using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Cases;

/// <summary>How a case reached the center.</summary>
public enum CaseSource
{
    /// <summary>网格员上报</summary>
    GridWorker,

    /// <summary>群众反映</summary>
    Resident,

    /// <summary>指挥中心登记 (a call, a visit)</summary>
    Center,

    /// <summary>12345 热线转办; the hotline's number is its reference.</summary>
    Hotline,

    /// <summary>会议清单 (院坝会等); the meeting and the line of its list are its reference.</summary>
    Meeting,

    /// <summary>巡查发现</summary>
    Patrol,

    /// <summary>党员反映</summary>
    PartyMember,

    /// <summary>设备告警; the device is its reference.</summary>
    Device,

    /// <summary>扫码上报; the code on the spot is its reference.</summary>
    QrCode,

    /// <summary>人大代表建议</summary>
    Deputy,
}

/// <summary>How weighty a matter is, and so at which tier it is settled (S0-03).</summary>
public enum MatterLevel
{
    /// <summary>实事: the village settles it.</summary>
    Village,

    /// <summary>要事: the town.</summary>
    Town,

    /// <summary>大事: the district and its departments.</summary>
    District,
}

/// <summary>What the single hotline leaves to the emergency services (S4-13).</summary>
public enum EmergencyService
{
    /// <summary>110</summary>
    Police,

    /// <summary>119</summary>
    Fire,

    /// <summary>120</summary>
    Ambulance,

    /// <summary>122</summary>
    Traffic,
}

/// <summary>What was found when somebody looked before filing (核查).</summary>
public enum CheckFinding
{
    /// <summary>属实</summary>
    Confirmed,

    /// <summary>部分属实</summary>
    Partly,

    /// <summary>不属实</summary>
    NotFound,
}

/// <summary>How a reporter was told.</summary>
public enum CaseFeedbackWay
{
    /// <summary>电话</summary>
    Call,

    /// <summary>短信、消息</summary>
    Message,

    /// <summary>当面</summary>
    InPerson,
}

/// <summary>How two cases belong together.</summary>
public enum CaseLink
{
    /// <summary>相关</summary>
    Related,

    /// <summary>The other is the cause of this one (起因).</summary>
    CausedBy,

    /// <summary>The other came of this one (后续).</summary>
    Causes,
}

/// <summary>At whose order a case is watched (S0-11).</summary>
public enum SupervisionBy
{
    /// <summary>板块负责人</summary>
    SectorLead,

    /// <summary>镇街主要领导</summary>
    TownLeader,

    /// <summary>区级</summary>
    District,
}

/// <summary>How much it presses. Chosen by the reporter, corrected when filed.</summary>
public enum Urgency
{
    /// <summary>一般</summary>
    Normal,

    /// <summary>紧急</summary>
    Urgent,

    /// <summary>特急: danger to life; flashes on the wall.</summary>
    Emergency,
}

/// <summary>What the reporter says of the result (解决、部分解决、未解决).</summary>
public enum FixResult
{
    Fixed,
    HalfFixed,
    NotFixed,
}

/// <summary>Why the center does not file a report (不予立案).</summary>
public enum RefusalReason
{
    /// <summary>重复上报</summary>
    Duplicate,

    /// <summary>不属受理范围</summary>
    OutOfScope,

    /// <summary>情况不实</summary>
    NotFound,

    /// <summary>信息不足,无法办理</summary>
    Insufficient,

    /// <summary>其他 (the note says what)</summary>
    Other,
}

/// <summary>Free text in which spans of personal data are sealed: <c>⟦n⟧</c> stands for the n-th span (ADR 0003).</summary>
public sealed record MarkedText(string Text, IReadOnlyList<string> Spans);

/// <summary>Where it is: WGS-84 in 10⁻⁷ degrees, with the accuracy and the system that the device gave.</summary>
public sealed record ReportedPoint(int LatitudeE7, int LongitudeE7, CoordinateSystem System, int? AccuracyMetres = null);

/// <summary>The reporter's contact, each field sealed (ADR 0003).</summary>
public sealed record SealedReporter(string? Name = null, string? Phone = null);

/// <summary>Where a report comes from when it is not simply somebody's.</summary>
/// <param name="Reference">The hotline's number, the device's or the code's id, the meeting's stream key.</param>
/// <param name="Line">The line of a meeting's list, from 1.</param>
/// <param name="Parent">The case that this one was split off from.</param>
/// <param name="HardLimitFrom">When the parent was first dispatched: splitting a case gives nobody a new thirty days.</param>
/// <param name="Reporter">Who reported the parent, or spoke at the meeting, where that is not who writes it down.</param>
/// <param name="ReturnedBy">The units that sent the parent back: splitting a case sends nothing there again either.</param>
/// <param name="PassedUpBy">The villages that passed the parent up.</param>
/// <param name="DeclinedBy">The towns that declined the parent.</param>
/// <param name="FormerAreas">Where the parent was before other towns took it, the first one first.</param>
/// <param name="FormerReturns">The posts that sent the parent back in towns where it was before.</param>
/// <param name="Suspension">That the parent was suspended, and how long: what did not count for it does not count for its parts, and a part is not suspended again.</param>
public sealed record CaseOrigin(
    string? Reference = null, int? Line = null, string? Parent = null, DateTimeOffset? HardLimitFrom = null, string? Reporter = null, Role? ReporterRole = null,
    IReadOnlyList<Unit>? ReturnedBy = null, IReadOnlyList<AreaCode>? PassedUpBy = null, IReadOnlyList<AreaCode>? DeclinedBy = null, IReadOnlyList<AreaCode>? FormerAreas = null,
    Suspension? Suspension = null, IReadOnlyList<FormerReturn>? FormerReturns = null);

/// <summary>That a post sent a case back, in a town that it has left since.</summary>
public sealed record FormerReturn(AreaCode Town, Unit Unit);

/// <summary>Something that happened to a case. Who, when and where stand in the envelope.</summary>
public abstract record CaseEvent : Attaching;

/// <summary>信息采集: a problem was reported.</summary>
/// <param name="Area">The grid (15 digits) or yard (18) where it is.</param>
/// <param name="Photos"><c>sha256:…</c> of sealed files.</param>
/// <param name="Address">Sealed exact address.</param>
/// <param name="Level">As the reporter sees it; the center decides when it files.</param>
/// <param name="VillageFirst">True where the village assesses it before it reaches the center.</param>
/// <param name="Spot">The code of the thing that it is about, as scanned from its plate or sent by the device itself.</param>
public sealed record CaseReported(
    CaseSource Source,
    MarkedText Text,
    AreaCode Area,
    string Category,
    Urgency Urgency,
    IReadOnlyList<string> Photos,
    ReportedPoint? Point = null,
    SealedReporter? Reporter = null,
    string? Address = null,
    CaseOrigin? Origin = null,
    MatterLevel? Level = null,
    bool? VillageFirst = null,
    string? Spot = null) : CaseEvent, IBringsAttachments;

/// <summary>自处置: whoever reported it put it right on the spot; the case is closed with the report.</summary>
/// <param name="Photos">At least one: the proof.</param>
public sealed record CaseSolvedOnSpot(MarkedText Outcome, IReadOnlyList<string> Photos) : CaseEvent, IBringsAttachments;

/// <summary>转村研判: the center lets the village assess it first.</summary>
public sealed record CaseSentToVillage(MarkedText? Note = null) : CaseEvent;

/// <summary>村级研判后上报: the village assessed it and passes it up, because it is beyond the village (S3-07).</summary>
/// <param name="Households">How many households it concerns.</param>
/// <param name="CostFen">What it is likely to cost, in fen (1/100 yuan).</param>
public sealed record CasePassedUp(MarkedText Assessment, MatterLevel Level, int? Households = null, long? CostFen = null) : CaseEvent, IBringsAttachments;

/// <summary>村级办结: the village assessed it and settled it itself.</summary>
public sealed record CaseSettledByVillage(MarkedText Outcome, IReadOnlyList<string> Photos) : CaseEvent, IBringsAttachments;

/// <summary>核查派出: somebody near looks before the center decides.</summary>
/// <param name="Person">Who is asked; null asks whoever is nearest: the grid's workers.</param>
public sealed record CaseCheckOrdered(string? Person = null, MarkedText? Note = null) : CaseEvent;

/// <summary>核查反馈</summary>
public sealed record CaseChecked(CheckFinding Finding, MarkedText Note, IReadOnlyList<string> Photos) : CaseEvent, IBringsAttachments;

/// <summary>案卷建立 (立案): the center took it on, with category and urgency as the center sees them.</summary>
/// <param name="Rule">Where nobody of the center did, but the engine by a spot's rule.</param>
public sealed record CaseFiled(string Category, Sector Sector, Urgency Urgency, MarkedText? Note = null, MatterLevel Level = MatterLevel.Town, SpotRule? Rule = null) : CaseEvent;

/// <summary>不予立案 (作废): the center did not take it on.</summary>
public sealed record CaseRefused(RefusalReason Reason, MarkedText Note) : CaseEvent;

/// <summary>转紧急服务: it belongs to 110, 119, 120 or 122 and was given to them.</summary>
public sealed record CaseRedirected(EmergencyService Service, MarkedText Note) : CaseEvent;

/// <summary>并案: it is the same matter as another case, which goes on for both.</summary>
/// <param name="Main">The id of the case that goes on.</param>
/// <param name="Rule">Where the engine did, because the spot was reported before and is in hand.</param>
public sealed record CaseMerged(string Main, MarkedText? Note = null, SpotRule? Rule = null) : CaseEvent;

/// <summary>撤销并案: it was another matter after all and goes on by itself.</summary>
public sealed record CaseUnmerged(string Main, MarkedText Reason) : CaseEvent;

/// <summary>并入: another case was merged into this one; its reporter waits for this one's result.</summary>
/// <param name="Reporter">The reporter's id, or <c>resident</c>.</param>
public sealed record CaseAbsorbed(string Case, string Reporter, Role ReporterRole) : CaseEvent;

/// <summary>并入撤销</summary>
public sealed record CaseReleased(string Case) : CaseEvent;

/// <summary>拆分: it was several matters; each goes on as a case of its own.</summary>
public sealed record CaseSplit(IReadOnlyList<string> Children, MarkedText? Note = null) : CaseEvent;

/// <summary>关联; stands in both cases.</summary>
public sealed record CaseLinked(string Case, CaseLink Link) : CaseEvent;

/// <summary>取消关联</summary>
public sealed record CaseUnlinked(string Case) : CaseEvent;

/// <summary>任务派遣: sent to a unit, and, if named, to a person of it.</summary>
/// <param name="Round">1 for the first dispatch of the case.</param>
/// <param name="Person">Who shall do it; null lets somebody of the unit claim it.</param>
/// <param name="Addition">The urgent addition to the admission lists that it rests on, <c>{town}/{number}</c>; null where the list itself holds the matter.</param>
/// <param name="Rule">Where no dispatcher did, but the engine by a spot's rule.</param>
public sealed record CaseDispatched(int Round, Sector Sector, Unit Unit, MarkedText? Instructions = null, string? Person = null, string? Addition = null, SpotRule? Rule = null) : CaseEvent;

/// <summary>签收: a person of the unit took it.</summary>
public sealed record CaseClaimed(Unit Unit) : CaseEvent;

/// <summary>退回: the unit sent it back to the center.</summary>
public sealed record CaseReturned(Unit Unit, MarkedText Reason) : CaseEvent;

/// <summary>收回: the center or the sector lead took it back from where it does not go on.</summary>
/// <param name="Unit">The unit that had it; null when it lay with a village for assessment or with somebody for a check.</param>
public sealed record CaseRecalled(MarkedText Reason, Unit? Unit = null) : CaseEvent;

/// <summary>改派到人: another person of the same unit does it.</summary>
public sealed record CaseReassigned(string Person, MarkedText? Note = null) : CaseEvent;

/// <summary>办理方案发布 (S0-10): how and by when the unit will do it.</summary>
/// <param name="Until">By when, as the unit plans; no deadline of the engine.</param>
public sealed record CasePlanPublished(MarkedText Plan, DateTimeOffset? Until = null) : CaseEvent, IBringsAttachments;

/// <summary>办理进展</summary>
/// <param name="Before">Photos of how it was.</param>
/// <param name="After">Photos of how it is now.</param>
public sealed record CaseProgressed(MarkedText Note, IReadOnlyList<string> Before, IReadOnlyList<string> After) : CaseEvent, IBringsAttachments;

/// <summary>子任务: a part of the work, for somebody.</summary>
/// <param name="Number">1, 2, … within the case.</param>
/// <param name="Person">Who does it; null leaves it to whoever claimed the case.</param>
public sealed record CaseSubtaskAdded(int Number, MarkedText Task, string? Person = null) : CaseEvent;

/// <summary>子任务完成</summary>
public sealed record CaseSubtaskFinished(int Number, IReadOnlyList<string> Photos, MarkedText? Note = null) : CaseEvent, IBringsAttachments;

/// <summary>子任务取消</summary>
public sealed record CaseSubtaskDropped(int Number, MarkedText Reason) : CaseEvent;

/// <summary>资金记录 (S3-11): money was found for it.</summary>
/// <param name="AmountFen">In fen (1/100 yuan), positive.</param>
/// <param name="From">Whose money, such as a fund or a department.</param>
public sealed record CaseFundingRecorded(long AmountFen, MarkedText From) : CaseEvent, IBringsAttachments;

/// <summary>更正资金: the money recorded for it was mistyped, or came to nothing.</summary>
/// <param name="AmountFen">All money for it, as it is right, in fen (1/100 yuan); it replaces the sum so far.</param>
public sealed record CaseFundingCorrected(long AmountFen, MarkedText Reason) : CaseEvent;

/// <summary>反馈群众 (S0-12): whoever reported it was told how it stands, or what came of it. It moves nothing.</summary>
/// <param name="Note">What they were told.</param>
public sealed record CaseFeedbackGiven(CaseFeedbackWay Way, MarkedText Note, IReadOnlyList<string> Photos) : CaseEvent, IBringsAttachments;

/// <summary>移交执法 (S4-07): the law-enforcement team goes on with it.</summary>
/// <param name="Round">Counts on from the dispatches.</param>
public sealed record CaseHandedToEnforcement(int Round, Sector Sector, Unit Unit, MarkedText Reason) : CaseEvent, IBringsAttachments;

/// <summary>催办: somebody wants it done sooner.</summary>
public sealed record CaseUrged(MarkedText? Note = null) : CaseEvent;

/// <summary>警报确认: a person answers for an emergency that rings, and every wall is silent.</summary>
/// <param name="Wall">The scope of the wall at which it was done; null where it was done elsewhere.</param>
public sealed record CaseAlarmAcknowledged(AreaCode? Wall = null) : CaseEvent;

/// <summary>督办: a leader has it watched; the unit answers.</summary>
public sealed record CaseSupervised(SupervisionBy Order, MarkedText Note) : CaseEvent;

/// <summary>督办回复</summary>
public sealed record CaseSupervisionAnswered(MarkedText Answer) : CaseEvent, IBringsAttachments;

/// <summary>升级事项: it is beyond its tier.</summary>
public sealed record CaseLevelRaised(MatterLevel Level, MarkedText Reason) : CaseEvent;

/// <summary>降级事项: a lower tier can settle it.</summary>
public sealed record CaseLevelLowered(MatterLevel Level, MarkedText Reason) : CaseEvent;

/// <summary>申请移送: it lies in another town, which is asked to take it.</summary>
/// <param name="Area">The grid of the other town, or that town where the grid is not known.</param>
public sealed record CaseTransferRequested(AreaCode Area, MarkedText Reason) : CaseEvent;

/// <summary>移送接收: the other town takes it; its center begins with it as with a report.</summary>
/// <param name="Area">The grid or yard where it is.</param>
public sealed record CaseTransferAccepted(AreaCode Area) : CaseEvent;

/// <summary>移送拒收</summary>
public sealed record CaseTransferDeclined(MarkedText Reason) : CaseEvent;

/// <summary>指定移送: the district decides which town has it.</summary>
public sealed record CaseTransferred(AreaCode Area, MarkedText Reason) : CaseEvent;

/// <summary>处置完成: the unit says that it is done.</summary>
public sealed record CaseCompleted(MarkedText Outcome, IReadOnlyList<string> Photos) : CaseEvent, IBringsAttachments;

/// <summary>核实通过: seen on the spot, it is done.</summary>
public sealed record CaseVerified(IReadOnlyList<string> Photos, MarkedText? Note = null) : CaseEvent, IBringsAttachments;

/// <summary>核实不通过: seen on the spot, it is not done; the same unit goes on.</summary>
public sealed record CaseReworkOrdered(int Round, MarkedText Reason, IReadOnlyList<string> Photos) : CaseEvent, IBringsAttachments;

/// <summary>群众评价: what the reporter says.</summary>
/// <param name="Satisfaction">1 (very dissatisfied) to 5 (very satisfied).</param>
public sealed record CaseRated(int Satisfaction, FixResult Result, MarkedText? Comment = null) : CaseEvent;

/// <summary>逾期未评价: that no rating came in time, with the step of the policy that closes then.</summary>
/// <param name="DueAt">By when the rating was due.</param>
/// <param name="StepDueAt">When the step was due, which after downtime is before <paramref name="FiredAt"/>.</param>
public sealed record NotRated(string Step, DateTimeOffset DueAt, DateTimeOffset StepDueAt, DateTimeOffset FiredAt);

/// <summary>结案</summary>
/// <param name="NotRated">Where the engine closed it by rule, because no rating came in time.</param>
public sealed record CaseClosed(MarkedText? Summary = null, NotRated? NotRated = null) : CaseEvent;

/// <summary>重新办理: whoever reported it is not satisfied, or it came back.</summary>
/// <param name="Reason">Null where the rating beside it is the reason.</param>
public sealed record CaseReopened(MarkedText? Reason = null) : CaseEvent;

/// <summary>申请延期: the unit asks for more time before its limit runs out.</summary>
/// <param name="By">How much more, in the unit of the limit, and no more than it.</param>
public sealed record CaseExtensionRequested(Limit By, MarkedText Reason) : CaseEvent;

/// <summary>同意延期: one of the two people whom an extension needs; with the second it is granted.</summary>
/// <param name="Granted">Whether this was the second.</param>
/// <param name="By">How much more time it is about.</param>
/// <param name="ApprovedBy">Who has approved it so far, in order; one person where nobody else was there who could.</param>
public sealed record CaseExtensionApproved(bool Granted, Limit By, IReadOnlyList<string> ApprovedBy, MarkedText? Note = null) : CaseEvent;

/// <summary>不同意延期</summary>
public sealed record CaseExtensionRefused(MarkedText Reason) : CaseEvent;

/// <summary>申请挂账: it cannot go on before something else has happened.</summary>
/// <param name="Until">When it goes on by itself.</param>
public sealed record CaseSuspensionRequested(SuspensionReason For, DateTimeOffset Until, MarkedText Reason) : CaseEvent;

/// <summary>同意挂账</summary>
public sealed record CaseSuspensionApproved(SuspensionReason For, DateTimeOffset Until, MarkedText? Note = null) : CaseEvent;

/// <summary>不同意挂账</summary>
public sealed record CaseSuspensionRefused(MarkedText Reason) : CaseEvent;

/// <summary>挂账恢复: it goes on, because its day has come or because somebody says so.</summary>
public sealed record CaseSuspensionEnded(MarkedText? Note = null) : CaseEvent;

/// <summary>超时申诉: the unit says after closing why it was late. It is about the late runs up to this closing that no appeal was decided about.</summary>
/// <param name="Unit">Which unit says so, and of its own runs only; missing: the unit that had the case last, of all of them.</param>
public sealed record CaseLatenessAppealed(MarkedText Reason, Unit? Unit = null) : CaseEvent;

/// <summary>申诉审核: the first or the second review. With two that uphold it an exemption is added; that it was late stays.</summary>
/// <param name="Review">1 or 2.</param>
/// <param name="Partly">Of an exemption: true where the case was late in runs too that it is not about.</param>
/// <param name="Alone">True for a second review by whoever gave the first, because nobody else was there who could.</param>
public sealed record CaseAppealReviewed(int Review, bool Upheld, MarkedText Reason, bool? Partly = null, bool? Alone = null) : CaseEvent;

/// <summary>What the engine records about deadlines, in the same stream.</summary>
public abstract record DeadlineEvent : CaseEvent;

/// <summary>A clock started to run.</summary>
/// <param name="Round">1 for the first run of this clock in this case.</param>
/// <param name="Urgency">The urgency that the limit was taken for: the clock keeps it when the case's changes.</param>
/// <param name="Policy">The version of the policy that the limit was taken from.</param>
/// <param name="Matter">The policy's matter whose limit it is; missing where the general rule holds.</param>
public sealed record CaseClockStarted(
    Clock Clock, int Round, DateTimeOffset StartedAt, Urgency Urgency, Limit Limit, DateTimeOffset DueAt, string Policy, string? Matter = null) : DeadlineEvent;

/// <summary>A clock stopped because the stage ended.</summary>
/// <param name="Late">Whether it stopped at its due instant or after: from that instant on it is overdue.</param>
public sealed record CaseClockStopped(Clock Clock, int Round, DateTimeOffset StoppedAt, bool Late) : DeadlineEvent;

/// <summary>A clock does not count for a time. What was counted stays.</summary>
/// <param name="Unit">For a return: who sent it back; the same unit goes on with what is left, another starts afresh.</param>
/// <param name="Until">When it goes on by itself.</param>
/// <param name="DueAt">The deadline as far as it is known during the pause.</param>
public sealed record CaseClockPaused(
    Clock Clock, int Round, DateTimeOffset PausedAt, PauseCause Cause, Unit? Unit = null, DateTimeOffset? Until = null, SuspensionReason? For = null,
    IReadOnlyList<string>? ApprovedBy = null, DateTimeOffset? DueAt = null) : DeadlineEvent;

/// <summary>One cause of a pause has ended; the clock counts again where none is left.</summary>
/// <param name="NextStep">How many steps of the ladder are taken, or overtaken.</param>
/// <param name="DueAt">Missing while another cause holds it and nobody knows until when.</param>
public sealed record CaseClockResumed(Clock Clock, int Round, DateTimeOffset ResumedAt, PauseCause Cause, int NextStep, DateTimeOffset? DueAt = null) : DeadlineEvent;

/// <summary>A clock was given more time.</summary>
public sealed record CaseClockExtended(
    Clock Clock, int Round, DateTimeOffset ExtendedAt, Limit By, IReadOnlyList<string> ApprovedBy, int NextStep, DateTimeOffset? DueAt = null) : DeadlineEvent;

/// <summary>重新计算: a clock was counted anew, because a year of the calendar was announced, or another policy counts for it. What was counted or paused stays so.</summary>
/// <param name="Limit">As it is now.</param>
/// <param name="Policy">The version that it is from.</param>
/// <param name="Revision">Of the policy's stream, which asked for it: for one of them a clock is counted anew once.</param>
/// <param name="NextStep">How many steps of the ladder are taken, or overtaken.</param>
/// <param name="DueAt">Missing while it is paused and nobody knows until when.</param>
/// <param name="Provisional">True while it still rests on a year that is not announced.</param>
/// <param name="Late">True where its deadline had passed before: it stays late, whatever the new one is.</param>
public sealed record CaseClockRecounted(
    Clock Clock, int Round, DateTimeOffset RecountedAt, RecountCause Cause, Limit Limit, string Policy, long Revision, int NextStep, DateTimeOffset? DueAt = null, string? Matter = null,
    bool? Provisional = null, bool? Late = null) : DeadlineEvent;

/// <summary>预警: a deadline is near, and somebody was told; nobody where the deadline had passed when the step was taken after a standstill.</summary>
/// <param name="StepDueAt">When this step was due, which after downtime is before <paramref name="FiredAt"/>.</param>
public sealed record CaseWarned(
    Clock Clock, int Round, string Step, DateTimeOffset DueAt, DateTimeOffset StepDueAt, DateTimeOffset FiredAt, IReadOnlyList<Recipient> Told) : DeadlineEvent;

/// <summary>升级: a deadline passed, and the matter climbed.</summary>
public sealed record CaseEscalated(
    Clock Clock, int Round, string Step, EscalationLevel Level, DateTimeOffset DueAt, DateTimeOffset StepDueAt, DateTimeOffset FiredAt, IReadOnlyList<Recipient> Told) : DeadlineEvent;
