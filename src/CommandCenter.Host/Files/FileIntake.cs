using System.Security.Cryptography;
using CommandCenter.Domain;
using CommandCenter.Domain.Files;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Files.Formats;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Files;

/// <summary>What becomes of content that was uploaded: what it is, what is kept of it, and under which hash; or why it is not taken.</summary>
public static class FileIntake
{
    private const string LyingName = "lying";

    /// <summary>Looks at the beginning: a code when it is none of the types that are taken, or longer than its type may be.</summary>
    /// <param name="length">Of the whole, in bytes.</param>
    public static string? Look(ReadOnlySpan<byte> start, long length)
    {
        if (start.Length < ContentInspector.EnoughToTell && start.Length < length)
            return null;
        var type = ContentInspector.Begins(start[..Math.Min(start.Length, ContentInspector.EnoughToTell)]);
        return type is null ? Code(new(ContentFault.Unknown)) : length > type.Longest ? Code(new(ContentFault.TooLarge, type)) : null;
    }

    /// <param name="name">As its sender calls it, where they do.</param>
    public static Intake Take(Stream content, string? name) => ContentInspector.Inspect(content) switch
    {
        Inspection.Accepted accepted when name is not null && FileName.Fault(name, accepted.Type) is not null => new Intake.Refused(LyingName),
        Inspection.Accepted accepted => new Intake.Taken(Hash(accepted.Content), accepted.Type.MediaType, accepted.Content),
        Inspection.Refused refused => new Intake.Refused(Code(refused)),
        _ => throw new InvalidOperationException("An inspection is one of two."),
    };

    public static async Task<string> HashAsync(Stream content, CancellationToken cancellation)
    {
        content.Position = 0;
        return SealedFiles.HashOf(await SHA256.HashDataAsync(content, cancellation));
    }

    /// <summary>A refusal in words.</summary>
    /// <param name="code">As it was given by <see cref="Look"/> or <see cref="Take"/>.</param>
    public static ProblemException Problem(string code)
    {
        var (fault, longest) = code.Split('|') is [var name, var mediaType] ? (name, FileType.Find(mediaType)?.Longest) : (code, null);
        if (fault is LyingName)
            return NamedFiles.BadName(FileNameFault.Lying, "Upload-Metadata");
        if (fault is Uploads.ErasedCode)
            return new ProblemException(410, "file.erased", new("该文件已按规定删除，不能再次上传。", "The file was erased as the rules demand and is not taken in again."));
        return Names.TryParse<ContentFault>(fault, out var known) ? Problem(known, longest) : throw new InvalidOperationException($"No refusal is called {code}.");
    }

    private static ProblemException Problem(ContentFault fault, long? longest) => fault switch
    {
        ContentFault.TooLarge => TooLarge(longest ?? FileType.LongestOfAll),
        ContentFault.Damaged => new(422, "file.damaged", new("文件不完整或已损坏，请重新保存后再传。", "The file is not whole or does not hold together; save it again and send that.")),
        ContentFault.Polyglot => new(422, "file.polyglot", new("文件中夹带了其他内容，请重新保存后再传。", "The file holds something else besides; save it again and send that.")),
        ContentFault.Active => new(422, "file.active_content", new("文件含有宏、脚本或嵌入程序，请去除后再传，或另存为 PDF。", "The file holds macros, scripts or embedded programs; take them out, or save it as a PDF.")),
        ContentFault.Bomb => new(422, "file.bomb", new("文件解压后过大，请拆分后再传。", "The file unpacks to far too much; send it in parts.")),
        _ => new(415, "file.type_unknown", FileWords.Taken),
    };

    /// <param name="longest">In bytes.</param>
    public static ProblemException TooLarge(long longest) => new(
        413, "file.too_large", new Message($"这种文件最大 {longest / 1024 / 1024} MB，请压缩或拆分后再传。", $"A file of this kind has at most {longest / 1024 / 1024} MB; send it smaller or in parts."));

    private static string Hash(Stream content)
    {
        content.Position = 0;
        return SealedFiles.HashOf(SHA256.HashData(content));
    }

    private static string Code(Inspection.Refused refused) => refused.Type is { } type ? $"{Names.Of(refused.Fault)}|{type.MediaType}" : Names.Of(refused.Fault);
}
