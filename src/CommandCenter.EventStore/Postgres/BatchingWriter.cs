using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;
using static CommandCenter.EventStore.Sql;

namespace CommandCenter.EventStore;

/// <summary>
/// The one writer of a process: whatever waits while a batch is under way shares the next transaction (ADR 0007). Everything it answers was committed; what it
/// refuses was not.
/// </summary>
internal sealed partial class BatchingWriter : IAsyncDisposable
{
    private static readonly TimeSpan MostGathering = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Quiet = TimeSpan.FromMicroseconds(80);

    private readonly NpgsqlDataSource _dataSource;
    private readonly TimeProvider _clock;
    private readonly TimeProvider _waitClock;
    private readonly PostgresEventLogOptions _options;
    private readonly ILogger _logger;
    private readonly AppendQueue _queue;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly KnownLog _known = new();
    private long _ahead;
    private int _aheadFailures;
    private int _notAheadFor;
    private Task? _run;
    private ITimer? _sweep;
    private bool _disposed;

    // When the first of the batch under way came; -1 while none is.
    private long _underWay = -1;

    public BatchingWriter(NpgsqlDataSource dataSource, TimeProvider clock, TimeProvider waitClock, PostgresEventLogOptions options, ILogger logger)
    {
        _dataSource = dataSource;
        _clock = clock;
        _waitClock = waitClock;
        _options = options;
        _logger = logger;
        _queue = new AppendQueue(options, waitClock);
    }

    /// <summary>How many appends wait for their turn.</summary>
    public int Waiting => _queue.Count;

    /// <summary>For how long the append has been waiting that has waited longest, in the queue or in the batch under way.</summary>
    public TimeSpan LongestWait =>
        Interlocked.Read(ref _underWay) is >= 0 and var first ? _waitClock.GetElapsedTime(first) : _queue.Since is { } since ? _waitClock.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>How many batches stood that were decided ahead.</summary>
    public long Ahead => Interlocked.Read(ref _ahead);

    /// <exception cref="LogBusyException">Too many wait already.</exception>
    public async Task<AppendResult> AppendAsync(PreparedAppend request, CancellationToken cancellation)
    {
        // In this order an append is either refused by a closed queue or taken by a writer that runs.
        Start();
        var waiting = _queue.Add(request, cancellation);
        if (!cancellation.CanBeCanceled)
            return await waiting.Answer;
        await using var leave = cancellation.UnsafeRegister(static append => ((WaitingAppend)append!).Cancel(), waiting);
        return await waiting.Answer;
    }

    /// <summary>Lets nobody in any more. A commit under way is waited for, what was not decided is refused.</summary>
    public async ValueTask DisposeAsync()
    {
        Task? run;
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            _queue.Close();
            run = _run;
            _sweep?.Dispose();
        }

        if (run is not null)
        {
            await _stop.CancelAsync();
            await run;
        }

