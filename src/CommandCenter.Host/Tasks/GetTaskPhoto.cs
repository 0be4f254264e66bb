using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tasks;

/// <summary><c>GET /api/tasks/{id}/photos/{photo}</c> and <c>GET /api/tasks/{id}/attachments/{file}</c></summary>
public static class GetTaskPhoto
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/tasks/{id}/photos/{photo}", PhotoAsync).Download("getTaskPhoto", "A photo of a task, for who checks it and who acts for its target");
        routes.MapGet("/api/tasks/{id}/attachments/{file}", AttachmentAsync).FileDownload("getTaskAttachment", "An attachment of a task, for who checks it and who acts for its target");
    }

    private static async Task<IResult> PhotoAsync(HttpContext context, string id, string photo, TaskStreams streams, NamedFiles named, OrganizationDirectory organization)
    {
        var loaded = await OpenAsync(context, id, streams, organization);
        // Only a photo of this task: a hash is no key to everybody's files.
        if (!loaded.Facts.Any(fact => TaskPhotos.Of(fact.Fact.Event).Contains(photo, StringComparer.Ordinal)))
            throw NamedFiles.Unknown();
        return await named.OpenAsync(context, photo);
    }

    private static async Task<IResult> AttachmentAsync(HttpContext context, string id, string file, TaskStreams streams, NamedFiles named, OrganizationDirectory organization) =>
        await named.DownloadAsync(context, await OpenAsync(context, id, streams, organization), file);

    private static async Task<LoadedTask> OpenAsync(HttpContext context, string id, TaskStreams streams, OrganizationDirectory organization)
    {
        var callers = Callers.From(context.Request, organization);
        var (loaded, state) = await TaskViews.VisibleTaskAsync(id, callers, streams, context.RequestAborted);
        if (!callers.Any(caller => TaskAccess.MaySeePersonalData(caller, state.File)))
            throw Problems.NotAllowed();
        return loaded;
    }
}
