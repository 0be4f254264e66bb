using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Listings;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Listings;

/// <summary><see cref="CommandEndpoint"/> for listings.</summary>
public sealed class ListingEndpoint(CommandEndpoint endpoint, ListingStreams streams)
{
    public OrganizationDirectory Organization => endpoint.Organization;

    public ListingStreams Streams => streams;

    public PersonalText Personal => endpoint.Personal;

    /// <param name="caseId">The listed case.</param>
    /// <param name="build">Makes the command from the request, the listing and its case as they stand, and the instant at which the host received it.</param>
    public Task<IResult> HandleAsync<TRequest>(
        HttpContext context, string caseId, string command, Func<TRequest, LoadedListing, Case.Known, DateTimeOffset, CancellationToken, Task<ListingCommand>> build)
        where TRequest : ICommandRequest =>
        endpoint.HandleAsync<TRequest, Listing, ListingCommand, ListingEvent>(
            context, streams.Kind, caseId, command, "/api/listings/", async (request, loaded, at, token) => await build(request, loaded, await CaseAsync(caseId, token), at, token),
            (_, work) => streams.Telling(work));

    /// <exception cref="ProblemException">There is no such case.</exception>
    public async Task<Case.Known> CaseAsync(string caseId, CancellationToken cancellation) =>
        StreamKey.IsId(caseId) && (await streams.LoadCaseAsync(caseId, cancellation)).State is Case.Known known ? known : throw Problems.CaseUnknown();
}
