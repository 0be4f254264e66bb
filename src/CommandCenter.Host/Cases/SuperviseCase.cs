using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>A leader has the case watched; the unit answers (督办, S0-11).</summary>
[Example("""{"note":"本周内办结,每日报进展"}""")]
public sealed record SuperviseCaseRequest(string Note, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class SuperviseCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/supervise", HandleAsync)
        .Command<SuperviseCaseRequest>("superviseCase", "Have it watched (督办)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<SuperviseCaseRequest>(context, id, "supervise", async (request, loaded, token) =>
        {
            var note = await endpoint.Personal.SealTextAsync(loaded.Stream, "note", Texts.Required(request.Note, "note", Texts.Note), token);
            return new Domain.Cases.SuperviseCase(note);
        });
}
