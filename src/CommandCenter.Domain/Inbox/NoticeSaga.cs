using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Inbox;

/// <summary>Notices that go out to one person by one channel as one message.</summary>
/// <param name="Delivery">Its number in the person's inbox.</param>
public sealed record OutboundNotices(int Delivery, string Channel, IReadOnlyList<InboxNotice> Notices);

/// <summary>What follows when time passes for an inbox.</summary>
/// <param name="Events">For the inbox itself.</param>
/// <param name="Notices">For the inboxes of others.</param>
/// <param name="Relied">Whose inboxes were relied on as they stand, though nothing comes into them.</param>
public sealed record InboxReaction(IReadOnlyList<InboxEvent> Events, IReadOnlyList<Notice> Notices, IReadOnlyList<OutboundNotices> Outbound, IReadOnlyList<string> Relied);

/// <summary>
/// Sends out what is due, passes on what nobody read in time, and gives back what was told in others' place. Pure: inboxes, organization, duty and time in; events, notices and messages out. The inbox decides, not the timer: one that
/// comes twice, or too late, finds nothing to do.
/// </summary>
public static class NoticeSaga
{
    /// <summary>The saga's frozen name in the timer table; its instance is a person.</summary>
    public const string Name = "notices";

    /// <summary>The most notices in one message: what more there is goes in another.</summary>
    public const int MostInOne = 500;

    /// <summary>The engine's identity in the envelope.</summary>
    public static By Engine(AreaCode place) => new("system:notices", Role.System, place);

    /// <summary>The one timer for everything that falls due for a person at an instant.</summary>
    public static SagaTimer Timer(DateTimeOffset dueAt) => new($"due/{dueAt.ToUniversalTime():yyyyMMdd'T'HHmmss.ffffff'Z'}", 1, dueAt);

    /// <summary>The timers that a notice needs: none for one that is neither sent out nor passed on nor given back.</summary>
    public static IEnumerable<SagaTimer> TimersOf(NoticeSent sent)
    {
        if (sent.DeliverAt is { } deliverAt)
            yield return Timer(deliverAt);
        if (sent.ReadBy is { } readBy)
            yield return Timer(readBy);
        if (sent.BackAt is { } backAt)
            yield return Timer(backAt);
    }

    /// <summary>Whether those in whose place it was told may be there again.</summary>
    public static bool IsToGoBack(InboxNotice notice, DateTimeOffset now) => notice.BackAt <= now;

    /// <summary>When to look again for what could not go back yet; null where nothing is left of that.</summary>
    /// <param name="hours">The working time of the place of a notice.</param>
    public static DateTimeOffset? LooksAgainAt(IReadOnlyList<InboxNotice> due, InboxReaction reaction, DateTimeOffset now, Func<AreaCode, WorkingTime> hours)
    {
        var ended = reaction.Events.Select(happened => happened switch
        {
            NoticePassedOn passed => passed.Notice,
            NoticeLapsed lapsed => lapsed.Notice,
            _ => (Guid?)null,
        }).ToHashSet();
        return due.Where(notice => IsToGoBack(notice, now) && !ended.Contains(notice.Id)).Select(notice => (DateTimeOffset?)NoticePlan.NextStart(now, hours(notice.Place))).Min();
    }

    /// <summary>So long at most what was missed is put off while more of it still comes.</summary>
    public static readonly TimeSpan LongestCatchUp = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Until when what was missed is put off, while timers that were due before are still being fired: a long standstill is one message, and not one a minute. Null where nothing is to be put off.
    /// </summary>
    /// <param name="backlog">Whether timers that came due before the last minute are still waiting.</param>
    public static DateTimeOffset? PutOffUntil(InboxState inbox, DateTimeOffset now, bool backlog)
    {
        if (!backlog || !inbox.DueBy(now).Any(notice => IsToSend(notice, now) && IsCatchingUp(notice)))
            return null;
        var last = inbox.ToSend.Where(IsCatchingUp).Min(notice => notice.SentAt) + LongestCatchUp;
        var next = NoticePlan.CatchUpAt(now);
        return now >= last ? null : next < last ? next : last;
    }

