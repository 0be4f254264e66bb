namespace CommandCenter.EventStore;

/// <summary>The events to put at the end of one stream.</summary>
/// <param name="StreamType">The aggregate's name for <c>mt_streams.type</c>, such as <c>case</c>.</param>
public sealed record StreamAppend(StreamKey Stream, string StreamType, ExpectedVersion Expected, IReadOnlyList<NewEvent> Events);

/// <summary>A command's identity: unique per actor, kept 400 days, with a keyed hash of the request's content.</summary>
/// <param name="Id">1 to 200 printable ASCII characters, chosen by the caller.</param>
/// <param name="RequestHash">32 bytes. Keyed, so that personal data in a request cannot be guessed from it.</param>
public sealed record CommandId(string Actor, string Id, ReadOnlyMemory<byte> RequestHash);

/// <summary>A change to the durable timers, committed with the events.</summary>
public abstract record TimerChange(TimerKey Key)
{
    /// <summary>Sets the timer, or moves it if it is set.</summary>
    public sealed record Set(TimerKey Key, DateTimeOffset DueAt) : TimerChange(Key);

    /// <summary>Deletes the timer if it is set.</summary>
    public sealed record Cancel(TimerKey Key) : TimerChange(Key);
}

/// <summary>An effect on the outside world, committed with the events and delivered later by a relay, at least once.</summary>
/// <param name="Kind">Says which handler delivers it.</param>
/// <param name="Key">Messages of one kind and key are delivered in the order of their commits; it is stored as it is, so it holds no personal data.</param>
public sealed record OutboxMessage(string Kind, string Key, ReadOnlyMemory<byte> Payload);

/// <summary>
/// Everything that one decision changes, committed in one transaction or not at all. It may span streams, and it may hold
/// no event (a timer that came due on a finished case is only consumed).
/// </summary>
/// <param name="Fired">The leased timer that caused this: its deletion is the compare-and-set of the append.</param>
/// <param name="Files">The files that the events name, <c>sha256:…</c>: they must be there, and are never collected from here on.</param>
public sealed record AppendRequest(
    IReadOnlyList<StreamAppend> Streams,
    CommandId? Command = null,
    IReadOnlyList<TimerChange>? Timers = null,
    DueTimer? Fired = null,
    IReadOnlyList<OutboxMessage>? Outbox = null,
    IReadOnlyList<string>? Files = null);

/// <summary>Where the events of one stream came to stand.</summary>
/// <param name="Version">The stream's version after the append.</param>
public sealed record StreamReceipt(StreamKey Stream, long Version);

/// <summary>The answer to a command that was carried out; stored with the command's id and given again on a repeat.</summary>
/// <param name="Last">The position of its last event; for an append without events the head of the log.</param>
public sealed record AppendReceipt(LogPosition Last, DateTimeOffset RecordedAt, IReadOnlyList<StreamReceipt> Streams);

/// <summary>What became of an append. A closed type.</summary>
public abstract record AppendResult
{
    private AppendResult() { }

    public sealed record Appended(AppendReceipt Receipt) : AppendResult;

    /// <summary>The same command was carried out before; nothing was appended now.</summary>
    public sealed record Repeated(AppendReceipt First) : AppendResult;

    /// <summary>The actor used this command id before for a request with other content; nothing was appended.</summary>
    public sealed record CommandIdReused : AppendResult;

    /// <summary>A stream is not at the version that the writer expected; nothing was appended.</summary>
    public sealed record VersionConflict(StreamKey Stream, ExpectedVersion Expected, long Actual) : AppendResult;

    /// <summary>The timer is gone, or leased by another; nothing was appended.</summary>
    public sealed record TimerLost(TimerKey Timer) : AppendResult;

    /// <summary>A file that the events name is not there: it never was, or it was collected because nobody had named it in time. Nothing was appended.</summary>
    public sealed record FileGone(string File) : AppendResult;
}

/// <summary>The data of an append cannot be stored (a NUL, a lone surrogate, a fraction, a malformed name); nothing was appended.</summary>
public sealed class EventDataException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The connection was lost while the commit was on its way, and the database did not come back in time to be asked: the append may or may not stand in the log.
/// </summary>
public sealed class UnknownCommitException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>More appends wait than the process takes on; nothing was appended. Whoever asked comes again later.</summary>
/// <param name="retryAfter">When there will likely be room, in whole seconds.</param>
public sealed class LogBusyException(string message, TimeSpan retryAfter) : Exception(message)
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
