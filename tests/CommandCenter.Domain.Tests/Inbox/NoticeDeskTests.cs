using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Sample;
using Case = CommandCenter.Domain.Cases.Case;

namespace CommandCenter.Domain.Tests;

/// <summary>Notices go to those who are there: substitutes for who is absent, whoever is on duty for the desk by night.</summary>
public class NoticeDeskTests
{
    private static readonly DateTimeOffset Day = Local("2026-03-03T10:00");
    private static readonly DateTimeOffset Night = Local("2026-03-03T22:00");

    [Fact]
    public void What_is_for_somebody_absent_goes_to_the_substitute_who_is_told_for_whom()
    {
        var organization = Town.With(substitutes: new Dictionary<string, string> { ["handler"] = "river-handler" });

        var moved = NoticeDesk.ToWhoIsThere([Told("handler", NoticeKind.Dispatched, Role.PostHandler), Told("colleague", NoticeKind.Dispatched, Role.PostHandler)], Town.Code, Day, organization, Sample.Policies.Calendar);

        moved.Select(notice => (notice.Person, notice.Sent.Reason, notice.Sent.For)).ShouldBe([("colleague", RecipientReason.Holder, null), ("river-handler", RecipientReason.Substitute, "handler")]);
    }

    [Fact]
    public void Whoever_is_told_anyway_is_not_told_twice_for_standing_in()
    {
        var organization = Town.With(substitutes: new Dictionary<string, string> { ["handler"] = "colleague" });

        NoticeDesk.ToWhoIsThere([Told("handler", NoticeKind.Dispatched, Role.PostHandler), Told("colleague", NoticeKind.Dispatched, Role.PostHandler)], Town.Code, Day, organization, Sample.Policies.Calendar)
            .ShouldHaveSingleItem().ShouldSatisfyAllConditions(notice => notice.Person.ShouldBe("colleague"), notice => notice.Sent.Reason.ShouldBe(RecipientReason.Holder));
    }

    [Fact]
    public void By_night_the_desks_work_goes_to_whoever_is_on_duty_and_by_day_to_its_seats()
    {
        var organization = OnDuty(("handler", DutyRole.Operator), ("economy-lead", DutyRole.Lead));

        People(organization, Night, NoticeKind.Reported, "operator", Role.CenterOperator).ShouldBe(["handler"]);
        People(organization, Night, NoticeKind.Filed, "dispatcher", Role.Dispatcher).ShouldBe(["economy-lead"]);
        People(organization, Day, NoticeKind.Reported, "operator", Role.CenterOperator).ShouldBe(["operator"]);
        // What is no work of the desk waits for whoever it is for, and so does what is a post's.
        People(organization, Night, NoticeKind.AdmissionDecided, "dispatcher", Role.Dispatcher).ShouldBe(["dispatcher"]);
        People(organization, Night, NoticeKind.Dispatched, "handler", Role.PostHandler).ShouldBe(["handler"]);
        People(Town.Organization, Night, NoticeKind.Reported, "operator", Role.CenterOperator).ShouldBe(["operator"]);
    }

    [Fact]
    public void By_night_all_that_asks_something_of_the_desk_goes_to_whoever_is_on_duty_and_nothing_that_is_only_to_be_known()
    {
        var organization = OnDuty(("handler", DutyRole.Operator));

        foreach (var kind in Enum.GetValues<NoticeKind>().Where(kind => kind is not NoticeKind.SubstituteNamed))
            People(organization, Night, kind, "operator", Role.CenterOperator).ShouldBe([Audiences.IsOfSeat(kind) ? "handler" : "operator"], $"{kind}");
        // Who is urged, supervised or late with a whistle has something to do as who has a new report has; what is a person's by name stays theirs.
        ((NoticeKind[])[NoticeKind.Reported, NoticeKind.Urged, NoticeKind.Supervised, NoticeKind.HolderLeft, NoticeKind.Warning, NoticeKind.WhistleDue, NoticeKind.WhistleOverdue]).ShouldAllBe(kind => Audiences.IsOfSeat(kind));
        ((NoticeKind[])[NoticeKind.LevelChanged, NoticeKind.Feedback, NoticeKind.SubtaskAdded, NoticeKind.DutyHeldOver, NoticeKind.ReviewMeasureGiven, NoticeKind.ListingOverdue]).ShouldAllBe(kind => !Audiences.IsOfSeat(kind));
    }

