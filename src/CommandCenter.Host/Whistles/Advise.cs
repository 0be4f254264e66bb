using CommandCenter.Domain.Whistles;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Whistles;

/// <summary>Saying what is to be done (处置意见). The first one counts for the response; more may follow.</summary>
/// <param name="Opinion">At most 2,000 characters.</param>
[Example("""{"opinion":"先关阀停水，今晚开挖更换管段"}""")]
public sealed record AdviseRequest(string Opinion, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class AdviseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/whistles/{id}/calls/{call:int}/advise", HandleAsync)
        .Command<AdviseRequest>("adviseOnCall", "Say what is to be done (处置意见)", tag: "Whistles");

    private static Task<IResult> HandleAsync(HttpContext context, string id, int call, WhistleEndpoint endpoint) =>
        endpoint.CallAsync<AdviseRequest>(context, id, call, "advise", async (request, loaded, token) =>
            new AdviseOnCall(call, await endpoint.Personal.SealTextAsync(loaded.Stream, "opinion", Texts.Required(request.Opinion, "opinion", Texts.FreeText), token)));
}
