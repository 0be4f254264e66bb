using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Duty;

/// <summary>Giving a shift to somebody else (换人), also one that has begun.</summary>
/// <param name="Note">At most 500 characters.</param>
[Example("""{"shift":3,"person":"center-operator-02","note":"临时有事"}""")]
public sealed record ReassignDutyRequest(int Shift, string Person, string? Note = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class ReassignDutyEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/duty/{place}/reassign", HandleAsync)
        .Command<ReassignDutyRequest>("reassignDuty", "Give a shift to somebody else (换人)", tag: "Duty");

    private static Task<IResult> HandleAsync(HttpContext context, string place, DutyEndpoint endpoint) =>
        endpoint.HandleAsync<ReassignDutyRequest>(context, place, "reassign", async (request, loaded, at, token) => new Domain.Duty.ReassignDuty(
            request.Shift, endpoint.Person(request.Person, place), await endpoint.Personal.SealOptionalTextAsync(loaded.Stream, "note", Texts.Optional(request.Note, "note", Texts.Note), token), at));
}
