using CommandCenter.Domain.Access;
using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Admissions;

/// <summary>A matter of the catalogue, with the tiers that it may be given to.</summary>
/// <param name="Tiers">The town, its villages and their grids, in this order.</param>
public sealed record MatterView(string Code, string Name, string NameEn, Sector Sector, string DefaultPost, IReadOnlyList<MatterTier> Tiers);

/// <summary>The catalogue of matters at a place.</summary>
public sealed record MatterList(AreaCode Area, IReadOnlyList<MatterView> Items);

/// <summary><c>GET /api/matters</c></summary>
public static class ListMatters
{
    private static readonly IReadOnlyList<QueryOption> Options =
        [new("area", "area code: of its own town, village and grid, or of what holds for all of those inside; by default the caller's place")];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/matters", HandleAsync)
        .Query<MatterList>("listMatters", "The catalogue of matters with its three tiers (三级事项清单)", Options);

    private static async Task<IResult> HandleAsync(HttpContext context, AdmissionStreams streams, OrganizationDirectory organization, TimeProvider clock)
    {
        var callers = Callers.From(context.Request, organization);
        if (!callers.Any(AdmissionAccess.MaySee))
            throw Problems.NotAllowed();
        var area = context.Request.Query["area"].ToString() switch
        {
            "" => callers[0].Seat.Place,
            var text when AreaCode.TryParse(text, out var code) && organization.FindArea(code) is not null => code,
            _ => throw AdmissionEndpoint.AreaUnknown(),
        };

        var now = clock.GetUtcNow();
        var (book, _) = await streams.BasisAsync([area], context.RequestAborted);
        return TypedResults.Ok(new MatterList(area, [.. organization.Categories.Select(category =>
            new MatterView(category.Code, category.Name, category.NameEn, category.Sector, category.DefaultPost, book.TiersOf(area, category.Code, now)))]));
    }
}
