using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Duty;

/// <summary>Handing one's shift over (交班), in its last hour or later. The urgent matters that are open go with it as they stand.</summary>
/// <param name="To">The shift that takes over, where it is not the next of the same role.</param>
/// <param name="Note">What the next has to know: at most 2,000 characters.</param>
[Example("""{"shift":3,"note":"檬梓桥河水位偏高，已通知村社每两小时巡查一次。"}""")]
public sealed record HandOverDutyRequest(int Shift, string Note, int? To = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class HandOverDutyEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/duty/{place}/hand-over", HandleAsync)
        .Command<HandOverDutyRequest>("handOverDuty", "Hand one's shift over (交班)", tag: "Duty");

    private static Task<IResult> HandleAsync(HttpContext context, string place, DutyEndpoint endpoint) =>
        endpoint.HandleAsync<HandOverDutyRequest>(context, place, "hand-over", async (request, loaded, at, token) =>
        {
            var note = await endpoint.Personal.SealTextAsync(loaded.Stream, "note", Texts.Required(request.Note, "note", Texts.FreeText), token);
            return new Domain.Duty.HandOverDuty(request.Shift, request.To, note, await endpoint.OpenAsync(place, token), at);
        });
}