    /// <summary>The notices with something to do at an instant: to be sent out, or unread past their limit.</summary>
    /// <param name="putOff">Whether what was missed waits for more of it.</param>
    public static IReadOnlyList<InboxNotice> Due(InboxState inbox, DateTimeOffset now, bool putOff = false)
    {
        var due = inbox.DueBy(now);
        if (putOff)
            return [.. due.Where(notice => IsPastLimit(notice, now) || IsToGoBack(notice, now) || !IsCatchingUp(notice))];
        // What was told late goes out with whatever else was: the standstill is one matter.
        return due.Any(notice => IsToSend(notice, now) && IsCatchingUp(notice)) ? [.. due.Concat(inbox.ToSend.Where(IsCatchingUp)).DistinctBy(notice => notice.Id).OrderBy(notice => notice.Number)] : due;
    }

    /// <summary>Everybody whose inbox the decision may have to know, for the notices that are past their limit and those that are others' turn now.</summary>
    public static IReadOnlyList<string> Candidates(
        string person, InboxState inbox, DateTimeOffset now, IReadOnlyDictionary<Guid, NoticeClaim> claims, OrganizationDirectory organization, DutyRoster duty, bool putOff = false)
    {
        var due = Due(inbox, now, putOff);
        return
        [
            .. due.Where(notice => IsPastLimit(notice, now) && claims.GetValueOrDefault(notice.Id, NoticeClaim.Holds) == NoticeClaim.Holds)
                .SelectMany(notice => NoticeChain.After(person, notice.Sent, notice.Place, now, organization, duty)).SelectMany(link => link.People)
                .Concat(due.SelectMany(notice => claims.GetValueOrDefault(notice.Id) is NoticeClaim.Moved moved ? moved.To : []))
                .Select(recipient => recipient.Person).Where(other => other != person).Distinct(StringComparer.Ordinal),
        ];
    }

