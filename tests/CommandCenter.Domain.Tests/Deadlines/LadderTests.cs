using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

public class LadderTests
{
    private static readonly Happening[] WithThePost = [Reported().At(T0), Filed().At(T0), Dispatched().At(T0)];

    [Fact]
    public void Warns_the_post_a_day_before_handling_is_due() =>
        Deadlines.Given(WithThePost)
            .WhenTime(T0 + 6.Days())
            .Then(new CaseWarned(Clock.Handle, 1, "warning", T0 + 7.Days(), T0 + 6.Days(), T0 + 6.Days(), [Told("colleague", Role.PostHandler), Told("handler", Role.PostHandler)]))
            .AndTold(NoticeKind.Warning, "handler", "colleague")
            .AndTimer("handle/overdue", T0 + 7.Days());

    [Fact]
    public void Urges_the_post_when_handling_is_due() =>
        Deadlines.Given(WithThePost)
            .WhenTime(T0 + 6.Days())
            .WhenTime(T0 + 7.Days())
            .Then(Escalated("overdue", EscalationLevel.Responsible, 7, [Told("colleague", Role.PostHandler), Told("handler", Role.PostHandler)]))
            .AndTold(NoticeKind.Escalation, "handler", "colleague")
            .AndTimer("handle/sector-lead", T0 + 8.Days());

    [Fact]
    public void Climbs_to_the_sector_lead_when_no_post_answers() =>
        Deadlines.Given(WithThePost)
            .WhenTime(T0 + 7.Days())
            .WhenTime(T0 + 8.Days())
            .Then(Escalated("sector-lead", EscalationLevel.SectorLead, 8, [Told("economy-lead", Role.SectorLead)]))
            .AndTold(NoticeKind.Escalation, "economy-lead")
            .AndTimer("handle/town-leader", T0 + 10.Days());

    [Fact]
    public void Climbs_to_the_town_leader_and_at_last_to_the_committee_and_no_further() =>
        Deadlines.Given(WithThePost)
            .WhenTime(T0 + 8.Days())
            .WhenTime(T0 + 10.Days())
            .Then(Escalated("town-leader", EscalationLevel.TownLeader, 10, [Told("town-leader", Role.TownLeader)]))
            .AndTold(NoticeKind.Escalation, "town-leader")
            .WhenTime(T0 + 17.Days())
            // The sample town has no office; its leader puts it on the committee's list.
            .Then(Escalated("committee", EscalationLevel.Committee, 17, [Told("town-leader", Role.TownLeader)]))
            .AndNoTimer("handle");

    [Theory]
    [InlineData(Urgency.Normal, 15, 30, 60)]
    [InlineData(Urgency.Urgent, 15, 25, 45)]
    [InlineData(Urgency.Emergency, 5, 10, 15)]
    public void An_unaccepted_report_climbs_by_its_urgency(Urgency urgency, int overdue, int sectorLead, int townLeader)
    {
        var escalations = Deadlines.Given(Reported(urgency).At(T0)).WhenTime(T0 + 1.Days()).NewEvents.OfType<CaseEscalated>().ToList();

        escalations.Select(e => (int)(e.FiredAt - T0).TotalMinutes).ShouldBe([overdue, sectorLead, townLeader]);
        escalations.Select(e => e.Told.Single().Person).ShouldBe(["operator", "economy-lead", "town-leader"]);
    }

    [Fact]
    public void Before_filing_the_sector_is_that_of_the_reported_category()
    {
        var river = Reported() with { Category = "river-pollution" };

        Deadlines.Given(river.At(T0)).WhenTime(T0 + 20.Minutes()).WhenTime(T0 + 30.Minutes()).AndTold(NoticeKind.Escalation, "livelihood-lead");
    }

    [Fact]
    public void A_category_that_the_catalogue_lost_climbs_to_the_seat_above_the_sector_leads()
    {
        var unknown = Reported() with { Category = "gone" };

        Deadlines.Given(unknown.At(T0)).WhenTime(T0 + 20.Minutes()).WhenTime(T0 + 30.Minutes()).AndTold(NoticeKind.Escalation, "town-leader");
    }

    [Fact]
    public void A_late_timer_on_a_finished_case_decides_nothing() =>
        Deadlines.Given([.. WithThePost, Claimed().At(T0), Completed().At(T0), Verified().At(T0), Closed().At(T0 + 1.Days())])
            .WhenFired("handle/warning", 1, T0 + 6.Days()).ThenNothing()
            .WhenFired("hard_limit/warning", 1, T0 + 25.Days()).ThenNothing();

    [Fact]
    public void A_late_timer_on_a_refused_report_decides_nothing() =>
        Deadlines.Given(Reported().At(T0), Refused().At(T0 + 5.Minutes())).WhenFired("accept/overdue", 1, T0 + 15.Minutes()).ThenNothing().AndNoTimer();

    [Fact]
    public void A_timer_of_a_case_that_does_not_exist_decides_nothing() =>
        Deadlines.Given().WhenFired("accept/overdue", 1, T0).ThenNothing();

