using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CommandCenter.EventStore;

/// <summary>What became of storing a file. A closed type.</summary>
public abstract record StoreFileResult
{
    private StoreFileResult() { }

    public sealed record Stored : StoreFileResult;

    /// <summary>The same content was stored before and its key destroyed on purpose: it is not taken in again.</summary>
    public sealed record Erased : StoreFileResult;
}

/// <summary>What became of opening a file. A closed type.</summary>
public abstract record OpenFileResult
{
    private OpenFileResult() { }

    /// <param name="Content">Seekable; whoever opened it disposes of it. A block that was changed on disk throws when it is read.</param>
    public sealed record Opened(Stream Content, string MediaType) : OpenFileResult;

    /// <summary>The file's key was destroyed on purpose; shown as 已按规定删除.</summary>
    public sealed record Erased : OpenFileResult;

    /// <summary>No such file.</summary>
    public sealed record Unknown : OpenFileResult;

    /// <summary>Changed on disk, or its key is lost.</summary>
    public sealed record Damaged : OpenFileResult;
}

/// <summary>
/// Files beside the log, named by the hash of their content and sealed under a key of their own, block by block (ADR 0003, ADR 0023). The same content is one file.
/// The folder may be shared by nodes. What a file is, is its caller's knowledge.
/// </summary>
public sealed class SealedFiles(string folder, IKeyStore keys)
{
    private const string HashPrefix = "sha256:";
    private const int LongestMediaType = 100;

    /// <summary>Magic, key id, length, and the length of the media type that follows.</summary>
    private const int HeaderSize = 4 + KeyId.Size + 8 + 1;

    private static ReadOnlySpan<byte> Magic => "CCF2"u8;

    private readonly string _folder = Path.GetFullPath(folder);

    /// <summary>A hash as it stands in an event: <c>sha256:</c> and 64 hex digits of the plain content.</summary>
    public static string HashOf(ReadOnlySpan<byte> sha256) => HashPrefix + Convert.ToHexStringLower(sha256);

    /// <summary>The subject whose key seals this file, for <see cref="IKeyStore.EraseSubjectAsync"/>.</summary>
    /// <exception cref="FormatException">Not <c>sha256:</c> and 64 lower-case hex digits.</exception>
    public static string SubjectOf(string hash) => $"file:{HexOf(hash) ?? throw new FormatException("A file's hash is 'sha256:' and 64 lower-case hex digits.")}";

    /// <summary>Stores content whose hash is known; it is read a block at a time, and held to its hash.</summary>
    /// <param name="mediaType">At most 100 printable ASCII characters.</param>
    /// <param name="content">Seekable, read from its beginning.</param>
    /// <exception cref="InvalidDataException">The content has another hash.</exception>
    public async Task<StoreFileResult> StoreAsync(string hash, string mediaType, Stream content, CancellationToken cancellation = default)
    {
        var subject = SubjectOf(hash);
        if (mediaType.Length is 0 or > LongestMediaType || mediaType.Any(c => c is < ' ' or > '~'))
            throw new ArgumentException($"A media type is 1 to {LongestMediaType} printable ASCII characters.", nameof(mediaType));
        if (keys.WasErased(subject)) return new StoreFileResult.Erased();

        if (!await IsWholeAsync(hash, cancellation))
        {
            // Not there or damaged: in both cases the content in hand is the right one, under the subject's key.
            var key = await keys.GetOrCreateAsync(subject, cancellation);

            // An erasure since the first look has left us a second key, under which the old cases would show the file again.
            if (keys.WasErased(subject)) return new StoreFileResult.Erased();

            await WriteAsync(hash, mediaType, key, content, cancellation);
        }

        return new StoreFileResult.Stored();
    }

    /// <summary>The plain content of a file, opened as it is read. Its header, its length and its first block are held to the seal at once.</summary>
    /// <param name="hash">As it stands in the event.</param>
    public async Task<OpenFileResult> OpenAsync(string hash, CancellationToken cancellation = default)
    {
        if (HexOf(hash) is not { } hex || Handle(PathOf(hex)) is not { } file) return new OpenFileResult.Unknown();

        var result = await OpenAsync(file, hex, cancellation);
        if (result is not OpenFileResult.Opened) file.Dispose();
        return result;
    }

    /// <summary>Whether the file is there and its key was not erased; its content is not read whole.</summary>
    public async Task<bool> ExistsAsync(string hash, CancellationToken cancellation = default)
    {
        if (HexOf(hash) is not { } hex || Handle(PathOf(hex)) is not { } file) return false;

        using (file)
            return ReadHeader(file) is { } header && await keys.FindAsync(header.KeyId, cancellation) is KeyLookup.Found;
    }

