global using LoadedDuty = CommandCenter.Host.Composition.Loaded<CommandCenter.Domain.Duty.Roster, CommandCenter.Domain.Duty.DutyEvent>;
using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>The roster of one center, as the executor of commands knows it.</summary>
/// <param name="place">The town or the district; also the stream's id.</param>
public sealed class DutyKind(AreaCode place, IOrganization organization, NoticePlan plan) : StreamKind<Roster, DutyCommand, DutyEvent>
{
    public override string Category => LiveOrganization.RosterCategory;

    public override Message Noun { get; } = new("值班表", "duty roster");

    public override Roster None => Roster.None;

    public override bool IsImplicit => true;

    public override string Saga => DutyNotices.Saga;

    public override Roster Apply(Roster state, Fact<DutyEvent> fact) => state.Apply(fact);

    public override bool Creates(string command) => false;

    public override bool May(Caller caller, string command, Roster state) => DutyAccess.May(caller, command, place);

    public override Decision<DutyEvent> Decide(DutyCommand command, Roster state, By by) => DutyDecider.Decide(command, state, by);

    public override Reaction<DutyEvent> React(string id, Roster after, IReadOnlyList<DutyEvent> decided, DateTimeOffset at) =>
        DutyNotices.React(place, after, decided, at, organization.At(at), plan);

    public override By Engine(Roster after) => DutyNotices.Engine(place);

    /// <summary>What the end of a shift causes.</summary>
    public Reaction<DutyEvent> OnTimer(DueTimer timer, Roster state, DateTimeOffset firedAt) =>
        DutyNotices.OnTimer(place, state, timer.Key.Name, firedAt, organization.At(firedAt), plan);
}

/// <summary>The way to rosters, and the timers at the ends of their shifts.</summary>
public sealed class DutyStreams(StreamCommands commands, IOrganization organization, NoticePlan plan) : ITimerHandler
{
    public string Saga => DutyNotices.Saga;

    public DutyKind KindOf(AreaCode place) => new(place, organization, plan);

    public Task<LoadedDuty> LoadAsync(AreaCode place, CancellationToken cancellation) => commands.LoadAsync(KindOf(place), place.Value, cancellation);

    public Task FireAsync(DueTimer timer, DateTimeOffset firedAt, CancellationToken cancellation)
    {
        var kind = KindOf(AreaCode.Parse(timer.Key.SagaId));
        return commands.FireAsync(kind, timer, firedAt, state => kind.OnTimer(timer, state, firedAt), cancellation);
    }
}
