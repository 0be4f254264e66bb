using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Taking a dispatched case on (签收).</summary>
[Example("{}")]
public sealed record ClaimCaseRequest(DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class ClaimCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/claim", HandleAsync)
        .Command<ClaimCaseRequest>("claimCase", "Claim it for the post (签收)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<ClaimCaseRequest>(context, id, "claim", (_, _, _) => Task.FromResult<CaseCommand>(new Domain.Cases.ClaimCase()));
}
