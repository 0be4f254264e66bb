using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>What was seen on the spot (核实); a failed verification orders rework and needs its reason in the note.</summary>
/// <param name="Attachments">Files uploaded before that come with it, beside its photos.</param>
[Example("""{"passed":true,"note":"现场水质清澈,无异味","photos":[]}""")]
public sealed record VerifyCaseRequest(bool Passed, string? Note = null, IReadOnlyList<string>? Photos = null, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class VerifyCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/verify", HandleAsync)
        .Command<VerifyCaseRequest>("verifyCase", "Verify it on the spot (核实)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<VerifyCaseRequest>(context, id, "verify", async (request, loaded, token) =>
        {
            // Stored as the note of a verification or as the reason of a rework, and sealed for the field where it will stand.
            var note = Texts.Optional(request.Note, "note", Texts.Note);
            var marked = await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, request.Passed ? "note" : "reason", note, token);
            return new Domain.Cases.VerifyCase(request.Passed, marked, await endpoint.PhotosAsync(context, loaded, request.Photos, token));
        });
}
