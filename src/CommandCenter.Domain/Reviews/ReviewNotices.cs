using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Reviews;

/// <summary>Who is told of a review: those who are to come, when it is called and when it is called off, and the owner of each measure. Pure.</summary>
public static class ReviewNotices
{
    /// <summary>The engine's identity in the envelope of notices.</summary>
    public static By Engine(AreaCode scope) => new("system:reviews", Role.System, scope);

    /// <param name="after">The review with what was decided.</param>
    public static IReadOnlyList<Notice> Of(string reviewId, Review after, IReadOnlyList<ReviewEvent> decided, OrganizationDirectory organization, NoticePlan plan)
    {
        return
        [
            .. decided.SelectMany(happened => happened switch
            {
                ReviewPrepared e => Tell(NoticeKind.ReviewCalled, e.Invited ?? [], e.StartsAt, null),
                ReviewCancelled => Tell(NoticeKind.ReviewCalledOff, after.Prepared.Invited ?? [], null, null),
                ReviewConcluded => after.Measures.SelectMany(taken => Tell(
                    NoticeKind.ReviewMeasureGiven, [new Recipient(taken.Measure.Owner, taken.Measure.Role, RecipientReason.Holder)], taken.Measure.DueAt, taken.Measure.Number)),
                _ => [],
            }),
        ];

        IEnumerable<Notice> Tell(NoticeKind kind, IReadOnlyList<Recipient> named, DateTimeOffset? at, int? part) => plan
            .Recipients(kind, null, after.Prepared.Scope, null, organization, _ => named)
            .Select(told => new Notice(told.Recipient.Person, told.Sent(kind, $"review:{reviewId}") with { DueAt = at, Part = part }));
    }
}
