using CommandCenter.Testing.Postgres;
using Npgsql;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

/// <summary>The batching writer: what waits together is committed together, and nobody pays for another.</summary>
public abstract class WriterContract(int major) : IAsyncLifetime
{
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

    [PostgresFact]
    public async Task Appends_that_wait_together_share_a_transaction()
    {
        var appends = await WhileTheLockIsHeldAsync(Engine.PostgresLog, () => [.. Enumerable.Range(2, 20).Select(n => Engine.Log.AppendAsync(Request(New(Case(n))) with { Command = Command($"k{n}") }))]);

        (await Task.WhenAll(appends)).ShouldAllBe(result => result is AppendResult.Appended);
        (await Engine.ScalarAsync<long>("select count(distinct xmin::text) from mt_events")).ShouldBe(2);
        (await Engine.ScalarAsync<string>("select string_agg(seq_id::text, ',' order by seq_id) from mt_events")).ShouldBe(string.Join(',', Enumerable.Range(1, 21)));
    }

    [PostgresFact]
    public async Task Data_that_the_server_refuses_fails_its_own_caller_and_nobody_else()
    {
        await Engine.ExecuteAsync(
            """
            create function refuse_poison() returns trigger language plpgsql as $$ begin
              if new.data->>'text' = 'poison' then raise exception 'poison' using errcode = '22000'; end if;
              return new;
            end $$
            """);
        await Engine.ExecuteAsync("create trigger poison before insert on mt_events for each row execute function refuse_poison()");

        var appends = await WhileTheLockIsHeldAsync(Engine.PostgresLog, () => [.. Enumerable.Range(2, 20).Select(n =>
            Engine.Log.AppendAsync(Request(New(Case(n), Event(data: n is 7 or 16 ? """{"text":"poison"}""" : "{}")))))]);

        for (var n = 2; n <= 21; n++)
        {
            if (n is 7 or 16)
                await Should.ThrowAsync<EventDataException>(appends[n - 2]);
            else
                (await appends[n - 2]).ShouldBeOfType<AppendResult.Appended>();
        }

        (await Engine.ScalarAsync<long>("select count(*) from mt_events where stream_id in ($1, $2)", Case(7).ToString(), Case(16).ToString())).ShouldBe(0);
        (await Engine.ScalarAsync<long>("select max(seq_id) from mt_events")).ShouldBe(19);
        (await Engine.Log.HeadAsync()).Last.Position.ShouldBe(19);
    }

    [PostgresFact]
    public async Task A_broken_constraint_is_told_to_its_own_caller_as_it_is()
    {
        await Engine.ExecuteAsync("alter table mt_events add constraint no_poison check (data->>'text' <> 'poison')");

        var appends = await WhileTheLockIsHeldAsync(Engine.PostgresLog, () => [.. Enumerable.Range(2, 3).Select(n =>
            Engine.Log.AppendAsync(Request(New(Case(n), Event(data: n == 3 ? """{"text":"poison"}""" : """{"text":"light"}""")))))]);

        (await Should.ThrowAsync<PostgresException>(appends[1])).ConstraintName.ShouldBe("no_poison");
        (await appends[0]).ShouldBeOfType<AppendResult.Appended>();
        (await appends[2]).ShouldBeOfType<AppendResult.Appended>();
    }

    [PostgresFact]
    public async Task A_full_queue_refuses_and_what_it_refused_is_not_in_the_log()
    {
        await using var log = new PostgresEventLog(Engine.DataSource, Engine.Clock, PostgresEngine.Options with { MostWaiting = 3 });

        var appends = await WhileTheLockIsHeldAsync(log, () => [.. Enumerable.Range(2, 5).Select(n => log.AppendAsync(Request(New(Case(n)))))]);

        foreach (var accepted in appends[..3])
            (await accepted).ShouldBeOfType<AppendResult.Appended>();
        foreach (var refused in appends[3..])
            (await Should.ThrowAsync<LogBusyException>(refused)).RetryAfter.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        (await Engine.Log.HeadAsync()).Last.Position.ShouldBe(4);
    }

