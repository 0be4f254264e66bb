using System.Text;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using FsCheck;
using FsCheck.Fluent;
using static CommandCenter.Domain.Tests.Sample;
using static CommandCenter.Domain.Tests.WhistleSample;

namespace CommandCenter.Domain.Tests;

/// <summary>One thing done to a whistle: after how many minutes, which of the possible ways, and with which of its choices.</summary>
public sealed record WhistleMove(int Minutes, int Way, int Choice);

/// <summary>A random but legal life of a whistle: whoever acts is somebody of the organization who may, and every command is one that the state calls possible.</summary>
public sealed record WhistleLife(IReadOnlyList<WhistleMove> Moves, IReadOnlyList<Role> Vacant, bool ByTheCenter, IReadOnlyList<Person> Added)
{
    /// <summary>Second officers of a unit, and people with two seats.</summary>
    private static readonly Person[] Others =
    [
        Town.Holder("water-officer-2", Water),
        Town.Holder("worker-and-officer", new RoleAt(Role.GridWorker, Town.Grid), Water),
        Town.Holder("secretary-and-handler", new RoleAt(Role.VillageSecretary, Town.Village), new RoleAt(Role.PostHandler, Town.Code, Sector.Economy, Town.BuildingPost)),
        Town.Holder("operator-and-officer", new RoleAt(Role.CenterOperator, Town.Code), Water),
        Town.Holder("two-posts", new RoleAt(Role.PostHandler, Town.Code, Sector.Economy, Town.BuildingPost), new RoleAt(Role.PostHandler, Town.Code, Sector.Livelihood, Town.RiverPost)),
    ];

    public static Arbitrary<WhistleLife> Any { get; } = Arb.From(
        from length in Gen.Choose(0, 40)
        from moves in Gen.ArrayOf(
            from minutes in Gen.Elements(0, 1, 10, 60, 600)
            from way in Gen.Choose(0, 1000)
            from choice in Gen.Choose(0, 11)
            select new WhistleMove(minutes, way, choice), length)
        from vacant in Gen.SubListOf(Role.GridWorker, Role.VillageSecretary, Role.CenterOperator, Role.Dispatcher, Role.PostHandler, Role.Department, Role.SectorLead, Role.TownLeader)
        from center in Gen.Elements(true, false)
        from added in Gen.SubListOf(Others)
        select new WhistleLife(moves, [.. vacant], center, [.. added]),
        life => Enumerable.Range(0, life.Moves.Count).Select(left => life with { Moves = [.. life.Moves.Where((_, index) => index != left)] })
            .Concat(life.Vacant.Count > 0 ? [life with { Vacant = [] }] : [])
            .Concat(life.Added.Count > 0 ? [life with { Added = [] }] : []));

    private static RoleAt Water => new(Role.Department, Town.District, Department: Town.WaterDepartment);

    /// <summary>Checks a law over many lives.</summary>
    public static void ForAll(Action<WhistleLife> law) =>
        Laws.ForAll(200, 5_000, (20260317, 611), Any, law);

    /// <summary>Lives the life; after every move the world may be looked at.</summary>
    /// <param name="telling">Looks at every notice in the moment in which it is told.</param>
    public WhistleWorld Live(Action<WhistleWorld>? afterEachMove = null, Action<WhistleWorld, Notice>? telling = null)
    {
        var world = new WhistleWorld(Town.With(Vacant, Added), ByTheCenter ? Town.Dispatcher : Whistler, telling);
        afterEachMove?.Invoke(world);
        foreach (var move in Moves)
        {
            world.Do(move);
            afterEachMove?.Invoke(world);
        }

        return world;
    }

    public override string ToString()
    {
        var text = new StringBuilder($"{(ByTheCenter ? "the center's" : "the grid's")}, vacant: [{string.Join(", ", Vacant)}], added: [{string.Join(", ", Added.Select(person => person.Id))}]");
        foreach (var move in Moves)
            text.Append($"\n  +{move.Minutes} min, way {move.Way}, choice {move.Choice}");
        return text.ToString();
    }
}

