using CommandCenter.Testing.Postgres;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

/// <summary>Followers that share one read of the log; what they see of it is held by the contract of every log.</summary>
public sealed class SharedFollowTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));
    private readonly InMemoryEngine _engine = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _engine.DisposeAsync();
        _limit.Dispose();
    }

    [Fact]
    public async Task Who_is_far_behind_shares_every_piece_with_the_others_who_are()
    {
        await AppendAsync(100);
        await using var shared = Shared(new SharedFollowOptions { Chunk = 10, Chunks = 20 });

        var seen = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => shared.FollowAsync(new LogPosition(1, 0), _limit.Token).TakeAsync(100))));

        seen.ShouldAllBe(events => events.Select(e => e.Position.Position).SequenceEqual(Enumerable.Range(1, 100).Select(n => (long)n)));
        shared.ChunksRead.ShouldBe(10);
    }

    [Fact]
    public async Task A_piece_that_the_end_of_the_log_cut_short_is_read_again_when_there_is_more_of_it()
    {
        await AppendAsync(15);
        await using var shared = Shared(new SharedFollowOptions { Keep = 2, Chunk = 10, Chunks = 20 });
        (await shared.FollowAsync(new LogPosition(1, 12), _limit.Token).TakeAsync(3)).Select(e => e.Position.Position).ShouldBe([13, 14, 15]);
        var early = shared.FollowAsync(new LogPosition(1, 15), _limit.Token).TakeAsync(15);

        await AppendAsync(15);
        await early;

        (await shared.FollowAsync(new LogPosition(1, 16), _limit.Token).TakeAsync(14)).Select(e => e.Position.Position).ShouldBe(Enumerable.Range(17, 14).Select(n => (long)n));
    }

    [Fact]
    public async Task A_slow_follower_holds_up_nobody_and_loses_nothing()
    {
        await using var shared = Shared(new SharedFollowOptions { Keep = 4, Chunk = 3, Chunks = 2 });
        var slow = shared.FollowAsync(new LogPosition(1, 0), _limit.Token).GetAsyncEnumerator(_limit.Token);
        await AppendAsync(1);
        (await slow.MoveNextAsync()).ShouldBeTrue();
        var seen = slow.Current.Select(e => e.Position.Position).ToList();

        var fast = shared.FollowAsync(new LogPosition(1, 0), _limit.Token).TakeAsync(60);
        await AppendAsync(59);
        (await fast).Count.ShouldBe(60);

        while (seen.Count < 60 && await slow.MoveNextAsync())
            seen.AddRange(slow.Current.Select(e => e.Position.Position));
        seen.ShouldBe(Enumerable.Range(1, 60).Select(n => (long)n));
        await slow.DisposeAsync();
    }

    [Fact]
    public async Task A_log_that_hands_over_a_gap_is_asked_again_and_nobody_is_handed_the_gap()
    {
        await using var shared = new SharedFollow(new LossyLog(_engine.Log, lost: 2), _engine.Clock, new SharedFollowOptions { WaitClock = TimeProvider.System });
        var following = shared.FollowAsync(new LogPosition(1, 0), _limit.Token).TakeAsync(3);
        await AppendAsync(3);

        (await following).Select(e => e.Position.Position).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_gap_in_what_lies_further_back_is_read_again_too()
    {
        await AppendAsync(10);
        await using var shared = new SharedFollow(new LossyLog(_engine.Log, lost: 2), _engine.Clock, new SharedFollowOptions { Chunk = 4, WaitClock = TimeProvider.System });

        (await shared.FollowAsync(new LogPosition(1, 0), _limit.Token).TakeAsync(10)).Select(e => e.Position.Position).ShouldBe(Enumerable.Range(1, 10).Select(n => (long)n));
    }

    [Fact]
    public async Task A_shared_read_that_cannot_get_past_a_gap_does_not_pass_for_alive()
    {
        await using var shared = new SharedFollow(new LossyLog(_engine.Log, lost: 2, always: true), _engine.Clock, new SharedFollowOptions { WaitClock = TimeProvider.System });
        var follower = shared.FollowAsync(new LogPosition(1, 0), _limit.Token).GetAsyncEnumerator(_limit.Token);
        var first = follower.MoveNextAsync();
        await AppendAsync(1);
        (await first).ShouldBeTrue();
        var alive = shared.Heartbeat.LastAt;

        await AppendAsync(2);
        var second = follower.MoveNextAsync().AsTask();
        // The cycle before the gap may end late, but not after the gap was met.
        await FailedAsync(1);
        _engine.Clock.Advance(TimeSpan.FromMinutes(1));
        // It has been asked again and again by then.
        await FailedAsync(shared.Failures + 2);

        second.IsCompleted.ShouldBeFalse();
        shared.Heartbeat.IsSilent(TimeSpan.FromSeconds(30)).ShouldBeTrue($"last beat {shared.Heartbeat.LastAt}, first {alive}");
        await _limit.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(second);
        await follower.DisposeAsync();

        async Task FailedAsync(int times)
        {
            while (shared.Failures < times)
            {
                _limit.Token.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }
    }

    [PostgresFact]
    public async Task A_follower_that_waits_is_as_alive_as_the_shared_read_and_one_that_hangs_is_not()
    {
        await using var engine = await PostgresEngine.StartAsync(15);
        await using var shared = new SharedFollow(engine.Log, engine.Clock, new SharedFollowOptions { WaitClock = TimeProvider.System });
        var (waits, hangs) = (new Heartbeat(engine.Clock), new Heartbeat(engine.Clock));
        var hanging = shared.FollowAsync(new LogPosition(1, 0), hangs, _limit.Token).GetAsyncEnumerator(_limit.Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token);
        var waiting = shared.FollowAsync(new LogPosition(1, 0), waits, stop.Token).TakeAsync(2);
        await engine.Log.AppendedAsync(Request(New(Case(1))));
        (await hanging.MoveNextAsync()).ShouldBeTrue();

        var later = engine.Clock.GetUtcNow().AddHours(1);
        engine.Clock.AdvanceTo(later);
        while (waits.LastAt != later)
        {
            _limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        shared.Heartbeat.IsSilent(TimeSpan.FromSeconds(30)).ShouldBeFalse();
        hangs.IsSilent(TimeSpan.FromSeconds(30)).ShouldBeTrue();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        await hanging.DisposeAsync();
    }

    private SharedFollow Shared(SharedFollowOptions options) => new(_engine.Log, _engine.Clock, options with { WaitClock = TimeProvider.System });

    private async Task AppendAsync(int count)
    {
        for (var n = 0; n < count; n++)
            await _engine.Log.AppendedAsync(Request(To(Case(n % 3), new ExpectedVersion.Any())));
    }
}
