using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Duty;

/// <summary>Taking a shift over that nobody handed over (直接接班); the lead is told.</summary>
/// <param name="Shift">The one that was not handed over.</param>
/// <param name="Reason">At most 500 characters.</param>
/// <param name="To">The shift that goes on, where it is not the caller's own or the next.</param>
[Example("""{"shift":3,"reason":"当班人突发疾病离岗"}""")]
public sealed record TakeOverDutyRequest(int Shift, string Reason, int? To = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class TakeOverDutyEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/duty/{place}/take-over", HandleAsync)
        .Command<TakeOverDutyRequest>("takeOverDuty", "Take a shift over without a hand-over (直接接班)", tag: "Duty");

    private static Task<IResult> HandleAsync(HttpContext context, string place, DutyEndpoint endpoint) =>
        endpoint.HandleAsync<TakeOverDutyRequest>(context, place, "take-over", async (request, loaded, at, token) => new Domain.Duty.TakeOverDuty(
            request.Shift, request.To, await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", Texts.Required(request.Reason, "reason", Texts.Note), token), at));
}
