namespace CommandCenter.EventStore;

/// <summary>The one notification of an append: the head of the log, and whether timers changed. A hint, never the truth.</summary>
internal static class Hint
{
    public const string Channel = "cc_log";
    private const string Timers = " timers";

    public static string Of(LogPosition head, bool timers) => timers ? head + Timers : head.ToString();

    public static bool TellsOfTimers(string payload) => payload.EndsWith(Timers, StringComparison.Ordinal);
}
