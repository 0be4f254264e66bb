using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Npgsql;
using NpgsqlTypes;
using static CommandCenter.EventStore.Sql;

namespace CommandCenter.EventStore;

/// <summary>An upload as it stands.</summary>
/// <param name="Length">Of the whole, in bytes.</param>
/// <param name="Received">How many bytes were acknowledged and are kept.</param>
/// <param name="File">The hash of what it became, once it is whole and was taken.</param>
/// <param name="Refusal">Why it was not taken: a code of the caller's.</param>
/// <param name="Client">As in <see cref="UploadRoom"/>.</param>
public sealed record Upload(string Id, string Actor, long Length, long Received, string Metadata, DateTimeOffset ExpiresAt, string? File = null, string? Refusal = null, string Client = "")
{
    public bool IsOver => File is not null || Refusal is not null;
}

/// <summary>What a sender says the hash of a piece is.</summary>
/// <param name="Algorithm"><c>sha1</c> or <c>sha256</c>.</param>
public sealed record PieceDigest(string Algorithm, ReadOnlyMemory<byte> Hash)
{
    public static readonly IReadOnlyDictionary<string, HashAlgorithmName> Algorithms = new Dictionary<string, HashAlgorithmName>(StringComparer.Ordinal)
    {
        ["sha1"] = HashAlgorithmName.SHA1,
        ["sha256"] = HashAlgorithmName.SHA256,
    };
}

/// <summary>What became of a piece of an upload. A closed type.</summary>
public abstract record PieceResult
{
    private PieceResult() { }

    /// <summary>What came is kept, up to where the upload now stands. Less than was announced may have come.</summary>
    /// <param name="Again">The same piece was acknowledged before.</param>
    public sealed record Kept(Upload Upload, bool Again = false) : PieceResult;

    /// <summary>The upload stands elsewhere, or somebody else goes on with it; nothing more was kept.</summary>
    public sealed record WrongOffset(Upload Upload) : PieceResult;

    /// <summary>The piece does not have the hash that its sender says; nothing of it was kept.</summary>
    public sealed record WrongDigest(Upload Upload) : PieceResult;

    /// <summary>The piece goes past the announced length.</summary>
    public sealed record TooLong(Upload Upload) : PieceResult;

    /// <summary>The beginning was looked at and is not wanted; the upload is over.</summary>
    public sealed record Refused(Upload Upload) : PieceResult;

    /// <summary>There is no such upload, or it has expired meanwhile.</summary>
    public sealed record Gone : PieceResult;
}

/// <summary>What a caller makes of content that is whole. A closed type.</summary>
public abstract record Intake
{
    private Intake() { }

    /// <param name="Content">What is to be kept, seekable; it may be other content than what came.</param>
    public sealed record Taken(string Hash, string MediaType, Stream Content) : Intake;

    /// <param name="Code">A code of the caller's.</param>
    public sealed record Refused(string Code) : Intake;
}

/// <summary>
/// Uploads under way, that go on after a lost connection or a killed process where they were acknowledged last. Pieces are sealed as they come: whole blocks into a
/// folder that nodes may share, what is less than a block into the upload's row, together with how far it is. Memory is bounded by a few blocks, whatever is sent.
/// </summary>
public sealed class Uploads(NpgsqlDataSource database, FileShelf shelf, IKeyStore keys, string folder)
{
    /// <summary>The code of an upload whose content was erased before and is not taken in again.</summary>
    public const string ErasedCode = "erased";

    /// <summary>So much is gathered before it is written and acknowledged.</summary>
    private const int Gather = 8 * SealedBlocks.Size;

    private const string Columns = "id, actor, length, received, metadata, expires_at, file, refusal, client";

    private readonly NpgsqlDataSource _database = database;
    private readonly string _folder = Path.GetFullPath(folder);

