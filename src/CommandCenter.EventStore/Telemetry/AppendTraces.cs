using System.Diagnostics;

namespace CommandCenter.EventStore;

/// <summary>
/// Which traces the last appends of this process belong to, by where they stand in the log: whoever follows the log goes on with them. Only appends that somebody traces are remembered, and only
/// so many; on another node a trace ends with the append.
/// </summary>
public sealed class AppendTraces
{
    private const int Most = 1_024;

    private readonly Lock _gate = new();
    private readonly Queue<(LogPosition Last, ActivityContext Trace)> _recent = new();

    /// <param name="last">The append's last event.</param>
    internal void Remember(LogPosition last, ActivityContext trace)
    {
        lock (_gate)
        {
            _recent.Enqueue((last, trace));
            if (_recent.Count > Most)
                _recent.Dequeue();
        }
    }

    /// <summary>Those of the appends that end after a position and not after another, in the order of their answers.</summary>
    public IReadOnlyList<ActivityContext> Between(LogPosition after, LogPosition upTo)
    {
        lock (_gate)
            return _recent.Count == 0 ? [] : [.. _recent.Where(append => !after.HasReached(append.Last) && upTo.HasReached(append.Last)).Select(append => append.Trace)];
    }
}
