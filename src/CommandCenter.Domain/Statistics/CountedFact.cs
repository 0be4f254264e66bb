using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Statistics;

/// <summary>What is counted of a case, once each time that it happens.</summary>
public enum FactKind
{
    /// <summary>上报</summary>
    Reported,

    /// <summary>自行处置: closed with its report, by whoever reported it.</summary>
    SolvedOnSpot,

    /// <summary>村级办结</summary>
    SettledByVillage,

    /// <summary>立案</summary>
    Filed,

    /// <summary>不予立案</summary>
    Refused,

    /// <summary>转紧急服务</summary>
    Redirected,

    /// <summary>并案: another case goes on for it.</summary>
    Merged,

    /// <summary>派遣, and to the law-enforcement team</summary>
    Dispatched,

    /// <summary>退回</summary>
    Returned,

    /// <summary>处置完成</summary>
    Handled,

    /// <summary>核查通过</summary>
    Verified,

    /// <summary>返工</summary>
    Reworked,

    /// <summary>结案</summary>
    Closed,

    /// <summary>群众评价</summary>
    Rated,

    /// <summary>重新办理</summary>
    Reopened,

    /// <summary>升级: a deadline passed and the matter climbed a step.</summary>
    Escalated,

    /// <summary>延期: granted.</summary>
    Extended,

    /// <summary>挂账: approved.</summary>
    Suspended,

    /// <summary>超时申诉</summary>
    Appealed,

    /// <summary>申诉成立: its lateness is exempted, and stays late.</summary>
    Exempted,

    /// <summary>移送: another town took it.</summary>
    Transferred,
}

/// <summary>By what figures are grouped; what a fact says of each is as it was when it happened.</summary>
/// <param name="Area">The grid or yard.</param>
/// <param name="Unit">Who had it, or was just given it or gave it back.</param>
/// <param name="Person">Who claimed it, or was sent it by name.</param>
/// <param name="Reporter">Whoever reported it.</param>
public sealed record FactPlace(AreaCode Area, Sector Sector, string Category, CaseSource Source, string Reporter, Unit? Unit = null, string? Person = null);

/// <summary>Something of a case that is counted.</summary>
/// <param name="Version">Of the case, with the event that it stands for; with the kind it is the fact's key.</param>
/// <param name="Position">Of that event in the log.</param>
/// <param name="Seconds">How long it took: of filing since the report, of handling since the dispatch, of closing since the report.</param>
/// <param name="Value">Of a rating its stars (1–5); of an escalation the level's rank.</param>
/// <param name="Late">Of handling: after its limit. Of closing: one of its clocks ran out since it began, or began again.</param>
/// <param name="Local">Of closing: it never left the village (S3-24).</param>
/// <param name="Exempt">Of closing: an appeal against its lateness was upheld.</param>
public sealed record CountedFact(
    string Case, long Version, FactKind Kind, long Position, DateTimeOffset At, FactPlace Place, long? Seconds = null, int? Value = null, bool Late = false, bool Local = false,
    bool Exempt = false);

/// <summary>One run of a clock: what is late and open at an instant is late by one of these.</summary>
/// <param name="DueAt">From when on it is late: the deadline that was missed first, else the one that runs. Missing while it is paused in time and nobody knows until when.</param>
/// <param name="EndedAt">Missing while it runs.</param>
public sealed record CountedRun(string Case, Deadlines.Clock Clock, int Round, DateTimeOffset StartedAt, DateTimeOffset? DueAt, DateTimeOffset? EndedAt, FactPlace Place);
