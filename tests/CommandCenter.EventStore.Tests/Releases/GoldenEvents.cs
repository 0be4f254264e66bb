using System.Text;
using System.Text.Json;
using CommandCenter.Domain;

namespace CommandCenter.EventStore.Tests.Releases;

/// <summary>The golden data of every event, which the tests of the domain hold.</summary>
internal static class GoldenEvents
{
    /// <param name="instance"><c>full</c> or <c>minimal</c>.</param>
    public static byte[] Data(string alias, string instance)
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(GoldenDatabase.PathOf("CommandCenter.Domain.Tests", "golden", "events", $"{alias}.golden.json")));
        return Encoding.UTF8.GetBytes(golden.RootElement.GetProperty(instance).GetRawText());
    }

    public static NewEvent Full(string alias) => Event(alias, "full");

    public static NewEvent Minimal(string alias) => Event(alias, "minimal");

    private static NewEvent Event(string alias, string instance) =>
        new(alias, DomainEvents.All.Single(name => name.Alias == alias).DotnetType, Data(alias, instance), Some.Origin);
}
