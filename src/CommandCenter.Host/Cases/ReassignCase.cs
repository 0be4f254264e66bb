using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Giving a case to another person of the same unit (改派到人).</summary>
[Example("""{"person":"handler-02","note":"原经办人休假"}""")]
public sealed record ReassignCaseRequest(string Person, string? Note = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class ReassignCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/reassign", HandleAsync)
        .Command<ReassignCaseRequest>("reassignCase", "Give it to another person of the unit (改派到人)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<ReassignCaseRequest>(context, id, "reassign", async (request, loaded, token) =>
        {
            if (((Case.Known)loaded.State).File is { Assignment.Unit: var unit } file)
                Units.CheckPerson(request.Person, unit, file, endpoint.Organization);
            var note = await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "note", Texts.Optional(request.Note, "note", Texts.Note), token);
            return new Domain.Cases.ReassignCase(request.Person, note);
        });
}
