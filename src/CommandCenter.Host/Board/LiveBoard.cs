using System.Diagnostics;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Microsoft.AspNetCore.SignalR;
using Npgsql;

namespace CommandCenter.Host.Board;

/// <summary>
/// This node's board: follows the log, folds it in memory and sends each watched scope what changed. At once when idle, at most ten frames a second when busy; also
/// when only the clock moved, and every five seconds as a sign of life.
/// </summary>
public sealed partial class LiveBoard(
    BoardSources sources,
    BoardSnapshots snapshots,
    AppendTraces traces,
    WallCount walls,
    TimeProvider clock,
    Pacing pacing,
    IHubContext<BoardHub> hub,
    ILogger<LiveBoard> logger) : BackgroundService, IReadinessCheck
{
    private static readonly TimeSpan FrameEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ClockEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(8);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<AreaCode, Watched> _watched = [];
    private volatile FoldedLog? _board;
    private int _parked;
    private long _lastReadTicks;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Watched(BoardView last, long sentAt)
    {
        public BoardView Last { get; set; } = last;

        /// <summary>By the clock that waits are measured by: the other may be set back.</summary>
        public long SentAt { get; set; } = sentAt;
        public int Walls { get; set; }
    }

    /// <summary>When the log last answered this board.</summary>
    public DateTimeOffset LastReadAt => new(Interlocked.Read(ref _lastReadTicks), TimeSpan.Zero);

    private bool IsSilent => clock.GetUtcNow() - LastReadAt > SilentAfter;

    /// <summary>Ready once caught up after the start; silence of the log afterwards is reported, and no reason to leave the town without its board.</summary>
    public HealthCheck Check()
    {
        if (_board is not { } board)
            return new HealthCheck("board", "failed", "The board is still catching up.");
        return IsSilent ? new HealthCheck("board", "degraded", "The log does not answer; the board shows its last moment.") : new HealthCheck("board", "ok", board.Position.ToString());
    }

    /// <summary>The group of a scope's walls.</summary>
    public static string GroupOf(AreaCode scope) => $"board:{scope}";

    /// <summary>The board of a scope now.</summary>
    /// <exception cref="ProblemException">The log is still being folded: a half-folded board would pass for the truth.</exception>
    public async Task<BoardView> ViewAsync(AreaCode scope, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            // Made anew: the last frame of a watched scope may lie before the position that the caller has waited for.
            return Make(scope, _watched.TryGetValue(scope, out var watched) ? watched.Last.Frame : 0);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Returns once the board holds a position; at once when none is asked for.</summary>
    /// <exception cref="ProblemException">It did not get there in five seconds.</exception>
    public async Task ReachedAsync(LogPosition? position, CancellationToken cancellation)
    {
        if (position is not { } wanted)
            return;
        var until = pacing.Clock.GetTimestamp();
        while (_board?.Position.HasReached(wanted) != true)
        {
            if (pacing.Clock.GetElapsedTime(until) > HeartbeatEvery)
                throw Problems.PositionNotReached();
            await Task.WhenAny(Volatile.Read(ref _changed).Task, Task.Delay(FrameEvery, pacing.Clock, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Counts a wall in and gives it the frame that the next delta follows.</summary>
    /// <exception cref="ProblemException">The log is still being folded.</exception>
    public async Task<BoardView> WatchAsync(AreaCode scope, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (!_watched.TryGetValue(scope, out var watched))
                _watched[scope] = watched = new Watched(Make(scope, 1), pacing.Clock.GetTimestamp());
            watched.Walls++;
            walls.Came();
            return watched.Last;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Counts a wall out; a scope that nobody watches costs nothing.</summary>
    public async Task UnwatchAsync(AreaCode scope)
    {
        await _gate.WaitAsync();
        try
        {
            if (!_watched.TryGetValue(scope, out var watched))
                return;
            walls.Went();
            if (--watched.Walls == 0)
                _watched.Remove(scope);
        }
        finally
        {
            _gate.Release();
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(FollowAsync(stoppingToken), SendAsync(stoppingToken), ProbeAsync(stoppingToken));

    // The log is folded aside and put up once it is whole: nobody is shown a half-folded board.
    private async Task FollowAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var head = (await sources.Log.HeadAsync(cancellation)).Last;
                var next = await snapshots.UpToAsync(head, cancellation);
                if (next.Position.Position == head.Position)
                    await PutUpAsync(next, cancellation);
                // Also when nothing is new: a board whose follower hangs does not pass for the present one.
                var heartbeat = new Heartbeat(clock, () => Interlocked.Exchange(ref _lastReadTicks, clock.GetUtcNow().Ticks));
                await foreach (var events in sources.Log.FollowAsync(next.Position, heartbeat, cancellation))
                {
                    await ApplyAsync(next, events, cancellation);
                    if (_board != next && next.Position.Position >= head.Position)
                        await PutUpAsync(next, cancellation);
                }
            }
            catch (EpochChangedException e)
            {
                LogEpoch(logger, e);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                LogFollowFailed(logger, e);
                await Task.Delay(ClockEvery, pacing.Clock, cancellation);
            }
        }
    }

    private async Task PutUpAsync(FoldedLog next, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            _board = next;
        }
        finally
        {
            _gate.Release();
        }

        Heard();
    }

    private async Task ApplyAsync(FoldedLog board, IReadOnlyList<StoredEvent> events, CancellationToken cancellation)
    {
        await sources.Organization.ReachedAsync(events[^1].Position, cancellation);
        for (var at = 0; at < events.Count;)
        {
            await _gate.WaitAsync(cancellation);
            try
            {
                do
                    await board.ApplyAsync(events[at], cancellation);
                while (++at < events.Count && !snapshots.IsDue(board));
            }
            finally
            {
                _gate.Release();
            }

            if (snapshots.IsDue(board))
                await SaveAsync(board, cancellation);
        }

        Heard();
    }

    // Only this task changes the fold, so it is read without the gate. Without a snapshot the next start takes longer, and nothing else.
    private async Task SaveAsync(FoldedLog board, CancellationToken cancellation)
    {
        try
        {
            await snapshots.SaveAsync(board, cancellation);
        }
        catch (NpgsqlException e)
        {
            LogNotSaved(logger, e, board.Position.ToString());
        }
    }

    private void Heard()
    {
        Interlocked.Exchange(ref _lastReadTicks, clock.GetUtcNow().Ticks);
        Volatile.Read(ref _changed).TrySetResult();
    }

    private async Task SendAsync(CancellationToken cancellation)
    {
        var sent = new List<(BoardDelta Delta, DateTime Began, DateTime Ended)>();
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var changed = Volatile.Read(ref _changed).Task;
                await Task.WhenAny(changed, Task.Delay(ClockEvery, pacing.Clock, cancellation));
                cancellation.ThrowIfCancellationRequested();
                if (changed.IsCompleted)
                    Volatile.Write(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

                Trace(sent);
                sent.Clear();
                foreach (var delta in await NextFramesAsync(cancellation))
                {
                    var began = pacing.Clock.GetUtcNow().UtcDateTime;
                    await hub.Clients.Group(GroupOf(delta.Scope)).SendAsync("delta", delta, cancellation);
                    if (HostTelemetry.Source.HasListeners())
                        sent.Add((delta, began, pacing.Clock.GetUtcNow().UtcDateTime));
                }

                await Task.Delay(FrameEvery, pacing.Clock, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                LogSendFailed(logger, e);
                await Task.Delay(ClockEvery, pacing.Clock, cancellation);
            }
        }
    }

    // A moment later: a delta may be on its way before whoever appended has heard that it stands.
    private void Trace(List<(BoardDelta Delta, DateTime Began, DateTime Ended)> sent)
    {
        foreach (var (delta, began, ended) in sent)
        {
            if (!LogPosition.TryParse(delta.From, out var from) || !LogPosition.TryParse(delta.To, out var to) || traces.Between(from, to) is not { Count: > 0 } causes)
                continue;
            using var activity = HostTelemetry.Source.StartActivity(
                "board delta", ActivityKind.Producer, causes[0], [new("commandcenter.scope", delta.Scope.Value), new("commandcenter.frame", delta.Frame), new("commandcenter.position", delta.To)],
                causes.Skip(1).Select(cause => new ActivityLink(cause)), began);
            activity?.SetEndTime(ended);
        }
    }

    private async Task<List<BoardDelta>> NextFramesAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            var deltas = new List<BoardDelta>();
            if (IsSilent || _board is null)
                return deltas;
            foreach (var (scope, watched) in _watched)
            {
                var next = Make(scope, watched.Last.Frame + 1);
                if (BoardDeltas.Between(watched.Last, next) is { } delta)
                    deltas.Add(delta);
                else if (pacing.Clock.GetElapsedTime(watched.SentAt) >= HeartbeatEvery)
                    deltas.Add(new BoardDelta(scope, watched.Last.Position, next.Position, next.Frame, next.At));
                else
                    continue;
                (watched.Last, watched.SentAt) = (next, pacing.Clock.GetTimestamp());
            }

            return deltas;
        }
        finally
        {
            _gate.Release();
        }
    }

    // What the read tables leave out or lack is shown with everything else.
    private async Task ProbeAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                Volatile.Write(ref _parked, (int)await ProjectionStates.TroubleAsync(sources.Database, cancellation));
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                LogSilent(logger, e);
            }

            await Task.Delay(ProbeEvery, pacing.Clock, cancellation);
        }
    }

    /// <summary>The instant that the board speaks of: now, or when the log last answered.</summary>
    private DateTimeOffset AsOf() => IsSilent ? LastReadAt : clock.GetUtcNow();

    private BoardView Make(AreaCode scope, long frame)
    {
        var board = _board ?? throw new ProblemException(503, "board.catching_up", new("看板正在准备数据，请稍候。", "The board is being prepared; try again in a moment.")) { RetryAfterSeconds = 1 };
        return board.Fold.View(scope, board.Position.ToString(), frame, AsOf(), Volatile.Read(ref _parked));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log's epoch changed; the board is folded anew")]
    private static partial void LogEpoch(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The board could not read the log and tries again")]
    private static partial void LogFollowFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What the read tables leave out could not be asked for the board")]
    private static partial void LogSilent(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The board could not send a frame")]
    private static partial void LogSendFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The board's snapshot at {Position} could not be stored")]
    private static partial void LogNotSaved(ILogger logger, Exception exception, string position);
}
