using CommandCenter.Domain.Whistles;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Whistles;

/// <summary>Saying that a unit need not come, or come to an end, any more (撤销); the reason is required.</summary>
[Example("""{"reason":"另一部门已一并处理"}""")]
public sealed record DropCallRequest(string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class DropCallEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/whistles/{id}/calls/{call:int}/drop", HandleAsync)
        .Command<DropCallRequest>("dropCall", "Drop one call with a reason (撤销)", tag: "Whistles");

    private static Task<IResult> HandleAsync(HttpContext context, string id, int call, WhistleEndpoint endpoint) =>
        endpoint.CallAsync<DropCallRequest>(context, id, call, "drop", async (request, loaded, token) =>
            new Domain.Whistles.DropCall(call, await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", Texts.Required(request.Reason, "reason", Texts.Note), token)));
}
