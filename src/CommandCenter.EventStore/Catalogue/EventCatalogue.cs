using System.Text.Json;
using System.Text.Json.Nodes;

namespace CommandCenter.EventStore;

/// <summary>A kind of event that may be written.</summary>
/// <param name="Alias">The frozen name, snake_case; from the second version with <c>_v2</c> and so on.</param>
/// <param name="Version">1 for the first. It agrees with the alias.</param>
/// <param name="Type">The CLR type of the newest version.</param>
/// <param name="DotnetType">The frozen <c>mt_dotnet_type</c>; renaming the class does not change it.</param>
public sealed record EventEntry(string Alias, int Version, Type Type, string DotnetType);

/// <summary>Turns the data of an older version into that of a later one. Stored events stay as they are.</summary>
/// <param name="From">The alias as it is stored.</param>
/// <param name="To">The alias that the result has: of an entry, or of another upcaster.</param>
/// <param name="Change">Given the stored data, gives the later version's; it may change and return what it is given.</param>
public sealed record Upcaster(string From, string To, Func<JsonObject, JsonObject> Change);

/// <summary>An event is of a kind that the catalogue does not know.</summary>
public sealed class UnknownEventException(string message) : Exception(message);

/// <summary>The kinds of events: the single path between CLR types and stored data. Immutable and thread-safe.</summary>
public sealed class EventCatalogue
{
    private readonly Dictionary<Type, EventEntry> _byType = [];
    private readonly Dictionary<string, EventEntry> _byAlias = [];
    private readonly Dictionary<string, Upcaster> _upcasters = [];
    private readonly JsonSerializerOptions _json;

    /// <param name="json">Writes what the canonical form allows: no nulls, no fractions, instants with six digits (ADR 0002, 0004).</param>
    /// <exception cref="ArgumentException">A type or alias stands twice, an alias and its version disagree, or an upcaster leads nowhere.</exception>
    public EventCatalogue(IEnumerable<EventEntry> entries, JsonSerializerOptions json, IEnumerable<Upcaster>? upcasters = null)
    {
        _json = json;
        foreach (var entry in entries)
        {
            if (entry.Version < 1 || entry.Version > 1 != entry.Alias.EndsWith($"_v{entry.Version}", StringComparison.Ordinal))
                throw new ArgumentException($"The alias {entry.Alias} does not say version {entry.Version}.", nameof(entries));
            if (!_byType.TryAdd(entry.Type, entry))
                throw new ArgumentException($"{entry.Type} is registered twice: as {_byType[entry.Type].Alias} and as {entry.Alias}.", nameof(entries));
            if (!_byAlias.TryAdd(entry.Alias, entry))
                throw new ArgumentException($"The alias {entry.Alias} is registered twice: for {_byAlias[entry.Alias].Type} and for {entry.Type}.", nameof(entries));
        }

        foreach (var upcaster in upcasters ?? [])
        {
            if (_byAlias.ContainsKey(upcaster.From))
                throw new ArgumentException($"{upcaster.From} is an entry and has an upcaster too: only what is no longer written is upcast.", nameof(upcasters));
            if (!_upcasters.TryAdd(upcaster.From, upcaster))
                throw new ArgumentException($"{upcaster.From} has two upcasters.", nameof(upcasters));
        }

        foreach (var upcaster in _upcasters.Values)
            CheckThatItLeadsToAnEntry(upcaster);
    }

    /// <summary>The kinds that may be written.</summary>
    public IReadOnlyCollection<EventEntry> Entries => _byAlias.Values;

    /// <exception cref="UnknownEventException">The event's type is not registered.</exception>
    public NewEvent Encode(object @event, EventOrigin origin, string? correlation = null, string? causation = null)
    {
        if (!_byType.TryGetValue(@event.GetType(), out var entry))
            throw new UnknownEventException($"{@event.GetType()} is not in the event catalogue: register it under a new alias, with a golden file.");
        return new NewEvent(entry.Alias, entry.DotnetType, JsonSerializer.SerializeToUtf8Bytes(@event, entry.Type, _json), origin, correlation, causation);
    }

    /// <exception cref="UnknownEventException">The alias is not registered: the log was written by a newer program, or by another.</exception>
    /// <exception cref="JsonException">The data does not fit the type.</exception>
    public object Decode(StoredEvent stored)
    {
        if (_byAlias.TryGetValue(stored.Type, out var entry))
            return JsonSerializer.Deserialize(stored.Data.Span, entry.Type, _json)!;
        if (!_upcasters.TryGetValue(stored.Type, out var upcaster))
            throw new UnknownEventException($"The event {stored.Type} at position {stored.Position} of {stored.Stream} is not in the event catalogue: it was written by a newer program.");

        var data = JsonNode.Parse(stored.Data.Span)!.AsObject();
        while (true)
        {
            data = upcaster.Change(data);
            if (_byAlias.TryGetValue(upcaster.To, out entry))
                return data.Deserialize(entry.Type, _json)!;
            upcaster = _upcasters[upcaster.To];
        }
    }

    private void CheckThatItLeadsToAnEntry(Upcaster first)
    {
        var at = first;
        for (var steps = 0; !_byAlias.ContainsKey(at.To); steps++)
            if (steps > _upcasters.Count || !_upcasters.TryGetValue(at.To, out at!))
                throw new ArgumentException($"The upcaster of {first.From} leads to no entry.");
    }
}
