using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Listings;

/// <summary>The town says how far a listed case is (督办进展).</summary>
/// <param name="Progress">At most 2,000 characters.</param>
/// <param name="Attachments">Files uploaded before that come with it.</param>
[Example("""{"progress":"资金已落实，施工队本周进场。"}""")]
public sealed record ReportListingRequest(string Progress, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class ReportListingEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/listings/{caseId}/report", HandleAsync)
        .Command<ReportListingRequest>("reportListing", "Report on a listed case (督办进展)", tag: "Listings");

    private static Task<IResult> HandleAsync(HttpContext context, string caseId, ListingEndpoint endpoint) =>
        endpoint.HandleAsync<ReportListingRequest>(context, caseId, "report", async (request, loaded, _, _, token) => new Domain.Listings.ReportListing(
            await endpoint.Personal.SealTextAsync(loaded.Stream, "progress", Texts.Required(request.Progress, "progress", Texts.FreeText), token)));
}
