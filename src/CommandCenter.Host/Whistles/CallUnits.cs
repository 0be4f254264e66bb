using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Whistles;

/// <summary>Calling more units to the same whistle (加叫).</summary>
/// <param name="Note">Why, at most 500 characters.</param>
[Example("""{"units":["department:ecology-bureau"],"note":"有异味，需到场监测"}""")]
public sealed record CallUnitsRequest(IReadOnlyList<Unit> Units, string? Note = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class CallUnitsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/whistles/{id}/call", HandleAsync)
        .Command<CallUnitsRequest>("callUnits", "Call more units to it (加叫)", tag: "Whistles");

    private static Task<IResult> HandleAsync(HttpContext context, string id, WhistleEndpoint endpoint) =>
        endpoint.HandleAsync<CallUnitsRequest>(context, id, "call", async (request, loaded, token) => new Domain.Whistles.CallUnits(
            endpoint.Units(request.Units, ((Whistle.Known)loaded.State).File.Town),
            await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "note", Texts.Optional(request.Note, "note", Texts.Note), token)));
}
