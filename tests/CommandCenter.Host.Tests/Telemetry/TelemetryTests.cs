using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Telemetry;
using CommandCenter.Host.Tests.Board;
using CommandCenter.Host.Tests.Towns;
using Microsoft.Extensions.DependencyInjection;

namespace CommandCenter.Host.Tests.Telemetry;

/// <summary>What is sent over OTLP, and what the dashboard makes of it.</summary>
public sealed partial class TelemetryTests
{
    [Fact]
    public async Task One_trace_leads_from_the_request_over_the_append_to_the_boards_delta_and_figures_and_logs_come_beside_it()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var town = await Town.StartAsync(
            null, $"--{TelemetryExport.EndpointSetting}={receiver.Address}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "--OTEL_METRIC_EXPORT_INTERVAL=200", "--OTEL_BSP_SCHEDULE_DELAY=100", "--OTEL_BLRP_SCHEDULE_DELAY=100");
        await using var wall = await Wall.ConnectAsync(town, People.Supervisor);
        await wall.WatchAsync(Places.Town);

        var reported = await town.ACaseThatWasReported();
        await wall.UntilAsync(board => board.Feed.Any(item => item.Id == reported.Id));
        (await town.As(People.Operator).GetAsync($"{reported.Path}/deadlines")).Status.ShouldBe(200);

        await Town.UntilAsync(() => Task.FromResult(receiver.Spans.Any(span => span.Name == "board delta")), "the delta's span came");
        var delta = receiver.Spans.First(span => span.Name == "board delta");
        await Town.UntilAsync(() => Task.FromResult(receiver.Spans.Any(span => span.Name == "append" && span.Id == delta.Parent) && receiver.Spans.Any(span => span.Name == "POST /api/cases")), "what led to it came");
        var append = receiver.Spans.First(span => span.Id == delta.Parent);
        var request = receiver.Spans.First(span => span.Name == "POST /api/cases");
        (append.Name, append.Trace, delta.Trace).ShouldBe(("append", request.Trace, request.Trace));
        append.Parent.ShouldBe(request.Id);
        // A case's id is in no name: there would be as many names as cases.
        await Town.UntilAsync(() => Task.FromResult(receiver.Spans.Any(span => span.Name == "GET /api/cases/{id}/deadlines")), "the read's span came");
        receiver.Spans.ShouldAllBe(span => !span.Name.Contains(reported.Id, StringComparison.Ordinal));

        foreach (var expected in Instruments)
            await Town.UntilAsync(() => Task.FromResult(receiver.Metrics.ContainsKey(expected)), $"{expected} came");
    }

