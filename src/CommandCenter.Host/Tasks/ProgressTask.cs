using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tasks;

/// <summary>How far a task is (进展); whoever reports on a task that nobody has taken takes it.</summary>
/// <param name="Number">How many units are done by now, all together, 0–1,000,000; only where the task asks for a number.</param>
/// <param name="Photos">Photos uploaded before, <c>sha256:…</c>; they are evidence too.</param>
/// <param name="Attachments">Files uploaded before that come with it, beside its photos.</param>
[Example("""{"note":"已排查二十个，三个破损","number":20}""")]
public sealed record ProgressTaskRequest(string? Note = null, IReadOnlyList<string>? Photos = null, int? Number = null, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class ProgressTaskEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/tasks/{id}/progress", HandleAsync)
        .Command<ProgressTaskRequest>("progressTask", "Report how far a task is (进展)", tag: "Tasks");

    private static Task<IResult> HandleAsync(HttpContext context, string id, TaskEndpoint endpoint) =>
        endpoint.TaskAsync<ProgressTaskRequest>(context, id, "progress", async (request, loaded, _, token) =>
        {
            var note = Texts.Optional(request.Note, "note", Texts.Note);
            return new Domain.Tasks.ProgressTask(
                await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "note", note, token),
                await endpoint.PhotosAsync(context, loaded, request.Photos, token),
                TaskViews.Number(request.Number));
        });
}
