using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Reviews;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Reviews;

/// <summary>Those who were to stay on the spot have come (到达现场).</summary>
/// <param name="Place">Where they are, within the planned place; left out, the planned place.</param>
/// <param name="Arrived">When they came; left out, now.</param>
[Example("""{"place":"500153003003001"}""")]
public sealed record BeginGuidanceRequest(AreaCode? Place = null, DateTimeOffset? Arrived = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class BeginGuidanceEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/guidances/{id}/begin", HandleAsync)
        .Command<BeginGuidanceRequest>("beginGuidance", "Say that those who stay on the spot have come", tag: "Reviews");

    private static Task<IResult> HandleAsync(HttpContext context, string id, ReviewEndpoint endpoint) =>
        endpoint.GuidanceAsync<BeginGuidanceRequest>(context, id, "begin", (request, _, at, _) =>
            Task.FromResult<GuidanceCommand>(new Domain.Reviews.BeginGuidance(request.Place is { } place ? endpoint.Area(place) : null, request.Arrived, at)));
}
