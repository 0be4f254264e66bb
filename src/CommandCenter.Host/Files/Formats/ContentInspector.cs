using CommandCenter.Domain.Files;

namespace CommandCenter.Host.Files.Formats;

/// <summary>Tells what content is, by nothing but the content, and takes out of it what tells of the person who made it (ADR 0023).</summary>
public static class ContentInspector
{
    /// <summary>So many bytes tell what content begins as.</summary>
    public const int EnoughToTell = 16;

    /// <summary>What content begins as; for formats that hold several types, the one that may be longest. Null when it is none that is taken.</summary>
    /// <param name="start">The first bytes; fewer than <see cref="EnoughToTell"/> only if there are no more.</param>
    public static FileType? Begins(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return FileType.Jpeg;
        if (start.StartsWith(PngFile.Signature))
            return FileType.Png;
        if (start.Length >= 12 && start.StartsWith("RIFF"u8) && start[8..].StartsWith("WEBP"u8))
            return FileType.WebP;
        if (start.StartsWith("%PDF-"u8))
            return FileType.Pdf;
        if (start.StartsWith("PK\x03\x04"u8))
            return FileType.Docx;
        if (start.Length >= 12 && start[4..].StartsWith("ftyp"u8))
            return FileType.VideoMp4;
        return TextFile.MayBegin(start) ? FileType.PlainText : null;
    }

    /// <summary>Looks at whole content. Memory is bounded by the longest image and a few blocks, whatever the content.</summary>
    /// <param name="content">Seekable. What is accepted may read from it later.</param>
    /// <exception cref="EventStore.SealBrokenException">The content cannot be read from where it lies.</exception>
    public static Inspection Inspect(Stream content)
    {
        var start = new byte[EnoughToTell];
        content.Position = 0;
        var begins = Begins(start.AsSpan(0, content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)));
        if (begins is null)
            return new Inspection.Refused(ContentFault.Unknown);
        if (content.Length > begins.Longest)
            return new Inspection.Refused(ContentFault.TooLarge, begins);
        content.Position = 0;
        var inspection = begins.Kind switch
        {
            MediaKind.Image => Image(begins, content),
            MediaKind.Video => Mp4File.Inspect(content),
            MediaKind.Text => TextFile.Inspect(content),
            _ when begins == FileType.Pdf => PdfFile.Inspect(content),
            _ => OfficeFile.Inspect(content),
        };
        return inspection is Inspection.Accepted accepted && accepted.Content.Length > accepted.Type.Longest ? new Inspection.Refused(ContentFault.TooLarge, accepted.Type) : inspection;
    }

    private static Inspection Image(FileType type, Stream content)
    {
        var image = new byte[content.Length];
        content.ReadExactly(image);
        var (kept, fault) = type == FileType.Jpeg ? JpegFile.Strip(image) : type == FileType.Png ? PngFile.Strip(image) : WebPFile.Strip(image);
        return kept is null ? new Inspection.Refused(fault, type) : new Inspection.Accepted(type, new MemoryStream(kept, writable: false));
    }
}
