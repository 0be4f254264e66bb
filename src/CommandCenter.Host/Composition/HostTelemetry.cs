using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CommandCenter.Host.Composition;

/// <summary>What the host measures of itself, besides what the event log does. Costs next to nothing while nobody listens.</summary>
public static class HostTelemetry
{
    /// <summary>Of the activity source and of the meter.</summary>
    public const string Name = "CommandCenter.Host";

    internal static readonly ActivitySource Source = new(Name);
    internal static readonly Meter Meter = new(Name);
}
