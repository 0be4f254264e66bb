using System.Collections.Concurrent;
using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Listings;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Reviews;
using CommandCenter.Domain.Tasks;
using CommandCenter.Domain.Whistles;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Inbox;

/// <summary>An inbox as folded, with the version of its stream.</summary>
public sealed record LoadedInbox(InboxState State, long Version);

/// <summary>
/// The way to inboxes, and what their timers cause: messages for the channels, and notices for whoever comes next, in one append with the deletion of the timer.
/// </summary>
public sealed class InboxStreams(IEventLog log, StreamCommands commands, EventCatalogue catalogue, NoticeRoutes routes, DutyRoster duty, ITimerStore timers) : ITimerHandler
{
    private const string Category = "inbox";

    /// <summary>So many inboxes are kept; then all are forgotten, which costs a fold each.</summary>
    private const int MostKept = 5_000;

    /// <summary>When a thousand cases tell one person at once, it is cheaper to come again than to lose to each of them.</summary>
    private const int Attempts = 5;

    // An inbox grows for years and its fold does not, so only what is new is read.
    private readonly ConcurrentDictionary<string, LoadedInbox> _kept = new(StringComparer.Ordinal);

    public string Saga => NoticeSaga.Name;

    public async Task<LoadedInbox> LoadAsync(string person, CancellationToken cancellation)
    {
        var known = _kept.GetValueOrDefault(person) ?? new LoadedInbox(InboxState.Empty, 0);
        var fresh = await log.ReadStreamAsync(StreamCommands.InboxOf(person), known.Version, cancellation);
        if (fresh.Count == 0)
            return known;
        var loaded = new LoadedInbox(fresh.Aggregate(known.State, (inbox, stored) => inbox.Apply(commands.FactOf<InboxEvent>(stored))), fresh[^1].StreamVersion);
        if (_kept.Count >= MostKept)
            _kept.Clear();
        return _kept[person] = loaded;
    }

    public async Task FireAsync(DueTimer timer, DateTimeOffset firedAt, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var request = await DecideAsync(timer, firedAt, cancellation);
            if (await commands.FireAsync(request with { Fired = timer }, cancellation) is not { } conflict)
                return;
            // A log that lost commits has less than was folded here.
            if (_kept.TryGetValue(conflict.Stream.Id, out var kept) && kept.Version > conflict.Actual)
                _kept.TryRemove(conflict.Stream.Id, out _);
        }

