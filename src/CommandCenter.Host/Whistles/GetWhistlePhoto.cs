using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Whistles;

/// <summary><c>GET /api/whistles/{id}/photos/{photo}</c> and <c>GET /api/whistles/{id}/attachments/{file}</c></summary>
public static class GetWhistlePhoto
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/whistles/{id}/photos/{photo}", PhotoAsync).Download("getWhistlePhoto", "A photo of a whistle, for the whistler, the center and who has one of its calls");
        routes.MapGet("/api/whistles/{id}/attachments/{file}", AttachmentAsync).FileDownload("getWhistleAttachment", "An attachment of a whistle, for the whistler, the center and who has one of its calls");
    }

    private static async Task<IResult> PhotoAsync(HttpContext context, string id, string photo, WhistleStreams streams, NamedFiles named, OrganizationDirectory organization)
    {
        var loaded = await OpenAsync(context, id, streams, organization);
        // Only a photo of this whistle: a hash is no key to everybody's files.
        if (!loaded.Facts.Any(fact => WhistlePhotos.Of(fact.Fact.Event).Contains(photo, StringComparer.Ordinal)))
            throw NamedFiles.Unknown();
        return await named.OpenAsync(context, photo);
    }

    private static async Task<IResult> AttachmentAsync(HttpContext context, string id, string file, WhistleStreams streams, NamedFiles named, OrganizationDirectory organization) =>
        await named.DownloadAsync(context, await OpenAsync(context, id, streams, organization), file);

    private static async Task<LoadedWhistle> OpenAsync(HttpContext context, string id, WhistleStreams streams, OrganizationDirectory organization)
    {
        var callers = Callers.From(context.Request, organization);
        var (loaded, state) = await streams.VisibleAsync(id, callers, context.RequestAborted);
        if (!callers.Any(caller => WhistleAccess.MaySeePersonalData(caller, state.File)))
            throw Problems.NotAllowed();
        return loaded;
    }
}
