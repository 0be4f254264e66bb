using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Reviews;

/// <summary>Who is told of what a review decided: the owner of each measure. Pure.</summary>
public static class ReviewNotices
{
    /// <summary>The engine's identity in the envelope of notices.</summary>
    public static By Engine(AreaCode scope) => new("system:reviews", Role.System, scope);

    /// <param name="after">The review with what was decided.</param>
    public static IReadOnlyList<Notice> Of(string reviewId, Review after, IReadOnlyList<ReviewEvent> decided, OrganizationDirectory organization, NoticePlan plan) =>
        !decided.Any(happened => happened is ReviewConcluded)
            ? []
            :
            [
                .. after.Measures.SelectMany(taken => plan
                    .Recipients(NoticeKind.ReviewMeasureGiven, null, after.Prepared.Scope, null, organization, _ => [new Recipient(taken.Measure.Owner, taken.Measure.Role, RecipientReason.Holder)])
                    .Select(told => new Notice(
                        told.Recipient.Person, told.Sent(NoticeKind.ReviewMeasureGiven, $"review:{reviewId}") with { DueAt = taken.Measure.DueAt, Part = taken.Measure.Number }))),
            ];
}
