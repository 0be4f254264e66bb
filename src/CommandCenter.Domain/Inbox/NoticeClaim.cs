using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Listings;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Reviews;
using CommandCenter.Domain.Tasks;
using CommandCenter.Domain.Whistles;

namespace CommandCenter.Domain.Inbox;

/// <summary>What a matter still asks of somebody who was told of it. A closed type.</summary>
public abstract record NoticeClaim
{
    private NoticeClaim() { }

    /// <summary>What the notice says still holds, for this person or for those on whose behalf they were told.</summary>
    public static NoticeClaim Holds { get; } = new Held();

    /// <summary>It was done, or is at another stage.</summary>
    public static NoticeClaim Gone { get; } = new Ended();

    private sealed record Held : NoticeClaim;

    private sealed record Ended : NoticeClaim;

    /// <summary>
    /// The matter is where it was, and it is the turn of others: it was given to them, who were told then, or the seat changed hands, and nobody told them.
    /// Which of the two, their inboxes say.
    /// </summary>
    /// <param name="To">Whose turn it is now.</param>
    public sealed record Moved(IReadOnlyList<Recipient> To) : NoticeClaim;

    /// <summary>What a case still asks: it is still their turn, or the deadline that was told of still runs.</summary>
    public static NoticeClaim Of(NoticeSent sent, string person, Case subject, OrganizationDirectory organization)
    {
        // What is only to be known is not done away with by anything that happens.
        if (subject is not Case.Known known || IsToKnow(sent))
            return Holds;
        // What waits for a decision about time waits for it after closing too.
        if (sent.Kind == NoticeKind.ApprovalDue)
            return If(known.File.Appeal is { Standing: AppealStanding.FirstReview or AppealStanding.SecondReview } || (known.IsOpen && (known.File.Extension is not null || known.File.Suspension is { IsAsked: true })));
        if (!known.IsOpen)
            return Gone;
        return sent.Kind switch
        {
            NoticeKind.Warning or NoticeKind.Escalation => If(sent.Clock is { } clock && known.File.Clocks.TryGetValue(clock, out var running) && !running.IsHeld),
            NoticeKind.Supervised => If(known.File.Supervision is { Answered: false }),
            NoticeKind.SubtaskAdded => If(sent.Part is not { } number || known.File.Subtasks.TryGetValue(number, out var subtask) && !subtask.Finished),
            NoticeKind.Rework => If(known is Case.Dispatched or Case.Handling),
            // Whoever has the turn, at whatever stage, is urged: where it went on, the next were told.
            _ => IsStage(sent.Kind, known) ? Turn(sent, person, DeadlineSaga.WhoActs(known, organization), organization) : Gone,
        };
    }

    /// <summary>What a task still asks.</summary>
    public static NoticeClaim Of(NoticeSent sent, string person, GridTask subject, OrganizationDirectory organization)
    {
        if (subject is not GridTask.Known task || IsToKnow(sent))
            return Holds;
        var isStage = sent.Kind switch
        {
            NoticeKind.TaskAssigned => subject is GridTask.Assigned,
            NoticeKind.TaskReturned => subject is GridTask.Returned,
            NoticeKind.TaskToCheck => subject is GridTask.Completed,
            NoticeKind.TaskDue or NoticeKind.TaskLate => subject is GridTask.Claimed or GridTask.Assigned or GridTask.Returned,
            _ => subject is GridTask.Claimed or GridTask.Assigned,
        };
        return isStage ? Turn(sent, person, TaskNotices.WhoActs(sent.Kind, task, organization), organization) : Gone;
    }

    /// <summary>What a list of tasks still asks: those who were told of it are asked until it ends.</summary>
    public static NoticeClaim Of(NoticeSent sent, TaskList subject) => If(IsToKnow(sent) || subject is not TaskList.Known || subject is TaskList.Published);

