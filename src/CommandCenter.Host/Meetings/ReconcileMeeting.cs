using CommandCenter.Domain.Meetings;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Meetings;

/// <summary>Holding the account of a meeting against its cases (对账); what is found is recorded line by line.</summary>
[Example("{}")]
public sealed record ReconcileMeetingRequest(DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class ReconcileMeetingEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/meetings/{id}/reconcile", HandleAsync)
        .Command<ReconcileMeetingRequest>("reconcileMeeting", "Hold its account against the cases (对账)", tag: "Meetings");

    private static Task<IResult> HandleAsync(HttpContext context, string id, MeetingEndpoint endpoint) =>
        endpoint.HandleAsync<ReconcileMeetingRequest>(context, id, "reconcile", async (_, loaded, token) =>
            new ReconcileLines(await endpoint.Streams.StandingsAsync(((Meeting.Known)loaded.State).File, token)));
}
