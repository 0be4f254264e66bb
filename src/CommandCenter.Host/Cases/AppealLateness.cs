using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Saying after closing why it was late (超时申诉), once; a unit that the case has left says it of its own runs.</summary>
[Example("""{"reason":"连日暴雨无法施工"}""")]
public sealed record AppealLatenessRequest(string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class AppealLatenessEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/appeal-lateness", HandleAsync)
        .Command<AppealLatenessRequest>("appealLateness", "Appeal against lateness (超时申诉)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<AppealLatenessRequest>(context, id, "appeal-lateness", async (request, loaded, token) =>
        {
            var reason = await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", Texts.Required(request.Reason, "reason", Texts.Note), token);
            var file = ((Case.Known)loaded.State).File;
            var callers = Callers.From(context.Request, endpoint.Organization);
            var own = callers.Any(caller => CaseAccess.HasUnit(caller, file)) ? null : callers.Select(caller => CaseAccess.OwnLateRun(caller, file)).FirstOrDefault(run => run is not null);
            return new Domain.Cases.AppealLateness(reason, own?.Unit, CaseAccess.BenchFor("review-appeal", loaded.State, endpoint.Organization));
        });
}
