using System.Text;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using FsCheck;
using FsCheck.Fluent;
using static CommandCenter.Domain.Tests.Sample;
using static CommandCenter.Domain.Tests.TaskSample;

namespace CommandCenter.Domain.Tests;

/// <summary>One thing done to one task of a list: after how many hours, to which task, which of the possible commands, by which of those who may.</summary>
public sealed record TaskMove(int Hours, int Task, int Choice, int Doer);

/// <summary>A random but legal life of a list with its tasks: whoever acts is somebody of the organization who may, and every command is one that the state calls possible.</summary>
public sealed record TaskListLife(IReadOnlyList<TaskMove> Moves, IReadOnlyList<Role> Vacant, bool OfTheDistrict)
{
    public static Arbitrary<TaskListLife> Any { get; } = Arb.From(
        from length in Gen.Choose(0, 40)
        from moves in Gen.ArrayOf(
            from hours in Gen.Elements(0, 1, 12, 24, 100)
            from task in Gen.Choose(0, 6)
            from choice in Gen.Choose(0, 23)
            from doer in Gen.Choose(0, 11)
            select new TaskMove(hours, task, choice, doer), length)
        from vacant in Gen.SubListOf(Role.YardHead, Role.GridWorker, Role.VillageSecretary, Role.Dispatcher, Role.TownLeader)
        from district in Gen.Elements(true, false)
        select new TaskListLife(moves, [.. vacant], district),
        life => Enumerable.Range(0, life.Moves.Count).Select(left => life with { Moves = [.. life.Moves.Where((_, index) => index != left)] })
            .Concat(life.Vacant.Count > 0 ? [life with { Vacant = [] }] : []));

    public OrganizationDirectory Organization => Town.With(Vacant);

    /// <summary>Checks a law over many lives.</summary>
    public static void ForAll(Action<TaskListLife> law) =>
        Laws.ForAll(200, 5_000, (20260302, 415), Any, law);

    /// <summary>Lives the life; whenever time has passed and after every move the world may be looked at.</summary>
    /// <param name="telling">Looks at every notice of a task in the moment in which it is told.</param>
    public TaskWorld Live(Action<TaskWorld>? afterEachMove = null, Action<Notice, GridTask>? telling = null)
    {
        var world = new TaskWorld(Organization, OfTheDistrict ? new By("supervisor", Role.DistrictSupervisor, Town.District) : Desk) { Telling = telling };
        afterEachMove?.Invoke(world);
        foreach (var move in Moves)
        {
            world.Pass(move.Hours.Hours());
            afterEachMove?.Invoke(world);
            world.Do(move);
            afterEachMove?.Invoke(world);
        }

        return world;
    }

    public override string ToString()
    {
        var text = new StringBuilder($"{(OfTheDistrict ? "the district's" : "the town's")}, vacant: [{string.Join(", ", Vacant)}]");
        foreach (var move in Moves)
            text.Append($"\n  +{move.Hours} h, task {move.Task}, choice {move.Choice}, doer {move.Doer}");
        return text.ToString();
    }
}

/// <summary>A published list with its tasks in memory, and everybody who could do something.</summary>
public sealed class TaskWorld
{
    private readonly OrganizationDirectory _organization;
    private readonly List<Caller> _callers;
    private readonly SortedDictionary<string, List<Fact<TaskEvent>>> _tasks = new(StringComparer.Ordinal);
    private readonly List<Notice> _notices = [];
    private readonly Dictionary<(string Task, string Name, int Attempt), DateTimeOffset> _timers = [];

    public TaskWorld(OrganizationDirectory organization, By publisher)
    {
        _organization = organization;
        _callers = [.. organization.People.SelectMany(person => person.Roles.Select(seat => new Caller(person.Id, seat)))];
        var drafted = new TaskListDrafted(
            Words(), [Item(1), Item(2, Due + 3.Days(), evidence: new EvidenceRule(true, 2), quantity: new Quantity("户", 10)), Item(3, Due - 2.Days(), targets: Town.Yard)],
            [Town.Grid, Town.Village, Town.Code]);
        Facts = [new(drafted, publisher, T0, T0)];
        Apply(TaskListDecider.Decide(Publish(), List, publisher), publisher);
        foreach (var (item, target) in ((TaskList.Published)List).File.Tasks)
        {
            var id = new ListedTask(item, target).IdIn(ListId);
            _tasks[id] = [new(new TaskAssigned(ListId, item.Number, target, item.Matter, item.DueAt, item.Evidence, item.Quantity), publisher, Now, Now)];
        }

        _notices.AddRange(TaskNotices.Of(ListId, List, [Published(7)], organization, Sample.Plan));
    }

