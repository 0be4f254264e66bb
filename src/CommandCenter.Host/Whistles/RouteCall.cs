using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Whistles;

/// <summary>Bringing a call to a unit (流转): to the one that was called, or to another where it is not that one's matter or it does not come.</summary>
/// <param name="Unit">Another unit than was called.</param>
/// <param name="Note">At most 500 characters.</param>
[Example("""{"note":"请十分钟内联系网格员"}""")]
public sealed record RouteCallRequest(Unit? Unit = null, string? Note = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class RouteCallEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/whistles/{id}/calls/{call:int}/route", HandleAsync)
        .Command<RouteCallRequest>("routeCall", "Bring a call to its unit, or to another (流转)", tag: "Whistles");

    private static Task<IResult> HandleAsync(HttpContext context, string id, int call, WhistleEndpoint endpoint) =>
        endpoint.CallAsync<RouteCallRequest>(context, id, call, "route", async (request, loaded, token) =>
        {
            Unit? to = request.Unit is { } unit ? endpoint.Units([unit], ((Whistle.Known)loaded.State).File.Town, "unit")[0] : null;
            return new Domain.Whistles.RouteCall(call, to, await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "note", Texts.Optional(request.Note, "note", Texts.Note), token));
        });
}
