using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tasks;

/// <summary><c>GET /api/tasks/{id}/photos/{photo}</c></summary>
public static class GetTaskPhoto
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/tasks/{id}/photos/{photo}", HandleAsync)
        .Download("getTaskPhoto", "A photo of a task, for who checks it and who acts for its target");

    private static async Task<IResult> HandleAsync(HttpContext context, string id, string photo, TaskStreams streams, NamedPhotos named, OrganizationDirectory organization)
    {
        var callers = Callers.From(context.Request, organization);
        var (loaded, state) = await TaskViews.VisibleTaskAsync(id, callers, streams, context.RequestAborted);
        if (!callers.Any(caller => TaskAccess.MaySeePersonalData(caller, state.File)))
            throw Problems.NotAllowed();
        // Only a photo of this task: a hash is no key to everybody's files.
        if (!loaded.Facts.Any(fact => TaskViews.PhotosOf(fact.Fact.Event).Contains(photo, StringComparer.Ordinal)))
            throw NamedPhotos.Unknown();
        return await named.OpenAsync(context, photo);
    }
}
