using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Duty;

/// <summary>Accepting a shift that was handed over to one (接班).</summary>
/// <param name="Shift">The one that was handed over.</param>
/// <param name="Note">At most 500 characters.</param>
[Example("""{"shift":3,"note":"已知悉"}""")]
public sealed record AcceptDutyRequest(int Shift, string? Note = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class AcceptDutyEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/duty/{place}/accept", HandleAsync)
        .Command<AcceptDutyRequest>("acceptDuty", "Accept a hand-over (接班)", tag: "Duty");

    private static Task<IResult> HandleAsync(HttpContext context, string place, DutyEndpoint endpoint) =>
        endpoint.HandleAsync<AcceptDutyRequest>(context, place, "accept", async (request, loaded, at, token) => new Domain.Duty.AcceptDuty(
            request.Shift, await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "note", Texts.Optional(request.Note, "note", Texts.Note), token), at));
}
