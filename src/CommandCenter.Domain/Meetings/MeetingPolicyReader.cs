using System.Text.Json;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Meetings;

/// <summary>Reads a meeting policy from JSON and refuses one under which a meeting could not be held.</summary>
public static class MeetingPolicyReader
{
    /// <summary>Where a yard meeting can be.</summary>
    private static readonly AreaLevel[] Levels = [AreaLevel.Village, AreaLevel.Grid, AreaLevel.Yard];

    /// <returns>The policy, or what is wrong with it, one sentence each.</returns>
    public static (MeetingPolicy? Policy, IReadOnlyList<string> Errors) Read(string json)
    {
        MeetingPolicy? policy;
        try
        {
            policy = JsonSerializer.Deserialize<MeetingPolicy>(json, DomainJson.Options);
        }
        catch (JsonException e)
        {
            return (null, [$"line {(e.LineNumber ?? 0) + 1}: {e.Message}"]);
        }

        if (policy is null)
            return (null, ["The policy is empty."]);

        var errors = Check(policy).ToList();
        return errors.Count == 0 ? (policy, []) : (null, errors);
    }

    private static IEnumerable<string> Check(MeetingPolicy policy)
    {
        if (policy.Version.Length is 0 or > 50)
            yield return "The version has 1 to 50 characters.";
        // Nulls in a list pass the serializer, whatever the list's type says.
        if (policy.Tiers.Any(rule => rule is null) || policy.Agenda.Any(code => code is null) || policy.Topics.Any(code => code is null))
        {
            yield return "An entry is missing.";
            yield break;
        }

        if (policy.Tiers.Count == 0)
            yield return "There is no tier.";
        foreach (var tier in policy.Tiers.GroupBy(rule => rule.Tier))
        {
            if (tier.Count() > 1)
                yield return $"The tier {tier.Key} stands twice.";
            if (tier.Any(rule => rule.Hosts.Count == 0))
                yield return $"The tier {tier.Key} has no host.";
            // Whoever is told for a post or a sector is found by it, and a meeting has neither.
            if (tier.SelectMany(rule => rule.Hosts).Any(role => role is Role.Resident or Role.System or Role.PostHandler or Role.SectorLead))
                yield return $"The tier {tier.Key} has a host who is not found by role and place.";
            if (tier.Any(rule => rule.Areas.Count == 0 || rule.Areas.Except(Levels).Any()))
                yield return $"The tier {tier.Key} meets in villages, grids or yards.";
        }

        foreach (var (list, codes) in ((string, IReadOnlyList<NamedCode>)[])[("agenda", policy.Agenda), ("topics", policy.Topics)])
        {
            if (codes.Count == 0)
                yield return $"The list {list} is empty.";
            if (codes.Select(code => code.Code).Distinct(StringComparer.Ordinal).Count() != codes.Count)
                yield return $"A code stands twice in {list}.";
            if (codes.Any(code => code.Code.Length is 0 or > 40 || !code.Code.All(c => char.IsAsciiLetterLower(c) || c == '_')))
                yield return $"A code in {list} is 1 to 40 lower-case letters and underscores.";
            if (codes.Any(code => code.Name.Length is 0 or > 50 || code.NameEn.Length is 0 or > 50))
                yield return $"A name in {list} has 1 to 50 characters.";
        }
    }
}
