using Npgsql;
using NpgsqlTypes;
using static CommandCenter.EventStore.Sql;

namespace CommandCenter.EventStore;

/// <summary>
/// Shows in the database that a node runs on it, by an advisory lock that ends with its connection: shared by nodes, exclusive for what must not happen under one.
/// </summary>
public sealed class NodePresence(NpgsqlDataSource dataSource, TimeProvider waitClock) : IAsyncDisposable
{
    private const long Key = 0x7473746F_6E6F6465;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private NpgsqlConnection? _held;

    /// <summary>Takes the lock as a node; false while somebody works on the database alone.</summary>
    public Task<bool> TryShareAsync(CancellationToken cancellation = default) => TryTakeAsync("select pg_try_advisory_lock_shared($1)", cancellation);

    /// <summary>Takes the lock alone; false while a node runs. It lasts until this is disposed.</summary>
    public Task<bool> TryExcludeAsync(CancellationToken cancellation = default) => TryTakeAsync("select pg_try_advisory_lock($1)", cancellation);

    /// <summary>Takes a node's lock again whenever its connection was lost, until cancelled.</summary>
    public async Task HoldAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(LookEvery, waitClock, cancellation);
            try
            {
                if (_held is null)
                {
                    await TryShareAsync(cancellation);
                    continue;
                }

                await using var ask = _held.Command("select 1");
                await ask.ExecuteScalarAsync(cancellation);
            }
            catch (Exception e) when (IsLostConnection(e) || e is PostgresException)
            {
                // Who writes meets the same failure and tells it; here it only means that the lock is gone.
                await LetGoAsync();
            }
        }
    }

    public async ValueTask DisposeAsync() => await LetGoAsync();

    private async Task<bool> TryTakeAsync(string sql, CancellationToken cancellation)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellation);
        try
        {
            await using var take = connection.Command(sql, P(Key, NpgsqlDbType.Bigint));
            if ((bool)(await take.ExecuteScalarAsync(cancellation))!)
            {
                _held = connection;
                return true;
            }
        }
        finally
        {
            if (_held != connection)
                await connection.DisposeAsync();
        }

        return false;
    }

    private async Task LetGoAsync()
    {
        if (Interlocked.Exchange(ref _held, null) is not { } connection)
            return;
        try
        {
            // The pool does not reset its connections, so the lock is let go of here.
            await using var release = connection.Command("select pg_advisory_unlock_all()");
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception e) when (IsLostConnection(e) || e is InvalidOperationException)
        {
            // The lock went with the connection.
            return;
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }
}