/// <summary>One whistle in memory, and everybody who could do something.</summary>
public sealed class WhistleWorld
{
    private static readonly Unit[] Units = [Water, Building, River];
    private readonly OrganizationDirectory _organization;
    private readonly List<Caller> _callers;
    private readonly Dictionary<(int Call, CallStage Stage), IReadOnlyList<Notice>> _told = [];
    private readonly Action<WhistleWorld, Notice>? _telling;

    public WhistleWorld(OrganizationDirectory organization, By whistler, Action<WhistleWorld, Notice>? telling = null)
    {
        _telling = telling;
        _organization = organization;
        _callers = [.. organization.People.SelectMany(person => person.Roles.Select(seat => new Caller(person.Id, seat)))];
        Apply(WhistleDecider.Decide(new BlowWhistle(Blown() with { Sectors = [Sector.Economy] }), Whistle.None, whistler), whistler);
    }

    public DateTimeOffset Now { get; private set; } = T0;

    public List<Fact<WhistleEvent>> Facts { get; } = [];

    /// <summary>How calls are counted, by the policy that ships.</summary>
    public static WhistleCounting Counting { get; } = new(_ => Sample.Policy.Whistles!, Policies.Calendar.At(Town.Code, Town.Organization.TimeZone));

    /// <summary>The timers that are set, by name and attempt.</summary>
    public Dictionary<(string Name, int Attempt), DateTimeOffset> Timers { get; } = [];

    public Whistle.Known State => (Whistle.Known)Whistle.Fold(Facts);

    /// <summary>What was told in the step that last brought a call to a stage; nothing where it never stood there.</summary>
    public IReadOnlyList<Notice> ToldOf(int call, CallStage stage) => _told.GetValueOrDefault((call, stage), []);

    public OrganizationDirectory Organization => _organization;

    /// <summary>Everybody who may give one of a call's possible commands and would not be refused, with the command.</summary>
    public IReadOnlyList<(Caller Caller, WhistleCommand Command)> Ways(WhistleCall call, int choice) => Allowed(WhistleDecider.Possible(call), call.Number, choice);

    public void Do(WhistleMove move)
    {
        Now += move.Minutes.Minutes();
        FireWhatIsDue();
        List<(Caller Caller, WhistleCommand Command)> ways = [.. State.File.CallsInHand.SelectMany(call => Ways(call, move.Choice))];
        // Rarely something of the whole: else few lives would be long.
        if (move.Way % 10 == 0)
            ways = [.. Allowed(WhistleDecider.Possible(State), null, move.Choice)];
        if (ways.Count == 0)
            return;
        var (caller, command) = ways[move.Way % ways.Count];
        Apply(WhistleDecider.Decide(command, State, caller.By), caller.By);
    }

    private IReadOnlyList<(Caller Caller, WhistleCommand Command)> Allowed(IEnumerable<string> names, int? call, int choice) =>
    [
        .. from name in names
           from caller in _callers
           where WhistleAccess.May(caller, name, call, State, _organization)
           let command = Command(name, call ?? 0, choice)
           where WhistleDecider.Decide(command, State, caller.By) is Decision<WhistleEvent>.Emit
           select (caller, command),
    ];

    private void Apply(Decision<WhistleEvent> decision, By by)
    {
        var events = decision.ShouldBeOfType<Decision<WhistleEvent>.Emit>().Events;
        IReadOnlyList<WhistleCall> before = Facts.Count == 0 ? [] : State.File.Calls;
        Facts.AddRange(events.Select(happened => new Fact<WhistleEvent>(happened, by, Now, Now)));
        var notices = WhistleNotices.Of(WhistleId, State, events, _organization, Sample.Plan);
        Tell(notices);
        Set(WhistleSaga.Timers(State, events, Counting));
        // By number and turn too: a call that goes from one unit to the next stays at its stage.
        foreach (var call in State.File.Calls.Where(call => before.ElementAtOrDefault(call.Number - 1) is not { } old || (old.Stage, old.Past.Count) != (call.Stage, call.Past.Count)))
            _told[(call.Number, call.Stage)] = notices;
    }

