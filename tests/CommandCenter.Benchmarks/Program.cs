using CommandCenter.Benchmarks;

string[] known = ["append", "follow"];
var chosen = args.Where(argument => !argument.StartsWith("--", StringComparison.Ordinal)).ToArray();
var options = args.Except(chosen)
    .Select(argument => argument.TrimStart('-').Split('=', 2))
    .ToDictionary(pair => pair[0], pair => pair.ElementAtOrDefault(1) ?? "");
if (chosen.Except(known).Any() || options.Keys.Except(["seconds", "postgres"]).Any())
{
    Console.Error.WriteLine($"usage: CommandCenter.Benchmarks [{string.Join("] [", known)}] [--seconds=5] [--postgres=15]");
    return 2;
}

var seconds = options.TryGetValue("seconds", out var given) ? double.Parse(given, System.Globalization.CultureInfo.InvariantCulture) : 5;
var major = options.TryGetValue("postgres", out var wanted) ? int.Parse(wanted, System.Globalization.CultureInfo.InvariantCulture) : 15;
Console.WriteLine(await Machine.DescribeAsync(major));
foreach (var name in chosen.Length == 0 ? known : chosen)
{
    Console.WriteLine();
    Console.WriteLine(name == "append" ? await AppendBenchmark.RunAsync(major, TimeSpan.FromSeconds(seconds)) : await FollowBenchmark.RunAsync(major, TimeSpan.FromSeconds(seconds)));
}

return 0;
