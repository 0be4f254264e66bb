using System.Globalization;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Reviews;

/// <summary>Something that somebody wants of a review meeting.</summary>
public abstract record ReviewCommand : Attaching
{
    /// <summary>The command's frozen name in kebab-case, as in <c>POST /api/reviews/{id}/{name}</c>.</summary>
    public abstract string Name { get; }
}

/// <param name="Cases">The closed cases that the rules found, looked up by the caller.</param>
/// <param name="At">When the host received it.</param>
/// <param name="Invited">Who is to come, besides those whom the plan of notices names.</param>
public sealed record PrepareReview(
    AreaCode Scope, DateTimeOffset From, DateTimeOffset To, DateTimeOffset StartsAt, string Policy, IReadOnlyList<ReviewEntry> Cases, DateTimeOffset At, IReadOnlyList<Recipient>? Invited = null) : ReviewCommand
{
    public override string Name => "prepare";
}

/// <summary>A measure that somebody wants.</summary>
public sealed record WantedMeasure(MarkedText Text, string Owner, Role Role, DateTimeOffset DueAt);

/// <param name="At">When the host received it: what is to be done lies after it.</param>
public sealed record RecordLesson(int Item, MarkedText Lesson, IReadOnlyList<WantedMeasure> Measures, DateTimeOffset At) : ReviewCommand
{
    public override string Name => "record-lesson";
}

public sealed record LeaveOutItem(int Item, MarkedText Reason) : ReviewCommand
{
    public override string Name => "leave-out";
}

/// <param name="At">When the host received it: a review is not over before it begins.</param>
public sealed record ConcludeReview(MarkedText? Summary, DateTimeOffset At) : ReviewCommand
{
    public override string Name => "conclude";
}

public sealed record CancelReview(MarkedText Reason) : ReviewCommand
{
    public override string Name => "cancel";
}

public sealed record FinishMeasure(int Measure, MarkedText Result) : ReviewCommand
{
    public override string Name => "finish-measure";
}

/// <summary>What may happen to a review meeting: every state × every command, decided on purpose.</summary>
public static class ReviewDecider
{
    /// <summary>A review looks back on at most so long.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>It is prepared at most so long before it begins.</summary>
    public static readonly TimeSpan PreparedWithin = TimeSpan.FromDays(60);

    private static readonly Dictionary<string, Message> Words = new(StringComparer.Ordinal)
    {
        ["review.unknown"] = new("没有这次复盘。", "There is no such review."),
        ["review.exists"] = new("复盘已存在。", "The review exists already."),
        ["review.span"] = new("复盘时段应早于现在，且不超过一年；请改正。", "A review looks back on a span of at most a year; correct it."),
        ["review.start.out_of_range"] = new("会议时间应在现在之后、60天之内，请重新填写。", "The meeting begins after now and within 60 days; give another time."),
        ["review.not_begun"] = new("复盘会尚未开始，不能结束；教训和措施可先记录。", "The meeting has not begun and cannot be concluded; lessons and measures can be recorded already."),
        ["review.nothing"] = new("该时段没有需要复盘的案件；请换一个时段。", "No closed case of that span is to be looked back on; choose another span."),
        ["review.item_unknown"] = new("复盘中没有这一件。", "There is no such case in the review."),
        ["review.measures"] = new("每件至少有一项整改措施，时限在今后；确无措施的请写明理由不复盘。", "A lesson comes with at least one measure whose day lies ahead; where there is none, leave the case out with a reason."),
        ["review.undecided"] = new("以下各件尚无教训和措施：请补充，或写明理由不复盘。", "These cases have no lesson yet: record one, or leave them out with a reason."),
        ["review.not_concluded"] = new("复盘尚未结束，措施还未下达；请先结束。", "The review is not concluded, so its measures do not hold yet; conclude it first."),
        ["review.concluded"] = new("复盘已结束，只能报告措施落实。", "The review is concluded; what is left is to finish its measures."),
        ["review.measure_unknown"] = new("没有这项未落实的措施。", "There is no such open measure."),
        ["review.measure_not_yours"] = new("由措施责任人或组织复盘的单位报告落实。", "The measure's owner finishes it, or the desk that held the review."),
        ["review.cancelled"] = new("复盘已取消。", "The review was called off."),
    };

    private static readonly Dictionary<string, Message> LineWords = new(StringComparer.Ordinal)
    {
        ["review.line.undecided"] = new("尚无教训和措施，也未说明不复盘。", "It has neither a lesson nor a reason why it was left out."),
    };

    /// <summary>All codes with their words, for the documentation.</summary>
    public static IReadOnlyDictionary<string, Message> All => Words;

