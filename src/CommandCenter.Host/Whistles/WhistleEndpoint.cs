using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Whistles;

/// <summary><see cref="CommandEndpoint"/> for whistles and their calls.</summary>
public sealed class WhistleEndpoint(CommandEndpoint endpoint, WhistleStreams streams, CaseStreams cases, NamedFiles named)
{
    public PersonalText Personal => endpoint.Personal;

    public OrganizationDirectory Organization => endpoint.Organization;

    public CaseStreams Cases => cases;

    /// <param name="id">The whistle; for one that is blown a new id.</param>
    /// <param name="build">Makes the command from the request and the whistle as it stands.</param>
    /// <param name="beside">Narrows who may speak.</param>
    public Task<IResult> HandleAsync<TRequest>(
        HttpContext context, string id, string command, Func<TRequest, LoadedWhistle, CancellationToken, Task<WhistleCommand>> build, Func<TRequest, WhistleWork, WhistleWork>? beside = null)
        where TRequest : ICommandRequest =>
        endpoint.HandleAsync<TRequest, Whistle, WhistleCommand, WhistleEvent>(
            context, streams.Kind, id, command, "/api/whistles/", (request, loaded, _, token) => build(request, loaded, token), beside);

    /// <param name="call">The number of the call that the command is for.</param>
    public Task<IResult> CallAsync<TRequest>(HttpContext context, string id, int call, string command, Func<TRequest, LoadedWhistle, CancellationToken, Task<WhistleCommand>> build)
        where TRequest : ICommandRequest =>
        HandleAsync(context, id, WhistleKind.OfCall(command, call), build);

    /// <exception cref="ProblemException">Too many, malformed, or not uploaded.</exception>
    public Task<IReadOnlyList<string>> PhotosAsync(HttpContext context, LoadedWhistle loaded, IReadOnlyList<string>? photos, CancellationToken cancellation) =>
        named.CheckAsync(
            Callers.From(context.Request, Organization)[0].Actor, photos, photo => loaded.Facts.Any(fact => WhistlePhotos.Of(fact.Fact.Event).Contains(photo, StringComparer.Ordinal)), "photos", cancellation);

    /// <summary>The units that a request names, each once: departments of the district and posts of the whistle's town.</summary>
    /// <exception cref="ProblemException">There is no such department, or no such post in the town.</exception>
    public IReadOnlyList<Unit> Units(IEnumerable<Unit> units, AreaCode town, string field = "units")
    {
        List<Unit> named = [.. units.Distinct()];
        return named.All(unit => Exists(unit, town)) ? named : throw WhistleProblems.UnitUnknown(field);
    }

    private bool Exists(Unit unit, AreaCode town) => unit.Kind switch
    {
        UnitKind.Post => endpoint.Organization.FindPost(town, unit.Code) is not null,
        UnitKind.Department => endpoint.Organization.FindDepartment(unit.Code) is not null,
        _ => false,
    };
}
