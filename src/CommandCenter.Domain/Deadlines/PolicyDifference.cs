using System.Text.Json;
using System.Text.Json.Nodes;
using CommandCenter.Domain.Formats;

namespace CommandCenter.Domain.Deadlines;

/// <summary>One place in which two policies differ.</summary>
/// <param name="Section">The member of the policy: <c>rules</c>, <c>matters</c>, …</param>
/// <param name="Key">Which one of it: <c>handle/normal</c>, a matter's code, a ladder's name; empty for a section that is one whole.</param>
/// <param name="Before">As it was, in JSON; missing for what is new.</param>
/// <param name="After">As it is to be; missing for what is left out.</param>
public sealed record PolicyChange(string Section, string Key, string? Before = null, string? After = null);

/// <summary>What one policy says otherwise than another, whatever sections policies may come to have.</summary>
public static class PolicyDifference
{
    private static readonly string[] Keys = ["code", "name", "id"];

    /// <param name="before">Null: there was none.</param>
    public static IReadOnlyList<PolicyChange> Of(DeadlinePolicy? before, DeadlinePolicy after)
    {
        var (old, now) = (before is null ? [] : Node(before), Node(after));
        return
        [
            .. from section in old.Select(member => member.Key).Union(now.Select(member => member.Key))
               where section is not ("version" or "$schema")
               from change in Of(section, old[section], now[section])
               select change,
        ];
    }

    private static IEnumerable<PolicyChange> Of(string section, JsonNode? before, JsonNode? after)
    {
        if (before is not JsonArray && after is not JsonArray)
        {
            if (Text(before) != Text(after))
                yield return new PolicyChange(section, "", Text(before), Text(after));
            yield break;
        }

        var (old, now) = (Entries(before), Entries(after));
        foreach (var key in old.Keys.Union(now.Keys, StringComparer.Ordinal))
        {
            var (was, becomes) = (old.GetValueOrDefault(key), now.GetValueOrDefault(key));
            if (was != becomes)
                yield return new PolicyChange(section, key, was, becomes);
        }
    }

    private static Dictionary<string, string> Entries(JsonNode? list) =>
        (list as JsonArray ?? []).ToDictionary(entry => KeyOf(entry!.AsObject()), entry => Text(entry)!, StringComparer.Ordinal);

    private static string KeyOf(JsonObject entry) => Keys.Select(key => (string?)entry[key]).FirstOrDefault(key => key is not null) ?? $"{entry["clock"]}/{entry["urgency"]}";

    private static JsonObject Node(DeadlinePolicy policy) => JsonSerializer.SerializeToNode(policy, DomainJson.Options)!.AsObject();

    private static string? Text(JsonNode? node) => node?.ToJsonString(DomainJson.Options);
}
