using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>This node's deadline policy and working calendar: read from their stream before anything else, then kept up by following the log.</summary>
public sealed partial class LivePolicies(IEventLog log, PolicyStream stream, TimeProvider clock, Pacing pacing, ILogger<LivePolicies> logger) : BackgroundService, IPolicies, IReadinessCheck
{
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly Heartbeat _heartbeat = new(pacing.Clock);
    private volatile LoadedPolicies? _loaded;
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PolicyHistory History => Loaded.History;

    public long Version => Loaded.History.Revision;

    public PolicyBook Now => At(clock.GetUtcNow());

    private LoadedPolicies Loaded => _loaded ?? throw new InvalidOperationException("The deadline policy has not been loaded.");

    public PolicyBook At(DateTimeOffset instant) => Loaded.History.At(instant);

    public HealthCheck Check() => _heartbeat.IsSilent(Silent) ? new HealthCheck("policy", "degraded", "The log has not answered the deadline policy of late.") : new HealthCheck("policy", "ok");

    /// <summary>Reads the whole stream anew.</summary>
    public async Task LoadAsync(CancellationToken cancellation) => Take(await stream.LoadAsync(cancellation));

    /// <summary>Takes a policy and a calendar into an empty stream; where another node came first, that node's stand.</summary>
    public async Task BeginAsync(IReadOnlyList<PolicyEvent> begun, AreaCode district, CancellationToken cancellation)
    {
        if (Version == 0)
            await stream.AppendAsync(Loaded, begun, district, clock.GetUtcNow(), cancellation);
        await LoadAsync(cancellation);
    }

    public async Task<bool> FollowedAsync(long version, CancellationToken cancellation)
    {
        try
        {
            await UntilAsync(loaded => loaded.History.Revision >= version, cancellation).WaitAsync(Patience, pacing.Clock, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Returns once everything up to a position has been taken in; false when it was not in five seconds.</summary>
    public async Task<bool> ReachedAsync(LogPosition position, CancellationToken cancellation)
    {
        try
        {
            await UntilAsync(loaded => loaded.Position.HasReached(position), cancellation).WaitAsync(Patience, pacing.Clock, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var events in log.FollowAsync(Loaded.Position, _heartbeat, stoppingToken))
                    Take(stream.After(Loaded, events, events[^1].Position));
            }
            catch (EpochChangedException e)
            {
                LogEpoch(logger, e);
                await LoadAgainAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogAway(logger, e);
                await Task.Delay(Again, pacing.Clock, stoppingToken);
            }
        }
    }

    private async Task LoadAgainAsync(CancellationToken cancellation)
    {
        try
        {
            await LoadAsync(cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // The next round of following finds the same epoch, and comes here again.
            LogAway(logger, e);
            await Task.Delay(Again, pacing.Clock, cancellation);
        }
    }

    private async Task UntilAsync(Func<LoadedPolicies, bool> reached, CancellationToken cancellation)
    {
        while (true)
        {
            var moved = Volatile.Read(ref _moved).Task;
            if (reached(Loaded))
                return;
            await moved.WaitAsync(cancellation);
        }
    }

    private void Take(LoadedPolicies loaded)
    {
        _loaded = loaded;
        Interlocked.Exchange(ref _moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log's epoch changed; the deadline policy is read anew")]
    private static partial void LogEpoch(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The deadline policy could not be followed; it is tried again")]
    private static partial void LogAway(ILogger logger, Exception exception);
}