    /// <summary>What a whistle still asks: a call waits where it waited, and for them.</summary>
    public static NoticeClaim Of(NoticeSent sent, string person, Whistle subject, OrganizationDirectory organization)
    {
        if (subject is Whistle.Known { File: var late } && sent is { Kind: NoticeKind.WhistleOverdue, Part: { } part })
            return If(late.Find(part) is { Level: not null });
        if (subject is not Whistle.Known { File: var file } || IsToKnow(sent) || Audiences.Needed(sent.Kind) != Audience.WhoseTurn)
            return Holds;
        CallStage[] stages = sent.Kind switch
        {
            NoticeKind.WhistleBlown => [CallStage.Called],
            NoticeKind.WhistleCalled => [CallStage.Routed],
            NoticeKind.WhistleDeclined => [CallStage.Declined],
            NoticeKind.WhistleResolved => [CallStage.Resolved],
            _ => [CallStage.Routed, CallStage.Arrived, CallStage.Advised],
        };
        var calls = file.Calls.Where(call => stages.Contains(call.Stage)).ToList();
        return calls.Count > 0 ? Turn(sent, person, [.. calls.SelectMany(call => WhistleNotices.WhoActs(file, call, organization)).DistinctBy(recipient => recipient.Person)], organization) : Gone;
    }

    /// <summary>What an urgent addition still asks: to be approved or not.</summary>
    public static NoticeClaim Of(NoticeSent sent, string person, Admission subject, OrganizationDirectory organization)
    {
        if (IsToKnow(sent) || sent.Part is not { } number || subject.Find(number) is not { } addition)
            return Holds;
        return addition.Stage == AdditionStage.Requested ? Turn(sent, person, AdmissionNotices.Approvers(addition, organization), organization) : Gone;
    }

    /// <summary>What a meeting still asks: that its yard hears what became of its matters.</summary>
    public static NoticeClaim Of(NoticeSent sent, Meeting subject) =>
        If(IsToKnow(sent) || subject is not Meeting.Known { File: var file } || file.Lines.Values.Any(line => line.IsFeedbackDue));

    /// <summary>What a committee's list still asks: a report that is missing, from whoever leads the matter now.</summary>
    public static NoticeClaim Of(NoticeSent sent, Agenda subject) => IsToKnow(sent) || sent.Part is not { } number || subject.Find(number) is not { } item
        ? Holds
        : If(sent.Kind == NoticeKind.AgendaReportDue ? subject.Prepared is { Number: var meeting } && item.OwesReport(meeting) : item.Stage == AgendaItemStage.Led);

    /// <summary>What a listing still asks: its case is listed.</summary>
    public static NoticeClaim Of(NoticeSent sent, Listing subject) => If(IsToKnow(sent) || subject is not Listing.Lifted);

    /// <summary>What a review still asks: to come to it, or a measure that was not taken.</summary>
    public static NoticeClaim Of(NoticeSent sent, Review? subject) => sent.Kind == NoticeKind.ReviewCalled
        ? If(IsToKnow(sent) || subject is not { Stage: not ReviewStage.Prepared })
        : If(IsToKnow(sent) || sent.Part is not { } number || subject?.Measure(number) is not { DoneAt: not null });

    /// <summary>What a stay on the spot still asks: to come, to write it down, to do what was agreed.</summary>
    public static NoticeClaim Of(NoticeSent sent, Guidance? subject) => If(IsToKnow(sent) || subject is not { Stage: var stage } || sent.Kind switch
    {
        NoticeKind.GuidancePlanned or NoticeKind.GuidanceNotBegun => stage == GuidanceStage.Planned,
        NoticeKind.GuidanceNotRecorded => stage == GuidanceStage.Begun,
        _ => stage == GuidanceStage.Recorded,
    });

