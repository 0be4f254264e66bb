using System.Buffers;

namespace CommandCenter.EventStore;

/// <summary>
/// The name of a stream: <c>category:id</c>, for example <c>case:0199c2f0…</c>. The category is
/// <c>[a-z][a-z0-9_]{0,39}</c>, the id <c>[A-Za-z0-9._-]{1,100}</c> (ADR 0001).
/// </summary>
public readonly record struct StreamKey
{
    private readonly string _text;

    private StreamKey(string category, string id, string text)
    {
        Category = category;
        Id = id;
        _text = text;
    }

    /// <summary>What kind of thing the stream is about.</summary>
    public string Category { get; }

    /// <summary>Which one of its kind.</summary>
    public string Id { get; }

    /// <exception cref="FormatException">The parts are outside the allowed alphabet or length.</exception>
    public static StreamKey Of(string category, string id) =>
        IsCategory(category) && IsId(id) ? new StreamKey(category, id, $"{category}:{id}") : throw Strange($"{category}:{id}");

    /// <exception cref="FormatException">The text is not <c>category:id</c>.</exception>
    public static StreamKey Parse(string text) => TryParse(text, out var key) ? key : throw Strange(text);

    /// <summary>False when the text is not <c>category:id</c>.</summary>
    public static bool TryParse(string text, out StreamKey key)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !IsCategory(text.AsSpan(0, colon)) || !IsId(text.AsSpan(colon + 1)))
        {
            key = default;
            return false;
        }

        // The same few words in millions of keys.
        var category = text.AsSpan(0, colon) switch { "case" => "case", "inbox" => "inbox", var other => other.ToString() };
        key = new StreamKey(category, text[(colon + 1)..], text);
        return true;
    }

    public override string ToString() => _text ?? ":";

    private static readonly SearchValues<char> CategoryCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private static bool IsCategory(ReadOnlySpan<char> text) => text.Length is > 0 and <= 40 && char.IsAsciiLetterLower(text[0]) && !text.ContainsAnyExcept(CategoryCharacters);

    /// <summary>Whether a text may stand as the id of a stream.</summary>
    public static bool IsId(ReadOnlySpan<char> text) => text.Length is > 0 and <= 100 && !text.ContainsAnyExcept(IdCharacters);

    private static FormatException Strange(string text) => new($"'{text}' is not a stream key: see ADR 0001.");
}
