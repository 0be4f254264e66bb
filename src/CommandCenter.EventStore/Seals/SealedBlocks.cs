using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CommandCenter.EventStore;

/// <summary>
/// How long content is sealed so that any part of it opens without the rest: block after block of <see cref="Size"/> plain bytes, each a seal of its own. Its
/// additional data is the label, the whole length and the block's number, so that blocks can neither change places nor be left out, nor stand in other content.
/// </summary>
/// <param name="label">What the content is, such as a file's hash and media type.</param>
/// <param name="length">Of the whole content in plain bytes.</param>
internal sealed class SealedBlocks(ReadOnlyMemory<byte> key, string label, long length)
{
    /// <summary>Plain bytes in a block; the last has what is left.</summary>
    public const int Size = 64 * 1024;

    /// <summary>Bytes on disk of a whole block.</summary>
    public const int SealedSize = Size + SealBox.Overhead;

    /// <summary>How many bytes content takes on disk.</summary>
    public static long SealedLength(long plain) => plain + ((plain + Size - 1) / Size * SealBox.Overhead);

    public byte[] Seal(long block, ReadOnlySpan<byte> plain)
    {
        var sealedBlock = new byte[plain.Length + SealBox.Overhead];
        SealBox.Seal(key.Span, plain, AdditionalData(block), sealedBlock);
        return sealedBlock;
    }

    /// <summary>The plain bytes, or null when anything about the block is not as it was made.</summary>
    public byte[]? Open(long block, ReadOnlySpan<byte> sealedBlock) => SealBox.Open(key.Span, sealedBlock, AdditionalData(block));

    private byte[] AdditionalData(long block) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{label}|{length}|{block}"));
}

/// <summary>A sealed file is not as it was made: it was changed on disk, or part of it is missing.</summary>
public sealed class SealBrokenException(string message) : Exception(message);

/// <summary>Sealed content as a stream that opens one block at a time. Reading a block that is not as it was made throws <see cref="SealBrokenException"/>.</summary>
/// <param name="file">Closed with the stream; null where the tail is all there is.</param>
/// <param name="start">Where in the file the first block begins.</param>
/// <param name="length">In plain bytes.</param>
/// <param name="tail">The plain bytes of the last block where it does not lie in the file.</param>
internal sealed class SealedStream(SafeFileHandle? file, SealedBlocks blocks, long start, long length, ReadOnlyMemory<byte>? tail = null) : Stream
{
    private long _position;
    private long _block = -1;
    private ReadOnlyMemory<byte> _open;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    public override int Read(Span<byte> buffer)
    {
        if (_position >= length || buffer.IsEmpty)
            return 0;
        var block = _position / SealedBlocks.Size;
        if (block != _block)
        {
            _open = Block(block);
            _block = block;
        }

        var from = (int)(_position % SealedBlocks.Size);
        var count = Math.Min(buffer.Length, _open.Length - from);
        _open.Span.Slice(from, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => length + offset,
    };

    public override void Flush() => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file?.Dispose();
        base.Dispose(disposing);
    }

    private ReadOnlyMemory<byte> Block(long block)
    {
        var plain = (int)Math.Min(SealedBlocks.Size, length - (block * SealedBlocks.Size));
        if (tail is { } last && (block + 1) * SealedBlocks.Size > length)
            return last.Length == plain ? last : throw new SealBrokenException("The end of the content is not as it was made.");
        var sealedBlock = new byte[plain + SealBox.Overhead];
        var read = 0;
        for (int count; read < sealedBlock.Length && (count = RandomAccess.Read(file!, sealedBlock.AsSpan(read), start + (block * SealedBlocks.SealedSize) + read)) > 0; read += count) { }
        return read == sealedBlock.Length && blocks.Open(block, sealedBlock) is { } opened ? opened : throw new SealBrokenException($"Block {block} is not as it was made.");
    }
}
