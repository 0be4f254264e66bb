using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>The projections behind the read tables.</summary>
public sealed record ReadTables(IReadOnlyList<IProjection> All)
{
    public IReadOnlyList<string> Names { get; } = [.. All.Select(projection => projection.Name)];

    /// <summary>Null when there is none of that name.</summary>
    public IProjection? Find(string name) => All.FirstOrDefault(projection => projection.Name == name);
}
