using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Meetings;

namespace CommandCenter.Domain.Tests;

/// <summary>When a matter of a meeting is settled, somebody of the yard and who held the meeting know of it.</summary>
public class FeedbackNoticesTests
{
    [Fact]
    public void The_head_of_the_yard_and_the_host_are_told_once_however_many_lines_were_settled() =>
        Told(Town.Organization, Setup(), Settled(2), Settled(3)).ShouldBe([("yard-head", Role.YardHead, RecipientReason.Holder), ("secretary", Role.VillageSecretary, RecipientReason.Holder)]);

    [Fact]
    public void Whoever_is_both_is_told_once() =>
        Told(Town.Organization, Setup(host: Role.YardHead), Settled(2)).ShouldBe([("yard-head", Role.YardHead, RecipientReason.Holder)]);

    [Fact]
    public void A_notice_names_the_meeting_and_asks_for_feedback()
    {
        var notice = Notices(Town.Organization, Setup(), Settled(2))[0];

        (notice.Sent.Kind, notice.Sent.Subject).ShouldBe((NoticeKind.FeedbackDue, $"meeting:{Id}"));
    }

    [Fact]
    public void A_matter_outside_of_the_yard_that_met_is_answered_to_the_yard_that_raised_it() =>
        // Line 3 lies in the grid; the yard of the meeting asked for it.
        Told(Town.Organization, Setup(), Settled(3))[0].Person.ShouldBe("yard-head");

    [Fact]
    public void In_a_meeting_of_the_whole_village_each_yard_is_told_by_its_own_people()
    {
        Told(Town.Organization, Setup(Town.Village), Settled(2)).ShouldBe([("yard-head", Role.YardHead, RecipientReason.Holder), ("secretary", Role.VillageSecretary, RecipientReason.Holder)]);
        Told(Town.Organization, Setup(Town.Village), Settled(3)).ShouldBe([("grid-worker", Role.GridWorker, RecipientReason.Holder), ("secretary", Role.VillageSecretary, RecipientReason.Holder)]);
    }

    [Fact]
    public void Where_seats_are_vacant_the_next_one_up_is_told_and_never_nobody()
    {
        Told(Town.With([Role.YardHead]), Setup(), Settled(2)).Select(told => told.Person).ShouldBe(["grid-worker", "secretary"]);
        Told(Town.With([Role.YardHead, Role.GridWorker]), Setup(), Settled(2)).Select(told => told.Person).ShouldBe(["secretary"]);
        Told(Town.With([Role.YardHead, Role.GridWorker, Role.VillageSecretary]), Setup(), Settled(2)).Select(told => told.Person).ShouldBe(["operator"]);
        Told(Town.With([Role.YardHead, Role.GridWorker, Role.VillageSecretary, Role.CenterOperator, Role.Dispatcher, Role.TownLeader]), Setup(), Settled(2)).Select(told => told.Person).ShouldBe(["supervisor"]);
    }

    [Fact]
    public void Nobody_is_told_of_what_needs_no_feedback()
    {
        Told(Town.Organization, Setup()).ShouldBeEmpty();
        Told(Town.Organization, Setup(), Reopened(2)).ShouldBeEmpty();
    }

    private static IReadOnlyList<(string Person, Role Role, RecipientReason Reason)> Told(OrganizationDirectory organization, MeetingSetup setup, params MeetingEvent[] decided) =>
        [.. Notices(organization, setup, decided).Select(notice => (notice.Person, notice.Sent.Role, notice.Sent.Reason))];

    private static IReadOnlyList<Notice> Notices(OrganizationDirectory organization, MeetingSetup setup, params MeetingEvent[] decided)
    {
        var after = (Meeting.Known)Meetings.Fold([new MeetingHeld(setup, new MeetingAttendance(31, 18), Policy.Version), Imported(), .. decided]);
        return FeedbackNotices.Of(Id, after.File, decided, organization, Sample.Plan);
    }
}
