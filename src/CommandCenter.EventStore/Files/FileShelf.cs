using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using static CommandCenter.EventStore.Sql;

namespace CommandCenter.EventStore;

/// <summary>A file that may be named in an event.</summary>
/// <param name="Length">In bytes.</param>
/// <param name="StoredAt">When it was put last.</param>
public sealed record ShelvedFile(string Hash, string MediaType, long Length, DateTimeOffset StoredAt);

/// <summary>
/// Which sealed files there are, who brought them, and the collection of those that no event names. Every node may put, name and collect at once: content is put
/// and removed under a lock of its hash, and a file is named under a lock of its row, within the append that names it (ADR 0023).
/// </summary>
public sealed class FileShelf(NpgsqlDataSource database, SealedFiles files)
{
    private const int MostAtOnce = 500;

    /// <summary>The first half of the advisory locks of files ("file"); the second is the beginning of the hash.</summary>
    private const int LockSpace = 0x66696C65;
    private const int RoomLockSpace = 0x726F6F6D;

    private const string Put =
        """
        insert into cc_files (hash, media_type, length, stored_at) values ($1, $2, $3, $4)
        on conflict (hash) do update set stored_at = greatest(cc_files.stored_at, excluded.stored_at), collecting = false
        """;

    private const string Unnamed = "select hash from cc_files where not named and stored_at < $1 order by stored_at limit $2";

    /// <summary>Puts content on the shelf in somebody's name; the same content is one file, and it is kept anew from here.</summary>
    /// <param name="content">Seekable, with this hash.</param>
    /// <param name="now">By the clock that <see cref="CollectAsync"/> goes by.</param>
    /// <exception cref="NoRoomException">It would be more than there is room for.</exception>
    public async Task<StoreFileResult> PutAsync(
        string hash, string mediaType, Stream content, string actor, DateTimeOffset now, UploadRoom? room = null, CancellationToken cancellation = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (room is not null)
            await TakeRoomAsync(connection, actor, content.Length, room, cancellation);
        var result = await PutAsync(connection, hash, mediaType, content, actor, now, room?.Client ?? "", cancellation);
        await transaction.CommitAsync(cancellation);
        return result;
    }

    /// <summary>The same within a transaction of the caller's.</summary>
    internal async Task<StoreFileResult> PutAsync(
        NpgsqlConnection connection, string hash, string mediaType, Stream content, string actor, DateTimeOffset now, string client, CancellationToken cancellation)
    {
        await using (var take = connection.Command("select pg_advisory_xact_lock($1, $2)", LockOf(hash)))
            await take.ExecuteNonQueryAsync(cancellation);
        var result = await files.StoreAsync(hash, mediaType, content, cancellation);
        if (result is not StoreFileResult.Stored)
            return result;
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(Put, P(hash, NpgsqlDbType.Text), P(mediaType, NpgsqlDbType.Text), P(content.Length, NpgsqlDbType.Bigint), P(now, NpgsqlDbType.TimestampTz));
        batch.Add("insert into cc_file_owners (hash, actor, client) values ($1, $2, $3) on conflict do nothing", P(hash, NpgsqlDbType.Text), P(actor, NpgsqlDbType.Text), P(client, NpgsqlDbType.Text));
        await batch.ExecuteNonQueryAsync(cancellation);
        return result;
    }