    // In order, each at its own instant.
    private void FireWhatIsDue()
    {
        while (Timers.Where(timer => timer.Value <= Now).OrderBy(timer => timer.Value).ThenBy(timer => timer.Key.Name, StringComparer.Ordinal).Select(timer => timer.Key).FirstOrDefault() is { Name: not null } key)
        {
            var at = Timers[key];
            Timers.Remove(key);
            var reaction = WhistleSaga.OnTimer(WhistleId, State, key.Name, key.Attempt, at, at, Counting, _organization, Sample.Plan);
            Facts.AddRange(reaction.Events.Select(happened => new Fact<WhistleEvent>(happened, WhistleNotices.Engine(Town.Code), at, at)));
            Tell(reaction.Notices);
            Set(reaction.Timers);
        }
    }

    private void Tell(IReadOnlyList<Notice> notices) => notices.ToList().ForEach(notice => _telling?.Invoke(this, notice));

    private void Set(IReadOnlyList<SagaTimer> timers)
    {
        foreach (var timer in timers)
        {
            if (timer.DueAt is { } dueAt)
                Timers.Add((timer.Name, timer.Attempt), dueAt);
            else
                Timers.Remove((timer.Name, timer.Attempt));
        }
    }

    private static WhistleCommand Command(string name, int call, int choice) => name switch
    {
        "call" => CallMore(Units[choice % 3]),
        "withdraw" => Withdraw(),
        "route" => Route(call, choice % 4 == 3 ? null : Units[choice % 4]),
        "decline" => Decline(call, Units[choice % 3]),
        "arrive" => Arrive(call),
        "advise" => Advise(call),
        "resolve" => Resolve(call),
        "rate" => Rate(call, choice % 3 == 0 ? FixResult.NotFixed : FixResult.Fixed),
        "drop" => Drop(call),
        _ => throw new InvalidOperationException($"{name} has no command in legal lives."),
    };
}

/// <summary>What holds for every legal life of a whistle, whoever is missing.</summary>
public class WhistleLawTests
{
    [Fact]
    public void No_open_call_is_ever_without_somebody_who_can_act_and_was_told() => WhistleLife.ForAll(life => life.Live(world =>
    {
        foreach (var call in world.State.File.CallsInHand)
        {
            var turn = WhistleNotices.WhoActs(world.State.File, call, world.Organization);
            turn.ShouldNotBeEmpty($"call {call.Number} is {call.Stage}");
            foreach (var recipient in turn)
            {
                var (stage, kind) = Asked(call);
                world.ToldOf(call.Number, stage).ShouldContain(
                    notice => notice.Person == recipient.Person && notice.Sent.Kind == kind && notice.Sent.Role == recipient.Role, $"{recipient.Person} was not told as {kind} when call {call.Number}, now {call.Stage}, came to be {stage}");
                Enumerable.Range(0, 4).SelectMany(choice => world.Ways(call, choice)).ShouldContain(way => way.Caller.Actor == recipient.Person, $"{recipient.Person} can do nothing about call {call.Number}, {call.Stage}");
            }
        }
    }));

    /// <summary>The step that asked whoever's turn it is to act, and by what kind of notice.</summary>
    private static (CallStage Stage, NoticeKind Kind) Asked(WhistleCall call) => call.Stage switch
    {
        CallStage.Called => (CallStage.Called, NoticeKind.WhistleBlown),
        CallStage.Declined => (CallStage.Declined, NoticeKind.WhistleDeclined),
        CallStage.Resolved => (CallStage.Resolved, NoticeKind.WhistleResolved),
        CallStage.Advised when call.Turn.SentBacks > 0 => (CallStage.Advised, NoticeKind.WhistleNotFixed),
        _ => (CallStage.Routed, NoticeKind.WhistleCalled),
    };

    [Fact]
    public void Whoever_is_asked_to_rate_did_nothing_for_the_unit_and_nobody_else_may() => WhistleLife.ForAll(life => life.Live(world =>
    {
        foreach (var call in world.State.File.Calls.Where(call => call.Stage == CallStage.Resolved))
        {
            var raters = world.Organization.People.Where(person => person.Roles.Any(seat => WhistleAccess.May(new Caller(person.Id, seat), "rate", call.Number, world.State, world.Organization))).Select(person => person.Id).ToList();
            raters.ShouldBe(WhistleNotices.WhoActs(world.State.File, call, world.Organization).Select(recipient => recipient.Person), ignoreOrder: true);
            raters.ShouldAllBe(person => !call.ActedBy.Contains(person));
        }
    }));

