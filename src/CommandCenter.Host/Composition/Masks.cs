using System.Text.RegularExpressions;

namespace CommandCenter.Host.Composition;

/// <summary>Texts for lists, where nothing is opened.</summary>
public static partial class Masks
{
    /// <summary>The mark <c>⟦personal⟧</c> in the place of each sealed span.</summary>
    public static string InLists(string text) => Mark().Replace(text, "⟦personal⟧");

    [GeneratedRegex("⟦[0-9]+⟧")]
    private static partial Regex Mark();
}
