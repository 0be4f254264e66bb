using CommandCenter.EventStore;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Composition;

/// <summary>Photos that a command names: each must have been uploaded by who names it, or be in its stream already. A hash that was read somewhere else is no key to the photo.</summary>
public sealed class NamedPhotos(SealedFiles files, PhotoUploads uploads)
{
    private const int Most = 9;

    /// <param name="isThere">Whether the stream has the photo already.</param>
    /// <exception cref="ProblemException">Too many, malformed, or not uploaded.</exception>
    public async Task<IReadOnlyList<string>> CheckAsync(string actor, IReadOnlyList<string>? photos, Func<string, bool> isThere, string field, CancellationToken cancellation)
    {
        if (photos is null)
            return [];
        if (photos.Count > Most)
            throw new ProblemException(422, "photo.too_many", new($"一次最多 {Most} 张照片。", $"At most {Most} photos at once."), field);
        foreach (var photo in photos)
        {
            // The JSON reader lets a null through where a list holds texts.
            if (photo is null || !(uploads.Contains(actor, photo) || isThere(photo)) || !await files.ExistsAsync(photo, cancellation))
                throw new ProblemException(422, "photo.unknown", new("照片尚未上传。", "The photo was not uploaded."), field);
        }

        return [.. photos.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>A photo's content, for a reader who was found to be allowed, and whose thing has it.</summary>
    /// <exception cref="ProblemException">There is none, it was erased, or its file is damaged.</exception>
    public async Task<IResult> OpenAsync(HttpContext context, string photo)
    {
        switch (await files.OpenAsync(photo, context.RequestAborted))
        {
            case OpenFileResult.Opened opened:
                context.Response.Headers.CacheControl = "private, no-store";
                context.Response.Headers.XContentTypeOptions = "nosniff";
                return TypedResults.Bytes(opened.Content, opened.MediaType);
            case OpenFileResult.Erased:
                throw Erased();
            case OpenFileResult.Damaged:
                throw new ProblemException(500, "photo.damaged", new("照片文件已损坏，请联系管理员。", "The photo's file is damaged; tell the administrator."));
            default:
                throw Unknown();
        }
    }

    public static ProblemException Erased() => new(410, "photo.erased", new("照片已按规定删除。", "The photo was erased as the rules demand."));

    public static ProblemException Unknown() => new(404, "photo.unknown", new("没有这张照片。", "There is no such photo."));
}
