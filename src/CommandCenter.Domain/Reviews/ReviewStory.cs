using CommandCenter.Domain.Cases;

namespace CommandCenter.Domain.Reviews;

/// <summary>What a review says in the streams of its cases. Pure.</summary>
public static class ReviewStory
{
    /// <param name="before">The review before what was decided; null for one that was not prepared.</param>
    public static IEnumerable<(string Case, CaseStoryEvent Event)> Of(string reviewId, Review? before, IReadOnlyList<ReviewEvent> decided) => decided.SelectMany(happened => happened switch
    {
        ReviewPrepared e => e.Cases.Select(entry => (entry.Case, (CaseStoryEvent)new CasePutUnderReview(reviewId, e.StartsAt, entry.Reasons))),
        ReviewConcluded => before!.Items.Select(item => (item.Case, (CaseStoryEvent)new CaseLeftReview(reviewId, item.Lesson is null ? ReviewOutcome.LeftOut : ReviewOutcome.Learned))),
        ReviewCancelled => before!.Items.Select(item => (item.Case, (CaseStoryEvent)new CaseLeftReview(reviewId, ReviewOutcome.Cancelled))),
        _ => [],
    });
}
