using CommandCenter.Domain.Agendas;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Agendas;

/// <summary>A prepared meeting that will not be held; what it had not decided on is collected anew.</summary>
[Example("""{"reason":"防汛值守，会议改期。"}""")]
public sealed record CancelAgendaRequest(string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class CancelAgendaEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/agendas/{town}/cancel", HandleAsync)
        .Command<CancelAgendaRequest>("cancelAgenda", "Call off a committee's prepared meeting", tag: "Agendas");

    private static Task<IResult> HandleAsync(HttpContext context, string town, AgendaEndpoint endpoint) =>
        endpoint.HandleAsync<CancelAgendaRequest>(context, town, "cancel", async (request, loaded, _, token) =>
            new CancelAgendaMeeting(await endpoint.TextAsync(loaded, "reason", request.Reason, Texts.Note, token)));
}
