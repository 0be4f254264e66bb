using CommandCenter.Testing.Postgres;

namespace CommandCenter.EventStore.Tests;

public sealed class EventLogInMemory : EventLogContract
{
    protected override Task<Engine> StartAsync() => Task.FromResult<Engine>(new InMemoryEngine());
}

[OnPostgres(15)]
public sealed class EventLogOnPostgres15 : EventLogContract
{
    protected override async Task<Engine> StartAsync() => await PostgresEngine.StartAsync(15);
}

[OnPostgres(18)]
public sealed class EventLogOnPostgres18 : EventLogContract
{
    protected override async Task<Engine> StartAsync() => await PostgresEngine.StartAsync(18);
}

public sealed class SharedFollowInMemory : EventLogContract
{
    protected override Task<Engine> StartAsync() => Task.FromResult<Engine>(new SharedEngine(new InMemoryEngine()));
}

[OnPostgres(15)]
public sealed class SharedFollowOnPostgres15 : EventLogContract
{
    protected override async Task<Engine> StartAsync() => new SharedEngine(await PostgresEngine.StartAsync(15));
}

public sealed class TimersInMemory : TimerStoreContract
{
    protected override Task<Engine> StartAsync() => Task.FromResult<Engine>(new InMemoryEngine());
}

[OnPostgres(15)]
public sealed class TimersOnPostgres15 : TimerStoreContract
{
    protected override async Task<Engine> StartAsync() => await PostgresEngine.StartAsync(15);
}

[OnPostgres(18)]
public sealed class TimersOnPostgres18 : TimerStoreContract
{
    protected override async Task<Engine> StartAsync() => await PostgresEngine.StartAsync(18);
}

public sealed class OutboxInMemory : OutboxContract
{
    protected override Task<Engine> StartAsync() => Task.FromResult<Engine>(new InMemoryEngine());
}

[OnPostgres(15)]
public sealed class OutboxOnPostgres15 : OutboxContract
{
    protected override async Task<Engine> StartAsync() => await PostgresEngine.StartAsync(15);
}

[OnPostgres(18)]
public sealed class OutboxOnPostgres18 : OutboxContract
{
    protected override async Task<Engine> StartAsync() => await PostgresEngine.StartAsync(18);
}
