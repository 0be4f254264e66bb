using CommandCenter.Domain.Files;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Files.Formats;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Files;

/// <summary>A photo that was taken in, to be named in a command.</summary>
/// <param name="Photo"><c>sha256:</c> and 64 hex digits of the content that is kept: the photo without what its device wrote beside it.</param>
/// <param name="Length">Bytes.</param>
public sealed record PhotoReceipt(string Photo, string MediaType, long Length);

/// <summary><c>POST /api/photos</c>: a photo in one piece, for a line that holds.</summary>
public static class UploadPhoto
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/photos", HandleAsync)
        .Upload<PhotoReceipt>("uploadPhoto", "Upload a photo (JPEG, PNG or WebP, at most 10 MB) in one piece; the same content gives the same answer");

    private static async Task<IResult> HandleAsync(HttpContext context, FileShelf shelf, UploadQuota quota, OrganizationDirectory organization, TimeProvider clock)
    {
        var actor = Callers.From(context.Request, organization)[0].Actor;
        if (context.Request.ContentType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) != true)
            throw Problems.WrongMediaType("image/jpeg, image/png, image/webp");
        if (context.Request.ContentLength > FileType.LongestImage)
            throw TooLarge();

        using var image = await ReadAsync(context);
        if (ContentInspector.Inspect(image) is not Inspection.Accepted { Type: { Kind: MediaKind.Image } type, Content: var kept })
            throw new ProblemException(422, "photo.unreadable", new("照片不完整或已损坏，请重拍或另存后再传。", "The photo is not whole or does not hold together; take or save it again."));

        var hash = await FileIntake.HashAsync(kept, context.RequestAborted);
        try
        {
            return await shelf.PutAsync(hash, type.MediaType, kept, actor, clock.GetUtcNow(), quota.RoomOf(context, actor), context.RequestAborted) is StoreFileResult.Erased
                ? throw NamedFiles.Erased()
                : TypedResults.Created((string?)null, new PhotoReceipt(hash, type.MediaType, kept.Length));
        }
        catch (NoRoomException full)
        {
            throw UploadQuota.Full(full);
        }
    }

    /// <summary>Reads at most one byte more than is allowed, and only the beginning of what is no image.</summary>
    private static async Task<MemoryStream> ReadAsync(HttpContext context)
    {
        var image = new MemoryStream();
        var buffer = new byte[64 * 1024];
        var length = await context.Request.Body.ReadAtLeastAsync(buffer.AsMemory(0, ContentInspector.EnoughToTell), ContentInspector.EnoughToTell, throwOnEndOfStream: false, context.RequestAborted);
        if (ContentInspector.Begins(buffer.AsSpan(0, length))?.Kind != MediaKind.Image)
            throw new ProblemException(415, "photo.not_an_image", new("这不是 JPEG、PNG 或 WebP 图片。", "This is not a JPEG, PNG or WebP image."));
        for (; length > 0; length = await context.Request.Body.ReadAsync(buffer, context.RequestAborted))
        {
            image.Write(buffer, 0, length);
            if (image.Length > FileType.LongestImage)
                throw TooLarge();
        }

        return image;
    }

    private static ProblemException TooLarge() => new(413, "photo.too_large", new("照片超过 10 MB。", "The photo is larger than 10 MB."));
}
