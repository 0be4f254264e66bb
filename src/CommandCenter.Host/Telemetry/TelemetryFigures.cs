using System.Diagnostics.Metrics;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;

namespace CommandCenter.Host.Telemetry;

/// <summary>How things stood when they were last asked.</summary>
/// <param name="Lags">Of each read table: events that are not in it, and how old the first of them is.</param>
/// <param name="OldestDue">How late the timer is that has waited longest.</param>
/// <param name="Parked">Streams that the read side leaves alone, or lacks something of.</param>
public sealed record TelemetrySample(IReadOnlyList<(string Projection, long Events, double Seconds)> Lags, double OldestDue, long Parked, long Unread);

/// <summary>Asks the database how things stand, as often as the figures are sent, and gives them to whoever listens.</summary>
public sealed partial class TelemetryFigures : BackgroundService
{
    /// <summary>In which figures are asked for.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    internal const string FirstOutside = "select e.timestamp from mt_events e where e.seq_id > $1 order by e.seq_id limit 1";

    internal const string Unread = "select count(*) from inbox_notices_v2 where read_at is null";

    private readonly NpgsqlDataSource _database;
    private readonly IEventLog _log;
    private readonly ITimerStore _timers;
    private readonly ReadTables _tables;
    private readonly TimeProvider _clock;
    private readonly Pacing _pacing;
    private readonly ILogger _logger;
    private volatile TelemetrySample? _sample;

    public TelemetryFigures(
        NpgsqlDataSource database, IEventLog log, PostgresEventLog own, ITimerStore timers, ReadTables tables, WallCount walls, TimeProvider clock, Pacing pacing, ILogger<TelemetryFigures> logger)
    {
        (_database, _log, _timers, _tables, _clock, _pacing, _logger) = (database, log, timers, tables, clock, pacing, logger);
        var meter = HostTelemetry.Meter;
        meter.CreateObservableGauge("commandcenter.projection.lag.events", () => Lags(lag => lag.Events), "{event}", "Events of the log that a read table does not hold yet.");
        meter.CreateObservableGauge("commandcenter.projection.lag", () => Lags(lag => lag.Seconds), "s", "Age of the first event that a read table does not hold yet.");
        meter.CreateObservableGauge("commandcenter.timer.oldest_due", () => One(sample => sample.OldestDue), "s", "How late the timer is that has waited longest.");
        meter.CreateObservableGauge("commandcenter.parked.streams", () => One(sample => sample.Parked), "{stream}", "Streams that the read side leaves alone.");
        meter.CreateObservableGauge("commandcenter.notices.unread", () => One(sample => sample.Unread), "{notice}", "Notices that nobody has read.");
        meter.CreateObservableGauge("commandcenter.walls.connected", () => walls.Connected, "{wall}", "Walls that watch a board of this node.");
        meter.CreateObservableGauge("commandcenter.append.waiting", () => own.WaitingAppends, "{append}", "Appends of this node that wait for their turn.");
        meter.CreateObservableGauge("commandcenter.append.longest_wait", () => own.LongestWait.TotalSeconds, "s", "For how long the append has been waiting that has waited longest.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                _sample = await ReadAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // An old figure would pass for the present one: none is sent.
                _sample = null;
                LogFailed(_logger, e);
            }

            await Task.Delay(Every, _pacing.Clock, stoppingToken);
        }
    }

    public async Task<TelemetrySample> ReadAsync(CancellationToken cancellation)
    {
        var now = _clock.GetUtcNow();
        var head = (await _log.HeadAsync(cancellation)).Last;
        var lags = new List<(string, long, double)>();
        foreach (var state in await ProjectionStates.ReadAsync(_database, _tables.Names, cancellation))
        {
            var at = state.Position is { } position && position.Epoch == head.Epoch ? position.Position : 0;
            var first = at < head.Position ? await AskAsync<DateTimeOffset?>(FirstOutside, at, cancellation) : null;
            lags.Add((state.Name, Math.Max(0, head.Position - at), first is { } since ? Math.Max(0, (now - since).TotalSeconds) : 0));
        }

        var due = await _timers.OldestDueAsync(cancellation);
        return new TelemetrySample(
            lags, due is { } oldest ? Math.Max(0, (now - oldest).TotalSeconds) : 0, await ProjectionStates.TroubleAsync(_database, cancellation), await AskAsync<long>(Unread, null, cancellation));
    }

    private async Task<T?> AskAsync<T>(string sql, long? parameter, CancellationToken cancellation)
    {
        await using var command = _database.CreateCommand(sql);
        if (parameter is { } value)
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? reader.GetFieldValue<T>(0) : default;
    }

    private IEnumerable<Measurement<T>> Lags<T>(Func<(string Projection, long Events, double Seconds), T> value)
        where T : struct => _sample is { } sample ? sample.Lags.Select(lag => new Measurement<T>(value(lag), new KeyValuePair<string, object?>("projection", lag.Projection))) : [];

    private IEnumerable<Measurement<T>> One<T>(Func<TelemetrySample, T> value)
        where T : struct => _sample is { } sample ? [new Measurement<T>(value(sample))] : [];

    [LoggerMessage(Level = LogLevel.Warning, Message = "The figures of telemetry could not be asked for")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
