using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Meetings;

/// <summary><c>GET /api/meetings/{id}/photos/{photo}</c></summary>
public static class GetMeetingPhoto
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/meetings/{id}/photos/{photo}", HandleAsync)
        .Download("getMeetingPhoto", "A photo of a meeting, for the yard and for who keeps its account");

    private static async Task<IResult> HandleAsync(HttpContext context, string id, string photo, MeetingStreams streams, NamedPhotos named, OrganizationDirectory organization)
    {
        var callers = Callers.From(context.Request, organization);
        var (loaded, file) = await MeetingEndpoint.VisibleAsync(id, callers, streams, context.RequestAborted);
        if (!callers.Any(caller => MeetingAccess.MaySeePersonalData(caller, file)))
            throw Problems.NotAllowed();
        // Only a photo of this meeting: a hash is no key to everybody's files.
        if (!loaded.Facts.Any(fact => MeetingEndpoint.PhotosOf(fact.Fact.Event).Contains(photo, StringComparer.Ordinal)))
            throw NamedPhotos.Unknown();
        return await named.OpenAsync(context, photo);
    }
}
