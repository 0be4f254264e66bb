using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Whistles;

/// <summary>Reporting in on the spot (部门报到). How far the place is from the whistle's area is kept with it.</summary>
/// <param name="Point">Where the person is.</param>
[Example("""{"point":{"latitude":29.3421,"longitude":105.5024,"accuracyMetres":12,"system":"wgs84"}}""")]
public sealed record ArriveRequest(PointRequest Point, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class ArriveEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/whistles/{id}/calls/{call:int}/arrive", HandleAsync)
        .Command<ArriveRequest>("arriveAtCall", "Report in on the spot (部门报到)", tag: "Whistles");

    private static Task<IResult> HandleAsync(HttpContext context, string id, int call, WhistleEndpoint endpoint) =>
        endpoint.CallAsync<ArriveRequest>(context, id, call, "arrive", (request, loaded, _) =>
        {
            var (point, reported) = request.Point.Read();
            var distance = GridDistance.Metres(endpoint.Organization.Borders, ((Whistle.Known)loaded.State).File.Area, point);
            return Task.FromResult<WhistleCommand>(new ArriveAtCall(call, reported, distance));
        });
}
