using CommandCenter.Domain.Cases;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Demo;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Testing.Clock;
using Microsoft.Extensions.DependencyInjection;

namespace CommandCenter.Host.Tests.Demo;

/// <summary>The stories that were told of the town, played on their own dates to their ends.</summary>
public sealed class ScenarioTests
{
    [Fact]
    public async Task The_sewage_of_39_households_is_assessed_by_the_village_first_climbs_to_the_town_leader_while_money_is_found_and_ends_within_thirty_days()
    {
        await using var played = await PlayAsync(ScenarioFolder.Sewage);

        var detail = await played.DetailAsync();
        (detail.Stage, detail.Source, detail.Rating!.Result).ShouldBe((CaseStage.Closed, CaseSource.PartyMember, FixResult.Fixed));
        (detail.Details.Assessment!.Households, detail.Details.Assessment.CostFen, detail.Details.FundingFen).ShouldBe((39, 10_000_000, 10_000_000));
        (await played.EventsAsync()).ShouldBe(
            ["case_reported", "case_passed_up", "case_filed", "case_dispatched", "case_claimed", "case_plan_published", "case_funding_recorded", "case_progressed", "case_completed", "case_verified", "case_rated", "case_closed"]);
        // Three weeks of handling are late under a limit of seven days: that is what the ladder is there for.
        (await played.Town.ColumnAsync("select data ->> 'level' from mt_events where type = 'case_escalated' order by seq_id")).ShouldBe(["responsible", "sector_lead", "town_leader"]);
    }

    [Fact]
    public async Task A_full_bin_reported_by_its_code_goes_to_the_one_driver_by_name_and_is_emptied_within_two_hours()
    {
        await using var played = await PlayAsync(ScenarioFolder.Bins);

        var detail = await played.DetailAsync();
        (detail.Stage, detail.Source, detail.Details.Reference).ShouldBe((CaseStage.Closed, CaseSource.QrCode, "bin-17"));
        (await played.Town.AskAsync<string>("select data ->> 'person' from mt_events where type = 'case_dispatched'")).ShouldBe("post-handler-07");
        (await played.Town.AskAsync<TimeSpan>("select max(timestamp) filter (where type = 'case_completed') - min(timestamp) filter (where type = 'case_reported') from mt_events")).ShouldBeLessThan(TimeSpan.FromHours(2));
        (await played.Town.AskAsync<long>("select count(*) from mt_events where type = 'case_escalated'")).ShouldBe(0);
    }

    private static async Task<Played> PlayAsync(Scenario scenario)
    {
        var town = await Town.StartAsync(new VirtualClock(scenario.Steps[0].At));
        var driver = ActivatorUtilities.CreateInstance<DemoDriver>(town.Services);
        string? id = null;
        foreach (var step in scenario.Steps)
        {
            // Every deadline on the way fires at its own instant.
            await town.PassAsync(step.At - town.Clock.GetUtcNow());
            id = (await driver.CarryOutAsync(step, id, default)).ShouldNotBeNull($"{step.Command} at {step.At} was refused.");
        }

        await town.CaughtUpAsync();
        return new Played(town, id!);
    }

    private sealed record Played(Town Town, string Id) : IAsyncDisposable
    {
        public Task<CaseDetail> DetailAsync() => Town.As(People.Operator).GetAsync<CaseDetail>($"/api/cases/{Id}");

        /// <summary>What people did.</summary>
        public Task<IReadOnlyList<string>> EventsAsync() =>
            Town.ColumnAsync($"select type from mt_events where stream_id = 'case:{Id}' and type not like 'case_clock_%' and type not in ('case_warned', 'case_escalated') order by version");

        public ValueTask DisposeAsync() => Town.DisposeAsync();
    }
}
