using System.Collections.Concurrent;
using CommandCenter.Testing.Postgres;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

/// <summary>Relays over one database, as several nodes run them.</summary>
public abstract class OutboxRelayContract(int major) : IAsyncLifetime
{
    private static readonly PostgresEventLogOptions OnlyHints = PostgresEngine.Options with { PollEvery = TimeSpan.FromHours(1) };

    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));
    private readonly ConcurrentQueue<DueMessage> _delivered = new();
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
    public async Task Two_relays_share_the_messages_deliver_each_once_and_every_key_in_order()
    {
        const int keys = 20, each = 10;
        await Engine.Log.AppendedAsync(new AppendRequest([], Outbox: [.. Enumerable.Range(0, keys * each).Select(n => Message($"{n / keys}", key: $"k{n % keys}"))]));

        var drained = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            var tried = 0;
            // One may find everything leased by the other, so it looks until nothing is left.
            while ((await Engine.Outbox.CountAsync(_limit.Token)).Pending > 0)
                tried += await Relay().DrainAsync(_limit.Token);
            return tried;
        })));

        drained.Sum().ShouldBe(keys * each);
        _delivered.ShouldAllBe(due => due.Attempt == 1);
        _delivered.Select(due => due.Row.Token).Distinct().Count().ShouldBe(keys * each);
        foreach (var key in _delivered.GroupBy(due => due.Row.Message.Key))
            key.Select(due => due.Row.Text()).ShouldBe(Enumerable.Range(0, each).Select(n => $"{n}"));
        (await Engine.ReadOutboxAsync()).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task A_relay_is_woken_by_the_hint_of_an_append_and_of_a_replay_while_its_poll_is_an_hour_away()
    {
        await using var log = new PostgresEventLog(Engine.DataSource, Engine.Clock, OnlyHints);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token);
        var dead = false;
        // It sleeps by the virtual clock, which stands still.
        var running = new OutboxRelay(Engine.Outbox, Engine.Clock, new Dictionary<string, OutboxHandler>
        {
            ["sms"] = (due, _) =>
            {
                _delivered.Enqueue(due);
                return dead ? throw new UndeliverableException("gone") : Task.CompletedTask;
            },
        }, log.OutboxChanged, new OutboxRelayOptions { PollEvery = TimeSpan.FromHours(1) }).RunAsync(stop.Token);
        await UntilAsync(() => Engine.ScalarAsync<bool>("select count(*) > 0 from pg_stat_activity where query = 'listen cc_log' and datname = current_database()"));

        for (var n = 1; n <= 3; n++)
        {
            await Engine.Log.AppendedAsync(Request(New(Case(n))) with { Outbox = [Message($"{n}")] });
            await UntilAsync(async () => _delivered.Count == n && (await Engine.Outbox.CountAsync()).Pending == 0);
        }

        dead = true;
        await Engine.Log.AppendedAsync(new AppendRequest([], Outbox: [Message("4")]));
        await UntilAsync(async () => (await Engine.Outbox.CountAsync()).Dead == 1);
        dead = false;
        (await new PostgresOutbox(Engine.DataSource).ReplayAsync(_delivered.Last().Row.Id)).ShouldBeTrue();
        await UntilAsync(async () => await Engine.Outbox.CountAsync() == new OutboxCounts(0, 0, null));

        _delivered.Select(due => due.Row.Text()).ShouldBe(["1", "2", "3", "4", "4"]);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    private OutboxRelay Relay() => new(Engine.Outbox, Engine.Clock, new Dictionary<string, OutboxHandler>
    {
        ["sms"] = (due, _) =>
        {
            _delivered.Enqueue(due);
            return Task.CompletedTask;
        },
    });

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            _limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}

[OnPostgres(15)]
public sealed class OutboxRelayOnPostgres15() : OutboxRelayContract(15);

[OnPostgres(18)]
public sealed class OutboxRelayOnPostgres18() : OutboxRelayContract(18);