    /// <summary>Looks at every notice of a task in the moment in which it is told.</summary>
    public Action<Notice, GridTask>? Telling { get; init; }

    public DateTimeOffset Now { get; private set; } = T0;

    public List<Fact<TaskListEvent>> Facts { get; }

    public TaskList List => TaskList.Fold(Facts);

    public IReadOnlyList<Notice> Notices => _notices;

    public IEnumerable<(string Id, IReadOnlyList<Fact<TaskEvent>> Facts, GridTask.Known State)> Tasks =>
        _tasks.Select(task => (task.Key, (IReadOnlyList<Fact<TaskEvent>>)task.Value, (GridTask.Known)GridTask.Fold(task.Value)));

    /// <summary>How many timers a task still has.</summary>
    public int Waiting(string task) => _timers.Keys.Count(timer => timer.Task == task);

    public IReadOnlyList<TaskStanding> Standings => [.. Tasks.Select(task => TaskStanding.Of(task.Id, task.State, Now))];

    /// <summary>Time passes; every limit of a task's own that comes due on the way fires at its own instant.</summary>
    public void Pass(TimeSpan span)
    {
        var until = Now + span;
        while (_timers.Where(timer => timer.Value <= until).OrderBy(timer => timer.Value).ThenBy(timer => timer.Key).FirstOrDefault() is { Key.Task: { } id } due)
        {
            _timers.Remove(due.Key);
            Now = due.Value > Now ? due.Value : Now;
            var state = GridTask.Fold(_tasks[id]);
            var reaction = TaskSaga.OnTimer(id, state, due.Key.Name, due.Key.Attempt, due.Value, Now, _organization, Sample.Plan);
            _tasks[id].AddRange(reaction.Events.Select(happened => new Fact<TaskEvent>(happened, TaskNotices.Engine(((GridTask.Known)state).File.Town), Now, Now)));
            Tell(reaction.Notices, GridTask.Fold(_tasks[id]));
        }

        Now = until;
    }

    /// <summary>Everybody who may give one of a task's possible commands and would not be refused for who they are, with the command.</summary>
    public IReadOnlyList<(Caller Caller, TaskCommand Command)> Ways(GridTask.Known state, int choice) =>
    [
        .. from name in TaskDecider.Possible(state)
           from caller in _callers
           where TaskAccess.May(caller, name, state)
           let command = Command(name, state.File, choice)
           where TaskDecider.Decide(command, state, caller.By) is Decision<TaskEvent>.Emit
           select (caller, command),
    ];

    /// <summary>Somebody does something with a task; sometimes the list itself is closed or withdrawn, if it can be.</summary>
    public void Do(TaskMove move)
    {
        if (List is not TaskList.Published)
            return;
        if (move.Choice >= 22)
        {
            EndList(move.Choice == 22 && Now > Due + 20.Days() ? Withdraw() : new CloseTaskList(Standings, null, Now));
            return;
        }

        var id = _tasks.Keys.ElementAt(move.Task % _tasks.Count);
        var before = (GridTask.Known)GridTask.Fold(_tasks[id]);
        var ways = Ways(before, move.Choice);
        if (ways.Count == 0)
            return;
        var (caller, command) = ways[((move.Choice * 12) + move.Doer) % ways.Count];
        Apply(id, TaskDecider.Decide(command, before, caller.By), caller.By);
    }

    private void EndList(TaskListCommand command)
    {
        var by = ((TaskList.Known)List).File.Issuer;
        if (TaskListDecider.Decide(command, List, by) is not Decision<TaskListEvent>.Emit emit)
            return;
        foreach (var (id, _, state) in Tasks.ToList())
        {
            TaskCommand ending = command is WithdrawTaskList ? Cancel(withList: true) : Lapse(Now);
            TaskDecider.Decide(ending, state, by).ShouldNotBeOfType<Decision<TaskEvent>.Refuse>($"{ending.Name} of {state.Stage} with the list");
            Apply(id, TaskDecider.Decide(ending, state, by), by);
        }

        Apply(emit, by);
    }

