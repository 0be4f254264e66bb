using CommandCenter.Domain.Tasks;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tasks;

/// <summary>Dropping a draft, or calling off a list that was sent out, with every task that is not finished (撤回清单); the reason is required.</summary>
[Example("""{"reason":"与区级专项排查合并"}""")]
public sealed record WithdrawTaskListRequest(string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class WithdrawTaskListEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/task-lists/{id}/withdraw", HandleAsync)
        .Command<WithdrawTaskListRequest>("withdrawTaskList", "Call a list off with all its open tasks (撤回)", tag: "Tasks");

    private static Task<IResult> HandleAsync(HttpContext context, string id, TaskEndpoint endpoint) => endpoint.ListAsync<WithdrawTaskListRequest>(
        context,
        id,
        "withdraw",
        async (request, loaded, _, token) =>
        {
            var reason = Texts.Required(request.Reason, "reason", Texts.Note);
            return new Domain.Tasks.WithdrawTaskList(await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", reason, token));
        },
        work => work with
        {
            Beside = async (loaded, _, caller, token) =>
            {
                if (loaded.State is not TaskList.Published { File: var file })
                    return [];
                // What is finished has nothing to call off.
                var cancelled = await endpoint.Streams.PrepareAsync(work, file.Tasks.Select(task => task.IdIn(id)), "cancel-with-list", (_, _) => new CancelTaskWithList(), caller, token);
                return [.. cancelled.Where(preparation => preparation is not Preparation.Ended { Outcome: Outcome.Unchanged })];
            },
        });
}
