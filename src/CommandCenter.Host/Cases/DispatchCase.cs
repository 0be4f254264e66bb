using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Sending a case to a unit (派遣), and, if named, to a person of it: 到部门、到单位、到人头.</summary>
/// <param name="Unit">A post of the case's town, a department of the district, a village or grid that admits the matter.</param>
[Example("""{"unit":"post:village-construction","instructions":"请牵头制定修复方案"}""")]
public sealed record DispatchCaseRequest(Unit Unit, string? Person = null, string? Instructions = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class DispatchCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/dispatch", HandleAsync)
        .Command<DispatchCaseRequest>("dispatchCase", "Dispatch it to a post (派遣)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<DispatchCaseRequest>(context, id, "dispatch", async (request, loaded, token) =>
        {
            var file = ((Case.Known)loaded.State).File;
            var (sector, admitted) = Units.Find(request.Unit, file, endpoint.Organization);
            Units.CheckPerson(request.Person, request.Unit, file, endpoint.Organization);
            var instructions = Texts.Optional(request.Instructions, "instructions", Texts.Note);
            return new Domain.Cases.DispatchCase(
                sector, request.Unit, await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "instructions", instructions, token), request.Person, admitted);
        });
}