    private void Apply(string id, Decision<TaskEvent> decision, By by)
    {
        if (decision is not Decision<TaskEvent>.Emit emit)
            return;
        _tasks[id].AddRange(emit.Events.Select(happened => new Fact<TaskEvent>(happened, by, Now, Now)));
        var after = GridTask.Fold(_tasks[id]);
        Tell(TaskNotices.Of(id, after, emit.Events, _organization, Sample.Plan), after);
        foreach (var timer in TaskSaga.Timers(after, emit.Events, Now))
        {
            if (timer.DueAt is { } dueAt)
                _timers[(id, timer.Name, timer.Attempt)] = dueAt;
            else
                _timers.Remove((id, timer.Name, timer.Attempt));
        }
    }

    private void Tell(IReadOnlyList<Notice> notices, GridTask task)
    {
        _notices.AddRange(notices);
        notices.ToList().ForEach(notice => Telling?.Invoke(notice, task));
    }

    private void Apply(Decision<TaskListEvent> decision, By by) =>
        Facts.AddRange(decision.ShouldBeOfType<Decision<TaskListEvent>.Emit>().Events.Select(happened => new Fact<TaskListEvent>(happened, by, Now, Now)));

    private TaskCommand Command(string name, TaskFile file, int choice) => name switch
    {
        "claim" => ClaimIt(),
        "release" => Release(),
        "progress" => Progress(file.Quantity is null ? null : choice, TwoPhotos[choice % 2]),
        "complete" => Finish(file.Quantity is null ? null : choice, TwoPhotos),
        "return" => SendBackUp(),
        "resend" => Resend(((AreaCode[])[Town.Grid, Town.Yard, Town.Village, file.Target])[choice % 4], Now + (1 + choice).Days(), at: Now),
        "check" => choice % 3 == 0 ? FailCheck(Now + choice.Days() + 1.Hours(), Now) : PassCheck(Now),
        "cancel" => Cancel(),
        _ => throw new InvalidOperationException($"{name} has no command in legal lives."),
    };
}

/// <summary>What holds for every legal life of a list and its tasks, whoever is missing.</summary>
public class TaskLawTests
{
    [Fact]
    public void No_open_task_is_ever_without_somebody_who_can_act() => TaskListLife.ForAll(life => life.Live(world =>
    {
        foreach (var (id, _, state) in world.Tasks.Where(task => !task.State.IsFinal))
            world.Ways(state, 1).ShouldNotBeEmpty($"{id} is {state.Stage}");
    }));

    [Fact]
    public void Whoever_is_told_of_something_to_do_can_do_something_about_it() => TaskListLife.ForAll(life =>
    {
        var told = 0;
        var world = life.Live(now =>
        {
            var news = now.Notices.Skip(told).Where(notice => notice.Sent.Subject.StartsWith("task:", StringComparison.Ordinal)).ToList();
            told = now.Notices.Count;
            foreach (var notice in news)
            {
                var state = now.Tasks.Single(task => $"task:{task.Id}" == notice.Sent.Subject).State;
                if (!state.IsFinal)
                    now.Ways(state, 1).ShouldContain(way => way.Caller.Actor == notice.Person, $"{notice.Person} was told {notice.Sent.Kind} of {state.Stage}");
            }
        });
        foreach (var (_, facts, _) in world.Tasks)
        {
            var told0 = new TaskSeats(life.Organization).Responsible(((TaskAssigned)facts[0].Event).Target);
            told0.ShouldNotBeEmpty();
            told0.ShouldAllBe(recipient => world.Notices.Any(notice => notice.Person == recipient.Person));
        }
    });

    [Fact]
    public void Whoever_is_told_of_a_new_list_can_act_on_each_of_their_tasks() => TaskListLife.ForAll(life =>
    {
        var world = (life with { Moves = [] }).Live();
        var seats = new TaskSeats(life.Organization);
        foreach (var (id, _, state) in world.Tasks)
            seats.Responsible(state.File.Target).ShouldAllBe(told => world.Ways(state, 1).Any(way => way.Caller.Actor == told.Person), id);
    });

    [Fact]
    public void What_is_stored_folds_to_the_same_task_and_its_row_agrees() => TaskListLife.ForAll(life =>
    {
        foreach (var (id, facts, state) in life.Live().Tasks)
        {
            var stored = facts.Select(fact => fact with { Event = (TaskEvent)Json.Read(Json.Of((object)fact.Event), fact.Event.GetType()) }).ToList();
            Json.Of((object)((GridTask.Known)GridTask.Fold(stored)).File).ShouldBe(Json.Of((object)state.File));

            TaskSummary? row = null;
            for (var version = 1; version <= stored.Count; version++)
                row = Json.Read<TaskSummary>(Json.Of((object)TaskSummary.Apply(row, id, version, version, stored[version - 1])));
            (row!.Stage, Json.Of((object)row.File)).ShouldBe((state.Stage!.Value, Json.Of((object)state.File)));
        }
    });

