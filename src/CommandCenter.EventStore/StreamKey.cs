namespace CommandCenter.EventStore;

/// <summary>
/// The name of a stream: <c>category:id</c>, for example <c>case:0199c2f0…</c>. The category is
/// <c>[a-z][a-z0-9_]{0,39}</c>, the id <c>[A-Za-z0-9._-]{1,100}</c> (ADR 0001).
/// </summary>
public readonly record struct StreamKey
{
    private StreamKey(string category, string id)
    {
        Category = category;
        Id = id;
    }

    /// <summary>What kind of thing the stream is about.</summary>
    public string Category { get; }

    /// <summary>Which one of its kind.</summary>
    public string Id { get; }

    /// <exception cref="FormatException">The parts are outside the allowed alphabet or length.</exception>
    public static StreamKey Of(string category, string id) =>
        IsCategory(category) && IsId(id)
            ? new StreamKey(category, id)
            : throw new FormatException($"'{category}:{id}' is not a stream key: see ADR 0001.");

    /// <exception cref="FormatException">The text is not <c>category:id</c>.</exception>
    public static StreamKey Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 ? Of(text[..colon], text[(colon + 1)..]) : throw new FormatException($"'{text}' is not a stream key: see ADR 0001.");
    }

    public override string ToString() => $"{Category}:{Id}";

    private static bool IsCategory(string text) =>
        text.Length is > 0 and <= 40 && char.IsAsciiLetterLower(text[0]) && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    /// <summary>Whether a text may stand as the id of a stream.</summary>
    public static bool IsId(string text) =>
        text.Length is > 0 and <= 100 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
