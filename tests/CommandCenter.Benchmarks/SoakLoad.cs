using System.Diagnostics;
using System.Globalization;
using CommandCenter.EventStore;

namespace CommandCenter.Benchmarks;

/// <summary>
/// Commands at a fixed rate, whether or not the log keeps up: every second one reports a new case, every other reads a case, decides and appends with the version it saw.
/// Each sets, moves or cancels a timer, and every fourth leaves an outbox message.
/// </summary>
internal sealed class SoakLoad(PostgresEventLog log, int rate)
{
    private const string Saga = "case_deadlines";

    // The cases that appends go to. Their number is bounded, so that what the load remembers does not grow.
    private const int MostOpen = 20_000;

    private static readonly NewEvent Moved = Machine.Reported with { Type = "case_moved" };
    private static readonly NewEvent Warned = Machine.Reported with { Type = "case_warned" };

    /// <summary>The kind of the messages that one in four commands sends.</summary>
    public const string OutboxKind = "notice";

    private readonly Lock _gate = new();
    private readonly long[] _open = new long[MostOpen];
    private readonly Random _random = new(20_261_125);
    private List<double> _times = [];
    private int _opened;
    private long _committed;
    private long _conflicts;
    private long _fired;
    private long _done;

    /// <summary>The last position that some command knows to be committed.</summary>
    public long Committed => Interlocked.Read(ref _committed);

    /// <summary>How often a case had moved on between reading and appending, so that the command was decided again.</summary>
    public long Conflicts => Interlocked.Read(ref _conflicts);

    public long Fired => Interlocked.Read(ref _fired);

    public long Done => Interlocked.Read(ref _done);

    /// <summary>Milliseconds from due to committed of every command since the last call, ascending.</summary>
    public List<double> TakeTimes()
    {
        lock (_gate)
        {
            var taken = _times;
            _times = new List<double>(taken.Count);
            taken.Sort();
            return taken;
        }
    }

    /// <summary>Issues commands until cancelled, then waits for those under way.</summary>
    /// <exception cref="InvalidOperationException">A command failed.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = Stopwatch.GetTimestamp();
        var underWay = 0;
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        for (var number = 0L; !stop.IsCancellationRequested && !failed.Task.IsCompleted;)
        {
            for (; Stopwatch.GetElapsedTime(started).TotalSeconds * rate >= number; number++)
            {
                var (mine, due) = (number, started + (long)(number * (double)Stopwatch.Frequency / rate));
                var command = Draw(mine);
                Interlocked.Increment(ref underWay);
                _ = Task.Run(async () =>
                {
                    try
                    {
                        await command();
                        Interlocked.Increment(ref _done);
                        lock (_gate)
                            _times.Add(Stopwatch.GetElapsedTime(due).TotalMilliseconds);
                    }
                    catch (Exception e)
                    {
                        failed.TrySetException(new InvalidOperationException($"Command {mine} failed: {e.Message}", e));
                    }
                    finally
                    {
                        Interlocked.Decrement(ref underWay);
                    }
                }, CancellationToken.None);
            }

            await ticks.WaitForNextTickAsync(CancellationToken.None);
        }

        while (Volatile.Read(ref underWay) > 0)
            await ticks.WaitForNextTickAsync(CancellationToken.None);
        if (failed.Task.IsCompleted)
            await failed.Task;
    }

    /// <summary>What a due timer causes: one event on its case, which consumes it.</summary>
    public async Task FireAsync(DueTimer timer, CancellationToken cancellation)
    {
        var result = await log.AppendAsync(
            new AppendRequest([new StreamAppend(StreamKey.Of("case", timer.Key.SagaId), "case", new ExpectedVersion.Any(), [Warned])], Fired: timer), cancellation);
        // Lost is a timer that a command moved or cancelled meanwhile.
        if (result is not (AppendResult.Appended or AppendResult.TimerLost))
            throw new InvalidOperationException($"The append of a timer was answered {result}.");
        if (result is AppendResult.Appended appended)
        {
            Saw(appended.Receipt);
            Interlocked.Increment(ref _fired);
        }
    }

    // By one thread in order, so that the same seed draws the same commands.
    private Func<Task> Draw(long number)
    {
        var seconds = 1 + _random.NextDouble() * 29;
        var change = _random.Next(3);
        int opened;
        lock (_gate)
            opened = Math.Min(_opened, MostOpen);
        if (number % 2 == 0 || opened == 0)
            return () => ReportAsync(number, seconds);
        long target;
        lock (_gate)
            target = _open[_random.Next(opened)];
        return () => MoveAsync(number, target, change, seconds);
    }

    private async Task ReportAsync(long number, double seconds)
    {
        var id = Id(number);
        var result = await log.AppendAsync(new AppendRequest(
            [new StreamAppend(StreamKey.Of("case", id), "case", new ExpectedVersion.NoStream(), [Machine.Reported])],
            Command(number), [new TimerChange.Set(Handle(id), Due(seconds))], Outbox: Messages(number, id)));
        if (result is not AppendResult.Appended appended)
            throw new InvalidOperationException($"The append was answered {result}.");
        Saw(appended.Receipt);
        lock (_gate)
            _open[_opened++ % MostOpen] = number;
    }

    private async Task MoveAsync(long number, long target, int change, double seconds)
    {
        var id = Id(target);
        var stream = StreamKey.Of("case", id);
        TimerChange timer = change switch
        {
            0 => new TimerChange.Cancel(Handle(id)),
            1 => new TimerChange.Set(Handle(id), Due(seconds)),
            _ => new TimerChange.Set(new TimerKey(Saga, id, "verify/due", 1), Due(seconds)),
        };
        while (true)
        {
            var events = await log.ReadStreamAsync(stream);
            var result = await log.AppendAsync(new AppendRequest(
                [new StreamAppend(stream, "case", ExpectedVersion.After(events[^1].StreamVersion), [Moved])], Command(number), [timer], Outbox: Messages(number, id)));
            switch (result)
            {
                case AppendResult.Appended appended:
                    Saw(appended.Receipt);
                    return;
                case AppendResult.VersionConflict:
                    Interlocked.Increment(ref _conflicts);
                    break;
                default:
                    throw new InvalidOperationException($"The append was answered {result}.");
            }
        }
    }

    private void Saw(AppendReceipt receipt)
    {
        var position = receipt.Last.Position;
        for (var before = Committed; position > before;)
        {
            var found = Interlocked.CompareExchange(ref _committed, position, before);
            if (found == before)
                return;
            before = found;
        }
    }

    private static DateTimeOffset Due(double seconds) => TimeProvider.System.GetUtcNow().AddSeconds(seconds);

    private static TimerKey Handle(string id) => new(Saga, id, "handle/due", 1);

    private static OutboxMessage[]? Messages(long number, string id) => number % 4 == 0 ? [new OutboxMessage(OutboxKind, id, Machine.Data)] : null;

    private static CommandId Command(long number)
    {
        var hash = new byte[32];
        BitConverter.TryWriteBytes(hash, number);
        return new CommandId("p-17", Id(number), hash);
    }

    private static string Id(long number) => number.ToString("x32", CultureInfo.InvariantCulture);
}
