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
    public static IReadOnlyList<Notice> Of(AreaCode keeper, Admission after, IReadOnlyList<AdmissionEvent> decided, OrganizationDirectory organization)
    {
        return [.. decided.SelectMany(Told)];

        IEnumerable<Notice> Told(AdmissionEvent happened) => happened switch
        {
            AdmissionAdditionRequested e => Approvers(after.Find(e.Number)!, organization).Select(approver => Sent(NoticeKind.AdmissionRequested, approver)),
            AdmissionAdditionApproved e => Asker(e.Number),
            AdmissionAdditionRejected e => Asker(e.Number),
            AdmissionAdditionEnded e => Asker(e.Number),
            _ => [],
        };

        IEnumerable<Notice> Asker(int number)
        {
            var asker = after.Find(number)!.RequestedBy;
            return [Sent(NoticeKind.AdmissionDecided, new Recipient(asker.Actor, asker.Role, RecipientReason.Holder))];
        }

        Notice Sent(NoticeKind kind, Recipient told) => new(told.Person, new NoticeSent(kind, $"admission:{keeper}", told.Role, told.Reason));
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
