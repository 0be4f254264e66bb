using CommandCenter.EventStore;

namespace CommandCenter.Host.Deadlines;

/// <summary>Runs the timers for as long as the host runs.</summary>
public sealed class DeadlineWorker(TimerWorker worker) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => worker.RunAsync(stoppingToken);
}
