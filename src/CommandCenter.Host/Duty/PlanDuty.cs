using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Duty;

/// <summary>A shift of a roster.</summary>
/// <param name="Person">Who holds a seat of the place.</param>
/// <param name="To">The first instant that is not part of it.</param>
public sealed record ShiftRequest(string Person, DateTimeOffset From, DateTimeOffset To, DutyRole Role);

/// <summary>Planning shifts of a center (排班). A time between them for which nobody is planned is refused, unless it is meant so.</summary>
/// <param name="Shifts">At most 1,200; all are taken or none.</param>
/// <param name="Replace">What was planned for the same time and has not begun is dropped.</param>
/// <param name="Gaps">Times for which nobody is planned are meant so.</param>
[Example("""{"shifts":[{"person":"center-operator-01","from":"2026-12-01T00:00:00Z","to":"2026-12-01T12:00:00Z","role":"operator"},{"person":"center-operator-02","from":"2026-12-01T12:00:00Z","to":"2026-12-02T00:00:00Z","role":"operator"}]}""")]
public sealed record PlanDutyRequest(IReadOnlyList<ShiftRequest> Shifts, bool Replace = false, bool Gaps = false, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class PlanDutyEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/duty/{place}/plan", HandleAsync)
        .Command<PlanDutyRequest>("planDuty", "Plan shifts (排班)", tag: "Duty");

    private static Task<IResult> HandleAsync(HttpContext context, string place, DutyEndpoint endpoint) =>
        endpoint.HandleAsync<PlanDutyRequest>(context, place, "plan", (request, _, at, _) => Task.FromResult<DutyCommand>(new Domain.Duty.PlanDuty(
            DutyEndpoint.Checked(DutyListReader.Read(
                [.. request.Shifts.Select((shift, index) => new ShiftRow(index + 1, shift.Person, Domain.Formats.DomainJson.Text(shift.From), Domain.Formats.DomainJson.Text(shift.To), Names.Of(shift.Role)))],
                AreaCode.Parse(place), endpoint.Organization)),
            request.Replace, request.Gaps, at)));
}
