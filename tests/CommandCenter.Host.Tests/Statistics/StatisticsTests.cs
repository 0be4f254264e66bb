using System.Globalization;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Statistics;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Statistics;
using CommandCenter.Host.Tests.Meetings;
using CommandCenter.Host.Tests.Towns;
using Xunit.Abstractions;

namespace CommandCenter.Host.Tests.Statistics;

/// <summary>Every figure is what the log says, and can be opened into exactly what it counted.</summary>
public sealed class StatisticsTests(TownFixture fixture, ITestOutputHelper output) : IClassFixture<TownFixture>
{
    private const string From = "2026-11-01", To = "2026-12-31";

    private Town Town => fixture.Town;

    [Fact]
    public async Task Every_figure_is_what_the_log_says_and_opens_into_exactly_what_it_counted()
    {
        var seed = Environment.GetEnvironmentVariable("TEST_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Environment.TickCount;
        output.WriteLine($"TEST_SEED={seed}");
        await new Population(Town, seed).LiveAsync(25, TimeSpan.FromDays(5));
        await Town.ACaseThatWasClosed();
        var solved = await Town.As(People.GridWorker).PostAsync("/api/cases/solved", new ReportSolvedCaseRequest(Town.AReport(), "已当场清理。", [await Town.APhoto(People.GridWorker)]));
        solved.Status.ShouldBe(201, solved.Text);
        await Town.CaughtUpAsync();

        var whole = await StatisticsAsync($"scope={Places.District}");
        var naive = await NaiveAsync();
        foreach (var (code, count) in naive)
            ValueOf(whole.Total, code).ShouldBe(count, code);
        naive.Values.Count(count => count > 0).ShouldBeGreaterThan(12);

        string[] groupings = ["place", "sector", "category", "source", "unit", "person", "reporter"];
        foreach (var by in groupings)
        {
            var view = await StatisticsAsync($"scope={Places.District}&by={by}");
            Text(view.Total).ShouldBe(Text(whole.Total));
            view.Items.Count.ShouldBeGreaterThan(0, by);
            foreach (var figure in Figures.All.Where(figure => figure is { Kind: FigureKind.Count, Sum: null }))
            {
                var counts = view.Items.Select(group => ValueOf(group.Figures, figure.Code)!.Value).ToList();
                // Whatever is counted has a place, a sector, a category, a source and a reporter; not everything has a unit or a person.
                if (by is not ("unit" or "person"))
                    counts.Sum().ShouldBe(ValueOf(whole.Total, figure.Code)!.Value, $"{by} {figure.Code}");
                foreach (var (group, count) in view.Items.Zip(counts).Where(pair => pair.Second > 0).Take(2))
                    (await CountAsync($"scope={Places.District}&by={by}&key={Uri.EscapeDataString(group.Key)}&figure={figure.Code}")).ShouldBe(count, $"{by} {group.Key} {figure.Code}");
            }
        }

        foreach (var figure in Figures.All.Where(figure => figure is { Kind: FigureKind.Count, Sum: null }))
            (await CountAsync($"scope={Places.District}&figure={figure.Code}")).ShouldBe(ValueOf(whole.Total, figure.Code)!.Value, figure.Code);
    }

    [Fact]
    public async Task What_is_late_and_open_was_so_on_each_evening_whatever_happened_since()
    {
        var late = await Town.ACaseThatWasReported(Town.AReport("晚了的一件"));
        var day = LocalDay.Of(Town.Clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        await Town.PassAsync(TimeSpan.FromDays(6));
        await Town.CaughtUpAsync();
        var before = await OpenLateAsync(day.AddDays(4));
        (await CasesAsync($"figure=closing_late_open&from={day:yyyy-MM-dd}&to={day.AddDays(4):yyyy-MM-dd}")).ShouldContain(late.Id);

        (await Town.As(People.Operator).CommandAsync(late.Id, "refuse", new RefuseCaseRequest(RefusalReason.Duplicate, "重复"))).Status.ShouldBe(200);
        await Town.CaughtUpAsync();

        (await OpenLateAsync(day.AddDays(4))).ShouldBe(before);
        (await CasesAsync($"figure=closing_late_open&from={day:yyyy-MM-dd}&to={day.AddDays(6):yyyy-MM-dd}")).ShouldNotContain(late.Id);

        async Task<decimal> OpenLateAsync(DateOnly to) => ValueOf((await Town.As(People.Supervisor).GetAsync<StatisticsView>($"/api/statistics?from={day:yyyy-MM-dd}&to={to:yyyy-MM-dd}")).Total, "closing_late_open")!.Value;
    }

    [Fact]
    public async Task Emptied_tables_are_filled_from_the_log_with_the_same_rows()
    {
        await Town.ACaseThatWasClosed();
        await Town.CaughtUpAsync();
        var before = await RowsAsync();

        await Town.AskAsync<object>("with a as (delete from statistics_cases_v1), b as (delete from statistics_facts_v1), c as (delete from statistics_runs_v1), d as (delete from mt_event_progression where name = 'statistics_cases_v1:All') select 1::bigint::text::varchar");
        await Town.StopAsync();
        await Town.StartAgainAsync();
        await Town.CaughtUpAsync();

        (await RowsAsync()).ShouldBe(before);

        async Task<IReadOnlyList<string>> RowsAsync() =>
        [
            .. await Town.ColumnAsync("select t::text from statistics_facts_v1 t order by 1"), .. await Town.ColumnAsync("select t::text from statistics_runs_v1 t order by 1"),
            .. await Town.ColumnAsync("select t::text from statistics_cases_v1 t order by 1"),
        ];
    }

    [Theory]
    [InlineData("scope=33", 400, "request.malformed", "scope")]
    [InlineData("by=colour", 400, "request.malformed", "by")]
    [InlineData("from=2026-11-31", 400, "request.malformed", "from")]
    [InlineData("from=2026-11-20&to=2026-11-19", 422, "field.out_of_range", "from")]
    [InlineData("from=2025-11-01&to=2026-11-19", 422, "field.out_of_range", "from")]
    public async Task What_cannot_be_read_is_refused_by_its_name(string query, int status, string code, string field) =>
        (await Town.As(People.Supervisor).GetAsync($"/api/statistics?{query}")).Problem(status, code, field);

    [Theory]
    [InlineData("", 422, "field.missing", "figure")]
    [InlineData("figure=nothing", 400, "request.malformed", "figure")]
    [InlineData("figure=closing_rate", 400, "request.malformed", "figure")]
    [InlineData("figure=closing_due", 400, "request.malformed", "figure")]
    [InlineData("figure=closed&key=x", 400, "request.malformed", "key")]
    [InlineData("figure=closed&by=place", 400, "request.malformed", "key")]
    [InlineData("figure=closed&limit=0", 422, "field.out_of_range", "limit")]
    public async Task What_no_figure_counts_is_refused(string query, int status, string code, string field) =>
        (await Town.As(People.Supervisor).GetAsync($"/api/statistics/cases?{query}")).Problem(status, code, field);

    [Fact]
    public async Task People_are_compared_only_by_those_who_are_answerable_for_them()
    {
        (await Town.As(People.GridWorker).GetAsync($"/api/statistics?scope={Places.Grid}&by=sector")).Status.ShouldBe(200);
        (await Town.As(People.GridWorker).GetAsync($"/api/statistics?scope={Places.Grid}&by=reporter")).Problem(403, "access.denied");
        (await Town.As(People.GridWorker).GetAsync($"/api/statistics?scope={Places.District}")).Problem(403, "access.denied");
        (await Town.As(People.Resident).GetAsync($"/api/statistics?scope={Places.Grid}")).Problem(403, "access.denied");
    }

    [Fact]
    public async Task Every_figure_is_explained_in_both_languages()
    {
        var figures = await Town.As(People.Supervisor).GetAsync<FigureList>("/api/statistics/figures");
        figures.Items.Count.ShouldBe(Figures.All.Count);
        figures.Items.ShouldAllBe(figure => figure.Name.Length > 0 && figure.NameEn.Length > 0 && figure.Formula.Length > 0 && figure.FormulaEn.Length > 0);
        figures.Items.Single(figure => figure.Code == "on_time_closing_rate").Formula.ShouldBe("按期结案 ÷ 应结案");
        // Whatever is not listed itself leads to counts that are.
        figures.Items.Where(figure => !figure.Listed).ShouldAllBe(figure => figure.Denominator != null || figure.Sum != null);
        figures.Items.Single(figure => figure.Code == "closing_p90").Denominator.ShouldBe("closed");
    }

    private static decimal? ValueOf(IReadOnlyList<StatisticsFigure> figures, string code) => figures.Single(figure => figure.Code == code).Value;

    private static string Text(IReadOnlyList<StatisticsFigure> figures) => string.Join("; ", figures.Select(figure => $"{figure.Code}={figure.Value}/{figure.Of}"));

    private Task<StatisticsView> StatisticsAsync(string query) => Town.As(People.Supervisor).GetAsync<StatisticsView>($"/api/statistics?from={From}&to={To}&{query}");

    // Page by page, so that the cursor is tried as well; each item stands once.
    private async Task<decimal> CountAsync(string query)
    {
        var count = 0m;
        for (string? cursor = null; ;)
        {
            var page = await Town.As(People.Supervisor).GetAsync<StatisticsCases>($"/api/statistics/cases?from={From}&to={To}&limit=7&{query}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            count += page.Items.Count;
            if ((cursor = page.Next) is null)
                return count;
        }
    }

    private async Task<IReadOnlyList<string>> CasesAsync(string query) =>
        [.. (await Town.As(People.Supervisor).GetAsync<StatisticsCases>($"/api/statistics/cases?limit=200&{query}")).Items.Select(item => item.Id)];

    /// <summary>The same counts by SQL over the events alone, knowing nothing of the tables.</summary>
    private async Task<Dictionary<string, decimal>> NaiveAsync()
    {
        const string Late = "exists (select from mt_events s where s.stream_id = e.stream_id and s.type = 'case_clock_stopped' and (s.data ->> 'late')::boolean";
        // From one reopening to the next: the clocks that a closing or a completion ends follow it.
        const string SinceReopened =
            """
            and s.version > coalesce((select max(o.version) from mt_events o where o.stream_id = e.stream_id and o.type = 'case_reopened' and o.version < e.version), 0)
            and s.version < coalesce((select min(o.version) from mt_events o where o.stream_id = e.stream_id and o.type = 'case_reopened' and o.version > e.version), 1000000)
            """;
        const string Closing = "e.type in ('case_closed', 'case_solved_on_spot', 'case_settled_by_village')";
        const string LateClosing = $"{Late} {SinceReopened})";
        const string LateHandling = $"{Late} and s.version = (select min(n.version) from mt_events n where n.stream_id = e.stream_id and n.type = 'case_clock_stopped' and n.data ->> 'clock' = 'handle' and n.version > e.version))";
        var counts = new (string Code, string Where)[]
        {
            ("reported", "e.type = 'case_reported'"), ("filed", "e.type = 'case_filed'"), ("refused", "e.type = 'case_refused'"), ("dispatched", "e.type in ('case_dispatched', 'case_handed_to_enforcement')"),
            ("returned", "e.type = 'case_returned'"), ("handled", "e.type = 'case_completed'"), ("handled_late", $"e.type = 'case_completed' and {LateHandling}"),
            ("handled_on_time", $"e.type = 'case_completed' and not {LateHandling}"), ("verified", "e.type = 'case_verified'"), ("reworked", "e.type = 'case_rework_ordered'"),
            ("closed", Closing), ("closed_late", $"{Closing} and {LateClosing}"), ("closed_on_time", $"{Closing} and not {LateClosing}"), ("solved_on_spot", "e.type = 'case_solved_on_spot'"),
            ("reopened", "e.type = 'case_reopened'"), ("rated", "e.type = 'case_rated'"), ("satisfied", "e.type = 'case_rated' and (e.data ->> 'satisfaction')::int >= 4"),
            ("dissatisfied", "e.type = 'case_rated' and (e.data ->> 'satisfaction')::int <= 2"), ("escalated", "e.type = 'case_escalated'"),
        };
        var result = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var (code, where) in counts)
            result[code] = await Town.AskAsync<long>($"select count(*) from mt_events e where e.stream_id like 'case:%' and {where}");
        result["closing_late_open"] = await Town.AskAsync<long>(
            $"""
            select count(distinct stream_id)
            from (
              select distinct on (e.stream_id, e.data ->> 'clock', e.data ->> 'round') e.stream_id, e.type, e.data ->> 'dueAt' as due_at
              from mt_events e
              where e.type in ('case_clock_started', 'case_clock_paused', 'case_clock_resumed', 'case_clock_extended', 'case_clock_recounted', 'case_clock_stopped')
              order by e.stream_id, e.data ->> 'clock', e.data ->> 'round', e.version desc) last
            where type <> 'case_clock_stopped' and due_at::timestamptz <= '{Town.Clock.GetUtcNow():O}'
            """);
        return result;
    }
}
