using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Asking for more time before the limit runs out (申请延期): at most twice, each time at most as much as the limit.</summary>
/// <param name="Amount">In the unit of the limit that runs.</param>
[Example("""{"amount":1,"reason":"需等材料进场"}""")]
public sealed record AskExtensionRequest(int Amount, string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class AskExtensionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/ask-extension", HandleAsync)
        .Command<AskExtensionRequest>("askExtension", "Ask for more time (申请延期)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<AskExtensionRequest>(context, id, "ask-extension", async (request, loaded, at, token) =>
        {
            var reason = await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", Texts.Required(request.Reason, "reason", Texts.Note), token);
            return new Domain.Cases.AskExtension(request.Amount, reason, at, CaseAccess.BenchFor("approve-extension", loaded.State, endpoint.Organization));
        });
}
