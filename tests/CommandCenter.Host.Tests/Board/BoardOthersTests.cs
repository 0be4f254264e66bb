using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Agendas;
using CommandCenter.Host.Board;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Tasks;
using CommandCenter.Host.Tests.Tasks;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Host.Tests.Whistles;
using CommandCenter.Host.Whistles;

namespace CommandCenter.Host.Tests.Board;

/// <summary>What the board counts beside cases, and what it does with what ended long ago.</summary>
public sealed class BoardOthersTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private const string OtherVillageGrid = Places.OtherGrid;

    private Town Town => fixture.Town;

    [Fact]
    public async Task Tasks_whistles_agenda_and_listed_supervision_are_counted_in_the_scope_that_they_are_of()
    {
        var stuck = await Town.ACaseThatWasClaimed(Town.AReport("道路破损多年", "damaged-road"));
        await Town.PassAsync(TimeSpan.FromDays(30));
        (await Town.As("office-01").PostAsync($"/api/agendas/{Places.Town}/prepare", new PrepareAgendaRequest(Town.Clock.GetUtcNow().AddDays(2)))).Status.ShouldBe(200);
        var list = await Town.AListThatWasPublished(targets: [TaskTown.To(Places.Grid), TaskTown.To(OtherVillageGrid)]);
        var whistle = await Town.AWhistleThatWasBlown();
        await Town.Whistle(whistle, "calls/1/route", new RouteCallRequest(), People.Operator);

        var board = await BoardAsync(Places.Town);
        board.Tasks.ShouldSatisfyAllConditions(tasks => (tasks.Open, tasks.Late, tasks.Lists).ShouldBe((2, 0, 1)), tasks => tasks.Most.ShouldHaveSingleItem().ShouldBe(new TaskListFigures(list.Id, "汛前隐患排查", 2, 0, 0, 0, tasks.Most[0].DueAt)));
        board.Whistles.ShouldBe(new WhistleFigures(1, 1, 1, 0, 0));
        (board.Agenda.Open, board.Agenda.Undecided, board.Agenda.Late).ShouldBe((1, 1, 0));
        board.Agenda.Most.ShouldHaveSingleItem().ShouldSatisfyAllConditions(line => line.Case.ShouldBe(stuck.Id), line => line.Number.ShouldNotBeNull(), line => line.Category.ShouldBe("damaged-road"), line => line.Stage.ShouldBe(AgendaItemStage.Collected));
        (board.Listings.InForce, board.Listings.Late).ShouldBe((1, 0));
        board.Listings.Most.ShouldHaveSingleItem().ShouldSatisfyAllConditions(line => line.Case.ShouldBe(stuck.Id), line => line.Category.ShouldBe("damaged-road"));

        await ListsAsync();
        // A grid has its own task and whistle; what is the town's matter is not a grid's.
        var grid = await BoardAsync(Places.Grid);
        (grid.Tasks.Open, grid.Whistles.Open, grid.Agenda.Open, grid.Listings.InForce).ShouldBe((1, 1, 0, 0));
        var other = await BoardAsync(OtherVillageGrid);
        (other.Tasks.Open, other.Whistles.Open).ShouldBe((1, 0));

        // They go on: done, checked, late, at work.
        var task = $"{list.Id}-1-{Places.Grid}";
        await Town.Do(task, "claim", new ClaimTaskRequest(), People.GridWorker);
        await Town.Do(task, "complete", new CompleteTaskRequest("已排查"), People.GridWorker);
        await Town.Whistle(whistle, "calls/1/arrive", new ArriveRequest(WhistleTown.OnTheSpot), "department-01");
        await Town.PassAsync(TimeSpan.FromDays(11));
        board = await BoardAsync(Places.Town);
        (board.Tasks.Open, board.Tasks.Late).ShouldBe((2, 1));
        (board.Tasks.Most[0].ToCheck, board.Tasks.Most[0].Late).ShouldBe((1, 1));
        board.Listings.Late.ShouldBe(1);
        await ListsAsync();
        await Town.Do(task, "check", new CheckTaskRequest(true), People.Dispatcher);
        board = await BoardAsync(Places.Town);
        (board.Tasks.Open, board.Tasks.Most[0].Done).ShouldBe((1, 1));
        await Town.After(list, "withdraw", new WithdrawTaskListRequest("不再需要"));
        board = await BoardAsync(Places.Town);
        (board.Tasks.Open, board.Tasks.Lists, board.Tasks.Most.Count).ShouldBe((0, 0, 0));
        board.Parked.ShouldBe(0);
    }

    [Fact]
    public async Task Something_may_still_happen_to_a_case_that_ended_long_before_what_the_board_remembers()
    {
        var old = await Town.ACaseThatWasClosed();
        var number = (await Town.As(People.Dispatcher).GetAsync<CaseDetail>(old.Path)).Number;
        await Town.PassAsync(TimeSpan.FromDays(37));
        await Town.ACaseThatWasReported();
        await Town.PassAsync(TimeSpan.FromDays(3));
        var another = await Town.ACaseThatWasReported();

        await Town.After(old, "link", new LinkCaseRequest(another.Id), People.Dispatcher);

        var board = await BoardAsync(Places.Town);
        board.Parked.ShouldBe(0);
        board.Feed.First(item => item.Id == old.Id).Number.ShouldBe(number);
        board.Open.ShouldBe((int)await Town.AskAsync<long>("select count(*) from board_cases_v1 where open"));
    }

    // Each figure opens exactly what it counts, in whatever scope the wall has.
    private async Task ListsAsync()
    {
        foreach (var scope in (string[])[Places.District, Places.Town, Places.Village, Places.Grid])
            await BoardFiguresTests.MattersAsync(Town, await BoardAsync(scope));
    }

    private async Task<BoardView> BoardAsync(string scope)
    {
        await Town.CaughtUpAsync();
        await Town.BoardSpeaksOfNowAsync();
        return await Town.As(People.Supervisor).GetAsync<BoardView>($"/api/board?scope={scope}");
    }
}
