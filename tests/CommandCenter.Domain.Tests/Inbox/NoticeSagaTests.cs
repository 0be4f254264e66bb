using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

public class NoticeSagaTests
{
    private static readonly DateTimeOffset Morning = Local("2026-03-03T09:00");
    private static readonly DateTimeOffset Night = Local("2026-03-02T22:00");

    [Fact]
    public void An_urgent_notice_is_handed_over_at_once_and_by_itself()
    {
        var world = At(Night);
        world.Tell(NoticeKind.Reported, Role.CenterOperator, urgency: Urgency.Emergency, people: "operator");
        world.Tell(NoticeKind.Reported, Role.CenterOperator, "case:2", Urgency.Emergency, "operator");
        world.Pass(TimeSpan.Zero);

        world.Queued.Select(message => (message.Channel, message.Notices.Count, message.At)).ShouldBe([("sms", 1, Night), ("sms", 1, Night)]);
        world.EventsOf("operator").OfType<NoticeQueued>().Select(queued => queued.Delivery).ShouldBe([1, 2]);
    }

    [Fact]
    public void Ordinary_notices_of_a_night_go_out_in_the_morning_as_one_message_with_all_of_them()
    {
        var world = At(Night);
        for (var number = 1; number <= 5; number++)
        {
            world.Tell(NoticeKind.Dispatched, Role.PostHandler, $"case:{number}", people: "handler");
            world.Pass(1.Hours());
        }

        world.Queued.ShouldBeEmpty();
        world.Until(Morning);

        var message = world.Queued.ShouldHaveSingleItem();
        (message.Person, message.At).ShouldBe(("handler", Morning));
        message.Notices.Select(notice => notice.Sent.Subject).ShouldBe(["case:1", "case:2", "case:3", "case:4", "case:5"]);
    }

    [Fact]
    public void What_was_read_before_is_not_sent_out()
    {
        var world = At(Night);
        world.Tell(NoticeKind.Dispatched, Role.PostHandler, people: "handler");
        world.Read("handler", world.Of("handler").Id);
        world.Until(Morning);

        world.Queued.ShouldBeEmpty();
    }

    [Fact]
    public void What_was_done_before_morning_is_neither_sent_out_nor_passed_on()
    {
        var world = At(Night);
        world.Tell(NoticeKind.Dispatched, Role.PostHandler, people: "handler");
        world.IsLapsed = (_, _) => true;
        world.Pass(10.Days());

        world.EventsOf("handler").ShouldBe([new NoticeLapsed(world.Of("handler").Id)]);
        world.Queued.ShouldBeEmpty();
        world["colleague"].Notices.ShouldBeEmpty();
    }

    [Fact]
    public void By_two_channels_it_is_one_message_for_each_and_each_is_told_apart()
    {
        var world = At(Night, channels: ["sms", "chat"]);
        world.Tell(NoticeKind.Reported, Role.CenterOperator, urgency: Urgency.Emergency, people: "operator");
        world.Tell(NoticeKind.Feedback, Role.CenterOperator, "case:2", people: "operator");
        world.Until(Morning);

        world.Queued.Where(message => message.Person == "operator").Select(message => (message.Delivery, message.Channel, message.Notices[0].Sent.Kind)).ShouldBe(
            [(1, "chat", NoticeKind.Reported), (2, "sms", NoticeKind.Reported), (3, "chat", NoticeKind.Feedback)]);
    }

