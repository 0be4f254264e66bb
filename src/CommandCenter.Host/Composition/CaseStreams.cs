using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>An event of a case as stored, decoded.</summary>
public sealed record CaseFact(StoredEvent Stored, Fact<CaseEvent> Fact);

/// <summary>A case's stream and what it folds to.</summary>
/// <param name="Version">0 when there is no such case.</param>
public sealed record LoadedCase(StreamKey Stream, Case State, long Version, IReadOnlyList<CaseFact> Facts);

/// <summary>A command on its way to a case.</summary>
/// <param name="Name">The command's name in kebab-case.</param>
/// <param name="Build">Makes the command from the case as it stands, once, after the caller was found to be allowed.</param>
/// <param name="Callers">The seats that the actor may speak from; the first that allows the command is taken.</param>
/// <param name="At">When the host received it: clocks count from here.</param>
/// <param name="IfMatch">The version that the caller saw, if given.</param>
public sealed record CaseWork(
    string CaseId,
    string Name,
    Func<LoadedCase, CancellationToken, Task<CaseCommand>> Build,
    IReadOnlyList<Caller> Callers,
    DateTimeOffset At,
    DateTimeOffset HappenedAt,
    CommandId? Id,
    long? IfMatch = null);

/// <summary>What became of a command on a case. A closed type.</summary>
public abstract record CaseOutcome
{
    private CaseOutcome() { }

    /// <param name="Replayed">The answer was given before; nothing happened now.</param>
    public sealed record Done(AppendReceipt Receipt, string CaseId, bool Replayed) : CaseOutcome;

    /// <summary>What the command wants is so already.</summary>
    public sealed record Unchanged(LoadedCase Case) : CaseOutcome;

    public sealed record Refused(Refusal Refusal, long Version) : CaseOutcome;

    public sealed record Unknown : CaseOutcome;

    public sealed record NotAllowed : CaseOutcome;

    /// <summary>An event of another person than the caller came after the version that the caller saw.</summary>
    public sealed record Stale(long Current) : CaseOutcome;

    public sealed record CommandIdReused : CaseOutcome;

    /// <summary>Others kept writing first, for as long as it was tried.</summary>
    public sealed record Busy : CaseOutcome;
}

/// <summary>
/// The one way to a case: load, fold, ask whether the caller may, decide, let the saga react, append events, clocks, timers and notices in one transaction; decide
/// again when another writer came first.
/// </summary>
public sealed class CaseStreams(IEventLog log, EventCatalogue catalogue, OrganizationDirectory organization, PolicyBook policies)
{
    private const int Attempts = 20;

    public static StreamKey StreamOf(string caseId) => StreamKey.Of("case", caseId);

    public static StreamKey InboxOf(string person) => StreamKey.Of("inbox", person);

    public async Task<LoadedCase> LoadAsync(string caseId, CancellationToken cancellation)
    {
        var stream = StreamOf(caseId);
        var facts = (await log.ReadStreamAsync(stream, 0, cancellation)).Select(Decode).ToList();
        return new LoadedCase(stream, Case.Fold(facts.Select(fact => fact.Fact)), facts.Count == 0 ? 0 : facts[^1].Stored.StreamVersion, facts);
    }

    public CaseFact Decode(StoredEvent stored) => new(stored, FactOf<CaseEvent>(stored));

    /// <summary>An event of any stream with its envelope.</summary>
    public Fact<TEvent> FactOf<TEvent>(StoredEvent stored)
    {
        var origin = stored.Origin;
        var by = new By(origin.Actor, RoleOf(origin.Role), AreaCode.Parse(origin.Place));
        return new Fact<TEvent>((TEvent)catalogue.Decode(stored), by, origin.HappenedAt, stored.RecordedAt);
    }

    public async Task<CaseOutcome> ExecuteAsync(CaseWork work, CancellationToken cancellation)
    {
        CaseCommand? command = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var loaded = work.Name == "report"
                ? new LoadedCase(StreamOf(work.CaseId), Case.None, 0, [])
                : await LoadAsync(work.CaseId, cancellation);
            if (work.Name != "report" && loaded.State is Case.Unreported)
                return new CaseOutcome.Unknown();

            // A repeat gets its first answer even where the case has moved on: asked after the case was read, so that a first time in flight is seen by one of the two.
            if (await FirstAnswerAsync(work, cancellation) is { } first)
                return first;
            if (work.Callers.FirstOrDefault(c => CaseAccess.May(c, work.Name, loaded.State)) is not { } caller)
                return new CaseOutcome.NotAllowed();
            if (work.IfMatch is { } seen && IsStale(loaded, seen, caller))
                return new CaseOutcome.Stale(loaded.Version);

            command ??= await work.Build(loaded, cancellation);
            switch (CaseDecider.Decide(command, loaded.State, caller.By))
            {
                case Decision<CaseEvent>.Refuse refuse:
                    return new CaseOutcome.Refused(refuse.Refusal, loaded.Version);
                case Decision<CaseEvent>.Nothing when work.Id is null:
                    return new CaseOutcome.Unchanged(loaded);
                case Decision<CaseEvent>.Nothing:
                    // Nothing happens to the case, but the id is used up all the same.
                    var unchanged = new StreamAppend(loaded.Stream, "case", ExpectedVersion.After(loaded.Version), []);
                    if (Outcome(await log.AppendAsync(new AppendRequest([unchanged], work.Id), cancellation), work.CaseId) is { } same)
                        return same;
                    continue;
                case Decision<CaseEvent>.Emit emit:
                    var after = Apply(loaded.State, emit.Events, caller.By, work);
                    var reaction = DeadlineSaga.React(work.CaseId, after, emit.Events, work.At, policies, organization);
                    var cause = work.Id is { } id ? $"command:{id.Id}" : null;
                    var request = Request(loaded, emit.Events, caller.By, work.HappenedAt, (Case.Known)after, reaction, work.At, cause) with { Command = work.Id };
                    if (Outcome(await log.AppendAsync(request, cancellation), work.CaseId) is { } done)
                        return done;
                    continue;
                default:
                    throw new InvalidOperationException("A decision is one of three.");
            }
        }

