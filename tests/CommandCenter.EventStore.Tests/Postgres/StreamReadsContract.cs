using CommandCenter.Testing.Postgres;
using Npgsql;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

/// <summary>Streams read by many at once: they share statements and nothing else.</summary>
public abstract class StreamReadsContract(int major) : IAsyncLifetime
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));
    private PostgresEngine? _engine;

    private PostgresEngine Engine => _engine!;

    public async Task InitializeAsync()
    {
        _engine = await PostgresEngine.StartAsync(major);
        await _engine.Log.AppendedAsync(Request([.. Enumerable.Range(1, 8).Select(n => New(Case(n), Event(data: $$"""{"text":"{{n}}"}""")))]));
    }

    public async Task DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
        _limit.Dispose();
    }

    [PostgresFact]
    public async Task Reads_that_wait_share_a_statement_and_each_gets_its_own_stream()
    {
        var reads = await WhileTheTableIsHeldAsync(Engine.PostgresLog, () => [.. Enumerable.Range(3, 6).Select(n => Engine.Log.ReadStreamAsync(Case(n)))]);

        (await Task.WhenAll(reads)).Select(read => read.Single().Text()).ShouldBe(Enumerable.Range(3, 6).Select(n => $$"""{"text":"{{n}}"}"""));
        Engine.PostgresLog.StreamStatements.ShouldBe(3);
    }

    [PostgresFact]
    public async Task A_stream_that_cannot_be_read_fails_only_who_asked_for_it()
    {
        await Engine.ExecuteAsync($$"""do $$ begin perform pg_advisory_xact_lock({{StoreLock.Key}}); update mt_events set headers = '{}' where stream_id = '{{Case(5)}}'; end $$""");

        var reads = await WhileTheTableIsHeldAsync(Engine.PostgresLog, () => [.. Enumerable.Range(3, 6).Select(n => Engine.Log.ReadStreamAsync(Case(n)))]);

        (await Should.ThrowAsync<FormatException>(reads[2])).Message.ShouldContain("lack actor");
        reads.RemoveAt(2);
        (await Task.WhenAll(reads)).Select(read => read.Single().Stream).ShouldBe([Case(3), Case(4), Case(6), Case(7), Case(8)]);
    }

    [PostgresFact]
    public async Task Who_leaves_takes_nobody_along()
    {
        using var leave = new CancellationTokenSource();
        var reads = await WhileTheTableIsHeldAsync(Engine.PostgresLog, () =>
        {
            List<Task<IReadOnlyList<StoredEvent>>> waiting = [Engine.Log.ReadStreamAsync(Case(3), cancellation: leave.Token), Engine.Log.ReadStreamAsync(Case(4))];
            leave.Cancel();
            return waiting;
        });

        await Should.ThrowAsync<OperationCanceledException>(reads[0]);
        (await reads[1]).ShouldHaveSingleItem();
    }

    [PostgresFact]
    public async Task One_more_than_may_wait_is_told_to_come_again()
    {
        await using var log = new PostgresEventLog(Engine.DataSource, Engine.Clock, PostgresEngine.Options with { MostReadsWaiting = 2 });

        var reads = await WhileTheTableIsHeldAsync(log, () => [.. Enumerable.Range(3, 3).Select(n => log.ReadStreamAsync(Case(n)))]);

        await Should.ThrowAsync<LogBusyException>(reads[2]);
        (await Task.WhenAll(reads[..2])).ShouldAllBe(read => read.Count == 1);
    }

    // Two reads are under way and wait for the table; the others come while they do.
    private async Task<List<Task<IReadOnlyList<StoredEvent>>>> WhileTheTableIsHeldAsync(PostgresEventLog log, Func<List<Task<IReadOnlyList<StoredEvent>>>> begin)
    {
        await using var holder = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Engine.ConnectionString) { Pooling = false }.ConnectionString);
        await holder.OpenAsync();
        await using (var take = new NpgsqlCommand("begin; lock table mt_events in access exclusive mode", holder))
            await take.ExecuteNonQueryAsync();
        var first = log.ReadStreamAsync(Case(1));
        await UntilSoManyWaitAsync(1);
        var second = log.ReadStreamAsync(Case(2));
        await UntilSoManyWaitAsync(2);
        var reads = begin();
        await holder.DisposeAsync();
        (await Task.WhenAll(first, second)).Select(read => read.Single().Stream).ShouldBe([Case(1), Case(2)]);
        return reads;
    }

    private async Task UntilSoManyWaitAsync(long count)
    {
        while (await Engine.ScalarAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") < count)
        {
            _limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}

[OnPostgres(15)]
public sealed class StreamReadsOnPostgres15() : StreamReadsContract(15);

[OnPostgres(18)]
public sealed class StreamReadsOnPostgres18() : StreamReadsContract(18);