    /// <summary>Begins an upload. Begun again under the same id it is the first one, kept anew.</summary>
    /// <param name="id">1 to 100 characters that are safe in a path, such as 32 hex digits.</param>
    /// <param name="metadata">What its sender says of it, sealed at once.</param>
    /// <param name="room">Looked at and taken in one step; null where it is not limited.</param>
    /// <exception cref="NoRoomException">It would be more than there is room for.</exception>
    public async Task<Upload> CreateAsync(string id, string actor, long length, string metadata, DateTimeOffset expiresAt, UploadRoom? room = null, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (room is not null && await FindAsync(connection, id, cancellation) is null)
            await FileShelf.TakeRoomAsync(connection, actor, length, room, cancellation);
        var plain = Encoding.UTF8.GetBytes(metadata);
        var sealedMetadata = new byte[plain.Length + SealBox.Overhead];
        SealBox.Seal(KeyOf(id), plain, Encoding.UTF8.GetBytes($"metadata|{id}"), sealedMetadata);
        await using var insert = connection.Command(
            "insert into cc_uploads (id, actor, length, metadata, expires_at, client) values ($1, $2, $3, $4, $5, $6) on conflict (id) do update set expires_at = greatest(cc_uploads.expires_at, excluded.expires_at)",
            P(id, NpgsqlDbType.Text), P(actor, NpgsqlDbType.Text), P(length, NpgsqlDbType.Bigint), P(sealedMetadata, NpgsqlDbType.Bytea), P(expiresAt, NpgsqlDbType.TimestampTz),
            P(room?.Client ?? "", NpgsqlDbType.Text));
        await insert.ExecuteNonQueryAsync(cancellation);
        var begun = (await FindAsync(connection, id, cancellation))!;
        await transaction.CommitAsync(cancellation);
        return begun;
    }

    /// <summary>The upload as it was acknowledged last; null when there is none.</summary>
    public async Task<Upload?> FindAsync(string id, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        return await FindAsync(connection, id, cancellation);
    }

    /// <summary>
    /// Takes a piece that begins at an offset. What came before the connection was lost is kept, unless the piece has a digest. Whoever goes on with an upload last is
    /// the one who does: an older sender that was thought dead finds itself superseded.
    /// </summary>
    /// <param name="announced">How long the piece is, where its sender says so.</param>
    /// <param name="look">Looks at the beginning of the whole: a code if it is not wanted.</param>
    /// <param name="expiresAt">Until when the upload is kept from here.</param>
    /// <param name="cancellation">Ends the reading; what came is kept all the same.</param>
    public async Task<PieceResult> WriteAsync(
        string id, long offset, Stream body, long? announced, PieceDigest? digest, Func<ReadOnlyMemory<byte>, string?> look, DateTimeOffset expiresAt, CancellationToken cancellation)
    {
        if (await FindAsync(id, cancellation) is not { } upload)
            return new PieceResult.Gone();
        if (upload.Received != offset)
            return await IsRepeatAsync(upload, offset, body, announced, cancellation) ? new PieceResult.Kept(upload, Again: true) : new PieceResult.WrongOffset(upload);
        if (upload.IsOver)
            return new PieceResult.WrongOffset(upload);
        if (announced > upload.Length - offset)
            return new PieceResult.TooLong(upload);

        var writer = RandomNumberGenerator.GetBytes(16);
        if (await BeginAsync(upload, writer, cancellation) is not { } tail)
            return new PieceResult.WrongOffset(await FindAsync(id, cancellation) ?? upload);
        await using var piece = new Piece(this, upload, writer, offset, tail, digest, expiresAt);
        return await piece.TakeAsync(body, look, cancellation);
    }

    /// <summary>Makes a file of an upload that is whole, once: asked again it gives the same answer.</summary>
    /// <param name="take">Looks at the content, and says what is to be kept of it.</param>
    /// <returns>Null when there is no such upload. An upload that is not whole yet is given back as it is.</returns>
    public async Task<Upload?> FinishAsync(string id, Func<Stream, Intake> take, DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await FindAsync(connection, id, cancellation, "for update") is not { } upload || upload.IsOver || upload.Received < upload.Length)
            return await FindAsync(id, cancellation);

        var finished = upload with { File = null };
        await using (var content = await OpenAsync(connection, upload, cancellation))
        {
            switch (take(content))
            {
                case Intake.Refused refused:
                    finished = upload with { Refusal = refused.Code };
                    break;
                case Intake.Taken taken when await shelf.PutAsync(connection, taken.Hash, taken.MediaType, taken.Content, upload.Actor, now, upload.Client, cancellation) is StoreFileResult.Stored:
                    finished = upload with { File = taken.Hash };
                    break;
                case Intake.Taken:
                    finished = upload with { Refusal = ErasedCode };
                    break;
            }
        }

