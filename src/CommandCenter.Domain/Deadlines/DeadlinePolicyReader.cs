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

    /// <summary>As <see cref="Read"/>, with the errors in both languages.</summary>
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
            .. ((IEnumerable<(string At, Message Words)>)[.. Check(policy), .. CheckLists(policy), .. CheckMatters(policy), .. CheckWhistles(policy), .. CheckTop(policy)])
                .Select(error => new ReadingError(index.LineOf(error.At), error.Words)),
        ];
        return errors.Count == 0 ? (policy, []) : (null, errors);
    }

    private static IEnumerable<(string At, Message Words)> Check(DeadlinePolicy policy)
    {
        if (policy.Version.Length is 0 or > 50)
            yield return ("/version", new("版本号为 1 至 50 个字符。", "The version has 1 to 50 characters."));

        foreach (var clock in Enum.GetValues<Clock>())
        {
            foreach (var urgency in Enum.GetValues<Urgency>())
            {
                var rules = policy.Rules.Select((ClockRule? rule, int number) => (rule, number)).Where(one => one.rule?.Clock == clock && one.rule.Urgency == urgency).Select(one => one.number).ToList();
                if (rules.Count != 1)
                    yield return (rules.Count == 0 ? "/rules" : $"/rules/{rules[^1]}", new(
                        $"{PolicyWords.Named(clock, urgency).Zh}应有一条规则，现有 {rules.Count} 条。", $"{PolicyWords.Named(clock, urgency).En} has {rules.Count} rules instead of one."));
            }
        }

        // Nulls in a list pass the serializer, whatever the list's type says.
        foreach (var (rule, number) in policy.Rules.Select((ClockRule? rule, int number) => (rule, number)))
        {
            foreach (var (at, error) in rule is null ? [("", new Message("缺少一条规则。", "a rule is missing."))] : Check(rule).Select(error => (error.At, PolicyWords.Of(PolicyWords.Named(rule.Clock, rule.Urgency), error.Words))))
                yield return ($"/rules/{number}{at}", error);
        }
    }

    private static IEnumerable<(string At, Message Words)> CheckLists(DeadlinePolicy policy)
    {
        foreach (var (source, number) in (policy.Sources ?? []).Select((PolicySource? source, int number) => (source, number)))
        {
            if (source is null)
                yield return ($"/sources/{number}", new("缺少一条来源。", "a source is missing."));
            else if (source.Id.Length == 0 || source.Title.Length == 0 || source.Url.Length == 0)
                yield return ($"/sources/{number}", new("来源须有编号、标题和出处。", "a source has an id, a title and the place where it was read."));
            else if (policy.Sources!.Count(other => other?.Id == source.Id) > 1)
                yield return ($"/sources/{number}/id", new($"来源 {source.Id} 重复出现。", $"the source {source.Id} stands twice."));
        }

        foreach (var (ladder, number) in (policy.Ladders ?? []).Select((NamedLadder? ladder, int number) => (ladder, number)))
        {
            if (ladder is null)
                yield return ($"/ladders/{number}", new("缺少一个升级阶梯。", "a ladder is missing."));
            else if (!IsName(ladder.Name))
                yield return ($"/ladders/{number}/name", new("阶梯名称只用小写英文字母、数字和连字符。", "a ladder's name is lower-case ASCII with dashes."));
            else if (policy.Ladders!.Count(other => other?.Name == ladder.Name) > 1)
                yield return ($"/ladders/{number}/name", new($"阶梯 {ladder.Name} 重复出现。", $"the ladder {ladder.Name} stands twice."));
            if (ladder is not null && !Climbed(policy).Contains(ladder.Name))
            {
                foreach (var (at, error) in CheckUnused(ladder))
                    yield return ($"/ladders/{number}/steps{at}", PolicyWords.Of(ladder.Name, error));
            }
        }

        foreach (var (rule, number) in policy.Rules.Select((ClockRule? rule, int number) => (rule, number)))
        {
            if (rule is not null && BasisError(policy, rule.Basis, rule.Source) is { } error)
                yield return ($"/rules/{number}/{(rule.Source is null ? "basis" : "source")}", PolicyWords.Of(PolicyWords.Named(rule.Clock, rule.Urgency), error));
        }
    }

    private static HashSet<string> Climbed(DeadlinePolicy policy) =>
        [.. (policy.Matters ?? []).Where(matter => matter is not null).SelectMany(matter => matter.Limits).Where(limit => limit is not null).Select(limit => limit.Ladder)];

    // The top of the ladder.
    private static IEnumerable<(string At, Message Words)> CheckTop(DeadlinePolicy policy) =>
    [
        .. policy.Agenda is { } agenda ? AgendaRules.Check(agenda).Select(error => ($"/agenda{error.At}", error.Words)) : [],
        .. policy.Supervision is { } supervision ? SupervisionRules.Check(supervision).Select(error => ($"/supervision{error.At}", error.Words)) : [],
        .. policy.Review is { } review ? ReviewRules.Check(review).Select(error => ($"/review{error.At}", error.Words)) : [],
    ];

    private static IEnumerable<(string At, Message Words)> CheckWhistles(DeadlinePolicy policy)
    {
        if (policy.Whistles is not { } whistles)
        {
            yield return ("/whistles", new("规则没有吹哨时限。", "The policy has no limits for whistles."));
            yield break;
        }

        if (whistles.MinimumSample is < 1 or > 1000)
            yield return ("/whistles/minimumSample", new("最小样本为 1 至 1000 次。", "the smallest sample is 1 to 1000 calls."));
        foreach (var (step, limit) in ((string, WhistleLimit)[])[("route", whistles.Route), ("arrive", whistles.Arrive), ("advise", whistles.Advise)])
        {
            if (limit.Limit.Amount <= 0)
                yield return ($"/whistles/{step}/limit", PolicyWords.Of(step, new("时限应大于零。", "a limit is positive.")));
            if (limit.Limit.Amount > TenYears(limit.Limit.Unit))
                yield return ($"/whistles/{step}/limit", PolicyWords.Of(step, new("时限不超过十年。", "a limit is at most ten years.")));
            if (BasisError(policy, limit.Basis, limit.Source) is { } error)
                yield return ($"/whistles/{step}/{(limit.Source is null ? "basis" : "source")}", PolicyWords.Of(step, error));
            foreach (var (at, wrong) in limit.Ladder is null ? [] : CheckLadder(limit))
                yield return ($"/whistles/{step}{at}", PolicyWords.Of(step, wrong));
        }
    }

    private static IEnumerable<(string At, Message Words)> CheckLadder(WhistleLimit limit)
    {
        var ladder = limit.Ladder!;
        if (ladder.ToList().FindIndex(step => step is null) is >= 0 and var wrong613)
        {
            yield return ($"{Ladder}/{wrong613}", new("缺少一个步骤。", "a step is missing."));
            yield break;
        }

        if (ladder.ToList().FindIndex(step => !IsStepName(step.Name)) is >= 0 and var wrong818)
            yield return ($"{Ladder}/{wrong818}", new("步骤名称只用小写英文字母和连字符。", "a step's name is lower-case ASCII with dashes."));
        if (Twice(ladder.Select(step => step.Name)) is { } twice)
            yield return ($"{Ladder}/{twice}", new("两个步骤同名。", "two steps have the same name."));
        if (!ladder.Any(step => step.Level is not null))
            yield return (Ladder, new("阶梯没有升级步骤，超期无人知晓；不需要升级时请删去阶梯。", "the ladder has no escalation, so lateness would climb to nobody; leave it out if it is not to climb."));
        if (ladder.ToList().FindIndex(step => step.Level is null != step.Offset.Amount < 0) is >= 0 and var wrong455)
            yield return ($"{Ladder}/{wrong455}", new("预警在到期之前且没有级别；升级在到期时或之后且有级别。", "a warning lies before the deadline and has no level; an escalation lies at or after it and has one."));
        if (Lower(ladder.Select(step => (int?)step.Level)) is { } lower)
            yield return ($"{Ladder}/{lower}", new("后面的步骤级别更低。", "a later step climbs lower."));
        if (ladder.ToList().FindIndex(step => Math.Abs((long)step.Offset.Amount) > TenYears(step.Offset.Unit)) is >= 0 and var wrong946)
        {
            yield return ($"{Ladder}/{wrong946}", new("步骤距到期不超过十年。", "a step lies at most ten years from the deadline."));
            yield break;
        }

        if (limit.Limit.Amount <= 0 || limit.Limit.Amount > TenYears(limit.Limit.Unit))
            yield break;
        // Compared from one fixed start, a Monday morning of a week without holidays.
        var due = WorkCalendar.PlainWeek.After(WorkCalendar.Monday, limit.Limit);
        var at = ladder.Select(step => WorkCalendar.PlainWeek.After(due, step.Offset)).ToList();
        if (Backward(at) is { } backward)
            yield return ($"{Ladder}/{backward}", new("步骤没有按时间先后排列。", "the steps are not in the order of their instants."));
        if (at.Count > 0 && at[0] <= WorkCalendar.Monday)
            yield return ($"{Ladder}/0", new("预警会早于吹哨。", "a warning would come before the call is made."));
    }

    private static IEnumerable<(string At, Message Words)> CheckMatters(DeadlinePolicy policy)
    {
        foreach (var (matter, number) in (policy.Matters ?? []).Select((PolicyMatter? matter, int number) => (matter, number)))
        {
            var place = $"/matters/{number}";
            foreach (var (at, error) in matter is null ? [("", new Message("缺少一个事项。", "a matter is missing."))] : Check(matter, policy).Select(error => (error.At, PolicyWords.Of(matter.Code, error.Words))))
                yield return (at.StartsWith("/ladders/", StringComparison.Ordinal) ? at : place + at, error);
        }
    }

    private static IEnumerable<(string At, Message Words)> Check(PolicyMatter matter, DeadlinePolicy policy)
    {
        if (!IsName(matter.Code))
            yield return ("/code", new("事项编码只用小写英文字母、数字和连字符。", "a matter's code is lower-case ASCII with dashes."));
        if (policy.Matters!.Count(other => other?.Code == matter.Code) > 1)
            yield return ("/code", new("该事项重复出现。", "the matter stands twice."));
        if (matter.Name.Length == 0 || matter.NameEn.Length == 0)
            yield return (matter.Name.Length == 0 ? "/name" : "/nameEn", new("事项须有中英文名称。", "a matter has a name in both languages."));
        if (matter.Limits.Count == 0)
            yield return ("/limits", new("没有自己时限的事项不起作用，请删去。", "a matter without limits of its own says nothing; leave it out."));
        if (matter.Limits.ToList().FindIndex(limit => limit is null) is >= 0 and var none)
        {
            yield return ($"/limits/{none}", new("缺少一项时限。", "a limit is missing."));
            yield break;
        }

        if (matter.Limits.DistinctBy(limit => (limit.Clock, limit.Urgency)).Count() != matter.Limits.Count)
            yield return ($"/limits/{matter.Limits.Select((limit, number) => (limit, number)).GroupBy(one => (one.limit.Clock, one.limit.Urgency)).First(twice => twice.Count() > 1).ElementAt(1).number}", new("同一环节、同一紧急程度有两项时限。", "one stage has two limits for one urgency."));
        foreach (var (limit, number) in matter.Limits.Select((limit, number) => (limit, number)))
        {
            var at = $"/limits/{number}";
            if (limit.Clock == Clock.HardLimit)
                yield return ($"{at}/clock", new("硬时限对所有事项相同，不能单独设定。", "the hard limit is the same for every matter."));
            if (BasisError(policy, limit.Basis, limit.Source) is { } wrong)
                yield return ($"{at}/{(limit.Source is null ? "basis" : "source")}", wrong);
            var ladder = (policy.Ladders ?? []).ToList().FindIndex(ladder => ladder?.Name == limit.Ladder);
            if (ladder < 0)
            {
                yield return ($"{at}/ladder", new($"没有名为 {limit.Ladder} 的阶梯。", $"there is no ladder {limit.Ladder}."));
                continue;
            }

            foreach (var (place, error) in Check(policy.RuleOf(limit)))
            {
                // A step stands in the ladder and not in the matter that climbs it.
                yield return (place.StartsWith($"{Ladder}/", StringComparison.Ordinal) ? $"/ladders/{ladder}/steps{place[Ladder.Length..]}" : at + place, PolicyWords.Of(PolicyWords.Named(limit.Clock, limit.Urgency), error));
            }
        }
    }

    private static Message? BasisError(DeadlinePolicy policy, LimitBasis? basis, string? source) => (basis, source) switch
    {
        (LimitBasis.Sourced or LimitBasis.Derived, null) => new("有出处或推定的时限须写明来源。", "what is sourced or derived names its source."),
        (LimitBasis.Assumed or null, not null) => new("写明来源的时限应标为有出处或推定。", "what names a source is sourced or derived."),
        (_, not null) when policy.Sources?.Any(known => known?.Id == source) != true => new($"没有编号为 {source} 的来源。", $"there is no source {source}."),
        _ => null,
    };

    private static bool IsName(string name) => name.Length is > 0 and <= 40 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static IEnumerable<(string At, Message Words)> Check(ClockRule rule)
    {
        if (rule.Ladder.Any(step => step is null))
        {
            yield return ($"{Ladder}/{rule.Ladder.ToList().FindIndex(step => step is null)}", new("缺少一个步骤。", "a step is missing."));
            yield break;
        }

        if (rule.Limit.Amount <= 0)
            yield return ("/limit", new("时限应大于零。", "a limit is positive."));
        if (rule.Clock == Clock.Rate ? !EndsWithTheOneThatCloses(rule.Ladder) : rule.Ladder.Any(step => step.Closes is not null))
        {
            yield return (Ladder, new(
                "评价时限的阶梯以唯一一个办结步骤结束，其他阶梯没有办结步骤。", "a ladder for rating ends with the one step that closes the case, and no other ladder has one."));
        }

        // What follows reckons with instants, which end in the year 9999.
        var tooLong = rule.Limit.Amount > TenYears(rule.Limit.Unit);
        if (tooLong)
            yield return ("/limit", new("时限不超过十年。", "a limit is at most ten years."));
        // Compared from one fixed start, a Monday morning of a week without holidays.
        var due = tooLong ? (DateTimeOffset?)null : WorkCalendar.PlainWeek.After(WorkCalendar.Monday, rule.Limit);
        foreach (var (at, error) in CheckSteps(rule.Ladder, due))
            yield return ($"{Ladder}{at}", error);
        if (due is { } end && rule.Limit.Amount > 0 && rule.Ladder.All(step => IsNear(step.Offset))
            && rule.Ladder.Any(step => step.Offset.Amount < 0 && WorkCalendar.PlainWeek.After(end, step.Offset) <= WorkCalendar.Monday))
            yield return ("/limit", new("预警会早于起算。", "a warning would come before the clock starts."));
    }

    /// <summary>What is wrong with the steps of a ladder by themselves, each with where among them.</summary>
    /// <param name="due">From when their instants are compared; null where they cannot be.</param>
    private static IEnumerable<(string At, Message Words)> CheckSteps(IReadOnlyList<LadderStep> ladder, DateTimeOffset? due)
    {
        if (!ladder.Any(step => step.Level is not null || step.Closes == true))
            yield return ("", new("阶梯没有升级步骤，超期无人知晓。", "the ladder has no escalation, so lateness would climb to nobody."));
        if (Twice(ladder.Select(step => step.Name)) is { } twice)
            yield return ($"/{twice}", new("两个步骤同名。", "two steps have the same name."));
        if (ladder.ToList().FindIndex(step => !IsStepName(step.Name)) is >= 0 and var unnamed)
            yield return ($"/{unnamed}", new("步骤名称只用小写英文字母和连字符。", "a step's name is lower-case ASCII with dashes."));
        if (ladder.ToList().FindIndex(step => step.Closes == true ? step.Level is not null || step.Offset.Amount < 0 : step.Level is null != step.Offset.Amount < 0) is >= 0 and var confused)
        {
            yield return ($"/{confused}", new(
                "预警在到期之前且没有级别；升级在到期时或之后且有级别；办结步骤在到期时或之后且没有级别。",
                "a warning lies before the deadline and has no level; an escalation lies at or after it and has one; a step that closes lies at or after it and has none."));
        }

        if (Lower(ladder.Select(step => (int?)step.Level)) is { } lower)
            yield return ($"/{lower}", new("后面的步骤级别更低。", "a later step climbs lower."));
        if (ladder.ToList().FindIndex(step => !IsNear(step.Offset)) is >= 0 and var far)
            yield return ($"/{far}", new("步骤距到期不超过十年。", "a step lies at most ten years from the deadline."));
        else if (due is { } end && Backward([.. ladder.Select(step => WorkCalendar.PlainWeek.After(end, step.Offset))]) is { } backward)
            yield return ($"/{backward}", new("步骤没有按时间先后排列。", "the steps are not in the order of their instants."));
    }

    // A ladder that a matter climbs is checked with the matter's limit; one that nobody climbs would wait with its mistakes for the first who does.
    private static IEnumerable<(string At, Message Words)> CheckUnused(NamedLadder ladder)
    {
        if (ladder.Steps.Any(step => step is null))
        {
            yield return ($"/{ladder.Steps.ToList().FindIndex(step => step is null)}", new("缺少一个步骤。", "a step is missing."));
            yield break;
        }

        if (ladder.Steps.Any(step => step.Closes == true) && !EndsWithTheOneThatCloses(ladder.Steps))
            yield return ("", new("办结步骤只有一个，在阶梯最后。", "the step that closes the case is the last one, and the only one."));
        foreach (var error in CheckSteps(ladder.Steps, WorkCalendar.Monday.AddYears(11)))
            yield return error;
    }

    private static bool EndsWithTheOneThatCloses(IReadOnlyList<LadderStep> ladder) => ladder.Count(step => step.Closes == true) == 1 && ladder[^1].Closes == true;

    private static bool IsNear(Limit offset) => Math.Abs((long)offset.Amount) <= TenYears(offset.Unit);

    internal static bool IsStepName(string name) => name.Length is > 0 and <= 40 && name.All(c => char.IsAsciiLetterLower(c) || c == '-');

    /// <summary>The first of the levels that is lower than one before it.</summary>
    private static int? Lower(IEnumerable<int?> levels)
    {
        int? highest = null;
        foreach (var (level, number) in levels.Select((level, number) => (level, number)))
        {
            if (level < highest)
                return number;
            highest = level ?? highest;
        }

        return null;
    }

    private const string Ladder = "/ladder";

    /// <summary>The first of the names that stands for the second time.</summary>
    internal static int? Twice(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return names.Select((name, number) => (New: seen.Add(name), number)).Where(one => !one.New).Select(one => (int?)one.number).FirstOrDefault();
    }

    /// <summary>The first of the instants that lies before the one ahead of it.</summary>
    internal static int? Backward(List<DateTimeOffset> at) => Enumerable.Range(1, Math.Max(0, at.Count - 1)).Where(number => at[number] < at[number - 1]).Select(number => (int?)number).FirstOrDefault();

    private static int TenYears(TimeUnit unit) => unit switch
    {
        TimeUnit.NaturalDays => 3660,
        TimeUnit.UrgentMinutes => 3660 * 24 * 60,
        TimeUnit.WorkingDays => 2500,
        _ => 2500 * 24 * 60,
    };
}
