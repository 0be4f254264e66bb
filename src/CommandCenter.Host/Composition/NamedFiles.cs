using CommandCenter.Domain;
using CommandCenter.Domain.Files;
using CommandCenter.EventStore;
using CommandCenter.Host.Http;
using Microsoft.Net.Http.Headers;

namespace CommandCenter.Host.Composition;

/// <summary>A file that a command brings with it.</summary>
/// <param name="File">Uploaded before, <c>sha256:…</c>.</param>
/// <param name="Name">As it is called on the device, at most 150 characters, with an extension that fits what it is. Sealed before it is stored.</param>
public sealed record AttachmentRequest(string File, string Name);

/// <summary>A command that may bring attachments with it. They are taken in by <see cref="CommandEndpoint"/>, for every such command alike.</summary>
public interface IAttachingRequest : ICommandRequest
{
    IReadOnlyList<AttachmentRequest>? Attachments { get; }
}

/// <summary>An attachment as a reader may see it.</summary>
/// <param name="File"><c>sha256:…</c>, by which it is fetched.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Event">The type of the event that brought it.</param>
public sealed record AttachmentView(string File, MediaKind Kind, string MediaType, long Length, PersonalValue Name, string Event, DateTimeOffset At);

/// <summary>Files that a command names: each must have been uploaded by who names it, or be in its stream already. A hash that was read somewhere else is no key to a file.</summary>
public sealed class NamedFiles(FileShelf shelf, SealedFiles files, PersonalText personal)
{
    private const int Most = 9;

