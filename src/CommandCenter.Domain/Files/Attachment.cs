namespace CommandCenter.Domain.Files;

/// <summary>A file that came with what happened, beside its photos.</summary>
/// <param name="File"><c>sha256:…</c> of the content as it is kept.</param>
/// <param name="Length">Of that content, in bytes.</param>
/// <param name="Name">Sealed: a file's name is personal data.</param>
public sealed record Attachment(string File, MediaKind Kind, string MediaType, long Length, string Name);
