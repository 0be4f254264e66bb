using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tasks;

/// <summary>Taking a task (签收).</summary>
[Example("{}")]
public sealed record ClaimTaskRequest(DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class ClaimTaskEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/tasks/{id}/claim", HandleAsync)
        .Command<ClaimTaskRequest>("claimTask", "Take a task (签收)", tag: "Tasks");

    private static Task<IResult> HandleAsync(HttpContext context, string id, TaskEndpoint endpoint) =>
        endpoint.TaskAsync<ClaimTaskRequest>(context, id, "claim", (_, _, _, _) => Task.FromResult<Domain.Tasks.TaskCommand>(new Domain.Tasks.ClaimTask()));
}