    [Fact]
    public void Of_a_limit_of_its_own_that_passes_while_a_task_is_to_be_done_word_goes_out_once_and_nothing_waits_for_what_has_ended() => TaskListLife.ForAll(life =>
    {
        var world = life.Live();
        foreach (var (id, facts, state) in world.Tasks)
        {
            facts.Select(fact => fact.Event).OfType<TaskReminded>().Select(reminded => (reminded.DueAt, reminded.Late)).ShouldBeUnique(id);
            if (state is GridTask.Assigned or GridTask.Claimed or GridTask.Returned && state.File.Limits > 0 && state.File.DueAt <= world.Now && facts[^1].RecordedAt < state.File.DueAt)
                throw new ShouldAssertException($"{id}: nobody was told that {state.File.DueAt:O} has passed");
            if (state.IsFinal)
                world.Waiting(id).ShouldBe(0, id);
        }
    });

    [Fact]
    public void What_was_late_at_a_target_stays_late_there() => TaskListLife.ForAll(life =>
    {
        var late = new HashSet<(string Task, AreaCode Target)>();
        life.Live(world =>
        {
            foreach (var (id, _, state) in world.Tasks)
            {
                late.UnionWith(state.File.Past.Where(past => past.Late).Select(past => (id, past.Target)));
                if (state.File.LateSince is not null)
                    late.Add((id, state.File.Target));
                foreach (var (task, target) in late.Where(fact => fact.Task == id))
                    (state.File.Past.Any(past => past.Target == target && past.Late) || (state.File.Target == target && state.File.LateSince is not null)).ShouldBeTrue($"{task} was late at {target}");
            }
        });
    });

    [Fact]
    public void Every_task_is_accounted_once_at_its_target_and_scores_stay_between_nothing_and_all() => TaskListLife.ForAll(life =>
    {
        var world = life.Live(now => now.Tasks.ShouldAllBe(task => task.State.File.Target.Level != AreaLevel.District));
        var account = TaskAccounting.Account(world.Standings);
        account.Sum(target => target.Tasks).ShouldBe(7);
        account.ShouldAllBe(at => at.Tasks == at.OnTime + at.Late + at.Open + at.OpenLate + at.ToCheck + at.ToDecide + at.NotDone + at.Cancelled);
        account.Sum(target => target.Returned).ShouldBe(world.Tasks.Sum(task => task.Facts.Count(fact => fact.Event is Domain.Tasks.TaskReturned)));
        account.Sum(target => target.SentBack).ShouldBe(world.Tasks.Sum(task => task.Facts.Count(fact => fact.Event is TaskSentBack)));
        TaskAccounting.Scores(world.Standings).ShouldAllBe(score => score.Score == null || (score.Score >= 0 && score.Score <= 100));
    });

    [Fact]
    public void When_a_list_ends_every_task_has_ended_and_the_scores_are_those_of_the_tasks() => TaskListLife.ForAll(life =>
    {
        var world = life.Live();
        if (world.List is TaskList.Published)
            return;
        world.Tasks.ShouldAllBe(task => task.State.IsFinal);
        if (world.List is TaskList.Closed { File.Closing: { } closing })
            closing.Scores.ShouldBe(TaskAccounting.Scores(world.Standings));
    });

    [Fact]
    public void The_lives_reach_every_stage_every_event_and_both_ends_so_that_the_laws_say_something()
    {
        var stages = new HashSet<TaskStage>();
        var events = new HashSet<Type>();
        var lists = new HashSet<TaskListStage>();
        TaskListLife.ForAll(life => life.Live(world =>
        {
            lists.Add(world.List.Stage!.Value);
            stages.UnionWith(world.Tasks.Select(task => task.State.Stage!.Value));
            events.UnionWith(world.Tasks.SelectMany(task => task.Facts).Select(fact => fact.Event.GetType()));
        }));

        stages.Order().ShouldBe(Enum.GetValues<TaskStage>());
        lists.Order().ShouldBe([TaskListStage.Published, TaskListStage.Withdrawn, TaskListStage.Closed]);
        events.Count.ShouldBe(TaskEvent.Names.Count);
    }
}
