using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CommandCenter.Domain.Deadlines;

/// <summary>Where everything stands in a text of JSON, by its pointer (RFC 6901), for messages.</summary>
internal sealed class JsonIndex
{
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public JsonIndex(string json)
    {
        var text = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(text);
        // Of each open list or object: its pointer, and how many elements of a list were seen.
        var open = new Stack<(string Pointer, bool IsList, int Count)>();
        var (member, line, counted) = ((string?)null, 1, 0);
        while (reader.Read())
        {
            line += text.AsSpan(counted, (int)reader.TokenStartIndex - counted).Count((byte)'\n');
            counted = (int)reader.TokenStartIndex;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    member = reader.GetString()!.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
                    // The name and not the value: a list may begin on the next line.
                    _lines.TryAdd($"{open.Peek().Pointer}/{member}", line);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    break;
                default:
                    var pointer = PointerOf(open, member);
                    _lines.TryAdd(pointer, line);
                    if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                        open.Push((pointer, reader.TokenType == JsonTokenType.StartArray, 0));
                    break;
            }
        }
    }

    /// <summary>The line on which something begins; of what is missing the line of what it is missing in.</summary>
    public int LineOf(string pointer)
    {
        while (pointer.Length > 0)
        {
            if (_lines.TryGetValue(pointer, out var line))
                return line;
            pointer = pointer[..pointer.LastIndexOf('/')];
        }

        return _lines.GetValueOrDefault("", 1);
    }

    private static string PointerOf(Stack<(string Pointer, bool IsList, int Count)> open, string? member)
    {
        if (open.Count == 0)
            return "";
        var around = open.Pop();
        open.Push(around with { Count = around.Count + 1 });
        return around.IsList ? string.Create(CultureInfo.InvariantCulture, $"{around.Pointer}/{around.Count}") : $"{around.Pointer}/{member}";
    }
}
