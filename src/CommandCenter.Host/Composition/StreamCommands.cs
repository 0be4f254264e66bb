using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>What the host has to know of a kind of stream to carry commands to it: its fold, its rules, and what follows from what happened. All of it pure.</summary>
public abstract class StreamKind<TState, TCommand, TEvent>
    where TEvent : class
{
    /// <summary>The part of the stream's key before the colon, and the type in <c>mt_streams</c>: <c>case</c>.</summary>
    public abstract string Category { get; }

    /// <summary>What it is called in messages: <c>案件</c>, <c>case</c>.</summary>
    public abstract Message Noun { get; }

    /// <summary>The state before the first event.</summary>
    public abstract TState None { get; }

    public abstract TState Apply(TState state, Fact<TEvent> fact);

    /// <summary>Whether the command begins a stream: then nothing is read before it.</summary>
    public abstract bool Creates(string command);

    /// <summary>Whether the stream is there before its first event, as a town's lists are before anything was put on them.</summary>
    public virtual bool IsImplicit => false;

    /// <summary>Whether a caller may give a command, whatever the state says of it.</summary>
    public abstract bool May(Caller caller, string command, TState state);

    /// <summary>Why people who may not give a command could have a moment ago, for a refusal with what happened since; null where there is nothing to say but no.</summary>
    public virtual Refusal? Missed(IReadOnlyList<Caller> callers, string command, TState state) => null;

    public abstract Decision<TEvent> Decide(TCommand command, TState state, By by);

    /// <summary>What the engine adds in the same transaction; its events follow those decided, in the same stream.</summary>
    /// <param name="after">The state with what was decided.</param>
    /// <param name="at">When the host received the command.</param>
    public virtual Reaction<TEvent> React(string id, TState after, IReadOnlyList<TEvent> decided, DateTimeOffset at) => new();

    /// <summary>The photos that an event brings with it.</summary>
    public virtual IReadOnlyList<string> PhotosOf(TEvent happened) => [];

    /// <summary>The engine's identity for what <see cref="React"/> adds.</summary>
    public abstract By Engine(TState after);

    /// <summary>The saga whose timers <see cref="React"/> sets; needed only where it sets any.</summary>
    public virtual string Saga => throw new InvalidOperationException($"Streams of {Category} set no timers.");
}

/// <summary>An event of a stream as stored, decoded.</summary>
public sealed record LoadedFact<TEvent>(StoredEvent Stored, Fact<TEvent> Fact);

/// <summary>A stream and what it folds to.</summary>
/// <param name="Version">0 when there is no such stream.</param>
public sealed record Loaded<TState, TEvent>(StreamKey Stream, TState State, long Version, IReadOnlyList<LoadedFact<TEvent>> Facts);

/// <summary>A command on its way to a stream.</summary>
/// <param name="Name">The command's name in kebab-case.</param>
/// <param name="Build">Makes the command from the state as it stands, once, after the caller was found to be allowed.</param>
/// <param name="Callers">The seats that the actor may speak from, their own first; the first that allows the command and is not refused is taken.</param>
/// <param name="At">When the host received it: clocks count from here.</param>
/// <param name="CommandId">Null for what is part of another command.</param>
/// <param name="IfMatch">The version that the caller saw, if given.</param>
public sealed record StreamWork<TState, TCommand, TEvent>(
    string Id,
    string Name,
    Func<Loaded<TState, TEvent>, CancellationToken, Task<TCommand>> Build,
    IReadOnlyList<Caller> Callers,
    DateTimeOffset At,
    DateTimeOffset HappenedAt,
    CommandId? CommandId = null,
    long? IfMatch = null)
{
    /// <summary>What happens in other streams along with it, all or nothing; asked anew whenever the command is decided again.</summary>
    public Func<Loaded<TState, TEvent>, IReadOnlyList<TEvent>, Caller, CancellationToken, Task<IReadOnlyList<Preparation>>>? Beside { get; init; }

    /// <summary>What follows by a rule of the organization, in the engine's name, before clocks are set: asked anew, with what was decided, whenever the command is decided again; null where none does.</summary>
    public Func<TState, CancellationToken, Task<Ruled<TEvent>?>>? Ruled { get; init; }

    /// <summary>Asked for the callers of every attempt, because the organization may have changed since the one before; null where they are the same whatever it says.</summary>
    public Func<IReadOnlyList<Caller>>? CallersNow { get; init; }

    /// <summary>The cause in the envelope of what it leads to.</summary>
    public string? Cause => CommandId is { } id ? $"command:{id.Id}" : null;

    /// <summary>The same for some of the seats only, in every attempt.</summary>
    public StreamWork<TState, TCommand, TEvent> Of(Func<Caller, bool> may) =>
        this with { Callers = [.. Callers.Where(may)], CallersNow = CallersNow is { } now ? () => [.. now().Where(may)] : null };
}