    [Fact]
    public void An_unread_notice_goes_to_the_other_holder_of_the_seat_and_both_inboxes_say_why()
    {
        var world = At(Morning);
        world.Tell(NoticeKind.Dispatched, Role.PostHandler, urgency: Urgency.Urgent, people: "handler");
        world.Pass(TimeSpan.Zero);
        world.Delivered(world.Queued.Single());
        var first = world.Of("handler");
        world.Pass(15.Minutes());

        world.EventsOf("handler")[^1].ShouldBeOfType<NoticePassedOn>().ShouldSatisfyAllConditions(
            passed => passed.Notice.ShouldBe(first.Id),
            passed => (passed.Reason, passed.Step, passed.AlreadyTold).ShouldBe((PassOnReason.Unread, PassOnStep.SameSeat, false)),
            passed => passed.To.ShouldBe([new Recipient("colleague", Role.PostHandler, RecipientReason.Holder)]));
        var next = world.Of("colleague").Sent;
        (next.Kind, next.Subject, next.Urgency).ShouldBe((NoticeKind.Dispatched, first.Sent.Subject, NoticeUrgency.Urgent));
        Json.Of(next.From!).ShouldBe(Json.Of(new PassedFrom("handler", first.Id, PassOnReason.Unread, PassOnStep.SameSeat, Morning, ["handler"])));
        next.ReadBy.ShouldBe(Morning + 30.Minutes());
    }

    [Fact]
    public void A_notice_that_no_channel_delivered_says_so_when_it_goes_on()
    {
        var world = At(Morning);
        world.Tell(NoticeKind.Dispatched, Role.PostHandler, urgency: Urgency.Urgent, people: "handler");
        world.Pass(TimeSpan.Zero);
        world.Failed(world.Queued.Single());
        world.Pass(15.Minutes());

        world.EventsOf("handler").OfType<NoticePassedOn>().Single().Reason.ShouldBe(PassOnReason.Undelivered);
    }

    [Fact]
    public void Without_any_channel_it_is_only_unread()
    {
        var world = At(Morning, channels: []);
        world.Tell(NoticeKind.Dispatched, Role.PostHandler, urgency: Urgency.Urgent, people: "handler");
        world.Pass(15.Minutes());

        world.EventsOf("handler").OfType<NoticePassedOn>().Single().Reason.ShouldBe(PassOnReason.Unread);
        world.Queued.ShouldBeEmpty();
    }

    [Fact]
    public void Step_by_step_it_comes_to_the_duty_desk_and_stays_there()
    {
        var world = At(Morning);
        world.Tell(NoticeKind.Dispatched, Role.PostHandler, urgency: Urgency.Urgent, people: "handler");
        world.Pass(1.Days());

        Way(world, "handler").ShouldBe([("handler", "colleague", PassOnStep.SameSeat), ("colleague", "economy-lead", PassOnStep.SeatAbove), ("economy-lead", "town-leader", PassOnStep.SeatAbove), ("town-leader", "supervisor", PassOnStep.SeatAbove), ("supervisor", "operator", PassOnStep.DutyDesk)]);
        world.Of("operator").ShouldSatisfyAllConditions(
            desk => desk.Standing.ShouldBe(NoticeStanding.Unread),
            desk => desk.Sent.ReadBy.ShouldBeNull(),
            desk => desk.Sent.From!.Tried.ShouldBe(["handler", "colleague", "economy-lead", "town-leader", "supervisor"]));
        world.Timers.ShouldBeEmpty();
    }

    [Fact]
    public void Whoever_acts_in_the_seat_comes_before_the_seat_above()
    {
        var acting = Town.Holder("deputy", new RoleAt(Role.PostHandler, Town.Code, Sector.Economy, Town.BuildingPost, Acting: true));
        var world = At(Morning, Town.With(added: [acting]));
        world.Tell(NoticeKind.Dispatched, Role.PostHandler, urgency: Urgency.Urgent, people: "handler");
        world.Pass(30.Minutes());

        world.Of("deputy").Sent.ShouldSatisfyAllConditions(sent => sent.Reason.ShouldBe(RecipientReason.Acting), sent => sent.From!.Step.ShouldBe(PassOnStep.Substitute));
    }

