using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Reviews;

/// <summary>Leaving a case out of a review (不复盘), with the reason.</summary>
/// <param name="Item">The case's number in the review.</param>
[Example("""{"item":1,"reason":"因连续暴雨，已免责。"}""")]
public sealed record LeaveOutItemRequest(int Item, string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class LeaveOutItemEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/reviews/{id}/leave-out", HandleAsync)
        .Command<LeaveOutItemRequest>("leaveOutItem", "Leave a case out of a review, with the reason", tag: "Reviews");

    private static Task<IResult> HandleAsync(HttpContext context, string id, ReviewEndpoint endpoint) =>
        endpoint.ReviewAsync<LeaveOutItemRequest>(context, id, "leave-out", async (request, loaded, _, token) =>
            new Domain.Reviews.LeaveOutItem(request.Item, await endpoint.TextAsync(loaded.Stream, "reason", request.Reason, Texts.Note, token)));
}
