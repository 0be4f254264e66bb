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
    public static async Task<(T Body, ReadOnlyMemory<byte> Bytes)> ReadAsync<T>(HttpRequest request, CancellationToken cancellation)
    {
        if (!request.HasJsonContentType())
            throw Problems.WrongMediaType("application/json");
        if (request.ContentLength > MaximumBytes)
            throw Problems.BodyTooLarge(MaximumBytes);

        using var buffer = new MemoryStream();
        var chunk = new byte[8192];
        for (int read; (read = await request.Body.ReadAsync(chunk, cancellation)) > 0;)
        {
            if (buffer.Length + read > MaximumBytes)
                throw Problems.BodyTooLarge(MaximumBytes);
            buffer.Write(chunk, 0, read);
        }

        var bytes = buffer.ToArray();
        return (Parse<T>(bytes), bytes);
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
            throw e.InnerException is ForbiddenCharacterException ? Problems.ForbiddenCharacter(Field(e.Path)) : Problems.Malformed(e.Message, Field(e.Path));
        }
        catch (InvalidOperationException e) when (e.Message.Contains("UTF-16", StringComparison.Ordinal))
        {
            throw Problems.ForbiddenCharacter(null);
        }
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
