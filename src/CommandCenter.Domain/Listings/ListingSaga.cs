using System.Globalization;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Listings;

/// <summary>
/// Holds the limit of a listing: tells whoever supervises it, climbs when its own limit passes, and sees to it that the town is told. Pure.
/// </summary>
public static class ListingSaga
{
    /// <summary>The saga's frozen name in the timer table; its instance is the case.</summary>
    public const string Name = "listing_limits";

    /// <summary>The engine's identity in the envelope.</summary>
    public static By Engine(AreaCode town) => new("system:listings", Role.System, town);

    /// <summary>Who supervises listings of a grade: the leader in charge of the sector (分管区领导), or the main leader; where the seat is vacant whoever stands above it.</summary>
    public static IReadOnlyList<Recipient> Supervisors(ListingGrade grade, Sector sector, OrganizationDirectory organization) =>
        grade == ListingGrade.Concentrated ? organization.WhoIsToldFor(Role.DistrictSecretary, organization.District) : organization.WhoIsToldFor(Role.DistrictLeader, organization.District, sector);

    /// <param name="after">The listing with what was decided.</param>
    public static Reaction<ListingEvent> React(
        string caseId, Listing after, IReadOnlyList<ListingEvent> decided, PolicyBook policies, OrganizationDirectory organization, NoticePlan plan)
    {
        if (after is not Listing.Known { File: var file })
            return new Reaction<ListingEvent>();
        List<Notice> notices = [];
        List<SagaTimer> timers = [];
        foreach (var happened in decided)
        {
            switch (happened)
            {
                case ListingOpened e:
                    notices.AddRange(Told(NoticeKind.ListingOpened, file, organization, plan).Select(told => told.Sent(caseId, NoticeKind.ListingOpened, e.DueAt)));
                    timers.AddRange(Timer(file, 0, policies, organization));
                    break;
                case ListingProgressed:
                    notices.AddRange(Told(NoticeKind.ListingReported, file, organization, plan).Select(told => told.Sent(caseId, NoticeKind.ListingReported, null)));
                    break;
                case ListingLifted:
                    notices.AddRange(Told(NoticeKind.ListingLifted, file, organization, plan).Select(told => told.Sent(caseId, NoticeKind.ListingLifted, null)));
                    if (StepOf(file, file.NextStep, policies) is { } next)
                        timers.Add(new SagaTimer(next.Name, file.Attempt, null));
                    break;
            }
        }

        return new Reaction<ListingEvent>([], notices, timers);
    }

    /// <summary>A step came due. A late timer of a listing that was lifted, or of an earlier round, decides nothing.</summary>
    /// <param name="dueAt">When the step was due; after downtime this lies before <paramref name="firedAt"/>.</param>
    public static Reaction<ListingEvent> OnTimer(
        string caseId, Listing state, string timer, int attempt, DateTimeOffset dueAt, DateTimeOffset firedAt, PolicyBook policies, OrganizationDirectory organization, NoticePlan plan)
    {
        if (state is not Listing.Listed { File: var file } || file.Attempt != attempt || StepOf(file, file.NextStep, policies) is not { } step || step.Name != timer)
            return new Reaction<ListingEvent>();
        var kind = step.Offset.Amount < 0 ? NoticeKind.ListingDue : NoticeKind.ListingOverdue;
        var raised = step.Raise == true && file.Grade != ListingGrade.Concentrated;
        // A warning whose limit has passed meanwhile is on record, and nobody is told of it.
        var told = step.Offset.Amount < 0 && file.DueAt <= firedAt ? [] : Told(kind, raised ? file with { Grade = ListingGrade.Concentrated } : file, organization, plan);
        var missed = firedAt - dueAt > NoticePlan.Punctual ? dueAt : (DateTimeOffset?)null;
        return new Reaction<ListingEvent>(
            [new ListingStepTaken(step.Name, file.DueAt, dueAt, DomainJson.Microseconds(firedAt), [.. told.Select(one => one.Recipient)], raised ? true : null)],
            [.. told.Select(one => one.Sent(caseId, kind, file.DueAt, missed))],
            [.. Timer(file, file.NextStep + 1, policies, organization)]);
    }

