using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>A photo that was taken in, to be named in a command.</summary>
/// <param name="Photo"><c>sha256:</c> and 64 hex digits of its content.</param>
/// <param name="Length">Bytes.</param>
public sealed record PhotoReceipt(string Photo, string MediaType, long Length);

/// <summary><c>POST /api/photos</c> and <c>GET /api/cases/{id}/photos/{photo}</c></summary>
public static class Photos
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/photos", UploadAsync).Upload<PhotoReceipt>("uploadPhoto", "Upload a photo (JPEG, PNG or WebP, at most 10 MB); the same content gives the same answer");
        routes.MapGet("/api/cases/{id}/photos/{photo}", DownloadAsync).Download("getPhoto", "A photo of a case, for those who may see its personal data");
    }

    private static async Task<IResult> UploadAsync(HttpContext context, SealedFiles files, PhotoUploads uploads, OrganizationDirectory organization)
    {
        var actor = Callers.From(context.Request, organization)[0].Actor;
        if (context.Request.ContentType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) != true)
            throw Problems.WrongMediaType("image/jpeg, image/png, image/webp");
        if (context.Request.ContentLength > SealedFiles.LongestFile)
            throw TooLarge();

        return await files.StoreAsync(context.Request.Body, context.RequestAborted) switch
        {
            StoreFileResult.Stored stored => Remembered(stored),
            StoreFileResult.TooLarge => throw TooLarge(),
            StoreFileResult.Erased => throw NamedPhotos.Erased(),
            _ => throw new ProblemException(415, "photo.not_an_image", new("这不是 JPEG、PNG 或 WebP 图片。", "This is not a JPEG, PNG or WebP image.")),
        };

        IResult Remembered(StoreFileResult.Stored stored)
        {
            uploads.Remember(actor, stored.Hash);
            return TypedResults.Created((string?)null, new PhotoReceipt(stored.Hash, stored.MediaType, stored.Length));
        }
    }

    private static async Task<IResult> DownloadAsync(HttpContext context, string id, string photo, CaseStreams streams, NamedPhotos named, OrganizationDirectory organization)
    {
        var callers = Callers.From(context.Request, organization);
        var (loaded, file) = await VisibleCase.LoadAsync(id, callers, streams, context.RequestAborted);
        if (!callers.Any(caller => CaseAccess.MaySeePersonalData(caller, file)))
            throw Problems.NotAllowed();
        // Only a photo of this case: a hash is no key to everybody's files.
        if (!loaded.Facts.Any(fact => CasePhotos.Of(fact.Fact.Event).Contains(photo, StringComparer.Ordinal)))
            throw NamedPhotos.Unknown();

        return await named.OpenAsync(context, photo);
    }

    private static ProblemException TooLarge() => new(413, "photo.too_large", new("照片超过 10 MB。", "The photo is larger than 10 MB."));
}
