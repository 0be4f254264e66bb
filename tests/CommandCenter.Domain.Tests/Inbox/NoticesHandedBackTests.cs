using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Sample;
using Case = CommandCenter.Domain.Cases.Case;

namespace CommandCenter.Domain.Tests;

/// <summary>What somebody was told in others' place, on duty or as a substitute, goes back to those once they are there again, if it is not done; though it was read.</summary>
public class NoticesHandedBackTests
{
    private static readonly DateTimeOffset Night = Local("2026-03-03T22:00");
    private static readonly DateTimeOffset Morning = Local("2026-03-04T09:00");

    [Fact]
    public void In_the_morning_the_seat_is_told_of_what_was_read_on_duty_by_night_and_not_done()
    {
        var world = ByNight();
        world.Read("handler", world.Of("handler").Id);

        world.Organization = Town.Organization;
        world.Until(Morning);

        var back = world.Of("operator").Sent;
        (back.Kind, back.Role, back.From!.Person, back.From.Reason, back.BackAt).ShouldBe((NoticeKind.Reported, Role.CenterOperator, "handler", PassOnReason.HandedBack, null));
        world.EventsOf("handler").OfType<NoticePassedOn>().ShouldHaveSingleItem().Reason.ShouldBe(PassOnReason.HandedBack);
        world.Of("handler").Standing.ShouldBe(NoticeStanding.Read);
    }

    [Fact]
    public void Nothing_goes_back_that_was_done_by_night_or_that_the_seat_was_told_of_since()
    {
        var done = ByNight();
        done.Read("handler", done.Of("handler").Id);
        done.Claims = (_, _) => NoticeClaim.Gone;
        done.Until(Morning);
        done["operator"].InOrder.ShouldBeEmpty();
        done.EventsOf("handler").OfType<NoticeLapsed>().ShouldHaveSingleItem();

        var told = ByNight();
        told.Read("handler", told.Of("handler").Id);
        told.Tell(NoticeKind.Urged, Role.CenterOperator, people: "operator");
        told.Organization = Town.Organization;
        told.Until(Morning);
        told["operator"].InOrder.Where(notice => notice.Sent.From is not null).ShouldBeEmpty();
        told.Until(Morning + 30.Days());
        told.Timers.ShouldBeEmpty();
    }

    [Fact]
    public void What_nobody_read_by_night_went_on_before_and_comes_back_only_once()
    {
        var world = ByNight();

        world.Organization = Town.Organization;
        world.Until(Morning + 3.Days());

        world["operator"].InOrder.Count().ShouldBe(1);
        world.Timers.Where(timer => timer.Person == "handler").ShouldBeEmpty();
    }

    [Fact]
    public void At_a_desk_of_the_roster_alone_it_goes_to_who_came_after_and_waits_where_nobody_did()
    {
        var world = ByNight(Town.With(vacant: [Role.CenterOperator, Role.Dispatcher]));
        world.Read("handler", world.Of("handler").Id);

        world.Until(Morning + 1.Days());
        world.EventsOf("handler").ShouldNotContain(happened => happened is NoticePassedOn);
        world.Organization = OnDuty(Town.With(vacant: [Role.CenterOperator, Role.Dispatcher]), "colleague");
        world.Until(Morning + 3.Days());

        world.Of("colleague").Sent.From!.Reason.ShouldBe(PassOnReason.HandedBack);
    }

    [Fact]
    public void After_an_absence_whoever_was_away_is_told_of_what_the_substitute_read_and_did_not_do()
    {
        var absent = Town.With(substitutes: new Dictionary<string, string> { ["handler"] = "river-handler" });
        var world = new InboxWorld(absent);
        world.Until(Local("2026-03-03T10:00"));
        Take(world, new Notice("handler", new NoticeSent(NoticeKind.Dispatched, $"case:{CaseId}", Role.PostHandler, RecipientReason.Holder)));
        world.Claims = (person, sent) => NoticeClaim.Of(sent, person, Cases.Fold(Reported(), Filed(), Dispatched()), world.Organization);
        world.Read("river-handler", world.Of("river-handler").Id);

        world.Until(Morning + 2.Days());
        world["handler"].InOrder.ShouldBeEmpty();
        world.Organization = Town.Organization;
        world.Until(Morning + 3.Days());

        world.Of("handler").Sent.From!.Reason.ShouldBe(PassOnReason.HandedBack);
    }

    [Fact]
    public void Whose_substitute_had_it_back_in_the_morning_has_it_back_in_turn_once_they_are_there_however_many_nights_later()
    {
        var world = ByNight();
        world.Read("handler", world.Of("handler").Id);
        world.Organization = Town.With(substitutes: new Dictionary<string, string> { ["operator"] = "river-handler" });
        world.Until(Morning);
        var stand = world.Of("river-handler");
        (stand.Sent.Reason, stand.Sent.For, stand.Sent.From!.InPlaceOf).ShouldBe((RecipientReason.Substitute, "operator", new InPlaceOf(Role.CenterOperator, "operator")));
        stand.BackAt.ShouldNotBeNull();
        world.Read("river-handler", stand.Id);

        world.Until(Morning + 9.Days());
        world["operator"].InOrder.ShouldBeEmpty();
        world.Organization = Town.Organization;
        world.Until(Morning + 10.Days());

        var back = world.Of("operator").Sent;
        (back.From!.Person, back.From.Reason, back.From.InPlaceOf, back.BackAt).ShouldBe(("river-handler", PassOnReason.HandedBack, null, null));
        world.Until(Morning + 60.Days());
        world.Timers.ShouldBeEmpty();
    }