    /// <summary>Photos are images; what else there is comes as an attachment.</summary>
    /// <param name="isThere">Whether the stream has the photo already.</param>
    /// <exception cref="ProblemException">Too many, malformed, not uploaded, or no image.</exception>
    public async Task<IReadOnlyList<string>> CheckAsync(string actor, IReadOnlyList<string>? photos, Func<string, bool> isThere, string field, CancellationToken cancellation)
    {
        if (photos is null)
            return [];
        if (photos.Count > Most)
            throw new ProblemException(422, "photo.too_many", new($"一次最多 {Most} 张照片。", $"At most {Most} photos at once."), field);
        foreach (var photo in photos)
        {
            // The JSON reader lets a null through where a list holds texts.
            if (photo is null || await FindAsync(actor, photo, isThere, cancellation) is not { } file)
                throw NotUploaded(field);
            if (FileType.Find(file.MediaType)?.Kind != MediaKind.Image)
                throw new ProblemException(422, "photo.not_an_image", new("这不是照片，请作为附件提交。", "This is not a photo; send it as an attachment."), field);
        }

        return [.. photos.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Attachments as they stand in an event, each once, their names sealed.</summary>
    /// <param name="isThere">Whether the stream has the file already.</param>
    /// <exception cref="ProblemException">Too many, malformed, not uploaded, or a name that lies.</exception>
    public async Task<IReadOnlyList<Attachment>> AttachAsync(
        string actor, IReadOnlyList<AttachmentRequest> asked, Func<string, bool> isThere, StreamKey stream, CancellationToken cancellation)
    {
        if (asked.Count > Most)
            throw new ProblemException(422, "attachment.too_many", new($"一次最多 {Most} 个附件。", $"At most {Most} attachments at once."), "attachments");
        var attached = new List<Attachment>(asked.Count);
        foreach (var request in asked)
        {
            if (request?.File is null || await FindAsync(actor, request.File, isThere, cancellation) is not { } file || FileType.Find(file.MediaType) is not { } type)
                throw new ProblemException(422, "attachment.unknown", new("附件尚未上传或已过保存期，请重新上传。", "The attachment was not uploaded, or was kept no longer; upload it again."), "attachments");
            var name = Texts.Required(request.Name, "attachments.name", FileName.Longest);
            if (FileName.Fault(name, type) is { } fault)
                throw BadName(fault, "attachments.name");
            if (attached.Any(other => other.File == file.Hash))
                continue;
            attached.Add(new Attachment(file.Hash, type.Kind, file.MediaType, file.Length, (await personal.SealValueAsync(stream, NameField(file.Hash), name, cancellation))!));
        }

        return attached;
    }

    /// <summary>The attachments of a stream for a reader who may see its personal data.</summary>
    public async Task<IReadOnlyList<AttachmentView>> ReadAsync<TState, TEvent>(Loaded<TState, TEvent> loaded, CancellationToken cancellation)
        where TEvent : class
    {
        var views = new List<AttachmentView>();
        foreach (var (stored, fact) in loaded.Facts)
            foreach (var attachment in Attachments.Of(fact.Event))
                views.Add(new AttachmentView(
                    attachment.File, attachment.Kind, attachment.MediaType, attachment.Length,
                    (await personal.ReadAsync(attachment.Name, loaded.Stream, NameField(attachment.File), true, cancellation))!, stored.Type, stored.RecordedAt));
        return views;
    }

    /// <summary>How many attachments a stream has.</summary>
    public static int Count<TState, TEvent>(Loaded<TState, TEvent> loaded)
        where TEvent : class => loaded.Facts.Sum(fact => Attachments.Of(fact.Fact.Event).Count);

    /// <summary>A photo's content, for a reader who was found to be allowed, and whose thing has it.</summary>
    /// <exception cref="ProblemException">There is none, it was erased, or its file is damaged.</exception>
    public async Task<IResult> OpenAsync(HttpContext context, string photo)
    {
        switch (await files.OpenAsync(photo, context.RequestAborted))
        {
            case OpenFileResult.Opened opened:
                return Answer(context, photo, opened, null);
            case OpenFileResult.Erased:
                throw Erased();
            case OpenFileResult.Damaged:
                throw new ProblemException(500, "photo.damaged", new("照片文件已损坏，请联系管理员。", "The photo's file is damaged; tell the administrator."));
            default:
                throw Unknown();
        }
    }

    /// <summary>An attachment's content to keep, whole or in ranges, for a reader who was found to be allowed. It is never shown within a page.</summary>
    /// <exception cref="ProblemException">The stream has no such attachment, it was erased, or its file is damaged.</exception>
    public async Task<IResult> DownloadAsync<TState, TEvent>(HttpContext context, Loaded<TState, TEvent> loaded, string file)
        where TEvent : class
    {
        // Only a file of this stream: a hash is no key to everybody's files.
        var attachment = loaded.Facts.SelectMany(fact => Attachments.Of(fact.Fact.Event)).LastOrDefault(attachment => attachment.File == file)
            ?? throw new ProblemException(404, "attachment.not_there", new("没有这个附件。", "There is no such attachment."));
        var name = await personal.ReadAsync(attachment.Name, loaded.Stream, NameField(file), true, context.RequestAborted);
        switch (await files.OpenAsync(file, context.RequestAborted))
        {
            case OpenFileResult.Opened opened:
                // A name that was erased leaves what the file is.
                return Answer(context, file, opened, name!.Value ?? $"{Names.Of(attachment.Kind)}.{FileType.Find(opened.MediaType)!.Extensions[0]}");
            case OpenFileResult.Erased:
                throw new ProblemException(410, "attachment.erased", new("附件已按规定删除。", "The attachment was erased as the rules demand."));
            default:
                throw new ProblemException(500, "attachment.damaged", new("附件文件已损坏或缺失，请联系管理员。", "The attachment's file is damaged or missing; tell the administrator."));
        }
    }

    public static ProblemException Erased() => new(410, "photo.erased", new("照片已按规定删除。", "The photo was erased as the rules demand."));

    public static ProblemException Unknown() => new(404, "photo.unknown", new("没有这张照片。", "There is no such photo."));

    /// <summary>Named and not there, or kept no longer because nobody named it in time.</summary>
    public static ProblemException NotUploaded(string? field) => new(422, "photo.unknown", new("照片尚未上传。", "The photo was not uploaded."), field);

    public static ProblemException BadName(FileNameFault fault, string field) => fault switch
    {
        FileNameFault.UnknownExtension => new(415, "file.name_unknown", FileWords.Taken, field),
        FileNameFault.Lying => new(422, "file.name_lies", new("文件扩展名与内容不符，请改正文件名。", "The file's extension is another type's than its content; correct the name."), field),
        _ => new(422, "file.name_malformed", new($"文件名应为 1–{FileName.Longest} 个字符，且不含特殊符号。", $"A file's name has 1–{FileName.Longest} characters and none that names do not have."), field),
    };

    /// <summary>Under which name a file's name is sealed.</summary>
    public static string NameField(string file) => $"attachments/{file}/name";

    private static IResult Answer(HttpContext context, string hash, OpenFileResult.Opened opened, string? name)
    {
        context.Response.Headers.CacheControl = "private, no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        return TypedResults.Stream(opened.Content, opened.MediaType, name, entityTag: new EntityTagHeaderValue($"\"{hash}\""), enableRangeProcessing: true);
    }

    private async Task<ShelvedFile?> FindAsync(string actor, string hash, Func<string, bool> isThere, CancellationToken cancellation) =>
        isThere(hash) || await shelf.WasBroughtByAsync(actor, hash, cancellation) ? await shelf.FindAsync(hash, cancellation) : null;
}

/// <summary>What files are taken, in words.</summary>
public static class FileWords
{
    public static readonly Message Taken = new(
        "不支持这种文件；可上传照片(JPEG、PNG、WebP)、PDF、DOCX、XLSX、TXT、CSV 以及手机录音录像(M4A、MP4、MOV)。旧版 DOC、XLS 请另存为新格式。",
        "Files of this kind are not taken. Send photos (JPEG, PNG, WebP), PDF, DOCX, XLSX, TXT, CSV, or what a phone records (M4A, MP4, MOV); save old DOC and XLS files in the new format.");
}
