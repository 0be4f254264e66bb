using Npgsql;
using NpgsqlTypes;
using static CommandCenter.EventStore.Sql;

namespace CommandCenter.EventStore;

/// <summary>
/// Reads of streams by many callers at once, set-wise: while some are under way, the others wait and share the next statement. One caller alone reads at once.
/// </summary>
internal sealed class StreamReads(NpgsqlDataSource dataSource, PostgresEventLogOptions options)
{
    /// <summary>So many statements run side by side, so that one long stream does not hold up every short one.</summary>
    private const int Side = 2;

    // Ordered inside, where the index gives the order for nothing; which stream a row belongs to says its ordinal.
    internal const string SelectStreams =
        $"""
        select asked.n, l.epoch, {EventRows.Columns}
        from unnest($1, $2) with ordinality as asked (stream, after, n)
        cross join cc_log l
        cross join lateral (select * from mt_events where stream_id = asked.stream and version > asked.after order by version offset 0) e
        """;

    private readonly Lock _gate = new();
    private readonly Queue<Read> _waiting = [];
    private int _running;
    private long _statements;

    /// <summary>How many statements were sent.</summary>
    public long Statements => Interlocked.Read(ref _statements);

    public async Task<IReadOnlyList<StoredEvent>> ReadAsync(StreamKey stream, long afterVersion, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var read = new Read(stream.ToString(), afterVersion, cancellation);
        lock (_gate)
        {
            if (_waiting.Count >= options.MostReadsWaiting)
                throw new LogBusyException($"{_waiting.Count} reads of streams wait already. Come again in 2 s.", TimeSpan.FromSeconds(2));
            _waiting.Enqueue(read);
            if (_running < Side)
            {
                _running++;
                _ = RunAsync();
            }
        }

        if (!cancellation.CanBeCanceled)
            return await read.Answer.Task;
        await using var leave = cancellation.UnsafeRegister(static waiting => ((Read)waiting!).Leave(), read);
        return await read.Answer.Task;
    }

    // Ends when nobody waits; every failure goes to those who asked.
    private async Task RunAsync()
    {
        await Task.Yield();
        while (Take() is { Count: > 0 } reads)
        {
            try
            {
                await ReadAsync(reads);
            }
            catch (Exception e) when (reads.Count > 1 && !IsLostConnection(e))
            {
                // One stream that cannot be read must not fail another's reader.
                foreach (var read in reads)
                    await ReadAloneAsync(read);
            }
            catch (Exception e)
            {
                foreach (var read in reads)
                    read.Answer.TrySetException(e);
            }
        }
    }

    private async Task ReadAloneAsync(Read read)
    {
        read.Events.Clear();
        try
        {
            await ReadAsync([read]);
        }
        catch (Exception e)
        {
            read.Answer.TrySetException(e);
        }
    }

    private List<Read> Take()
    {
        lock (_gate)
        {
            var reads = new List<Read>();
            while (reads.Count < options.MostStreamsInRead && _waiting.TryDequeue(out var read))
                if (!read.Answer.Task.IsCompleted)
                    reads.Add(read);
            if (reads.Count == 0)
                _running--;
            return reads;
        }
    }

    private async Task ReadAsync(List<Read> reads)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var command = connection.Command(
            SelectStreams,
            PArray([.. reads.Select(read => read.Stream)], NpgsqlDbType.Text),
            PArray([.. reads.Select(read => read.After)], NpgsqlDbType.Bigint));
        await command.PrepareAsync();
        Interlocked.Increment(ref _statements);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            reads[(int)reader.GetInt64(0) - 1].Events.Add(EventRows.Read(reader, 2, reader.GetInt32(1)));
        foreach (var read in reads)
            read.Answer.TrySetResult(read.Events);
    }

    private sealed class Read(string stream, long after, CancellationToken cancellation)
    {
        public string Stream { get; } = stream;
        public long After { get; } = after;
        public List<StoredEvent> Events { get; } = [];
        public TaskCompletionSource<IReadOnlyList<StoredEvent>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Leave() => Answer.TrySetCanceled(cancellation);
    }
}
