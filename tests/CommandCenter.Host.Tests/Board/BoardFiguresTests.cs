using System.Globalization;
using System.Text.Json;
using CommandCenter.Domain.Formats;
using CommandCenter.Host.Board;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Testing.Clock;
using Xunit.Abstractions;

namespace CommandCenter.Host.Tests.Board;

/// <summary>Every number shown can be opened into the cases behind it, and they are that many.</summary>
public sealed class BoardFiguresTests(ITestOutputHelper output)
{
    private const int Cases = 70;

    [Fact]
    public async Task Every_figure_is_the_number_of_cases_in_the_list_behind_it()
    {
        var seed = Environment.GetEnvironmentVariable("TEST_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Environment.TickCount;
        output.WriteLine($"TEST_SEED={seed}");
        await using var town = await Town.StartAsync(new VirtualClock());
        await new Population(town, seed).LiveAsync(Cases, TimeSpan.FromDays(4));

        await town.BoardSpeaksOfNowAsync();
        string[] scopes = [Places.District, Places.Town, Places.Village, Places.OtherVillage, Places.Grid];
        var views = new Dictionary<string, BoardView>();
        foreach (var scope in scopes)
        {
            var view = views[scope] = await BoardAsync(town, scope);
            await CheckAsync(town, view);
        }

        views[Places.District].Today.Reported.ShouldBeGreaterThan(0);
        views[Places.District].Open.ShouldBeGreaterThan(10);
        views[Places.District].Overdue.ShouldBeGreaterThan(0);

        // A board folded anew from the log is the same board.
        await town.StopAsync();
        await town.StartAgainAsync();
        await town.CaughtUpAsync();
        await town.BoardSpeaksOfNowAsync();
        foreach (var scope in scopes)
            Text(await BoardAsync(town, scope)).ShouldBe(Text(views[scope]));
    }

    private static string Text(BoardView view) => JsonSerializer.Serialize(view, DomainJson.Options);

    private static Task<BoardView> BoardAsync(Town town, string scope) => town.As(People.Supervisor).GetAsync<BoardView>($"/api/board?scope={scope}");

    private static async Task CheckAsync(Town town, BoardView view)
    {
        var today = LocalDay.Of(view.At, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        async Task Is(int figure, string filter) => figure.ShouldBe(await CountAsync(town, $"scope={view.Scope}&{filter}"), $"scope={view.Scope}&{filter}");

        await Is(view.Open, "open=true");
        await Is(view.Overdue, "late=true");
        await Is(view.Today.Reported, $"reportedOn={today}");
        await Is(view.Today.Filed, $"filedOn={today}");
        await Is(view.Today.Closed, $"closedOn={today}");
        await Is(view.Today.Escalated, $"escalatedOn={today}");
        foreach (var panel in view.Sectors)
        {
            var sector = $"sector={Names.Of(panel.Sector)}";
            await Is(panel.Open, $"{sector}&open=true");
            await Is(panel.Overdue, $"{sector}&late=true");
            await Is(panel.DueSoon, $"{sector}&dueSoon=true");
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
