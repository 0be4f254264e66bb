using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace CommandCenter.Host.Http;

/// <summary>Serves the built pages: hashed assets for ever, documents always asked for anew.</summary>
public static class Pages
{
    private const string Assets = "/assets";

    public static void UsePages(this WebApplication application)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        if (!Directory.Exists(folder))
            return;

        var files = new PhysicalFileProvider(folder);
        application.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        application.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            ContentTypeProvider = new FileExtensionContentTypeProvider(),
            OnPrepareResponse = prepared =>
            {
                var headers = prepared.Context.Response.Headers;
                headers.CacheControl = prepared.Context.Request.Path.StartsWithSegments(Assets) ? "public, max-age=31536000, immutable" : "no-cache";
                headers.XContentTypeOptions = "nosniff";
                headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'";
                headers["Referrer-Policy"] = "no-referrer";
            },
        });
    }
}
