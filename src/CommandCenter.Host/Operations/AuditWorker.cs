using CommandCenter.EventStore;

namespace CommandCenter.Host.Operations;

/// <summary>Recounts the read tables against the log for as long as the host runs.</summary>
public sealed class AuditWorker(CoverageAudit audit) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => audit.RunAsync(stoppingToken);
}