    [Fact]
    public void What_a_substitute_let_go_on_unread_comes_back_to_those_who_are_there_again_and_goes_round_among_nobody_before()
    {
        var world = ByNight();
        world.Organization = Town.With(substitutes: new Dictionary<string, string> { ["operator"] = "river-handler" });
        world.Until(Morning + 5.Days());

        // Each has had it once: nobody who stands in gets it a second time while nobody came back.
        world.Facts.Where(row => row.Fact.Event is NoticeSent).GroupBy(row => row.Person).ShouldAllBe(group => group.Count() == 1);
        world["operator"].InOrder.ShouldBeEmpty();
        world.Organization = Town.Organization;
        world.Until(Morning + 6.Days());

        world.Of("operator").Sent.From!.Reason.ShouldBe(PassOnReason.HandedBack);
    }

    [Fact]
    public void Who_falls_ill_with_it_unread_has_it_back_from_whoever_is_on_duty_the_morning_after()
    {
        var world = ByNight();
        world.Read("handler", world.Of("handler").Id);
        world.Organization = Town.Organization;
        world.Until(Morning);
        world.Of("operator").Sent.From!.Reason.ShouldBe(PassOnReason.HandedBack);

        world.Organization = OnDuty(Town.With(substitutes: new Dictionary<string, string> { ["operator"] = "river-handler" }), "handler");
        world.Until(Morning + 3.Days());
        world["operator"].InOrder.Count().ShouldBe(1);
        world.Organization = Town.Organization;
        world.Until(Morning + 6.Days());

        var again = world["operator"].InOrder.Last();
        world["operator"].InOrder.Count().ShouldBe(2);
        (again.Sent.From!.Reason, again.BackAt).ShouldBe((PassOnReason.HandedBack, null));
        world.Until(Morning + 60.Days());
        world.Timers.ShouldBeEmpty();
    }

    [Fact]
    public void A_desk_of_the_roster_alone_hands_it_on_morning_after_morning_until_somebody_holds_the_seat()
    {
        var vacant = Town.With(vacant: [Role.CenterOperator, Role.Dispatcher]);
        var world = ByNight(vacant);
        world.Read("handler", world.Of("handler").Id);
        foreach (var (person, hours) in (IReadOnlyList<(string, int)>)[("colleague", 0), ("river-handler", 5)])
        {
            world.Organization = OnDuty(vacant, person);
            world.Until(Morning.AddHours(hours));
            world.Of(person).Sent.From!.Reason.ShouldBe(PassOnReason.HandedBack);
            world.Read(person, world.Of(person).Id);
        }

        world.Organization = Town.Organization;
        world.Until(Morning + 1.Days());

        (world.Of("operator").Sent.From!.Person, world.Of("operator").BackAt).ShouldBe(("river-handler", null));
    }

    [Fact]
    public void What_is_the_persons_own_and_what_is_only_to_be_known_is_never_looked_for_again()
    {
        foreach (var (kind, reason, known) in (IReadOnlyList<(NoticeKind, RecipientReason, bool?)>)
            [(NoticeKind.Reported, RecipientReason.Holder, null), (NoticeKind.Reported, RecipientReason.OnDuty, true), (NoticeKind.Feedback, RecipientReason.Substitute, null)])
        {
            var sent = new NoticeSent(kind, $"case:{CaseId}", Role.CenterOperator, reason, ToKnow: known, For: reason == RecipientReason.Substitute ? "operator" : null);
            Plan.Routed(new Notice("handler", sent), Night, Time, ["sms"]).BackAt.ShouldBeNull($"{kind} {reason}");
        }

        Plan.Routed(new Notice("handler", new NoticeSent(NoticeKind.Reported, $"case:{CaseId}", Role.CenterOperator, RecipientReason.OnDuty)), Night, Time, ["sms"]).BackAt.ShouldBe(Morning);
    }

    /// <summary>A report of the night, told to whoever is on duty.</summary>
    private static InboxWorld ByNight(OrganizationDirectory? organization = null)
    {
        var seats = organization ?? Town.Organization;
        var world = new InboxWorld(OnDuty(seats, "handler"), (_, _) => ["handler"]);
        world.Until(Night);
        var state = (Case.Known)Cases.Fold(Reported());
        Take(world, [.. DeadlineSaga.WhoActs(state, world.Organization).Select(one => new Notice(one.Person, new NoticeSent(NoticeKind.Reported, $"case:{CaseId}", one.Role, one.Reason)))]);
        world.Claims = (person, sent) => NoticeClaim.Of(sent, person, state, world.Organization);
        world.Of("handler").Sent.Reason.ShouldBe(RecipientReason.OnDuty);
        return world;
    }

    private static void Take(InboxWorld world, params Notice[] notices)
    {
        foreach (var notice in NoticeDesk.ToWhoIsThere(notices, Town.Code, world.Now, world.Organization, Sample.Policies.Calendar))
            world.Tell(notice.Person, notice.Sent);
    }

    private static OrganizationDirectory OnDuty(OrganizationDirectory organization, string person) =>
        organization.With(new Dictionary<AreaCode, IReadOnlyList<OnDuty>> { [Town.Code] = [new OnDuty(person, DutyRole.Operator, DutyStanding.OnDuty, 1)] });
}
