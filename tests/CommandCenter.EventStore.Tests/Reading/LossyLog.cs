using System.Runtime.CompilerServices;

namespace CommandCenter.EventStore.Tests;

/// <summary>A log that leaves out an event the first time it is followed past it, as a reader of a plain sequence does.</summary>
internal sealed class LossyLog(IEventLog log, long lost) : IEventLog
{
    private bool _lost;

    public Task<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellation = default) => log.AppendAsync(request, cancellation);

    public Task<(AppendReceipt Receipt, ReadOnlyMemory<byte> RequestHash)?> FindCommandAsync(string actor, string commandId, CancellationToken cancellation = default) =>
        log.FindCommandAsync(actor, commandId, cancellation);

    public Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(StreamKey stream, long afterVersion = 0, CancellationToken cancellation = default) => log.ReadStreamAsync(stream, afterVersion, cancellation);

    public Task<IReadOnlyList<StoredEvent>> ReadLogAsync(long afterPosition, int atMost, CancellationToken cancellation = default) => log.ReadLogAsync(afterPosition, atMost, cancellation);

    public Task<IReadOnlyList<StoredEvent>> ReadTypesAsync(IReadOnlyCollection<string> types, long afterPosition, int atMost, CancellationToken cancellation = default) =>
        log.ReadTypesAsync(types, afterPosition, atMost, cancellation);

    public Task<LogHead> HeadAsync(CancellationToken cancellation = default) => log.HeadAsync(cancellation);

    public async IAsyncEnumerable<IReadOnlyList<StoredEvent>> FollowAsync(LogPosition after, Heartbeat? heartbeat, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var events in log.FollowAsync(after, heartbeat, cancellation))
        {
            IReadOnlyList<StoredEvent> kept = _lost ? events : [.. events.Where(e => e.Position.Position != lost)];
            _lost |= kept.Count < events.Count;
            if (kept.Count > 0)
                yield return kept;
        }
    }
}
