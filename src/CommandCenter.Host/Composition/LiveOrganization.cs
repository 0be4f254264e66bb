using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Composition;

/// <summary>This node's organization: read from its stream before anything else, then kept up by following the log.</summary>
public sealed partial class LiveOrganization(IEventLog log, EventCatalogue catalogue, TimeProvider clock, Pacing pacing, ILogger<LiveOrganization> logger) : BackgroundService, IOrganization, IReadinessCheck
{
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly Heartbeat _heartbeat = new(pacing.Clock);
    private volatile LoadedOrganization? _loaded;
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OrganizationHistory History => Loaded.History;

    public OrganizationDirectory Now => At(clock.GetUtcNow());

    /// <summary>Of the stream: 0 when nothing was said of the organization yet.</summary>
    public long Version => Loaded.Version;

    private LoadedOrganization Loaded => _loaded ?? throw new InvalidOperationException("The organization has not been loaded.");

    public OrganizationDirectory At(DateTimeOffset instant) => History.At(instant);

    public HealthCheck Check() => _heartbeat.IsSilent(Silent) ? new HealthCheck("organization", "degraded", "The log has not answered the organization of late.") : new HealthCheck("organization", "ok");

    /// <summary>Reads the whole stream anew.</summary>
    public async Task LoadAsync(CancellationToken cancellation) => Take(await OrganizationStream.LoadAsync(log, catalogue, cancellation));

    /// <summary>Takes an organization into an empty stream; where another node came first, that node's stands.</summary>
    public async Task BeginAsync(OrganizationContent content, CancellationToken cancellation)
    {
        var difference = OrganizationImport.Difference(OrganizationHistory.None, content, null);
        await log.AppendAsync(OrganizationStream.Append(catalogue, Loaded, difference.Events, "system:import", Role.System, content.District, clock.GetUtcNow()), cancellation);
        await LoadAsync(cancellation);
    }

    public async Task ReachedAsync(LogPosition position, CancellationToken cancellation)
    {
        while (true)
        {
            var moved = Volatile.Read(ref _moved).Task;
            if (Loaded.Position.HasReached(position))
                return;
            await moved.WaitAsync(cancellation);
        }
    }

    /// <summary>Returns once everything up to a position that a caller asks for has been taken in; at once when none is asked for.</summary>
    /// <exception cref="ProblemException">It was not in five seconds.</exception>
    public async Task WaitAsync(LogPosition? position, CancellationToken cancellation)
    {
        if (position is not { } wanted)
            return;
        try
        {
            await ReachedAsync(wanted, cancellation).WaitAsync(Patience, pacing.Clock, cancellation);
        }
        catch (TimeoutException)
        {
            throw Problems.PositionNotReached();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var events in log.FollowAsync(Loaded.Position, _heartbeat, stoppingToken))
                    Apply(events);
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

    private void Apply(IReadOnlyList<StoredEvent> events)
    {
        var (history, version, _) = Loaded;
        foreach (var stored in events.Where(stored => stored.Stream == OrganizationStream.Key && stored.StreamVersion > version))
            (history, version) = (history.Apply((OrganizationEvent)catalogue.Decode(stored)), stored.StreamVersion);
        Take(new LoadedOrganization(history, version, events[^1].Position));
    }

    private void Take(LoadedOrganization loaded)
    {
        _loaded = loaded;
        Interlocked.Exchange(ref _moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log's epoch changed; the organization is read anew")]
    private static partial void LogEpoch(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The organization could not be followed; it is tried again")]
    private static partial void LogAway(ILogger logger, Exception exception);
}
