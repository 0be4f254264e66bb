using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using CommandCenter.Domain.Duty;

namespace CommandCenter.Host.Duty;

/// <summary>Exchanging the people of two shifts that have not begun (调班).</summary>
[Example("""{"shift":3,"with":7}""")]
public sealed record SwapDutyRequest(int Shift, int With, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class SwapDutyEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/duty/{place}/swap", HandleAsync)
        .Command<SwapDutyRequest>("swapDuty", "Exchange the people of two shifts (调班)", tag: "Duty");

    private static Task<IResult> HandleAsync(HttpContext context, string place, DutyEndpoint endpoint) =>
        endpoint.HandleAsync<SwapDutyRequest>(context, place, "swap", (request, _, at, _) => Task.FromResult<DutyCommand>(new Domain.Duty.SwapDuty(request.Shift, request.With, at)));
}
