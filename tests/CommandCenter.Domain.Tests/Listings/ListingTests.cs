using System.Text;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Listings;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>Listed supervision: who supervises, until when, how it climbs by its own limit, and how the plate comes down.</summary>
public class ListingTests
{
    private static readonly DateTimeOffset Due = T0 + 10.Days();
    private static readonly Attachment Proof = new(Photo, MediaKind.Document, "application/pdf", 1_234, "sealed:1:00112233445566778899aabbccddeeff:AAECAwQFBgcICQoLDA0ODw");

    private static readonly OrganizationDirectory Organization = Town.With(added:
    [
        Town.Holder("district-leader", new RoleAt(Role.DistrictLeader, Town.District)),
        Town.Holder("district-secretary", new RoleAt(Role.DistrictSecretary, Town.District)),
    ]);

    public static IReadOnlyList<(string State, ListingEvent[] Events)> States { get; } =
    [
        ("Never listed", []),
        ("Listed 挂牌督办中", [Opened()]),
        ("Listed, raised to the main leader", [Opened(), Step("main-leader", 15, raised: true)]),
        ("Lifted 已摘牌", [Opened(), new ListingLifted(Words("已修复"))]),
    ];

    public static IReadOnlyList<(string Way, ListingCommand Command)> Commands { get; } =
    [
        ("open, by itself", Open(ListingReason.HardLimit)),
        ("open, by hand", Open(ListingReason.ByHand)),
        ("open: a case that ended", Open(ListingReason.ByHand) with { IsOpen = false }),
        ("report", new ReportListing(Words("施工队已进场"))),
        ("lift", new LiftListing(Words("已修复"), true) { Attachments = [Proof] }),
        ("lift: without an attachment", new LiftListing(Words("已修复"), true)),
        ("lift: the work is not done", new LiftListing(Words("已修复"), false) { Attachments = [Proof] }),
    ];

    [Fact]
    public void Every_command_has_one_outcome_in_every_state()
    {
        var page = new StringBuilder("# What may happen to a case's listing for supervision\n\nEvery state × every command: the events, *nothing* for a repeat, or the code of the refusal.\n");
        foreach (var (name, events) in States)
        {
            var state = Fold(events);
            page.Append($"\n## {name}\n\nPossible: {string.Join(", ", ListingDecider.Possible(state))}.\n\n| command | outcome |\n|---|---|\n");
            foreach (var (way, command) in Commands)
            {
                page.Append($"| {way} | {ListingDecider.Decide(command, state) switch
                {
                    Decision<ListingEvent>.Emit emit => string.Join(", ", emit.Events.Select(Json.Named)),
                    Decision<ListingEvent>.Refuse { Refusal.Code: var code } => $"refused: `{code}`",
                    _ => "*nothing*",
                }} |\n");
            }
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
    }

    [Fact]
    public void Every_refusal_code_is_reachable_and_what_is_possible_is_what_can_happen()
    {
        var decisions = (from state in States from way in Commands select (state.State, way.Command.Name, Decision: ListingDecider.Decide(way.Command, Fold(state.Events)))).ToList();

        decisions.Select(row => row.Decision).OfType<Decision<ListingEvent>.Refuse>().Select(refuse => refuse.Refusal.Code).Distinct().Order(StringComparer.Ordinal)
            .ShouldBe(ListingRefusals.All.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, events) in States)
        {
            ListingDecider.Possible(Fold(events)).Order(StringComparer.Ordinal)
                .ShouldBe(decisions.Where(row => row.State == name && row.Decision is Decision<ListingEvent>.Emit).Select(row => row.Name).Distinct().Order(StringComparer.Ordinal), name);
        }
    }

    [Fact]
    public void What_cannot_follow_is_no_life_of_a_listing()
    {
        foreach (var happened in (ListingEvent[])[new ListingProgressed(Words()), Step("overdue", 10), new ListingLifted(Words()), Opened(2)])
            Should.Throw<InvalidOperationException>(() => Fold(happened), happened.GetType().Name);
        Should.Throw<InvalidOperationException>(() => Fold(Opened(), Opened(2)));
        Fold(Opened(), new ListingLifted(Words()), Opened(2)).Rounds.ShouldBe(2);
    }

