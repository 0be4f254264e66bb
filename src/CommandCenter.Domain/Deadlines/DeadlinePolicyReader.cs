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
            return (null, [$"line {(e.LineNumber ?? 0) + 1}: {e.Message}"]);
        }

        if (policy is null)
            return (null, ["The policy is empty."]);

        var errors = Check(policy, JsonLines.OfElements(json, "rules")).ToList();
        return errors.Count == 0 ? (policy, []) : (null, errors);
    }

    private static IEnumerable<string> Check(DeadlinePolicy policy, IReadOnlyList<int> lines)
    {
        if (policy.Version.Length is 0 or > 50)
            yield return "The version has 1 to 50 characters.";

        foreach (var clock in Enum.GetValues<Clock>())
        {
            foreach (var urgency in Enum.GetValues<Urgency>())
            {
                var rules = policy.Rules.Count(rule => rule?.Clock == clock && rule.Urgency == urgency);
                if (rules != 1)
                    yield return $"{clock} of {urgency} cases has {rules} rules instead of one.";
            }
        }

        // Nulls in a list pass the serializer, whatever the list's type says.
        foreach (var (rule, line) in policy.Rules.Zip<ClockRule?, int>(lines))
        {
            var errors = rule is null ? ["a rule is missing."] : Check(rule).Select(error => $"{rule.Clock} of {rule.Urgency} cases: {error}");
            foreach (var error in errors)
                yield return $"line {line}: {error}";
        }
    }

    private static IEnumerable<string> Check(ClockRule rule)
    {
        if (rule.Ladder.Any(step => step is null))
        {
            yield return "a step is missing.";
            yield break;
        }

        if (rule.Limit.Amount <= 0)
            yield return "a limit is positive.";
        if (!rule.Ladder.Any(step => step.Level is not null))
            yield return "the ladder has no escalation, so lateness would climb to nobody.";
        if (rule.Ladder.Select(step => step.Name).Distinct(StringComparer.Ordinal).Count() != rule.Ladder.Count)
            yield return "two steps have the same name.";
        if (rule.Ladder.Any(step => step.Name.Length is 0 or > 40 || !step.Name.All(c => char.IsAsciiLetterLower(c) || c == '-')))
            yield return "a step's name is lower-case ASCII with dashes.";
        if (rule.Ladder.Any(step => step.Level is null != step.Offset.Amount < 0))
            yield return "a warning lies before the deadline and has no level; an escalation lies at or after it and has one.";
        var levels = rule.Ladder.Where(step => step.Level is not null).Select(step => step.Level).ToList();
        if (!levels.SequenceEqual(levels.Order()))
            yield return "a later step climbs lower.";

        // What follows reckons with instants, which end in the year 9999.
        var tooLong = rule.Limit.Amount > TenYears(rule.Limit.Unit);
        if (tooLong)
            yield return "a limit is at most ten years.";
        var tooFar = rule.Ladder.Any(step => Math.Abs((long)step.Offset.Amount) > TenYears(step.Offset.Unit));
        if (tooFar)
            yield return "a step lies at most ten years from the deadline.";
        if (tooLong || tooFar)
            yield break;

        // Compared from one fixed start, a Monday morning of a week without holidays.
        var due = WorkCalendar.PlainWeek.After(Monday, rule.Limit);
        var at = rule.Ladder.Select(step => WorkCalendar.PlainWeek.After(due, step.Offset)).ToList();
        if (!at.SequenceEqual(at.Order()))
            yield return "the steps are not in the order of their instants.";
        if (rule.Limit.Amount > 0 && rule.Ladder.Zip(at).Any(step => step.First.Offset.Amount < 0 && step.Second <= Monday))
            yield return "a warning would come before the clock starts.";
    }

    private static readonly DateTimeOffset Monday = new(2040, 1, 2, 9, 0, 0, TimeSpan.Zero);

    private static int TenYears(TimeUnit unit) => unit switch
    {
        TimeUnit.NaturalDays => 3660,
        TimeUnit.UrgentMinutes => 3660 * 24 * 60,
        TimeUnit.WorkingDays => 2500,
        _ => 2500 * 24 * 60,
    };
}
