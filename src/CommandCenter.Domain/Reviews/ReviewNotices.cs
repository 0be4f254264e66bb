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

    /// <summary>Who is told of a stay on the spot: those who go, when it is planned and when it is called off.</summary>
    /// <param name="after">The stay with what was decided.</param>
    public static IReadOnlyList<Notice> Of(string guidanceId, Guidance after, IReadOnlyList<GuidanceEvent> decided, OrganizationDirectory organization, NoticePlan plan)
    {
        return
        [
            .. decided.SelectMany(happened => happened switch
            {
                GuidancePlanned e => Tell(NoticeKind.GuidancePlanned, e.From),
                GuidanceCalledOff => Tell(NoticeKind.GuidanceCalledOff, null),
                _ => [],
            }),
        ];

        IEnumerable<Notice> Tell(NoticeKind kind, DateTimeOffset? at) => plan
            .Recipients(kind, null, after.Place, null, organization, _ => OnTheSpot(after, organization))
            .Select(told => new Notice(told.Recipient.Person, told.Sent(kind, $"guidance:{guidanceId}") with { DueAt = at }));
    }

    /// <summary>Those who go, or stayed, each for a seat of theirs.</summary>
    internal static IReadOnlyList<Recipient> OnTheSpot(Guidance stay, OrganizationDirectory organization) =>
    [
        .. stay.People.Select(person => new Recipient(
            person, organization.FindPerson(person)?.Roles.Select(seat => (Role?)seat.Role).FirstOrDefault() ?? Role.DistrictSupervisor, RecipientReason.Holder)),
    ];
}
