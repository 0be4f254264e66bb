using System.Text;
using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Sample;
using static CommandCenter.Domain.Tests.TaskSample;

namespace CommandCenter.Domain.Tests;

public class AdmissionTests
{
    private static readonly By Supervisor = new("supervisor", Role.DistrictSupervisor, Town.District);
    private static readonly By Leader = new("town-leader", Role.TownLeader, Town.Code);
    private static readonly By Neighbour = new("neighbour-leader", Role.TownLeader, Town.OtherTown);

    private static IReadOnlyList<(string State, AdmissionEvent[] Events)> States { get; } =
    [
        ("Nothing adopted", []),
        ("A list adopted", [Adopted(Matter)]),
        ("Addition requested 待批准", [AdditionRequested()]),
        ("Addition approved 已批准", [AdditionRequested(), new AdmissionAdditionApproved(1)]),
        ("Addition rejected 不予批准", [AdditionRequested(), new AdmissionAdditionRejected(1, Words())]),
        ("Addition ended 已提前终止", [AdditionRequested(), new AdmissionAdditionApproved(1), new AdmissionAdditionEnded(1, Words())]),
    ];

    internal static IReadOnlyList<(string Way, AdmissionCommand Command, By By)> Commands { get; } =
    [
        ("adopt", new AdoptAdmissionList(Town.District, AreaLevel.Grid, [Matter], null), Supervisor),
        ("adopt: other matters", new AdoptAdmissionList(Town.District, AreaLevel.Grid, ["river-pollution"], null), Supervisor),
        ("adopt: for the district itself", new AdoptAdmissionList(Town.District, AreaLevel.District, [Matter], null), Supervisor),
        ("adopt: towns of a village", new AdoptAdmissionList(Town.Village, AreaLevel.Town, [Matter], null), Supervisor),
        ("adopt: outside", new AdoptAdmissionList(Town.OtherTown, AreaLevel.Grid, [Matter], null), Leader),
        ("request", new RequestAddition(Town.Code, Matter, Words(), T0 + 30.Days(), T0), Desk),
        ("request: until yesterday", new RequestAddition(Town.Code, Matter, Words(), T0, T0), Desk),
        ("request: until next year", new RequestAddition(Town.Code, Matter, Words(), T0 + 91.Days(), T0), Desk),
        ("request: outside", new RequestAddition(Town.OtherTown, Matter, Words(), T0 + 30.Days(), T0), Desk),
        ("approve", new ApproveAddition(1, null, T0), Leader),
        ("approve: after its end", new ApproveAddition(1, null, T0 + 30.Days()), Leader),
        ("approve: by who asked", new ApproveAddition(1, null, T0), Desk),
        ("approve: of another town", new ApproveAddition(1, null, T0), Neighbour),
        ("reject", new RejectAddition(1, Words()), Leader),
        ("reject: of another town", new RejectAddition(1, Words()), Neighbour),
        ("end", new EndAddition(1, Words()), Leader),
        ("end: of another town", new EndAddition(1, Words()), Neighbour),
    ];

