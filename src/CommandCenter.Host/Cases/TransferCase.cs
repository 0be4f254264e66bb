using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>The district decides which town has the case (指定移送).</summary>
/// <param name="Area">The grid or yard of the town that gets it.</param>
[Example("""{"area":"500153004001001","reason":"经查现场属该镇"}""")]
public sealed record TransferCaseRequest(AreaCode Area, string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class TransferCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/transfer", HandleAsync)
        .Command<TransferCaseRequest>("transferCase", "Decide which town has it (指定移送)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<TransferCaseRequest>(context, id, "transfer", async (request, loaded, token) =>
        {
            if (endpoint.Organization.FindArea(request.Area) is null || request.Area.Level is not (AreaLevel.Grid or AreaLevel.Yard))
                throw CaseProblems.AreaUnknown();
            var reason = await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", Texts.Required(request.Reason, "reason", Texts.Note), token);
            return new Domain.Cases.TransferCase(request.Area, reason);
        });
}
