using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tasks;

/// <summary>Judging what was reported as done (核查), by somebody else than who did it.</summary>
/// <param name="Passed">False sends it back; then the note is the reason and required.</param>
/// <param name="DueAt">When sent back: the new limit; required where the old one has passed though they were in time.</param>
[Example("""{"passed":true}""")]
public sealed record CheckTaskRequest(bool Passed, string? Note = null, DateTimeOffset? DueAt = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class CheckTaskEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/tasks/{id}/check", HandleAsync)
        .Command<CheckTaskRequest>("checkTask", "Check a result: accept it or send it back (核查)", tag: "Tasks");

    private static Task<IResult> HandleAsync(HttpContext context, string id, TaskEndpoint endpoint) =>
        endpoint.TaskAsync<CheckTaskRequest>(context, id, "check", async (request, loaded, at, token) =>
        {
            var note = Texts.Optional(request.Note, "note", Texts.Note);
            return new Domain.Tasks.CheckTask(request.Passed, await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "note", note, token), request.DueAt, at);
        });
}
