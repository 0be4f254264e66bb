using CommandCenter.Testing.Postgres;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

/// <summary>Several requests in one transaction: each gets its own answer, and the losers take nothing with them.</summary>
public abstract class BatchContract(int major) : IAsyncLifetime
{
    private PostgresEngine? _engine;

    private PostgresEngine Engine => _engine!;

    public async Task InitializeAsync() => _engine = await PostgresEngine.StartAsync(major);

    public async Task DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
    }

    [PostgresFact]
    public async Task Losers_are_dropped_and_burn_no_position_and_the_others_stand()
    {
        await Engine.Log.AppendedAsync(Request(New(Case(1))));

        var results = await ExecuteAsync(
            Request(New(Case(2))),
            Request(New(Case(1))),
            Request(To(Case(2), new ExpectedVersion.Exactly(1)), New(Case(3))),
            Request(To(Case(2), new ExpectedVersion.Exactly(1))));

        results[0].ShouldBeOfType<AppendResult.Appended>().Receipt.Last.Position.ShouldBe(2);
        results[1].ShouldBe(new AppendResult.VersionConflict(Case(1), new ExpectedVersion.NoStream(), 1));
        results[2].ShouldBeOfType<AppendResult.Appended>().Receipt.Last.Position.ShouldBe(4);
        results[3].ShouldBe(new AppendResult.VersionConflict(Case(2), new ExpectedVersion.Exactly(1), 2));
        (await Engine.Log.ReadLogAsync(0, 10)).Select(e => (e.Stream, e.StreamVersion)).ShouldBe([(Case(1), 1), (Case(2), 1), (Case(2), 2), (Case(3), 1)]);
    }

    [PostgresFact]
    public async Task A_command_that_stands_twice_in_a_batch_is_carried_out_once()
    {
        var results = await ExecuteAsync(
            Request(To(Case(1), new ExpectedVersion.Any())) with { Command = Command(content: 1) },
            Request(To(Case(1), new ExpectedVersion.Any())) with { Command = Command(content: 1) },
            Request(To(Case(1), new ExpectedVersion.Any())) with { Command = Command(content: 2) });

        var first = results[0].ShouldBeOfType<AppendResult.Appended>().Receipt;
        results[1].ShouldBeOfType<AppendResult.Repeated>().First.ShouldBeSameAs(first);
        results[2].ShouldBe(new AppendResult.CommandIdReused());
    }

    [PostgresFact]
    public async Task A_timer_that_stands_twice_in_a_batch_fires_once()
    {
        await Engine.Log.AppendedAsync(new AppendRequest([], Timers: [new TimerChange.Set(Timer(), T0)]));
        var due = (await Engine.Timers.ClaimDueAsync(T0, 1, TimeSpan.FromMinutes(1))).Single();

        var results = await ExecuteAsync(
            new AppendRequest([], Timers: [new TimerChange.Set(Timer(), T0.AddHours(1))], Fired: due),
            new AppendRequest([], Fired: due));

        results[0].ShouldBeOfType<AppendResult.Appended>();
        results[1].ShouldBe(new AppendResult.TimerLost(Timer()));
        (await Engine.Timers.NextDueAsync()).ShouldBe(T0.AddHours(1));
    }

    [PostgresFact]
    public async Task A_batch_of_a_thousand_events_stands_in_order()
    {
        var results = await ExecuteAsync([.. Enumerable.Range(1, 500).Select(n => Request(New(Case(n), Event(), Event())) with { Command = Command($"k{n}") })]);

        results.Select(result => ((AppendResult.Appended)result).Receipt.Last.Position).ShouldBe(Enumerable.Range(1, 500).Select(n => 2L * n));
        var leaves = await Engine.PostgresLog.ReadLeavesAsync(0, 1000);
        (await Engine.Log.HeadAsync()).TreeRoot.ToArray().ShouldBe(MerkleTreeTests.NaiveRoot([.. leaves.Select(leaf => leaf.StoredHash.ToArray())]));
    }

    private async Task<IReadOnlyList<AppendResult>> ExecuteAsync(params AppendRequest[] requests)
    {
        await using var connection = await Engine.DataSource.OpenConnectionAsync();
        List<PreparedAppend> prepared = [.. requests.Select(PreparedAppend.From)];
        var decided = await AppendExecutor.DecideAsync(connection, prepared, () => prepared, Engine.Clock, CancellationToken.None);
        await AppendExecutor.WriteAsync(connection, decided.Plan);
        return decided.Plan.Results;
    }
}

[OnPostgres(15)]
public sealed class BatchOnPostgres15() : BatchContract(15);

[OnPostgres(18)]
public sealed class BatchOnPostgres18() : BatchContract(18);
