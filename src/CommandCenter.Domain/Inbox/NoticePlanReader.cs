using System.Text;
using System.Text.Json;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Inbox;

/// <summary>Reads a notice plan from JSON and refuses one under which somebody would not hear of their own work.</summary>
public static class NoticePlanReader
{
    private const int LongestLimit = 30 * 24 * 60;

    /// <returns>The plan, or what is wrong with it, one sentence each.</returns>
    public static (NoticePlan? Plan, IReadOnlyList<string> Errors) Read(string json)
    {
        NoticePlan? plan;
        try
        {
            plan = JsonSerializer.Deserialize<NoticePlan>(json, DomainJson.Options);
        }
        catch (JsonException e)
        {
            return (null, [$"line {(e.LineNumber ?? 0) + 1}: {e.Message}"]);
        }

        if (plan is null)
            return (null, ["The plan is empty."]);

        var errors = Check(plan, Lines(json, "rules"), Lines(json, "hours")).ToList();
        return errors.Count == 0 ? (plan, []) : (null, errors);
    }

    private static IEnumerable<string> Check(NoticePlan plan, IReadOnlyList<int> ruleLines, IReadOnlyList<int> hoursLines)
    {
        if (plan.Version.Length is 0 or > 50)
            yield return "The version has 1 to 50 characters.";
        if (plan.DigestMinutes is < 1 or > 240)
            yield return "Digests gather what comes within 1 to 240 minutes.";

        foreach (var kind in Enum.GetValues<NoticeKind>())
        {
            var rules = plan.Rules.Zip<NoticeRule?, int>(ruleLines).Where(row => row.First?.Kind == kind).Select(row => (Rule: row.First!, Line: row.Second)).ToList();
            if (rules.Count == 0)
                yield return $"{kind} has no rule.";
            if (kind == NoticeKind.Escalation && rules.Any(row => row.Rule.Level is not null))
            {
                foreach (var level in Enum.GetValues<EscalationLevel>().Where(level => !rules.Any(row => row.Rule.Level is null || row.Rule.Level == level)))
                    yield return $"{kind} of level {level} has no rule.";
            }

            foreach (var twice in rules.GroupBy(row => row.Rule.Level).Where(level => level.Count() > 1))
                yield return $"line {twice.Last().Line}: {kind}: {(twice.Key is null ? "it has a rule" : "this level has a rule")} already, in line {twice.First().Line}.";
        }

        // Nulls in a list pass the serializer, whatever the list's type says.
        foreach (var (rule, line) in plan.Rules.Zip<NoticeRule?, int>(ruleLines))
        {
            var errors = rule is null ? ["a rule is missing."] : Check(rule, plan.DigestMinutes).Select(error => $"{rule.Kind}: {error}");
            foreach (var error in errors)
                yield return $"line {line}: {error}";
        }

        foreach (var (rule, line) in plan.Hours.Zip<HoursRule?, int>(hoursLines))
        {
            foreach (var error in rule is null ? ["a rule is missing."] : Check(rule))
                yield return $"line {line}: {error}";
        }

        if (!plan.Hours.Any(rule => rule is { Town: null, Days.Count: > 0, Spans.Count: > 0 }))
            yield return "The hours have no rule for towns without rules of their own.";
        var hours = plan.Hours.Zip<HoursRule?, int>(hoursLines).Where(row => row.First is not null).Select(row => (Rule: row.First!, Line: row.Second)).ToList();
        var days = from row in hours
                   from day in row.Rule.Days.Distinct()
                   group row.Line by (row.Rule.Town, day);
        foreach (var day in days.Where(day => day.Count() > 1))
            yield return $"line {day.Last()}: {Word(day.Key.day)} stands in line {day.First()} already, of {day.Key.Town?.Value ?? "the general hours"}.";
        foreach (var town in hours.Where(row => row.Rule.Town is not null).GroupBy(row => row.Rule.Town).Where(town => town.All(row => row.Rule.Days.Count == 0 || row.Rule.Spans.Count == 0)))
            yield return $"line {town.First().Line}: the town {town.Key} never works, so ordinary notices would never go out.";
    }