    [Fact]
    public void One_matter_late_three_times_in_one_town_is_concentrated_and_the_district_s_main_leader_supervises_it()
    {
        var rules = SupervisionRules.Standard;
        rules.GradeOf(2).ShouldBe(ListingGrade.General);
        rules.GradeOf(3).ShouldBe(ListingGrade.Concentrated);
        rules.LimitOf(ListingGrade.General).ShouldBe(new Limit(10, TimeUnit.NaturalDays));
        rules.LimitOf(ListingGrade.Concentrated).ShouldBe(new Limit(15, TimeUnit.NaturalDays));

        ListingSaga.Supervisors(ListingGrade.General, Sector.Economy, Organization).Select(told => told.Person).ShouldBe(["district-leader"]);
        ListingSaga.Supervisors(ListingGrade.Concentrated, Sector.Economy, Organization).Select(told => told.Person).ShouldBe(["district-secretary"]);
        // A vacant seat leaves no listing without anybody who may lift it.
        ListingSaga.Supervisors(ListingGrade.General, Sector.Economy, Town.Organization).Select(told => (told.Person, told.Reason)).ShouldBe([("supervisor", RecipientReason.VacancyAbove)]);
        Town.Organization.Callers("supervisor").Any(caller => ListingAccess.May(caller, "lift", Fold(Opened()))).ShouldBeTrue();
        Organization.Callers("supervisor").Any(caller => ListingAccess.May(caller, "lift", Fold(Opened()))).ShouldBeFalse();
    }

    [Fact]
    public void The_leader_in_charge_of_the_sector_supervises_and_lifts_and_a_leader_without_a_sector_has_all()
    {
        var divided = Town.With(added:
        [
            Town.Holder("leader-of-economy", new RoleAt(Role.DistrictLeader, Town.District, Sector.Economy)),
            Town.Holder("leader-of-livelihood", new RoleAt(Role.DistrictLeader, Town.District, Sector.Livelihood)),
        ]);
        Supervisors(Sector.Economy, divided).ShouldBe(["leader-of-economy"]);
        Supervisors(Sector.Livelihood, divided).ShouldBe(["leader-of-livelihood"]);
        Supervisors(Sector.SafetyAndLaw, divided).ShouldBe(["supervisor"], "nobody is in charge of it");
        ListingSaga.Supervisors(ListingGrade.Concentrated, Sector.SafetyAndLaw, divided).Select(told => told.Person).ShouldBe(["supervisor"]);
        MayLift("leader-of-economy", Sector.Economy).ShouldBeTrue();
        MayLift("leader-of-livelihood", Sector.Economy).ShouldBeFalse();
        MayLift("supervisor", Sector.SafetyAndLaw).ShouldBeTrue("who is told of a vacancy may act in it");
        MayLift("supervisor", Sector.Economy).ShouldBeFalse();

        var whole = Town.With(added: [Town.Holder("leader-of-economy", new RoleAt(Role.DistrictLeader, Town.District, Sector.Economy)), Town.Holder("leader-of-all", new RoleAt(Role.DistrictLeader, Town.District))]);
        Supervisors(Sector.Economy, whole).ShouldBe(["leader-of-all", "leader-of-economy"]);
        Supervisors(Sector.PartyBuilding, whole).ShouldBe(["leader-of-all"]);

        static IEnumerable<string> Supervisors(Sector sector, OrganizationDirectory organization) => ListingSaga.Supervisors(ListingGrade.General, sector, organization).Select(told => told.Person);

        bool MayLift(string person, Sector sector) => divided.Callers(person).Any(caller => ListingAccess.May(caller, "lift", Fold(Opened() with { Sector = sector })));
    }

    [Fact]
    public void Only_whoever_supervises_it_takes_the_plate_down_and_once_it_was_raised_only_the_main_leader()
    {
        Organization.Callers("district-leader").Any(caller => ListingAccess.May(caller, "lift", Fold(Opened()))).ShouldBeTrue();
        Organization.Callers("district-secretary").Any(caller => ListingAccess.May(caller, "lift", Fold(Opened()))).ShouldBeFalse();
        var raised = Fold(Opened(), Step("main-leader", 15, raised: true));
        Organization.Callers("district-leader").Any(caller => ListingAccess.May(caller, "lift", raised)).ShouldBeFalse();
        Organization.Callers("district-secretary").Any(caller => ListingAccess.May(caller, "lift", raised)).ShouldBeTrue();
        Organization.Callers("town-leader").Any(caller => ListingAccess.May(caller, "lift", Fold(Opened()))).ShouldBeFalse();
    }