    /// <summary>Removes the sealed file if it is there. Its key stays, because the same content may come again.</summary>
    public void Delete(string hash)
    {
        if (HexOf(hash) is { } hex) DurableFiles.Delete(PathOf(hex));
    }

    private async Task<OpenFileResult> OpenAsync(SafeFileHandle file, string hex, CancellationToken cancellation)
    {
        if (ReadHeader(file) is not { } header) return new OpenFileResult.Damaged();
        switch (await keys.FindAsync(header.KeyId, cancellation))
        {
            case KeyLookup.Erased:
                return new OpenFileResult.Erased();
            case KeyLookup.Found found when RandomAccess.GetLength(file) == header.Start + SealedBlocks.SealedLength(header.Length):
                var content = new SealedStream(file, Blocks(found.Key, hex, header.MediaType, header.Length), header.Start, header.Length);
                try
                {
                    content.ReadByte();
                }
                catch (SealBrokenException)
                {
                    return new OpenFileResult.Damaged();
                }

                content.Position = 0;
                return new OpenFileResult.Opened(content, header.MediaType);
            default:
                return new OpenFileResult.Damaged();
        }
    }

    /// <summary>Whether the file is there and every block of it opens.</summary>
    private async Task<bool> IsWholeAsync(string hash, CancellationToken cancellation)
    {
        if (await OpenAsync(hash, cancellation) is not OpenFileResult.Opened opened) return false;

        await using var content = opened.Content;
        try
        {
            var buffer = new byte[SealedBlocks.Size];
            while (await content.ReadAsync(buffer, cancellation) > 0) { }
            return true;
        }
        catch (SealBrokenException)
        {
            return false;
        }
    }

    private async Task WriteAsync(string hash, string mediaType, SubjectKey key, Stream content, CancellationToken cancellation)
    {
        var path = PathOf(HexOf(hash)!);
        var blocks = Blocks(key.Key, HexOf(hash)!, mediaType, content.Length);
        DurableFiles.CreateFolder(Path.GetDirectoryName(path)!);
        await DurableFiles.WriteAsync(path, async file =>
        {
            await file.WriteAsync(Header(key.KeyId, mediaType, content.Length), cancellation);
            using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var block = new byte[SealedBlocks.Size];
            content.Position = 0;
            for (var number = 0L; await content.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellation) is > 0 and var count; number++)
            {
                sha.AppendData(block, 0, count);
                await file.WriteAsync(blocks.Seal(number, block.AsSpan(0, count)), cancellation);
            }

            if (HashOf(sha.GetCurrentHash()) != hash)
                throw new InvalidDataException("The content does not have the hash that it is to be stored under.");
        });
    }

    private static byte[] Header(KeyId keyId, string mediaType, long length)
    {
        var header = new byte[HeaderSize + mediaType.Length];
        Magic.CopyTo(header);
        keyId.ToBytes().CopyTo(header.AsSpan(4));
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(4 + KeyId.Size), length);
        header[HeaderSize - 1] = (byte)mediaType.Length;
        Encoding.ASCII.GetBytes(mediaType).CopyTo(header.AsSpan(HeaderSize));
        return header;
    }

    private static (KeyId KeyId, long Length, string MediaType, int Start)? ReadHeader(SafeFileHandle file)
    {
        var header = new byte[HeaderSize + LongestMediaType];
        var read = RandomAccess.Read(file, header, 0);
        if (read < HeaderSize || !header.AsSpan().StartsWith(Magic)) return null;

        var length = BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(4 + KeyId.Size));
        var start = HeaderSize + header[HeaderSize - 1];
        return length < 0 || length > long.MaxValue / 2 || header[HeaderSize - 1] > LongestMediaType || read < start
            ? null
            : (KeyId.FromBytes(header.AsSpan(4, KeyId.Size)), length, Encoding.ASCII.GetString(header, HeaderSize, start - HeaderSize), start);
    }

    private static SealedBlocks Blocks(ReadOnlyMemory<byte> key, string hex, string mediaType, long length) => new(key, $"{hex}|{mediaType}", length);

    private static SafeFileHandle? Handle(string path)
    {
        try
        {
            return File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private string PathOf(string hex) => Path.Combine(_folder, hex[..2], hex);

    private static string? HexOf(string hash) =>
        hash.Length == HashPrefix.Length + 64
        && hash.StartsWith(HashPrefix, StringComparison.Ordinal)
        && !hash.AsSpan(HashPrefix.Length).ContainsAnyExcept(KeyId.LowerHex)
            ? hash[HashPrefix.Length..]
            : null;
}