/// <summary>What a command would append, or why it may not. A closed type.</summary>
public abstract record Preparation
{
    private Preparation() { }

    /// <param name="Streams">At most one append a stream.</param>
    /// <param name="Inboxes">What people are told; several may go to one inbox.</param>
    /// <param name="Outbox">What goes out of the house.</param>
    /// <param name="Files">The files that the events name.</param>
    public sealed record Ready(
        IReadOnlyList<StreamAppend> Streams, IReadOnlyList<StreamAppend> Inboxes, IReadOnlyList<TimerChange> Timers, IReadOnlyList<OutboxMessage>? Outbox = null,
        IReadOnlyList<string>? Files = null) : Preparation
    {
        /// <summary>As one append, all or nothing.</summary>
        public AppendRequest Request() => new(
            [
                .. Streams,
                .. Inboxes.GroupBy(inbox => inbox.Stream).Select(group => group.First() with { Events = [.. group.SelectMany(inbox => inbox.Events)] }),
            ],
            Timers: Timers,
            Outbox: Outbox,
            Files: Files);
    }

    /// <summary>It may not happen, or nothing is left to do.</summary>
    public sealed record Ended(Outcome Outcome) : Preparation;
}

/// <summary>What happens along with what a timer caused.</summary>
/// <param name="Own">In the same stream, after it.</param>
/// <param name="Others">In other streams, all or nothing.</param>
public sealed record Besides<TEvent>(IReadOnlyList<TEvent> Own, IReadOnlyList<Preparation.Ready> Others);

/// <summary>What follows by a rule from what somebody did.</summary>
/// <param name="Engine">In whose name.</param>
/// <param name="Own">In the same stream, after it.</param>
/// <param name="Others">In other streams, all or nothing.</param>
public sealed record Ruled<TEvent>(By Engine, IReadOnlyList<TEvent> Own, IReadOnlyList<Preparation.Ready> Others);

/// <summary>What another person did, for whoever came second.</summary>
/// <param name="Event">The event's alias.</param>
public sealed record LastChange(By By, DateTimeOffset At, string Event);

/// <summary>The versions of what every decision rests on.</summary>
/// <param name="Policies">0 where there is no policy's stream, as in tests.</param>
public readonly record struct DecisionBasis(long Organization, long Policies);

/// <summary>What became of a command. A closed type.</summary>
public abstract record Outcome
{
    private Outcome() { }

    /// <param name="Replayed">The answer was given before; nothing happened now.</param>
    public sealed record Done(AppendReceipt Receipt, StreamKey Stream, bool Replayed) : Outcome
    {
        /// <summary>The stream's version afterwards.</summary>
        public long Version => Receipt.Streams.First(stream => stream.Stream == Stream).Version;
    }

    /// <summary>What the command wants is so already.</summary>
    public sealed record Unchanged(long Version, LogPosition Last) : Outcome;

    /// <param name="Last">Where it was done already, by whom and when; else what another person than the caller did last; null if nobody did.</param>
    public sealed record Refused(Refusal Refusal, long Version, LastChange? Last = null) : Outcome;

    /// <summary>There is no such stream.</summary>
    public sealed record Unknown : Outcome;

