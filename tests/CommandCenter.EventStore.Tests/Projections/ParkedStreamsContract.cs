using CommandCenter.Testing.Postgres;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

/// <summary>A parked stream comes back without a gap, while everything else goes on.</summary>
public abstract class ParkedStreamsContract(int major) : IAsyncLifetime
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));
    private readonly List<Task> _running = [];
    private PostgresEngine? _engine;

    private PostgresEngine Engine => _engine!;

    public async Task InitializeAsync() => _engine = await PostgresEngine.StartAsync(major);

    public async Task DisposeAsync()
    {
        await _limit.CancelAsync();
        foreach (var running in _running)
            await Should.ThrowAsync<OperationCanceledException>(running);
        await Engine.DisposeAsync();
        _limit.Dispose();
    }

    [PostgresFact]
    public async Task Once_its_cause_is_mended_everything_that_was_left_out_is_applied_and_the_runner_goes_on_behind_it()
    {
        var runner = Start(new Sums());
        await AppendAsync(1, 10);
        await AppendAsync(1, -3);
        await AppendAsync(2, 7);
        await runner.WaitForAsync(await AppendAsync(1, 100), _limit.Token);
        (await SumAsync(1)).ShouldBe(10);

        var result = await Parked(new Sums { TakesBelowZero = true }).ReplayAsync(Case(1));

        result.ShouldBe(new ReplayResult.Replayed(2));
        (await SumAsync(1)).ShouldBe(107);
        (await Parked(new Sums()).ListAsync()).ShouldBeEmpty();
        await runner.WaitForAsync(await AppendAsync(1, 1), _limit.Token);
        (await SumAsync(1)).ShouldBe(108);
        (await SumAsync(2)).ShouldBe(7);
    }

    [PostgresFact]
    public async Task It_stays_parked_at_the_first_event_that_still_cannot_be_applied()
    {
        var runner = Start(new Sums());
        await AppendAsync(1, -3);
        await AppendAsync(1, 666);
        await runner.WaitForAsync(await AppendAsync(1, 1), _limit.Token);

        var still = (await Parked(new Sums { TakesBelowZero = true }).ReplayAsync(Case(1))).ShouldBeOfType<ReplayResult.StillParked>().Parked;

        still.Position.ShouldBe(2);
        still.Reason.ShouldContain("22012");
        (await SumAsync(1)).ShouldBe(-3);
    }

    [PostgresFact]
    public async Task A_replay_while_events_come_leaves_none_out_and_applies_none_twice()
    {
        var runner = Start(new Sums { FailuresLeft = 0 });
        await AppendAsync(1, -1);
        await runner.WaitForAsync(await AppendAsync(1, 1), _limit.Token);
        var appending = Task.Run(async () =>
        {
            for (var n = 0; n < 60; n++)
                await AppendAsync(1, 1);
        });

        (await Parked(new Sums { TakesBelowZero = true }).ReplayAsync(Case(1))).ShouldBeOfType<ReplayResult.Replayed>();
        await appending;

        await runner.WaitForAsync((await Engine.Log.HeadAsync()).Last, _limit.Token);
        (await SumAsync(1)).ShouldBe(60);
        (await Engine.ScalarAsync<long>("select applied from sums_v1")).ShouldBe(62);
    }

    [PostgresFact]
    public async Task A_stream_that_is_not_parked_has_nothing_to_replay()
    {
        await Start(new Sums()).WaitForAsync(await AppendAsync(1, 1), _limit.Token);

        (await Parked(new Sums()).ReplayAsync(Case(1))).ShouldBe(new ReplayResult.NotParked());
    }

    [PostgresFact]
    public async Task Events_that_do_not_follow_the_checkpoint_are_refused_and_read_again()
    {
        var last = await AppendAsync(1, 1);
        for (var n = 0; n < 3; n++)
            last = await AppendAsync(1, 1);
        var runner = new ProjectionRunner(Engine.DataSource, new LossyLog(Engine.Log, lost: 2), new Sums(), Engine.Clock, new ProjectionRunnerOptions { WaitClock = TimeProvider.System });
        _running.Add(runner.RunAsync(_limit.Token));

        await runner.WaitForAsync(last, _limit.Token);

        (await SumAsync(1)).ShouldBe(4);
        (await Engine.ScalarAsync<long>("select applied from sums_v1")).ShouldBe(4);
    }

    private ProjectionRunner Start(Sums sums)
    {
        var runner = new ProjectionRunner(Engine.DataSource, Engine.Log, sums, Engine.Clock, new ProjectionRunnerOptions { WaitClock = TimeProvider.System });
        _running.Add(runner.RunAsync(_limit.Token));
        return runner;
    }

    private ParkedStreams Parked(Sums sums) => new(Engine.DataSource, Engine.Log, sums, Engine.Clock);

    private async Task<LogPosition> AppendAsync(int stream, int value) =>
        (await Engine.Log.AppendedAsync(Request(To(Case(stream), new ExpectedVersion.Any(), Event(data: $$"""{"value":{{value}}}"""))))).Last;

    private Task<long> SumAsync(int stream) => Engine.ScalarAsync<long>("select sum from sums_v1 where stream = $1", Case(stream).ToString());
}

[OnPostgres(15)]
public sealed class ParkedStreamsOnPostgres15() : ParkedStreamsContract(15);

[OnPostgres(18)]
public sealed class ParkedStreamsOnPostgres18() : ParkedStreamsContract(18);
