using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Reviews;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Reviews;

/// <summary>Planning a stay on the spot (计划蹲点): who goes, from when to when, where, and what is to be settled.</summary>
/// <param name="Place">The town, village, grid or yard.</param>
/// <param name="From">When they are to come: within 60 days.</param>
/// <param name="To">When they are to leave, at most 31 days later.</param>
/// <param name="Task">What is to be settled, at most 2,000 characters.</param>
/// <param name="People">Who goes, by id; left out, the caller.</param>
/// <param name="CaseId">The case, listed or not, that it is about; left out where it is about the place.</param>
[Example("""{"place":"500153003003001","from":"2026-12-02T01:00:00Z","to":"2026-12-02T09:00:00Z","task":"现场商定坑洞修补的责任单位和期限。"}""")]
public sealed record PlanGuidanceRequest(
    AreaCode Place, DateTimeOffset From, DateTimeOffset To, string Task, IReadOnlyList<string>? People = null, string? CaseId = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class PlanGuidanceEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/guidances/plan", HandleAsync)
        .Command<PlanGuidanceRequest>("planGuidance", "Plan a stay on the spot (计划蹲点)", created: true, tag: "Reviews");

    private static Task<IResult> HandleAsync(HttpContext context, ReviewEndpoint endpoint, Identifiers identifiers) =>
        endpoint.GuidanceAsync<PlanGuidanceRequest>(
            context, identifiers.New(), "plan",
            async (request, loaded, at, token) =>
            {
                var people = await endpoint.StayAsync(context, request.Place, request.CaseId, request.People, token);
                var task = await endpoint.TextAsync(loaded.Stream, "task", request.Task, Texts.FreeText, token);
                return new Domain.Reviews.PlanGuidance(new GuidancePlanned(request.Place, request.From, request.To, people, task, request.CaseId), at);
            },
            (request, work) => work.Of(caller => ReviewAccess.MayRecord(caller, request.Place)));
}
