using System.Globalization;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Reviews;

/// <summary>
/// Holds the days of what reviews decided and of what was agreed on the spot: tells whoever has to do it before its day and when it has passed, once each, in order after downtime. Pure.
/// </summary>
public static class ReviewSaga
{
    /// <summary>The frozen name in the timer table of the saga of reviews; its instance is a review.</summary>
    public const string Name = "review_measures";

    /// <summary>The same of stays on the spot.</summary>
    public const string GuidanceName = "guidance_days";

    private const string Agreed = "agreed";
    private const string Arrival = "arrival";
    private const string Record = "record";

    /// <param name="after">The review with what was decided.</param>
    /// <param name="at">When the host received it: whoever is given a measure that is due so soon needs no warning.</param>
    public static IReadOnlyList<SagaTimer> Timers(Review after, IReadOnlyList<ReviewEvent> decided, ReviewRules rules, DateTimeOffset at) =>
    [
        .. decided.SelectMany(happened => happened switch
        {
            ReviewConcluded => after.Measures.Select(taken => Timer(taken.Measure, taken.Measure.DueAt - rules.RemindBefore <= at, rules)),
            ReviewMeasureDone e when after.Measure(e.Measure) is { Overdue: false } => [new SagaTimer(TimerName(e.Measure, false), 1, null), new SagaTimer(TimerName(e.Measure, true), 1, null)],
            _ => Enumerable.Empty<SagaTimer>(),
        }),
    ];

    /// <summary>A measure is due soon, or its day has come. A late timer of one that was taken decides nothing.</summary>
    /// <param name="dueAt">When the timer was due; after downtime this lies before <paramref name="firedAt"/>.</param>
    public static Reaction<ReviewEvent> OnTimer(
        string reviewId, Review? state, string timer, DateTimeOffset dueAt, DateTimeOffset firedAt, ReviewRules rules, OrganizationDirectory organization, NoticePlan plan)
    {
        if (state is not { Stage: ReviewStage.Concluded }
            || state.Measures.Find(one => one is { DoneAt: null, Overdue: false } && ((!one.Warned && TimerName(one.Measure.Number, false) == timer) || TimerName(one.Measure.Number, true) == timer)) is not { } taken)
            return new Reaction<ReviewEvent>();
        var measure = taken.Measure;
        var overdue = timer == TimerName(measure.Number, true);
        var kind = overdue ? NoticeKind.ReviewMeasureOverdue : NoticeKind.ReviewMeasureDue;
        // A warning whose day has passed meanwhile is on record, and nobody is told of it.
        var told = !overdue && measure.DueAt <= firedAt
            ? []
            : plan.Recipients(kind, null, state.Prepared.Scope, null, organization, _ => [new Recipient(measure.Owner, measure.Role, RecipientReason.Holder)]);
        return new Reaction<ReviewEvent>(
            [new ReviewMeasureReminded(measure.Number, measure.DueAt, dueAt, DomainJson.Microseconds(firedAt), [.. told.Select(one => one.Recipient)], overdue ? true : null)],
            [.. told.Select(one => new Notice(one.Recipient.Person, one.Sent(kind, $"review:{reviewId}") with { DueAt = measure.DueAt, Part = measure.Number, MissedAt = Missed(dueAt, firedAt) }))],
            overdue ? [] : [Timer(measure, true, rules)]);
    }

