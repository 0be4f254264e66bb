using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Reviews;

/// <summary>The end of a review: every case has its lesson, or a reason why it has none; the measures' owners are told.</summary>
[Example("""{"summary":"三件复盘，五项措施。"}""")]
public sealed record ConcludeReviewRequest(string? Summary = null, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class ConcludeReviewEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/reviews/{id}/conclude", HandleAsync)
        .Command<ConcludeReviewRequest>("concludeReview", "Conclude a review", tag: "Reviews");

    private static Task<IResult> HandleAsync(HttpContext context, string id, ReviewEndpoint endpoint) =>
        endpoint.ReviewAsync<ConcludeReviewRequest>(context, id, "conclude", async (request, loaded, at, token) =>
            new Domain.Reviews.ConcludeReview(await endpoint.OptionalTextAsync(loaded.Stream, "summary", request.Summary, Texts.FreeText, token), at));
}
