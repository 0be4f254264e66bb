using Npgsql;

namespace CommandCenter.EventStore;

/// <summary>How a <see cref="PostgresEventLog"/> waits. The defaults fit one district.</summary>
public sealed record PostgresEventLogOptions
{
    /// <summary>A follower reads at least this often; hints only make it sooner.</summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The most events that a follower hands over at once.</summary>
    public int FollowBatch { get; init; } = 500;

    /// <summary>Whether to listen for the hint that an append sends.</summary>
    public bool ListenForHints { get; init; } = true;

    /// <summary>The most appends of a process that wait at once; one more is refused with <see cref="LogBusyException"/>.</summary>
    public int MostWaiting { get; init; } = 10_000;

    /// <summary>The most bytes of data that wait at once, for the same reason.</summary>
    public long MostWaitingBytes { get; init; } = 64L << 20;

    /// <summary>An append that waited this long for its turn is refused with <see cref="LogBusyException"/>: its caller is better told than kept.</summary>
    public TimeSpan WaitFor { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The most appends that share one transaction.</summary>
    public int MostInBatch { get; init; } = 500;

    /// <summary>Whether a batch may be decided on what this process wrote last, so that it takes one round trip to the server instead of two (ADR 0012).</summary>
    public bool DecideAhead { get; init; } = true;

    /// <summary>Where others write too, what is decided ahead fails, and is tried again after 1, 2, 4 … batches, and at most so many.</summary>
    public int MostBatchesNotAhead { get; init; } = 64;

    /// <summary>The most bytes of data in one transaction of several appends.</summary>
    public long MostBytesInBatch { get; init; } = 4L << 20;

    /// <summary>The most streams that are read by one statement when many callers ask at once.</summary>
    public int MostStreamsInRead { get; init; } = 64;

    /// <summary>The most reads of streams that wait at once; one more is refused with <see cref="LogBusyException"/>.</summary>
    public int MostReadsWaiting { get; init; } = 10_000;

    /// <summary>How long an append goes on asking what became of a commit whose connection was lost.</summary>
    public TimeSpan LookUpFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often an append is tried again when its connection was lost before anything could be committed.</summary>
    public int RetriesBeforeCommit { get; init; } = 3;

    /// <summary>The clock that polls and retries wait by, where it is not the one that events are stamped with (a test's virtual clock stands still).</summary>
    public TimeProvider? WaitClock { get; init; }

    /// <summary>How long the n-th wait in a row lasts (n from 1) before a lost connection is tried again.</summary>
    public static TimeSpan Backoff(int failures) => TimeSpan.FromMilliseconds(Math.Min(5_000, 50 << Math.Min(failures, 7)));

    /// <summary>
    /// A connection string with the settings that the log is fast and robust with, where it does not set them itself: dead peers are noticed by TCP keepalive
    /// on both sides, and a connection goes back to its pool without a reset, because nothing here leaves session state behind.
    /// </summary>
    public static string Tune(string connectionString)
    {
        var tuned = new NpgsqlConnectionStringBuilder(connectionString);
        // Not ContainsKey: of Npgsql's builder that is true of every setting there is.
        var given = tuned.Keys.Cast<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!given.Contains("No Reset On Close"))
            tuned.NoResetOnClose = true;
        if (!given.Contains("TCP Keepalive"))
            (tuned.TcpKeepAlive, tuned.TcpKeepAliveTime, tuned.TcpKeepAliveInterval) = (true, 15, 5);
        // The server's side as well: a node that lost its power must not hold the store lock, a table or an epoch for the two hours that a system waits by default.
        if (!given.Contains("Options"))
            tuned.Options = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=3 -c tcp_keepalives_count=3 -c tcp_user_timeout=20000";
        return tuned.ConnectionString;
    }
}
