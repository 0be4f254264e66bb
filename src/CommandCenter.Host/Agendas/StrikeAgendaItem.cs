using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Agendas;

/// <summary>The committee does not take a matter on (不列入).</summary>
/// <param name="Item">The item's number.</param>
[Example("""{"item":1,"reason":"资金已落实，由岗位按期办结即可。"}""")]
public sealed record StrikeAgendaItemRequest(int Item, string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class StrikeAgendaItemEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/agendas/{town}/strike", HandleAsync)
        .Command<StrikeAgendaItemRequest>("strikeAgendaItem", "Strike a matter from the committee's list (不列入)", tag: "Agendas");

    private static Task<IResult> HandleAsync(HttpContext context, string town, AgendaEndpoint endpoint) =>
        endpoint.HandleAsync<StrikeAgendaItemRequest>(context, town, "strike", async (request, loaded, _, token) =>
            new Domain.Agendas.StrikeAgendaItem(request.Item, await endpoint.TextAsync(loaded, "reason", request.Reason, Texts.Note, token)));
}
