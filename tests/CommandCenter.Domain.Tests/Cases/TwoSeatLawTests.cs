using System.Text;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using FsCheck;
using FsCheck.Fluent;
using static CommandCenter.Domain.Tests.Sample;
using Case = CommandCenter.Domain.Cases.Case;

namespace CommandCenter.Domain.Tests;

/// <summary>
/// What holds where one worker has many roles (一员多用): lives in which whoever may give a command gives it, out of any of their seats, in a town whose people hold second seats and where
/// others are vacant.
/// </summary>
public class TwoSeatLawTests
{
    /// <summary>
    /// Second seats as small towns have them: the worker of a grid is also of a post, the dispatcher sits in for the operator, the lead handles. The district's supervisor handles nothing: above
    /// them there is nobody to judge it.
    /// </summary>
    private static IReadOnlyList<(string Person, RoleAt Seat)> Seconds { get; } =
    [
        .. from person in (string[])["grid-worker", "yard-head", "secretary", "operator", "dispatcher", "economy-lead", "town-leader"] select (person, new RoleAt(Role.PostHandler, Town.Code, Sector.Economy, Town.BuildingPost)),
        .. from person in (string[])["handler", "colleague", "river-handler", "operator", "dispatcher"] select (person, new RoleAt(Role.GridWorker, Town.Grid)),
        .. from person in (string[])["handler", "dispatcher", "secretary"] select (person, new RoleAt(Role.CenterOperator, Town.Code)),
        .. from person in (string[])["handler", "operator", "town-leader"] select (person, new RoleAt(Role.Dispatcher, Town.Code)),
        ("handler", new RoleAt(Role.VillageSecretary, Town.Village)), ("handler", new RoleAt(Role.SectorLead, Town.Code, Sector.Economy)), ("handler", new RoleAt(Role.TownLeader, Town.Code)),
        ("water-officer", new RoleAt(Role.DistrictSupervisor, Town.District)), ("colleague", new RoleAt(Role.PostHandler, Town.Code, Sector.Livelihood, Town.RiverPost)),
        ("handler", new RoleAt(Role.YardHead, Town.Yard)), ("grid-worker", new RoleAt(Role.VillageSecretary, Town.Village)),
    ];

    /// <param name="Seats">Which of the second seats are held.</param>
    /// <param name="Moves">What is done, by the number of the command among the possible ones, and of the caller among those who may.</param>
    public sealed record Life(IReadOnlyList<int> Seats, IReadOnlyList<Role> Vacant, bool VillageFirst, IReadOnlyList<(int Minutes, int Choice, int Who)> Moves)
    {
        public OrganizationDirectory Organization { get; } = Town.With(Vacant, seats: [.. Seats.Distinct().Select(index => Seconds[index])], wholeNeighbour: true);

        public override string ToString()
        {
            var text = new StringBuilder($"{string.Join(", ", Seats.Select(index => $"{Seconds[index].Person} also {Seconds[index].Seat.Role} {Seconds[index].Seat.Post}"))}; vacant [{string.Join(", ", Vacant)}]{(VillageFirst ? ", the village first" : "")}");
            foreach (var (minutes, choice, who) in Moves)
                text.Append($"\n  +{minutes} min, choice {choice}, by {who}");
            return text.ToString();
        }
    }

    private static Arbitrary<Life> Any { get; } = Arb.From(
        from seats in Gen.Choose(1, 8).SelectMany(count => Gen.ArrayOf(Gen.Choose(0, Seconds.Count - 1), count))
        from vacant in Gen.SubListOf(Role.GridWorker, Role.YardHead, Role.VillageSecretary, Role.CenterOperator, Role.Dispatcher, Role.PostHandler, Role.SectorLead, Role.TownLeader)
        from village in Gen.Elements(true, false, false)
        from length in Gen.Choose(0, 22)
        from moves in Gen.ArrayOf(
            from minutes in Gen.Elements(0, 5, 40, 1500, 7 * 1440)
            from choice in Gen.Choose(0, 59)
            from who in Gen.Choose(0, 99)
            select (minutes, choice, who), length)
        select new Life(seats, [.. vacant], village, moves),
        life => Enumerable.Range(0, life.Moves.Count).Select(left => life with { Moves = [.. life.Moves.Where((_, index) => index != left)] })
            .Concat(Enumerable.Range(0, life.Seats.Count).Select(left => new Life([.. life.Seats.Where((_, index) => index != left)], life.Vacant, life.VillageFirst, life.Moves)))
            .Concat(Enumerable.Range(0, life.Vacant.Count).Select(left => new Life(life.Seats, [.. life.Vacant.Where((_, index) => index != left)], life.VillageFirst, life.Moves))));

