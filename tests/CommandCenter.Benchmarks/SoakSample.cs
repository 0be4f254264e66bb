namespace CommandCenter.Benchmarks;

/// <summary>What a soak saw at one instant, and in the window that ended there.</summary>
/// <param name="At">Since the start.</param>
/// <param name="Heap">Bytes of the managed heap after a full collection.</param>
/// <param name="WorkingSet">Bytes of the process.</param>
/// <param name="AppendsWaiting">Appends that wait for their turn.</param>
/// <param name="FollowerLag">Events committed that the follower does not have.</param>
/// <param name="ProjectionLag">Events committed that the read tables do not hold.</param>
/// <param name="OutboxWaiting">Messages that the relay did not take yet.</param>
/// <param name="TimerLateness">Milliseconds that the oldest due timer is late; 0 when none is due.</param>
/// <param name="P50">Milliseconds from the instant a command was due to its commit, in the window.</param>
/// <param name="P99">The same, of the slowest hundredth.</param>
internal sealed record SoakSample(
    TimeSpan At,
    long Heap,
    long WorkingSet,
    int AppendsWaiting,
    long FollowerLag,
    long ProjectionLag,
    long OutboxWaiting,
    double TimerLateness,
    double P50,
    double P99,
    IReadOnlyDictionary<string, SoakTable> Tables);

/// <summary>A table's size, and its rows as PostgreSQL's statistics count them.</summary>
/// <param name="HeapPages">Pages of 8 KiB, without indexes.</param>
/// <param name="TotalPages">With indexes and what is stored out of line.</param>
internal sealed record SoakTable(long HeapPages, long TotalPages, long Live, long Dead, long Updates, long HotUpdates, long Vacuums, long Analyzes);
