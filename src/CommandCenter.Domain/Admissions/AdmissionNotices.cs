using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Admissions;

/// <summary>Who is told of urgent additions: whoever may approve what was asked for, and whoever asked. Pure.</summary>
public static class AdmissionNotices
{
    /// <summary>The engine's identity in the envelope of notices.</summary>
    public static By Engine(AreaCode keeper) => new("system:admissions", Role.System, keeper);

    /// <param name="keeper">The town, or the district, whose lists they are.</param>
    /// <param name="after">The lists with what was decided.</param>
    public static IReadOnlyList<Notice> Of(AreaCode keeper, Admission after, IReadOnlyList<AdmissionEvent> decided, OrganizationDirectory organization, NoticePlan plan)
    {
        return [.. decided.SelectMany(Told)];

        IEnumerable<Notice> Told(AdmissionEvent happened) => happened switch
        {
            AdmissionAdditionRequested e => Tell(NoticeKind.AdmissionRequested, after.Find(e.Number)!),
            AdmissionAdditionApproved e => Tell(NoticeKind.AdmissionDecided, after.Find(e.Number)!),
            AdmissionAdditionRejected e => Tell(NoticeKind.AdmissionDecided, after.Find(e.Number)!),
            AdmissionAdditionEnded e => Tell(NoticeKind.AdmissionDecided, after.Find(e.Number)!),
            _ => [],
        };

        IEnumerable<Notice> Tell(NoticeKind kind, Addition addition) =>
            plan.Recipients(kind, null, addition.Area, null, organization, audience => audience == Audience.Approvers
                    ? Approvers(addition, organization)
                    : [new Recipient(addition.RequestedBy.Actor, addition.RequestedBy.Role, RecipientReason.Holder)])
                .Select(told => new Notice(told.Recipient.Person, told.Sent(kind, $"admission:{keeper}") with { Part = addition.Number }));
    }

    /// <summary>Who may approve an addition: the town's leaders; for more than a town, where their seats are vacant, or where it is their own request, the district's supervisors.</summary>
    public static IReadOnlyList<Recipient> Approvers(Addition addition, OrganizationDirectory organization)
    {
        var place = Admission.KeeperOf(addition.Area);
        var leaders = place.Level == AreaLevel.District ? [] : Others(Role.TownLeader);
        return leaders.Count > 0 ? leaders : Others(Role.DistrictSupervisor);

        List<Recipient> Others(Role role) => [.. organization.WhoIsToldFor(role, place).Where(recipient => recipient.Person != addition.RequestedBy.Actor)];
    }
}
