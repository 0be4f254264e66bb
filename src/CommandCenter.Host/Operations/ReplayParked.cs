using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;

namespace CommandCenter.Host.Operations;

/// <summary>What became of a replay.</summary>
/// <param name="Events">How many were applied.</param>
/// <param name="StillParked">Where and why it stayed parked; missing when the rows are whole again.</param>
public sealed record ReplayView(string Stream, int Events, ParkedView? StillParked = null);

/// <summary><c>POST /api/operations/projections/{name}/parked/{stream}/replay</c>: applies what was left out of a stream, once its cause is mended.</summary>
public static class ReplayParked
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/operations/projections/{name}/parked/{stream}/replay", HandleAsync)
        .Operation<ReplayView>("replayParked", "Apply what was left out of a parked stream");

    private static async Task<IResult> HandleAsync(
        HttpContext context, string name, string stream, OrganizationDirectory organization, ReadTables tables, NpgsqlDataSource database, IEventLog log, TimeProvider clock, ILogger<ParkedStreams> logger)
    {
        Operators.Require(context, organization);
        if (tables.Find(name) is not { } projection || !StreamKey.TryParse(stream, out var key))
            throw Problems.NotFound();
        return await new ParkedStreams(database, log, projection, clock, logger).ReplayAsync(key, context.RequestAborted) switch
        {
            ReplayResult.Replayed replayed => TypedResults.Ok(new ReplayView(stream, replayed.Events)),
            ReplayResult.StillParked { Parked: var p } => TypedResults.Ok(new ReplayView(stream, 0, new ParkedView(stream, p.Position, p.Reason, p.ParkedAt))),
            _ => throw new ProblemException(404, "projection.not_parked", new("该案件流没有被搁置。", "This stream is not parked.")),
        };
    }
}
