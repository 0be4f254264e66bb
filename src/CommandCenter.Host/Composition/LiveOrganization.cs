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
public sealed partial class LiveOrganization(IEventLog log, OrganizationStream stream, EventCatalogue catalogue, TimeProvider clock, Pacing pacing, ILogger<LiveOrganization> logger) : BackgroundService, IOrganization, IReadinessCheck
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

    public long Version => Loaded.Version;

    public OrganizationHistory AsOf(long position) => Loaded.Steps.AsOf(position);

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

    /// <summary>The shifts of every other center that are not over at an instant, and what a decision about them rests on: each of the other rosters as it stands.</summary>
    public (IReadOnlyList<OtherShift> Shifts, IReadOnlyList<StreamAppend> RestsOn) Elsewhere(AreaCode place, DateTimeOffset at)
    {
        var loaded = Loaded;
        return (
            [
                .. from roster in loaded.Rosters
                   where roster.Key != place
                   from shift in roster.Value.State.Shifts.Values
                   where shift.To > at && shift.Relief is null
                   select new OtherShift(shift.Person, shift.From, shift.To),
            ],
            [
                .. from other in Centers(loaded.History)
                   where other != place
                   let version = loaded.Rosters.GetValueOrDefault(other)?.Version ?? 0
                   select new StreamAppend(StreamKey.Of(RosterCategory, other.Value), RosterCategory, ExpectedVersion.After(version), []),
            ]);
    }

    /// <summary>Reads the whole streams anew.</summary>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        var loaded = await stream.LoadAsync(cancellation);
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

    public long Changes => Loaded.Version + Loaded.Rosters.Values.Sum(roster => roster.Version);

    public Task<bool> FollowedAsync(long version, CancellationToken cancellation) => SoonAsync(loaded => loaded.Version >= version, cancellation);

    public Task<bool> FollowedAsync(LogPosition position, CancellationToken cancellation) => SoonAsync(loaded => loaded.Position.HasReached(position), cancellation);

    private async Task<bool> SoonAsync(Func<LoadedOrganization, bool> reached, CancellationToken cancellation)
    {
        try
        {
            await UntilAsync(reached, cancellation).WaitAsync(Patience, pacing.Clock, cancellation);
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
                    Take(await stream.AfterAsync(Loaded, events, events[^1].Position, stoppingToken) with { Rosters = After(Loaded.Rosters, events) });
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

    private ImmutableDictionary<AreaCode, LoadedRoster> After(ImmutableDictionary<AreaCode, LoadedRoster> rosters, IReadOnlyList<StoredEvent> events)
    {
        foreach (var stored in events.Where(stored => stored.Stream.Category == RosterCategory))
        {
            var place = AreaCode.Parse(stored.Stream.Id);
            var roster = rosters.GetValueOrDefault(place) ?? LoadedRoster.None;
            if (stored.StreamVersion > roster.Version)
                rosters = rosters.SetItem(place, Next(roster, stored));
        }

        return rosters;
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
