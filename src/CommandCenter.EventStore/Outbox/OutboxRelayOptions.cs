namespace CommandCenter.EventStore;

/// <summary>How an <see cref="OutboxRelay"/> works. With the defaults a receiver may be away for a night.</summary>
public sealed record OutboxRelayOptions
{
    /// <summary>The most deliveries under way at once. Messages of one kind and key are always delivered one after the other.</summary>
    public int Parallel { get; init; } = 8;

    /// <summary>How long a message is this relay's alone.</summary>
    public TimeSpan LeaseFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long before the lease ends its handler is cancelled; less than <see cref="LeaseFor"/>. What becomes of the message is recorded while it still is this relay's: at the end
    /// itself another would take the message for one whose attempt died, and try again without a wait.
    /// </summary>
    public TimeSpan SettleWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest sleep: a hint that was lost costs no more than this.</summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A message that failed so often becomes a dead letter.</summary>
    public int MostAttempts { get; init; } = 20;

    /// <summary>The longest wait after the first failure; it doubles with each further one.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>No wait grows longer than this.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The longest wait that a receiver is granted when it asks for one; the shortest is the message's own.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// How long a message waits after its n-th failed attempt (n from 1): between half of the doubled wait and all of it. The share is drawn from the id and the attempt, so that what
    /// failed together does not come back together, and a run can be repeated.
    /// </summary>
    public TimeSpan WaitAfter(long id, int attempt)
    {
        var longest = Math.Min(FirstWait.Ticks * Math.Pow(2, attempt - 1), LongestWait.Ticks);
        // Two to the 53rd: what a double tells apart.
        var share = (Mix(unchecked((ulong)id * 0x9E3779B97F4A7C15 + (ulong)attempt)) >> 11) / (double)(1UL << 53);
        return TimeSpan.FromTicks((long)(longest * (1 + share) / 2));
    }

    // The finalizer of SplitMix64: neighbouring numbers come out far apart.
    private static ulong Mix(ulong number)
    {
        unchecked
        {
            number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
            number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
            return number ^ (number >> 31);
        }
    }
}
