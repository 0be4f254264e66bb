using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Organization;

/// <summary>An area, a post or a department gets other names (更名); the code stays.</summary>
/// <param name="Area">The code of an area of any tier; left out where a post or department is meant.</param>
/// <param name="Unit"><c>post:ecology</c> or <c>department:water-bureau</c>; left out where an area is meant.</param>
/// <param name="Town">For posts.</param>
[Example("""{"area":"500153003201","name":"沿江村","nameEn":"Yanjiang Village","on":"2026-12-01"}""")]
public sealed record RenameUnitRequest(string Name, string NameEn, AreaCode? Area = null, Unit? Unit = null, AreaCode? Town = null, DateOnly? On = null, DateTimeOffset? HappenedAt = null) : IOrganizationRequest;

public static class RenameUnitEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/organization/rename", HandleAsync)
        .Command<RenameUnitRequest>("renameUnit", "Rename an area, a post or a department (更名)", tag: "Organization");

    private static Task<IResult> HandleAsync(HttpContext context, OrganizationEndpoint endpoint) =>
        endpoint.HandleAsync<RenameUnitRequest>(context, "rename", (request, on, today, _) =>
        {
            if (request.Area is null == request.Unit is null)
                throw Problems.Malformed("Either an area or a unit.", "area");
            return Task.FromResult<OrganizationCommand>(new RenameUnit(
                request.Area, request.Unit, request.Town, Texts.Required(request.Name, "name", Texts.Name), Texts.Required(request.NameEn, "nameEn", Texts.Name), on, today));
        });
}