    /// <summary>The file, if it is there and its key was not erased.</summary>
    public async Task<ShelvedFile?> FindAsync(string hash, CancellationToken cancellation = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var find = connection.Command("select media_type, length, stored_at from cc_files where hash = $1 and not collecting", P(hash, NpgsqlDbType.Text));
        await using var reader = await find.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) && await files.ExistsAsync(hash, cancellation) ? new ShelvedFile(hash, reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2)) : null;
    }

    /// <summary>Whether somebody uploaded this content. A hash that was read somewhere is no key to a file.</summary>
    public async Task<bool> WasBroughtByAsync(string actor, string hash, CancellationToken cancellation = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var ask = connection.Command("select exists (select from cc_file_owners where hash = $1 and actor = $2)", P(hash, NpgsqlDbType.Text), P(actor, NpgsqlDbType.Text));
        return (bool)(await ask.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>How many bytes lie here for somebody without an event that names them: files that are whole, and what uploads under way have announced.</summary>
    public async Task<long> UnnamedBytesAsync(string actor, CancellationToken cancellation = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await UnnamedBytesAsync(connection, actor, null, cancellation);
    }

    /// <summary>Makes sure that so many bytes more have room, and that nobody else is told the same of that room before this transaction has ended.</summary>
    /// <exception cref="NoRoomException">It would be more than there is room for.</exception>
    internal static async Task TakeRoomAsync(NpgsqlConnection connection, string actor, long length, UploadRoom room, CancellationToken cancellation)
    {
        await using (var take = connection.Command("select pg_advisory_xact_lock($1, hashtext($2))", P(RoomLockSpace, NpgsqlDbType.Integer), P(actor, NpgsqlDbType.Text)))
            await take.ExecuteNonQueryAsync(cancellation);
        if (room is { Client: { Length: > 0 } client, MostOfClient: { } share } && await UnnamedBytesAsync(connection, actor, client, cancellation) is var own && own + length > share)
            throw new NoRoomException(own, share);
        if (await UnnamedBytesAsync(connection, actor, null, cancellation) is var lies && lies + length > room.Most)
            throw new NoRoomException(lies, room.Most, room.MostOfClient is not null);
    }

    private static async Task<long> UnnamedBytesAsync(NpgsqlConnection connection, string actor, string? client, CancellationToken cancellation)
    {
        await using var ask = connection.Command(
            """
            select (select coalesce(sum(length), 0) from cc_uploads where actor = $1 and ($2 is null or client = $2) and file is null and refusal is null)
                 + (select coalesce(sum(f.length), 0) from cc_files f where not f.named and exists (select from cc_file_owners o where o.hash = f.hash and o.actor = $1 and ($2 is null or o.client = $2)))
            """,
            P(actor, NpgsqlDbType.Text), PNull(client, NpgsqlDbType.Text));
        return (long)(decimal)(await ask.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Removes the files put before an instant that no event names, at most 500, and returns how many there were.</summary>
    public async Task<int> CollectAsync(DateTimeOffset before, CancellationToken cancellation = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var collected = 0;
        foreach (var hash in await UnnamedAsync(connection, before, cancellation))
            collected += await CollectAsync(connection, hash, before, cancellation) ? 1 : 0;
        return collected;
    }

    /// <summary>
    /// Marks, removes, forgets, each committed before the next: from the mark on no append can name the file, so a crash in between leaves nothing but work for the next round.
    /// </summary>
    private async Task<bool> CollectAsync(NpgsqlConnection connection, string hash, DateTimeOffset before, CancellationToken cancellation)
    {
        await using (var take = connection.Command("select pg_advisory_lock($1, $2)", LockOf(hash)))
            await take.ExecuteNonQueryAsync(cancellation);
        try
        {
            await using var mark = connection.Command(
                "update cc_files set collecting = true where hash = $1 and not named and stored_at < $2", P(hash, NpgsqlDbType.Text), P(before, NpgsqlDbType.TimestampTz));
            // Named, or put again, since it was listed.
            if (await mark.ExecuteNonQueryAsync(cancellation) == 0)
                return false;
            files.Delete(hash);
            await using var forget = connection.Command("delete from cc_files where hash = $1 and collecting", P(hash, NpgsqlDbType.Text));
            await forget.ExecuteNonQueryAsync(cancellation);
            return true;
        }
        finally
        {
            await using var release = connection.Command("select pg_advisory_unlock($1, $2)", LockOf(hash));
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private static async Task<IReadOnlyList<string>> UnnamedAsync(NpgsqlConnection connection, DateTimeOffset before, CancellationToken cancellation)
    {
        await using var list = connection.Command(Unnamed, P(before, NpgsqlDbType.TimestampTz), P(MostAtOnce, NpgsqlDbType.Integer));
        await using var reader = await list.ExecuteReaderAsync(cancellation);
        var hashes = new List<string>();
        while (await reader.ReadAsync(cancellation))
            hashes.Add(reader.GetString(0));
        return hashes;
    }

    private static NpgsqlParameter[] LockOf(string hash)
    {
        _ = SealedFiles.SubjectOf(hash);
        var half = uint.Parse(hash.AsSpan("sha256:".Length, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return [P(LockSpace, NpgsqlDbType.Integer), P(unchecked((int)half), NpgsqlDbType.Integer)];
    }
}
