using System.Security.Cryptography;
using System.Text;

namespace CommandCenter.Host.Composition;

/// <summary>
/// Who uploaded which photo, as empty files in a folder beside the photos: named by the hash of both, so that the folder itself tells nothing. Whoever only
/// knows a photo's hash cannot put it into a case of their own and read it there.
/// </summary>
public sealed class PhotoUploads(string folder)
{
    public void Remember(string actor, string photo)
    {
        var path = PathOf(actor, photo);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var _ = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
    }

    public bool Contains(string actor, string photo) => File.Exists(PathOf(actor, photo));

    private string PathOf(string actor, string photo)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{actor}\n{photo}")));
        return Path.Combine(folder, name[..2], name);
    }
}
