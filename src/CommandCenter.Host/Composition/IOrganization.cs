using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>The organization as the log has it. Whoever lives longer than a request asks this one instead of keeping a directory: people move, and days begin.</summary>
public interface IOrganization
{
    OrganizationHistory History { get; }

    /// <summary>Of its stream. A decision that asks the organization rests on this version, read before it asked.</summary>
    long Version { get; }

    /// <summary>As it stands now.</summary>
    OrganizationDirectory Now { get; }

    /// <summary>What the log had said of it by a position: for what is computed from events and has to come out the same whenever it is.</summary>
    OrganizationHistory AsOf(long position);

    /// <summary>As it stands on the day of an instant.</summary>
    OrganizationDirectory At(DateTimeOffset instant);

    /// <summary>Waits a few seconds for a version of its stream that is known to be there; false when it did not come.</summary>
    Task<bool> FollowedAsync(long version, CancellationToken cancellation);

    /// <summary>Waits a few seconds until everything up to a position has been taken in; false when it was not.</summary>
    Task<bool> FollowedAsync(LogPosition position, CancellationToken cancellation);

    /// <summary>Another number whenever the organization or a roster says something else than before.</summary>
    long Changes { get; }

    /// <summary>Returns once everything up to a position has been taken in, however long it takes.</summary>
    Task ReachedAsync(LogPosition position, CancellationToken cancellation);
}

/// <summary>The organization as it was read from the log once, for who works on a database without following it.</summary>
public sealed class ReadOrganization(LoadedOrganization loaded, TimeProvider clock) : IOrganization
{
    public OrganizationHistory History => loaded.History;

    public long Version => loaded.Version;

    public OrganizationDirectory Now => At(clock.GetUtcNow());

    public OrganizationHistory AsOf(long position) => loaded.Steps.AsOf(position);

    public OrganizationDirectory At(DateTimeOffset instant) => History.At(instant);

    public Task<bool> FollowedAsync(long version, CancellationToken cancellation) => Task.FromResult(version <= Version);

    public Task<bool> FollowedAsync(LogPosition position, CancellationToken cancellation) => Task.FromResult(loaded.Position.HasReached(position));

    public long Changes => Version;

    public Task ReachedAsync(LogPosition position, CancellationToken cancellation) => Task.CompletedTask;
}
