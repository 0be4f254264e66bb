using System.Security.Cryptography;
using System.Text;

namespace CommandCenter.EventStore;

/// <summary>What became of storing a file. A closed type.</summary>
public abstract record StoreFileResult
{
    private StoreFileResult() { }

    /// <param name="Hash">As it stands in an event: <c>sha256:</c> and 64 hex digits of the plain content.</param>
    public sealed record Stored(string Hash, string MediaType, long Length) : StoreFileResult;

    /// <summary>Longer than <see cref="SealedFiles.LongestFile"/>; the rest was not read.</summary>
    public sealed record TooLarge : StoreFileResult;

    /// <summary>Neither JPEG nor PNG nor WebP, whatever the sender says.</summary>
    public sealed record NotAnImage : StoreFileResult;

    /// <summary>The same content was stored before and its key destroyed on purpose: it is not taken in again.</summary>
    public sealed record Erased : StoreFileResult;
}

/// <summary>What became of opening a file. A closed type.</summary>
public abstract record OpenFileResult
{
    private OpenFileResult() { }

    public sealed record Opened(ReadOnlyMemory<byte> Content, string MediaType) : OpenFileResult;

    /// <summary>The file's key was destroyed on purpose; shown as 已按规定删除.</summary>
    public sealed record Erased : OpenFileResult;

    /// <summary>No such file.</summary>
    public sealed record Unknown : OpenFileResult;

    /// <summary>Changed on disk, or its key is lost.</summary>
    public sealed record Damaged : OpenFileResult;
}

/// <summary>
/// Photos beside the log, named by the hash of their content and sealed under a key of their own (ADR 0003). The same content is one file. The folder may be shared by nodes.
/// </summary>
public sealed class SealedFiles(string folder, IKeyStore keys)
{
    /// <summary>10 MB.</summary>
    public const int LongestFile = 10 * 1024 * 1024;

    private const string HashPrefix = "sha256:";
    private const int HeaderSize = 4 + 1 + KeyId.Size;
    private const int FirstBuffer = 64 * 1024;
    private static ReadOnlySpan<byte> Magic => "CCF1"u8;

    private readonly string _folder = Path.GetFullPath(folder);

    /// <summary>The subject whose key seals this file, for <see cref="IKeyStore.EraseSubjectAsync"/>.</summary>
    /// <exception cref="FormatException">Not <c>sha256:</c> and 64 lower-case hex digits.</exception>
    public static string SubjectOf(string hash) => $"file:{HexOf(hash) ?? throw new FormatException("A file's hash is 'sha256:' and 64 lower-case hex digits.")}";

    /// <summary>Stores an image. Reads at most one byte more than is allowed, and only the beginning of what is no image.</summary>
    public async Task<StoreFileResult> StoreAsync(Stream content, CancellationToken cancellation = default)
    {
        var (plain, refusal) = await ReadImageAsync(content, cancellation);
        if (refusal is not null) return refusal;

        var image = ImageType.Of(plain.Span)!;
        var hex = Convert.ToHexStringLower(SHA256.HashData(plain.Span));
        var stored = new StoreFileResult.Stored(HashPrefix + hex, image.MediaType, plain.Length);
        var subject = SubjectOf(stored.Hash);
        if (keys.WasErased(subject)) return new StoreFileResult.Erased();

        if (await ReadAsync(hex, cancellation) is not OpenFileResult.Opened)
        {
            // Not there or damaged: in both cases the content in hand is the right one, under the subject's key.
            var key = await keys.GetOrCreateAsync(subject, cancellation);

            // An erasure since the first look has left us a second key, under which the old cases would show the photo again.
            if (keys.WasErased(subject)) return new StoreFileResult.Erased();

            var path = PathOf(hex);
            DurableFiles.CreateFolder(Path.GetDirectoryName(path)!);
            DurableFiles.Write(path, Seal(key, image, hex, plain.Span));
        }

        return stored;
    }

    /// <summary>The plain content of a file.</summary>
    /// <param name="hash">As it stands in the event.</param>
    public Task<OpenFileResult> OpenAsync(string hash, CancellationToken cancellation = default) =>
        HexOf(hash) is { } hex ? ReadAsync(hex, cancellation) : Task.FromResult<OpenFileResult>(new OpenFileResult.Unknown());

