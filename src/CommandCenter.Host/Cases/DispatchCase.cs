using CommandCenter.Domain.Admissions;
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

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint, AdmissionStreams admissions, IPolicies policies)
    {
        AdmissionBasis? basis = null;
        return endpoint.HandleAsync<DispatchCaseRequest>(
            context,
            id,
            "dispatch",
            async (request, loaded, at, token) =>
            {
                var file = ((Case.Known)loaded.State).File;
                var sector = Units.SectorOf(request.Unit, file, endpoint.Organization);
                Units.CheckPerson(request.Person, request.Unit, file, endpoint.Organization);
                if (UnitRulings.AreaOf(request.Unit, file.Town) is { } area)
                    basis = await admissions.BasisAsync([area], token);
                var ruling = (basis?.Book ?? AdmissionBook.Open).Judge(request.Unit, file, at, policies.At(at), endpoint.Organization);
                var instructions = Texts.Optional(request.Instructions, "instructions", Texts.Note);
                return ruling.Dispatch(sector, request.Unit, await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "instructions", instructions, token), request.Person);
            },
            (_, work) => work with { Beside = async (_, _, _, token) => basis is null ? [] : [await admissions.HoldAsync(basis, token)] });
    }
}