    [Fact]
    public void Each_role_may_do_its_part_at_its_own_place_only()
    {
        var listed = (Listing.Known)Fold(Opened());
        var page = new StringBuilder("# Who may do what with a listing for supervision\n\nA general listing in the town. *Personal* are the sealed spans of its texts and its files.\n\n| role | place | list | see | personal | open | report | lift |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var role in Enum.GetValues<Role>())
        {
            foreach (var (name, place) in ((string, AreaCode)[])[("the town", Town.Code), ("another town", Town.OtherTown), ("the district", Town.District)])
            {
                var caller = new Caller("somebody", new RoleAt(role, place));
                bool[] may =
                [
                    ListingAccess.MayList(caller, Town.Code), ListingAccess.MaySee(caller, listed.File), ListingAccess.MaySeePersonalData(caller, listed.File), ListingAccess.MayOpen(caller, Town.Grid),
                    ListingAccess.May(caller, "report", listed), ListingAccess.May(caller, "lift", listed),
                ];
                page.Append($"| {role} | {name} | {string.Join(" | ", may.Select(one => one ? "✓" : ""))} |\n");
            }
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
        ListingAccess.May(Town.As("supervisor", Role.DistrictSupervisor, Town.District), "erase", listed).ShouldBeFalse();
    }

    [Fact]
    public void A_listing_is_told_of_warned_of_three_days_before_its_limit_and_climbs_to_the_main_leader_five_days_after()
    {
        var life = new List<ListingEvent> { Opened() };
        var opened = ListingSaga.React(CaseId, Fold([.. life]), [Opened()], Policies, Organization, Plan);
        opened.Notices.Select(notice => (notice.Person, notice.Sent.Kind)).ShouldBe(
            [("district-leader", NoticeKind.ListingOpened), ("town-leader", NoticeKind.ListingOpened)], ignoreOrder: true);
        opened.Timers.ShouldBe([new SagaTimer("warning", 1, Due - 3.Days())]);

        Fire("warning", Due - 3.Days()).ShouldBe((NoticeKind.ListingDue, "district-leader", null));
        Fire("overdue", Due).ShouldBe((NoticeKind.ListingOverdue, "district-leader", null));
        Fire("main-leader", Due + 5.Days()).ShouldBe((NoticeKind.ListingOverdue, "district-secretary", true));
        Fold([.. life]).ShouldBeOfType<Listing.Listed>().File.SupervisorRole.ShouldBe(Role.DistrictSecretary);

        (NoticeKind, string, bool?) Fire(string step, DateTimeOffset at)
        {
            var reaction = ListingSaga.OnTimer(CaseId, Fold([.. life]), step, 1, at, at, Policies, Organization, Plan);
            var taken = reaction.Events.ShouldHaveSingleItem().ShouldBeOfType<ListingStepTaken>();
            (taken.StepDueAt, taken.FiredAt, taken.Step).ShouldBe((at, at, step));
            life.Add(taken);
            return (reaction.Notices[0].Sent.Kind, taken.Told[0].Person, taken.Raised);
        }
    }

    [Fact]
    public void Steps_missed_in_a_standstill_are_taken_one_after_the_other_with_when_they_were_due_and_are_told_as_missed()
    {
        var back = Due + 30.Days();
        var state = Fold(Opened());
        List<(string, DateTimeOffset, DateTimeOffset)> taken = [];
        foreach (var (step, due) in ((string, DateTimeOffset)[])[("warning", Due - 3.Days()), ("overdue", Due), ("main-leader", Due + 5.Days())])
        {
            var reaction = ListingSaga.OnTimer(CaseId, state, step, 1, due, back, Policies, Organization, Plan);
            // The warning was overtaken: it is on record, and nobody is told of it.
            (reaction.Notices.Count > 0).ShouldBe(step != "warning");
            reaction.Notices.ShouldAllBe(notice => notice.Sent.MissedAt == due);
            var happened = reaction.Events.ShouldHaveSingleItem().ShouldBeOfType<ListingStepTaken>();
            taken.Add((happened.Step, happened.StepDueAt, happened.FiredAt));
            state = state.Apply(new Fact<ListingEvent>(happened, ListingSaga.Engine(Town.Code), back, back));
        }

        taken.ShouldBe([("warning", Due - 3.Days(), back), ("overdue", Due, back), ("main-leader", Due + 5.Days(), back)]);
    }

    [Fact]
    public void A_late_timer_of_a_listing_that_was_lifted_or_of_an_earlier_round_decides_nothing_and_lifting_takes_the_timer_along()
    {
        ListingEvent[] lifted = [Opened(), new ListingLifted(Words())];
        Silent(Fold(lifted), "warning", 1);
        Silent(Fold([.. lifted, Opened(2)]), "warning", 1);
        Silent(Fold(Opened()), "overdue", 1);
        ListingSaga.React(CaseId, Fold(lifted), [lifted[1]], Policies, Organization, Plan).Timers.ShouldBe([new SagaTimer("warning", 1, null)]);

        static void Silent(Listing state, string step, int attempt) =>
            ListingSaga.OnTimer(CaseId, state, step, attempt, Due, Due, Policies, Organization, Plan).IsEmpty.ShouldBeTrue();
    }

    [Theory]
    [InlineData("concentratedCases", "1", "2 to 100")]
    [InlineData("withinDays", "0", "1 to 366")]
    [InlineData("general", """{"amount":0,"unit":"natural_days"}""", "positive")]
    [InlineData("general", """{"amount":3,"unit":"natural_days"}""", "before the case is listed")]
    [InlineData("general", """{"amount":367,"unit":"natural_days"}""", "at most a year")]
    [InlineData("concentrated", """{"amount":251,"unit":"working_days"}""", "at most a year")]
    [InlineData("steps", """[{"name":"overdue","offset":{"amount":0,"unit":"natural_days"}},{"name":"later","offset":{"amount":2000,"unit":"working_days"}}]""", "at most a year from the limit")]
    [InlineData("steps", "[]", "climb to nobody")]
    [InlineData("steps", """[{"name":"overdue","offset":{"amount":0,"unit":"natural_days"}},{"name":"overdue","offset":{"amount":1,"unit":"natural_days"}}]""", "same name")]
    [InlineData("steps", """[{"name":"later","offset":{"amount":2,"unit":"natural_days"}},{"name":"overdue","offset":{"amount":0,"unit":"natural_days"}}]""", "order of their instants")]
    [InlineData("steps", """[{"name":"early","offset":{"amount":-1,"unit":"natural_days"},"raise":true},{"name":"overdue","offset":{"amount":0,"unit":"natural_days"}}]""", "not before")]
    public void Rules_that_cannot_be_meant_are_refused_with_their_line(string member, string value, string error)
    {
        var lines = RepositoryFiles.Read("src", "CommandCenter.Host", "Deadlines", "policies", "default-2.json").Split('\n');
        var line = Array.FindIndex(lines, text => text.StartsWith("  \"supervision\":", StringComparison.Ordinal));
        var rules = System.Text.Json.Nodes.JsonNode.Parse($"{{{lines[line].TrimEnd(',')}}}")!["supervision"]!;
        rules[member] = System.Text.Json.Nodes.JsonNode.Parse(value);
        lines[line] = $"  \"supervision\": {rules.ToJsonString()},";

        DeadlinePolicyReader.Read(string.Join('\n', lines)).Errors.ShouldContain(text => text.StartsWith($"line {line + 1}: ", StringComparison.Ordinal) && text.Contains(error, StringComparison.Ordinal));
    }

    [Fact]
    public void The_shipped_policy_says_the_standard_rules_out_loud() =>
        Json.Of((object)DeadlinePolicyReader.Read(RepositoryFiles.Read("src", "CommandCenter.Host", "Deadlines", "policies", "default-2.json")).Policy!.Supervision!)
            .ShouldBe(Json.Of((object)SupervisionRules.Standard));

    [Fact]
    public void Its_row_agrees_with_its_fold_and_survives_being_stored()
    {
        ListingEvent[] life = [Opened(), new ListingProgressed(Words("施工队已进场")), new ListingRecounted(T0, Due + 1.Days(), 3, 0, true, true), Step("warning", 7), Step("main-leader", 15, raised: true), new ListingLifted(Words()), Opened(2)];
        ListingSummary? row = null;
        for (var version = 1; version <= life.Length; version++)
        {
            var fact = new Fact<ListingEvent>(life[version - 1], Town.Supervisor, T0, T0 + version.Hours());
            row = Json.Read<ListingSummary>(Json.Of((object)ListingSummary.Apply(row, CaseId, version, fact)));
            ListingSummary.Apply(row, CaseId, version, fact).ShouldBe(row);
            var file = ((Listing.Known)Fold(life[..version])).File;
            (row.Stage, row.Grade, row.Opened.Round, row.Steps, row.DueAt, row.Provisional, row.WasLate).ShouldBe(
                (Fold(life[..version]).Stage!.Value, file.Grade, file.Opened.Round, file.NextStep, file.DueAt, file.IsProvisional, file.WasLate));
        }

        Should.Throw<InvalidOperationException>(() => ListingSummary.Apply(null, CaseId, 1, new Fact<ListingEvent>(life[1], Town.Supervisor, T0, T0)));
        Should.Throw<InvalidOperationException>(() => ListingSummary.Apply(null, CaseId, 2, new Fact<ListingEvent>(life[0], Town.Supervisor, T0, T0)));
    }

    [Fact]
    public void The_calendar_of_a_year_makes_the_provisional_limit_of_a_listing_final_and_sets_its_timers_anew()
    {
        // Given a listing of three working days over a New Year that is not announced,
        var opened = Provisional();
        var listed = Fold(opened);
        opened.DueAt.ShouldBe(Local("2027-01-05T10:20"), "New Year's Day is derived as three days");

        // when the year is announced with another day off,
        var recounted = ListingSaga.Recount(listed, OfYear, NewYear + 1.Hours(), Announced, Organization);

        // then it is due a day later, for good, and its next step comes with it.
        recounted.Events.ShouldBe([new ListingRecounted(NewYear + 1.Hours(), Local("2027-01-06T10:20"), 3, 0)]);
        recounted.Timers.ShouldBe([new SagaTimer("warning", 1, null), new SagaTimer("warning", 100_001, Local("2027-01-05T10:20"))]);
        recounted.Notices.ShouldBeEmpty();
        var after = ((Listing.Listed)With(listed, recounted.Events[0])).File;
        (after.DueAt, after.IsProvisional, after.WasLate, ((Listing.Known)listed).File.IsProvisional).ShouldBe((Local("2027-01-06T10:20"), false, false, true));
        ListingSaga.OnTimer(CaseId, With(listed, recounted.Events[0]), "warning", 1, NewYear, NewYear, Announced, Organization, Plan).IsEmpty.ShouldBeTrue("that timer was set before");
        ListingSaga.Recount(With(listed, recounted.Events[0]), OfYear, NewYear + 2.Hours(), Announced, Organization).IsEmpty.ShouldBeTrue("asked again after a crash it does nothing");
    }

    [Fact]
    public void Only_a_listing_of_working_time_in_that_year_is_counted_anew_and_only_by_a_calendar()
    {
        Counted(Provisional()).ShouldBeTrue();
        Counted(Opened() with { Limit = new Limit(6, TimeUnit.NaturalDays), ListedAt = NewYear, DueAt = NewYear + 6.Days() }).ShouldBeFalse("natural days rest on no calendar");
        Counted(Provisional() with { ListedAt = Local("2026-07-01T10:20"), DueAt = Local("2026-07-06T10:20") }).ShouldBeFalse("it is due long before");
        Counted(Provisional(), new PolicyRecount(3, RecountCause.Policy, NewYear)).ShouldBeFalse("its limit stands on the plate");
        ListingSaga.Recount(Fold(Provisional(), new ListingLifted(Words())), OfYear, NewYear + 1.Hours(), Announced, Organization).IsEmpty.ShouldBeTrue("the plate is down");
        ListingSaga.Recount(Listing.None, OfYear, NewYear + 1.Hours(), Announced, Organization).IsEmpty.ShouldBeTrue();

        // A limit of natural days whose steps count working days keeps its end, and its step moves.
        var stepped = Fold(Opened() with { Policy = "stepped", ListedAt = Local("2026-12-21T10:20"), DueAt = Local("2026-12-31T10:20") });
        var moved = ListingSaga.Recount(stepped, OfYear, Local("2026-12-30T09:00"), Announced, Organization);
        moved.Events.ShouldHaveSingleItem().ShouldBeOfType<ListingRecounted>().DueAt.ShouldBe(Local("2026-12-31T10:20"));

        bool Counted(ListingOpened opened, PolicyRecount? recount = null) => !ListingSaga.Recount(Fold(opened), recount ?? OfYear, NewYear + 1.Hours(), Announced, Organization).IsEmpty;
    }

    [Fact]
    public void A_new_limit_of_a_listing_is_warned_of_anew_and_what_was_late_stays_late()
    {
        // Given a listing that was warned of: by the new calendar its warning lies ahead again.
        var opened = Provisional();
        var warned = Fold(opened, new ListingStepTaken("warning", opened.DueAt, Local("2027-01-04T10:20"), Local("2027-01-04T10:20"), []));
        var again = ListingSaga.Recount(warned, OfYear, Local("2027-01-04T11:00"), Announced, Organization);
        again.Events.ShouldHaveSingleItem().ShouldBeOfType<ListingRecounted>().ShouldSatisfyAllConditions(e => e.NextStep.ShouldBe(0), e => e.Late.ShouldBeNull());
        again.Timers.ShouldBe([new SagaTimer("overdue", 1, null), new SagaTimer("warning", 100_001, Local("2027-01-05T10:20"))]);

        // Given one whose limit has passed: nothing is told twice, it goes on to climb, and it stays late though its new limit lies ahead.
        var late = Fold(opened, new ListingStepTaken("warning", opened.DueAt, opened.DueAt - 1.Days(), opened.DueAt - 1.Days(), []), new ListingStepTaken("overdue", opened.DueAt, opened.DueAt, opened.DueAt, []));
        var climbing = ListingSaga.Recount(late, OfYear, opened.DueAt + 1.Hours(), Announced, Organization);
        climbing.Events.ShouldHaveSingleItem().ShouldBeOfType<ListingRecounted>().ShouldSatisfyAllConditions(e => e.NextStep.ShouldBe(2), e => e.Late.ShouldBe(true), e => e.DueAt.ShouldBe(Local("2027-01-06T10:20")));
        climbing.Timers.ShouldBe([new SagaTimer("main-leader", 1, null), new SagaTimer("main-leader", 100_001, Local("2027-01-07T10:20"))]);
        ((Listing.Known)With(late, climbing.Events[0])).File.IsLateAt(opened.DueAt + 1.Hours()).ShouldBeTrue();
        ((Listing.Known)With(warned, again.Events[0])).File.IsLateAt(opened.DueAt + 1.Hours()).ShouldBeFalse();
    }

    [Fact]
    public void A_notice_of_a_listing_that_was_lifted_asks_for_nothing_any_more()
    {
        var sent = new NoticeSent(NoticeKind.ListingOverdue, $"listing:{CaseId}", Role.DistrictLeader, RecipientReason.Holder);
        NoticeClaim.Of(sent, Fold(Opened())).ShouldBe(NoticeClaim.Holds);
        NoticeClaim.Of(sent, Fold(Opened(), new ListingLifted(Words()))).ShouldBe(NoticeClaim.Gone);
    }

    private static readonly DateTimeOffset NewYear = Local("2026-12-30T10:20");

    private static readonly PolicyRecount OfYear = new(3, RecountCause.Calendar, NewYear, [2027]);

    private static readonly Limit ThreeDays = new(3, TimeUnit.WorkingDays);

    private static readonly SupervisionRules InWorkingDays = new(3, 90, ThreeDays, ThreeDays, [Step(-1, "warning"), Step(0, "overdue"), Step(1, "main-leader", true)]);

    private static readonly DeadlinePolicy Stepped = Policy with { Version = "stepped", Supervision = InWorkingDays with { General = new Limit(10, TimeUnit.NaturalDays) } };

    private static PolicyBook Announced { get; } = new(Policy with { Version = "working", Supervision = InWorkingDays }, [Policy, Stepped], PolicyTests.With(PolicyTests.Announced2027()));

    private static ListingOpened Provisional() => Opened() with { Policy = "working", Limit = ThreeDays, ListedAt = NewYear, DueAt = Local("2027-01-05T10:20"), Provisional = true };

    private static SupervisionStep Step(int days, string name, bool raise = false) => new(name, new Limit(days, TimeUnit.WorkingDays), raise ? true : null);

    private static Listing With(Listing state, ListingEvent happened) => state.Apply(new Fact<ListingEvent>(happened, ListingSaga.Engine(Town.Code), NewYear, NewYear));

    private static Listing Fold(params ListingEvent[] events) =>
        Listing.Fold(events.Select((happened, index) => new Fact<ListingEvent>(happened, Town.Supervisor, T0 + index.Hours(), T0 + index.Hours())));

    private static ListingOpened Opened(int round = 1) => new(
        round, Town.Code, "road-damage", Sector.Economy, ListingReason.HardLimit, ListingGrade.General, 1, new Limit(10, TimeUnit.NaturalDays), T0, Due, "default-1", []);

    private static ListingStepTaken Step(string name, int day, bool raised = false) => new(name, Due, T0 + day.Days(), T0 + day.Days(), [], raised ? true : null);

    private static OpenListing Open(ListingReason reason) => new(
        Town.Code, "road-damage", Sector.Economy, true, reason, ListingGrade.General, 1, new Limit(10, TimeUnit.NaturalDays), T0, Due, "default-1", []);
}