    /// <summary>Whether the file is there and its key was not erased; its content is not read whole.</summary>
    public async Task<bool> ExistsAsync(string hash, CancellationToken cancellation = default)
    {
        if (HexOf(hash) is not { } hex || !File.Exists(PathOf(hex))) return false;

        var header = new byte[HeaderSize];
        await using var file = File.OpenRead(PathOf(hex));
        return await file.ReadAtLeastAsync(header, HeaderSize, throwOnEndOfStream: false, cancellation) == HeaderSize
            && header.AsSpan().StartsWith(Magic)
            && await keys.FindAsync(KeyId.FromBytes(header.AsSpan(Magic.Length + 1)), cancellation) is KeyLookup.Found;
    }

    private async Task<OpenFileResult> ReadAsync(string hex, CancellationToken cancellation)
    {
        var file = await DurableFiles.ReadAsync(PathOf(hex), cancellation);
        if (file is null) return new OpenFileResult.Unknown();
        if (file.Length < HeaderSize || !file.AsSpan().StartsWith(Magic) || ImageType.OfCode(file[Magic.Length]) is not { } image) return new OpenFileResult.Damaged();

        return await keys.FindAsync(KeyId.FromBytes(file.AsSpan(Magic.Length + 1, KeyId.Size)), cancellation) switch
        {
            KeyLookup.Erased => new OpenFileResult.Erased(),
            KeyLookup.Found found when SealBox.Open(found.Key.Span, file.AsSpan(HeaderSize), AdditionalData(hex, image)) is { } plain => new OpenFileResult.Opened(plain, image.MediaType),
            _ => new OpenFileResult.Damaged(),
        };
    }

    private static byte[] Seal(SubjectKey key, ImageType image, string hex, ReadOnlySpan<byte> plain)
    {
        var file = new byte[HeaderSize + plain.Length + SealBox.Overhead];
        Magic.CopyTo(file);
        file[Magic.Length] = image.Code;
        key.KeyId.ToBytes().CopyTo(file.AsSpan(Magic.Length + 1));
        SealBox.Seal(key.Key.Span, plain, AdditionalData(hex, image), file.AsSpan(HeaderSize));
        return file;
    }

    private static async Task<(ReadOnlyMemory<byte> Plain, StoreFileResult? Refusal)> ReadImageAsync(Stream content, CancellationToken cancellation)
    {
        var buffer = new byte[FirstBuffer];
        var length = await content.ReadAtLeastAsync(buffer.AsMemory(0, ImageType.EnoughToTell), ImageType.EnoughToTell, throwOnEndOfStream: false, cancellation);
        if (ImageType.Of(buffer.AsSpan(0, length)) is null) return (default, new StoreFileResult.NotAnImage());

        while (true)
        {
            var read = await content.ReadAsync(buffer.AsMemory(length), cancellation);
            if (read == 0) return (buffer.AsMemory(0, length), null);

            length += read;
            if (length > LongestFile) return (default, new StoreFileResult.TooLarge());
            if (length == buffer.Length) Array.Resize(ref buffer, Math.Min(buffer.Length * 2, LongestFile + 1));
        }
    }

    private static byte[] AdditionalData(string hex, ImageType image) => Encoding.ASCII.GetBytes(hex + image.MediaType);

    private string PathOf(string hex) => Path.Combine(_folder, hex[..2], hex);

    private static string? HexOf(string hash) =>
        hash.Length == HashPrefix.Length + 64
        && hash.StartsWith(HashPrefix, StringComparison.Ordinal)
        && !hash.AsSpan(HashPrefix.Length).ContainsAnyExcept(KeyId.LowerHex)
            ? hash[HashPrefix.Length..]
            : null;
}

/// <summary>The kinds of image that are taken, told by how their content begins.</summary>
internal sealed record ImageType(byte Code, string MediaType)
{
    /// <summary>So many bytes decide.</summary>
    public const int EnoughToTell = 12;

    private static readonly ImageType Jpeg = new(1, "image/jpeg");
    private static readonly ImageType Png = new(2, "image/png");
    private static readonly ImageType WebP = new(3, "image/webp");

    public static ImageType? Of(ReadOnlySpan<byte> content)
    {
        if (content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return Jpeg;
        if (content.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A])) return Png;
        return content.Length >= EnoughToTell && content.StartsWith("RIFF"u8) && content[8..].StartsWith("WEBP"u8) ? WebP : null;
    }

    public static ImageType? OfCode(byte code) => code switch
    {
        1 => Jpeg,
        2 => Png,
        3 => WebP,
        _ => null,
    };
}
