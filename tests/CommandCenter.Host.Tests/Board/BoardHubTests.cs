using System.Text.Json;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Board;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Tests.Towns;
using Microsoft.AspNetCore.SignalR;

namespace CommandCenter.Host.Tests.Board;

public sealed class BoardHubTests : IAsyncLifetime
{
    private Town? _town;

    private Town Town => _town!;

    public async Task InitializeAsync() => _town = await Town.StartAsync();

    public async Task DisposeAsync() => await Town.DisposeAsync();

    [Fact]
    public async Task A_wall_that_lays_every_frame_over_the_first_board_shows_what_a_fresh_one_shows()
    {
        await Town.ACaseThatWasReported();
        await Town.CaughtUpAsync();
        await using var wall = await Wall.ConnectAsync(Town, People.Dispatcher);
        (await wall.WatchAsync(Places.Town)).Open.ShouldBe(1);

        await Town.ACaseThatWasClosed();
        await Town.ACaseThatWasDispatched(Town.AReport("占道经营", "street-vending"), "law-enforcement");
        await Town.PassAsync(TimeSpan.FromMinutes(40));
        var last = await Town.ACaseThatWasRated();
        await wall.UntilAsync(view => ReachedBy(view, last.Position));

        var fresh = await Town.As(People.Dispatcher).GetAsync<BoardView>($"/api/board?minPosition={last.Position}");
        Same(wall.View!, fresh);
        wall.View!.Open.ShouldBe(3);
        wall.Frames.Count.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_wall_hears_from_the_host_although_nothing_happens()
    {
        await using var wall = await Wall.ConnectAsync(Town, People.Dispatcher);
        await wall.WatchAsync(Places.Town);
        for (var beat = 0; beat < 2; beat++)
        {
            Town.Clock.Advance(TimeSpan.FromSeconds(5));
            var delta = await wall.NextAsync();
            (delta.At, delta.Open, delta.Sectors, delta.Feed).ShouldBe((Town.Clock.GetUtcNow(), null, null, null));
        }
    }

    [Fact]
    public async Task Figures_change_by_the_clock_alone()
    {
        // One waits to be closed, the other has seven days: neither is due within 24 hours.
        await Town.ACaseThatWasRated();
        var which = await Town.ACaseThatWasClaimed();
        await using var wall = await Wall.ConnectAsync(Town, People.Dispatcher);
        await wall.WatchAsync(Places.Town);
        wall.View!.Sectors.Sum(panel => panel.DueSoon).ShouldBe(0);
        wall.View!.Today.Reported.ShouldBe(2);

        // Local midnight is at 16:00 UTC.
        Town.Clock.Advance(TimeSpan.FromHours(16));

        await wall.UntilAsync(view => view.Today.Reported == 0);
        wall.View!.Open.ShouldBe(2);
        (await Town.HeadAsync()).ShouldBe(which.Position.Position);
    }

    [Fact]
    public async Task A_wall_of_another_village_gets_nothing_but_signs_of_life()
    {
        await using var wall = await Wall.ConnectAsync(Town, People.Dispatcher);
        await wall.WatchAsync(Places.OtherVillage);
        await using var here = await Wall.ConnectAsync(Town, People.Dispatcher);
        await here.WatchAsync(Places.Village);

        var which = await Town.ACaseThatWasDispatched();
        await here.UntilAsync(view => ReachedBy(view, which.Position));
        Town.Clock.Advance(TimeSpan.FromSeconds(5));

        // The first frame since then is the sign of life: none was sent for what happened elsewhere.
        var delta = await wall.NextAsync();
        (delta.Frame, delta.Today, delta.Open, delta.Overdue, delta.Sectors, delta.Feed).ShouldBe((2, null, null, null, null, null));
        delta.At.ShouldBe(Town.Clock.GetUtcNow());
        delta.To.ShouldBe(which.Position.ToString());
        wall.View!.Open.ShouldBe(0);
    }

    [Fact]
    public async Task A_fresh_board_holds_the_position_that_was_asked_for_although_a_wall_watches_the_same_scope()
    {
        await using var wall = await Wall.ConnectAsync(Town, People.Dispatcher);
        await wall.WatchAsync(Places.Town);
        for (var n = 1; n <= 20; n++)
        {
            var which = await Town.ACaseThatWasReported();

            var view = await Town.As(People.Dispatcher).GetAsync<BoardView>($"/api/board?minPosition={which.Position}");

            (view.Position, view.Open).ShouldBe((which.Position.ToString(), n));
        }
    }

    [Fact]
    public async Task An_emergency_rings_on_every_wall_above_it_until_one_person_acknowledges_it_and_then_on_none()
    {
        await using var village = await Wall.ConnectAsync(Town, People.Dispatcher);
        await village.WatchAsync(Places.Village);
        await using var district = await Wall.ConnectAsync(Town, People.Supervisor);
        await district.WatchAsync(Places.District);
        await Town.ACaseThatWasReported();

        var first = await Town.ACaseThatWasReported(Town.AReport(urgency: Urgency.Emergency));
        var second = await Town.ACaseThatWasReported(Town.AReport(urgency: Urgency.Emergency));
        foreach (var wall in new[] { village, district })
        {
            await wall.UntilAsync(view => view.Alarms.Ringing == 2);
            wall.View!.Alarms.Lines.Select(line => (line.Case, line.Acknowledged)).ShouldBe([(second.Id, null), (first.Id, null)]);
            wall.View.Emergencies.ShouldBe(2);
        }

        // However long nobody comes.
        await Town.PassAsync(TimeSpan.FromHours(3));
        (await Town.As(People.Operator).CommandAsync(first.Id, "acknowledge-alarm", new AcknowledgeAlarmRequest(Town.Area(Places.OtherVillage)))).Problem(422, "wall.elsewhere", "wall");
        (await Town.As(People.GridWorker).CommandAsync(first.Id, "acknowledge-alarm", new AcknowledgeAlarmRequest())).Problem(403, "access.denied");
        var answered = await Town.As(People.Operator).CommandAsync(first.Id, "acknowledge-alarm", new AcknowledgeAlarmRequest(Town.Area(Places.Village)));
        answered.Status.ShouldBe(200);
        foreach (var wall in new[] { village, district })
        {
            await wall.UntilAsync(view => view.Alarms.Ringing == 1);
            var answer = wall.View!.Alarms.Lines.Single(line => line.Case == first.Id).Acknowledged.ShouldNotBeNull();
            (answer.Actor, answer.Role, answer.Wall).ShouldBe((People.Operator, Role.CenterOperator, Town.Area(Places.Village)));
        }

        // Who comes second is told who came first, and when.
        var late = (await Town.As(People.TownLeader).CommandAsync(first.Id, "acknowledge-alarm", new AcknowledgeAlarmRequest())).Problem(409, "case.alarm.acknowledged");
        late.Last.ShouldNotBeNull().ShouldSatisfyAllConditions(
            last => last.Actor.ShouldBe(People.Operator), last => last.Event.ShouldBe("case_alarm_acknowledged"), last => last.At.ShouldBe(village.View!.Alarms.Lines.Single(line => line.Case == first.Id).Acknowledged!.At));

        // One that ends rings no more, and a board that is asked for afresh says the same.
        var refused = await Town.After(second, "refuse", new RefuseCaseRequest(RefusalReason.NotFound, "误报"), People.Operator);
        await district.UntilAsync(view => view.Alarms.Ringing == 0);
        (await Town.As(People.Supervisor).GetAsync<BoardView>($"/api/board?scope={Places.District}&minPosition={refused.Position}")).Alarms.Lines.ShouldBe(district.View!.Alarms.Lines);
        district.View.Alarms.Lines.Select(line => line.Case).ShouldBe([first.Id]);
    }

    [Fact]
    public async Task A_wall_may_turn_to_another_scope()
    {
        await using var wall = await Wall.ConnectAsync(Town, People.Supervisor);
        await wall.WatchAsync(Places.Village);
        (await wall.WatchAsync(Places.OtherVillage)).Scope.ShouldBe(Town.Area(Places.OtherVillage));
        await Town.ACaseThatWasReported();

        await Town.ACaseThatWasReported(Town.AReport() with { Point = null, Area = Town.Area("500153003002001") });

        await wall.UntilAsync(view => view.Open == 1);
        wall.Frames.ShouldAllBe(frame => frame.Scope == Town.Area(Places.OtherVillage));
    }

    [Fact]
    public async Task A_wall_that_comes_back_begins_with_the_board_as_it_is()
    {
        var first = await Wall.ConnectAsync(Town, People.Dispatcher);
        await first.WatchAsync(Places.Town);
        await first.DisposeAsync();
        var which = await Town.ACaseThatWasReported();
        await Town.CaughtUpAsync();

        await using var again = await Wall.ConnectAsync(Town, People.Dispatcher);

        await again.WatchAsync(Places.Town);
        await again.UntilAsync(view => ReachedBy(view, which.Position));
        again.View!.Open.ShouldBe(1);
    }

    [Theory]
    [InlineData("nobody", Places.Town, "actor.unknown")]
    [InlineData("", Places.Town, "actor.missing")]
    [InlineData(People.Resident, Places.Town, "access.denied")]
    [InlineData(People.GridWorker, Places.Town, "access.denied")]
    [InlineData(People.GridWorker, Places.OtherGrid, "access.denied")]
    [InlineData(People.Dispatcher, Places.District, "access.denied")]
    [InlineData(People.Dispatcher, "everywhere", "area.unknown")]
    public async Task A_wall_of_nobody_or_of_a_foreign_scope_is_refused(string actor, string scope, string code)
    {
        await using var wall = await Wall.ConnectAsync(Town, actor);

        (await Should.ThrowAsync<HubException>(() => wall.WatchAsync(scope))).Message.ShouldEndWith(code);
    }

    private static bool ReachedBy(BoardView view, LogPosition position) => LogPosition.TryParse(view.Position, out var at) && at.Position >= position.Position;

    private static void Same(BoardView shown, BoardView fresh) =>
        JsonSerializer.Serialize(shown with { At = fresh.At, Frame = 0 }, DomainJson.Options).ShouldBe(JsonSerializer.Serialize(fresh with { Frame = 0 }, DomainJson.Options));
}
