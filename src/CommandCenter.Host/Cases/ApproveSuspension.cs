using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Letting the case wait (同意挂账).</summary>
[Example("""{"note":"同意，按期恢复"}""")]
public sealed record ApproveSuspensionRequest(string? Note = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class ApproveSuspensionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/approve-suspension", HandleAsync)
        .Command<ApproveSuspensionRequest>("approveSuspension", "Approve a suspension (同意挂账)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<ApproveSuspensionRequest>(context, id, "approve-suspension", async (request, loaded, at, token) =>
        {
            var note = await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "note", Texts.Optional(request.Note, "note", Texts.Note), token);
            return new Domain.Cases.ApproveSuspension(note, at);
        });
}
