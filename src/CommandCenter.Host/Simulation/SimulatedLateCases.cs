using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Simulation;

/// <summary>The late cases of a history that is being played, whose read tables are not kept up yet.</summary>
public sealed class SimulatedLateCases : ILateCases
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Town, string Category), Dictionary<string, (DateTimeOffset At, EscalationLevel Highest)>> _climbed = [];

    public void Climbed(string town, string category, string id, DateTimeOffset at, EscalationLevel level)
    {
        lock (_gate)
        {
            if (!_climbed.TryGetValue((town, category), out var cases))
                _climbed[(town, category)] = cases = new Dictionary<string, (DateTimeOffset At, EscalationLevel Highest)>(StringComparer.Ordinal);
            cases[id] = (at, cases.TryGetValue(id, out var before) && before.Highest > level ? before.Highest : level);
        }
    }

    public Task<int> CountAsync(AreaCode town, string category, string except, DateTimeOffset since, EscalationLevel from, CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult(_climbed.GetValueOrDefault((town.Value, category))?.Count(pair => pair.Value.At >= since && pair.Value.Highest >= from && pair.Key != except) ?? 0);
    }
}
