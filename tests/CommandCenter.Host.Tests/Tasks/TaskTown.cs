using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Inbox;
using CommandCenter.Host.Tasks;
using CommandCenter.Host.Tests.Towns;

namespace CommandCenter.Host.Tests.Tasks;

/// <summary>A list that a test speaks of, with the version that it was left at.</summary>
public sealed record TestList(string Id, long Version)
{
    public string Path => $"/api/task-lists/{Id}";

    public string Task(string target, int item = 1) => $"{Id}-{item}-{target}";
}

/// <summary>Lists and tasks in a state, each named for it, in a town of tests.</summary>
public static class TaskTown
{
    public const string WorkerElsewhere = People.GridWorkerElsewhere;
    public const string Mate = "grid-worker-18";
    public const string Secretary = "village-secretary-01";
    public const string Department = "department-01";

    public static TaskItemRequest AnItem(Town town, string title = "排查井盖", string matter = "manhole-cover", TimeSpan? within = null, EvidenceRequest? evidence = null, QuantityRequest? quantity = null, params TargetRequest[] targets) =>
        new(title, "排查网格内所有井盖,破损的拍照并设围挡。", matter, town.Clock.GetUtcNow() + (within ?? TimeSpan.FromDays(7)), evidence, quantity, targets.Length == 0 ? null : targets);

    public static TargetRequest To(string area, AreaLevel? each = null) => new(AreaCode.Parse(area), each);

    public static async Task<TestList> AListThatWasDrafted(this Town town, TaskItemRequest[]? items = null, TargetRequest[]? targets = null, string by = People.Dispatcher)
    {
        var receipt = (await town.As(by).PostAsync("/api/task-lists", new DraftTaskListRequest("汛前隐患排查", items ?? [AnItem(town)], targets ?? [To(Places.Grid), To(Places.OtherGrid)]))).Receipt;
        return new TestList(receipt.Id, receipt.Version);
    }

    public static async Task<TestList> AListThatWasPublished(this Town town, TaskItemRequest[]? items = null, TargetRequest[]? targets = null, string by = People.Dispatcher)
    {
        var list = await town.AListThatWasDrafted(items, targets, by);
        return await town.After(list, "publish", new PublishTaskListRequest(), by);
    }

    /// <summary>The list after a command that has to succeed.</summary>
    public static async Task<TestList> After(this Town town, TestList list, string command, object body, string by = People.Dispatcher)
    {
        var answer = await town.As(by).PostAsync($"{list.Path}/{command}", body);
        answer.Status.ShouldBe(200, $"{command} by {by}: {answer.Text}");
        return list with { Version = answer.Receipt.Version };
    }

    /// <summary>A command on a task that has to succeed.</summary>
    public static async Task<CommandReceipt> Do(this Town town, string task, string command, object body, string by)
    {
        var answer = await town.TryTo(task, command, body, by);
        answer.Status.ShouldBe(200, $"{command} by {by}: {answer.Text}");
        return answer.Receipt;
    }

    public static Task<Answer> TryTo(this Town town, string task, string command, object body, string by, string? key = null, string? ifMatch = null) =>
        town.As(by).PostAsync($"/api/tasks/{task}/{command}", body, key, ifMatch);

    public static Task<TaskDetail> ReadTask(this Town town, string task, string by = People.Dispatcher) => town.As(by).GetAsync<TaskDetail>($"/api/tasks/{task}");

    /// <summary>What a person was told of a subject, newest last.</summary>
    public static async Task<IReadOnlyList<NoticeView>> ToldOf(this Town town, string subject, string person)
    {
        await town.CaughtUpAsync();
        var page = await town.As(person).GetAsync<InboxPage>("/api/inbox");
        return [.. page.Items.Where(notice => notice.Subject == subject).Reverse()];
    }
}
