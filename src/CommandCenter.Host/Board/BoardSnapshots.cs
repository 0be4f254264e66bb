using System.IO.Compression;
using System.Numerics;
using System.Text.Json;
using CommandCenter.Domain.Formats;
using CommandCenter.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Board;

/// <summary>
/// The board as it was folded every so many events, so that neither a start nor a look at the past folds the whole log. Derived from the log like any read table: whatever is missing or of
/// another format is folded again (ADR 0028).
/// </summary>
/// <param name="every">How many events lie between two, as long as little is held; every node of a database stores the same ones.</param>
public sealed partial class BoardSnapshots(BoardSources sources, int every, ILogger<BoardSnapshots> logger)
{
    // What has no value is left out, whether or not it may be left out of an event.
    private static readonly JsonSerializerOptions Form = new(DomainJson.Options) { RespectRequiredConstructorParameters = false };

    /// <summary>So many cases are held for each further step that snapshots are apart.</summary>
    private const int Apart = 10_000;

    private const string Columns = "s.position, s.body";

    // One that holds events which the log has lost does not count: the event that it ends with is another one's now, or nobody's.
    private const string Valid = "s.format = $1 and exists (select from mt_events e where e.seq_id = s.position and e.id = s.event)";

    internal const string LastUpTo = $"select {Columns} from board_snapshots_v1 s where {Valid} and s.position <= $2 order by s.position desc limit 1";

    internal const string LastRecordedBy = $"select {Columns} from board_snapshots_v1 s where {Valid} and s.recorded_at <= $2 order by s.position desc limit 1";

    public async Task CreateTableAsync(CancellationToken cancellation)
    {
        await using var connection = await sources.Database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var command = new NpgsqlCommand(
            """
            do $install$ begin
              if to_regclass(format('%I.board_snapshots_v1', current_schema())) is null then
                perform pg_advisory_xact_lock(hashtext('board_snapshots_v1'));
                create table if not exists board_snapshots_v1 (
                  format      integer not null,
                  position    bigint not null,
                  event       uuid not null,
                  recorded_at timestamptz not null,
                  body        bytea not null,
                  primary key (format, position)
                );
                create index if not exists board_snapshots_v1_recorded on board_snapshots_v1 (recorded_at);
              end if;
            end $install$
            """, connection, transaction);
        await command.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Whether one is stored after the last event: the more is held, the further they are apart, so that storing costs no more for an event than folding it. The same on every node.</summary>
    public bool IsDue(FoldedLog folded) => folded.Position.Position % Distance(every, folded.Fold.Held) == 0;

    /// <summary>How many events lie between two snapshots while so many cases are held: the given number, doubled as often as it takes.</summary>
    public static long Distance(int every, int held) => every * (long)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, held / Apart));

    /// <summary>Stores the fold as it stands; another node may have done so.</summary>
    public async Task SaveAsync(FoldedLog folded, CancellationToken cancellation)
    {
        var last = folded.Last ?? throw new InvalidOperationException("Of no events there is no snapshot.");
        await using var command = sources.Database.CreateCommand(
            """
            insert into board_snapshots_v1 (format, position, event, recorded_at, body) values ($1, $2, $3, $4, $5)
            on conflict (format, position) do update set event = excluded.event, recorded_at = excluded.recorded_at, body = excluded.body where board_snapshots_v1.event <> excluded.event
            """);
        Add(command, BoardFold.Format);
        Add(command, last.Position.Position);
        Add(command, last.Id);
        Add(command, last.RecordedAt);
        command.Parameters.Add(new NpgsqlParameter { Value = Pack(folded.Fold.State()), NpgsqlDbType = NpgsqlDbType.Bytea });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The fold to go on from: the last snapshot that the log still holds up to a position; an empty one where there is none.</summary>
    public Task<FoldedLog> UpToAsync(LogPosition position, CancellationToken cancellation) => LoadAsync(LastUpTo, position.Position, NpgsqlDbType.Bigint, position.Epoch, cancellation);

    /// <summary>The same by when the last event was recorded.</summary>
    public Task<FoldedLog> RecordedByAsync(DateTimeOffset instant, int epoch, CancellationToken cancellation) => LoadAsync(LastRecordedBy, instant, NpgsqlDbType.TimestampTz, epoch, cancellation);

    public static byte[] Pack(BoardState state)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            JsonSerializer.Serialize(brotli, state, Form);
        return packed.ToArray();
    }

    public static BoardState Unpack(Stream body)
    {
        using var brotli = new BrotliStream(body, CompressionMode.Decompress);
        var state = JsonSerializer.Deserialize<BoardState>(brotli, Form);
        // No list is ever left out, so one that is missing was never stored here.
        return state is
        {
            Cases: not null, Ended: not null, Facts: not null, Runs: not null, Ordinals: not null, Tasks: not null, Lists: not null, Whistles: not null, Agendas: not null, Listings: not null, Feed: not null,
            Broken: not null,
        }
            ? state
            : throw new JsonException("A snapshot is a whole state.");
    }

    private async Task<FoldedLog> LoadAsync(string sql, object bound, NpgsqlDbType type, int epoch, CancellationToken cancellation)
    {
        await using (var command = sources.Database.CreateCommand(sql))
        {
            Add(command, BoardFold.Format);
            command.Parameters.Add(new NpgsqlParameter { Value = bound, NpgsqlDbType = type });
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            if (await reader.ReadAsync(cancellation))
            {
                var position = reader.GetInt64(0);
                try
                {
                    using var body = new MemoryStream(reader.GetFieldValue<byte[]>(1));
                    return new FoldedLog(sources, new BoardFold(sources.Organization, Unpack(body)), new LogPosition(epoch, position), logger);
                }
                catch (Exception e) when (e is JsonException or InvalidDataException or InvalidOperationException or ArgumentException)
                {
                    // Whoever finds one that cannot be read folds anew, and puts a whole one in its place.
                    LogUnreadable(logger, e, position);
                }
            }
        }

        return new FoldedLog(sources, new BoardFold(sources.Organization), new LogPosition(epoch, 0), logger);
    }

    private static void Add<T>(NpgsqlCommand command, T value) => command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });

    [LoggerMessage(Level = LogLevel.Error, Message = "The board's snapshot at {Position} cannot be read; the log is folded from its beginning")]
    private static partial void LogUnreadable(ILogger logger, Exception exception, long position);
}