        throw new TimerContendedException($"Timer {timer.Key} found no moment between other writers.");
    }

    private async Task<AppendRequest> DecideAsync(DueTimer timer, DateTimeOffset firedAt, CancellationToken cancellation)
    {
        var person = timer.Key.SagaId;
        var basis = commands.Basis;
        var own = await LoadAsync(person, cancellation);
        var stream = StreamCommands.InboxOf(person);
        // The log is asked only where something was missed: then as long as more of it may still come.
        var until = NoticeSaga.PutOffUntil(own.State, firedAt, true) is { } put && await timers.OldestDueAsync(cancellation) < firedAt - NoticePlan.Punctual ? put : (DateTimeOffset?)null;
        IReadOnlyList<TimerChange> later = until is { } next && NoticeSaga.Timer(next) is var again ? [new TimerChange.Set(new TimerKey(Saga, person, again.Name, again.Attempt), next)] : [];
        var due = NoticeSaga.Due(own.State, firedAt, until is not null);
        if (due.Count == 0)
            return new AppendRequest([new StreamAppend(stream, Category, ExpectedVersion.After(own.Version), [])]) { Timers = later };

        var now = routes.Organization.At(firedAt);
        var claims = await ClaimsAsync(person, due, firedAt, now, cancellation);
        var others = new Dictionary<string, LoadedInbox>(StringComparer.Ordinal);
        foreach (var other in NoticeSaga.Candidates(person, own.State, firedAt, claims, now, duty, until is not null))
            others[other] = await LoadAsync(other, cancellation);
        var reaction = NoticeSaga.OnTimer(person, own.State, firedAt, others.ToDictionary(row => row.Key, row => row.Value.State, StringComparer.Ordinal), claims, now, duty, until is not null);
        if (NoticeSaga.LooksAgainAt(due, reaction, firedAt, routes.HoursOf) is { } look && NoticeSaga.Timer(look) is var looking)
            later = [.. later, new TimerChange.Set(new TimerKey(Saga, person, looking.Name, looking.Attempt), look)];

        var engine = NoticeSaga.Engine(due[0].Place);
        var cause = $"timer:{timer.Key}";
        var byId = due.ToDictionary(notice => notice.Id);
        // Each in the name of its own place: whose hours count, and whose desk is at the end of its way.
        var told = reaction.Notices.GroupBy(notice => byId[notice.Sent.From!.Notice].Place)
            .Select(place => commands.Told([.. place], NoticeSaga.Engine(place.Key), firedAt, null, cause)).ToList();
        return StreamCommands.RestingOn(basis, new Preparation.Ready(
            [
                new StreamAppend(stream, Category, ExpectedVersion.After(own.Version),
                    [.. reaction.Events.Select(e => catalogue.Encode(e, StreamCommands.Origin(engine, firedAt), SubjectOf(e, byId) ?? stream.ToString(), cause))]),
                // That these still know of it is what the decision rests on.
                .. reaction.Relied.Select(other => new StreamAppend(StreamCommands.InboxOf(other), Category, ExpectedVersion.After(others[other].Version), [])),
            ],
            [.. told.SelectMany(place => place.Inboxes).Select(inbox => inbox with { Expected = ExpectedVersion.After(others[inbox.Stream.Id].Version) })],
            [.. told.SelectMany(place => place.Timers), .. later],
            [.. reaction.Outbound.Select(message => new NoticeMessage(person, message.Delivery, message.Channel, due[0].Place, [.. message.Notices.Select(notice => new MessageItem(notice.Id, notice.Sent, notice.SentAt))]).ToOutbox())])
            .Request());
    }

    /// <summary>What the matters of the notices still ask of the person.</summary>
    private async Task<IReadOnlyDictionary<Guid, NoticeClaim>> ClaimsAsync(string person, IReadOnlyList<InboxNotice> due, DateTimeOffset firedAt, OrganizationDirectory now, CancellationToken cancellation)
    {
        var claims = new Dictionary<Guid, NoticeClaim>();
        foreach (var subject in due.GroupBy(notice => notice.Sent.Subject, StringComparer.Ordinal))
        {
            if (!StreamKey.TryParse(subject.Key, out var stream))
                continue;
            Func<NoticeSent, string, NoticeClaim> claim = stream.Category switch
            {
                "case" => await FoldAsync<Case, CaseEvent>(stream, Case.None, (state, fact) => state.Apply(fact), cancellation) is var state ? (sent, who) => NoticeClaim.Of(sent, who, state, now) : Unasked,
                "task" => await FoldAsync<GridTask, TaskEvent>(stream, GridTask.None, (state, fact) => state.Apply(fact), cancellation) is var state ? (sent, who) => NoticeClaim.Of(sent, who, state, now) : Unasked,
                "task_list" => await FoldAsync<TaskList, TaskListEvent>(stream, TaskList.None, (state, fact) => state.Apply(fact), cancellation) is var state ? (sent, _) => NoticeClaim.Of(sent, state) : Unasked,
                "whistle" => await FoldAsync<Whistle, WhistleEvent>(stream, Whistle.None, (state, fact) => state.Apply(fact), cancellation) is var state ? (sent, who) => NoticeClaim.Of(sent, who, state, now) : Unasked,
                "admission" => await FoldAsync<Admission, AdmissionEvent>(stream, Admission.None, (state, fact) => state.Apply(fact), cancellation) is var state ? (sent, who) => NoticeClaim.Of(sent, who, state, now) : Unasked,
                "agenda" => await FoldAsync<Agenda, AgendaEvent>(stream, Agenda.None, (state, fact) => state.Apply(fact), cancellation) is var state ? (sent, _) => NoticeClaim.Of(sent, state) : Unasked,
                "listing" => await FoldAsync<Listing, ListingEvent>(stream, Listing.None, (state, fact) => state.Apply(fact), cancellation) is var state ? (sent, _) => NoticeClaim.Of(sent, state) : Unasked,
                "review" => await FoldAsync<Review?, ReviewEvent>(stream, null, Review.Apply, cancellation) is var state ? (sent, _) => NoticeClaim.Of(sent, state) : Unasked,
                "guidance" => await FoldAsync<Guidance?, GuidanceEvent>(stream, null, Guidance.Apply, cancellation) is var state ? (sent, _) => NoticeClaim.Of(sent, state) : Unasked,
                "meeting" => await FoldAsync<Meeting, MeetingEvent>(stream, Meeting.None, (state, fact) => state.Apply(fact), cancellation) is var state ? (sent, _) => NoticeClaim.Of(sent, state) : Unasked,
                _ => Unasked,
            };
            foreach (var notice in subject)
                claims[notice.Id] = NoticeSaga.IsToGoBack(notice, firedAt) ? NoticeClaim.Back(notice, person, claim, now) : claim(notice.Sent, person);
        }

        return claims;
    }

    // Of what cannot be asked everything that was said holds.
    private static NoticeClaim Unasked(NoticeSent sent, string person) => NoticeClaim.Holds;

    private async Task<TState> FoldAsync<TState, TEvent>(StreamKey stream, TState none, Func<TState, Domain.Fact<TEvent>, TState> apply, CancellationToken cancellation)
        where TEvent : class =>
        (await log.ReadStreamAsync(stream, 0, cancellation)).Aggregate(none, (state, stored) => apply(state, commands.FactOf<TEvent>(stored)));

    private static string? SubjectOf(InboxEvent happened, Dictionary<Guid, InboxNotice> notices) => happened switch
    {
        NoticePassedOn passed => notices[passed.Notice].Sent.Subject,
        NoticeLapsed lapsed => notices[lapsed.Notice].Sent.Subject,
        NoticeKept kept => notices[kept.Notice].Sent.Subject,
        _ => null,
    };
}
