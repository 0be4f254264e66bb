using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tasks;

/// <summary>Setting a claimed task free for another person of its target (释放); the reason is required.</summary>
[Example("""{"reason":"人员调离，由同网格人员接办"}""")]
public sealed record ReleaseTaskRequest(string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class ReleaseTaskEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/tasks/{id}/release", HandleAsync)
        .Command<ReleaseTaskRequest>("releaseTask", "Set a claimed task free (释放)", tag: "Tasks");

    private static Task<IResult> HandleAsync(HttpContext context, string id, TaskEndpoint endpoint) =>
        endpoint.TaskAsync<ReleaseTaskRequest>(context, id, "release", async (request, loaded, _, token) =>
        {
            var reason = Texts.Required(request.Reason, "reason", Texts.Note);
            return new Domain.Tasks.ReleaseTask(await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", reason, token));
        });
}
