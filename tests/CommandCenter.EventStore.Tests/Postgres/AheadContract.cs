using CommandCenter.Testing.Postgres;
using Npgsql;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

/// <summary>Batches that are decided on what the writer wrote last: the server checks what they rest on, and what does not hold is decided again.</summary>
public abstract class AheadContract(int major) : IAsyncLifetime
{
    private PostgresEngine? _engine;

    private PostgresEngine Engine => _engine!;

    private PostgresEventLog Log => Engine.PostgresLog;

    public async Task InitializeAsync() => _engine = await PostgresEngine.StartAsync(major);

    public async Task DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
    }

    [PostgresFact]
    public async Task The_first_batch_asks_and_those_after_it_do_not()
    {
        await Log.AppendedAsync(Request(New(Case(1))));
        Log.DecidedAhead.ShouldBe(0);

        var second = await Log.AppendedAsync(Request(New(Case(2))) with { Command = Command() });
        var third = await Log.AppendedAsync(Request(To(Case(1), new ExpectedVersion.Exactly(1)), To(Case(2), new ExpectedVersion.StreamExists()), To(Case(3), new ExpectedVersion.NoStream())));

        Log.DecidedAhead.ShouldBe(2);
        second.Last.Position.ShouldBe(2);
        third.Streams.ShouldBe([new StreamReceipt(Case(1), 2), new StreamReceipt(Case(2), 2), new StreamReceipt(Case(3), 1)]);
        (await Log.ReadLogAsync(0, 10)).Select(e => (e.Position.Position, e.Stream, e.StreamVersion))
            .ShouldBe([(1, Case(1), 1), (2, Case(2), 1), (3, Case(1), 2), (4, Case(2), 2), (5, Case(3), 1)]);
        (await new LogVerifier(Engine.DataSource).VerifyAsync()).First.ShouldBeNull();
    }

    [PostgresFact]
    public async Task A_stream_that_is_only_rested_on_is_known_once_it_was_asked_for()
    {
        await using var other = new PostgresEventLog(Engine.DataSource, Engine.Clock, PostgresEngine.Options);
        await Log.AppendedAsync(Request(New(Case(1))));
        AppendRequest Resting(int n) => Request(New(Case(n)), new StreamAppend(Case(1), "case", new ExpectedVersion.Exactly(1), []));

        await other.AppendedAsync(Resting(2));
        await other.AppendedAsync(Resting(3));
        other.DecidedAhead.ShouldBe(1);

        await Log.AppendedAsync(Request(To(Case(1), new ExpectedVersion.Exactly(1))));
        (await other.AppendAsync(Resting(4))).ShouldBe(new AppendResult.VersionConflict(Case(1), new ExpectedVersion.Exactly(1), 2));
    }

    [PostgresFact]
    public async Task Another_process_that_wrote_in_between_is_seen_and_the_append_stands_behind_it()
    {
        await using var other = new PostgresEventLog(Engine.DataSource, Engine.Clock, PostgresEngine.Options);
        await Log.AppendedAsync(Request(New(Case(1))));
        await other.AppendedAsync(Request(New(Case(2))));

        (await Log.AppendedAsync(Request(New(Case(3))))).Last.Position.ShouldBe(3);

        Log.DecidedAhead.ShouldBe(0);
    }

    [PostgresFact]
    public async Task A_stream_that_another_process_moved_is_a_conflict_with_its_true_version()
    {
        await using var other = new PostgresEventLog(Engine.DataSource, Engine.Clock, PostgresEngine.Options);
        await Log.AppendedAsync(Request(New(Case(1))));
        await other.AppendedAsync(Request(To(Case(1), new ExpectedVersion.Exactly(1))));

        (await Log.AppendAsync(Request(To(Case(1), new ExpectedVersion.Exactly(1))))).ShouldBe(new AppendResult.VersionConflict(Case(1), new ExpectedVersion.Exactly(1), 2));
    }

    [PostgresFact]
    public async Task A_stream_of_before_the_writer_began_is_refused_where_it_is_not_as_expected()
    {
        await Log.AppendedAsync(Request(New(Case(1)), New(Case(2))));
        await using var later = new PostgresEventLog(Engine.DataSource, Engine.Clock, PostgresEngine.Options);
        await later.AppendedAsync(Request(New(Case(3))));

        (await later.AppendAsync(Request(New(Case(1))))).ShouldBe(new AppendResult.VersionConflict(Case(1), new ExpectedVersion.NoStream(), 1));
        (await later.AppendAsync(Request(To(Case(2), new ExpectedVersion.Exactly(7))))).ShouldBe(new AppendResult.VersionConflict(Case(2), new ExpectedVersion.Exactly(7), 1));
        (await later.AppendedAsync(Request(To(Case(2), new ExpectedVersion.Exactly(1))))).Last.Position.ShouldBe(4);
        (await Log.HeadAsync()).Last.Position.ShouldBe(4);
    }

    [PostgresFact]
    public async Task A_stream_that_is_only_looked_at_is_looked_at()
    {
        await Log.AppendedAsync(Request(New(Case(1))));
        await using var later = new PostgresEventLog(Engine.DataSource, Engine.Clock, PostgresEngine.Options);
        await later.AppendedAsync(Request(New(Case(2))));

        var looked = new StreamAppend(Case(1), "case", new ExpectedVersion.Exactly(9), []);

        (await later.AppendAsync(Request(looked, New(Case(3))))).ShouldBe(new AppendResult.VersionConflict(Case(1), new ExpectedVersion.Exactly(9), 1));
    }

    [PostgresFact]
    public async Task A_command_that_was_carried_out_before_is_repeated_whoever_did()
    {
        var first = await Log.AppendedAsync(Request(New(Case(1))) with { Command = Command() });
        await using var other = new PostgresEventLog(Engine.DataSource, Engine.Clock, PostgresEngine.Options);
        await other.AppendedAsync(Request(New(Case(2))));

        (await other.AppendAsync(Request(New(Case(3))) with { Command = Command() })).ShouldBeOfType<AppendResult.Repeated>().First.Last.ShouldBe(first.Last);
        (await other.AppendAsync(Request(New(Case(3))) with { Command = Command(content: 9) })).ShouldBe(new AppendResult.CommandIdReused());
        (await Log.HeadAsync()).Last.Position.ShouldBe(2);
    }

    [PostgresFact]
    public async Task A_timer_fires_once_and_under_its_lease_alone()
    {
        await Log.AppendedAsync(Request(New(Case(1))) with { Timers = [new TimerChange.Set(Timer(), T0), new TimerChange.Set(Timer("other"), T0)] });
        var due = (await Engine.Timers.ClaimDueAsync(T0, 2, TimeSpan.FromMinutes(1))).Single(timer => timer.Key == Timer());

        (await Log.AppendAsync(Request(New(Case(2))) with { Fired = due with { Lease = Guid.NewGuid() } })).ShouldBe(new AppendResult.TimerLost(Timer()));
        await Log.AppendedAsync(Request(New(Case(2))));
        var ahead = Log.DecidedAhead;
        await Log.AppendedAsync(Request(New(Case(3))) with { Fired = due, Timers = [new TimerChange.Cancel(Timer("other")), new TimerChange.Set(Timer(attempt: 2), T0.AddHours(1))] });
        Log.DecidedAhead.ShouldBe(ahead + 1);

        (await Log.AppendAsync(Request(New(Case(4))) with { Fired = due })).ShouldBe(new AppendResult.TimerLost(Timer()));
        (await Engine.ScalarAsync<long>("select count(*) from cc_timers")).ShouldBe(1);
        (await Engine.Timers.NextDueAsync()).ShouldBe(T0.AddHours(1));
    }

    [PostgresFact]
    public async Task In_a_new_epoch_what_was_known_is_forgotten()
    {
        await Log.AppendedAsync(Request(New(Case(1))));
        await Engine.RaiseEpochAsync();

        (await Log.AppendedAsync(Request(New(Case(2))))).Last.ShouldBe(new LogPosition(2, 2));
    }

    [PostgresFact]
    public async Task One_that_was_given_up_while_it_stood_in_line_does_not_come_after_all()
    {
        await Log.AppendedAsync(Request(New(Case(1))));
        var known = new KnownLog();
        var (plan, before) = await DecideAsync(Request(New(Case(2))));
        known.Follow(plan, before);
        var ahead = known.Plan([PreparedAppend.From(Request(New(Case(3))))], Engine.Clock.GetUtcNow())!;
        var other = known.Plan([PreparedAppend.From(Request(New(Case(4))))], Engine.Clock.GetUtcNow())!;

        await using (var connection = await Engine.DataSource.OpenConnectionAsync())
            (await AppendExecutor.StandsAsync(connection, new DecidedBatch(ahead.Plan, ahead.Before, null), CancellationToken.None)).ShouldBeFalse();

        // Its statements reach the server only now: nothing was written in between, and yet it must fail.
        await using (var connection = await Engine.DataSource.OpenConnectionAsync())
            (await Should.ThrowAsync<PostgresException>(() => AppendExecutor.WriteAheadAsync(connection, ahead))).SqlState.ShouldBe("CC001");
        await using (var connection = await Engine.DataSource.OpenConnectionAsync())
            (await Should.ThrowAsync<PostgresException>(() => AppendExecutor.WriteAheadAsync(connection, other))).SqlState.ShouldBe("CC001");
        (await Log.HeadAsync()).Last.Position.ShouldBe(2);
        (await Log.AppendedAsync(Request(New(Case(5))))).Last.Position.ShouldBe(3);
    }

    [PostgresFact]
    public async Task One_that_stands_is_found_although_its_answer_was_lost()
    {
        var known = new KnownLog();
        var (plan, before) = await DecideAsync(Request(New(Case(1))));
        known.Follow(plan, before);
        var ahead = known.Plan([PreparedAppend.From(Request(New(Case(2))))], Engine.Clock.GetUtcNow())!;
        await using var connection = await Engine.DataSource.OpenConnectionAsync();
        await AppendExecutor.WriteAheadAsync(connection, ahead);

        (await AppendExecutor.StandsAsync(connection, new DecidedBatch(ahead.Plan, ahead.Before, null), CancellationToken.None)).ShouldBeTrue();
        (await Engine.ScalarAsync<long>("select fence from cc_log")).ShouldBe(0);
    }

    [PostgresFact]
    public async Task Many_at_once_stand_without_gap_or_double()
    {
        await Log.AppendedAsync(Request(New(Case(1))));

        var results = await Task.WhenAll(Enumerable.Range(2, 2_000).Select(n => Task.Run(() => Log.AppendAsync(Request(New(Case(n)), To(StreamKey.Of("inbox", $"p-{n % 7}"), new ExpectedVersion.Any())) with { Command = Command($"k{n}") }))));

        Log.DecidedAhead.ShouldBeGreaterThan(0);
        results.ShouldAllBe(result => result is AppendResult.Appended);
        (await Engine.ScalarAsync<long>("select count(*) from mt_events")).ShouldBe(4_001);
        (await Engine.ScalarAsync<long>("select max(seq_id) from mt_events")).ShouldBe(4_001);
        (await new LogVerifier(Engine.DataSource).VerifyAsync()).First.ShouldBeNull();
    }

    private async Task<(AppendPlan Plan, LogEnd Before)> DecideAsync(AppendRequest request)
    {
        await using var connection = await Engine.DataSource.OpenConnectionAsync();
        List<PreparedAppend> prepared = [PreparedAppend.From(request)];
        var decided = await AppendExecutor.DecideAsync(connection, prepared, () => prepared, Engine.Clock, CancellationToken.None);
        await AppendExecutor.WriteAsync(connection, decided.Plan);
        return (decided.Plan, decided.Before);
    }
}

[OnPostgres(15)]
public sealed class AheadOnPostgres15() : AheadContract(15);

[OnPostgres(18)]
public sealed class AheadOnPostgres18() : AheadContract(18);
