using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;

namespace CommandCenter.Host.Operations;

/// <summary>A stream whose rows are not kept up, because an event of it could not be applied.</summary>
/// <param name="Position">Of that event.</param>
public sealed record ParkedView(string Stream, long Position, string Reason, DateTimeOffset ParkedAt);

/// <summary>A rebuild under way beside the live tables.</summary>
/// <param name="Position">What its tables hold; it ends at about <paramref name="Head"/>.</param>
/// <param name="RemainingSeconds">By the pace so far; missing before there is one.</param>
/// <param name="Running">False: whoever ran it is gone; start it again.</param>
public sealed record RebuildView(long Position, long Head, DateTimeOffset StartedAt, int? RemainingSeconds, bool Running);

/// <summary>A range of the log of which the read tables lack something.</summary>
/// <param name="Example">Where the first that is missing belongs.</param>
public sealed record MissingView(long AfterPosition, long ToPosition, long Expected, long Found, string Example, DateTimeOffset FoundAt);

/// <summary>Where a projection stands.</summary>
/// <param name="Position">Of its tables; missing when it never ran.</param>
/// <param name="Lag">Events between there and the log's head.</param>
/// <param name="Owned">Whether a node works on it.</param>
/// <param name="AuditedTo">How far the present recount has come.</param>
/// <param name="SweptAt">When everything was last recounted.</param>
public sealed record ProjectionView(
    string Name, string? Position, long Lag, bool Owned, IReadOnlyList<ParkedView> Parked, IReadOnlyList<MissingView> Missing, long AuditedTo, DateTimeOffset? SweptAt, RebuildView? Rebuild = null,
    string? RebuildFailure = null);

/// <summary>The read side as it stands.</summary>
/// <param name="Head">The log's.</param>
/// <param name="MissingFromLog">What the log's own tables lack: events that are gone.</param>
public sealed record ProjectionsView(string Head, IReadOnlyList<ProjectionView> Projections, IReadOnlyList<MissingView> MissingFromLog);

/// <summary><c>GET /api/operations/projections</c></summary>
public static class GetProjections
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/operations/projections", HandleAsync)
        .Query<ProjectionsView>("getProjections", "How far the read tables are, what they leave alone, and what they lack");

    private static async Task<IResult> HandleAsync(HttpContext context, OrganizationDirectory organization, ProjectionReport report)
    {
        Operators.Require(context, organization);
        return TypedResults.Ok(await report.ReadAsync(context.RequestAborted));
    }
}

/// <summary>Puts together where the projections stand.</summary>
public sealed class ProjectionReport(NpgsqlDataSource database, IEventLog log, ReadTables tables, CoverageAudit audit, Rebuilds rebuilds, TimeProvider clock)
{
    public async Task<ProjectionsView> ReadAsync(CancellationToken cancellation)
    {
        var head = (await log.HeadAsync(cancellation)).Last;
        var missing = (await audit.MissingAsync(cancellation)).ToLookup(range => range.Projection, View);
        var audits = (await audit.StatesAsync(cancellation)).ToDictionary(state => state.Projection, StringComparer.Ordinal);
        var projections = new List<ProjectionView>();
        foreach (var state in await ProjectionStates.ReadAsync(database, tables.Names, cancellation))
        {
            var parked = state.Parked == 0 ? [] : await new ParkedStreams(database, log, tables.Find(state.Name)!, clock).ListAsync(cancellation);
            var audited = audits.GetValueOrDefault(state.Name);
            projections.Add(new ProjectionView(
                state.Name, state.Position?.ToString(), head.Position - (state.Position is { } at && at.Epoch == head.Epoch ? at.Position : 0), state.IsOwned,
                [.. parked.Select(p => new ParkedView(p.Stream.ToString(), p.Position, p.Reason, p.ParkedAt))], [.. missing[state.Name]],
                audited?.Position ?? 0, audited?.SweptAt, state.Rebuild is { } rebuild ? View(rebuild, head.Position) : null, rebuilds.FailureOf(state.Name)));
        }

        return new ProjectionsView(head.ToString(), projections, [.. missing[CoverageAudit.Log]]);
    }

    private static MissingView View(MissingRange range) => new(range.AfterPosition, range.ToPosition, range.Expected, range.Found, range.Example, range.FoundAt);

    private static RebuildView View(RebuildState rebuild, long head)
    {
        var remaining = new RebuildProgress(rebuild.Position, head, rebuild.MovedAt - rebuild.StartedAt).Remaining;
        return new RebuildView(rebuild.Position, head, rebuild.StartedAt, rebuild.IsRunning && remaining is { } left ? (int)Math.Ceiling(left.TotalSeconds) : null, rebuild.IsRunning);
    }
}
