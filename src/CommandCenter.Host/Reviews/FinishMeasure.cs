using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Reviews;

/// <summary>A measure was taken (措施落实).</summary>
/// <param name="Measure">Its number in the review.</param>
[Example("""{"measure":1,"result":"资金测算已列入立案标准。"}""")]
public sealed record FinishMeasureRequest(int Measure, string Result, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class FinishMeasureEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/reviews/{id}/finish-measure", HandleAsync)
        .Command<FinishMeasureRequest>("finishMeasure", "Say that a measure of a review was taken", tag: "Reviews");

    private static Task<IResult> HandleAsync(HttpContext context, string id, ReviewEndpoint endpoint) =>
        endpoint.ReviewAsync<FinishMeasureRequest>(context, id, "finish-measure", async (request, loaded, _, token) =>
            new Domain.Reviews.FinishMeasure(request.Measure, await endpoint.TextAsync(loaded.Stream, "result", request.Result, Texts.FreeText, token)));
}