    [Fact]
    public async Task Figures_say_how_far_the_tables_are_how_late_the_oldest_timer_is_and_what_is_parked_and_unread()
    {
        await using var town = await Town.StartAsync();
        var figures = ActivatorUtilities.CreateInstance<TelemetryFigures>(town.Services);
        await town.ACaseThatWasReported();
        await town.CaughtUpAsync();

        var sample = await figures.ReadAsync(CancellationToken.None);
        sample.Lags.Count.ShouldBe(town.Services.GetRequiredService<ReadTables>().All.Count);
        sample.Lags.ShouldAllBe(lag => lag.Events == 0 && lag.Seconds == 0);
        (sample.OldestDue, sample.Parked).ShouldBe((0, 0));
        sample.Unread.ShouldBe(await town.AskAsync<long>("select count(*) from inbox_notices_v2 where read_at is null"));
        sample.Unread.ShouldBeGreaterThan(0);

        // Told from the table: a timer that nobody fires.
        await town.StopAsync();
        await town.AskAsync<long>("with late as (insert into cc_timers (saga, saga_id, name, attempt, due_at) values ('nobody', 'n', 'x', 1, '2026-11-20T00:00:00Z') returning 1) select count(*) from late");
        await town.StartAgainAsync();
        town.Clock.Advance(TimeSpan.FromSeconds(90));
        var again = await ActivatorUtilities.CreateInstance<TelemetryFigures>(town.Services).ReadAsync(CancellationToken.None);
        again.OldestDue.ShouldBe((town.Clock.GetUtcNow() - new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero)).TotalSeconds, 0.001);
    }

    [Fact]
    public async Task Without_an_endpoint_nothing_listens_and_nothing_is_sent()
    {
        await using var town = await Town.StartAsync();

        town.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().ShouldNotContain(service => service is TelemetryFigures);
    }

    /// <summary>A panel whose metric nobody sends would stand empty for ever.</summary>
    [Fact]
    public void The_dashboard_asks_only_for_what_is_sent_and_no_panel_lies_over_another()
    {
        var dashboard = JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryRoot(), "ops", "telemetry", "dashboard.json")))!;
        dashboard["title"]!.GetValue<string>().ShouldNotBeEmpty();
        dashboard["schemaVersion"]!.GetValue<int>().ShouldBeGreaterThan(35);
        var known = Instruments.Concat(Runtime).SelectMany(Prometheus).ToHashSet(StringComparer.Ordinal);
        var asked = new HashSet<string>(StringComparer.Ordinal);
        var taken = new HashSet<(int, int)>();
        var ids = new HashSet<int>();
        foreach (var panel in dashboard["panels"]!.AsArray().Select(panel => panel!))
        {
            var title = panel["title"]!.GetValue<string>();
            ids.Add(panel["id"]!.GetValue<int>()).ShouldBeTrue(title);
            panel["type"]!.GetValue<string>().ShouldBeOneOf("timeseries", "stat", "heatmap", "row");
            var (x, y, w, h) = (At("x"), At("y"), At("w"), At("h"));
            (x + w).ShouldBeLessThanOrEqualTo(24, title);
            foreach (var cell in Enumerable.Range(x, w).SelectMany(column => Enumerable.Range(y, h).Select(row => (column, row))))
                taken.Add(cell).ShouldBeTrue($"{title} lies over another");
            int At(string side) => panel["gridPos"]![side]!.GetValue<int>();
            if (panel["type"]!.GetValue<string>() == "row")
                continue;
            var targets = panel["targets"]!.AsArray();
            targets.Count.ShouldBeGreaterThan(0, title);
            foreach (var target in targets)
                foreach (Match name in MetricName().Matches(target!["expr"]!.GetValue<string>()))
                    asked.Add(name.Value);
        }

        asked.Except(known).ShouldBeEmpty("metrics that nobody sends");
        // And what is measured is shown: each instrument by one of its series at least.
        Instruments.Where(name => !Prometheus(name).Any(asked.Contains)).ShouldBeEmpty("instruments that nobody looks at");
    }

    private static readonly string[] Instruments =
    [
        "commandcenter.append.duration", "commandcenter.append.batch.size", "commandcenter.append.batch.duration", "commandcenter.append.lock.wait", "commandcenter.append.waiting", "commandcenter.append.longest_wait",
        "commandcenter.projection.lag.events", "commandcenter.projection.lag", "commandcenter.timer.oldest_due", "commandcenter.parked.streams", "commandcenter.walls.connected", "commandcenter.notices.unread",
    ];

    private static readonly string[] Runtime = ["http.server.request.duration", "dotnet.gc.last_collection.heap.size", "dotnet.process.memory.working_set"];

    // As the collector's Prometheus exporter names them: units in full, and three series of a histogram.
    private static IEnumerable<string> Prometheus(string instrument)
    {
        var name = instrument.Replace('.', '_');
        return instrument switch
        {
            "commandcenter.append.duration" or "commandcenter.append.batch.duration" or "commandcenter.append.lock.wait" or "http.server.request.duration" => [$"{name}_seconds_bucket", $"{name}_seconds_count", $"{name}_seconds_sum"],
            "commandcenter.append.batch.size" => [$"{name}_bucket", $"{name}_count", $"{name}_sum"],
            "commandcenter.append.longest_wait" or "commandcenter.projection.lag" or "commandcenter.timer.oldest_due" => [$"{name}_seconds"],
            "dotnet.gc.last_collection.heap.size" or "dotnet.process.memory.working_set" => [$"{name}_bytes"],
            _ => [name],
        };
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); ; folder = folder.Parent ?? throw new InvalidOperationException("The repository was not found."))
            if (File.Exists(Path.Combine(folder.FullName, "CommandCenter.sln")))
                return folder.FullName;
    }

    [GeneratedRegex("(?:commandcenter|http_server|dotnet)_[a-z_]+")]
    private static partial Regex MetricName();
}
