using System.Collections.Immutable;

namespace CommandCenter.Domain.Organization;

/// <summary>
/// Values that hold from a day on, by key. What is said of a day holds for all days after it, until something is said of a later one; so whatever was said of later days before is
/// overruled. Immutable.
/// </summary>
internal sealed class Dated<TKey, T>
    where TKey : notnull
    where T : class
{
    private readonly ImmutableDictionary<TKey, ImmutableList<Entry>> _entries;

    // As they were first spoken of, which is the order of the files.
    private readonly ImmutableList<TKey> _keys;

    private Dated(ImmutableDictionary<TKey, ImmutableList<Entry>> entries, ImmutableList<TKey> keys) => (_entries, _keys) = (entries, keys);

    /// <param name="Value">Null: it ended.</param>
    private sealed record Entry(DateOnly From, T? Value);

    public static Dated<TKey, T> None { get; } = new(ImmutableDictionary<TKey, ImmutableList<Entry>>.Empty, []);

    /// <summary>The days on which something changes.</summary>
    public IEnumerable<DateOnly> Days => _entries.Values.SelectMany(entries => entries).Select(entry => entry.From);

    public IReadOnlyList<TKey> Keys => _keys;

    public Dated<TKey, T> Set(DateOnly from, IEnumerable<(TKey Key, T? Value)> values)
    {
        var (entries, keys) = (_entries.ToBuilder(), _keys.ToBuilder());
        foreach (var (key, value) in values)
        {
            if (!entries.TryGetValue(key, out var said))
                keys.Add(key);
            var before = (said ?? []).RemoveAll(entry => entry.From >= from);
            // What is not there cannot end: where only its return was planned, that is what is dropped.
            entries[key] = value is null && (before.IsEmpty || before[^1].Value is null) ? before : before.Add(new Entry(from, value));
        }

        return new Dated<TKey, T>(entries.ToImmutable(), keys.ToImmutable());
    }

    /// <summary>Null before it began and after it ended.</summary>
    public T? On(DateOnly day, TKey key) => _entries.TryGetValue(key, out var entries) ? entries.FindLast(entry => entry.From <= day)?.Value : null;

    /// <summary>As it was on a day or, where it had ended, at its last; null for what never was by then.</summary>
    public T? LastBy(DateOnly day, TKey key) => _entries.TryGetValue(key, out var entries) ? entries.FindLast(entry => entry.From <= day && entry.Value is not null)?.Value : null;

    /// <summary>The days on which something is said of a key.</summary>
    public IEnumerable<DateOnly> DaysOf(TKey key) => _entries.TryGetValue(key, out var entries) ? entries.Select(entry => entry.From) : [];

    public IEnumerable<T> On(DateOnly day) => _keys.Select(key => On(day, key)).OfType<T>();

    /// <summary>Whether something else is said of a day after this one than of this one.</summary>
    public bool IsPlanned(DateOnly day, TKey key) => _entries.TryGetValue(key, out var entries) && entries.Exists(entry => entry.From > day);

    /// <summary>What held some time before a day and does not any more, with the day on which it ended.</summary>
    public IEnumerable<(T Value, DateOnly Ended)> EndedBy(DateOnly day)
    {
        foreach (var key in _keys)
        {
            var entries = _entries[key];
            var until = entries.FindLastIndex(entry => entry.From <= day);
            if (until > 0 && entries[until].Value is null)
                yield return (entries[until - 1].Value!, entries[until].From);
        }
    }
}
