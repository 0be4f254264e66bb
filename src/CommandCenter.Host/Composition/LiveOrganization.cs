using System.Collections.Immutable;
using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Composition;

/// <summary>
/// This node's organization: read from its stream before anything else, then kept up by following the log. Who is on duty at the centers is part of it, because who may act and who is told
/// depend on that as they do on seats.
/// </summary>
public sealed partial class LiveOrganization(IEventLog log, EventCatalogue catalogue, TimeProvider clock, Pacing pacing, ILogger<LiveOrganization> logger) : BackgroundService, IOrganization, IReadinessCheck
{
    /// <summary>The part of a roster's stream key before the colon.</summary>
    public const string RosterCategory = "duty";

    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly Heartbeat _heartbeat = new(pacing.Clock);
    private volatile LoadedOrganization? _loaded;
    private volatile Lately? _lately;
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OrganizationHistory History => Loaded.History;

    public OrganizationDirectory Now => At(clock.GetUtcNow());

    /// <summary>Of the stream: 0 when nothing was said of the organization yet.</summary>
    public long Version => Loaded.Version;

    private LoadedOrganization Loaded => _loaded ?? throw new InvalidOperationException("The organization has not been loaded.");

    public OrganizationDirectory At(DateTimeOffset instant)
    {
        var loaded = Loaded;
        var organization = loaded.History.At(instant);
        if (loaded.Rosters.IsEmpty)
            return organization;
        if (_lately is { } lately && lately.Organization == organization && lately.Rosters == loaded.Rosters && lately.Since <= instant && !(lately.Until <= instant))
            return lately.OnDuty;
        var now = new Lately(
            organization, loaded.Rosters, instant, loaded.Rosters.Values.Select(roster => roster.State.NextChange(instant)).Min(),
            organization.With(loaded.Rosters.ToDictionary(roster => roster.Key, roster => roster.Value.State.At(instant))));
        _lately = now;
        return now.OnDuty;
    }

    public HealthCheck Check() => _heartbeat.IsSilent(Silent) ? new HealthCheck("organization", "degraded", "The log has not answered the organization of late.") : new HealthCheck("organization", "ok");

    /// <summary>The roster of a place; empty where nothing was ever planned.</summary>
    public Roster RosterOf(AreaCode place) => Loaded.Rosters.GetValueOrDefault(place)?.State ?? Roster.None;

    /// <summary>Reads the whole streams anew.</summary>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        var loaded = await OrganizationStream.LoadAsync(log, catalogue, cancellation);
        var rosters = ImmutableDictionary.CreateBuilder<AreaCode, LoadedRoster>();
        foreach (var place in Centers(loaded.History))
        {
            var events = await log.ReadStreamAsync(StreamKey.Of(RosterCategory, place.Value), 0, cancellation);
            if (events.Count > 0)
                rosters.Add(place, events.Aggregate(LoadedRoster.None, Next));
        }

        Take(loaded with { Rosters = rosters.ToImmutable() });
    }

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
        var rosters = Loaded.Rosters;
        foreach (var stored in events)
        {
            if (stored.Stream == OrganizationStream.Key && stored.StreamVersion > version)
                (history, version) = (history.Apply((OrganizationEvent)catalogue.Decode(stored)), stored.StreamVersion);
            else if (stored.Stream.Category == RosterCategory && AreaCode.TryParse(stored.Stream.Id, out var place) && (rosters.GetValueOrDefault(place) ?? LoadedRoster.None) is var roster && stored.StreamVersion > roster.Version)
                rosters = rosters.SetItem(place, Next(roster, stored));
        }

        Take(new LoadedOrganization(history, version, events[^1].Position) { Rosters = rosters });
    }

    private LoadedRoster Next(LoadedRoster roster, StoredEvent stored) => new(roster.State.Apply(StreamCommands.FactOf<DutyEvent>(catalogue, stored)), stored.StreamVersion);

    // Towns that ended too: their last shifts were handed over at some time.
    private static IEnumerable<AreaCode> Centers(OrganizationHistory history) => history.Described is null
        ? []
        : history.KnownAreas.Where(area => area.Level is AreaLevel.Town or AreaLevel.District);

    private void Take(LoadedOrganization loaded)
    {
        _loaded = loaded;
        Interlocked.Exchange(ref _moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>The organization of a time in which nobody comes or goes.</summary>
    private sealed record Lately(OrganizationDirectory Organization, ImmutableDictionary<AreaCode, LoadedRoster> Rosters, DateTimeOffset Since, DateTimeOffset? Until, OrganizationDirectory OnDuty);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log's epoch changed; the organization is read anew")]
    private static partial void LogEpoch(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The organization could not be followed; it is tried again")]
    private static partial void LogAway(ILogger logger, Exception exception);
}
