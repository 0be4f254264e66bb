using CommandCenter.Testing.Postgres;
using Npgsql;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

/// <summary>Read tables are filled anew beside the live ones and swapped in whole, while the town goes on.</summary>
public abstract class ProjectionRebuildContract(int major) : IAsyncLifetime
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));
    private readonly List<Task> _running = [];
    private PostgresEngine? _engine;
    private SharedFollow? _follow;

    private PostgresEngine Engine => _engine!;

    public async Task InitializeAsync()
    {
        _engine = await PostgresEngine.StartAsync(major);
        _follow = new SharedFollow(_engine.Log, _engine.Clock, new SharedFollowOptions { Chunk = 50, WaitClock = TimeProvider.System });
    }

    public async Task DisposeAsync()
    {
        await _limit.CancelAsync();
        foreach (var running in _running)
            await Should.ThrowAsync<OperationCanceledException>(running);
        await _follow!.DisposeAsync();
        await Engine.DisposeAsync();
        _limit.Dispose();
    }

    [PostgresFact]
    public async Task Wrong_rows_are_replaced_and_the_live_runner_goes_on_behind_them()
    {
        var runner = Start();
        await AppendAsync(300);
        await runner.WaitForAsync(await AppendAsync(1), _limit.Token);
        await Engine.ExecuteAsync("update sums_v1 set sum = 9999; insert into sums_v1 values ('case:lost', 1, 1, 1)");

        var at = await Rebuild().RunAsync(cancellation: _limit.Token);
        await runner.WaitForAsync(await AppendAsync(3), _limit.Token);

        at.ShouldBe(new LogPosition(1, 301));
        (await SumsAsync()).ShouldBe(304);
        (await Engine.ScalarAsync<long>("select count(*) from sums_v1")).ShouldBe(3);
        runner.LastFailure.ShouldBeNull();
        await NothingIsLeftAsync();
    }

    [PostgresFact]
    public async Task What_is_appended_meanwhile_is_in_the_new_tables_and_progress_says_how_long_it_takes()
    {
        var runner = Start();
        await AppendAsync(500);
        var said = new List<RebuildProgress>();

        await Rebuild().RunAsync(new Said(progress =>
        {
            said.Add(progress);
            // A town does not stop for this.
            AppendAsync(40).GetAwaiter().GetResult();
        }), _limit.Token);

        await runner.WaitForAsync((await Engine.Log.HeadAsync()).Last, _limit.Token);
        (await SumsAsync()).ShouldBe((await Engine.Log.HeadAsync()).Last.Position);
        said[0].Position.ShouldBe(0);
        said[0].Remaining.ShouldBeNull();
        said.Zip(said.Skip(1)).ShouldAllBe(pair => pair.First.Position < pair.Second.Position && pair.Second.Position <= pair.Second.Head);
        said[1].Remaining.ShouldNotBeNull();
    }

    [PostgresFact]
    public async Task A_reader_sees_the_old_rows_until_it_sees_the_new()
    {
        var runner = Start();
        await runner.WaitForAsync(await AppendAsync(400), _limit.Token);
        var counts = new HashSet<long>();

        await Rebuild().RunAsync(new Said(_ => counts.Add(SumsAsync().GetAwaiter().GetResult())), _limit.Token);
        counts.Add(await SumsAsync());

        counts.ShouldBe([400]);
    }

    [PostgresFact]
    public async Task What_was_parked_is_tried_again()
    {
        var runner = Start();
        await AppendAsync(3);
        await Engine.Log.AppendedAsync(Request(To(Case(1), new ExpectedVersion.Any(), Event(data: """{"value":-1}"""))));
        await runner.WaitForAsync(await AppendAsync(3), _limit.Token);
        (await ParkedAsync()).ShouldHaveSingleItem();

        // A program that parks it again, and one that has learnt better.
        await Rebuild().RunAsync(cancellation: _limit.Token);
        (await ParkedAsync()).ShouldHaveSingleItem().Position.ShouldBe(4);
        await new ProjectionRebuild(Engine.DataSource, _follow!, new Sums { TakesBelowZero = true }, Engine.Clock, TimeProvider.System).RunAsync(cancellation: _limit.Token);

        (await ParkedAsync()).ShouldBeEmpty();
        (await SumsAsync()).ShouldBe(5);
    }

    [PostgresFact]
    public async Task Two_rebuilds_of_one_projection_at_once_are_refused()
    {
        await Start().WaitForAsync(await AppendAsync(1), _limit.Token);
        await using var other = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Engine.ConnectionString) { Pooling = false }.ConnectionString);
        await other.OpenAsync();
        await using var take = new NpgsqlCommand(ProjectionRebuild.TakeLock, other);
        take.Parameters.AddWithValue("sums_v1:All");
        (await take.ExecuteScalarAsync()).ShouldBe(true);

        await Should.ThrowAsync<RebuildUnderWayException>(() => Rebuild().RunAsync(cancellation: _limit.Token));
    }

    [PostgresFact]
    public async Task A_rebuild_that_is_stopped_leaves_the_live_tables_as_they_were_and_nothing_else()
    {
        var runner = Start();
        await runner.WaitForAsync(await AppendAsync(300), _limit.Token);
        using var stop = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(() => Rebuild().RunAsync(new Said(progress => { if (progress.Position > 0) stop.Cancel(); }), stop.Token));

        (await SumsAsync()).ShouldBe(300);
        await NothingIsLeftAsync();
        await Rebuild().RunAsync(cancellation: _limit.Token);
        (await SumsAsync()).ShouldBe(300);
    }

    [PostgresFact]
    public async Task What_a_rebuild_left_behind_when_its_connection_was_lost_is_seen_and_dropped_by_the_next()
    {
        var runner = Start();
        await runner.WaitForAsync(await AppendAsync(300), _limit.Token);

        await Should.ThrowAsync<NpgsqlException>(() => Rebuild().RunAsync(new Said(progress =>
        {
            if (progress.Position > 0)
                Engine.ExecuteAsync("select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = current_database() and pid in (select pid from pg_locks where locktype = 'advisory' and ((classid::bigint << 32) | objid::bigint) = hashtextextended('sums_v1:All', 2))")
                    .GetAwaiter().GetResult();
        }), _limit.Token));

        var left = (await ProjectionStates.ReadAsync(Engine.DataSource, ["sums_v1"])).Single();
        left.Rebuild.ShouldNotBeNull().IsRunning.ShouldBeFalse();
        left.Position.ShouldBe(new LogPosition(1, 300));
        await Rebuild().RunAsync(cancellation: _limit.Token);
        await NothingIsLeftAsync();
    }

    [PostgresFact]
    public async Task A_reader_that_holds_the_live_tables_is_waited_for()
    {
        await Start().WaitForAsync(await AppendAsync(5), _limit.Token);
        await using var reader = await Engine.DataSource.OpenConnectionAsync();
        await using var reading = await reader.BeginTransactionAsync();
        await using (var look = new NpgsqlCommand("select sum(sum) from sums_v1", reader))
            (await look.ExecuteScalarAsync()).ShouldBe(5m);

        var rebuilding = Rebuild().RunAsync(cancellation: _limit.Token);
        while (!await Engine.ScalarAsync<bool>("select exists (select from pg_locks where locktype = 'relation' and not granted and database = (select oid from pg_database where datname = current_database()))"))
        {
            _limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        await reading.CommitAsync();
        await rebuilding;
        (await SumsAsync()).ShouldBe(5);
    }

    [PostgresFact]
    public async Task What_others_may_do_with_the_tables_they_may_still_do()
    {
        await Start().WaitForAsync(await AppendAsync(5), _limit.Token);
        await Engine.ExecuteAsync("grant select, insert on sums_v1 to public");

        await Rebuild().RunAsync(cancellation: _limit.Token);

        (await Engine.ScalarAsync<string>("select string_agg(privilege_type, ',' order by privilege_type) from aclexplode((select relacl from pg_class where oid = 'sums_v1'::regclass)) where grantee = 0"))
            .ShouldBe("INSERT,SELECT");
    }

    [PostgresFact]
    public async Task A_log_that_is_restored_meanwhile_ends_the_rebuild_and_the_live_tables_start_again_by_themselves()
    {
        var runner = Start();
        await runner.WaitForAsync(await AppendAsync(500), _limit.Token);

        await Should.ThrowAsync<EpochChangedException>(() => Rebuild().RunAsync(new Said(progress =>
        {
            if (progress.Position > 0 && progress.Position <= 50)
                Engine.RaiseEpochAsync().GetAwaiter().GetResult();
        }), _limit.Token));

        await runner.WaitForAsync(new LogPosition(2, 500), _limit.Token);
        (await SumsAsync()).ShouldBe(500);
        await NothingIsLeftAsync();
    }

    [PostgresFact]
    public async Task The_state_says_who_works_and_what_is_parked()
    {
        var never = (await ProjectionStates.ReadAsync(Engine.DataSource, ["sums_v1"])).Single();
        (never.Position, never.IsOwned, never.Parked, never.Rebuild).ShouldBe((null, false, 0, null));

        var runner = Start();
        await runner.WaitForAsync(await AppendAsync(5), _limit.Token);
        RebuildState? during = null;
        await AppendAsync(300);
        await Rebuild().RunAsync(new Said(progress =>
        {
            if (progress.Position > 0)
                during ??= ProjectionStates.ReadAsync(Engine.DataSource, ["sums_v1"]).GetAwaiter().GetResult().Single().Rebuild;
        }), _limit.Token);

        during.ShouldNotBeNull().IsRunning.ShouldBeTrue();
        during.Position.ShouldBeGreaterThan(0);
        // By the database's clock, as the steps are.
        during.StartedAt.ShouldBeLessThanOrEqualTo(during.MovedAt);
        (await ProjectionStates.ReadAsync(Engine.DataSource, ["sums_v1"])).Single().IsOwned.ShouldBeTrue();
    }

    private ProjectionRebuild Rebuild() => new(Engine.DataSource, _follow!, new Sums(), Engine.Clock, TimeProvider.System);

    private ProjectionRunner Start()
    {
        var runner = new ProjectionRunner(Engine.DataSource, _follow!, new Sums(), Engine.Clock, new ProjectionRunnerOptions { WaitClock = TimeProvider.System });
        _running.Add(runner.RunAsync(_limit.Token));
        return runner;
    }

    private async Task<LogPosition> AppendAsync(int count)
    {
        var receipts = await Task.WhenAll(Enumerable.Range(0, count).Select(n =>
            Engine.Log.AppendedAsync(Request(To(Case(n % 3), new ExpectedVersion.Any(), Event(data: """{"value":1}"""))))));
        return receipts.Select(receipt => receipt.Last).MaxBy(at => at.Position);
    }

    private async Task<long> SumsAsync() => (long)await Engine.ScalarAsync<decimal>("select coalesce(sum(sum), 0) from sums_v1");

    private Task<IReadOnlyList<ParkedStream>> ParkedAsync() => new ParkedStreams(Engine.DataSource, Engine.Log, new Sums(), Engine.Clock).ListAsync();

    private async Task NothingIsLeftAsync()
    {
        (await Engine.ScalarAsync<long>("select count(*) from pg_namespace where nspname like 'cc_rebuild%'")).ShouldBe(0);
        (await Engine.ScalarAsync<long>("select (select count(*) from cc_rebuilds) + (select count(*) from mt_event_progression where name like '%Rebuild') + (select count(*) from cc_projections where name like '%Rebuild')")).ShouldBe(0);
    }

    private sealed class Said(Action<RebuildProgress> say) : IProgress<RebuildProgress>
    {
        public void Report(RebuildProgress value) => say(value);
    }
}

[OnPostgres(15)]
public sealed class RebuildsOnPostgres15() : ProjectionRebuildContract(15);

[OnPostgres(18)]
public sealed class RebuildsOnPostgres18() : ProjectionRebuildContract(18);
