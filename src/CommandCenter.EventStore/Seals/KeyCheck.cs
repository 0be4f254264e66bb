using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;
using static CommandCenter.EventStore.Sql;

namespace CommandCenter.EventStore;

/// <summary>
/// Ties a log to the keys that it was written under, by a keyed value in the database (ADR 0003): under other keys all personal data would read as damaged, every
/// repeated command would look like another one, and new data would be sealed where nobody looks for its key.
/// </summary>
public static class KeyCheck
{
    /// <summary>Returns when these are the keys of this database's log. A log that has none yet takes these.</summary>
    /// <exception cref="KeyStoreException">The keys belong to another log; the message says what an operator has to do.</exception>
    public static async Task RequireAsync(NpgsqlDataSource dataSource, IKeyStore keys, CancellationToken cancellation = default)
    {
        var own = HMACSHA256.HashData(keys.MacKey(MacPurpose.Check).Span, "cc_key_check"u8);
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        if (await ReadAsync(connection, cancellation) is not { } known)
        {
            if (!keys.HeldKeys && await HasEventsAsync(connection, cancellation))
                throw new KeyStoreException(
                    "The database holds events, but the key folder is new: the personal data in the log could not be opened. Set CommandCenter__DataFolder to the folder that belongs to this database, or restore its keys from their backup.");

            // Of two nodes that begin the same log the first one's keys count; the other compares its own with them.
            await using var insert = connection.Command("insert into cc_key_check (value) values ($1) on conflict do nothing", P(own, NpgsqlDbType.Bytea));
            await insert.ExecuteNonQueryAsync(cancellation);
            known = (await ReadAsync(connection, cancellation))!;
        }

        if (!CryptographicOperations.FixedTimeEquals(known, own))
            throw new KeyStoreException(
                "The key folder does not belong to this database: its master key is not the one that the log was begun with. Set CommandCenter__DataFolder to the folder that belongs to this database (all nodes share one), or restore its keys from their backup.");
    }

    private static async Task<byte[]?> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var ask = connection.Command("select value from cc_key_check");
        return (byte[]?)await ask.ExecuteScalarAsync(cancellation);
    }

    private static async Task<bool> HasEventsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var ask = connection.Command("select last_position > 0 from cc_log");
        return (bool)(await ask.ExecuteScalarAsync(cancellation))!;
    }
}
