using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Admissions;

/// <summary>Not approving an urgent addition (不予批准); the reason is required.</summary>
[Example("""{"number":1,"reason":"可由应急队伍完成，不需下派网格"}""")]
public sealed record RejectAdditionRequest(int Number, string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class RejectAdditionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/admissions/{keeper}/reject", HandleAsync)
        .Command<RejectAdditionRequest>("rejectAddition", "Reject an urgent addition (不予批准)", tag: "Admissions");

    private static Task<IResult> HandleAsync(HttpContext context, string keeper, AdmissionEndpoint endpoint) =>
        endpoint.HandleAsync<RejectAdditionRequest>(context, keeper, "reject", async (request, loaded, _, token) =>
            new Domain.Admissions.RejectAddition(request.Number, await endpoint.ReasonAsync(request.Reason, loaded, token)));
}
