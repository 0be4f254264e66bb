using System.Text.Json;

namespace CommandCenter.Host.Composition;

/// <summary>An enumeration's member as it is written everywhere outside the code: snake_case (ADR 0004).</summary>
public static class Names
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

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
}
