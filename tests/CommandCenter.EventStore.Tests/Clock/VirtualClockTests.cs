using CommandCenter.Testing.Clock;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

public sealed class VirtualClockTests
{
    private readonly VirtualClock _clock = new(T0);
    private readonly List<(string Name, DateTimeOffset At)> _fired = [];

    [Fact]
    public void Stands_still_until_it_is_moved()
    {
        _clock.GetUtcNow().ShouldBe(T0);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _clock.GetUtcNow().ShouldBe(T0.AddMinutes(1));
        _clock.GetElapsedTime(0).ShouldBe(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Timers_fire_in_order_at_their_own_due_times_ties_in_the_order_they_were_made()
    {
        Timer("c", 3);
        Timer("a", 1);
        Timer("b", 1);
        Timer("later", 11);

        _clock.AdvanceTo(T0.AddSeconds(10));

        _fired.ShouldBe([("a", T0.AddSeconds(1)), ("b", T0.AddSeconds(1)), ("c", T0.AddSeconds(3))]);
        _clock.GetUtcNow().ShouldBe(T0.AddSeconds(10));
        _clock.WaitingTimers.ShouldBe(1);
    }

    [Fact]
    public void What_a_timer_sets_fires_too_when_it_comes_due_on_the_way()
    {
        _clock.CreateTimer(_ => Timer("second", 2), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromSeconds(5));

        _fired.ShouldBe([("second", T0.AddSeconds(3))]);
    }

    [Fact]
    public void A_periodic_timer_fires_at_every_period_until_it_is_disposed()
    {
        var timer = _clock.CreateTimer(_ => _fired.Add(("tick", _clock.GetUtcNow())), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        _clock.Advance(TimeSpan.FromSeconds(5));
        timer.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(5));

        _fired.Select(fired => fired.At).ShouldBe([T0.AddSeconds(1), T0.AddSeconds(3), T0.AddSeconds(5)]);
    }

    [Fact]
    public void Setting_the_wall_clock_back_fires_nothing_and_stops_no_timer()
    {
        Timer("a", 1);
        _clock.SetWallClock(T0.AddDays(-1));
        _fired.ShouldBeEmpty();

        _clock.Advance(TimeSpan.FromSeconds(1));

        _fired.ShouldBe([("a", T0.AddDays(-1).AddSeconds(1))]);
    }

    [Fact]
    public async Task A_delay_ends_when_the_clock_has_moved_so_far()
    {
        var delay = Task.Delay(TimeSpan.FromHours(1), _clock);
        _clock.Advance(TimeSpan.FromMinutes(59));
        delay.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromMinutes(1));
        await delay;
    }

    private void Timer(string name, int dueInSeconds) =>
        _clock.CreateTimer(_ => _fired.Add((name, _clock.GetUtcNow())), null, TimeSpan.FromSeconds(dueInSeconds), Timeout.InfiniteTimeSpan);
}
