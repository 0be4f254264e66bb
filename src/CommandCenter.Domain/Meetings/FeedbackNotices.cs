using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Meetings;

/// <summary>
/// Sees to it that the yard hears what became of its matters: whoever answers for the yard, and whoever held the meeting, are told as soon as a line is settled. Pure.
/// </summary>
public static class FeedbackNotices
{
    /// <summary>The engine's identity in the envelope.</summary>
    public static By Engine(MeetingFile file) => new("system:meetings", Role.System, file.Setup.Area);

    /// <summary>One notice a person, however many lines were settled at once.</summary>
    public static IReadOnlyList<Notice> Of(string meetingId, MeetingFile file, IReadOnlyList<MeetingEvent> decided, OrganizationDirectory organization, NoticePlan plan)
    {
        var settled = decided.OfType<MeetingLineSettled>().Select(e => file.Lines[e.Line]).Where(line => line.IsFeedbackDue).ToList();
        if (settled.Count == 0)
            return [];
        return
        [
            .. plan.Recipients(NoticeKind.FeedbackDue, null, file.Setup.Area, null, organization, audience => audience == Audience.Yard
                    ? [.. settled.SelectMany(line => OfTheYard(line.Listed.Area, file.Setup.Area, organization))]
                    : Host(file.Setup, organization))
                .Select(told => new Notice(told.Recipient.Person, told.Sent(NoticeKind.FeedbackDue, $"meeting:{meetingId}"))),
        ];
    }

    /// <summary>
    /// Who answers for the yard of a line: the head of the yard where the matter is, else of the yard that met; where that seat is vacant or there is no yard, the grid's workers;
    /// then the village's secretary, and whoever stands above, which is never nobody.
    /// </summary>
    private static IReadOnlyList<Recipient> OfTheYard(AreaCode line, AreaCode meeting, OrganizationDirectory organization)
    {
        // A matter may lie outside of the yard that met; then it is those who raised it that wait for an answer.
        var area = meeting.Contains(line) ? line : meeting;
        foreach (var (role, level) in ((Role, AreaLevel)[])[(Role.YardHead, AreaLevel.Yard), (Role.GridWorker, AreaLevel.Grid)])
        {
            if (area.At(level) is { } place && organization.WhoIsToldFor(role, place).Where(told => told.Role == role).ToList() is { Count: > 0 } told)
                return told;
        }

        return organization.WhoIsToldFor(Role.VillageSecretary, area.At(AreaLevel.Village)!.Value);
    }

    private static IReadOnlyList<Recipient> Host(MeetingSetup setup, OrganizationDirectory organization) => organization.WhoIsToldFor(setup.HostRole, setup.Area);
}
