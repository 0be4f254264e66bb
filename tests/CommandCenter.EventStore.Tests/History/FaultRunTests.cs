using System.Globalization;
using CommandCenter.Testing.Postgres;
using Xunit.Abstractions;

namespace CommandCenter.EventStore.Tests.History;

/// <summary>What the log promises holds under faults: 20 seeded runs, 1,000 with CC_TEST_ALL=1; CC_TEST_SEED=n runs one.</summary>
public abstract class FaultRuns(int major, int few, int many, ITestOutputHelper output)
{
    private const int LongOutageEvery = 100;

    [PostgresFact]
    public async Task Nothing_acknowledged_is_lost_or_doubled_and_everybody_sees_one_order()
    {
        var all = Environment.GetEnvironmentVariable("CC_TEST_ALL") == "1";
        var seeds = Environment.GetEnvironmentVariable("CC_TEST_SEED") is { Length: > 0 } one
            ? [int.Parse(one, CultureInfo.InvariantCulture)]
            : Enumerable.Range(1, all ? many : few).Select(n => (major * 10_000) + n).ToList();

        var (total, broken) = (RunSummary.None, new List<string>());
        foreach (var seed in seeds)
        {
            var size = all ? FaultRunSize.Small with { MostKills = 3 } : FaultRunSize.Small;
            // A database that is gone for as long as a machine restarts.
            if (all && seed % LongOutageEvery == 0)
                size = size with { Faults = 4, Outage = TimeSpan.FromSeconds(30) };
            var (violations, summary) = await RunAsync(seed, size);
            Say($"seed {seed} on PostgreSQL {major}: {summary}");
            total = total.And(summary);
            broken.AddRange(violations.Select(violation => $"seed {seed}: {violation}; repeat with CC_TEST_SEED={seed}"));
            violations.ToList().ForEach(violation => Say($"seed {seed}: {violation}"));
        }

        Say($"PostgreSQL {major}, {total}");
        broken.ShouldBeEmpty($"on PostgreSQL {major}");
        total.Faults.Keys.ShouldContain("processes killed");
        total.Ahead.ShouldBeGreaterThan(0);
    }

    private async Task<(IReadOnlyList<string> Violations, RunSummary Summary)> RunAsync(int seed, FaultRunSize size)
    {
        try
        {
            return await FaultRun.RunAsync(major, seed, size);
        }
        catch (Exception e)
        {
            // The other seeds are run all the same.
            return ([$"broke off: {e}"], RunSummary.None);
        }
    }

    /// <summary>A thousand seeds take an hour and more: with CC_TEST_PROGRESS=file each is written there as it ends.</summary>
    private void Say(string line)
    {
        output.WriteLine(line);
        if (Environment.GetEnvironmentVariable("CC_TEST_PROGRESS") is { Length: > 0 } file)
            File.AppendAllText(file, $"{line}{Environment.NewLine}");
    }
}

[OnPostgres(15)]
public sealed class FaultRunsOnPostgres15(ITestOutputHelper output) : FaultRuns(15, few: 10, many: 500, output);

[OnPostgres(18)]
public sealed class FaultRunsOnPostgres18(ITestOutputHelper output) : FaultRuns(18, few: 10, many: 500, output);
