using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>A lower tier can settle it (降级).</summary>
[Example("""{"level":"village","reason":"村里可以办"}""")]
public sealed record LowerCaseLevelRequest(MatterLevel Level, string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class LowerCaseLevelEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/lower-level", HandleAsync)
        .Command<LowerCaseLevelRequest>("lowerCaseLevel", "Change its level (降级)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<LowerCaseLevelRequest>(context, id, "lower-level", async (request, loaded, token) =>
        {
            var reason = await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", Texts.Required(request.Reason, "reason", Texts.Note), token);
            return new Domain.Cases.LowerCaseLevel(request.Level, reason);
        });
}
