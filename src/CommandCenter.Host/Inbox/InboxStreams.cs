using System.Collections.Concurrent;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
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
public sealed class InboxStreams(IEventLog log, StreamCommands commands, EventCatalogue catalogue, IOrganization organization, DutyRoster duty) : ITimerHandler
{
    private const string Category = "inbox";

    /// <summary>So many inboxes are kept; then all are forgotten, which costs a fold each.</summary>
    private const int MostKept = 5_000;

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
        for (var attempt = 0; attempt < StreamCommands.Attempts; attempt++)
        {
            var request = await DecideAsync(timer, firedAt, cancellation);
            if (await commands.TryFireAsync(request with { Fired = timer }, cancellation))
                return;
        }

        throw new InvalidOperationException($"Timer {timer.Key} found no moment between other writers; its lease ends and it is tried again.");
    }

    private async Task<AppendRequest> DecideAsync(DueTimer timer, DateTimeOffset firedAt, CancellationToken cancellation)
    {
        var person = timer.Key.SagaId;
        var version = organization.Version;
        var own = await LoadAsync(person, cancellation);
        var due = NoticeSaga.Due(own.State, firedAt);
        if (due.Count == 0)
            return new AppendRequest([]);

        var lapsed = await LapsedAsync(person, due, organization.At(firedAt), cancellation);
        var others = new Dictionary<string, LoadedInbox>(StringComparer.Ordinal);
        foreach (var other in NoticeSaga.Candidates(person, own.State, firedAt, organization.At(firedAt), duty))
            others[other] = await LoadAsync(other, cancellation);
        var reaction = NoticeSaga.OnTimer(person, own.State, firedAt, others.ToDictionary(row => row.Key, row => row.Value.State, StringComparer.Ordinal), lapsed, organization.At(firedAt), duty);

        var engine = NoticeSaga.Engine(due[0].Place);
        var cause = $"timer:{timer.Key}";
        var subjects = due.ToDictionary(notice => notice.Id, notice => notice.Sent.Subject);
        var stream = StreamCommands.InboxOf(person);
        var told = commands.Told(reaction.Notices, engine, firedAt, null, cause);
        return StreamCommands.RestingOn(version, new Preparation.Ready(
            [
                new StreamAppend(stream, Category, ExpectedVersion.After(own.Version),
                    [.. reaction.Events.Select(e => catalogue.Encode(e, StreamCommands.Origin(engine, firedAt), SubjectOf(e, subjects) ?? stream.ToString(), cause))]),
                // That these still know of it is what the decision rests on.
                .. reaction.Relied.Select(other => new StreamAppend(StreamCommands.InboxOf(other), Category, ExpectedVersion.After(others[other].Version), [])),
            ],
            [.. told.Inboxes.Select(inbox => inbox with { Expected = ExpectedVersion.After(others[inbox.Stream.Id].Version) })],
            told.Timers,
            [.. reaction.Outbound.Select(message => new NoticeMessage(person, message.Delivery, message.Channel, due[0].Place, [.. message.Notices.Select(notice => new MessageItem(notice.Id, notice.Sent, notice.SentAt))]).ToOutbox())])
            .Request());
    }

    /// <summary>Those of the notices whose case or task has moved on.</summary>
    private async Task<IReadOnlySet<Guid>> LapsedAsync(string person, IReadOnlyList<InboxNotice> due, OrganizationDirectory organization, CancellationToken cancellation)
    {
        var lapsed = new HashSet<Guid>();
        foreach (var subject in due.GroupBy(notice => notice.Sent.Subject, StringComparer.Ordinal))
        {
            Func<NoticeSent, bool> asks = StreamKey.TryParse(subject.Key, out var stream) ? stream.Category switch
            {
                "case" => await FoldAsync<Case, CaseEvent>(stream, Case.None, (state, fact) => state.Apply(fact), cancellation) is var state ? sent => NoticeSaga.Asks(sent, person, state, organization) : _ => true,
                "task" => await FoldAsync<GridTask, TaskEvent>(stream, GridTask.None, (state, fact) => state.Apply(fact), cancellation) is var state ? sent => NoticeSaga.Asks(sent, state) : _ => true,
                "whistle" => await FoldAsync<Whistle, WhistleEvent>(stream, Whistle.None, (state, fact) => state.Apply(fact), cancellation) is var state ? sent => NoticeSaga.Asks(sent, person, state, organization) : _ => true,
                _ => _ => true,
            } : _ => true;
            lapsed.UnionWith(subject.Where(notice => !asks(notice.Sent)).Select(notice => notice.Id));
        }

        return lapsed;
    }

    private async Task<TState> FoldAsync<TState, TEvent>(StreamKey stream, TState none, Func<TState, Domain.Fact<TEvent>, TState> apply, CancellationToken cancellation)
        where TEvent : class =>
        (await log.ReadStreamAsync(stream, 0, cancellation)).Aggregate(none, (state, stored) => apply(state, commands.FactOf<TEvent>(stored)));

    private static string? SubjectOf(InboxEvent happened, Dictionary<Guid, string> subjects) => happened switch
    {
        NoticePassedOn passed => subjects[passed.Notice],
        NoticeLapsed lapsed => subjects[lapsed.Notice],
        NoticeKept kept => subjects[kept.Notice],
        _ => null,
    };
}
