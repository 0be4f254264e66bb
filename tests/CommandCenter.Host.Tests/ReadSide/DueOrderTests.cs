using CommandCenter.Domain.Cases;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Tests.Towns;

namespace CommandCenter.Host.Tests.ReadSide;

public sealed class DueOrderTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private Town Town => fixture.Town;

    [Fact]
    public async Task A_list_by_due_instants_shows_the_latest_first_and_pages_through_all_cases_once()
    {
        var emergency = await Town.ACaseThatWasReported(Town.AReport(urgency: Urgency.Emergency));
        var handled = await Town.ACaseThatWasClaimed();
        var closed = await Town.ACaseThatWasClosed();
        var reported = await Town.ACaseThatWasReported();
        await Town.CaughtUpAsync();

        var ids = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await Town.As(People.Operator).GetAsync<CaseList>($"/api/cases?sort=due&limit=1{(cursor is null ? "" : $"&cursor={cursor}")}");
            ids.AddRange(page.Items.Select(item => item.Id));
            if (page.Next is null)
                break;
            cursor = page.Next;
        }

        ids.ShouldBe([emergency.Id, reported.Id, handled.Id, closed.Id]);
        (await Town.As(People.Operator).GetAsync("/api/cases?sort=name")).Problem(400, "request.malformed", "sort");
        (await Town.As(People.Operator).GetAsync("/api/cases?sort=due&cursor=7")).Problem(400, "request.malformed", "cursor");
    }
}
