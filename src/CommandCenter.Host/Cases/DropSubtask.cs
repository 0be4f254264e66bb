using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>A part of the work is not needed (子任务取消).</summary>
[Example("""{"number":1,"reason":"由施工方自备"}""")]
public sealed record DropSubtaskRequest(int Number, string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class DropSubtaskEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/drop-subtask", HandleAsync)
        .Command<DropSubtaskRequest>("dropSubtask", "Drop a part of the work (子任务取消)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<DropSubtaskRequest>(context, id, "drop-subtask", async (request, loaded, token) =>
        {
            var reason = await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", Texts.Required(request.Reason, "reason", Texts.Note), token);
            return new Domain.Cases.DropSubtask(request.Number, reason);
        });
}
