using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using CommandCenter.Domain.Whistles;

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
/// Sends out what is due, and passes on what nobody read in time. Pure: inboxes, organization, duty and time in; events, notices and messages out. The inbox decides, not the timer: one that
/// comes twice, or too late, finds nothing to do.
/// </summary>
public static class NoticeSaga
{
    /// <summary>The saga's frozen name in the timer table; its instance is a person.</summary>
    public const string Name = "notices";

    /// <summary>The engine's identity in the envelope.</summary>
    public static By Engine(AreaCode place) => new("system:notices", Role.System, place);

    /// <summary>The one timer for everything that falls due for a person at an instant.</summary>
    public static SagaTimer Timer(DateTimeOffset dueAt) => new($"due/{dueAt.ToUniversalTime():yyyyMMdd'T'HHmmss.ffffff'Z'}", 1, dueAt);

    /// <summary>The timers that a notice needs: none for one that is neither sent out nor passed on.</summary>
    public static IEnumerable<SagaTimer> TimersOf(NoticeSent sent)
    {
        if (sent.DeliverAt is { } deliverAt)
            yield return Timer(deliverAt);
        if (sent.ReadBy is { } readBy)
            yield return Timer(readBy);
    }

    /// <summary>The notices with something to do at an instant: to be sent out, or unread past their limit.</summary>
    public static IReadOnlyList<InboxNotice> Due(InboxState inbox, DateTimeOffset now) => [.. inbox.InOrder.Where(notice => IsToSend(notice, now) || IsPastLimit(notice, now))];

    /// <summary>Everybody whose inbox the decision may have to know, for the notices that are past their limit.</summary>
    public static IReadOnlyList<string> Candidates(string person, InboxState inbox, DateTimeOffset now, OrganizationDirectory organization, DutyRoster duty) =>
    [
        .. inbox.InOrder.Where(notice => IsPastLimit(notice, now))
            .SelectMany(notice => NoticeChain.After(person, notice.Sent, notice.Place, now, organization, duty))
            .SelectMany(link => link.People).Select(recipient => recipient.Person).Distinct(StringComparer.Ordinal),
    ];

    /// <param name="others">The inboxes of <see cref="Candidates"/>.</param>
    /// <param name="lapsed">Those of the due notices whose matter asks nothing of the person any more, see <see cref="Asks(NoticeSent, string, Case, OrganizationDirectory)"/>.</param>
    public static InboxReaction OnTimer(
        string person, InboxState inbox, DateTimeOffset now, IReadOnlyDictionary<string, InboxState> others, IReadOnlySet<Guid> lapsed, OrganizationDirectory organization, DutyRoster duty)
    {
        var due = Due(inbox, now);
        List<InboxEvent> events = [.. due.Where(notice => lapsed.Contains(notice.Id)).Select(notice => new NoticeLapsed(notice.Id))];
        List<Notice> notices = [];
        List<OutboundNotices> outbound = [];
        List<string> relied = [];

        var left = due.Where(notice => !lapsed.Contains(notice.Id)).ToList();
        foreach (var notice in left.Where(notice => IsPastLimit(notice, now)))
            PassOn(notice);
        // What goes on to somebody else in this moment is not sent out here any more.
        var gone = events.OfType<NoticePassedOn>().Select(passed => passed.Notice).ToHashSet();
        Send([.. left.Where(notice => IsToSend(notice, now) && !gone.Contains(notice.Id))]);
        return new InboxReaction(events, notices, outbound, [.. relied.Distinct(StringComparer.Ordinal).Where(other => notices.All(told => told.Person != other))]);

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

                events.Add(new NoticePassedOn(notice.Id, reason, link.Step, [.. open.Select(row => row.next)]));
                notices.AddRange(open.Select(row => new Notice(row.next.Person, notice.Sent with
                {
                    Role = row.next.Role,
                    Reason = row.next.Reason,
                    Channels = null,
                    DeliverAt = null,
                    ReadBy = null,
                    For = null,
                    From = new PassedFrom(person, notice.Id, reason, link.Step, notice.FirstSentAt, tried),
                })));
                return;
            }

