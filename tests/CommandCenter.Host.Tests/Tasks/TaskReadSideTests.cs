using System.Diagnostics;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using CommandCenter.EventStore;
using CommandCenter.Host.Tasks;
using CommandCenter.Host.Tests.Towns;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;
using static CommandCenter.Host.Tests.Tasks.TaskTown;

namespace CommandCenter.Host.Tests.Tasks;

/// <summary>Large lists, many hands at once, and read tables that are nothing but the log read again.</summary>
public sealed class TaskReadSideTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly string[] Tables = ["board_tasks_v1", "board_task_lists_v1", "board_task_scores_v1"];

    private Town? _town;

    private Town Town => _town!;

    public async Task InitializeAsync() => _town = await Town.StartAsync();

    public async Task DisposeAsync() => await Town.DisposeAsync();

    [Fact]
    public async Task Five_hundred_tasks_go_out_in_one_append_are_done_by_all_grids_at_once_and_closed_together()
    {
        var items = Enumerable.Range(1, 28).Select(number => AnItem(Town, $"第{number}项排查")).ToArray();
        var list = await Town.AListThatWasDrafted(items, [To(Places.Town, AreaLevel.Grid)]);
        var head = await Town.HeadAsync();
        var started = Stopwatch.GetTimestamp();
        await Town.After(list, "publish", new PublishTaskListRequest());
        output.WriteLine($"published 504 tasks in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:N0} ms");
        (await Town.AskAsync<long>($"select count(*) from mt_events where seq_id > {head} and type = 'task_assigned'")).ShouldBe(504);

        // Everybody reports the first item as done at the same moment: nobody gets in anybody's way.
        await Town.CaughtUpAsync();
        var mine = await Town.As(People.Dispatcher).GetAsync<TaskPage>($"/api/tasks?list={list.Id}&item=1&limit=200");
        var workers = mine.Items.ToDictionary(item => item.Id, item => WorkerOf(item.Target));
        started = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(mine.Items.Select(item => Town.TryTo(item.Id, "complete", new CompleteTaskRequest(), workers[item.Id])));
        output.WriteLine($"18 grids done at once in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:N0} ms");
        answers.ShouldAllBe(answer => answer.Status == 200);

        foreach (var item in mine.Items)
            await Town.Do(item.Id, "check", new CheckTaskRequest(true), "dispatcher-02");
        await Town.PassAsync(TimeSpan.FromDays(8));
        started = Stopwatch.GetTimestamp();
        await Town.After(list, "close", new CloseTaskListRequest());
        output.WriteLine($"closed in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:N0} ms");

        await Town.CaughtUpAsync();
        var account = await Town.As(People.Dispatcher).GetAsync<TaskListAccount>($"{list.Path}/account");
        (account.Total.Tasks, account.Total.OnTime, account.Total.NotDone, account.Total.Open).ShouldBe((504, 18, 486, 0));
        account.Targets.ShouldAllBe(target => target.Score == 4);
        (await Sweep()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Thousands_of_tasks_go_out_in_one_append_and_are_read_target_by_target_page_by_page()
    {
        var items = Enumerable.Range(1, TaskListDecider.MostItems).Select(number => AnItem(Town, $"第{number}项排查")).ToArray();
        TargetRequest[] everywhere = [To("500153", AreaLevel.Town), To("500153", AreaLevel.Village), To("500153", AreaLevel.Grid), To("500153", AreaLevel.Yard)];
        var list = await Town.AListThatWasDrafted(items, everywhere, People.Supervisor);
        var head = await Town.HeadAsync();
        var started = Stopwatch.GetTimestamp();
        await Town.After(list, "publish", new PublishTaskListRequest(), People.Supervisor);
        var took = Stopwatch.GetElapsedTime(started);
        var tasks = await Town.AskAsync<long>($"select count(*) from mt_events where seq_id > {head} and type = 'task_assigned'");
        var events = await Town.AskAsync<long>($"select count(*) from mt_events where seq_id > {head}");
        var bytes = await Town.AskAsync<long>($"select sum(octet_length(data::text))::bigint from mt_events where seq_id > {head}");
        output.WriteLine($"published {tasks} tasks with {events - tasks} other events, {bytes / 1024:N0} KiB, in {took.TotalMilliseconds:N0} ms");
        tasks.ShouldBeInRange(4_000, TaskListDecider.MostTasks);
        // No task carries the words of its list, so that the append grows with the number of tasks alone.
        (bytes / tasks).ShouldBeLessThan(1_000);

        await Town.CaughtUpAsync();
        List<TaskListItem> read = [];
        for (string? next = ""; next is not null;)
        {
            var page = await Town.As(People.Supervisor).GetAsync<TaskPage>($"/api/tasks?issued=true&list={list.Id}&sort=target&limit=200&cursor={Uri.EscapeDataString(next)}");
            read.AddRange(page.Items);
            next = page.Next;
        }

        read.Select(task => task.Id).Distinct().Count().ShouldBe((int)tasks);
        read.Select(task => task.Target.Value).ShouldBeInOrder(SortDirection.Ascending, StringComparer.Ordinal);
        (await Town.As(People.Supervisor).GetAsync<TaskListAccount>($"{list.Path}/account")).Targets.Count.ShouldBe((int)tasks / TaskListDecider.MostItems);
        (await Town.As(People.Supervisor).GetAsync($"/api/tasks?list={list.Id}&sort=target&cursor=7")).Problem(400, "request.malformed", "cursor");
    }

    [Fact]
    public async Task Emptied_tables_are_filled_from_the_log_with_the_same_rows_and_a_lost_row_is_noticed()
    {
        var list = await Town.AListThatWasPublished([AnItem(Town), AnItem(Town, within: TimeSpan.FromHours(3))]);
        await Town.AListThatWasDrafted();
        await Town.Do(list.Task(Places.Grid), "complete", new CompleteTaskRequest(), People.GridWorker);
        await Town.Do(list.Task(Places.Grid), "check", new CheckTaskRequest(true), People.Dispatcher);
        await Town.Do(list.Task(Places.OtherGrid), "return", new ReturnTaskRequest("不在本网格"), WorkerElsewhere);
        await Town.Do(list.Task(Places.OtherGrid), "cancel", new CancelTaskRequest("不再需要"), People.Dispatcher);
        await Town.PassAsync(TimeSpan.FromHours(4));
        await Town.After(list, "close", new CloseTaskListRequest());
        await Town.CaughtUpAsync();
        var before = await RowsAsync();
        before.Count.ShouldBe(4 + 2 + 2);
        (await Sweep()).ShouldBeEmpty();

        await RunAsync($"delete from board_task_scores_v1 where target = '{Places.Grid}'");
        (await Sweep()).ShouldHaveSingleItem().ShouldBe(TaskTable.TableName);

        await Town.StopAsync();
        await RunAsync($"truncate {string.Join(", ", Tables)}; update mt_event_progression set last_seq_id = 0 where name = '{TaskTable.TableName}:All'");
        await Town.StartAgainAsync();
        await Town.CaughtUpAsync();

        (await RowsAsync()).ShouldBe(before);
        (await Sweep()).ShouldBeEmpty();
    }

    private string WorkerOf(AreaCode grid) =>
        Town.Services.GetRequiredService<OrganizationDirectory>().People.First(person => person.Roles.Any(seat => seat.Role == Role.GridWorker && seat.Place == grid)).Id;

    private async Task<IReadOnlyList<string>> Sweep() =>
        [.. (await Town.Services.GetRequiredService<CoverageAudit>().SweepAsync()).Select(missing => missing.Projection)];

    private async Task<IReadOnlyList<string>> RowsAsync()
    {
        List<string> rows = [];
        foreach (var table in Tables)
            rows.AddRange(await Town.ColumnAsync($"select t::text from {table} t order by 1"));
        return rows;
    }

    private async Task RunAsync(string sql)
    {
        await using var command = Town.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