    /// <summary>
    /// What a matter asks of somebody who was told in others' place, once those may be there again: what is not done goes back to them. It stays where those are still away, or are nobody else.
    /// </summary>
    /// <param name="claim">What the matter still asks of a person by a notice.</param>
    public static NoticeClaim Back(InboxNotice notice, string person, Func<NoticeSent, string, NoticeClaim> claim, OrganizationDirectory organization)
    {
        var place = InPlaceOf(notice.Sent) ?? new InPlaceOf(notice.Sent.Role);
        var own = notice.Sent with { Role = place.Role, Reason = RecipientReason.Holder, For = null, From = notice.Sent.From is { } way ? way with { InPlaceOf = null } : null };
        IReadOnlyList<Recipient> seat = place.Person is { } absent && organization.FindPerson(absent) is not null
            ? [new Recipient(absent, own.Role, RecipientReason.Holder)]
            : organization.WhoIsToldFor(own.Role, notice.Place.At(AreaLevel.Town) ?? notice.Place);
        List<Recipient> there = [.. seat.Select(one => NoticeChain.Present(one, organization)).DistinctBy(one => one.Person)];
        // A substitute goes on for who is still away; whoever is on duty may be one of those who come to work.
        if (notice.Sent.Reason == RecipientReason.Substitute && there.Exists(one => one.Person == person))
            return claim(notice.Sent, person);
        var asked = there.Where(one => one.Person != person && !HadIt(one)).Select(one => (one, Claim: claim(own, one.Person))).ToList();
        if (asked.Where(row => row.Claim == Holds).Select(row => row.one).ToList() is { Count: > 0 } theirs)
            return new Moved(theirs);
        // It may be another's turn by now, or be done.
        return (asked.Select(row => row.Claim).FirstOrDefault(other => other is Moved { To: var to } && to.All(one => one.Person != person)) ?? claim(own, person)) switch
        {
            Moved { To: var to } when to.All(HadIt) => Holds,
            var other => other,
        };

        // Nor does it go round among those who stand in: whoever had it on this way and let it lie does not get it again.
        bool HadIt(Recipient one) => one.Reason != RecipientReason.Holder && notice.Sent.From?.Tried.Contains(one.Person) == true;
    }

    /// <summary>Whether somebody is told in others' place of what is asked of those.</summary>
    public static bool IsStoodIn(NoticeSent sent) => InPlaceOf(sent) is not null && !IsToKnow(sent);

    /// <summary>In whose place somebody was told, on duty, as a substitute, or because those had not read it; null for what is the person's own.</summary>
    public static InPlaceOf? InPlaceOf(NoticeSent sent) => sent switch
    {
        { From.InPlaceOf: { } place } => place,
        { Reason: RecipientReason.Substitute, For: { } absent } => new InPlaceOf(sent.Role, absent),
        { Reason: RecipientReason.OnDuty } => new InPlaceOf(sent.Role),
        _ => null,
    };

    private static bool IsToKnow(NoticeSent sent) => sent.ToKnow == true || (Audiences.Asked(sent.Kind) is null && sent.Kind is not (NoticeKind.Warning or NoticeKind.Escalation));

    private static NoticeClaim If(bool holds) => holds ? Holds : Gone;

    // Whoever it was passed to stands in for those who had it before, a substitute for who is absent, and whoever is on duty for the desk.
    private static NoticeClaim Turn(NoticeSent sent, string person, IReadOnlyList<Recipient> acting, OrganizationDirectory organization)
    {
        if (acting.Count == 0 || sent.Reason == RecipientReason.OnDuty || sent.From is { InPlaceOf: { Person: null } }
            || acting.Any(recipient => recipient.Person == person || recipient.Person == sent.For || recipient.Person == sent.From?.InPlaceOf?.Person || sent.From?.Tried.Contains(recipient.Person) == true))
            return Holds;
        IReadOnlyList<Recipient> there = [.. acting.Select(recipient => NoticeChain.Present(recipient, organization)).DistinctBy(recipient => recipient.Person)];
        return there.Any(recipient => recipient.Person == person) ? Holds : new Moved(there);
    }

    /// <summary>Whether the case is where it was when it became somebody's turn.</summary>
    private static bool IsStage(NoticeKind kind, Case.Known state) => kind switch
    {
        NoticeKind.AssessmentDue => state is Case.Assessing,
        NoticeKind.CheckDue => state is Case.Checking,
        NoticeKind.Reported or NoticeKind.Checked => state is Case.Reported,
        NoticeKind.TransferRequested => state is Case.Transferring,
        NoticeKind.Filed => state is Case.Filed,
        // What comes back lies where it lay before, which is before or after its filing.
        NoticeKind.Returned or NoticeKind.Reopened or NoticeKind.TransferDeclined => state is Case.Reported or Case.Filed,
        NoticeKind.Dispatched => state is Case.Dispatched,
        NoticeKind.Reassigned => state is Case.Dispatched or Case.Handling,
        NoticeKind.VerificationDue => state is Case.Completed,
        NoticeKind.RatingDue => state is Case.Verified,
        NoticeKind.NotFixed or NoticeKind.ClosingDue => state is Case.Rated,
        _ => true,
    };
}
