using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using static CommandCenter.EventStore.Sql;

namespace CommandCenter.EventStore;

/// <summary>The first thing in the log that does not fit.</summary>
/// <param name="Code">
/// <c>event.missing</c>, <c>event.content</c>, <c>event.time</c>, <c>event.order</c>, <c>event.beyond_head</c>, <c>leaf.missing</c>, <c>time.not_rising</c>, <c>stream.version</c>,
/// <c>tree.node</c>, <c>tree.root</c>, <c>head.log_shorter</c>, <c>head.differs</c>.
/// </param>
/// <param name="Position">Where it is, or where it begins.</param>
/// <param name="To">The last position that it may concern; the same where it is one event.</param>
public sealed record LogFinding(string Code, long Position, long To, string Words);

/// <summary>What a walk over the log found.</summary>
/// <param name="Head">The log's head when the walk began; it goes no further.</param>
/// <param name="Checked">How many events were looked at.</param>
/// <param name="First">Null when everything fits.</param>
public sealed record VerifyReport(TreeHead Head, long Checked, LogFinding? First);

/// <summary>How far a walk has come.</summary>
public readonly record struct VerifyProgress(long Checked, long Total);

/// <summary>
/// Walks the whole log and forms every leaf anew from its row: rows, leaves, kept nodes and the root that the last append wrote must agree, positions and stream versions be
/// dense, recorded times rise, and every head that was kept elsewhere be the log's own at its size. Reads in ranges, so its memory does not grow with the log.
/// </summary>
public sealed class LogVerifier(NpgsqlDataSource dataSource)
{
    /// <summary>Positions in a range; a multiple of what a kept node covers.</summary>
    private const int RangeSize = 1 << 14;

    // By position alone, never by what a tampered row claims; the tenant is part of a leaf (ADR 0002).
    internal const string SelectEvents =
        "select seq_id, id, stream_id, version, type, timestamp, headers, data, correlation_id, causation_id, tenant_id from mt_events where seq_id > {0} and seq_id <= {1} order by seq_id";

    internal const string SelectLeaves = "select position, hash from cc_leaves where position > {0} and position <= {1} order by position";

    internal const string SelectBeyond = "select min(e.seq_id) from cc_log l cross join lateral (select seq_id from mt_events where seq_id > l.last_position order by seq_id limit 1) e";

    // Versions are unique within a stream by index; dense they are when the last is as large as their number.
    internal const string SelectUneven =
        """
        select coalesce(s.id, e.stream_id), coalesce(e.first_position, 0), coalesce(e.events, 0), coalesce(e.last_version, 0), coalesce(s.version, 0)
        from (select stream_id, count(*) as events, max(version) as last_version, min(version) as first_version, min(seq_id) as first_position from mt_events where seq_id <= $1 group by stream_id) e
        full join mt_streams s on s.id = e.stream_id
        -- A stream that began after the head was taken has all of its events after it.
        where (e.stream_id is null and not exists (select from mt_events later where later.stream_id = s.id)) or s.id is null or e.events <> e.last_version or e.first_version <> 1 or s.version < e.last_version
        order by 2 limit 1
        """;

    /// <param name="earlier">Heads kept outside the database; each must be the log's own at its size.</param>
    public async Task<VerifyReport> VerifyAsync(IReadOnlyList<TreeHead>? earlier = null, IProgress<VerifyProgress>? progress = null, CancellationToken cancellation = default)
    {
        var (head, peaks) = await HeadAsync(cancellation);
        var total = head.Last.Position;
        var walk = new Walk(head, peaks, earlier ?? []);
        if (walk.BeyondTheLog() is { } shorter)
            return new VerifyReport(head, 0, shorter);

        var reading = ReadAsync(0, total, cancellation);
        for (var from = 0L; from < total; from += RangeSize)
        {
            var range = await reading;
            // The next range is read while this one is hashed.
            reading = ReadAsync(from + RangeSize, total, cancellation);
            if (walk.Take(range) is { } finding)
            {
                await reading;
                return new VerifyReport(head, walk.Checked, finding);
            }

            progress?.Report(new VerifyProgress(walk.Checked, total));
        }

        await reading;
        return new VerifyReport(head, walk.Checked, walk.AtTheEnd() ?? await BeyondAsync(total, cancellation) ?? await UnevenAsync(total, cancellation));
    }

