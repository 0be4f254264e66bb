using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Not taking a case from another town, with the reason (移送拒收).</summary>
[Example("""{"reason":"现场不在本镇地界"}""")]
public sealed record DeclineCaseTransferRequest(string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class DeclineCaseTransferEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/decline-transfer", HandleAsync)
        .Command<DeclineCaseTransferRequest>("declineCaseTransfer", "Decline it (移送拒收)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<DeclineCaseTransferRequest>(context, id, "decline-transfer", async (request, loaded, token) =>
        {
            var reason = await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", Texts.Required(request.Reason, "reason", Texts.Note), token);
            return new Domain.Cases.DeclineCaseTransfer(reason);
        });
}
