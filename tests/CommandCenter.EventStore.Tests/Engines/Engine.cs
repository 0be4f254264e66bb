using CommandCenter.Testing.Clock;
using Npgsql;

namespace CommandCenter.EventStore.Tests;

/// <summary>An event log with its timers and its outbox on a virtual clock, whatever stands behind it.</summary>
public abstract class Engine : IAsyncDisposable
{
    public VirtualClock Clock { get; protected init; } = new();
    public abstract IEventLog Log { get; }
    public abstract ITimerStore Timers { get; }
    public abstract IOutbox Outbox { get; }
    public abstract Task<int> RaiseEpochAsync();
    public abstract Task<int> ForgetCommandsAsync(DateTimeOffset now);
    public abstract Task<IReadOnlyList<OutboxRow>> ReadOutboxAsync();
    public abstract ValueTask DisposeAsync();
}

public sealed class PostgresEngine : Engine
{
    private PostgresEngine(string connectionString)
    {
        ConnectionString = connectionString;
        DataSource = NpgsqlDataSource.Create(connectionString);
        PostgresLog = new PostgresEventLog(DataSource, Clock, Options);
        Timers = new PostgresTimerStore(DataSource);
        Outbox = new PostgresOutbox(DataSource);
    }

    public string ConnectionString { get; }
    public NpgsqlDataSource DataSource { get; }
    public PostgresEventLog PostgresLog { get; }
    public override IEventLog Log => PostgresLog;
    public override ITimerStore Timers { get; }
    public override IOutbox Outbox { get; }

    /// <summary>Waits by the real clock, because sockets do; what is recorded is stamped by the virtual one.</summary>
    public static PostgresEventLogOptions Options { get; } = new() { WaitClock = TimeProvider.System, PollEvery = TimeSpan.FromMilliseconds(20) };

    public static async Task<PostgresEngine> StartAsync(int major) => new(await Databases.CreateAsync(major));

    /// <summary>On a database that somebody made.</summary>
    public static PostgresEngine On(string connectionString) => new(PostgresEventLogOptions.Tune(connectionString));

    public override Task<int> RaiseEpochAsync() => PostgresLog.RaiseEpochAsync();
    public override Task<int> ForgetCommandsAsync(DateTimeOffset now) => PostgresLog.ForgetCommandsAsync(now);
    public override Task<IReadOnlyList<OutboxRow>> ReadOutboxAsync() => PostgresLog.ReadOutboxAsync(0, 1000);

    public override async ValueTask DisposeAsync()
    {
        await PostgresLog.DisposeAsync();
        await DataSource.DisposeAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = DataSource.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<int> ExecuteAsync(string sql, params object[] values)
    {
        await using var command = DataSource.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        return await command.ExecuteNonQueryAsync();
    }
}

public sealed class InMemoryEngine : Engine
{
    private readonly InMemoryEventLog _log;

    public InMemoryEngine() => _log = new InMemoryEventLog(Clock);

    public override IEventLog Log => _log;
    public override ITimerStore Timers => _log;
    public override IOutbox Outbox => _log.Outbox;
    public override Task<int> RaiseEpochAsync() => _log.RaiseEpochAsync();
    public override Task<int> ForgetCommandsAsync(DateTimeOffset now) => _log.ForgetCommandsAsync(now);
    public override Task<IReadOnlyList<OutboxRow>> ReadOutboxAsync() => _log.Outbox.ReadAsync(0, 1000);
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Another engine whose followers share one read, with so little kept that every way through it is taken.</summary>
public sealed class SharedEngine : Engine
{
    private readonly Engine _inner;
    private readonly SharedFollow _log;

    public SharedEngine(Engine inner)
    {
        _inner = inner;
        Clock = inner.Clock;
        _log = new SharedFollow(inner.Log, inner.Clock, new SharedFollowOptions { Keep = 3, Chunk = 2, Chunks = 2, WaitClock = TimeProvider.System });
    }

    public override IEventLog Log => _log;
    public override ITimerStore Timers => _inner.Timers;
    public override IOutbox Outbox => _inner.Outbox;
    public override Task<int> RaiseEpochAsync() => _inner.RaiseEpochAsync();
    public override Task<int> ForgetCommandsAsync(DateTimeOffset now) => _inner.ForgetCommandsAsync(now);
    public override Task<IReadOnlyList<OutboxRow>> ReadOutboxAsync() => _inner.ReadOutboxAsync();

    public override async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        await _inner.DisposeAsync();
    }
}
