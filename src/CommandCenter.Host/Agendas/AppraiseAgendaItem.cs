using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Agendas;

/// <summary>Appraising how a solved matter was led (考评); with this it leaves the list. By somebody else than its lead.</summary>
/// <param name="Item">The item's number.</param>
/// <param name="Score">1 (poor) to 5 (excellent).</param>
/// <param name="Appraisal">At most 500 characters.</param>
[Example("""{"item":1,"score":5,"appraisal":"牵头有力，按期解决，群众满意。"}""")]
public sealed record AppraiseAgendaItemRequest(int Item, int Score, string Appraisal, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class AppraiseAgendaItemEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/agendas/{town}/appraise", HandleAsync)
        .Command<AppraiseAgendaItemRequest>("appraiseAgendaItem", "Appraise a solved matter, with which it leaves the list (考评)", tag: "Agendas");

    private static Task<IResult> HandleAsync(HttpContext context, string town, AgendaEndpoint endpoint) =>
        endpoint.HandleAsync<AppraiseAgendaItemRequest>(context, town, "appraise", async (request, loaded, _, token) => new Domain.Agendas.AppraiseAgendaItem(
            request.Item, request.Score, await endpoint.TextAsync(loaded, "appraisal", request.Appraisal, Texts.Note, token), await endpoint.Streams.StandingsAsync(loaded, token)));
}
