using System.Text;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Organization;

/// <summary>Reads the organization's files from a folder.</summary>
public static class OrganizationFolder
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The made-up town that is delivered with the application.</summary>
    public static string DemoDistrict => Path.Combine(AppContext.BaseDirectory, "Organization", "demo-district");

    /// <summary>The directory, or what is wrong in which line of which file; a missing file and bytes that are not UTF-8 are such errors.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="IOException">A file could not be read.</exception>
    public static OrganizationReading Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"The organization's folder '{folder}' does not exist.");

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var errors = new List<OrganizationError>();
        foreach (var name in OrganizationReader.FileNames.Concat(OrganizationReader.OptionalFileNames))
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path))
                continue;

            var bytes = File.ReadAllBytes(path);
            try
            {
                texts.Add(name, StrictUtf8.GetString(bytes));
            }
            catch (DecoderFallbackException e)
            {
                var line = 1 + bytes.AsSpan(0, Math.Clamp(e.Index, 0, bytes.Length)).Count((byte)'\n');
                errors.Add(new(name, line, "", "not_utf8", "文件不是UTF-8编码", "The file is not UTF-8; save it as UTF-8, not as GBK."));
            }
        }

        return errors.Count > 0 ? new OrganizationReading.Refused(errors) : OrganizationReader.Read(texts);
    }
}
