using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace CommandCenter.EventStore.Tests;

public sealed class CanonicalJsonTests
{
    public static TheoryData<string, string, string> Golden()
    {
        var cases = new TheoryData<string, string, string>();
        foreach (var line in File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "golden", "canonical.txt")).Where(line => !line.StartsWith('#')))
        {
            var parts = line.Split('|');
            cases.Add(parts[0], parts[1], parts[2]);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void Has_the_form_that_the_golden_file_says(string name, string given, string expected)
    {
        if (expected == "refused")
            Should.Throw<CanonicalJsonException>(() => CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(given)), name);
        else
            Encoding.UTF8.GetString(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(given))).ShouldBe(expected, name);
    }

    [Fact]
    public void Nests_64_levels_and_no_more()
    {
        var deepest = new string('[', 64) + new string(']', 64);
        Encoding.UTF8.GetString(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(deepest))).ShouldBe(deepest);
        Should.Throw<CanonicalJsonException>(() => CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes("[" + deepest + "]")));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        Should.Throw<CanonicalJsonException>(() => CanonicalJson.Canonicalize([(byte)'"', 0xFF, (byte)'"']));
        Should.Throw<CanonicalJsonException>(() => CanonicalJson.Canonicalize([(byte)'"', 0xED, 0xA0, 0x80, (byte)'"']));
        Should.Throw<CanonicalJsonException>(() => CanonicalJson.Canonicalize([0xEF, 0xBB, 0xBF, (byte)'1']));
    }

    [Fact]
    public void A_canonical_form_stays_as_it_is() => Check(node =>
    {
        var once = CanonicalJson.Canonicalize(Utf8(node));
        CanonicalJson.Canonicalize(once).ShouldBe(once);
    });

    [Fact]
    public void The_form_agrees_with_a_second_way_of_forming_it() => Check(node =>
        Encoding.UTF8.GetString(CanonicalJson.Canonicalize(Utf8(node))).ShouldBe(Naive(node)));

    [Fact]
    public void The_order_of_names_and_the_white_space_do_not_matter() => Check(node =>
        CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(Reversed(node)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true }))).ShouldBe(CanonicalJson.Canonicalize(Utf8(node))));

    private static byte[] Utf8(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());

    // FsCheck prints the seed of a run that fails.
    private static void Check(Action<JsonNode> holds) =>
        Prop.ForAll(RandomJson.Objects.ToArbitrary(), (JsonObject node) => holds(node)).QuickCheckThrowOnFailure();

    private static JsonNode? Reversed(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.Reverse().Select(member => KeyValuePair.Create(member.Key, Reversed(member.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Reversed)]),
        _ => node!.DeepClone(),
    };

    internal static string Naive(JsonNode? node) => node switch
    {
        JsonObject o => "{" + string.Join(',', o.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => Quoted(member.Key) + ":" + Naive(member.Value))) + "}",
        JsonArray a => "[" + string.Join(',', a.Select(Naive)) + "]",
        JsonValue v when v.GetValueKind() == JsonValueKind.String => Quoted(v.GetValue<string>()),
        _ => node!.ToJsonString(),
    };

    private static string Quoted(string text) => "\"" + string.Concat(text.Select(c => c switch
    {
        '"' => "\\\"", '\\' => "\\\\", '\b' => "\\b", '\t' => "\\t", '\n' => "\\n", '\f' => "\\f", '\r' => "\\r",
        < ' ' => $"\\u{(int)c:x4}",
        _ => c.ToString(),
    })) + "\"";
}