    private async Task<(TreeHead Head, byte[] Peaks)> HeadAsync(CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var command = connection.Command(AppendExecutor.SelectLog);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var (last, peaks) = (reader.GetInt64(1), reader.GetFieldValue<byte[]>(3));
        return (new TreeHead(new LogPosition(reader.GetInt32(0), last), new MerkleTree(last, peaks).Root()), peaks);
    }

    private Task<LogRange> ReadAsync(long from, long total, CancellationToken cancellation)
    {
        var to = Math.Min(total, from + RangeSize);
        return from >= to ? Task.FromResult(new LogRange(from, from, [], new Dictionary<long, byte[]>(), new Dictionary<(int, long), byte[]>())) : Task.Run(() => Read(from, to), cancellation);
    }

    // Binary COPY without async machinery per value: this is the one place that reads everything.
    private LogRange Read(long from, long to)
    {
        using var connection = dataSource.OpenConnection();
        var rows = new List<Row>((int)(to - from));
        using (var events = connection.BeginBinaryExport($"copy ({Bounded(SelectEvents, from, to)}) to stdout (format binary)"))
            while (events.StartRow() >= 0)
                rows.Add(new Row(
                    events.Read<long>(NpgsqlDbType.Bigint), events.Read<Guid>(NpgsqlDbType.Uuid), Text(events), events.Read<long>(NpgsqlDbType.Bigint), Text(events),
                    events.Read<long>(NpgsqlDbType.TimestampTz), Json(events), Json(events), Text(events), Text(events), Text(events)));

        var leaves = new Dictionary<long, byte[]>((int)(to - from));
        using (var hashes = connection.BeginBinaryExport($"copy ({Bounded(SelectLeaves, from, to)}) to stdout (format binary)"))
            while (hashes.StartRow() >= 0)
                leaves.Add(hashes.Read<long>(NpgsqlDbType.Bigint), hashes.Read<byte[]>(NpgsqlDbType.Bytea));

        var nodes = new Dictionary<(int, long), byte[]>();
        // Those that are completed in this range.
        var completed = string.Join(" or ", Enumerable.Range(1, 7).Select(step => step * TreeNode.LevelStep).Select(level =>
            string.Create(CultureInfo.InvariantCulture, $"(level = {level} and index >= {from >> level} and index < {to >> level})")));
        using (var kept = connection.BeginBinaryExport($"copy (select level, index, hash from cc_nodes where {completed}) to stdout (format binary)"))
            while (kept.StartRow() >= 0)
                nodes.Add((kept.Read<int>(NpgsqlDbType.Integer), kept.Read<long>(NpgsqlDbType.Bigint)), kept.Read<byte[]>(NpgsqlDbType.Bytea));
        return new LogRange(from, to, rows, leaves, nodes);
    }

