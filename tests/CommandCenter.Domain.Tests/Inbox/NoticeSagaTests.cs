using CommandCenter.Domain.Admissions;
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
        world.Claims = (_, _) => NoticeClaim.Gone;
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
    public void What_has_nothing_to_do_is_forgotten_after_a_week_and_what_has_is_not()
    {
        var plan = Plan with { Rules = [.. Plan.Rules.Select(rule => rule.Kind == NoticeKind.TaskAssigned ? rule with { Limit = new ReadLimit(20 * 480, MinuteKind.Working) } : rule)] };
        var world = new InboxWorld(plan: plan);
        world.Until(Morning);
        world.Tell(NoticeKind.Feedback, Role.GridWorker, "case:1", people: "grid-worker");
        world.Tell(NoticeKind.TaskAssigned, Role.GridWorker, "case:2", people: "grid-worker");
        world.Pass(8.Days());
        world.Tell(NoticeKind.Feedback, Role.GridWorker, "case:3", people: "grid-worker");

        world["grid-worker"].InOrder.Select(notice => notice.Sent.Subject).ShouldBe(["case:2", "case:3"]);
    }

    [Fact]
    public void A_case_that_moved_on_asks_nothing_of_whoever_was_told_before()
    {
        var reported = Told(NoticeKind.Reported);
        NoticeClaim.Of(reported, "operator", Case(Reported()), Town.Organization).ShouldBe(NoticeClaim.Holds);
        NoticeClaim.Of(reported, "operator", Case(Reported(), Filed()), Town.Organization).ShouldBe(NoticeClaim.Gone);
        NoticeClaim.Of(Told(NoticeKind.Dispatched), "handler", Case(Reported(), Filed(), Dispatched()), Town.Organization).ShouldBe(NoticeClaim.Holds);
        NoticeClaim.Of(Told(NoticeKind.Dispatched), "handler", Case(Reported(), Filed(), Dispatched(), Claimed()), Town.Organization).ShouldBe(NoticeClaim.Gone);
        Turn(NoticeClaim.Of(Told(NoticeKind.Dispatched), "river-handler", Case(Reported(), Filed(), Dispatched()), Town.Organization)).ShouldBe(["colleague", "handler"]);
        // To whom it was passed it asks all the same.
        NoticeClaim.Of(Told(NoticeKind.Dispatched) with { From = new PassedFrom("handler", Guid.Empty, PassOnReason.Unread, PassOnStep.SeatAbove, T0, ["handler"]) }, "economy-lead", Case(Reported(), Filed(), Dispatched()), Town.Organization).ShouldBe(NoticeClaim.Holds);
        NoticeClaim.Of(Told(NoticeKind.Supervised), "handler", Case(Reported(), Filed(), Dispatched(), Supervised()), Town.Organization).ShouldBe(NoticeClaim.Holds);
        NoticeClaim.Of(Told(NoticeKind.Supervised), "handler", Case(Reported(), Filed(), Dispatched(), Supervised(), new CaseSupervisionAnswered(Words())), Town.Organization).ShouldBe(NoticeClaim.Gone);
        NoticeClaim.Of(Told(NoticeKind.Urged), "operator", Case(Reported(), Refused()), Town.Organization).ShouldBe(NoticeClaim.Gone);
        // What is only to be known stays to be known.
        NoticeClaim.Of(Told(NoticeKind.Feedback), "grid-worker", Case(Reported(), Refused()), Town.Organization).ShouldBe(NoticeClaim.Holds);
    }

    [Fact]
    public void A_warning_lapses_with_its_clock()
    {
        var world = new World();
        world.Happen(Reported(), T0);
        var warning = Told(NoticeKind.Escalation) with { Clock = Clock.Accept };
        NoticeClaim.Of(warning, "operator", world.State, Town.Organization).ShouldBe(NoticeClaim.Holds);
        world.Happen(Filed(), T0 + 1.Hours());
        NoticeClaim.Of(warning, "operator", world.State, Town.Organization).ShouldBe(NoticeClaim.Gone);
    }

    [Fact]
    public void A_task_that_moved_on_asks_nothing_of_whoever_was_told_before()
    {
        var assigned = GridTask.Fold([new Fact<TaskEvent>(TaskSample.Assigned(), Town.Dispatcher, T0, T0)]);
        NoticeClaim.Of(Told(NoticeKind.TaskAssigned), "grid-worker", assigned, Town.Organization).ShouldBe(NoticeClaim.Holds);
        NoticeClaim.Of(Told(NoticeKind.TaskReturned), "grid-worker", assigned, Town.Organization).ShouldBe(NoticeClaim.Gone);
        NoticeClaim.Of(Told(NoticeKind.TaskCancelled), "grid-worker", assigned, Town.Organization).ShouldBe(NoticeClaim.Holds);
        NoticeClaim.Of(Told(NoticeKind.TaskAssigned), "grid-worker", assigned.Apply(new Fact<TaskEvent>(new TaskClaimed(), Town.GridWorker, T0, T0)), Town.Organization).ShouldBe(NoticeClaim.Gone);
    }

    [Fact]
    public void A_whistle_whose_call_moved_on_asks_nothing_of_whoever_was_told_before()
    {
        var called = WhistleSample.Fold(WhistleSample.Blown());
        var routed = WhistleSample.Fold(WhistleSample.Blown(WhistleSample.Water), WhistleSample.Routed());
        var arrived = WhistleSample.Fold(WhistleSample.Blown(WhistleSample.Water), WhistleSample.Routed(), WhistleSample.Arrived());
        NoticeClaim.Of(Told(NoticeKind.WhistleBlown), "operator", called, Town.Organization).ShouldBe(NoticeClaim.Holds);
        NoticeClaim.Of(Told(NoticeKind.WhistleBlown), "operator", routed, Town.Organization).ShouldBe(NoticeClaim.Gone);
        NoticeClaim.Of(Told(NoticeKind.WhistleCalled), "water-officer", routed, Town.Organization).ShouldBe(NoticeClaim.Holds);
        Turn(NoticeClaim.Of(Told(NoticeKind.WhistleCalled), "handler", routed, Town.Organization)).ShouldBe(["water-officer"]);
        NoticeClaim.Of(Told(NoticeKind.WhistleCalled), "water-officer", arrived, Town.Organization).ShouldBe(NoticeClaim.Gone);
        NoticeClaim.Of(Told(NoticeKind.WhistleArrived), "grid-worker", arrived, Town.Organization).ShouldBe(NoticeClaim.Holds);
    }

    [Fact]
    public void Where_the_seat_changed_hands_it_goes_to_whoever_has_the_turn_now_though_they_were_never_told()
    {
        var world = At(Morning);
        world.Tell(NoticeKind.Dispatched, Role.PostHandler, urgency: Urgency.Urgent, people: "gone-handler");
        world.Claims = (person, _) => person == "handler" ? NoticeClaim.Holds : new NoticeClaim.Moved([new Recipient("handler", Role.PostHandler, RecipientReason.Holder)]);
        world.Pass(TimeSpan.Zero);

        var passed = world.EventsOf("gone-handler").ShouldHaveSingleItem().ShouldBeOfType<NoticePassedOn>();
        (passed.Reason, passed.Step, passed.AlreadyTold).ShouldBe((PassOnReason.SeatChanged, PassOnStep.SameSeat, false));
        world.Of("handler").Sent.ShouldSatisfyAllConditions(
            sent => sent.From!.Tried.ShouldBe(["gone-handler"]), sent => sent.Urgency.ShouldBe(NoticeUrgency.Urgent), sent => sent.ReadBy.ShouldBe(Morning + 15.Minutes()));
    }

    [Fact]
    public void What_was_given_to_others_who_were_told_then_lapses()
    {
        var world = At(Morning);
        world.Tell(NoticeKind.Dispatched, Role.PostHandler, people: "handler");
        world.Tell(NoticeKind.Reassigned, Role.PostHandler, people: "colleague");
        world.Claims = (person, _) => person == "handler" ? new NoticeClaim.Moved([new Recipient("colleague", Role.PostHandler, RecipientReason.Holder)]) : NoticeClaim.Holds;
        world.Pass(10.Minutes());

        world.EventsOf("handler").ShouldBe([new NoticeLapsed(world.Of("handler").Id)]);
        world["colleague"].Notices.Count.ShouldBe(1);
    }

    [Fact]
    public void Whoever_is_told_only_to_know_is_sent_it_and_it_neither_lapses_nor_goes_on()
    {
        var copy = new NoticeSent(NoticeKind.Returned, $"case:{CaseId}", Role.PostHandler, RecipientReason.Holder, ToKnow: true);
        NoticeClaim.Of(copy, "river-handler", Case(Reported(), Filed(), Dispatched()), Town.Organization).ShouldBe(NoticeClaim.Holds);
        var world = At(Morning);
        world.Tell("river-handler", copy, Urgency.Urgent);
        world.Pass(10.Days());

        world.Queued.ShouldHaveSingleItem().Person.ShouldBe("river-handler");
        world.EventsOf("river-handler").ShouldAllBe(happened => happened is NoticeQueued);
    }

    [Fact]
    public void A_copy_is_to_know_and_whoever_is_asked_as_well_is_asked()
    {
        var told = Plan.Recipients(NoticeKind.Returned, null, Town.Code, null, Town.Organization, audience => audience == Audience.WhoseTurn
            ? [new Recipient("dispatcher", Role.Dispatcher, RecipientReason.Holder)]
            : [new Recipient("handler", Role.PostHandler, RecipientReason.Holder), new Recipient("dispatcher", Role.PostHandler, RecipientReason.Holder)]);

        told.Select(one => (one.Recipient.Person, one.Recipient.Role, one.ToKnow)).ShouldBe([("dispatcher", Role.Dispatcher, false), ("handler", Role.PostHandler, true)]);
        Plan.Recipients(NoticeKind.Feedback, null, Town.Code, null, Town.Organization, _ => [new Recipient("handler", Role.PostHandler, RecipientReason.Holder)]).Single().ToKnow.ShouldBeFalse();
    }

    [Fact]
    public void For_one_who_has_left_whoever_is_told_for_that_role_there_is_told()
    {
        var told = Plan.Recipients(NoticeKind.SupervisionAnswered, null, Town.Grid, Sector.Economy, Town.Organization, _ => [new Recipient("former-leader", Role.TownLeader, RecipientReason.Holder)]);
        told.Select(one => one.Recipient).ShouldBe([new Recipient("town-leader", Role.TownLeader, RecipientReason.Holder)]);
        // Of whom only the department's code would say who else is there, the district is told.
        Plan.Recipients(NoticeKind.AdmissionDecided, null, Town.Code, null, Town.Organization, _ => [new Recipient("former-officer", Role.Department, RecipientReason.Holder)])
            .Select(one => one.Recipient.Person).ShouldBe(["supervisor"]);
    }

    [Fact]
    public void Having_been_told_of_one_subtask_is_not_knowing_of_another()
    {
        var world = At(Morning);
        var first = new NoticeSent(NoticeKind.SubtaskAdded, $"case:{CaseId}", Role.PostHandler, RecipientReason.Holder, Part: 1);
        world.Tell("handler", first, Urgency.Urgent);
        world.Tell("colleague", first with { Part = 2 }, Urgency.Urgent);
        world.Read("colleague", world.Of("colleague").Id);
        world.Pass(30.Minutes());

        world["colleague"].InOrder.Select(notice => notice.Sent.Part).ShouldBe([2, 1]);
    }

    [Fact]
    public void A_subtask_lapses_when_it_is_finished_or_dropped_and_the_other_does_not()
    {
        var told = Told(NoticeKind.SubtaskAdded) with { Part = 1 };
        CaseEvent[] begun = [Reported(), Filed(), Dispatched(), Claimed(), new CaseSubtaskAdded(1, Words(), "handler"), new CaseSubtaskAdded(2, Words(), "colleague")];
        NoticeClaim.Of(told, "handler", Case(begun), Town.Organization).ShouldBe(NoticeClaim.Holds);
        NoticeClaim.Of(told, "handler", Case([.. begun, new CaseSubtaskFinished(2, [])]), Town.Organization).ShouldBe(NoticeClaim.Holds);
        NoticeClaim.Of(told, "handler", Case([.. begun, new CaseSubtaskFinished(1, [])]), Town.Organization).ShouldBe(NoticeClaim.Gone);
        NoticeClaim.Of(told, "handler", Case([.. begun, new CaseSubtaskDropped(1, Words())]), Town.Organization).ShouldBe(NoticeClaim.Gone);
    }

    [Fact]
    public void An_addition_that_was_decided_and_a_yard_that_was_answered_ask_nothing_more()
    {
        var requested = Admission.None.Apply(new Fact<AdmissionEvent>(new AdmissionAdditionRequested(1, Town.Code, "matter", Words(), T0 + 30.Days()), Town.Secretary, T0, T0));
        var told = new NoticeSent(NoticeKind.AdmissionRequested, $"admission:{Town.Code}", Role.TownLeader, RecipientReason.Holder, Part: 1);
        NoticeClaim.Of(told, "town-leader", requested, Town.Organization).ShouldBe(NoticeClaim.Holds);
        Turn(NoticeClaim.Of(told, "former-leader", requested, Town.Organization)).ShouldBe(["town-leader"]);
        NoticeClaim.Of(told, "town-leader", requested.Apply(new Fact<AdmissionEvent>(new AdmissionAdditionApproved(1), Town.Leader, T0, T0)), Town.Organization).ShouldBe(NoticeClaim.Gone);
    }

    [Fact]
    public void What_a_standstill_held_up_goes_out_as_one_message_however_urgent_and_says_when_it_should_have_been_told()
    {
        var world = At(Morning);
        for (var number = 1; number <= 3; number++)
        {
            world.Tell(NoticeKind.Reported, Role.CenterOperator, $"case:{number}", Urgency.Urgent, "operator");
            world.Pass(TimeSpan.FromSeconds(1));
        }

        world.StandStill(2.Hours());
        // Told while it catches up, across the edge of a minute.
        world.Tell("dispatcher", Missed(NoticeKind.Escalation, "case:9"));
        world.Pass(TimeSpan.FromSeconds(40));
        world.Tell("dispatcher", Missed(NoticeKind.Escalation, "case:10"));
        world.Pass(5.Minutes());

        var message = world.Queued.Where(queued => queued.Person == "dispatcher").ShouldHaveSingleItem();
        message.Notices.Select(notice => notice.Sent.Subject).ShouldBe(["case:9", "case:1", "case:2", "case:3", "case:10"], ignoreOrder: true);
        message.At.ShouldBeLessThan(Morning + 2.Hours() + 2.Minutes());
        world["dispatcher"].InOrder.Where(notice => notice.Sent.From is not null).Select(notice => notice.Sent.MissedAt).ShouldBe([Morning + 15.Minutes(), Morning + 15.Minutes() + TimeSpan.FromSeconds(1), Morning + 15.Minutes() + TimeSpan.FromSeconds(2)]);

        static NoticeSent Missed(NoticeKind kind, string subject) => new(kind, subject, Role.Dispatcher, RecipientReason.Holder, Level: EscalationLevel.SectorLead, MissedAt: Morning);
    }

    [Fact]
    public void What_was_missed_is_one_message_by_each_channel_whether_it_was_urgent_or_could_wait()
    {
        var world = At(Morning + 1.Hours());
        world.Tell("dispatcher", new NoticeSent(NoticeKind.AgendaReportDue, "agenda:500999101", Role.Dispatcher, RecipientReason.Holder, MissedAt: Morning));
        world.Tell("dispatcher", new NoticeSent(NoticeKind.Escalation, "case:9", Role.Dispatcher, RecipientReason.Holder, Level: EscalationLevel.SectorLead, MissedAt: Morning));
        world.Tell("dispatcher", new NoticeSent(NoticeKind.GuidanceOverdue, "guidance:1", Role.Dispatcher, RecipientReason.Holder, MissedAt: Morning));
        world.Pass(30.Minutes());

        var messages = world.Queued.Where(queued => queued.Person == "dispatcher").ToList();
        messages.Select(message => message.Channel).ShouldBeUnique();
        messages.SelectMany(message => message.Notices).Select(notice => notice.Sent.Subject).Distinct().ShouldBe(["agenda:500999101", "case:9", "guidance:1"], ignoreOrder: true);
        messages.ShouldAllBe(message => message.At < Morning + 1.Hours() + 2.Minutes(), "one of them is urgent, so all of them go at once");
    }

    [Fact]
    public void What_was_missed_waits_for_the_rest_of_a_long_standstill_but_not_for_ever()
    {
        var world = At(Morning);
        world.Tell("dispatcher", new NoticeSent(NoticeKind.Escalation, "case:9", Role.Dispatcher, RecipientReason.Holder, Level: EscalationLevel.SectorLead, MissedAt: Morning - 1.Hours()));
        world.Tell("dispatcher", new NoticeSent(NoticeKind.Escalation, "case:10", Role.Dispatcher, RecipientReason.Holder, Level: EscalationLevel.SectorLead));
        var (inbox, due) = (world["dispatcher"], Morning + 1.Minutes());

        NoticeSaga.PutOffUntil(inbox, due, backlog: false).ShouldBeNull();
        NoticeSaga.PutOffUntil(inbox, due, backlog: true).ShouldBe(Morning + 2.Minutes());
        NoticeSaga.Due(inbox, due, putOff: true).Select(notice => notice.Sent.Subject).ShouldBe(["case:10"], "what was not missed waits for nothing");
        NoticeSaga.Due(inbox, due).Select(notice => notice.Sent.Subject).ShouldBe(["case:9", "case:10"]);
        NoticeSaga.PutOffUntil(inbox, Morning + 10.Minutes() - TimeSpan.FromSeconds(20), backlog: true).ShouldBe(Morning + 10.Minutes());
        NoticeSaga.PutOffUntil(inbox, Morning + NoticeSaga.LongestCatchUp, backlog: true).ShouldBeNull("ten minutes are enough");
    }

    [Fact]
    public void A_step_that_was_missed_is_told_as_missed_and_one_in_time_is_not()
    {
        var world = new World();
        world.Happen(Reported(), T0);
        world.Until(T0 + 15.Minutes());
        Step(T0 + 30.Minutes()).ShouldAllBe(notice => notice.Sent.MissedAt == null);
        Step(T0 + 5.Hours()).ShouldAllBe(notice => notice.Sent.MissedAt == T0 + 30.Minutes());

        IReadOnlyList<Notice> Step(DateTimeOffset firedAt) =>
            DeadlineSaga.OnTimer(CaseId, world.State, "accept/sector-lead", 1, T0 + 30.Minutes(), firedAt, Policies, Town.Organization, Plan).Notices;
    }

    [Fact]
    public void A_message_holds_so_many_and_what_more_there_is_goes_in_another()
    {
        var world = At(Night, channels: ["chat"]);
        for (var number = 1; number <= NoticeSaga.MostInOne + 1; number++)
            world.Tell(NoticeKind.Feedback, Role.GridWorker, $"case:{number}", people: "grid-worker");
        world.Until(Morning);

        world.Queued.Select(message => message.Notices.Count).ShouldBe([NoticeSaga.MostInOne, 1]);
    }

    [Fact]
    public void A_new_plan_changes_nothing_about_the_limit_of_what_is_on_its_way()
    {
        var world = At(Morning);
        world.Tell(NoticeKind.Dispatched, Role.PostHandler, urgency: Urgency.Urgent, people: "handler");
        world.Plan = Plan with { Version = "next", Rules = [.. Plan.Rules.Select(rule => rule.Kind == NoticeKind.Dispatched ? rule with { UrgentFrom = null, UrgentLimit = null, Limit = null } : rule)] };
        world.Pass(15.Minutes());

        (world.Of("colleague").Sent.Plan, world.Of("colleague").Sent.ReadBy).ShouldBe(("next", Morning + 30.Minutes()));
    }

    [Fact]
    public void What_a_colleague_read_long_before_a_long_limit_ends_is_still_known_then()
    {
        var plan = Plan with { Rules = [.. Plan.Rules.Select(rule => rule.Kind == NoticeKind.Supervised ? rule with { Limit = new ReadLimit(20 * 24 * 60, MinuteKind.Natural) } : rule)] };
        var world = new InboxWorld(plan: plan);
        world.Until(Morning);
        world.Tell(NoticeKind.Supervised, Role.PostHandler, people: ["handler", "colleague"]);
        world.Read("colleague", world.Of("colleague").Id);
        world.Pass(10.Days());
        world.Tell(NoticeKind.Feedback, Role.PostHandler, "case:other", people: "colleague");
        world.Pass(11.Days());

        world.EventsOf("handler").OfType<NoticePassedOn>().Single().AlreadyTold.ShouldBeTrue();
        world.Facts.Count(row => row.Fact.Event is NoticeSent { Kind: NoticeKind.Supervised }).ShouldBe(2);
    }

    [Fact]
    public void An_inbox_that_nobody_ever_reads_stays_small()
    {
        var world = At(Morning, channels: ["chat"]);
        for (var day = 0; day < 60; day++)
        {
            for (var number = 0; number < 10; number++)
                world.Tell(NoticeKind.Feedback, Role.GridWorker, $"case:{day}-{number}", people: "grid-worker");
            world.Pass(1.Days());
            foreach (var message in world.Queued.Where(queued => queued.Person == "grid-worker" && queued.At > world.Now - 1.Days()).Take(day % 2))
                world.Delivered(message);
        }

        world["grid-worker"].Notices.Count.ShouldBeInRange(70, 100);
        world["grid-worker"].Deliveries.Count.ShouldBeLessThan(20);
        world["grid-worker"].LastDelivery.ShouldBe(world.Queued.Count);
    }

    private static IEnumerable<string> Turn(NoticeClaim claim) => claim.ShouldBeOfType<NoticeClaim.Moved>().To.Select(recipient => recipient.Person).Order();

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
