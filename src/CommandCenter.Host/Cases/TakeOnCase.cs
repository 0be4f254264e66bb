using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>A department takes on a district matter that lies in its remit before anybody sends it (主动认领, S0-10).</summary>
[Example("""{}""")]
public sealed record TakeOnCaseRequest(DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class TakeOnCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/take-on", HandleAsync)
        .Command<TakeOnCaseRequest>("takeOnCase", "Take on what lies in the remit (主动认领)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<TakeOnCaseRequest>(context, id, "take-on", (_, loaded, _) =>
        {
            var file = ((Case.Known)loaded.State).File;
            // Of several departments the one in whose remit it lies.
            var units = Callers.From(context.Request, endpoint.Organization).Where(caller => caller.Seat is { Role: Role.Department, Department: not null })
                .Select(caller => Unit.OfDepartment(caller.Seat.Department!)).Distinct().ToList();
            if (units.Count == 0)
                throw Problems.NotAllowed([Role.Department]);
            var unit = units.Where(unit => Units.IsCompetent(unit, file.Category, endpoint.Organization)).Append(units[0]).First();
            return Task.FromResult<CaseCommand>(new Domain.Cases.TakeOnCase(Units.SectorOf(unit, file, endpoint.Organization), unit, Units.IsCompetent(unit, file.Category, endpoint.Organization)));
        });
}