    /// <summary>All codes of lines with their words.</summary>
    public static IReadOnlyDictionary<string, Message> AllLines => LineWords;

    public static Decision<ReviewEvent> Decide(ReviewCommand command, Review? state, By by) => (command, state) switch
    {
        (PrepareReview c, null) => c.From >= c.To || c.To > c.At || c.To - c.From > Longest ? Refuse("review.span", state)
            : c.StartsAt <= c.At || c.StartsAt > c.At + PreparedWithin ? Refuse("review.start.out_of_range", state)
            : c.Cases.Count == 0 ? Refuse("review.nothing", state)
            : Emit(new ReviewPrepared(c.Scope, c.From, c.To, c.StartsAt, c.Policy, c.Cases, c.Invited is { Count: > 0 } ? c.Invited : null)),
        (PrepareReview, _) => Refuse("review.exists", state),
        (_, null) => Refuse("review.unknown", state),
        (CancelReview, { Stage: ReviewStage.Cancelled }) => Nothing,
        (_, { Stage: ReviewStage.Cancelled }) => Refuse("review.cancelled", state),

        (RecordLesson or LeaveOutItem or CancelReview, { Stage: not ReviewStage.Prepared }) => Refuse("review.concluded", state),
        (RecordLesson c, _) when state.Find(c.Item) is null => Refuse("review.item_unknown", state),
        (RecordLesson c, _) when c.Measures.Count == 0 || c.Measures.Any(measure => measure.DueAt <= c.At) => Refuse("review.measures", state),
        (RecordLesson c, _) => Emit(new ReviewLessonRecorded(c.Item, c.Lesson, Numbered(c.Measures, state))),
        (LeaveOutItem c, _) when state.Find(c.Item) is null => Refuse("review.item_unknown", state),
        (LeaveOutItem c, _) => Emit(new ReviewItemLeftOut(c.Item, c.Reason)),
        (CancelReview c, _) => Emit(new ReviewCancelled(c.Reason)),

        (ConcludeReview, { Stage: not ReviewStage.Prepared }) => Nothing,
        (ConcludeReview c, _) when c.At < state.Prepared.StartsAt => Refuse("review.not_begun", state),
        (ConcludeReview, _) when state.Undecided.Any() => new Decision<ReviewEvent>.Refuse(new Refusal(
            "review.undecided", Words["review.undecided"], Possible(state),
            [.. state.Undecided.Select(item => new RefusalLine(string.Create(CultureInfo.InvariantCulture, $"items/{item.Number}"), "review.line.undecided", LineWords["review.line.undecided"], item.Case))])),
        (ConcludeReview c, _) => Emit(new ReviewConcluded(c.Summary)),

        (FinishMeasure, { Stage: ReviewStage.Prepared }) => Refuse("review.not_concluded", state),
        (FinishMeasure c, _) => state.Measure(c.Measure) switch
        {
            null or { DoneAt: not null } => Refuse("review.measure_unknown", state),
            { Measure.Owner: var owner } when !by.Is(owner) && by.Place != state.Prepared.Scope => Refuse("review.measure_not_yours", state),
            _ => Emit(new ReviewMeasureDone(c.Measure, c.Result)),
        },
        _ => throw new InvalidOperationException($"{command.GetType().Name} is not decided."),
    };

    /// <summary>The commands that a state accepts from somebody, in the order of a review, in kebab-case.</summary>
    public static IReadOnlyList<string> Possible(Review? state) => state switch
    {
        null => ["prepare"],
        { Stage: ReviewStage.Prepared } => ["record-lesson", "leave-out", .. state.Undecided.Any() ? (string[])[] : ["conclude"], "cancel"],
        { Stage: ReviewStage.Concluded } => ["finish-measure"],
        _ => [],
    };

    // Numbers are never given twice, also where a lesson is said anew.
    private static IReadOnlyList<ReviewMeasure> Numbered(IReadOnlyList<WantedMeasure> wanted, Review state)
    {
        var last = state.Measures.Select(measure => measure.Measure.Number).DefaultIfEmpty().Max();
        return [.. wanted.Select((measure, index) => new ReviewMeasure(last + index + 1, measure.Text, measure.Owner, measure.Role, measure.DueAt))];
    }

    private static Decision<ReviewEvent>.Emit Emit(ReviewEvent happened) => new([happened]);

    private static Decision<ReviewEvent>.Refuse Refuse(string code, Review? state) => new(new Refusal(code, Words[code], Possible(state)));

    private static Decision<ReviewEvent> Nothing { get; } = new Decision<ReviewEvent>.Nothing();
}
