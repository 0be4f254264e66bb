using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Telling the reporter of a case how it stands or what came of it (反馈群众), whatever its state.</summary>
/// <param name="Note">What they were told, and what they said.</param>
/// <param name="Photos">Of a visit, or of the message.</param>
/// <param name="Attachments">Files uploaded before that come with it, beside its photos.</param>
[Example("""{"way":"call","note":"已电话告知：管网改造本周进场，预计下月完工。"}""")]
public sealed record GiveCaseFeedbackRequest(
    CaseFeedbackWay Way, string Note, IReadOnlyList<string>? Photos = null, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class GiveCaseFeedbackEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/give-feedback", HandleAsync)
        .Command<GiveCaseFeedbackRequest>("giveCaseFeedback", "Tell its reporter (反馈群众)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<GiveCaseFeedbackRequest>(context, id, "give-feedback", async (request, loaded, token) =>
        {
            var note = await endpoint.Personal.SealTextAsync(loaded.Stream, "note", Texts.Required(request.Note, "note", Texts.Note), token);
            return new Domain.Cases.GiveCaseFeedback(request.Way, note, await endpoint.PhotosAsync(context, loaded, request.Photos, token));
        });
}
