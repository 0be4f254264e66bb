using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Asking another town of the district to take a case that lies there (申请移送).</summary>
/// <param name="Area">The other town, or a grid of it.</param>
[Example("""{"area":"500153004","reason":"现场在邻镇地界"}""")]
public sealed record RequestCaseTransferRequest(AreaCode Area, string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class RequestCaseTransferEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/request-transfer", HandleAsync)
        .Command<RequestCaseTransferRequest>("requestCaseTransfer", "Ask another town to take it (申请移送)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<RequestCaseTransferRequest>(context, id, "request-transfer", async (request, loaded, token) =>
        {
            if (endpoint.Organization.FindArea(request.Area) is null || request.Area.Level < AreaLevel.Town)
                throw CaseProblems.AreaUnknown();
            var reason = await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", Texts.Required(request.Reason, "reason", Texts.Note), token);
            return new Domain.Cases.RequestCaseTransfer(request.Area, reason);
        });
}
