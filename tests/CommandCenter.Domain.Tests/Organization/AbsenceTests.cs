using System.Text;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tests.Organization;
using static CommandCenter.Domain.Tests.Sample;
using Case = CommandCenter.Domain.Cases.Case;

namespace CommandCenter.Domain.Tests;

public class AbsenceTests
{
    private const string Worker = "grid-worker-02";
    private const string Other = "grid-worker-03";
    private const string Third = "grid-worker-04";
    private static readonly DateOnly Today = DemoTown.Today;
    private static readonly By Office = new("office-01", Role.Office, DemoTown.Town);
    private static readonly By Self = new(Worker, Role.GridWorker, AreaCode.Parse("500153003001002"));

    private static IReadOnlyList<(string State, OrganizationEvent[] Events)> States { get; } =
    [
        ("Nobody absent", []),
        ("Absent from tomorrow on", [Away(1, 1, 5)]),
        ("Absent today", [Away(1, 0, 5)]),
        ("Absence over", [Away(1, -5, -1)]),
        ("The person stands in for another", [new AbsenceRecorded(1, Other, Today, Today.AddDays(5), Worker)]),
        ("The substitute is absent", [new AbsenceRecorded(1, Third, Today, Today.AddDays(5), Other)]),
    ];

    internal static IReadOnlyList<(string Way, AbsenceCommand Command, By By)> Commands { get; } =
    [
        ("record: from tomorrow on", Record(1, 3), Office),
        ("record: by the person", Record(0, 0), Self),
        ("record: who is not here", new RecordAbsence("nobody", Today, Today, Other, Today), Office),
        ("record: in place of oneself", new RecordAbsence(Worker, Today, Today, Worker, Today), Self),
        ("record: naming oneself for another", new RecordAbsence(Worker, Today, Today, "office-01", Today), Office),
        ("record: ends before it begins", Record(3, 1), Office),
        ("record: since yesterday", Record(-1, 1), Office),
        ("record: for two years", Record(0, 700), Office),
        ("end: today", new EndAbsence(1, Today, Today), Office),
        ("end: at once", new EndAbsence(1, null, Today), Office),
        ("end: as recorded", new EndAbsence(1, Today.AddDays(5), Today), Office),
        ("end: later than recorded", new EndAbsence(1, Today.AddDays(9), Today), Office),
        ("end: last week", new EndAbsence(1, Today.AddDays(-7), Today), Office),
        ("end: another", new EndAbsence(9, Today, Today), Office),
    ];