    private static string Bounded(string sql, long from, long to) =>
        sql.Replace("{0}", from.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("{1}", to.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static string? Text(NpgsqlBinaryExporter row)
    {
        if (!row.IsNull)
            return row.Read<string>(NpgsqlDbType.Text);
        row.Skip();
        return null;
    }

    private static byte[]? Json(NpgsqlBinaryExporter row)
    {
        if (!row.IsNull)
            return row.Read<byte[]>(NpgsqlDbType.Jsonb);
        row.Skip();
        return null;
    }

    private async Task<LogFinding?> BeyondAsync(long total, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(SelectBeyond);
        return await command.ExecuteScalarAsync(cancellation) is long position
            ? new LogFinding("event.beyond_head", position, position, $"There is an event at position {position}, but the log ends at {total}: it was not appended by the log.")
            : null;
    }

    private async Task<LogFinding?> UnevenAsync(long total, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(SelectUneven);
        command.CommandTimeout = 0;
        command.Parameters.Add(P(total, NpgsqlDbType.Bigint));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        var position = reader.GetInt64(1);
        return new LogFinding("stream.version", position, position, string.Create(CultureInfo.InvariantCulture,
            $"The stream {reader.GetString(0)} has {reader.GetInt64(2)} events up to version {reader.GetInt64(3)}, and its row says version {reader.GetInt64(4)}."));
    }

    /// <summary>A row of <c>mt_events</c> as it stands, however it got there.</summary>
    /// <param name="RecordedAt">Microseconds since 2000-01-01 UTC, PostgreSQL's own count.</param>
    internal sealed record Row(
        long Position, Guid Id, string? Stream, long Version, string? Type, long RecordedAt, byte[]? Headers, byte[]? Data, string? CorrelationId, string? CausationId, string? Tenant)
    {
        private static readonly long Epoch = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

        /// <summary>Milliseconds since 1970 of the id (UUID version 7): when the event was recorded, as long as nobody altered it.</summary>
        public long IdMilliseconds
        {
            get
            {
                Span<byte> bytes = stackalloc byte[16];
                Id.TryWriteBytes(bytes, bigEndian: true, out _);
                return ((long)bytes[0] << 40) | ((long)bytes[1] << 32) | ((long)bytes[2] << 24) | ((long)bytes[3] << 16) | ((long)bytes[4] << 8) | bytes[5];
            }
        }

        /// <summary>The leaf's hash, formed anew; null when the row has no canonical form, so that it cannot be what was appended.</summary>
        public byte[]? Hash(long? position = null, long? recordedAt = null)
        {
            if (Stream is null || Type is null || Headers is null || Data is null || Tenant is null)
                return null;
            var micros = recordedAt ?? RecordedAt;
            if (micros is < -60_000_000_000_000_000 or > 250_000_000_000_000_000)
                return null;
            try
            {
                return LeafHash.Of(new LeafFields(
                    position ?? Position, Id, Stream, Version, Type, new DateTimeOffset(Epoch + (micros * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero),
                    CanonicalJson.Canonicalize(Data), CanonicalJson.Canonicalize(Headers), CorrelationId, CausationId, Tenant));
            }
            catch (CanonicalJsonException)
            {
                return null;
            }
        }
    }

    /// <summary>Positions above <paramref name="From"/> up to <paramref name="To"/> with what the database holds of them.</summary>
    internal sealed record LogRange(long From, long To, IReadOnlyList<Row> Rows, IReadOnlyDictionary<long, byte[]> Leaves, IReadOnlyDictionary<(int Level, long Index), byte[]> Nodes);

    /// <summary>The walk itself: pure, range after range.</summary>
    internal sealed class Walk(TreeHead head, byte[] peaks, IReadOnlyList<TreeHead> earlier)
    {
        private readonly MerkleTree _tree = new();
        private readonly ILookup<long, TreeHead> _heads = earlier.ToLookup(known => known.Last.Position);

        private long _lastRecordedAt = long.MinValue;

        public long Checked { get; private set; }

        /// <summary>A head that names more events than there are.</summary>
        public LogFinding? BeyondTheLog() =>
            earlier.Where(known => known.Last.Position > head.Last.Position).MinBy(known => known.Last.Position) is { } longer
                ? new LogFinding("head.log_shorter", head.Last.Position + 1, longer.Last.Position,
                    $"The log ends at {head.Last}, but a head was kept at {longer.Last}: its tail was cut.")
                : null;

        public LogFinding? Take(LogRange range)
        {
            var hashes = new byte[]?[range.Rows.Count];
            Parallel.For(0, hashes.Length, n => hashes[n] = range.Rows[n].Hash());

            var completed = new List<TreeNode>();
            var at = 0;
            for (var position = range.From + 1; position <= range.To; position++)
            {
                if (at >= range.Rows.Count || range.Rows[at].Position != position)
                    return new LogFinding("event.missing", position, position,
                        $"The event at position {position} is missing{(range.Leaves.ContainsKey(position) ? "; its leaf still stands" : ", and so is its leaf")}.");
                var row = range.Rows[at];
                if (!range.Leaves.TryGetValue(position, out var leaf))
                    return new LogFinding("leaf.missing", position, position, $"The leaf of the event at position {position} ({row.Stream}, version {row.Version}) is missing.");
                if (hashes[at] is not { } hash || !hash.AsSpan().SequenceEqual(leaf))
                    return Misfit(row, leaf, range);
                if (row.RecordedAt <= _lastRecordedAt)
                    return new LogFinding("time.not_rising", position, position, $"The event at position {position} is not recorded after the one before it.");
                _lastRecordedAt = row.RecordedAt;
                completed.Clear();
                _tree.Append(leaf, completed);
                foreach (var node in completed)
                    if (range.Nodes.TryGetValue((node.Level, node.Index), out var kept) && !kept.AsSpan().SequenceEqual(node.Hash))
                        return new LogFinding("tree.node", (node.Index << node.Level) + 1, (node.Index + 1) << node.Level, string.Create(CultureInfo.InvariantCulture,
                            $"The leaves of positions {(node.Index << node.Level) + 1} to {(node.Index + 1) << node.Level} are not those that were appended: a leaf was replaced."));
                if (_heads[position].FirstOrDefault(head => !head.Root.Span.SequenceEqual(_tree.Root())) is { } known)
                    return new LogFinding("head.differs", 1, position, $"The first {position} events are not those of the head that was kept at {known.Last}: the log was written anew.");
                at++;
                Checked = position;
            }

            return null;
        }

        public LogFinding? AtTheEnd()
        {
            var formed = _tree.Peaks();
            if (formed.AsSpan().SequenceEqual(peaks))
                return null;
            // The first peak that differs says where.
            var start = 0L;
            foreach (var ((level, _), n) in MerkleProofs.Perfect(new LeafRange(0, _tree.Size)).Select((subtree, n) => (subtree, n)))
            {
                if (!formed.AsSpan(n * LeafHash.Length, LeafHash.Length).SequenceEqual(peaks.AsSpan(n * LeafHash.Length, LeafHash.Length)))
                    return new LogFinding("tree.root", start + 1, start + (1L << level), string.Create(CultureInfo.InvariantCulture,
                        $"The leaves of positions {start + 1} to {start + (1L << level)} do not lead to the root that was written when they were appended: a leaf was replaced."));
                start += 1L << level;
            }

            throw new InvalidOperationException("Peaks that differ differ somewhere.");
        }

        // What about the row was altered: tried out, because the leaf says only that it was.
        private static LogFinding Misfit(Row row, byte[] leaf, LogRange range)
        {
            const int nearby = 200;
            var what = string.Create(CultureInfo.InvariantCulture, $"The event at position {row.Position} ({row.Stream}, version {row.Version}, {row.Type})");
            foreach (var other in range.Leaves.Where(other => Math.Abs(other.Key - row.Position) <= nearby && other.Key != row.Position))
                if (row.Hash(position: other.Key) is { } moved && moved.AsSpan().SequenceEqual(other.Value))
                    return new LogFinding("event.order", row.Position, row.Position, string.Create(CultureInfo.InvariantCulture, $"{what} was appended at position {other.Key}: the order was changed."));

            var millisecond = (row.IdMilliseconds - 946_684_800_000) * 1000;
            for (var micros = 0; micros < 1000; micros++)
                if (row.Hash(recordedAt: millisecond + micros) is { } timed && timed.AsSpan().SequenceEqual(leaf))
                    return new LogFinding("event.time", row.Position, row.Position, $"{what} was recorded at another time than its row says.");
            return new LogFinding("event.content", row.Position, row.Position, $"{what} is not what was appended there: its content was changed, or another event put in its place.");
        }
    }
}
