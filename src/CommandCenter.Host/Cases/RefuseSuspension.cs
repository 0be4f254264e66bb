using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Not letting it wait (不同意挂账).</summary>
[Example("""{"reason":"资金可先垫付"}""")]
public sealed record RefuseSuspensionRequest(string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class RefuseSuspensionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/refuse-suspension", HandleAsync)
        .Command<RefuseSuspensionRequest>("refuseSuspension", "Refuse a suspension (不同意挂账)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<RefuseSuspensionRequest>(context, id, "refuse-suspension", async (request, loaded, token) =>
        {
            var reason = await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", Texts.Required(request.Reason, "reason", Texts.Note), token);
            return new Domain.Cases.RefuseSuspension(reason);
        });
}