    [Fact]
    public void An_open_case_always_has_somebody_who_knows_it_and_whose_next_step_is_taken() => ForAll(life => Live(life, world =>
    {
        if (world.State is not Case.Known { IsOpen: true } open)
            return;
        var turn = DeadlineSaga.WhoActs(open, world.Organization);

        turn.ShouldNotBeEmpty($"{open.Stage}");
        // Above the district's supervisor there is nobody: what they did themselves for want of anybody else waits until a seat is held again.
        if (turn is [{ Role: Role.DistrictSupervisor, Person: var last }] && last == open.File.CompletedBy)
            return;
        foreach (var told in turn)
            world.Organization.Callers(told.Person).ShouldContain(caller => Onwards(open).Any(command => Takes(caller, command, open, world)), $"{told} in {open.Stage}");
    }));

    [Fact]
    public void Whose_turn_it_is_was_told_since_it_is_or_brought_the_case_there_whoever_leaves() => ForAll(life =>
    {
        var knows = new WhoKnows();
        Live(life, world => knows.After(world));
    });

    [Fact]
    public void Nobody_verifies_or_rates_what_they_completed_out_of_any_of_their_seats() => ForAll(life =>
    {
        string? completer = null;
        foreach (var fact in Live(life).Facts)
        {
            switch (fact.Event)
            {
                case CaseCompleted:
                    completer = fact.By.Actor;
                    break;
                case CaseVerified or CaseReworkOrdered or CaseRated:
                    fact.By.Actor.ShouldNotBe(completer, $"{fact.Event.GetType().Name} by {fact.By}");
                    break;
                default:
                    break;
            }
        }
    });

    [Fact]
    public void Nobody_approves_what_they_asked_for_and_two_who_approve_are_two_people() => ForAll(life =>
    {
        string? asked = null;
        string? approved = null;
        foreach (var fact in Live(life).Facts)
        {
            switch (fact.Event)
            {
                case CaseExtensionRequested or CaseSuspensionRequested or CaseLatenessAppealed:
                    (asked, approved) = (fact.By.Actor, null);
                    break;
                case CaseExtensionApproved or CaseSuspensionApproved or CaseExtensionRefused or CaseSuspensionRefused or CaseAppealReviewed:
                    fact.By.Actor.ShouldNotBe(asked, $"{fact.Event.GetType().Name} by {fact.By}");
                    if (fact.Event is CaseExtensionApproved or CaseAppealReviewed)
                        fact.By.Actor.ShouldNotBe(approved);
                    approved = fact.By.Actor;
                    break;
                default:
                    break;
            }
        }
    });

    [Fact]
    public void Whoever_is_told_to_approve_may_and_somebody_is_told() => ForAll(life =>
    {
        var (before, asked) = (0, 0);
        Live(life, world =>
        {
            var told = world.Notices.Skip(before).Where(notice => notice.Sent.Kind == NoticeKind.ApprovalDue).Select(notice => notice.Person).ToList();
            before = world.Notices.Count;
            if (world.State is not Case.Known { File: var file } known || world.Facts.Skip(asked).All(fact => !Asks(fact.Event)) || file.Town != Town.Code)
                return;
            asked = world.Facts.Count;
            var command = file.Extension is not null ? "approve-extension" : file.Suspension is { IsAsked: true } ? "approve-suspension" : "review-appeal";
            // Lives ask and approve what has run out meanwhile as if it were a moment earlier: then it is too late for anybody.
            if (command == "approve-extension" && file.Clocks[Clock.Handle] is { IsDueKnown: true } running && running.DueAt <= world.Facts[^1].RecordedAt)
                return;
            // Where seats are vacant nobody may be left who neither asked nor approved.
            if (world.Organization.People.SelectMany(person => world.Organization.Callers(person.Id)).Any(caller => Takes(caller, command, known, world)))
                told.ShouldNotBeEmpty(command);
            foreach (var person in told)
                world.Organization.Callers(person).ShouldContain(caller => Takes(caller, command, known, world), $"{person} for {command} in {known.Stage}");
        });
    });

