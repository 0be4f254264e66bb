using System.Collections.Concurrent;

namespace CommandCenter.FaultNode;

/// <summary>What happened to a node, over all its lives. Thread-safe.</summary>
public sealed class Facts : IFacts
{
    private readonly ConcurrentDictionary<long, (string Operation, int Events)> _open = new();

    /// <summary>What was asked for and answered, or cut off.</summary>
    public ConcurrentQueue<Attempt> Attempts { get; } = new();

    /// <summary>What the follower was handed, in its order.</summary>
    public ConcurrentQueue<(long Position, Guid Id)> Seen { get; } = new();

    /// <summary>The operation that sets each timer.</summary>
    public ConcurrentDictionary<string, string> SetBy { get; } = new();

    /// <summary>The operation that cancels a timer.</summary>
    public ConcurrentDictionary<string, string> CancelledBy { get; } = new();

    public void Asked(long number, string operation, int events)
    {
        if (!_open.TryAdd(number, (operation, events)))
            throw new InvalidOperationException($"Attempt {number} is under way already: {operation}.");
    }

    public void Told(long number, Told told, long lastPosition)
    {
        if (!_open.TryRemove(number, out var asked))
            throw new InvalidOperationException($"Attempt {number} was answered and never asked.");
        Attempts.Enqueue(new Attempt(asked.Operation, asked.Events, told, lastPosition));
    }

    public void Saw(long position, Guid id) => Seen.Enqueue((position, id));

    public void Sets(string timer, string operation) => SetBy[timer] = operation;

    public void Cancels(string timer, string operation) => CancelledBy[timer] = operation;

    /// <summary>The node was killed: what it had asked for may stand or not.</summary>
    public void Cut()
    {
        foreach (var number in _open.Keys.Order().ToList())
            Told(number, FaultNode.Told.Unknown, 0);
    }
}
