using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Formats;

/// <summary>The one JSON form of domain values, in events and over HTTP (ADR 0004).</summary>
public static class DomainJson
{
    private const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>For stored events: strict in both directions.</summary>
    public static JsonSerializerOptions Options { get; } = Frozen();

    /// <summary>Adds the conventions to options that a host owns.</summary>
    public static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DictionaryKeyPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.PropertyNameCaseInsensitive = false;
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new WordConverterFactory());
        options.Converters.Add(new InstantConverter());
        options.Converters.Add(new AreaCodeConverter());
        options.Converters.Add(new UnitConverter());
    }

    /// <summary>An instant as text: UTC, six digits.</summary>
    public static string Text(DateTimeOffset instant) => instant.ToUniversalTime().ToString(InstantFormat, CultureInfo.InvariantCulture);

    /// <summary>An instant as it is stored: UTC, cut to whole microseconds.</summary>
    public static DateTimeOffset Microseconds(DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    private static JsonSerializerOptions Frozen()
    {
        var options = new JsonSerializerOptions();
        Apply(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && HasZone(reader.GetString()!) && reader.TryGetDateTimeOffset(out var instant)
                ? Microseconds(instant)
                : throw new JsonException("An instant is text such as 2026-11-21T03:04:05.123456Z.");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Text(value));

        // Without a zone the reader would take the host's, which says nothing about the district.
        private static bool HasZone(string text) => text.Length >= 17 && (text[^1] == 'Z' || text[^6] is '+' or '-');
    }

    /// <summary>Enumerations by their one word. The library's converter also takes other cases, and lists of words that add up to no member.</summary>
    private sealed class WordConverterFactory : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(WordConverter<>).MakeGenericType(typeToConvert))!;
    }

    private sealed class WordConverter<T> : JsonConverter<T>
        where T : struct, Enum
    {
        private static readonly Dictionary<T, string> Words = Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{value}"));
        private static readonly Dictionary<string, T> Values = Words.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && Values.TryGetValue(reader.GetString()!, out var value)
                ? value
                : throw new JsonException($"One of these is expected: {string.Join(", ", Words.Values)}.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Word(value));

        public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader, typeToConvert, options);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(Word(value));

        private static string Word(T value) =>
            Words.TryGetValue(value, out var word) ? word : throw new JsonException($"{value} is no {typeof(T).Name}.");
    }

    private sealed class AreaCodeConverter : JsonConverter<AreaCode>
    {
        public override AreaCode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && AreaCode.TryParse(reader.GetString(), out var code)
                ? code
                : throw new JsonException("An area code is text of 6, 9, 12, 15 or 18 digits.");

        public override void Write(Utf8JsonWriter writer, AreaCode value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }

    private sealed class UnitConverter : JsonConverter<Unit>
    {
        public override Unit Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Unit.TryParse(reader.GetString(), out var unit)
                ? unit
                : throw new JsonException("A unit is text such as post:village-construction, department:water, village:500153003001 or grid:500153003001001.");

        public override void Write(Utf8JsonWriter writer, Unit value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
