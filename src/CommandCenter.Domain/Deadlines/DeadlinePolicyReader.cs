using System.Text.Json;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Formats;

namespace CommandCenter.Domain.Deadlines;

/// <summary>Reads a deadline policy from JSON and refuses one that would leave a case without a deadline.</summary>
public static class DeadlinePolicyReader
{
    /// <returns>The policy, or what is wrong with it, one sentence each.</returns>
    public static (DeadlinePolicy? Policy, IReadOnlyList<string> Errors) Read(string json)
    {
        DeadlinePolicy? policy;
        try
        {
            policy = JsonSerializer.Deserialize<DeadlinePolicy>(json, DomainJson.Options);
        }
        catch (JsonException e)
        {
            return (null, [$"line {e.LineNumber + 1}: {e.Message}"]);
        }

        if (policy is null)
            return (null, ["The policy is empty."]);

        var errors = Check(policy).ToList();
        return errors.Count == 0 ? (policy, []) : (null, errors);
    }

    private static IEnumerable<string> Check(DeadlinePolicy policy)
    {
        if (policy.Version.Length is 0 or > 50)
            yield return "The version has 1 to 50 characters.";

        foreach (var clock in Enum.GetValues<Clock>())
        {
            foreach (var urgency in Enum.GetValues<Urgency>())
            {
                var rules = policy.Rules.Count(rule => rule.Clock == clock && rule.Urgency == urgency);
                if (rules != 1)
                    yield return $"{clock} of {urgency} cases has {rules} rules instead of one.";
            }
        }

        foreach (var rule in policy.Rules)
        {
            var name = $"{rule.Clock} of {rule.Urgency} cases";
            if (rule.Limit.Amount <= 0)
                yield return $"{name}: a limit is positive.";
            if (rule.Ladder.Count == 0)
                yield return $"{name}: the ladder has no step, so lateness would climb to nobody.";
            if (rule.Ladder.Select(step => step.Name).Distinct(StringComparer.Ordinal).Count() != rule.Ladder.Count)
                yield return $"{name}: two steps have the same name.";
            if (rule.Ladder.Any(step => step.Name.Length is 0 or > 40 || !step.Name.All(c => char.IsAsciiLetterLower(c) || c == '-')))
                yield return $"{name}: a step's name is lower-case ASCII with dashes.";
            if (rule.Ladder.Any(step => step.Level is null != step.Offset.Amount < 0))
                yield return $"{name}: a warning lies before the deadline and has no level; an escalation lies at or after it and has one.";

            // Compared from one fixed start: both units are of even length in the one zone without clock changes.
            var at = rule.Ladder.Select(step => step.Offset.After(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc)).ToList();
            if (!at.SequenceEqual(at.Order()))
                yield return $"{name}: the steps are not in the order of their instants.";
            if (rule.Ladder.Any(step => step.Offset.Amount < 0 && step.Offset.After(rule.Limit.After(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc), TimeZoneInfo.Utc) <= DateTimeOffset.UnixEpoch))
                yield return $"{name}: a warning would come before the clock starts.";
        }
    }
}
