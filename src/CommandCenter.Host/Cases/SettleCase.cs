using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>The village assessed it and settled it itself (村级办结); a photo is the proof.</summary>
/// <param name="Attachments">Files uploaded before that come with it, beside its photos.</param>
[Example("""{"outcome":"村里组织疏通,已通畅","photos":["sha256:…"]}""")]
public sealed record SettleCaseRequest(string Outcome, IReadOnlyList<string>? Photos = null, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class SettleCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/settle", HandleAsync)
        .Command<SettleCaseRequest>("settleCase", "The village settles it itself (村级办结)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<SettleCaseRequest>(context, id, "settle", async (request, loaded, token) =>
        {
            var outcome = await endpoint.Personal.SealTextAsync(loaded.Stream, "outcome", Texts.Required(request.Outcome, "outcome", Texts.FreeText), token);
            var photos = await endpoint.PhotosAsync(context, loaded, request.Photos, token);
            return new Domain.Cases.SettleCase(outcome, photos);
        });
}
