using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Having somebody look on the spot before the center decides (核查).</summary>
/// <param name="Person">A grid worker, yard head or village secretary of the place; by default whoever is nearest.</param>
[Example("""{"note":"请看是否属实"}""")]
public sealed record OrderCaseCheckRequest(string? Person = null, string? Note = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class OrderCaseCheckEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/check", HandleAsync)
        .Command<OrderCaseCheckRequest>("orderCaseCheck", "Have somebody look before filing (核查派出)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<OrderCaseCheckRequest>(context, id, "check", async (request, loaded, token) =>
        {
            var file = ((Case.Known)loaded.State).File;
            if (request.Person is { } person && (endpoint.Organization.FindPerson(person) is not { } named || !endpoint.Organization.SeatsOf(named).Any(seat => IsNear(seat, file))))
                throw CaseProblems.PersonNotThere();
            var note = await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "note", Texts.Optional(request.Note, "note", Texts.Note), token);
            return new Domain.Cases.OrderCaseCheck(request.Person, note);
        });

    private static bool IsNear(RoleAt seat, CaseFile file) => seat.Role is Role.GridWorker or Role.YardHead or Role.VillageSecretary && seat.Place.Contains(file.Area);
}
