using CommandCenter.Domain;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>The organization's stream, folded.</summary>
/// <param name="Position">Everything up to here is in it.</param>
public sealed record LoadedOrganization(OrganizationHistory History, long Version, LogPosition Position, OrganizationSteps Steps);

/// <summary>The one stream of the district's organization.</summary>
/// <param name="names">Null for who asks for nobody's name, and may not have the keys.</param>
public sealed class OrganizationStream(IEventLog log, EventCatalogue catalogue, OrganizationNames? names)
{
    public static StreamKey Key { get; } = StreamKey.Of("organization", "district");

    public async Task<LoadedOrganization> LoadAsync(CancellationToken cancellation)
    {
        // The head first: what comes after it may be read twice, which changes nothing, and nothing is left out.
        var head = (await log.HeadAsync(cancellation)).Last;
        return await AfterAsync(new LoadedOrganization(OrganizationHistory.None, 0, head, OrganizationSteps.None), await log.ReadStreamAsync(Key, 0, cancellation), head, cancellation);
    }

    /// <summary>With what came since.</summary>
    /// <param name="events">In order; those of other streams, and those that are in it already, are passed over.</param>
    public async Task<LoadedOrganization> AfterAsync(LoadedOrganization loaded, IReadOnlyList<StoredEvent> events, LogPosition position, CancellationToken cancellation)
    {
        var (history, version, _, steps) = loaded;
        foreach (var stored in events.Where(stored => stored.Stream == Key && stored.StreamVersion > version))
        {
            var happened = (OrganizationEvent)catalogue.Decode(stored);
            history = history.Apply(names is null ? happened : await names.OpenAsync(happened, cancellation));
            (version, steps) = (stored.StreamVersion, steps.After(stored.Position.Position, history));
        }

        return new LoadedOrganization(history, version, position, steps);
    }

    /// <summary>Appends what an import came to, all of it or nothing; loses against whoever changed the organization since it was loaded.</summary>
    /// <param name="actor">A person's id or <c>system:name</c>.</param>
    public async Task<AppendResult> AppendAsync(LoadedOrganization loaded, IReadOnlyList<OrganizationEvent> events, string actor, Role role, AreaCode place, DateTimeOffset at, CancellationToken cancellation)
    {
        if (names is null)
            throw new InvalidOperationException("Names cannot be stored without the keys that they are sealed under.");
        var origin = new EventOrigin(actor, Names.Of(role), place.Value, at);
        var stored = new List<NewEvent>(events.Count);
        foreach (var e in events)
            stored.Add(catalogue.Encode(await names.SealAsync(e, cancellation), origin, Key.ToString()));
        return await log.AppendAsync(new AppendRequest([new StreamAppend(Key, Key.Category, ExpectedVersion.After(loaded.Version), stored)]), cancellation);
    }
}
