using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>Keeps showing in the database that this host runs.</summary>
public sealed class PresenceWorker(NodePresence presence) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => presence.HoldAsync(stoppingToken);
}