    [Fact]
    public void Who_sits_at_the_desks_of_two_towns_is_stood_in_for_by_the_duty_of_the_matters_town()
    {
        var organization = Town.With(seats: [("operator", new RoleAt(Role.CenterOperator, Town.OtherTown))]).With(new Dictionary<AreaCode, IReadOnlyList<OnDuty>>
        {
            [Town.Code] = [new OnDuty("handler", DutyRole.Operator, DutyStanding.OnDuty, 1)],
            [Town.OtherTown] = [new OnDuty("neighbour-dispatcher", DutyRole.Operator, DutyStanding.OnDuty, 1)],
        });

        var there = Cases.Fold(Reported(), new CaseTransferred(Town.NeighbourGrid, Words("区级指定")));
        Told(there, new CaseTransferred(Town.NeighbourGrid, Words("区级指定"))).ShouldBe(["neighbour-dispatcher"]);
        Told(Cases.Fold(Reported()), Reported()).ShouldBe(["handler"]);
        // Where it is asked to go, they have to answer; it lies here still.
        var asked = (Case.Known)Cases.Fold(Reported(), TransferRequested());
        Told(asked, TransferRequested()).ShouldBe(["neighbour-dispatcher"]);
        organization.Callers("neighbour-dispatcher").ShouldContain(caller => CaseAccess.May(caller, "accept-transfer", asked));

        IEnumerable<string> Told(Case state, CaseEvent happened) => NoticeDesk.ToWhoIsThere(
            DeadlineSaga.React(CaseId, state, [happened], Night, Sample.Policies, organization, Plan).Notices, ((Case.Known)state).File.Town, Night, organization, Sample.Policies.Calendar).Select(notice => notice.Person);
    }

    [Fact]
    public void A_desk_that_nobody_sits_at_is_that_of_its_roster_by_day_and_night_and_only_without_one_the_leaders()
    {
        var vacant = Town.With(vacant: [Role.CenterOperator, Role.Dispatcher, Role.VillageSecretary]);
        var roster = vacant.With(new Dictionary<AreaCode, IReadOnlyList<OnDuty>> { [Town.Code] = [new OnDuty("handler", DutyRole.Operator, DutyStanding.OnDuty, 1), new OnDuty("economy-lead", DutyRole.Lead, DutyStanding.OnDuty, 2)] });

        foreach (var at in (DateTimeOffset[])[Day, Night])
        {
            Told(roster, Cases.Fold(Reported()), at).ShouldBe(["handler"]);
            Told(roster, Cases.Fold(Reported(), Filed()), at).ShouldBe(["economy-lead"]);
            // What is the village's goes up to the desk, and whoever sits there may do it.
            Told(roster, Cases.Fold(ReportedToVillage()), at).ShouldBe(["handler"]);
            Told(vacant, Cases.Fold(Reported()), at).ShouldBe(["town-leader"]);
        }

        foreach (var (state, command) in (IReadOnlyList<(Case, string)>)[(Cases.Fold(Reported()), "file"), (Cases.Fold(ReportedToVillage()), "pass-up")])
            roster.Callers("handler").ShouldContain(caller => CaseAccess.May(caller, command, state), command);

        static IEnumerable<string> Told(OrganizationDirectory organization, Case state, DateTimeOffset at) => NoticeDesk.ToWhoIsThere(
            [.. DeadlineSaga.WhoActs((Case.Known)state, organization).Select(one => new Notice(one.Person, new NoticeSent(NoticeKind.Reported, $"case:{CaseId}", one.Role, one.Reason)))],
            Town.Code, at, organization, Sample.Policies.Calendar).Select(notice => notice.Person);
    }

    [Fact]
    public void Whoever_is_on_duty_and_sits_at_the_desk_by_day_is_told_as_on_duty_because_their_colleagues_are_not()
    {
        var organization = OnDuty(("operator", DutyRole.Operator));

        NoticeDesk.ToWhoIsThere([Told("operator", NoticeKind.Reported, Role.CenterOperator), Told("second-operator", NoticeKind.Reported, Role.CenterOperator)], Town.Code, Night, organization, Sample.Policies.Calendar)
            .ShouldHaveSingleItem().ShouldSatisfyAllConditions(notice => notice.Person.ShouldBe("operator"), notice => notice.Sent.Reason.ShouldBe(RecipientReason.OnDuty));
    }

    [Fact]
    public void Without_a_lead_on_duty_the_operators_have_the_dispatchers_work_and_may_do_it()
    {
        var organization = OnDuty(("handler", DutyRole.Operator));

        People(organization, Night, NoticeKind.Filed, "dispatcher", Role.Dispatcher).ShouldBe(["handler"]);
        organization.Callers("handler").Select(caller => caller.Seat.Role).ShouldBe([Role.PostHandler, Role.CenterOperator, Role.Dispatcher]);
        OnDuty(("handler", DutyRole.Operator), ("economy-lead", DutyRole.Lead)).Callers("handler").ShouldNotContain(caller => caller.Seat.Role == Role.Dispatcher);
    }

