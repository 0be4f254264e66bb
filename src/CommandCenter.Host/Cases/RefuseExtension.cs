using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Refusing more time (不同意延期).</summary>
[Example("""{"reason":"请按期完成"}""")]
public sealed record RefuseExtensionRequest(string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class RefuseExtensionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/refuse-extension", HandleAsync)
        .Command<RefuseExtensionRequest>("refuseExtension", "Refuse more time (不同意延期)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<RefuseExtensionRequest>(context, id, "refuse-extension", async (request, loaded, token) =>
        {
            var reason = await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", Texts.Required(request.Reason, "reason", Texts.Note), token);
            return new Domain.Cases.RefuseExtension(reason);
        });
}
