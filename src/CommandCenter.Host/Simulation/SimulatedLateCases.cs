using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Simulation;

/// <summary>The late cases of a history that is being played, whose read tables are not kept up yet.</summary>
public sealed class SimulatedLateCases : ILateCases
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Town, string Category), Dictionary<string, DateTimeOffset>> _climbed = [];

    public void Climbed(string town, string category, string id, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (!_climbed.TryGetValue((town, category), out var cases))
                _climbed[(town, category)] = cases = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
            cases[id] = at;
        }
    }

    public Task<int> CountAsync(AreaCode town, string category, string except, DateTimeOffset since, CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult(_climbed.GetValueOrDefault((town.Value, category))?.Count(pair => pair.Value >= since && pair.Key != except) ?? 0);
    }
}
