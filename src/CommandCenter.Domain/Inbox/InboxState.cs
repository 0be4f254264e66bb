using System.Collections.Immutable;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Inbox;

/// <summary>What became of a notice.</summary>
public enum NoticeStanding
{
    /// <summary>未读</summary>
    Unread,

    /// <summary>已读</summary>
    Read,

    /// <summary>已转他人: it may be read afterwards all the same.</summary>
    PassedOn,

    /// <summary>已失效: what it asked for was done meanwhile.</summary>
    Lapsed,

    /// <summary>在值班处: unread, with nobody to come after.</summary>
    AtDesk,
}

/// <summary>What a notice is about: two with the same are one matter told to two people.</summary>
public sealed record NoticeMatter(NoticeKind Kind, string Subject, Clock? Clock, EscalationLevel? Level)
{
    public static NoticeMatter Of(NoticeSent sent) => new(sent.Kind, sent.Subject, sent.Clock, sent.Level);
}

/// <summary>A notice as it stands in an inbox.</summary>
/// <param name="Number">Counts the notices of the inbox, in the order in which they came.</param>
/// <param name="Place">For which the engine spoke.</param>
/// <param name="SentAt">By the host's clock; the same for all who were told together.</param>
/// <param name="Queued">Whether it was handed to its channels.</param>
/// <param name="Delivered">Whether one of them took it.</param>
public sealed record InboxNotice(Guid Id, int Number, NoticeSent Sent, AreaCode Place, DateTimeOffset SentAt, NoticeStanding Standing, bool Queued, bool Delivered)
{
    /// <summary>Unread, and with a way to go on.</summary>
    public bool IsOpen => Standing == NoticeStanding.Unread;

    /// <summary>When the first of the chain was told of it.</summary>
    public DateTimeOffset FirstSentAt => Sent.From?.FirstSentAt ?? SentAt;
}

/// <summary>
/// A person's inbox, as far as decisions need it: what is open, and for a week what was. A fold of <c>inbox:{person}</c>, immutable; it stays small however long the stream becomes.
/// </summary>
public sealed record InboxState
{
    /// <summary>So long a notice that is done with is remembered, for those who were told of the same.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(7);

    /// <summary>An inbox in which nothing came yet.</summary>
    public static readonly InboxState Empty = new();

    private InboxState() { }

    public ImmutableDictionary<Guid, InboxNotice> Notices { get; private init; } = ImmutableDictionary<Guid, InboxNotice>.Empty;

    /// <summary>The notices of each message that was handed to a channel and neither delivered nor forgotten.</summary>
    public ImmutableDictionary<int, ImmutableArray<Guid>> Deliveries { get; private init; } = ImmutableDictionary<int, ImmutableArray<Guid>>.Empty;

    /// <summary>The number of the last message to this person.</summary>
    public int LastDelivery { get; private init; }

    private int Count { get; init; }

    private ImmutableQueue<(Guid Id, DateTimeOffset At)> Done { get; init; } = ImmutableQueue<(Guid Id, DateTimeOffset At)>.Empty;

    /// <summary>In the order in which they came.</summary>
    public IEnumerable<InboxNotice> InOrder => Notices.Values.OrderBy(notice => notice.Number);

    public InboxState Apply(Fact<InboxEvent> fact) => fact.Event switch
    {
        NoticeSent sent => Forgetting(fact.RecordedAt).Take(sent, fact),
        NoticeRead read => Close(read.Notice, NoticeStanding.Read, fact.RecordedAt),
        NoticePassedOn passed => Close(passed.Notice, NoticeStanding.PassedOn, fact.RecordedAt),
        NoticeLapsed lapsed => Close(lapsed.Notice, NoticeStanding.Lapsed, fact.RecordedAt),
        NoticeKept kept => Close(kept.Notice, NoticeStanding.AtDesk, fact.RecordedAt),
        NoticeQueued queued => this with
        {
            LastDelivery = queued.Delivery,
            Deliveries = Deliveries.SetItem(queued.Delivery, [.. queued.Notices]),
            Notices = Change(queued.Notices, notice => notice with { Queued = true }),
        },
        NoticeDelivered delivered => this with
        {
            Deliveries = Deliveries.Remove(delivered.Delivery),
            Notices = Change(Deliveries.GetValueOrDefault(delivered.Delivery, []), notice => notice with { Delivered = true }),
        },
        _ => this,
    };

    public static InboxState Fold(IEnumerable<Fact<InboxEvent>> facts) => facts.Aggregate(Empty, (inbox, fact) => inbox.Apply(fact));

    /// <summary>The notice of the same matter that came no earlier than the given one; null when there is none.</summary>
    public InboxNotice? FindSame(InboxNotice notice)
    {
        var matter = NoticeMatter.Of(notice.Sent);
        return Notices.Values.Where(own => own.SentAt >= notice.FirstSentAt && NoticeMatter.Of(own.Sent) == matter).MaxBy(own => own.Number);
    }

    private InboxState Take(NoticeSent sent, Fact<InboxEvent> fact) => this with
    {
        Count = Count + 1,
        Notices = Notices.SetItem(fact.Id, new InboxNotice(fact.Id, Count + 1, sent, fact.By.Place, fact.HappenedAt, NoticeStanding.Unread, false, false)),
    };

    private InboxState Close(Guid id, NoticeStanding standing, DateTimeOffset at)
    {
        if (!Notices.TryGetValue(id, out var notice) || notice.Standing is not (NoticeStanding.Unread or NoticeStanding.AtDesk))
            return this;
        var closed = this with { Notices = Notices.SetItem(id, notice with { Standing = standing }) };
        // What stays at the desk is waited for; it is done with when it is read.
        return standing == NoticeStanding.AtDesk ? closed : closed with { Done = closed.Done.Enqueue((id, at)) };
    }

    private InboxState Forgetting(DateTimeOffset now)
    {
        var (notices, deliveries, done) = (Notices, Deliveries, Done);
        while (!done.IsEmpty && done.Peek() is var (id, at) && at < now - Remembered)
        {
            done = done.Dequeue();
            notices = notices.Remove(id);
        }

        if (notices == Notices)
            return this;
        // A message all of whose notices are forgotten can still be delivered, only nobody waits for that here.
        deliveries = deliveries.RemoveRange(deliveries.Where(delivery => !delivery.Value.Any(notices.ContainsKey)).Select(delivery => delivery.Key).ToList());
        return this with { Notices = notices, Deliveries = deliveries, Done = done };
    }

    private ImmutableDictionary<Guid, InboxNotice> Change(IEnumerable<Guid> ids, Func<InboxNotice, InboxNotice> change) =>
        Notices.SetItems(ids.Where(Notices.ContainsKey).Select(id => KeyValuePair.Create(id, change(Notices[id]))));
}
