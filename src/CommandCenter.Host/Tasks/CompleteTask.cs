using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tasks;

/// <summary>Reporting a task as done (办结上报), with the evidence that it asks for.</summary>
/// <param name="Outcome">How it went, at most 2,000 characters.</param>
/// <param name="Photos">Photos uploaded before, <c>sha256:…</c>; those sent with progress count too.</param>
/// <param name="Number">How many units were done, 0–1,000,000; by default the last that was reported.</param>
/// <param name="Attachments">Files uploaded before that come with it, beside its photos.</param>
[Example("""{"outcome":"三十二个井盖全部排查，更换三个","number":32}""")]
public sealed record CompleteTaskRequest(string? Outcome = null, IReadOnlyList<string>? Photos = null, int? Number = null, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class CompleteTaskEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/tasks/{id}/complete", HandleAsync)
        .Command<CompleteTaskRequest>("completeTask", "Report a task as done with its evidence (办结上报)", tag: "Tasks");

    private static Task<IResult> HandleAsync(HttpContext context, string id, TaskEndpoint endpoint) =>
        endpoint.TaskAsync<CompleteTaskRequest>(context, id, "complete", async (request, loaded, _, token) =>
        {
            var outcome = Texts.Optional(request.Outcome, "outcome", Texts.FreeText);
            return new Domain.Tasks.CompleteTask(
                await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "outcome", outcome, token),
                await endpoint.PhotosAsync(context, loaded, request.Photos, token),
                TaskViews.Number(request.Number));
        });
}