    [PostgresFact]
    public async Task Behind_a_batch_that_is_stuck_nobody_waits_longer_than_they_may_and_the_wait_is_seen()
    {
        await using var log = new PostgresEventLog(Engine.DataSource, Engine.Clock, new PostgresEventLogOptions { WaitClock = Engine.Clock, WaitFor = TimeSpan.FromSeconds(20) });
        await using var holder = await HoldStoreLockAsync();
        var stuck = log.AppendAsync(Request(New(Case(1))));
        await UntilOneWaitsForTheLockAsync();
        var behind = log.AppendAsync(Request(New(Case(2))));
        log.LongestWait.ShouldBe(TimeSpan.Zero);

        Engine.Clock.Advance(TimeSpan.FromSeconds(22));

        await Should.ThrowAsync<LogBusyException>(behind);
        log.LongestWait.ShouldBe(TimeSpan.FromSeconds(22));
        await holder.DisposeAsync();
        (await stuck).ShouldBeOfType<AppendResult.Appended>();
        (await log.AppendAsync(Request(New(Case(3))))).ShouldBeOfType<AppendResult.Appended>();
        (await Engine.Log.ReadStreamAsync(Case(2))).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task Who_leaves_the_queue_is_not_appended_and_the_others_are()
    {
        using var leave = new CancellationTokenSource();
        var appends = await WhileTheLockIsHeldAsync(Engine.PostgresLog, () =>
        {
            List<Task<AppendResult>> waiting = [.. Enumerable.Range(2, 4).Select(n => Engine.Log.AppendAsync(Request(New(Case(n))), n == 3 ? leave.Token : default))];
            leave.Cancel();
            return waiting;
        });

        await Should.ThrowAsync<OperationCanceledException>(appends[1]);
        (await Task.WhenAll(appends[0], appends[2], appends[3])).ShouldAllBe(result => result is AppendResult.Appended);
        (await Engine.Log.ReadStreamAsync(Case(3))).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task A_log_that_is_closed_refuses_what_it_had_not_decided()
    {
        var log = new PostgresEventLog(Engine.DataSource, Engine.Clock, PostgresEngine.Options);
        await using var holder = await HoldStoreLockAsync();
        var first = log.AppendAsync(Request(New(Case(1))));
        await UntilOneWaitsForTheLockAsync();
        var second = log.AppendAsync(Request(New(Case(2))));

        await log.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(first);
        await Should.ThrowAsync<ObjectDisposedException>(second);
        await Should.ThrowAsync<ObjectDisposedException>(() => log.AppendAsync(Request(New(Case(3)))));
        await holder.DisposeAsync();
        (await Engine.Log.HeadAsync()).Last.Position.ShouldBe(0);
    }

    [PostgresFact]
    public async Task Several_processes_append_to_one_database_without_gap_or_double()
    {
        await using var other = new PostgresEventLog(Engine.DataSource, Engine.Clock, PostgresEngine.Options);
        IEventLog[] logs = [Engine.Log, other];
        var results = await Task.WhenAll(Enumerable.Range(1, 400).Select(n => Task.Run(() => logs[n % 2].AppendAsync(Request(New(Case(n)))))));

        results.Select(result => ((AppendResult.Appended)result).Receipt.Last.Position).Order().ShouldBe(Enumerable.Range(1, 400).Select(n => (long)n));
        var events = await Engine.Log.ReadLogAsync(0, 1000);
        events.Select(e => e.Position.Position).ShouldBe(Enumerable.Range(1, 400).Select(n => (long)n));
        events.Zip(events.Skip(1)).ShouldAllBe(pair => pair.First.RecordedAt < pair.Second.RecordedAt);
    }

    // One append is under way and waits for the lock; the others come while it does.
    private async Task<List<Task<AppendResult>>> WhileTheLockIsHeldAsync(PostgresEventLog log, Func<List<Task<AppendResult>>> begin)
    {
        await using var holder = await HoldStoreLockAsync();
        var first = log.AppendAsync(Request(New(Case(1), Event(data: """{"text":"first"}"""))));
        await UntilOneWaitsForTheLockAsync();
        var appends = begin();
        await holder.DisposeAsync();
        (await first).ShouldBeOfType<AppendResult.Appended>();
        return appends;
    }

    private async Task<NpgsqlConnection> HoldStoreLockAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Engine.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var take = new NpgsqlCommand($"begin; select pg_advisory_xact_lock({StoreLock.Key})", connection);
        await take.ExecuteNonQueryAsync();
        return connection;
    }

    private async Task UntilOneWaitsForTheLockAsync()
    {
        while (await Engine.ScalarAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'advisory'") == 0)
        {
            _limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}

[OnPostgres(15)]
public sealed class WriterOnPostgres15() : WriterContract(15);

[OnPostgres(18)]
public sealed class WriterOnPostgres18() : WriterContract(18);
