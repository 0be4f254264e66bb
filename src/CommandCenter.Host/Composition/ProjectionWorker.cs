using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>Runs the read tables' projections for as long as the host runs.</summary>
public sealed class ProjectionWorker(ReadPositions positions) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(positions.Runners.Values.Select(runner => runner.RunAsync(stoppingToken)));
}
