using System.Collections.Concurrent;
using System.Threading.Channels;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;

namespace CommandCenter.Host.Operations;

/// <summary>Which projection is rebuilt; <c>GET /api/operations/projections</c> says how far it is.</summary>
public sealed record RebuildStarted(string Projection);

/// <summary><c>POST /api/operations/projections/{name}/rebuild</c>: fills the tables anew beside the live ones and swaps them in.</summary>
public static class RebuildProjection
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/operations/projections/{name}/rebuild", HandleAsync)
        .Operation<RebuildStarted>("rebuildProjection", "Fill a read table anew beside the live one and swap it in", StatusCodes.Status202Accepted);

    private static async Task<IResult> HandleAsync(HttpContext context, string name, OrganizationDirectory organization, ReadTables tables, Rebuilds rebuilds, NpgsqlDataSource database)
    {
        var by = Operators.Require(context, organization);
        if (tables.Find(name) is null)
            throw Problems.NotFound();
        var state = (await ProjectionStates.ReadAsync(database, [name], context.RequestAborted))[0];
        if (state.Rebuild is { IsRunning: true } || !rebuilds.Start(name, by.Actor))
            throw new ProblemException(409, "projection.rebuild_under_way", new("该读表正在重建。", "This read table is being rebuilt already."));
        return TypedResults.Accepted("/api/operations/projections", new RebuildStarted(name));
    }
}

/// <summary>Runs the rebuilds that were asked of this node, one after the other, for as long as the host runs; one that a stop cuts short leaves the live tables as they were.</summary>
public sealed partial class Rebuilds(NpgsqlDataSource database, IEventLog log, ReadTables tables, TimeProvider clock, Pacing pacing, ILoggerFactory logging) : BackgroundService
{
    private readonly Channel<(string Name, string By)> _asked = Channel.CreateUnbounded<(string, string)>();
    private readonly ConcurrentDictionary<string, bool> _underWay = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _failures = new(StringComparer.Ordinal);
    private readonly ILogger _logger = logging.CreateLogger<Rebuilds>();

    /// <summary>False when it is asked for already.</summary>
    public bool Start(string name, string by) => _underWay.TryAdd(name, true) && _asked.Writer.TryWrite((name, by));

    /// <summary>Why the last rebuild on this node failed; null when it did not.</summary>
    public string? FailureOf(string name) => _failures.GetValueOrDefault(name);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (name, by) in _asked.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                LogAsked(_logger, name, by);
                _failures.TryRemove(name, out _);
                await new ProjectionRebuild(database, log, tables.Find(name)!, clock, pacing.Clock, logging.CreateLogger<ProjectionRebuild>()).RunAsync(cancellation: stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(_logger, e, name);
                _failures[name] = e.Message;
            }
            finally
            {
                _underWay.TryRemove(name, out _);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The rebuild of {Projection} was asked for by {By}")]
    private static partial void LogAsked(ILogger logger, string projection, string by);

    [LoggerMessage(Level = LogLevel.Error, Message = "The rebuild of {Projection} failed; its live tables are as they were")]
    private static partial void LogFailed(ILogger logger, Exception exception, string projection);
}
