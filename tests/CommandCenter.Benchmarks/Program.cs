using System.Globalization;
using CommandCenter.Benchmarks;

// Soak takes an hour and the district's year nearly as long, so "all" leaves them out: they are asked for by name.
Benchmark[] benchmarks =
[
    new("append", "new streams, one event a command, by 32 and 256 callers", AppendBenchmark.RunAsync),
    new("append-existing", "load a case of five events, decide, append, by 32 callers", AppendExistingBenchmark.RunAsync),
    new("timers", "among a million pending: one at a time, and ten thousand due at once", TimersBenchmark.RunAsync),
    new("rebuild", "the board in memory and the read tables from the whole log", RebuildBenchmark.RunAsync),
    new("verify", "the walk over the whole log, beside COPY-out", VerifyBenchmark.RunAsync),
    new("follow", "from commit to follower", FollowBenchmark.RunAsync),
    new("timers-million", "a working day begins with a million open cases and 50,000 due", TimersMillionBenchmark.RunAsync),
    new("policy-try", "a district's year under another policy", PolicyTryBenchmark.RunAsync),
    new("district", "an empty host on a simulated district-year, and with a hundred walls", DistrictBenchmark.RunAsync),
    new("soak", "an hour at a fixed rate: does anything grow", SoakBenchmark.RunAsync),
];

var names = args.Where(argument => !argument.StartsWith("--", StringComparison.Ordinal)).ToList();
string? json = null;
TimeSpan? asked = null;
var rate = 200;
var major = 15;
var share = 1.0;
var days = 365;
for (var i = 0; i < args.Length; i++)
{
    var (key, inline) = args[i].Split('=', 2) is [var before, var after] ? (before, after) : (args[i], null);
    if (!key.StartsWith("--", StringComparison.Ordinal))
        continue;
    string? Take()
    {
        if (inline is null && i + 1 < args.Length)
            names.Remove(inline = args[++i]);
        return inline;
    }

    switch (key)
    {
        case "--json" when Take() is { } file:
            json = file;
            break;
        case "--seconds" when double.TryParse(Take(), CultureInfo.InvariantCulture, out var seconds) && seconds > 0:
            asked = TimeSpan.FromSeconds(seconds);
            break;
        case "--minutes" when double.TryParse(Take(), CultureInfo.InvariantCulture, out var minutes) && minutes > 0:
            asked = TimeSpan.FromMinutes(minutes);
            break;
        case "--rate" when int.TryParse(Take(), CultureInfo.InvariantCulture, out rate) && rate > 0:
            break;
        case "--share" when double.TryParse(Take(), CultureInfo.InvariantCulture, out share) && share is > 0 and <= 1:
            break;
        case "--days" when int.TryParse(Take(), CultureInfo.InvariantCulture, out days) && days > 0:
            break;
        case "--postgres" when int.TryParse(Take(), CultureInfo.InvariantCulture, out major):
            break;
        default:
            return Usage();
    }
}

if (names.Exists(name => name != "all" && !Array.Exists(benchmarks, benchmark => benchmark.Name == name)))
    return Usage();
var chosen = names.Count == 0 || names.Contains("all")
    ? [.. benchmarks.Where(benchmark => benchmark.Name is not ("soak" or "district") || names.Contains(benchmark.Name))]
    : benchmarks.Where(benchmark => names.Contains(benchmark.Name)).ToList();

Console.WriteLine(await Machine.DescribeAsync(major));
var figures = new List<Figure>();
foreach (var benchmark in chosen)
{
    Console.WriteLine();
    Console.WriteLine($"{benchmark.Name}: {benchmark.What}");
    var measured = await benchmark.RunAsync(new BenchmarkOptions(major, asked, rate, share, days));
    figures.AddRange(measured);
    Console.WriteLine(Figure.Table(measured));
}

if (json is not null)
    await File.WriteAllBytesAsync(json, Figure.Json(figures));
return figures.Exists(figure => figure.Holds == false) ? 1 : 0;

int Usage()
{
    Console.Error.WriteLine($"usage: CommandCenter.Benchmarks [all | NAME…] [--seconds N | --minutes N] [--rate 200] [--share 1] [--days 365] [--postgres 15] [--json FILE]");
    foreach (var benchmark in benchmarks)
        Console.Error.WriteLine($"  {benchmark.Name,-16} {benchmark.What}");
    return 2;
}