            events.Add(new NoticeKept(notice.Id));
        }

        void Send(IReadOnlyList<InboxNotice> sent)
        {
            var number = inbox.LastDelivery;
            // Each urgent notice speaks for itself; what could wait goes together.
            var groups = sent.Where(notice => notice.Sent.Urgency == NoticeUrgency.Urgent).Select(notice => new[] { notice })
                .Append([.. sent.Where(notice => notice.Sent.Urgency != NoticeUrgency.Urgent)]);
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

    /// <summary>Whether a case still asks of a person what a notice told them: it is still their turn, or the deadline that was told of still runs.</summary>
    public static bool Asks(NoticeSent sent, string person, Case subject, OrganizationDirectory organization)
    {
        // What is only to be known is not done away with by anything that happens.
        if (subject is not Case.Known known || (Audiences.Needed(sent.Kind) is null && sent.Kind is not (NoticeKind.Warning or NoticeKind.Escalation or NoticeKind.Urged or NoticeKind.Supervised)))
            return true;
        return known.IsOpen && sent.Kind switch
        {
            NoticeKind.Warning or NoticeKind.Escalation => sent.Clock is { } clock && known.File.Clocks.ContainsKey(clock),
            NoticeKind.Supervised => known.File.Supervision is { Answered: false },
            NoticeKind.SubtaskAdded or NoticeKind.Urged => true,
            NoticeKind.Rework => known is Case.Dispatched or Case.Handling,
            // Whoever it was passed to stands in for those whose turn it is.
            _ => IsStage(sent.Kind, known) && (StandsIn(sent) || DeadlineSaga.WhoActs(known, organization).Any(recipient => IsFor(sent, person, recipient))),
        };
    }

    /// <summary>Whether a task still asks of a person what a notice told them.</summary>
    public static bool Asks(NoticeSent sent, GridTask subject) => subject is not GridTask.Known || sent.Kind switch
    {
        NoticeKind.TaskAssigned => subject is GridTask.Assigned,
        NoticeKind.TaskReturned => subject is GridTask.Returned,
        NoticeKind.TaskToCheck => subject is GridTask.Completed,
        NoticeKind.TaskSentBack => subject is GridTask.Claimed or GridTask.Assigned,
        _ => true,
    };

    /// <summary>Whether a whistle still asks of a person what a notice told them: a call waits where it waited, and for them.</summary>
    public static bool Asks(NoticeSent sent, string person, Whistle subject, OrganizationDirectory organization)
    {
        if (subject is not Whistle.Known { File: var file } || Audiences.Needed(sent.Kind) != Audience.WhoseTurn)
            return true;
        CallStage[] stages = sent.Kind switch
        {
            NoticeKind.WhistleBlown => [CallStage.Called],
            NoticeKind.WhistleCalled => [CallStage.Routed],
            NoticeKind.WhistleDeclined => [CallStage.Declined],
            NoticeKind.WhistleResolved => [CallStage.Resolved],
            _ => [CallStage.Routed, CallStage.Arrived, CallStage.Advised],
        };
        return file.Calls.Any(call => stages.Contains(call.Stage) && (StandsIn(sent) || WhistleNotices.WhoActs(file, call, organization).Any(recipient => IsFor(sent, person, recipient))));
    }

    // Whoever it was passed to, or is on duty, stands in for those whose turn it is, whoever these are.
    private static bool StandsIn(NoticeSent sent) => sent.From is not null || sent.Reason == RecipientReason.OnDuty;

    private static bool IsFor(NoticeSent sent, string person, Recipient recipient) => recipient.Person == (sent.For ?? person);

    /// <summary>Whether the case is where it was when it became somebody's turn.</summary>
    private static bool IsStage(NoticeKind kind, Case.Known state) => kind switch
    {
        NoticeKind.AssessmentDue => state is Case.Assessing,
        NoticeKind.CheckDue => state is Case.Checking,
        NoticeKind.Reported or NoticeKind.Checked or NoticeKind.TransferDeclined => state is Case.Reported,
        NoticeKind.TransferRequested => state is Case.Transferring,
        NoticeKind.Filed or NoticeKind.Returned or NoticeKind.Reopened => state is Case.Filed,
        NoticeKind.Dispatched => state is Case.Dispatched,
        NoticeKind.Reassigned => state is Case.Dispatched or Case.Handling,
        NoticeKind.VerificationDue => state is Case.Completed,
        NoticeKind.RatingDue => state is Case.Verified,
        NoticeKind.NotFixed or NoticeKind.ClosingDue => state is Case.Rated,
        _ => true,
    };

    private static bool IsToSend(InboxNotice notice, DateTimeOffset now) => notice is { Queued: false, Standing: NoticeStanding.Unread or NoticeStanding.AtDesk, Sent.DeliverAt: { } at } && at <= now;

    private static bool IsPastLimit(InboxNotice notice, DateTimeOffset now) => notice is { IsOpen: true, Sent.ReadBy: { } by } && by <= now;
}
