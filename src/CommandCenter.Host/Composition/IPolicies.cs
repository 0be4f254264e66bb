using CommandCenter.Domain;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Composition;

/// <summary>The deadline policy and the working calendar as the log has them. Whoever lives longer than a request asks this one instead of keeping a book: versions come, and days begin.</summary>
public interface IPolicies
{
    PolicyHistory History { get; }

    /// <summary>Of its stream. A decision about deadlines rests on this version, read before it asked.</summary>
    long Version { get; }

    /// <summary>By which a clock counts that starts now.</summary>
    PolicyBook Now { get; }

    /// <summary>By which a clock counts that starts at an instant of the present.</summary>
    PolicyBook At(DateTimeOffset instant);

    /// <summary>Waits a few seconds for a version of its stream that is known to be there; false when it did not come.</summary>
    Task<bool> FollowedAsync(long version, CancellationToken cancellation);
}

/// <summary>A policy that is known and stays, for who works without following the log.</summary>
/// <param name="version">Of the log's stream; 0 where it is of no log, and nothing rests on it.</param>
public sealed class ReadPolicies(PolicyHistory history, TimeProvider clock, long version) : IPolicies
{
    public PolicyHistory History => history;

    public long Version => version;

    public PolicyBook Now => At(clock.GetUtcNow());

    public PolicyBook At(DateTimeOffset instant) => history.At(instant);

    Task<bool> IPolicies.FollowedAsync(long wanted, CancellationToken cancellation) => Task.FromResult(wanted <= version);

    /// <summary>As a log would have it that begins with these; of no log.</summary>
    public static ReadPolicies Of(IReadOnlyList<PolicyEvent> begun, AreaCode district, TimeProvider clock) => new(
        PolicyHistory.Fold(begun.Select(e => new Fact<PolicyEvent>(e, new By(PolicyStream.Importer, Role.System, district), DateTimeOffset.MinValue, DateTimeOffset.MinValue))), clock, 0);
}
