using CommandCenter.Domain;
using CommandCenter.Domain.Formats;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>How the product's events stand in the log. A released event that changes gets a new version in <see cref="DomainEvents"/> and here an upcaster from the old one.</summary>
public static class StoredEvents
{
    private static readonly IReadOnlyList<Upcaster> Upcasters = [];

    public static EventCatalogue Catalogue() =>
        new(DomainEvents.All.Select(name => new EventEntry(name.Alias, name.Version, name.Type, name.DotnetType)), DomainJson.Options, Upcasters);
}
