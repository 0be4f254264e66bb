using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Admissions;

/// <summary>Asking to give something that the list does not hold (紧急新增), for a while; somebody else approves.</summary>
/// <param name="Area">Where, with all areas inside.</param>
/// <param name="Until">When it ends, at most 90 days ahead.</param>
[Example("""{"area":"500153003001","matter":"geological-hazard","reason":"强降雨红色预警，需逐户排查","until":"2026-12-01T16:00:00Z"}""")]
public sealed record RequestAdditionRequest(AreaCode Area, string Matter, string Reason, DateTimeOffset Until, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class RequestAdditionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/admissions/{keeper}/request", HandleAsync)
        .Command<RequestAdditionRequest>("requestAddition", "Ask for an urgent addition (紧急新增)", tag: "Admissions");

    private static Task<IResult> HandleAsync(HttpContext context, string keeper, AdmissionEndpoint endpoint) =>
        endpoint.HandleAsync<RequestAdditionRequest>(context, keeper, "request", async (request, loaded, at, token) => new Domain.Admissions.RequestAddition(
            endpoint.Area(request.Area, loaded), endpoint.Matter(request.Matter, "matter"), await endpoint.ReasonAsync(request.Reason, loaded, token), request.Until, at));
}