    private static bool Asks(CaseEvent happened) =>
        happened is CaseExtensionRequested or CaseExtensionApproved { Granted: false } or CaseSuspensionRequested or CaseLatenessAppealed or CaseAppealReviewed { Review: 1, Upheld: true };

    [Fact]
    public void The_second_approval_goes_to_another_than_the_first_and_one_of_the_seat_above_where_the_lead_asks()
    {
        CaseEvent[] asked = [Reported(), Filed(), Dispatched(), HandleStarted(), Claimed(), ExtensionRequested()];
        var leaderFirst = Cases.Fold(asked).Apply(new Fact<CaseEvent>(ExtensionApproved(), Town.Leader, T0, T0));
        ToApprove(leaderFirst, ExtensionApproved(), Town.With([Role.SectorLead])).ShouldBe(["supervisor"]);
        ToApprove(leaderFirst, ExtensionApproved(), Town.Organization).ShouldBe(["economy-lead"]);

        var byLead = Cases.Fold(asked[..^1]).Apply(new Fact<CaseEvent>(ExtensionRequested(), Town.Lead with { Role = Role.PostHandler }, T0, T0));
        ToApprove(byLead, ExtensionRequested(), Town.Organization).ShouldBe(["town-leader"]);
    }

    private static IReadOnlyList<string> ToApprove(Case state, CaseEvent happened, OrganizationDirectory organization) =>
        [.. DeadlineSaga.React(CaseId, state, [happened], T0, Policies, organization, Plan).Notices.Where(notice => notice.Sent.Kind == NoticeKind.ApprovalDue).Select(notice => notice.Person)];

    [Fact]
    public void The_lives_complete_verify_and_rate_by_people_of_two_seats_so_that_the_laws_say_something()
    {
        var done = new HashSet<(string Event, Role Role)>();
        var (tried, lives) = (0, 0);
        ForAll(life =>
        {
            lives++;
            var world = Live(life);
            done.UnionWith(world.Facts.Where(fact => life.Seats.Any(index => Seconds[index].Person == fact.By.Actor)).Select(fact => (fact.Event.GetType().Name, fact.By.Role)));
            // A completer who would verify by another seat is what the rule is for.
            tried += world.Facts.Count(fact => fact.Event is CaseCompleted && life.Organization.Callers(fact.By.Actor).Any(caller => caller.Seat.Role is Role.GridWorker or Role.CenterOperator or Role.Dispatcher));
        });

        done.ShouldContain((nameof(CaseCompleted), Role.PostHandler));
        done.ShouldContain((nameof(CaseVerified), Role.GridWorker));
        done.ShouldContain((nameof(CaseRated), Role.CenterOperator));
        done.ShouldContain((nameof(CaseExtensionApproved), Role.TownLeader));
        tried.ShouldBeGreaterThan(lives / 20);
    }

    /// <summary>The commands that bring a case on from where it lies.</summary>
    internal static string[] Onwards(Case.Known open) => open switch
    {
        Case.Assessing => ["pass-up", "settle"],
        Case.Reported => ["file"],
        Case.Checking => ["report-check", "recall"],
        Case.Transferring => ["accept-transfer"],
        Case.Filed => ["dispatch"],
        Case.Dispatched => ["claim", "recall"],
        Case.Handling => ["complete", "recall", "finish-subtask"],
        Case.Completed => ["verify"],
        Case.Verified => ["rate", Closing(open)],
        _ => open.File.Rating?.Result == FixResult.NotFixed ? ["dispatch"] : [Closing(open)],
    };

