using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CommandCenter.Host.Meetings;
using CommandCenter.Host.Tests.Meetings;
using CommandCenter.Host.Tests.Tasks;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Host.Tests.Whistles;
using Npgsql;

namespace CommandCenter.Host.Tests.ReadSide;

/// <summary>What the host asks the database at work, as Npgsql's own traces tell it, and how PostgreSQL would answer where reading a whole table is the last resort.</summary>
public sealed partial class PlansTests : IAsyncLifetime
{
    /// <summary>A row or two for each projection or process: read whole on purpose.</summary>
    private static readonly string[] Small = ["cc_log", "cc_schema", "cc_projections", "mt_event_progression"];

    private readonly ConcurrentDictionary<string, bool> _statements = new(StringComparer.Ordinal);
    private Town? _town;
    private ActivityListener? _listener;

    private Town Town => _town!;

    public async Task InitializeAsync()
    {
        _town = await Town.StartAsync();
        // A table that was counted as one of a few rows is walked; one that was not is asked as one that may be large.
        foreach (var table in await Town.ColumnAsync("select relname from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace and (relname like 'board%' or relname like 'inbox%' or relname like 'statistics%')"))
            await Town.ColumnAsync($"alter table {table} set (autovacuum_enabled = false)");
        var database = new NpgsqlConnectionStringBuilder(Town.ConnectionString).Database;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (Equals(activity.GetTagItem("db.namespace"), database) && activity.GetTagItem("db.query.text") is string text)
                    _statements.TryAdd(text, true);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public async Task DisposeAsync()
    {
        _listener?.Dispose();
        await Town.DisposeAsync();
    }

    [Fact]
    public async Task No_list_and_no_table_of_the_read_side_is_kept_or_asked_without_an_index()
    {
        await WorkAsync();
        await AskAsync();
        _listener!.Dispose();

        var asked = _statements.Keys.SelectMany(text => text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            // What is emptied before it is filled anew is emptied whole.
            .Where(sql => !sql.StartsWith("delete from", StringComparison.Ordinal) || sql.Contains("where", StringComparison.Ordinal))
            .Where(sql => sql.Contains("board_", StringComparison.Ordinal) || sql.Contains("statistics_", StringComparison.Ordinal) || sql.Contains("inbox_", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).ToList();
        asked.Count.ShouldBeGreaterThan(40, string.Join("\n", asked));
        var violations = new List<string>();
        // Such an index holds nothing but what is asked for.
        var partial = await Town.ColumnAsync("select indexrelid::regclass::text from pg_index where indpred is not null");
        await using var connection = await Town.Database.OpenConnectionAsync();
        // On tables of a few rows every way is as good; on large ones what is left here is the one.
        await using (var settings = new NpgsqlCommand("set enable_seqscan = off; set enable_mergejoin = off; set enable_hashjoin = off; set enable_material = off; set plan_cache_mode = force_generic_plan", connection))
            await settings.ExecuteNonQueryAsync();
        foreach (var sql in asked)
        {
            var parameters = Enumerable.Repeat("null", Parameter().Matches(sql).Select(match => int.Parse(match.ValueSpan[1..], CultureInfo.InvariantCulture)).Append(0).Max());
            await using var prepare = new NpgsqlCommand($"prepare asked as {await WithTypesAsync(sql)}", connection);
            try
            {
                await prepare.ExecuteNonQueryAsync();
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.AmbiguousFunction && sql.StartsWith("insert", StringComparison.OrdinalIgnoreCase))
            {
                // Rows that come as arrays without names: nothing is looked for but the key.
                continue;
            }

            await using var explain = new NpgsqlCommand($"explain (format json) execute asked{(parameters.Any() ? $"({string.Join(", ", parameters)})" : "")}", connection);
            var plan = JsonNode.Parse((string)(await explain.ExecuteScalarAsync())!)![0]!["Plan"]!;
            violations.AddRange(Violations(plan, partial, limited: false).Select(violation => $"{violation}: {sql}"));
            await using var forget = new NpgsqlCommand("deallocate asked", connection);
            await forget.ExecuteNonQueryAsync();
        }

        violations.ShouldBeEmpty(string.Join("\n\n", violations));
    }

    /// <summary>Something of everything, so that every projection has something to write.</summary>
    private async Task WorkAsync()
    {
        await new Population(Town, seed: 20261130).LiveAsync(8, TimeSpan.FromDays(1));
        var list = await Town.AListThatWasPublished();
        await Town.Do(list.Task(Places.Grid), "claim", new Host.Tasks.ClaimTaskRequest(), People.GridWorker);
        await Town.AWhistleThatWasResolved();
        await Town.AMeetingWithAList();
        var dispatched = await Town.ACaseThatWasDispatched();
        var now = Town.Clock.GetUtcNow();
        await Accepted("office-01", $"/api/agendas/{Places.Town}/prepare", new Host.Agendas.PrepareAgendaRequest(now.AddDays(1)));
        await Accepted("office-01", $"/api/agendas/{Places.Town}/add", new Host.Agendas.AddAgendaItemRequest(dispatched.Id, "群众反映强烈"));
        await Accepted(People.Supervisor, $"/api/listings/{dispatched.Id}/open", new Host.Listings.OpenListingRequest());
        await Accepted(People.Supervisor, "/api/guidances", new Host.Reviews.RecordGuidanceRequest(Town.Area(Places.Grid), now.AddHours(-2), now.AddHours(-1), "无人管护", "设专人管护", CaseId: dispatched.Id, By: now.AddDays(3)));
        var inbox = await Town.As(People.Operator).GetAsync<Host.Inbox.InboxPage>("/api/inbox");
        (await Town.As(People.Operator).PostAsync($"/api/inbox/{inbox.Items[0].Id}/read", "")).Status.ShouldBe(200);
        await Town.CaughtUpAsync();
    }

    private async Task Accepted(string by, string path, object body)
    {
        var answer = await Town.As(by).PostAsync(path, body);
        answer.Status.ShouldBeOneOf([200, 201], answer.Text);
    }

    private async Task AskAsync()
    {
        var cases = await Town.As(People.TownLeader).GetAsync<Host.Cases.CaseList>("/api/cases?limit=2");
        var tasks = await Town.As(People.Dispatcher).GetAsync<JsonObject>("/api/tasks?limit=1");
        var lists = await Town.As(People.Dispatcher).GetAsync<JsonObject>("/api/task-lists?limit=1");
        var whistles = await Town.As(People.Dispatcher).GetAsync<JsonObject>("/api/whistles?limit=1");
        var meetings = await Town.As(MeetingTown.Secretary).GetAsync<JsonObject>("/api/meetings?limit=1");
        string[] paths =
        [
            $"/api/cases?limit=2&cursor={Uri.EscapeDataString(cases.Next!)}", "/api/cases?open=true&sort=due", "/api/cases?late=true", "/api/cases?dueSoon=true&open=true", "/api/cases?stage=filed,dispatched",
            "/api/cases?sector=livelihood&open=true", "/api/cases?unit=post:village-construction&open=true", "/api/cases?level=responsible", "/api/cases?urgency=emergency&open=true",
            "/api/cases?reportedOn=2026-11-21", "/api/cases?filedOn=2026-11-21", "/api/cases?escalatedOn=2026-11-21", "/api/cases?closedOn=2026-11-21", $"/api/cases?transferTo={Places.Town}",
            $"/api/cases?scope={Places.Grid}", $"/api/cases?meeting={meetings["items"]![0]!["id"]}", "/api/cases?mine=true", "/api/cases?spot=bin-17", $"/api/spots?scope={Places.Town}", "/api/spots/bin-17",
            $"/api/cases/{cases.Items[0].Id}", $"/api/cases/{cases.Items[0].Id}/history", $"/api/cases/{cases.Items[0].Id}/deadlines", $"/api/cases/{cases.Items[0].Id}/notices",
            "/api/inbox", "/api/inbox?unread=true", "/api/task-lists?issued=true", $"/api/task-lists?scope={Places.Grid}", $"/api/task-lists/{lists["items"]![0]!["id"]}",
            $"/api/task-lists/{lists["items"]![0]!["id"]}/account", $"/api/task-scores?scope={Places.Town}", "/api/tasks?issued=true", $"/api/tasks?scope={Places.Grid}&open=true&sort=due",
            $"/api/tasks?list={lists["items"]![0]!["id"]}", "/api/tasks?late=true", "/api/tasks?dueSoon=true", "/api/tasks?matter=manhole-cover", $"/api/tasks/{tasks["items"]![0]!["id"]}",
            "/api/cases?onAgenda=true", "/api/cases?listed=true&open=true", "/api/cases?underReview=true",
            $"/api/agendas/{Places.Town}", "/api/agenda-items?open=true", "/api/agenda-items?mine=true&open=true", $"/api/agenda-items?caseId={cases.Items[0].Id}",
            "/api/listings?stage=listed", "/api/listings?grade=general", $"/api/listings?caseId={cases.Items[0].Id}", "/api/reviews", "/api/guidances", $"/api/guidances?caseId={cases.Items[0].Id}",
            "/api/whistles?open=true", "/api/whistles?unit=department:ecology-bureau&stage=open", $"/api/whistles?caseId={cases.Items[0].Id}", "/api/whistles?waitingMinutes=10&sort=waiting", $"/api/whistles/response?scope={Places.Town}",
            $"/api/whistles/{whistles["items"]![0]!["id"]}", "/api/statistics?by=place", "/api/statistics?by=unit&sector=livelihood&from=2026-01-01", "/api/statistics/cases?figure=reported", "/api/statistics/cases?figure=handling_late_open&by=sector&key=livelihood", "/api/meetings?open=true", "/api/meetings?feedbackDue=true", "/api/meetings?tier=village&stage=held", $"/api/meetings/{meetings["items"]![0]!["id"]}", $"/api/meetings/{meetings["items"]![0]!["id"]}/feedback",
        ];
        var refused = new List<string>();
        foreach (var path in paths)
            if ((await Town.As(path.Contains("meetings", StringComparison.Ordinal) ? MeetingTown.Secretary : path.Contains("mine=", StringComparison.Ordinal) ? People.GridWorker : People.Dispatcher).GetAsync(path)) is { Status: not 200 } answer)
                refused.Add($"{path}: {answer.Status} {answer.Text}");
        refused.ShouldBeEmpty();
        (await Town.As(MeetingTown.Secretary).GetAsync<MeetingFeedbackView>($"/api/meetings/{meetings["items"]![0]!["id"]}/feedback")).ShouldNotBeNull();
    }

    /// <summary>The driver knows of which types the arrays are; an update looks its rows up by these, which mostly are named as the table's columns.</summary>
    private async Task<string> WithTypesAsync(string sql)
    {
        if (!sql.StartsWith("update", StringComparison.OrdinalIgnoreCase))
            return sql;
        var table = sql.Split(' ')[1];
        var types = (await Town.ColumnAsync($"select column_name || ' ' || udt_name from information_schema.columns where table_name = '{table}'")).ToDictionary(line => line.Split(' ')[0], line => line.Split(' ')[1]);
        return NamedRows().Replace(sql, match =>
        {
            var columns = match.Groups["columns"].Value.Split(',', StringSplitOptions.TrimEntries);
            var arrays = columns.Select((column, n) => $"${n + 1}::{types.GetValueOrDefault(column) switch { null when column == "at" => "timestamptz", null or ['_', ..] => "text", var type => type }}[]");
            return $"unnest({string.Join(", ", arrays)}) as {match.Groups["name"]} ({match.Groups["columns"]})";
        });
    }

    [GeneratedRegex(@"unnest\([^)]*\) as (?<name>\w+) \((?<columns>[^)]*)\)")]
    private static partial Regex NamedRows();

    [GeneratedRegex(@"\$\d+")]
    private static partial Regex Parameter();

    /// <param name="partial">The indexes of a part of a table.</param>
    /// <param name="limited">Whether something above takes only the first rows of an ordered walk.</param>
    private static IEnumerable<string> Violations(JsonNode node, IReadOnlyCollection<string> partial, bool limited)
    {
        var type = (string)node["Node Type"]!;
        limited = type == "Limit" || (limited && type is not ("Sort" or "Aggregate" or "Hash" or "Bitmap Heap Scan"));
        var table = (string?)node["Relation Name"];
        if (type == "Seq Scan" && !Small.Contains(table))
            yield return $"{table} is read whole";
        if (type is "Index Scan" or "Index Only Scan" or "Bitmap Index Scan" && node["Index Cond"] is null && !limited && !Small.Contains(table) && !partial.Contains((string)node["Index Name"]!))
            yield return $"all of {node["Index Name"]} is walked";
        foreach (var child in node["Plans"]?.AsArray() ?? [])
            foreach (var violation in Violations(child!, partial, limited))
                yield return violation;
    }
}
