using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Deadlines;

/// <summary>How much a policy says, and on what it rests.</summary>
/// <param name="Rules">General rules.</param>
/// <param name="Matters">Matters with limits of their own, by sector.</param>
/// <param name="Limits">Limits of rules, matters and whistles, by where they come from.</param>
/// <param name="Unmarked">Limits that do not say it.</param>
public sealed record PolicyCounts(string Version, int Rules, IReadOnlyDictionary<Sector, int> Matters, IReadOnlyDictionary<LimitBasis, int> Limits, int Unmarked)
{
    public static PolicyCounts Of(DeadlinePolicy policy)
    {
        List<LimitBasis?> bases =
        [
            .. policy.Rules.Select(rule => rule.Basis),
            .. (policy.Matters ?? []).SelectMany(matter => matter.Limits).Select(limit => (LimitBasis?)limit.Basis),
            .. policy.Whistles is { } whistles ? [whistles.Route.Basis, whistles.Arrive.Basis, whistles.Advise.Basis] : (LimitBasis?[])[],
        ];
        return new PolicyCounts(
            policy.Version,
            policy.Rules.Count,
            Enum.GetValues<Sector>().ToDictionary(sector => sector, sector => policy.Matters?.Count(matter => matter.Sector == sector) ?? 0),
            Enum.GetValues<LimitBasis>().ToDictionary(basis => basis, basis => bases.Count(other => other == basis)),
            bases.Count(basis => basis is null));
    }
}
