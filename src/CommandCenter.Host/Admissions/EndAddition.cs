using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Admissions;

/// <summary>Ending an approved urgent addition before its end date (提前终止); what was given under it goes on.</summary>
[Example("""{"number":1,"reason":"预警解除"}""")]
public sealed record EndAdditionRequest(int Number, string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class EndAdditionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/admissions/{keeper}/end", HandleAsync)
        .Command<EndAdditionRequest>("endAddition", "End an urgent addition early (提前终止)", tag: "Admissions");

    private static Task<IResult> HandleAsync(HttpContext context, string keeper, AdmissionEndpoint endpoint) =>
        endpoint.HandleAsync<EndAdditionRequest>(context, keeper, "end", async (request, loaded, _, token) =>
            new Domain.Admissions.EndAddition(request.Number, await endpoint.ReasonAsync(request.Reason, loaded, token)));
}
