using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CommandCenter.EventStore;

/// <summary>What the event log measures of itself. Costs next to nothing while nobody listens.</summary>
public static class EventStoreTelemetry
{
    /// <summary>Of the activity source and of the meter.</summary>
    public const string Name = "CommandCenter.EventStore";

    internal static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "commandcenter.append.duration", "s", "From an append's arrival in the queue to its answer.", advice: new() { HistogramBucketBoundaries = [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10] });

    private static readonly Histogram<int> BatchSize = Meter.CreateHistogram<int>(
        "commandcenter.append.batch.size", "{append}", "Appends that shared a transaction.", advice: new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] });

    private static readonly Histogram<double> BatchDuration = Meter.CreateHistogram<double>(
        "commandcenter.append.batch.duration", "s", "From a batch's begin to its last answer, retries included.", advice: new() { HistogramBucketBoundaries = [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10] });

    private static readonly Histogram<double> LockWait = Meter.CreateHistogram<double>(
        "commandcenter.append.lock.wait", "s", "From asking for the store lock to having it and knowing the state; only of batches that were not decided ahead, because those wait within their one round trip.",
        advice: new() { HistogramBucketBoundaries = [.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5] });

    internal static void Appended(TimeSpan took, string outcome) => Duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));

    internal static void Batched(int appends, TimeSpan took)
    {
        BatchSize.Record(appends);
        BatchDuration.Record(took.TotalSeconds);
    }

    internal static void Locked(TimeSpan waited) => LockWait.Record(waited.TotalSeconds);

    /// <summary>What an append came to, as a word for a tag.</summary>
    internal static string OutcomeOf(AppendResult result) => result switch
    {
        AppendResult.Appended => "appended",
        AppendResult.Repeated => "repeated",
        AppendResult.VersionConflict => "version_conflict",
        AppendResult.TimerLost => "timer_lost",
        AppendResult.CommandIdReused => "command_id_reused",
        AppendResult.FileGone => "file_gone",
        _ => "other",
    };
}
