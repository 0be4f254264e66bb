using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>Once a day: forgets the ids of commands that are older than they are kept (ADR 0001).</summary>
public sealed partial class Housekeeping(PostgresEventLog log, TimeProvider clock, Pacing pacing, ILogger<Housekeeping> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromDays(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Every;
            try
            {
                await log.ForgetCommandsAsync(clock.GetUtcNow(), stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(logger, e);
                pause = AfterFailure;
            }

            await Task.Delay(pause, pacing.Clock, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old command ids could not be forgotten; it is tried again")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
