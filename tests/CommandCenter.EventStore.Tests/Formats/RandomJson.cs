using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace CommandCenter.EventStore.Tests;

/// <summary>Random JSON that has a canonical form: nested, with names and texts from every corner of Unicode.</summary>
internal static class RandomJson
{
    private static readonly Gen<string> Characters = Gen.OneOf(
        Gen.Choose(1, 0x7F).Select(code => ((char)code).ToString()),
        Gen.Choose(0x80, 0xD7FF).Select(code => ((char)code).ToString()),
        Gen.Choose(0xE000, 0xFFFF).Select(code => ((char)code).ToString()),
        Gen.Choose(0x10000, 0x10FFFF).Select(char.ConvertFromUtf32));

    private static readonly Gen<string> Texts = Gen.Choose(0, 12).SelectMany(length => Characters.ArrayOf(length)).Select(string.Concat);

    private static readonly Gen<JsonNode> Leaves = Gen.OneOf(
        Texts.Select(text => (JsonNode)JsonValue.Create(text)!),
        Gen.Choose(int.MinValue, int.MaxValue).Select(n => (JsonNode)JsonValue.Create((long)n)),
        Gen.Elements(CanonicalJson.MaxInteger, -CanonicalJson.MaxInteger, 0L, 100000000000000L, -10000L).Select(n => (JsonNode)JsonValue.Create(n)),
        Gen.Elements(true, false).Select(b => (JsonNode)JsonValue.Create(b)));

    /// <summary>Objects up to four levels deep.</summary>
    public static Gen<JsonObject> Objects { get; } = ObjectsOf(3);

    private static Gen<JsonObject> ObjectsOf(int depth) =>
        Gen.Choose(0, 5).SelectMany(count => Texts.ArrayOf(count)).SelectMany(names =>
            Values(depth).ArrayOf(names.Length).Select(values => new JsonObject(
                names.Zip(values).DistinctBy(pair => pair.First).Select(pair => KeyValuePair.Create(pair.First, (JsonNode?)pair.Second.DeepClone())))));

    private static Gen<JsonNode> Values(int depth) => depth == 0
        ? Leaves
        : Gen.OneOf(
            Leaves,
            ObjectsOf(depth - 1).Select(o => (JsonNode)o),
            Gen.Choose(0, 4).SelectMany(count => Values(depth - 1).ArrayOf(count)).Select(values => (JsonNode)new JsonArray([.. values.Select(value => value.DeepClone())])));
}
