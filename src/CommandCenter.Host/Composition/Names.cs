using System.Text.Json;

namespace CommandCenter.Host.Composition;

/// <summary>An enumeration's member as it is written everywhere outside the code: snake_case (ADR 0004).</summary>
public static class Names
{
    public static string Of<T>(T value)
        where T : struct, Enum => Known<T>.Names.TryGetValue(value, out var name) ? name : JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static bool TryParse<T>(string text, out T value)
        where T : struct, Enum
    {
        foreach (var member in Enum.GetValues<T>())
        {
            if (Of(member) == text)
            {
                value = member;
                return true;
            }
        }

        value = default;
        return false;
    }

    // Written once: rows of read tables ask for them by the hundred thousand.
    private static class Known<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Names = Enum.GetValues<T>().Distinct().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
    }
}
