namespace CommandCenter.EventStore;

/// <summary>One timer per saga instance, name and attempt.</summary>
/// <param name="Saga">The saga's frozen name, such as <c>case_deadlines</c>.</param>
/// <param name="SagaId">The instance: a stream id.</param>
public sealed record TimerKey(string Saga, string SagaId, string Name, int Attempt)
{
    public override string ToString() => $"{Saga}/{SagaId}/{Name}/{Attempt}";
}

/// <summary>A timer that came due and is leased to this worker until the lease ends.</summary>
/// <param name="Lease">The token that the append must still hold when it deletes the row.</param>
public sealed record DueTimer(TimerKey Key, DateTimeOffset DueAt, Guid Lease);

/// <summary>Thrown by a handler that other writers always came before: nothing is wrong, and the timer is tried again soon instead of after its lease.</summary>
public sealed class TimerContendedException(string message) : Exception(message);

/// <summary>The durable timers. They are set and deleted only by appends.</summary>
public interface ITimerStore
{
    /// <summary>Leases timers that are due at <paramref name="now"/> and not leased, earliest first, ties by key.</summary>
    Task<IReadOnlyList<DueTimer>> ClaimDueAsync(DateTimeOffset now, int atMost, TimeSpan leaseFor, CancellationToken cancellation = default);

    /// <summary>Gives a timer back, to be claimed from an instant on; false when it is this worker's no more.</summary>
    Task<bool> DeferAsync(DueTimer timer, DateTimeOffset until, CancellationToken cancellation = default);

    /// <summary>The instant at which <see cref="ClaimDueAsync"/> can next find something: the earliest due instant or end of lease; null when no timer is set.</summary>
    Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellation = default);

    /// <summary>The earliest due instant of all timers, leased or not; one long past is of a timer whose handler never succeeds. Null when no timer is set.</summary>
    Task<DateTimeOffset?> OldestDueAsync(CancellationToken cancellation = default);

    /// <summary>The timers of one saga instance, earliest first.</summary>
    Task<IReadOnlyList<(TimerKey Key, DateTimeOffset DueAt)>> ListAsync(string saga, string sagaId, CancellationToken cancellation = default);
}
