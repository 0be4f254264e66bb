using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>The organization as the log has it. Whoever lives longer than a request asks this one instead of keeping a directory: people move, and days begin.</summary>
public interface IOrganization
{
    OrganizationHistory History { get; }

    /// <summary>As it stands now.</summary>
    OrganizationDirectory Now { get; }

    /// <summary>As it stands on the day of an instant.</summary>
    OrganizationDirectory At(DateTimeOffset instant);

    /// <summary>Returns once everything up to a position has been taken in, however long it takes.</summary>
    Task ReachedAsync(LogPosition position, CancellationToken cancellation);
}

/// <summary>The organization as it was read from the log once, for who works on a database without following it.</summary>
public sealed class ReadOrganization(OrganizationHistory history, TimeProvider clock) : IOrganization
{
    public OrganizationHistory History => history;

    public OrganizationDirectory Now => history.At(clock.GetUtcNow());

    public OrganizationDirectory At(DateTimeOffset instant) => history.At(instant);

    public Task ReachedAsync(LogPosition position, CancellationToken cancellation) => Task.CompletedTask;
}
