using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Taking a case from another town (移送接收), and placing it.</summary>
/// <param name="Area">The grid or yard of this town where it is.</param>
[Example("""{"area":"500153004001001"}""")]
public sealed record AcceptCaseTransferRequest(AreaCode Area, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class AcceptCaseTransferEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/accept-transfer", HandleAsync)
        .Command<AcceptCaseTransferRequest>("acceptCaseTransfer", "Take it from the other town (移送接收)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<AcceptCaseTransferRequest>(context, id, "accept-transfer", (request, loaded, token) =>
        {
            if (endpoint.Organization.FindArea(request.Area) is null || request.Area.Level is not (AreaLevel.Grid or AreaLevel.Yard))
                throw CaseProblems.AreaUnknown();
            return Task.FromResult<CaseCommand>(new Domain.Cases.AcceptCaseTransfer(request.Area));
        });
}
