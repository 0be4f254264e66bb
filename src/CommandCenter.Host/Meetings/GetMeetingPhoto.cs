using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Meetings;

/// <summary><c>GET /api/meetings/{id}/photos/{photo}</c> and <c>GET /api/meetings/{id}/attachments/{file}</c></summary>
public static class GetMeetingPhoto
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/meetings/{id}/photos/{photo}", PhotoAsync).Download("getMeetingPhoto", "A photo of a meeting, for the yard and for who keeps its account");
        routes.MapGet("/api/meetings/{id}/attachments/{file}", AttachmentAsync).FileDownload("getMeetingAttachment", "An attachment of a meeting, for the yard and for who keeps its account");
    }

    private static async Task<IResult> PhotoAsync(HttpContext context, string id, string photo, MeetingStreams streams, NamedFiles named, OrganizationDirectory organization)
    {
        var loaded = await OpenAsync(context, id, streams, organization);
        // Only a photo of this meeting: a hash is no key to everybody's files.
        if (!loaded.Facts.Any(fact => MeetingPhotos.Of(fact.Fact.Event).Contains(photo, StringComparer.Ordinal)))
            throw NamedFiles.Unknown();
        return await named.OpenAsync(context, photo);
    }

    private static async Task<IResult> AttachmentAsync(HttpContext context, string id, string file, MeetingStreams streams, NamedFiles named, OrganizationDirectory organization) =>
        await named.DownloadAsync(context, await OpenAsync(context, id, streams, organization), file);

    private static async Task<LoadedMeeting> OpenAsync(HttpContext context, string id, MeetingStreams streams, OrganizationDirectory organization)
    {
        var callers = Callers.From(context.Request, organization);
        var (loaded, file) = await MeetingEndpoint.VisibleAsync(id, callers, streams, context.RequestAborted);
        if (!callers.Any(caller => MeetingAccess.MaySeePersonalData(caller, file)))
            throw Problems.NotAllowed();
        return loaded;
    }
}
