using System.Globalization;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Whistles;

/// <summary>How the calls of a whistle are counted.</summary>
/// <param name="Rules">Of the policy that counted at an instant: a call keeps those that held when it began to wait.</param>
/// <param name="Time">Of the town where the whistle was blown.</param>
public sealed record WhistleCounting(Func<DateTimeOffset, WhistleRules> Rules, WorkingTime Time)
{
    /// <summary>By when a call's next step is due; null where no limit of the policy is for it.</summary>
    public DateTimeOffset? DueAt(WhistleCall call) => TurnDues.Next(call, Rules(call.Since), Time);

    /// <summary>The ladder of the limit that a call waits under; empty where there is none.</summary>
    public IReadOnlyList<WhistleStep> Ladder(WhistleCall call)
    {
        var rules = Rules(call.Since);
        return call.Clock switch
        {
            WhistleClock.Route => rules.Route.Ladder,
            WhistleClock.Arrive => rules.Arrive.Ladder,
            WhistleClock.Advise => rules.Advise.Ladder,
            _ => null,
        } ?? [];
    }
}

/// <summary>
/// Holds the limits of a whistle's calls: each that is not answered in time climbs by the policy's steps, once a step, those that downtime held up in their order. Pure.
/// </summary>
public static class WhistleSaga
{
    /// <summary>The saga's frozen name in the timer table; its instance is the whistle.</summary>
    public const string Name = "whistle_limits";

    /// <summary>The timers that what was decided sets and cancels: of every call that waits for something else since.</summary>
    /// <param name="after">The whistle with what was decided.</param>
    public static IReadOnlyList<SagaTimer> Timers(Whistle after, IReadOnlyList<WhistleEvent> decided, WhistleCounting counting)
    {
        if (after is not Whistle.Known { File: var file })
            return [];
        var touched = decided.SelectMany(happened => happened switch
        {
            WhistleBlown => file.Calls.Select(call => call.Number),
            WhistleUnitsCalled e => file.Calls.TakeLast(e.Units.Count).Select(call => call.Number),
            WhistleWithdrawn => file.Calls.Where(call => call.EndedAt == file.EndedAt).Select(call => call.Number),
            WhistleCallRouted e => [e.Call],
            WhistleCallDeclined e => [e.Call],
            WhistleCallArrived e => [e.Call],
            // A further opinion is no further wait.
            WhistleCallAdvised e => file.Find(e.Call)!.Opinions == 1 ? [e.Call] : [],
            WhistleCallResolved e => [e.Call],
            WhistleCallRated e => [e.Call],
            WhistleCallDropped e => [e.Call],
            _ => Enumerable.Empty<int>(),
        }).Distinct();
        return
        [
            .. touched.Select(number => file.Find(number)!).SelectMany(call => (IEnumerable<SagaTimer>)
            [
                .. call.Round > 1 ? [new SagaTimer(TimerName(call.Number, call.StepsBefore), call.Round - 1, null)] : Array.Empty<SagaTimer>(),
                .. call.NextStep == 0 ? Timer(call, 0, counting) : [],
            ]),
        ];
    }

    /// <summary>A step came due. A late timer of a call that was answered, or waits for something else, decides nothing.</summary>
    /// <param name="dueAt">When the step was due; after downtime this lies before <paramref name="firedAt"/>.</param>
    public static Reaction<WhistleEvent> OnTimer(
        string whistleId, Whistle state, string timer, int attempt, DateTimeOffset dueAt, DateTimeOffset firedAt, WhistleCounting counting, OrganizationDirectory organization, NoticePlan plan)
    {
        if (state is not Whistle.Open { File: var file }
            || file.Calls.Find(call => call.Round == attempt && TimerName(call.Number, call.NextStep) == timer) is not { Clock: { } clock } call
            || counting.Ladder(call).ElementAtOrDefault(call.NextStep) is not { } step || counting.DueAt(call) is not { } due)
            return new Reaction<WhistleEvent>();
        var kind = step.Level is null ? NoticeKind.WhistleDue : NoticeKind.WhistleOverdue;
        // A warning whose deadline has passed meanwhile is on record, and nobody is told of it.
        var told = step.Level is null && due <= firedAt ? [] : plan.Recipients(kind, null, file.Area, null, organization, _ => WhoIsTold(file, call, step.Level, organization));
        var missed = firedAt - dueAt > NoticePlan.Punctual ? dueAt : (DateTimeOffset?)null;
        return new Reaction<WhistleEvent>(
            [new WhistleStepTaken(call.Number, clock, call.Unit, step.Name, due, dueAt, DomainJson.Microseconds(firedAt), [.. told.Select(one => one.Recipient)], step.Level)],
            [.. told.Select(one => new Notice(one.Recipient.Person, one.Sent(kind, $"whistle:{whistleId}") with { DueAt = due, Part = call.Number, MissedAt = missed }))],
            [.. Timer(call, call.NextStep + 1, counting)]);
    }

    /// <summary>The people of a level. A department has no seat above its own people in the organization but the district's.</summary>
    private static IReadOnlyList<Recipient> WhoIsTold(WhistleFile file, WhistleCall call, WhistleLevel? level, OrganizationDirectory organization) => (level, call.Clock) switch
    {
        (null or WhistleLevel.Responsible, _) => WhistleNotices.WhoActs(file, call, organization),
        (WhistleLevel.Lead, WhistleClock.Route) => organization.WhoIsToldFor(Role.Dispatcher, file.Town),
        (WhistleLevel.Lead, _) when call.Unit.Kind == UnitKind.Post => organization.WhoIsToldFor(Role.SectorLead, file.Town, post: call.Unit.Code),
        (WhistleLevel.Lead, _) => organization.WhoIsToldFor(Role.DistrictLeader, organization.District),
        (WhistleLevel.TownLeader, _) => organization.WhoIsToldFor(Role.TownLeader, file.Town),
        _ => organization.WhoIsToldFor(Role.DistrictSupervisor, organization.District),
    };

    private static IEnumerable<SagaTimer> Timer(WhistleCall call, int step, WhistleCounting counting)
    {
        if (counting.Ladder(call).ElementAtOrDefault(step) is { } next && counting.DueAt(call) is { } due)
            yield return new SagaTimer(TimerName(call.Number, step), call.Round, counting.Time.After(due, next.Offset));
    }

    private static string TimerName(int call, int step) => string.Create(CultureInfo.InvariantCulture, $"{call}/{step}");
}