    [Fact]
    public void Where_a_roster_says_who_is_on_duty_the_desk_is_theirs_and_colleagues_on_duty_come_first()
    {
        var night = Town.Holder("night-operator", new RoleAt(Role.CenterOperator, Town.Code));
        var third = Town.Holder("third", new RoleAt(Role.PostHandler, Town.Code, Sector.Economy, Town.BuildingPost));
        var world = At(Night, Town.With(added: [night, third]), (place, at) => place == Town.Code && at >= Night ? ["third", "night-operator"] : []);
        world.Tell(NoticeKind.Dispatched, Role.PostHandler, urgency: Urgency.Urgent, people: "handler");
        world.Pass(1.Days());

        Way(world, "handler").ShouldBe([("handler", "third", PassOnStep.SameSeat), ("third", "colleague", PassOnStep.SameSeat), ("colleague", "economy-lead", PassOnStep.SeatAbove), ("economy-lead", "town-leader", PassOnStep.SeatAbove), ("town-leader", "supervisor", PassOnStep.SeatAbove), ("supervisor", "night-operator", PassOnStep.DutyDesk)]);
        world["operator"].Notices.ShouldBeEmpty();
    }

    [Fact]
    public void Of_those_who_were_told_together_one_way_goes_up_and_nobody_is_told_twice()
    {
        var world = At(Morning);
        world.Tell(NoticeKind.Dispatched, Role.PostHandler, urgency: Urgency.Urgent, people: ["handler", "colleague"]);
        world.Pass(15.Minutes());

        world.Facts.Select(row => row.Fact.Event).OfType<NoticePassedOn>().Select(passed => (passed.To[0].Person, passed.AlreadyTold)).ShouldBe([("handler", true), ("economy-lead", false)]);
        world["economy-lead"].Notices.Count.ShouldBe(1);
        world.Facts.Count(row => row.Fact.Event is NoticeSent).ShouldBe(3);
    }

    [Fact]
    public void Where_one_of_those_told_together_has_read_it_it_goes_no_further()
    {
        var world = At(Morning);
        world.Tell(NoticeKind.Dispatched, Role.PostHandler, urgency: Urgency.Urgent, people: ["handler", "colleague"]);
        world.Read("colleague", world.Of("colleague").Id);
        world.Pass(1.Days());

        world.EventsOf("handler").OfType<NoticePassedOn>().Single().AlreadyTold.ShouldBeTrue();
        world["economy-lead"].Notices.ShouldBeEmpty();
    }

    [Fact]
    public void What_a_colleague_read_of_an_earlier_round_does_not_count_for_this_one()
    {
        var world = At(Morning);
        world.Tell(NoticeKind.Dispatched, Role.PostHandler, urgency: Urgency.Urgent, people: "colleague");
        world.Read("colleague", world.Of("colleague").Id);
        world.Pass(1.Hours());
        world.Tell(NoticeKind.Dispatched, Role.PostHandler, urgency: Urgency.Urgent, people: "handler");
        world.Pass(15.Minutes());

        world["colleague"].Notices.Count.ShouldBe(2);
    }

    [Fact]
    public void The_last_person_on_duty_keeps_what_nobody_read()
    {
        var world = At(Morning, Town.With([Role.Dispatcher, Role.TownLeader, Role.DistrictSupervisor]));
        world.Tell(NoticeKind.Reported, Role.CenterOperator, urgency: Urgency.Urgent, people: "operator");
        world.Pass(1.Days());

        world.EventsOf("operator")[^1].ShouldBe(new NoticeKept(world.Of("operator").Id));
        world.Of("operator").Standing.ShouldBe(NoticeStanding.AtDesk);
        world.Read("operator", world.Of("operator").Id);
        world.Of("operator").Standing.ShouldBe(NoticeStanding.Read);
    }

    [Fact]
    public void What_has_no_limit_never_goes_on()
    {
        var world = At(Morning);
        world.Tell(NoticeKind.Feedback, Role.GridWorker, people: "grid-worker");
        world.Pass(60.Days());

        world.EventsOf("grid-worker").ShouldAllBe(happened => happened is NoticeQueued);
    }

