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
        var seeds = Environment.GetEnvironmentVariable("CC_TEST_SEED") is { Length: > 0 } chosen
            ? [int.Parse(chosen, CultureInfo.InvariantCulture)]
            : Enumerable.Range(1, all ? many : few).Select(n => (major * 10_000) + n).ToList();

        // CC_TEST_AT_ONCE=n runs n at a time: a quiet machine with many cores is sooner done, any other fails by its time-outs.
        var atOnce = Environment.GetEnvironmentVariable("CC_TEST_AT_ONCE") is { Length: > 0 } wish ? int.Parse(wish, CultureInfo.InvariantCulture) : 1;
        var (total, broken) = (RunSummary.None, new List<string>());
        var one = new Lock();
        await Parallel.ForEachAsync(seeds, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (seed, _) =>
        {
            var size = all ? FaultRunSize.Small with { MostKills = 3 } : FaultRunSize.Small;
            // A database that is gone for as long as a machine restarts.
            if (all && seed % LongOutageEvery == 0)
                size = size with { Faults = 4, LongOutage = TimeSpan.FromSeconds(30) };
            var (violations, summary) = await RunAsync(seed, size);
            lock (one)
            {
                Say($"seed {seed} on PostgreSQL {major}: {summary}");
                total = total.And(summary);
                broken.AddRange(violations.Select(violation => $"seed {seed}: {violation}; repeat with CC_TEST_SEED={seed}"));
                violations.ToList().ForEach(violation => Say($"seed {seed}: {violation}"));
            }
        });

        Say($"PostgreSQL {major}, {total}");
        broken.ShouldBeEmpty($"on PostgreSQL {major}");
        total.Faults.Keys.ShouldContain("processes killed");
        if (seeds.Count > 1)
        {
            FaultRun.Kinds.Except(total.Faults.Keys).ShouldBeEmpty("every fault is drawn by some seed");
            total.Faults.GetValueOrDefault(FaultRun.LongOutage).ShouldBe(all ? seeds.Count / LongOutageEvery : 0);
            total.Ahead.ShouldBeGreaterThan(0);
        }
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
