namespace CommandCenter.Host.LocalPostgres;

/// <summary>
/// Hands the signals over as soon as the application listens to them and before anything of it works with the database: until then the server would be stopped under it.
/// </summary>
public sealed class SignalHandOver(PrivatePostgres postgres, IHostApplicationLifetime lifetime) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        postgres.EndWith(lifetime);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
