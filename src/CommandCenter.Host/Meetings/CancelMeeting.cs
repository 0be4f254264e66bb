using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Meetings;

/// <summary>Calling a planned meeting off (取消); the reason is required.</summary>
[Example("""{"reason":"暴雨，改期另行通知"}""")]
public sealed record CancelMeetingRequest(string Reason, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class CancelMeetingEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/meetings/{id}/cancel", HandleAsync)
        .Command<CancelMeetingRequest>("cancelMeeting", "Call it off with a reason (取消)", tag: "Meetings");

    private static Task<IResult> HandleAsync(HttpContext context, string id, MeetingEndpoint endpoint) =>
        endpoint.HandleAsync<CancelMeetingRequest>(context, id, "cancel", async (request, loaded, token) =>
            new Domain.Meetings.CancelMeeting(await endpoint.Personal.SealTextAsync(loaded.Stream, "reason", Texts.Required(request.Reason, "reason", Texts.Note), token)));
}
