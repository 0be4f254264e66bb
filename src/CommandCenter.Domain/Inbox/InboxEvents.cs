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

    /// <summary>新上报,请研判</summary>
    AssessmentDue,

    /// <summary>请现场核查</summary>
    CheckDue,

    /// <summary>核查已反馈,请受理</summary>
    Checked,

    /// <summary>已立案,请派遣</summary>
    Filed,

    /// <summary>他镇街请求移送,请接收</summary>
    TransferRequested,

    /// <summary>移送被拒收</summary>
    TransferDeclined,

    /// <summary>改派给您</summary>
    Reassigned,

    /// <summary>子任务交给您</summary>
    SubtaskAdded,

    /// <summary>催办</summary>
    Urged,

    /// <summary>督办</summary>
    Supervised,

    /// <summary>督办已回复</summary>
    SupervisionAnswered,

    /// <summary>督办未回复: the case was closed by rule meanwhile.</summary>
    SupervisionUnanswered,

    /// <summary>事项级别调整</summary>
    LevelChanged,

    /// <summary>请审批: an extension, a suspension or an appeal.</summary>
    ApprovalDue,

    /// <summary>审批有结果</summary>
    ApprovalGiven,

    /// <summary>核实通过,请评价</summary>
    RatingDue,

    /// <summary>已评价,请结案</summary>
    ClosingDue,

    /// <summary>重新办理,请派遣</summary>
    Reopened,

    /// <summary>您上报的案件有结果</summary>
    Feedback,

    /// <summary>新任务清单,请签收</summary>
    TaskListPublished,

    /// <summary>任务清单已撤回</summary>
    TaskListWithdrawn,

    /// <summary>任务清单已销号,得分已出</summary>
    TaskListClosed,

    /// <summary>任务下派,请签收: sent again, or set free again</summary>
    TaskAssigned,

    /// <summary>任务退回,请重新下派或取消</summary>
    TaskReturned,

    /// <summary>任务办结上报,请核查</summary>
    TaskToCheck,

    /// <summary>核查不通过,请继续办理</summary>
    TaskSentBack,

    /// <summary>任务已取消</summary>
    TaskCancelled,

    /// <summary>任务将到期</summary>
    TaskDue,

    /// <summary>任务已超期</summary>
    TaskLate,

    /// <summary>紧急新增,请审批</summary>
    AdmissionRequested,

    /// <summary>紧急新增已审批</summary>
    AdmissionDecided,

    /// <summary>院坝会问题有结果,请向院坝反馈</summary>
    FeedbackDue,

    /// <summary>网格吹哨,请流转</summary>
    WhistleBlown,

    /// <summary>网格吹哨,请到场报到</summary>
    WhistleCalled,

    /// <summary>应哨单位退回,请另行流转</summary>
    WhistleDeclined,

    /// <summary>应哨单位已到场报到</summary>
    WhistleArrived,

    /// <summary>应哨单位已给出意见</summary>
    WhistleAdvised,

    /// <summary>应哨单位报来结果,请评价</summary>
    WhistleResolved,

    /// <summary>吹哨人评价未解决,请继续办理</summary>
    WhistleNotFixed,

    /// <summary>吹哨结果已评价</summary>
    WhistleRated,

    /// <summary>吹哨已撤销,无需再办</summary>
    WhistleDropped,

    /// <summary>改由其他单位应哨</summary>
    WhistleMoved,

    /// <summary>值班安排</summary>
    DutyAssigned,

    /// <summary>交班,请接班</summary>
    DutyHandedOver,

    /// <summary>到点无人接班</summary>
    DutyHeldOver,

    /// <summary>未经交班而接班</summary>
    DutyTakenOver,

    /// <summary>请您替岗</summary>
    SubstituteNamed,

    /// <summary>党工委会议明确您牵头</summary>
    AgendaLeadNamed,

    /// <summary>党工委会议将开,请汇报进展</summary>
    AgendaReportDue,

    /// <summary>党工委会议缺汇报</summary>
    AgendaReportMissed,

    /// <summary>末议题事项已解决,请考评</summary>
    AgendaAppraisalDue,

    /// <summary>A lead's day has passed, and the matter is not solved.</summary>
    AgendaLeadOverdue,

    /// <summary>挂牌督办</summary>
    ListingOpened,

    /// <summary>挂牌督办有进展</summary>
    ListingReported,

    /// <summary>挂牌督办时限将到</summary>
    ListingDue,

    /// <summary>挂牌督办超期</summary>
    ListingOverdue,

    /// <summary>已摘牌</summary>
    ListingLifted,

    /// <summary>A review meeting was called, to which they are to come.</summary>
    ReviewCalled,

    /// <summary>It was called off.</summary>
    ReviewCalledOff,

    /// <summary>复盘整改措施交给您</summary>
    ReviewMeasureGiven,

    /// <summary>承办人已离任，请改派</summary>
    HolderLeft,

    /// <summary>复盘整改措施将到期</summary>
    ReviewMeasureDue,

    /// <summary>复盘整改措施超期未落实</summary>
    ReviewMeasureOverdue,

    /// <summary>蹲点商定事项超期未落实</summary>
    GuidanceOverdue,

    /// <summary>应哨时限将到</summary>
    WhistleDue,

    /// <summary>应哨超期</summary>
    WhistleOverdue,

    /// <summary>请您参加蹲点</summary>
    GuidancePlanned,

    /// <summary>蹲点已取消</summary>
    GuidanceCalledOff,

    /// <summary>计划的蹲点到时无人到达</summary>
    GuidanceNotBegun,

    /// <summary>蹲点到时未记录</summary>
    GuidanceNotRecorded,
}

