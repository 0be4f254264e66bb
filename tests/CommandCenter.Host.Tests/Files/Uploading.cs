using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Files;
using CommandCenter.Host.Tests.Towns;

namespace CommandCenter.Host.Tests.Files;

/// <summary>Somebody who uploads by the tus protocol.</summary>
internal static class Uploading
{
    public static async Task<Answer> TusAsync(
        this TownClient client, HttpMethod method, string path, ReadOnlyMemory<byte>? body = null, string? version = "1.0.0", string? contentType = "application/offset+octet-stream", params (string Name, string Value)[] headers)
    {
        using var request = client.Request(method, path);
        if (version is not null)
            request.Headers.TryAddWithoutValidation("Tus-Resumable", version);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (body is { } bytes)
            request.Content = new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType) } };
        return await client.SendAsync(request);
    }

    public static Task<Answer> BeginAsync(this TownClient client, long length, string? name = null, string? key = null) => client.TusAsync(
        HttpMethod.Post, "/api/uploads", headers:
        [
            ("Upload-Length", Text(length)), .. name is null ? [] : ((string, string)[])[("Upload-Metadata", $"filename {Convert.ToBase64String(Encoding.UTF8.GetBytes(name))}")],
            .. key is null ? [] : ((string, string)[])[("Idempotency-Key", key)],
        ]);

    public static Task<Answer> PieceAsync(this TownClient client, string upload, long offset, ReadOnlyMemory<byte> piece, params (string Name, string Value)[] headers) =>
        client.TusAsync(HttpMethod.Patch, upload, piece, headers: [("Upload-Offset", Text(offset)), .. headers]);

    public static Task<Answer> HeadAsync(this TownClient client, string upload) => client.TusAsync(HttpMethod.Head, upload);

    /// <summary>Uploads a whole file in two pieces.</summary>
    public static async Task<FileReceipt> UploadAsync(this TownClient client, byte[] content, string? name = null)
    {
        var begun = await client.BeginAsync(content.Length, name);
        begun.Status.ShouldBe(201, begun.Text);
        var half = content.Length / 2;
        (await client.PieceAsync(begun.Location!, 0, content.AsMemory(0, half))).Status.ShouldBe(204);
        var last = await client.PieceAsync(begun.Location!, half, content.AsMemory(half));
        last.Status.ShouldBe(204, last.Text);
        return (await client.GetAsync<UploadView>(begun.Location!)).File.ShouldNotBeNull();
    }

    public static async Task<AttachmentRequest> AnAttachmentAsync(this TownClient client, byte[] content, string name) => new((await client.UploadAsync(content, name)).File, name);

    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
