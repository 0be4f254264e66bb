using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Organization;

/// <summary>Somebody leaves a seat (免职).</summary>
/// <param name="On">The first day without them; today when left out.</param>
[Example("""{"person":"post-handler-05","seat":{"role":"post_handler","place":"500153003","post":"village-construction"},"on":"2026-12-01"}""")]
public sealed record RelievePersonRequest(string Person, RoleAt Seat, DateOnly? On = null, DateTimeOffset? HappenedAt = null) : IOrganizationRequest;

public static class RelievePersonEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/organization/relieve", HandleAsync)
        .Command<RelievePersonRequest>("relievePerson", "Take somebody out of a seat (免职)", tag: "Organization");

    private static Task<IResult> HandleAsync(HttpContext context, OrganizationEndpoint endpoint) =>
        endpoint.HandleAsync<RelievePersonRequest>(context, "relieve", (request, on, today, _) =>
            Task.FromResult<OrganizationCommand>(new RelievePerson(OrganizationEndpoint.Id(request.Person, "person"), request.Seat, on, today)));
}
