using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tasks;

/// <summary>Sending a task back to its publisher (退回); the reason is required.</summary>
[Example("""{"reason":"该路段属相邻网格"}""")]
public sealed record ReturnTaskRequest(string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class ReturnTaskEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/tasks/{id}/return", HandleAsync)
        .Command<ReturnTaskRequest>("returnTask", "Return a task to its publisher with a reason (退回)", tag: "Tasks");

    private static Task<IResult> HandleAsync(HttpContext context, string id, TaskEndpoint endpoint) =>
        endpoint.TaskAsync<ReturnTaskRequest>(context, id, "return", async (request, loaded, _, token) =>
        {
            var reason = Texts.Required(request.Reason, "reason", Texts.Note);
            return new Domain.Tasks.ReturnTask(await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", reason, token));
        });
}
