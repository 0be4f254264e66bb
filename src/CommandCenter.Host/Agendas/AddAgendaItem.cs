using CommandCenter.Domain.Cases;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Agendas;

/// <summary>Putting a case on the prepared meeting's list by hand (临时动议).</summary>
/// <param name="CaseId">An open case of the town.</param>
[Example("""{"caseId":"0199c2f0b1d87c3e9a4b5c6d7e8f9012","reason":"群众反映强烈，需专人牵头协调。"}""")]
public sealed record AddAgendaItemRequest(string CaseId, string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class AddAgendaItemEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/agendas/{town}/add", HandleAsync)
        .Command<AddAgendaItemRequest>("addAgendaItem", "Put a case on the committee's list by hand (临时动议)", tag: "Agendas");

    private static Task<IResult> HandleAsync(HttpContext context, string town, AgendaEndpoint endpoint) =>
        endpoint.HandleAsync<AddAgendaItemRequest>(context, town, "add", async (request, loaded, _, token) =>
        {
            if (!StreamKey.IsId(request.CaseId) || (await endpoint.Streams.LoadCaseAsync(request.CaseId, token)).State is not Case.Known known)
                throw new ProblemException(422, "case.unknown", new("没有这个案件。", "There is no such case."), "caseId");
            return new Domain.Agendas.AddAgendaItem(request.CaseId, known.File.Town.Value == town, known.IsOpen, await endpoint.TextAsync(loaded, "reason", request.Reason, Texts.Note, token));
        });
}
