using System.Text.Json;
using CommandCenter.Testing.Postgres;
using Npgsql;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

/// <summary>Read tables move with their checkpoint, whatever fails and whoever else runs.</summary>
public abstract class ProjectionRunnerContract(int major) : IAsyncLifetime
{
    private static readonly ProjectionRunnerOptions Options = new() { WaitClock = TimeProvider.System };
    private readonly CancellationTokenSource _stop = new(TimeSpan.FromMinutes(5));
    private readonly List<Task> _running = [];
    private PostgresEngine? _engine;

    private PostgresEngine Engine => _engine!;

    public async Task InitializeAsync() => _engine = await PostgresEngine.StartAsync(major);

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var running in _running)
            await Should.ThrowAsync<OperationCanceledException>(running);
        if (_engine is not null)
            await _engine.DisposeAsync();
        _stop.Dispose();
    }

    [PostgresFact]
    public async Task Read_tables_hold_what_was_appended_before_and_after_the_start()
    {
        await AppendAsync(1, 10);
        var runner = Start(new Sums());
        var last = await AppendAsync(1, 5);

        await runner.WaitForAsync(last, _stop.Token);

        (await SumsAsync()).ShouldBe([(Case(1).ToString(), 15L, 2L)]);
        runner.Position.ShouldBe(last);
        (await Engine.ScalarAsync<long>("select last_seq_id from mt_event_progression where name = 'sums_v1:All'")).ShouldBe(2);
    }

    [PostgresFact]
    public async Task A_runner_goes_on_from_its_checkpoint()
    {
        var first = new Sums();
        var last = await AppendAsync(1, 10);
        using (var stop = new CancellationTokenSource())
        {
            var runner = new ProjectionRunner(Engine.DataSource, Engine.Log, first, Engine.Clock, Options);
            var running = runner.RunAsync(stop.Token);
            await runner.WaitForAsync(last, _stop.Token);
            await stop.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(running);
        }

        var second = new Sums();
        last = await AppendAsync(1, 5);
        await Start(second).WaitForAsync(last, _stop.Token);

        second.Seen.ShouldBe([2]);
        (await SumsAsync()).ShouldBe([(Case(1).ToString(), 15L, 2L)]);
    }

    [PostgresFact]
    public async Task Applying_events_twice_changes_nothing()
    {
        await AppendAsync(1, 10);
        var last = await AppendAsync(2, 20);
        await Start(new Sums()).WaitForAsync(last, _stop.Token);
        var once = await SumsAsync();

        await using var connection = await Engine.DataSource.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await new Sums().ApplyAsync(transaction, await Engine.Log.ReadLogAsync(0, 10), default);
            await transaction.CommitAsync();
        }

        (await SumsAsync()).ShouldBe(once);
    }

    [PostgresFact]
    public async Task Two_runners_of_one_projection_apply_every_event_once_between_them()
    {
        var (first, second) = (Start(new Sums()), Start(new Sums()));
        var last = default(LogPosition);
        for (var i = 0; i < 40; i++)
            last = await AppendAsync(i % 4, 1);

        await first.WaitForAsync(last, _stop.Token);
        await second.WaitForAsync(last, _stop.Token);

        (await SumsAsync()).Select(row => row.Sum).ShouldBe([10, 10, 10, 10]);
        (await Engine.ScalarAsync<decimal>("select sum(applied) from sums_v1")).ShouldBe(40);
    }

    [PostgresFact]
    public async Task One_runner_works_and_the_other_takes_over_when_its_connection_ends()
    {
        var (first, second) = (new Sums(), new Sums());
        var owner = Start(first);
        await owner.WaitForAsync(await AppendAsync(1, 1), _stop.Token);
        var standby = Start(second);
        await standby.WaitForAsync(await AppendAsync(1, 10), _stop.Token);
        owner.IsOwner.ShouldBeTrue();
        standby.IsOwner.ShouldBeFalse();
        second.Seen.ShouldBeEmpty();

        // The owner sits idle on a dead connection and does not know it.
        await Engine.ExecuteAsync("select pg_terminate_backend(pid, 10000) from pg_locks where locktype = 'advisory' and objsubid = 1 and pid <> pg_backend_pid() and database = (select oid from pg_database where datname = current_database())");
        while (!standby.IsOwner)
        {
            await Task.Yield();
            _stop.Token.ThrowIfCancellationRequested();
        }

        var last = await AppendAsync(1, 100);
        await standby.WaitForAsync(last, _stop.Token);
        await owner.WaitForAsync(last, _stop.Token);
        (await SumsAsync()).ShouldBe([(Case(1).ToString(), 111L, 3L)]);
        (await Engine.ScalarAsync<decimal>("select sum(applied) from sums_v1")).ShouldBe(3);
        second.Seen.ShouldContain(3);
    }

    [PostgresFact]
    public async Task A_runner_that_is_stopped_lets_the_next_one_work_on_a_pool_that_resets_nothing()
    {
        using (var stop = new CancellationTokenSource())
        {
            var runner = new ProjectionRunner(Engine.DataSource, Engine.Log, new Sums(), Engine.Clock, Options);
            var running = runner.RunAsync(stop.Token);
            await runner.WaitForAsync(await AppendAsync(1, 1), _stop.Token);
            await stop.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(running);
            runner.IsOwner.ShouldBeFalse();
        }

        // Of this database: other tests' locks stand in the same view.
        (await Engine.ScalarAsync<long>("select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())")).ShouldBe(0);
        var next = Start(new Sums());
        await next.WaitForAsync(await AppendAsync(1, 1), _stop.Token);
        next.IsOwner.ShouldBeTrue();
    }

    [PostgresFact]
    public async Task A_checkpoint_moved_by_another_is_read_again()
    {
        var runner = Start(new Sums());
        await runner.WaitForAsync(await AppendAsync(1, 1), _stop.Token);
        // Another runner's work, as far as this one can tell.
        await Engine.ExecuteAsync("update mt_event_progression set last_seq_id = 2 where name = 'sums_v1:All'");
        await AppendAsync(1, 10);
        var last = await AppendAsync(1, 100);

        await runner.WaitForAsync(last, _stop.Token);

        (await SumsAsync()).ShouldBe([(Case(1).ToString(), 101L, 3L)]);
    }

    [PostgresFact]
    public async Task A_poison_event_parks_its_stream_and_no_other()
    {
        await AppendAsync(1, 10);
        await AppendAsync(2, 7);
        await AppendAsync(1, -1);
        await AppendAsync(2, 7);
        var last = await AppendAsync(1, 10);
        var runner = Start(new Sums());
        await runner.WaitForAsync(last, _stop.Token);

        (await SumsAsync()).ShouldBe([(Case(1).ToString(), 10L, 1L), (Case(2).ToString(), 14L, 4L)]);
        var parked = (await ParkedAsync()).ShouldHaveSingleItem();
        (parked.Stream, parked.Position, parked.ParkedAt).ShouldBe((Case(1), 3L, Engine.Clock.GetUtcNow()));
        parked.Reason.ShouldContain("below zero");

        // Later events of the stream are passed over too, also by the next runner.
        last = await AppendAsync(1, 10);
        await runner.WaitForAsync(last, _stop.Token);
        var next = new Sums();
        await AppendAsync(1, 10);
        last = await AppendAsync(2, 1);
        await Start(next).WaitForAsync(last, _stop.Token);
        (await SumsAsync()).ShouldBe([(Case(1).ToString(), 10L, 1L), (Case(2).ToString(), 15L, 8L)]);
    }

    [PostgresFact]
    public async Task What_the_server_refuses_in_an_events_data_parks_its_stream()
    {
        await AppendAsync(1, 10);
        var last = await AppendAsync(2, 666);
        var runner = Start(new Sums());
        await runner.WaitForAsync(last, _stop.Token);

        (await ParkedAsync()).ShouldHaveSingleItem().Stream.ShouldBe(Case(2));
        (await SumsAsync()).ShouldBe([(Case(1).ToString(), 10L, 1L)]);
    }

    [PostgresFact]
    public async Task A_fault_of_the_tables_parks_nothing_and_heals()
    {
        var runner = Start(new Sums());
        await runner.WaitForAsync(await AppendAsync(1, 1), _stop.Token);
        await Engine.ExecuteAsync("alter table sums_v1 rename to away");
        var last = await AppendAsync(1, 10);
        while (runner.LastFailure is null)
            await Task.Yield();
        (await ParkedAsync()).ShouldBeEmpty();

        await Engine.ExecuteAsync("alter table away rename to sums_v1");
        await runner.WaitForAsync(last, _stop.Token);

        (await SumsAsync()).ShouldBe([(Case(1).ToString(), 11L, 2L)]);
        runner.LastFailure.ShouldBeNull();
    }

    [PostgresFact]
    public async Task What_a_newer_program_wrote_parks_nothing_and_waits_for_a_node_of_that_version()
    {
        var older = Start(new Sums());
        await older.WaitForAsync(await AppendAsync(1, 1), _stop.Token);
        var last = await AppendAsync(1, 777);
        while (older.LastFailure is null && (await ParkedAsync()).Count == 0)
            await Task.Yield();
        (await ParkedAsync()).ShouldBeEmpty();

        await Start(new Sums { IsNewer = true }).WaitForAsync(last, _stop.Token);

        (await SumsAsync()).ShouldBe([(Case(1).ToString(), 778L, 2L)]);
    }

    [PostgresFact]
    public async Task A_projection_that_fails_once_is_tried_again_and_parks_nothing()
    {
        var sums = new Sums { FailuresLeft = 2 };
        var last = await AppendAsync(1, 1);
        var runner = Start(sums);

        await runner.WaitForAsync(last, _stop.Token);

        (await ParkedAsync()).ShouldBeEmpty();
        (await SumsAsync()).ShouldBe([(Case(1).ToString(), 1L, 1L)]);
    }

    [PostgresFact]
    public async Task In_a_new_epoch_the_tables_start_again_from_nothing()
    {
        var runner = Start(new Sums());
        await AppendAsync(2, -1);
        await runner.WaitForAsync(await AppendAsync(1, 10), _stop.Token);
        // What the log lost: rows folded from it must not stay.
        await Engine.ExecuteAsync("update sums_v1 set sum = 9999; insert into sums_v1 values ('case:lost', 1, 1, 1)");

        await Engine.RaiseEpochAsync();
        await runner.WaitForAsync(new LogPosition(2, 2), _stop.Token);

        (await SumsAsync()).ShouldBe([(Case(1).ToString(), 10L, 2L)]);
        runner.Position.ShouldBe(new LogPosition(2, 2));
        (await Engine.ScalarAsync<int>("select epoch from cc_projections where name = 'sums_v1'")).ShouldBe(2);
        (await ParkedAsync()).ShouldHaveSingleItem().Position.ShouldBe(1);
    }

    [PostgresFact]
    public async Task A_checkpoint_beyond_the_end_of_the_log_starts_again()
    {
        var last = await AppendAsync(1, 10);
        await Engine.ExecuteAsync("insert into mt_event_progression (name, last_seq_id) values ('sums_v1:All', 900); insert into cc_projections values ('sums_v1', 1)");

        var runner = Start(new Sums());
        await runner.WaitForAsync(last, _stop.Token);

        (await SumsAsync()).ShouldBe([(Case(1).ToString(), 10L, 1L)]);
    }

    [PostgresFact]
    public async Task Waiting_for_a_position_ends_when_the_time_is_over()
    {
        var runner = Start(new Sums());

        await Should.ThrowAsync<TimeoutException>(() => runner.WaitForAsync(new LogPosition(1, 5), TimeSpan.FromMilliseconds(1)));

        // Nor does it stay behind: whoever asks for positions that never come would fill the memory.
        runner.Waiting.ShouldBe(0);
    }

    private ProjectionRunner Start(IProjection projection)
    {
        var runner = new ProjectionRunner(Engine.DataSource, Engine.Log, projection, Engine.Clock, Options);
        _running.Add(runner.RunAsync(_stop.Token));
        return runner;
    }

    private Task<IReadOnlyList<ParkedStream>> ParkedAsync() => new ParkedStreams(Engine.DataSource, Engine.Log, new Sums(), Engine.Clock).ListAsync();

    private async Task<LogPosition> AppendAsync(int stream, int value) =>
        (await Engine.Log.AppendedAsync(Request(To(Case(stream), new ExpectedVersion.Any(), Event(data: $$"""{"value":{{value}}}"""))))).Last;

    private async Task<List<(string Stream, long Sum, long Position)>> SumsAsync()
    {
        await using var command = Engine.DataSource.CreateCommand("select stream, sum, position from sums_v1 order by stream");
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<(string, long, long)>();
        while (await reader.ReadAsync())
            rows.Add((reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)));
        return rows;
    }
}

[OnPostgres(15)]
public sealed class ProjectionsOnPostgres15() : ProjectionRunnerContract(15);

[OnPostgres(18)]
public sealed class ProjectionsOnPostgres18() : ProjectionRunnerContract(18);