    [Fact]
    public void A_grid_workers_notice_goes_up_to_the_yard_the_village_and_the_center()
    {
        var world = At(Morning, Town.With([Role.YardHead]));
        world.Tell(NoticeKind.VerificationDue, Role.GridWorker, urgency: Urgency.Urgent, people: "grid-worker");
        world.Pass(1.Days());

        Way(world, "grid-worker").Select(step => step.To).ShouldBe(["secretary", "operator", "dispatcher", "town-leader", "supervisor"]);
    }

    [Fact]
    public void A_timer_that_fires_twice_does_nothing_twice()
    {
        var world = At(Morning);
        world.Tell(NoticeKind.Dispatched, Role.PostHandler, urgency: Urgency.Urgent, people: "handler");
        world.Pass(15.Minutes());
        var count = world.Facts.Count;
        world.Fire("handler");
        world.Fire("nobody");

        world.Facts.Count.ShouldBe(count);
    }

    [Fact]
    public void What_is_done_with_is_forgotten_after_a_week_and_what_is_open_is_not()
    {
        var world = At(Morning);
        world.Tell(NoticeKind.Feedback, Role.GridWorker, "case:1", people: "grid-worker");
        world.Tell(NoticeKind.Feedback, Role.GridWorker, "case:2", people: "grid-worker");
        world.Read("grid-worker", world["grid-worker"].InOrder.First().Id);
        world.Pass(8.Days());
        world.Tell(NoticeKind.Feedback, Role.GridWorker, "case:3", people: "grid-worker");

        world["grid-worker"].InOrder.Select(notice => notice.Sent.Subject).ShouldBe(["case:2", "case:3"]);
    }

    [Fact]
    public void A_case_that_moved_on_asks_nothing_of_whoever_was_told_before()
    {
        var reported = Told(NoticeKind.Reported);
        NoticeSaga.Asks(reported, "operator", Case(Reported()), Town.Organization).ShouldBeTrue();
        NoticeSaga.Asks(reported, "operator", Case(Reported(), Filed()), Town.Organization).ShouldBeFalse();
        NoticeSaga.Asks(Told(NoticeKind.Dispatched), "handler", Case(Reported(), Filed(), Dispatched()), Town.Organization).ShouldBeTrue();
        NoticeSaga.Asks(Told(NoticeKind.Dispatched), "handler", Case(Reported(), Filed(), Dispatched(), Claimed()), Town.Organization).ShouldBeFalse();
        NoticeSaga.Asks(Told(NoticeKind.Dispatched), "river-handler", Case(Reported(), Filed(), Dispatched()), Town.Organization).ShouldBeFalse();
        // To whom it was passed it asks all the same.
        NoticeSaga.Asks(Told(NoticeKind.Dispatched) with { From = new PassedFrom("handler", Guid.Empty, PassOnReason.Unread, PassOnStep.SeatAbove, T0, ["handler"]) }, "economy-lead", Case(Reported(), Filed(), Dispatched()), Town.Organization).ShouldBeTrue();
        NoticeSaga.Asks(Told(NoticeKind.Supervised), "handler", Case(Reported(), Filed(), Dispatched(), Supervised()), Town.Organization).ShouldBeTrue();
        NoticeSaga.Asks(Told(NoticeKind.Supervised), "handler", Case(Reported(), Filed(), Dispatched(), Supervised(), new CaseSupervisionAnswered(Words())), Town.Organization).ShouldBeFalse();
        NoticeSaga.Asks(Told(NoticeKind.Urged), "operator", Case(Reported(), Refused()), Town.Organization).ShouldBeFalse();
        // What is only to be known stays to be known.
        NoticeSaga.Asks(Told(NoticeKind.Feedback), "grid-worker", Case(Reported(), Refused()), Town.Organization).ShouldBeTrue();
    }