        await using (var end = connection.Command(
            "update cc_uploads set file = $2, refusal = $3, tail = null, writer = null where id = $1",
            P(id, NpgsqlDbType.Text), PNull(finished.File, NpgsqlDbType.Text), PNull(finished.Refusal, NpgsqlDbType.Text)))
            await end.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        DurableFiles.Delete(PathOf(id));
        return finished;
    }

    /// <summary>Ends an upload and forgets it; a file that it has become stays on the shelf.</summary>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellation = default) => await RemoveAsync("id = $1", P(id, NpgsqlDbType.Text), cancellation) > 0;

    /// <summary>Forgets the uploads that have expired, and what was kept of them; returns how many there were.</summary>
    public Task<int> ExpireAsync(DateTimeOffset now, CancellationToken cancellation = default) => RemoveAsync("expires_at <= $1", P(now, NpgsqlDbType.TimestampTz), cancellation);

    private async Task<int> RemoveAsync(string which, NpgsqlParameter parameter, CancellationToken cancellation)
    {
        var removed = 0;
        while (true)
        {
            await using var connection = await _database.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            // One at a time and under its lock: a piece that is being written is waited for, or finds the row gone.
            await using var one = connection.Command($"select id from cc_uploads where {which} limit 1 for update", parameter.Clone());
            if (await one.ExecuteScalarAsync(cancellation) is not string id)
                return removed;
            DurableFiles.Delete(PathOf(id));
            await using var delete = connection.Command("delete from cc_uploads where id = $1", P(id, NpgsqlDbType.Text));
            removed += await delete.ExecuteNonQueryAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
    }

    private async Task<Upload?> FindAsync(NpgsqlConnection connection, string id, CancellationToken cancellation, string locked = "")
    {
        await using var find = connection.Command($"select {Columns} from cc_uploads where id = $1 {locked}", P(id, NpgsqlDbType.Text));
        await using var reader = await find.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        var metadata = SealBox.Open(KeyOf(id), reader.GetFieldValue<byte[]>(4), Encoding.UTF8.GetBytes($"metadata|{id}"))
            ?? throw new SealBrokenException($"The metadata of upload {id} is not as it was made.");
        return new Upload(
            reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3), Encoding.UTF8.GetString(metadata), reader.GetFieldValue<DateTimeOffset>(5),
            reader.IsDBNull(6) ? null : reader.GetString(6), reader.IsDBNull(7) ? null : reader.GetString(7), reader.GetString(8));
    }

    /// <summary>The plain bytes after the last whole block, if the upload is still where it was seen; from here on its older writers are superseded.</summary>
    private async Task<byte[]?> BeginAsync(Upload upload, byte[] writer, CancellationToken cancellation)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var begin = connection.Command(
            "update cc_uploads set writer = $2 where id = $1 and received = $3 and file is null and refusal is null returning tail",
            P(upload.Id, NpgsqlDbType.Text), P(writer, NpgsqlDbType.Bytea), P(upload.Received, NpgsqlDbType.Bigint));
        await using var reader = await begin.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        return OpenTail(upload, reader.IsDBNull(0) ? null : reader.GetFieldValue<byte[]>(0));
    }

    private byte[] OpenTail(Upload upload, byte[]? sealedTail) => sealedTail is null
        ? []
        : BlocksOf(upload).Open(upload.Received / SealedBlocks.Size, sealedTail) ?? throw new SealBrokenException($"The end of upload {upload.Id} is not as it was made.");

    private async Task<SealedStream> OpenAsync(NpgsqlConnection connection, Upload upload, CancellationToken cancellation)
    {
        await using var ask = connection.Command("select tail from cc_uploads where id = $1", P(upload.Id, NpgsqlDbType.Text));
        var tail = OpenTail(upload, await ask.ExecuteScalarAsync(cancellation) as byte[]);
        var file = upload.Length >= SealedBlocks.Size ? File.OpenHandle(PathOf(upload.Id), share: FileShare.ReadWrite | FileShare.Delete) : null;
        return new SealedStream(file, BlocksOf(upload), 0, upload.Length, upload.Length % SealedBlocks.Size == 0 ? null : tail);
    }

    /// <summary>Whether this is the piece again that was acknowledged last, whose answer its sender has not heard.</summary>
    private async Task<bool> IsRepeatAsync(Upload upload, long offset, Stream body, long? announced, CancellationToken cancellation)
    {
        if (offset > upload.Received || (announced is { } said && said != upload.Received - offset))
            return false;
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var ask = connection.Command("select last_mac from cc_uploads where id = $1 and last_from = $2", P(upload.Id, NpgsqlDbType.Text), P(offset, NpgsqlDbType.Bigint));
        if (await ask.ExecuteScalarAsync(cancellation) is not byte[] known)
            return false;
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, KeyOf(upload.Id));
        var buffer = new byte[SealedBlocks.Size];
        for (var left = upload.Received - offset; await body.ReadAsync(buffer, cancellation) is > 0 and var count; left -= count)
        {
            if (count > left)
                return false;
            mac.AppendData(buffer, 0, count);
        }

        return CryptographicOperations.FixedTimeEquals(mac.GetCurrentHash(), known);
    }

    private SealedBlocks BlocksOf(Upload upload) => new(KeyOf(upload.Id), $"upload|{upload.Id}", upload.Length);

    // Derived, not kept: what never became a file leaves no key behind.
    private byte[] KeyOf(string id) => HMACSHA256.HashData(keys.MacKey(MacPurpose.Uploads).Span, Encoding.UTF8.GetBytes(id));

    private string PathOf(string id) => Path.Combine(_folder, id[^2..], id);

    /// <summary>A piece on its way in.</summary>
    private sealed class Piece : IAsyncDisposable
    {
        private readonly Uploads _uploads;
        private readonly byte[] _writer;
        private readonly PieceDigest? _digest;
        private readonly IncrementalHash? _hash;
        private readonly IncrementalHash _mac;
        private readonly long _from;
        private readonly DateTimeOffset _expiresAt;
        private readonly SealedBlocks _blocks;
        private readonly byte[] _gathered = new byte[Gather + SealedBlocks.Size];
        private SafeFileHandle? _file;
        private Upload _upload;
        private int _count;

        /// <summary>Where what is gathered begins: always the beginning of a block.</summary>
        private long _start;

        public Piece(Uploads uploads, Upload upload, byte[] writer, long offset, byte[] tail, PieceDigest? digest, DateTimeOffset expiresAt)
        {
            _uploads = uploads;
            _upload = upload;
            _writer = writer;
            _from = offset;
            _digest = digest;
            _expiresAt = expiresAt;
            _blocks = uploads.BlocksOf(upload);
            _mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, uploads.KeyOf(upload.Id));
            _hash = digest is null ? null : IncrementalHash.CreateHash(PieceDigest.Algorithms[digest.Algorithm]);
            tail.CopyTo(_gathered, 0);
            _count = tail.Length;
            _start = offset - tail.Length;
        }

        public async Task<PieceResult> TakeAsync(Stream body, Func<ReadOnlyMemory<byte>, string?> look, CancellationToken cancellation)
        {
            var (looked, broken) = (_start > 0, false);
            while (true)
            {
                // One byte more than is left would be too many, so it is asked for.
                var left = _upload.Length - (_start + _count);
                var read = 0;
                if (_count < Gather)
                {
                    try
                    {
                        read = await body.ReadAsync(_gathered.AsMemory(_count, (int)Math.Min(Gather - _count, left + 1)), cancellation);
                    }
                    catch (Exception e) when (e is IOException or OperationCanceledException || (cancellation.IsCancellationRequested && e is not NpgsqlException))
                    {
                        // The sender is gone: what came is kept, and it will ask where to go on.
                        broken = true;
                    }

                    if (read > left)
                        return new PieceResult.TooLong(_upload);
                    _mac.AppendData(_gathered, _count, read);
                    _hash?.AppendData(_gathered, _count, read);
                    _count += read;
                    if (read > 0)
                        continue;
                }

                if (!looked && _count > 0)
                {
                    looked = true;
                    if (look(_gathered.AsMemory(0, _count)) is { } refusal)
                        return await RefuseAsync(refusal);
                }

                var isEnd = read == 0 && _count < Gather;
                if (isEnd && _digest is not null && (broken || !CryptographicOperations.FixedTimeEquals(_hash!.GetCurrentHash(), _digest.Hash.Span)))
                    return new PieceResult.WrongDigest(_upload);
                if (await FlushAsync(_digest is null || isEnd) is { } lost)
                    return lost;
                if (isEnd)
                    return new PieceResult.Kept(_upload);
            }
        }

        public ValueTask DisposeAsync()
        {
            _file?.Dispose();
            _mac.Dispose();
            _hash?.Dispose();
            return ValueTask.CompletedTask;
        }

        /// <summary>Writes the whole blocks, and moves the upload along if the piece counts so far. Never cancelled: what is acknowledged is on disk.</summary>
        private async Task<PieceResult?> FlushAsync(bool counts)
        {
            await using var connection = await _uploads._database.OpenConnectionAsync(CancellationToken.None);
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
            if (await _uploads.FindAsync(connection, _upload.Id, CancellationToken.None, "for update") is not { } found)
                return new PieceResult.Gone();
            await using (var ask = connection.Command("select writer = $2 from cc_uploads where id = $1", P(_upload.Id, NpgsqlDbType.Text), P(_writer, NpgsqlDbType.Bytea)))
            {
                if (await ask.ExecuteScalarAsync(CancellationToken.None) is not true)
                    return new PieceResult.WrongOffset(found);
            }

            var whole = _count / SealedBlocks.Size * SealedBlocks.Size;
            WriteBlocks(whole);
            var rest = _gathered.AsSpan(whole, _count - whole).ToArray();
            if (counts)
            {
                var received = _start + _count;
                await using var move = connection.Command(
                    "update cc_uploads set received = $2, tail = $3, last_from = $4, last_mac = $5, expires_at = $6 where id = $1",
                    P(_upload.Id, NpgsqlDbType.Text), P(received, NpgsqlDbType.Bigint),
                    PNull(rest.Length == 0 ? null : _blocks.Seal(received / SealedBlocks.Size, rest), NpgsqlDbType.Bytea),
                    P(_from, NpgsqlDbType.Bigint), P(_mac.GetCurrentHash(), NpgsqlDbType.Bytea), P(_expiresAt, NpgsqlDbType.TimestampTz));
                await move.ExecuteNonQueryAsync(CancellationToken.None);
                _upload = _upload with { Received = received, ExpiresAt = _expiresAt };
            }

            await transaction.CommitAsync(CancellationToken.None);
            rest.CopyTo(_gathered, 0);
            _start += whole;
            _count = rest.Length;
            return null;
        }

        private void WriteBlocks(int whole)
        {
            if (whole == 0)
                return;
            if (_file is null)
            {
                var path = _uploads.PathOf(_upload.Id);
                DurableFiles.CreateFolder(Path.GetDirectoryName(path)!);
                var isNew = !File.Exists(path);
                using (new FileStream(path, DurableFiles.Options(FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)))
                    _file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
                if (isNew)
                    DurableFiles.SyncFolder(Path.GetDirectoryName(path)!);
            }

            for (var at = 0; at < whole; at += SealedBlocks.Size)
            {
                var block = (_start + at) / SealedBlocks.Size;
                RandomAccess.Write(_file, _blocks.Seal(block, _gathered.AsSpan(at, SealedBlocks.Size)), block * SealedBlocks.SealedSize);
            }

            RandomAccess.FlushToDisk(_file);
        }

        private async Task<PieceResult> RefuseAsync(string refusal)
        {
            await using var connection = await _uploads._database.OpenConnectionAsync(CancellationToken.None);
            await using var refuse = connection.Command(
                "update cc_uploads set refusal = $2, tail = null where id = $1 and writer = $3",
                P(_upload.Id, NpgsqlDbType.Text), P(refusal, NpgsqlDbType.Text), P(_writer, NpgsqlDbType.Bytea));
            return await refuse.ExecuteNonQueryAsync(CancellationToken.None) == 1
                ? new PieceResult.Refused(_upload with { Refusal = refusal })
                : new PieceResult.WrongOffset(_upload);
        }
    }
}
