using CommandCenter.Domain.Access;
using CommandCenter.Domain.Listings;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Listings;

/// <summary>Listing a case for supervision by hand (挂牌); one whose hard limit ran out is listed by itself.</summary>
/// <param name="Plate">What stands on the plate, at most 100 characters; left out, the matter.</param>
/// <param name="Grade">Left out, the policy's rule decides: so often late in one town is concentrated.</param>
[Example("""{"plate":"七宝岩村道路破损，限期修复"}""")]
public sealed record OpenListingRequest(string? Plate = null, ListingGrade? Grade = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class OpenListingEndpoint
{
    private const int LongestPlate = 100;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/listings/{caseId}/open", HandleAsync)
        .Command<OpenListingRequest>("openListing", "List a case for supervision by hand (挂牌)", tag: "Listings");

    private static Task<IResult> HandleAsync(HttpContext context, string caseId, ListingEndpoint endpoint) =>
        endpoint.HandleAsync<OpenListingRequest>(context, caseId, "open", async (request, loaded, which, at, token) =>
        {
            if (!Callers.From(context.Request, endpoint.Organization).Any(caller => ListingAccess.MayOpen(caller, which.File.Area)))
                throw Problems.NotAllowed();
            var plate = await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "plate", Texts.Optional(request.Plate, "plate", LongestPlate), token);
            return await endpoint.Streams.CommandAsync(caseId, which.File, which.IsOpen, ListingReason.ByHand, request.Grade, plate, at, token);
        });
}
