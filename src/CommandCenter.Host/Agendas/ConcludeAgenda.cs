using CommandCenter.Domain.Agendas;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Agendas;

/// <summary>The end of a committee's meeting: every new matter has a lead and a day, or was struck; reports that were missing are recorded as missing.</summary>
/// <param name="Minutes">At most 2,000 characters.</param>
/// <param name="Attachments">Files uploaded before that come with it.</param>
[Example("""{"minutes":"末议题一项，由人大工委主任牵头。"}""")]
public sealed record ConcludeAgendaRequest(string? Minutes = null, IReadOnlyList<AttachmentRequest>? Attachments = null, DateTimeOffset? HappenedAt = null) : IAttachingRequest;

public static class ConcludeAgendaEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/agendas/{town}/conclude", HandleAsync)
        .Command<ConcludeAgendaRequest>("concludeAgenda", "Conclude a committee's meeting", tag: "Agendas");

    private static Task<IResult> HandleAsync(HttpContext context, string town, AgendaEndpoint endpoint) =>
        endpoint.HandleAsync<ConcludeAgendaRequest>(context, town, "conclude", async (request, loaded, at, token) => new ConcludeAgendaMeeting(
            await endpoint.Streams.StandingsAsync(loaded, token), await endpoint.OptionalTextAsync(loaded, "minutes", request.Minutes, Texts.FreeText, token), at));
}
