using CommandCenter.Domain.Meetings;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Meetings;

/// <summary>Striking a meeting off (销号): every line is settled, by the cases as they are now, and the yard was told of each. By somebody else than who told it.</summary>
[Example("{}")]
public sealed record StrikeOffMeetingRequest(DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class StrikeOffMeetingEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/meetings/{id}/strike-off", HandleAsync)
        .Command<StrikeOffMeetingRequest>("strikeOffMeeting", "Strike it off (销号)", tag: "Meetings");

    private static Task<IResult> HandleAsync(HttpContext context, string id, MeetingEndpoint endpoint) =>
        endpoint.HandleAsync<StrikeOffMeetingRequest>(context, id, "strike-off", async (_, loaded, token) =>
            new Domain.Meetings.StrikeOffMeeting(await endpoint.Streams.StandingsAsync(((Meeting.Known)loaded.State).File, token)));
}