/// <summary>Whether a notice may wait for working time before it is sent out.</summary>
public enum NoticeUrgency
{
    /// <summary>一般: sent out in working time, together with what else comes for the same person.</summary>
    Ordinary,

    /// <summary>紧急: sent out at once, day and night.</summary>
    Urgent,
}

/// <summary>Why a notice went on to somebody else.</summary>
public enum PassOnReason
{
    /// <summary>逾时未读</summary>
    Unread,

    /// <summary>逾时未送达: no channel delivered it, and it was not read either.</summary>
    Undelivered,

    /// <summary>岗位已换人: it is another's turn now, who was not told.</summary>
    SeatChanged,

    /// <summary>交回本岗: those in whose place somebody was told, on duty or as a substitute, are there again, and it is not done.</summary>
    HandedBack,
}

/// <summary>Where on its way a passed-on notice goes, in this order.</summary>
public enum PassOnStep
{
    /// <summary>同岗: another holder of the same seat.</summary>
    SameSeat,

    /// <summary>代理: whoever acts in the same seat.</summary>
    Substitute,

    /// <summary>上一级: whoever holds the seat above, for posts the sector lead.</summary>
    SeatAbove,

    /// <summary>指挥中心值班: the end of the way.</summary>
    DutyDesk,
}

/// <summary>In whose place somebody was told: those are told once they are there again, if it is not done.</summary>
/// <param name="Person">Whoever is absent; missing where it is a seat that nobody was in.</param>
public sealed record InPlaceOf(Role Role, string? Person = null);

/// <summary>From whom a notice came on, and whom it has been to.</summary>
/// <param name="Notice">The id of that person's <see cref="NoticeSent"/>.</param>
/// <param name="FirstSentAt">When the first of the chain was told, by the host's clock; what was handed back begins its way anew.</param>
/// <param name="Tried">Everybody who had it before on this way, so that it never comes back to them.</param>
/// <param name="InPlaceOf">Whose work it stays, whoever has it on its way; missing where it is that of whoever has it.</param>
public sealed record PassedFrom(string Person, Guid Notice, PassOnReason Reason, PassOnStep Step, DateTimeOffset FirstSentAt, IReadOnlyList<string> Tried, InPlaceOf? InPlaceOf = null);

/// <summary>Something in the stream <c>inbox:{person}</c>.</summary>
public abstract record InboxEvent;