        _stop.Dispose();
    }

    private void Start()
    {
        if (Volatile.Read(ref _run) is not null)
            return;
        lock (_gate)
            if (!_disposed && _run is null)
            {
                _sweep = _waitClock.CreateTimer(static queue => ((AppendQueue)queue!).Sweep(), _queue, SweepEvery, SweepEvery);
                _run = Task.Run(WriteOnAsync);
            }
    }

    private async Task WriteOnAsync()
    {
        while (await _queue.TakeAsync() is { } batch)
        {
            var started = _waitClock.GetTimestamp();
            Interlocked.Exchange(ref _underWay, batch[0].Since);
            await WriteAsync(batch);
            Interlocked.Exchange(ref _underWay, -1);
            var took = _waitClock.GetElapsedTime(started);
            EventStoreTelemetry.Batched(batch.Count, took);
            _queue.Answered(batch.Count, took);
            await GatherAsync(batch.Count + _queue.Count, took);
        }
    }

    /// <summary>Answers everybody in the batch, whatever happens: in one round trip where it can be decided ahead and that holds, else by asking.</summary>
    private async Task WriteAsync(IReadOnlyList<WaitingAppend> batch)
    {
        if (DecideAhead(batch) is not { } ahead)
        {
            await RunAsync(batch);
            return;
        }

        Attempt? lost = null;
        try
        {
            await using var connection = await _dataSource.OpenConnectionAsync(_stop.Token);
            await AppendExecutor.WriteAheadAsync(connection, ahead.Plan);
            Interlocked.Increment(ref _ahead);
            // Before anything that could fail: what stands is answered, whatever comes after.
            ahead.Attempt.Answer();
            _known.Follow(ahead.Plan.Plan, ahead.Plan.Before);
            _aheadFailures = 0;
            return;
        }
        catch (CommitLostException e)
        {
            lost = ahead.Attempt;
            LogRetried(_logger, e);
        }
        catch (Exception e)
        {
            foreach (var append in ahead.Attempt.Appends)
                append.Undecide();
            LogNotAhead(_logger, e, batch.Count);
        }

        _known.Forget();
        _notAheadFor = Math.Min(_options.MostBatchesNotAhead, 1 << Math.Min(_aheadFailures++, 20));
        await RunAsync(batch, lost);
    }

    /// <summary>Decides a batch on what is known; null when it cannot be, and nothing has happened.</summary>
    private (AheadPlan Plan, Attempt Attempt)? DecideAhead(IReadOnlyList<WaitingAppend> batch)
    {
        if (!_options.DecideAhead || !_known.IsKnown || _stop.IsCancellationRequested || _notAheadFor-- > 0)
            return null;
        _notAheadFor = 0;
        List<WaitingAppend> appends = [.. batch.Where(append => append.TryDecide())];
        try
        {
            if (_known.Plan([.. appends.Select(append => append.Request)], _clock.GetUtcNow()) is { } plan)
                return (plan, new Attempt(appends, new DecidedBatch(plan.Plan, plan.Before, null)));
        }
        catch (Exception e)
        {
            // Nothing has happened yet: the batch is asked about instead, and what was known may be what was wrong.
            LogNotAhead(_logger, e, batch.Count);
            _known.Forget();
        }

        foreach (var append in appends)
            append.Undecide();
        return null;
    }

    // Those just answered often have their next append ready at once: waiting for them lets them into the next batch instead of the one after it.
    // It ends when all are back, when nobody came for a moment, or when it has cost an eighth of what the batch took.
    private async Task GatherAsync(int expected, TimeSpan took)
    {
        expected = Math.Min(expected, _options.MostInBatch);
        var most = TimeSpan.FromTicks(Math.Min(took.Ticks / 8, MostGathering.Ticks));
        var began = Stopwatch.GetTimestamp();
        for (var (count, came) = (0, began); count < expected && Stopwatch.GetElapsedTime(began) < most && Stopwatch.GetElapsedTime(came) < Quiet;)
        {
            await Task.Yield();
            if (_queue.Count is var now && now != count)
                (count, came) = (now, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Answers everybody in the batch, whatever happens.</summary>
    /// <param name="lost">What was sent of it before and may stand.</param>
    private async Task RunAsync(IReadOnlyList<WaitingAppend> batch, Attempt? lost = null)
    {
        try
        {
            await TryAsync(batch, lost);
        }
        catch (PostgresException e) when (batch.Count > 1 && IsOfTheData(e))
        {
            // One caller's data must not fail another's: halves are tried until the one to blame is alone.
            LogBisected(_logger, e, batch.Count);
            foreach (var append in batch)
                append.Undecide();
            var half = batch.Count / 2;
            await RunAsync([.. batch.Take(half)]);
            await RunAsync([.. batch.Skip(half)]);
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("22", StringComparison.Ordinal))
        {
            Fail(batch, new EventDataException($"PostgreSQL refused the data: {e.MessageText}", e));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Fail(batch, new ObjectDisposedException(nameof(PostgresEventLog), "The log was closed before this append was decided; nothing was appended."));
        }
        catch (Exception e)
        {
            Fail(batch, e);
        }
    }

    private async Task TryAsync(IReadOnlyList<WaitingAppend> batch, Attempt? lost)
    {
        var started = _waitClock.GetTimestamp();
        var failures = 0;
        while (true)
        {
            try
            {
                await using var connection = await _dataSource.OpenConnectionAsync(_stop.Token);
                if (lost is not null && await SettleAsync(connection, lost))
                    return;
                lost = null;
                lost = await WriteAsync(connection, batch);
                if (lost is null)
                    return;
            }
            catch (Exception e) when (lost is not null && _waitClock.GetElapsedTime(started) < _options.LookUpFor && IsLostConnection(e))
            {
                LogRetried(_logger, e);
            }
            catch (Exception e) when (lost is not null)
            {
                throw new UnknownCommitException("The connection was lost while the commit was on its way, and what became of it could not be asked.", e);
            }
            catch (Exception e) when ((IsLostConnection(e) || e is PostgresException { SqlState: ['4', '0', ..] }) && failures < _options.RetriesBeforeCommit)
            {
                LogRetried(_logger, e);
                foreach (var append in batch)
                    append.Undecide();
            }

            await WaitAsync(++failures, lost);
        }
    }

    /// <summary>One attempt; null when everybody has an answer, else what was sent and may stand.</summary>
    private async Task<Attempt?> WriteAsync(NpgsqlConnection connection, IReadOnlyList<WaitingAppend> batch)
    {
        var present = batch.Where(append => !append.IsOver).Select(append => append.Request).ToList();
        if (present.Count == 0)
            return null;
        IReadOnlyList<WaitingAppend> appends = [];
        var decided = await AppendExecutor.DecideAsync(
            connection,
            present,
            () => [.. (appends = [.. batch.Where(append => append.TryDecide())]).Select(append => append.Request)],
            _clock,
            _stop.Token);
        var attempt = new Attempt(appends, decided);
        try
        {
            await AppendExecutor.WriteAsync(connection, decided.Plan);
        }
        catch (CommitLostException e)
        {
            _known.Forget();
            LogRetried(_logger, e);
            return attempt;
        }

        attempt.Answer();
        _known.Follow(decided.Plan, decided.Before);
        return null;
    }

    /// <summary>True when everybody has an answer; false when nothing of it stands and it is to be made again.</summary>
    private async Task<bool> SettleAsync(NpgsqlConnection connection, Attempt lost)
    {
        if (await AppendExecutor.StandsAsync(connection, lost.Decided, _stop.Token))
        {
            lost.Answer();
            return true;
        }

        foreach (var append in lost.Appends)
            append.Undecide();
        return false;
    }

    private async Task WaitAsync(int failures, Attempt? lost)
    {
        try
        {
            await Task.Delay(PostgresEventLogOptions.Backoff(failures), _waitClock, _stop.Token);
        }
        catch (OperationCanceledException) when (lost is not null)
        {
            throw new UnknownCommitException("The connection was lost while the commit was on its way, and the log was closed before it was known what became of it.");
        }
    }

    private static void Fail(IReadOnlyList<WaitingAppend> batch, Exception exception)
    {
        foreach (var append in batch)
            append.Fail(exception);
    }

    private static bool IsOfTheData(PostgresException e) => e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState.StartsWith("23", StringComparison.Ordinal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A batch of appends lost its connection and is tried again.")]
    private static partial void LogRetried(ILogger logger, Exception e);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A batch of {Count} appends that was decided ahead did not stand and is decided again.")]
    private static partial void LogNotAhead(ILogger logger, Exception e, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "PostgreSQL refused data in a batch of {Count} appends; it is taken apart to find whose.")]
    private static partial void LogBisected(ILogger logger, Exception e, int count);

    /// <summary>What was decided for whom.</summary>
    private sealed record Attempt(IReadOnlyList<WaitingAppend> Appends, DecidedBatch Decided)
    {
        public void Answer()
        {
            for (var i = 0; i < Appends.Count; i++)
                Appends[i].Complete(Decided.Plan.Results[i]);
        }
    }
}
