using System.Globalization;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Organization;

/// <summary>An area of the organization.</summary>
/// <param name="Households">For yards.</param>
public sealed record AreaView(AreaCode Code, string Name, string NameEn, AreaLevel Level, int? Households = null);

/// <summary>One of the four sectors.</summary>
public sealed record SectorView(Sector Code, string Name, string NameEn);

/// <summary>The organization: areas, sectors, posts, people, categories with their closing standards, the district's departments, and the one-matter templates.</summary>
public sealed record OrganizationView(
    string TimeZone, IReadOnlyList<AreaView> Areas, IReadOnlyList<SectorView> Sectors, IReadOnlyList<Post> Posts, IReadOnlyList<Person> People, IReadOnlyList<Category> Categories,
    IReadOnlyList<Department> Departments, IReadOnlyList<OneMatter> OneMatters);

/// <summary>The grid of a point, with the names from the town down.</summary>
public sealed record GridView(AreaCode Grid, IReadOnlyList<string> Names);

/// <summary><c>GET /api/organization</c> and <c>GET /api/organization/grid-at</c></summary>
public static class GetOrganization
{
    private static readonly SectorView[] Sectors =
    [
        new(Sector.PartyBuilding, "党的建设", "Party building"),
        new(Sector.Economy, "经济发展", "Economy"),
        new(Sector.Livelihood, "民生服务", "Livelihood"),
        new(Sector.SafetyAndLaw, "平安法治", "Safety and law"),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/organization", Get).Query<OrganizationView>("getOrganization", "Areas, posts, people and categories", anonymous: true);
        routes.MapGet("/api/organization/grid-at", GridAt).Query<GridView>(
            "gridAt", "The grid that holds a point", [new("latitude", "degrees", typeof(double), Required: true), new("longitude", "degrees", typeof(double), Required: true), new("system", "wgs84 when left out", typeof(CoordinateSystem))], anonymous: true);
    }

    // Without an actor: whoever opens a page must be able to say who they are first.
    private static IResult Get(OrganizationDirectory organization) => TypedResults.Ok(new OrganizationView(
        organization.TimeZone.Id,
        [.. organization.Areas.Select(area => new AreaView(area.Code, area.Name, area.NameEn, area.Code.Level, area.Households))],
        Sectors, organization.Posts, organization.People, organization.Categories, organization.Departments, organization.OneMatters));

    private static IResult GridAt(HttpContext context, OrganizationDirectory organization)
    {
        var query = context.Request.Query;
        var system = CoordinateSystem.Wgs84;
        if (query["system"].ToString() is { Length: > 0 } named && !Names.TryParse(named, out system))
            throw Problems.Malformed("system is wgs84, gcj02 or bd09.", "system");
        if (Coordinates.FromDegrees(Degrees(query, "latitude"), Degrees(query, "longitude"), system) is not GeoPointReading.Read { Point: var point })
            throw Problems.OutOfRange("latitude, longitude", "−90…90, −180…180");
        if (organization.GridAt(point) is not { } grid)
            throw new ProblemException(422, "place.outside_district", new("位置不在本辖区任何网格内。", "The point lies in no grid of this district."), "point");

        AreaLevel[] levels = [AreaLevel.Town, AreaLevel.Village, AreaLevel.Grid];
        return TypedResults.Ok(new GridView(grid, [.. levels.Select(level => organization.FindArea(grid.At(level)!.Value)?.Name ?? "")]));
    }

    private static double Degrees(IQueryCollection query, string name) =>
        double.TryParse(query[name].ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && double.IsFinite(degrees)
            ? degrees
            : throw Problems.Malformed("Degrees as a decimal number.", name);
}
