using CommandCenter.Domain.Access;
using CommandCenter.Domain.Tasks;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tasks;

/// <summary>A list of tasks, written down and sent to nobody yet (拟定清单).</summary>
/// <param name="Title">At most 100 characters.</param>
/// <param name="Items">1–50.</param>
/// <param name="Targets">Where every item goes that names no targets of its own.</param>
[Example(
    """
    {"title":"汛前隐患排查","items":[{"title":"排查井盖","text":"排查网格内所有井盖，破损的拍照并设围挡。","matter":"manhole-cover","dueAt":"2026-12-05T10:00:00Z","evidence":{"text":true,"photos":0},"quantity":{"unit":"个"}}],"targets":[{"area":"500153003001","each":"grid"}]}
    """)]
public sealed record DraftTaskListRequest(
    string Title, IReadOnlyList<TaskItemRequest> Items, IReadOnlyList<TargetRequest>? Targets = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class DraftTaskListEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/task-lists", HandleAsync)
        .Command<DraftTaskListRequest>("draftTaskList", "Draft a list of tasks (拟定清单)", created: true, tag: "Tasks");

    private static Task<IResult> HandleAsync(HttpContext context, TaskEndpoint endpoint, Identifiers identifiers) =>
        endpoint.ListAsync<DraftTaskListRequest>(context, identifiers.New(), "draft", async (request, loaded, _, token) =>
        {
            var (title, items, targets) = await new TaskListContent(endpoint.Organization, endpoint.Personal).ReadAsync(loaded.Stream, request.Title, request.Items, request.Targets, token);
            // The seat that the executor lets speak: the first that may draft.
            var seat = Callers.From(context.Request, endpoint.Organization).First(caller => TaskAccess.May(caller, "draft", TaskList.None)).Seat;
            return new Domain.Tasks.DraftTaskList(title, items, targets, seat.Department);
        });
}
