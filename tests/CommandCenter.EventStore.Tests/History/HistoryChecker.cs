using CommandCenter.FaultNode;

namespace CommandCenter.EventStore.Tests.History;

/// <summary>An event as it stands in the log at the end.</summary>
/// <param name="Operation">Written into its data, with its number within the operation.</param>
/// <param name="Message">Whether its operation wrote a message for the outside beside it.</param>
public sealed record Standing(long Position, Guid Id, string Stream, long Version, DateTimeOffset RecordedAt, string Operation, int Number, bool Message = false);

/// <summary>A timer that an operation set, and what an operation that cancelled it was told; null: nobody cancelled it.</summary>
public sealed record TimerLife(string Timer, string SetBy, string? CancelledBy);

/// <summary>Everything that was seen of one run.</summary>
/// <param name="Followers">What each follower was handed, in its order.</param>
/// <param name="Projected">The rows of the projection's table.</param>
/// <param name="Checkpoint">The projection's.</param>
/// <param name="Messages">The keys of the outbox, nothing of which was sent.</param>
public sealed record RunHistory(
    IReadOnlyList<Attempt> Attempts,
    IReadOnlyList<Standing> Log,
    IReadOnlyList<IReadOnlyList<(long Position, Guid Id)>> Followers,
    IReadOnlyList<(long Position, string Stream, long Version)> Projected,
    long Checkpoint,
    IReadOnlyList<TimerLife> Timers,
    IReadOnlyList<string> Messages);

/// <summary>What the log promises, held against what was seen. Pure.</summary>
public static class HistoryChecker
{
    public static IReadOnlyList<string> Check(RunHistory history) =>
    [
        .. Positions(history), .. Times(history), .. Versions(history), .. Operations(history), .. Receipts(history), .. Followers(history), .. Projection(history), .. Timers(history), .. Outbox(history),
    ];

    private static IEnumerable<string> Positions(RunHistory history) => history.Log
        .Where((e, index) => e.Position != index + 1)
        .Take(1).Select(e => $"positions are not dense: {e.Position} stands where another should");

    private static IEnumerable<string> Times(RunHistory history) => history.Log.Zip(history.Log.Skip(1))
        .Where(pair => pair.First.RecordedAt >= pair.Second.RecordedAt)
        .Select(pair => $"recorded time does not rise from position {pair.First.Position} to {pair.Second.Position}");

    private static IEnumerable<string> Versions(RunHistory history) => history.Log.GroupBy(e => e.Stream)
        .Where(stream => !stream.Select(e => e.Version).SequenceEqual(Enumerable.Range(1, stream.Count()).Select(version => (long)version)))
        .Select(stream => $"versions of {stream.Key} are not dense");

    // Wholly or not at all, and once.
    private static IEnumerable<string> Operations(RunHistory history)
    {
        var standing = history.Log.ToLookup(e => e.Operation);
        var attempts = history.Attempts.ToLookup(attempt => attempt.Operation);
        foreach (var operation in attempts)
        {
            var events = standing[operation.Key].ToList();
            var whole = events.Select(e => e.Number).SequenceEqual(Enumerable.Range(0, operation.First().Events));
            var told = operation.Select(attempt => attempt.Told).ToHashSet();
            if (events.Count > 0 && !whole)
                yield return $"{operation.Key} stands in part or twice: {string.Join(',', events.Select(e => e.Number))} of {operation.First().Events}";
            if (told.Contains(Told.Acknowledged) && !whole)
                yield return $"{operation.Key} was acknowledged and does not stand";
            if (!told.Contains(Told.Acknowledged) && !told.Contains(Told.Unknown) && events.Count > 0)
                yield return $"{operation.Key} was refused or failed and stands";
        }

        foreach (var operation in standing.Where(operation => !attempts.Contains(operation.Key)))
            yield return $"{operation.Key} stands and nobody asked for it";
    }

    private static IEnumerable<string> Receipts(RunHistory history)
    {
        var last = history.Log.GroupBy(e => e.Operation).ToDictionary(operation => operation.Key, operation => operation.Max(e => e.Position));
        foreach (var attempt in history.Attempts.Where(attempt => attempt is { Told: Told.Acknowledged, Events: > 0 }))
            if (last.TryGetValue(attempt.Operation, out var position) && position != attempt.LastPosition)
                yield return $"{attempt.Operation} stands at {position} and its receipt says {attempt.LastPosition}";
    }

    private static IEnumerable<string> Followers(RunHistory history)
    {
        var log = history.Log.Select(e => (e.Position, e.Id)).ToList();
        for (var follower = 0; follower < history.Followers.Count; follower++)
            if (!history.Followers[follower].SequenceEqual(log))
                yield return $"follower {follower} saw another order or other events than the log: {FirstDifference(history.Followers[follower], log)}";
    }

    private static IEnumerable<string> Projection(RunHistory history)
    {
        if (!history.Projected.Order().SequenceEqual(history.Log.Select(e => (e.Position, e.Stream, e.Version))))
            yield return "the projection's rows are not the log's events";
        if (history.Checkpoint != history.Log.Count)
            yield return $"the checkpoint is {history.Checkpoint}, the log's head {history.Log.Count}";
    }

    private static IEnumerable<string> Timers(RunHistory history)
    {
        var standing = history.Log.ToLookup(e => e.Operation);
        var told = history.Attempts.ToLookup(attempt => attempt.Operation);
        foreach (var timer in history.Timers)
        {
            var set = standing[timer.SetBy].Any();
            var firings = standing[ClientPlan.FiringOf(timer.Timer)].ToList();
            if (firings.Count > 1)
                yield return $"timer {timer.Timer} had {firings.Count} outcomes";
            if (!set && firings.Count > 0)
                yield return $"timer {timer.Timer} fired and was never set";
            // Cancelling what is not set yet cancels nothing.
            var cancelled = set && timer.CancelledBy is { } by && standing[by].Any() && standing[by].Max(e => e.Position) > standing[timer.SetBy].Max(e => e.Position);
            if (set && !cancelled && firings.Count == 0)
                yield return $"timer {timer.Timer} was set and never fired";
            if (cancelled && firings.Any(firing => firing.Position > standing[timer.CancelledBy!].Max(e => e.Position)))
                yield return $"timer {timer.Timer} fired after it was cancelled";
        }
    }

    private static IEnumerable<string> Outbox(RunHistory history)
    {
        var waiting = history.Messages.CountBy(key => key).ToDictionary();
        var written = history.Log.Where(e => e.Message).Select(e => e.Operation).ToHashSet();
        foreach (var operation in written.Where(operation => !waiting.ContainsKey(operation)))
            yield return $"{operation} stands and its message is gone";
        foreach (var (operation, count) in waiting)
        {
            if (!written.Contains(operation))
                yield return $"the message of {operation} waits and its event does not stand";
            else if (count > 1)
                yield return $"the message of {operation} waits {count} times";
        }
    }

    private static string FirstDifference(IReadOnlyList<(long Position, Guid Id)> seen, List<(long Position, Guid Id)> log)
    {
        var at = seen.Zip(log).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"after {at} of {log.Count} it saw {(at < seen.Count ? seen[at].Position.ToString(System.Globalization.CultureInfo.InvariantCulture) : "nothing")}";
    }
}
