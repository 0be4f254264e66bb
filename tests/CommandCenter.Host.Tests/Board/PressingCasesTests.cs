using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Board;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Testing.Clock;

namespace CommandCenter.Host.Tests.Board;

public sealed class PressingCasesTests
{
    [Fact]
    public async Task What_is_late_presses_more_than_an_emergency_that_is_not_and_what_waits_for_a_word_presses_nobody()
    {
        await using var town = await Town.StartAsync(new VirtualClock());
        var late = await town.ACaseThatWasReported();
        await town.PassAsync(TimeSpan.FromMinutes(20));
        var relaxed = await town.ACaseThatWasClaimed();
        await town.ACaseThatWasRated();
        var emergency = await town.ACaseThatWasReported(Town.AReport(urgency: Urgency.Emergency));
        await town.CaughtUpAsync();
        await town.BoardSpeaksOfNowAsync();

        var board = await town.As(People.Supervisor).GetAsync<BoardView>($"/api/board?scope={Places.Town}&minPosition={emergency.Position}");

        var economy = board.Sectors.Single(panel => panel.Sector == Sector.Economy);
        economy.Urgent.Select(item => item.Id).ShouldBe([late.Id, emergency.Id, relaxed.Id]);
        (economy.Open, economy.Emergencies).ShouldBe((4, 1));
    }

    [Fact]
    public async Task A_parked_stream_is_reported_as_degraded_and_takes_nobody_the_board()
    {
        await using var town = await Town.StartAsync(new VirtualClock());
        await using (var park = town.Database.CreateCommand(
            "insert into cc_parked (projection, stream, position, reason, parked_at) values ('board_cases_v1', 'case:broken', 1, 'a test', now())"))
            await park.ExecuteNonQueryAsync();

        var health = (await town.As(null).GetAsync("/health/ready")).Ok<HealthView>();

        health.State.ShouldBe("degraded");
        health.Checks.Single(check => check.Name == "board_cases_v1").ShouldBe(new HealthCheck("board_cases_v1", "degraded", "1 streams are parked: their rows are not kept up."));
    }
}
