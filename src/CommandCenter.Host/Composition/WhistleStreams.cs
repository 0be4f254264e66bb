global using LoadedWhistle = CommandCenter.Host.Composition.Loaded<CommandCenter.Domain.Whistles.Whistle, CommandCenter.Domain.Whistles.WhistleEvent>;
global using WhistleWork =
    CommandCenter.Host.Composition.StreamWork<CommandCenter.Domain.Whistles.Whistle, CommandCenter.Domain.Whistles.WhistleCommand, CommandCenter.Domain.Whistles.WhistleEvent>;
using System.Globalization;
using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using CommandCenter.EventStore;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Composition;

/// <summary>Whistles, as the executor of commands knows them. A command on one call carries its number in its name, <c>arrive/2</c>, because who may give it depends on the call.</summary>
public sealed class WhistleKind(IOrganization organization, IPolicies policies, NoticePlan plan) : StreamKind<Whistle, WhistleCommand, WhistleEvent>
{
    public override string Category => "whistle";

    public override Message Noun { get; } = new("吹哨", "whistle");

    public override Whistle None => Whistle.None;

    public override string Saga => WhistleSaga.Name;

    public override IReadOnlyList<string> PhotosOf(WhistleEvent happened) => WhistlePhotos.Of(happened);

    /// <summary>The name of a command on one call.</summary>
    public static string OfCall(string command, int call) => string.Create(CultureInfo.InvariantCulture, $"{command}/{call}");

    public override Whistle Apply(Whistle state, Fact<WhistleEvent> fact) => state.Apply(fact);

    public override bool Creates(string command) => command == "blow";

    public override bool May(Caller caller, string command, Whistle state)
    {
        var (name, call) = Read(command);
        return WhistleAccess.May(caller, name, call, state, organization.Now);
    }

    public override Refusal? Missed(IReadOnlyList<Caller> callers, string command, Whistle state)
    {
        var (name, call) = Read(command);
        return WhistleAccess.Missed(callers, name, call, state);
    }

    public override Decision<WhistleEvent> Decide(WhistleCommand command, Whistle state, By by) => WhistleDecider.Decide(command, state, by);

    public override Reaction<WhistleEvent> React(string id, Whistle after, IReadOnlyList<WhistleEvent> decided, DateTimeOffset at) =>
        new([], WhistleNotices.Of(id, after, decided, organization.At(at), plan), WhistleSaga.Timers(after, decided, Counting(after)));

    /// <summary>What a limit of a call causes.</summary>
    public Reaction<WhistleEvent> OnTimer(DueTimer timer, Whistle state, DateTimeOffset firedAt) =>
        WhistleSaga.OnTimer(timer.Key.SagaId, state, timer.Key.Name, timer.Key.Attempt, timer.DueAt, firedAt, Counting(state), organization.At(firedAt), plan);

    /// <summary>How the calls of a whistle are counted.</summary>
    public static WhistleCounting Counting(WhistleFile file, IPolicies policies, OrganizationDirectory organization) =>
        new(at => policies.History.CountedAt(at).Policy.Whistles!, policies.Now.Calendar.At(file.Town, organization.TimeZone));

    private WhistleCounting Counting(Whistle state) => Counting(((Whistle.Known)state).File, policies, organization.Now);

    public override By Engine(Whistle after) => WhistleNotices.Engine(((Whistle.Known)after).File.Town);

    private static (string Name, int? Call) Read(string command) =>
        command.Split('/') is [var name, var call] ? (name, int.Parse(call, CultureInfo.InvariantCulture)) : (command, null);
}

/// <summary>The way to whistles, and the timers of their limits.</summary>
public sealed class WhistleStreams(StreamCommands commands, WhistleKind kind) : ITimerHandler
{
    public string Saga => kind.Saga;

    public Task FireAsync(DueTimer timer, DateTimeOffset firedAt, CancellationToken cancellation) =>
        commands.FireAsync(kind, timer, firedAt, state => kind.OnTimer(timer, state, firedAt), cancellation);

    public WhistleKind Kind => kind;

    public Task<LoadedWhistle> LoadAsync(string id, CancellationToken cancellation) => commands.LoadAsync(kind, id, cancellation);

    /// <summary>A whistle for a reader: loaded, and refused to whoever may not see it.</summary>
    /// <exception cref="ProblemException">No such whistle, or not for this caller.</exception>
    public async Task<(LoadedWhistle Loaded, Whistle.Known State)> VisibleAsync(string id, IReadOnlyList<Caller> callers, CancellationToken cancellation)
    {
        if (!StreamKey.IsId(id) || await LoadAsync(id, cancellation) is not { State: Whistle.Known state } loaded)
            throw Problems.Unknown(kind.Category, kind.Noun);
        return callers.Any(caller => WhistleAccess.MaySee(caller, state.File)) ? (loaded, state) : throw Problems.NotAllowed();
    }
}