    [Fact]
    public void Every_command_has_one_outcome_in_every_state()
    {
        var page = new StringBuilder("# What may happen to admission lists\n\nEvery state × every command: the events, *nothing* for a repeat, or the code of the refusal.\n");
        foreach (var (name, events) in States)
        {
            page.Append($"\n## {name}\n\n| command | outcome |\n|---|---|\n");
            foreach (var (way, command, by) in Commands)
                page.Append($"| {way} | {TaskDeciderTests.Outcome(AdmissionDecider.Decide(command, Fold(events), by))} |\n");
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
    }

    [Fact]
    public void Every_refusal_code_is_reachable_in_both_languages_and_no_other_is_given()
    {
        var given = from state in States
                    from command in Commands
                    let decision = AdmissionDecider.Decide(command.Command, Fold(state.Events), command.By)
                    where decision is Decision<AdmissionEvent>.Refuse
                    select ((Decision<AdmissionEvent>.Refuse)decision).Refusal.Code;

        given.Distinct().Order(StringComparer.Ordinal).ShouldBe(AdmissionRefusals.All.Keys.Order(StringComparer.Ordinal));
        AdmissionRefusals.All.Values.ShouldAllBe(words => words.Zh.Any(letter => letter >= '\u4e00' && letter <= '\u9fff') && words.En.All(letter => letter < 128));
    }

    [Fact]
    public void What_is_decided_can_be_folded()
    {
        foreach (var (_, events) in States)
        {
            foreach (var (_, command, by) in Commands)
            {
                if (AdmissionDecider.Decide(command, Fold(events), by) is Decision<AdmissionEvent>.Emit emit)
                    Should.NotThrow(() => emit.Events.Aggregate(Fold(events), (state, happened) => state.Apply(new Fact<AdmissionEvent>(happened, by, T0, T0))));
            }
        }

        Should.Throw<InvalidOperationException>(() => Fold(AdditionRequested() with { Number = 2 }));
        Should.Throw<InvalidOperationException>(() => Fold(new AdmissionAdditionApproved(1)));
    }

    [Fact]
    public void Where_nothing_was_adopted_everything_is_admitted() =>
        Ruling(AdmissionBook.Open, Town.Grid).ShouldBe(new Ruling.Admitted());

    [Fact]
    public void A_list_speaks_of_its_own_level_only()
    {
        var book = Book([Adopted()]);

        Ruling(book, Town.Grid).ShouldBeOfType<Ruling.NotAdmitted>();
        Ruling(book, Town.Village).ShouldBe(new Ruling.Admitted());
        Ruling(book, Town.Code).ShouldBe(new Ruling.Admitted());
    }

    [Fact]
    public void The_nearest_list_counts_and_a_newer_one_replaces_it()
    {
        Ruling(Book([Adopted()], new AdmissionListAdopted(Town.Village, AreaLevel.Grid, [Matter])), Town.Grid).ShouldBe(new Ruling.Admitted());
        Ruling(Book([Adopted(Matter)], new AdmissionListAdopted(Town.Village, AreaLevel.Grid, [])), Town.Grid).ShouldBeOfType<Ruling.NotAdmitted>();
        Ruling(Book([Adopted(), Adopted(Matter)]), Town.Grid).ShouldBe(new Ruling.Admitted());
    }

    [Fact]
    public void A_yard_is_judged_as_a_grid_until_yards_have_a_list_of_their_own()
    {
        Ruling(Book([Adopted()]), Town.Yard).ShouldBeOfType<Ruling.NotAdmitted>();
        Ruling(Book([Adopted(), new AdmissionListAdopted(Town.District, AreaLevel.Yard, [Matter])]), Town.Yard).ShouldBe(new Ruling.Admitted());
    }

    [Fact]
    public void An_addition_holds_inside_its_area_for_its_matter_from_approval_to_its_end_and_not_longer()
    {
        AdmissionEvent[] approved = [AdditionRequested(area: Town.Village), new AdmissionAdditionApproved(1)];

        Ruling(Book([Adopted()], approved), Town.Grid).ShouldBe(new Ruling.Admitted($"{Town.Code}/1"));
        Ruling(Book([Adopted()], approved), AreaCode.Parse("500999101002001")).ShouldBeOfType<Ruling.NotAdmitted>();
        Book([Adopted()], approved).Judge(Town.Grid, "river-pollution", Due, T0).ShouldBeOfType<Ruling.NotAdmitted>();
        Book([Adopted()], approved).Judge(Town.Grid, Matter, T0 + 60.Days(), T0 + 30.Days()).ShouldBeOfType<Ruling.NotAdmitted>();
        Book([Adopted()], approved).Judge(Town.Grid, Matter, T0 + 31.Days(), T0).ShouldBe(new Ruling.EndsBefore(T0 + 30.Days()));
        Ruling(Book([Adopted()], [.. approved, new AdmissionAdditionEnded(1, Words())]), Town.Grid).ShouldBeOfType<Ruling.NotAdmitted>();
    }

    [Fact]
    public void The_catalogue_says_of_each_tier_whether_a_matter_may_be_given_to_it_and_that_is_what_is_decided_by()
    {
        // The town's list and its villages' hold it, its grids' does not; then an urgent addition in one village.
        AdmissionEvent[] lists = [new AdmissionListAdopted(Town.District, AreaLevel.Town, [Matter]), new AdmissionListAdopted(Town.District, AreaLevel.Village, [Matter]), Adopted()];
        Tiers(Book(lists), Town.Yard).ShouldBe([(AreaLevel.Town, true, true), (AreaLevel.Village, true, true), (AreaLevel.Grid, false, true)]);
        Tiers(Book([Adopted()]), Town.Yard).ShouldBe([(AreaLevel.Town, true, false), (AreaLevel.Village, true, false), (AreaLevel.Grid, false, true)]);
        var book = Book(lists, AdditionRequested(area: Town.Village), new AdmissionAdditionApproved(1));
        book.TiersOf(Town.Grid, Matter, T0)[2].ShouldBe(new MatterTier(AreaLevel.Grid, true, true, T0 + 30.Days()));
        // For the town as a whole: what holds for all of its grids.
        Tiers(book, Town.Code)[2].ShouldBe((AreaLevel.Grid, false, true));

        foreach (var area in (AreaCode[])[Town.Code, Town.Village, Town.Grid])
            book.TiersOf(Town.Grid, Matter, T0).Single(tier => tier.Level == area.Level).Admitted.ShouldBe(book.Judge(area, Matter, T0, T0) is Ruling.Admitted);

        static IEnumerable<(AreaLevel, bool, bool)> All(AdmissionBook book, AreaCode area) => book.TiersOf(area, Matter, T0).Select(tier => (tier.Level, tier.Admitted, tier.Listed));
        static List<(AreaLevel, bool, bool)> Tiers(AdmissionBook book, AreaCode area) => [.. All(book, area)];
    }

    [Fact]
    public void A_list_says_which_revision_it_is_and_an_addition_who_decided_and_why()
    {
        var state = Fold(Adopted(Matter), Adopted(), new AdmissionListAdopted(Town.Village, AreaLevel.Grid, []), AdditionRequested(), new AdmissionAdditionRejected(1, Words("可由应急队伍完成")));

        state.Lists.Select(list => (list.Area, list.Revision, list.AdoptedBy.Actor)).ShouldBe([(Town.District, 2, Desk.Actor), (Town.Village, 1, Desk.Actor)]);
        (state.Additions[0].DecidedBy!.Actor, state.Additions[0].Answer!.Text).ShouldBe((Desk.Actor, "可由应急队伍完成"));
    }

    [Fact]
    public void What_may_be_done_with_an_addition_is_what_is_not_refused()
    {
        foreach (var (name, events) in States.Where(state => state.Events.OfType<AdmissionAdditionRequested>().Any()))
        {
            foreach (var at in (DateTimeOffset[])[T0, T0 + 30.Days()])
            {
                var state = Fold(events);
                AdmissionCommand[] all = [new ApproveAddition(1, null, at), new RejectAddition(1, Words()), new EndAddition(1, Words())];
                var happens = all.Where(command => AdmissionDecider.Decide(command, state, Leader) is Decision<AdmissionEvent>.Emit).Select(command => command.Name).ToList();
                // What has run out by itself need not be ended.
                if (at >= state.Additions[0].Until)
                    happens.Remove("end");
                AdmissionDecider.Possible(state.Additions[0], at).ShouldBe(happens, name);
            }
        }
    }

    [Fact]
    public void A_request_tells_who_may_approve_it_and_never_who_asked()
    {
        var by = new By("dispatcher", Role.Dispatcher, Town.Code);
        Notified(by).ShouldBe(["town-leader"]);
        Notified(new By("town-leader", Role.TownLeader, Town.Code)).ShouldBe(["supervisor"]);

        static IEnumerable<string> Notified(By by)
        {
            var state = Admission.None.Apply(new Fact<AdmissionEvent>(AdditionRequested(), by, T0, T0));
            return AdmissionNotices.Of(Town.Code, state, [AdditionRequested()], Town.Organization, Plan).Select(notice => notice.Person);
        }
    }

    private static Ruling Ruling(AdmissionBook book, AreaCode area) => book.Judge(area, Matter, Due, T0);

    private static Admission Fold(params AdmissionEvent[] events) => Admission.Fold(events.Select(happened => new Fact<AdmissionEvent>(happened, Desk, T0, T0)));
}
