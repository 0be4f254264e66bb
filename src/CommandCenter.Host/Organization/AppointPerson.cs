using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Organization;

/// <summary>Somebody takes a seat (任命).</summary>
/// <param name="Seat">The sector for sector leads, the post for post handlers, the department for people of one.</param>
/// <param name="Until">The last day; until further notice when left out.</param>
[Example("""{"person":"grid-worker-02","seat":{"role":"yard_head","place":"500153003001002001"},"on":"2026-12-01"}""")]
public sealed record AppointPersonRequest(string Person, RoleAt Seat, DateOnly? Until = null, DateOnly? On = null, DateTimeOffset? HappenedAt = null) : IOrganizationRequest;

public static class AppointPersonEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/organization/appoint", HandleAsync)
        .Command<AppointPersonRequest>("appointPerson", "Give somebody a seat (任命)", tag: "Organization");

    private static Task<IResult> HandleAsync(HttpContext context, OrganizationEndpoint endpoint) =>
        endpoint.HandleAsync<AppointPersonRequest>(context, "appoint", (request, on, today, _) =>
            Task.FromResult<OrganizationCommand>(new AppointPerson(OrganizationEndpoint.Id(request.Person, "person"), request.Seat, request.Until, on, today)));
}