    [Fact]
    public void Every_command_has_one_outcome_in_every_state()
    {
        var page = new StringBuilder("# What may happen to absences\n\nEvery state × every command: the events, *nothing* for a repeat, or the code of the refusal.\n");
        foreach (var (name, events) in States)
        {
            page.Append($"\n## {name}\n\n| command | outcome |\n|---|---|\n");
            foreach (var (way, command, by) in Commands)
                page.Append($"| {way} | {TaskDeciderTests.Outcome(AbsenceDecider.Decide(command, History(events), by))} |\n");
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
    }

    [Fact]
    public void Every_refusal_code_is_reachable_in_both_languages_and_no_other_is_given()
    {
        var given = from state in States
                    from command in Commands
                    let decision = AbsenceDecider.Decide(command.Command, History(state.Events), command.By)
                    where decision is Decision<OrganizationEvent>.Refuse
                    select ((Decision<OrganizationEvent>.Refuse)decision).Refusal.Code;

        given.Distinct().Order(StringComparer.Ordinal).ShouldBe(AbsenceRefusals.All.Keys.Order(StringComparer.Ordinal));
        AbsenceRefusals.All.Values.ShouldAllBe(words => words.Zh.Any(letter => letter >= '\u4e00' && letter <= '\u9fff') && words.En.All(letter => letter < 128));
    }

    [Fact]
    public void A_substitute_speaks_from_the_absent_ones_seats_on_its_days_and_not_on_others()
    {
        var history = History(Away(1, 1, 3));

        foreach (var (day, holds) in ((int, bool)[])[(0, false), (1, true), (3, true), (4, false)])
        {
            var on = history.On(Today.AddDays(day));
            on.SubstituteOf(Worker).ShouldBe(holds ? Third : null, $"day {day}");
            on.SeatsOf(on.FindPerson(Third)!).Any(seat => seat.For == Worker && seat.Place == Self.Place).ShouldBe(holds, $"day {day}");
        }
    }

    [Fact]
    public void An_absence_that_ends_early_ends_and_one_that_ends_before_it_began_never_was()
    {
        History(Away(1, 0, 5), new AbsenceEnded(1, Today)).On(Today).SubstituteOf(Worker).ShouldBe(Third);
        History(Away(1, 0, 5), new AbsenceEnded(1, Today)).On(Today.AddDays(1)).SubstituteOf(Worker).ShouldBeNull();
        History(Away(1, 0, 5), new AbsenceEnded(1, Today.AddDays(-1))).On(Today).SubstituteOf(Worker).ShouldBeNull();
    }

    [Fact]
    public void Whoever_stands_in_for_somebody_who_is_gone_stands_in_for_nobody()
    {
        var history = History(new AbsenceRecorded(1, Worker, Today, Today, Third), new PeopleChanged([], [Worker], Today));

        history.On(Today).SubstituteOf(Worker).ShouldBeNull();
        history.On(Today).SeatsOf(history.On(Today).FindPerson(Third)!).ShouldAllBe(seat => seat.For == null);
    }

    [Fact]
    public void An_import_leaves_absences_as_they_are()
    {
        var history = History(Away(1, 0, 5));
        var difference = OrganizationImport.Difference(history, DemoTown.Content with { People = [.. DemoTown.Content.People.Where(person => person.Id != "yard-head-01")], Appointments = [.. DemoTown.Content.Appointments.Where(made => made.Person != "yard-head-01")] }, Today);

        difference.IsEmpty.ShouldBeFalse();
        history.With(difference.Events).On(Today).SubstituteOf(Worker).ShouldBe(Third);
    }

    [Fact]
    public void A_substitute_goes_on_with_what_the_absent_one_has_claimed_and_nobody_else_does()
    {
        var organization = Town.With(substitutes: new Dictionary<string, string> { ["handler"] = "river-handler" });
        var claimed = Cases.Fold(Reported(), Filed(), Dispatched(), Claimed());

        var standingIn = organization.Callers("river-handler").Where(caller => CaseAccess.May(caller, "complete", claimed)).ShouldHaveSingleItem();
        standingIn.By.ShouldBe(new By("river-handler", Role.PostHandler, Town.Code, "handler"));
        CaseDecider.Decide(Complete(), claimed, standingIn.By).ShouldBeOfType<Decision<CaseEvent>.Emit>();
        CaseDecider.Decide(Complete(), claimed, Town.Colleague).ShouldBeOfType<Decision<CaseEvent>.Refuse>().Refusal.Code.ShouldBe("case.claimed_by_another");
    }

    [Fact]
    public void Nobody_judges_the_work_of_whom_they_stand_in_for_in_that_ones_name()
    {
        var worker = Town.Holder("both", new RoleAt(Role.PostHandler, Town.Code, Sector.Economy, Town.BuildingPost), new RoleAt(Role.GridWorker, Town.Grid));
        var organization = Town.With([Role.GridWorker], [worker], substitutes: new Dictionary<string, string> { ["both"] = "river-handler" });
        var completed = Case.Fold(new[] { Cases.Fact(Reported(), T0), Cases.Fact(Filed(), T0), Cases.Fact(Dispatched(), T0), By(Claimed()), By(Completed()) });

        organization.Callers("river-handler").ShouldContain(caller => caller.Seat.Role == Role.GridWorker && caller.Seat.For == "both");
        organization.Callers("river-handler").ShouldAllBe(caller => !CaseAccess.May(caller, "verify", completed));

        static Fact<CaseEvent> By(CaseEvent happened) => new(happened, new By("both", Role.PostHandler, Town.Code), T0, T0);
    }

    [Fact]
    public void Each_role_may_enter_its_own_absence_and_who_leads_a_place_that_of_its_people()
    {
        var organization = DemoTown.Directory;
        string[] absent = [Worker, "dispatcher-01", "town-leader-01", "post-handler-15", "department-01", "district-supervisor-01"];
        var page = new StringBuilder($"# Who may enter whose absence\n\n| role | {string.Join(" | ", absent)} |\n|{string.Concat(Enumerable.Repeat("---|", absent.Length + 1))}\n");
        foreach (var who in (string[])["resident", Worker, "yard-head-01", "yard-publicity-01", "village-secretary-01", "center-operator-01", "dispatcher-01", "post-handler-01", "sector-lead-01", "town-leader-01", "office-01", "town-leader-03", "department-01", "administrator-01", "district-supervisor-01"])
        {
            var callers = who == "resident" ? [Town.As(who, Role.Resident, DemoTown.District)] : organization.Callers(who);
            page.Append($"| {who} | {string.Join(" | ", absent.Select(person => callers.Any(caller => AbsenceAccess.May(caller, person, organization)) ? "yes" : "–"))} |\n");
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
    }

    private static RecordAbsence Record(int from, int to) => new(Worker, Today.AddDays(from), Today.AddDays(to), Third, Today);

    private static AbsenceRecorded Away(int number, int from, int to) => new(number, Worker, Today.AddDays(from), Today.AddDays(to), Third);

    private static OrganizationHistory History(params OrganizationEvent[] events) => Base.With(events);

    private static OrganizationHistory Base { get; } = OrganizationHistory.None.With(OrganizationImport.Difference(OrganizationHistory.None, DemoTown.Content, null).Events);
}
