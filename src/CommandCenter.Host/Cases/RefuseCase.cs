using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Not taking a report on (不予立案), with the reason in words.</summary>
[Example("""{"reason":"duplicate","note":"与 20261121-0003 为同一处"}""")]
public sealed record RefuseCaseRequest(RefusalReason Reason, string Note, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class RefuseCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/refuse", HandleAsync)
        .Command<RefuseCaseRequest>("refuseCase", "Refuse to file it (不予立案)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<RefuseCaseRequest>(context, id, "refuse", async (request, loaded, token) =>
        {
            var note = Texts.Required(request.Note, "note", Texts.Note);
            return new Domain.Cases.RefuseCase(request.Reason, await endpoint.Personal.SealTextAsync(loaded.Stream, "note", note, token));
        });
}
