using System.Text;
using System.Text.Json;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Demo;

/// <summary>One case's way, as a file tells it.</summary>
/// <param name="Source">Where the story comes from.</param>
public sealed record Scenario(string Title, string Source, IReadOnlyList<ScenarioStep> Steps);

/// <summary>What somebody did and when. Which members are needed follows from the command.</summary>
/// <param name="Command">As in the API: <c>report</c>, <c>file</c>, …</param>
/// <param name="Photos">Files beside the scenario.</param>
public sealed record ScenarioStep(
    DateTimeOffset At,
    string Actor,
    string Command,
    string? Text = null,
    string? Category = null,
    Urgency? Urgency = null,
    AreaCode? Area = null,
    double? Latitude = null,
    double? Longitude = null,
    string? Post = null,
    int? Satisfaction = null,
    FixResult? Result = null,
    IReadOnlyList<string>? Photos = null);

/// <summary>Reads what the demonstration town plays.</summary>
public static class ScenarioFolder
{
    public static string Bundled => Path.Combine(AppContext.BaseDirectory, "Demo", "scenarios");

    /// <exception cref="JsonException">The file is not a scenario.</exception>
    public static Scenario River => Read<Scenario>("mengziqiao-river.json");

    /// <summary>What reports of each category say.</summary>
    /// <exception cref="JsonException">The file is not a list of texts by category.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Texts => Read<Dictionary<string, IReadOnlyList<string>>>("texts.json");

    private static T Read<T>(string name) => JsonSerializer.Deserialize<T>(File.ReadAllText(Path.Combine(Bundled, name), Encoding.UTF8), DomainJson.Options)!;
}
