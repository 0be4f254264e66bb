using CommandCenter.EventStore;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Files;

/// <summary>Once an hour: forgets uploads that have expired, and removes files that no event has named in time.</summary>
public sealed partial class FileCollector(Uploads uploads, FileShelf shelf, HostSettings settings, TimeProvider clock, Pacing pacing, ILogger<FileCollector> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>One round by the clock that uploads and files are kept by; returns how many uploads and files went.</summary>
    public async Task<(int Uploads, int Files)> SweepAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return (await uploads.ExpireAsync(now, cancellation), await shelf.CollectAsync(now - settings.KeepUnnamedFiles, cancellation));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(logger, e);
            }

            await Task.Delay(Every, pacing.Clock, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old uploads and files could not be removed; it is tried again")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
