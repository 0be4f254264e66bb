using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
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
                // What the list of its tier does not hold may not be pushed to a village or grid (S4-03), nor to a post of the town (S3-19).
                Ruling ruling = new Ruling.Admitted();
                if ((request.Unit.Kind == UnitKind.Post ? file.Town : request.Unit.Area) is { } area)
                {
                    basis = await admissions.BasisAsync([area], token);
                    ruling = basis.Book.Judge(area, file.Category, DeadlineSaga.DueIfBegun(Clock.Handle, file, at, policies.At(at), endpoint.Organization), at);
                }

                var instructions = Texts.Optional(request.Instructions, "instructions", Texts.Note);
                return new Domain.Cases.DispatchCase(
                    sector, request.Unit, await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "instructions", instructions, token), request.Person,
                    ruling is not Ruling.NotAdmitted, (ruling as Ruling.Admitted)?.Addition, ruling is Ruling.EndsBefore);
            },
            (_, work) => work with { Beside = async (_, _, _, token) => basis is null ? [] : [await admissions.HoldAsync(basis, token)] });
    }
}
