using System.Globalization;
using CommandCenter.FaultNode;

namespace CommandCenter.EventStore.Tests.History;

/// <summary>What happened in so many runs, in numbers.</summary>
public sealed record RunSummary(int Runs, IReadOnlyDictionary<Told, int> Attempts, int Events, int Timers, long Ahead, IReadOnlyDictionary<string, int> Faults, int Violations)
{
    public static RunSummary None { get; } = new(0, new Dictionary<Told, int>(), 0, 0, 0, new Dictionary<string, int>(), 0);

    public RunSummary And(RunSummary other) => new(
        Runs + other.Runs, Sum(Attempts, other.Attempts), Events + other.Events, Timers + other.Timers, Ahead + other.Ahead, Sum(Faults, other.Faults), Violations + other.Violations);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Runs} runs: {Attempts.Values.Sum()} attempts ({Words(Attempts)}), {Events} events, {Timers} timers, {Ahead} batches decided ahead; {Faults.Values.Sum()} faults ({Words(Faults)}); {Violations} violations");

    private static Dictionary<TKey, int> Sum<TKey>(IReadOnlyDictionary<TKey, int> one, IReadOnlyDictionary<TKey, int> other) where TKey : notnull =>
        one.Concat(other).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Sum(pair => pair.Value));

    private static string Words<TKey>(IReadOnlyDictionary<TKey, int> counts) where TKey : notnull =>
        string.Join(", ", counts.Select(pair => (Word: pair.Key.ToString()!, pair.Value)).OrderBy(pair => pair.Word, StringComparer.Ordinal).Select(pair => $"{pair.Value} {pair.Word}"));
}
