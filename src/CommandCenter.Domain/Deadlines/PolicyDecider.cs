using System.Globalization;
using System.Text.Json;
using CommandCenter.Domain.Formats;

namespace CommandCenter.Domain.Deadlines;

/// <summary>What may happen to the district's deadline policy and working calendar.</summary>
public static class PolicyDecider
{
    public static Decision<PolicyEvent> Decide(PolicyCommand command, PolicyHistory state) => command switch
    {
        AdoptPolicy c => Adopt(c.Policy, c.From, c.Recount, c.At, state),
        EditPolicy c => Edit(c, state),
        AdoptCalendar c => AdoptCalendar(c, state),
        AdvanceRecount c => Advance(c, state),
        _ => throw new InvalidOperationException($"{command.GetType().Name} is not decided."),
    };

    private static Decision<PolicyEvent> Adopt(DeadlinePolicy policy, DateTimeOffset? from, bool recount, DateTimeOffset at, PolicyHistory state)
    {
        if (state.Find(policy.Version) is { } known)
        {
            if (!PolicyHistory.IsSame(known.Policy with { Schema = null }, policy with { Schema = null }))
                return Refuse("policy.version_taken");
            // The same text again is a repeat while it counts; later it comes back into force.
            if (state.IsBegun && state.VersionAt(from ?? at).Policy.Version == policy.Version && !recount)
                return Nothing;
        }

        if (from < at)
            return Refuse("policy.from_passed");
        return from is not null && recount ? Refuse("policy.recount_later") : Emit(new DeadlinePolicyAdopted(policy, from, recount ? true : null));
    }

    private static Decision<PolicyEvent> Edit(EditPolicy c, PolicyHistory state)
    {
        if (c is { Rules.Count: 0, Matters.Count: 0, Dropped.Count: 0, Whistles: null })
            return Refuse("policy.nothing_to_change");
        // What is changed is the version that will count then, not the one of today: else what was planned in between would be lost.
        var current = state.VersionAt(c.From ?? c.At).Policy;
        if (c.Dropped.Any(code => current.Matters?.Any(matter => matter.Code == code) != true))
            return Refuse("policy.matter_unknown");
        var edited = current with
        {
            Version = c.Version,
            Rules = [.. current.Rules.Select(rule => c.Rules.LastOrDefault(other => (other.Clock, other.Urgency) == (rule.Clock, rule.Urgency)) ?? rule)],
            Matters = [.. (current.Matters ?? []).Where(matter => !c.Dropped.Contains(matter.Code) && c.Matters.All(other => other.Code != matter.Code)), .. c.Matters],
            Whistles = c.Whistles ?? current.Whistles,
        };
        var (sound, errors) = DeadlinePolicyReader.Read(JsonSerializer.Serialize(edited, DomainJson.Options));
        return sound is null
            ? Refuse("policy.unsound", [.. errors.Select((error, index) => new RefusalLine(string.Create(CultureInfo.InvariantCulture, $"errors/{index + 1}"), "policy.unsound", new(Unplaced(error), Unplaced(error))))])
            : Adopt(sound, c.From, c.Recount, c.At, state);
    }

    private static Decision<PolicyEvent> AdoptCalendar(AdoptCalendar c, PolicyHistory state)
    {
        if (state.Hours is null && c.Hours is null)
            return Refuse("calendar.hours_unsound");
        if (c.Years.Any(year => !year.Announced && state.Years.TryGetValue(year.Year, out var known) && known.Announced))
            return Refuse("calendar.announced_before");
        List<CalendarYear> years = [.. c.Years.Where(year => !PolicyHistory.IsSame(year, state.Years.GetValueOrDefault(year.Year)))];
        var hours = PolicyHistory.IsSame(c.Hours, state.Hours) ? null : c.Hours;
        return years.Count == 0 && hours is null ? Nothing : Emit(new WorkingCalendarAdopted(years, hours));
    }

    // Of two nodes that count the same cases one comes first; the other's news is none.
    private static Decision<PolicyEvent> Advance(AdvanceRecount c, PolicyHistory state)
    {
        if (state.Recounts.Find(recount => recount.Revision == c.Revision) is not { FinishedAt: null } recount || (c.AfterPosition is { } after && after <= recount.AfterPosition))
            return Nothing;
        return Emit(c.AfterPosition is { } next ? new RecountAdvanced(c.Revision, next, c.Cases, c.Recounted) : new RecountFinished(c.Revision, c.Cases, c.Recounted));
    }

    // The lines are those of a text that nobody has seen.
    private static string Unplaced(string error) => error.StartsWith("line ", StringComparison.Ordinal) && error.IndexOf(": ", StringComparison.Ordinal) is > 0 and var at ? error[(at + 2)..] : error;

    private static Decision<PolicyEvent>.Emit Emit(PolicyEvent happened) => new([happened]);

    private static Decision<PolicyEvent>.Refuse Refuse(string code, IReadOnlyList<RefusalLine>? lines = null) => new(PolicyRefusals.Of(code, lines));

    private static Decision<PolicyEvent> Nothing { get; } = new Decision<PolicyEvent>.Nothing();
}
