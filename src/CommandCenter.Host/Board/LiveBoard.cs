using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Microsoft.AspNetCore.SignalR;

namespace CommandCenter.Host.Board;

/// <summary>
/// This node's board: follows the log, folds it in memory and sends each watched scope what changed. At once when idle, at most ten frames a second when busy; also
/// when only the clock moved, and every five seconds as a sign of life.
/// </summary>
public sealed partial class LiveBoard(
    IEventLog log,
    CaseStreams streams,
    ReadPositions positions,
    OrganizationDirectory organization,
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
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<AreaCode, Watched> _watched = [];
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);
    private BoardFold _fold = new(organization);
    private LogPosition _position;
    private int _parked;
    private long _lastReadTicks;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Watched(BoardView last)
    {
        public BoardView Last { get; set; } = last;
        public int Walls { get; set; }
    }

    /// <summary>The last event folded.</summary>
    public LogPosition Position => _position;

    /// <summary>Whether the board held everything that was in the log when the host started.</summary>
    public bool IsCaughtUp { get; private set; }

    /// <summary>When the log last answered this board.</summary>
    public DateTimeOffset LastReadAt => new(Interlocked.Read(ref _lastReadTicks), TimeSpan.Zero);

    private bool IsSilent => clock.GetUtcNow() - LastReadAt > SilentAfter;

    /// <summary>Ready once caught up after the start; silence of the log afterwards is reported, and no reason to leave the town without its board.</summary>
    public HealthCheck Check()
    {
        if (!IsCaughtUp)
            return new HealthCheck("board", "failed", "The board is still catching up.");
        return IsSilent ? new HealthCheck("board", "degraded", "The log does not answer; the board shows its last moment.") : new HealthCheck("board", "ok", Position.ToString());
    }

    /// <summary>The group of a scope's walls.</summary>
    public static string GroupOf(AreaCode scope) => $"board:{scope}";

    /// <summary>The board of a scope now.</summary>
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
    /// <exception cref="Http.ProblemException">It did not get there in five seconds.</exception>
    public async Task ReachedAsync(LogPosition? position, CancellationToken cancellation)
    {
        if (position is not { } wanted)
            return;
        var until = pacing.Clock.GetTimestamp();
        while (_position.Epoch < wanted.Epoch || (_position.Epoch == wanted.Epoch && _position.Position < wanted.Position))
        {
            if (pacing.Clock.GetElapsedTime(until) > HeartbeatEvery)
                throw Http.Problems.PositionNotReached();
            await Task.WhenAny(Volatile.Read(ref _changed).Task, Task.Delay(FrameEvery, pacing.Clock, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Counts a wall in and gives it the frame that the next delta follows.</summary>
    public async Task<BoardView> WatchAsync(AreaCode scope, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (!_watched.TryGetValue(scope, out var watched))
                _watched[scope] = watched = new Watched(Make(scope, 1));
            watched.Walls++;
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
            if (_watched.TryGetValue(scope, out var watched) && --watched.Walls == 0)
                _watched.Remove(scope);
        }
        finally
        {
            _gate.Release();
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(FollowAsync(stoppingToken), SendAsync(stoppingToken), ProbeAsync(stoppingToken));

    private async Task FollowAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var head = (await log.HeadAsync(cancellation)).Last;
                await StartAnewAsync(head.Epoch, cancellation);
                IsCaughtUp = head.Position == 0;
                Interlocked.Exchange(ref _lastReadTicks, clock.GetUtcNow().Ticks);
                await foreach (var events in log.FollowAsync(_position, cancellation))
                {
                    await ApplyAsync(events, cancellation);
                    IsCaughtUp |= _position.Position >= head.Position;
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

    private async Task StartAnewAsync(int epoch, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            _fold = new BoardFold(organization);
            _broken.Clear();
            _position = new LogPosition(epoch, 0);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task ApplyAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            foreach (var stored in events)
            {
                Apply(stored);
                _position = stored.Position;
            }
        }
        finally
        {
            _gate.Release();
        }

        Interlocked.Exchange(ref _lastReadTicks, clock.GetUtcNow().Ticks);
        Volatile.Read(ref _changed).TrySetResult();
    }

    // One stream that cannot be folded is left out and said to be so; the town keeps its board.
    private void Apply(StoredEvent stored)
    {
        if (stored.Stream.Category != "case" || _broken.Contains(stored.Stream.Id))
            return;
        try
        {
            _fold.Apply(stored.Stream.Id, stored.StreamVersion, stored.Position.Position, stored.Type, streams.FactOf<CaseEvent>(stored));
        }
        catch (Exception e)
        {
            _broken.Add(stored.Stream.Id);
            LogBroken(logger, e, stored.Stream.ToString(), stored.Position.ToString());
        }
    }

    private async Task SendAsync(CancellationToken cancellation)
    {
        var forgotAt = clock.GetUtcNow();
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var changed = Volatile.Read(ref _changed).Task;
                await Task.WhenAny(changed, Task.Delay(ClockEvery, pacing.Clock, cancellation));
                cancellation.ThrowIfCancellationRequested();
                if (changed.IsCompleted)
                    Volatile.Write(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

                foreach (var delta in await NextFramesAsync(cancellation))
                    await hub.Clients.Group(GroupOf(delta.Scope)).SendAsync("delta", delta, cancellation);

                if (clock.GetUtcNow() - forgotAt > ForgetEvery)
                {
                    forgotAt = clock.GetUtcNow();
                    await ForgetAsync(forgotAt, cancellation);
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

    private async Task<List<BoardDelta>> NextFramesAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            var deltas = new List<BoardDelta>();
            if (IsSilent)
                return deltas;
            foreach (var (scope, watched) in _watched)
            {
                var next = Make(scope, watched.Last.Frame + 1);
                if (BoardDeltas.Between(watched.Last, next) is { } delta)
                    deltas.Add(delta);
                else if (next.At - watched.Last.At >= HeartbeatEvery)
                    deltas.Add(new BoardDelta(scope, watched.Last.Position, next.Position, next.Frame, next.At));
                else
                    continue;
                watched.Last = next;
            }

            return deltas;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task ForgetAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            _fold.Forget(now);
        }
        finally
        {
            _gate.Release();
        }
    }

    // An idle log says nothing; so it is asked, and a board whose log is silent does not pretend to be of this moment.
    private async Task ProbeAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await log.HeadAsync(cancellation);
                var parked = 0;
                foreach (var runner in positions.Runners.Values)
                    parked += (await runner.ParkedAsync(cancellation)).Count;
                Volatile.Write(ref _parked, parked);
                Interlocked.Exchange(ref _lastReadTicks, clock.GetUtcNow().Ticks);
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

    private BoardView Make(AreaCode scope, long frame) =>
        _fold.View(scope, _position.ToString(), frame, AsOf(), Volatile.Read(ref _parked) + _broken.Count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log's epoch changed; the board is folded anew")]
    private static partial void LogEpoch(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The board could not read the log and tries again")]
    private static partial void LogFollowFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log does not answer the board")]
    private static partial void LogSilent(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The board could not send a frame")]
    private static partial void LogSendFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The board leaves out {Stream}: the event at {Position} cannot be folded")]
    private static partial void LogBroken(ILogger logger, Exception exception, string stream, string position);
}

/// <summary>What one frame of a board has over the one before.</summary>
public static class BoardDeltas
{
    /// <summary>Null when nothing but position and clock differs: what happened elsewhere is no news for this scope.</summary>
    public static BoardDelta? Between(BoardView before, BoardView after)
    {
        var panels = after.Sectors.Where((panel, i) => !Same(panel, before.Sectors[i])).ToList();
        var newest = before.Feed.Count > 0 ? before.Feed[0].Position : 0;
        var feed = after.Feed.TakeWhile(item => item.Position > newest).ToList();
        var delta = new BoardDelta(
            after.Scope, before.Position, after.Position, after.Frame, after.At,
            before.Today == after.Today ? null : after.Today,
            before.Open == after.Open ? null : after.Open,
            before.Overdue == after.Overdue ? null : after.Overdue,
            panels.Count == 0 ? null : panels,
            feed.Count == 0 ? null : feed,
            before.Parked == after.Parked ? null : after.Parked);
        return delta is { Today: null, Open: null, Overdue: null, Sectors: null, Feed: null, Parked: null } ? null : delta;
    }

    private static bool Same(SectorPanel a, SectorPanel b) =>
        a == b with { Urgent = a.Urgent } && a.Urgent.SequenceEqual(b.Urgent);
}
