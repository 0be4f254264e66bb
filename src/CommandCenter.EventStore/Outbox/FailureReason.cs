using System.Text;

namespace CommandCenter.EventStore;

/// <summary>Reasons as they are stored: one line that PostgreSQL takes, of limited length.</summary>
internal static class FailureReason
{
    /// <summary>The most characters of a reason that are kept.</summary>
    public const int Longest = 2000;

    /// <summary>The text with a space for each control character and U+FFFD for each lone surrogate.</summary>
    public static string Storable(string reason)
    {
        var kept = new StringBuilder();
        foreach (var rune in reason.EnumerateRunes())
        {
            if (kept.Length + rune.Utf16SequenceLength > Longest)
                break;
            kept.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return kept.ToString();
    }
}