    /// <param name="others">The inboxes of <see cref="Candidates"/>.</param>
    /// <param name="claims">What the matters of the due notices still ask; one that is missing still holds.</param>
    /// <param name="putOff">As <see cref="PutOffUntil"/> says.</param>
    public static InboxReaction OnTimer(
        string person, InboxState inbox, DateTimeOffset now, IReadOnlyDictionary<string, InboxState> others, IReadOnlyDictionary<Guid, NoticeClaim> claims, OrganizationDirectory organization, DutyRoster duty,
        bool putOff = false)
    {
        List<InboxEvent> events = [];
        List<Notice> notices = [];
        List<OutboundNotices> outbound = [];
        List<string> relied = [];
        List<InboxNotice> left = [];
        foreach (var notice in Due(inbox, now, putOff))
        {
            var claim = claims.GetValueOrDefault(notice.Id, NoticeClaim.Holds);
            if (claim == NoticeClaim.Gone)
                events.Add(new NoticeLapsed(notice.Id));
            else if (claim is NoticeClaim.Moved moved)
                GiveOver(notice, moved.To);
            else
                left.Add(notice);
        }

        foreach (var notice in left.Where(notice => IsPastLimit(notice, now)))
            PassOn(notice);
        // What goes on to somebody else in this moment is not sent out here any more.
        var gone = events.OfType<NoticePassedOn>().Select(passed => passed.Notice).ToHashSet();
        Send([.. left.Where(notice => notice.IsToSend && !gone.Contains(notice.Id) && !(putOff && IsCatchingUp(notice)))]);
        return new InboxReaction(events, notices, outbound, [.. relied.Distinct(StringComparer.Ordinal).Where(other => notices.All(told => told.Person != other))]);

        // Those whose turn it is know of it, if the matter was given to them; where only the seat changed hands, nobody has told them.
        void GiveOver(InboxNotice notice, IReadOnlyList<Recipient> to)
        {
            // Of what goes back nobody knows who let it lie while they were away.
            var knowing = to.Where(next => others[next.Person].KnowsOf(notice, unlessPassedOn: IsToGoBack(notice, now))).Select(next => next.Person).ToList();
            if (knowing.Count > 0)
            {
                relied.AddRange(knowing);
                events.Add(new NoticeLapsed(notice.Id));
                return;
            }

            Tell(notice, IsToGoBack(notice, now) ? PassOnReason.HandedBack : PassOnReason.SeatChanged, PassOnStep.SameSeat, to);
        }

        void Tell(InboxNotice notice, PassOnReason reason, PassOnStep step, IReadOnlyList<Recipient> to)
        {
            events.Add(new NoticePassedOn(notice.Id, reason, step, to));
            var late = notice is { IsOpen: true, Sent.ReadBy: { } by } && now - by > NoticePlan.Punctual ? by : (DateTimeOffset?)null;
            notices.AddRange(to.Select(next => new Notice(next.Person, notice.Sent with
            {
                Role = next.Role,
                Reason = next.Reason,
                Channels = null,
                DeliverAt = null,
                ReadBy = null,
                For = next.For,
                BackAt = null,
                From = reason == PassOnReason.HandedBack
                    ? new PassedFrom(person, notice.Id, reason, step, now, [person], PlaceOf(notice, reason, next))
                    : new PassedFrom(person, notice.Id, reason, step, notice.FirstSentAt, [.. notice.Sent.From?.Tried ?? [], person], PlaceOf(notice, reason, next)),
                MissedAt = late,
            })));
        }

        // Whose work it stays, over as many nights as it takes: until it is with whoever holds the seat.
        InPlaceOf? PlaceOf(InboxNotice notice, PassOnReason reason, Recipient next) => (reason, next) switch
        {
            (PassOnReason.SeatChanged or PassOnReason.HandedBack, { Reason: RecipientReason.Substitute, For: { } absent }) => new InPlaceOf(next.Role, absent),
            (PassOnReason.SeatChanged, _) or (PassOnReason.HandedBack, { Reason: not (RecipientReason.OnDuty or RecipientReason.VacancyAbove) }) => null,
            _ => (NoticeClaim.InPlaceOf(notice.Sent) ?? (organization.SubstituteOf(person) is not null ? new InPlaceOf(notice.Sent.Role, person) : null)) switch
            {
                // Whoever holds the seat itself has it as their own.
                { Person: null } when next.Reason == RecipientReason.Holder && next.Role == notice.Sent.Role && notice.Sent.Reason == RecipientReason.OnDuty && !IsOnDuty(next.Person, notice) => null,
                { Person: { } absent } when absent == next.Person => null,
                var place => place,
            },
        };

        bool IsOnDuty(string other, InboxNotice notice) => duty(notice.Place.At(AreaLevel.Town) ?? notice.Place, now).Contains(other);

        void PassOn(InboxNotice notice)
        {
            var reason = notice.Sent.Channels is not null && !notice.Delivered ? PassOnReason.Undelivered : PassOnReason.Unread;
            IReadOnlyList<string> tried = [.. notice.Sent.From?.Tried ?? [], person];
            foreach (var link in NoticeChain.After(person, notice.Sent, notice.Place, now, organization, duty))
            {
                var open = link.People.Where(next => !tried.Contains(next.Person)).Select(next => (next, Same: others[next.Person].FindSame(notice))).ToList();
                // Whoever had it and did not read it either does not get it again.
                open.RemoveAll(row => row.Same is { Standing: NoticeStanding.PassedOn or NoticeStanding.Lapsed });
                if (open.Count == 0)
                    continue;
                IReadOnlyList<Recipient> knowing = [.. open.Where(row => row.Same is not null).Select(row => row.next)];
                // One who knows of it already is enough, and has a limit of their own.
                if (knowing.Count > 0)
                {
                    relied.AddRange(knowing.Select(next => next.Person));
                    events.Add(new NoticePassedOn(notice.Id, reason, link.Step, knowing, AlreadyTold: true));
                    return;
                }

                Tell(notice, reason, link.Step, [.. open.Select(row => row.next)]);
                return;
            }

            events.Add(new NoticeKept(notice.Id));
        }

        void Send(IReadOnlyList<InboxNotice> sent)
        {
            var number = inbox.LastDelivery;
            // Each urgent notice speaks for itself; what could wait goes together, as many as a message may hold.
            var groups = sent.Where(IsAlone).Select(notice => new[] { notice }).Concat(sent.Where(notice => !IsAlone(notice)).Chunk(MostInOne));
            foreach (var group in groups)
            {
                foreach (var channel in group.SelectMany(notice => notice.Sent.Channels!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
                {
                    IReadOnlyList<InboxNotice> items = [.. group.Where(notice => notice.Sent.Channels!.Contains(channel))];
                    events.Add(new NoticeQueued(++number, channel, [.. items.Select(notice => notice.Id)]));
                    outbound.Add(new OutboundNotices(number, channel, items));
                }
            }
        }
    }

    private static bool IsAlone(InboxNotice notice) => notice.Sent is { Urgency: NoticeUrgency.Urgent, MissedAt: null };

    private static bool IsCatchingUp(InboxNotice notice) => notice.Sent.MissedAt is not null;

    private static bool IsToSend(InboxNotice notice, DateTimeOffset now) => notice.IsToSend && notice.Sent.DeliverAt <= now;

    private static bool IsPastLimit(InboxNotice notice, DateTimeOffset now) => notice is { IsOpen: true, Sent.ReadBy: { } by } && by <= now;
}
