namespace CommandCenter.EventStore;

/// <summary>The one lock that appends take first and hold to the end of their transaction, so that position order is commit order.</summary>
internal static class StoreLock
{
    /// <summary>The advisory lock's key ("tstorlok"); the guard trigger in <c>Schema/003_guard.sql</c> knows its two halves.</summary>
    public const long Key = 0x7473746F_726C6F6B;
}
