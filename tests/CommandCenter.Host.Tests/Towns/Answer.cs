using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CommandCenter.Domain.Formats;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tests.Towns;

/// <summary>What the host answered, read whole.</summary>
public sealed class Answer
{
    // A missing value is a missing member (ADR 0004), so a client asks for no member that may be missing.
    private static readonly JsonSerializerOptions Json = new(DomainJson.Options) { RespectRequiredConstructorParameters = false };

    private Answer(HttpStatusCode status, byte[] body, HttpResponseMessage message)
    {
        Status = (int)status;
        Body = body;
        Message = message;
    }

    public int Status { get; }

    public byte[] Body { get; }

    /// <summary>For headers; its content was read already.</summary>
    public HttpResponseMessage Message { get; }

    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    public string? MediaType => Message.Content.Headers.ContentType?.MediaType;

    public string? ETag => Message.Headers.ETag?.Tag;

    public string? Location => Message.Headers.Location?.ToString();

    public bool Replayed => Header("Idempotent-Replay") == "true";

    public LogPosition Position =>
        LogPosition.TryParse(Header(ETags.PositionHeader), out var position) ? position : throw new InvalidOperationException($"No X-Position on {this}.");

    public JsonObject Object => JsonNode.Parse(Body)!.AsObject();

    public CommandReceipt Receipt => Ok<CommandReceipt>();

    public static async Task<Answer> ReadAsync(HttpResponseMessage message) =>
        new(message.StatusCode, await message.Content.ReadAsByteArrayAsync(), message);

    public string? Header(string name) => Message.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;

    /// <summary>The body of a success.</summary>
    public T Ok<T>()
    {
        Status.ShouldBeInRange(200, 299, Text);
        return JsonSerializer.Deserialize<T>(Body, Json)!;
    }

    /// <summary>The problem that was answered, which always speaks both languages and names itself.</summary>
    public Problem Problem(int status, string code, string? field = null)
    {
        Status.ShouldBe(status, Text);
        MediaType.ShouldBe("application/problem+json");
        var problem = JsonSerializer.Deserialize<Problem>(Body, Json)!;
        problem.Code.ShouldBe(code, Text);
        problem.Status.ShouldBe(status);
        problem.Type.ShouldBe($"/problems/{code}");
        problem.Title.ShouldBe(problem.Message.En);
        problem.Message.Zh.ShouldMatch(@"[\u4e00-\u9fff]");
        problem.Message.En.ShouldNotBeNullOrWhiteSpace();
        problem.Field.ShouldBe(field, Text);
        return problem;
    }

    public override string ToString() => $"{Status} {Text}";
}