    /// <summary>
    /// Counts the limit of a case that is listed anew for a change of the calendar that touches it, and that it was not counted for yet. Limit and steps stay those of the version under which it was listed:
    /// they stand on the plate. A new limit is warned of anew; what was late stays late.
    /// </summary>
    /// <param name="policies">With the calendar to count by.</param>
    public static Reaction<ListingEvent> Recount(Listing state, PolicyRecount recount, DateTimeOffset at, PolicyBook policies, OrganizationDirectory organization)
    {
        if (recount.Cause != RecountCause.Calendar || state is not Listing.Listed { File: var file } || file.Revision >= recount.Revision)
            return new Reaction<ListingEvent>();
        var (time, limit, listedAt) = (TimeOf(file, policies, organization), file.Opened.Limit, file.Opened.ListedAt);
        var due = time.After(listedAt, limit);
        var last = due > file.DueAt ? due : file.DueAt;
        var steps = Rules(file, policies).Steps;
        if (!time.RestsOn(recount.Years, listedAt, last, limit.Unit) && !steps.Skip(file.NextStep).Any(IsTouched))
            return new Reaction<ListingEvent>();

        // Of a limit that has passed and was told of nothing is told again.
        var climbed = steps.Take(file.NextStep).Any(step => step.Offset.Amount >= 0);
        var next = climbed ? file.NextStep : steps.TakeWhile(step => step.Offset.Amount < 0 && time.After(due, step.Offset) <= at).Count();
        var happened = new ListingRecounted(
            DomainJson.Microseconds(at), due, recount.Revision, next, time.IsProvisional(listedAt, due, limit.Unit) ? true : null, file.IsLateAt(at) ? true : null);
        var after = ((Listing.Known)state.Apply(new Fact<ListingEvent>(happened, Engine(file.Opened.Town), at, at))).File;
        return new Reaction<ListingEvent>(
            [happened], [],
            [.. StepOf(file, file.NextStep, policies) is { } before ? (SagaTimer[])[new(before.Name, file.Attempt, null)] : [], .. Timer(after, after.NextStep, policies, organization)]);

        bool IsTouched(SupervisionStep step)
        {
            var moment = time.After(last, step.Offset);
            return time.RestsOn(recount.Years, moment < last ? moment : last, moment > last ? moment : last, step.Offset.Unit);
        }
    }

    /// <summary>The steps still ahead of a listing, with their instants.</summary>
    public static IReadOnlyList<(SupervisionStep Step, DateTimeOffset DueAt)> StepsAhead(ListingFile file, PolicyBook policies, OrganizationDirectory organization) =>
        [.. Rules(file, policies).Steps.Skip(file.NextStep).Select(step => (step, At(file, step, policies, organization)))];

    private static IReadOnlyList<Told> Told(NoticeKind kind, ListingFile file, OrganizationDirectory organization, NoticePlan plan) =>
        plan.Recipients(kind, null, file.Opened.Town, file.Opened.Sector, organization, _ => Supervisors(file.Grade, file.Opened.Sector, organization));

    private static Notice Sent(this Told told, string caseId, NoticeKind kind, DateTimeOffset? dueAt, DateTimeOffset? missedAt = null) =>
        new(told.Recipient.Person, told.Sent(kind, string.Create(CultureInfo.InvariantCulture, $"listing:{caseId}")) with { DueAt = dueAt, MissedAt = missedAt });

    private static IEnumerable<SagaTimer> Timer(ListingFile file, int step, PolicyBook policies, OrganizationDirectory organization)
    {
        if (StepOf(file, step, policies) is { } next)
            yield return new SagaTimer(next.Name, file.Attempt, At(file, next, policies, organization));
    }

    private static DateTimeOffset At(ListingFile file, SupervisionStep step, PolicyBook policies, OrganizationDirectory organization) =>
        TimeOf(file, policies, organization).After(file.DueAt, step.Offset);

    private static WorkingTime TimeOf(ListingFile file, PolicyBook policies, OrganizationDirectory organization) => policies.Calendar.At(file.Opened.Town, organization.TimeZone);

    private static SupervisionStep? StepOf(ListingFile file, int step, PolicyBook policies) => Rules(file, policies).Steps.ElementAtOrDefault(step);

    private static SupervisionRules Rules(ListingFile file, PolicyBook policies) => policies.Version(file.Opened.Policy).Supervision ?? SupervisionRules.Standard;
}
