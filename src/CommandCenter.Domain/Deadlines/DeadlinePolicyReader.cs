using System.Text.Json;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Formats;

namespace CommandCenter.Domain.Deadlines;

/// <summary>Reads a deadline policy from JSON and refuses one that would leave a case without a deadline.</summary>
public static class DeadlinePolicyReader
{
    /// <returns>The policy, or what is wrong with it, one sentence each with the line where it stands.</returns>
    public static (DeadlinePolicy? Policy, IReadOnlyList<string> Errors) Read(string json)
    {
        var (policy, errors) = ReadInWords(json);
        return (policy, [.. errors.Select(error => error.ToString())]);
    }

    /// <summary>As <see cref="Read"/>, with the errors in both languages as far as they are not of the policy itself.</summary>
    public static (DeadlinePolicy? Policy, IReadOnlyList<ReadingError> Errors) ReadInWords(string json)
    {
        DeadlinePolicy? policy;
        try
        {
            policy = JsonSerializer.Deserialize<DeadlinePolicy>(json, DomainJson.Options);
        }
        catch (JsonException e)
        {
            return (null, [JsonMistakes.Of(e, json)]);
        }

        if (policy is null)
            return (null, [new ReadingError(1, new Message("规则是空的。", "The policy is empty."))]);

        var index = new JsonIndex(json);
        List<ReadingError> errors =
        [
            .. ((IEnumerable<(string At, string Text)>)[.. Check(policy), .. CheckLists(policy), .. CheckMatters(policy), .. CheckWhistles(policy), .. CheckTop(policy)])
                .Select(error => new ReadingError(index.LineOf(error.At), error.Text)),
        ];
        return errors.Count == 0 ? (policy, []) : (null, errors);
    }

    private static IEnumerable<(string At, string Text)> Check(DeadlinePolicy policy)
    {
        if (policy.Version.Length is 0 or > 50)
            yield return ("/version", "The version has 1 to 50 characters.");

        foreach (var clock in Enum.GetValues<Clock>())
        {
            foreach (var urgency in Enum.GetValues<Urgency>())
            {
                var rules = policy.Rules.Select((ClockRule? rule, int number) => (rule, number)).Where(one => one.rule?.Clock == clock && one.rule.Urgency == urgency).Select(one => one.number).ToList();
                if (rules.Count != 1)
                    yield return (rules.Count == 0 ? "/rules" : $"/rules/{rules[^1]}", $"{clock} of {urgency} cases has {rules.Count} rules instead of one.");
            }
        }

        // Nulls in a list pass the serializer, whatever the list's type says.
        foreach (var (rule, number) in policy.Rules.Select((ClockRule? rule, int number) => (rule, number)))
        {
            foreach (var (at, error) in rule is null ? [("", "a rule is missing.")] : Check(rule).Select(error => (error.At, $"{rule.Clock} of {rule.Urgency} cases: {error.Text}")))
                yield return ($"/rules/{number}{at}", error);
        }
    }

    private static IEnumerable<(string At, string Text)> CheckLists(DeadlinePolicy policy)
    {
        foreach (var (source, number) in (policy.Sources ?? []).Select((PolicySource? source, int number) => (source, number)))
        {
            if (source is null)
                yield return ($"/sources/{number}", "a source is missing.");
            else if (source.Id.Length == 0 || source.Title.Length == 0 || source.Url.Length == 0)
                yield return ($"/sources/{number}", "a source has an id, a title and the place where it was read.");
            else if (policy.Sources!.Count(other => other?.Id == source.Id) > 1)
                yield return ($"/sources/{number}/id", $"the source {source.Id} stands twice.");
        }

        foreach (var (ladder, number) in (policy.Ladders ?? []).Select((NamedLadder? ladder, int number) => (ladder, number)))
        {
            if (ladder is null)
                yield return ($"/ladders/{number}", "a ladder is missing.");
            else if (!IsName(ladder.Name))
                yield return ($"/ladders/{number}/name", "a ladder's name is lower-case ASCII with dashes.");
            else if (policy.Ladders!.Count(other => other?.Name == ladder.Name) > 1)
                yield return ($"/ladders/{number}/name", $"the ladder {ladder.Name} stands twice.");
        }

        foreach (var (rule, number) in policy.Rules.Select((ClockRule? rule, int number) => (rule, number)))
        {
            if (rule is not null && BasisError(policy, rule.Basis, rule.Source) is { } error)
                yield return ($"/rules/{number}/{(rule.Source is null ? "basis" : "source")}", $"{rule.Clock} of {rule.Urgency} cases: {error}");
        }
    }