    /// <param name="Roles">Whose seats allow it, here and in this state.</param>
    public sealed record NotAllowed(IReadOnlyList<Role> Roles) : Outcome;

    /// <summary>An event of another person than the caller came after the version that the caller saw.</summary>
    /// <param name="Last">Null for a version that does not exist.</param>
    public sealed record Stale(long Current, LastChange? Last) : Outcome;

    public sealed record CommandIdReused : Outcome;

    /// <summary>A file that the command names was collected since it was looked for.</summary>
    public sealed record FileGone : Outcome;

    /// <summary>Others kept writing first, for as long as it was tried.</summary>
    public sealed record Busy : Outcome;
}

/// <summary>
/// The one way to any stream: load, fold, ask whether the caller may, decide, react, append events, timers, notices and what happens in other streams in one
/// transaction; decide again when another writer came first.
/// </summary>
public sealed class StreamCommands(IEventLog log, EventCatalogue catalogue, NoticeRoutes routes)
{
    /// <summary>How often a command is decided again before its caller is told to come back.</summary>
    public const int Attempts = 20;

    private static readonly Dictionary<string, Role> Roles = Enum.GetValues<Role>().ToDictionary(Names.Of, StringComparer.Ordinal);

    private readonly IOrganization _organization = routes.Organization;
    private readonly IPolicies _policies = routes.Policies;

    public static StreamKey InboxOf(string person) => StreamKey.Of("inbox", person);

    public async Task<Loaded<TState, TEvent>> LoadAsync<TState, TCommand, TEvent>(StreamKind<TState, TCommand, TEvent> kind, string id, CancellationToken cancellation)
        where TEvent : class
    {
        var stream = StreamKey.Of(kind.Category, id);
        var facts = (await log.ReadStreamAsync(stream, 0, cancellation)).Select(Decode<TEvent>).ToList();
        return new Loaded<TState, TEvent>(stream, facts.Aggregate(kind.None, (state, fact) => kind.Apply(state, fact.Fact)), facts.Count == 0 ? 0 : facts[^1].Stored.StreamVersion, facts);
    }

    public LoadedFact<TEvent> Decode<TEvent>(StoredEvent stored)
        where TEvent : class => new(stored, FactOf<TEvent>(stored));

    /// <summary>An event of any stream with its envelope.</summary>
    public Fact<TEvent> FactOf<TEvent>(StoredEvent stored)
        where TEvent : class => FactOf<TEvent>(catalogue, stored);

    /// <summary>As <see cref="FactOf{TEvent}(StoredEvent)"/>, for who gives no commands.</summary>
    public static Fact<TEvent> FactOf<TEvent>(EventCatalogue catalogue, StoredEvent stored)
        where TEvent : class
    {
        var origin = stored.Origin;
        var by = new By(origin.Actor, Roles[origin.Role], AreaCode.Parse(origin.Place), origin.For);
        return new Fact<TEvent>((TEvent)catalogue.Decode(stored), by, origin.HappenedAt, stored.RecordedAt, stored.Id);
    }

    /// <summary>Notices as they are appended, and the timers by which they go out and go on, for the same append.</summary>
    /// <param name="correlation">Null: each with the subject of its own.</param>
    public (IReadOnlyList<StreamAppend> Inboxes, IReadOnlyList<TimerChange> Timers) Told(IReadOnlyList<Notice> notices, By engine, DateTimeOffset at, string? correlation, string? cause)
    {
        var own = Origin(engine, at);
        var told = routes.ToWhoIsThere(notices, engine.Place, at)
            .Select(notice => (notice.Person, Sent: routes.Routed(notice, at, notice.Place ?? engine.Place), Origin: notice.Place is { } place ? own with { Place = place.Value } : own)).ToList();
        return (
            [.. told.Select(notice => new StreamAppend(InboxOf(notice.Person), "inbox", new ExpectedVersion.Any(), [catalogue.Encode(notice.Sent, notice.Origin, correlation ?? notice.Sent.Subject, cause)]))],
            [.. told.SelectMany(notice => NoticeRoutes.TimersOf(notice.Person, notice.Sent))]);
    }

