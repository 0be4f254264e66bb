using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Simulation;

/// <summary>The lists of tasks that a town's office sends down to its grids every week, by the one way; most are done in time, some late, sent back, returned or never done, and each list is closed.</summary>
public sealed class SimulatedTasks(TaskStreams streams, StreamCommands commands, AdmissionStreams admissions, PersonalText personal, SimulationDriver driver, SimulationRefusals refusals, Identifiers identifiers)
{
    private const int MostRounds = 4;

    private static readonly string[] Titles = ["入户走访", "消防隐患排查", "高龄老人探访", "垃圾清运检查", "汛期排水沟检查", "政策宣传到户"];

    // Matters that the lists of grids hold, wherever there are such lists.
    private static readonly string[] Matters = ["fire-hazard", "elderly-care", "rubbish", "drainage"];

    private int _count;

    /// <summary>Tasks that were sent out.</summary>
    public int Count => _count;

    /// <summary>A list on the first day of a week that is worked.</summary>
    internal IEnumerable<Errand> OnDay(DateOnly day, AreaCode town, double part, long seed, SimulationScript script)
    {
        var monday = day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
        if (script.Rhythm.WorkedFrom(monday) != day)
            return [];
        var number = (day.DayNumber * 1_000L) + long.Parse(town.Value[6..], System.Globalization.CultureInfo.InvariantCulture);
        var chance = Chance.Of(seed, "list", number);
        var wanted = SimulatedDistrict.TasksAYear * part / 52 * chance.Between(0.85, 1.15);
        var tasks = (int)wanted + (chance.Is(wanted - (int)wanted) ? 1 : 0);
        if (tasks == 0 || script.Seats.Grids[town].Count == 0 || script.Seats.At(Role.Office, town, chance) is not { } office || script.Seats.At(Role.Dispatcher, town, chance) is not { } center)
            return [];

        var drafted = script.Rhythm.At(day, chance.Between(8.7, 11));
        var due = script.Rhythm.At(day.AddDays(4), 18);
        var items = Items(tasks, script.Seats.Grids[town], due, chance);
        return [Draft(new List(number, seed, office, center, due, script), items, drafted, drafted + TimeSpan.FromMinutes(chance.Between(10, 90)))];
    }

    private sealed record List(long Number, long Seed, string Office, string Center, DateTimeOffset DueAt, SimulationScript Script, string Id = "");

    private sealed record Work(string Id, string Worker, long Number, int Round = 0);

    private static List<(string Title, string Matter, IReadOnlyList<AreaCode> Targets, DateTimeOffset DueAt)> Items(int tasks, IReadOnlyList<AreaCode> grids, DateTimeOffset due, Chance chance)
    {
        List<(string, string, IReadOnlyList<AreaCode>, DateTimeOffset)> items = [];
        for (var left = tasks; left > 0 && items.Count < TaskListDecider.MostItems; left -= grids.Count)
        {
            var from = chance.Below(grids.Count);
            List<AreaCode> targets = [.. Enumerable.Range(0, Math.Min(left, grids.Count)).Select(i => grids[(from + i) % grids.Count]).OrderBy(grid => grid.Value, StringComparer.Ordinal)];
            items.Add((chance.Of(Titles), chance.Of(Matters), targets, due));
        }

        return items;
    }

    private Errand Draft(List list, List<(string Title, string Matter, IReadOnlyList<AreaCode> Targets, DateTimeOffset DueAt)> items, DateTimeOffset at, DateTimeOffset publishedAt)
    {
        string? id = null;
        return new Errand(at, $"list:{list.Number}", async token =>
        {
            var made = identifiers.New();
            var work = new TaskListWork(made, "draft", async (loaded, ct) =>
            {
                List<TaskItem> written = [];
                foreach (var (title, matter, targets, due) in items)
                    written.Add(new TaskItem(written.Count + 1, await Text(loaded, title, ct), await Text(loaded, $"{title}，完成后登记结果。", ct), matter, due, new EvidenceRule(Text: true), Targets: targets));
                return new DraftTaskList(await Text(loaded, "本周任务清单", ct), written, [.. items.SelectMany(item => item.Targets).Distinct().OrderBy(target => target.Value, StringComparer.Ordinal)]);
            }, driver.CallersOf(list.Office), at, at);
            if (refusals.IsDone("task-list draft", await commands.ExecuteAsync(streams.Lists, work, token)))
                id = made;
        },
        () => id is null ? [] : [Publish(list with { Id = id }, publishedAt)]);

        Task<MarkedText> Text(LoadedTaskList loaded, string text, CancellationToken token) => personal.SealTextAsync(loaded.Stream, "text", text, token);
    }

    private Errand Publish(List list, DateTimeOffset at)
    {
        TaskListFile? published = null;
        return new Errand(at, $"list:{list.Number}", async token =>
        {
            AdmissionBasis? basis = null;
            TaskListFile? file = null;
            var work = new TaskListWork(list.Id, "publish", async (loaded, ct) =>
            {
                file = ((TaskList.Known)loaded.State).File;
                basis = await admissions.BasisAsync(file.Tasks.Select(task => task.Target).Distinct(), ct);
                return new PublishTaskList(basis.Book, at);
            }, driver.CallersOf(list.Office), at, at);
            work = work with
            {
                Beside = async (_, _, caller, ct) =>
                {
                    var tasks = file!.Tasks.ToDictionary(task => task.IdIn(list.Id), StringComparer.Ordinal);
                    var assigned = await streams.PrepareAsync(work, tasks.Keys, "assign", (task, _) => new AssignTask(Assigned(list.Id, tasks[task])), caller, ct);
                    return [.. assigned, await admissions.HoldAsync(basis!, ct)];
                },
            };
            if (!refusals.IsDone("task-list publish", await commands.ExecuteAsync(streams.Lists, work, token)))
                return;
            published = file;
            Interlocked.Add(ref _count, file!.Tasks.Count());
        },
        () => published is null ? [] : [.. Begin(list, published, at), Close(list, list.DueAt + TimeSpan.FromDays(9), 0)]);
    }

