global using CaseFact = CommandCenter.Host.Composition.LoadedFact<CommandCenter.Domain.Cases.CaseEvent>;
global using CaseWork = CommandCenter.Host.Composition.StreamWork<CommandCenter.Domain.Cases.Case, CommandCenter.Domain.Cases.CaseCommand, CommandCenter.Domain.Cases.CaseEvent>;
global using LoadedCase = CommandCenter.Host.Composition.Loaded<CommandCenter.Domain.Cases.Case, CommandCenter.Domain.Cases.CaseEvent>;
using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>Cases, as the executor of commands knows them.</summary>
public sealed class CaseKind(IOrganization organization, IPolicies policies, NoticePlan plan) : StreamKind<Case, CaseCommand, CaseEvent>
{
    public override string Category => "case";

    public override Message Noun { get; } = new("案件", "case");

    public override Case None => Case.None;

    public override string Saga => DeadlineSaga.Name;

    public override Case Apply(Case state, Fact<CaseEvent> fact) => state.Apply(fact);

    public override bool Creates(string command) => command is "report" or "report-solved" or "split-off";

    public override bool May(Caller caller, string command, Case state) => CaseAccess.May(caller, command, state);

    public override Decision<CaseEvent> Decide(CaseCommand command, Case state, By by) => CaseDecider.Decide(command, state, by);

    public override Reaction<CaseEvent> React(string id, Case after, IReadOnlyList<CaseEvent> decided, DateTimeOffset at) =>
        DeadlineSaga.React(id, after, decided, at, policies.At(at), organization.At(at), plan);

    public override By Engine(Case after) => DeadlineSaga.Engine((Case.Known)after);

    public override IReadOnlyList<string> PhotosOf(CaseEvent happened) => CasePhotos.Of(happened);

    /// <summary>What a deadline's timer causes.</summary>
    public Reaction<CaseEvent> OnTimer(DueTimer timer, Case state, DateTimeOffset firedAt) =>
        DeadlineSaga.OnTimer(timer.Key.SagaId, state, timer.Key.Name, timer.Key.Attempt, timer.DueAt, firedAt, policies.At(firedAt), organization.At(firedAt), plan);

    /// <summary>What follows where whoever has a case by name has left.</summary>
    public Reaction<CaseEvent> WhenHolderLeft(string id, Case state, DateTimeOffset at) => DeadlineSaga.WhenHolderLeft(id, state, at, policies.At(at), organization.At(at), plan);

    /// <summary>What follows for whoever's turn it has become because the organization changed.</summary>
    public Reaction<CaseEvent> WhenOthersActNow(string id, Case state, OrganizationDirectory before, DateTimeOffset at) =>
        DeadlineSaga.WhenOthersActNow(id, state, before, at, policies.At(at), organization.At(at), plan);

    /// <summary>What a change of the policy or the calendar does to a case.</summary>
    public Reaction<CaseEvent> Recount(string id, Case state, PolicyRecount recount, DateTimeOffset at) => DeadlineSaga.Recount(id, state, recount, at, policies.At(at), organization.At(at), plan);
}

/// <summary>What else of a case than its own clocks is counted anew where the calendar changes.</summary>
public interface IRecounted
{
    /// <summary>Counts it anew, once for a recount.</summary>
    /// <returns>Whether the change touched it.</returns>
    Task<bool> CountAsync(string caseId, PolicyRecount recount, DateTimeOffset at, CancellationToken cancellation);
}

/// <summary>What else happens when a case climbs, in the same transaction.</summary>
public interface ICaseClimbing
{
    /// <param name="state">The case before it climbed.</param>
    /// <param name="events">What its clocks did; in order.</param>
    Task<Besides<CaseEvent>> BesideAsync(string caseId, Case state, IReadOnlyList<CaseEvent> events, DateTimeOffset firedAt, CancellationToken cancellation);
}

/// <summary>The one way to a case: <see cref="StreamCommands"/> for cases, and their deadlines' timers.</summary>
/// <param name="climbing">Nobody for who fires no timers.</param>
public sealed class CaseStreams(StreamCommands commands, CaseKind kind, IEnumerable<ICaseClimbing> climbing) : ITimerHandler
{
    public string Saga => kind.Saga;

    public CaseKind Kind => kind;

    public static StreamKey StreamOf(string caseId) => StreamKey.Of("case", caseId);

    public Task<LoadedCase> LoadAsync(string caseId, CancellationToken cancellation) => commands.LoadAsync(kind, caseId, cancellation);

    public CaseFact Decode(StoredEvent stored) => commands.Decode<CaseEvent>(stored);

    /// <summary>An event of any stream with its envelope.</summary>
    public Fact<TEvent> FactOf<TEvent>(StoredEvent stored)
        where TEvent : class => commands.FactOf<TEvent>(stored);

    public Task<Outcome> ExecuteAsync(CaseWork work, CancellationToken cancellation) => commands.ExecuteAsync(kind, work, cancellation);

    /// <summary>A command that is part of another one.</summary>
    public Task<Preparation> PrepareAsync(CaseWork work, CancellationToken cancellation) => commands.PrepareAsync(kind, work, cancellation);

    public Task FireAsync(DueTimer timer, DateTimeOffset firedAt, CancellationToken cancellation) =>
        commands.FireAsync(kind, timer, firedAt, state => kind.OnTimer(timer, state, firedAt), cancellation, async (state, reaction, token) =>
        {
            var all = new Besides<CaseEvent>([], []);
            foreach (var one in climbing)
            {
                var more = await one.BesideAsync(timer.Key.SagaId, state, reaction.Events, firedAt, token);
                all = new Besides<CaseEvent>([.. all.Own, .. more.Own], [.. all.Others, .. more.Others]);
            }

            return all;
        });
}
