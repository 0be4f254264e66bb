using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Taking a closed case up again (重新办理), within thirty days.</summary>
[Example("""{"reason":"路面再次塌陷"}""")]
public sealed record ReopenCaseRequest(string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class ReopenCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/reopen", HandleAsync)
        .Command<ReopenCaseRequest>("reopenCase", "Take a closed case up again (重新办理)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<ReopenCaseRequest>(context, id, "reopen", async (request, loaded, at, token) =>
        {
            var reason = await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", Texts.Required(request.Reason, "reason", Texts.Note), token);
            return new Domain.Cases.ReopenCase(reason, at);
        });
}