    [Fact]
    public void A_whistle_is_open_as_long_as_one_of_its_calls_and_no_longer() => WhistleLife.ForAll(life => life.Live(world =>
    {
        (world.State is Whistle.Open).ShouldBe(world.State.File.CallsInHand.Any());
        (world.State.File.EndedAt is null).ShouldBe(world.State is Whistle.Open);
    }));

    [Fact]
    public void No_unit_is_called_twice_at_the_same_time_and_the_instants_of_a_turn_are_in_order() => WhistleLife.ForAll(life => life.Live(world =>
    {
        world.State.File.CallsInHand.Where(call => call.Stage != CallStage.Declined).Select(call => call.Unit).ShouldBeUnique();
        foreach (var turn in world.State.File.Calls.SelectMany(call => call.Turns))
        {
            DateTimeOffset?[] instants = [turn.AskedAt, turn.RoutedAt, turn.ArrivedAt, turn.OpinionAt, turn.LeftAt];
            instants.OfType<DateTimeOffset>().ShouldBeInOrder();
            (turn.ArrivedAt is null || turn.RoutedAt is not null).ShouldBeTrue();
            (turn.OpinionAt is null || turn.ArrivedAt is not null).ShouldBeTrue();
        }
    }));

    [Fact]
    public void What_is_stored_folds_to_the_same_whistle_and_its_row_agrees() => WhistleLife.ForAll(life =>
    {
        var world = life.Live();
        var stored = world.Facts.Select(fact => fact with { Event = (WhistleEvent)Json.Read(Json.Of((object)fact.Event), fact.Event.GetType()) }).ToList();
        Json.Of((object)((Whistle.Known)Whistle.Fold(stored)).File).ShouldBe(Json.Of((object)world.State.File));

        WhistleSummary? row = null;
        for (var version = 1; version <= stored.Count; version++)
            row = Json.Read<WhistleSummary>(Json.Of((object)WhistleSummary.Apply(row, WhistleId, version, version, stored[version - 1])));
        (row!.Stage, Json.Of((object)row.File)).ShouldBe((world.State.Stage!.Value, Json.Of((object)world.State.File)));
    });

    [Fact]
    public void Every_call_that_waits_under_a_limit_has_the_timer_of_its_next_step_and_there_is_no_other() => WhistleLife.ForAll(life => life.Live(world =>
        world.Timers.Keys.Order().ShouldBe(world.State.File.Calls
            .Where(call => WhistleWorld.Counting.Ladder(call).Count > call.NextStep)
            .Select(call => (string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{call.Number}/{call.NextStep}"), call.Round)).Order())));

    [Fact]
    public void No_step_is_taken_twice_in_one_wait_and_each_tells_somebody_in_the_order_of_the_ladder() => WhistleLife.ForAll(life =>
    {
        var world = life.Live();
        foreach (var steps in world.Facts.Select(fact => fact.Event).OfType<WhistleStepTaken>().GroupBy(step => (step.Call, step.Clock, step.DueAt)))
        {
            steps.Select(step => step.Step).ShouldBeUnique();
            steps.Select(step => step.StepDueAt).ShouldBe(steps.Select(step => step.StepDueAt).Order());
            steps.ShouldAllBe(step => step.Told.Count > 0);
        }
    });

    [Fact]
    public void The_lives_reach_every_stage_and_every_event_so_that_the_laws_say_something()
    {
        var (whistles, calls, events) = (new HashSet<WhistleStage>(), new HashSet<CallStage>(), new HashSet<Type>());
        WhistleLife.ForAll(life => life.Live(world =>
        {
            whistles.Add(world.State.Stage!.Value);
            calls.UnionWith(world.State.File.Calls.Select(call => call.Stage));
            events.UnionWith(world.Facts.Select(fact => fact.Event.GetType()));
        }));

        whistles.Order().ShouldBe(Enum.GetValues<WhistleStage>());
        calls.Order().ShouldBe(Enum.GetValues<CallStage>());
        events.Count.ShouldBe(WhistleEvent.Names.Count);
    }
}
