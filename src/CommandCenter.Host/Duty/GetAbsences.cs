using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Duty;

/// <summary>An absence.</summary>
/// <param name="MayEnd">Whether the caller may end it.</param>
public sealed record AbsenceView(int Number, string Person, DateOnly From, DateOnly To, string Substitute, bool Holds, bool MayEnd);

/// <summary>Who is or will be absent at a place.</summary>
/// <param name="Today">In the district's time zone.</param>
/// <param name="MayEnterOf">The people whose absence the caller may enter.</param>
public sealed record AbsencesView(AreaCode Place, DateOnly Today, IReadOnlyList<AbsenceView> Absences, IReadOnlyList<string> MayEnterOf);

/// <summary><c>GET /api/absences/{place}</c></summary>
public static class GetAbsences
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/absences/{place}", HandleAsync)
        .Query<AbsencesView>("getAbsences", "Who is or will be absent at a place (请假)");

    private static async Task<IResult> HandleAsync(HttpContext context, string place, LiveOrganization live, TimeProvider clock)
    {
        await live.WaitAsync(ETags.MinPosition(context.Request), context.RequestAborted);
        var organization = live.Now;
        var callers = Callers.From(context.Request, organization);
        if (!AreaCode.TryParse(place, out var code) || organization.FindArea(code) is null)
            throw new ProblemException(404, "area.unknown", new("没有这个区域。", "There is no such area."));
        if (!callers.Any(caller => AbsenceAccess.MaySee(caller, code)))
            throw Problems.NotAllowed();

        var today = live.History.DayOf(clock.GetUtcNow());
        var here = organization.People.Where(person => person.Roles.Any(seat => code.Contains(seat.Place))).Select(person => person.Id).ToHashSet(StringComparer.Ordinal);
        return TypedResults.Ok(new AbsencesView(
            code,
            today,
            [
                .. live.History.Absences.Values.Where(absence => absence.To >= today && (here.Contains(absence.Person) || here.Contains(absence.Substitute))).OrderBy(absence => absence.From).ThenBy(absence => absence.Number)
                    .Select(absence => new AbsenceView(absence.Number, absence.Person, absence.From, absence.To, absence.Substitute, absence.HoldsOn(today), callers.Any(caller => AbsenceAccess.May(caller, absence.Person, organization)))),
            ],
            [.. here.Order(StringComparer.Ordinal).Where(person => callers.Any(caller => AbsenceAccess.May(caller, person, organization)))]));
    }
}
