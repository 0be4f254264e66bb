using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CommandCenter.Domain.Formats;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tests.Towns;

/// <summary>Somebody at a keyboard: sends requests in a person's name.</summary>
public sealed class TownClient(HttpClient http, string? actor, string? role = null)
{
    private static int _keys;

    /// <summary>An Idempotency-Key that no other request of this process has.</summary>
    public static string NewKey() => string.Create(CultureInfo.InvariantCulture, $"key-{Interlocked.Increment(ref _keys)}");

    /// <param name="body">A request record, or its JSON as text or bytes.</param>
    /// <param name="key">Null: a new one; empty: none.</param>
    public async Task<Answer> PostAsync(string path, object body, string? key = null, string? ifMatch = null, string mediaType = "application/json")
    {
        using var request = Request(HttpMethod.Post, path);
        request.Content = new ByteArrayContent(Bytes(body)) { Headers = { ContentType = mediaType.Length == 0 ? null : MediaTypeHeaderValue.Parse(mediaType) } };
        key ??= NewKey();
        if (key.Length > 0)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await SendAsync(request);
    }

    public async Task<Answer> GetAsync(string path)
    {
        using var request = Request(HttpMethod.Get, path);
        return await SendAsync(request);
    }

    public async Task<T> GetAsync<T>(string path) => (await GetAsync(path)).Ok<T>();

    /// <summary>Sends a request that a test has made by hand, with this person's headers.</summary>
    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using var response = await http.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    public HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        if (actor is not null)
            request.Headers.TryAddWithoutValidation("X-Actor", actor);
        if (role is not null)
            request.Headers.TryAddWithoutValidation("X-Role", role);
        return request;
    }

    // Commands of a case, each as its person would send it.
    public Task<Answer> CommandAsync(string caseId, string command, object body, string? key = null, string? ifMatch = null) =>
        PostAsync($"/api/cases/{caseId}/{command}", body, key, ifMatch);

    public Task<Answer> ReportAsync(object body, string? key = null) => PostAsync("/api/cases", body, key);

    private static byte[] Bytes(object body) => body switch
    {
        byte[] bytes => bytes,
        string json => Encoding.UTF8.GetBytes(json),
        _ => JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), DomainJson.Options),
    };
}
