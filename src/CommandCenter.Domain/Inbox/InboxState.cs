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
public sealed record NoticeMatter(NoticeKind Kind, string Subject, Clock? Clock, EscalationLevel? Level, int? Part)
{
    public static NoticeMatter Of(NoticeSent sent) => new(sent.Kind, sent.Subject, sent.Clock, sent.Level, sent.Part);
}

/// <summary>A notice as it stands in an inbox.</summary>
/// <param name="Number">Counts the notices of the inbox, in the order in which they came.</param>
/// <param name="Place">For which the engine spoke.</param>
/// <param name="SentAt">By the host's clock; the same for all who were told together.</param>
/// <param name="Queued">Whether it was handed to its channels.</param>
/// <param name="Delivered">Whether one of them took it.</param>
public sealed record InboxNotice(Guid Id, int Number, NoticeSent Sent, AreaCode Place, DateTimeOffset SentAt, NoticeStanding Standing, bool Queued, bool Delivered)
{
    /// <summary>The numbers of the messages that it went out by.</summary>
    public ImmutableArray<int> Messages { get; init; } = [];

    /// <summary>Whether it went on, or back, or there was nothing left to do.</summary>
    public bool Ended { get; init; }

    /// <summary>When to look whether those in whose place it was told are there again, read or not; null when there is nothing to look for.</summary>
    public DateTimeOffset? BackAt => Ended ? null : Sent.BackAt;

    /// <summary>Unread, and with a way to go on.</summary>
    public bool IsOpen => Standing == NoticeStanding.Unread;

    /// <summary>Whether it is still to be handed to its channels.</summary>
    public bool IsToSend => this is { Queued: false, Standing: NoticeStanding.Unread or NoticeStanding.AtDesk, Sent.DeliverAt: not null };

    /// <summary>When the first of the chain was told of it.</summary>
    public DateTimeOffset FirstSentAt => Sent.From?.FirstSentAt ?? SentAt;
}

/// <summary>
/// A person's inbox, as far as decisions need it: what has something to do, and what others may still rely on. A fold of <c>inbox:{person}</c>, immutable; it stays small however long the stream
/// becomes, and however much of it nobody ever reads.
/// </summary>
public sealed record InboxState
{
    /// <summary>So long at least a notice is remembered that has nothing to do any more, for those who were told of the same.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(7);

    /// <summary>An inbox in which nothing came yet.</summary>
    public static readonly InboxState Empty = new();

    // A way through many hands takes many limits; whoever comes late on it must still see who had it first.
    private const int LimitsRemembered = 10;

    private InboxState() { }

    public ImmutableDictionary<Guid, InboxNotice> Notices { get; private init; } = ImmutableDictionary<Guid, InboxNotice>.Empty;

    /// <summary>The notices of each message that was handed to a channel and neither delivered nor forgotten.</summary>
    public ImmutableDictionary<int, ImmutableArray<Guid>> Deliveries { get; private init; } = ImmutableDictionary<int, ImmutableArray<Guid>>.Empty;

    /// <summary>The number of the last message to this person.</summary>
    public int LastDelivery { get; private init; }

    private int Count { get; init; }

    /// <summary>When notices have something to do: to be sent out, or to go on.</summary>
    private ImmutableSortedSet<(DateTimeOffset At, int Number, Guid Id)> Agenda { get; init; } = [];

    /// <summary>When notices that have nothing to do are forgotten.</summary>
    private ImmutableSortedSet<(DateTimeOffset At, int Number, Guid Id)> Done { get; init; } = [];

    private ImmutableDictionary<string, ImmutableHashSet<Guid>> BySubject { get; init; } = ImmutableDictionary<string, ImmutableHashSet<Guid>>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>In the order in which they came.</summary>
    public IEnumerable<InboxNotice> InOrder => Notices.Values.OrderBy(notice => notice.Number);

    /// <summary>Those still to be handed to their channels, in the order in which they came.</summary>
    public IEnumerable<InboxNotice> ToSend => Agenda.Select(entry => Notices[entry.Id]).Where(notice => notice.IsToSend).DistinctBy(notice => notice.Id).OrderBy(notice => notice.Number);

    public InboxState Apply(Fact<InboxEvent> fact) => fact.Event switch
    {
        NoticeSent sent => Forgetting(fact.RecordedAt).Take(sent, fact),
        NoticeRead read => Close(read.Notice, NoticeStanding.Read, fact.RecordedAt),
        NoticePassedOn passed => Close(passed.Notice, NoticeStanding.PassedOn, fact.RecordedAt, ends: true),
        NoticeLapsed lapsed => Close(lapsed.Notice, NoticeStanding.Lapsed, fact.RecordedAt, ends: true),
        NoticeKept kept => Close(kept.Notice, NoticeStanding.AtDesk, fact.RecordedAt),
        NoticeQueued queued => queued.Notices.Aggregate(
            this with { LastDelivery = queued.Delivery, Deliveries = Deliveries.SetItem(queued.Delivery, [.. queued.Notices]) },
            (inbox, id) => inbox.Change(id, notice => notice with { Queued = true, Messages = notice.Messages.Add(queued.Delivery) }, fact.RecordedAt)),
        NoticeDelivered delivered => Deliveries.GetValueOrDefault(delivered.Delivery, []).Aggregate(
            this with { Deliveries = Deliveries.Remove(delivered.Delivery) }, (inbox, id) => inbox.Change(id, notice => notice with { Delivered = true }, fact.RecordedAt)),
        _ => this,
    };

