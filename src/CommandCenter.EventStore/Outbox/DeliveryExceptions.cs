namespace CommandCenter.EventStore;

/// <summary>The message can never be delivered (its receiver is gone, or refuses it for good): it becomes a dead letter at once.</summary>
/// <param name="reason">Stored and shown to whoever decides about a replay, so it holds no personal data.</param>
public sealed class UndeliverableException(string reason, Exception? inner = null) : Exception(reason, inner);

/// <summary>The message was not delivered this time, for a reason worth storing or with a wish when to try again.</summary>
/// <param name="reason">Stored and shown to whoever decides about a replay, so it holds no personal data.</param>
/// <param name="retryAfter">How long the receiver asked to be left alone; it is not asked sooner than after any failure.</param>
public sealed class DeliveryFailedException(string reason, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(reason, inner)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
