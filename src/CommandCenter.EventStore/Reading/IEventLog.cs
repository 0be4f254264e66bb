namespace CommandCenter.EventStore;

/// <summary>Where the log ends, and the tree over it.</summary>
/// <param name="Last">The last event's position.</param>
/// <param name="TreeRoot">The RFC 9162 tree head over the leaves 1…Last, 32 bytes.</param>
/// <param name="RecordedAt">The last event's recorded time, or null for an empty log.</param>
public sealed record LogHead(LogPosition Last, ReadOnlyMemory<byte> TreeRoot, DateTimeOffset? RecordedAt);

/// <summary>The port to the event log. Every engine passes the same contract suite.</summary>
public interface IEventLog
{
    /// <summary>Appends all or nothing. Never throws for an expected loss: see <see cref="AppendResult"/>.</summary>
    /// <exception cref="EventDataException">The data cannot be stored.</exception>
    /// <exception cref="UnknownCommitException">The connection was lost during the commit and the database did not come back in time to ask whether it stands.</exception>
    /// <exception cref="LogBusyException">More appends wait than are taken on; nothing was appended.</exception>
    Task<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellation = default);

    /// <summary>The receipt of a command carried out before; null when this actor never used the id. The hash is not compared.</summary>
    Task<(AppendReceipt Receipt, ReadOnlyMemory<byte> RequestHash)?> FindCommandAsync(string actor, string commandId, CancellationToken cancellation = default);

    /// <summary>The events of a stream with a version above <paramref name="afterVersion"/>, in order; empty when there is no such stream.</summary>
    Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(StreamKey stream, long afterVersion = 0, CancellationToken cancellation = default);

    /// <summary>At most <paramref name="atMost"/> events after a position, in position order, without gaps.</summary>
    Task<IReadOnlyList<StoredEvent>> ReadLogAsync(long afterPosition, int atMost, CancellationToken cancellation = default);

    /// <summary>
    /// At most <paramref name="atMost"/> events of some types after a position, in position order, none of these types left out in between.
    /// Types are the stored aliases, so whoever wants every version of an event names them all; a type that nobody wrote has no events.
    /// </summary>
    Task<IReadOnlyList<StoredEvent>> ReadTypesAsync(IReadOnlyCollection<string> types, long afterPosition, int atMost, CancellationToken cancellation = default);

    Task<LogHead> HeadAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Follows the log from a position for ever: batches of at least one event, in order, none left out. Wakes by a hint and polls beside it;
    /// reconnects by itself. Ends only by cancellation.
    /// </summary>
    /// <param name="heartbeat">Beats whenever the log answered, also that there is nothing new; null: nobody listens.</param>
    /// <exception cref="EpochChangedException">The log is not the one that <paramref name="after"/> was read from; the reader starts again.</exception>
    IAsyncEnumerable<IReadOnlyList<StoredEvent>> FollowAsync(LogPosition after, Heartbeat? heartbeat, CancellationToken cancellation = default);
}

/// <summary>Short forms of what every log can do.</summary>
public static class EventLogExtensions
{
    /// <summary>Follows without a heartbeat.</summary>
    /// <exception cref="EpochChangedException">The log is not the one that <paramref name="after"/> was read from; the reader starts again.</exception>
    public static IAsyncEnumerable<IReadOnlyList<StoredEvent>> FollowAsync(this IEventLog log, LogPosition after, CancellationToken cancellation = default) =>
        log.FollowAsync(after, null, cancellation);
}

/// <summary>The log's epoch changed: what was read before may have been lost, so everything folded from it is folded anew.</summary>
public sealed class EpochChangedException : Exception
{
    public EpochChangedException(int expected, int actual)
        : base($"The log is in epoch {actual}, not {expected}: it was restored or failed over, and everything folded from it must be folded anew.") =>
        (Expected, Actual) = (expected, actual);

    /// <summary>The log ends before a place that was read from it: it lost commits and nobody raised its epoch.</summary>
    public EpochChangedException(LogPosition head, long position)
        : base($"The log ends at {head}, before position {position} that was read from it: it lost commits. Raise its epoch, and fold everything anew.") =>
        (Expected, Actual) = (head.Epoch, head.Epoch);

    /// <summary>The same, told to another follower of the same read.</summary>
    internal EpochChangedException(EpochChangedException first)
        : base(first.Message, first) =>
        (Expected, Actual) = (first.Expected, first.Actual);

    public int Expected { get; }
    public int Actual { get; }
}
