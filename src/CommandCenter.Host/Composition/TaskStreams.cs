global using LoadedTask = CommandCenter.Host.Composition.Loaded<CommandCenter.Domain.Tasks.GridTask, CommandCenter.Domain.Tasks.TaskEvent>;
global using LoadedTaskList = CommandCenter.Host.Composition.Loaded<CommandCenter.Domain.Tasks.TaskList, CommandCenter.Domain.Tasks.TaskListEvent>;
global using TaskListWork =
    CommandCenter.Host.Composition.StreamWork<CommandCenter.Domain.Tasks.TaskList, CommandCenter.Domain.Tasks.TaskListCommand, CommandCenter.Domain.Tasks.TaskListEvent>;
using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>Lists of tasks, as the executor of commands knows them.</summary>
public sealed class TaskListKind(IOrganization organization, NoticePlan plan) : StreamKind<TaskList, TaskListCommand, TaskListEvent>
{
    public override string Category => "task_list";

    public override string Saga => TaskListSaga.Name;

    public override Message Noun { get; } = new("任务清单", "task list");

    public override TaskList None => TaskList.None;

    public override TaskList Apply(TaskList state, Fact<TaskListEvent> fact) => state.Apply(fact);

    public override bool Creates(string command) => command == "draft";

    public override bool May(Caller caller, string command, TaskList state) => TaskAccess.May(caller, command, state);

    public override Decision<TaskListEvent> Decide(TaskListCommand command, TaskList state, By by) => TaskListDecider.Decide(command, state, by);

    public override Reaction<TaskListEvent> React(string id, TaskList after, IReadOnlyList<TaskListEvent> decided, DateTimeOffset at) =>
        new([], TaskNotices.Of(id, after, decided, organization.At(at), plan), TaskListSaga.Timers(after, decided, at));

    /// <summary>What a limit causes.</summary>
    /// <param name="tasks">The list's tasks as they stand.</param>
    public Reaction<TaskListEvent> OnTimer(DueTimer timer, TaskList state, IEnumerable<GridTask.Known> tasks, DateTimeOffset firedAt) =>
        TaskListSaga.OnTimer(timer.Key.SagaId, state, tasks, timer.Key.Name, timer.DueAt, firedAt, organization.At(firedAt), plan);

    public override By Engine(TaskList after) => TaskNotices.Engine(((TaskList.Known)after).File.Issuer.Place);
}

/// <summary>Tasks, as the executor of commands knows them.</summary>
public sealed class TaskKind(IOrganization organization, NoticePlan plan) : StreamKind<GridTask, TaskCommand, TaskEvent>
{
    public override string Category => "task";

    public override string Saga => TaskSaga.Name;

    public override Message Noun { get; } = new("任务", "task");

    public override GridTask None => GridTask.None;

    public override GridTask Apply(GridTask state, Fact<TaskEvent> fact) => state.Apply(fact);

    public override bool Creates(string command) => command == "assign";

    public override IReadOnlyList<string> PhotosOf(TaskEvent happened) => TaskPhotos.Of(happened);

    public override bool May(Caller caller, string command, GridTask state) => TaskAccess.May(caller, command, state);

    public override Decision<TaskEvent> Decide(TaskCommand command, GridTask state, By by) => TaskDecider.Decide(command, state, by);

    // Of new tasks their list tells, once a person.
    public override Reaction<TaskEvent> React(string id, GridTask after, IReadOnlyList<TaskEvent> decided, DateTimeOffset at) =>
        decided[0] is TaskAssigned ? new() : new([], TaskNotices.Of(id, after, decided, organization.At(at), plan), TaskSaga.Timers(after, decided, at));

    /// <summary>What a limit causes.</summary>
    public Reaction<TaskEvent> OnTimer(DueTimer timer, GridTask state, DateTimeOffset firedAt) =>
        TaskSaga.OnTimer(timer.Key.SagaId, state, timer.Key.Name, timer.Key.Attempt, timer.DueAt, firedAt, organization.At(firedAt), plan);

