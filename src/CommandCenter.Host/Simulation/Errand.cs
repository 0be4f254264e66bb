namespace CommandCenter.Host.Simulation;

/// <summary>What somebody, or a timer, does at an instant.</summary>
/// <param name="Lane">Errands of one lane are carried out one after the other: all that goes to one stream.</param>
/// <param name="RunAsync">Carries it out; many run at once.</param>
/// <param name="Afterwards">What follows from it, asked in the order of the errands when everything that happened has been read.</param>
internal sealed record Errand(DateTimeOffset At, string Lane, Func<CancellationToken, Task> RunAsync, Func<IEnumerable<Errand>>? Afterwards = null);
