using CommandCenter.EventStore;
using Npgsql;

namespace CommandCenter.Host.Composition;

/// <summary>One thing that readiness or well-being hangs on.</summary>
/// <param name="State"><c>ok</c>, <c>degraded</c> (reported, but no reason to leave the town without its board) or <c>failed</c>.</param>
public sealed record HealthCheck(string Name, string State, string? Detail = null);

/// <summary>The host's state of health.</summary>
public sealed record HealthView(string State, IReadOnlyList<HealthCheck> Checks);

/// <summary>A part of the host that has to be up before it takes people in.</summary>
public interface IReadinessCheck
{
    HealthCheck Check();
}

/// <summary><c>/health/live</c> (the process answers) and <c>/health/ready</c> (it can take commands and its board is caught up).</summary>
public static class Health
{
    private const int MuchLag = 1_000;
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MuchWaiting = TimeSpan.FromMinutes(15);

    // An append answers in milliseconds, a due timer within a second or, after a failure, with its next lease.
    private static readonly TimeSpan SlowAppend = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LateTimer = TimeSpan.FromMinutes(2);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Ok(new HealthView("ok", []))).ExcludeFromDescription();
        routes.MapGet("/health/ready", ReadyAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> ReadyAsync(
        NpgsqlDataSource database, PostgresEventLog log, IEnumerable<IReadinessCheck> parts, ReadPositions positions, SharedFollow follow, CoverageAudit audit, TimerWorker timers, ITimerStore dueTimers, IOutbox outbox, OutboxRelay relay, TimeProvider clock,
        CancellationToken cancellation)
    {
        var checks = new List<HealthCheck>();
        LogHead? head = null;
        Dictionary<string, ProjectionState> states = [];
        IReadOnlyList<MissingRange> missing = [];
        OutboxCounts? queued = null;
        DateTimeOffset? oldest = null;
        try
        {
            await using var command = database.CreateCommand("select max(version) from cc_schema");
            checks.Add(new HealthCheck("schema", (await command.ExecuteScalarAsync(cancellation)) is int version && version == SchemaInstaller.Version ? "ok" : "failed"));
            var last = await log.HeadAsync(cancellation);
            states = (await ProjectionStates.ReadAsync(database, [.. positions.Runners.Keys], cancellation)).ToDictionary(state => state.Name, StringComparer.Ordinal);
            missing = await audit.MissingAsync(cancellation);
            queued = await outbox.CountAsync(cancellation);
            oldest = await dueTimers.OldestDueAsync(cancellation);
            head = last;
            checks.Add(new HealthCheck("database", "ok"));
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            checks.Add(new HealthCheck("database", "failed", "The database does not answer."));
        }

        var wait = log.LongestWait;
        checks.Add(wait > SlowAppend ? new HealthCheck("append", "degraded", $"{log.WaitingAppends} appends wait, the first for {wait.TotalSeconds:0} s.") : new HealthCheck("append", "ok"));
        checks.AddRange(parts.Select(part => part.Check()));
        checks.Add(Beating("follow", follow.Heartbeat, "The log has not answered the shared read of late."));
        foreach (var (name, runner) in positions.Runners)
        {
            var lag = head is null ? 0 : head.Last.Position - runner.Position.Position;
            var parked = states.GetValueOrDefault(name)?.Parked ?? 0;
            // Whoever owns the tables may be another node, which nobody here hears from.
            var waiting = clock.GetUtcNow() - states.GetValueOrDefault(name)?.WaitingSince;
            checks.Add(runner.LastFailure is not null ? new HealthCheck(name, "degraded", "The last batch failed; it is tried again.")
                : runner.Heartbeat.IsSilent(Stalled) ? new HealthCheck(name, "degraded", "No completed cycle of late.")
                : parked > 0 ? new HealthCheck(name, "degraded", $"{parked} streams are parked: their rows are not kept up.")
                : waiting > Stalled ? new HealthCheck(name, "degraded", $"{lag} events behind, the first for {waiting.Value.TotalSeconds:0} s.")
                : lag > MuchLag ? new HealthCheck(name, "degraded", $"{lag} events behind")
                : new HealthCheck(name, "ok", $"{lag} events behind"));
        }

        checks.Add(missing.Count > 0
            ? new HealthCheck("coverage", "degraded", $"{missing.Sum(range => range.Expected - range.Found)} rows are missing from {string.Join(", ", missing.Select(range => range.Projection).Distinct())}: see /api/operations/projections.")
            : Beating("coverage", audit.Heartbeat, "No completed recount of late."));

        var cycle = timers.LastCompletedCycleAt;
        var late = clock.GetUtcNow() - oldest;
        checks.Add(cycle is not { } at || clock.GetUtcNow() - at >= Stalled ? new HealthCheck("timers", "degraded", "No completed cycle of late.")
            : late > LateTimer ? new HealthCheck("timers", "degraded", $"A timer that came due {late.Value.TotalSeconds:0} s ago was not handled.")
            : new HealthCheck("timers", "ok"));

        checks.Add(Outbox(queued, relay, clock.GetUtcNow()));

        var state = checks.Any(check => check.State == "failed") ? "failed" : checks.Any(check => check.State == "degraded") ? "degraded" : "ok";
        return TypedResults.Json(new HealthView(state, checks), statusCode: state == "failed" ? 503 : 200);
    }

    private static HealthCheck Outbox(OutboxCounts? counts, OutboxRelay relay, DateTimeOffset now)
    {
        if (counts is null || relay.LastCompletedCycleAt is not { } cycle || now - cycle > Stalled)
            return new HealthCheck("outbox", "degraded", "No completed cycle of late.");
        var age = now - (counts.OldestPendingAt ?? now);
        var detail = $"{counts.Pending} waiting, the oldest for {Math.Max(0, age.TotalSeconds):0} s; {counts.Dead} dead letters";
        return new HealthCheck("outbox", counts.Dead > 0 || age > MuchWaiting ? "degraded" : "ok", counts.Dead > 0 ? $"{detail}: see /api/operations/outbox" : detail);
    }

    private static HealthCheck Beating(string name, Heartbeat heartbeat, string silent) =>
        heartbeat.IsSilent(Stalled) ? new HealthCheck(name, "degraded", silent) : new HealthCheck(name, "ok");
}
