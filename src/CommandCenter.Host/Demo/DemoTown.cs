namespace CommandCenter.Host.Demo;

public sealed class DemoTown : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
}
