namespace CommandCenter.EventStore;

/// <summary>The one notification of an append: the head of the log, and whether messages came to the outbox and timers changed. A hint, never the truth.</summary>
internal static class Hint
{
    public const string Channel = "cc_log";
    public const string Outbox = " outbox";
    private const string Timers = " timers";

    public static string Of(LogPosition head, bool timers, bool outbox) => $"{head}{(outbox ? Outbox : "")}{(timers ? Timers : "")}";

    public static bool TellsOfTimers(string payload) => payload.EndsWith(Timers, StringComparison.Ordinal);

    public static bool TellsOfOutbox(string payload) => payload.Contains(Outbox, StringComparison.Ordinal);
}
