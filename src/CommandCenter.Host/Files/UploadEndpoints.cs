using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CommandCenter.Host.Files;

/// <summary>An upload as its sender sees it.</summary>
/// <param name="Length">Of what is sent, in bytes.</param>
/// <param name="Received">How many bytes are there: the next piece begins here.</param>
/// <param name="ExpiresAt">Until when it may be gone on with, and asked for.</param>
/// <param name="File">What it became, once it is whole.</param>
public sealed record UploadView(string Id, long Length, long Received, DateTimeOffset ExpiresAt, FileReceipt? File = null);

/// <summary>A file that was taken in, to be named in a command.</summary>
/// <param name="File"><c>sha256:</c> and 64 hex digits of the content that is kept.</param>
/// <param name="Length">Of that content, in bytes: without what a device wrote beside it.</param>
/// <param name="KeptUntil">Until when it is kept if no command names it; a command that does keeps it for good.</param>
public sealed record FileReceipt(string File, MediaKind Kind, string MediaType, long Length, DateTimeOffset KeptUntil);

/// <summary>
/// Resumable uploads after the tus protocol 1.0.0 (<see href="https://tus.io/protocols/resumable-upload"/>), its core and the extensions creation, checksum,
/// expiration and termination, under <c>/api/uploads</c>. What is ours beside it: <c>Idempotency-Key</c> makes a repeated creation the same upload, and <c>GET</c> says what
/// an upload became.
/// </summary>
public sealed class UploadEndpoints(Uploads uploads, FileShelf shelf, UploadQuota quota, HostSettings settings, IOrganization organization, TimeProvider clock) : IDisposable
{
    private const string Version = "1.0.0";
    private const string Piece = "application/offset+octet-stream";
    private const int LongestMetadata = 2_000;
    private const int ChecksumMismatch = 460;

