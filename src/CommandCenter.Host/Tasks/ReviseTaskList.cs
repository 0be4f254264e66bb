using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tasks;

/// <summary>The draft as it is to be from now on, whole (修改清单).</summary>
[Example(
    """
    {"title":"汛前隐患排查","items":[{"title":"排查井盖","text":"排查网格内所有井盖，破损的拍照并设围挡。","matter":"manhole-cover","dueAt":"2026-12-05T10:00:00Z","evidence":{"text":true,"photos":0},"quantity":{"unit":"个"}},{"title":"排查排水沟","text":"清理堵塞的排水沟。","matter":"drainage","dueAt":"2026-12-08T10:00:00Z","targets":[{"area":"500153003001"}]}],"targets":[{"area":"500153003001","each":"grid"}]}
    """)]
public sealed record ReviseTaskListRequest(
    string Title, IReadOnlyList<TaskItemRequest> Items, IReadOnlyList<TargetRequest>? Targets = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class ReviseTaskListEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/task-lists/{id}/revise", HandleAsync)
        .Command<ReviseTaskListRequest>("reviseTaskList", "Revise a draft (修改清单)", tag: "Tasks");

    private static Task<IResult> HandleAsync(HttpContext context, string id, TaskEndpoint endpoint) =>
        endpoint.ListAsync<ReviseTaskListRequest>(context, id, "revise", async (request, loaded, _, token) =>
        {
            var (title, items, targets) = await new TaskListContent(endpoint.Organization, endpoint.Personal).ReadAsync(loaded.Stream, request.Title, request.Items, request.Targets, token);
            return new Domain.Tasks.ReviseTaskList(title, items, targets);
        });
}
