global using LoadedAdmission = CommandCenter.Host.Composition.Loaded<CommandCenter.Domain.Admissions.Admission, CommandCenter.Domain.Admissions.AdmissionEvent>;
using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Composition;

/// <summary>The admission lists of one town, or of the district, as the executor of commands knows them.</summary>
/// <param name="keeper">The town or the district; also the stream's id.</param>
public sealed class AdmissionKind(AreaCode keeper, IOrganization organization, NoticePlan plan) : StreamKind<Admission, AdmissionCommand, AdmissionEvent>
{
    public override string Category => "admission";

    public override Message Noun { get; } = new("准入清单", "admission list");

    public override Admission None => Admission.None;

    public override bool IsImplicit => true;

    public override Admission Apply(Admission state, Fact<AdmissionEvent> fact) => state.Apply(fact);

    public override bool Creates(string command) => false;

    public override bool May(Caller caller, string command, Admission state) => AdmissionAccess.May(caller, command, keeper);

    public override Decision<AdmissionEvent> Decide(AdmissionCommand command, Admission state, By by) => AdmissionDecider.Decide(command, state, by);

    public override Reaction<AdmissionEvent> React(string id, Admission after, IReadOnlyList<AdmissionEvent> decided, DateTimeOffset at) =>
        new([], AdmissionNotices.Of(keeper, after, decided, organization.At(at), plan), []);

    public override By Engine(Admission after) => AdmissionNotices.Engine(keeper);
}

/// <summary>The lists that a decision rests on, with the versions at which they were read.</summary>
public sealed record AdmissionBasis(AdmissionBook Book, IReadOnlyDictionary<AreaCode, long> Versions);

/// <summary>Reads admission lists for decisions of other streams, and sees to it that they still stand when the decision is committed.</summary>
public sealed class AdmissionStreams(StreamCommands commands, IOrganization organization, NoticePlan plan)
{
    public AdmissionKind KindOf(AreaCode keeper) => new(keeper, organization, plan);

    public Task<LoadedAdmission> LoadAsync(AreaCode keeper, CancellationToken cancellation) => commands.LoadAsync(KindOf(keeper), keeper.Value, cancellation);

    /// <summary>The lists that have a say about some areas.</summary>
    public async Task<AdmissionBasis> BasisAsync(IEnumerable<AreaCode> areas, CancellationToken cancellation)
    {
        var keepers = areas.SelectMany(AdmissionBook.KeepersOf).Distinct().ToList();
        var loaded = await Task.WhenAll(keepers.Select(keeper => LoadAsync(keeper, cancellation)));
        var rows = keepers.Zip(loaded).ToList();
        return new AdmissionBasis(
            new AdmissionBook(rows.ToDictionary(row => row.First, row => row.Second.State)),
            rows.ToDictionary(row => row.First, row => row.Second.Version));
    }

    /// <summary>Holds what a decision rested on until it is committed: an append that finds one of the lists changed loses.</summary>
    /// <exception cref="ProblemException">One has changed already.</exception>
    public async Task<Preparation> HoldAsync(AdmissionBasis basis, CancellationToken cancellation)
    {
        var now = await Task.WhenAll(basis.Versions.Keys.Select(async keeper => (Keeper: keeper, (await LoadAsync(keeper, cancellation)).Version)));
        if (now.Any(read => basis.Versions[read.Keeper] != read.Version))
            throw new ProblemException(409, "admission.changed", new("准入清单刚刚有变动，请再试一次。", "The admission lists have just changed; try again."));
        return Held(basis);
    }

    /// <summary>What a decision rested on as part of its append, for who decides again where that loses.</summary>
    public static Preparation.Ready Held(AdmissionBasis basis) => new(
        [.. basis.Versions.Select(read => new StreamAppend(StreamKey.Of("admission", read.Key.Value), "admission", ExpectedVersion.After(read.Value), []))], [], []);
}
