using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Demo;
using CommandCenter.Host.Files;
using CommandCenter.Host.Inbox;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Testing.Clock;
using Microsoft.Extensions.DependencyInjection;

namespace CommandCenter.Host.Tests.Demo;

/// <summary>Two stories of two towns, on their own dates: over HTTP by everybody in their own name, and as the demonstration plays them.</summary>
public sealed class TwoTownsTests
{
    private static readonly string[] OfTheBrook =
    [
        "case_reported", "case_passed_up", "case_filed", "case_transfer_requested", "case_transfer_accepted", "case_filed", "case_dispatched", "case_claimed", "case_level_raised", "case_returned",
        "case_dispatched", "case_claimed", "case_plan_published", "case_funding_recorded", "case_completed", "case_verified", "case_rated", "case_closed",
    ];

    private static readonly string[] OfTheBoundary =
        ["case_reported", "case_transfer_requested", "case_transfer_declined", "case_transferred", "case_sent_to_village", "case_settled_by_village", "case_rated"];

    [Fact]
    public async Task A_brook_goes_from_a_village_over_two_towns_to_the_district_and_rubbish_that_was_declined_goes_where_the_district_says()
    {
        await using var town = await Town.StartAsync(new VirtualClock(ScenarioFolder.Brook.Steps[0].At));
        string? number = null;

        var brook = await OverHttp.PlayAsync(town, ScenarioFolder.Brook, async (step, id) =>
        {
            switch (step.Command)
            {
                case "report":
                    number = (await ListAsync(town, People.Operator, "")).Single(row => row.Id == id).Number;
                    number.ShouldBe("20240304-0001");
                    break;
                case "request-transfer":
                    // The other town sees what is coming to it, before it is its own, and is told; nobody else's list shows it as theirs.
                    (await ListAsync(town, People.NeighbourOperator, $"transferTo={Places.NeighbourTown}")).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
                        row => (row.Id, row.Number, row.Stage).ShouldBe((id, number!, CaseStage.Transferring)));
                    (await ListAsync(town, People.NeighbourOperator, "")).ShouldBeEmpty();
                    (await ListAsync(town, People.Operator, $"transferTo={Places.Town}")).ShouldBeEmpty();
                    (await ListAsync(town, People.Supervisor, $"transferTo={Places.District}")).ShouldHaveSingleItem();
                    (await town.As(People.Operator).GetAsync($"/api/cases?transferTo={Places.NeighbourTown}")).Problem(403, "access.denied");
                    (await town.As("village-secretary-07").GetAsync($"/api/cases?transferTo={Places.NeighbourTown}")).Problem(403, "access.denied");
                    (await town.As(People.NeighbourOperator).GetAsync($"/api/cases?transferTo={Places.NeighbourTown}&scope={Places.NeighbourTown}")).Problem(400, "request.malformed", "scope");
                    (await town.As(People.NeighbourOperator).GetAsync("/api/cases?transferTo=there")).Problem(400, "request.malformed", "transferTo");
                    (await town.As(People.NeighbourOperator).GetAsync<InboxPage>("/api/inbox")).Items.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
                        notice => (notice.CaseId, notice.Kind).ShouldBe((id, NoticeKind.TransferRequested)));
                    break;
                case "accept-transfer":
                    (await ListAsync(town, People.NeighbourOperator, $"transferTo={Places.NeighbourTown}")).ShouldBeEmpty();
                    var taken = (await ListAsync(town, People.NeighbourOperator, "")).ShouldHaveSingleItem();
                    (taken.Id, taken.Number, taken.Area.Value).ShouldBe((id, number!, Places.NeighbourGrid));
                    // The first town has it no longer, but sees it still.
                    (await ListAsync(town, People.Operator, "")).ShouldBeEmpty();
                    (await town.As(People.Operator).CommandAsync(id, "file", new FileCaseRequest("river-pollution", Urgency.Normal))).Problem(403, "access.denied");
                    break;
                case "raise-level":
                    (await town.As(People.Supervisor).GetAsync<InboxPage>("/api/inbox")).Items[0].ShouldSatisfyAllConditions(notice => (notice.CaseId, notice.Kind).ShouldBe((id, NoticeKind.LevelChanged)));
                    // Not in the remit of this department, and not to be taken on while somebody has it.
                    (await town.As("department-01").CommandAsync(id, "take-on", new TakeOnCaseRequest())).Problem(409, "case.already_dispatched");
                    break;
                case "return":
                    (await town.As("department-02").CommandAsync(id, "take-on", new TakeOnCaseRequest())).Problem(409, "case.take_on.not_competent");
                    break;
            }
        });

        (await EventsAsync(town, brook)).ShouldBe(OfTheBrook);
        foreach (var reader in (string[])[People.Operator, People.NeighbourOperator, "department-01", People.Supervisor])
        {
            var detail = await town.As(reader).GetAsync<CaseDetail>($"/api/cases/{brook}");
            (detail.Stage, detail.Number, detail.Area.Value, detail.Source).ShouldBe((CaseStage.Closed, number, Places.NeighbourGrid, CaseSource.PartyMember), reader);
            (detail.Rating!.Result, detail.Assignment!.Unit.ToString(), detail.Details.Level, detail.Details.FundingFen).ShouldBe((FixResult.Fixed, "department:ecology-bureau", MatterLevel.District, 30_000_000));
            detail.Details.FormerAreas.ShouldHaveSingleItem().Value.ShouldBe("500153003002002");
            (detail.Details.Assessment!.Households, detail.Details.Assessment.CostFen).ShouldBe((26, 30_000_000));
            var history = await town.As(reader).GetAsync<CaseHistory>($"/api/cases/{brook}/history");
            history.Items.Select(item => item.Type).Where(type => OfTheBrook.Contains(type)).ShouldBe(OfTheBrook, reader);
        }

        // Who reported it is told how it came out.
        (await town.As("grid-worker-06").GetAsync<InboxPage>("/api/inbox")).Items[0].ShouldSatisfyAllConditions(notice => (notice.CaseId, notice.Kind).ShouldBe((brook, NoticeKind.Feedback)));

        var boundary = await OverHttp.PlayAsync(town, ScenarioFolder.Boundary, async (step, id) =>
        {
            switch (step.Command)
            {
                case "request-transfer":
                    // A town is asked, whichever of its grids the request names.
                    (await ListAsync(town, People.NeighbourOperator, $"transferTo={Places.NeighbourTown}")).ShouldHaveSingleItem().Id.ShouldBe(id);
                    break;
                case "decline-transfer":
                    (await ListAsync(town, People.NeighbourOperator, $"transferTo={Places.NeighbourTown}")).ShouldBeEmpty();
                    (await town.As(People.Operator).GetAsync<InboxPage>("/api/inbox")).Items[0].ShouldSatisfyAllConditions(notice => (notice.CaseId, notice.Kind).ShouldBe((id, NoticeKind.TransferDeclined)));
                    (await town.As(People.Dispatcher).CommandAsync(id, "request-transfer", new RequestCaseTransferRequest(Town.Area(Places.NeighbourTown), "再请核对"))).Problem(409, "case.transfer.declined_before");
                    break;
            }
        });

        (await EventsAsync(town, boundary)).ShouldBe(OfTheBoundary);
        var settled = await town.As(People.NeighbourOperator).GetAsync<CaseDetail>($"/api/cases/{boundary}");
        (settled.Stage, settled.Number, settled.Area.Value, settled.Rating!.Satisfaction).ShouldBe((CaseStage.Closed, "20240408-0001", "500153004001001001", 5));
    }

    [Fact]
    public async Task The_demonstration_plays_the_same_two_stories_to_the_same_ends()
    {
        await using var town = await Town.StartAsync(new VirtualClock(ScenarioFolder.Brook.Steps[0].At));
        var driver = ActivatorUtilities.CreateInstance<DemoDriver>(town.Services);

        foreach (var (scenario, events) in ((Scenario, string[])[])[(ScenarioFolder.Brook, OfTheBrook), (ScenarioFolder.Boundary, OfTheBoundary)])
        {
            string? id = null;
            foreach (var step in scenario.Steps)
            {
                await town.PassAsync(step.At - town.Clock.GetUtcNow());
                id = (await driver.CarryOutAsync(step, id, default)).ShouldNotBeNull($"{step.Command} at {step.At} was refused.");
            }

            (await EventsAsync(town, id!)).ShouldBe(events);
        }
    }

    private static async Task<IReadOnlyList<CaseListItem>> ListAsync(Town town, string by, string query) => (await town.As(by).GetAsync<CaseList>($"/api/cases?{query}")).Items;

    /// <summary>What people did.</summary>
    private static Task<IReadOnlyList<string>> EventsAsync(Town town, string id) =>
        town.ColumnAsync($"select type from mt_events where stream_id = 'case:{id}' and type not like 'case_clock_%' and type not in ('case_warned', 'case_escalated') order by version");
}
