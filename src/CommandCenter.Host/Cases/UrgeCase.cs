using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Asking for it to be done sooner (催办).</summary>
[Example("""{"note":"居民多次来电"}""")]
public sealed record UrgeCaseRequest(string? Note = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class UrgeCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/urge", HandleAsync)
        .Command<UrgeCaseRequest>("urgeCase", "Ask for it to be done sooner (催办)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<UrgeCaseRequest>(context, id, "urge", async (request, loaded, at, token) =>
        {
            var note = await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "note", Texts.Optional(request.Note, "note", Texts.Note), token);
            return new Domain.Cases.UrgeCase(note, at);
        });
}
