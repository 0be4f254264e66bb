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

        List<string> errors = [.. Check(policy, JsonLines.OfElements(json, "rules")), .. CheckLists(policy, json), .. CheckMatters(policy, json), .. CheckWhistles(policy, JsonLines.OfMember(json, "whistles")), .. CheckTop(policy, json)];
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

    private static IEnumerable<string> CheckLists(DeadlinePolicy policy, string json)
    {
        foreach (var (source, line) in (policy.Sources ?? []).Zip<PolicySource?, int>(JsonLines.OfElements(json, "sources")))
        {
            if (source is null)
                yield return $"line {line}: a source is missing.";
            else if (source.Id.Length == 0 || source.Title.Length == 0 || source.Url.Length == 0)
                yield return $"line {line}: a source has an id, a title and the place where it was read.";
            else if (policy.Sources!.Count(other => other?.Id == source.Id) > 1)
                yield return $"line {line}: the source {source.Id} stands twice.";
        }

        foreach (var (ladder, line) in (policy.Ladders ?? []).Zip<NamedLadder?, int>(JsonLines.OfElements(json, "ladders")))
        {
            if (ladder is null)
                yield return $"line {line}: a ladder is missing.";
            else if (!IsName(ladder.Name))
                yield return $"line {line}: a ladder's name is lower-case ASCII with dashes.";
            else if (policy.Ladders!.Count(other => other?.Name == ladder.Name) > 1)
                yield return $"line {line}: the ladder {ladder.Name} stands twice.";
        }

        foreach (var (rule, line) in policy.Rules.Zip<ClockRule?, int>(JsonLines.OfElements(json, "rules")))
        {
            if (rule is not null && BasisError(policy, rule.Basis, rule.Source) is { } error)
                yield return $"line {line}: {rule.Clock} of {rule.Urgency} cases: {error}";
        }
    }

    // The top of the ladder.
    private static IEnumerable<string> CheckTop(DeadlinePolicy policy, string json) =>
    [
        .. policy.Agenda is { } agenda ? AgendaRules.Check(agenda).Select(error => $"line {JsonLines.OfMember(json, "agenda")}: {error}") : [],
        .. policy.Supervision is { } supervision ? SupervisionRules.Check(supervision).Select(error => $"line {JsonLines.OfMember(json, "supervision")}: {error}") : [],
        .. policy.Review is { } review ? ReviewRules.Check(review).Select(error => $"line {JsonLines.OfMember(json, "review")}: {error}") : [],
    ];

    private static IEnumerable<string> CheckWhistles(DeadlinePolicy policy, int line)
    {
        if (policy.Whistles is not { } whistles)
        {
            yield return "The policy has no limits for whistles.";
            yield break;
        }

        if (whistles.MinimumSample is < 1 or > 1000)
            yield return $"line {line}: the smallest sample is 1 to 1000 calls.";
        foreach (var (step, limit) in ((string, WhistleLimit)[])[("route", whistles.Route), ("arrive", whistles.Arrive), ("advise", whistles.Advise)])
        {
            if (limit.Limit.Amount <= 0)
                yield return $"line {line}: {step}: a limit is positive.";
            if (limit.Limit.Amount > TenYears(limit.Limit.Unit))
                yield return $"line {line}: {step}: a limit is at most ten years.";
            if (BasisError(policy, limit.Basis, limit.Source) is { } error)
                yield return $"line {line}: {step}: {error}";
            foreach (var wrong in limit.Ladder is null ? [] : CheckLadder(limit))
                yield return $"line {line}: {step}: {wrong}";
        }
    }

    private static IEnumerable<string> CheckLadder(WhistleLimit limit)
    {
        var ladder = limit.Ladder!;
        if (ladder.Any(step => step is null))
        {
            yield return "a step is missing.";
            yield break;
        }

        if (ladder.Any(step => step.Name.Length is 0 or > 40 || !step.Name.All(c => char.IsAsciiLetterLower(c) || c == '-')))
            yield return "a step's name is lower-case ASCII with dashes.";
        if (ladder.Select(step => step.Name).Distinct(StringComparer.Ordinal).Count() != ladder.Count)
            yield return "two steps have the same name.";
        if (!ladder.Any(step => step.Level is not null))
            yield return "the ladder has no escalation, so lateness would climb to nobody; leave it out if it is not to climb.";
        if (ladder.Any(step => step.Level is null != step.Offset.Amount < 0))
            yield return "a warning lies before the deadline and has no level; an escalation lies at or after it and has one.";
        var levels = ladder.Where(step => step.Level is not null).Select(step => step.Level).ToList();
        if (!levels.SequenceEqual(levels.Order()))
            yield return "a later step climbs lower.";
        if (ladder.Any(step => Math.Abs((long)step.Offset.Amount) > TenYears(step.Offset.Unit)))
        {
            yield return "a step lies at most ten years from the deadline.";
            yield break;
        }

        if (limit.Limit.Amount <= 0 || limit.Limit.Amount > TenYears(limit.Limit.Unit))
            yield break;
        // Compared from one fixed start, a Monday morning of a week without holidays.
        var due = WorkCalendar.PlainWeek.After(WorkCalendar.Monday, limit.Limit);
        var at = ladder.Select(step => WorkCalendar.PlainWeek.After(due, step.Offset)).ToList();
        if (!at.SequenceEqual(at.Order()))
            yield return "the steps are not in the order of their instants.";
        if (at.Count > 0 && at[0] <= WorkCalendar.Monday)
            yield return "a warning would come before the call is made.";
    }

    private static IEnumerable<string> CheckMatters(DeadlinePolicy policy, string json)
    {
        foreach (var (matter, line) in (policy.Matters ?? []).Zip<PolicyMatter?, int>(JsonLines.OfElements(json, "matters")))
        {
            foreach (var error in matter is null ? ["a matter is missing."] : Check(matter, policy).Select(error => $"{matter.Code}: {error}"))
                yield return $"line {line}: {error}";
        }
    }

    private static IEnumerable<string> Check(PolicyMatter matter, DeadlinePolicy policy)
    {
        if (!IsName(matter.Code))
            yield return "a matter's code is lower-case ASCII with dashes.";
        if (policy.Matters!.Count(other => other?.Code == matter.Code) > 1)
            yield return "the matter stands twice.";
        if (matter.Name.Length == 0 || matter.NameEn.Length == 0)
            yield return "a matter has a name in both languages.";
        if (matter.Limits.Count == 0)
            yield return "a matter without limits of its own says nothing; leave it out.";
        if (matter.Limits.Any(limit => limit is null))
        {
            yield return "a limit is missing.";
            yield break;
        }

        if (matter.Limits.DistinctBy(limit => (limit.Clock, limit.Urgency)).Count() != matter.Limits.Count)
            yield return "one stage has two limits for one urgency.";
        foreach (var limit in matter.Limits)
        {
            if (limit.Clock == Clock.HardLimit)
                yield return "the hard limit is the same for every matter.";
            if (BasisError(policy, limit.Basis, limit.Source) is { } wrong)
                yield return wrong;
            if (policy.Ladders?.FirstOrDefault(ladder => ladder?.Name == limit.Ladder) is null)
                yield return $"there is no ladder {limit.Ladder}.";
            else
            {
                foreach (var error in Check(policy.RuleOf(limit)))
                    yield return $"{limit.Clock} of {limit.Urgency} cases: {error}";
            }
        }
    }

    private static string? BasisError(DeadlinePolicy policy, LimitBasis? basis, string? source) => (basis, source) switch
    {
        (LimitBasis.Sourced or LimitBasis.Derived, null) => "what is sourced or derived names its source.",
        (LimitBasis.Assumed or null, not null) => "what names a source is sourced or derived.",
        (_, not null) when policy.Sources?.Any(known => known?.Id == source) != true => $"there is no source {source}.",
        _ => null,
    };

    private static bool IsName(string name) => name.Length is > 0 and <= 40 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static IEnumerable<string> Check(ClockRule rule)
    {
        if (rule.Ladder.Any(step => step is null))
        {
            yield return "a step is missing.";
            yield break;
        }

        if (rule.Limit.Amount <= 0)
            yield return "a limit is positive.";
        if (rule.Clock == Clock.Rate ? rule.Ladder.Count(step => step.Closes == true) != 1 || rule.Ladder[^1].Closes != true : rule.Ladder.Any(step => step.Closes is not null))
            yield return "a ladder for rating ends with the one step that closes the case, and no other ladder has one.";
        if (!rule.Ladder.Any(step => step.Level is not null || step.Closes == true))
            yield return "the ladder has no escalation, so lateness would climb to nobody.";
        if (rule.Ladder.Select(step => step.Name).Distinct(StringComparer.Ordinal).Count() != rule.Ladder.Count)
            yield return "two steps have the same name.";
        if (rule.Ladder.Any(step => step.Name.Length is 0 or > 40 || !step.Name.All(c => char.IsAsciiLetterLower(c) || c == '-')))
            yield return "a step's name is lower-case ASCII with dashes.";
        if (rule.Ladder.Any(step => step.Closes == true ? step.Level is not null || step.Offset.Amount < 0 : step.Level is null != step.Offset.Amount < 0))
            yield return "a warning lies before the deadline and has no level; an escalation lies at or after it and has one; a step that closes lies at or after it and has none.";
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
        var due = WorkCalendar.PlainWeek.After(WorkCalendar.Monday, rule.Limit);
        var at = rule.Ladder.Select(step => WorkCalendar.PlainWeek.After(due, step.Offset)).ToList();
        if (!at.SequenceEqual(at.Order()))
            yield return "the steps are not in the order of their instants.";
        if (rule.Limit.Amount > 0 && rule.Ladder.Zip(at).Any(step => step.First.Offset.Amount < 0 && step.Second <= WorkCalendar.Monday))
            yield return "a warning would come before the clock starts.";
    }

    private static int TenYears(TimeUnit unit) => unit switch
    {
        TimeUnit.NaturalDays => 3660,
        TimeUnit.UrgentMinutes => 3660 * 24 * 60,
        TimeUnit.WorkingDays => 2500,
        _ => 2500 * 24 * 60,
    };
}
