namespace CommandCenter.Host.Http;

/// <summary>Texts from people: trimmed, bounded, with one kind of line end (ADR 0004).</summary>
public static class Texts
{
    public const int FreeText = 2000;
    public const int Note = 500;
    public const int Name = 50;

    /// <exception cref="ProblemException">The text is missing or too long.</exception>
    public static string Required(string? text, string field, int limit) => Optional(text, field, limit) ?? throw Problems.Missing(field);

    /// <summary>Null for a missing or blank text.</summary>
    /// <exception cref="ProblemException">The text is too long.</exception>
    public static string? Optional(string? text, string field, int limit)
    {
        var trimmed = text?.ReplaceLineEndings("\n").Trim();
        if (string.IsNullOrEmpty(trimmed))
            return null;
        return trimmed.Length <= limit ? trimmed : throw Problems.TooLong(field, limit);
    }
}