    [Fact]
    public void A_timer_of_an_earlier_round_decides_nothing() =>
        Deadlines.Given([.. WithThePost, Returned().At(T0 + 1.Hours()), (Dispatched(2) with { Unit = Town.RiverUnit }).At(T0 + 1.Hours())])
            .WhenFired("handle/warning", 1, T0 + 6.Days()).ThenNothing()
            .AndTimer("handle/warning", T0 + 1.Hours() + 6.Days(), attempt: 2);

    [Fact]
    public void A_timer_that_was_set_before_a_pause_decides_nothing_after_it() =>
        Deadlines.Given([.. WithThePost, Returned().At(T0 + 1.Hours()), Dispatched(2).At(T0 + 3.Hours())])
            .WhenFired("handle/warning", 1, T0 + 6.Days()).ThenNothing()
            .AndTimer("handle/warning", T0 + 2.Hours() + 6.Days(), attempt: 200_001);

    [Fact]
    public void A_timer_of_a_step_that_was_taken_decides_nothing()
    {
        var late = Deadlines.Given(WithThePost).WhenTime(T0 + 7.Days());

        late.WhenFired("handle/overdue", 1, T0 + 7.Days()).ThenNothing().AndTimer("handle/sector-lead", T0 + 8.Days());
    }

    [Fact]
    public void A_timer_of_a_step_that_is_not_the_next_decides_nothing() =>
        Deadlines.Given(WithThePost).WhenFired("handle/town-leader", 1, T0 + 10.Days()).ThenNothing();

    [Fact]
    public void Steps_missed_in_a_downtime_are_recorded_once_each_in_order_with_both_times()
    {
        var woken = T0 + 9.Days();

        Deadlines.Given(WithThePost)
            .WhenWokenAt(woken)
            .Then(
                new CaseWarned(Clock.Handle, 1, "warning", T0 + 7.Days(), T0 + 6.Days(), woken, []),
                Escalated("overdue", EscalationLevel.Responsible, 7, [Told("colleague", Role.PostHandler), Told("handler", Role.PostHandler)], woken),
                Escalated("sector-lead", EscalationLevel.SectorLead, 8, [Told("economy-lead", Role.SectorLead)], woken))
            .AndTimer("handle/town-leader", T0 + 10.Days())
            .WhenWokenAt(woken).ThenNothing();
    }

    [Fact]
    public void A_warning_that_was_overtaken_in_a_downtime_is_recorded_and_told_to_nobody_and_one_that_was_not_is_told_late()
    {
        Deadlines.Given(WithThePost).WhenWokenAt(T0 + 7.Days())
            .Then(
                new CaseWarned(Clock.Handle, 1, "warning", T0 + 7.Days(), T0 + 6.Days(), T0 + 7.Days(), []),
                Escalated("overdue", EscalationLevel.Responsible, 7, [Told("colleague", Role.PostHandler), Told("handler", Role.PostHandler)], T0 + 7.Days()))
            .AndTold(NoticeKind.Warning)
            .AndTold(NoticeKind.Escalation, "colleague", "handler");

        var woken = T0 + 7.Days() - 1.Minutes();
        var late = Deadlines.Given(WithThePost).WhenWokenAt(woken)
            .Then(new CaseWarned(Clock.Handle, 1, "warning", T0 + 7.Days(), T0 + 6.Days(), woken, [Told("colleague", Role.PostHandler), Told("handler", Role.PostHandler)]))
            .AndTold(NoticeKind.Warning, "colleague", "handler");
        late.NewNotices.ShouldAllBe(notice => notice.Sent.MissedAt == T0 + 6.Days());
    }

    [Fact]
    public void Each_step_missed_in_a_downtime_is_told_once_to_each_of_its_people_as_missed_so_that_their_inboxes_make_one_digest_of_it()
    {
        var woken = Deadlines.Given(WithThePost).WhenWokenAt(T0 + 40.Days());

        woken.NewNotices.Select(notice => (notice.Person, notice.Sent.Kind, notice.Sent.Level, notice.Sent.Clock)).ShouldBeUnique();
        woken.NewNotices.ShouldAllBe(notice => notice.Sent.MissedAt != null && notice.Sent.Kind == NoticeKind.Escalation);
        woken.NewEvents.OfType<CaseWarned>().ShouldAllBe(warned => warned.Told.Count == 0);
        woken.NewEvents.OfType<CaseEscalated>().ShouldAllBe(climbed => climbed.Told.Count > 0 && climbed.StepDueAt < climbed.FiredAt);
    }