    private static TaskAssigned Assigned(string list, ListedTask task) => new(list, task.Item.Number, task.Target, task.Item.Matter, task.Item.DueAt, task.Item.Evidence, task.Item.Quantity);

    private IEnumerable<Errand> Begin(List list, TaskListFile file, DateTimeOffset since)
    {
        var place = 0;
        foreach (var task in file.Tasks.ToList())
        {
            var number = (list.Number * 10_000) + place++;
            var chance = Chance.Of(list.Seed, "task", number);
            if (list.Script.Seats.OnSpot(task.Target, null, chance) is not { } worker)
                continue;
            var work = new Work(task.IdIn(list.Id), worker, number);
            switch (chance.Fraction())
            {
                case < 0.03:
                    // Never done: the list's end finds it so.
                    break;
                case < 0.06:
                    yield return Return(list, work, AtWork(list, since + TimeSpan.FromHours(chance.Between(1, 30)), chance));
                    break;
                case var which:
                    yield return Claim(list, work, AtWork(list, since + TimeSpan.FromHours(chance.Between(1, 48)), chance), which < 0.11);
                    break;
            }
        }
    }

    private Errand Claim(List list, Work task, DateTimeOffset at, bool isLate)
    {
        var chance = Chance.Of(list.Seed, "complete", task.Number, task.Round);
        var inTime = at + ((list.DueAt - at) * chance.Between(0.05, 0.95));
        var done = isLate || at >= list.DueAt ? list.DueAt + TimeSpan.FromHours(chance.Between(2, 40)) : inTime;
        return Give(list, task, task.Worker, "claim", at, _ => new ClaimTask(), () => [Complete(list, task, done)]);
    }

    private Errand Complete(List list, Work task, DateTimeOffset at)
    {
        var chance = Chance.Of(list.Seed, "check", task.Number, task.Round);
        return Give(list, task, task.Worker, "complete", at, text => new CompleteTask(text("outcome", "已完成，情况正常。"), [], null),
            () => [Check(list, task, AtWork(list, at + TimeSpan.FromHours(chance.Between(0.5, 20)), chance), task.Round == 0 && chance.Is(0.04))]);
    }

    private Errand Check(List list, Work task, DateTimeOffset at, bool fails)
    {
        var chance = Chance.Of(list.Seed, "again", task.Number, task.Round);
        return Give(list, task, list.Center, "check", at, text => fails ? new CheckTask(false, text("note", "结果填写不全，请补充。"), at.AddDays(3), at) : new CheckTask(true, null, null, at),
            () => fails ? [Complete(list, task with { Round = task.Round + 1 }, AtWork(list, at + TimeSpan.FromHours(chance.Between(2, 24)), chance))] : []);
    }

    private Errand Return(List list, Work task, DateTimeOffset at)
    {
        var chance = Chance.Of(list.Seed, "cancel", task.Number);
        return Give(list, task, task.Worker, "return", at, text => new ReturnTask(text("reason", "该网格无此类对象。")),
            () => [Give(list, task, list.Office, "cancel", AtWork(list, at + TimeSpan.FromHours(chance.Between(1, 30)), chance), text => new CancelTask(text("reason", "情况属实，予以取消。")), () => [])]);
    }

    private Errand Give(List list, Work task, string actor, string command, DateTimeOffset at, Func<Func<string, string, MarkedText>, TaskCommand> build, Func<IEnumerable<Errand>> then)
    {
        var done = false;
        return new Errand(at, $"task:{task.Id}", async token =>
        {
            // Nothing personal is in these sentences, so there is nothing to seal.
            var work = new StreamWork<GridTask, TaskCommand, TaskEvent>(task.Id, command, (_, _) => Task.FromResult(build((_, text) => new MarkedText(text, []))), driver.CallersOf(actor), at, at);
            done = refusals.IsDone($"task {command}", await commands.ExecuteAsync(streams.Tasks, work, token));
        },
        () => done ? then() : []);
    }

    private Errand Close(List list, DateTimeOffset at, int round)
    {
        var done = false;
        return new Errand(at, $"list:{list.Number}", async token =>
        {
            List<TaskStanding> standings = [];
            var work = new TaskListWork(list.Id, "close", async (loaded, ct) =>
            {
                standings = [.. (await streams.TasksOfAsync(list.Id, ((TaskList.Known)loaded.State).File, ct)).Select(task => TaskStanding.Of(task.Id, task.State, at))];
                return new CloseTaskList(standings, new MarkedText("按单销号。", []), at);
            }, driver.CallersOf(list.Office), at, at);
            work = work with
            {
                Beside = async (_, _, caller, ct) => await streams.PrepareAsync(
                    work, standings.Where(task => task.Stage is TaskStage.Assigned or TaskStage.Claimed).Select(task => task.Task), "lapse", (_, _) => new LapseTask(at), caller, ct),
            };
            done = refusals.IsDone("task-list close", await commands.ExecuteAsync(streams.Lists, work, token));
        },
        () => done || round >= MostRounds ? [] : [Close(list, at.AddDays(3), round + 1)]);
    }

    private static DateTimeOffset AtWork(List list, DateTimeOffset at, Chance chance) => list.Script.Rhythm.AtWork(at, chance);
}
