using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Organization;

/// <summary>Somebody leaves one seat and takes another on the same day (调任).</summary>
[Example("""{"person":"grid-worker-02","from":{"role":"grid_worker","place":"500153003001002"},"to":{"role":"grid_worker","place":"500153003001003"},"on":"2026-12-01"}""")]
public sealed record MovePersonRequest(string Person, RoleAt From, RoleAt To, DateOnly? On = null, DateTimeOffset? HappenedAt = null) : IOrganizationRequest;

public static class MovePersonEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/organization/move", HandleAsync)
        .Command<MovePersonRequest>("movePerson", "Move somebody from one seat to another (调任)", tag: "Organization");

    private static Task<IResult> HandleAsync(HttpContext context, OrganizationEndpoint endpoint) =>
        endpoint.HandleAsync<MovePersonRequest>(context, "move", (request, on, today, _) =>
            Task.FromResult<OrganizationCommand>(new MovePerson(OrganizationEndpoint.Id(request.Person, "person"), request.From, request.To, on, today)));
}
