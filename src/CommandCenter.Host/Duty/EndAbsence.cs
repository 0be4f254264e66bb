using System.Globalization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Duty;

/// <summary>Ending an absence early (销假).</summary>
/// <param name="LastDay">Its last day; left out: they are back today, or do not go at all.</param>
[Example("""{"absence":1}""")]
public sealed record EndAbsenceRequest(int Absence, DateOnly? LastDay = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class EndAbsenceEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/absences/end", HandleAsync)
        .Command<EndAbsenceRequest>("endAbsence", "End an absence early (销假)", tag: "Duty");

    private static Task<IResult> HandleAsync(HttpContext context, AbsenceEndpoint endpoint) =>
        endpoint.HandleAsync<EndAbsenceRequest>(
            context, "end", request => request.Absence.ToString(CultureInfo.InvariantCulture), (request, today) => new Domain.Organization.EndAbsence(request.Absence, request.LastDay, today));
}
