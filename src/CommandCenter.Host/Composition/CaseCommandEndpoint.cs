using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Composition;

/// <summary><see cref="CommandEndpoint"/> for cases.</summary>
public sealed class CaseCommandEndpoint(CommandEndpoint endpoint, CaseStreams streams, NamedFiles named)
{
    public PersonalText Personal => endpoint.Personal;

    public OrganizationDirectory Organization => endpoint.Organization;

    public CaseStreams Streams => streams;

    /// <param name="caseId">The case; for a report a new id.</param>
    /// <param name="build">Makes the command from the request and the case as it stands.</param>
    public Task<IResult> HandleAsync<TRequest>(
        HttpContext context, string caseId, string command, Func<TRequest, LoadedCase, CancellationToken, Task<CaseCommand>> build, Func<TRequest, CaseWork, CaseWork>? beside = null)
        where TRequest : ICommandRequest =>
        HandleAsync<TRequest>(context, caseId, command, (request, loaded, _, token) => build(request, loaded, token), beside);

    /// <param name="build">Makes the command from the request, the case as it stands, and the instant at which the host received it.</param>
    public Task<IResult> HandleAsync<TRequest>(
        HttpContext context, string caseId, string command, Func<TRequest, LoadedCase, DateTimeOffset, CancellationToken, Task<CaseCommand>> build, Func<TRequest, CaseWork, CaseWork>? beside = null)
        where TRequest : ICommandRequest =>
        endpoint.HandleAsync(context, streams.Kind, caseId, command, "/api/cases/", build, beside);

    /// <summary>
    /// Photos named in a command: each must have been uploaded by who names it, or be in the case already. A hash that was read somewhere else is no key to the photo.
    /// </summary>
    /// <exception cref="ProblemException">Too many, malformed, or not uploaded.</exception>
    public async Task<IReadOnlyList<string>> PhotosAsync(HttpContext context, LoadedCase loaded, IReadOnlyList<string>? photos, CancellationToken cancellation, string field = "photos")
    {
        var actor = Callers.From(context.Request, Organization)[0].Actor;
        return await named.CheckAsync(actor, photos, photo => loaded.Facts.Any(fact => CasePhotos.Of(fact.Fact.Event).Contains(photo, StringComparer.Ordinal)), field, cancellation);
    }
}
