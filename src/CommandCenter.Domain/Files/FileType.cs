namespace CommandCenter.Domain.Files;

/// <summary>What a file is to people.</summary>
public enum MediaKind
{
    Image,
    Document,
    Sheet,
    Text,
    Audio,
    Video,
}

/// <summary>A type of file that is taken. It is told by content alone; the extensions are those that a name may have without lying.</summary>
/// <param name="Longest">In bytes.</param>
public sealed record FileType(string MediaType, MediaKind Kind, long Longest, IReadOnlyList<string> Extensions)
{
    private const long Mebibyte = 1024 * 1024;

    public static readonly FileType Jpeg = new("image/jpeg", MediaKind.Image, 10 * Mebibyte, ["jpg", "jpeg"]);
    public static readonly FileType Png = new("image/png", MediaKind.Image, 10 * Mebibyte, ["png"]);
    public static readonly FileType WebP = new("image/webp", MediaKind.Image, 10 * Mebibyte, ["webp"]);
    public static readonly FileType Pdf = new("application/pdf", MediaKind.Document, 30 * Mebibyte, ["pdf"]);
    public static readonly FileType Docx = new("application/vnd.openxmlformats-officedocument.wordprocessingml.document", MediaKind.Document, 30 * Mebibyte, ["docx"]);
    public static readonly FileType Xlsx = new("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", MediaKind.Sheet, 30 * Mebibyte, ["xlsx"]);
    public static readonly FileType PlainText = new("text/plain", MediaKind.Text, 5 * Mebibyte, ["txt", "csv"]);
    public static readonly FileType AudioMp4 = new("audio/mp4", MediaKind.Audio, 50 * Mebibyte, ["m4a", "mp4", "3gp"]);
    public static readonly FileType VideoMp4 = new("video/mp4", MediaKind.Video, 100 * Mebibyte, ["mp4", "m4v", "3gp"]);
    public static readonly FileType QuickTime = new("video/quicktime", MediaKind.Video, 100 * Mebibyte, ["mov"]);

    /// <summary>All types that are taken.</summary>
    public static readonly IReadOnlyList<FileType> All = [Jpeg, Png, WebP, Pdf, Docx, Xlsx, PlainText, AudioMp4, VideoMp4, QuickTime];

    /// <summary>The longest file of any type, in bytes.</summary>
    public static long LongestOfAll { get; } = All.Max(type => type.Longest);

    /// <summary>The longest image, in bytes.</summary>
    public static long LongestImage => Jpeg.Longest;

    /// <summary>The type of a file that was taken before.</summary>
    public static FileType? Find(string mediaType) => All.FirstOrDefault(type => type.MediaType == mediaType);
}
