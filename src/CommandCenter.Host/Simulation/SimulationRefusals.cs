using System.Collections.Concurrent;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Simulation;

/// <summary>Counts the steps that were not allowed. Thread-safe.</summary>
public sealed class SimulationRefusals
{
    private readonly ConcurrentDictionary<string, int> _counted = new(StringComparer.Ordinal);

    /// <summary>By command and code.</summary>
    public IReadOnlyDictionary<string, int> Counted => _counted.ToDictionary(StringComparer.Ordinal);

    /// <returns>The same outcome.</returns>
    /// <param name="outcome">Null for a step that was carried out.</param>
    public Outcome? Note(string command, Outcome? outcome)
    {
        if (outcome is not null)
            _counted.AddOrUpdate($"{command}: {(outcome is Outcome.Refused refused ? refused.Refusal.Code : outcome.GetType().Name)}", 1, (_, count) => count + 1);
        return outcome;
    }

    /// <param name="code">As a host said over HTTP.</param>
    public void Note(string command, string code) => _counted.AddOrUpdate($"{command}: {code}", 1, (_, count) => count + 1);

    /// <summary>Whether it was carried out, or is so already.</summary>
    public bool IsDone(string command, Outcome outcome) => Note(command, outcome is Outcome.Done or Outcome.Unchanged ? null : outcome) is null;
}