    public static InboxState Fold(IEnumerable<Fact<InboxEvent>> facts) => facts.Aggregate(Empty, (inbox, fact) => inbox.Apply(fact));

    /// <summary>Those with something to do at an instant, in the order in which they came.</summary>
    public IReadOnlyList<InboxNotice> DueBy(DateTimeOffset now) =>
        [.. Agenda.TakeWhile(entry => entry.At <= now).Select(entry => entry.Id).Distinct().Select(id => Notices[id]).OrderBy(notice => notice.Number)];

    /// <summary>The notice of the same matter that came no earlier than the given one; null when there is none.</summary>
    public InboxNotice? FindSame(InboxNotice notice)
    {
        var matter = NoticeMatter.Of(notice.Sent);
        return Since(notice).Where(own => NoticeMatter.Of(own.Sent) == matter).MaxBy(own => own.Number);
    }

    /// <summary>Whether anything about the same subject came no earlier than the given notice.</summary>
    /// <param name="unlessPassedOn">What they let go on to others unread does not count.</param>
    public bool KnowsOf(InboxNotice notice, bool unlessPassedOn = false) => Since(notice).Any(own => !unlessPassedOn || own.Standing is not (NoticeStanding.PassedOn or NoticeStanding.Lapsed));

    private IEnumerable<InboxNotice> Since(InboxNotice notice) =>
        BySubject.GetValueOrDefault(notice.Sent.Subject, []).Select(id => Notices[id]).Where(own => own.SentAt >= notice.FirstSentAt);

    private InboxState Take(NoticeSent sent, Fact<InboxEvent> fact)
    {
        var taken = this with
        {
            Count = Count + 1,
            Notices = Notices.SetItem(fact.Id, new InboxNotice(fact.Id, Count + 1, sent, fact.By.Place, fact.HappenedAt, NoticeStanding.Unread, false, false)),
            BySubject = BySubject.SetItem(sent.Subject, BySubject.GetValueOrDefault(sent.Subject, []).Add(fact.Id)),
        };
        return taken.Settled(null, taken.Notices[fact.Id], fact.RecordedAt);
    }

    private InboxState Close(Guid id, NoticeStanding standing, DateTimeOffset at, bool ends = false) => Notices.TryGetValue(id, out var notice) switch
    {
        true when notice!.Standing is NoticeStanding.Unread or NoticeStanding.AtDesk => Change(id, open => open with { Standing = standing, Ended = ends }, at),
        true when ends => Change(id, read => read with { Ended = true }, at),
        _ => this,
    };

    private InboxState Change(Guid id, Func<InboxNotice, InboxNotice> change, DateTimeOffset at)
    {
        if (!Notices.TryGetValue(id, out var before))
            return this;
        var after = change(before);
        return (this with { Notices = Notices.SetItem(id, after) }).Settled(before, after, at);
    }

    /// <summary>What a notice has to do now instead of before; one that has nothing to do any more is forgotten after a while.</summary>
    private InboxState Settled(InboxNotice? before, InboxNotice after, DateTimeOffset at)
    {
        var entries = Entries(after).ToList();
        var done = entries.Count == 0 && (before is null || Entries(before).Any()) ? Done.Add((at + Remembering(after), after.Number, after.Id)) : Done;
        return this with { Agenda = Agenda.Except(before is null ? [] : Entries(before)).Union(entries), Done = done };
    }

    private static IEnumerable<(DateTimeOffset At, int Number, Guid Id)> Entries(InboxNotice notice)
    {
        if (notice is { IsToSend: true, Sent.DeliverAt: { } deliverAt })
            yield return (deliverAt, notice.Number, notice.Id);
        if (notice is { IsOpen: true, Sent.ReadBy: { } readBy })
            yield return (readBy, notice.Number, notice.Id);
        if (notice.BackAt is { } backAt)
            yield return (backAt, notice.Number, notice.Id);
    }

    private static TimeSpan Remembering(InboxNotice notice)
    {
        var limits = (notice.Sent.ReadBy - notice.SentAt ?? TimeSpan.FromMinutes(notice.Sent.Limit?.Minutes ?? 0)) * LimitsRemembered;
        return limits > Remembered ? limits : Remembered;
    }

    private InboxState Forgetting(DateTimeOffset now)
    {
        var inbox = this;
        while (!inbox.Done.IsEmpty && inbox.Done.Min is var entry && entry.At < now)
            inbox = inbox.Without(inbox.Notices[entry.Id]) with { Done = inbox.Done.Remove(entry) };
        return inbox;
    }

    private InboxState Without(InboxNotice notice)
    {
        var others = BySubject[notice.Sent.Subject].Remove(notice.Id);
        var notices = Notices.Remove(notice.Id);
        return this with
        {
            Notices = notices,
            BySubject = others.IsEmpty ? BySubject.Remove(notice.Sent.Subject) : BySubject.SetItem(notice.Sent.Subject, others),
            // A message all of whose notices are forgotten can still be delivered, only nobody waits for that here.
            Deliveries = Deliveries.RemoveRange(notice.Messages.Where(number => Deliveries.TryGetValue(number, out var ids) && !ids.Any(notices.ContainsKey))),
        };
    }
}
