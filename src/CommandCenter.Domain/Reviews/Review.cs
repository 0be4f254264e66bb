using System.Collections.Immutable;
using CommandCenter.Domain.Cases;

namespace CommandCenter.Domain.Reviews;

/// <summary>How far a review meeting is.</summary>
public enum ReviewStage
{
    /// <summary>已备会</summary>
    Prepared,

    /// <summary>已结束,措施落实中</summary>
    Concluded,

    /// <summary>措施已全部落实</summary>
    Settled,

    /// <summary>已取消</summary>
    Cancelled,
}

/// <summary>A case that is looked back on.</summary>
public sealed record ReviewItem(int Number, string Case, ImmutableList<ReviewReason> Reasons, MarkedText? Lesson = null, MarkedText? LeftOut = null)
{
    /// <summary>Whether something was said of it.</summary>
    public bool IsDecided => Lesson is not null || LeftOut is not null;
}

/// <summary>A measure, and what came of it.</summary>
/// <param name="Warned">Whether its owner was told that it is due soon.</param>
/// <param name="Overdue">Whether they were told that it is overdue.</param>
public sealed record TakenMeasure(int Item, ReviewMeasure Measure, MarkedText? Result = null, DateTimeOffset? DoneAt = null, bool Warned = false, bool Overdue = false);

/// <summary>A review meeting, as a fold of its stream; null for one that was not prepared.</summary>
public sealed record Review(ReviewPrepared Prepared, By PreparedBy, DateTimeOffset PreparedAt, ReviewStage Stage, ImmutableList<ReviewItem> Items, ImmutableList<TakenMeasure> Measures)
{
    /// <summary>When it was concluded or cancelled.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Null when there is no case of that number.</summary>
    public ReviewItem? Find(int number) => number >= 1 && number <= Items.Count ? Items[number - 1] : null;

    /// <summary>Null when there is no measure of that number.</summary>
    public TakenMeasure? Measure(int number) => Measures.Find(measure => measure.Measure.Number == number);

    public IEnumerable<ReviewItem> Undecided => Items.Where(item => !item.IsDecided);

    public static Review? Fold(IEnumerable<Fact<ReviewEvent>> facts) => facts.Aggregate((Review?)null, Apply);

    /// <summary>The review after an event. Total: an event that the decider could not have emitted here throws.</summary>
    /// <exception cref="InvalidOperationException">The stream is not a review's life.</exception>
    public static Review? Apply(Review? state, Fact<ReviewEvent> fact) => (fact.Event, state) switch
    {
        (ReviewPrepared e, null) => new Review(
            e, fact.By, fact.RecordedAt, ReviewStage.Prepared, [.. e.Cases.Select((entry, index) => new ReviewItem(index + 1, entry.Case, [.. entry.Reasons]))], []),
        // Said again it replaces what was said before, measures and all.
        (ReviewLessonRecorded e, { Stage: ReviewStage.Prepared } known) when known.Find(e.Item) is { } item => known with
        {
            Items = known.Items.SetItem(item.Number - 1, item with { Lesson = e.Lesson, LeftOut = null }),
            Measures = [.. known.Measures.Where(measure => measure.Item != e.Item), .. e.Measures.Select(measure => new TakenMeasure(e.Item, measure))],
        },
        (ReviewItemLeftOut e, { Stage: ReviewStage.Prepared } known) when known.Find(e.Item) is { } item => known with
        {
            Items = known.Items.SetItem(item.Number - 1, item with { Lesson = null, LeftOut = e.Reason }),
            Measures = known.Measures.RemoveAll(measure => measure.Item == e.Item),
        },
        (ReviewConcluded, { Stage: ReviewStage.Prepared } known) when !known.Undecided.Any() =>
            known with { Stage = known.Measures.IsEmpty ? ReviewStage.Settled : ReviewStage.Concluded, EndedAt = fact.RecordedAt },
        (ReviewCancelled, { Stage: ReviewStage.Prepared } known) => known with { Stage = ReviewStage.Cancelled, EndedAt = fact.RecordedAt },
        (ReviewMeasureReminded e, { Stage: ReviewStage.Concluded } known) when known.Measure(e.Measure) is { DoneAt: null } taken =>
            known with { Measures = known.Measures.SetItem(known.Measures.IndexOf(taken), e.Overdue == true ? taken with { Overdue = true } : taken with { Warned = true }) },
        (ReviewMeasureDone e, { Stage: ReviewStage.Concluded } known) when known.Measure(e.Measure) is { DoneAt: null } taken => Done(known, taken with { Result = e.Result, DoneAt = fact.RecordedAt }),
        _ => throw new InvalidOperationException($"{fact.Event.GetType().Name} cannot follow in a review that is {state?.Stage.ToString() ?? "not prepared"}."),
    };

    private static Review Done(Review known, TakenMeasure taken)
    {
        var measures = known.Measures.SetItem(known.Measures.FindIndex(measure => measure.Measure.Number == taken.Measure.Number), taken);
        return known with { Measures = measures, Stage = measures.All(measure => measure.DoneAt is not null) ? ReviewStage.Settled : ReviewStage.Concluded };
    }
}
