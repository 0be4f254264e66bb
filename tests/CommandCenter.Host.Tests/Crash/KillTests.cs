using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Deadlines;
using CommandCenter.Host.LocalPostgres;
using CommandCenter.Host.Tests.Towns;
using Npgsql;

namespace CommandCenter.Host.Tests.Crash;

/// <summary>What was acknowledged is there, whatever is pulled out from under it.</summary>
public sealed class KillTests : IAsyncLifetime
{
    private const int Writers = 8;
    private const int AcknowledgedBeforeTheKill = 100;

    private readonly string _parent = Directory.CreateTempSubdirectory("killed-town-").FullName;

    private string Folder => Path.Combine(_parent, "data");

    public Task InitializeAsync()
    {
        // Folders for temporary files are made for their owner alone; the server may be another user.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_parent, (UnixFileMode)Convert.ToInt32("711", 8));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        (await PrivatePostgres.TryRemoveAsync(Folder)).ShouldBeTrue();
        Directory.Delete(_parent, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_host_killed_under_load_has_lost_no_acknowledged_case(bool databaseToo)
    {
        var sent = new ConcurrentBag<string>();
        var acknowledged = new ConcurrentDictionary<string, string>();
        await using (var host = await StartAsync())
        {
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var http = new HttpClient { BaseAddress = host.Address };
            var writers = Enumerable.Range(0, Writers).Select(n => WriteAsync(http, n, sent, acknowledged, enough)).ToList();
            await enough.Task.WaitAsync(TimeSpan.FromMinutes(5));
            // The server dies first, so that the host meets a commit whose end it cannot know.
            if (databaseToo)
                Kill(HostProcess.PostmasterOf(Folder));
            await host.KillAsync();
            await Task.WhenAll(writers);
        }

        acknowledged.Count.ShouldBeGreaterThanOrEqualTo(AcknowledgedBeforeTheKill);

        await using var next = await StartAsync();
        using var again = new HttpClient { BaseAddress = next.Address };
        var worker = new TownClient(again, People.GridWorker);
        var cases = new ConcurrentDictionary<string, string>();
        await Parallel.ForEachAsync(sent, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (key, _) =>
        {
            var answer = await worker.ReportAsync(Report(key), key);
            answer.Status.ShouldBe(201, answer.Text);
            cases[key] = answer.Receipt.Id;
            if (!acknowledged.TryGetValue(key, out var promised))
                return;
            (answer.Receipt.Id, answer.Replayed).ShouldBe((promised, true), $"{key} was acknowledged before the kill.");
            (await worker.GetAsync<CaseDetail>(answer.Location!)).Text.ShouldBe(TextOf(key));
            var clock = (await worker.GetAsync<CaseDeadlines>($"{answer.Location}/deadlines")).Clocks.ShouldHaveSingleItem();
            (clock.Clock, clock.State, clock.Next!.At).ShouldBe((Clock.Accept, ClockState.Running, clock.DueAt));
        });

        var ids = cases.Values.Order().ToList();
        ids.ShouldBeUnique();
        await using var database = NpgsqlDataSource.Create(HostProcess.ConnectionStringOf(Folder));
        (await ColumnAsync(database, "select substr(stream_id, 6) from mt_events where type = 'case_reported' order by 1")).ShouldBe(ids);
        (await ColumnAsync(database, "select saga_id from cc_timers where name = 'accept/overdue' order by 1")).ShouldBe(ids);
        (await ColumnAsync(database, "select substr(stream_id, 6) from mt_events where type = 'case_clock_started' order by 1")).ShouldBe(ids);
        (await ColumnAsync(database, "select (count(*) = max(seq_id) and min(seq_id) = 1 and max(seq_id) = (select last_position from cc_log))::text from mt_events")).ShouldBe(["true"]);
        (await ColumnAsync(database, "select (count(*) = max(position))::text from cc_leaves")).ShouldBe(["true"]);
    }

    private Task<HostProcess> StartAsync() =>
        HostProcess.StartListeningAsync("--urls=http://127.0.0.1:0", $"--CommandCenter:DataFolder={Folder}", "--Logging:LogLevel:Default=Warning");

    // Each writer goes on until the host is gone, so some requests are cut off at every stage.
    private static async Task WriteAsync(HttpClient http, int writer, ConcurrentBag<string> sent, ConcurrentDictionary<string, string> acknowledged, TaskCompletionSource enough)
    {
        var worker = new TownClient(http, People.GridWorker);
        try
        {
            for (var n = 0; ; n++)
            {
                var key = string.Create(CultureInfo.InvariantCulture, $"load-{writer}-{n}");
                sent.Add(key);
                var answer = await worker.ReportAsync(Report(key), key);
                if (answer.Status == 201)
                    acknowledged[key] = answer.Receipt.Id;
                if (acknowledged.Count >= AcknowledgedBeforeTheKill)
                    enough.TrySetResult();
            }
        }
        catch (HttpRequestException)
        {
            // The host is dead, as it should be; what it did not acknowledge is nobody's loss.
            enough.TrySetResult();
        }
    }

    private static string TextOf(string key) => $"路灯不亮 {key}";

    private static ReportCaseRequest Report(string key) => Town.AReport(TextOf(key), "street-light");

    private static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
        process.WaitForExit();
    }

    private static async Task<IReadOnlyList<string>> ColumnAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
            values.Add(reader.GetString(0));
        return values;
    }
}
