using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Organization;

/// <summary>Somebody leaves the organization with all their seats (离任).</summary>
/// <param name="On">The first day without them; today when left out.</param>
[Example("""{"person":"grid-worker-18","on":"2026-12-01"}""")]
public sealed record DismissPersonRequest(string Person, DateOnly? On = null, DateTimeOffset? HappenedAt = null) : IOrganizationRequest;

public static class DismissPersonEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/organization/dismiss", HandleAsync)
        .Command<DismissPersonRequest>("dismissPerson", "Somebody leaves with all their seats (离任)", tag: "Organization");

    private static Task<IResult> HandleAsync(HttpContext context, OrganizationEndpoint endpoint) =>
        endpoint.HandleAsync<DismissPersonRequest>(context, "dismiss", (request, on, today, _) =>
            Task.FromResult<OrganizationCommand>(new DismissPerson(OrganizationEndpoint.Id(request.Person, "person"), on, today)));
}
