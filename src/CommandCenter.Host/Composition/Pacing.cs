namespace CommandCenter.Host.Composition;

/// <summary>The clock that waits are measured by. It differs from the one that events are stamped with only where that one is moved by hand.</summary>
public sealed record Pacing(TimeProvider Clock);
