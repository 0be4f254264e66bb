using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>What was found on the spot before filing (核查反馈).</summary>
/// <param name="Attachments">Files uploaded before that come with it, beside its photos.</param>
[Example("""{"finding":"confirmed","note":"现场属实","photos":[]}""")]
public sealed record ReportCaseCheckRequest(CheckFinding Finding, string Note, IReadOnlyList<string>? Photos = null, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class ReportCaseCheckEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/report-check", HandleAsync)
        .Command<ReportCaseCheckRequest>("reportCaseCheck", "Say what was found (核查反馈)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<ReportCaseCheckRequest>(context, id, "report-check", async (request, loaded, token) =>
        {
            var note = await endpoint.Personal.SealTextAsync(loaded.Stream, "note", Texts.Required(request.Note, "note", Texts.Note), token);
            var photos = await endpoint.PhotosAsync(context, loaded, request.Photos, token);
            return new Domain.Cases.ReportCaseCheck(request.Finding, note, photos);
        });
}
