using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Deadlines;

/// <summary>How often something happened, and how often it would have.</summary>
public readonly record struct Tried(int Happened, int Would)
{
    public static Tried operator +(Tried one, Tried other) => new(one.Happened + other.Happened, one.Would + other.Would);
}

/// <summary>What one matter comes to.</summary>
/// <param name="Matter">The category.</param>
/// <param name="Cases">How many cases of it were reported.</param>
/// <param name="LateCases">In how many at least one deadline passed.</param>
/// <param name="LateRuns">How many runs of clocks were late.</param>
public sealed record TriedMatter(Sector Sector, string Matter, int Cases, Tried LateCases, Tried LateRuns);

/// <summary>How many notices the people of one role come to by one step of the ladders.</summary>
/// <param name="Level">Missing for warnings.</param>
public sealed record TriedNotices(Role Role, EscalationLevel? Level, Tried Notices);

/// <summary>What another policy would have come to, beside what happened.</summary>
/// <param name="Events">How many events were looked at.</param>
/// <param name="NotRated">How many cases were closed because no rating came in time.</param>
public sealed record TrialReport(
    string Policy, DateTimeOffset From, DateTimeOffset To, int Cases, long Events, IReadOnlyList<TriedMatter> Matters, IReadOnlyList<TriedNotices> Notices, Tried NotRated);

/// <summary>
/// Tells what deadlines would have come to under another policy: what people did stays as it was and when it was, and the deadlines are decided about anew, by the same saga as for real. Pure; nothing is written.
/// What would have made people act otherwise is not guessed at: a case goes on as it did, also past a rating that would have come too late.
/// </summary>
/// <param name="policies">The policy to try, with the calendar.</param>
/// <param name="organizationAt">As it was on the day of an instant.</param>
/// <param name="sectorOf">The sector of a category, for cases that were never filed.</param>
public sealed class PolicyTrial(PolicyBook policies, Func<DateTimeOffset, OrganizationDirectory> organizationAt, NoticePlan plan, Func<string, Sector?> sectorOf)
{
    private readonly Dictionary<string, Life> _lives = new(StringComparer.Ordinal);
    // Of the plan only who hears of deadlines matters; who would be told of the rest is not worked out.
    private readonly NoticePlan _plan = plan with { Rules = [.. plan.Rules.Select(rule => rule.Kind is NoticeKind.Warning or NoticeKind.Escalation ? rule : rule with { To = [] })] };
    private readonly Dictionary<(Role Role, EscalationLevel? Level), Tried> _notices = [];
    private long _events;
    private Tried _notRated;

    /// <summary>Takes in an event of a case; those of one case come in their order. Cases whose report did not come are passed over.</summary>
    public void Take(string caseId, Fact<CaseEvent> fact)
    {
        _events++;
        if (!_lives.TryGetValue(caseId, out var life))
        {
            if (fact.Event is not CaseReported)
                return;
            _lives.Add(caseId, life = new Life());
        }

        switch (fact.Event)
        {
            case CaseClockStopped { Late: true, Clock: not Clock.Rate } stopped:
                life.LateThen.Add((stopped.Clock, stopped.Round));
                break;
            case CaseEscalated escalated:
                life.LateThen.Add((escalated.Clock, escalated.Round));
                Count(escalated.Told, escalated.Level, new Tried(1, 0));
                break;
            case CaseWarned warned:
                Count(warned.Told, null, new Tried(1, 0));
                break;
            case DeadlineEvent:
                break;
            default:
                if (fact.Event is CaseClosed { NotRated: not null })
                    _notRated += new Tried(1, 0);
                Until(caseId, life, fact.RecordedAt);
                life.State = life.State.Apply(fact);
                React(life, DeadlineSaga.React(caseId, life.State, [fact.Event], fact.RecordedAt, policies, organizationAt(fact.RecordedAt), _plan), fact.RecordedAt);
                break;
        }
    }

    /// <summary>What came due until an instant, and everything put together.</summary>
    /// <param name="from">From when on cases were looked at, for the report.</param>
    public TrialReport End(DateTimeOffset from, DateTimeOffset to)
    {
        foreach (var (id, life) in _lives)
            Until(id, life, to);
        var matters = _lives.Values.GroupBy(life => life.Place(sectorOf)).Select(group => new TriedMatter(
            group.Key.Sector, group.Key.Matter, group.Count(),
            group.Aggregate(default(Tried), (sum, life) => sum + new Tried(life.LateThen.Count > 0 ? 1 : 0, life.LateNow.Count > 0 ? 1 : 0)),
            group.Aggregate(default(Tried), (sum, life) => sum + new Tried(life.LateThen.Count, life.LateNow.Count))));
        return new TrialReport(
            policies.Current.Version, from, to, _lives.Count, _events, [.. matters.OrderBy(matter => matter.Sector).ThenBy(matter => matter.Matter, StringComparer.Ordinal)],
            [.. _notices.Select(pair => new TriedNotices(pair.Key.Role, pair.Key.Level, pair.Value)).OrderBy(row => row.Role).ThenBy(row => row.Level is { } level ? (int)level + 1 : 0)], _notRated);
    }

