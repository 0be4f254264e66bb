using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Meetings;

/// <summary>Whose meeting it is (院坝会层级).</summary>
public enum MeetingTier
{
    /// <summary>区级: district leaders and departments, for 大事.</summary>
    District,

    /// <summary>镇街级: town leaders, for 要事.</summary>
    Town,

    /// <summary>村(社区)级: the village secretary, for 实事.</summary>
    Village,

    /// <summary>村(居)民小组级: the lowest tier of the first years, dropped when the district joined.</summary>
    Group,
}

/// <summary>A code with its words, for the agenda and the topics.</summary>
/// <param name="Code">Lower-case ASCII with underscores.</param>
public sealed record NamedCode(string Code, string Name, string NameEn);

/// <summary>A tier of the policy: who may host a meeting of it, and for which areas.</summary>
public sealed record TierRule(MeetingTier Tier, IReadOnlyList<Role> Hosts, IReadOnlyList<AreaLevel> Areas);

/// <summary>
/// What yard meetings there are, as versioned data: the tiers were drawn anew twice within two years (镇-村-组, then 区-镇-村). A meeting keeps the version that it was planned,
/// or held without a plan, under.
/// </summary>
/// <param name="Agenda">会议内容: what is done in a meeting.</param>
/// <param name="Topics">议题: what it is about.</param>
public sealed record MeetingPolicy(string Version, IReadOnlyList<TierRule> Tiers, IReadOnlyList<NamedCode> Agenda, IReadOnlyList<NamedCode> Topics)
{
    /// <summary>The code of the refusal that a meeting of this kind would meet; null when the policy allows it.</summary>
    public string? Objection(MeetingSetup setup)
    {
        if (Tiers.FirstOrDefault(rule => rule.Tier == setup.Tier) is not { } tier)
            return "meeting.tier_unknown";
        if (!tier.Hosts.Contains(setup.HostRole))
            return "meeting.host_not_of_tier";
        if (!tier.Areas.Contains(setup.Area.Level))
            return "meeting.area_not_of_tier";
        if (!setup.Agenda.All(code => Agenda.Any(known => known.Code == code)))
            return "meeting.agenda_unknown";
        return setup.Topics.All(code => Topics.Any(known => known.Code == code)) ? null : "meeting.topic_unknown";
    }
}

/// <summary>The policies in use, by version.</summary>
public sealed class MeetingPolicyBook(MeetingPolicy current, IEnumerable<MeetingPolicy> earlier)
{
    private readonly Dictionary<string, MeetingPolicy> _byVersion = earlier.Append(current).ToDictionary(policy => policy.Version, StringComparer.Ordinal);

    public MeetingPolicy Current => current;

    /// <exception cref="KeyNotFoundException">The version is not in the book.</exception>
    public MeetingPolicy Version(string version) =>
        _byVersion.TryGetValue(version, out var policy) ? policy : throw new KeyNotFoundException($"Meeting policy {version} is not installed, but a meeting was planned under it.");
}
