using System.Text;
using System.Text.Json.Nodes;
using CommandCenter.Testing.Postgres;
using Npgsql;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

/// <summary>What users of other event stores suffered, named for the thread that tells of it: here it cannot happen, and this is how it is known.</summary>
public abstract class OthersSufferedContract(int major) : IAsyncLifetime
{
    private const long Gate = 4242;
    private static readonly PostgresEventLogOptions OnlyHints = PostgresEngine.Options with { PollEvery = TimeSpan.FromHours(1) };

    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));
    private PostgresEngine? _engine;

    private PostgresEngine Engine => _engine!;

    public async Task InitializeAsync() => _engine = await PostgresEngine.StartAsync(major);

    public async Task DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
        _limit.Dispose();
    }

    // Readers that skip late commits: marten#1629, eventuous#222, SqlStreamStore#121.
    [PostgresFact]
    public async Task A_writer_that_commits_late_is_not_skipped_because_nobody_commits_before_it()
    {
        await Engine.ExecuteAsync(
            $"""
            create function wait_at_gate() returns trigger language plpgsql as $$ begin
              if new.data->>'text' = 'slow' then perform pg_advisory_xact_lock({Gate}); end if;
              return new;
            end $$
            """);
        await Engine.ExecuteAsync("create trigger gate after insert on mt_events for each row execute function wait_at_gate()");
        await using var other = new PostgresEventLog(Engine.DataSource, Engine.Clock, PostgresEngine.Options);
        var following = Engine.Log.FollowAsync(new LogPosition(1, 0), _limit.Token).TakeAsync(2);

        Task<AppendResult> slow, fast;
        await using (var gate = await HoldAsync(Gate))
        {
            slow = Engine.Log.AppendAsync(Request(New(Case(1), Event(data: """{"text":"slow"}"""))));
            await WaitersAsync(1);
            fast = other.AppendAsync(Request(New(Case(2), Event(data: """{"text":"fast"}"""))));
            // It has drawn its position and not committed; the other waits for the store lock, so nothing can be read past it.
            await WaitersAsync(2);
            (await Engine.Log.ReadLogAsync(0, 10)).ShouldBeEmpty();
            fast.IsCompleted.ShouldBeFalse();
        }

        await Task.WhenAll(slow, fast);
        (await following).Select(e => (e.Position.Position, e.Stream)).ShouldBe([(1, Case(1)), (2, Case(2))]);
    }

    // A rolled-back append stalls projections for three seconds: marten#4749.
    [PostgresFact]
    public async Task An_append_that_is_rolled_back_leaves_no_gap_to_wait_for()
    {
        await Engine.ExecuteAsync("alter table mt_events add constraint no_poison check (data->>'text' <> 'poison')");
        await using var log = new PostgresEventLog(Engine.DataSource, Engine.Clock, OnlyHints);
        var following = log.FollowAsync(new LogPosition(1, 0), _limit.Token).TakeAsync(2);
        await ListeningAsync();

        await Engine.Log.AppendedAsync(Request(New(Case(1))));
        await Should.ThrowAsync<PostgresException>(() => Engine.Log.AppendAsync(Request(New(Case(2), Event(data: """{"text":"poison"}""")))));
        await Engine.Log.AppendedAsync(Request(New(Case(3))));

        // The poll is an hour away: the follower came here by hints alone, past no gap.
        (await following).Select(e => (e.Position.Position, e.Stream)).ShouldBe([(1, Case(1)), (2, Case(3))]);
    }

    // Upcasters bypassed on the asynchronous path: marten#2615.
    [PostgresFact]
    public async Task An_old_event_is_upcast_however_it_was_read()
    {
        var catalogue = new EventCatalogue(
            [new EventEntry("noted_v2", 2, typeof(Noted), "Tests.Noted, Tests")], new System.Text.Json.JsonSerializerOptions(),
            [new Upcaster("noted", "noted_v2", old => new JsonObject { ["Words"] = old["text"]!.DeepClone() })]);
        await Engine.Log.AppendedAsync(Request(New(Case(1), Event("noted", """{"text":"old"}"""))));
        var seen = new NotedTable(catalogue);
        await seen.PrepareAsync(Engine);
        var runner = new ProjectionRunner(Engine.DataSource, Engine.Log, seen, Engine.Clock, new ProjectionRunnerOptions { WaitClock = TimeProvider.System });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token);
        var running = runner.RunAsync(stop.Token);

        StoredEvent[] reads =
        [
            (await Engine.Log.ReadStreamAsync(Case(1))).Single(),
            (await Engine.Log.ReadLogAsync(0, 10)).Single(),
            (await Engine.Log.FollowAsync(new LogPosition(1, 0), _limit.Token).TakeAsync(1)).Single(),
        ];
        reads.Select(catalogue.Decode).ShouldAllBe(decoded => decoded.Equals(new Noted("old")));
        await runner.WaitForAsync(new LogPosition(1, 1), _limit.Token);
        (await Engine.ScalarAsync<string>("select words from noted")).ShouldBe("old");

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    // A daemon that freezes silently: marten#4721, KurrentDB#899.
    [PostgresFact]
    public async Task A_follower_whose_line_goes_dead_without_a_word_notices_and_goes_on()
    {
        await using var proxy = new CuttingProxy(new NpgsqlConnectionStringBuilder(Engine.ConnectionString) { CommandTimeout = 1, CancellationTimeout = -1, Timeout = 1 }.ConnectionString);
        await using var dataSource = NpgsqlDataSource.Create(proxy.ConnectionString);
        await using var log = new PostgresEventLog(dataSource, Engine.Clock, PostgresEngine.Options);
        var seen = new List<long>();

        await Engine.Log.AppendedAsync(Request(New(Case(1))));
        await foreach (var batch in log.FollowAsync(new LogPosition(1, 0), _limit.Token))
        {
            seen.AddRange(batch.Select(e => e.Position.Position));
            if (seen.Count == 2)
                break;
            // Everything that it sends from now on is taken and never answered; the line itself is not cut.
            proxy.Become(LineMode.Swallow);
            await Engine.Log.AppendedAsync(Request(New(Case(2))));
            _ = Task.Run(async () =>
            {
                // Once it has given up the first line it asks for a new one.
                await proxy.UntilNewLineAsync(_limit.Token);
                proxy.Become(LineMode.Pass);
                proxy.CutAll();
            });
        }

        seen.ShouldBe([1, 2]);
    }

    // Read-your-writes that looks at rows found instead of shards registered: marten#3080.
    [PostgresFact]
    public async Task Waiting_for_a_projection_that_has_not_begun_waits()
    {
        var table = new NotedTable(new EventCatalogue([], new System.Text.Json.JsonSerializerOptions()));
        await table.PrepareAsync(Engine);
        await Engine.Log.AppendedAsync(Request(New(Case(1), Event("ignored", "{}"))));
        var runner = new ProjectionRunner(Engine.DataSource, Engine.Log, table, Engine.Clock, new ProjectionRunnerOptions { WaitClock = TimeProvider.System });

        // No row of the projection exists anywhere yet, so there is nothing that would say "all caught up".
        var waiting = runner.WaitForAsync(new LogPosition(1, 1), _limit.Token);
        waiting.IsCompleted.ShouldBeFalse();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token);
        var running = runner.RunAsync(stop.Token);
        await waiting;
        (await Engine.ScalarAsync<long>("select last_seq_id from mt_event_progression where name = 'noted:All'")).ShouldBe(1);

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    // Inbox and data in two transactions: wolverine#1677.
    [PostgresFact]
    public async Task Events_command_id_timers_outbox_and_leaves_stand_in_one_transaction()
    {
        await Engine.Log.AppendedAsync(new AppendRequest(
            [New(Case(1))], Command(), [new TimerChange.Set(Timer(), T0)], Outbox: [new OutboxMessage("webhook", "c1", Encoding.UTF8.GetBytes("{}"))]));

        (await Engine.ScalarAsync<long>(
            """
            select count(distinct writer) from (
              select xmin::text as writer from mt_events union all select xmin::text from mt_streams union all select xmin::text from cc_leaves
              union all select xmin::text from cc_commands union all select xmin::text from cc_timers union all select xmin::text from cc_outbox
              union all select xmin::text from cc_log) written
            """)).ShouldBe(1);
    }

    private async Task<NpgsqlConnection> HoldAsync(long key)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Engine.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var take = new NpgsqlCommand($"begin; select pg_advisory_xact_lock({key})", connection);
        await take.ExecuteNonQueryAsync();
        return connection;
    }

    private Task WaitersAsync(int count) => UntilAsync($"select count(*) = {count} from pg_stat_activity where datname = current_database() and wait_event = 'advisory'");

    private Task ListeningAsync() => UntilAsync("select count(*) > 0 from pg_stat_activity where query = 'listen cc_log' and datname = current_database()");

    private async Task UntilAsync(string condition)
    {
        while (!await Engine.ScalarAsync<bool>(condition))
        {
            _limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed record Noted(string Words);

    private sealed class NotedTable(EventCatalogue catalogue) : IProjection
    {
        public string Name => "noted";

        public Task PrepareAsync(PostgresEngine engine) => engine.ExecuteAsync("create table noted (position bigint primary key, words text)");

        public Task CreateTablesAsync(NpgsqlConnection connection, CancellationToken cancellation) => Task.CompletedTask;

        public Task ClearAsync(NpgsqlTransaction transaction, CancellationToken cancellation) => Task.CompletedTask;

        public Task<Recount> RecountAsync(NpgsqlConnection connection, long afterPosition, long toPosition, string[] parked, CancellationToken cancellation) => Task.FromResult(new Recount(0, 0));

        public async Task ApplyAsync(NpgsqlTransaction transaction, IReadOnlyList<StoredEvent> events, CancellationToken cancellation)
        {
            foreach (var e in events.Where(e => e.Type.StartsWith("noted", StringComparison.Ordinal)))
            {
                await using var insert = new NpgsqlCommand("insert into noted values ($1, $2)", transaction.Connection);
                insert.Parameters.Add(new NpgsqlParameter<long> { TypedValue = e.Position.Position });
                insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = ((Noted)catalogue.Decode(e)).Words });
                await insert.ExecuteNonQueryAsync(cancellation);
            }
        }
    }
}

[OnPostgres(15)]
public sealed class OthersSufferedOnPostgres15() : OthersSufferedContract(15);

[OnPostgres(18)]
public sealed class OthersSufferedOnPostgres18() : OthersSufferedContract(18);
