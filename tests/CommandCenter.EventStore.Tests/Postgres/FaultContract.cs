using CommandCenter.Testing.Postgres;
using Npgsql;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

/// <summary>What the log on PostgreSQL does when connections, backends and hints are lost.</summary>
public abstract class FaultContract(int major) : IAsyncLifetime
{
    private const string OthersOf = "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";

    private static readonly PostgresEventLogOptions OnlyHints = PostgresEngine.Options with { PollEvery = TimeSpan.FromHours(1) };
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));
    private PostgresEngine? _engine;

    private PostgresEngine Engine => _engine!;
    private PostgresEventLog Log => _engine!.PostgresLog;

    public async Task InitializeAsync() => _engine = await PostgresEngine.StartAsync(major);

    public async Task DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
        _limit.Dispose();
    }

    [PostgresFact]
    public async Task Whoever_is_stopped_while_the_database_goes_ends_as_stopped()
    {
        await EndsAsStoppedAsync(async (source, stop) =>
        {
            await using var log = new PostgresEventLog(source, Engine.Clock, PostgresEngine.Options);
            await log.FollowAsync(new LogPosition(1, 0), stop).TakeAsync(1);
        });
        await EndsAsStoppedAsync((source, stop) => new ProjectionRunner(source, Engine.Log, new FaultNode.SeenTable(), Engine.Clock).RunAsync(stop));
        await EndsAsStoppedAsync((source, stop) => new TimerWorker(new PostgresTimerStore(source), Engine.Clock, (_, _, _) => Task.CompletedTask).RunAsync(stop));

        async Task EndsAsStoppedAsync(Func<NpgsqlDataSource, CancellationToken, Task> run)
        {
            using var stop = new CancellationTokenSource();
            var builder = new NpgsqlDataSourceBuilder(Engine.ConnectionString);
            builder.UsePhysicalConnectionInitializer(_ => throw Go(), _ => throw Go());
            await using var source = builder.Build();
            await Should.ThrowAsync<OperationCanceledException>(() => run(source, stop.Token).WaitAsync(TimeSpan.FromSeconds(60)));

            IOException Go()
            {
                stop.Cancel();
                return new IOException("gone");
            }
        }
    }

    [PostgresFact]
    public async Task A_commit_whose_answer_was_lost_is_looked_up_by_its_command()
    {
        await using var line = new Line(Engine);
        line.Proxy.CutAfterCommit();

        var receipt = await line.Log.AppendedAsync(Request(New(Case(1))) with { Command = Command() });

        line.Proxy.Cuts.ShouldBe(1);
        receipt.Last.ShouldBe(new LogPosition(1, 1));
        (await Log.HeadAsync()).Last.Position.ShouldBe(1);
        (await Log.FindCommandAsync("p-17", "k1")).ShouldNotBeNull().Receipt.RecordedAt.ShouldBe(receipt.RecordedAt);
    }

    [PostgresFact]
    public async Task A_commit_that_never_arrived_is_made_again_under_its_command()
    {
        await using var line = new Line(Engine);
        line.Proxy.CutBeforeCommit(times: 2);

        var receipt = await line.Log.AppendedAsync(Request(New(Case(1))) with { Command = Command() });

        line.Proxy.Cuts.ShouldBe(2);
        receipt.Last.ShouldBe(new LogPosition(1, 1));
        (await Log.ReadStreamAsync(Case(1))).Count.ShouldBe(1);
    }

    [PostgresFact]
    public async Task A_commit_whose_answer_was_lost_is_known_by_its_event_where_no_command_was_given()
    {
        await using var line = new Line(Engine);
        line.Proxy.CutAfterCommit();

        (await line.Log.AppendedAsync(Request(New(Case(1))))).Last.Position.ShouldBe(1);

        line.Proxy.Cuts.ShouldBe(1);
        (await Log.ReadStreamAsync(Case(1))).Count.ShouldBe(1);
    }

    [PostgresFact]
    public async Task A_commit_without_an_event_whose_answer_was_lost_is_known_by_its_transaction()
    {
        await Log.AppendedAsync(new AppendRequest([], Timers: [new TimerChange.Set(Timer(), T0)]));
        var due = (await Engine.Timers.ClaimDueAsync(T0, 1, TimeSpan.FromMinutes(1))).Single();
        await using var line = new Line(Engine);

        line.Proxy.CutAfterCommit();
        await line.Log.AppendedAsync(new AppendRequest([], Fired: due));
        line.Proxy.CutBeforeCommit();
        await line.Log.AppendedAsync(new AppendRequest([], Timers: [new TimerChange.Set(Timer("again"), T0)]));

        line.Proxy.Cuts.ShouldBe(2);
        (await Engine.Timers.ListAsync("case_deadlines", "c1")).Select(timer => timer.Key.Name).ShouldBe(["again"]);
    }

    [PostgresFact]
    public async Task A_commit_that_cannot_be_looked_up_in_time_is_told_to_be_unknown()
    {
        await using var line = new Line(Engine, PostgresEngine.Options with { LookUpFor = TimeSpan.FromMilliseconds(300) });
        line.Proxy.CutAfterCommit(thenRefuse: true);

        await Should.ThrowAsync<UnknownCommitException>(() => line.Log.AppendAsync(Request(New(Case(1))) with { Command = Command() }));

        (await Log.ReadStreamAsync(Case(1))).Count.ShouldBe(1);
    }

    [PostgresFact]
    public async Task An_append_over_a_pooled_connection_that_died_is_tried_again()
    {
        await Log.AppendedAsync(Request(New(Case(1))));
        await KillAsync("true");

        (await Log.AppendedAsync(Request(New(Case(2))))).Last.Position.ShouldBe(2);
    }

    [PostgresFact]
    public async Task An_append_whose_backend_is_terminated_while_it_waits_stands_once()
    {
        await using var holder = await HoldStoreLockAsync();
        var appending = Log.AppendedAsync(Request(New(Case(1))));
        await UntilAsync($"select count(*) > 0 {OthersOf} and wait_event = 'advisory'");
        await KillAsync("wait_event = 'advisory'");
        await UntilAsync($"select count(*) > 0 {OthersOf} and wait_event = 'advisory'");
        await holder.DisposeAsync();

        (await appending).Last.Position.ShouldBe(1);
        (await Log.ReadStreamAsync(Case(1))).Count.ShouldBe(1);
    }

    [PostgresFact]
    public async Task An_append_that_was_decided_ahead_and_waits_for_another_node_can_leave_before_that_node_is_done()
    {
        await Log.AppendedAsync(Request(New(Case(1))));
        await using var holder = await HoldStoreLockAsync();
        using var cancel = new CancellationTokenSource();
        var appending = Log.AppendAsync(Request(New(Case(2))), cancel.Token);
        await UntilAsync($"select count(*) > 0 {OthersOf} and wait_event = 'advisory'");

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(appending.WaitAsync(_limit.Token));
        await holder.DisposeAsync();

        (await Log.AppendedAsync(Request(New(Case(3))))).Last.Position.ShouldBe(2);
        (await Log.ReadStreamAsync(Case(2))).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task A_session_that_the_server_ends_because_its_node_stood_still_within_a_transaction_counts_as_lost()
    {
        await using var connection = await Engine.DataSource.OpenConnectionAsync(_limit.Token);
        await using var begin = new NpgsqlCommand("begin; set local idle_in_transaction_session_timeout = '50ms'", connection);
        await begin.ExecuteNonQueryAsync(_limit.Token);
        await UntilAsync($"select count(*) = 0 {OthersOf} and pid = {connection.ProcessID}");

        await using var next = new NpgsqlCommand("select 1", connection);
        var thrown = await Should.ThrowAsync<Exception>(() => next.ExecuteScalarAsync(_limit.Token));

        Sql.IsLostConnection(thrown).ShouldBeTrue(thrown.ToString());
    }

    [PostgresFact]
    public async Task The_settings_of_a_write_end_with_its_transaction()
    {
        await using var connection = await Engine.DataSource.OpenConnectionAsync(_limit.Token);
        var before = await SettingsAsync();
        await using (var begin = new NpgsqlCommand("begin", connection))
            await begin.ExecuteNonQueryAsync(_limit.Token);
        await using (var settings = new NpgsqlCommand(AppendExecutor.PlanByKey, connection))
            await settings.ExecuteNonQueryAsync(_limit.Token);
        var within = await SettingsAsync();
        await using (var commit = new NpgsqlCommand("commit", connection))
            await commit.ExecuteNonQueryAsync(_limit.Token);

        within.ShouldBe("off off off force_generic_plan off 10s");
        (await SettingsAsync()).ShouldBe(before);

        async Task<string> SettingsAsync()
        {
            string[] names = ["enable_seqscan", "enable_hashjoin", "enable_mergejoin", "plan_cache_mode", "jit", "idle_in_transaction_session_timeout"];
            await using var ask = new NpgsqlCommand($"select concat_ws(' ', {string.Join(", ", names.Select(name => $"current_setting('{name}')"))})", connection);
            return (string)(await ask.ExecuteScalarAsync(_limit.Token))!;
        }
    }

    [PostgresFact]
    public async Task An_append_cancelled_while_it_waits_changes_nothing_and_holds_up_nobody()
    {
        await using var holder = await HoldStoreLockAsync();
        using var cancel = new CancellationTokenSource();
        var appending = Log.AppendAsync(Request(New(Case(1))), cancel.Token);
        await UntilAsync($"select count(*) > 0 {OthersOf} and wait_event = 'advisory'");

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(appending);
        await holder.DisposeAsync();

        (await Log.AppendedAsync(Request(New(Case(2))))).Last.Position.ShouldBe(1);
        (await Log.ReadStreamAsync(Case(1))).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task A_follower_without_hints_is_fed_by_the_poll()
    {
        await using var log = new PostgresEventLog(Engine.DataSource, Engine.Clock, PostgresEngine.Options with { ListenForHints = false });
        var following = log.FollowAsync(new LogPosition(1, 0), _limit.Token).TakeAsync(2);
        await Log.AppendedAsync(Request(New(Case(1))));
        await Log.AppendedAsync(Request(New(Case(2))));

        (await following).Select(e => e.Position.Position).ShouldBe([1, 2]);
    }

    [PostgresFact]
    public async Task A_follower_is_fed_by_hints_alone_while_the_poll_is_far()
    {
        await using var log = new PostgresEventLog(Engine.DataSource, Engine.Clock, OnlyHints);
        var following = log.FollowAsync(new LogPosition(1, 0), _limit.Token).TakeAsync(2);
        await UntilAsync("select count(*) > 0 from pg_stat_activity where query = 'listen cc_log' and datname = current_database()");
        await Log.AppendedAsync(Request(New(Case(1))));
        await Log.AppendedAsync(Request(New(Case(2))));

        (await following).Count.ShouldBe(2);
    }

    [PostgresFact]
    public async Task A_follower_whose_backends_are_killed_goes_on_where_it_was()
    {
        await using var log = new PostgresEventLog(Engine.DataSource, Engine.Clock, OnlyHints);
        var seen = new List<long>();
        await Log.AppendedAsync(Request(New(Case(1))));

        await foreach (var batch in log.FollowAsync(new LogPosition(1, 0), _limit.Token))
        {
            seen.AddRange(batch.Select(e => e.Position.Position));
            if (seen.Count >= 4)
                break;
            // Listener and readers die together, and the next event comes while nobody listens.
            await UntilAsync("select count(*) > 0 from pg_stat_activity where query = 'listen cc_log' and datname = current_database()");
            await KillAsync("true");
            await Log.AppendedAsync(Request(New(Case(seen.Count + 1))));
        }

        seen.ShouldBe([1, 2, 3, 4]);
    }

    [PostgresFact]
    public async Task A_connection_that_listened_goes_back_to_its_pool_without_listening()
    {
        await using (var log = new PostgresEventLog(Engine.DataSource, Engine.Clock, OnlyHints))
        {
            log.TimersChanged.ShouldNotBeNull();
            await UntilAsync("select count(*) > 0 from pg_stat_activity where query = 'listen cc_log' and datname = current_database()");
        }

        await UntilAsync("select count(*) = 0 from pg_stat_activity where query = 'listen cc_log' and datname = current_database()");
    }

    [PostgresFact]
    public async Task Timers_that_change_and_messages_that_come_are_hinted_and_mere_events_are_not()
    {
        await using var listening = await Engine.DataSource.OpenConnectionAsync();
        var hints = new List<string>();
        listening.Notification += (_, hint) => hints.Add(hint.Payload);
        await new NpgsqlCommand("listen cc_log", listening).ExecuteNonQueryAsync();

        await Log.AppendedAsync(Request(New(Case(1), Event(), Event())));
        await listening.WaitAsync(_limit.Token);
        await Log.AppendedAsync(new AppendRequest([], Timers: [new TimerChange.Set(Timer(), T0)]));
        await listening.WaitAsync(_limit.Token);
        await Log.AppendedAsync(new AppendRequest([], Outbox: [Message()]));
        await listening.WaitAsync(_limit.Token);
        await Log.AppendedAsync(new AppendRequest([], Timers: [new TimerChange.Cancel(Timer())], Outbox: [Message()]));
        await listening.WaitAsync(_limit.Token);

        hints.ShouldBe(["1:2", "1:2 timers", "1:2 outbox", "1:2 outbox timers"]);
        await new NpgsqlCommand("unlisten *", listening).ExecuteNonQueryAsync();
    }

    private async Task<NpgsqlConnection> HoldStoreLockAsync()
    {
        var connection = await Engine.DataSource.OpenConnectionAsync();
        await using var take = new NpgsqlCommand($"begin; select pg_advisory_xact_lock({StoreLock.Key})", connection);
        await take.ExecuteNonQueryAsync();
        return connection;
    }

    private async Task KillAsync(string which)
    {
        // Outside the pool, which is what is killed.
        await using var admin = await AdminAsync();
        await using var kill = new NpgsqlCommand($"select pg_terminate_backend(pid, 10000) {OthersOf} and {which}", admin);
        await kill.ExecuteNonQueryAsync();
    }

    private async Task UntilAsync(string condition)
    {
        await using var admin = await AdminAsync();
        await using var ask = new NpgsqlCommand(condition, admin);
        while (!(bool)(await ask.ExecuteScalarAsync(_limit.Token))!)
            await Task.Yield();
    }

    private async Task<NpgsqlConnection> AdminAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Engine.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>A log of its own over a line that can be cut.</summary>
    private sealed class Line : IAsyncDisposable
    {
        private readonly NpgsqlDataSource _dataSource;

        public Line(PostgresEngine engine, PostgresEventLogOptions? options = null)
        {
            Proxy = new CuttingProxy(engine.ConnectionString);
            _dataSource = NpgsqlDataSource.Create(Proxy.ConnectionString);
            Log = new PostgresEventLog(_dataSource, engine.Clock, options ?? PostgresEngine.Options);
        }

        public CuttingProxy Proxy { get; }
        public PostgresEventLog Log { get; }

        public async ValueTask DisposeAsync()
        {
            await Log.DisposeAsync();
            await _dataSource.DisposeAsync();
            await Proxy.DisposeAsync();
        }
    }
}

[OnPostgres(15)]
public sealed class FaultsOnPostgres15() : FaultContract(15);

[OnPostgres(18)]
public sealed class FaultsOnPostgres18() : FaultContract(18);