    [Fact]
    public void Of_somebody_absent_the_substitute_is_on_duty()
    {
        var organization = Town.With(substitutes: new Dictionary<string, string> { ["handler"] = "river-handler" }).With(new Dictionary<AreaCode, IReadOnlyList<OnDuty>> { [Town.Code] = [new OnDuty("handler", DutyRole.Operator, DutyStanding.OnDuty, 1)] });

        organization.OnDutyAt(Town.Code).ShouldHaveSingleItem().ShouldBe(new OnDuty("river-handler", DutyRole.Operator, DutyStanding.OnDuty, 1, "handler"));
        People(organization, Night, NoticeKind.Reported, "operator", Role.CenterOperator).ShouldBe(["river-handler"]);
        organization.Callers("river-handler").ShouldContain(caller => caller.Seat.Role == Role.CenterOperator && caller.Seat.For == "handler");
        organization.Callers("handler").ShouldNotContain(caller => caller.Seat.Role == Role.CenterOperator);
    }

    [Fact]
    public void Whoever_is_on_duty_gets_it_at_once_and_its_limit_counts_round_the_clock()
    {
        var sent = new NoticeSent(NoticeKind.Reported, $"case:{CaseId}", Role.CenterOperator, RecipientReason.OnDuty);

        var routed = Plan.Routed(new Notice("handler", sent, Urgency.Normal), Night, Sample.Policies.Calendar.At(Town.Code, Town.Shanghai), ["sms"]);

        (routed.DeliverAt, routed.ReadBy).ShouldBe((Night, Night + 240.Minutes()));
    }

    [Fact]
    public void What_nobody_on_duty_reads_goes_on_to_the_desks_seat_and_never_to_who_is_absent()
    {
        var sent = new NoticeSent(NoticeKind.Reported, $"case:{CaseId}", Role.CenterOperator, RecipientReason.OnDuty);
        var organization = Town.With(substitutes: new Dictionary<string, string> { ["operator"] = "colleague" });

        var chain = NoticeChain.After("handler", sent, Town.Code, Night, organization, (_, _) => ["handler", "economy-lead"]);

        chain.SelectMany(link => link.People).Select(recipient => recipient.Person).ShouldBe(["colleague", "dispatcher", "economy-lead"]);
    }

    [Fact]
    public void What_lies_with_somebody_who_has_become_absent_goes_to_the_substitute_first()
    {
        var sent = new NoticeSent(NoticeKind.Dispatched, $"case:{CaseId}", Role.PostHandler, RecipientReason.Holder);
        var organization = Town.With(substitutes: new Dictionary<string, string> { ["handler"] = "river-handler" });

        NoticeChain.After("handler", sent, Town.Code, Day, organization, NoticeChain.NoRoster)[0].ShouldSatisfyAllConditions(
            link => link.Step.ShouldBe(PassOnStep.Substitute), link => link.People.ShouldBe([new Recipient("river-handler", Role.PostHandler, RecipientReason.Substitute, "handler")]));
    }

    [Fact]
    public void A_notice_of_a_substitute_or_of_who_is_on_duty_does_not_lapse_while_the_matter_waits()
    {
        var reported = Cases.Fold(Reported());
        var dispatched = Cases.Fold(Reported(), Filed(), Dispatched());

        NoticeClaim.Of(new NoticeSent(NoticeKind.Reported, $"case:{CaseId}", Role.CenterOperator, RecipientReason.OnDuty), "handler", reported, Town.Organization).ShouldBe(NoticeClaim.Holds);
        NoticeClaim.Of(new NoticeSent(NoticeKind.Dispatched, $"case:{CaseId}", Role.PostHandler, RecipientReason.Substitute, For: "handler"), "river-handler", dispatched, Town.Organization).ShouldBe(NoticeClaim.Holds);
        NoticeClaim.Of(new NoticeSent(NoticeKind.Dispatched, $"case:{CaseId}", Role.PostHandler, RecipientReason.Substitute, For: "economy-lead"), "river-handler", dispatched, Town.Organization).ShouldBeOfType<NoticeClaim.Moved>();
        NoticeClaim.Of(new NoticeSent(NoticeKind.Reported, $"case:{CaseId}", Role.CenterOperator, RecipientReason.OnDuty), "handler", dispatched, Town.Organization).ShouldBe(NoticeClaim.Gone);
    }

    private static Notice Told(string person, NoticeKind kind, Role role) => new(person, new NoticeSent(kind, $"case:{CaseId}", role, RecipientReason.Holder));

    private static OrganizationDirectory OnDuty(params (string Person, DutyRole Role)[] people) =>
        Town.Organization.With(new Dictionary<AreaCode, IReadOnlyList<OnDuty>> { [Town.Code] = [.. people.Select((one, index) => new OnDuty(one.Person, one.Role, DutyStanding.OnDuty, index + 1))] });

    private static IEnumerable<string> People(OrganizationDirectory organization, DateTimeOffset at, NoticeKind kind, string person, Role role) =>
        NoticeDesk.ToWhoIsThere([Told(person, kind, role)], Town.Code, at, organization, Sample.Policies.Calendar).Select(notice => notice.Person);
}
