using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace CommandCenter.Host.Organization;

/// <summary>The outlines of the areas under a scope, as GeoJSON (RFC 7946): towns of a district, else grids. Areas whose borders nobody has told are missing.</summary>
/// <param name="Type"><c>FeatureCollection</c></param>
public sealed record BorderCollection(string Type, IReadOnlyList<BorderFeature> Features);

/// <param name="Type"><c>Feature</c></param>
public sealed record BorderFeature(string Type, BorderProperties Properties, BorderGeometry Geometry);

public sealed record BorderProperties(AreaCode Code, string Name, string NameEn);

/// <param name="Type"><c>MultiPolygon</c></param>
/// <param name="Coordinates">Polygons of rings of points; a point is longitude and latitude in degrees (WGS-84).</param>
public sealed record BorderGeometry(string Type, IReadOnlyList<IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>>> Coordinates);

/// <summary><c>GET /api/organization/borders</c></summary>
public static class GetBorders
{
    private static readonly IReadOnlyList<QueryOption> Options = [new("scope", "area code; by default the caller's place")];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/organization/borders", HandleAsync).Produces(StatusCodes.Status304NotModified)
        .Query<BorderCollection>("getBorders", "The outlines of the areas under a scope, for its map", Options);

    private static async Task<IResult> HandleAsync(HttpContext context, LiveOrganization live, BorderPages pages)
    {
        await live.WaitAsync(ETags.MinPosition(context.Request), context.RequestAborted);
        var organization = live.Now;
        var callers = Callers.From(context.Request, organization);
        var scope = BoardScope.Of(context.Request, callers);

        // Borders change once in years: a wall may keep them, and asks whether they still hold.
        context.Response.Headers.CacheControl = "no-cache";
        return pages.Of(organization, scope);
    }
}

/// <summary>The maps of scopes as bytes, drawn once for as long as no border is redrawn and no area renamed.</summary>
public sealed class BorderPages(IOptions<JsonOptions> json)
{
    /// <summary>More scopes than a district has towns and villages on its walls.</summary>
    private const int MostKept = 200;

    private volatile Kept? _kept;

    public IResult Of(OrganizationDirectory organization, AreaCode scope)
    {
        if (_kept is not { } kept || kept.Borders != organization.Borders || kept.Areas != organization.Areas || kept.Pages.Count > MostKept)
            _kept = kept = new Kept(organization.Borders, organization.Areas, new ConcurrentDictionary<AreaCode, Lazy<Page>>());
        // Drawn once, although every wall asks for it in the moment after a change.
        var page = kept.Pages.GetOrAdd(scope, asked => new Lazy<Page>(() => Draw(organization, asked))).Value;
        return TypedResults.Bytes(page.Bytes, "application/json; charset=utf-8", entityTag: page.Tag);
    }

    private Page Draw(OrganizationDirectory organization, AreaCode scope)
    {
        var features = AreaOutline.Within(scope, organization.Borders)
            .Select(outline => organization.FindArea(outline.Area) is { } area ? new BorderFeature("Feature", new BorderProperties(area.Code, area.Name, area.NameEn), Geometry(outline)) : null);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new BorderCollection("FeatureCollection", [.. features.OfType<BorderFeature>()]), json.Value.SerializerOptions);
        return new Page(bytes, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\""));
    }

    private static BorderGeometry Geometry(AreaOutline outline) => new(
        "MultiPolygon",
        [.. outline.Polygons.Select(rings => (IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>>)[.. rings.Select(ring => (IReadOnlyList<IReadOnlyList<double>>)[.. ring.Select(Degrees)])])]);

    // Ten centimetres, of which no map shows more.
    private static IReadOnlyList<double> Degrees(GeoPoint point) => [Math.Round(point.LongitudeE7 / 1e7, 6), Math.Round(point.LatitudeE7 / 1e7, 6)];

    private sealed record Kept(IReadOnlyList<GridBorder> Borders, IReadOnlyList<Area> Areas, ConcurrentDictionary<AreaCode, Lazy<Page>> Pages);

    private sealed record Page(byte[] Bytes, EntityTagHeaderValue Tag);
}
