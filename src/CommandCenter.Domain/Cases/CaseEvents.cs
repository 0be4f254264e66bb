using CommandCenter.Domain.Deadlines;
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

/// <summary>Something that happened to a case. Who, when and where stand in the envelope.</summary>
public abstract record CaseEvent;

/// <summary>信息采集: a problem was reported.</summary>
/// <param name="Area">The grid (15 digits) or yard (18) where it is.</param>
/// <param name="Photos"><c>sha256:…</c> of sealed files.</param>
/// <param name="Address">Sealed exact address.</param>
public sealed record CaseReported(
    CaseSource Source,
    MarkedText Text,
    AreaCode Area,
    string Category,
    Urgency Urgency,
    IReadOnlyList<string> Photos,
    ReportedPoint? Point = null,
    SealedReporter? Reporter = null,
    string? Address = null) : CaseEvent;

/// <summary>案卷建立 (立案): the center took it on, with category and urgency as the center sees them.</summary>
public sealed record CaseFiled(string Category, Sector Sector, Urgency Urgency, MarkedText? Note = null) : CaseEvent;

/// <summary>不予立案: the center did not take it on.</summary>
public sealed record CaseRefused(RefusalReason Reason, MarkedText Note) : CaseEvent;

/// <summary>任务派遣: sent to a post of a sector.</summary>
/// <param name="Round">1 for the first dispatch of the case.</param>
public sealed record CaseDispatched(int Round, Sector Sector, string Post, MarkedText? Instructions = null) : CaseEvent;

/// <summary>签收: a person of the post took it.</summary>
public sealed record CaseClaimed(string Post) : CaseEvent;

/// <summary>退回: the post sent it back to the center.</summary>
public sealed record CaseReturned(string Post, MarkedText Reason) : CaseEvent;

/// <summary>收回: the center or the sector lead took it back from a post that cannot go on.</summary>
public sealed record CaseRecalled(string Post, MarkedText Reason) : CaseEvent;

/// <summary>处置完成: the post says that it is done.</summary>
public sealed record CaseCompleted(MarkedText Outcome, IReadOnlyList<string> Photos) : CaseEvent;

/// <summary>核实通过: seen on the spot, it is done.</summary>
public sealed record CaseVerified(IReadOnlyList<string> Photos, MarkedText? Note = null) : CaseEvent;

/// <summary>核实不通过: seen on the spot, it is not done; the same post goes on.</summary>
public sealed record CaseReworkOrdered(int Round, MarkedText Reason, IReadOnlyList<string> Photos) : CaseEvent;

/// <summary>群众评价: what the reporter says.</summary>
/// <param name="Satisfaction">1 (very dissatisfied) to 5 (very satisfied).</param>
public sealed record CaseRated(int Satisfaction, FixResult Result, MarkedText? Comment = null) : CaseEvent;

/// <summary>结案</summary>
public sealed record CaseClosed(MarkedText? Summary = null) : CaseEvent;

/// <summary>What the engine records about deadlines, in the same stream.</summary>
public abstract record DeadlineEvent : CaseEvent;

/// <summary>A clock started to run.</summary>
/// <param name="Round">1 for the first run of this clock in this case.</param>
/// <param name="Urgency">The urgency that the limit was taken for: the clock keeps it when the case's changes.</param>
/// <param name="Policy">The version of the policy that the limit was taken from.</param>
public sealed record CaseClockStarted(
    Clock Clock, int Round, DateTimeOffset StartedAt, Urgency Urgency, Limit Limit, DateTimeOffset DueAt, string Policy) : DeadlineEvent;

/// <summary>A clock stopped because the stage ended.</summary>
/// <param name="Late">Whether it stopped at its due instant or after: from that instant on it is overdue.</param>
public sealed record CaseClockStopped(Clock Clock, int Round, DateTimeOffset StoppedAt, bool Late) : DeadlineEvent;

/// <summary>预警: a deadline is near, and somebody was told.</summary>
/// <param name="StepDueAt">When this step was due, which after downtime is before <paramref name="FiredAt"/>.</param>
public sealed record CaseWarned(
    Clock Clock, int Round, string Step, DateTimeOffset DueAt, DateTimeOffset StepDueAt, DateTimeOffset FiredAt, IReadOnlyList<Recipient> Told) : DeadlineEvent;

/// <summary>升级: a deadline passed, and the matter climbed.</summary>
public sealed record CaseEscalated(
    Clock Clock, int Round, string Step, EscalationLevel Level, DateTimeOffset DueAt, DateTimeOffset StepDueAt, DateTimeOffset FiredAt, IReadOnlyList<Recipient> Told) : DeadlineEvent;
