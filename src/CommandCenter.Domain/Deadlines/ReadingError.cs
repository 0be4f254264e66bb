using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CommandCenter.Domain.Deadlines;

/// <summary>What is wrong with a file that was read.</summary>
/// <param name="Line">From 1.</param>
public sealed record ReadingError(int Line, Message Words)
{
    /// <summary>In English, with its line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"line {Line}: {Words.En}");
}

/// <summary>Says what is wrong with a text that is not JSON, or not of the form that is read, without a word of the program's own types.</summary>
internal static partial class JsonMistakes
{
    /// <param name="mistake">As the serializer told it of the text.</param>
    public static ReadingError Of(JsonException mistake, string json)
    {
        JsonIndex index;
        try
        {
            index = new JsonIndex(json);
        }
        catch (JsonException syntax)
        {
            var column = (syntax.BytePositionInLine ?? 0) + 1;
            return new ReadingError((int)(syntax.LineNumber ?? 0) + 1, new Message(
                string.Create(CultureInfo.InvariantCulture, $"不是有效的 JSON：第 {column} 个字节附近有误，请检查括号、引号和逗号。"),
                string.Create(CultureInfo.InvariantCulture, $"this is not JSON: something is wrong near byte {column}; check brackets, quotes and commas.")));
        }

        var pointer = PointerOf(mistake.Path ?? "$");
        // The serializer's own words name what it is about; they are asked for that, and not shown.
        var (named, words) = (Quoted().Matches(mistake.Message).Select(match => match.Groups[1].Value).ToList(), mistake.Message);
        if (words.Contains("could not be mapped", StringComparison.Ordinal) && named.Count > 0)
            return At($"{pointer}/{named[0]}", new($"没有“{named[0]}”这一项，请删去或改正名称。", $"there is no member \"{named[0]}\" here; leave it out, or correct its name."));
        if (words.Contains("missing required", StringComparison.Ordinal) && words.IndexOf("including:", StringComparison.Ordinal) is > 0 and var including)
        {
            var missing = Quoted().Matches(words[including..]).Select(match => match.Groups[1].Value).ToList();
            return At(pointer, new($"缺少：{string.Join("、", missing)}。", $"missing here: {string.Join(", ", missing)}."));
        }

        var last = pointer[(pointer.LastIndexOf('/') + 1)..];
        if (words.Contains("uplicate", StringComparison.Ordinal))
        {
            var twice = named.Count > 0 ? named[0] : last;
            return At($"{pointer}/{twice}", new($"“{twice}”重复出现，请只保留一个。", $"\"{twice}\" stands twice; keep one of them."));
        }

        return At(pointer, last.Length == 0
            ? new("内容不是所要的结构。", "the whole is not of the form that is read.")
            : new($"“{last}”的值不是这里要的类型或取值。", $"the value of \"{last}\" is not of the kind that belongs here."));

        ReadingError At(string place, Message message) => new(index.LineOf(place), message);
    }

    // From $.rules[3].limit to /rules/3/limit.
    private static string PointerOf(string path) => string.Concat(Segments().Matches(path).Select(match => $"/{match.Groups.Values.Skip(1).First(group => group.Success).Value}"));

    [GeneratedRegex(@"\.([^.\[]+)|\[(\d+)\]|\['([^']*)'\]")]
    private static partial Regex Segments();

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();
}
