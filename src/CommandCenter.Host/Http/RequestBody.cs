using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CommandCenter.Domain.Formats;

namespace CommandCenter.Host.Http;

/// <summary>A JSON request body, read strictly, with its bytes kept for the command's hash.</summary>
public static class RequestBody
{
    /// <summary>The most that a JSON request may hold. Photos go to their own address.</summary>
    public const long MaximumBytes = 64 * 1024;

    private static readonly JsonSerializerOptions Json = Strict();
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <exception cref="ProblemException">Wrong media type, too large, malformed, unknown members, forbidden characters.</exception>
    public static Task<(T Body, ReadOnlyMemory<byte> Bytes)> ReadAsync<T>(HttpRequest request, CancellationToken cancellation) => ReadAsync<T>(request, MaximumBytes, cancellation);

    /// <param name="atMost">Bytes, for a request that holds a list.</param>
    /// <exception cref="ProblemException">As above.</exception>
    public static async Task<(T Body, ReadOnlyMemory<byte> Bytes)> ReadAsync<T>(HttpRequest request, long atMost, CancellationToken cancellation)
    {
        if (!request.HasJsonContentType())
            throw Problems.WrongMediaType("application/json");
        var bytes = await BytesAsync(request, atMost, cancellation);
        return (Parse<T>(bytes), bytes);
    }

    /// <summary>A body of whatever kind, whole.</summary>
    /// <exception cref="ProblemException">It is larger than it may be.</exception>
    public static async Task<byte[]> BytesAsync(HttpRequest request, long atMost, CancellationToken cancellation)
    {
        if (request.ContentLength > atMost)
            throw Problems.BodyTooLarge(atMost);

        using var buffer = new MemoryStream();
        var chunk = new byte[8192];
        for (int read; (read = await request.Body.ReadAsync(chunk, cancellation)) > 0;)
        {
            if (buffer.Length + read > atMost)
                throw Problems.BodyTooLarge(atMost);
            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }

    private static T Parse<T>(byte[] bytes)
    {
        try
        {
            // Checked first: the JSON reader would let a replacement character stand for broken UTF-8.
            StrictUtf8.GetCharCount(bytes);
            return JsonSerializer.Deserialize<T>(bytes, Json) ?? throw Problems.Malformed("The body is null.");
        }
        catch (DecoderFallbackException)
        {
            throw Problems.Malformed("The body is not UTF-8.");
        }
        catch (ForbiddenCharacterException e)
        {
            throw Problems.ForbiddenCharacter(e.Field);
        }
        catch (JsonException e)
        {
            if (e.InnerException is ForbiddenCharacterException)
                throw Problems.ForbiddenCharacter(Field(e.Path));
            throw Missing(bytes, typeof(T), e.Path) is { } missing ? Problems.Missing(missing) : Problems.Malformed(Detail(e), Field(e.Path));
        }
        catch (InvalidOperationException e) when (e.Message.Contains("UTF-16", StringComparison.Ordinal))
        {
            throw Problems.ForbiddenCharacter(null);
        }
    }

    /// <summary>The first required member that the object at a path lacks; null when that is not what is wrong.</summary>
    private static string? Missing(byte[] bytes, Type type, string? path)
    {
        JsonElement at;
        try
        {
            at = JsonElement.Parse(bytes);
        }
        catch (JsonException)
        {
            return null;
        }

        var names = (Field(path) ?? "").Split('.', StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in names)
        {
            var member = Json.GetTypeInfo(type).Properties.FirstOrDefault(property => property.Name == name);
            if (member is null || at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                return null;
            type = member.PropertyType;
        }

        if (at.ValueKind != JsonValueKind.Object)
            return null;
        var lacking = Json.GetTypeInfo(type).Properties.FirstOrDefault(property => property.IsRequired && !at.TryGetProperty(property.Name, out _));
        return lacking is null ? null : string.Join('.', names.Append(lacking.Name));
    }

    // The reader's own words, unless they speak of this program's types.
    private static string Detail(JsonException e)
    {
        var words = e.Message.Split(" Path:", 2)[0].Split(" LineNumber:", 2)[0];
        if (words.Contains("CommandCenter.", StringComparison.Ordinal) || words.Contains("System.", StringComparison.Ordinal))
            words = words.Contains("could not be mapped", StringComparison.Ordinal) ? "There is no such member." : "The value is not of the kind that is expected here.";
        return e.LineNumber is { } line ? string.Create(CultureInfo.InvariantCulture, $"{words} (line {line + 1}, byte {e.BytePositionInLine + 1})") : words;
    }

    private static string? Field(string? path) => path is null or "$" ? null : path.TrimStart('$', '.');

    private static JsonSerializerOptions Strict()
    {
        var options = new JsonSerializerOptions();
        DomainJson.Apply(options);
        options.Converters.Add(new TextConverter());
        return options;
    }

    private sealed class ForbiddenCharacterException(string? field) : Exception
    {
        public string? Field { get; } = field;
    }

    /// <summary>Refuses what PostgreSQL's jsonb would refuse, and control characters that nobody can see.</summary>
    private sealed class TextConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String)
                throw new JsonException("A text is expected.");

            string text;
            try
            {
                text = reader.GetString()!;
            }
            catch (InvalidOperationException)
            {
                throw new JsonException("A lone surrogate.", new ForbiddenCharacterException(null));
            }

            for (var i = 0; i < text.Length; i++)
            {
                if (char.IsControl(text[i]) && text[i] is not ('\t' or '\n' or '\r'))
                    throw new JsonException("A control character.", new ForbiddenCharacterException(null));
                if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                    i++;
                else if (char.IsSurrogate(text[i]))
                    throw new JsonException("A lone surrogate.", new ForbiddenCharacterException(null));
            }

            return text;
        }

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
