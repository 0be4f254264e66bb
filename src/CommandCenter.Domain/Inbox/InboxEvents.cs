using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Inbox;

/// <summary>What a notice asks of its reader.</summary>
public enum NoticeKind
{
    /// <summary>新上报,请受理</summary>
    Reported,

    /// <summary>新任务,请签收</summary>
    Dispatched,

    /// <summary>岗位退回,请重新派遣</summary>
    Returned,

    /// <summary>处置完成,请现场核实</summary>
    VerificationDue,

    /// <summary>核实不通过,请返工</summary>
    Rework,

    /// <summary>群众评价未解决</summary>
    NotFixed,

    /// <summary>预警</summary>
    Warning,

    /// <summary>超期升级</summary>
    Escalation,

    /// <summary>院坝会问题有结果,请向院坝反馈</summary>
    FeedbackDue,
}

/// <summary>Something in the stream <c>inbox:{person}</c>.</summary>
public abstract record InboxEvent;

/// <summary>A person was told.</summary>
/// <param name="Subject">What it is about, as a stream's key: <c>case:…</c>, <c>task:…</c>.</param>
/// <param name="Role">The seat for which the person is told.</param>
/// <param name="Reason">Whether as its holder, acting, or as the seat above a vacant one.</param>
/// <param name="Clock">For warnings and escalations: which deadline.</param>
public sealed record NoticeSent(
    NoticeKind Kind,
    string Subject,
    Role Role,
    RecipientReason Reason,
    Clock? Clock = null,
    EscalationLevel? Level = null,
    DateTimeOffset? DueAt = null) : InboxEvent;

/// <summary>A person read a notice.</summary>
/// <param name="Notice">The id of the <see cref="NoticeSent"/> event.</param>
public sealed record NoticeRead(Guid Notice) : InboxEvent;
