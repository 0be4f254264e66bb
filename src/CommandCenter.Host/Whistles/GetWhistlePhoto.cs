using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Whistles;

/// <summary><c>GET /api/whistles/{id}/photos/{photo}</c></summary>
public static class GetWhistlePhoto
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/whistles/{id}/photos/{photo}", HandleAsync)
        .Download("getWhistlePhoto", "A photo of a whistle, for the whistler, the center and who has one of its calls");

    private static async Task<IResult> HandleAsync(HttpContext context, string id, string photo, WhistleStreams streams, NamedPhotos named, OrganizationDirectory organization)
    {
        var callers = Callers.From(context.Request, organization);
        var (loaded, state) = await streams.VisibleAsync(id, callers, context.RequestAborted);
        if (!callers.Any(caller => WhistleAccess.MaySeePersonalData(caller, state.File)))
            throw Problems.NotAllowed();
        // Only a photo of this whistle: a hash is no key to everybody's files.
        if (!loaded.Facts.Any(fact => WhistleViews.PhotosOf(fact.Fact.Event).Contains(photo, StringComparer.Ordinal)))
            throw NamedPhotos.Unknown();
        return await named.OpenAsync(context, photo);
    }
}
