using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Saying that the matter is dealt with (处置完成).</summary>
/// <param name="Attachments">Files uploaded before that come with it, beside its photos.</param>
[Example("""{"outcome":"已修复破损的雨污管网 120 米","photos":[]}""")]
public sealed record CompleteCaseRequest(string Outcome, IReadOnlyList<string>? Photos = null, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class CompleteCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/complete", HandleAsync)
        .Command<CompleteCaseRequest>("completeCase", "Complete it (处置完成)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<CompleteCaseRequest>(context, id, "complete", async (request, loaded, token) =>
        {
            var outcome = Texts.Required(request.Outcome, "outcome", Texts.FreeText);
            var photos = await endpoint.PhotosAsync(context, loaded, request.Photos, token);
            return new Domain.Cases.CompleteCase(await endpoint.Personal.SealTextAsync(loaded.Stream, "outcome", outcome, token), photos, Standard.Of(loaded, endpoint)?.PhotoNeeded == true);
        });
}
