using CommandCenter.Domain.Tasks;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tasks;

/// <summary>Sending a list out (下发): every item to each of its targets, all or nothing.</summary>
[Example("{}")]
public sealed record PublishTaskListRequest(DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class PublishTaskListEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/task-lists/{id}/publish", HandleAsync)
        .Command<PublishTaskListRequest>("publishTaskList", "Send a list to its targets (下发)", tag: "Tasks");

    private static Task<IResult> HandleAsync(HttpContext context, string id, TaskEndpoint endpoint, AdmissionStreams admissions)
    {
        AdmissionBasis? basis = null;
        return endpoint.ListAsync<PublishTaskListRequest>(
            context,
            id,
            "publish",
            async (_, loaded, at, token) =>
            {
                basis = await admissions.BasisAsync(((TaskList.Known)loaded.State).File.Tasks.Select(task => task.Target).Distinct(), token);
                return new Domain.Tasks.PublishTaskList(basis.Book, at);
            },
            work => work with
            {
                Beside = async (loaded, _, caller, token) =>
                {
                    var file = ((TaskList.Known)loaded.State).File;
                    var tasks = file.Tasks.ToDictionary(task => task.IdIn(id), StringComparer.Ordinal);
                    var assigned = await endpoint.Streams.PrepareAsync(
                        work, tasks.Keys, "assign", (task, _) => new AssignTask(Assigned(id, file.Department, tasks[task])), caller, token);
                    return [.. assigned, await admissions.HoldAsync(basis!, token)];
                },
            });
    }

    private static TaskAssigned Assigned(string list, string? department, ListedTask task) =>
        new(list, task.Item.Number, task.Target, task.Item.Matter, task.Item.DueAt, task.Item.Evidence, task.Item.Quantity, department);
}