    /// <summary>The reports of several trials of the same policy over different cases, as one.</summary>
    public static TrialReport Join(IReadOnlyList<TrialReport> parts) => parts[0] with
    {
        Cases = parts.Sum(part => part.Cases),
        Events = parts.Sum(part => part.Events),
        Matters =
        [
            .. parts.SelectMany(part => part.Matters).GroupBy(matter => (matter.Sector, matter.Matter)).OrderBy(group => group.Key.Sector).ThenBy(group => group.Key.Matter, StringComparer.Ordinal)
                .Select(group => group.Aggregate((one, other) => one with { Cases = one.Cases + other.Cases, LateCases = one.LateCases + other.LateCases, LateRuns = one.LateRuns + other.LateRuns })),
        ],
        Notices =
        [
            .. parts.SelectMany(part => part.Notices).GroupBy(row => (row.Role, row.Level)).OrderBy(group => group.Key.Role).ThenBy(group => group.Key.Level is { } level ? (int)level + 1 : 0)
                .Select(group => group.Aggregate((one, other) => one with { Notices = one.Notices + other.Notices })),
        ],
        NotRated = parts.Aggregate(default(Tried), (sum, part) => sum + part.NotRated),
    };

    // Timers fire at their own due instants, as if the engine had never been down.
    private void Until(string caseId, Life life, DateTimeOffset now)
    {
        while (life.Timers.Count > 0)
        {
            var next = life.Timers.MinBy(timer => (timer.DueAt!.Value, timer.Name));
            if (next!.DueAt > now)
                return;
            life.Timers.Remove(next);
            var due = next.DueAt!.Value;
            React(life, DeadlineSaga.OnTimer(caseId, life.State, next.Name, next.Attempt, due, due, policies, organizationAt(due), _plan), due);
        }
    }

    private void React(Life life, Reaction<CaseEvent> reaction, DateTimeOffset at)
    {
        // It would have been closed by rule; what people did with it afterwards happened all the same.
        if (reaction.Events is [CaseClosed { NotRated: not null }, ..])
        {
            _notRated += new Tried(0, 1);
            return;
        }

        foreach (var happened in reaction.Events)
        {
            switch (happened)
            {
                case CaseClockStopped { Late: true, Clock: not Clock.Rate } stopped:
                    life.LateNow.Add((stopped.Clock, stopped.Round));
                    break;
                case CaseEscalated escalated:
                    life.LateNow.Add((escalated.Clock, escalated.Round));
                    Count(escalated.Told, escalated.Level, new Tried(0, 1));
                    break;
                case CaseWarned warned:
                    Count(warned.Told, null, new Tried(0, 1));
                    break;
                default:
                    break;
            }

            life.State = life.State.Apply(new Fact<CaseEvent>(happened, DeadlineSaga.Engine((Case.Known)life.State), at, at));
        }

        foreach (var timer in reaction.Timers)
        {
            if (timer.DueAt is null)
                life.Timers.RemoveAll(other => other.Name == timer.Name && other.Attempt == timer.Attempt);
            // That a suspension ended stands in the log, whoever ended it.
            else if (timer.Name != DeadlineSaga.SuspensionTimer)
                life.Timers.Add(timer);
        }
    }

    private void Count(IReadOnlyList<Recipient> told, EscalationLevel? level, Tried one)
    {
        foreach (var recipient in told)
            _notices[(recipient.Role, level)] = _notices.GetValueOrDefault((recipient.Role, level)) + one;
    }

    private sealed class Life
    {
        public Case State { get; set; } = Case.None;

        public List<SagaTimer> Timers { get; } = [];

        public HashSet<(Clock, int)> LateThen { get; } = [];

        public HashSet<(Clock, int)> LateNow { get; } = [];

        public (Sector Sector, string Matter) Place(Func<string, Sector?> sectorOf)
        {
            var file = ((Case.Known)State).File;
            return (file.Sector ?? sectorOf(file.Category) ?? Sector.Livelihood, file.Category);
        }
    }
}
