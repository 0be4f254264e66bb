using CommandCenter.Domain.Whistles;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Whistles;

/// <summary>Reporting what came of a call (处置结果).</summary>
/// <param name="Outcome">At most 2,000 characters.</param>
/// <param name="Photos">Photos uploaded before, <c>sha256:…</c>.</param>
/// <param name="Attachments">Files uploaded before that come with it, beside its photos.</param>
[Example("""{"outcome":"更换管段六米，路面已恢复通行"}""")]
public sealed record ResolveCallRequest(string Outcome, IReadOnlyList<string>? Photos = null, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class ResolveCallEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/whistles/{id}/calls/{call:int}/resolve", HandleAsync)
        .Command<ResolveCallRequest>("resolveCall", "Report what came of a call (处置结果)", tag: "Whistles");

    private static Task<IResult> HandleAsync(HttpContext context, string id, int call, WhistleEndpoint endpoint) =>
        endpoint.CallAsync<ResolveCallRequest>(context, id, call, "resolve", async (request, loaded, token) =>
        {
            var outcome = Texts.Required(request.Outcome, "outcome", Texts.FreeText);
            var photos = await endpoint.PhotosAsync(context, loaded, request.Photos, token);
            return new Domain.Whistles.ResolveCall(call, await endpoint.Personal.SealTextAsync(loaded.Stream, "outcome", outcome, token), photos);
        });
}
