using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>What becomes of a case when whoever has it by name leaves.</summary>
public class HolderLeftTests
{
    private static readonly CaseEvent[] Claimed = [Reported(), Filed(), Dispatched(), Sample.Claimed()];

    private static OrganizationDirectory Without(string person) => Town.Organization.Without(person);

    [Fact]
    public void The_dispatcher_is_told_when_the_claimer_has_left() => Told(Claimed, Without("handler")).ShouldBe([("dispatcher", NoticeKind.HolderLeft)]);

    [Fact]
    public void Nobody_is_told_while_the_claimer_may_go_on() => Told(Claimed, Town.Organization).ShouldBeEmpty();

    [Fact]
    public void A_case_that_was_given_to_somebody_by_name_goes_back_to_the_dispatcher_and_one_of_the_post_stays_with_the_post()
    {
        Told([Reported(), Filed(), Dispatched() with { Person = "colleague" }], Without("colleague")).ShouldBe([("dispatcher", NoticeKind.HolderLeft)]);
        Told([Reported(), Filed(), Dispatched()], Without("handler")).ShouldBeEmpty();
    }

    [Fact]
    public void The_center_is_told_when_whoever_was_sent_to_look_has_left() =>
        Told([Reported(), CheckOrdered() with { Person = "grid-worker" }], Without("grid-worker")).ShouldBe([("operator", NoticeKind.HolderLeft)]);

    [Fact]
    public void What_is_done_or_over_waits_for_nobody_who_left()
    {
        Told([.. Claimed, Completed()], Without("handler")).ShouldBeEmpty();
        Told([.. Claimed, Completed(), Verified(), Closed()], Without("handler")).ShouldBeEmpty();
    }

    [Fact]
    public void Whose_turn_it_becomes_because_a_seat_fell_vacant_is_told_and_who_had_it_before_is_not()
    {
        Others([Reported()], Without("operator")).ShouldBe([("dispatcher", NoticeKind.HolderLeft)]);
        Others([Reported(), Filed(), Dispatched()], Without("handler").Without("colleague")).ShouldBe([("economy-lead", NoticeKind.HolderLeft)]);
        Others([Reported(), Filed(), Dispatched()], Without("handler")).ShouldBeEmpty();
        Others([.. Claimed, Completed(), Verified()], Without("grid-worker")).ShouldBe([("operator", NoticeKind.HolderLeft)]);
        Others([.. Claimed, Completed(), Verified(), Closed()], Without("operator")).ShouldBeEmpty();
    }

    private static List<(string, NoticeKind)> Others(CaseEvent[] events, OrganizationDirectory organization) =>
        [.. DeadlineSaga.WhenOthersActNow(CaseId, Cases.Fold(events), Town.Organization, T0 + 1.Days(), Policies, organization, Plan).Notices.Select(notice => (notice.Person, notice.Sent.Kind))];

    [Fact]
    public void The_dispatcher_is_told_of_rework_for_somebody_who_has_left_and_the_unit_with_them()
    {
        Reworked(Without("handler")).ShouldBe([("colleague", NoticeKind.Rework), ("dispatcher", NoticeKind.HolderLeft)]);
        Reworked(Town.Organization).ShouldBe([("colleague", NoticeKind.Rework), ("handler", NoticeKind.Rework)]);
    }

    private static List<(string, NoticeKind)> Reworked(OrganizationDirectory organization)
    {
        var again = Cases.Fold([.. Claimed, Completed(), ReworkOrdered()]);
        return [.. DeadlineSaga.React(CaseId, again, [ReworkOrdered()], T0 + 1.Days(), Policies, organization, Plan).Notices.Select(notice => (notice.Person, notice.Sent.Kind))];
    }

    private static List<(string, NoticeKind)> Told(CaseEvent[] events, OrganizationDirectory organization) =>
        [.. DeadlineSaga.WhenHolderLeft(CaseId, Cases.Fold(events), T0 + 1.Days(), Policies, organization, Plan).Notices.Select(notice => (notice.Person, notice.Sent.Kind))];
}
