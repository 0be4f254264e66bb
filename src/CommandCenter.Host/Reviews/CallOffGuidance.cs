using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Reviews;

/// <summary>A planned stay on the spot that will not be (取消蹲点), with the reason.</summary>
[Example("""{"reason":"强降雨，改期。"}""")]
public sealed record CallOffGuidanceRequest(string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class CallOffGuidanceEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/guidances/{id}/call-off", HandleAsync)
        .Command<CallOffGuidanceRequest>("callOffGuidance", "Call a planned stay on the spot off", tag: "Reviews");

    private static Task<IResult> HandleAsync(HttpContext context, string id, ReviewEndpoint endpoint) =>
        endpoint.GuidanceAsync<CallOffGuidanceRequest>(context, id, "call-off", async (request, loaded, _, token) =>
            new Domain.Reviews.CallOffGuidance(await endpoint.TextAsync(loaded.Stream, "reason", request.Reason, Texts.Note, token)));
}