    // The top of the ladder.
    private static IEnumerable<(string At, string Text)> CheckTop(DeadlinePolicy policy) =>
    [
        .. policy.Agenda is { } agenda ? AgendaRules.Check(agenda).Select(error => ($"/agenda{error.At}", error.Text)) : [],
        .. policy.Supervision is { } supervision ? SupervisionRules.Check(supervision).Select(error => ($"/supervision{error.At}", error.Text)) : [],
        .. policy.Review is { } review ? ReviewRules.Check(review).Select(error => ($"/review{error.At}", error.Text)) : [],
    ];

    private static IEnumerable<(string At, string Text)> CheckWhistles(DeadlinePolicy policy)
    {
        if (policy.Whistles is not { } whistles)
        {
            yield return ("/whistles", "The policy has no limits for whistles.");
            yield break;
        }

        if (whistles.MinimumSample is < 1 or > 1000)
            yield return ("/whistles/minimumSample", "the smallest sample is 1 to 1000 calls.");
        foreach (var (step, limit) in ((string, WhistleLimit)[])[("route", whistles.Route), ("arrive", whistles.Arrive), ("advise", whistles.Advise)])
        {
            if (limit.Limit.Amount <= 0)
                yield return ($"/whistles/{step}/limit", $"{step}: a limit is positive.");
            if (limit.Limit.Amount > TenYears(limit.Limit.Unit))
                yield return ($"/whistles/{step}/limit", $"{step}: a limit is at most ten years.");
            if (BasisError(policy, limit.Basis, limit.Source) is { } error)
                yield return ($"/whistles/{step}/{(limit.Source is null ? "basis" : "source")}", $"{step}: {error}");
            foreach (var (at, wrong) in limit.Ladder is null ? [] : CheckLadder(limit))
                yield return ($"/whistles/{step}{at}", $"{step}: {wrong}");
        }
    }

    private static IEnumerable<(string At, string Text)> CheckLadder(WhistleLimit limit)
    {
        var ladder = limit.Ladder!;
        if (ladder.ToList().FindIndex(step => step is null) is >= 0 and var wrong613)
        {
            yield return ($"{Ladder}/{wrong613}", "a step is missing.");
            yield break;
        }

        if (ladder.ToList().FindIndex(step => step.Name.Length is 0 or > 40 || !step.Name.All(c => char.IsAsciiLetterLower(c) || c == '-')) is >= 0 and var wrong818)
            yield return ($"{Ladder}/{wrong818}", "a step's name is lower-case ASCII with dashes.");
        if (Twice(ladder.Select(step => step.Name)) is { } twice)
            yield return ($"{Ladder}/{twice}", "two steps have the same name.");
        if (!ladder.Any(step => step.Level is not null))
            yield return (Ladder, "the ladder has no escalation, so lateness would climb to nobody; leave it out if it is not to climb.");
        if (ladder.ToList().FindIndex(step => step.Level is null != step.Offset.Amount < 0) is >= 0 and var wrong455)
            yield return ($"{Ladder}/{wrong455}", "a warning lies before the deadline and has no level; an escalation lies at or after it and has one.");
        var levels = ladder.Where(step => step.Level is not null).Select(step => step.Level).ToList();
        if (!levels.SequenceEqual(levels.Order()))
            yield return (Ladder, "a later step climbs lower.");
        if (ladder.ToList().FindIndex(step => Math.Abs((long)step.Offset.Amount) > TenYears(step.Offset.Unit)) is >= 0 and var wrong946)
        {
            yield return ($"{Ladder}/{wrong946}", "a step lies at most ten years from the deadline.");
            yield break;
        }

        if (limit.Limit.Amount <= 0 || limit.Limit.Amount > TenYears(limit.Limit.Unit))
            yield break;
        // Compared from one fixed start, a Monday morning of a week without holidays.
        var due = WorkCalendar.PlainWeek.After(WorkCalendar.Monday, limit.Limit);
        var at = ladder.Select(step => WorkCalendar.PlainWeek.After(due, step.Offset)).ToList();
        if (Backward(at) is { } backward)
            yield return ($"{Ladder}/{backward}", "the steps are not in the order of their instants.");
        if (at.Count > 0 && at[0] <= WorkCalendar.Monday)
            yield return (Ladder, "a warning would come before the call is made.");
    }

