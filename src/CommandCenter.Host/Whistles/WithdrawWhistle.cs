using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Whistles;

/// <summary>Calling a whistle off with every call that is open (撤回); the reason is required.</summary>
[Example("""{"reason":"误报，现场无异常"}""")]
public sealed record WithdrawWhistleRequest(string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class WithdrawWhistleEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/whistles/{id}/withdraw", HandleAsync)
        .Command<WithdrawWhistleRequest>("withdrawWhistle", "Call it off with a reason (撤回)", tag: "Whistles");

    private static Task<IResult> HandleAsync(HttpContext context, string id, WhistleEndpoint endpoint) =>
        endpoint.HandleAsync<WithdrawWhistleRequest>(context, id, "withdraw", async (request, loaded, token) =>
            new Domain.Whistles.WithdrawWhistle(await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", Texts.Required(request.Reason, "reason", Texts.Note), token)));
}
