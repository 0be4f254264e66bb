using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Reviews;

/// <summary>What became of what was agreed on the spot (跟踪落实).</summary>
/// <param name="Done">Whether nothing is left to do.</param>
[Example("""{"done":true,"result":"围挡已设，修补已安排。"}""")]
public sealed record FollowUpGuidanceRequest(bool Done, string Result, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class FollowUpGuidanceEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/guidances/{id}/follow-up", HandleAsync)
        .Command<FollowUpGuidanceRequest>("followUpGuidance", "Say what became of what was agreed on the spot", tag: "Reviews");

    private static Task<IResult> HandleAsync(HttpContext context, string id, ReviewEndpoint endpoint) =>
        endpoint.GuidanceAsync<FollowUpGuidanceRequest>(context, id, "follow-up", async (request, loaded, _, token) =>
            new Domain.Reviews.FollowUpGuidance(request.Done, await endpoint.TextAsync(loaded.Stream, "result", request.Result, Texts.FreeText, token)));
}