    [Fact]
    public void Steps_of_two_clocks_missed_in_a_downtime_are_recorded_in_the_order_in_which_they_were_due()
    {
        var steps = Deadlines.Given(WithThePost).WhenWokenAt(T0 + 40.Days()).NewEvents
            .Select(happened => happened switch
            {
                CaseWarned w => (w.Clock, w.Step, w.StepDueAt),
                CaseEscalated e => (e.Clock, e.Step, e.StepDueAt),
                _ => throw new InvalidOperationException(happened.ToString()),
            }).ToList();

        steps.Select(step => (step.Clock, step.Step)).ShouldBe(
        [
            (Clock.Handle, "warning"), (Clock.Handle, "overdue"), (Clock.Handle, "sector-lead"), (Clock.Handle, "town-leader"), (Clock.Handle, "committee"),
            (Clock.HardLimit, "warning"), (Clock.HardLimit, "listed-supervision"),
        ]);
        steps.Select(step => step.StepDueAt).ShouldBeInOrder();
    }

    [Fact]
    public void Work_done_before_the_engine_woke_is_not_escalated_but_counted_late() =>
        Deadlines.Given([.. WithThePost, Claimed().At(T0)])
            .WhenTime(T0 + 7.Days())
            .When(Completed(), T0 + 7.Days() + 1.Hours())
            .ThenOnly(ClockTests.Stopped(Clock.Handle, T0 + 7.Days() + 1.Hours(), late: true))
            .WhenFired("handle/sector-lead", 1, T0 + 8.Days()).ThenNothing();

    [Fact]
    public void The_notice_says_which_case_which_deadline_and_how_high()
    {
        var notice = Deadlines.Given(WithThePost).WhenTime(T0 + 7.Days()).WhenTime(T0 + 8.Days()).NewNotices.Single();

        Json.Of(notice.Sent).ShouldBe(Json.Of(new NoticeSent(
            NoticeKind.Escalation, $"case:{CaseId}", Role.SectorLead, RecipientReason.Holder, Clock.Handle, EscalationLevel.SectorLead, T0 + 7.Days())));
    }

    [Theory]
    [InlineData(new[] { Role.PostHandler }, "economy-lead")]
    [InlineData(new[] { Role.PostHandler, Role.SectorLead }, "town-leader")]
    [InlineData(new[] { Role.PostHandler, Role.SectorLead, Role.TownLeader }, "supervisor")]
    public void For_a_vacant_post_the_seat_above_is_told_and_why(Role[] vacant, string person)
    {
        var told = Deadlines.In(Town.With(vacant), WithThePost).WhenTime(T0 + 6.Days()).NewEvents.OfType<CaseWarned>().Single().Told.Single();

        told.Person.ShouldBe(person);
        told.Reason.ShouldBe(RecipientReason.VacancyAbove);
    }

    [Theory]
    [InlineData(new[] { Role.CenterOperator }, "dispatcher")]
    [InlineData(new[] { Role.CenterOperator, Role.Dispatcher }, "town-leader")]
    [InlineData(new[] { Role.CenterOperator, Role.Dispatcher, Role.TownLeader }, "supervisor")]
    public void For_a_vacant_center_the_seat_above_is_told(Role[] vacant, string person) =>
        Deadlines.In(Town.With(vacant)).When(Reported(), T0).AndTold(NoticeKind.Reported, person);

    [Fact]
    public void Who_acts_in_a_vacant_seat_is_told_as_acting()
    {
        var acting = Town.Holder("stand-in", new RoleAt(Role.SectorLead, Town.Code, Sector.Economy, Acting: true));

        var told = Deadlines.In(Town.With([Role.SectorLead], [acting]), WithThePost).WhenTime(T0 + 7.Days()).WhenTime(T0 + 8.Days())
            .NewEvents.OfType<CaseEscalated>().Single().Told.Single();

        told.ShouldBe(new Recipient("stand-in", Role.SectorLead, RecipientReason.Acting));
    }

    [Fact]
    public void Who_takes_a_seat_between_two_steps_is_told_of_the_next_step()
    {
        var world = new World(organization: Town.With([Role.TownLeader]));
        foreach (var (happened, at) in WithThePost)
            world.Happen(happened, at);
        world.Until(T0 + 8.Days());

        var reaction = DeadlineSaga.OnTimer(CaseId, world.State, "handle/town-leader", 1, T0 + 10.Days(), T0 + 10.Days(), Policies, Town.Organization, Plan);

        reaction.Notices.Single().Person.ShouldBe("town-leader");
    }

    [Fact]
    public void The_steps_ahead_are_told_with_their_instants()
    {
        var world = Deadlines.Given(WithThePost).WhenTime(T0 + 6.Days()).World;

        DeadlineSaga.StepsAhead(world.File.Clocks[Clock.Handle], Policies, Time).Select(ahead => (ahead.Step.Name, ahead.DueAt))
            .ShouldBe([("overdue", T0 + 7.Days()), ("sector-lead", T0 + 8.Days()), ("town-leader", T0 + 10.Days()), ("committee", T0 + 17.Days())]);
    }

    private static Recipient Told(string person, Role role) => new(person, role, RecipientReason.Holder);

    private static CaseEscalated Escalated(string step, EscalationLevel level, int day, IReadOnlyList<Recipient> told, DateTimeOffset? firedAt = null) =>
        new(Clock.Handle, 1, step, level, T0 + 7.Days(), T0 + day.Days(), firedAt ?? T0 + day.Days(), told);
}
