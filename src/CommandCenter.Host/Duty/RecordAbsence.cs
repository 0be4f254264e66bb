using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Duty;

/// <summary>Entering that somebody is absent (请假登记), and who acts for them meanwhile. Why is not asked.</summary>
/// <param name="From">The first day, in the district's time zone: today or later.</param>
/// <param name="To">The last day.</param>
/// <param name="Substitute">Acts from the absent one's seats, and is told what they would be told.</param>
[Example("""{"person":"dispatcher-01","from":"2026-12-07","to":"2026-12-11","substitute":"dispatcher-02"}""")]
public sealed record RecordAbsenceRequest(string Person, DateOnly From, DateOnly To, string Substitute, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class RecordAbsenceEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/absences/record", HandleAsync)
        .Command<RecordAbsenceRequest>("recordAbsence", "Enter that somebody is absent (请假登记)", tag: "Duty");

    private static Task<IResult> HandleAsync(HttpContext context, AbsenceEndpoint endpoint) =>
        endpoint.HandleAsync<RecordAbsenceRequest>(context, "record", request => request.Person, (request, today) => new Domain.Organization.RecordAbsence(request.Person, request.From, request.To, request.Substitute, today));
}
