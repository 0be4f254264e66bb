using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Whistles;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Whistles;

/// <summary>The whistler's rating of a result (评价). What is not fixed goes on with the unit.</summary>
/// <param name="Satisfaction">1 (very dissatisfied) to 5 (very satisfied).</param>
/// <param name="Comment">At most 500 characters; required where it is not fixed.</param>
[Example("""{"satisfaction":5,"result":"fixed","comment":"来得快，办得好"}""")]
public sealed record RateCallRequest(int Satisfaction, FixResult Result, string? Comment = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class RateCallEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/whistles/{id}/calls/{call:int}/rate", HandleAsync)
        .Command<RateCallRequest>("rateCall", "Rate a result (评价)", tag: "Whistles");

    private static Task<IResult> HandleAsync(HttpContext context, string id, int call, WhistleEndpoint endpoint) =>
        endpoint.CallAsync<RateCallRequest>(context, id, call, "rate", async (request, loaded, token) => new Domain.Whistles.RateCall(
            call, request.Satisfaction, request.Result,
            await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "comment", Texts.Optional(request.Comment, "comment", Texts.Note), token)));
}
