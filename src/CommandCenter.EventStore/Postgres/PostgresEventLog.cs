using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NpgsqlTypes;
using static CommandCenter.EventStore.Sql;

namespace CommandCenter.EventStore;

/// <summary>
/// The event log on PostgreSQL, in Marten's tables (ADR 0001). One instance per process; it may be shared by all threads.
/// The data source stays the caller's; see <see cref="PostgresEventLogOptions.Tune"/> for its connection string.
/// </summary>
public sealed partial class PostgresEventLog : IEventLog, IAsyncDisposable
{
    /// <summary>How long the ids of commands are kept, in days.</summary>
    public const int KeepCommandsDays = 400;

    internal const string SelectLog = $"select {EventRows.Columns} from mt_events e where seq_id > $1 order by seq_id limit $2";

    // One walk of the type's index for each type, merged. Compared by rows, because with type = … the planner may walk the log by position instead and pass over all that is of other types.
    internal const string SelectTypes =
        $"""
        select l.epoch, {EventRows.Columns}
        from cc_log l
        cross join lateral (
          select of_type.* from unnest($1) as asked (type)
          cross join lateral (select * from mt_events where (type, seq_id) > (asked.type, $2) and type <= asked.type order by type, seq_id limit $3) of_type
          order by of_type.seq_id limit $3) e
        order by e.seq_id
        """;

    internal const string SelectCommand = "select request_hash, receipt from cc_commands where actor = $1 and id = $2";

    internal const string SelectLeaves =
        $"select {EventRows.Columns}, h.hash from mt_events e left join cc_leaves h on h.position = e.seq_id where e.seq_id > $1 order by e.seq_id limit $2";

    /// <summary>From so many events on a read keeps its thread.</summary>
    private const int Bulk = 1_000;
    private const int MostReserved = 4_096;

    private readonly NpgsqlDataSource _dataSource;
    private readonly TimeProvider _clock;
    private readonly TimeProvider _waitClock;
    private readonly PostgresEventLogOptions _options;
    private readonly ILogger _logger;
    private readonly ChangeListener _listener;
    private readonly BatchingWriter _writer;
    private readonly StreamReads _reads;

    /// <param name="clock">Stamps what is recorded.</param>
    public PostgresEventLog(NpgsqlDataSource dataSource, TimeProvider clock, PostgresEventLogOptions? options = null, ILogger<PostgresEventLog>? logger = null)
    {
        _dataSource = dataSource;
        _clock = clock;
        _options = options ?? new PostgresEventLogOptions();
        _waitClock = _options.WaitClock ?? clock;
        _logger = logger ?? NullLogger<PostgresEventLog>.Instance;
        _listener = new ChangeListener(dataSource, _waitClock, _logger);
        _writer = new BatchingWriter(dataSource, clock, _waitClock, _options, _logger);
        _reads = new StreamReads(dataSource, _options);
    }

    /// <summary>Pulses when a timer was set, moved or deleted by any process; for a <see cref="TimerWorker"/>.</summary>
    public Pulse TimersChanged
    {
        get
        {
            if (_options.ListenForHints)
                _listener.Start();
            return _listener.TimersChanged;
        }
    }

    /// <summary>Pulses when any process put a message into the outbox or replayed a dead letter; for an <see cref="OutboxRelay"/>.</summary>
    public Pulse OutboxChanged
    {
        get
        {
            if (_options.ListenForHints)
                _listener.Start();
            return _listener.OutboxChanged;
        }
    }

    /// <summary>How many appends of this process wait for their turn.</summary>
    public int WaitingAppends => _writer.Waiting;

    /// <summary>For how long the append has been waiting that has waited longest for its answer; zero when none does. Long means that the database does not answer or that another process keeps the lock.</summary>
    public TimeSpan LongestWait => _writer.LongestWait;

    /// <summary>How many statements read streams; fewer than reads, where many asked at once.</summary>
    internal long StreamStatements => _reads.Statements;

