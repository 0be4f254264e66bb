namespace CommandCenter.Host.Composition;

/// <summary>Plays what could have happened in a district into the log.</summary>
public interface ISimulation
{
    /// <summary>Plays from one instant to another. What is open then stays open, as in any town.</summary>
    Task<SimulationReport> PlayAsync(SimulationPlan plan, IProgress<SimulationProgress>? progress, CancellationToken cancellation);
}

/// <summary>What is played.</summary>
/// <param name="Share">The part of a district's volume, above 0 to 1; of its towns those that the organization has.</param>
public sealed record SimulationPlan(long Seed, DateTimeOffset From, DateTimeOffset To, double Share = 1)
{
    /// <summary>What falls into one slot is carried out at once and recorded at its end: shorter is truer, longer is faster.</summary>
    public TimeSpan Slot { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>How far a simulation is.</summary>
/// <param name="Days">Of how many.</param>
/// <param name="Events">In the log.</param>
public sealed record SimulationProgress(double Day, double Days, long Events, TimeSpan Elapsed)
{
    public double EventsPerSecond => Elapsed > TimeSpan.Zero ? Events / Elapsed.TotalSeconds : 0;

    /// <summary>By the days so far; null before there are any.</summary>
    public TimeSpan? Remaining => Day > 0 ? Elapsed * ((Days - Day) / Day) : null;
}

/// <summary>What came of a simulation.</summary>
/// <param name="Reports">Cases reported.</param>
/// <param name="Refusals">Steps that were not allowed, by command and code; people do such things too.</param>
public sealed record SimulationReport(long Events, int Reports, int Tasks, int Whistles, int Meetings, int AgendaMeetings, IReadOnlyDictionary<string, int> Refusals, TimeSpan Elapsed);