    /// <summary>What follows where whoever claimed a task has left.</summary>
    public Reaction<TaskEvent> WhenClaimerLeft(string id, GridTask state, DateTimeOffset at) => new([], TaskNotices.WhenClaimerLeft(id, state, organization.At(at), plan), []);

    public override By Engine(GridTask after) => TaskNotices.Engine(((GridTask.Known)after).File.Town);
}

/// <summary>The limits of lists.</summary>
public sealed class TaskListTimers(StreamCommands commands, TaskListKind lists, TaskStreams streams) : ITimerHandler
{
    public string Saga => lists.Saga;

    public async Task FireAsync(DueTimer timer, DateTimeOffset firedAt, CancellationToken cancellation)
    {
        var list = timer.Key.SagaId;
        IReadOnlyList<GridTask.Known> tasks = (await streams.LoadListAsync(list, cancellation)).State is TaskList.Published { File: var file }
            ? [.. (await streams.TasksOfAsync(list, file, cancellation)).Select(task => task.State)]
            : [];
        await commands.FireAsync(lists, timer, firedAt, state => lists.OnTimer(timer, state, tasks, firedAt), cancellation);
    }
}

/// <summary>The limits of tasks that have their own.</summary>
public sealed class TaskTimers(StreamCommands commands, TaskKind tasks) : ITimerHandler
{
    public string Saga => tasks.Saga;

    public Task FireAsync(DueTimer timer, DateTimeOffset firedAt, CancellationToken cancellation) =>
        commands.FireAsync(tasks, timer, firedAt, state => tasks.OnTimer(timer, state, firedAt), cancellation);
}

/// <summary>The way to lists and their tasks.</summary>
public sealed class TaskStreams(StreamCommands commands, TaskListKind lists, TaskKind tasks)
{
    /// <summary>So many streams are read at once, so that one list leaves connections to others.</summary>
    private const int ReadAtOnce = 256;

    public TaskListKind Lists => lists;

    public TaskKind Tasks => tasks;

    public Task<LoadedTaskList> LoadListAsync(string id, CancellationToken cancellation) => commands.LoadAsync(lists, id, cancellation);

    public Task<LoadedTask> LoadTaskAsync(string id, CancellationToken cancellation) => commands.LoadAsync(tasks, id, cancellation);

    /// <summary>Every task of a published list.</summary>
    public async Task<IReadOnlyList<(string Id, GridTask.Known State)>> TasksOfAsync(string listId, TaskListFile file, CancellationToken cancellation) =>
        await EachAsync(file.Tasks.Select(task => task.IdIn(listId)), async id => (id, (GridTask.Known)(await LoadTaskAsync(id, cancellation)).State));

    /// <summary>One command for each of a list's tasks, as part of a command on the list.</summary>
    public Task<IReadOnlyList<Preparation>> PrepareAsync(
        TaskListWork work, IEnumerable<string> ids, string command, Func<string, LoadedTask, TaskCommand> build, Caller caller, CancellationToken cancellation) =>
        EachAsync(ids, id => commands.PrepareAsync(
            tasks,
            new StreamWork<GridTask, TaskCommand, TaskEvent>(id, command, (loaded, _) => Task.FromResult(build(id, loaded)), [caller], work.At, work.HappenedAt),
            cancellation));

    public Fact<TEvent> FactOf<TEvent>(StoredEvent stored)
        where TEvent : class => commands.FactOf<TEvent>(stored);

    private static async Task<IReadOnlyList<T>> EachAsync<T>(IEnumerable<string> ids, Func<string, Task<T>> work)
    {
        List<T> results = [];
        foreach (var chunk in ids.Chunk(ReadAtOnce))
            results.AddRange(await Task.WhenAll(chunk.Select(work)));
        return results;
    }
}
