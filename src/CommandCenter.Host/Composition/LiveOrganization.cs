using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Composition;

/// <summary>This node's organization: read from its stream before anything else, then kept up by following the log.</summary>
public sealed partial class LiveOrganization(IEventLog log, OrganizationStream stream, TimeProvider clock, Pacing pacing, ILogger<LiveOrganization> logger) : BackgroundService, IOrganization, IReadinessCheck
{
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly Heartbeat _heartbeat = new(pacing.Clock);
    private volatile LoadedOrganization? _loaded;
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OrganizationHistory History => Loaded.History;

    public OrganizationDirectory Now => At(clock.GetUtcNow());

    public long Version => Loaded.Version;

    public OrganizationHistory AsOf(long position) => Loaded.Steps.AsOf(position);

    private LoadedOrganization Loaded => _loaded ?? throw new InvalidOperationException("The organization has not been loaded.");

    public OrganizationDirectory At(DateTimeOffset instant) => History.At(instant);

    public HealthCheck Check() => _heartbeat.IsSilent(Silent) ? new HealthCheck("organization", "degraded", "The log has not answered the organization of late.") : new HealthCheck("organization", "ok");

    /// <summary>Reads the whole stream anew.</summary>
    public async Task LoadAsync(CancellationToken cancellation) => Take(await stream.LoadAsync(cancellation));

    /// <summary>Takes an organization into an empty stream; where another node came first, that node's stands.</summary>
    /// <exception cref="StartRefusedException">Nobody supervises the district by it, with whom every escalation ends.</exception>
    public async Task BeginAsync(OrganizationContent content, CancellationToken cancellation)
    {
        var difference = OrganizationImport.Difference(OrganizationHistory.None, content, null);
        var after = OrganizationHistory.None.With(difference.Events);
        var now = clock.GetUtcNow();
        if (OrganizationImport.FirstDayWithoutSupervisor(after, after.DayOf(now)) is { } day)
            throw new StartRefusedException($"By {OrganizationReader.RolesFile} the district has no supervisor on {day:yyyy-MM-dd}, with whom every escalation ends. Appoint one for every day from today on.");
        await stream.AppendAsync(Loaded, difference.Events, "system:import", Role.System, content.District, now, cancellation);
        await LoadAsync(cancellation);
    }

    public Task ReachedAsync(LogPosition position, CancellationToken cancellation) => UntilAsync(loaded => loaded.Position.HasReached(position), cancellation);

    public async Task<bool> FollowedAsync(long version, CancellationToken cancellation)
    {
        try
        {
            await UntilAsync(loaded => loaded.Version >= version, cancellation).WaitAsync(Patience, pacing.Clock, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task UntilAsync(Func<LoadedOrganization, bool> reached, CancellationToken cancellation)
    {
        while (true)
        {
            var moved = Volatile.Read(ref _moved).Task;
            if (reached(Loaded))
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
                    Take(await stream.AfterAsync(Loaded, events, events[^1].Position, stoppingToken));
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
