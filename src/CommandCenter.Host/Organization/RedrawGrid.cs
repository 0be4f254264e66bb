using System.Text.Json;
using CommandCenter.Domain;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Organization;

/// <summary>A grid gets another border (网格重新划分).</summary>
/// <param name="Polygons">As the coordinates of a GeoJSON MultiPolygon: polygons of rings of points [longitude, latitude] in degrees.</param>
/// <param name="System">Of the points: WGS-84 when left out.</param>
[Example("""{"grid":"500153003001001","polygons":[[[[105.49,29.34],[105.50,29.34],[105.50,29.35],[105.49,29.34]]]],"on":"2026-12-01"}""")]
public sealed record RedrawGridRequest(
    AreaCode Grid, IReadOnlyList<IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>>> Polygons, CoordinateSystem System = CoordinateSystem.Wgs84, DateOnly? On = null, DateTimeOffset? HappenedAt = null) : IOrganizationRequest;

public static class RedrawGridEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/organization/redraw", HandleAsync)
        .Command<RedrawGridRequest>("redrawGrid", "Draw a grid's border anew (网格重新划分)", tag: "Organization");

    private static Task<IResult> HandleAsync(HttpContext context, OrganizationEndpoint endpoint) =>
        endpoint.HandleAsync<RedrawGridRequest>(context, "redraw", (request, on, today, _) =>
            Task.FromResult<OrganizationCommand>(new RedrawGrid(Border(request), on, today)));

    // By the rules of the files, so that what is drawn by hand can be imported again.
    private static GridBorder Border(RedrawGridRequest request)
    {
        var file = JsonSerializer.Serialize(new
        {
            type = "FeatureCollection",
            coordinate_system = Names.Of(request.System),
            features = new[] { new { type = "Feature", properties = new { code = request.Grid.Value }, geometry = new { type = "MultiPolygon", coordinates = request.Polygons } } },
        });
        var (border, errors) = OrganizationReader.ReadBorder(file);
        return border ?? throw new ProblemException(422, "organization.border_broken", new(errors[0].MessageZh + "。", errors[0].MessageEn), "polygons");
    }
}