    private static IEnumerable<string> Check(NoticeRule rule, int digestMinutes)
    {
        if (rule.To.Any(told => told is null) || rule.Channels.Any(channel => channel is null))
        {
            yield return "an entry is missing.";
            yield break;
        }

        if (rule.Level is not null && rule.Kind != NoticeKind.Escalation)
            yield return "only escalations have a level.";
        if (rule.To.Count == 0)
            yield return "nobody is told.";
        if (rule.To.Distinct().Count() != rule.To.Count)
            yield return "somebody stands twice among those who are told.";
        foreach (var told in rule.To)
        {
            if (told.Who is not null == (told.Role is not null) || told.Role is not null != told.At is not null)
                yield return "whoever is told is named either by who, or by role and at.";
            else if (told.Who is { } who && !Audiences.Of(rule.Kind).Contains(who))
                yield return $"it does not know {Word(who)}, only {string.Join(", ", Audiences.Of(rule.Kind).Select(Word))}.";
            else if (told.Role is Role.Resident or Role.System or Role.PostHandler or Role.Department)
                yield return $"the role {Word(told.Role.Value)} is not found by a place; name people by who.";
            else if (told.Role is Role.SectorLead && !Audiences.IsOfCase(rule.Kind))
                yield return "only a case has a sector whose lead could be told.";
        }

        if (Audiences.Needed(rule.Kind) is { } needed && !rule.To.Any(told => told.Who == needed))
            yield return $"it leaves out {Word(needed)}, whose work it is.";
        if (rule.Channels.Any(channel => channel.Length is 0 or > 40 || !channel.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')))
            yield return "a channel's name is 1 to 40 lower-case ASCII letters, digits and dashes.";
        if (rule.Channels.Distinct(StringComparer.Ordinal).Count() != rule.Channels.Count)
            yield return "a channel stands twice.";
        if (rule.UrgentFrom is not null && !Audiences.IsOfCase(rule.Kind))
            yield return "only a case has an urgency from which it could be urgent.";
        if (rule.UrgentFrom is not null && rule.Urgency == NoticeUrgency.Urgent)
            yield return "it is urgent in any case, so urgentFrom says nothing.";
        if (rule.UrgentLimit is not null && rule.UrgentFrom is null)
            yield return "urgentLimit belongs to urgentFrom.";
        if (rule.UrgentFrom is not null && rule.Limit is not null && rule.UrgentLimit is null)
            yield return "what is urgent by its case needs its urgentLimit.";
        if ((ReadLimit?[])[rule.Limit, rule.UrgentLimit] is var limits && limits.Any(limit => limit?.Minutes is < 1 or > LongestLimit))
            yield return "a limit is 1 minute to 30 days.";
        if (rule.UrgentLimit?.Counted == MinuteKind.Working || (rule.Urgency == NoticeUrgency.Urgent && rule.Limit?.Counted == MinuteKind.Working))
            yield return "what is urgent does not wait for working time: its limit counts natural minutes.";
        // Else it would go on as undelivered before it was ever sent.
        if (rule is { Urgency: NoticeUrgency.Ordinary, Channels.Count: > 0, Limit: { } limit })
        {
            if (limit.Counted == MinuteKind.Natural)
                yield return "it is sent out in working time only, so its limit counts working minutes.";
            else if (limit.Minutes <= digestMinutes)
                yield return $"it may wait {digestMinutes} minutes for its digest, so its limit is longer.";
        }
    }

    private static IEnumerable<string> Check(HoursRule rule)
    {
        if (rule.Town is { Level: not AreaLevel.Town })
            yield return "hours are those of a town.";
        if (rule.Days.Distinct().Count() != rule.Days.Count)
            yield return "a day stands twice.";
        var spans = rule.Spans.Select(span => span is null ? null : WorkingHours.Parse(span)).ToList();
        if (spans.Any(span => span is null))
            yield return "a span is text such as 09:00-12:00, its end after its start.";
        else if (spans.Zip(spans.Skip(1)).Any(pair => pair.First!.Value.To > pair.Second!.Value.From))
            yield return "the spans of a day follow each other.";
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{value}");

    /// <summary>The line on which each element of a list at the top begins, in order.</summary>
    private static List<int> Lines(string json, string list)
    {
        var text = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(text);
        var lines = new List<int>();
        var inside = false;
        while (reader.Read())
        {
            if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName)
                inside = reader.ValueTextEquals(list);
            else if (inside && reader.CurrentDepth == 2 && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.Null)
                lines.Add(1 + text.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n'));
        }

        return lines;
    }
}
