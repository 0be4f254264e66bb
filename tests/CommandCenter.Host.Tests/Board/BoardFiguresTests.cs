using System.Globalization;
using System.Text.Json;
using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Whistles;
using CommandCenter.Host.Agendas;
using CommandCenter.Host.Board;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Listings;
using CommandCenter.Host.Statistics;
using CommandCenter.Host.Tasks;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Host.Whistles;
using CommandCenter.Testing.Clock;
using Xunit.Abstractions;

namespace CommandCenter.Host.Tests.Board;

/// <summary>Every number shown can be opened into the cases behind it, and they are that many.</summary>
public sealed class BoardFiguresTests(ITestOutputHelper output)
{
    private const int Cases = 50;
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    [Fact]
    public async Task Every_figure_is_the_number_of_cases_in_the_list_behind_it()
    {
        var seed = Environment.GetEnvironmentVariable("TEST_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Environment.TickCount;
        output.WriteLine($"TEST_SEED={seed}");
        await using var town = await Town.StartAsync(new VirtualClock(), "--CommandCenter:BoardSnapshotEvery=150");
        string[] scopes = [Places.District, Places.Town, Places.Village, Places.OtherVillage, Places.Grid];
        var population = new Population(town, seed);
        await population.LiveAsync(Cases / 2, TimeSpan.FromDays(2));
        await town.PassAsync(TimeSpan.FromSeconds(1));
        await town.BoardSpeaksOfNowAsync();
        var recorded = new List<BoardView>();
        foreach (var scope in scopes)
            recorded.Add(await BoardAsync(town, scope));
        // What happens at the same instant would belong to that board too.
        await town.PassAsync(TimeSpan.FromSeconds(1));
        await population.LiveAsync(Cases / 2, TimeSpan.FromDays(2));
        // So that weeks have something to be compared with.
        await town.PassAsync(TimeSpan.FromDays(5));
        await population.LiveAsync(Cases / 10, TimeSpan.FromDays(1));
        await town.ACaseThatWasReported();
        // The clock stands still, and what was just recorded comes a moment after it.
        await town.PassAsync(TimeSpan.FromSeconds(1));
        await town.BoardSpeaksOfNowAsync();
        var views = new Dictionary<string, BoardView>();
        foreach (var scope in scopes)
        {
            var view = views[scope] = await BoardAsync(town, scope);
            await CheckAsync(town, view);
        }

        views[Places.District].Today.Reported.ShouldBeGreaterThan(0);
        views[Places.District].Open.ShouldBeGreaterThan(10);
        views[Places.District].Overdue.ShouldBeGreaterThan(0);

        views[Places.District].Week.OnTimeBefore.Of.ShouldBeGreaterThan(0);

        // The board as of then is the board that was recorded then, with snapshots and without.
        (await town.AskAsync<long>("select count(*) from board_snapshots_v1")).ShouldBeGreaterThan(1);
        await AsRecordedAsync(town, recorded);
        await AsRecordedAsync(town, views.Values);
        await AsRecordedAsync(town, recorded);
        (await town.As(People.Supervisor).GetAsync($"/api/board?scope={Places.Town}&asOf=2027-12-01T00:00:00Z")).Problem(422, "time.out_of_range", "asOf");
        (await town.As(People.Supervisor).GetAsync($"/api/board?scope={Places.Town}&asOf=yesterday")).Problem(400, "request.malformed", "asOf");

        // A board that goes on from a snapshot is the same board.
        await town.StopAsync();
        await town.StartAgainAsync();
        await town.CaughtUpAsync();
        await town.BoardSpeaksOfNowAsync();
        foreach (var scope in scopes)
            Text(await BoardAsync(town, scope)).ShouldBe(Text(views[scope]));
    }

    private static async Task AsRecordedAsync(Town town, IEnumerable<BoardView> recorded)
    {
        foreach (var view in recorded)
        {
            var then = await town.As(People.Supervisor).GetAsync<BoardView>($"/api/board?scope={view.Scope}&asOf={Uri.EscapeDataString(view.At.ToString("O", CultureInfo.InvariantCulture))}");
            Text(then).ShouldBe(Text(view with { Frame = 0 }));
        }
    }

    private static string Text(BoardView view) => JsonSerializer.Serialize(view, DomainJson.Options);

    private static Task<BoardView> BoardAsync(Town town, string scope) => town.As(People.Supervisor).GetAsync<BoardView>($"/api/board?scope={scope}");

    private static async Task CheckAsync(Town town, BoardView view)
    {
        var today = LocalDay.Of(view.At, Zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        async Task Is(int figure, string filter) => figure.ShouldBe(await CountAsync(town, $"scope={view.Scope}&{filter}"), $"scope={view.Scope}&{filter}");

        await Is(view.Open, "open=true");
        await Is(view.Overdue, "late=true");
        await Is(view.Today.Reported, $"reportedOn={today}");
        await Is(view.Today.Filed, $"filedOn={today}");
        await Is(view.Today.Closed, $"closedOn={today}");
        await Is(view.Today.Escalated, $"escalatedOn={today}");
        await Is(view.DueSoon, "dueSoon=true");
        await Is(view.Emergencies, "urgency=emergency&open=true");
        await RatesAsync(town, view.Scope, "", view.Week, view.Month);
        // Grids know their yards only where somebody names one.
        if (view.Scope.Level < AreaLevel.Grid)
            view.Places.Sum(place => place.Open).ShouldBe(view.Open);
        view.Grids.Sum(grid => grid.Open).ShouldBe(view.Open);
        // Nobody of the population acknowledges anything.
        (view.Alarms.Ringing, view.Alarms.Lines.Count).ShouldBe((view.Emergencies, Math.Min(view.Emergencies, 12)));
        await MattersAsync(town, view);
        foreach (var place in view.Places)
        {
            async Task In(int figure, string filter) => figure.ShouldBe(await CountAsync(town, $"scope={place.Area}&{filter}"), $"scope={place.Area}&{filter}");
            await In(place.Open, "open=true");
            await In(place.Overdue, "late=true");
            await In(place.ReportedToday, $"reportedOn={today}");
            await In(place.ClosedToday, $"closedOn={today}");
            var month = await FiguresAsync(town, $"scope={place.Area}&from={view.Month.From:yyyy-MM-dd}&to={view.Month.To:yyyy-MM-dd}");
            place.OnTime.ShouldBe(ShareOf(month, "closed_on_time", "closing_due"));
            place.Satisfied.ShouldBe(ShareOf(month, "satisfied", "rated"));
        }

        foreach (var grid in view.Grids)
        {
            grid.Open.ShouldBe(await CountAsync(town, $"scope={grid.Area}&open=true"));
            grid.Overdue.ShouldBe(await CountAsync(town, $"scope={grid.Area}&late=true"));
            grid.Emergencies.ShouldBe(await CountAsync(town, $"scope={grid.Area}&urgency=emergency&open=true"));
            var month = await FiguresAsync(town, $"scope={grid.Area}&from={view.Month.From:yyyy-MM-dd}&to={view.Month.To:yyyy-MM-dd}");
            grid.OnTime.ShouldBe(ShareOf(month, "closed_on_time", "closing_due"));
            grid.Satisfied.ShouldBe(ShareOf(month, "satisfied", "rated"));
        }

        foreach (var panel in view.Sectors)
        {
            await RatesAsync(town, view.Scope, $"&sector={Names.Of(panel.Sector)}", panel.Week, panel.Month);
            var sector = $"sector={Names.Of(panel.Sector)}";
            await Is(panel.Open, $"{sector}&open=true");
            await Is(panel.Overdue, $"{sector}&late=true");
            await Is(panel.DueSoon, $"{sector}&dueSoon=true");
            await Is(panel.Emergencies, $"{sector}&urgency=emergency&open=true");
            await Is(panel.ReportedToday, $"{sector}&reportedOn={today}");
            await Is(panel.ClosedToday, $"{sector}&closedOn={today}");
            var f = panel.Funnel;
            foreach (var (figure, stage) in ((int, string)[])[(f.Reported, "reported,assessing,checking,transferring"), (f.Filed, "filed"), (f.Dispatched, "dispatched"), (f.Handling, "handling"), (f.Completed, "completed"), (f.Verified, "verified"), (f.Rated, "rated")])
                await Is(figure, $"{sector}&stage={stage}");
            (f.Reported + f.Filed + f.Dispatched + f.Handling + f.Completed + f.Verified + f.Rated).ShouldBe(panel.Open);
            var l = panel.Levels;
            foreach (var (figure, level) in ((int, string)[])[(l.Responsible, "responsible"), (l.SectorLead, "sector_lead"), (l.TownLeader, "town_leader"), (l.ListedSupervision, "listed_supervision")])
                await Is(figure, $"{sector}&level={level}&open=true");
        }
    }

    // What stands beside the cases, by the lists to which the wall links each figure.
    internal static async Task MattersAsync(Town town, BoardView view)
    {
        async Task<T> Get<T>(string path) => await town.As(People.Supervisor).GetAsync<T>(path);
        var agenda = (await Get<AgendaItems>($"/api/agenda-items?scope={view.Scope}&open=true")).Items;
        (view.Agenda.Open, view.Agenda.Undecided, view.Agenda.Late)
            .ShouldBe((agenda.Count, agenda.Count(item => item.Stage == AgendaItemStage.Collected), agenda.Count(item => item.Lead is { Overdue: true })), $"agenda of {view.Scope}");
        var listed = (await Get<ListingItems>($"/api/listings?scope={view.Scope}&stage=listed")).Items;
        (view.Listings.InForce, view.Listings.Late).ShouldBe((listed.Count, listed.Count(item => item.Overdue)), $"listings of {view.Scope}");
        var whistles = (await Get<WhistlePage>($"/api/whistles?scope={view.Scope}&open=true&limit=200")).Items;
        int Calls(params CallStage[] stages) => whistles.Sum(whistle => whistle.Calls.Count(call => stages.Contains(call.Stage)));
        view.Whistles.ShouldBe(
            new WhistleFigures(whistles.Count, Calls(CallStage.Called, CallStage.Declined), Calls(CallStage.Routed), Calls(CallStage.Arrived, CallStage.Advised), Calls(CallStage.Resolved)), $"whistles of {view.Scope}");
        var tasks = (await Get<TaskPage>($"/api/tasks?scope={view.Scope}&open=true&limit=200")).Items;
        var late = (await Get<TaskPage>($"/api/tasks?scope={view.Scope}&open=true&late=true&limit=200")).Items;
        (view.Tasks.Open, view.Tasks.Late).ShouldBe((tasks.Count, late.Count), $"tasks of {view.Scope}");
        (await Get<TaskListPage>($"/api/task-lists?scope={view.Scope}&stage=published&limit=200")).Items.Count.ShouldBe(view.Tasks.Lists, $"lists of {view.Scope}");
    }

    // Rates are those of the statistics, whose every figure opens into what it counted.
    private static async Task RatesAsync(Town town, AreaCode scope, string sector, WeekFigures week, MonthFigures month)
    {
        var figures = await FiguresAsync(town, $"scope={scope}{sector}&from={month.From:yyyy-MM-dd}&to={month.To:yyyy-MM-dd}");
        month.OnTime.ShouldBe(ShareOf(figures, "closed_on_time", "closing_due"));
        month.Local.ShouldBe(ShareOf(figures, "closed_locally", "closed"));
        month.Satisfied.ShouldBe(ShareOf(figures, "satisfied", "rated"));
        month.ClosingMean.ShouldBe(Whole(figures["closing_mean"]));
        month.ClosingNinetieth.ShouldBe(Whole(figures["closing_p90"]));
        var last = await FiguresAsync(town, $"scope={scope}{sector}&from={month.To.AddDays(-6):yyyy-MM-dd}&to={month.To:yyyy-MM-dd}");
        var before = await FiguresAsync(town, $"scope={scope}{sector}&from={month.To.AddDays(-13):yyyy-MM-dd}&to={month.To.AddDays(-7):yyyy-MM-dd}");
        week.ShouldBe(new WeekFigures(ShareOf(last, "closed_on_time", "closing_due"), ShareOf(before, "closed_on_time", "closing_due")));
    }

    private static Share ShareOf(Dictionary<string, decimal?> figures, string part, string of) => new((int)figures[part]!.Value, (int)figures[of]!.Value);

    private static long? Whole(decimal? seconds) => seconds is { } value ? (long)Math.Round(value, MidpointRounding.AwayFromZero) : null;

    private static async Task<Dictionary<string, decimal?>> FiguresAsync(Town town, string query) =>
        (await town.As(People.Supervisor).GetAsync<StatisticsView>($"/api/statistics?{query}")).Total.ToDictionary(figure => figure.Code, figure => figure.Value);

    // Page by page, so that the cursor is tried as well.
    private static async Task<int> CountAsync(Town town, string query)
    {
        var seen = new HashSet<string>();
        for (string? cursor = null; ;)
        {
            var page = await town.As(People.Supervisor).GetAsync<CaseList>($"/api/cases?{query}&limit=40{(cursor is null ? "" : $"&cursor={cursor}")}");
            foreach (var item in page.Items)
                seen.Add(item.Id).ShouldBeTrue("A case stands on one page only.");
            if ((cursor = page.Next) is null)
                return seen.Count;
        }
    }
}