    // What is whole is looked at by two at once, whoever else waits.
    private readonly SemaphoreSlim _looking = new(2);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<UploadEndpoints>();
        routes.MapMethods("/api/uploads", [HttpMethods.Options], endpoints.Options).ExcludeFromDescription();
        routes.MapMethods("/api/uploads/{id}", [HttpMethods.Options], endpoints.Options).ExcludeFromDescription();
        routes.MapPost("/api/uploads", (Delegate)endpoints.CreateAsync).Tus("createUpload", "Begin a resumable upload (tus 1.0.0)", 201, 400, 401, 409, 412, 413, 415, 422);
        routes.MapMethods("/api/uploads/{id}", [HttpMethods.Head], endpoints.HeadAsync).ExcludeFromDescription();
        routes.MapGet("/api/uploads/{id}", endpoints.GetAsync).Tus<UploadView>("getUpload", "How far an upload is, and what it became", 401, 404, 410, 413, 415, 422);
        routes.MapPatch("/api/uploads/{id}", endpoints.WriteAsync).Tus("writeUpload", "Send the next piece of an upload (tus 1.0.0)", 204, 400, 401, 404, 409, 410, 412, 413, 415, 422);
        routes.MapDelete("/api/uploads/{id}", endpoints.DeleteAsync).Tus("deleteUpload", "Give an upload up (tus 1.0.0)", 204, 401, 404, 412);
        // For lines that let no other method through, as the protocol has it.
        routes.MapPost("/api/uploads/{id}", endpoints.OverrideAsync).ExcludeFromDescription();
    }

    public void Dispose() => _looking.Dispose();

    private IResult Options(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers["Tus-Resumable"] = Version;
        headers["Tus-Version"] = Version;
        headers["Tus-Extension"] = "creation,checksum,expiration,termination";
        headers["Tus-Checksum-Algorithm"] = string.Join(',', PieceDigest.Algorithms.Keys);
        headers["Tus-Max-Size"] = Number(FileType.LongestOfAll);
        return TypedResults.NoContent();
    }

    private async Task<IResult> CreateAsync(HttpContext context)
    {
        var actor = Begin(context);
        if (context.Request.Headers.ContainsKey("Upload-Defer-Length"))
            throw Malformed("Upload-Defer-Length", "The length of an upload is said when it is begun.");
        var length = Length(context.Request, "Upload-Length");
        if (length < 1)
            throw Malformed("Upload-Length", "An upload has at least one byte.");
        var metadata = context.Request.Headers["Upload-Metadata"].ToString();
        var name = NameIn(metadata);
        if (name is not null && FileName.Fault(name) is { } fault)
            throw NamedFiles.BadName(fault, "Upload-Metadata");
        var longest = name is null ? FileType.LongestOfAll : FileName.LongestOf(name);
        if (length > longest)
            throw FileIntake.TooLarge(longest);

        var id = Id(context.Request, actor);
        Upload upload;
        try
        {
            upload = await uploads.CreateAsync(id, actor, length, metadata, Expires(), quota.RoomOf(context, actor), context.RequestAborted);
        }
        catch (NoRoomException full)
        {
            throw UploadQuota.Full(full);
        }

        if (upload.Length != length || upload.Metadata != metadata)
            throw Problems.CommandIdReused();
        Describe(context, upload);
        return TypedResults.Created($"/api/uploads/{upload.Id}");
    }

    private async Task<IResult> HeadAsync(HttpContext context, string id)
    {
        var upload = await OwnAsync(context, id);
        Describe(context, upload);
        context.Response.Headers["Upload-Length"] = Number(upload.Length);
        if (upload.Metadata.Length > 0)
            context.Response.Headers["Upload-Metadata"] = upload.Metadata;
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok();
    }

    private async Task<IResult> GetAsync(HttpContext context, string id)
    {
        // Anybody's client may ask in plain HTTP what became of it.
        var upload = await OwnAsync(context, id, needsVersion: false);
        // Whole, but its end was cut off by a lost line or a killed host.
        upload = upload is { IsOver: false } && upload.Received == upload.Length ? await FinishAsync(upload, context.RequestAborted) : upload;
        if (upload.Refusal is { } refusal)
            throw FileIntake.Problem(refusal);
        return TypedResults.Ok(new UploadView(upload.Id, upload.Length, upload.Received, upload.ExpiresAt, upload.File is { } file ? await ReceiptAsync(file, context.RequestAborted) : null));
    }

    private async Task<IResult> WriteAsync(HttpContext context, string id)
    {
        var upload = await OwnAsync(context, id);
        if (context.Request.ContentType != Piece)
            throw Problems.WrongMediaType(Piece);
        var offset = Length(context.Request, "Upload-Offset");
        var digest = Digest(context.Request);
        // What is read is bounded by what is left of the upload, and refused in its own words.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;

        var result = await uploads.WriteAsync(
            id, offset, context.Request.Body, context.Request.ContentLength, digest, start => FileIntake.Look(start.Span, upload.Length), Expires(), context.RequestAborted);
        switch (result)
        {
            case PieceResult.Kept kept:
                upload = kept.Upload;
                break;
            // The end again, sent by who has not heard that it was taken.
            case PieceResult.WrongOffset { Upload: { IsOver: true } over } when offset == over.Length && context.Request.ContentLength is 0:
                upload = over;
                break;
            case PieceResult.Refused refused:
                throw FileIntake.Problem(refused.Upload.Refusal!);
            case PieceResult.WrongOffset { Upload.Refusal: { } refusal }:
                throw FileIntake.Problem(refusal);
            case PieceResult.WrongOffset wrong:
                Describe(context, wrong.Upload);
                throw new ProblemException(409, "upload.wrong_offset", new("续传位置不符，请查询后从已收到处继续。", "The upload stands elsewhere; ask where and go on from there."), "Upload-Offset");
            case PieceResult.WrongDigest:
                throw new ProblemException(ChecksumMismatch, "upload.checksum_mismatch", new("这一段传输有误，请重传这一段。", "This piece came through wrong; send it again."), "Upload-Checksum");
            case PieceResult.TooLong:
                throw new ProblemException(413, "upload.too_long", new("内容超过开始时说明的长度。", "There is more than was announced."), "Upload-Length");
            default:
                throw Unknown();
        }

        if (!upload.IsOver && upload.Received == upload.Length)
            upload = await FinishAsync(upload, context.RequestAborted);
        if (upload.Refusal is { } why)
            throw FileIntake.Problem(why);
        Describe(context, upload);
        return TypedResults.NoContent();
    }

    private async Task<IResult> DeleteAsync(HttpContext context, string id)
    {
        await OwnAsync(context, id);
        await uploads.DeleteAsync(id, context.RequestAborted);
        return TypedResults.NoContent();
    }

    private Task<IResult> OverrideAsync(HttpContext context, string id) => context.Request.Headers["X-HTTP-Method-Override"].ToString().ToUpperInvariant() switch
    {
        "PATCH" => WriteAsync(context, id),
        "DELETE" => DeleteAsync(context, id),
        "HEAD" => HeadAsync(context, id),
        _ => throw Malformed("X-HTTP-Method-Override", "PATCH, DELETE or HEAD is expected."),
    };

    private async Task<Upload> FinishAsync(Upload upload, CancellationToken cancellation)
    {
        var name = NameIn(upload.Metadata);
        await _looking.WaitAsync(cancellation);
        try
        {
            // Off the request's thread and to its end: whoever asks again finds it done.
            return await Task.Run(() => uploads.FinishAsync(upload.Id, content => FileIntake.Take(content, name), clock.GetUtcNow(), CancellationToken.None), cancellation) ?? throw Unknown();
        }
        finally
        {
            _looking.Release();
        }
    }

    private async Task<FileReceipt> ReceiptAsync(string hash, CancellationToken cancellation)
    {
        if (await shelf.FindAsync(hash, cancellation) is not { } file)
            throw Expired();
        return new FileReceipt(file.Hash, FileType.Find(file.MediaType)!.Kind, file.MediaType, file.Length, file.StoredAt + settings.KeepUnnamedFiles);
    }

    /// <summary>The caller's own upload; another's is as unknown as one that never was.</summary>
    private async Task<Upload> OwnAsync(HttpContext context, string id, bool needsVersion = true)
    {
        var actor = Begin(context, needsVersion);
        if (id.Length != 32 || !id.All(char.IsAsciiHexDigitLower) || await uploads.FindAsync(id, context.RequestAborted) is not { } upload || upload.Actor != actor)
            throw Unknown();
        return upload.ExpiresAt > clock.GetUtcNow() ? upload : throw Expired();
    }

    private string Begin(HttpContext context, bool needsVersion = true)
    {
        Send(context, "Tus-Resumable", Version);
        var actor = Callers.From(context.Request, organization.Now)[0].Actor;
        if (needsVersion && context.Request.Headers["Tus-Resumable"] != Version)
        {
            Send(context, "Tus-Version", Version);
            throw new ProblemException(412, "upload.protocol", new("请使用 tus 1.0.0 协议上传。", "Uploads go by version 1.0.0 of the tus protocol."), "Tus-Resumable");
        }

        return actor;
    }

    private static void Describe(HttpContext context, Upload upload)
    {
        Send(context, "Upload-Offset", Number(upload.Received));
        Send(context, "Upload-Expires", upload.ExpiresAt.ToString("R", CultureInfo.InvariantCulture));
    }

    // Also on a problem, whose writer begins with clean headers.
    private static void Send(HttpContext context, string name, string value) => context.Response.OnStarting(() =>
    {
        context.Response.Headers[name] = value;
        return Task.CompletedTask;
    });

    private DateTimeOffset Expires() => clock.GetUtcNow() + settings.KeepUploads;

    private static string Id(HttpRequest request, string actor)
    {
        if (!request.Headers.ContainsKey("Idempotency-Key"))
            return RandomNumberGenerator.GetHexString(32, lowercase: true);
        var key = CommandEndpoint.IdempotencyKey(request);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"upload\n{actor}\n{key}")))[..32];
    }

    private static long Length(HttpRequest request, string header) =>
        long.TryParse(request.Headers[header].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw Malformed(header, "A number of bytes is expected.");

    private static PieceDigest? Digest(HttpRequest request)
    {
        var header = request.Headers["Upload-Checksum"].ToString();
        if (header.Length == 0)
            return null;
        var hash = new byte[64];
        return header.Split(' ') is [var algorithm, var text] && PieceDigest.Algorithms.ContainsKey(algorithm) && Convert.TryFromBase64String(text, hash, out var length)
            && length == (algorithm == "sha1" ? 20 : 32)
            ? new PieceDigest(algorithm, hash.AsMemory(0, length))
            : throw Malformed("Upload-Checksum", $"An algorithm ({string.Join(", ", PieceDigest.Algorithms.Keys)}), a space and the hash in base64 are expected.");
    }

    /// <summary>The name in metadata as the protocol writes them: pairs between commas, each a key, a space and a value in base64.</summary>
    private static string? NameIn(string metadata)
    {
        if (metadata.Length > LongestMetadata)
            throw Malformed("Upload-Metadata", "There is too much of it.");
        string? name = null;
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pair in metadata.Length == 0 ? [] : metadata.Split(','))
        {
            var parts = pair.Trim(' ').Split(' ');
            var value = new byte[LongestMetadata];
            if (parts.Length > 2 || parts[0].Length == 0 || parts[0].Any(c => c is <= ' ' or > '~') || !keys.Add(parts[0])
                || !Convert.TryFromBase64String(parts.Length == 2 ? parts[1] : "", value, out var length))
                throw Malformed("Upload-Metadata", "Pairs of a key and a value in base64 are expected, each key once.");
            if (parts[0] != "filename")
                continue;
            try
            {
                name = new UTF8Encoding(false, true).GetString(value, 0, length);
            }
            catch (DecoderFallbackException)
            {
                throw Malformed("Upload-Metadata", "The name is not UTF-8.");
            }
        }

        return name;
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static ProblemException Malformed(string header, string detail) => Problems.Malformed(detail, header);

    private static ProblemException Unknown() => new(404, "upload.unknown", new("没有这个上传，请重新开始。", "There is no such upload; begin again."));

    private static ProblemException Expired() => new(410, "upload.expired", new("上传已过保存期，请重新开始。", "The upload has expired; begin again."));
}
