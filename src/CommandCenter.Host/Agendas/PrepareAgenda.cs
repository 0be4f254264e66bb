using CommandCenter.Domain.Agendas;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Agendas;

/// <summary>Preparing a meeting of the party work committee (会前收集末议题): overdue and complex cases are collected by the policy's rules, and the leads are told that a report is due.</summary>
/// <param name="StartsAt">When it begins, within the sixty days to come.</param>
[Example("""{"startsAt":"2026-12-04T01:00:00Z"}""")]
public sealed record PrepareAgendaRequest(DateTimeOffset StartsAt, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class PrepareAgendaEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/agendas/{town}/prepare", HandleAsync)
        .Command<PrepareAgendaRequest>("prepareAgenda", "Prepare a committee's meeting and collect its last item (末议题)", tag: "Agendas");

    private static Task<IResult> HandleAsync(HttpContext context, string town, AgendaEndpoint endpoint) =>
        endpoint.HandleAsync<PrepareAgendaRequest>(context, town, "prepare", async (request, loaded, at, token) => new PrepareAgendaMeeting(
            request.StartsAt,
            await endpoint.Streams.FindAsync(AgendaEndpoint.TownOf(town, endpoint.Organization), endpoint.Rules, at, token),
            await endpoint.Streams.StandingsAsync(loaded, token),
            endpoint.Policy.Version, endpoint.Rules, at));
}
