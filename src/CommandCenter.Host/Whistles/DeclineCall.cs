using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Whistles;

/// <summary>Sending a call back to the center, because it is not the unit's matter (退回); the reason is required.</summary>
/// <param name="Proposed">Whose matter it is, as the unit sees it; the center decides.</param>
[Example("""{"reason":"燃气管线，不属我部门职责","proposed":"department:housing-construction-committee"}""")]
public sealed record DeclineCallRequest(string Reason, Unit? Proposed = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class DeclineCallEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/whistles/{id}/calls/{call:int}/decline", HandleAsync)
        .Command<DeclineCallRequest>("declineCall", "Send a call back with a reason (退回)", tag: "Whistles");

    private static Task<IResult> HandleAsync(HttpContext context, string id, int call, WhistleEndpoint endpoint) =>
        endpoint.CallAsync<DeclineCallRequest>(context, id, call, "decline", async (request, loaded, token) =>
        {
            var reason = Texts.Required(request.Reason, "reason", Texts.Note);
            Unit? proposed = request.Proposed is { } unit ? endpoint.Units([unit], ((Whistle.Known)loaded.State).File.Town, "proposed")[0] : null;
            return new Domain.Whistles.DeclineCall(call, await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", reason, token), proposed);
        });
}
