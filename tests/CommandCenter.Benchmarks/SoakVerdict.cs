using System.Globalization;

namespace CommandCenter.Benchmarks;

/// <summary>Whether anything grew in a soak that should not. Pure: samples in, one figure per rule out, each with what was wanted and whether it holds.</summary>
internal static class SoakVerdict
{
    private const double Megabyte = 1 << 20;

    // Fitted over the second half of an hour this is 8 MB an hour, 11 bytes a command at 200 a second: less than any object that is forgotten once a command.
    private const double MostHeapRise = 4 * Megabyte;

    // The runtime gives pages back when it likes, so the process is held less tightly than its heap.
    private const double MostWorkingSetRise = 32 * Megabyte;

    // What is updated in place fills a page for each second or so that somebody holds an old snapshot, an analyze of a big table for example, and gets them back once a minute.
    private const int MostPagesOfHotRow = 64;
    private const int SlackOfHotRow = 16;

    // Autovacuum comes once a minute, so a queue holds what changed in a minute or two, in the table and three indexes: five pages for each command a second, measured; twice that is too much.
    private const int MostPagesOfQueuePerRate = 10;

    // Below half a megabyte a ratio says nothing.
    private const int SmallPages = 64;

    private static readonly string[] HotRows = ["cc_log", "mt_event_progression"];
    private static readonly string[] Queues = ["cc_timers", "cc_outbox"];
    private static readonly string[] Growing = ["mt_events", "mt_streams", "cc_leaves", "cc_nodes", "cc_commands"];

    /// <param name="samples">In the order of time, at least eight.</param>
    /// <param name="rate">Commands a second that were asked for.</param>
    public static IReadOnlyList<Figure> Judge(IReadOnlyList<SoakSample> samples, int rate)
    {
        if (samples.Count < 8)
            throw new ArgumentException("A quarter of a soak needs two samples to be compared.", nameof(samples));
        var figures = new List<Figure>();
        var second = samples.Skip(samples.Count / 2).ToList();
        AddSlope(figures, "managed heap", second, sample => sample.Heap, MostHeapRise);
        AddSlope(figures, "working set", second, sample => sample.WorkingSet, MostWorkingSetRise);

        var quarter = samples.Count / 4;
        var (first, last) = (samples.Take(quarter).ToList(), samples.TakeLast(quarter).ToList());
        // One pause of a second fills a queue with a second's worth, and is no growth.
        AddQueue(figures, "appends waiting", "appends", first, last, sample => sample.AppendsWaiting, rate);
        AddQueue(figures, "follower behind", "events", first, last, sample => sample.FollowerLag, 2 * rate);
        AddQueue(figures, "projection behind", "events", first, last, sample => sample.ProjectionLag, 2 * rate);
        AddQueue(figures, "outbox waiting", "messages", first, last, sample => sample.OutboxWaiting, rate);
        AddQueue(figures, "oldest due timer", "ms late", first, last, sample => sample.TimerLateness, 1_000);

        // The middle of the windows, because a checkpoint may fall into any of them.
        var (before, after) = (Middle(first.Select(sample => sample.P99)), Middle(last.Select(sample => sample.P99)));
        figures.Add(new Figure("soak/append p99, middle of the last quarter's windows beside the first's", after, "ms", before, "≤ 2 × + 20 ms", after <= 2 * before + 20));

        var (half, end) = (samples[(samples.Count - 1) / 2].Tables, samples[^1].Tables);
        foreach (var table in HotRows)
            figures.Add(Bounded(table, half, end, MostPagesOfHotRow, SlackOfHotRow));
        foreach (var table in Queues)
            figures.Add(Bounded(table, half, end, MostPagesOfQueuePerRate * rate, SmallPages));
        foreach (var table in Growing)
            figures.Add(InProportion(table, half[table], end[table]));
        return figures;
    }

    private static void AddSlope(List<Figure> figures, string what, IReadOnlyList<SoakSample> samples, Func<SoakSample, long> value, double most)
    {
        var slope = Slope([.. samples.Select(sample => (sample.At.TotalHours, (double)value(sample)))]);
        var rise = slope * (samples[^1].At - samples[0].At).TotalHours;
        figures.Add(new Figure($"soak/{what}, rise over the second half", rise / Megabyte, "MB", Wanted: Text($"≤ {most / Megabyte:0} MB"), Holds: rise <= most));
        figures.Add(new Figure($"soak/{what}, slope over the second half", slope / Megabyte, "MB/hour"));
    }

    private static void AddQueue(
        List<Figure> figures, string what, string unit, IReadOnlyList<SoakSample> first, IReadOnlyList<SoakSample> last, Func<SoakSample, double> value, double pause)
    {
        var (before, after) = (first.Max(value), last.Max(value));
        figures.Add(new Figure($"soak/{what}, most in the last quarter beside the first", after, unit, before, Text($"≤ 2 × + {pause:0}"), after <= 2 * before + pause));
    }

    // A table that rows come to and go from reaches its size within minutes, and stays there.
    private static Figure Bounded(string table, IReadOnlyDictionary<string, SoakTable> half, IReadOnlyDictionary<string, SoakTable> end, int most, int slack)
    {
        var (before, after) = (half[table].TotalPages, end[table].TotalPages);
        return new Figure(
            Text($"soak/{table}, pages at the end ({PerRow(end[table]):N0} bytes for each live row) beside half-time ({PerRow(half[table]):N0})"), after, "pages", before,
            Text($"≤ {most} and ≤ 1.25 × + {slack}"), after <= most && after <= 1.25 * before + slack);
    }

    // A table that only grows needs no more room for a row at the end than it did at half-time.
    private static Figure InProportion(string table, SoakTable half, SoakTable end)
    {
        var expected = (double)half.TotalPages / Math.Max(1, half.Live) * end.Live;
        return new Figure($"soak/{table}, pages at the end beside those of half-time in proportion to its rows", end.TotalPages, "pages", expected,
            Text($"≤ 1.2 × + {SmallPages}"), end.TotalPages <= 1.2 * expected + SmallPages);
    }

    private static double PerRow(SoakTable table) => table.TotalPages * 8192.0 / Math.Max(1, table.Live);

    /// <summary>By least squares, in values an hour.</summary>
    private static double Slope(IReadOnlyList<(double Hours, double Value)> points)
    {
        var (hours, value) = (points.Average(point => point.Hours), points.Average(point => point.Value));
        var spread = points.Sum(point => (point.Hours - hours) * (point.Hours - hours));
        return spread == 0 ? 0 : points.Sum(point => (point.Hours - hours) * (point.Value - value)) / spread;
    }

    private static double Middle(IEnumerable<double> values) => values.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
