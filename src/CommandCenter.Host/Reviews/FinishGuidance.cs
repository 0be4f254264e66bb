using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Reviews;

/// <summary>The record of a stay on the spot that was planned and begun: what was found, and what was agreed.</summary>
/// <param name="Found">At most 2,000 characters.</param>
/// <param name="Agreed">At most 2,000 characters.</param>
/// <param name="Left">When they left; left out, now.</param>
/// <param name="By">By when what was agreed is to be done.</param>
/// <param name="Attachments">Files uploaded before that come with it.</param>
[Example("""{"found":"三处坑洞未设围挡。","agreed":"三日内设围挡并安排修补。","by":"2026-12-07T10:00:00Z"}""")]
public sealed record FinishGuidanceRequest(
    string Found, string Agreed, DateTimeOffset? Left = null, DateTimeOffset? By = null, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class FinishGuidanceEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/guidances/{id}/finish", HandleAsync)
        .Command<FinishGuidanceRequest>("finishGuidance", "Finish a stay on the spot with its record", tag: "Reviews");

    private static Task<IResult> HandleAsync(HttpContext context, string id, ReviewEndpoint endpoint) =>
        endpoint.GuidanceAsync<FinishGuidanceRequest>(context, id, "finish", async (request, loaded, at, token) =>
            new Domain.Reviews.FinishGuidance(
                await endpoint.TextAsync(loaded.Stream, "found", request.Found, Texts.FreeText, token), await endpoint.TextAsync(loaded.Stream, "agreed", request.Agreed, Texts.FreeText, token),
                request.Left, request.By, at));
}
