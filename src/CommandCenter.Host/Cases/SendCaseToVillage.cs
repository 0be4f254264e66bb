using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Letting the village assess a report before it is filed (转村研判).</summary>
[Example("""{"note":"请先研判是否属村级能办"}""")]
public sealed record SendCaseToVillageRequest(string? Note = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class SendCaseToVillageEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/send-to-village", HandleAsync)
        .Command<SendCaseToVillageRequest>("sendCaseToVillage", "Let the village assess it first (转村研判)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<SendCaseToVillageRequest>(context, id, "send-to-village", async (request, loaded, token) =>
        {
            var note = await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "note", Texts.Optional(request.Note, "note", Texts.Note), token);
            return new Domain.Cases.SendCaseToVillage(note);
        });
}
