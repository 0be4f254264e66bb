using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Organization;

/// <summary>A post or department is no more (撤销). Refused with the list while work is open with it, unless somebody goes on with that.</summary>
/// <param name="Town">For posts.</param>
/// <param name="Successor">A unit of the same kind that goes on with its work, for a post in the same town.</param>
[Example("""{"unit":"post:ecology","town":"500153003","successor":"post:village-construction","on":"2026-12-01"}""")]
public sealed record CloseUnitRequest(Unit Unit, AreaCode? Town = null, Unit? Successor = null, DateOnly? On = null, DateTimeOffset? HappenedAt = null) : IOrganizationRequest;

public static class CloseUnitEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/organization/close-unit", HandleAsync)
        .Command<CloseUnitRequest>("closeUnit", "Close a post or department, with a successor for its open work (撤销)", tag: "Organization");

    private static Task<IResult> HandleAsync(HttpContext context, OrganizationEndpoint endpoint) =>
        endpoint.HandleAsync<CloseUnitRequest>(context, "close-unit", async (request, on, today, token) =>
            new CloseUnit(request.Unit, request.Town, request.Successor, await endpoint.OpenWorkAsync(token), on, today));
}
