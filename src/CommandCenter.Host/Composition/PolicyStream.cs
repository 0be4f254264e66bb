using CommandCenter.Domain;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>The policy's stream, folded.</summary>
/// <param name="Position">Everything up to here is in it.</param>
public sealed record LoadedPolicies(PolicyHistory History, LogPosition Position);

/// <summary>The one stream of the district's deadline policy and working calendar.</summary>
public sealed class PolicyStream(IEventLog log, EventCatalogue catalogue)
{
    /// <summary>Who imports files.</summary>
    public const string Importer = "system:import";

    public static StreamKey Key { get; } = StreamKey.Of("policy", "district");

    public async Task<LoadedPolicies> LoadAsync(CancellationToken cancellation)
    {
        // The head first: what comes after it may be read twice, which changes nothing, and nothing is left out.
        var head = (await log.HeadAsync(cancellation)).Last;
        return After(new LoadedPolicies(PolicyHistory.None, head), await log.ReadStreamAsync(Key, 0, cancellation), head);
    }

    /// <summary>With what came since.</summary>
    /// <param name="events">In order; those of other streams, and those that are in it already, are passed over.</param>
    public LoadedPolicies After(LoadedPolicies loaded, IReadOnlyList<StoredEvent> events, LogPosition position)
    {
        var history = loaded.History;
        foreach (var stored in events.Where(stored => stored.Stream == Key && stored.StreamVersion > history.Revision))
            history = history.Apply(StreamCommands.FactOf<PolicyEvent>(catalogue, stored));
        return new LoadedPolicies(history, position);
    }

    /// <summary>Appends what an import came to, all of it or nothing; loses against whoever changed the policy since it was loaded.</summary>
    public Task<AppendResult> AppendAsync(LoadedPolicies loaded, IReadOnlyList<PolicyEvent> events, AreaCode district, DateTimeOffset at, CancellationToken cancellation)
    {
        var origin = new EventOrigin(Importer, Names.Of(Role.System), district.Value, at);
        return log.AppendAsync(
            new AppendRequest([new StreamAppend(Key, Key.Category, ExpectedVersion.After(loaded.History.Revision), [.. events.Select(e => catalogue.Encode(e, origin, Key.ToString()))])]), cancellation);
    }
}
