using System.Runtime.CompilerServices;

namespace CommandCenter.EventStore.Tests;

/// <summary>A log that leaves out an event when it is read past it, as a reader of a plain sequence does: the first time, or always.</summary>
internal sealed class LossyLog(IEventLog log, long lost, bool always = false) : IEventLog
{
    private bool _lost;

    public Task<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellation = default) => log.AppendAsync(request, cancellation);

    public Task<(AppendReceipt Receipt, ReadOnlyMemory<byte> RequestHash)?> FindCommandAsync(string actor, string commandId, CancellationToken cancellation = default) =>
        log.FindCommandAsync(actor, commandId, cancellation);

    public Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(StreamKey stream, long afterVersion = 0, CancellationToken cancellation = default) => log.ReadStreamAsync(stream, afterVersion, cancellation);

    public async Task<IReadOnlyList<StoredEvent>> ReadLogAsync(long afterPosition, int atMost, CancellationToken cancellation = default) => Lose(await log.ReadLogAsync(afterPosition, atMost, cancellation));

    public Task<IReadOnlyList<StoredEvent>> ReadTypesAsync(IReadOnlyCollection<string> types, long afterPosition, int atMost, CancellationToken cancellation = default) =>
        log.ReadTypesAsync(types, afterPosition, atMost, cancellation);

    public Task<LogHead> HeadAsync(CancellationToken cancellation = default) => log.HeadAsync(cancellation);

    public async IAsyncEnumerable<IReadOnlyList<StoredEvent>> FollowAsync(LogPosition after, Heartbeat? heartbeat, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var events in log.FollowAsync(after, heartbeat, cancellation))
        {
            if (Lose(events) is { Count: > 0 } kept)
                yield return kept;
        }
    }

    private IReadOnlyList<StoredEvent> Lose(IReadOnlyList<StoredEvent> events)
    {
        IReadOnlyList<StoredEvent> kept = _lost && !always ? events : [.. events.Where(e => e.Position.Position != lost)];
        _lost |= kept.Count < events.Count;
        return kept;
    }
}
