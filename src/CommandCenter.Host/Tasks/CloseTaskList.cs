using CommandCenter.Domain.Tasks;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tasks;

/// <summary>Accounting a list target by target and closing it (对单考核、销号). What is open past its limit counts as not done.</summary>
[Example("""{"summary":"按单销号，两个网格未完成"}""")]
public sealed record CloseTaskListRequest(string? Summary = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class CloseTaskListEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/task-lists/{id}/close", HandleAsync)
        .Command<CloseTaskListRequest>("closeTaskList", "Score every target and close the list (对单考核、销号)", tag: "Tasks");

    private static Task<IResult> HandleAsync(HttpContext context, string id, TaskEndpoint endpoint)
    {
        Dictionary<string, TaskStanding> standings = [];
        return endpoint.ListAsync<CloseTaskListRequest>(
            context,
            id,
            "close",
            async (request, loaded, at, token) =>
            {
                var summary = await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "summary", Texts.Optional(request.Summary, "summary", Texts.Note), token);
                // A draft has no tasks yet; that it cannot be closed is the decider's to say.
                if (loaded.State is TaskList.Published { File: var file })
                {
                    foreach (var (task, state) in await endpoint.Streams.TasksOfAsync(id, file, token))
                        standings.Add(task, TaskStanding.Of(task, state, at));
                }

                return new Domain.Tasks.CloseTaskList([.. standings.Values], summary, at);
            },
            work => work with
            {
                Beside = async (_, _, caller, token) =>
                {
                    // Finished tasks stay as they were read. The others must still stand so when they are written, or the scores would be of something else.
                    var open = standings.Values.Where(task => task.Stage is TaskStage.Assigned or TaskStage.Claimed).Select(task => task.Task);
                    var lapsed = await endpoint.Streams.PrepareAsync(work, open, "lapse", (task, loaded) => Stands(standings[task], loaded, work.At) ? new LapseTask(work.At) : throw TaskProblems.Moving(), caller, token);
                    return lapsed.All(preparation => preparation is Preparation.Ready) ? lapsed : throw TaskProblems.Moving();
                },
            });
    }

    private static bool Stands(TaskStanding standing, LoadedTask loaded, DateTimeOffset at)
    {
        var now = TaskStanding.Of(standing.Task, (GridTask.Known)loaded.State, at);
        return now.Stage is TaskStage.Assigned or TaskStage.Claimed && TaskAccounting.Scores([now]).SequenceEqual(TaskAccounting.Scores([standing]));
    }
}