    public async Task<Outcome> ExecuteAsync<TState, TCommand, TEvent>(
        StreamKind<TState, TCommand, TEvent> kind, StreamWork<TState, TCommand, TEvent> work, CancellationToken cancellation)
        where TCommand : class
        where TEvent : class
    {
        // Built once: a text sealed twice would be two texts.
        TCommand? built = null;
        var upToDate = false;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            // Before anything is asked of the organization: what it says from then on must be what the log has, or the append loses.
            var basis = Basis;
            var changes = _organization.Changes;
            var now = work with { Build = async (loaded, token) => built ??= await work.Build(loaded, token), Callers = work.CallersNow?.Invoke() ?? work.Callers };
            switch (await PrepareAsync(kind, now, cancellation))
            {
                case Preparation.Ended ended:
                    // A no is held against the log as a yes is: who was seated a moment ago may act on every node.
                    if (!upToDate && ended.Outcome is Outcome.NotAllowed or Outcome.Refused)
                    {
                        upToDate = true;
                        if (await HasChangedAsync(changes, cancellation))
                        {
                            built = null;
                            continue;
                        }
                    }

                    return ended.Outcome;
                case Preparation.Ready ready:
                    switch (await log.AppendAsync(RestingOn(basis, ready.Request()) with { Command = work.CommandId }, cancellation))
                    {
                        case AppendResult.Appended appended:
                            return new Outcome.Done(appended.Receipt, StreamKey.Of(kind.Category, work.Id), false);
                        case AppendResult.Repeated repeated:
                            return Replay(kind.Category, repeated.First);
                        case AppendResult.CommandIdReused:
                            return new Outcome.CommandIdReused();
                        case AppendResult.FileGone:
                            return new Outcome.FileGone();
                        case AppendResult.VersionConflict conflict when conflict.Stream == OrganizationStream.Key:
                            if (!await _organization.FollowedAsync(conflict.Actual, cancellation))
                                return new Outcome.Busy();
                            // What was checked against the organization is checked again.
                            built = null;
                            continue;
                        case AppendResult.VersionConflict conflict when conflict.Stream.Category == LiveOrganization.RosterCategory && conflict.Stream.Id != work.Id:
                            // Another center's roster moved on, with which this one's was compared.
                            if (!await _organization.FollowedAsync((await log.HeadAsync(cancellation)).Last, cancellation))
                                return new Outcome.Busy();
                            built = null;
                            continue;
                        case AppendResult.VersionConflict conflict when conflict.Stream == PolicyStream.Key && work.Id != PolicyStream.Key.Id:
                            if (!await _policies.FollowedAsync(conflict.Actual, cancellation))
                                return new Outcome.Busy();
                            continue;
                        case AppendResult.VersionConflict:
                            continue;
                        default:
                            throw new InvalidOperationException("An append without a timer cannot lose one.");
                    }

                default:
                    throw new InvalidOperationException("A preparation is one of two.");
            }
        }