    private static IEnumerable<(string At, string Text)> CheckMatters(DeadlinePolicy policy)
    {
        foreach (var (matter, number) in (policy.Matters ?? []).Select((PolicyMatter? matter, int number) => (matter, number)))
        {
            var place = $"/matters/{number}";
            foreach (var (at, error) in matter is null ? [("", "a matter is missing.")] : Check(matter, policy).Select(error => (error.At, $"{matter.Code}: {error.Text}")))
                yield return (at.StartsWith("/ladders/", StringComparison.Ordinal) ? at : place + at, error);
        }
    }

    private static IEnumerable<(string At, string Text)> Check(PolicyMatter matter, DeadlinePolicy policy)
    {
        if (!IsName(matter.Code))
            yield return ("/code", "a matter's code is lower-case ASCII with dashes.");
        if (policy.Matters!.Count(other => other?.Code == matter.Code) > 1)
            yield return ("/code", "the matter stands twice.");
        if (matter.Name.Length == 0 || matter.NameEn.Length == 0)
            yield return (matter.Name.Length == 0 ? "/name" : "/nameEn", "a matter has a name in both languages.");
        if (matter.Limits.Count == 0)
            yield return ("/limits", "a matter without limits of its own says nothing; leave it out.");
        if (matter.Limits.ToList().FindIndex(limit => limit is null) is >= 0 and var none)
        {
            yield return ($"/limits/{none}", "a limit is missing.");
            yield break;
        }

        if (matter.Limits.DistinctBy(limit => (limit.Clock, limit.Urgency)).Count() != matter.Limits.Count)
            yield return ("/limits", "one stage has two limits for one urgency.");
        foreach (var (limit, number) in matter.Limits.Select((limit, number) => (limit, number)))
        {
            var at = $"/limits/{number}";
            if (limit.Clock == Clock.HardLimit)
                yield return ($"{at}/clock", "the hard limit is the same for every matter.");
            if (BasisError(policy, limit.Basis, limit.Source) is { } wrong)
                yield return ($"{at}/{(limit.Source is null ? "basis" : "source")}", wrong);
            var ladder = (policy.Ladders ?? []).ToList().FindIndex(ladder => ladder?.Name == limit.Ladder);
            if (ladder < 0)
            {
                yield return ($"{at}/ladder", $"there is no ladder {limit.Ladder}.");
                continue;
            }

            foreach (var (place, error) in Check(policy.RuleOf(limit)))
            {
                // A step stands in the ladder and not in the matter that climbs it.
                yield return (place.StartsWith($"{Ladder}/", StringComparison.Ordinal) ? $"/ladders/{ladder}/steps{place[Ladder.Length..]}" : at + place, $"{limit.Clock} of {limit.Urgency} cases: {error}");
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

    private static IEnumerable<(string At, string Text)> Check(ClockRule rule)
    {
        if (rule.Ladder.ToList().FindIndex(step => step is null) is >= 0 and var wrong232)
        {
            yield return ($"{Ladder}/{wrong232}", "a step is missing.");
            yield break;
        }

        if (rule.Limit.Amount <= 0)
            yield return ("/limit", "a limit is positive.");
        if (rule.Clock == Clock.Rate ? rule.Ladder.Count(step => step.Closes == true) != 1 || rule.Ladder[^1].Closes != true : rule.Ladder.Any(step => step.Closes is not null))
            yield return (Ladder, "a ladder for rating ends with the one step that closes the case, and no other ladder has one.");
        if (!rule.Ladder.Any(step => step.Level is not null || step.Closes == true))
            yield return (Ladder, "the ladder has no escalation, so lateness would climb to nobody.");
        if (Twice(rule.Ladder.Select(step => step.Name)) is { } twice)
            yield return ($"{Ladder}/{twice}", "two steps have the same name.");
        if (rule.Ladder.ToList().FindIndex(step => step.Name.Length is 0 or > 40 || !step.Name.All(c => char.IsAsciiLetterLower(c) || c == '-')) is >= 0 and var wrong220)
            yield return ($"{Ladder}/{wrong220}", "a step's name is lower-case ASCII with dashes.");
        if (rule.Ladder.ToList().FindIndex(step => step.Closes == true ? step.Level is not null || step.Offset.Amount < 0 : step.Level is null != step.Offset.Amount < 0) is >= 0 and var wrong492)
            yield return ($"{Ladder}/{wrong492}", "a warning lies before the deadline and has no level; an escalation lies at or after it and has one; a step that closes lies at or after it and has none.");
        var levels = rule.Ladder.Where(step => step.Level is not null).Select(step => step.Level).ToList();
        if (!levels.SequenceEqual(levels.Order()))
            yield return (Ladder, "a later step climbs lower.");

        // What follows reckons with instants, which end in the year 9999.
        var tooLong = rule.Limit.Amount > TenYears(rule.Limit.Unit);
        if (tooLong)
            yield return ("/limit", "a limit is at most ten years.");
        var far = rule.Ladder.ToList().FindIndex(step => Math.Abs((long)step.Offset.Amount) > TenYears(step.Offset.Unit));
        var tooFar = far >= 0;
        if (tooFar)
            yield return ($"{Ladder}/{far}", "a step lies at most ten years from the deadline.");
        if (tooLong || tooFar)
            yield break;

        // Compared from one fixed start, a Monday morning of a week without holidays.
        var due = WorkCalendar.PlainWeek.After(WorkCalendar.Monday, rule.Limit);
        var at = rule.Ladder.Select(step => WorkCalendar.PlainWeek.After(due, step.Offset)).ToList();
        if (Backward(at) is { } backward)
            yield return ($"{Ladder}/{backward}", "the steps are not in the order of their instants.");
        if (rule.Limit.Amount > 0 && rule.Ladder.Zip(at).Any(step => step.First.Offset.Amount < 0 && step.Second <= WorkCalendar.Monday))
            yield return ("/limit", "a warning would come before the clock starts.");
    }

    private const string Ladder = "/ladder";

    /// <summary>The first of the names that stands for the second time.</summary>
    private static int? Twice(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return names.Select((name, number) => (New: seen.Add(name), number)).Where(one => !one.New).Select(one => (int?)one.number).FirstOrDefault();
    }

    /// <summary>The first of the instants that lies before the one ahead of it.</summary>
    private static int? Backward(List<DateTimeOffset> at) => Enumerable.Range(1, Math.Max(0, at.Count - 1)).Where(number => at[number] < at[number - 1]).Select(number => (int?)number).FirstOrDefault();

    private static int TenYears(TimeUnit unit) => unit switch
    {
        TimeUnit.NaturalDays => 3660,
        TimeUnit.UrgentMinutes => 3660 * 24 * 60,
        TimeUnit.WorkingDays => 2500,
        _ => 2500 * 24 * 60,
    };
}