    // Who had it watched is answered before it is closed.
    private static string Closing(Case.Known open) => open.File.Supervision is { Answered: false } ? "answer-supervision" : "close";

    /// <summary>Whether a command would be taken from this seat, whatever it is about; a verification of the center comes with a photo.</summary>
    private static bool Takes(Caller caller, string name, Case.Known open, World world) => CommandOf(caller, name, open, world) is not null;

    /// <summary>The command as it would be taken from this seat; null when it would not be.</summary>
    internal static CaseCommand? CommandOf(Caller caller, string name, Case.Known open, World world)
    {
        if (!CaseAccess.May(caller, name, open) || (name == "finish-subtask" && !open.File.UnfinishedSubtasks.Any()))
            return null;
        var command = name == "verify" ? new VerifyCase(true, null, [Photo])
            // What the post sent back goes elsewhere.
            : name == "dispatch" ? new DispatchCase(Sector.Economy, (Unit[])[Town.BuildingUnit, Town.RiverUnit, Unit.OfGrid(Town.Grid), Unit.OfVillage(Town.Village)] is var units && units.Cast<Unit?>().FirstOrDefault(unit => !open.File.WasSentBackBy(unit!.Value)) is { } unit ? unit : Town.BuildingUnit, null)
            : LegalLife.Command(name, 1, world.Facts[^1].RecordedAt, open.File);
        // As the host gives it: with who else is there.
        command = command switch
        {
            ReviewAppeal review => review with { Bench = CaseAccess.BenchFor(name, open, world.Organization) },
            ApproveExtension approve => approve with { Bench = CaseAccess.BenchFor(name, open, world.Organization) },
            _ => command,
        };
        return CaseDecider.Decide(command, open, caller.By) is Decision<CaseEvent>.Emit ? command : null;
    }

    private static World Live(Life life, Action<World>? afterEachMove = null)
    {
        var world = new World(Policies, life.Organization);
        var now = T0;
        world.Do(life.VillageFirst ? new ReportCase(ReportedToVillage()) : Report(), Town.GridWorker, now);
        afterEachMove?.Invoke(world);
        foreach (var (minutes, choice, who) in life.Moves)
        {
            now += minutes.Minutes();
            world.Until(now);
            // Now and then somebody leaves for good; above the district's supervisor there is nobody.
            if (choice % 12 == 11 && world.Organization.People.Where(person => person.Id != "supervisor").ToList() is { Count: > 1 } others)
            {
                world.Leave(others[who % others.Count].Id, now);
                afterEachMove?.Invoke(world);
            }

            var people = world.Organization.People.SelectMany(person => world.Organization.Callers(person.Id)).ToList();
            var file = (world.State as Case.Known)?.File;
            var ways = CaseDecider.Possible(world.State).Where(name => LegalLife.HasWhere(name, file)).ToList();
            // Along the loop for the most part, so that lives come to an end.
            var along = ways.Where(LegalLife.Loop.Contains).ToList();
            var name = choice % 4 > 0 && ways.FirstOrDefault(way => way.StartsWith("approve-", StringComparison.Ordinal) || way == "review-appeal") is { } asked ? asked
                : along.Count > 0 && choice % 3 > 0 ? along[choice % along.Count] : ways.Count > 0 ? ways[choice % ways.Count] : null;
            if (name is not null)
            {
                var command = name == "verify" && choice % 4 > 0 ? new VerifyCase(true, null, [Photo]) : LegalLife.Command(name, choice, now, file);
                var callers = people.Where(caller => CaseAccess.May(caller, name, world.State) && CaseDecider.Decide(command, world.State, caller.By) is Decision<CaseEvent>.Emit).ToList();
                if (callers.Count > 0)
                    world.Do(command, callers[who % callers.Count].By, now).ShouldBeOfType<Decision<CaseEvent>.Emit>($"{name} was possible");
            }

            afterEachMove?.Invoke(world);
        }

        return world;
    }

    private static void ForAll(Action<Life> law) => Laws.ForAll(300, 3_000, (20261201, 405), Any, law);
}