    /// <summary>How many batches of this process took one round trip, because they could be decided on what it wrote last.</summary>
    public long DecidedAhead => _writer.Ahead;

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _listener.DisposeAsync();
    }

    /// <exception cref="LogBusyException">More appends wait than this process takes on.</exception>
    public async Task<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellation = default)
    {
        using var activity = EventStoreTelemetry.Source.StartActivity("append", ActivityKind.Client);
        var began = Stopwatch.GetTimestamp();
        var outcome = "failed";
        try
        {
            var result = await _writer.AppendAsync(PreparedAppend.From(request), cancellation);
            outcome = EventStoreTelemetry.OutcomeOf(result);
            if (activity is not null && result is AppendResult.Appended { Receipt.Last: var last })
            {
                activity.SetTag("commandcenter.position", last.ToString());
                Traces.Remember(last, activity.Context);
            }

            return result;
        }
        finally
        {
            activity?.SetTag("commandcenter.outcome", outcome);
            if (outcome == "failed")
                activity?.SetStatus(ActivityStatusCode.Error);
            EventStoreTelemetry.Appended(Stopwatch.GetElapsedTime(began), outcome);
        }
    }

    /// <summary>The traces of what this process appended last.</summary>
    public AppendTraces Traces { get; } = new();

    public async Task<(AppendReceipt Receipt, ReadOnlyMemory<byte> RequestHash)?> FindCommandAsync(string actor, string commandId, CancellationToken cancellation = default)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellation);
        await using var command = connection.Command(SelectCommand, P(actor, NpgsqlDbType.Text), P(commandId, NpgsqlDbType.Text));
        await command.PrepareAsync(cancellation);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? (Receipts.Read(reader.GetFieldValue<byte[]>(1)), reader.GetFieldValue<byte[]>(0))
            : null;
    }

    public Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(StreamKey stream, long afterVersion = 0, CancellationToken cancellation = default) =>
        _reads.ReadAsync(stream, afterVersion, cancellation);

    public async Task<IReadOnlyList<StoredEvent>> ReadLogAsync(long afterPosition, int atMost, CancellationToken cancellation = default) =>
        (await ReadAsync(afterPosition, atMost, cancellation)).Events;

    public async Task<IReadOnlyList<StoredEvent>> ReadTypesAsync(IReadOnlyCollection<string> types, long afterPosition, int atMost, CancellationToken cancellation = default)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellation);
        // Not prepared: a plan made while the log was empty would go on reading all of it.
        await using var command = connection.Command(
            SelectTypes, PArray<string>([.. types.Distinct()], NpgsqlDbType.Text), P(afterPosition, NpgsqlDbType.Bigint), P(atMost, NpgsqlDbType.Integer));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var events = new List<StoredEvent>();
        while (await reader.ReadAsync(cancellation))
            events.Add(EventRows.Read(reader, 1, reader.GetInt32(0)));
        return events;
    }

    public async Task<LogHead> HeadAsync(CancellationToken cancellation = default)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellation);
        await using var command = connection.Command(AppendExecutor.SelectLog);
        await command.PrepareAsync(cancellation);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var last = reader.GetInt64(1);
        return new LogHead(
            new LogPosition(reader.GetInt32(0), last),
            new MerkleTree(last, reader.GetFieldValue<byte[]>(3)).Root(),
            reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2));
    }

    public async IAsyncEnumerable<IReadOnlyList<StoredEvent>> FollowAsync(LogPosition after, Heartbeat? heartbeat, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        if (_options.ListenForHints)
            _listener.Start();
        var failures = 0;
        var position = after.Position;
        while (true)
        {
            var changed = _listener.Changed.Next;
            IReadOnlyList<StoredEvent> events;
            try
            {
                var (epoch, last, read) = await ReadAsync(position, _options.FollowBatch, cancellation);
                if (epoch != after.Epoch)
                    throw new EpochChangedException(after.Epoch, epoch);
                if (last < position)
                    throw new EpochChangedException(new LogPosition(epoch, last), position);
                events = read;
                failures = 0;
            }
            catch (Exception e) when (e is not EpochChangedException)
            {
                // A database that goes while the follower is stopped changes nothing about its end.
                cancellation.ThrowIfCancellationRequested();
                failures++;
                LogFollowFailed(_logger, e, position, failures);
                await Task.Delay(PostgresEventLogOptions.Backoff(failures), _waitClock, cancellation);
                continue;
            }

            if (events.Count > 0)
            {
                position = events[^1].Position.Position;
                yield return events;
                // Only now: a follower that cannot take what it is handed is not alive.
                heartbeat?.Beat();
            }
            else
            {
                heartbeat?.Beat();
                await Waiting.ForAsync(changed, _options.PollEvery, _waitClock, cancellation);
            }
        }
    }

    /// <summary>
    /// Starts a new epoch, after a restore or a failover that lost commits: followers of the old one start again. Run it before anything is appended. Returns the new epoch.
    /// </summary>
    public async Task<int> RaiseEpochAsync(CancellationToken cancellation = default)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var take = connection.Command("select pg_advisory_xact_lock($1)", P(StoreLock.Key, NpgsqlDbType.Bigint));
        await take.ExecuteNonQueryAsync(cancellation);
        await using var raise = connection.Command("update cc_log set epoch = epoch + 1 returning epoch, last_position");
        LogPosition head;
        await using (var reader = await raise.ExecuteReaderAsync(cancellation))
        {
            await reader.ReadAsync(cancellation);
            head = new LogPosition(reader.GetInt32(0), reader.GetInt64(1));
        }

        await using var notify = connection.Command("select pg_notify($1, $2)", P(Hint.Channel, NpgsqlDbType.Text), P(Hint.Of(head, timers: true, outbox: true), NpgsqlDbType.Text));
        await notify.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return head.Epoch;
    }

    /// <summary>Forgets the commands recorded more than 400 days before <paramref name="now"/>, and returns how many there were.</summary>
    public async Task<int> ForgetCommandsAsync(DateTimeOffset now, CancellationToken cancellation = default)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellation);
        await using var command = connection.Command(
            "delete from cc_commands where recorded_at < $1", P(now.ToUniversalTime().AddDays(-KeepCommandsDays), NpgsqlDbType.TimestampTz));
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>At most <paramref name="atMost"/> undelivered outbox messages with an id above <paramref name="afterId"/>, dead ones too, in the order of their commits.</summary>
    public async Task<IReadOnlyList<OutboxRow>> ReadOutboxAsync(long afterId, int atMost, CancellationToken cancellation = default)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellation);
        await using var command = connection.Command(
            $"select {PostgresOutbox.Columns} from cc_outbox where id > $1 order by id limit $2", P(afterId, NpgsqlDbType.Bigint), P(atMost, NpgsqlDbType.Integer));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<OutboxRow>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(PostgresOutbox.Row(reader));
        return rows;
    }

    /// <summary>The leaves of at most <paramref name="atMost"/> events after a position, formed anew from their rows; for checking the log against its tree.</summary>
    public async Task<IReadOnlyList<StoredLeaf>> ReadLeavesAsync(long afterPosition, int atMost, CancellationToken cancellation = default)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellation);
        await using var command = connection.Command(SelectLeaves, P(afterPosition, NpgsqlDbType.Bigint), P(atMost, NpgsqlDbType.Integer));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var leaves = new List<StoredLeaf>();
        while (await reader.ReadAsync(cancellation))
        {
            var leaf = EventRows.Leaf(reader, 0);
            // A leaf that is gone is told from one that matches: no hash is empty.
            leaves.Add(new StoredLeaf(leaf.Position, LeafHash.Form(leaf), reader.IsDBNull(10) ? Array.Empty<byte>() : reader.GetFieldValue<byte[]>(10)));
        }

        return leaves;
    }

    private async Task<(int Epoch, long Last, IReadOnlyList<StoredEvent> Events)> ReadAsync(long afterPosition, int atMost, CancellationToken cancellation)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellation);
        while (true)
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.Add(AppendExecutor.SelectLog);
            batch.Add(SelectLog, P(afterPosition, NpgsqlDbType.Bigint), P(atMost, NpgsqlDbType.Integer));
            batch.Add(AppendExecutor.SelectLog);
            await batch.PrepareAsync(cancellation);
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            var epoch = reader.GetInt32(0);
            await reader.NextResultAsync(cancellation);
            var events = new List<StoredEvent>(Math.Min(atMost, MostReserved));
            if (await reader.ReadAsync(cancellation))
                do
                    events.Add(EventRows.Read(reader, 0, epoch));
                // Row by row the machinery of waiting costs as much as the row; once the first has come the others are on their way.
                while (atMost >= Bulk ? reader.Read() : await reader.ReadAsync(cancellation));

            await reader.NextResultAsync(cancellation);
            await reader.ReadAsync(cancellation);
            // The statements see the log at different moments. An epoch that was raised in between is never missed: what was read across it is read again.
            if (reader.GetInt32(0) == epoch)
                return (epoch, reader.GetInt64(1), events);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Following the log after position {Position} failed ({Failures} in a row) and is tried again.")]
    private static partial void LogFollowFailed(ILogger logger, Exception e, long position, int failures);
}