/// <summary>A person was told: from here on it stands in the inbox.</summary>
/// <param name="Subject">What it is about, as a stream's key: <c>case:…</c>, <c>task:…</c>.</param>
/// <param name="Role">The seat for which the person is told.</param>
/// <param name="Reason">Whether as its holder, acting, or as the seat above a vacant one.</param>
/// <param name="Clock">For warnings and escalations: which deadline.</param>
/// <param name="Urgency">Missing in notices from before there was a plan.</param>
/// <param name="Plan">The version of the plan that decided urgency, channels and limit.</param>
/// <param name="Channels">By which it is sent out besides; missing when by none.</param>
/// <param name="DeliverAt">When it is handed to them; missing when there are none.</param>
/// <param name="ReadBy">When it goes on to the next person if nobody has read it; missing when it never does.</param>
/// <param name="From">Where it came on from; missing for the first who is told.</param>
/// <param name="Part">The number of the subtask or addition that it is about; missing where it is about all of the subject.</param>
/// <param name="Limit">How long it may stay unread: whoever it goes on to has as long, whatever a newer plan says.</param>
/// <param name="MissedAt">When it should have been told, if that was missed: the host stood still.</param>
/// <param name="ToKnow">True for who is told only so that they know (抄告): missing for everybody else.</param>
/// <param name="For">Whoever is absent and would have been told; missing for what is the person's own.</param>
/// <param name="BackAt">When to look whether those in whose place the person was told are there again; missing for what is the person's own, or only to be known.</param>
public sealed record NoticeSent(
    NoticeKind Kind,
    string Subject,
    Role Role,
    RecipientReason Reason,
    Clock? Clock = null,
    EscalationLevel? Level = null,
    DateTimeOffset? DueAt = null,
    NoticeUrgency? Urgency = null,
    string? Plan = null,
    IReadOnlyList<string>? Channels = null,
    DateTimeOffset? DeliverAt = null,
    DateTimeOffset? ReadBy = null,
    PassedFrom? From = null,
    int? Part = null,
    ReadLimit? Limit = null,
    DateTimeOffset? MissedAt = null,
    bool? ToKnow = null,
    string? For = null,
    DateTimeOffset? BackAt = null) : InboxEvent;

/// <summary>A person read a notice.</summary>
/// <param name="Notice">The id of the <see cref="NoticeSent"/> event.</param>
public sealed record NoticeRead(Guid Notice) : InboxEvent;

/// <summary>Notices were handed to a channel, as one message: of several it is a digest.</summary>
/// <param name="Delivery">Counts the messages to this person, from 1.</param>
/// <param name="Notices">The ids of the <see cref="NoticeSent"/> events.</param>
public sealed record NoticeQueued(int Delivery, string Channel, IReadOnlyList<Guid> Notices) : InboxEvent;

/// <summary>The channel took a message.</summary>
public sealed record NoticeDelivered(int Delivery) : InboxEvent;

/// <summary>The channel did not take a message, and it is not tried any more until somebody replays it.</summary>
/// <param name="Reason">In one line, without personal data.</param>
public sealed record NoticeFailed(int Delivery, string Reason) : InboxEvent;

/// <summary>A notice that nobody read in time went on, or back to those in whose place it was told.</summary>
/// <param name="To">Who is told now.</param>
/// <param name="AlreadyTold">They had been told of the same by themselves, so nothing new came into their inboxes.</param>
public sealed record NoticePassedOn(Guid Notice, PassOnReason Reason, PassOnStep Step, IReadOnlyList<Recipient> To, bool AlreadyTold = false) : InboxEvent;

/// <summary>What a notice asked for was done, or became somebody else's, before it was read or went back: it is neither sent out nor passed on any more.</summary>
public sealed record NoticeLapsed(Guid Notice) : InboxEvent;

/// <summary>A notice that nobody read in time stays where it is, because nobody comes after this person.</summary>
public sealed record NoticeKept(Guid Notice) : InboxEvent;
