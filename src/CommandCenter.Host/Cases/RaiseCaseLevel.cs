using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>It is beyond its tier (提级): a town's or the district's matter.</summary>
[Example("""{"level":"district","reason":"涉及多部门,镇级难以解决"}""")]
public sealed record RaiseCaseLevelRequest(MatterLevel Level, string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class RaiseCaseLevelEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/raise-level", HandleAsync)
        .Command<RaiseCaseLevelRequest>("raiseCaseLevel", "Change its level (提级)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<RaiseCaseLevelRequest>(context, id, "raise-level", async (request, loaded, token) =>
        {
            var reason = await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", Texts.Required(request.Reason, "reason", Texts.Note), token);
            return new Domain.Cases.RaiseCaseLevel(request.Level, reason);
        });
}
