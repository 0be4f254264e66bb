using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>A part of the work is done (子任务完成).</summary>
/// <param name="Attachments">Files uploaded before that come with it, beside its photos.</param>
[Example("""{"number":1,"photos":[],"note":"管材已到场"}""")]
public sealed record FinishSubtaskRequest(int Number, IReadOnlyList<string>? Photos = null, string? Note = null, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class FinishSubtaskEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/finish-subtask", HandleAsync)
        .Command<FinishSubtaskRequest>("finishSubtask", "Finish a part of the work (子任务完成)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<FinishSubtaskRequest>(context, id, "finish-subtask", async (request, loaded, token) =>
        {
            var note = await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "note", Texts.Optional(request.Note, "note", Texts.Note), token);
            var photos = await endpoint.PhotosAsync(context, loaded, request.Photos, token);
            return new Domain.Cases.FinishSubtask(request.Number, photos, note);
        });
}