    /// <param name="after">The stay with what was decided.</param>
    /// <param name="at">When the host received it: a time that had passed by then reminds nobody.</param>
    public static IReadOnlyList<SagaTimer> Timers(Guidance after, IReadOnlyList<GuidanceEvent> decided, DateTimeOffset at)
    {
        return [.. decided.SelectMany(happened => happened switch
        {
            GuidancePlanned e => [new SagaTimer(Arrival, 1, e.From)],
            GuidanceBegun => [.. Without(GuidanceStep.Arrival, Arrival), .. after.Plan!.Planned.To is var to && to > at ? (SagaTimer[])[new(Record, 1, to)] : []],
            GuidanceCalledOff => Without(GuidanceStep.Arrival, Arrival),
            GuidanceRecorded { By: var by } => [.. after.Plan is null ? [] : Without(GuidanceStep.Record, Record), .. by > at ? (SagaTimer[])[new(Agreed, 1, by)] : []],
            GuidanceFollowedUp { Done: true } when after is { IsReminded: false, Recorded.By: not null } => [new SagaTimer(Agreed, 1, null)],
            _ => Enumerable.Empty<SagaTimer>(),
        })];

        IEnumerable<SagaTimer> Without(GuidanceStep step, string timer) => after.Reminded.Contains(step) ? [] : [new SagaTimer(timer, 1, null)];
    }

    /// <summary>
    /// Nobody came by the planned hour, nothing was written down when they were to leave, or the day came by which what was agreed was to be done. A late timer of a stay that went on decides nothing.
    /// </summary>
    /// <param name="dueAt">When it was due; after downtime this lies before <paramref name="firedAt"/>.</param>
    public static Reaction<GuidanceEvent> OnTimer(
        string guidanceId, Guidance? state, string timer, DateTimeOffset dueAt, DateTimeOffset firedAt, OrganizationDirectory organization, NoticePlan plan)
    {
        if (state is not { DueAt: { } due } || timer != TimerName(state.Stage) || (state.Awaited is { } awaited ? state.Reminded.Contains(awaited) : state.IsReminded))
            return new Reaction<GuidanceEvent>();
        var kind = state.Awaited switch
        {
            GuidanceStep.Arrival => NoticeKind.GuidanceNotBegun,
            GuidanceStep.Record => NoticeKind.GuidanceNotRecorded,
            _ => NoticeKind.GuidanceOverdue,
        };
        var told = plan.Recipients(kind, null, state.Place, null, organization, who => who == Audience.Planner ? Planner(state, organization) : ReviewNotices.OnTheSpot(state, organization));
        IReadOnlyList<Recipient> recipients = [.. told.Select(one => one.Recipient)];
        var at = DomainJson.Microseconds(firedAt);
        return new Reaction<GuidanceEvent>(
            [state.Awaited is { } step ? new GuidanceReminded(step, due, at, recipients) : new GuidanceOverdue(due, at, recipients)],
            [.. told.Select(one => new Notice(one.Recipient.Person, one.Sent(kind, $"guidance:{guidanceId}") with { DueAt = due, MissedAt = Missed(dueAt, firedAt) }))],
            []);
    }

    private static string? TimerName(GuidanceStage stage) => stage switch
    {
        GuidanceStage.Planned => Arrival,
        GuidanceStage.Begun => Record,
        GuidanceStage.Recorded => Agreed,
        _ => null,
    };

    // Whoever has left since has a successor in the seat, or somebody who leads there.
    private static IReadOnlyList<Recipient> Planner(Guidance state, OrganizationDirectory organization)
    {
        var planner = state.Plan!.By;
        if (organization.FindPerson(planner.Actor) is { Roles.Count: > 0 })
            return [new Recipient(planner.Actor, planner.Role, RecipientReason.Holder)];
        return organization.WhoIsToldFor(planner.Role, planner.Place) is { Count: > 0 } successors ? successors : organization.WhoIsToldFor(Role.TownLeader, state.Place);
    }

    private static DateTimeOffset? Missed(DateTimeOffset dueAt, DateTimeOffset firedAt) => firedAt - dueAt > NoticePlan.Punctual ? dueAt : null;

    private static SagaTimer Timer(ReviewMeasure measure, bool overdue, ReviewRules rules) =>
        new(TimerName(measure.Number, overdue), 1, overdue ? measure.DueAt : measure.DueAt - rules.RemindBefore);

    private static string TimerName(int measure, bool overdue) => string.Create(CultureInfo.InvariantCulture, $"{measure}/{(overdue ? "overdue" : "due")}");
}