        return new CaseOutcome.Busy();
    }

    /// <summary>Lets the saga act on a timer. The deletion of the timer commits with what it causes; a timer that has nothing to do is only consumed.</summary>
    public async Task FireAsync(DueTimer timer, DateTimeOffset firedAt, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var loaded = await LoadAsync(timer.Key.SagaId, cancellation);
            var reaction = DeadlineSaga.OnTimer(timer.Key.SagaId, loaded.State, timer.Key.Name, timer.Key.Attempt, timer.DueAt, firedAt, policies, organization);
            var request = loaded.State is Case.Known known && reaction.Events.Count > 0
                ? Request(loaded, [], DeadlineSaga.Engine(known), firedAt, known, reaction, firedAt, $"timer:{timer.Key}")
                : new AppendRequest([]);
            switch (await log.AppendAsync(request with { Fired = timer }, cancellation))
            {
                case AppendResult.VersionConflict:
                    continue;
                default:
                    // Appended, or another worker has it: either way it is no longer ours.
                    return;
            }
        }

        throw new InvalidOperationException($"Timer {timer.Key} found no moment between other writers; its lease ends and it is tried again.");
    }

    private AppendRequest Request(
        LoadedCase loaded, IReadOnlyList<CaseEvent> decided, By by, DateTimeOffset happenedAt, Case.Known after, Reaction reaction, DateTimeOffset at, string? cause)
    {
        var correlation = loaded.Stream.ToString();
        var person = Origin(by, happenedAt);
        var engine = Origin(DeadlineSaga.Engine(after), at);
        List<StreamAppend> streams =
        [
            new(loaded.Stream, "case", ExpectedVersion.After(loaded.Version),
            [
                .. decided.Select(e => catalogue.Encode(e, person, correlation, cause)),
                .. reaction.Events.Select(e => catalogue.Encode(e, engine, correlation, cause)),
            ]),
            .. reaction.Notices.GroupBy(notice => notice.Person, StringComparer.Ordinal).Select(group => new StreamAppend(
                InboxOf(group.Key), "inbox", new ExpectedVersion.Any(), [.. group.Select(notice => catalogue.Encode(notice.Sent, engine, correlation, cause))])),
        ];
        var timers = reaction.Timers.Select(timer =>
        {
            var key = new TimerKey(DeadlineSaga.Name, loaded.Stream.Id, timer.Name, timer.Attempt);
            return timer.DueAt is { } dueAt ? (TimerChange)new TimerChange.Set(key, dueAt) : new TimerChange.Cancel(key);
        });
        return new AppendRequest(streams, Timers: [.. timers]);
    }

    /// <summary>Null when another writer came first and the command is to be decided again.</summary>
    private static CaseOutcome? Outcome(AppendResult result, string caseId) => result switch
    {
        AppendResult.Appended appended => new CaseOutcome.Done(appended.Receipt, caseId, false),
        AppendResult.Repeated repeated => Replay(repeated.First),
        AppendResult.CommandIdReused => new CaseOutcome.CommandIdReused(),
        AppendResult.VersionConflict => null,
        _ => throw new InvalidOperationException("An append without a timer cannot lose one."),
    };

    // People are protected from each other: neither from the engine nor from themselves.
    private static bool IsStale(LoadedCase loaded, long seen, Caller caller) =>
        seen > loaded.Version || loaded.Facts.Any(f => f.Stored.StreamVersion > seen && f.Fact.By.IsPerson && f.Fact.By.Actor != caller.Actor);

    private async Task<CaseOutcome?> FirstAnswerAsync(CaseWork work, CancellationToken cancellation)
    {
        if (work.Id is not { } id || await log.FindCommandAsync(id.Actor, id.Id, cancellation) is not { } found)
            return null;
        return found.RequestHash.Span.SequenceEqual(id.RequestHash.Span) ? Replay(found.Receipt) : new CaseOutcome.CommandIdReused();
    }

    private static CaseOutcome.Done Replay(AppendReceipt receipt) =>
        new(receipt, receipt.Streams.First(stream => stream.Stream.Category == "case").Stream.Id, true);

    private static Case Apply(Case state, IReadOnlyList<CaseEvent> events, By by, CaseWork work) =>
        events.Aggregate(state, (current, e) => current.Apply(new Fact<CaseEvent>(e, by, work.HappenedAt, work.At)));

    private static EventOrigin Origin(By by, DateTimeOffset happenedAt) => new(by.Actor, Names.Of(by.Role), by.Place.Value, happenedAt);

    private static Role RoleOf(string text) => Roles[text];

    private static readonly Dictionary<string, Role> Roles = Enum.GetValues<Role>().ToDictionary(Names.Of, StringComparer.Ordinal);
}
