using System.Globalization;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Verbs;

/// <summary>
/// Plays a made-up district's past into an empty log, by the decisions, deadlines and timers that a host runs by; or, live, cases on a host that runs, over HTTP. Exit code 0 played.
/// </summary>
public static class SimulateVerb
{
    private const int MostDays = 3_660;
    private const int MostTowns = 21;

    public static Verb Verb { get; } = new(
        "simulate", "[--days N] [--from DATE] [--seed N] [--share 0.0–1] [--towns 1–21 | --live URL [--speed N]]", "play a made-up district's past into an empty log, or its life on a host",
        ["--days=", "--from=", "--seed=", "--share=", "--towns=", "--live=", "--speed="], RunAsync);

    private static async Task<int> RunAsync(VerbContext context)
    {
        var days = Number(context, "days", 365, 1, MostDays);
        var towns = Number(context, "towns", MostTowns, 1, MostTowns);
        var share = Share(context);
        var now = context.Clock.GetUtcNow();
        var seed = Seed(context, now);
        if (context.Options.TryGetValue("live", out var address))
            return await LiveAsync(context, address, days, seed, share, now);
        await context.Messages.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Simulating {days} days of {towns} towns at {share:0.###} of the volume, seed {seed}."));
        var report = await CommandCenterHost.SimulateAsync(context.Settings, towns, zone => Plan(context, days, seed, share, zone, now), context.Clock, new Lines(context.Messages), context.Cancellation);
        await context.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"Played {days} days with seed {seed}: {report.Events:N0} events, {report.Reports:N0} cases, {report.Tasks:N0} tasks, {report.Whistles:N0} whistles, {report.Meetings:N0} yard meetings, {report.AgendaMeetings:N0} committee meetings in {report.Elapsed.TotalSeconds:N0} s ({report.Events / Math.Max(report.Elapsed.TotalSeconds, 0.001):N0} events/s)."));
        await SayRefusalsAsync(context, report);
        return 0;
    }

    private static async Task<int> LiveAsync(VerbContext context, string address, int days, long seed, double share, DateTimeOffset now)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new StartRefusedException($"--live 的值是 http://127.0.0.1:5080 这样的地址。 --live takes an address such as http://127.0.0.1:5080, not '{address}'.");
        if (context.Options.ContainsKey("from") || context.Options.ContainsKey("towns"))
            throw new StartRefusedException("--live 从现在开始，用运行中的辖区；--from 和 --towns 只用于空库。 What is played live begins now and in the host's own towns: --from and --towns are for an empty log.");
        var speed = 1.0;
        if (context.Options.TryGetValue("speed", out var text) && !(double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out speed) && speed is > 0 and <= 1_000_000))
            throw new StartRefusedException($"--speed 的值大于 0，例如 60。 --speed takes a number above 0 such as 60, not '{text}'.");
        await context.Messages.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Playing {days} days on {uri} at {speed:0.###} times the speed and {share:0.###} of the volume, seed {seed}. Ctrl-C ends it."));
        var report = await CommandCenterHost.SimulateLiveAsync(context.Settings, uri, new SimulationPlan(seed, now, now.AddDays(days), share), speed, context.Clock, new Lines(context.Messages), context.Cancellation);
        await context.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Played {days} days with seed {seed}: {report.Reports:N0} cases and {report.Events:N0} commands in {report.Elapsed.TotalSeconds:N0} s."));
        await SayRefusalsAsync(context, report);
        return 0;
    }

    private static async Task SayRefusalsAsync(VerbContext context, SimulationReport report)
    {
        foreach (var (what, count) in report.Refusals.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal))
            await context.Messages.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  not allowed: {what} ({count:N0})"));
    }

    private static SimulationPlan Plan(VerbContext context, int days, long seed, double share, TimeZoneInfo zone, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var day = today.AddDays(-days);
        if (context.Options.TryGetValue("from", out var text) && !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day))
            throw new StartRefusedException($"--from 的写法是 2026-01-01 这样的日期。 --from takes a date such as 2026-01-01, not '{text}'.");
        var from = Midnight(day);
        var to = Midnight(day.AddDays(days));
        // What is recorded later than now would have to be waited for by everything that comes after.
        return to <= now ? new SimulationPlan(seed, from, to, share)
            : throw new StartRefusedException($"{days} 天之后是 {day.AddDays(days):yyyy-MM-dd}，还没有到；请把 --from 提前或减少 --days。 From {day:yyyy-MM-dd} on {days} days end after today. Begin earlier with --from, or ask for fewer --days.");

        DateTimeOffset Midnight(DateOnly date)
        {
            var local = date.ToDateTime(TimeOnly.MinValue);
            return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
        }
    }

    private static long Seed(VerbContext context, DateTimeOffset now) => !context.Options.TryGetValue("seed", out var text) ? now.ToUnixTimeSeconds()
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed) ? seed
        : throw new StartRefusedException($"--seed 的值是整数。 --seed takes a whole number, not '{text}'.");

    private static double Share(VerbContext context) => !context.Options.TryGetValue("share", out var text) ? 1
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share is > 0 and <= 1 ? share
        : throw new StartRefusedException($"--share 的值大于 0，不超过 1。 --share takes a number above 0 and up to 1, not '{text}'.");

    private static int Number(VerbContext context, string name, int otherwise, int least, int most) => !context.Options.TryGetValue(name, out var text) ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new StartRefusedException($"--{name} 的值是 {least} 到 {most} 的整数。 --{name} takes a whole number from {least} to {most}, not '{text}'.");

    /// <summary>A line now and then; not by another thread, so that lines keep their order.</summary>
    private sealed class Lines(TextWriter messages) : IProgress<SimulationProgress>
    {
        public void Report(SimulationProgress value) => messages.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"day {value.Day:0.0} of {value.Days:0}, {value.Events:N0} events, {value.EventsPerSecond:N0} events/s, {Left(value.Remaining)} remaining"));

        private static string Left(TimeSpan? left) => left is { } span ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours}:{span:mm\\:ss}") : "?";
    }
}
