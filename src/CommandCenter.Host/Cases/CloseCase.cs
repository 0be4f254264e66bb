using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Closing a case (结案).</summary>
[Example("""{"summary":"管网修复完成,群众满意"}""")]
public sealed record CloseCaseRequest(string? Summary = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class CloseCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/close", HandleAsync)
        .Command<CloseCaseRequest>("closeCase", "Close it (结案)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<CloseCaseRequest>(context, id, "close", async (request, loaded, token) =>
        {
            var summary = Texts.Optional(request.Summary, "summary", Texts.Note);
            return new Domain.Cases.CloseCase(await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "summary", summary, token), Standard.Of(loaded, endpoint)?.RatingNeeded == true);
        });
}