        return new Outcome.Busy();
    }

    /// <summary>Everything of <see cref="ExecuteAsync"/> but the append, for commands that are part of another one.</summary>
    public async Task<Preparation> PrepareAsync<TState, TCommand, TEvent>(
        StreamKind<TState, TCommand, TEvent> kind, StreamWork<TState, TCommand, TEvent> work, CancellationToken cancellation)
        where TCommand : class
        where TEvent : class
    {
        var creates = kind.Creates(work.Name);
        var loaded = creates
            ? new Loaded<TState, TEvent>(StreamKey.Of(kind.Category, work.Id), kind.None, 0, [])
            : await LoadAsync(kind, work.Id, cancellation);
        if (!creates && !kind.IsImplicit && loaded.Version == 0)
            return new Preparation.Ended(new Outcome.Unknown());

        // A repeat gets its first answer even where the stream has moved on: asked after it was read, so that a first time in flight is seen by one of the two.
        if (await FirstAnswerAsync(kind.Category, work.CommandId, cancellation) is { } first)
            return new Preparation.Ended(first);
        var allowed = work.Callers.Where(c => kind.May(c, work.Name, loaded.State)).ToList();
        if (allowed.Count == 0)
        {
            return new Preparation.Ended(kind.Missed(work.Callers, work.Name, loaded.State) is { } missed
                ? new Outcome.Refused(missed, loaded.Version, LastOfAnother(loaded, 0, work.Callers[0]))
                : new Outcome.NotAllowed(WhoMay(kind, work.Name, loaded.State)));
        }

        if (work.IfMatch is { } seen && Stale(loaded, seen, allowed[0]) is { } stale)
            return new Preparation.Ended(stale);

        var command = await work.Build(loaded, cancellation);
        var (caller, decision) = Decide(kind, command, loaded.State, allowed);
        switch (decision.WithAttachmentsOf(command))
        {
            case Decision<TEvent>.Refuse refuse:
                // Of what would be accepted now, what these callers may give.
                var open = refuse.Refusal with { Possible = [.. refuse.Refusal.Possible.Where(name => work.Callers.Any(other => kind.May(other, name, loaded.State)))] };
                var earlier = refuse.Refusal.Earlier is { } done ? new LastChange(done.By, done.At, done.Event) : null;
                return new Preparation.Ended(new Outcome.Refused(open, loaded.Version, earlier ?? LastOfAnother(loaded, 0, caller)));
            case Decision<TEvent>.Nothing when work.CommandId is null:
                return new Preparation.Ended(new Outcome.Unchanged(loaded.Version, loaded.Facts[^1].Stored.Position));
            case Decision<TEvent>.Nothing:
                // Nothing happens to the stream, but the id is used up all the same.
                return new Preparation.Ready([new StreamAppend(loaded.Stream, kind.Category, ExpectedVersion.After(loaded.Version), [])], [], []);
            case Decision<TEvent>.Emit emit:
                var others = work.Beside is null ? [] : await work.Beside(loaded, emit.Events, caller, cancellation);
                if (others.OfType<Preparation.Ended>().FirstOrDefault() is { } ended)
                    return ended;
                var after = emit.Events.Aggregate(loaded.State, (state, e) => kind.Apply(state, new Fact<TEvent>(e, caller.By, work.HappenedAt, work.At)));
                var ruled = work.Ruled is null ? null : await work.Ruled(after, cancellation);
                if (ruled is null)
                    return Join([Ready(kind, loaded, emit.Events, caller.By, work.HappenedAt, after, kind.React(work.Id, after, emit.Events, work.At), work.At, work.Cause), .. others.Cast<Preparation.Ready>()]);
                after = Folded(kind, after, ruled.Own, ruled.Engine, work.At);
                var own = Ready(kind, loaded, emit.Events, caller.By, work.HappenedAt, after, kind.React(work.Id, after, [.. emit.Events, .. ruled.Own], work.At), work.At, work.Cause, ruled);
                return Join([own, .. others.Cast<Preparation.Ready>(), .. ruled.Others]);
            default:
                throw new InvalidOperationException("A decision is one of three.");
        }
    }

    // Asked of every seat that there is, as if somebody unknown to the stream sat there: a rule about seats cannot say one thing to the caller and another about them.
    private IReadOnlyList<Role> WhoMay<TState, TCommand, TEvent>(StreamKind<TState, TCommand, TEvent> kind, string command, TState state)
        where TEvent : class =>
        [
            .. _organization.Now.People.SelectMany(person => person.Roles).Select(seat => seat with { Acting = false }).Distinct()
                .Where(seat => kind.May(new Caller("somebody", seat), command, state)).Select(seat => seat.Role).Distinct().Order(),
        ];

    // What one of somebody's seats is refused another may: a substitute's own is not that of whom they stand in for. If none may, the first says why.
    private static (Caller Caller, Decision<TEvent> Decision) Decide<TState, TCommand, TEvent>(StreamKind<TState, TCommand, TEvent> kind, TCommand command, TState state, List<Caller> callers)
        where TEvent : class
    {
        (Caller, Decision<TEvent>)? refused = null;
        foreach (var caller in callers.DistinctBy(caller => caller.By))
        {
            var decision = kind.Decide(command, state, caller.By);
            if (decision is not Decision<TEvent>.Refuse)
                return (caller, decision);
            refused ??= (caller, decision);
        }

        return refused ?? throw new ArgumentException("Nobody is there to decide.", nameof(callers));
    }

    /// <summary>What a saga's timer caused, as an append: the deletion of the timer commits with it. A timer that has nothing to do is only consumed.</summary>
    /// <param name="react">Asked again on the newer state when another writer came first.</param>
    /// <param name="beside">What happens in other streams along with it, all or nothing; asked anew with every reaction.</param>
    /// <exception cref="TimerContendedException">No moment between other writers was found.</exception>
    public async Task FireAsync<TState, TCommand, TEvent>(
        StreamKind<TState, TCommand, TEvent> kind, DueTimer timer, DateTimeOffset firedAt, Func<TState, Reaction<TEvent>> react, CancellationToken cancellation,
        Func<TState, Reaction<TEvent>, CancellationToken, Task<Besides<TEvent>>>? beside = null)
        where TEvent : class
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var basis = Basis;
            var loaded = await LoadAsync(kind, timer.Key.SagaId, cancellation);
            var reaction = react(loaded.State);
            var request = new AppendRequest([]);
            if (loaded.Version > 0 && !reaction.IsEmpty)
            {
                var besides = beside is null ? new Besides<TEvent>([], []) : await beside(loaded.State, reaction, cancellation);
                var whole = reaction with { Events = [.. reaction.Events, .. besides.Own] };
                var own = Ready(kind, loaded, [], kind.Engine(loaded.State), firedAt, loaded.State, whole, firedAt, $"timer:{timer.Key}");
                request = RestingOn(basis, Join([own, .. besides.Others]).Request());
            }

            if (await FireAsync(request with { Fired = timer }, cancellation) is null)
                return;
        }

        throw new TimerContendedException($"Timer {timer.Key} found no moment between other writers.");
    }

    /// <summary>Appends what a timer caused; the conflict when another writer came first and it is to be decided again, null when there is nothing left to do.</summary>
    public async Task<AppendResult.VersionConflict?> FireAsync(AppendRequest request, CancellationToken cancellation)
    {
        // Appended, or another worker has it: either way it is no longer ours.
        if (await log.AppendAsync(request, cancellation) is not AppendResult.VersionConflict conflict)
            return null;
        await FollowAsync(conflict, cancellation);
        return conflict;
    }

    /// <summary>What the engine does to a stream by itself, once for a command's id; decided again when another writer came first.</summary>
    /// <param name="react">Asked again on the newer state.</param>
    /// <param name="beside">What happens in other streams along with it, all or nothing.</param>
    /// <returns>Whether anything happened, now or when the same was done before.</returns>
    /// <exception cref="InvalidOperationException">No moment between other writers was found.</exception>
    public async Task<bool> EngineAsync<TState, TCommand, TEvent>(
        StreamKind<TState, TCommand, TEvent> kind, string id, CommandId command, DateTimeOffset at, Func<TState, Reaction<TEvent>> react, string cause, CancellationToken cancellation,
        Func<Loaded<TState, TEvent>, Reaction<TEvent>, IReadOnlyList<Preparation.Ready>>? beside = null)
        where TEvent : class
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var basis = Basis;
            var loaded = await LoadAsync(kind, id, cancellation);
            var reaction = react(loaded.State);
            if (reaction.IsEmpty)
                return false;
            var ready = Ready(kind, loaded, [], kind.Engine(loaded.State), at, loaded.State, reaction, at, cause);
            var whole = beside is null ? ready : Join([ready, .. beside(loaded, reaction)]);
            if (await log.AppendAsync(RestingOn(basis, whole.Request()) with { Command = command }, cancellation) is not AppendResult.VersionConflict conflict)
                return true;
            await FollowAsync(conflict, cancellation);
        }

        throw new InvalidOperationException($"{kind.Category}:{id} found no moment between other writers.");
    }

    /// <summary>Whether the organization says something else than it did, by all that the log has now.</summary>
    private async Task<bool> HasChangedAsync(long changes, CancellationToken cancellation)
    {
        await _organization.FollowedAsync((await log.HeadAsync(cancellation)).Last, cancellation);
        return _organization.Changes != changes;
    }

    private async Task FollowAsync(AppendResult.VersionConflict conflict, CancellationToken cancellation)
    {
        if (conflict.Stream == OrganizationStream.Key)
            await _organization.FollowedAsync(conflict.Actual, cancellation);
        else if (conflict.Stream == PolicyStream.Key)
            await _policies.FollowedAsync(conflict.Actual, cancellation);
    }

    /// <summary>What a decision rests on that is made now: read before it asks.</summary>
    public DecisionBasis Basis => new(_organization.Version, _policies.Version);

    /// <summary>
    /// The append, which loses where the organization moved on since this version: a node that is behind would let act who was dismissed, and tell who has moved (ADR 0018). What happens to a
    /// case or its listing loses where the policy moved on as well: its clocks would be counted by a calendar that is known to be wrong, and nobody would count them anew (ADR 0025).
    /// </summary>
    public static AppendRequest RestingOn(DecisionBasis basis, AppendRequest request)
    {
        List<StreamAppend> relied = [];
        if (!request.Streams.Any(append => append.Stream == OrganizationStream.Key))
            relied.Add(new StreamAppend(OrganizationStream.Key, OrganizationStream.Key.Category, ExpectedVersion.After(basis.Organization), []));
        if (basis.Policies > 0 && request.Streams.Any(append => append.Stream.Category is "case" or "listing"))
            relied.Add(new StreamAppend(PolicyStream.Key, PolicyStream.Key.Category, ExpectedVersion.After(basis.Policies), []));
        return relied.Count == 0 ? request : request with { Streams = [.. request.Streams, .. relied] };
    }

    /// <summary>
    /// What happens elsewhere, told in streams of other things in the same append. It follows whatever stands there by then, so it never loses against another writer.
    /// </summary>
    /// <param name="notes">What is told in which stream, in order.</param>
    public Preparation.Ready Noted(StreamKey from, IEnumerable<(StreamKey Stream, object Event)> notes, By by, DateTimeOffset happenedAt, string? cause)
    {
        var origin = Origin(by, happenedAt);
        return new Preparation.Ready(
            [
                .. notes.GroupBy(note => note.Stream).Select(group => new StreamAppend(
                    group.Key, group.Key.Category, new ExpectedVersion.StreamExists(), [.. group.Select(note => catalogue.Encode(note.Event, origin, from.ToString(), cause))])),
            ],
            [], []);
    }

    /// <summary>What a rule does to a stream in the engine's name, with what follows from it, as part of an append.</summary>
    public Preparation.Ready ByRule<TState, TCommand, TEvent>(
        StreamKind<TState, TCommand, TEvent> kind, Loaded<TState, TEvent> loaded, IReadOnlyList<TEvent> events, By engine, DateTimeOffset at, string? cause)
        where TEvent : class
    {
        var after = Folded(kind, loaded.State, events, engine, at);
        return Ready(kind, loaded, events, engine, at, after, kind.React(loaded.Stream.Id, after, events, at), at, cause);
    }

    private static TState Folded<TState, TCommand, TEvent>(StreamKind<TState, TCommand, TEvent> kind, TState state, IReadOnlyList<TEvent> events, By engine, DateTimeOffset at)
        where TEvent : class => events.Aggregate(state, (before, e) => kind.Apply(before, new Fact<TEvent>(e, engine, at, at)));

    /// <summary>Several commands' appends as one, all or nothing.</summary>
    /// <exception cref="InvalidOperationException">Two of them write to the same stream.</exception>
    public static Preparation.Ready Join(IReadOnlyList<Preparation.Ready> parts)
    {
        List<StreamAppend> streams = [.. parts.SelectMany(part => part.Streams)];
        if (streams.GroupBy(append => append.Stream).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InvalidOperationException($"{twice.Key} would be written twice in one append.");
        return new Preparation.Ready(
            streams, [.. parts.SelectMany(part => part.Inboxes)], [.. parts.SelectMany(part => part.Timers)], [.. parts.SelectMany(part => part.Outbox ?? [])],
            [.. parts.SelectMany(part => part.Files ?? [])]);
    }

    private Preparation.Ready Ready<TState, TCommand, TEvent>(
        StreamKind<TState, TCommand, TEvent> kind, Loaded<TState, TEvent> loaded, IReadOnlyList<TEvent> decided, By by, DateTimeOffset happenedAt, TState after,
        Reaction<TEvent> reaction, DateTimeOffset at, string? cause, Ruled<TEvent>? ruled = null)
        where TEvent : class
    {
        var correlation = loaded.Stream.ToString();
        var person = Origin(by, happenedAt);
        var engine = Origin(kind.Engine(after), at);
        var told = Told(reaction.Notices, kind.Engine(after), at, correlation, cause);
        return new Preparation.Ready(
            [
                new StreamAppend(loaded.Stream, kind.Category, ExpectedVersion.After(loaded.Version),
                [
                    .. decided.Select(e => catalogue.Encode(e, person, correlation, cause)),
                    .. ruled is null ? [] : ruled.Own.Select(e => catalogue.Encode(e, Origin(ruled.Engine, at), correlation, cause)),
                    .. reaction.Events.Select(e => catalogue.Encode(e, engine, correlation, cause)),
                ]),
            ],
            told.Inboxes,
            [
                .. told.Timers,
                .. reaction.Timers.Select(timer =>
                {
                    var key = new TimerKey(kind.Saga, loaded.Stream.Id, timer.Name, timer.Attempt);
                    return timer.DueAt is { } dueAt ? (TimerChange)new TimerChange.Set(key, dueAt) : new TimerChange.Cancel(key);
                }),
            ],
            Files: [.. decided.SelectMany(e => kind.PhotosOf(e).Concat(Attachments.Of(e).Select(attachment => attachment.File))).Distinct(StringComparer.Ordinal)]);
    }

    // People are protected from each other: neither from the engine nor from themselves.
    private static Outcome.Stale? Stale<TState, TEvent>(Loaded<TState, TEvent> loaded, long seen, Caller caller)
    {
        var last = LastOfAnother(loaded, seen, caller);
        return seen > loaded.Version || last is not null ? new Outcome.Stale(loaded.Version, last) : null;
    }

    private static LastChange? LastOfAnother<TState, TEvent>(Loaded<TState, TEvent> loaded, long after, Caller caller) =>
        loaded.Facts.LastOrDefault(f => f.Stored.StreamVersion > after && f.Fact.By.IsPerson && f.Fact.By.Actor != caller.Actor) is { } other
            ? new LastChange(other.Fact.By, other.Stored.RecordedAt, other.Stored.Type)
            : null;

    private async Task<Outcome?> FirstAnswerAsync(string category, CommandId? command, CancellationToken cancellation)
    {
        if (command is not { } id || await log.FindCommandAsync(id.Actor, id.Id, cancellation) is not { } found)
            return null;
        return found.RequestHash.Span.SequenceEqual(id.RequestHash.Span) ? Replay(category, found.Receipt) : new Outcome.CommandIdReused();
    }

    // The stream that the command was given to is the first of its kind in the append.
    private static Outcome.Done Replay(string category, AppendReceipt receipt) =>
        new(receipt, receipt.Streams.First(stream => stream.Stream.Category == category).Stream, true);

    /// <summary>An envelope.</summary>
    public static EventOrigin Origin(By by, DateTimeOffset happenedAt) => new(by.Actor, Names.Of(by.Role), by.Place.Value, happenedAt, by.For);
}
