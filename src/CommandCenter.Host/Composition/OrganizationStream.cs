using System.Collections.Immutable;
using CommandCenter.Domain;
using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>The organization's stream, folded.</summary>
/// <param name="Position">Everything up to here is in it.</param>
public sealed record LoadedOrganization(OrganizationHistory History, long Version, LogPosition Position)
{
    /// <summary>Of the centers that have one, by their places.</summary>
    public ImmutableDictionary<AreaCode, LoadedRoster> Rosters { get; init; } = ImmutableDictionary<AreaCode, LoadedRoster>.Empty;
}

/// <summary>A roster as folded, with the version of its stream.</summary>
public sealed record LoadedRoster(Roster State, long Version)
{
    public static LoadedRoster None { get; } = new(Roster.None, 0);
}

/// <summary>The one stream of the district's organization.</summary>
public static class OrganizationStream
{
    public static StreamKey Key { get; } = StreamKey.Of("organization", "district");

    public static async Task<LoadedOrganization> LoadAsync(IEventLog log, EventCatalogue catalogue, CancellationToken cancellation)
    {
        // The head first: what comes after it may be read twice, which changes nothing, and nothing is left out.
        var head = (await log.HeadAsync(cancellation)).Last;
        var events = await log.ReadStreamAsync(Key, 0, cancellation);
        return new LoadedOrganization(
            OrganizationHistory.None.With(events.Select(stored => (OrganizationEvent)catalogue.Decode(stored))), events.Count == 0 ? 0 : events[^1].StreamVersion, head);
    }

    /// <summary>What an import appends, all of it or nothing; loses against whoever changed the organization since it was loaded.</summary>
    /// <param name="actor">A person's id or <c>system:name</c>.</param>
    public static AppendRequest Append(EventCatalogue catalogue, LoadedOrganization loaded, IReadOnlyList<OrganizationEvent> events, string actor, Role role, AreaCode place, DateTimeOffset at)
    {
        var origin = new EventOrigin(actor, Names.Of(role), place.Value, at);
        return new AppendRequest([new StreamAppend(Key, Key.Category, ExpectedVersion.After(loaded.Version), [.. events.Select(e => catalogue.Encode(e, origin, Key.ToString()))])]);
    }
}
