using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using CommandCenter.Domain.Duty;

namespace CommandCenter.Host.Duty;

/// <summary>Taking shifts that have not begun off the roster (撤班).</summary>
/// <param name="Shifts">1 to 200.</param>
/// <param name="Gaps">Times for which nobody is planned since are meant so.</param>
[Example("""{"shifts":[3],"gaps":true}""")]
public sealed record CancelDutyRequest(IReadOnlyList<int> Shifts, bool Gaps = false, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class CancelDutyEndpoint
{
    private const int Most = 200;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/duty/{place}/cancel", HandleAsync)
        .Command<CancelDutyRequest>("cancelDuty", "Take shifts off the roster (撤班)", tag: "Duty");

    private static Task<IResult> HandleAsync(HttpContext context, string place, DutyEndpoint endpoint) =>
        endpoint.HandleAsync<CancelDutyRequest>(context, place, "cancel", (request, _, at, _) => request.Shifts.Count is 0 or > Most
            ? throw Problems.OutOfRange("shifts", $"1…{Most}")
            : Task.FromResult<DutyCommand>(new Domain.Duty.CancelDuty(request.Shifts, request.Gaps, at)));
}
