using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary><c>GET /api/cases/{id}/photos/{photo}</c> and <c>GET /api/cases/{id}/attachments/{file}</c></summary>
public static class GetCasePhoto
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/cases/{id}/photos/{photo}", PhotoAsync).Download("getPhoto", "A photo of a case, for those who may see its personal data");
        routes.MapGet("/api/cases/{id}/attachments/{file}", AttachmentAsync).FileDownload("getAttachment", "An attachment of a case, whole or in ranges, for those who may see its personal data");
    }

    private static async Task<IResult> PhotoAsync(HttpContext context, string id, string photo, CaseStreams streams, NamedFiles named, OrganizationDirectory organization)
    {
        var loaded = await OpenAsync(context, id, streams, organization);
        // Only a photo of this case: a hash is no key to everybody's files.
        if (!loaded.Facts.Any(fact => CasePhotos.Of(fact.Fact.Event).Contains(photo, StringComparer.Ordinal)))
            throw NamedFiles.Unknown();

        return await named.OpenAsync(context, photo);
    }

    private static async Task<IResult> AttachmentAsync(HttpContext context, string id, string file, CaseStreams streams, NamedFiles named, OrganizationDirectory organization) =>
        await named.DownloadAsync(context, await OpenAsync(context, id, streams, organization), file);

    private static async Task<LoadedCase> OpenAsync(HttpContext context, string id, CaseStreams streams, OrganizationDirectory organization)
    {
        var callers = Callers.From(context.Request, organization);
        var (loaded, file) = await VisibleCase.LoadAsync(id, callers, streams, context.RequestAborted);
        return callers.Any(caller => CaseAccess.MaySeePersonalData(caller, file)) ? loaded : throw Problems.NotAllowed();
    }
}
