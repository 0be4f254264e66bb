namespace CommandCenter.Domain.Cases;

/// <summary>点位规则: that the engine did something because the organization says who looks after a spot.</summary>
/// <param name="Spot">The spot's code.</param>
/// <param name="Organization">The version of the organization that said so.</param>
public sealed record SpotRule(string Spot, long Organization);
