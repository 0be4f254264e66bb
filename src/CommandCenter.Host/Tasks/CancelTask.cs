using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tasks;

/// <summary>Calling one task off (取消); the reason is required.</summary>
[Example("""{"reason":"该小区已拆除"}""")]
public sealed record CancelTaskRequest(string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class CancelTaskEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/tasks/{id}/cancel", HandleAsync)
        .Command<CancelTaskRequest>("cancelTask", "Call a task off with a reason (取消)", tag: "Tasks");

    private static Task<IResult> HandleAsync(HttpContext context, string id, TaskEndpoint endpoint) =>
        endpoint.TaskAsync<CancelTaskRequest>(context, id, "cancel", async (request, loaded, _, token) =>
        {
            var reason = Texts.Required(request.Reason, "reason", Texts.Note);
            return new Domain.Tasks.CancelTask(await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", reason, token));
        });
}
