using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Listings;

/// <summary>The supervisor takes the plate down (摘牌), on proof: a text and at least one attachment, once somebody other than the unit has seen that it is done.</summary>
/// <param name="Proof">At most 2,000 characters.</param>
/// <param name="Attachments">Files uploaded before: the proof.</param>
[Example("""{"proof":"现场核实，坑洞已全部填补，群众满意，附验收单。","attachments":[{"file":"sha256:0000000000000000000000000000000000000000000000000000000000000000","name":"验收单.pdf"}]}""")]
public sealed record LiftListingRequest(string Proof, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class LiftListingEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/listings/{caseId}/lift", HandleAsync)
        .Command<LiftListingRequest>("liftListing", "Take the plate down, on proof (摘牌)", tag: "Listings");

    private static Task<IResult> HandleAsync(HttpContext context, string caseId, ListingEndpoint endpoint) =>
        endpoint.HandleAsync<LiftListingRequest>(context, caseId, "lift", async (request, loaded, which, _, token) => new Domain.Listings.LiftListing(
            await endpoint.Personal.SealTextAsync(loaded.Stream, "proof", Texts.Required(request.Proof, "proof", Texts.FreeText), token),
            !which.IsOpen || which is Case.Verified or Case.Rated { File.Rating.Result: not FixResult.NotFixed }));
}
