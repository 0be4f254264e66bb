using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Answering for an emergency that rings (警报确认): every wall is silent from then on.</summary>
/// <param name="Wall">The area whose wall it is done at; left out at a desk.</param>
[Example("""{"wall":"500153003"}""")]
public sealed record AcknowledgeAlarmRequest(AreaCode? Wall = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class AcknowledgeAlarmEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/acknowledge-alarm", HandleAsync)
        .Command<AcknowledgeAlarmRequest>("acknowledgeAlarm", "Answer for an emergency that rings on the walls (警报确认)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<AcknowledgeAlarmRequest>(context, id, "acknowledge-alarm", (request, loaded, _) =>
            request.Wall is { } wall && !(loaded.State is Case.Known { File.Area: var area } && wall.Contains(area))
                ? throw CaseProblems.WallElsewhere()
                : Task.FromResult<CaseCommand>(new AcknowledgeAlarm(request.Wall)));
}
