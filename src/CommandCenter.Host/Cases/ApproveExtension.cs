using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Approving more time (同意延期): it is granted when two people of different rank have.</summary>
[Example("""{"note":"情况属实"}""")]
public sealed record ApproveExtensionRequest(string? Note = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class ApproveExtensionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/approve-extension", HandleAsync)
        .Command<ApproveExtensionRequest>("approveExtension", "Approve more time (同意延期)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<ApproveExtensionRequest>(context, id, "approve-extension", async (request, loaded, at, token) =>
        {
            var note = await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "note", Texts.Optional(request.Note, "note", Texts.Note), token);
            return new Domain.Cases.ApproveExtension(note, at, CaseAccess.BenchFor("approve-extension", loaded.State, endpoint.Organization));
        });
}