    [Fact]
    public void A_warning_lapses_with_its_clock()
    {
        var world = new World();
        world.Happen(Reported(), T0);
        var warning = Told(NoticeKind.Escalation) with { Clock = Clock.Accept };
        NoticeSaga.Asks(warning, "operator", world.State, Town.Organization).ShouldBeTrue();
        world.Happen(Filed(), T0 + 1.Hours());
        NoticeSaga.Asks(warning, "operator", world.State, Town.Organization).ShouldBeFalse();
    }

    [Fact]
    public void A_task_that_moved_on_asks_nothing_of_whoever_was_told_before()
    {
        var assigned = GridTask.Fold([new Fact<TaskEvent>(TaskSample.Assigned(), Town.Dispatcher, T0, T0)]);
        NoticeSaga.Asks(Told(NoticeKind.TaskAssigned), assigned).ShouldBeTrue();
        NoticeSaga.Asks(Told(NoticeKind.TaskReturned), assigned).ShouldBeFalse();
        NoticeSaga.Asks(Told(NoticeKind.TaskCancelled), assigned).ShouldBeTrue();
        NoticeSaga.Asks(Told(NoticeKind.TaskAssigned), assigned.Apply(new Fact<TaskEvent>(new TaskClaimed(), Town.GridWorker, T0, T0))).ShouldBeFalse();
    }

    [Fact]
    public void A_whistle_whose_call_moved_on_asks_nothing_of_whoever_was_told_before()
    {
        var called = WhistleSample.Fold(WhistleSample.Blown());
        var routed = WhistleSample.Fold(WhistleSample.Blown(WhistleSample.Water), WhistleSample.Routed());
        var arrived = WhistleSample.Fold(WhistleSample.Blown(WhistleSample.Water), WhistleSample.Routed(), WhistleSample.Arrived());
        NoticeSaga.Asks(Told(NoticeKind.WhistleBlown), "operator", called, Town.Organization).ShouldBeTrue();
        NoticeSaga.Asks(Told(NoticeKind.WhistleBlown), "operator", routed, Town.Organization).ShouldBeFalse();
        NoticeSaga.Asks(Told(NoticeKind.WhistleCalled), "water-officer", routed, Town.Organization).ShouldBeTrue();
        NoticeSaga.Asks(Told(NoticeKind.WhistleCalled), "handler", routed, Town.Organization).ShouldBeFalse();
        NoticeSaga.Asks(Told(NoticeKind.WhistleCalled), "water-officer", arrived, Town.Organization).ShouldBeFalse();
        NoticeSaga.Asks(Told(NoticeKind.WhistleArrived), "grid-worker", arrived, Town.Organization).ShouldBeTrue();
    }

    private static NoticeSent Told(NoticeKind kind) => new(kind, $"case:{CaseId}", Role.CenterOperator, RecipientReason.Holder);

    private static Domain.Cases.Case Case(params CaseEvent[] events) =>
        events.Aggregate(Domain.Cases.Case.None, (state, happened) => state.Apply(new Fact<CaseEvent>(happened, Doer(happened), T0, T0)));

    private static InboxWorld At(DateTimeOffset now, OrganizationDirectory? organization = null, DutyRoster? duty = null, IReadOnlyList<string>? channels = null)
    {
        var world = new InboxWorld(organization, duty, channels);
        world.Until(now);
        return world;
    }

    /// <summary>From whom to whom a notice went, until nobody came after.</summary>
    private static IReadOnlyList<(string From, string To, PassOnStep Step)> Way(InboxWorld world, string first)
    {
        var way = new List<(string From, string To, PassOnStep Step)>();
        for (var at = first; world.EventsOf(at).OfType<NoticePassedOn>().SingleOrDefault() is { } passed; at = passed.To[0].Person)
            way.Add((at, passed.To.ShouldHaveSingleItem().Person, passed.Step));
        return way;
    }
}
