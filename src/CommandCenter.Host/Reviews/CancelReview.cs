using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Reviews;

/// <summary>A review that will not be held.</summary>
[Example("""{"reason":"并入下月复盘。"}""")]
public sealed record CancelReviewRequest(string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class CancelReviewEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/reviews/{id}/cancel", HandleAsync)
        .Command<CancelReviewRequest>("cancelReview", "Call a review off", tag: "Reviews");

    private static Task<IResult> HandleAsync(HttpContext context, string id, ReviewEndpoint endpoint) =>
        endpoint.ReviewAsync<CancelReviewRequest>(context, id, "cancel", async (request, loaded, _, token) =>
            new Domain.Reviews.CancelReview(await endpoint.TextAsync(loaded.Stream, "reason", request.Reason, Texts.Note, token)));
}
