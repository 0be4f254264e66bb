using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>What was done so far (办理进展), with photos of before and after.</summary>
/// <param name="Attachments">Files uploaded before that come with it, beside its photos.</param>
[Example("""{"note":"管沟已开挖","before":[],"after":[]}""")]
public sealed record ProgressCaseRequest(string Note, IReadOnlyList<string>? Before = null, IReadOnlyList<string>? After = null, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class ProgressCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/progress", HandleAsync)
        .Command<ProgressCaseRequest>("progressCase", "Record progress (办理进展)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<ProgressCaseRequest>(context, id, "progress", async (request, loaded, token) =>
        {
            var note = await endpoint.Personal.SealTextAsync(loaded.Stream, "note", Texts.Required(request.Note, "note", Texts.FreeText), token);
            var before = await endpoint.PhotosAsync(context, loaded, request.Before, token, "before");
            var after = await endpoint.PhotosAsync(context, loaded, request.After, token, "after");
            return new Domain.Cases.ProgressCase(note, before, after);
        });
}
